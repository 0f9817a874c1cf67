"""The outline of each kind of table, which tells kinds apart where colour does not."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from datagen_app.canvas.geometry import HEADER, RADIUS

__all__ = ["STEP", "card_outline", "emblem"]

STEP = 10.0
"""Units that the upper right corner of a fact's card steps back."""


def card_outline(kind: str, where: QRectF, pixels: float, *, far: bool = False) -> QPainterPath:
    """Return the outline of a card: rounded, with a step, or with ends like a pill.

    Parameters
    ----------
    kind
        Of the table.
    where
        The card, in pixels.
    pixels
        Pixels per unit.
    far
        Whether it is a silhouette, whose shape is exaggerated so that it survives.
    """
    least = min(where.width(), where.height())
    share = least * 0.24 if far else 0.0
    if kind == "vocab":
        return _rounded(where, min(max(HEADER / 2 * pixels, share), least / 2))
    radius = min(RADIUS * pixels, least / 2)
    return _stepped(where, radius, max(STEP * pixels, share)) if kind == "fact" else _rounded(where, radius)


def emblem(kind: str, where: QRectF) -> QPainterPath:
    """Return the small sign of a kind, as lists show it before a table's name."""
    if kind == "vocab":
        return _rounded(where, where.height() / 2)
    if kind == "fact":
        return _stepped(where, where.width() * 0.12, where.width() * 0.36)
    return _rounded(where, where.width() * 0.2)


def _rounded(where: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(where, radius, radius)
    return path


def _stepped(where: QRectF, radius: float, step: float) -> QPainterPath:
    left, top, right, bottom = where.left(), where.top(), where.right(), where.bottom()
    path = QPainterPath(QPointF(left + radius, top))
    path.lineTo(right - step, top)
    path.lineTo(right - step, top + step)
    path.lineTo(right, top + step)
    path.lineTo(right, bottom - radius)
    path.quadTo(right, bottom, right - radius, bottom)
    path.lineTo(left + radius, bottom)
    path.quadTo(left, bottom, left, bottom - radius)
    path.lineTo(left, top + radius)
    path.quadTo(left, top, left + radius, top)
    path.closeSubpath()
    return path
