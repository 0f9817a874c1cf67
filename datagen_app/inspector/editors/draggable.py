"""What can be dragged in a drawing, with the keyboard as good as the mouse: what all such editors share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from datagen_app.shell.theme import Theme

__all__ = ["Draggable"]


class Draggable(QWidget):
    """Paint things of which one has the focus, and let one at a time be dragged; Esc gives a drag up.

    Each kind of drawing says what is under the pointer and what the thing with the focus says, and sets
    `_dragged` while something is dragged.

    Signals
    -------
    begun
        A drag has begun.
    ended
        The drag is over; what it led to holds.
    cancelled
        The drag was given up.
    """

    begun = Signal()
    ended = Signal()
    cancelled = Signal()

    _dragged: object | None = None

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def dragging(self) -> bool:
        """Whether something is being dragged."""
        return self._dragged is not None

    def tip_at(self, where: QPointF) -> str:
        """Return what the thing under the pointer says; nothing where there is none."""
        raise NotImplementedError  # each drawing knows its own

    def announced(self) -> str:
        """Return what the thing with the focus says to who cannot see it; nothing where there is none."""
        raise NotImplementedError  # each drawing knows its own

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        if self.dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = None
            self.ended.emit()
            self.update()

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer; keep Esc while something is dragged."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._gives_up(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give a drag up with Esc; until it ends no other key does anything here."""
        if self._gives_up(event):
            self._dragged = None
            self.cancelled.emit()
            self.update()
        elif self.dragging or not self.press(event):
            super().keyPressEvent(event)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key does; return whether it does anything."""
        raise NotImplementedError  # each drawing knows its own

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show what has the focus."""
        super().focusInEvent(event)
        self._say()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        super().focusOutEvent(event)
        self.update()

    def _gives_up(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.dragging

    def _say(self) -> None:
        said = self.announced()
        if said and said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
