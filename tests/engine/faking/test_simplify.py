from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import Rows
from datagen_engine.faking.grammar import Alt, Digits, Node, Part, Pattern, Pick, Seq, Text, Token
from datagen_engine.faking.simplify import alt, compact, pick, seq
from tests.engine.faking.grammars import grammars, said
from tests.engine.faking.shares import streams


@given(grammars)
def test_compact_says_the_same_as_often(node: Node) -> None:
    assert said(compact(node, most=1)) == pytest.approx(said(node))
    assert said(compact(node)) == pytest.approx(said(node))


@given(st.lists(st.tuples(st.floats(0.125, 8.0), grammars), min_size=1, max_size=4))
def test_alt_says_the_same_as_often(ways: list[tuple[float, Node]]) -> None:
    plain = Alt(tuple(node for _, node in ways), tuple(weight for weight, _ in ways))
    assert said(alt(ways)) == pytest.approx(said(plain))


@given(
    st.lists(grammars, min_size=1, max_size=3).filter(
        lambda nodes: Seq(tuple(Part(str(n), x) for n, x in enumerate(nodes))).size < 5_000
    )
)
def test_seq_says_the_same_as_often(nodes: list[Node]) -> None:
    parts = tuple(Part(str(number), node) for number, node in enumerate(nodes))
    assert said(seq(parts)) == pytest.approx(said(Seq(parts)))


def test_a_list_of_words_does_not_depend_on_its_order() -> None:
    assert pick(["b", "a", "b"]) == pick(["a", "b", "b"])
    assert pick(["a", "b"], [0.0, 2.0]) == Text("b")


def test_what_branches_share_is_said_once() -> None:
    rest = Part("1", Pattern((tuple("0123456789"),) * 9))
    ways = [(1.0, Seq((Part("", Text(f"{area:03}-")), rest))) for area in range(200)]
    found = alt(ways, "area")
    assert isinstance(found, Seq)
    assert isinstance(found.parts[0].node, Pick)
    assert found.size == 200 * 10**9


def test_a_small_grammar_is_a_list() -> None:
    node = Seq((Part("0", Pick(("a", "b"))), Part("1", Digits((range(30),), "0", 2))))
    assert isinstance(compact(node), Pick)
    assert compact(node).size == 60


def test_constants_become_part_of_the_words_beside_them() -> None:
    names = Pick(tuple(f"n{number}" for number in range(400)))
    node = Seq((Part("0", names), Part("", Text(" ")), Part("1", names)))
    found = compact(node)
    assert isinstance(found, Seq)
    assert len(found.parts) == 2


def test_a_role_stands_as_it_is() -> None:
    token = Token("first_name", Pick(("b", "a")), "first")
    node = Seq((Part("0", token), Part("", Text("!"))))
    rows = Rows.run(0, 30)
    alone = token.draw(rows, streams(), "elsewhere").to_list()
    assert [text[:-1] for text in compact(node).draw(rows, streams(), "p").to_list()] == alone
