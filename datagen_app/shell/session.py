"""The open document and what the worker has found out about it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from datagen_app.canvas.diagram import Edge
from datagen_app.canvas.scene import Point, Way
from datagen_app.document.change import Change
from datagen_app.document.document import Document
from datagen_app.document.journal import Record, replay
from datagen_app.document.open_document import Busy, OpenDocument, ReadOnly
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.selection import Selection
from datagen_app.document.step import Clock, Step
from datagen_app.document.wire import pack
from datagen_app.generation.profile import Profile
from datagen_app.inspector.facts import Knowledge, Link
from datagen_app.preview.client import Client
from datagen_app.shell.problems import Verdict
from datagen_app.shell.signs import Sign

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Diagram", "Session"]


_SAID = {
    "diagram": "The diagram could not be drawn",
    "check": "The schema could not be checked",
    "counts": "The rows could not be counted",
}

_CLOSED = ("not-utf-8", "too-large")
"""Faults of a file that was not read whole: to write it would destroy it."""


@dataclass(frozen=True)
class Diagram:
    """Where the cards stand, and how the edges run."""

    places: Sequence[Point] = ()
    edges: Sequence[Edge] = ()
    routes: Sequence[Way] = ()


@dataclass(frozen=True)
class _Opening:
    """What is being read, and what for: to be shown, or to take the place of what is shown."""

    revision: int
    path: Path
    why: Literal["open", "again", "new"]
    record: Record | None = None


@dataclass
class _Findings:
    counts: dict[str, tuple[int, bool]] = field(default_factory=dict)
    problems: list[tuple[Place, Problem]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class Session(QObject):
    """Open schemas, one at a time, change the open one, and keep what is known of it.

    Signals
    -------
    opened
        Another document is open; `None` when it was closed.
    changed
        The `Change` that the document went through.
    drawn
        Its diagram; `None` if it could not be drawn.
    counted
        The rows of its tables have become known, or known better.
    checked
        Its problems have become known.
    settled
        Nothing more is to come until something changes.
    troubled
        What went wrong, in a sentence.
    examined
        What there is to say of the examples.
    """

    opened = Signal(object)
    changed = Signal(object)
    drawn = Signal(object)
    counted = Signal()
    checked = Signal()
    settled = Signal()
    troubled = Signal(str)
    examined = Signal(object)

    def __init__(self, client: Client, parent: QObject | None = None, clock: Clock = time.monotonic) -> None:
        super().__init__(parent)
        self.client = client
        self.selection = Selection(self)
        self.profile = Profile(self)
        self._clock = clock
        self._revisions = count(1)
        self._open: OpenDocument | None = None
        self._opening: _Opening | None = None
        self._first = 0  # the revision at which the open document was opened
        self._found = _Findings()
        self.kept: Mapping[str, Point] = {}
        """Where cards stand that the schema gives no place, by the ids of tables; they stay there."""
        self._complete = False
        self._flawed = False
        self._drawn: Document | None = None
        client.answered.connect(self._hear)
        client.failed.connect(self._miss)
        client.replaced.connect(self.troubled)
        self.profile.changed.connect(self._count)

    @property
    def open_document(self) -> OpenDocument | None:
        """The open document with its history."""
        return self._open

    @property
    def document(self) -> Document | None:
        """The open document as it is now."""
        return self._open.now if self._open else None

    @property
    def knowledge(self) -> Knowledge:
        """What the worker has found out about it."""
        return Knowledge(self._found.counts, self._found.links, self._found.problems)

    @property
    def verdict(self) -> Verdict:
        """Whether its problems are known."""
        return "checked" if self._complete else "checking" if self.busy else "unchecked"

    @property
    def busy(self) -> bool:
        """Whether answers about the document are still to come."""
        if self._opening is not None:
            return True
        document = self.document
        return document is not None and self.client.pending(document.revision)

    def signs(self) -> Mapping[Place, Sign]:
        """Return the worst problem of every table and column; a column's is its table's too."""
        signs: dict[Place, Sign] = {}
        for place, problem in self._found.problems:
            for where in {place, Place(place.table)}:
                if signs.get(where) != "error":
                    signs[where] = problem.severity
        return signs

    # Opening

    def open(self, path: Path) -> None:
        """Read a schema in the background; what was open stays until it is there."""
        self._read(path, "open")

    def begin(self, name: Path, text: str, record: Record | None = None) -> None:
        """Open a text as a document that has no file yet: a new one, or one that is restored.

        Parameters
        ----------
        name
            What it is called until it is saved.
        text
            What it holds.
        record
            What was done with it since, to be done again.
        """
        self._opening = _Opening(next(self._revisions), name, "new", record)
        self.client.ask("open", self._opening.revision, path=str(name), text=text)

    def reload(self) -> None:
        """Read the open file again; what it holds now takes the place of the whole, which can be undone."""
        if self._open is not None and self._open.file is not None:
            self._read(self._open.file, "again")

    def close(self) -> None:
        """Close the document."""
        self._opening = None
        self._take(None)

    def ask_for_examples(self) -> None:
        """Let the worker look at the examples."""
        self.client.ask("examples")

    def _read(self, path: Path, why: Literal["open", "again"]) -> None:
        self._opening = _Opening(next(self._revisions), path, why)
        self.client.ask("open", self._opening.revision, path=str(path))

    # Changing

    def do(self, step: Step) -> bool:
        """Do a step: the one door for edits.

        Returns
        -------
        bool
            Whether it was done; where it was not, `troubled` has said why.
        """
        if self._open is None:
            return False
        try:
            self._open.do(step)
        except Busy:
            self.troubled.emit(
                f"{step.title}: not while something is being dragged. Let go first, or press Esc."
            )
        except ReadOnly as error:
            self.troubled.emit(f"{step.title}: {error}")
        except (LookupError, ValueError) as error:
            self.troubled.emit(f"{step.title}: this is not possible any more: {error}.")
        else:
            return True
        return False

    def undo(self) -> None:
        """Take the last step back."""
        if self._open is not None and self._open.can_undo:
            self._open.undo()

    def redo(self) -> None:
        """Do the last step again that was taken back."""
        if self._open is not None and self._open.can_redo:
            self._open.redo()

    def _follow(self, change: Change) -> None:
        """Let everyone follow a change: the worker, the selection, and whoever listens."""
        document = change.after
        if change.edits:
            whole = self._flawed or change.kind == "load" or any(not edit.path for edit in change.edits)
            self.client.follow(document.revision, [] if whole else pack(change.edits), document.text)
        if change.edits:
            known = (problem for _, problem in self._found.problems)
            self._found.problems = _carried(document, known, change.edits)
        self.changed.emit(change)
        self.selection.select_all(
            place for place in self.selection.places if place == Place(*self._still(place))
        )
        if change.kind == "show":
            return  # what a gesture leads to is judged when it ends
        self._ask("diagram", kept=self.kept)
        self._drawn = document
        if change.kind == "cancel" or not all(_unread(path) for path in change.paths):
            self._ask_all()

    def _still(self, place: Place) -> tuple[int | None, int | None]:
        """Return the keys of a place as far as it is still there."""
        document = self.document
        table, column = document.resolve(place) if document else (None, None)
        return (table.key if table else None), (column.key if column else None)

    # What the worker knows

    def _take(self, open_document: OpenDocument | None) -> None:
        self._open = open_document
        self.kept = {}
        self._found = _Findings()
        self._complete = False
        self.selection.select(Place())
        if open_document is not None:
            open_document.observe(self._follow)
        self.opened.emit(self.document)

    def _count(self) -> None:
        profile = self.profile
        for exact in (False, True):
            self._ask("counts", scale=profile.scale, seed=profile.seed, exact=exact)

    def _ask_all(self) -> None:
        profile = self.profile
        self._ask("counts", scale=profile.scale, seed=profile.seed, exact=False)
        self._ask("check", seed=profile.seed)
        self._ask("counts", scale=profile.scale, seed=profile.seed, exact=True)

    def _ask(self, what: str, **details: Any) -> None:
        if self.document is not None:
            self.client.ask(what, self.document.revision, **details)

    def _hear(self, what: str, revision: int, answer: Mapping[str, Any]) -> None:
        if what == "examples":
            self.examined.emit(answer["examples"])
        if what == "open":
            if self._opening is not None and revision == self._opening.revision:
                self._hear_open(self._opening, answer)
                self._settle()
            return
        if not revision or revision < self._first or self._open is None:
            return
        match what:
            case "diagram":
                self._hear_diagram(revision, answer)
            case "counts":
                self._found.counts = {table: (rows, exact) for table, (rows, exact) in answer["rows"].items()}
                self.counted.emit()
            case "check":
                self._hear_problems(revision, answer["problems"])
        self._settle()

    def _hear_open(self, opening: _Opening, answer: Mapping[str, Any]) -> None:
        self._opening = None
        faults = answer.get("faults", [])
        self._flawed = bool(faults)
        document = Document(opening.path, answer["tree"], answer["text"], opening.revision)
        if opening.why == "again" and self._open is not None:
            self._read_again(self._open, document)
            return
        self._first = opening.revision
        opened = OpenDocument(
            document,
            saved=opening.record is None,
            file=opening.path if opening.why == "open" else None,
            clock=self._clock,
            revisions=self._revisions,
        )
        if closed := next((fault for fault in faults if fault["code"] in _CLOSED), None):
            opened.refusal = f"{opening.path.name} was not read whole: {closed['message']}"
        if opening.record is not None:
            replay(opening.record, opened)
            self.client.follow(opened.now.revision, [], opened.now.text)
        self._drawn = opened.now
        self._take(opened)
        QTimer.singleShot(0, opened.prepare)
        self._ask("diagram", kept=self.kept)
        self._ask_all()
        self.checked.emit()  # of the problems of the document before none is left

    def _read_again(self, opened: OpenDocument, document: Document) -> None:
        """Put what the file holds now in the place of what is shown."""
        try:
            opened.replace("Read again", document)
        except (Busy, ReadOnly) as error:
            self.client.follow(opened.now.revision, [], opened.now.text)  # the worker has read the other
            self.troubled.emit(f"{document.path.name} was not read again: {error}.")
            return
        opened.mark_saved()
        if self._complete:  # nothing was asked if it is the same text
            self.checked.emit()

    def _hear_diagram(self, revision: int, answer: Mapping[str, Any]) -> None:
        document, asked = self.document, self._drawn
        if document is None or asked is None or asked.revision != revision or asked.keys != document.keys:
            return  # other tables, or in another order: the answer about these is on its way
        edges = [Edge.from_json(edge) for edge in answer["edges"]]
        self._found.links = [
            Link(
                _place(document, edge.source, edge.source_column),
                _place(document, edge.target, edge.target_column),
                edge.kind,
            )
            for edge in edges
        ]
        self.drawn.emit(Diagram(answer["places"], edges, answer["routes"]))

    def _hear_problems(self, revision: int, problems: Sequence[Mapping[str, Any]]) -> None:
        if self._open is None:
            return
        edits = self._open.since(revision)
        if edits is None:
            return
        self._found.problems = _carried(self._open.now, map(Problem.from_json, problems), edits)
        self._complete = True
        self.checked.emit()

    def _miss(self, what: str, revision: int, why: str) -> None:
        if what == "open":
            if self._opening is not None and revision == self._opening.revision:
                self.troubled.emit(f"{self._opening.path.name} could not be opened. {why}")
                self._opening = None
        elif self.document is not None and revision == self.document.revision:
            if what in _SAID:  # whoever asked for anything else says so where it is shown
                self.troubled.emit(f"{_SAID[what]}: {why}.")
            if what == "diagram":
                self.drawn.emit(None)
        else:
            return
        self._settle()

    def _settle(self) -> None:
        if not self.busy:
            self.settled.emit()


def _moves(edit: Edit) -> bool:
    """Whether an edit may lead the path of a problem elsewhere, or take its ground away."""
    return not _unread(edit.path) and (edit.operation != "set" or isinstance(edit.before, dict | list))


def _unread(path: tuple[str | int, ...]) -> bool:
    """Whether the engine passes over what stands at a path: positions on the canvas, notes, groups."""
    return path[:1] == ("metadata",) and len(path) > 1 and str(path[1]).startswith("x-")


def _carried(
    document: Document, problems: Iterable[Problem], edits: Sequence[Edit]
) -> list[tuple[Place, Problem]]:
    """Return problems with their places where edits have led; those whose ground is gone are gone."""
    moving = [edit for edit in edits if _moves(edit)]
    now = (problem.after(moving) if moving else problem for problem in problems)
    return [(document.place_at(problem.path), problem) for problem in now if problem is not None]


def _place(document: Document, table: int, column: int | None) -> Place:
    path = ("nodes", table) if column is None else ("nodes", table, "columns", column)
    return document.place_at(path)
