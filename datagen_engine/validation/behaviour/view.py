"""Some rows of a table as they stand in the data, answering what the engine's own parts ask of rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar, cast

from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Clock
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np
from datagen_engine.validation.arrow_values import values_of
from datagen_engine.validation.behaviour.unknown import Unknown

if TYPE_CHECKING:
    import pyarrow as pa

    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables

__all__ = ["RowView"]

T = TypeVar("T")


class RowView:
    """Answer for some rows of the data what `datagen_engine.draw.stage.Slice` promises.

    So effects, bounds, clocks and laws are evaluated by the code that draws them, but at the values that the
    data holds: its keys, its times, its parents. What the data does not tell raises `Unknown`.
    """

    def __init__(self, tables: DataTables, table: str, rows: Rows, load: Callable[[str], Values]) -> None:
        """Look at `rows` of `table`; `load` reads one column of them."""
        self.tables = tables
        self.table = table
        self.rows = rows
        self._load = load
        self._columns: dict[str, Values] = {}
        self._picked: dict[PickNode, Array] = {}
        self._once: dict[Hashable, object] = {}

    @classmethod
    def of_batch(cls, tables: DataTables, table: str, batch: pa.RecordBatch, offset: int) -> RowView:
        """Look at a batch whose first row is the row `offset` of its table."""
        types = tables.plan.tables[table].columns

        def load(name: str) -> Values:
            place = batch.schema.get_field_index(name)
            if place < 0:
                raise Unknown(f"{table}.{name} is missing from the data, or of another type")
            return values_of(batch.column(place), types[name].type)

        return cls(tables, table, Rows.run(offset, offset + batch.num_rows), load)

    @classmethod
    def of_table(cls, tables: DataTables, table: str) -> RowView:
        """Look at all rows of a table."""
        return cls(tables, table, Rows.run(0, tables.rows(table)), lambda name: tables.whole(table, name))

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, index: Array) -> RowView:
        """Return the rows at these places of this slice; a place may stand several times."""
        return RowView(
            self.tables, self.table, self.rows.take(index), lambda name: self.column(name).take(index)
        )

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for these rows."""
        if key not in self._once:
            self._once[key] = make()
        return cast("T", self._once[key])

    # -- what a slice answers -----------------------------------------------------------------------------

    def column(self, name: str) -> Values:
        """Return a column of these rows."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._load(name)
        return found

    def parent(self, column: str, up: int = 1) -> Values:
        """Return, for each row, a column of its first parent (or of that one's, `up` times), found by its key."""
        pick = self.tables.parent_pick(self.table)
        if pick is None:
            raise Unknown(f"{self.table!r} has no parent")
        if up == 1:
            return self.picked(pick, column)
        rows, table = self.picked_rows(pick), pick.target
        for _ in range(up - 1):
            above = self.tables.parents(table)
            rows = np.where(rows >= 0, above[np.maximum(rows, 0)], -1) if len(above) else rows
            table = self.tables.resolver.tables.first_parent(table) or table
        return self.gather(table, column, rows)

    def time(self, clock: Clock) -> Values:
        """Return each row's time."""
        if clock.column is None:
            return Values("datetime", np.full(len(self), clock.instant, dtype=np.int64))
        return self.column(clock.column) if clock.up == 0 else self.parent(clock.column, clock.up)

    def picked(self, pick: PickNode, column: str) -> Values:
        """Return, for each row, a column of the row of another table that was picked for it."""
        if self._kind(pick) != "match" and self.tables.key_column(pick) is None:
            own = self.tables.copy_of(pick, column)
            if own is None:
                raise Unknown(f"no column of {self.table!r} tells which row of {pick.target!r} it refers to")
            return self.column(own)
        return self.gather(pick.target, column, self.picked_rows(pick))

    def picked_rows(self, pick: PickNode) -> Array:
        """Return the row (int64) of the other table that was picked for each row, −1 where there is none."""
        found = self._picked.get(pick)
        if found is None:
            found = self._picked[pick] = self._find(pick)
        return found

    def _find(self, pick: PickNode) -> Array:
        if self._kind(pick) == "match":
            keys = self.tables.resolver.picks.spec(pick).keys
            local, remote = [own for own, _ in keys], [other for _, other in keys]
            return self.tables.find(pick.target, remote, [self.column(name) for name in local])
        key = self.tables.key_column(pick)
        if key is None:
            raise Unknown(f"no column of {self.table!r} tells which row of {pick.target!r} it refers to")
        return self.tables.find(pick.target, [key[1]], [self.column(key[0])])

    def _kind(self, pick: PickNode) -> str:
        if pick == self.tables.parent_pick(self.table):
            return "parent"
        return self.tables.resolver.picks.spec(pick).kind

    def whole(self, table: str, column: str) -> Values:
        """Return all values of a column of any table."""
        return self.tables.whole(table, column)

    def gather(self, table: str, column: str, rows: Array) -> Values:
        """Return a column of another table at any of its rows (−1 gives null)."""
        values = self.tables.whole(table, column)
        if not len(values):
            return Values.nulls(values.type, len(rows))
        there = rows >= 0
        return values.take(rows) if there.all() else values.take(np.maximum(rows, 0)).only(there)

    def row_count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return self.tables.rows(table)

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for the data and this key."""
        return self.tables.memo(key, make)
