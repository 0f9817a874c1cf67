"""The header of the preview: what each column is, the shape of its values, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from datagen_app.document.place import Place
from datagen_app.preview.rows_model import RowsModel, ShownColumn
from datagen_app.shell.fonts import secondary, strong
from datagen_app.shell.icons import paint_icon
from datagen_app.shell.signs import Sign, paint_sign
from datagen_app.shell.theme import Theme

__all__ = ["RowsHeader", "paint_bars"]

_MARGIN = 8.0


def paint_bars(painter: QPainter, area: QRectF, heights: Sequence[float], colour: QColor) -> None:
    """Paint small bars that fill an area; the highest height is 1."""
    if not heights:
        return
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    wide = area.width() / len(heights)
    for at, height in enumerate(heights):
        if height > 0:
            high = max(1.0, area.height() * height)
            left = area.left() + at * wide
            painter.drawRect(QRectF(left, area.bottom() - high, max(1.0, wide - 1.0), high))
    painter.restore()


class RowsHeader(QHeaderView):
    """Paint the name of a column with its generator, and below them its shape, its type and its nulls."""

    def __init__(self, theme: Theme, rows: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme, self._rows = theme, rows
        self._shapes: Mapping[Place, Sequence[float]] = {}
        self._signs: Mapping[Place, Sign] = {}
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName("Columns")
        theme.changed.connect(self.viewport().update)

    def show_shapes(self, shapes: Mapping[Place, Sequence[float]]) -> None:
        """Show the shapes of the columns' values: of each the heights of some bars, the highest 1."""
        self._shapes = shapes
        self.viewport().update()

    def show_signs(self, signs: Mapping[Place, Sign]) -> None:
        """Show what the checks find wrong: a column may be drawn all the same."""
        self._signs = signs
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Be two lines high."""
        return QSize(super().sizeHint().width(), round(2.75 * self.fontMetrics().height()))

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def wanted_width(self, column: ShownColumn) -> int:
        """Return how wide a column must be for its name."""
        metrics = self.fontMetrics()
        icon = metrics.height() if column.is_key or column.is_reference else 0
        name = metrics.horizontalAdvance(column.name) * 1.08
        word = metrics.horizontalAdvance(column.word) * 0.85
        return round(name + word + icon + 3.5 * _MARGIN)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        """Paint the header of a column."""
        if not rect.isValid() or not 0 <= index < len(self._rows.columns):
            return
        column, theme = self._rows.columns[index], self._theme
        painter.save()
        area = QRectF(rect)
        painter.fillRect(area, theme.colour("surface"))
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QPen(theme.colour("grid"), 1))
        painter.drawLine(area.topRight(), area.bottomRight())
        inside = area.adjusted(_MARGIN, 4, -_MARGIN, -4)
        line = self.fontMetrics().height()
        self._paint_name(painter, column, QRectF(inside.left(), inside.top(), inside.width(), line))
        below = QRectF(inside.left(), inside.top() + line + 3, inside.width(), inside.height() - line - 3)
        self._paint_facts(painter, column, below)
        painter.restore()

    def _paint_name(self, painter: QPainter, column: ShownColumn, area: QRectF) -> None:
        theme = self._theme
        left = area.left()
        if column.error:
            side = area.height() * 0.9
            paint_sign(
                painter, "error", QRectF(left, area.center().y() - side / 2, side, side), theme.palette
            )
            left += side + 5
        elif column.is_key or column.is_reference:
            side = area.height() * 0.85
            where = QRectF(left, area.center().y() - side / 2, side, side)
            paint_icon(painter, "key" if column.is_key else "reference", theme.palette.secondary, where)
            left += side + 4
        painter.setFont(strong(self.font()))
        metrics = painter.fontMetrics()
        room = area.right() - left
        name = metrics.elidedText(column.name, Qt.TextElideMode.ElideRight, int(room))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, name)
        left += metrics.horizontalAdvance(name) + 6
        painter.setFont(secondary(self.font()))
        room = area.right() - left
        if room > 2 * area.height() or painter.fontMetrics().horizontalAdvance(column.word) <= room:
            word = painter.fontMetrics().elidedText(column.word, Qt.TextElideMode.ElideRight, int(room))
            painter.setPen(theme.colour("secondary"))
            painter.drawText(
                QRectF(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, word
            )

    def _paint_facts(self, painter: QPainter, column: ShownColumn, area: QRectF) -> None:
        theme = self._theme
        said = f"{column.type} · null" if column.nullable else column.type
        painter.setFont(secondary(self.font()))
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(said)
        shape = self._shapes.get(column.place, ())
        if shape:
            across = min(area.width() - wide - 10, 6.0 * area.height())
            if across >= 2 * area.height():
                bars = QRectF(area.left(), area.top() + 1, across, area.height() - 2)
                paint_bars(painter, bars, shape, theme.colour("control_border"))
        if wide <= area.width():
            painter.setPen(theme.colour("secondary"))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, said)
