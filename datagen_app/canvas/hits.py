"""What of the diagram is under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from datagen_app.canvas.annotations import Annotation
from datagen_app.canvas.card import Card
from datagen_app.canvas.geometry import HEADER, ROW, WIDTH
from datagen_app.canvas.margins import TITLE, frame_of
from datagen_app.canvas.scene import Scene
from datagen_app.document.document import Column

__all__ = ["HANDLE", "Hit", "Target", "handle_points", "hit", "plus_point", "port_points"]

Target = Literal["ground", "header", "row", "port", "handle", "plus", "note", "group", "corner"]

HANDLE = 6.0
"""Units from the middle of a handle to its rim."""
_REACH = 9.0
"""Units around its middle that a handle is taken hold of at."""
_LEAST = 6.0
"""Pixels that this is at least, however small the diagram is drawn."""
_CORNER = 14.0
_BORDER = 6.0
_HANDLES_FROM = 0.3
"""The zoom below which cards are too small for handles."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What is at a point.

    Attributes
    ----------
    target
        A card's header or row; a port at either end of a row; the handle at either end of a header; the plus
        below a card; a note, or what a group is taken hold of by; the corner that changes their size; or
        nothing but the ground.
    card, column
        Which one it is of.
    annotation
        Which note or group it is.
    """

    target: Target
    card: Card | None = None
    column: Column | None = None
    annotation: Annotation | None = None


def port_points(card: Card, column: Column) -> tuple[QPointF, QPointF]:
    """Return the middles of a column's ports, at the left and the right."""
    y = card.row_frame(column).center().y()
    return QPointF(card.x, y), QPointF(card.x + WIDTH, y)


def handle_points(card: Card) -> tuple[QPointF, QPointF]:
    """Return the middles of the handles that a card's children are drawn from."""
    y = card.y + HEADER / 2
    return QPointF(card.x, y), QPointF(card.x + WIDTH, y)


def plus_point(card: Card) -> QPointF:
    """Return the middle of the plus that adds a column."""
    return QPointF(card.x + WIDTH / 2, card.y + card.height)


def hit(scene: Scene, point: QPointF, zoom: float, pixels: float, near: Card | None = None) -> Hit:
    """Return what is at a point of the diagram.

    Parameters
    ----------
    scene
        The diagram.
    point
        In units.
    zoom, pixels
        How large it is drawn, and how many pixels a unit has.
    near
        The card whose handles are shown; they stand out from it.
    """
    card = scene.card_at(point)
    if zoom >= _HANDLES_FROM:
        reach = max(_REACH, _LEAST / pixels)
        beside = scene.cards_in(QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach))
        for one in dict.fromkeys([near, card, *beside]):
            if one is not None and (found := _handle(one, point, reach)) is not None:
                return found
    if card is not None:
        column = card.column_at(point.y() - card.y)
        return Hit("row" if column is not None else "header", card, column)
    return _annotation(scene, point, pixels)


def _handle(card: Card, point: QPointF, reach: float) -> Hit | None:
    if any(_within(point, middle, reach) for middle in handle_points(card)):
        return Hit("handle", card)
    if _within(point, plus_point(card), reach) and not card.collapsed:
        return Hit("plus", card)
    y = point.y() - card.y
    column = card.column_at(y)
    if column is not None and any(
        _within(point, middle, min(reach, ROW / 2)) for middle in port_points(card, column)
    ):
        return Hit("port", card, column)
    return None


def _annotation(scene: Scene, point: QPointF, pixels: float) -> Hit:
    corner, border = _CORNER / pixels, _BORDER / pixels
    for annotation in reversed(scene.annotations):  # notes lie over groups
        frame = frame_of(annotation)
        if not frame.adjusted(-border, -border, border, border).contains(point):
            continue
        end = frame.bottomRight()
        if QRectF(end.x() - corner, end.y() - corner, corner + border, corner + border).contains(point):
            return Hit("corner", annotation=annotation)
        if annotation.kind == "note":
            return Hit("note", annotation=annotation)
        inner = frame.adjusted(border, max(TITLE, border), -border, -border)
        if not inner.contains(point):
            return Hit("group", annotation=annotation)
    return Hit("ground")


def _within(point: QPointF, middle: QPointF, reach: float) -> bool:
    return abs(point.x() - middle.x()) <= reach and abs(point.y() - middle.y()) <= reach
