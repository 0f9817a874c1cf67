"""What lies beneath the cards: the ground and the edges on it, as tiles that are drawn once for a zoom.

Stroking hundreds of curves takes longer than a frame, and moving the view changes none of them. So they are
drawn into square tiles, which are then copied. A tile that there is no time for shows its edges as
hairlines until one of the next frames.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPixmap, QTransform

from datagen_app.canvas.edges import Drawn, draw_edges, draw_hairlines, draw_labels
from datagen_app.canvas.ink import Ink
from datagen_app.document.place import Place

__all__ = ["Ground"]

TILE = 512
"""Pixels, both ways."""
DRAWING = 0.006
"""Seconds of a frame that may be spent on new tiles."""

_REACH = 24.0
"""Units around an edge that its marks and its label may take."""


class Ground:
    """Keep the tiles of the current zoom."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._edges: list[Drawn] = []
        self._lit: list[Drawn] = []
        self._tiles: dict[tuple[int, int], QPixmap] = {}
        self._drawn_for: tuple[float, float] = (0.0, 0.0)
        self.patient = False
        """Whether every tile is drawn in the frame that needs it, however long that takes."""
        self.unfinished = False
        """Whether a tile was missing in the last frame."""

    @property
    def edges(self) -> Sequence[Drawn]:
        """The edges."""
        return self._edges

    @property
    def lit(self) -> Sequence[Drawn]:
        """The edges of the selection."""
        return self._lit

    def set_ink(self, ink: Ink) -> None:
        """Draw with other colours or fonts."""
        self._ink = ink
        self.forget()

    def set_edges(self, edges: Iterable[Drawn]) -> None:
        """Show these edges instead."""
        self._edges, self._lit = list(edges), []
        self.forget()

    def set_selected(self, place: Place) -> None:
        """Light up the edges that begin or end at a place."""
        self._lit = [edge for edge in self._edges if edge.meets(place)] if place else []

    def forget(self) -> None:
        """Drop every tile."""
        self._tiles = {}

    def paint(self, painter: QPainter, view: QRectF, screen: float) -> None:
        """Paint the ground.

        Parameters
        ----------
        painter
            Draws in units, onto the view.
        view
            What is to be painted, in pixels of the view.
        screen
            Physical pixels per pixel.
        """
        transform = painter.worldTransform()
        pixels = transform.m11()
        state = (pixels, screen)
        zooming = state != self._drawn_for
        if zooming:
            self._drawn_for = state
            self.forget()
        # While the zoom is still changing, a tile would be drawn for one frame only.
        room = math.inf if self.patient else 0.0 if zooming and self._edges else DRAWING
        began = time.perf_counter()
        self.unfinished = False
        missing = []
        corner = QPointF(transform.dx(), transform.dy())
        painter.save()
        painter.resetTransform()
        for key in _keys(view, corner):
            tile = self._tiles.get(key)
            if tile is None and time.perf_counter() - began < room:
                tile = self._tiles[key] = self._draw(key, pixels, screen)
            where = QPointF(key[0] * TILE, key[1] * TILE) + corner
            if tile is None:
                missing.append(QRectF(where.x(), where.y(), TILE, TILE))
                painter.fillRect(missing[-1], self._ink.colour("window"))
            else:
                painter.drawPixmap(where, tile)
        if missing:
            self.unfinished = True
            self._sketch(painter, missing, transform)
        painter.restore()
        self._light(painter, transform, view)
        kept = set(_keys(view.adjusted(-TILE, -TILE, TILE, TILE), corner))
        self._tiles = {key: tile for key, tile in self._tiles.items() if key in kept}

    def _draw(self, key: tuple[int, int], pixels: float, screen: float) -> QPixmap:
        tile = QPixmap(round(TILE * screen), round(TILE * screen))
        tile.setDevicePixelRatio(screen)
        tile.fill(self._ink.colour("window"))
        area = QRectF(key[0] * TILE / pixels, key[1] * TILE / pixels, TILE / pixels, TILE / pixels)
        near = area.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        shown = [edge for edge in self._edges if edge.bounds.intersects(near)]
        if shown:
            painter = QPainter(tile)
            painter.translate(-key[0] * TILE, -key[1] * TILE)
            painter.save()
            painter.scale(pixels, pixels)
            draw_edges(painter, shown, self._ink, pixels, lit=False)
            painter.restore()
            draw_labels(painter, shown, self._ink, pixels, lit=False)
            painter.end()
        return tile

    def _sketch(self, painter: QPainter, missing: Sequence[QRectF], transform: QTransform) -> None:
        united = QRectF()
        for tile in missing:
            united |= tile
        painter.save()
        if self._tiles:
            clip = QPainterPath()
            for tile in missing:
                clip.addRect(tile)
            painter.setClipPath(clip)
        painter.setWorldTransform(transform)
        seen = transform.inverted()[0].mapRect(united)
        # Those that were never drawn before come with their tile, which has the time to trace them.
        paths = (edge.path for edge in self._edges if edge.traced and edge.bounds.intersects(seen))
        draw_hairlines(painter, paths, self._ink)
        painter.restore()

    def _light(self, painter: QPainter, transform: QTransform, view: QRectF) -> None:
        """Draw the edges of the selection over the others, but beneath the labels of them all."""
        if not self._lit:
            return
        pixels = transform.m11()
        draw_edges(painter, self._lit, self._ink, pixels, lit=True)
        seen = transform.inverted()[0].mapRect(view)
        unlit = [edge for edge in self._edges if edge not in self._lit and edge.bounds.intersects(seen)]
        painter.save()
        painter.setWorldTransform(QTransform.fromTranslate(transform.dx(), transform.dy()))
        draw_labels(painter, unlit, self._ink, pixels, lit=False)
        draw_labels(painter, self._lit, self._ink, pixels, lit=True)
        painter.restore()


def _keys(view: QRectF, corner: QPointF) -> Iterable[tuple[int, int]]:
    """Yield the tiles that a part of the view is made of."""
    left, right = math.floor((view.left() - corner.x()) / TILE), math.ceil((view.right() - corner.x()) / TILE)
    top, bottom = math.floor((view.top() - corner.y()) / TILE), math.ceil((view.bottom() - corner.y()) / TILE)
    return ((column, row) for row in range(top, bottom) for column in range(left, right))
