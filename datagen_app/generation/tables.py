"""The tables of a run: how many rows each will have, and how many are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
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

    @property
    def share(self) -> float:
        return 1.0 if not self.rows else min(1.0, self.written / self.rows)


class RunTablesModel(QAbstractTableModel):
    """List tables with their rows; the share that is written is in `UserRole`."""

    HEADERS = ("Table", "Progress", "Rows")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._number: dict[str, int] = {}
        self.running = False

    def set_document(self, document: Document) -> None:
        """List the tables of a document."""
        self.beginResetModel()
        self._rows = [_Row(table.id, table.kind) for table in document.tables]
        self._number = {row.table: at for at, row in enumerate(self._rows)}
        self.endResetModel()

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
            return "…" if row.rows is None else rows_word(row.rows, row.exact)
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
        painter.setPen(self._theme.colour("text"))
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
        where = QRectF(area.left() + 12, area.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(emblem(kind, where), self._theme.colour(kind or "secondary"))
        text = area.adjusted(12 + side + 8, 0, -4, 0)
        name, room = str(index.data()), int(text.width())
        fits = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(option.font)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fits)

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


class RunTables(QTableView):
    """Show the tables of a run."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RunTablesModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Cells(theme, self.rows, self))
        self.setAccessibleName("Tables of this run")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setProperty("class", "framed")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self.viewport().update)
