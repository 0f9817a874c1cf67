"""Take an edit that replaces a whole object or list apart, so that only what differs is written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.place import Path

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["refined", "same"]


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1, 1.0 and true are three.

    Examples
    --------
    >>> same({"a": [1, 2]}, {"a": [1, 2]}), same(1, 1.0), same(True, 1)
    (True, False, False)
    """
    if one is other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other) and repr(one) == repr(other)


def refined(edit: Edit) -> list[Edit]:
    """Return smaller edits that come to the same.

    Examples
    --------
    >>> from datagen_engine import Edit
    >>> small = refined(Edit("set", ("fanout",), {"lambda": 2, "max": 9}, {"lambda": 3, "max": 9}))
    >>> [(each.path, each.after) for each in small]
    [(('fanout', 'lambda'), 3)]
    """
    return _set(edit.path, edit.before, edit.after) if edit.operation == "set" else [edit]


def _set(path: Path, before: Any, after: Any) -> list[Edit]:
    if same(before, after):
        return []
    found = None
    if isinstance(before, dict) and isinstance(after, dict):
        found = _of_object(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        found = _of_list(path, before, after)
    return [datagen.Edit("set", path, before, after)] if found is None else found


def _of_object(path: Path, before: dict[str, Any], after: dict[str, Any]) -> list[Edit] | None:
    kept = [key for key in before if key in after]
    gone = [key for key in before if key not in after]
    come = len(after) - len(kept)
    if len(gone) + come > len(kept) or kept != [key for key in after if key in before]:
        return None
    edits = [datagen.Edit("remove", (*path, key), before[key]) for key in gone]
    for position, (key, value) in enumerate(after.items()):
        if key in before:
            edits += _set((*path, key), before[key], value)
        else:
            edits.append(datagen.Edit("insert", (*path, key), None, value, position))
    return edits


def _of_list(path: Path, before: list[Any], after: list[Any]) -> list[Edit] | None:
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and same(before[head], after[head]):
        head += 1
    tail = 0
    while tail < shorter - head and same(before[-1 - tail], after[-1 - tail]):
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if abs(len(old) - len(new)) > max(len(before), len(after)) // 2 or not before:
        return None
    edits: list[Edit] = []
    paired = min(len(old), len(new))
    for at in range(paired):
        edits += _set((*path, head + at), old[at], new[at])
    end = head + paired
    edits += [datagen.Edit("remove", (*path, end), value) for value in old[paired:]]
    edits += [datagen.Edit("insert", (*path, end + at), None, value) for at, value in enumerate(new[paired:])]
    return edits
