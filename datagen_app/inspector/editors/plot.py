"""The density of a distribution, with its parameters and its clamp as handles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from datagen_app.inspector.densities import Curve
from datagen_app.inspector.editors.draggable import Draggable
from datagen_app.shell.fonts import figures, secondary
from datagen_app.shell.theme import Theme

__all__ = ["Knob", "Plot", "ticks"]

_REACH = 9.0
"""Pixels around a handle within which the mouse takes hold of it."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A handle: what it is called, where it is, and whether it is an end of the clamp."""

    title: str
    x: float
    end: bool = False


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round values between two.

    Examples
    --------
    >>> ticks(0, 100), ticks(0.2, 0.9, 4)
    ([0, 20, 40, 60, 80, 100], [0.2, 0.4, 0.6, 0.8])
    """
    size = high - low
    if size <= 0 or not math.isfinite(size):
        return []
    rough = size / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    found = [round(at * step, 12) for at in range(first, math.floor(high / step + 1e-9) + 1)]
    return [int(value) if float(value).is_integer() else value for value in found]


class Plot(Draggable):
    """Show a density, and let its handles be dragged.

    Signals
    -------
    moved
        The handle that is dragged, and the value it is at.
    stepped
        A handle was moved with a key, and the value it is at.
    """

    moved = Signal(int, float)
    stepped = Signal(int, float)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.curve: Curve | None = None
        self.low, self.high = 0.0, 1.0
        self.clamp: tuple[float | None, float | None] = (None, None)
        self.knobs: Sequence[Knob] = ()
        self._dragged: int | None = None
        self._hovered: int | None = None

    def show_curve(
        self,
        curve: Curve | None,
        ends: tuple[float, float],
        clamp: tuple[float | None, float | None],
        knobs: Sequence[Knob],
    ) -> None:
        """Show a density between two values, its clamp, and its handles."""
        self.curve, (self.low, self.high) = curve, ends
        self.clamp, self.knobs = clamp, knobs
        self.current = max(0, min(self.current, len(knobs) - 1))
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        """Be as high as about nine lines."""
        return QSize(200, round(9 * self.fontMetrics().height()))

    def _area(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(self.rect()).adjusted(6, line, -6, -line - 12)

    def x_of(self, value: float) -> float:
        """Return where a value lies, in pixels."""
        area = self._area()
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return area.left() + area.width() * min(1.0, max(0.0, share))

    def value_at(self, x: float) -> float:
        """Return the value at a pixel."""
        area = self._area()
        return self.low + (x - area.left()) / max(1.0, area.width()) * (self.high - self.low)

    def knob_at(self, at: int) -> QPointF:
        """Return where a handle is taken hold of: those of the clamp below the axis, the others above it."""
        area, knob = self._area(), self.knobs[at]
        y = area.bottom() + 6 if knob.end else area.bottom() - 0.42 * area.height() - 16 * (at % 2)
        return QPointF(self.x_of(knob.x), y)

    def _nearest(self, where: QPointF) -> int | None:
        reach = [
            (math.hypot(self.knob_at(at).x() - where.x(), 0.6 * (self.knob_at(at).y() - where.y())), at)
            for at in range(len(self.knobs))
        ]
        near = [each for each in reach if each[0] <= 2 * _REACH]
        return min(near)[1] if near else None

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a handle."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = self._nearest(event.position())
        if at is not None:
            self.current = self._dragged = at
            self._say()
            self.begun.emit()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._dragged is not None:
            self.moved.emit(self._dragged, self.value_at(event.position().x()))
            return
        self._hovered = self._nearest(event.position())
        shape = Qt.CursorShape.ArrowCursor if self._hovered is None else Qt.CursorShape.SizeHorCursor
        self.setCursor(shape)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the handle under the pointer."""
        self._hovered = None
        self.update()

    def tip_at(self, where: QPointF) -> str:
        """Return what the handle under the pointer is."""
        at = self._nearest(where)
        return "" if at is None else self.said(at)

    # The keyboard

    def press(self, event: QKeyEvent) -> bool:
        """Go from handle to handle with ↑ ↓, and move the one with the focus; ten steps with Shift."""
        if not self.knobs:
            return False
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        other = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if along is not None:
            ten = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = (self.high - self.low) / 200 * (10 if ten else 1)
            self.stepped.emit(self.current, self.knobs[self.current].x + along * step)
        elif other is not None:
            self.current = (self.current + other) % len(self.knobs)
            self._say()
            self.update()
        else:
            return False
        return True

    def said(self, at: int) -> str:
        """Return what a handle says."""
        return f"{self.knobs[at].title}: {self.knobs[at].x:.4g}"

    def announced(self) -> str:
        """Return what the handle with the focus says, and which of them it is."""
        return (
            f"{self.said(self.current)}; handle {self.current + 1} of {len(self.knobs)}" if self.knobs else ""
        )

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the density."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures(secondary(self.font())))
        area = self._area()
        theme = self._theme
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._paint_ticks(painter, area)
        if self.curve is not None:
            self._paint_curve(painter, area, self.curve)
        for at in range(len(self.knobs)):
            self._paint_knob(painter, area, at)
        marked = self._dragged if self._dragged is not None else self._hovered
        if marked is None and self.hasFocus() and self.knobs:
            marked = self.current
        if marked is not None and marked < len(self.knobs):
            painter.setPen(theme.colour("text"))
            text = self.said(marked)
            wide = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(max(0.0, self.x_of(self.knobs[marked].x) - wide / 2), self.width() - wide)
            line = painter.fontMetrics().height()
            painter.drawText(QRectF(left, 0, wide, line), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_curve(self, painter: QPainter, area: QRectF, curve: Curve) -> None:
        finite = sorted(curve.y)
        # A density may have a pole: what is far above the rest is cut off.
        most = finite[-1] if finite else 0.0
        if len(finite) > 20 and most > 6 * finite[int(0.97 * len(finite))] > 0:
            most = 3 * finite[int(0.97 * len(finite))]
        if most <= 0:
            return
        low = -math.inf if self.clamp[0] is None else self.clamp[0]
        high = math.inf if self.clamp[1] is None else self.clamp[1]
        accent, grey = self._theme.colour("accent"), self._theme.colour("control_border")
        if curve.bars:
            wide = max(2.0, min(24.0, 0.72 * area.width() / max(1.0, self.high - self.low)))
            painter.setPen(Qt.PenStyle.NoPen)
            for x, y in zip(curve.x, curve.y, strict=True):
                tall = area.height() * min(1.0, y / most)
                painter.setBrush(accent if low <= x <= high else grey)
                painter.setOpacity(0.55 if low <= x <= high else 0.3)
                painter.drawRect(QRectF(self.x_of(x) - wide / 2, area.bottom() - tall, wide, tall))
            painter.setOpacity(1.0)
            return
        points = [
            QPointF(self.x_of(x), area.bottom() - area.height() * min(1.0, y / most))
            for x, y in zip(curve.x, curve.y, strict=True)
        ]
        shape = QPolygonF(
            [QPointF(points[0].x(), area.bottom()), *points, QPointF(points[-1].x(), area.bottom())]
        )
        path = QPainterPath()
        path.addPolygon(shape)
        inside = QRectF(QPointF(self.x_of(max(low, self.low)), area.top() - 4), area.bottomRight())
        inside.setRight(self.x_of(min(high, self.high)))
        painter.save()
        painter.setOpacity(0.16)
        painter.fillPath(path, grey)
        painter.setClipRect(inside)
        painter.setOpacity(0.24)
        painter.fillPath(path, accent)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolyline(points)

    def _paint_ticks(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(self._theme.colour("secondary"))
        line = painter.fontMetrics().height()
        for value in ticks(self.low, self.high, 4):
            text = _tick(value)
            wide = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(max(0.0, self.x_of(value) - wide / 2), self.width() - wide)
            box = QRectF(left, area.bottom() + 12, wide, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_knob(self, painter: QPainter, area: QRectF, at: int) -> None:
        knob, where = self.knobs[at], self.knob_at(at)
        theme = self._theme
        focused = at == self.current and (self.hasFocus() or self.dragging)
        ink = theme.colour("text" if not knob.end else "secondary")
        beyond = not self.low <= knob.x <= self.high
        pen = QPen(theme.colour("accent") if focused else ink, 1.5)
        if knob.end:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(
            QPointF(where.x(), area.top()), QPointF(where.x(), area.bottom() + (4 if knob.end else 0))
        )
        painter.setPen(QPen(theme.colour("surface"), 1.5))
        painter.setBrush(theme.colour("accent") if focused else ink)
        if knob.end:
            side = 1 if beyond and knob.x > self.high else -1 if beyond else 0
            if side:  # an arrow: the end lies further out
                tip = where.x() + 6 * side
                arrow = [QPointF(tip, where.y()), QPointF(where.x() - 4 * side, where.y() - 5)]
                painter.drawPolygon(QPolygonF([*arrow, QPointF(where.x() - 4 * side, where.y() + 5)]))
            else:
                triangle = [QPointF(where.x(), where.y() - 6), QPointF(where.x() - 6, where.y() + 5)]
                painter.drawPolygon(QPolygonF([*triangle, QPointF(where.x() + 6, where.y() + 5)]))
        else:
            painter.drawEllipse(where, 6, 6)


def _tick(value: float) -> str:
    size = abs(value)
    for power, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if size >= power:
            return f"{value / (power if power != 1e4 else 1e3):g} {letter}"
    return f"{value:g}"
