"""What a gesture is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

__all__ = ["Gesture", "Pointer"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is.

    Attributes
    ----------
    view
        In pixels of the view.
    scene
        In units of the diagram.
    modifiers
        The keys that are held.
    """

    view: QPointF
    scene: QPointF
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def adds(self) -> bool:
        """Whether what is chosen joins what is selected already."""
        return bool(
            self.modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        )

    @property
    def free(self) -> bool:
        """Whether things are put where the pointer is, not drawn into line with others."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)


class Gesture(Protocol):
    """Something that is going on between a press and a release of the mouse."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """What the pointer looks like meanwhile."""

    def move(self, to: Pointer) -> None:
        """Follow the pointer."""

    def end(self) -> None:
        """Keep what was done."""

    def cancel(self) -> None:
        """Take back what was done."""

    def paint(self, painter: QPainter) -> None:
        """Show what is going on; the painter draws in pixels of the view."""
