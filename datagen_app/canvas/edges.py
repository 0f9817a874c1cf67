"""References on the canvas: lines between cards, and the marks that they end in.

Kinds differ by their line and by the mark at their end, never by colour: a parent is thick and ends in a
crow's foot, a lookup is thin and ends in a dot, an effect is dashed and ends in an arrow, a vocabulary is
dotted and ends in a ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from datagen_app.canvas.diagram import Edge, EdgeKind
from datagen_app.canvas.geometry import WIDTH
from datagen_app.canvas.ink import Ink
from datagen_app.document.place import Place

__all__ = ["Drawn", "draw_edges", "draw_hairlines", "draw_labels", "label_point"]

_WIDTHS: dict[EdgeKind, float] = {"parent": 2.4, "lookup": 1.2, "effect": 1.4, "vocabulary": 1.4}
_DASHES: dict[EdgeKind, tuple[float, float]] = {"effect": (4.0, 3.0), "vocabulary": (0.1, 3.0)}
_LIT = 0.5
"""Units that a lit edge is thicker."""
_LINE = 3.0
"""Units that a line takes beside its middle."""
_MARKED = 0.3
"""The zoom below which edges are hairlines without marks."""
_LABELLED = 0.45
"""The zoom below which the number of children is not written."""


@dataclass(eq=False)
class Drawn:
    """An edge, with the route it takes and the rectangle around that; its ends by session keys."""

    edge: Edge
    source: Place
    target: Place
    route: Sequence[tuple[float, float]]
    box: QRectF
    label: str = ""
    _path: QPainterPath | None = None

    def __post_init__(self) -> None:
        """Give a level line some room; without it, it would take none at all."""
        self.bounds = self.box.adjusted(-_LINE, -_LINE, _LINE, _LINE)

    @property
    def traced(self) -> bool:
        """Whether its path is at hand."""
        return self._path is not None

    @property
    def path(self) -> QPainterPath:
        """Its route as a path: made when it is first drawn, for there are many."""
        if self._path is None:
            route = self.route
            self._path = QPainterPath(QPointF(*route[0]))
            for at in range(1, len(route), 3):
                self._path.cubicTo(*route[at], *route[at + 1], *route[at + 2])
        return self._path

    def lead(self, route: Sequence[tuple[float, float]]) -> None:
        """Take another route."""
        self.route, self._path = route, None
        across, down = [x for x, _ in route], [y for _, y in route]
        left, top = min(across), min(down)
        self.box = QRectF(left, top, max(across) - left, max(down) - top)
        self.__post_init__()

    def joins(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Whether the route begins and ends at cards: at these heights beside these left edges, either side.

        The worker's routes are rounded to tenths of a unit.
        """
        return all(
            abs(y - at[1]) < 0.11 and (abs(x - at[0]) < 0.11 or abs(x - at[0] - WIDTH) < 0.11)
            for (x, y), at in ((self.route[0], start), (self.route[-1], end))
        )


def draw_edges(painter: QPainter, edges: Iterable[Drawn], ink: Ink, pixels: float, *, lit: bool) -> None:
    """Draw edges, in units.

    Parameters
    ----------
    painter
        Draws in units.
    edges
        What to draw.
    ink
        Colours.
    pixels
        Pixels per unit.
    lit
        Whether they are those of the selection.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colour = ink.colour("accent" if lit else "secondary")
    if pixels < _MARKED * ink.unit:
        painter.setPen(_hairline(ink.colour("accent" if lit else "control_border"), lit=lit))
        for edge in edges:
            painter.drawPath(edge.path)
        return
    for edge in edges:
        _draw(painter, edge, colour, pixels, lit=lit)


def draw_hairlines(painter: QPainter, paths: Iterable[QPainterPath], ink: Ink) -> None:
    """Draw edges as thin lines, quickly: for a frame that has no time for more."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_hairline(ink.colour("control_border"), lit=False))
    for path in paths:
        painter.drawPath(path)


def draw_labels(painter: QPainter, edges: Sequence[Drawn], ink: Ink, pixels: float, *, lit: bool) -> None:
    """Write how many children a parent has, on a plate in the middle of the first bend; in pixels."""
    if pixels < _LABELLED * ink.unit:
        return
    letters = ink.lettering(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(letters.small)
    height = letters.measure_small.height() + 4 * pixels
    for edge in edges:
        if not edge.label:
            continue
        middle = label_point(edge.path) * pixels
        width = letters.measure_small.horizontalAdvance(edge.label) + 14 * pixels
        plate = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        painter.setPen(QPen(ink.colour("accent" if lit else "control_border"), 1))
        painter.setBrush(ink.colour("window"))
        painter.drawRoundedRect(plate, height / 2, height / 2)
        painter.setPen(ink.colour("text" if lit else "secondary"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, edge.label)


def label_point(path: QPainterPath) -> QPointF:
    """Return where an edge is labelled: the middle of its first curve."""
    start, one, two, end = (QPointF(path.elementAt(at).x, path.elementAt(at).y) for at in range(4))
    return (start + one * 3 + two * 3 + end) / 8  # De Casteljau at one half


def _hairline(colour: QColor, *, lit: bool) -> QPen:
    pen = QPen(colour, 2 if lit else 1)
    pen.setCosmetic(True)
    return pen


def _draw(painter: QPainter, edge: Drawn, colour: QColor, pixels: float, *, lit: bool) -> None:
    kind = edge.edge.kind
    least = 1.1 / pixels  # a line stays a pixel wide
    width = max(_WIDTHS[kind] + (_LIT if lit else 0.0), least)
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    solid = QPen(pen)
    if kind in _DASHES:
        # Dashes are counted in widths: a lit edge covers the dashes of the same edge unlit.
        pen.setDashPattern([length * _WIDTHS[kind] / width for length in _DASHES[kind]])
    if kind == "vocabulary":
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPath(edge.path)
    painter.setPen(solid)
    _mark(painter, kind, edge.path, colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _mark(painter: QPainter, kind: EdgeKind, path: QPainterPath, colour: QColor) -> None:
    """Draw the mark at the end of an edge, against the side of the card."""
    last = path.elementCount() - 1
    end = QPointF(path.elementAt(last).x, path.elementAt(last).y)
    before = QPointF(path.elementAt(last - 1).x, path.elementAt(last - 1).y)
    back = -1.0 if before.x() < end.x() else 1.0  # every edge arrives level
    if kind == "parent":
        foot = QPointF(end.x() + back * 9, end.y())
        painter.drawLines([QLineF(foot, QPointF(end.x(), end.y() + side)) for side in (-5.0, 5.0)])
    elif kind == "effect":
        painter.setBrush(colour)
        tip = [end, QPointF(end.x() + back * 8, end.y() - 4), QPointF(end.x() + back * 8, end.y() + 4)]
        painter.drawPolygon(QPolygonF(tip))
    else:
        painter.setBrush(colour if kind == "lookup" else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(end.x() + back * 3, end.y()), 2.5, 2.5)
