"""One stage of an explanation: what it is, what it made of the value, and where the value lies among others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from datagen_app.preview.rows_header import paint_bars
from datagen_app.shell.fonts import figures, secondary, strong
from datagen_app.shell.theme import Theme

__all__ = ["StageCard", "paint_place"]

_CHART_LINES = 2.9
_MARGIN = 6.0
_GAP = 8.0
_WIDEST_LINES = 17


def paint_place(painter: QPainter, area: QRectF, chart: Mapping[str, Any], theme: Theme) -> None:
    """Paint the bars of a small distribution, and the place of one value among them."""
    counts = chart.get("counts") or []
    most = max(counts, default=0)
    if not most:
        return
    heights = [count / most for count in counts]
    paint_bars(painter, area, heights, theme.colour("control_border"))
    place = chart.get("place")
    if place is None:
        return
    accent = theme.colour("accent")
    wide = area.width() / len(counts)
    if chart.get("kind") == "words":
        own: Sequence[float] = [height if at == int(place) else 0.0 for at, height in enumerate(heights)]
        paint_bars(painter, area, own, accent)
        return
    x = area.left() + float(place) * (area.width() - wide) + wide / 2
    painter.setPen(QPen(accent, 2))
    painter.drawLine(QPointF(x, area.top() - 1), QPointF(x, area.bottom() + 1))


class StageCard(QAbstractButton):
    """Show a stage; a click goes to the place in the schema that says so."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.stage: Mapping[str, Any] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_stage(self, stage: Mapping[str, Any]) -> None:
        """Show a stage as the worker tells it."""
        self.stage = stage
        words = str(stage.get("words", ""))
        self.setAccessibleName(f"{stage.get('title', '')} {stage.get('says', '')}".strip())
        self.setAccessibleDescription(words)
        self.setToolTip(f"{words}\nClick to change it in its form.")
        self.updateGeometry()
        self.update()

    @property
    def _chart(self) -> Mapping[str, Any] | None:
        chart = self.stage.get("histogram")
        return chart if isinstance(chart, Mapping) and self.stage.get("kind") != "chance" else None

    @property
    def _quiet(self) -> bool:
        """Whether it left the value as it was."""
        return not self.stage.get("changed") and self.stage.get("kind") != "chance"

    def sizeHint(self) -> QSize:
        """Be as wide as the words, with room for the chart."""
        line = self.fontMetrics().height()
        title = self.fontMetrics().horizontalAdvance(str(self.stage.get("title", ""))) * 0.87
        says = self.fontMetrics().horizontalAdvance(str(self.stage.get("says", ""))) * 1.1
        wide = min(max(title, says), _WIDEST_LINES * line) + 2 * _MARGIN + 4
        if self._chart is not None:
            wide += _GAP + _CHART_LINES * line
        return QSize(round(wide), round(2.6 * line))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show no more that it can be pressed."""
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words and the chart."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected" if self.isDown() else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        inside = area.adjusted(_MARGIN, 0, -_MARGIN, 0)
        line = self.fontMetrics().height()
        if (chart := self._chart) is not None:
            wide = _CHART_LINES * line
            where = QRectF(inside.right() - wide, inside.center().y() - line * 0.85, wide, line * 1.7)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            paint_place(painter, where, chart, theme)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inside.setRight(where.left() - _GAP)
        self._paint_words(painter, inside, line)

    def _paint_words(self, painter: QPainter, area: QRectF, line: int) -> None:
        theme = self._theme
        top = area.center().y() - line * 1.02
        painter.setFont(secondary(self.font()))
        painter.setPen(theme.colour("secondary"))
        title = _fitting(painter, str(self.stage.get("title", "")), area.width())
        painter.drawText(QRectF(area.left(), top, area.width(), line), Qt.AlignmentFlag.AlignVCenter, title)
        font = figures(self.font() if self._quiet else strong(self.font()))
        painter.setFont(font)
        painter.setPen(theme.colour("secondary" if self._quiet else "text"))
        says = _fitting(painter, str(self.stage.get("says", "")), area.width())
        below = QRectF(area.left(), top + line, area.width(), line * 1.05)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, says)


def _fitting(painter: QPainter, text: str, width: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width) + 1)
