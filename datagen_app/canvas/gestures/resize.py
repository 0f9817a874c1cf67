"""Change how large a note or a group is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from datagen_app.canvas.annotations import SMALLEST, Annotation
from datagen_app.canvas.gestures.gesture import Pointer
from datagen_app.document.steps.layout import snapped

if TYPE_CHECKING:
    from datagen_app.canvas.editor import Editor

__all__ = ["Resize"]


class Resize:
    """Draw the lower right corner of a note or group to where it is wanted.

    Parameters
    ----------
    editor
        What it is done with.
    start
        Where the corner was taken hold of.
    annotation
        Whose corner it is.
    """

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, editor: Editor, start: Pointer, annotation: Annotation) -> None:
        self._editor, self._start, self._annotation = editor, start, annotation
        self._width, self._height = annotation.width, annotation.height
        self._edit = editor.begin("Resize")

    def move(self, to: Pointer) -> None:
        """Be so large that the corner is at the pointer, on the grid."""
        one, moved = self._annotation, to.scene - self._start.scene
        self._width = max(snapped(one.x + one.width + moved.x()) - one.x, SMALLEST[0])
        self._height = max(snapped(one.y + one.height + moved.y()) - one.y, SMALLEST[1])

    def end(self) -> None:
        """Keep the size."""
        self._editor.resize(self._edit, self._annotation, self._width, self._height)

    def cancel(self) -> None:
        """Leave it as it was."""
        self._edit.cancel()

    def paint(self, painter: QPainter) -> None:
        """Show the frame that it would have."""
        one = self._annotation
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._editor.scene.ink.colour("accent"), 2))
        painter.drawRect(self._editor.canvas.rect_from_scene(QRectF(one.x, one.y, self._width, self._height)))
