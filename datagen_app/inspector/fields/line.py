"""A line of text that belongs to the document: no undo of its own, and in the document after each pause."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

__all__ = ["PAUSE", "Line", "is_undo"]

PAUSE = 600
"""Milliseconds without a key after which what is typed goes into the document."""


def is_undo(event: QEvent) -> bool:
    """Whether a key is one of undo or redo."""
    if not isinstance(event, QKeyEvent):
        return False
    keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
    ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return (ctrl and event.key() == Qt.Key.Key_Y) or any(event.matches(key) for key in keys)


class Line(QLineEdit):
    """Let a line be edited.

    Signals
    -------
    said
        The text, after a pause, on leaving the field, or on Enter.
    """

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(PAUSE)
        self._clock.timeout.connect(self.commit)
        self.textEdited.connect(self._start)
        self.returnPressed.connect(self.commit)
        self.setMinimumWidth(24)

    @property
    def pending(self) -> bool:
        """Whether something is typed that has not been said."""
        return self.text() != self._shown

    def show_text(self, text: str) -> None:
        """Show what the document says, unless it is what is being typed."""
        if text == self._shown and self.pending:
            return  # the document still says what it said when typing began
        self._clock.stop()
        self._shown = text
        if self.text() != text:
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(place, len(text)) if self.hasFocus() else 0)

    def commit(self) -> None:
        """Say what is typed."""
        self._clock.stop()
        if self.pending:
            self._shown = self.text()
            self.said.emit(self._shown)

    def _start(self) -> None:
        self._clock.start()

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the document."""
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            self.commit()
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave undo and redo to the document; give up with Esc what is typed."""
        if is_undo(event):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape and self.pending:
            self._clock.stop()
            self.setText(self._shown)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say what is typed."""
        super().focusOutEvent(event)
        self.commit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the usual, without an undo of the field's own."""
        menu = self.createStandardContextMenu()
        for action in menu.actions()[:3]:  # undo, redo and the line below them
            menu.removeAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())
