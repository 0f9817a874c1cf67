"""Steps that change one value, whatever it means: what forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.applying import at, completed
from datagen_app.document.carrying import holds
from datagen_app.document.document import Document
from datagen_app.document.place import Path
from datagen_app.document.refining import same
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = [
    "append_item",
    "insert_member",
    "move_item",
    "put_value",
    "remove_member",
    "rename_key",
    "same",
    "set_value",
]


def set_value(document: Document, path: Path, value: Any, title: str, focus: str = "") -> Step:
    """Replace the value at a path; the value that is there already is no change.

    Raises
    ------
    LookupError
        There is nothing at the path.

    Examples
    --------
    >>> from pathlib import Path as File
    >>> shop = Document(File("shop.json"), {"nodes": [{"id": "order", "rows": 10}]})
    >>> set_value(shop, ("nodes", 0, "rows"), 20, "Set rows").edits[0].before
    10
    """
    before = at(document.tree, path)
    edits = () if same(before, value) else (datagen.Edit("set", path, before, value),)
    return Step(title, edits, focus)


def put_value(
    document: Document, path: Path, value: Any, title: str, focus: str = "", after: tuple[str, ...] = ()
) -> Step:
    """Replace the value of a key, or give the key to its object where it has none; None takes the key away.

    Objects on the way that are not there are made.

    Parameters
    ----------
    path
        Ends in a key.
    after
        Keys that the new one stands behind, as far as the object has them; otherwise it goes last.

    Raises
    ------
    LookupError
        What stands on the way is no object.

    Examples
    --------
    >>> from pathlib import Path as File
    >>> shop = Document(File("shop.json"), {"nodes": [{"id": "order"}]})
    >>> put_value(shop, ("nodes", 0, "rows"), 20, "Set rows").edits[0].operation
    'insert'
    """
    if holds(document.tree, path):
        return (
            remove_member(document, path, title, focus)
            if value is None
            else set_value(document, path, value, title, focus)
        )
    if value is None:
        return Step(title, (), focus)
    draft = Draft(document.tree)
    draft.put(path, value, after)
    return draft.step(title, focus)


def append_item(document: Document, path: Path, value: Any, title: str) -> Step:
    """Put an item at the end of a list; the list, and the objects around it, are made if need be.

    Raises
    ------
    LookupError
        What stands there is no list.
    """
    draft = Draft(document.tree)
    draft.append(path, value)
    return draft.step(title)


def insert_member(
    document: Document, path: Path, value: Any, title: str, position: int | None = None, focus: str = ""
) -> Step:
    """Insert an item at the index that ends a path, or a key; `position` is the key's place in its object."""
    return _step(document, title, datagen.Edit("insert", path, None, value, position), focus)


def remove_member(document: Document, path: Path, title: str, focus: str = "") -> Step:
    """Remove an item or a key.

    Raises
    ------
    LookupError
        There is nothing at the path.
    """
    return _step(document, title, datagen.Edit("remove", path), focus)


def move_item(document: Document, path: Path, source: int, target: int, title: str, focus: str = "") -> Step:
    """Move an item of the list at a path to another place in it."""
    if source == target:
        return Step(title, (), focus)
    return _step(document, title, datagen.Edit("move", path, source, target), focus)


def rename_key(document: Document, path: Path, old: str, new: str, title: str, focus: str = "") -> Step:
    """Rename a key of the object at a path, where it stands."""
    if old == new:
        return Step(title, (), focus)
    return _step(document, title, datagen.Edit("rename_key", path, old, new), focus)


def _step(document: Document, title: str, edit: Edit, focus: str) -> Step:
    return Step(title, (completed(document.tree, edit),), focus)
