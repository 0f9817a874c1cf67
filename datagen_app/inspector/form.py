"""A form: sections of fields for one subject, below one another, that scroll."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import Desk, Said
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.row import Complaints, Row
from datagen_app.inspector.section import MARGIN, Section

__all__ = ["Form"]


class Form(QScrollArea):
    """Show sections of fields.

    Parameters
    ----------
    desk
        What the fields work on.
    name
        What the form is called.
    """

    def __init__(self, desk: Desk, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self._content = QWidget()
        self._content.setProperty("class", "surface")
        self._layout = QVBoxLayout(self._content)
        self._layout.setContentsMargins(0, 4, 0, 24)
        self._layout.setSpacing(0)
        self.complaints = Complaints(desk, self._content)
        self.complaints.setContentsMargins(MARGIN, 8, MARGIN, 0)
        self._layout.addWidget(self.complaints)
        self._layout.addStretch(1)
        self.sections: list[Section] = []
        self._rows: list[Row] = []
        self.setWidget(self._content)

    def add(self, title: str, *fields: Field) -> Section:
        """Add a section of fields."""
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for field in fields:
            row = Row(self.desk, field, holder)
            self._rows.append(row)
            layout.addWidget(row)
        return self.add_widget(title, holder)

    def add_widget(self, title: str, content: QWidget) -> Section:
        """Add a section of anything."""
        section = Section(title, self.desk, content, self._content)
        self.sections.append(section)
        self._layout.insertWidget(self._layout.count() - 1, section)
        return section

    def fields(self) -> Iterator[Field]:
        """Yield the fields of the sections."""
        for row in self._rows:
            yield row.field

    def every(self) -> Iterator[Field]:
        """Yield every field, however far within others."""
        for field in self.fields():
            yield from field.every()

    def rows(self) -> Iterator[Row]:
        """Yield the rows of all fields."""
        for field in self.every():
            row = field.parentWidget()
            if isinstance(row, Row):
                yield row

    def refresh(self) -> None:
        """Show the document as it is now."""
        for field in self.fields():
            field.refresh()
        self.show_problems()

    def commit(self) -> None:
        """Take what is typed but not yet in the document into it."""
        for field in self.fields():
            field.commit()

    def show_problems(self) -> None:
        """Put every problem at the field that is nearest to it."""
        rows = list(self.rows())
        desk = self.desk
        said: dict[int, list[Said]] = {}
        own: list[Said] = []
        paths = [(root + row.field.way, row) for row in rows for root in desk.roots]
        for problem in desk.said:
            best: tuple[int, Row] | None = None
            for path, row in paths:
                if problem.path[: len(path)] == path and _nearer(len(path), row, best):
                    best = (len(path), row)
            if best is None or best[0] <= min(len(root) for root in desk.roots):
                own.append(problem)
            else:
                said.setdefault(id(best[1]), []).append(problem)
        for row in rows:
            row.show_said(said.get(id(row), ()))
        self.complaints.show_said([problem for problem in own if self._about(problem)])

    def _about(self, problem: Said) -> bool:
        """Whether a problem that no field shows is about what is edited."""
        return any(root and problem.path[: len(root)] == root for root in self.desk.roots)

    def reveal(self, way: Path) -> Field | None:
        """Unfold, scroll to and return the field at a way, or the nearest around it."""
        for field in list(self.every()):
            field.open_at(way)
        best: Field | None = None
        for field in self.every():
            if way[: len(field.way)] == field.way and (best is None or len(field.way) >= len(best.way)):
                best = field
        if best is None:
            return None
        for section in self.sections:
            if section.isAncestorOf(best):
                section.set_open(True)
        self.ensureWidgetVisible(best, 0, 48)
        return best


def _nearer(length: int, row: Row, than: tuple[int, Row] | None) -> bool:
    """Whether a row is nearer to a problem: its way is longer, or it is the inner one of two."""
    if than is None or length > than[0]:
        return True
    return length == than[0] and than[1].isAncestorOf(row)


def only(keys: Sequence[str], every: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that are left out where only some are wanted."""
    return tuple(key for key in every if key not in keys)
