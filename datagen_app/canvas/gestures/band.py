"""Draw a band around cards, notes and groups to select them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from datagen_app.canvas.gestures.gesture import Pointer
from datagen_app.canvas.margins import frame_of
from datagen_app.document.place import Place

if TYPE_CHECKING:
    from datagen_app.canvas.editor import Editor

__all__ = ["Band"]

_FILL = 0.12


class Band:
    """Select what a band touches.

    Parameters
    ----------
    editor
        What it is done with.
    start
        Where the band begins. With Shift or Ctrl what was selected stays so.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, editor: Editor, start: Pointer) -> None:
        self._editor = editor
        self._start = self._now = start
        self._before = tuple(editor.selection.places)
        self._marked = tuple(editor.scene.marked)
        self._chosen = self._before
        self._kept = self._before if start.adds else ()
        self._kept_marks = self._marked if start.adds else ()

    def move(self, to: Pointer) -> None:
        """Show what the band touches now."""
        self._now = to
        scene = self._editor.scene
        area = QRectF(self._start.scene, to.scene).normalized()
        touched = [Place(card.key) for card in scene.cards_in(area)]
        # A group is chosen when all of it is inside: around it, or a band within it would always mean it too.
        marks = [
            one
            for one in scene.annotations
            if (area.contains(frame_of(one)) if one.kind == "group" else area.intersects(frame_of(one)))
        ]
        self._chosen = tuple(dict.fromkeys((*self._kept, *touched)))
        self._editor.show_choice(self._chosen, [*self._kept_marks, *marks])

    def end(self) -> None:
        """Select what the band touches."""
        self._editor.choose(self._chosen, self._editor.scene.marked)

    def cancel(self) -> None:
        """Leave selected what was."""
        self._editor.show_choice(self._before, self._marked)

    def paint(self, painter: QPainter) -> None:
        """Show the band."""
        area = QRectF(self._editor.canvas.from_scene(self._start.scene), self._now.view).normalized()
        accent = QColor(self._editor.scene.ink.colour("accent"))
        painter.setPen(QPen(accent, 1))
        accent.setAlphaF(_FILL)
        painter.setBrush(accent)
        painter.drawRect(area)
