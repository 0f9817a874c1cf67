"""Move the diagram under the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsView

from datagen_app.canvas.gestures.gesture import Pointer

__all__ = ["Pan"]


class Pan:
    """Move the diagram under the window.

    Parameters
    ----------
    view
        The window onto the diagram.
    start
        Where it was taken hold of, in pixels of the view.
    """

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: QGraphicsView, start: QPointF) -> None:
        self._across, self._down = view.horizontalScrollBar(), view.verticalScrollBar()
        self._start = start
        self._before = QPoint(self._across.value(), self._down.value())

    def move(self, to: Pointer) -> None:
        """Keep the point that was taken hold of under the pointer."""
        moved = (to.view - self._start).toPoint()
        self._across.setValue(self._before.x() - moved.x())
        self._down.setValue(self._before.y() - moved.y())

    def end(self) -> None:
        """Stay where it is."""

    def cancel(self) -> None:
        """Go back to where it was."""
        self._across.setValue(self._before.x())
        self._down.setValue(self._before.y())

    def paint(self, painter: QPainter) -> None:
        """Show nothing: the diagram itself moves."""
