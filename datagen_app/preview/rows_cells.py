"""How a cell of the preview is painted: nulls apart, changes marked, references with a way to where they lead."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from datagen_app.preview.rows_model import CHANGED, NULL, STALE, TARGET, Index
from datagen_app.shell.icons import paint_icon
from datagen_app.shell.theme import Theme

__all__ = ["RowsCells", "door"]

_MARGIN = 8


def door(area: QRect) -> QRect:
    """Return where in a cell the arrow to the row that a reference reads stands."""
    side = min(area.height(), 22)
    return QRect(area.right() - side, area.center().y() - side // 2, side, side)


class RowsCells(QStyledItemDelegate):
    """Paint the cells.

    `glow` is how strongly changed cells are lit (0 to 1); `marked` whether they have a mark in their margin instead.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.glow = 0.0
        self.marked = False
        self.hovered: QPoint | None = None
        """The row and column under the pointer."""
        self.explained: QPoint | None = None
        """The row and column whose value is explained."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        metrics = option.fontMetrics
        return QSize(metrics.horizontalAdvance(str(index.data())) + 2 * _MARGIN + 4, metrics.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        theme, area = self._theme, QRect(option.rect)
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
        if index.data(CHANGED):
            self._paint_change(painter, area)
        hovered = self.hovered == QPoint(index.row(), index.column())
        arrow = (hovered or current) and index.data(TARGET) is not None
        text = area.adjusted(_MARGIN, 0, -_MARGIN, 0)
        if arrow:
            where = door(area)
            paint_icon(painter, "reference", theme.palette.accent, QRectF(where).adjusted(3, 3, -3, -3))
            text.setRight(where.left())
        if index.data(NULL):
            font = option.font
            font.setItalic(True)
            painter.setFont(font)
            painter.setPen(theme.colour("secondary"))
        else:
            painter.setFont(option.font)
            painter.setPen(theme.colour("secondary" if index.data(STALE) else "text"))
        fits = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), fits)
        if current or self.explained == QPoint(index.row(), index.column()):
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(1, 1, -1.5, -1.5))

    def _paint_change(self, painter: QPainter, area: QRect) -> None:
        accent = self._theme.colour("accent")
        if self.marked:
            painter.fillRect(QRect(area.left(), area.top() + 2, 3, area.height() - 4), accent)
        elif self.glow > 0:
            accent.setAlphaF(0.30 * self.glow)
            painter.fillRect(area, accent)
