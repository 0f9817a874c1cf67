"""Apply edits to a tree, each looked at first and completed, so that its inverse puts things back exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.carrying import holds
from datagen_app.document.place import Json, Path
from datagen_app.document.wire import pointer

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Applying", "apply_all", "at", "completed"]


def at(tree: Json, path: Path) -> Json:
    """Return the value at a path.

    Raises
    ------
    LookupError
        There is none.

    Examples
    --------
    >>> at({"nodes": [{"id": "people"}]}, ("nodes", 0, "id"))
    'people'
    """
    if not holds(tree, path):
        raise LookupError(f"there is nothing at {_named(path)} any more")
    for step in path:
        tree = tree[step]  # type: ignore[index]  # `holds` has seen that the step fits
    return tree


def completed(tree: Json, edit: Edit) -> Edit:
    """Return an edit with the value, and the place in its object, that the tree has now.

    Raises
    ------
    LookupError
        It does not apply to this tree.
    """
    match edit.operation:
        case "set":
            return datagen.Edit("set", edit.path, at(tree, edit.path), edit.after)
        case "insert" | "remove" if edit.path:
            return _of_member(tree, edit)
        case "move":
            items = at(tree, edit.path)
            if (
                isinstance(items, list)
                and _within(edit.before, len(items))
                and _within(edit.after, len(items))
            ):
                return edit
        case "rename_key":
            value = at(tree, edit.path)
            if isinstance(value, dict) and edit.before in value and isinstance(edit.after, str):
                if edit.after == edit.before or edit.after not in value:
                    return edit
                raise LookupError(f"{_named(edit.path)} already has a key {edit.after!r}")
    raise LookupError(f"{edit.operation} does not apply at {_named(edit.path)}")


class Applying:
    """Apply edits one after the other to a tree that is never changed itself.

    What an edit touches is copied once, however many others touch it too; the rest is shared.

    Examples
    --------
    >>> tree = {"nodes": [{"id": "a"}], "dag": []}
    >>> applying = Applying(tree)
    >>> applying.apply(datagen.Edit("set", ("nodes", 0, "id"), None, "b")).before
    'a'
    >>> tree["nodes"], applying.tree["nodes"], applying.tree["dag"] is tree["dag"]
    ([{'id': 'a'}], [{'id': 'b'}], True)
    """

    def __init__(self, tree: Json) -> None:
        self.tree = tree
        self._own: dict[int, Any] = {}  # our copies, by their identities; held, so that these stay theirs

    def apply(self, edit: Edit) -> Edit:
        """Apply an edit, and return it completed.

        Raises
        ------
        LookupError
            It does not apply; the tree is as it was.
        """
        whole = completed(self.tree, edit)
        path = whole.path
        match whole.operation:
            case "set" if not path:
                self.tree = whole.after
            case "set":
                self._opened(path[:-1])[path[-1]] = whole.after
            case "insert":
                self._insert(self._opened(path[:-1]), path[-1], whole.after, whole.position)
            case "remove":
                del self._opened(path[:-1])[path[-1]]
            case "move":
                items = self._opened(path)
                items.insert(whole.after, items.pop(whole.before))
            case "rename_key":
                members = self._opened(path)
                pairs = [
                    (whole.after if key == whole.before else key, value) for key, value in members.items()
                ]
                members.clear()
                members.update(pairs)
        return whole

    def _insert(self, around: Any, last: str | int, value: Any, position: int | None) -> None:
        if isinstance(around, list):
            around.insert(last, value)  # type: ignore[arg-type]  # an index: the edit is completed
            return
        pairs = list(around.items())[position:]
        for key, _ in pairs:
            del around[key]
        around[last] = value
        around.update(pairs)

    def _opened(self, path: Path) -> Any:
        """Return the object or list at a path as one that may be changed."""
        self.tree = value = self._copy(self.tree)
        for step in path:
            value[step] = value = self._copy(value[step])
        return value

    def _copy(self, value: Any) -> Any:
        if id(value) in self._own:
            return value
        copied = value.copy()
        self._own[id(copied)] = copied
        return copied


def apply_all(tree: Json, edits: Iterable[Edit]) -> tuple[Json, list[Edit]]:
    """Return the tree after some edits, and the edits completed.

    Raises
    ------
    LookupError
        One of them does not apply.
    """
    applying = Applying(tree)
    done = [applying.apply(edit) for edit in edits]
    return applying.tree, done


def _of_member(tree: Json, edit: Edit) -> Edit:
    *above, last = edit.path
    around = at(tree, tuple(above))
    if edit.operation == "remove":
        value = at(tree, edit.path)
        position = list(around).index(str(last)) if isinstance(around, dict) else None
        return datagen.Edit("remove", edit.path, value, None, position)
    if isinstance(around, list) and isinstance(last, int) and 0 <= last <= len(around):
        return datagen.Edit("insert", edit.path, None, edit.after)
    if isinstance(around, dict) and isinstance(last, str):
        if last in around:
            raise LookupError(f"there already is something at {_named(edit.path)}")
        position = len(around) if edit.position is None else max(0, min(edit.position, len(around)))
        return datagen.Edit("insert", edit.path, None, edit.after, position)
    raise LookupError(f"{_named(edit.path)} is no place in this document")


def _within(index: object, length: int) -> bool:
    return isinstance(index, int) and 0 <= index < length


def _named(path: Path) -> str:
    return pointer(path) or "the root"
