"""Drag from a table's handle: onto another table to make it a child, onto the ground for a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from datagen_app.canvas.geometry import HEADER, WIDTH
from datagen_app.canvas.gestures.gesture import Pointer
from datagen_app.canvas.gestures.thread import paint_thread
from datagen_app.document.place import Place

if TYPE_CHECKING:
    from datagen_app.canvas.card import Card
    from datagen_app.canvas.editor import Editor

__all__ = ["ChildDrag"]


class ChildDrag:
    """Make a child table: its foreign key, parent, fanout and constraint are filled in.

    Parameters
    ----------
    editor
        What it is done with.
    start
        Where it began.
    card
        The parent's.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, editor: Editor, start: Pointer, card: Card) -> None:
        self._editor, self._card = editor, card
        self._now = start
        self._edit = editor.begin("Add child")
        self._over = Place()
        self._says = ""

    def move(self, to: Pointer) -> None:
        """Say what would come of dropping it here."""
        self._now = to
        over = self._editor.scene.card_at(to.scene)
        self._over = Place(over.key) if over is not None else Place()
        self._says = self._editor.describe_child(self._card, self._over)
        self._editor.canvas.viewport().update()

    def end(self) -> None:
        """Make the child."""
        self._editor.keep_child(self._edit, self._card, self._over, self._now.scene)
        self._editor.canvas.viewport().update()

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._edit.cancel()
        self._editor.canvas.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """Show a thick line to the pointer, and what would come of it."""
        card = self._card
        out = self._now.scene.x() > card.x + WIDTH / 2
        start = QPointF(card.x + (WIDTH if out else 0.0), card.y + HEADER / 2)
        paint_thread(painter, self._editor, start, self._now.view, self._says, self._over, width=2.4)
