"""Windows on a line of time: to look at, and where they may be changed, to drag by their ends or as a whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QDate, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from datagen_app.inspector.editors.draggable import Draggable
from datagen_app.shell.fonts import secondary
from datagen_app.shell.theme import Theme

__all__ = ["Edge", "TimeRow", "Timeline"]

Edge = Literal["start", "end", "whole"]
_EDGES: tuple[Edge, ...] = ("start", "end", "whole")
_MOST_ROWS = 14
_GRIP = 6.0


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A window: what it is called, from when to when in days since 1970 (None: open), and what it does."""

    label: str
    start: float | None
    end: float | None
    text: str = ""


class Timeline(Draggable):
    """Show windows below one another.

    Signals
    -------
    moved
        The row, what of it is dragged (`start`, `end`, `whole`), and by how many days.
    stepped
        The row, what of it was moved with a key, and by how many days.
    focused
        Another row has the focus.
    """

    moved = Signal(int, str, float)
    stepped = Signal(int, str, float)
    focused = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.rows: Sequence[TimeRow] = ()
        self.low, self.high = 0.0, 1.0
        self.editable = False
        self.edge: Edge = "whole"
        self._dragged: tuple[int, Edge, float] | None = None

    def show_rows(self, rows: Sequence[TimeRow], low: float, high: float, editable: bool) -> None:
        """Show windows between two days."""
        grown = len(rows) != len(self.rows)
        self.rows, self.editable = rows[:_MOST_ROWS], editable
        if not self.dragging:
            self.low, self.high = low, max(high, low + 1)
        self.current = max(0, min(self.current, len(self.rows) - 1))
        if grown:
            self.updateGeometry()
        self._say()
        self.update()

    def _line(self) -> float:
        return float(self.fontMetrics().height())

    def _row_height(self) -> float:
        return max(14.0, self._line() * (1.35 if len(self.rows) <= 4 else 1.05))

    def sizeHint(self) -> QSize:
        """Be as high as the rows and the months below them."""
        rows = max(1, len(self.rows))
        return QSize(200, math.ceil(rows * self._row_height() + self._line() + 8))

    # Where things are

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(4, 2, -4, -self._line() - 4)

    def x_of(self, days: float) -> float:
        """Return where a day lies, in pixels."""
        area = self._area()
        return area.left() + area.width() * (days - self.low) / (self.high - self.low)

    def bar(self, at: int) -> QRectF:
        """Return where a window is."""
        row, area, high = self.rows[at], self._area(), self._row_height()
        left = area.left() if row.start is None else min(max(self.x_of(row.start), area.left()), area.right())
        right = area.right() if row.end is None else min(max(self.x_of(row.end), area.left()), area.right())
        return QRectF(left, area.top() + at * high + 1, max(3.0, right - left), high - 3)

    def _at(self, where: QPointF) -> tuple[int, Edge] | None:
        at = int((where.y() - self._area().top()) / self._row_height())
        if not 0 <= at < len(self.rows):
            return None
        bar = self.bar(at)
        narrow = bar.width() < 3 * _GRIP
        if not narrow and abs(where.x() - bar.left()) <= _GRIP:
            return at, "start"
        if not narrow and abs(where.x() - bar.right()) <= _GRIP:
            return at, "end"
        if bar.adjusted(-_GRIP, 0, _GRIP, 0).contains(where):
            if narrow and where.x() > bar.right():
                return at, "end"
            return at, "start" if narrow and where.x() < bar.left() else "whole"
        return None

    def _days(self, pixels: float) -> float:
        return pixels / max(1.0, self._area().width()) * (self.high - self.low)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a window, and take hold of it where it may be changed."""
        found = self._at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or found is None:
            return
        self._go(found[0], found[1])
        if self.editable:
            self._dragged = (*found, event.position().x())
            self.begun.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._dragged is not None:
            at, edge, from_x = self._dragged
            self.moved.emit(at, edge, self._days(event.position().x() - from_x))
            return
        found = self._at(event.position())
        shape = Qt.CursorShape.ArrowCursor
        if found is not None and self.editable:
            shape = Qt.CursorShape.SizeAllCursor if found[1] == "whole" else Qt.CursorShape.SizeHorCursor
        self.setCursor(shape)

    def tip_at(self, where: QPointF) -> str:
        """Return what the window under the pointer is."""
        found = self._at(where)
        return "" if found is None else self.said(found[0])

    # The keyboard

    def press(self, event: QKeyEvent) -> bool:
        """Go through the windows with ↑ ↓, through their ends with Space, and move them with ← →."""
        if not self.rows:
            return False
        key = event.key()
        along = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}.get(Qt.Key(key))
        other = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if other is not None:
            self._go(max(0, min(self.current + other, len(self.rows) - 1)), self.edge)
        elif key == Qt.Key.Key_Space:
            self._go(self.current, _EDGES[(_EDGES.index(self.edge) + 1) % len(_EDGES)])
        elif along is not None and self.editable:
            ten = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(self.current, self.edge, along * (10 if ten else 1))
        else:
            return False
        return True

    def _go(self, at: int, edge: Edge) -> None:
        self.edge = edge
        if at != self.current:
            self.current = at
            self.focused.emit(at)
        self._say()
        self.update()

    def said(self, at: int) -> str:
        """Return what a window says."""
        row = self.rows[at]
        start = "always" if row.start is None else _day(row.start)
        end = "open" if row.end is None else _day(row.end)
        return f"{row.label}: {start} to {end}" + (f", {row.text}" if row.text else "")

    def announced(self) -> str:
        """Return what the window with the focus says, and what the arrow keys move of it."""
        if not self.rows:
            return ""
        edge = {"start": "its start", "end": "its end", "whole": "the whole of it"}[self.edge]
        said = f"{self.said(self.current)}; {self.current + 1} of {len(self.rows)}"
        return f"{said}; the arrow keys move {edge}" if self.editable else said

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint months and windows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(secondary(self.font()))
        area, theme = self._area(), self._theme
        self._paint_months(painter, area)
        for at, row in enumerate(self.rows):
            bar = self.bar(at)
            focused = at == self.current and self.hasFocus()
            colour = theme.colour("accent" if focused or self.editable else "secondary")
            painter.setPen(QPen(theme.colour("text") if focused else colour, 1.5 if focused else 1))
            fill = theme.colour("accent" if focused or self.editable else "secondary")
            fill.setAlphaF(0.35)
            painter.setBrush(fill)
            painter.drawRoundedRect(bar, 3, 3)
            if focused and self.editable:
                painter.setPen(QPen(theme.colour("text"), 3))
                if self.edge in ("start", "whole"):
                    painter.drawLine(bar.topLeft() + QPointF(0, 3), bar.bottomLeft() - QPointF(0, 3))
                if self.edge in ("end", "whole"):
                    painter.drawLine(bar.topRight() + QPointF(0, 3), bar.bottomRight() - QPointF(0, 3))
            self._paint_text(painter, area, bar, row)

    def _paint_text(self, painter: QPainter, area: QRectF, bar: QRectF, row: TimeRow) -> None:
        text = f"{row.label}  {row.text}" if row.text else row.label
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(text) + 8
        painter.setPen(self._theme.colour("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right, left = area.right() - bar.right(), bar.left() - area.left()
        if wide <= bar.width():
            painter.drawText(bar.adjusted(4, 0, 0, 0), flags, text)
            return
        room = max(right, left)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room) - 8)
        if right >= left:
            painter.drawText(QRectF(bar.right() + 5, bar.top(), right, bar.height()), flags, text)
        else:
            box = QRectF(area.left(), bar.top(), left - 5, bar.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def _paint_months(self, painter: QPainter, area: QRectF) -> None:
        theme, line = self._theme, self._line()
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        used = -100.0
        for days, text in _marks(self.low, self.high):
            x = self.x_of(days)
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            wide = painter.fontMetrics().horizontalAdvance(text) + 8
            if x >= used and x + wide <= self.width():
                painter.setPen(theme.colour("secondary"))
                box = QRectF(x, area.bottom() + 2, wide, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, text)
                used = x + wide


def _day(days: float) -> str:
    return QDate(1970, 1, 1).addDays(math.floor(days)).toString(Qt.DateFormat.ISODate)


def _marks(low: float, high: float) -> list[tuple[float, str]]:
    """Return the marks below a line of time: years, months or days, as there is room."""
    epoch = QDate(1970, 1, 1)
    first, size = epoch.addDays(math.floor(low)), high - low
    found: list[tuple[float, str]] = []
    if size <= 40:
        step = 7 if size > 10 else 1
        day = first
        while epoch.daysTo(day) <= high and len(found) < 60:
            found.append((float(epoch.daysTo(day)), day.toString("d MMM")))
            day = day.addDays(step)
        return found
    months = 1 if size <= 800 else 12 if size <= 12 * 800 else 120
    day = QDate(first.year(), first.month(), 1) if months == 1 else QDate(first.year(), 1, 1)
    while epoch.daysTo(day) <= high and len(found) < 60:
        if epoch.daysTo(day) >= low:
            text = day.toString("MMM") if months == 1 else str(day.year())
            found.append((float(epoch.daysTo(day)), text))
        day = day.addMonths(months)
    return found
