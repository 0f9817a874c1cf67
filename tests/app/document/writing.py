"""Trees, the ways in which people write them, and edits of them: what the properties of a text are tried on."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from datagen_engine import Edit

NAMES = st.sampled_from(["id", "name", "rows", "a/b", "~", "", "ü", "x-layout", "metadata"])

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(max_size=5).filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text))
    | st.sampled_from(["a, b", '"', "{", "]", "\\", "é"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)
trees = st.dictionaries(NAMES, values, max_size=5) | values


@st.composite
def texts(draw: st.DrawFn, tree: Any) -> str:
    """Write a tree as some tool, or some person, would."""
    way = draw(st.sampled_from(["dumps", "dumps", "person"]))
    if way == "dumps":
        return json.dumps(
            tree,
            indent=draw(st.sampled_from([None, 0, 1, 2, 4, "\t"])),
            separators=draw(st.sampled_from([None, (",", ":"), (" , ", " : ")])),
            ensure_ascii=draw(st.booleans()),
        ).replace("\n", draw(st.sampled_from(["\n", "\r\n"]))) + draw(st.sampled_from(["", "\n", "\n\n"]))
    space = st.sampled_from(["", "", " ", "\n", "\n  ", "\r\n\t", "  "])
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + draw(space) + _written(draw, tree, space) + draw(space)


def _written(draw: st.DrawFn, value: Any, space: st.SearchStrategy[str]) -> str:
    if isinstance(value, dict):
        members = [
            f"{draw(space)}{json.dumps(key)}{draw(space)}:{draw(space)}{_written(draw, item, space)}{draw(space)}"
            for key, item in value.items()
        ]
        return "{" + (",".join(members) or draw(space)) + "}"
    if isinstance(value, list):
        items = [f"{draw(space)}{_written(draw, item, space)}{draw(space)}" for item in value]
        return "[" + (",".join(items) or draw(space)) + "]"
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


def containers(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return the objects and lists of a tree with their paths."""
    if not isinstance(tree, dict | list):
        return []
    found = [(path, tree)]
    for step, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        found += containers(value, (*path, step))
    return found


@st.composite
def edits(draw: st.DrawFn, tree: Any) -> Edit:
    """Draw an edit that applies to a tree."""
    around = containers(tree)
    if not around or draw(st.integers(0, 20)) == 0:
        return Edit("set", (), None, draw(values))
    path, value = draw(st.sampled_from(around))
    choices = ["insert"]
    if value:
        choices += ["set", "set", "remove", "other"]
    operation = draw(st.sampled_from(choices))
    members = list(value) if isinstance(value, dict) else list(range(len(value)))
    if operation == "insert":
        new = draw(values)
        if isinstance(value, list):
            return Edit("insert", (*path, draw(st.integers(0, len(value)))), None, new)
        key = draw(NAMES.filter(lambda name: name not in value) | st.just("new key"))
        if key in value:
            return Edit("set", (*path, key), None, new)
        return Edit("insert", (*path, key), None, new, draw(st.none() | st.integers(0, len(value))))
    if operation == "other" and isinstance(value, list):
        index = st.integers(0, len(value) - 1)
        return Edit("move", path, draw(index), draw(index))
    member = draw(st.sampled_from(members))
    if operation == "other":
        key = draw(NAMES.filter(lambda name: name not in value) | st.just("new key"))
        return Edit("rename_key", path, member, member if key in value else key)
    if operation == "remove":
        return Edit("remove", (*path, member))
    old = value[member]
    if isinstance(old, dict | list) and old and draw(st.booleans()):
        nested = draw(edits(old))
        return Edit("set", (*path, member), None, _applied(old, nested))
    return Edit("set", (*path, member), None, draw(values))


def _applied(tree: Any, edit: Edit) -> Any:
    from datagen_app.document.applying import apply_all

    return apply_all(tree, [edit])[0]
