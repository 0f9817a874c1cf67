"""The document that is open: its present state, the steps that led there, and the way back."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import datagen_engine as datagen
from datagen_app.document.applying import Applying
from datagen_app.document.carrying import carried
from datagen_app.document.change import Change, Kind, touched
from datagen_app.document.document import Document
from datagen_app.document.keys import Keys, carry
from datagen_app.document.place import Json
from datagen_app.document.place import Path as Address
from datagen_app.document.source import Rewrite, Source
from datagen_app.document.step import Clock, Step

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["MERGING", "STEPS", "Busy", "GestureEdit", "OpenDocument", "ReadOnly"]

STEPS = 500
"""So many steps can be taken back."""

MERGING = 1.0
"""Seconds within which steps of one focus are one."""

_REMEMBERED = 2_000
"""So many changes back a path is carried forward."""


class Busy(Exception):
    """A gesture is going on, and nothing else may change the document meanwhile."""


class ReadOnly(Exception):
    """The document may not be changed here; the message says why."""


@dataclass(frozen=True)
class _Entry:
    """A step that was done, with both ends of it."""

    step: Step
    edits: tuple[Edit, ...]
    before: tuple[Json, Keys]
    after: tuple[Json, Keys]
    patches: tuple[Rewrite, ...]
    done_at: float


class OpenDocument:
    """Change a document by steps, and take them back.

    Parameters
    ----------
    document
        The document as it was read.
    saved
        Whether there is nothing to save yet: it is what its file holds, or new and untouched.
    file
        The file that it was read from; none of a new one.
    clock
        Tells the time.
    revisions
        Where the numbers of the revisions to come are from, each greater than the one before.

    Examples
    --------
    >>> from pathlib import Path
    >>> from datagen_engine import Edit
    >>> opened = OpenDocument(Document(Path("shop.json"), {"version": "0.9"}, '{"version": "0.9"}'))
    >>> opened.do(Step("Set version", (Edit("set", ("version",), "0.9", "1.0"),)))
    >>> opened.now.text, opened.modified
    ('{"version": "1.0"}', True)
    >>> opened.undo().title, opened.modified
    ('Set version', False)
    """

    def __init__(
        self,
        document: Document,
        *,
        saved: bool = True,
        file: Path | None = None,
        clock: Clock = time.monotonic,
        revisions: Iterator[int] | None = None,
    ) -> None:
        self.file = file
        """Its file; none as long as it was never saved."""
        self.refusal = ""
        """Why the document may not be changed here; nothing where it may."""
        self._clock = clock
        self._revisions = revisions or count(document.revision + 1)
        self._now = document
        self._source = Source(document.text)
        self._saved = document.text if saved else None
        self._entries: list[_Entry] = []
        self._position = 0
        self._open_ended = False
        self._gesture: GestureEdit | None = None
        self._numbers = count(1 + max(_numbers(document.keys), default=0))
        self._log: deque[tuple[int, tuple[Edit, ...]]] = deque(maxlen=_REMEMBERED)
        self._first = document.revision
        self._observers: list[Callable[[Change], None]] = []

    @property
    def now(self) -> Document:
        """The document at the present revision."""
        return self._now

    @property
    def modified(self) -> bool:
        """Whether it differs from what was saved."""
        return self._now.text != self._saved

    @property
    def steps(self) -> Sequence[Step]:
        """The steps of the history; from `position` on those that were taken back."""
        return [entry.step for entry in self._entries]

    @property
    def position(self) -> int:
        """How many of the steps are done."""
        return self._position

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._position > 0 and self._gesture is None and not self.refusal

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self._position < len(self._entries) and self._gesture is None and not self.refusal

    @property
    def undo_title(self) -> str:
        """What undo would take back."""
        return self._entries[self._position - 1].step.title if self._position else ""

    @property
    def redo_title(self) -> str:
        """What redo would do again."""
        return self._entries[self._position].step.title if self._position < len(self._entries) else ""

    @property
    def busy(self) -> bool:
        """Whether a gesture is going on."""
        return self._gesture is not None

    def prepare(self) -> None:
        """Find out beforehand what the first edit needs: where everything stands, and how it is written."""
        self._source.prepare()

    def observe(self, heard: Callable[[Change], None]) -> Callable[[], None]:
        """Tell somebody of every change from now on; what is returned stops it."""
        self._observers.append(heard)

        def stop() -> None:
            if heard in self._observers:
                self._observers.remove(heard)

        return stop

    def do(self, step: Step) -> None:
        """Do a step.

        One without edits is nothing. Steps that were taken back are forgotten.

        Raises
        ------
        LookupError
            It does not apply to the document as it is now; nothing has changed.
        Busy, ReadOnly
            A gesture is going on, or the document may not be changed.
        """
        self._refuse()
        if not step:
            return
        before = self._now
        keys, tree, edits = self._tried(before.keys, before.tree, step.edits)
        patches = self._source.edit(edits)
        self._keep(step, edits, (before.tree, before.keys), (tree, keys), patches)

    def replace(self, title: str, document: Document) -> None:
        """Put another text in the place of the whole, as one step: what the file holds now, say.

        Raises
        ------
        Busy, ReadOnly
            A gesture is going on, or the document may not be changed.
        """
        self._refuse()
        before = self._now
        if document.text == before.text:
            return
        edit = datagen.Edit("set", (), before.tree, document.tree)
        keys = carry(before.keys, edit, document.tree, self._numbers)
        patches = self._source.replace(document.text)
        step = Step(title, (edit,))
        self._keep(step, (edit,), (before.tree, before.keys), (document.tree, keys), patches, "load")

    def undo(self) -> Step | None:
        """Take the last step back.

        Returns
        -------
        Step or None
            The step; None if there is none.

        Raises
        ------
        Busy, ReadOnly
            A gesture is going on, or the document may not be changed.
        """
        return self._go_to(self._position - 1)

    def redo(self) -> Step | None:
        """Do again what was taken back last.

        Returns
        -------
        Step or None
            The step; None if there is none.

        Raises
        ------
        Busy, ReadOnly
            A gesture is going on, or the document may not be changed.
        """
        return self._go_to(self._position + 1)

    def go_to(self, position: int) -> None:
        """Take steps back, or do them again, until so many are done.

        Raises
        ------
        LookupError
            There are not so many.
        Busy, ReadOnly
            A gesture is going on, or the document may not be changed.
        """
        if not 0 <= position <= len(self._entries):
            raise LookupError(f"there is no step {position} in a history of {len(self._entries)}")
        self._go_to(position)

    def gesture(self, title: str) -> GestureEdit:
        """Begin what is seen while it goes on, and is one step when it is kept.

        Raises
        ------
        Busy, ReadOnly
            Another one is going on, or the document may not be changed.
        """
        self._refuse()
        self._gesture = GestureEdit(self, title)
        return self._gesture

    def since(self, revision: int) -> list[Edit] | None:
        """Return what leads from an earlier revision to this one; None where that is too long ago."""
        if revision < self._first:
            return None
        return [edit for later, edits in self._log if later > revision for edit in edits]

    def carry(self, path: Address, revision: int) -> Address | None:
        """Return where the path of an earlier revision leads now; None where it is gone, or too long ago."""
        edits = self.since(revision)
        return None if edits is None else carried(path, edits)

    def mark_saved(self, text: str | None = None, file: Path | None = None) -> None:
        """Take a text for the one that is saved, the present one unless another is given.

        Parameters
        ----------
        text
            What was written.
        file
            Where, if that is another file than before: from now on it is the document's.
        """
        self._saved = self._now.text if text is None else text
        self._open_ended = False
        if file is not None:
            self.file = file
            self._now = self._now.at(file)

    def mark_unsaved(self) -> None:
        """Take the document for one that its file does not hold: that is gone, or another."""
        self._saved = None

    def _refuse(self) -> None:
        if self.refusal:
            raise ReadOnly(self.refusal)
        if self._gesture is not None:
            raise Busy("a gesture is going on; end it with Esc, or let go")

    def _tried(self, keys: Keys, tree: Json, wanted: Iterable[Edit]) -> tuple[Keys, Json, tuple[Edit, ...]]:
        """Return keys and tree after edits, and the edits completed; nothing is changed."""
        applying = Applying(tree)
        done: list[Edit] = []
        for edit in wanted:
            done.append(applying.apply(edit))
            keys = carry(keys, done[-1], applying.tree, self._numbers)
        return keys, applying.tree, tuple(done)

    def _keep(
        self,
        step: Step,
        edits: tuple[Edit, ...],
        before: tuple[Json, Keys],
        after: tuple[Json, Keys],
        patches: tuple[Rewrite, ...],
        kind: Kind = "do",
        shown: bool = False,
    ) -> None:
        """Put a step that was done into the history, and tell of it."""
        entry = _Entry(step, edits, before, after, patches, self._clock())
        last = self._entries[self._position - 1] if self._position else None
        if last is not None and self._open_ended and _merge(last, entry):
            kind = "merge"
            edits_of_both = tuple(
                datagen.Edit("set", new.path, old.before, new.after)
                for old, new in zip(last.edits, edits, strict=True)
            )
            entry = _Entry(
                Step(step.title, edits_of_both, step.focus),
                edits_of_both,
                last.before,
                after,
                (*last.patches, *patches),
                entry.done_at,
            )
            self._entries[-1] = entry
        else:
            self._entries[self._position :] = [entry]
            del self._entries[:-STEPS]
            self._position = len(self._entries)
        self._open_ended = True
        self._tell(kind, after, () if shown else edits, entry.step, touched(edits))

    def _go_to(self, position: int) -> Step | None:
        self._refuse()
        if not 0 <= position <= len(self._entries) or position == self._position:
            return None
        back = position < self._position
        edits: list[Edit] = []
        if back:
            entries = self._entries[position : self._position][::-1]
            for entry in entries:
                self._source.revert(entry.patches)
                edits += [datagen.inverse(edit) for edit in reversed(entry.edits)]
        else:
            entries = self._entries[self._position : position]
            for entry in entries:
                self._source.apply(entry.patches)
                edits += entry.edits
        self._position = position
        self._open_ended = False
        last = entries[-1]
        self._tell("undo" if back else "redo", last.before if back else last.after, edits, last.step)
        return last.step

    def _tell(
        self,
        kind: Kind,
        state: tuple[Json, Keys],
        edits: Sequence[Edit],
        step: Step | None,
        paths: tuple[Address, ...] | None = None,
    ) -> None:
        before = self._now
        tree, keys = state
        self._now = Document(before.path, tree, self._source.text, next(self._revisions), keys, before.tables)
        self._log.append((self._now.revision, tuple(edits)))
        if len(self._log) == _REMEMBERED:
            self._first = self._log[0][0]
        change = Change(
            kind, before, self._now, touched(edits) if paths is None else paths, step, tuple(edits)
        )
        for heard in tuple(self._observers):
            heard(change)


class GestureEdit:
    """What a gesture would do, seen while it goes on; made by `OpenDocument.gesture`.

    It ends when it is kept or cancelled; from then on it does nothing.
    """

    def __init__(self, opened: OpenDocument, title: str) -> None:
        self._opened, self._title = opened, title
        self._before = opened.now.tree, opened.now.keys
        self._edits: tuple[Edit, ...] = ()
        self._patches: tuple[Rewrite, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it goes on."""
        return self._opened._gesture is self

    def show(self, edits: Iterable[Edit]) -> None:
        """Show what the gesture would do now, in the place of what it showed before.

        Parameters
        ----------
        edits
            What leads there from the document as the gesture found it.

        Raises
        ------
        LookupError
            They do not apply; what was shown before stays.
        """
        if not self.active:
            return
        opened = self._opened
        tree, keys = self._before
        keys, tree, done = opened._tried(keys, tree, edits)
        back = [datagen.inverse(edit) for edit in reversed(self._edits)]
        opened._source.revert(self._patches)
        try:
            self._patches = opened._source.edit(done)
        except ValueError:
            opened._source.apply(self._patches)
            raise
        self._edits = done
        opened._tell("show", (tree, keys), [*back, *done], None)

    def keep(self) -> None:
        """Make one step of what is shown; of nothing, none."""
        if not self.active:
            return
        opened = self._opened
        opened._gesture = None
        if not self._edits:
            return
        after = opened.now.tree, opened.now.keys
        opened._open_ended = False
        step = Step(self._title, self._edits)
        opened._keep(step, self._edits, self._before, after, self._patches, shown=True)

    def cancel(self) -> None:
        """Take back what is shown."""
        if not self.active:
            return
        opened = self._opened
        opened._gesture = None
        if not self._edits:
            return
        opened._source.revert(self._patches)
        back = [datagen.inverse(edit) for edit in reversed(self._edits)]
        opened._tell("cancel", self._before, back, None)


def _merge(last: _Entry, entry: _Entry) -> bool:
    """Whether two steps that follow each other are one."""
    return (
        bool(entry.step.focus)
        and entry.step.focus == last.step.focus
        and entry.done_at - last.done_at <= MERGING
        and all(edit.operation == "set" for edit in (*last.edits, *entry.edits))
        and [edit.path for edit in last.edits] == [edit.path for edit in entry.edits]
    )


def _numbers(keys: Keys) -> Iterable[int]:
    for table in keys:
        if table is not None:
            yield table.table
            yield from (column for column in table.columns if column is not None)
