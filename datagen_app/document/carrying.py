"""Carry a path forward over edits, or say that what it led to is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from datagen_app.document.place import Path

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["carried", "holds"]


def carried(path: Path, edits: Iterable[Edit]) -> Path | None:
    """Return where a path leads after some edits; None where what it led to is gone.

    Examples
    --------
    >>> from datagen_engine import Edit
    >>> carried(("nodes", 3, "id"), [Edit("insert", ("nodes", 0), None, {})])
    ('nodes', 4, 'id')
    >>> carried(("nodes", 3, "id"), [Edit("remove", ("nodes", 3), {})]) is None
    True
    """
    for edit in edits:
        now = _over(path, edit)
        if now is None:
            return None
        path = now
    return path


def holds(value: Any, path: Path) -> bool:
    """Whether a path leads to something within a value.

    Examples
    --------
    >>> holds({"a": [1]}, ("a", 0)), holds({"a": [1]}, ("a", 1)), holds({"a": [1]}, ("a", "0"))
    (True, False, False)
    """
    for step in path:
        if isinstance(value, list):
            if not isinstance(step, int) or not 0 <= step < len(value):
                return False
        elif not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def _over(path: Path, edit: Edit) -> Path | None:
    where = edit.path
    depth = len(where)
    match edit.operation:
        case "set":
            inside = len(path) > depth and path[:depth] == where
            return None if inside and not holds(edit.after, path[depth:]) else path
        case "remove" | "insert":
            above, last = where[:-1], where[-1]
            if len(path) < depth or path[: depth - 1] != above:
                return path
            step = path[depth - 1]
            if edit.operation == "remove" and step == last:
                return None
            if isinstance(last, int) and isinstance(step, int):
                if edit.operation == "remove" and step > last:
                    return (*above, step - 1, *path[depth:])
                if edit.operation == "insert" and step >= last:
                    return (*above, step + 1, *path[depth:])
            return path
    if len(path) <= depth or path[:depth] != where:
        return path
    step = path[depth]
    if edit.operation == "rename_key":
        return (*where, edit.after, *path[depth + 1 :]) if step == edit.before else path
    if isinstance(step, int):
        return (*where, _moved(step, edit.before, edit.after), *path[depth + 1 :])
    return path


def _moved(index: int, source: int, target: int) -> int:
    if index == source:
        return target
    if source < index <= target:
        return index - 1
    if target <= index < source:
        return index + 1
    return index
