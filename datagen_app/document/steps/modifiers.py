"""Steps that put modifiers on a column, or on the rows of a table."""

from __future__ import annotations

from typing import Any

from datagen_app.document.document import Document
from datagen_app.document.place import Path, Place
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.steps.values import move_item, remove_member

__all__ = ["add_modifier", "move_modifier", "remove_modifier"]


def add_modifier(
    document: Document, place: Place, transform: str, args: dict[str, Any], position: int | None = None
) -> Step:
    """Add a modifier to a column, or to a table where it acts on the fanout.

    Parameters
    ----------
    document
        The schema.
    place
        The column or table.
    transform, args
        What the modifier does.
    position
        Its place among the others; otherwise it acts last.

    Raises
    ------
    LookupError
        The place is gone.
    """
    path = (*_owner(document, place), "modifiers")
    draft = Draft(document.tree)
    modifier = {"transform": transform, "args": args}
    if position is not None and isinstance(draft.find(path), list):
        draft.insert((*path, position), modifier)
    else:
        draft.append(path, modifier, after=("name", "type", "nullable", "generator"))
    return draft.step(f"Add modifier {transform}")


def remove_modifier(document: Document, place: Place, index: int) -> Step:
    """Remove a modifier; the list that it leaves empty goes with it.

    Raises
    ------
    LookupError
        It is gone.
    """
    path = (*_owner(document, place), "modifiers")
    modifiers = Draft(document.tree).find(path)
    name = _name(modifiers, index)
    if isinstance(modifiers, list) and len(modifiers) == 1 and index == 0:
        return remove_member(document, path, f"Remove modifier {name}")
    return remove_member(document, (*path, index), f"Remove modifier {name}")


def move_modifier(document: Document, place: Place, source: int, target: int) -> Step:
    """Let a modifier act earlier or later.

    Raises
    ------
    LookupError
        It is gone.
    """
    path = (*_owner(document, place), "modifiers")
    name = _name(Draft(document.tree).find(path), source)
    return move_item(document, path, source, target, f"Move modifier {name}")


def _owner(document: Document, place: Place) -> Path:
    path = document.path_of(place)
    if not path:
        raise LookupError("what it modifies is gone")
    return path


def _name(modifiers: Any, index: int) -> str:
    found = modifiers[index] if isinstance(modifiers, list) and 0 <= index < len(modifiers) else None
    name = found.get("transform") if isinstance(found, dict) else None
    return name if isinstance(name, str) else str(index + 1)
