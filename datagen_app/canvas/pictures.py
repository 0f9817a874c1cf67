"""Pictures of cards: each is drawn once for a zoom and then copied; drawing is cut into frames.

Painting every card anew takes longer than a frame as soon as some dozens are in view. So a card is painted
as a picture, kept for the zoom it was drawn at. In a frame new pictures are drawn for a few milliseconds
only; whoever still has none shows its old one stretched, or its silhouette, until one of the next frames.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from datagen_app.canvas.face import BORDER, Detail, Face, draw_face
from datagen_app.canvas.geometry import WIDTH
from datagen_app.canvas.ink import Ink

__all__ = ["Painted", "Pictures"]

DRAWING = 0.006
"""Seconds of the processor that a frame may spend on new pictures."""
LEISURE = 2
"""So many times that, while nobody moves anything."""
MEMORY = 64 * 1024 * 1024
"""Bytes of pictures that are kept."""


class Painted(Protocol):
    """A card, as far as its picture goes."""

    @property
    def key(self) -> int:
        """Tells it from others."""

    @property
    def kind(self) -> str:
        """The kind of its table."""

    @property
    def height(self) -> float:
        """Its height, in units."""

    @property
    def state(self) -> object:
        """What its face depends on."""

    @property
    def face(self) -> Face:
        """What is on it."""


_Drawn = tuple[object, float, float, Detail, str]
"""What a picture shows, and how: state, pixels per unit, scale of the screen, detail, palette."""


@dataclass(frozen=True, slots=True)
class _Picture:
    drawn: _Drawn
    pixmap: QPixmap

    @property
    def size(self) -> int:
        return self.pixmap.width() * self.pixmap.height() * 4


class Pictures:
    """Keep the pictures of all cards."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Picture] = OrderedDict()
        self._bytes = 0
        self._spent = 0.0
        self._zoom = 0.0
        self._zooming = False
        self._screen = 1.0
        self._detail = Detail.FULL
        self.patient = False
        """Whether every picture is drawn in the frame that needs it, however long that takes."""
        self.leisure = False
        """Whether nobody is moving anything, so that a frame may take longer."""
        self.unfinished = False
        """Whether a card had to be shown in this frame without its picture."""

    @property
    def detail(self) -> Detail:
        """How much of every card is drawn."""
        return self._detail

    def begin(self, detail: Detail, zoom: float, screen: float) -> None:
        """Begin a frame.

        Parameters
        ----------
        detail
            How much of every card is drawn.
        zoom
            How large. While it changes from frame to frame, old pictures are stretched.
        screen
            Physical pixels per pixel.
        """
        self._zooming, self._zoom = zoom != self._zoom, zoom
        self._detail, self._screen = detail, screen
        self._spent = 0.0
        self.unfinished = False

    def ready(self, card: Painted, ink: Ink, pixels: float) -> bool:
        """Return whether a card's picture at so many pixels per unit is there, or there was time to draw it."""
        if self._current(card, ink, pixels, in_time=True) is None:
            self.unfinished = True
            return False
        return True

    def paint(self, painter: QPainter, card: Painted, ink: Ink) -> None:
        """Paint a card where the painter's transform puts it."""
        transform = painter.worldTransform()
        pixels = transform.m11()
        old = self._kept.get(card.key)
        picture = self._current(card, ink, pixels, in_time=not (self._zooming and old is not None))
        if picture is None:
            self.unfinished = True
            self._meanwhile(painter, old, card, ink)
            return
        painter.setWorldTransform(QTransform())
        border = _border(pixels)
        screen = self._screen
        corner = QPointF(
            round(transform.dx() * screen) / screen - border, round(transform.dy() * screen) / screen - border
        )
        painter.drawPixmap(corner, picture.pixmap)

    def forget(self) -> None:
        """Drop every picture."""
        self._kept.clear()
        self._bytes = 0

    def _current(self, card: Painted, ink: Ink, pixels: float, *, in_time: bool) -> _Picture | None:
        """Return the picture that is wanted now, drawn if there is time; otherwise nothing."""
        wanted = (card.state, pixels, self._screen, self._detail, ink.palette.name)
        picture = self._kept.get(card.key)
        if picture is None or picture.drawn != wanted:
            room = DRAWING * (LEISURE if self.leisure else 1)
            if not self.patient and (self._spent >= room or not in_time):
                return None
            began = time.thread_time()
            picture = self._draw(card, wanted, ink)
            self._spent += time.thread_time() - began
        self._kept.move_to_end(card.key)
        return picture

    def _draw(self, card: Painted, wanted: _Drawn, ink: Ink) -> _Picture:
        _, pixels, screen, detail, _ = wanted
        face = card.face
        border = _border(pixels)
        width, height = round(WIDTH * pixels) + 2 * border, round(face.height * pixels) + 2 * border
        pixmap = QPixmap(max(1, round(width * screen)), max(1, round(height * screen)))
        pixmap.setDevicePixelRatio(screen)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        try:
            painter.translate(border, border)
            draw_face(painter, face, ink, pixels, detail)
        finally:
            painter.end()  # before the picture that it draws into can go
        made = _Picture(wanted, pixmap)
        if (old := self._kept.pop(card.key, None)) is not None:
            self._bytes -= old.size
        self._kept[card.key] = made
        self._bytes += made.size
        while self._bytes > MEMORY and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.size
        return made

    def _meanwhile(self, painter: QPainter, old: _Picture | None, card: Painted, ink: Ink) -> None:
        if old is None:
            painter.fillRect(QRectF(0, 0, WIDTH, card.height), ink.kind(card.kind))
            return
        _, pixels, _, _, _ = old.drawn
        border = _border(pixels) / pixels
        size = old.pixmap.deviceIndependentSize() / pixels
        where = QRectF(-border, -border, size.width(), size.height())
        painter.drawPixmap(where, old.pixmap, QRectF(old.pixmap.rect()))


def _border(pixels: float) -> int:
    return max(8, round(BORDER * pixels))
