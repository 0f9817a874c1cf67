"""A table on the canvas: one item, its columns painted as rows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from datagen_app.canvas.face import BORDER, Face, Row
from datagen_app.canvas.geometry import HEADER, ROW, WIDTH
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


class Card(QGraphicsItem):
    """Show a table.

    Parameters
    ----------
    table
        The table.
    references
        The names of its columns that take values from elsewhere.
    ink
        Colours and fonts.
    pictures
        Where its picture is kept.
    """

    def __init__(self, table: Table, references: frozenset[str], ink: Ink, pictures: Pictures) -> None:
        super().__init__()
        self.table = table
        self._ink, self._pictures = ink, pictures
        self._selected = False
        rows = tuple(_row(table, column, references) for column in table.columns)
        self.face = Face(table.id, table.kind, rows)
        self._bounds = QRectF(0, 0, WIDTH, self.face.height).adjusted(-BORDER, -BORDER, BORDER, BORDER)
        self.setToolTip("")

    @property
    def frame(self) -> QRectF:
        """The card itself, in the scene."""
        return QRectF(self.x(), self.y(), WIDTH, self.face.height)

    def row_frame(self, column: Column) -> QRectF:
        """Return the row of a column, in the scene."""
        number = self.table.columns.index(column)
        return QRectF(self.x(), self.y() + HEADER + number * ROW, WIDTH, ROW)

    def column_at(self, y: float) -> Column | None:
        """Return the column whose row is at a height of the card; none in the header."""
        number = int((y - HEADER) // ROW)
        return self.table.columns[number] if y >= HEADER and number < len(self.table.columns) else None

    def set_ink(self, ink: Ink) -> None:
        """Draw with other colours or fonts."""
        self._ink = ink
        self.update()

    def set_count(self, count: str) -> None:
        """Show a number of rows in the header."""
        self._show(replace(self.face, count=count))

    def set_references(self, references: frozenset[str]) -> None:
        """Mark the columns that take their values from elsewhere."""
        rows = tuple(
            replace(row, icon=_icon(self.table, column.name, references))
            for row, column in zip(self.face.rows, self.table.columns, strict=True)
        )
        self._show(replace(self.face, rows=rows))

    def set_problems(self, count: int, sign: Sign | None, columns: dict[int, Sign]) -> None:
        """Show how many problems there are, the sign of the worst, and the sign of each column's worst.

        Columns are told by their session keys.
        """
        rows = tuple(
            replace(row, sign=columns.get(column.key))
            for row, column in zip(self.face.rows, self.table.columns, strict=True)
        )
        self._show(replace(self.face, rows=rows, problems=count, sign=sign))

    def set_selected(self, place: Place) -> None:
        """Show what of the selection is here."""
        here = place.table == self.table.key
        column = self.table.column(place.column) if here and place.column is not None else None
        if here != self._selected:
            self._selected = here
            self.update()
        self._show(replace(self.face, selected=self.table.columns.index(column) if column else None))

    def boundingRect(self) -> QRectF:
        """Return the card with what stands out from it."""
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the card's picture, and the ring around a selected one."""
        transform = painter.worldTransform()
        self._pictures.paint(painter, self.table.key, self.face, self._ink)
        if self._selected:
            pixels = transform.m11()
            where = transform.mapRect(QRectF(0, 0, WIDTH, self.face.height)).adjusted(
                -_RING, -_RING, _RING, _RING
            )
            painter.resetTransform()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._ink.colour("accent"), 2))
            painter.drawPath(card_outline(self.face.kind, where, pixels))

    def _show(self, face: Face) -> None:
        if face != self.face:
            self.face = face
            self.update()


def _row(table: Table, column: Column, references: frozenset[str]) -> Row:
    return Row(column.name, generator_word(column.value), _icon(table, column.name, references))


def _icon(table: Table, column: str, references: frozenset[str]) -> str:
    if column == table.key_column:
        return "key"
    return "reference" if column in references else ""
