"""Bars to drag: one for each weight, with the keys of the keyboard as good as the mouse."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from datagen_app.inspector.editors.draggable import Draggable
from datagen_app.shell.fonts import figures, secondary
from datagen_app.shell.theme import Theme

__all__ = ["Bars", "nice_step"]

_ROOM = 1.18
"""The highest bar leaves so much room above it."""


def nice_step(top: float) -> float:
    """Return the step in which bars up to a height are dragged: a hundredth of its power of ten.

    Examples
    --------
    >>> nice_step(1.55), nice_step(12), nice_step(300)
    (0.01, 0.1, 1.0)
    """
    return float(10.0 ** (math.floor(math.log10(top)) - 2)) if top > 0 else 0.01


class Bars(Draggable):
    """Show weights as bars, and let each be dragged.

    Signals
    -------
    moved
        The bar that is dragged, and its new weight.
    stepped
        A bar was changed with a key, and its new weight.
    focused
        Another bar has the focus.
    """

    moved = Signal(int, float)
    stepped = Signal(int, float)
    focused = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.weights: list[float] = []
        self.labels: Sequence[str] = ()
        self.band: tuple[Sequence[int], float, float] | None = None
        """The bars that a target asks for, and between which heights."""
        self.normalised = False
        self._top = 1.0
        self._dragged: int | None = None
        self._hovered: int | None = None

    def show_weights(self, weights: Sequence[float], labels: Sequence[str]) -> None:
        """Show weights, each with what it belongs to."""
        self.weights, self.labels = [float(weight) for weight in weights], labels
        self.current = max(0, min(self.current, len(self.weights) - 1))
        highest = max([*self.weights, 0.0])
        if self.band is not None and math.isfinite(self.band[2]):
            highest = max(highest, self.band[2])
        if self._dragged is None:
            self._top = _ROOM * highest if highest > 0 else 1.0
        else:
            self._top = max(self._top, 1.04 * highest)
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        """Be as high as about eight lines."""
        return QSize(200, round(8.5 * self.fontMetrics().height()))

    # Where things are

    def _area(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(self.rect()).adjusted(1, line, -1, -line - 3)

    def bar(self, at: int) -> QRectF:
        """Return where a bar stands."""
        area, size = self._area(), max(1, len(self.weights))
        wide = area.width() / size
        gap = min(6.0, wide * 0.22)
        high = area.height() * self.weights[at] / self._top
        return QRectF(area.left() + at * wide + gap / 2, area.bottom() - high, wide - gap, high)

    def _index(self, x: float) -> int:
        area, size = self._area(), len(self.weights)
        return max(0, min(int((x - area.left()) / max(1.0, area.width()) * size), size - 1))

    def _weight(self, y: float) -> float:
        area = self._area()
        weight = (area.bottom() - y) / area.height() * self._top
        step = nice_step(self._top)
        return max(0.0, round(round(weight / step) * step, 10))

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a bar."""
        if event.button() != Qt.MouseButton.LeftButton or not self.weights:
            return
        self._go(self._index(event.position().x()))
        self._dragged = self.current
        self.begun.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if not self.weights:
            return
        if self._dragged is None:
            self._hovered = self._index(event.position().x())
            self.setCursor(Qt.CursorShape.SizeVerCursor)
            self.update()
        else:
            self.moved.emit(self._dragged, self._weight(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the bar under the pointer."""
        self._hovered = None
        self.update()

    def tip_at(self, where: QPointF) -> str:
        """Return the weight of the bar under the pointer."""
        return self.said(self._index(where.x())) if self.weights else ""

    # The keyboard

    def press(self, event: QKeyEvent) -> bool:
        """Go from bar to bar, and change the one with the focus; ten steps with Shift."""
        if not self.weights:
            return False
        key = event.key()
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key))
        up = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(key))
        if along is not None:
            self._go(self.current + along)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else len(self.weights) - 1)
        elif up is not None:
            ten = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = nice_step(self._top) * 5 * (10 if ten else 1)
            weight = max(0.0, round(self.weights[self.current] + up * step, 10))
            self.stepped.emit(self.current, weight)
        else:
            return False
        return True

    def _go(self, to: int) -> None:
        to = max(0, min(to, len(self.weights) - 1))
        if to != self.current:
            self.current = to
            self.focused.emit(to)
        self._say()
        self.update()

    def said(self, at: int) -> str:
        """Return what a bar says: what it belongs to, its weight and its share."""
        total = math.fsum(self.weights)
        share = 100 * self.weights[at] / total if total > 0 else 0.0
        label = self.labels[at] if at < len(self.labels) else str(at + 1)
        return f"{label}: {self.weights[at]:g}, {share:.1f} %"

    def announced(self) -> str:
        """Return what the bar with the focus says, and which of them it is."""
        return f"{self.said(self.current)}; {self.current + 1} of {len(self.weights)}" if self.weights else ""

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars."""
        if not self.weights:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures(secondary(self.font())))
        area = self._area()
        theme = self._theme
        if self.band is not None:
            self._paint_band(painter, area)
        mean = math.fsum(self.weights) / len(self.weights)
        if mean > 0:
            painter.setPen(QPen(theme.colour("control_border"), 1, Qt.PenStyle.DashLine))
            y = area.bottom() - area.height() * mean / self._top
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        metrics = painter.fontMetrics()
        total = math.fsum(self.weights) or 1.0
        figured = [f"{100 * w / total:.1f}" if self.normalised else f"{w:g}" for w in self.weights]
        all_figures = max(map(metrics.horizontalAdvance, figured)) + 2 <= area.width() / len(self.weights)
        marked = {self.current} if self.hasFocus() or self.dragging else set()
        marked |= {self._hovered} if self._hovered is not None else set()
        for at in range(len(self.weights)):
            self._paint_bar(painter, at, at in marked)
            if all_figures or at in marked:
                self._paint_figure(painter, at, figured[at], not all_figures)
        self._paint_labels(painter, area)

    def _paint_bar(self, painter: QPainter, at: int, marked: bool) -> None:
        theme, where = self._theme, self.bar(at)
        focused = at == self.current and (self.hasFocus() or self.dragging)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if focused else "control_border"))
        painter.setOpacity(1.0 if focused or marked else 0.6)
        painter.drawRoundedRect(where, 2, 2)
        painter.setOpacity(1.0)
        if where.width() >= 12:  # the handle
            painter.setBrush(theme.colour("text"))
            half = min(where.width() * 0.3, 8.0)
            middle = where.center().x()
            painter.drawRoundedRect(QRectF(middle - half, where.top() - 1.5, 2 * half, 3), 1.5, 1.5)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("text"), 1.5))
            painter.drawRoundedRect(where.adjusted(-1, -1, 1, 0), 2, 2)

    def _paint_figure(self, painter: QPainter, at: int, text: str, alone: bool) -> None:
        where = self.bar(at)
        line = painter.fontMetrics().height()
        wide = painter.fontMetrics().horizontalAdvance(text) + 4
        left = where.center().x() - wide / 2
        left = max(0.0, min(left, self.width() - wide))
        box = QRectF(left, where.top() - line - 2, wide, line)
        if alone:
            painter.fillRect(box, self._theme.colour("surface"))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_labels(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(self._theme.colour("secondary"))
        metrics, size = painter.fontMetrics(), len(self.weights)
        wide = area.width() / size
        short = [_short(label) for label in self.labels]
        room = max([metrics.horizontalAdvance(label) for label in short], default=0) + 4
        every = max(1, math.ceil(room / wide))
        if every > 1 and size == 24:
            every = next((step for step in (2, 3, 4, 6, 12) if step >= every), 12)
        line = metrics.height()
        for at in range(0, size, every):
            if at < len(short):
                left = area.left() + at * wide + (wide - room) / 2
                left = max(0.0, min(left, self.width() - room))
                box = QRectF(left, area.bottom() + 2, room, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, short[at])

    def _paint_band(self, painter: QPainter, area: QRectF) -> None:
        assert self.band is not None
        bars, low, high = self.band
        bars = [at for at in bars if at < len(self.weights)]
        if not bars:
            return
        left, right = self.bar(bars[0]).left() - 3, self.bar(bars[-1]).right() + 3
        top = area.bottom() - area.height() * min(high, self._top) / self._top
        bottom = area.bottom() - area.height() * min(low, self._top) / self._top
        colour = self._theme.colour("accent")
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(left, top), QPointF(right, top))
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
        colour.setAlphaF(0.14)
        painter.fillRect(QRectF(left, top, right - left, bottom - top), colour)


def _short(label: str) -> str:
    if label.endswith(":00") and len(label) == 5:
        return str(int(label[:2]))
    if label in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        return label[:3]
    if label in _MONTHS:
        return label[:3]
    return label if len(label) <= 9 else label[:8] + "…"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
