"""Steps that say what must hold of the data, and what it should look like: constraints and targets."""

from __future__ import annotations

from typing import Any

from datagen_app.document.document import Document
from datagen_app.document.place import Path
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft

__all__ = ["add_constraint", "add_target", "remove_rule"]


def add_constraint(document: Document, kind: str, value: Any) -> Step:
    """Add a constraint to the list of its kind: `unique`, `foreign_keys`, `ranges` …

    Examples
    --------
    >>> from pathlib import Path
    >>> step = add_constraint(Document(Path("shop.json"), {}), "unique", "order.id")
    >>> step.edits[0].after
    {'unique': ['order.id']}
    """
    draft = Draft(document.tree)
    draft.append(("constraints", kind), value)
    return draft.step(f"Add constraint {_WORDS.get(kind, kind)}")


def add_target(document: Document, kind: str, value: Any) -> Step:
    """Add a target of a kind; a single one that is there already becomes the first of a list."""
    draft = Draft(document.tree)
    path = ("targets", kind)
    known = draft.find(path)
    if known is None:
        draft.put(path, value)
    elif isinstance(known, list):
        draft.append(path, value)
    else:
        draft.set(path, [known, value])
    return draft.step(f"Add target {kind.replace('_', ' ')}")


def remove_rule(document: Document, path: Path) -> Step:
    """Remove a constraint or a target; the list that it leaves empty goes with it.

    Raises
    ------
    LookupError
        It is gone.
    """
    draft = Draft(document.tree)
    if draft.find(path) is None:
        raise LookupError("it is gone")
    around = draft.find(path[:-1])
    alone = isinstance(around, list) and len(around) == 1
    draft.remove(path[:-1] if alone else path)
    noun = "constraint" if path[0] == "constraints" else "target"
    return draft.step(f"Remove {noun} {_WORDS.get(str(path[1]), str(path[1]).replace('_', ' '))}")


_WORDS = {
    "foreign_keys": "foreign key",
    "ranges": "range",
    "inequalities": "order of two columns",
    "enum": "list of values",
}
