"""From a value that a form was given to the edits of the document. Plain Python, without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.shape import ABSENT

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["drop", "found", "put"]


def found(tree: Any, path: Path) -> Any:
    """Return the value at a path, ABSENT where there is none.

    Examples
    --------
    >>> found({"a": [1]}, ("a", 0)), found({"a": [1]}, ("a", 1))
    (1, ABSENT)
    """
    for step in path:
        inside = isinstance(tree, list) and isinstance(step, int) and 0 <= step < len(tree)
        if not inside and not (isinstance(tree, dict) and step in tree):
            return ABSENT
        tree = tree[step]
    return tree


def put(tree: Any, path: Path, value: Any, order: Sequence[str] = ()) -> tuple[Edit, ...]:
    """Return the edits after which a value stands at a path; none where it does already.

    Parameters
    ----------
    tree
        The document.
    path
        Where the value goes; objects on the way that are missing are made.
    value
        The value; ABSENT takes away what is there.
    order
        The keys of the innermost object in the order in which they are usually written.

    Examples
    --------
    >>> put({"a": {}}, ("a", "b", "c"), 1)[0].to_json()
    {'operation': 'insert', 'path': '/a/b', 'after': {'c': 1}, 'position': 0}
    """
    there = found(tree, path)
    if value is ABSENT:
        return drop(tree, path)
    if there is not ABSENT:
        same = type(there) is type(value) and there == value
        return () if same else (datagen.Edit("set", path, there, value),)
    for depth in range(len(path)):
        around = found(tree, path[:depth])
        if isinstance(around, dict | list) and found(tree, path[: depth + 1]) is not ABSENT:
            continue
        for step in reversed(path[depth + 1 :]):
            value = {step: value} if isinstance(step, str) else [value]
        if isinstance(around, dict) and isinstance(path[depth], str):
            return (_inserted(around, path[: depth + 1], value, order),)
        if isinstance(around, list) and isinstance(path[depth], int):
            return (datagen.Edit("insert", (*path[:depth], len(around)), None, value),)
        # What stands on the way is no object: it makes room for one.
        value = {path[depth]: value} if isinstance(path[depth], str) else [value]
        return (datagen.Edit("set", path[:depth], around, value),)
    return ()


def drop(tree: Any, path: Path) -> tuple[Edit, ...]:
    """Return the edit that takes away what stands at a path; none where nothing does."""
    there = found(tree, path)
    if there is ABSENT or not path:
        return ()
    around = found(tree, path[:-1])
    position = list(around).index(path[-1]) if isinstance(around, dict) else None
    return (datagen.Edit("remove", path, there, None, position),)


def _inserted(around: dict[str, Any], path: Path, value: Any, order: Sequence[str]) -> Edit:
    """Return the edit that puts a new key behind those that are usually written before it."""
    position = len(around)
    key = str(path[-1])
    if key in order:
        before = set(order[: order.index(key)])
        places = [at for at, name in enumerate(around) if name in before]
        position = places[-1] + 1 if places else 0
    return datagen.Edit("insert", path, None, value, position)
