"""How notes and groups are drawn."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from datagen_app.canvas.annotations import Annotation
from datagen_app.canvas.geometry import HEADER, MARGIN, RADIUS
from datagen_app.canvas.ink import Ink

__all__ = ["TITLE", "draw_annotations", "frame_of", "title_of"]

TITLE = HEADER
"""Units that the title of a group is high; it is what a group is taken hold of by."""

_READABLE = 0.2
"""The zoom below which nothing is written."""
_FILL = 0.05
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def frame_of(annotation: Annotation) -> QRectF:
    """Return the frame of a note or group, in units."""
    return QRectF(annotation.x, annotation.y, annotation.width, annotation.height)


def title_of(annotation: Annotation) -> QRectF:
    """Return what an annotation is taken hold of by: a group's title, the whole of a note."""
    frame = frame_of(annotation)
    return (
        QRectF(frame.topLeft(), frame.size())
        if annotation.kind == "note"
        else frame.adjusted(0, 0, 0, TITLE - frame.height())
    )


def draw_annotations(painter: QPainter, shown: Iterable[Annotation], ink: Ink, pixels: float) -> None:
    """Draw notes and groups, in pixels; the painter is moved, not scaled.

    Parameters
    ----------
    painter
        Draws in pixels.
    shown
        What to draw.
    ink
        Colours and fonts.
    pixels
        Pixels per unit.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for annotation in shown:
        where = _in_pixels(frame_of(annotation), pixels)
        if annotation.kind == "group":
            _group(painter, annotation, where, ink, pixels)
        else:
            _note(painter, annotation, where, ink, pixels)


def _in_pixels(frame: QRectF, pixels: float) -> QRectF:
    left, top = round(frame.left() * pixels), round(frame.top() * pixels)
    right, bottom = round(frame.right() * pixels), round(frame.bottom() * pixels)
    return QRectF(left + 0.5, top + 0.5, right - left, bottom - top)


def _group(painter: QPainter, group: Annotation, where: QRectF, ink: Ink, pixels: float) -> None:
    fill = QColor(ink.colour("secondary"))
    fill.setAlphaF(_FILL)
    painter.setBrush(fill)
    painter.setPen(QPen(ink.colour("control_border"), 1, Qt.PenStyle.DashLine))
    radius = 1.5 * RADIUS * pixels
    painter.drawRoundedRect(where, radius, radius)
    letters = ink.lettering(max(pixels, 0.6 * ink.unit))
    if pixels < _READABLE * ink.unit:
        return
    title = QRectF(where.left() + MARGIN * pixels, where.top(), where.width() - 2 * MARGIN * pixels, 0)
    title.setHeight(max(TITLE * pixels, letters.measure_header.height() + 4))
    painter.setFont(letters.header)
    painter.setPen(ink.colour("secondary"))
    fits = letters.measure_header.elidedText(group.text, Qt.TextElideMode.ElideRight, title.width())
    painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fits)


def _note(painter: QPainter, note: Annotation, where: QRectF, ink: Ink, pixels: float) -> None:
    painter.setBrush(ink.colour("hover"))
    painter.setPen(QPen(ink.colour("border"), 1))
    painter.drawRoundedRect(where, RADIUS * pixels / 2, RADIUS * pixels / 2)
    edge = QRectF(where.left(), where.top(), max(3 * pixels, 1.0), where.height())
    painter.fillRect(edge, ink.colour("control_border"))
    if pixels < _READABLE * ink.unit:
        return
    letters = ink.lettering(pixels)
    inset = MARGIN * pixels
    painter.save()
    painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
    painter.setFont(letters.name)
    painter.setPen(ink.colour("text"))
    painter.drawText(where.adjusted(inset, inset * 0.6, -inset * 0.6, -inset * 0.3), int(_WRAPPED), note.text)
    painter.restore()
