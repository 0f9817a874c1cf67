"""The five invertible operations that change a document, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from datagen_engine.schema.path import Path, at, pointer

__all__ = ["Edit", "apply", "insert", "inverse", "move", "remove", "rename_key", "set_value"]

Operation = Literal["set", "insert", "remove", "move", "rename_key"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Hold one change of a JSON tree.

    | operation    | `path` names        | uses                                                       |
    |--------------|---------------------|------------------------------------------------------------|
    | `set`        | the value           | `before`, `after`                                          |
    | `insert`     | the new member      | `after`; `position`: its place in the object's order       |
    | `remove`     | the member          | `before`; `position`: its place in the object's order      |
    | `move`       | a list              | `before`, `after`: the places from and to                  |
    | `rename_key` | an object           | `before`, `after`: the keys                                |
    """

    operation: Operation
    path: Path
    before: Any = None
    after: Any = None
    position: int | None = None

    def under(self, prefix: Path) -> Edit:
        """Return the same edit for a tree that stands further down."""
        return Edit(self.operation, prefix + self.path, self.before, self.after, self.position)

    def to_json(self) -> dict[str, Any]:
        """Return the edit as a JSON object; the path as a JSON Pointer."""
        out: dict[str, Any] = {"operation": self.operation, "path": pointer(self.path)}
        if self.operation != "insert":
            out["before"] = self.before
        if self.operation != "remove":
            out["after"] = self.after
        if self.position is not None:
            out["position"] = self.position
        return out


def set_value(path: Path, before: Any, after: Any) -> Edit:
    """Replace the value at a path."""
    return Edit("set", path, before, after)


def insert(path: Path, value: Any, position: int | None = None) -> Edit:
    """Insert a member; a list's index is its position, an object's key goes last unless told."""
    return Edit("insert", path, None, value, position)


def remove(path: Path, value: Any, position: int | None = None) -> Edit:
    """Remove a member; `value` and `position` let the inverse put it back where it was."""
    return Edit("remove", path, value, None, position)


def move(path: Path, source: int, target: int) -> Edit:
    """Move a list's item from one place to another."""
    return Edit("move", path, source, target)


def rename_key(path: Path, old: str, new: str) -> Edit:
    """Rename a key of the object at a path, keeping its place."""
    return Edit("rename_key", path, old, new)


def inverse(edit: Edit) -> Edit:
    """Return the edit that takes this one back."""
    operation: Operation = {"insert": "remove", "remove": "insert"}.get(edit.operation, edit.operation)  # type: ignore[assignment]  # mypy widens the literals of a dict's values to str
    return Edit(operation, edit.path, edit.after, edit.before, edit.position)


def apply(tree: Any, edit: Edit) -> Any:
    """Return the tree after an edit; what the edit does not touch is shared, nothing is changed in place.

    Raises LookupError where the path is gone.

    >>> apply({"a": [1, 2]}, set_value(("a", 0), 1, 5))
    {'a': [5, 2]}
    """
    if edit.operation in ("set", "insert", "remove") and edit.path:
        *above, last = edit.path
        parent = at(tree, tuple(above))
        return _replaced(tree, tuple(above), _member(parent, last, edit))
    if edit.operation == "set":
        return edit.after
    target: Any = at(tree, edit.path)
    if edit.operation == "move":
        items = list(target)
        items.insert(edit.after, items.pop(edit.before))
        return _replaced(tree, edit.path, items)
    if edit.operation == "rename_key":
        if edit.before not in target:
            raise LookupError(f"no key {edit.before!r} at {pointer(edit.path)}")
        return _replaced(
            tree, edit.path, {edit.after if k == edit.before else k: v for k, v in target.items()}
        )
    raise LookupError(f"{edit.operation} needs a path")


def _member(parent: Any, last: str | int, edit: Edit) -> Any:
    if isinstance(parent, list) and isinstance(last, int):
        items = list(parent)
        if edit.operation == "insert":
            items.insert(last, edit.after)
        elif edit.operation == "remove":
            del items[last]
        else:
            items[last] = edit.after
        return items
    if not isinstance(parent, dict):
        raise LookupError(f"{pointer(edit.path)} is no place in this document")
    pairs = list(parent.items())
    place = next((i for i, (key, _) in enumerate(pairs) if key == last), None)
    if edit.operation == "insert":
        pairs.insert(len(pairs) if edit.position is None else edit.position, (str(last), edit.after))
    elif place is None:
        raise LookupError(f"no key {last!r} at {pointer(edit.path[:-1])}")
    elif edit.operation == "remove":
        del pairs[place]
    else:
        pairs[place] = (str(last), edit.after)
    return dict(pairs)


def _replaced(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    head, *rest = path
    if isinstance(tree, list):
        items = list(tree)
        items[head] = _replaced(items[head], tuple(rest), value)  # type: ignore[index]  # at() has checked the path
        return items
    return {k: _replaced(v, tuple(rest), value) if k == head else v for k, v in tree.items()}
