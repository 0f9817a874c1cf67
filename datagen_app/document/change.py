"""What observers of the open document hear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from datagen_app.document.carrying import carried
from datagen_app.document.document import Document
from datagen_app.document.place import Path
from datagen_app.document.step import Step

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Change", "Kind", "touched"]

Kind = Literal["load", "do", "undo", "redo", "show", "cancel", "merge"]


@dataclass(frozen=True)
class Change:
    """Say what has become of the document.

    Attributes
    ----------
    kind
        `load`: another text took the place of the whole. `do`, `undo`, `redo`: a step, or several of them.
        `merge`: a step that became one with the step before it. `show`, `cancel`: a gesture shows what it
        would do, or takes it back; when it is kept, that is a `do` which changes nothing more.
    before, after
        The document at the two revisions.
    paths
        What changed, as it is addressed in `after`; of what was removed, what held it.
    step
        The step, or the last of several; none while a gesture goes on.
    edits
        What leads from the one tree to the other.
    """

    kind: Kind
    before: Document
    after: Document
    paths: tuple[Path, ...]
    step: Step | None
    edits: tuple[Edit, ...] = ()


def touched(edits: Sequence[Edit]) -> tuple[Path, ...]:
    """Return what edits changed, as it is addressed after them.

    Examples
    --------
    >>> from datagen_engine import Edit
    >>> touched([Edit("set", ("nodes", 1, "rows"), 1, 2), Edit("remove", ("nodes", 0), {})])
    (('nodes', 0, 'rows'), ('nodes',))
    """
    return tuple(dict.fromkeys(_paths(edits)))


def _paths(edits: Sequence[Edit]) -> Iterable[Path]:
    around = {edit.path[:depth] for edit in edits for depth in range(len(edit.path))}
    # What only replaces a value leads no other path elsewhere, unless it stands around one.
    moving = [(at, edit) for at, edit in enumerate(edits) if edit.operation != "set" or edit.path in around]
    for at, edit in enumerate(edits):
        match edit.operation:
            case "remove":
                path: Path = edit.path[:-1]
            case "rename_key":
                path = (*edit.path, edit.after)
            case _:
                path = edit.path
        now = carried(path, [later for place, later in moving if place > at]) if moving else path
        if now is not None:
            yield now
