"""A table on the canvas: where it stands, and what its picture shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QRectF

from datagen_app.canvas.face import BORDER, Face, Row
from datagen_app.canvas.geometry import HEADER, ROW, WIDTH, card_height, row_centre
from datagen_app.document.document import Column, Table
from datagen_app.document.place import Place
from datagen_app.document.words import generator_word
from datagen_app.shell.signs import Sign

__all__ = ["Card"]

_NO_SIGNS: Mapping[int, Sign] = {}
_NO_SPARKS: Mapping[int, Sequence[float]] = {}


class Card:
    """Hold what is shown of a table.

    It is no item of Qt's: hundreds of those cost more in a frame than copying their pictures does.

    Parameters
    ----------
    table
        The table.
    references
        The session keys of its columns that take values from elsewhere.
    at
        Its upper left corner, in units.
    collapsed
        Whether only its header is shown.
    """

    def __init__(
        self,
        table: Table,
        references: Collection[int] = (),
        at: tuple[float, float] = (0.0, 0.0),
        *,
        collapsed: bool = False,
    ) -> None:
        self.key = table.key
        self.x, self.y = at
        self.selected = False
        self._count = ""
        self._problems: tuple[int, Sign | None, Mapping[int, Sign]] = (0, None, _NO_SIGNS)
        self._columns: frozenset[int] = frozenset()
        self._sparks: Mapping[int, Sequence[float]] = _NO_SPARKS
        self._version = 0
        self._face: Face | None = None
        self.show(table, references, collapsed=collapsed)

    def show(self, table: Table, references: Collection[int], *, collapsed: bool) -> None:
        """Show the table as it has become."""
        self.table, self.kind, self.collapsed = table, table.kind, collapsed
        self.references = references
        self.height = card_height(1 if collapsed else len(table.places))
        self._change()

    def differs(
        self, table: Table, references: Collection[int], at: tuple[float, float], *, collapsed: bool
    ) -> bool:
        """Whether it has to change to show this."""
        return (
            table is not self.table
            or at != (self.x, self.y)
            or collapsed != self.collapsed
            or (references is not self.references and set(references) != set(self.references))
        )

    # Where it is

    @property
    def frame(self) -> QRectF:
        """The card itself, in units."""
        return QRectF(self.x, self.y, WIDTH, self.height)

    @property
    def bounds(self) -> QRectF:
        """The card with what stands out from it."""
        return self.frame.adjusted(-BORDER, -BORDER, BORDER, BORDER)

    def meets(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether it has to do with an area, in units."""
        return (
            self.x - BORDER < right
            and left < self.x + WIDTH + BORDER
            and self.y - BORDER < bottom
            and top < self.y + self.height + BORDER
        )

    def row_frame(self, column: Column) -> QRectF:
        """Return the row of a column, in units; the header, while the rows are not shown."""
        number = next((at for at, one in enumerate(self.table.columns) if one.key == column.key), None)
        if self.collapsed or number is None:
            return QRectF(self.x, self.y, WIDTH, HEADER)
        return QRectF(self.x, self.y + HEADER + number * ROW, WIDTH, ROW)

    def column_at(self, y: float) -> Column | None:
        """Return the column whose row is at a height of the card; none in the header."""
        number = int((y - HEADER) // ROW)
        inside = y >= HEADER and number < len(self.table.places) and not self.collapsed
        return self.table.columns[number] if inside else None

    def port(self, column: int | None) -> float:
        """Return how far below the top the edges of a column meet the card; its session key, or none."""
        if column is None or self.collapsed:
            return row_centre(None)
        return row_centre(next((at for at, one in enumerate(self.table.columns) if one.key == column), None))

    def has(self, place: Place) -> bool:
        """Whether the column of a place is one of its own, or the place is the table's."""
        return place.column is None or self.table.column(place.column) is not None

    # What is on it

    @property
    def face(self) -> Face:
        """What is written on it; of a large schema most cards are seen from afar, so it is read when asked."""
        if self._face is None:
            problems, sign, signs = self._problems
            rows = () if self.collapsed else tuple(self._row(column, signs) for column in self.table.columns)
            selected = frozenset(
                at for at, column in enumerate(self.table.columns) if column.key in self._columns
            )
            hidden = len(self.table.places) if self.collapsed else 0
            self._face = Face(
                self.table.id, self.kind, rows, self._count, problems, sign, selected, hidden=hidden
            )
        return self._face

    @property
    def state(self) -> object:
        """What decides about its picture; told without reading what is on it."""
        return self._version

    @property
    def count(self) -> str:
        """The number of rows that the header shows."""
        return self._count

    def set_count(self, count: str) -> bool:
        """Show a number of rows in the header; return whether that is another one."""
        changed = count != self._count
        if changed:
            self._count = count
            self._change()
        return changed

    def set_problems(self, count: int, sign: Sign | None, columns: Mapping[int, Sign]) -> bool:
        """Show how many problems there are, the sign of the worst, and the sign of each column's worst.

        Columns are told by their session keys. Returns whether that changes the picture.
        """
        changed = (count, sign, columns) != self._problems
        if changed:
            self._problems = (count, sign, columns)
            self._change()
        return changed

    def set_selected(self, here: Collection[Place]) -> bool:
        """Show which of its places are selected; return whether it looks other: a selected card lies over others."""
        columns = frozenset(place.column for place in here if place.column is not None)
        raised = self.selected != bool(here)
        self.selected = bool(here)
        if columns != self._columns:
            self._columns = columns
            self._change()
            return True
        return raised

    def set_sparks(self, sparks: Mapping[int, Sequence[float]]) -> bool:
        """Show the shape of columns' values, by their session keys; return whether that is another one."""
        changed = sparks != self._sparks
        if changed:
            self._sparks = sparks
            self._change()
        return changed

    def _change(self) -> None:
        self._face = None
        self._version += 1

    def _row(self, column: Column, signs: Mapping[int, Sign]) -> Row:
        key = column.name == self.table.key_column
        icon = "key" if key else "reference" if column.key in self.references else ""
        spark = tuple(self._sparks.get(column.key, ()))
        return Row(column.name, generator_word(column.value), icon, signs.get(column.key), spark)
