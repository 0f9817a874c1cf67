"""Some rows of a table as they stand in the data, with the answers that the engine's own parts ask for.

What a generator, a modifier or an effect asks of the slice that it is drawn for, it can ask of this one too:
so formulas, effects, behaviours and distributions are judged by the very code that drew them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Clock
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, pa
from datagen_engine.validation.arrow_values import values_of
from datagen_engine.validation.faults import CannotJudge, DataFault

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data import TableData
    from datagen_engine.validation.links import Link

__all__ = ["DataSlice"]

T = TypeVar("T")


class DataSlice:
    """Answer for some rows of one table; what is asked twice is worked out once.

    It is a `datagen_engine.draw.stage.Slice`.
    """

    def __init__(
        self, context: Context, table: TableData, rows: Rows, batch: pa.RecordBatch | None = None
    ) -> None:
        """Look at `rows` of `table`; `batch` holds those of their columns that are read already."""
        self.context = context
        self.table = table
        self._rows = rows
        self._batch = batch
        self._columns: dict[str, Values] = {}
        self._linked: dict[Link, Array] = {}

    @property
    def rows(self) -> Rows:
        """Return which rows these are."""
        return self._rows

    @property
    def stored(self) -> pa.RecordBatch:
        """Return the columns that are read already, as they are stored."""
        assert self._batch is not None, "only a batch of a pass has any"
        return self._batch

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Values:
        """Return the values of a column; raises CannotJudge where the data has none such."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._read(name)
        return found

    def _read(self, name: str) -> Values:
        column = self.table.node.by_name.get(name)
        why = self.table.why_not(name)
        if why is not None or column is None:
            raise why or CannotJudge(f"there is no column {name!r} in {self.table.id}")
        if self._batch is None or name not in self._batch.schema.names:
            return self.context.at_rows(self.table.id, name, self._rows)
        try:
            return values_of(self._batch.column(name), column.type)
        except DataFault as fault:
            raise DataFault(f"{self.table.id}.{name} {fault}") from None

    # -- other rows ---------------------------------------------------------------------------------------

    def linked(self, link: Link) -> Array:
        """Return the row of a link's target (int64) for each row, −1 where its key is null or not found."""
        found = self._linked.get(link)
        if found is None:
            finder = self.context.finder(link.target, link.remotes)
            found = self._linked[link] = finder.rows([self.column(name) for name in link.columns])
        return found

    def parent(self, column: str, up: int = 1) -> Values:
        """Return, for each row, a column of its first parent (or of that one's, `up` times)."""
        link = self.context.parent_link(self.table.id)
        rows, here = self.linked(link), link.target
        for _ in range(up - 1):
            above = self.context.whole_parents(here)
            rows = np.where(rows >= 0, above[np.maximum(rows, 0)], -1) if len(above) else rows
            here = self.context.parent_link(here).target
        return self.gather(here, column, rows)

    def time(self, clock: Clock) -> Values:
        """Return each row's time."""
        if clock.column is None:
            return Values("datetime", np.full(len(self._rows), clock.instant, dtype=np.int64))
        return self.column(clock.column) if clock.up == 0 else self.parent(clock.column, clock.up)

    def picked(self, pick: PickNode, column: str) -> Values:
        """Return, for each row, a column of the row that was picked for it; raises CannotJudge."""
        link = self.context.links.of_pick(self.table.id, pick)
        if link is None:
            raise CannotJudge(
                f"no column of {self.table.id} holds the key of the {pick.target} that was picked"
            )
        return self.gather(pick.target, column, self.linked(link))

    def whole(self, table: str, column: str) -> Values:
        """Return all values of another table's column."""
        return self.context.whole(table, column)

    def gather(self, table: str, column: str, rows: Array) -> Values:
        """Return a column of another table at any of its rows (−1 gives null)."""
        values = self.context.whole(table, column)
        if not len(values):
            return Values.nulls(values.type, len(rows))
        there = rows >= 0
        if there.all():
            return values.take(rows)
        return values.take(np.maximum(rows, 0)).only(there)

    def row_count(self, table: str) -> int:
        """Return the number of rows of a table; raises CannotJudge where it is missing."""
        self.context.require(table)
        return self.context.rows(table)

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for this data."""
        return self.context.memo(key, make)
