"""What is being moved: lifted off the sheet and drawn over it, with its edges leading after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath

from datagen_app.canvas.annotations import Annotation
from datagen_app.canvas.card import Card
from datagen_app.canvas.edges import Drawn, draw_edges, draw_hairlines
from datagen_app.canvas.margins import draw_annotations
from datagen_app.canvas.routes import direct

if TYPE_CHECKING:
    from datagen_app.canvas.scene import Scene

__all__ = ["Lift"]

_FEW = 60
"""So many edges are drawn as they are; of more, the ones are hairlines."""


class Lift:
    """Draw what is being moved.

    Parameters
    ----------
    scene
        Where it belongs.
    cards, marked
        What is lifted.
    """

    def __init__(self, scene: Scene, cards: Sequence[Card], marked: Sequence[Annotation]) -> None:
        self._scene = scene
        self.cards, self.marked = list(cards), list(marked)
        self.offset = QPointF()
        keys = {card.key for card in cards}
        self._inner: list[Drawn] = []
        self._outer: list[Drawn] = []
        for edge in scene.edges:
            ends = (edge.source.table in keys) + (edge.target.table in keys)
            if ends:
                (self._inner if ends == 2 else self._outer).append(edge)
        self._keys = keys
        self._hairlines: QPainterPath | None = None

    def move(self, offset: QPointF) -> None:
        """Show it so far from where it stood, in units."""
        self.offset = QPointF(offset)
        self._scene.altered.emit()

    def paint(self, painter: QPainter, seen: QRectF) -> None:
        """Paint what is lifted.

        Parameters
        ----------
        painter
            Draws in units.
        seen
            What is in view, in units.
        """
        scene, offset = self._scene, self.offset
        base = painter.worldTransform()
        pixels = base.m11()
        painter.save()
        painter.resetTransform()
        painter.translate(base.dx() + offset.x() * pixels, base.dy() + offset.y() * pixels)
        for kind in ("group", "note"):
            draw_annotations(painter, [one for one in self.marked if one.kind == kind], scene.ink, pixels)
        painter.restore()
        self._paint_edges(painter, pixels)
        near = seen.translated(-offset.x(), -offset.y())
        area = (near.left(), near.top(), near.right(), near.bottom())
        for card in self.cards:
            if card.meets(*area):
                painter.setWorldTransform(base)
                painter.translate(card.x + offset.x(), card.y + offset.y())
                scene.pictures.paint(painter, card, scene.ink)
        painter.setWorldTransform(base)

    def _paint_edges(self, painter: QPainter, pixels: float) -> None:
        ink = self._scene.ink
        painter.save()
        leading = [edge for edge in (self._led(drawn) for drawn in self._outer) if edge is not None]
        if len(leading) <= _FEW:
            draw_edges(painter, leading, ink, pixels, lit=False)
        else:
            draw_hairlines(painter, (edge.path for edge in leading), ink)
        painter.translate(self.offset)
        if len(self._inner) <= _FEW:
            draw_edges(painter, self._inner, ink, pixels, lit=False)
        else:
            if self._hairlines is None:
                self._hairlines = QPainterPath()
                for drawn in self._inner:
                    self._hairlines.addPath(drawn.path)
            draw_hairlines(painter, [self._hairlines], ink)
        painter.restore()

    def _led(self, drawn: Drawn) -> Drawn | None:
        """Return an edge as it leads to where its card is now."""
        scene = self._scene
        source, target = scene.card(drawn.source.table), scene.card(drawn.target.table)
        if source is None or target is None:
            return None
        one, other, leaves, arrives = scene.ends_of(drawn, source, target)
        if source.key in self._keys:
            one = (one[0] + self.offset.x(), one[1] + self.offset.y())
        if target.key in self._keys:
            other = (other[0] + self.offset.x(), other[1] + self.offset.y())
        return Drawn(drawn.edge, drawn.source, drawn.target, direct(one, other, leaves, arrives), QRectF())
