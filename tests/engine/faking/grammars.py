"""Random grammars, and how often each of their texts is said."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import strategies as st

from datagen_engine.faking.grammar import Alt, Digits, Node, Part, Pattern, Pick, Seq, Text, Token
from datagen_engine.faking.simplify import words_of

_words = st.text(alphabet="abAB é日 #?-", max_size=3)
_weights = st.floats(0.125, 8.0)
_slots = st.one_of(st.just(tuple("01")), st.just(tuple("abc")), st.tuples(_words))


@st.composite
def _picks(draw: st.DrawFn) -> Node:
    words = draw(st.lists(_words, min_size=1, max_size=4, unique=True))
    weights = draw(st.none() | st.lists(_weights, min_size=len(words), max_size=len(words)).map(tuple))
    return Pick(tuple(words), weights)


@st.composite
def _digits(draw: st.DrawFn) -> Node:
    low = draw(st.integers(0, 120))
    first = range(low, low + draw(st.integers(1, 6)), draw(st.integers(1, 3)))
    runs = (first, range(500, 503)) if draw(st.booleans()) else (first,)
    return Digits(
        runs, draw(st.sampled_from(("", "0"))), draw(st.integers(0, 4)), draw(st.sampled_from("dxX"))
    )


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(inner, min_size=1, max_size=3).map(
        lambda nodes: Seq(tuple(Part(str(number), node) for number, node in enumerate(nodes)))
    )
    branches = st.lists(st.tuples(inner, _weights), min_size=1, max_size=3).map(
        lambda pairs: Alt(tuple(node for node, _ in pairs), tuple(weight for _, weight in pairs))
    )
    return parts | branches | inner.map(lambda node: Token("name", node))


grammars = st.recursive(
    _words.map(Text)
    | _picks()
    | _digits()
    | st.lists(_slots, min_size=1, max_size=3).map(lambda s: Pattern(tuple(s))),
    _larger,
    max_leaves=5,
).filter(lambda node: node.size <= 2_000)
"""Small grammars of every kind of part."""


def said(node: Node) -> dict[str, float]:
    """The share of each text."""
    total: dict[str, float] = defaultdict(float)
    for word, share in zip(*words_of(node), strict=True):
        total[word] += share
    return dict(total)
