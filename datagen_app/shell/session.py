"""The open document and what the worker has found out about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from datagen_app.canvas.diagram import Edge
from datagen_app.canvas.scene import Point, Way
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.selection import Selection
from datagen_app.generation.profile import Profile
from datagen_app.inspector.facts import Knowledge, Link
from datagen_app.preview.client import Client
from datagen_app.shell.problems import Verdict
from datagen_app.shell.signs import Sign

__all__ = ["Diagram", "Session"]


_SAID = {
    "diagram": "The diagram could not be drawn",
    "check": "The schema could not be checked",
    "counts": "The rows could not be counted",
}


@dataclass(frozen=True)
class Diagram:
    """Where the cards stand, and how the edges run."""

    places: Sequence[Point] = ()
    edges: Sequence[Edge] = ()
    routes: Sequence[Way] = ()


@dataclass
class _Findings:
    counts: dict[str, tuple[int, bool]] = field(default_factory=dict)
    problems: list[tuple[Place, Problem]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class Session(QObject):
    """Open schemas, one at a time, and keep what is known of the open one.

    Signals
    -------
    opened
        Another document is open; `None` when it was closed.
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
    drawn = Signal(object)
    counted = Signal()
    checked = Signal()
    settled = Signal()
    troubled = Signal(str)
    examined = Signal(object)

    def __init__(self, client: Client, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client = client
        self.selection = Selection(self)
        self.profile = Profile(self)
        self._document: Document | None = None
        self._found = _Findings()
        self._complete = False
        self._revision = 0
        self._opening = Path()
        client.answered.connect(self._hear)
        client.failed.connect(self._miss)
        client.replaced.connect(self.troubled)
        self.profile.changed.connect(self._count)

    @property
    def document(self) -> Document | None:
        """The open document."""
        return self._document

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
        return self._revision > 0 and self.client.pending(self._revision)

    def signs(self) -> Mapping[Place, Sign]:
        """Return the worst problem of every table and column; a column's is its table's too."""
        signs: dict[Place, Sign] = {}
        for place, problem in self._found.problems:
            for where in {place, Place(place.table)}:
                if signs.get(where) != "error":
                    signs[where] = problem.severity
        return signs

    def open(self, path: Path) -> None:
        """Read a schema in the background; what was open stays until it is there."""
        self._revision += 1
        self._opening = path
        self.client.ask("open", self._revision, path=str(path))

    def reload(self) -> None:
        """Read the open file again."""
        if self._document is not None:
            self.open(self._document.path)

    def close(self) -> None:
        """Close the document."""
        self._revision += 1
        self._take(None)

    def ask_for_examples(self) -> None:
        """Let the worker look at the examples."""
        self.client.ask("examples")

    def _take(self, document: Document | None) -> None:
        before, selected = self._document, self.selection.place
        self._document = document
        self._found = _Findings()
        self._complete = False
        again = before is not None and document is not None and before.path == document.path
        self.selection.select(_same(before, selected, document) if again else Place())
        self.opened.emit(document)

    def _count(self) -> None:
        if self._document is None:
            return
        profile = self.profile
        for exact in (False, True):
            self._ask("counts", scale=profile.scale, seed=profile.seed, exact=exact)

    def _ask(self, what: str, **details: Any) -> None:
        self.client.ask(what, self._revision, **details)

    def _hear(self, what: str, revision: int, answer: Mapping[str, Any]) -> None:
        if what == "examples":
            self.examined.emit(answer["examples"])
        if revision != self._revision or not revision:
            return
        match what:
            case "open":
                self._hear_open(answer)
            case "diagram":
                self._hear_diagram(answer)
            case "counts":
                self._found.counts = {table: (rows, exact) for table, (rows, exact) in answer["rows"].items()}
                self.counted.emit()
            case "check":
                self._hear_problems(answer["problems"])
        self._settle()

    def _hear_open(self, answer: Mapping[str, Any]) -> None:
        self._take(Document(self._opening, answer["tree"], answer["text"], self._revision))
        profile = self.profile
        self._ask("diagram")
        self._ask("counts", scale=profile.scale, seed=profile.seed, exact=False)
        self._ask("check", seed=profile.seed)
        self._ask("counts", scale=profile.scale, seed=profile.seed, exact=True)
        self.checked.emit()  # of the problems of the document before none is left

    def _hear_diagram(self, answer: Mapping[str, Any]) -> None:
        document = self._document
        if document is None:
            return
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

    def _hear_problems(self, problems: Sequence[Mapping[str, Any]]) -> None:
        document = self._document
        if document is None:
            return
        found = [Problem.from_json(problem) for problem in problems]
        self._found.problems = [(document.place_at(problem.path), problem) for problem in found]
        self._complete = True
        self.checked.emit()

    def _miss(self, what: str, revision: int, why: str) -> None:
        if revision != self._revision or not revision:
            return
        if what == "open":
            self.troubled.emit(f"{self._opening.name} could not be opened. {why}")
        else:
            self.troubled.emit(f"{_SAID.get(what, 'An answer is missing')}: {why}.")
        if what == "diagram":
            self.drawn.emit(None)
        self._settle()

    def _settle(self) -> None:
        if not self.busy:
            self.settled.emit()


def _same(before: Document | None, place: Place, after: Document | None) -> Place:
    """Return the place in a document that has the names of a place in the one before."""
    if before is None or after is None:
        return Place()
    table, column = before.resolve(place)
    return after.place_of(table.id, column.name if column else None) if table else Place()


def _place(document: Document, table: int, column: int | None) -> Place:
    path = ("nodes", table) if column is None else ("nodes", table, "columns", column)
    return document.place_at(path)
