"""A table on the canvas: one item, its columns painted as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from datagen_app.canvas.face import BORDER, Face, Row
from datagen_app.canvas.geometry import HEADER, ROW, WIDTH, card_height
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.pictures import Pictures
from datagen_app.canvas.shapes import card_outline
from datagen_app.document.document import Column, Table
from datagen_app.document.place import Place
from datagen_app.document.words import generator_word
from datagen_app.shell.signs import Sign

__all__ = ["Card"]

_RING = 3.0
"""Pixels between a selected card and its ring."""

_NO_SIGNS: Mapping[int, Sign] = {}


class Card(QGraphicsItem):
    """Show a table.

    Parameters
    ----------
    table
        The table.
    references
        The session keys of its columns that take values from elsewhere.
    ink
        Colours and fonts.
    pictures
        Where its picture is kept.
    """

    def __init__(self, table: Table, references: Collection[int], ink: Ink, pictures: Pictures) -> None:
        super().__init__()
        self.table = table
        self.key, self.kind = table.key, table.kind
        self.height = card_height(len(table.places))
        self._references = references
        self._ink, self._pictures = ink, pictures
        self._count = ""
        self._problems: tuple[int, Sign | None, Mapping[int, Sign]] = (0, None, _NO_SIGNS)
        self._selected = False
        self._column: Column | None = None
        # Of a large schema most cards are seen from afar only, so what is on them is read when it is needed.
        self._face: Face | None = None
        self._bounds = QRectF(0, 0, WIDTH, self.height).adjusted(-BORDER, -BORDER, BORDER, BORDER)

    @property
    def face(self) -> Face:
        """What is written on it."""
        if self._face is None:
            problems, sign, signs = self._problems
            rows = tuple(self._row(column, signs) for column in self.table.columns)
            selected = self.table.columns.index(self._column) if self._column else None
            self._face = Face(self.table.id, self.kind, rows, self._count, problems, sign, selected)
        return self._face

    @property
    def state(self) -> tuple[object, ...]:
        """What decides about its picture; told without reading what is on it."""
        return self._count, self._problems, self._column

    @property
    def frame(self) -> QRectF:
        """The card itself, in the scene."""
        return QRectF(self.x(), self.y(), WIDTH, self.height)

    def row_frame(self, column: Column) -> QRectF:
        """Return the row of a column, in the scene."""
        number = self.table.columns.index(column)
        return QRectF(self.x(), self.y() + HEADER + number * ROW, WIDTH, ROW)

    def column_at(self, y: float) -> Column | None:
        """Return the column whose row is at a height of the card; none in the header."""
        number = int((y - HEADER) // ROW)
        return self.table.columns[number] if y >= HEADER and number < len(self.table.places) else None

    def set_ink(self, ink: Ink) -> None:
        """Draw with other colours or fonts."""
        self._ink = ink
        self.update()

    def set_count(self, count: str) -> None:
        """Show a number of rows in the header."""
        if count != self._count:
            self._count = count
            self._change()

    def set_problems(self, count: int, sign: Sign | None, columns: Mapping[int, Sign]) -> None:
        """Show how many problems there are, the sign of the worst, and the sign of each column's worst.

        Columns are told by their session keys.
        """
        if (count, sign, columns) != self._problems:
            self._problems = (count, sign, columns)
            self._change()

    def set_selected(self, place: Place) -> None:
        """Show what of the selection is here."""
        here = place.table == self.key
        column = self.table.column(place.column) if here and place.column is not None else None
        if (here, column) != (self._selected, self._column):
            self._selected, self._column = here, column
            self._change()

    def boundingRect(self) -> QRectF:
        """Return the card with what stands out from it."""
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the card's picture, and the ring around a selected one."""
        if not self._selected:
            self._pictures.paint(painter, self, self._ink)
            return
        transform = painter.worldTransform()
        self._pictures.paint(painter, self, self._ink)
        where = transform.mapRect(QRectF(0, 0, WIDTH, self.height))
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._ink.colour("accent"), 2))
        ring = where.adjusted(-_RING, -_RING, _RING, _RING)
        painter.drawPath(card_outline(self.kind, ring, transform.m11()))

    def _change(self) -> None:
        self._face = None
        self.update()

    def _row(self, column: Column, signs: Mapping[int, Sign]) -> Row:
        key = column.name == self.table.key_column
        icon = "key" if key else "reference" if column.key in self._references else ""
        return Row(column.name, generator_word(column.value), icon, signs.get(column.key))
