"""The first rows of a table, as Qt's views read them.

The cells come as texts from the worker, so that neither numpy nor Arrow is loaded into the window's process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from datagen_app.document.document import Table
from datagen_app.document.place import Place
from datagen_app.document.words import generator_name, generator_word

__all__ = ["CHANGED", "NULL", "STALE", "TARGET", "RowsModel", "ShownColumn"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

CHANGED = Qt.ItemDataRole.UserRole
"""Whether the cell is another than before the last edit."""
NULL = Qt.ItemDataRole.UserRole + 1
"""Whether the cell is null."""
STALE = Qt.ItemDataRole.UserRole + 2
"""Whether the cell is of before an error."""
TARGET = Qt.ItemDataRole.UserRole + 3
"""The table and the row that a reference reads; None where it reads none."""

_RIGHT = ("int", "float")


@dataclass(frozen=True)
class ShownColumn:
    """A column as it is shown: what the schema says of it, its cells, and what is wrong with it."""

    name: str
    place: Place = field(default_factory=Place)
    type: str = ""
    word: str = ""
    is_key: bool = False
    nullable: bool = False
    target: str = ""
    rows: Sequence[int] = ()
    cells: Sequence[str | None] = ()
    error: str = ""
    stale: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether it reads another table."""
        return bool(self.target) or self.word == "lookup"

    @property
    def said(self) -> str:
        """What the header says aloud."""
        parts = [self.name, self.type, self.word]
        parts += ["key"] if self.is_key else []
        parts += [f"reads {self.target}"] if self.target else []
        parts += ["may be null"] if self.nullable else []
        parts += [f"error: {self.error}"] if self.error else []
        return ", ".join(part for part in parts if part)


class RowsModel(QAbstractTableModel):
    """Hold some rows of one table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[ShownColumn, ...] = ()
        self.first = 0
        self._rows = 0
        self._changed: set[tuple[int, int]] = set()
        self._about: tuple[str, int] = ("", 0)

    @property
    def changed(self) -> int:
        """How many cells are others than before the last edit."""
        return len(self._changed)

    def clear(self) -> None:
        """Hold nothing."""
        self.beginResetModel()
        self.columns, self._rows, self._changed, self.first, self._about = (), 0, set(), 0, ("", 0)
        self.endResetModel()

    def take(self, table: Table, answer: Mapping[str, Any]) -> None:
        """Take an answer of the worker's; columns that could not be drawn keep the last cells that they had."""
        about = (str(answer["table"]), int(answer["start"]))
        again = about == self._about
        before = {column.name: column for column in self.columns} if again else {}
        columns = tuple(self._column(table, given, before) for given in answer["columns"])
        rows = int(answer["rows"])
        names = [column.name for column in columns]
        same = again and rows == self._rows and names == [column.name for column in self.columns]
        changed = self._differing(columns, before, rows) if again else set()
        if same:
            self.columns, self._changed = columns, changed
            if rows and columns:
                self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(len(columns) - 1, 0))
            return
        self.beginResetModel()
        self.columns, self._rows, self.first = columns, rows, about[1]
        self._changed, self._about = changed, about
        self.endResetModel()

    def forget_changes(self) -> None:
        """Mark no cell as changed any more."""
        self._changed = set()

    def _column(
        self, table: Table, given: Mapping[str, Any], before: Mapping[str, ShownColumn]
    ) -> ShownColumn:
        name = str(given["name"])
        column = table.named(name)
        value: Mapping[str, Any] = column.value if column else {}
        cells, stale = given["cells"], False
        if cells is None:
            last = before.get(name)
            cells, stale = (last.cells, True) if last is not None else ((), True)
        kind = value.get("type")
        return ShownColumn(
            name,
            Place(table.key, column.key) if column else Place(table.key),
            kind if isinstance(kind, str) else "",
            generator_word(value)
            if generator_name(value) not in ("sequence", "datetime_series")
            else generator_name(value),
            name == table.key_column,
            value.get("nullable") is True,
            str(given.get("target") or ""),
            tuple(given.get("rows") or ()),
            tuple(cells),
            str(given.get("error") or ""),
            stale,
        )

    def _differing(
        self, columns: Sequence[ShownColumn], before: Mapping[str, ShownColumn], rows: int
    ) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for at, column in enumerate(columns):
            old = before.get(column.name)
            if old is None or old.cells is column.cells:
                continue
            cells = zip(column.cells[:rows], old.cells, strict=False)
            found.update((row, at) for row, (new, was) in enumerate(cells) if new != was)
        return found

    # -- what Qt asks -------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a column, or the number of a row."""
        if orientation == Qt.Orientation.Vertical:
            return str(self.first + section) if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.said
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.error or column.said
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        row = index.row()
        cell = column.cells[row] if row < len(column.cells) else None
        missing = row >= len(column.cells)
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if missing else "null" if cell is None else cell.replace("\n", " ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.error or (cell if cell is not None and len(cell) > 24 else None)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = "not drawn" if missing else "null" if cell is None else cell
            return f"{column.name} of row {self.first + row}: {said}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.type in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == CHANGED:
            return (row, index.column()) in self._changed
        if role == NULL:
            return not missing and cell is None
        if role == STALE:
            return column.stale
        if role == TARGET:
            return self.target(row, index.column())
        return None

    def target(self, row: int, column: int) -> tuple[str, int] | None:
        """Return the table and the row that a reference reads."""
        shown = self.columns[column]
        if not shown.target or row >= len(shown.rows) or shown.rows[row] < 0:
            return None
        return shown.target, int(shown.rows[row])
