"""A box to tick, painted in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from datagen_app.shell.theme import Theme

__all__ = ["Tick"]

_SIDE = 18.0


class Tick(QCheckBox):
    """A check box whose boundary can be seen in light and in dark."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self) -> QSize:
        """Be as large as the box and what stands beside it."""
        text = self.fontMetrics().horizontalAdvance(self.text()) + 8 if self.text() else 0
        return QSize(round(_SIDE) + 8 + text, max(round(_SIDE) + 8, self.fontMetrics().height()))

    def hitButton(self, pos: object) -> bool:
        """Take every click."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, its mark, and the text beside it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, state = self._theme, self.checkState()
        box = QRectF(4, (self.height() - _SIDE) / 2, _SIDE, _SIDE)
        ticked = state != Qt.CheckState.Unchecked
        painter.setPen(QPen(theme.colour("accent" if ticked else "control_border"), 1.25))
        painter.setBrush(theme.colour("accent" if ticked else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 6, 6)
        mark = QPen(theme.colour("on_accent"), 2)
        mark.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(mark)
        x, y = box.left(), box.top()
        if state == Qt.CheckState.Checked:
            painter.drawPolyline(
                [QPointF(x + 4.5, y + 9.5), QPointF(x + 7.8, y + 12.8), QPointF(x + 13.5, y + 5.8)]
            )
        elif ticked:
            painter.drawLine(QPointF(x + 5, y + 9), QPointF(x + 13, y + 9))
        if self.text():
            painter.setPen(theme.colour("text"))
            where = QRectF(box.right() + 8, 0, self.width(), self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
