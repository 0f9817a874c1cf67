"""The face of a card: what is written on it, and how it is drawn at each level of detail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from datagen_app.canvas.geometry import GUTTER, HEADER, MARGIN, ROW, WIDTH, card_height
from datagen_app.canvas.ink import Ink, Lettering
from datagen_app.canvas.shapes import card_outline
from datagen_app.shell.icons import paint_icon
from datagen_app.shell.signs import Sign, paint_sign

__all__ = ["BORDER", "Detail", "Face", "Row", "draw_face"]

BORDER = 10.0
"""Units around a card that belong to its picture: for the sign of a problem."""

_ICON = 13.0
_SIGN = 13.0
_BADGE = 18.0
_LEAST_HEADER = 15.0
"""Units at 100 % that a header is high at least, and its letters are of at least this share."""
_LEAST_LETTERS = 0.72
_WORDS = 62.0
"""Units at the right of a row that are the generator's."""
_BAR = 5.0
"""Units across that a bar of such a shape takes at most."""
_SPARK = 40.0
"""Units across that the shape of a column's values takes."""
_SMALLEST_LABEL = 40.0
"""Pixels; a silhouette narrower than that carries no name."""
_SMALLEST_SIGN = 20.0
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class Detail(IntEnum):
    """How much of a card is drawn."""

    SILHOUETTE = 0
    SKETCH = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Row:
    """What a card shows of a column."""

    name: str
    word: str
    icon: str = ""
    sign: Sign | None = None
    spark: tuple[float, ...] = ()
    """The shape of its values: heights of bars, the highest 1."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a card shows of a table."""

    name: str
    kind: str
    rows: tuple[Row, ...]
    count: str = ""
    problems: int = 0
    sign: Sign | None = None
    selected: frozenset[int] = frozenset()
    """The numbers of the selected rows."""
    hidden: int = 0
    """How many columns a collapsed card does not show."""

    @property
    def height(self) -> float:
        """The height of the card, in units."""
        return card_height(1 if self.hidden else len(self.rows))


