"""Documents that somebody broke: examples, changed at random places in random ways."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from datagen_engine.resources import examples
from datagen_engine.schema.path import Path, at
from datagen_engine.schema.text import read
from tests.engine.schema.documents import values

__all__ = ["EXAMPLES", "broken"]

EXAMPLES: dict[str, Any] = {name: read(path.read_bytes()).tree for name, path in examples().items()}
_PATHS: dict[str, list[Path]] = {
    name: [path for path, _ in values(tree)][1:] for name, tree in EXAMPLES.items()
}


def _deep(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"deeper": value}
    return value


_STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, 1e308, -1e308, 10**30, -(10**18), 2**63, "", " ", "q", "a.b", "."),
    *("customer.name", "1970-01-01", "2024-13-45", "9999-12-31", "0001-01-01", "\0", "x" * 5_000, "1 + "),
    *("lookup", "int", "datetime", "D", "ns", [], {}, [[]], [None], [1, 2], ["a", "a"], [{}]),
    *({"x": {"y": []}}, {"sequence": {}}, {"lookup": {"from": "a.b"}}, _deep(60)),
)
_KEYS = ["zzz", "from", "values", "x", "Name", ""]


def _set(tree: Any, path: Path, value: Any) -> None:
    at(tree, path[:-1])[path[-1]] = value  # type: ignore[index]  # a place that there is


@st.composite
def broken(draw: st.DrawFn, *, most: int = 3) -> Any:
    """An example after one to a few changes: some leave it valid, most do not."""
    name = draw(st.sampled_from(sorted(EXAMPLES)))
    tree = copy.deepcopy(EXAMPLES[name])
    for _ in range(draw(st.integers(1, most))):
        path = draw(st.sampled_from(_PATHS[name]))
        try:
            here, around = at(tree, path), at(tree, path[:-1])
        except LookupError:
            continue  # an earlier change took it away
        change = draw(st.sampled_from(["delete", "replace", "misspell", "swap", "twice", "unknown key"]))
        if change == "delete":
            del around[path[-1]]  # type: ignore[union-attr, arg-type]  # a place that there is
        elif change == "misspell" and isinstance(here, str):
            _set(tree, path, here[:-1] if draw(st.booleans()) else here + "x")
        elif change == "swap":
            other = draw(st.sampled_from(_PATHS[name]))
            try:
                there = at(tree, other)
            except LookupError:
                continue
            _set(tree, path, copy.deepcopy(there))
        elif change == "twice" and isinstance(around, list):
            around.append(copy.deepcopy(here))
        elif change == "unknown key" and isinstance(here, dict):
            here[draw(st.sampled_from(_KEYS))] = copy.deepcopy(draw(st.sampled_from(_STRANGE)))
        else:
            _set(tree, path, copy.deepcopy(draw(st.sampled_from(_STRANGE))))
    return tree
