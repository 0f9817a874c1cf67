"""Line icons, drawn as SVG in `resources/icons` and coloured from the palette."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from datagen_app.shell.palette import Palette
from datagen_engine.resources import resource

__all__ = ["application_icon", "icon", "paint_icon", "pixmap"]

_SIDE = 20
"""Pixels at the smallest scale; for larger ones there is a picture of its own."""
_SCALES = (1.0, 2.0)
_DISABLED = 0.4


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(drawing.encode()))


def paint_icon(painter: QPainter, name: str, colour: str, where: QRectF) -> None:
    """Draw an icon in one colour into a square."""
    _renderer(name, colour).render(painter, where)


@cache
def pixmap(name: str, colour: str, side: float, scale: float = 1.0) -> QPixmap:
    """Return an icon in one colour, `side` logical pixels large, for a screen of that scale."""
    drawn = QPixmap(round(side * scale), round(side * scale))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    paint_icon(painter, name, colour, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


@cache
def icon(name: str, palette: Palette, colour: str = "text") -> QIcon:
    """Return an icon in a role of the palette, paler where its action is disabled."""
    ink = getattr(palette, colour)
    made = QIcon()
    for scale in _SCALES:
        enabled = pixmap(name, ink, _SIDE, scale)
        made.addPixmap(enabled)
        made.addPixmap(_paler(enabled), QIcon.Mode.Disabled)
    return made


def _paler(picture: QPixmap) -> QPixmap:
    faded = QPixmap(picture.size())
    faded.setDevicePixelRatio(picture.devicePixelRatio())
    faded.fill(QColor(0, 0, 0, 0))
    painter = QPainter(faded)
    painter.setOpacity(_DISABLED)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return faded


@cache
def application_icon() -> QIcon:
    """Return the icon of the program, for its windows."""
    return QIcon(str(resource("icons/datagen-studio.svg")))