def draw_face(painter: QPainter, face: Face, ink: Ink, pixels: float, detail: Detail) -> None:
    """Draw a card with its upper left corner at the origin.

    Parameters
    ----------
    painter
        Draws in pixels.
    face
        What to write.
    ink
        Colours and fonts.
    pixels
        Pixels per unit.
    detail
        How much of it to draw.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    card = QRectF(0, 0, round(WIDTH * pixels), round(face.height * pixels))
    outline = card_outline(face.kind, card, pixels, far=detail is Detail.SILHOUETTE)
    if detail is Detail.SILHOUETTE:
        _silhouette(painter, face, ink, card, outline)
    else:
        _Drawing(painter, face, ink, pixels, card, outline).draw(detail)
    _badge(painter, face, ink, pixels, card)


def _silhouette(painter: QPainter, face: Face, ink: Ink, card: QRectF, outline: QPainterPath) -> None:
    painter.fillPath(outline, ink.kind(face.kind))
    if card.width() < _SMALLEST_LABEL or card.height() < ink.unit * 16:
        return
    # A name keeps its size on the screen, as on a map.
    letters = ink.lettering(ink.unit)
    fits = letters.measure_small.elidedText(
        face.name, Qt.TextElideMode.ElideMiddle, card.width() - 8 * ink.unit
    )
    if len(fits) > 2:
        painter.setFont(letters.small)
        painter.setPen(ink.colour("on_kind"))
        painter.drawText(card, Qt.AlignmentFlag.AlignCenter, fits)


def _badge(painter: QPainter, face: Face, ink: Ink, pixels: float, card: QRectF) -> None:
    """Draw the sign of the worst problem on a plain disc at the corner."""
    if face.sign is None or card.width() < _SMALLEST_SIGN:
        return
    side = max(_BADGE * pixels, min(_BADGE * ink.unit * 0.75, card.width() / 3))
    letters = ink.lettering(side / _BADGE)
    text = str(face.problems) if face.problems > 1 and side >= _BADGE * ink.unit * 0.5 else ""
    width = side + (letters.measure_small.horizontalAdvance(text) + side * 0.25 if text else 0)
    plate = QRectF(card.right() - width + side * 0.4, card.top() - side * 0.45, width, side)
    painter.setPen(QPen(ink.colour("control_border"), 1))
    painter.setBrush(ink.colour("surface"))
    painter.drawRoundedRect(plate, side / 2, side / 2)
    inset = side * 0.18
    sign = QRectF(plate.left() + inset, plate.top() + inset, side - 2 * inset, side - 2 * inset)
    paint_sign(painter, face.sign, sign, ink.palette)
    if text:
        painter.setPen(ink.colour("text"))
        painter.setFont(letters.small)
        where = QRectF(sign.right(), plate.top(), plate.right() - sign.right() - inset, side)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)


class _Drawing:
    """Draw header and rows of a card at one scale."""

    def __init__(
        self, painter: QPainter, face: Face, ink: Ink, pixels: float, card: QRectF, outline: QPainterPath
    ) -> None:
        self.painter, self.face, self.ink, self.pixels = painter, face, ink, pixels
        self.card, self.outline = card, outline
        self.letters: Lettering = ink.lettering(pixels)

    def draw(self, detail: Detail) -> None:
        """Draw the card."""
        painter, ink = self.painter, self.ink
        header = self._line(HEADER)
        if detail is Detail.SKETCH:
            # From afar the name still wants to be read, so the header takes of the rows what it needs for that.
            header = min(max(header, round(_LEAST_HEADER * ink.unit)), self.card.height())
        painter.fillPath(self.outline, ink.colour("surface"))
        painter.save()
        painter.setClipPath(self.outline)
        painter.fillRect(QRectF(0, 0, self.card.width(), header), ink.kind(self.face.kind))
        for number in self.face.selected:
            top, bottom = self._row(number)
            painter.fillRect(QRectF(0, top, self.card.width(), bottom - top), ink.colour("selected"))
        painter.restore()
        self._border(header)
        self._header(header)
        if detail is Detail.FULL:
            for number, row in enumerate(self.face.rows):
                self._write(number, row)
            self._tell_hidden()
        else:
            self._sketch(header)

    def _line(self, units: float) -> float:
        return float(round(units * self.pixels))

    def _row(self, number: int) -> tuple[float, float]:
        return self._line(HEADER + number * ROW), self._line(HEADER + (number + 1) * ROW)

    def _border(self, header: float) -> None:
        painter = self.painter
        painter.save()
        below = QPainterPath()  # the header needs no border, its colour ends it
        below.addRect(QRectF(-1, header, self.card.width() + 2, self.card.height() - header + 1))
        painter.setClipPath(below)
        painter.strokePath(self.outline.translated(0, 0), QPen(self.ink.colour("border"), 1.5))
        painter.restore()

    def _header(self, height: float) -> None:
        painter, margin = self.painter, MARGIN * self.pixels
        letters = self.ink.lettering(max(self.pixels, _LEAST_LETTERS * self.ink.unit))
        painter.setPen(self.ink.colour("on_kind"))
        right = self.card.width() - margin
        counted = letters.measure_small.horizontalAdvance(self.face.count) if self.face.count else 0.0
        name = letters.measure_header.horizontalAdvance(self.face.name)
        if margin + name + margin + counted > right and self.pixels < _LEAST_LETTERS * self.ink.unit:
            counted = 0.0  # of the two the name tells more
        room = right - margin - (counted + margin if counted else 0.0)
        self._text(letters.header, letters.measure_header, self.face.name, QRectF(margin, 0, room, height))
        if counted:
            painter.setFont(letters.small)
            where = QRectF(right - counted - 1, 0, counted + 1, height)
            painter.drawText(where, _RIGHT, self.face.count)

    def _write(self, number: int, row: Row) -> None:
        painter, ink, letters = self.painter, self.ink, self.letters
        top, bottom = self._row(number)
        height = bottom - top
        if number:
            painter.setPen(QPen(ink.colour("grid"), 1))
            painter.drawLine(QLineF(1, top + 0.5, self.card.width() - 1, top + 0.5))
        margin, gutter = MARGIN * self.pixels, GUTTER * self.pixels
        if row.icon:
            side = _ICON * self.pixels
            where = QRectF(margin, top + (height - side) / 2, side, side)
            paint_icon(painter, row.icon, ink.palette.secondary, where)
        right = self.card.width() - margin
        name = letters.measure_name.horizontalAdvance(row.name)
        room = right - gutter - min(name, right - gutter) - margin / 2
        painter.setPen(ink.colour("secondary"))
        word = letters.measure_small.horizontalAdvance(row.word)
        if row.word and word <= room:
            painter.setFont(letters.small)
            where = QRectF(right - word - 1, top, word + 1, height)
            painter.drawText(where, _RIGHT, row.word)
            right -= word + margin / 2
        left = (
            WIDTH - MARGIN - _WORDS - _SPARK
        ) * self.pixels  # below one another, whatever stands beside them
        if row.spark and gutter + name + margin / 2 <= left and left + _SPARK * self.pixels <= right:
            self._spark(row.spark, QRectF(left, top + height * 0.2, _SPARK * self.pixels, height * 0.6))
            right = left - margin / 2
        if row.sign:
            side = _SIGN * self.pixels
            right -= side
            paint_sign(painter, row.sign, QRectF(right, top + (height - side) / 2, side, side), ink.palette)
            right -= margin / 2
        painter.setPen(ink.colour("text"))
        self._text(letters.name, letters.measure_name, row.name, QRectF(gutter, top, right - gutter, height))

    def _spark(self, heights: tuple[float, ...], where: QRectF) -> None:
        """Draw the shape of a column's values as bars."""
        step = min(where.width() / len(heights), _BAR * self.pixels)
        bars = []
        for at, share in enumerate(heights):
            high = max(where.height() * min(max(share, 0.0), 1.0), 1.0)
            left = where.left() + at * step
            bars.append(QRectF(left, where.bottom() - high, max(step * 0.8, 0.5), high))
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.ink.colour("control_border"))
        self.painter.drawRects(bars)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def _tell_hidden(self) -> None:
        """Say on a collapsed card what it does not show."""
        if self.face.hidden:
            top, bottom = self._row(0)
            where = QRectF(GUTTER * self.pixels, top, self.card.width(), bottom - top)
            text = "1 column" if self.face.hidden == 1 else f"{self.face.hidden} columns"
            self.painter.setPen(self.ink.colour("secondary"))
            self._text(self.letters.small, self.letters.measure_small, text, where)

    def _text(self, font: QFont, measure: QFontMetricsF, text: str, where: QRectF) -> None:
        # From afar only a part of a name fits, and names of a kind begin alike.
        far = self.pixels < _LEAST_LETTERS * self.ink.unit
        side = Qt.TextElideMode.ElideMiddle if far else Qt.TextElideMode.ElideRight
        fits = measure.elidedText(text, side, where.width() + 0.5)
        self.painter.setFont(font)
        self.painter.drawText(QPointF(where.left(), where.center().y() + _middle(measure)), fits)

    def _sketch(self, header: float) -> None:
        """Draw each row below the header as a bar as long as its name."""
        painter = self.painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.ink.colour("border"))
        left, most = GUTTER * self.pixels, (WIDTH - GUTTER - MARGIN) * self.pixels
        thickness = max(1.0, ROW * self.pixels * 0.3)
        bars = []
        for number, row in enumerate(self.face.rows):
            top, bottom = self._row(number)
            if top < header - 1:
                continue
            width = min(most, len(row.name) * 7.2 * self.pixels)
            bars.append(QRectF(left, (top + bottom - thickness) / 2, width, thickness))
        painter.drawRects(bars)


def _middle(measure: QFontMetricsF) -> float:
    """Return how far below the middle of a line its letters stand."""
    return (measure.ascent() - measure.descent()) / 2
