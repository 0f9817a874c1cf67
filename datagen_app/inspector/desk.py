"""What the fields of a form work on: the values at their places, and the steps that change them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

from datagen_app.document.place import Path, Place
from datagen_app.document.step import Step
from datagen_app.inspector.edits import found, put

if TYPE_CHECKING:
    from datagen_app.document.document import Document
    from datagen_app.document.open_document import GestureEdit, OpenDocument
    from datagen_app.document.selection import Selection
    from datagen_app.inspector.asking import Asker
    from datagen_app.inspector.facts import Knowledge
    from datagen_app.shell.theme import Theme
    from datagen_engine import Edit

__all__ = ["MIXED", "Desk", "Drag", "Editing", "Said"]


class Mixed:
    """The one value that says: what is edited together differs."""

    def __repr__(self) -> str:
        return "MIXED"


MIXED: Final = Mixed()


class Editing(Protocol):
    """The part of the session that a form needs."""

    @property
    def open_document(self) -> OpenDocument | None:
        """The document that is open."""

    @property
    def knowledge(self) -> Knowledge:
        """What the worker has found out about it."""

    selection: Selection

    def do(self, step: Step) -> bool:
        """Do a step; return whether it was done."""


@dataclass(frozen=True, slots=True)
class Said:
    """A problem, as a field shows it."""

    path: Path
    message: str
    severity: str = "error"
    fix: str = ""
    """What the button says that mends it; nothing where none does."""
    edits: tuple[Edit, ...] = ()
    params: tuple[tuple[str, Any], ...] = ()


class Desk(QObject):
    """Read and change what one or several places of the document hold.

    A way is a path from there on: that of a field is the same for every column that is edited with others.

    Signals
    -------
    pointed
        The field that is under the pointer or has the focus, for its help: title and text.
    """

    pointed = Signal(str, str)

    def __init__(
        self, editing: Editing, theme: Theme, asker: Asker | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.editing, self.theme, self.asker = editing, theme, asker
        self.roots: tuple[Path, ...] = ((),)
        self.place = Place()
        self.said: tuple[Said, ...] = ()
        self.folded: set[str] = set()
        """The sections that the user folded, by their titles."""

    # Reading

    @property
    def document(self) -> Document | None:
        """The document as it is now."""
        opened = self.editing.open_document
        return opened.now if opened is not None else None

    @property
    def tree(self) -> Any:
        """The tree of the document; None without one."""
        document = self.document
        return document.tree if document is not None else None

    def values(self, way: Path) -> list[Any]:
        """Return what stands at a way from each root; ABSENT where nothing does."""
        tree = self.tree
        return [found(tree, root + way) for root in self.roots]

    def value(self, way: Path) -> Any:
        """Return what stands at a way from every root; MIXED where that differs."""
        first, *others = self.values(way)
        for other in others:
            if type(other) is not type(first) or other != first:
                return MIXED
        return first

    def first(self, way: Path) -> Any:
        """Return what stands at a way from the first root."""
        return found(self.tree, self.roots[0] + way)

    def told(self, way: Path) -> list[Said]:
        """Return the problems at a way and below it."""
        return [said for said in self.said if any(_within(said.path, root + way) for root in self.roots)]

    # What is around

    @property
    def column(self) -> Mapping[str, Any]:
        """The first of the columns that are edited; nothing where none is."""
        return self._around(4)

    @property
    def table(self) -> Mapping[str, Any]:
        """Its table, or the table that is edited."""
        return self._around(2)

    def _around(self, depth: int) -> Mapping[str, Any]:
        document = self.document
        if document is None:
            return {}
        root = self.roots[0]
        path = root if root else document.path_of(self.place)
        if len(path) < depth or path[0] != "nodes":
            return {}
        value = found(document.tree, path[:depth])
        return value if isinstance(value, dict) else {}

    @property
    def column_type(self) -> str:
        """The type of the first of the columns; nothing where it has none, or none is edited."""
        kind = self.column.get("type")
        return kind if isinstance(kind, str) else ""

    def columns_of(self, table: str) -> list[tuple[str, str]]:
        """Return the columns of a table, each with its type."""
        document = self.document
        found_table = document.named(table) if document is not None else None
        if found_table is None:
            return []
        return [(column.name, str(column.value.get("type", ""))) for column in found_table.columns]

    @property
    def tables(self) -> list[str]:
        """The tables of the document."""
        document = self.document
        return [table.id for table in document.tables] if document is not None else []

    @property
    def name(self) -> str:
        """What is edited, as the title of a step names it."""
        if len(self.roots) > 1:
            return f"{len(self.roots)} columns"
        column, table = self.column, self.table
        if self.roots[0][:1] != ("nodes",):
            return "the schema"
        said = column.get("name") if len(self.roots[0]) >= 4 else table.get("id")
        return str(said) if isinstance(said, str) else "it"

    # Changing

    def set(
        self, way: Path, value: Any, title: str = "", order: Sequence[str] = (), focus: str | None = None
    ) -> None:
        """Put a value at a way from every root; ABSENT takes away what is there."""
        tree = self.tree
        edits = [edit for root in self.roots for edit in put(tree, root + way, value, order)]
        where = ".".join(str(step) for step in (*self.roots[0], *way)) if focus is None else focus
        self.do(title or f"Change {self.name}", edits, where)

    def each(self, way: Path, change: Callable[[Any], Any], title: str, order: Sequence[str] = ()) -> None:
        """Change the value at a way from every root by what it is there."""
        tree = self.tree
        edits: list[Edit] = []
        for root in self.roots:
            edits += put(tree, root + way, change(found(tree, root + way)), order)
        self.do(title, edits)

    def do(self, title: str, edits: Iterable[Edit], focus: str = "") -> None:
        """Do edits of the whole document as one step."""
        made = tuple(edits)
        if made:
            self.editing.do(Step(title, made, focus))

    def drag(self, title: str) -> Drag | None:
        """Begin what is seen while it goes on; None where something else is going on."""
        opened = self.editing.open_document
        if opened is None or opened.busy:
            return None
        return Drag(self, opened.gesture(title))


class Drag:
    """A drag of a handle: shown while it goes on, one step when it is kept."""

    def __init__(self, desk: Desk, gesture: GestureEdit) -> None:
        self._desk, self._gesture = desk, gesture
        self.tree = desk.tree
        """The document as it was when the drag began."""

    def show(self, values: Mapping[Path, Any], order: Sequence[str] = ()) -> None:
        """Show values at their ways from every root."""
        self._gesture.show(
            [
                edit
                for root in self._desk.roots
                for way, value in values.items()
                for edit in put(self.tree, root + way, value, order)
            ]
        )

    def keep(self) -> None:
        """Make one step of it."""
        self._gesture.keep()

    def cancel(self) -> None:
        """Take it back."""
        self._gesture.cancel()

    @property
    def active(self) -> bool:
        """Whether it goes on."""
        return self._gesture.active


def _within(path: Path, root: Path) -> bool:
    return path[: len(root)] == root
