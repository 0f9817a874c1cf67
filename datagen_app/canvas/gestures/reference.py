"""Drag from a column's port to another table: one of them takes its values from the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from datagen_app.canvas.gestures.gesture import Pointer
from datagen_app.canvas.gestures.thread import paint_thread
from datagen_app.document.document import Column
from datagen_app.document.place import Place

if TYPE_CHECKING:
    from datagen_app.canvas.card import Card
    from datagen_app.canvas.editor import Editor

__all__ = ["ReferenceDrag"]


class ReferenceDrag:
    """Make a lookup.

    From a table's key, the other table gets a column that takes its values from there, or the column that it
    is dropped on does. From any other column, that column takes its values from where it is dropped: a
    column, or the key of a table.

    Parameters
    ----------
    editor
        What it is done with.
    start
        Where it began.
    card, column
        Whose port it began at.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, editor: Editor, start: Pointer, card: Card, column: Column) -> None:
        self._editor, self._card, self._column = editor, card, column
        self._now = start
        self._edit = editor.begin("Add reference")
        self._over: Place = Place()
        self._says = ""

    def move(self, to: Pointer) -> None:
        """Say what would come of dropping it here."""
        self._now = to
        self._over = self._editor.scene.place_at(to.scene)
        self._says = self._editor.describe_reference(self._from, self._over)
        self._editor.canvas.viewport().update()

    def end(self) -> None:
        """Make the reference."""
        self._editor.keep_reference(self._edit, self._from, self._over)
        self._editor.canvas.viewport().update()

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._edit.cancel()
        self._editor.canvas.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """Show a line to the pointer, and what would come of it."""
        frame = self._card.row_frame(self._column)
        out = self._now.scene.x() > frame.center().x()
        start = QPointF(frame.right() if out else frame.left(), frame.center().y())
        paint_thread(painter, self._editor, start, self._now.view, self._says, self._over)

    @property
    def _from(self) -> Place:
        return Place(self._card.key, self._column.key)
