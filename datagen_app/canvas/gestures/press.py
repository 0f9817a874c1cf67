"""A press that is not yet anything: a click if it is released where it was, otherwise a drag."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from datagen_app.canvas.gestures.gesture import Gesture, Pointer

__all__ = ["THRESHOLD", "Press"]

THRESHOLD = 4.0
"""Pixels that the pointer moves before a press is a drag; a hand is never quite still."""


class Press:
    """Wait for what a press becomes.

    Parameters
    ----------
    start
        Where the button was pressed.
    click
        Called when it is released there.
    drag
        Begins the gesture that it becomes when it is moved; none if nothing can be dragged here.
    """

    def __init__(
        self, start: Pointer, click: Callable[[], object], drag: Callable[[], Gesture | None] | None = None
    ) -> None:
        self._start, self._click, self._drag = start, click, drag
        self._became: Gesture | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """That of what it has become."""
        return self._became.cursor if self._became is not None else Qt.CursorShape.ArrowCursor

    @property
    def became(self) -> Gesture | None:
        """What it has become."""
        return self._became

    def move(self, to: Pointer) -> None:
        """Become a drag, or go on with it."""
        if self._became is None:
            moved = to.view - self._start.view
            if self._drag is None or max(abs(moved.x()), abs(moved.y())) < THRESHOLD:
                return
            self._became, self._drag = self._drag(), None
        if self._became is not None:
            self._became.move(to)

    def end(self) -> None:
        """End the drag, or click."""
        if self._became is not None:
            self._became.end()
        elif self._drag is not None:
            self._click()

    def cancel(self) -> None:
        """Take the drag back; a click that has not come about is none."""
        if self._became is not None:
            self._became.cancel()

    def paint(self, painter: QPainter) -> None:
        """Show the drag."""
        if self._became is not None:
            self._became.paint(painter)
