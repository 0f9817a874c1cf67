"""The signs of what was found: a colour, a shape and a mark, so that none is told by colour alone."""

from __future__ import annotations

from functools import cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from datagen_app.shell.palette import Palette

__all__ = ["SEVERITIES", "Sign", "paint_sign", "sign_icon", "sign_pixmap"]

Sign = Literal["error", "warning", "ok"]

SEVERITIES: tuple[Sign, ...] = ("error", "warning")
"""What a problem can be, worst first."""

# In a square of side 1.
_TRIANGLE = ((0.5, 0.1), (0.95, 0.88), (0.05, 0.88))
_MARKS: dict[Sign, tuple[tuple[tuple[float, float], ...], ...]] = {
    "error": (((0.34, 0.34), (0.66, 0.66)), ((0.66, 0.34), (0.34, 0.66))),
    "warning": (((0.5, 0.4), (0.5, 0.6)), ((0.5, 0.735), (0.5, 0.745))),
    "ok": (((0.3, 0.52), (0.44, 0.66), (0.7, 0.36)),),
}


def paint_sign(painter: QPainter, sign: Sign, where: QRectF, palette: Palette) -> None:
    """Draw a sign into a square that lies on a plain surface."""
    side = where.width()

    def place(points: tuple[tuple[float, float], ...]) -> QPolygonF:
        return QPolygonF([QPointF(where.x() + x * side, where.y() + y * side) for x, y in points])

    colour = QColor(getattr(palette, sign))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QBrush(colour))
    if sign == "warning":
        painter.setPen(_pen(colour, 0.12 * side))
        painter.drawPolygon(place(_TRIANGLE))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(where.adjusted(side * 0.02, side * 0.02, -side * 0.02, -side * 0.02))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(QColor(palette.surface), 0.115 * side))
    for stroke in _MARKS[sign]:
        painter.drawPolyline(place(stroke))
    painter.restore()


def _pen(colour: QColor, width: float) -> QPen:
    style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour, width, style, cap, join)


@cache
def sign_pixmap(sign: Sign, palette: Palette, side: int, scale: float = 1.0) -> QPixmap:
    """Return a sign, `side` logical pixels large, for a screen of that scale."""
    drawn = QPixmap(round(side * scale), round(side * scale))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    paint_sign(painter, sign, QRectF(drawn.rect()), palette)
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


@cache
def sign_icon(sign: Sign, palette: Palette) -> QIcon:
    """Return a sign as an icon."""
    made = QIcon()
    for scale in (1.0, 2.0, 3.0):
        made.addPixmap(sign_pixmap(sign, palette, 16, scale))
    return made
