"""The rows in view of a table of any length: what a table view of Qt shows is never more than fits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from datagen_app.results.client import Answer, Results

__all__ = ["PAGE", "GridColumn", "GridModel"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

PAGE = 256
"""Rows that are asked for at a time."""
_KEPT = 64
"""Pages that are kept."""
MOST_SHOWN = 1_000_000
"""Rows of a view of Qt at most; a screen holds some hundred."""

NULL, NUMBER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class GridColumn:
    """A column of the grid."""

    name: str
    kind: str
    type: str = ""
    link: str = ""
    """The table that its values refer to."""
    key: bool = False
    """Whether rows of other tables refer to it."""

    @property
    def right(self) -> bool:
        """Whether its values stand at the right, as numbers do."""
        return self.kind in ("int", "float")


@dataclass(frozen=True)
class _Page:
    cells: Sequence[Sequence[str | None]]
    numbers: Sequence[int]


class GridModel(QAbstractTableModel):
    """Hold the stretch of a view that is on the screen, and ask for its pages.

    Signals
    -------
    arrived
        Rows in view have come.
    troubled
        Why they have not.
    """

    arrived = Signal()
    troubled = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: list[GridColumn] = []
        self.count = 0
        self.first = 0
        self.shown = 0
        self._order = ("", False)
        self._fits = 0
        self._view = 0
        self._results: Results | None = None
        self._pages: OrderedDict[int, _Page | None] = OrderedDict()
        self._asking: int | None = None

    def set_view(self, results: Results | None, view: int, count: int, columns: Sequence[GridColumn]) -> None:
        """Show another view, from its first row."""
        same = [column.name for column in columns] == [column.name for column in self.columns]
        self._stop()
        self._results, self._view = results, view
        self._pages.clear()
        if same:  # a reset would forget how wide the columns are, and which are hidden
            self.columns, self.count, self.first = list(columns), count, 0
            self._resize()
        else:
            self.beginResetModel()
            self.columns, self.count, self.first = list(columns), count, 0
            self.shown = self._room()
            self.endResetModel()
        self._touch()
        self._need()

    def set_window(self, first: int, fits: int) -> None:
        """Show the rows from `first` on, as many as fit."""
        self._fits = fits
        first = max(0, min(first, self.count - 1))
        if first != self.first or self._room() != self.shown:
            self.first = first
            self._resize()
            self._touch()
        self._need()

    def _room(self) -> int:
        return max(0, min(self._fits, self.count - self.first, MOST_SHOWN))

    def _resize(self) -> None:
        """Have as many rows as there is room for."""
        before, now = self.shown, self._room()
        if now > before:
            self.beginInsertRows(_ROOT, before, now - 1)
            self.shown = now
            self.endInsertRows()
        elif now < before:
            self.beginRemoveRows(_ROOT, now, before - 1)
            self.shown = now
            self.endRemoveRows()

    def show_order(self, column: str, descending: bool) -> None:
        """Mark the column by which the rows are ordered; none, if it is empty."""
        self._order = (column, descending)
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def refresh(self) -> None:
        """Ask again for what was not there yet."""
        for number in [number for number, page in self._pages.items() if page is None]:
            del self._pages[number]
        self._need()

    def has(self, row: int) -> bool:
        """Whether a row of the view is at hand."""
        return self._pages.get(row // PAGE) is not None

    def number(self, row: int) -> int | None:
        """Return the number that a row of the view has in its table; None while it is not at hand."""
        page = self._pages.get(row // PAGE)
        at = row % PAGE
        return None if page is None or at >= len(page.numbers) else page.numbers[at]

    def text(self, row: int, column: int) -> str | None:
        """Return what a cell says, by its row in the view; None for a null, or while it is not at hand."""
        page = self._pages.get(row // PAGE)
        at = row % PAGE
        if page is None or column >= len(page.cells) or at >= len(page.cells[column]):
            return None
        return page.cells[column][at]

    # What Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of rows on the screen."""
        return 0 if parent.isValid() else self.shown

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row, column = self.first + index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            text = self.text(row, column)
            if text is None:
                return "null" if self.has(row) else ""
            return text if "\n" not in text else text.replace("\n", " ")
        if role == NULL:
            return self.has(row) and self.text(row, column) is None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[column].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.text(row, column)
            return text if text is not None and len(text) > 24 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = self.text(row, column)
            return f"{self.columns[column].name}: {'null' if said is None else said}, row {row + 1:,}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a column, or the number of a row in its table, from 1."""
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                number = self.number(self.first + section)
                return "…" if number is None else f"{number + 1:,}"
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            return None
        if section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            by, descending = self._order
            return column.name if column.name != by else f"{column.name} {'↓' if descending else '↑'}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            to = f"\nRefers to {column.link}: double-click a value to go there." if column.link else ""
            return f"{column.name} · {column.type}{to}"
        return None

    # Pages

    def _need(self) -> None:
        """Ask for the first page in view that is not there; one at a time, so that none is asked for in vain."""
        if self._asking is not None or self._results is None or not self.shown:
            return
        wanted = range(self.first // PAGE, (self.first + self.shown - 1) // PAGE + 1)
        missing = next((number for number in wanted if number not in self._pages), None)
        if missing is None:
            return
        self._asking = self._results.ask(
            "page", self._take, self._miss, view=self._view, start=missing * PAGE, count=PAGE
        )

    def _take(self, answer: Answer) -> None:
        self._asking = None
        number = int(answer["start"]) // PAGE
        cells = answer.get("cells")
        self._pages[number] = None if cells is None else _Page(cells, answer["numbers"])
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        self._touch()
        self.arrived.emit()
        self._need()

    def _miss(self, why: str) -> None:
        self._asking = None
        self.troubled.emit(why)

    def _stop(self) -> None:
        if self._asking is not None and self._results is not None:
            self._results.stop(self._asking)
        self._asking = None

    def _touch(self) -> None:
        if self.shown and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(self.shown - 1, len(self.columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.shown - 1)
