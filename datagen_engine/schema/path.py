"""The address of a value in a JSON tree: a tuple of keys and indices, written as a JSON Pointer."""

from __future__ import annotations

import re
from typing import TypeAlias, cast

__all__ = ["Json", "Path", "at", "parse_pointer", "pointer"]

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
"""A JSON value as plain Python data."""

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from the root to a value; the empty path is the root itself."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")
_LONE_TILDE = re.compile(r"~(?![01])")


def pointer(path: Path) -> str:
    """Write a path as a JSON Pointer (RFC 6901).

    Examples
    --------
    >>> pointer(("nodes", 3, "a/b"))
    '/nodes/3/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def parse_pointer(text: str, tree: Json = None) -> Path:
    """Read a JSON Pointer (RFC 6901) as a path.

    Parameters
    ----------
    text
        The pointer; the empty text is the root.
    tree
        The document it points into, which tells an index (3 in a list) from a key ("3" in an object). Where
        it is absent, or does not reach that far, a whole number is taken for an index.

    Raises
    ------
    ValueError
        `text` is not a JSON Pointer, or what should be an index into a list of `tree` is not a whole number.

    Examples
    --------
    >>> parse_pointer("/nodes/3")
    ('nodes', 3)
    >>> parse_pointer("/nodes/3", {"nodes": {"3": "a key"}})
    ('nodes', '3')
    """
    if text and not text.startswith("/"):
        raise ValueError(f"a path begins with '/', as in /nodes/0/id; {text!r} does not")
    if _LONE_TILDE.search(text):
        raise ValueError(f"in a path '~' is written ~0 and a '/' within a key ~1; {text!r} has another '~'")
    path: Path = ()
    for token in text.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        numeric = _INDEX.fullmatch(key) is not None
        if isinstance(tree, list) and not numeric:
            raise ValueError(f"{_named(path)} is a list; expected an index (0, 1, 2, …), found {key!r}")
        step = int(key) if numeric and not isinstance(tree, dict) else key
        tree = _child(tree, step) if _holds(tree, step) else None
        path += (step,)
    return path


def at(tree: Json, path: Path) -> Json:
    """Return the value of `tree` at `path`.

    Raises
    ------
    LookupError
        There is no such value; the message names the step that fails.

    Examples
    --------
    >>> at({"nodes": [{"id": "people"}]}, ("nodes", 0, "id"))
    'people'
    """
    for depth, step in enumerate(path):
        if not _holds(tree, step):
            raise LookupError(f"there is nothing at {pointer(path)}: {_missing(tree, path[:depth], step)}")
        tree = _child(tree, step)
    return tree


def _holds(tree: Json, step: str | int) -> bool:
    if isinstance(tree, list):
        return isinstance(step, int) and 0 <= step < len(tree)
    return isinstance(tree, dict) and step in tree


def _child(tree: Json, step: str | int) -> Json:
    return cast("dict[str | int, Json]", tree)[step]  # or a list: `_holds` has seen that the step fits


def _missing(tree: Json, path: Path, step: str | int) -> str:
    if isinstance(tree, list):
        return f"{_named(path)} is a list of {len(tree)}, without an item {step!r}"
    if isinstance(tree, dict):
        return f"{_named(path)} is an object without the key {step!r}"
    return f"{_named(path)} is a single value, neither an object nor a list"


def _named(path: Path) -> str:
    return pointer(path) or "the root"
