"""Some rows of a table, evaluated as far as they are asked about."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.stage import Clock
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.plan import Plan
    from datagen_engine.planning.table import TablePlan

__all__ = ["TableSlice"]

T = TypeVar("T")

_KEEP_ROWS = 4 * BLOCK
_KEEP_SHARE = 0.25


class TableSlice:
    """Answer for some rows of one table; what is asked twice is evaluated once."""

    def __init__(self, plan: Plan, table: TablePlan, rows: Rows) -> None:
        """Look at `rows` of `table`."""
        self.plan = plan
        self.table = table
        self.rows = rows
        self._columns: dict[str, Values] = {}
        self._picks: dict[PickNode, Array] = {}
        self._above: tuple[TableSlice, Array] | None = None

    def column(self, name: str) -> Values:
        """Return the finished values of a column."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.plan.drawn(self, name)
        return found

    # -- parents ------------------------------------------------------------------------------------------

    def above(self) -> tuple[TableSlice, Array]:
        """Return the rows of the first parent, and for each of these rows its place among them."""
        if self._above is None:
            counts = self.table.children
            assert counts is not None, f"{self.table.id} has no parent"
            parents, place = counts.parents(self.rows)
            self._above = (TableSlice(self.plan, self.plan.tables[counts.parent], parents), place)
        return self._above

    def parent(self, column: str, up: int = 1) -> Values:
        """Return, for each row, the value of a column of its first parent (or of that one's, `up` times)."""
        parents, place = self.above()
        values = parents.column(column) if up == 1 else parents.parent(column, up - 1)
        return values.take(place)

    def time(self, clock: Clock) -> Values:
        """Return each row's time."""
        if clock.column is None:
            return Values("datetime", np.full(len(self.rows), clock.instant, dtype=np.int64))
        return self.column(clock.column) if clock.up == 0 else self.parent(clock.column, clock.up)

    # -- other tables -------------------------------------------------------------------------------------

    def picked(self, pick: PickNode, column: str) -> Values:
        """Return, for each row, a column of the row that is picked for it."""
        if self.table.picks[pick].is_parent:
            return self.parent(column)
        return self.gather(pick.target, column, self.picked_rows(pick))

    def picked_rows(self, pick: PickNode) -> Array:
        """Return the number of the row that is picked for each row, −1 where there is none."""
        found = self._picks.get(pick)
        if found is None:
            found = self._picks[pick] = self.table.picks[pick].rows(self)
        return found

    def gather(self, table: str, column: str, rows: Array) -> Values:
        """Return a column of another table at any of its rows."""
        target = self.plan.tables[table]
        there = rows >= 0
        every = bool(there.all())
        if not target.rows:
            return Values.nulls(target.columns[column].type, len(rows))
        safe = rows if every else np.maximum(rows, 0)
        if target.columns[column].direct:
            values = TableSlice(self.plan, target, Rows.listed(safe)).column(column)
        elif self._worth_keeping(target, column, safe):
            values = self.plan.whole(table, column).take(safe)
        else:
            distinct, place = np.unique(safe, return_inverse=True)
            values = TableSlice(self.plan, target, Rows.listed(distinct)).column(column).take(place)
        return values if every else values.only(there)

    def whole(self, table: str, column: str) -> Values:
        """Return all values of another table's column."""
        return self.plan.whole(table, column)

    def row_count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return self.plan.tables[table].rows

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once a plan for this key."""
        return self.plan.store.memo(key, make)

    def _worth_keeping(self, target: TablePlan, column: str, rows: Array) -> bool:
        """Say whether so many of a column's blocks are asked for that it is better drawn whole, once."""
        if target.rows <= _KEEP_ROWS or self.plan.is_kept(target.id, column):
            return True
        blocks = -(-target.rows // BLOCK)
        return len(rows) > _KEEP_SHARE * blocks and len(np.unique(rows // BLOCK)) > _KEEP_SHARE * blocks
