"""The tables of a run: which are written, how many rows each will have, and how many are written so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from datagen_app.canvas.shapes import emblem
from datagen_app.document.document import Document
from datagen_app.document.words import rows_word
from datagen_app.shell.fonts import figures
from datagen_app.shell.theme import Theme

__all__ = ["RunTables", "RunTablesModel"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(slots=True)
class _Row:
    table: str
    kind: str
    rows: int | None = None
    exact: bool = False
    written: int = 0
    wanted: bool = True
    root: bool = True
    """Whether its number of rows can be chosen: a table without parents, that is no vocabulary."""
    chosen: int | None = None
    """The rows that were chosen."""

    @property
    def share(self) -> float:
        return 1.0 if not self.rows else min(1.0, self.written / self.rows)


class RunTablesModel(QAbstractTableModel):
    """List tables with their rows; the share that is written is in `UserRole`.

    Signals
    -------
    edited
        Other tables are to be written, or other numbers of rows.
    """

    edited = Signal()

    HEADERS = ("Table", "Progress", "Rows")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._number: dict[str, int] = {}
        self.running = False

    def set_document(self, document: Document) -> None:
        """List the tables of a document."""
        before = {row.table: row for row in self._rows}
        self.beginResetModel()
        self._rows = [
            _Row(table.id, table.kind, root=not table.value.get("parents") and table.kind != "vocab")
            for table in document.tables
        ]
        for row in self._rows:
            if (was := before.get(row.table)) is not None:
                row.wanted, row.chosen = was.wanted, was.chosen if row.root else None
        self._number = {row.table: at for at, row in enumerate(self._rows)}
        self.endResetModel()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The tables to write; nothing where that is all of them."""
        names = tuple(row.table for row in self._rows if row.wanted)
        return () if len(names) == len(self._rows) else names

    @property
    def chosen(self) -> dict[str, int]:
        """By table, the rows that were chosen."""
        return {row.table: row.chosen for row in self._rows if row.chosen is not None}

    def set_chosen(self, rows: Mapping[str, int], tables: Collection[str]) -> None:
        """Choose rows, and the tables to write; all of them, if none is named."""
        for row in self._rows:
            row.chosen = rows.get(row.table) if row.root else None
            row.wanted = not tables or row.table in tables
        self._touch()

    def set_counts(self, counts: Mapping[str, tuple[int, bool]]) -> None:
        """Show how many rows each table will have."""
        for row in self._rows:
            if row.table in counts:
                row.rows, row.exact = counts[row.table]
        self._touch()

    def set_written(self, tables: Mapping[str, tuple[int, int]]) -> None:
        """Show how many rows are written."""
        for table, (written, rows) in tables.items():
            if (number := self._number.get(table)) is not None:
                row = self._rows[number]
                row.written, row.rows, row.exact = written, rows, True
        self._touch()

    def set_running(self, running: bool) -> None:
        """Show progress, or none."""
        self.running = running
        for row in self._rows:
            row.written = 0
        self._touch()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 2)

    def is_wanted(self, number: int) -> bool:
        """Whether a table is to be written."""
        return self._rows[number].wanted

    def toggle(self, number: int) -> None:
        """Write a table, or do not; one at least is written."""
        row = self._rows[number]
        if row.wanted and sum(other.wanted for other in self._rows) == 1:
            return
        row.wanted = not row.wanted
        self._touch()
        self.edited.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let tables be ticked, and the rows of those without parents be typed, while nothing is going on."""
        row = self._rows[index.row()]
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.running:
            return usual
        if index.column() == 0:
            return usual | Qt.ItemFlag.ItemIsUserCheckable
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == 2 and row.root else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take the rows that were typed; nothing typed is what the schema says."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            self.toggle(index.row())
            return True
        text = str(value).replace(",", "").replace("_", "").strip()
        if text and not (text.isdigit() and len(text) <= 12):
            return False
        chosen = int(text) if text else None
        if chosen != row.chosen and not (row.chosen is None and chosen == row.rows):
            row.chosen = chosen
            self._touch()
            self.edited.emit()
        return True

    def kind(self, number: int) -> str:
        """Return the kind of a table."""
        return self._rows[number].kind

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of tables."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the header of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADERS[section] if section != 1 or self.running else ""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            right = Qt.AlignmentFlag.AlignRight if section == 2 else Qt.AlignmentFlag.AlignLeft
            return right | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == 0:
                return row.table
            if index.column() == 1:
                return f"{100 * row.share:.0f} %" if self.running else ""
            if not row.wanted:
                return "not written"
            return "…" if row.rows is None else rows_word(row.rows, row.exact)
        if role == Qt.ItemDataRole.EditRole and index.column() == 2:
            rows = row.chosen if row.chosen is not None else row.rows
            return "" if rows is None else str(rows)
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            return Qt.CheckState.Checked if row.wanted else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 2:
            if row.root:
                return "Double-click to have more rows, or fewer."
            return (
                "Its rows follow from its parents."
                if row.kind != "vocab"
                else "As many as its list has values."
            )
        if role == Qt.ItemDataRole.UserRole:
            return row.share if self.running else 0.0
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _touch(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 2))


class _Cells(QStyledItemDelegate):
    """Paint a table's emblem before its name, and its progress as a bar."""

    def __init__(self, theme: Theme, model: RunTablesModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Leave room around the text."""
        size = super().sizeHint(option, index)
        return QSize(size.width() + 12, option.fontMetrics.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        area = QRectF(option.rect)
        if index.column() == 1:
            self._bar(painter, area, float(index.data(Qt.ItemDataRole.UserRole)))
            return
        wanted = self._model.is_wanted(index.row())
        painter.setPen(self._theme.colour("text" if wanted else "secondary"))
        if index.column() == 2:
            painter.setFont(figures(option.font))
            painter.drawText(
                area.adjusted(0, 0, -12, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                str(index.data()),
            )
            return
        kind = self._model.kind(index.row())
        side = round(option.fontMetrics.height() * 0.7)
        left = area.left() + 12
        if not self._model.running:
            self._tick(painter, tick_of(option), wanted)
            left = tick_of(option).right() + 8
        where = QRectF(left, area.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("text" if wanted else "secondary"))
        painter.fillPath(emblem(kind, where), self._theme.colour((kind if wanted else "") or "secondary"))
        text = QRectF(left + side + 8, area.top(), area.right() - left - side - 12, area.height())
        name, room = str(index.data()), int(text.width())
        fits = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(option.font)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fits)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Tick a table by a click on its box, or by the space bar."""
        if index.column() != 0 or self._model.running:
            return super().editorEvent(event, model, option, index)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            if tick_of(option).adjusted(-6, -6, 6, 6).contains(event.position()):
                self._model.toggle(index.row())
                return True
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            self._model.toggle(index.row())
            return True
        return False

    def _tick(self, painter: QPainter, box: QRectF, wanted: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent" if wanted else "control_border"), 1))
        painter.setBrush(self._theme.colour("accent" if wanted else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        if wanted:
            painter.setPen(QPen(self._theme.colour("on_accent"), 1.6))
            x, y, side = box.x(), box.y(), box.width()
            corners = [
                QPointF(x + side * a, y + side * b) for a, b in ((0.24, 0.52), (0.43, 0.7), (0.76, 0.32))
            ]
            painter.drawPolyline(QPolygonF(corners))

    def _bar(self, painter: QPainter, area: QRectF, share: float) -> None:
        if not self._model.running:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(area.left() + 8, area.center().y() - 3, area.width() - 24, 6)
        painter.setBrush(self._theme.colour("border"))
        painter.drawRoundedRect(groove, 3, 3)
        if share > 0:
            painter.setBrush(self._theme.colour("accent"))
            groove.setWidth(max(6.0, groove.width() * share))
            painter.drawRoundedRect(groove, 3, 3)


def tick_of(option: QStyleOptionViewItem) -> QRectF:
    """Return where the box of a table is."""
    side = round(option.fontMetrics.height() * 0.8)
    area = QRectF(option.rect)
    return QRectF(area.left() + 12, area.center().y() - side / 2, side, side)


class RunTables(QTableView):
    """Show the tables of a run."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RunTablesModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Cells(theme, self.rows, self))
        self.setAccessibleName("Tables of this run")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setProperty("class", "framed")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self.viewport().update)
