"""The checks of a report as rows: grouped, filtered, searched and ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from datagen_app.shell.signs import Sign

__all__ = ["GROUPINGS", "ChecksModel", "Chosen", "Grouping", "Line", "sign_of"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

Grouping = Literal["table", "category", "status", "none"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)

Chosen = Literal["look", "all", "structural", "value", "behavioural"]

_STATUS_WORDS = {
    "fail": "failed",
    "error": "could not be run",
    "pass": "passed",
    "skipped": "nothing to check",
}
_STATUS_ORDER = {"fail": 0, "error": 1, "pass": 2, "skipped": 3}
_CATEGORY_ORDER = {"structural": 0, "value": 1, "behavioural": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """What the list shows of a check; `number` is its place in the report."""

    number: int
    id: str
    status: str
    severity: str
    category: str
    title: str
    table: str
    columns: str
    observed: str
    expected: str
    rows: int
    failed: int | None
    cause: bool
    searched: str

    @classmethod
    def of(cls, number: int, said: Mapping[str, Any]) -> Line:
        """Read a line as the results job writes it."""
        searched = " ".join(
            str(said[key]) for key in ("id", "title", "table", "columns", "observed", "expected")
        )
        failed = said["failed"]
        return cls(
            number,
            said["id"],
            said["status"],
            said["severity"],
            said["category"],
            said["title"],
            said["table"],
            said["columns"],
            said["observed"],
            said["expected"],
            int(said["rows"]),
            None if failed is None else int(failed),
            bool(said["cause"]),
            searched.lower(),
        )

    @property
    def needs_a_look(self) -> bool:
        """Whether it fails, or could not be run for a reason that no failing check tells."""
        return self.status == "fail" or (self.status == "error" and not self.cause)


def sign_of(status: str, severity: str) -> Sign | None:
    """Return the sign of a check; none where there was nothing to check.

    >>> sign_of("fail", "error"), sign_of("error", "error"), sign_of("skipped", "error")
    ('error', 'warning', None)
    """
    if status == "pass":
        return "ok"
    if status == "fail":
        return "error" if severity == "error" else "warning"
    return "warning" if status == "error" else None


class ChecksModel(QAbstractTableModel):
    """Hold the lines that are shown; a line that is a text alone heads a group."""

    HEADERS = ("", "Check", "Column", "Observed", "Expected", "Rows", "Failed")
    RIGHT = (5, 6)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._rows: list[Line | str] = []
        self._chosen: Chosen = "all"
        self._grouping: Grouping = "table"
        self._words: list[str] = []
        self._by: int | None = None
        self._descending = False
        self._tables: dict[str, int] = {}

    @property
    def lines(self) -> Sequence[Line]:
        """Every check."""
        return self._lines

    @property
    def shown(self) -> int:
        """How many checks are shown."""
        return sum(isinstance(row, Line) for row in self._rows)

    def set_lines(self, lines: Sequence[Mapping[str, Any]], tables: Sequence[str] = ()) -> None:
        """Show another report, those of its checks that need a look if any does; tables stand in the order given."""
        self._lines = [Line.of(number, line) for number, line in enumerate(lines)]
        known = dict.fromkeys([*tables, *(line.table for line in self._lines)])
        self._tables = {table: at for at, table in enumerate(known)}
        self._chosen = "look" if any(line.needs_a_look for line in self._lines) else "all"
        self._arrange()

    def choose(self, chosen: Chosen) -> None:
        """Show those that need a look, all, or those of a category."""
        if chosen != self._chosen:
            self._chosen = chosen
            self._arrange()

    def group(self, grouping: Grouping) -> None:
        """Group by table, category or status, or not at all."""
        self._grouping = grouping
        self._arrange()

    def search(self, text: str) -> None:
        """Show those that hold every word of a text."""
        self._words = text.lower().split()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the checks of each group by a column; by -1 as the report has them."""
        self._by = column if column >= 0 else None
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def row_of(self, number: int) -> int | None:
        """Return the row that shows a check; None where it is not shown."""
        found = (at for at, row in enumerate(self._rows) if isinstance(row, Line) and row.number == number)
        return next(found, None)

    def line(self, row: int) -> Line | None:
        """Return the check of a row; None where the row heads a group."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Line) else None

    def heading(self, row: int) -> str:
        """Return what a row is headed with; nothing where it is a check."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, str) else ""

    def _arrange(self) -> None:
        shown = [line for line in self._lines if self._holds(line)]
        if self._by is not None:
            shown.sort(key=lambda line: _key(line, self._by or 0), reverse=self._descending)
        self.beginResetModel()
        if self._grouping == "none":
            self._rows = [*shown]
        else:
            groups: dict[str, list[Line]] = {}
            for line in shown:
                groups.setdefault(getattr(line, self._grouping), []).append(line)
            self._rows = []
            for name in sorted(groups, key=self._place):
                word = _STATUS_WORDS.get(name, name) if self._grouping == "status" else name
                self._rows.append(f"{word or 'the whole dataset'}   {len(groups[name]):,}")
                self._rows += groups[name]
        self.endResetModel()

    def _place(self, name: str) -> int:
        if self._grouping == "table":
            return self._tables.get(name, len(self._tables))
        return (_STATUS_ORDER if self._grouping == "status" else _CATEGORY_ORDER).get(name, 9)

    def _holds(self, line: Line) -> bool:
        if self._chosen == "look" and not line.needs_a_look:
            return False
        if self._chosen not in ("look", "all") and line.category != self._chosen:
            return False
        return all(word in line.searched for word in self._words)

    # What Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of rows, headings among them."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.HEADERS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let headings be passed over."""
        if isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in self.RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row = self._rows[index.row()]
        if isinstance(row, str):
            return row if role == Qt.ItemDataRole.DisplayRole and index.column() == 1 else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = _text(row, index.column())
            return text if role == Qt.ItemDataRole.DisplayRole or len(text) > 20 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == 0:
                return _STATUS_WORDS.get(row.status, row.status)
            return f"{self.HEADERS[index.column()]}: {_text(row, index.column())}"
        return None


def _text(line: Line, column: int) -> str:
    failed = "–" if line.failed is None else f"{line.failed:,}"
    rows = f"{line.rows:,}" if line.rows else "–"
    return ("", line.title, line.columns, line.observed, line.expected, rows, failed)[column]


def _key(line: Line, column: int) -> Any:
    if column == 0:
        return _STATUS_ORDER.get(line.status, 9), line.severity
    if column == 5:
        return line.rows
    return (line.failed or 0) if column == 6 else _text(line, column).lower()
