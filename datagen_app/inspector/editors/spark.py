"""A small picture of values before and after a modifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from datagen_app.shell.fonts import secondary
from datagen_app.shell.theme import Theme

__all__ = ["Spark"]


class Spark(QWidget):
    """Bars of the values before, a line of those after, over the same range."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        self._before: Sequence[float] = ()
        self._after: Sequence[float] = ()
        self._ends = ("", "")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pair(self, pair: Mapping[str, Any]) -> None:
        """Show shares before and after, what stands at both ends, and say it."""
        self._before, self._after = pair.get("before", ()), pair.get("after", ())
        self._ends = (str(pair.get("low", "")), str(pair.get("high", "")))
        said = str(pair.get("said", ""))
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.update()

    def sizeHint(self) -> QSize:
        """Be a few lines high."""
        return QSize(120, round(2.6 * self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both."""
        if not self._before and not self._after:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(secondary(self.font()))
        line = painter.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(20, 2, -8, -line - 1)
        most = max([*self._before, *self._after, 1e-9])
        grey, accent = self._theme.colour("control_border"), self._theme.colour("accent")
        size = max(len(self._before), len(self._after))
        wide = area.width() / size
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(grey)
        painter.setOpacity(0.55)
        for at, share in enumerate(self._before):
            high = area.height() * share / most
            painter.drawRect(QRectF(area.left() + at * wide, area.bottom() - high, max(1.0, wide - 1), high))
        painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1.5))
        points = []
        for at, share in enumerate(self._after):
            y = area.bottom() - area.height() * share / most
            points += [QPointF(area.left() + at * wide, y), QPointF(area.left() + (at + 1) * wide, y)]
        painter.drawPolyline(points)
        painter.setPen(self._theme.colour("secondary"))
        below = QRectF(area.left(), area.bottom() + 1, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._ends[1])
