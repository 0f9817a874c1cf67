"""The diagram as tiles: ground, groups, edges, notes and cards together, drawn once for a zoom and then copied.

Stroking hundreds of curves and copying hundreds of cards take longer than a frame, and moving the view changes
none of them. So they are drawn into square tiles, which are copied. A tile that there is no time for shows what
was there before (stretched, if the zoom was another one), or silhouettes and hairlines, until one of the next
frames. What is being moved is lifted off the tiles and drawn over them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform

from datagen_app.canvas.annotations import Annotation
from datagen_app.canvas.card import Card
from datagen_app.canvas.edges import Drawn, draw_edges, draw_hairlines, draw_labels
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.margins import draw_annotations, frame_of
from datagen_app.canvas.pictures import Pictures
from datagen_app.document.place import Place

__all__ = ["Sheet"]

TILE = 512
"""Pixels, both ways."""
DRAWING = 0.006
"""Seconds of the processor that a frame may spend on new tiles."""
LEISURE = 3
"""So many times that, while nobody moves anything."""

_REACH = 24.0
"""Units around an edge that its marks and its label may take."""

_Key = tuple[int, int]


@dataclass(slots=True)
class _Tile:
    pixmap: QPixmap
    stale: bool = False


class Sheet:
    """Keep the tiles of the current zoom.

    Parameters
    ----------
    ink
        Colours and fonts.
    pictures
        Where the cards' pictures are kept.
    """

    def __init__(self, ink: Ink, pictures: Pictures) -> None:
        self._ink, self._pictures = ink, pictures
        self._cards: Sequence[Card] = ()
        self._edges: list[Drawn] = []
        self._lit: list[Drawn] = []
        self._annotations: Sequence[Annotation] = ()
        self._lifted: frozenset[int] = frozenset()
        self._hidden: frozenset[tuple[str, int]] = frozenset()
        self._tiles: dict[_Key, _Tile] = {}
        self._before: dict[_Key, _Tile] = {}
        self._pixels_before = 1.0
        self._drawn_for: tuple[float, float] = (0.0, 0.0)
        self.patient = False
        """Whether every tile is drawn in the frame that needs it, however long that takes."""
        self.leisure = False
        """Whether nobody is moving anything, so that a frame may take longer."""
        self.unfinished = False
        """Whether a tile was missing or out of date in the last frame."""

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

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards; whoever changes one says so by `spoil`."""
        self._cards = cards

    def set_edges(self, edges: Iterable[Drawn]) -> None:
        """Show these edges instead."""
        self._edges, self._lit = list(edges), []
        self.spoil_all()

    def keep_edges(self, edges: Sequence[Drawn]) -> None:
        """Show only these of the edges."""
        self._edges = list(edges)
        self._lit = [edge for edge in self._lit if edge in self._edges]

    def set_annotations(self, shown: Sequence[Annotation]) -> None:
        """Show these notes and groups."""
        if list(shown) != list(self._annotations):
            for annotation in {*shown, *self._annotations}:
                self.spoil(frame_of(annotation))
            self._annotations = list(shown)

    def set_selected(self, places: Collection[Place]) -> None:
        """Light up the edges that begin or end at a place."""
        tables = {place.table for place in places if place.column is None}
        exact = {(place.table, place.column) for place in places if place.column is not None}
        lit = [
            edge
            for edge in self._edges
            if any(
                end.table in tables or (end.table, end.column) in exact for end in (edge.source, edge.target)
            )
        ]
        for edge in set(lit) ^ set(self._lit):
            self.spoil(edge.bounds)
        self._lit = lit

    def lift(self, cards: Collection[int], hidden: Collection[tuple[str, int]] = ()) -> None:
        """Leave out cards, their edges, and notes and groups, which somebody else draws until they are put down."""
        before, self._lifted, self._hidden = self._lifted, frozenset(cards), frozenset(hidden)
        changed = before ^ self._lifted
        for card in self._cards:
            if card.key in changed:
                self.spoil(card.bounds)
        for edge in self._edges:
            if edge.source.table in changed or edge.target.table in changed:
                self.spoil(edge.bounds)
        for annotation in self._annotations:
            self.spoil(frame_of(annotation))

    def spoil(self, area: QRectF) -> None:
        """Draw anew what lies in an area, in units."""
        pixels, _ = self._drawn_for
        if not self._tiles or pixels == 0:
            return
        reach = _REACH
        left, right = (area.left() - reach) * pixels, (area.right() + reach) * pixels
        top, bottom = (area.top() - reach) * pixels, (area.bottom() + reach) * pixels
        for (column, row), tile in self._tiles.items():
            x, y = column * TILE, row * TILE
            if x < right and left < x + TILE and y < bottom and top < y + TILE:
                tile.stale = True

    def spoil_all(self) -> None:
        """Draw everything anew; until then it looks as it did."""
        for tile in self._tiles.values():
            tile.stale = True

    def forget(self) -> None:
        """Drop every tile."""
        self._tiles, self._before = {}, {}

    def paint(self, painter: QPainter, view: QRectF, screen: float) -> None:
        """Paint the diagram.

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
            # The last zoom that was drawn stands in, stretched, until this one is.
            if self._tiles:
                self._before, self._pixels_before = self._tiles, self._drawn_for[0]
            self._drawn_for = state
            self._tiles = {}
        # While the zoom is still changing, a tile would be drawn for one frame only.
        room = 0.0 if zooming and (self._edges or self._cards) else DRAWING * (LEISURE if self.leisure else 1)
        room = math.inf if self.patient else room
        spent = 0.0
        self.unfinished = False
        corner = QPointF(transform.dx(), transform.dy())
        painter.save()
        painter.resetTransform()
        missing: list[QRect] = []
        for key in _keys(view, corner):
            tile = self._tiles.get(key)
            if (tile is None or tile.stale) and spent < room:
                began = time.thread_time()
                drawn = self._draw(key, pixels, screen)
                spent += time.thread_time() - began
                if drawn is not None:
                    tile = self._tiles[key] = drawn
            where = QPointF(key[0] * TILE, key[1] * TILE) + corner
            if tile is None:
                missing.append(QRect(round(where.x()), round(where.y()), TILE, TILE))
            else:
                painter.drawPixmap(where, tile.pixmap)
            self.unfinished |= tile is None or tile.stale
        if missing:
            self._meanwhile(painter, missing, transform)
        elif not self.unfinished:
            self._before = {}
        painter.restore()
        kept = set(_keys(view.adjusted(-TILE, -TILE, TILE, TILE), corner))
        if len(kept) < len(self._tiles):
            self._tiles = {key: tile for key, tile in self._tiles.items() if key in kept}

    def draw(self, painter: QPainter, area: QRectF, pixels: float) -> None:
        """Draw everything that lies in an area, in pixels; the painter's origin is that of the diagram."""
        near = area.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        marginal = [one for one in self._annotations if self._stays(one) and frame_of(one).intersects(near)]
        draw_annotations(painter, (one for one in marginal if one.kind == "group"), self._ink, pixels)
        shown = [edge for edge in self._edges if edge.bounds.intersects(near) and not self._is_lifted(edge)]
        lit = [edge for edge in self._lit if edge in shown] if self._lit else []
        unlit = [edge for edge in shown if edge not in lit] if lit else shown
        for edges, light in ((unlit, False), (lit, True)):
            if edges:
                painter.save()
                painter.scale(pixels, pixels)
                draw_edges(painter, edges, self._ink, pixels, lit=light)
                painter.restore()
        for edges, light in ((unlit, False), (lit, True)):
            draw_labels(painter, edges, self._ink, pixels, lit=light)
        draw_annotations(painter, (one for one in marginal if one.kind == "note"), self._ink, pixels)
        origin = painter.worldTransform()
        for card in self._inside(near):
            painter.setWorldTransform(
                QTransform(pixels, 0, 0, pixels, origin.dx() + card.x * pixels, origin.dy() + card.y * pixels)
            )
            self._pictures.paint(painter, card, self._ink)
        painter.setWorldTransform(origin)

    def _draw(self, key: _Key, pixels: float, screen: float) -> _Tile | None:
        """Draw a tile; nothing, while there was no time for all of its cards."""
        area = QRectF(key[0] * TILE / pixels, key[1] * TILE / pixels, TILE / pixels, TILE / pixels)
        near = area.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        # Each is looked at, so that as many are drawn as there is time for.
        late = [card for card in self._inside(near) if not self._pictures.ready(card, self._ink, pixels)]
        if late:
            return None
        pixmap = QPixmap(round(TILE * screen), round(TILE * screen))
        pixmap.setDevicePixelRatio(screen)
        pixmap.fill(self._ink.colour("window"))
        painter = QPainter(pixmap)
        try:
            painter.translate(-key[0] * TILE, -key[1] * TILE)
            self.draw(painter, area, pixels)
        finally:
            painter.end()  # before the picture that it draws into can go
        return _Tile(pixmap)

    def _inside(self, area: QRectF) -> list[Card]:
        left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
        inside = [
            card
            for card in self._cards
            if card.key not in self._lifted and card.meets(left, top, right, bottom)
        ]
        return sorted(inside, key=_is_selected)  # what is selected lies over the others

    def _stays(self, annotation: Annotation) -> bool:
        return (annotation.kind, annotation.index) not in self._hidden

    def _is_lifted(self, edge: Drawn) -> bool:
        return edge.source.table in self._lifted or edge.target.table in self._lifted

    # Until there is time

    def _meanwhile(self, painter: QPainter, missing: Sequence[QRect], transform: QTransform) -> None:
        """Show in the place of missing tiles what was there before, or what is drawn quickly."""
        self.unfinished = True
        united = QRegion()
        for where in missing:
            united += QRegion(where)
        painter.save()
        painter.setClipRegion(united)
        stretched: list[tuple[QRect, QPixmap]] = []
        covered = QRegion()
        ratio = transform.m11() / self._pixels_before
        for (column, row), tile in self._before.items():
            left, top = column * TILE * ratio + transform.dx(), row * TILE * ratio + transform.dy()
            right, bottom = left + TILE * ratio, top + TILE * ratio
            where = QRect(round(left), round(top), round(right) - round(left), round(bottom) - round(top))
            if united.intersects(where):
                stretched.append((where, tile.pixmap))
                covered += QRegion(where)
        bare = united - covered
        if not bare.isEmpty():
            self._sketch(painter, bare, transform)
            painter.setClipRegion(united)
        for where, pixmap in stretched:
            painter.drawPixmap(where, pixmap)
        painter.restore()

    def _sketch(self, painter: QPainter, bare: QRegion, transform: QTransform) -> None:
        """Draw silhouettes and hairlines where nothing was drawn before."""
        painter.setClipRegion(bare)
        painter.fillRect(bare.boundingRect(), self._ink.colour("window"))
        seen = transform.inverted()[0].mapRect(QRectF(bare.boundingRect()))
        painter.setWorldTransform(transform)
        # Those that were never drawn before come with their tile, which has the time to trace them.
        paths = (edge.path for edge in self._edges if edge.traced and edge.bounds.intersects(seen))
        draw_hairlines(painter, paths, self._ink)
        painter.setPen(Qt.PenStyle.NoPen)
        for card in self._inside(seen):
            painter.fillRect(card.frame, self._ink.kind(card.kind))
        painter.resetTransform()


def _is_selected(card: Card) -> bool:
    return card.selected


def _keys(view: QRectF, corner: QPointF) -> Iterable[_Key]:
    """Yield the tiles that a part of the view is made of."""
    left, right = math.floor((view.left() - corner.x()) / TILE), math.ceil((view.right() - corner.x()) / TILE)
    top, bottom = math.floor((view.top() - corner.y()) / TILE), math.ceil((view.bottom() - corner.y()) / TILE)
    return ((column, row) for row in range(top, bottom) for column in range(left, right))
