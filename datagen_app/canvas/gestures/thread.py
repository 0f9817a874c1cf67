"""The line that follows the pointer while a reference is drawn, with what would come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from datagen_app.document.place import Place

if TYPE_CHECKING:
    from datagen_app.canvas.editor import Editor

__all__ = ["paint_thread"]

_ASIDE = 16.0
"""Pixels that the words stand away from the pointer."""
_RING = 3.0


def paint_thread(
    painter: QPainter,
    editor: Editor,
    start: QPointF,
    end: QPointF,
    says: str,
    over: Place,
    *,
    width: float = 1.6,
) -> None:
    """Paint the line, a ring around what it would be dropped on, and the words beside the pointer.

    Parameters
    ----------
    painter
        Draws in pixels of the view.
    editor
        Whose scene and canvas it is drawn on.
    start
        Where the line begins, in units.
    end
        The pointer, in pixels of the view.
    says
        What would come of it; nothing, if nothing would.
    over
        What it would be dropped on.
    width
        Of the line, in pixels.
    """
    ink, canvas = editor.scene.ink, editor.canvas
    colour = ink.colour("accent" if says else "secondary")
    begin = canvas.from_scene(start)
    if says and over:
        frame = canvas.rect_from_scene(editor.scene.frame_of(over))
        painter.setPen(QPen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.adjusted(-_RING, -_RING, _RING, _RING), 6, 6)
    bend = max(abs(end.x() - begin.x()) / 2, 24.0) * (1 if end.x() >= begin.x() else -1)
    path = QPainterPath(begin)
    path.cubicTo(QPointF(begin.x() + bend, begin.y()), QPointF(end.x() - bend, end.y()), end)
    style = Qt.PenStyle.SolidLine if says else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour, width, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    for point in (begin, end):
        painter.drawEllipse(point, 3.5, 3.5)
    if says:
        _paint_words(painter, editor, end, says)


def _paint_words(painter: QPainter, editor: Editor, end: QPointF, says: str) -> None:
    ink = editor.scene.ink
    letters = ink.lettering(ink.unit)
    painter.setFont(letters.small)
    measure = letters.measure_small
    width, height = measure.horizontalAdvance(says) + 16, measure.height() + 8
    view = QRectF(editor.canvas.viewport().rect()).adjusted(4, 4, -4, -4)
    left = min(max(end.x() + _ASIDE, view.left()), max(view.right() - width, view.left()))
    top = end.y() + _ASIDE
    if top + height > view.bottom():
        top = end.y() - _ASIDE - height
    plate = QRectF(left, top, width, height)
    painter.setPen(QPen(ink.colour("control_border"), 1))
    painter.setBrush(ink.colour("raised"))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(ink.colour("text"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, says)
