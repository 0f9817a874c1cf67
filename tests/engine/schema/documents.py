"""Random JSON documents in random formatting, and every value in them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hypothesis import strategies as st

from datagen_engine.schema.path import Json, Path

# Without lone surrogates, and with the characters that are easily taken for structure.
CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\/{}[],:\n\t\0\ufeff\U0001f600')
TEXTS = st.text(CHARACTERS, max_size=8)
TREES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**399)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda child: st.lists(child, max_size=4) | st.dictionaries(TEXTS, child, max_size=4),
    max_leaves=12,
)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A document without faults: any tree, white space and escapes, numbers with a point or exponent."""

    def space() -> str:
        return draw(st.text(" \t\n\r", max_size=2))

    def literal(value: Json) -> str:
        if type(value) is int and abs(value) < 10**300 and draw(st.booleans()):
            return draw(st.sampled_from([f"{value}.0", f"{value}e0", f"{value}.00E-1", f"{value}e+2"]))
        return json.dumps(value, ensure_ascii=draw(st.booleans()))

    def source(value: Json) -> str:
        if isinstance(value, dict):
            members = [f"{space()}{literal(key)}{space()}:{source(child)}" for key, child in value.items()]
            text = "{" + (",".join(members) or space()) + "}"
        elif isinstance(value, list):
            text = "[" + (",".join(map(source, value)) or space()) + "]"
        else:
            text = literal(value)
        return space() + text + space()

    return source(draw(TREES))


def values(tree: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every value of a tree with its path, in the order of the text."""
    yield path, tree
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, child in children:
        yield from values(child, (*path, step))
