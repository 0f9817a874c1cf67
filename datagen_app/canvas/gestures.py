"""What the mouse does on the canvas: one object for each gesture, from press to release."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QGraphicsView

__all__ = ["Gesture", "Pan"]


class Gesture(Protocol):
    """Something that is going on between a press and a release of the mouse."""

    cursor: Qt.CursorShape
    """What the pointer looks like meanwhile."""

    def move(self, to: QPointF) -> None:
        """Follow the pointer."""

    def end(self) -> None:
        """Keep what was done."""

    def cancel(self) -> None:
        """Take back what was done."""


class Pan:
    """Move the diagram under the window."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: QGraphicsView, start: QPointF) -> None:
        self._across, self._down = view.horizontalScrollBar(), view.verticalScrollBar()
        self._start = start
        self._before = QPoint(self._across.value(), self._down.value())

    def move(self, to: QPointF) -> None:
        """Keep the point that was taken hold of under the pointer."""
        moved = (to - self._start).toPoint()
        self._across.setValue(self._before.x() - moved.x())
        self._down.setValue(self._before.y() - moved.y())

    def end(self) -> None:
        """Stay where it is."""

    def cancel(self) -> None:
        """Go back to where it was."""
        self.move(self._start)
