"""What a check may ask: the schema with its plan, and the data, batch by batch, whole, or at single rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.values import Values
from datagen_engine.errors import Cancelled
from datagen_engine.lazy import np
from datagen_engine.planning.store import Store
from datagen_engine.run.executors import executor, in_order
from datagen_engine.run.run import Progress, cores
from datagen_engine.validation.data import DataFolder, Span, TableData
from datagen_engine.validation.data_slice import DataSlice
from datagen_engine.validation.faults import CannotJudge, DataFault, NotYet
from datagen_engine.validation.finder import Finder, index_of, sequence_of
from datagen_engine.validation.links import Link, Links

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.plan import Plan
    from datagen_engine.write.manifest import Manifest

__all__ = ["Context"]

R = TypeVar("R")
T = TypeVar("T")

_MOST_KEPT = 1 << 31
"""Rows of a column that may be kept whole."""


class Context:
    """Give checks the schema, its plan and the data.

    Parameters
    ----------
    plan
        The schema's plan, for the seed and the numbers of rows of the run where the data is one of ours.
    data
        The folder, opened.
    run
        What the run says of itself; None where the data is no run of ours of this schema.
    sample
        How many rows of each table are looked at, in evenly spread stretches; None for all. What tables refer
        to is always read whole.
    glance
        How many rows of each table the behavioural checks of single rows look at at most, where no sample says.
    progress, cancelled
        As for `generate`.
    """

    def __init__(
        self,
        plan: Plan,
        data: DataFolder,
        *,
        run: Manifest | None = None,
        sample: int | None = None,
        glance: int | None = None,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Look at the data; nothing is read yet."""
        self.plan = plan
        self.schema = plan.schema
        self.resolver = plan.resolver
        self.data = data
        self.run = run
        self.sample = sample if sample is not None else glance
        """How many rows of a table a behavioural check of single rows may look at; None for as many as it wants."""
        self._sample = sample
        self.links = Links(plan)
        self._progress = progress
        self._cancelled = cancelled
        self._store = Store()
        self._started = time.monotonic()
        self._done = 0

    def close(self) -> None:
        """Forget what was kept."""
        self._store.close()

    # -- what there is ------------------------------------------------------------------------------------

    def table(self, table: str) -> TableData:
        """Return what the folder holds for a table."""
        return self.data.tables[table]

    @property
    def seeded(self) -> bool:
        """Return whether the data says that it was drawn from this schema, by the seed of the plan."""
        return self.run is not None

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table that are there and of their type; none of a table that is missing."""
        found = self.data.tables[table]
        return [column.name for column in found.node.columns if found.why_not(column.name) is None]

    def rows(self, table: str) -> int:
        """Return the number of rows of a table in the data; 0 of a table that is missing."""
        found = self.data.tables[table]
        if not found.begun:
            raise NotYet
        return found.rows if found.there else 0

    def looked_at(self, table: str) -> int:
        """Return how many rows of a table are looked at."""
        rows = self.rows(table)
        return rows if self._sample is None else min(rows, self._sample)

    def is_sampled(self, table: str) -> bool:
        """Say whether only some rows of a table are looked at."""
        return self._sample is not None and self.table(table).there and self._sample < self.table(table).rows

    def why_not(self, table: str, *columns: str) -> CannotJudge | None:
        """Return why a table, or columns of it, cannot be looked at; None where they can."""
        whys = (self.table(table).why_not(column) for column in columns or ("",))
        return next((why for why in whys if why is not None), None)

    def require(self, table: str, *columns: str) -> None:
        """Raise CannotJudge where a table, or columns of it, cannot be looked at."""
        why = self.why_not(table, *columns)
        if why is not None:
            raise why

    # -- reading ------------------------------------------------------------------------------------------

    def each(
        self, table: str, columns: Sequence[str], work: Callable[[DataSlice], R], *, quiet: bool = False
    ) -> Iterator[R]:
        """Yield `work(slice)` for every batch of the rows that are looked at, in order, worked on by all cores.

        Parameters
        ----------
        table
            Which table.
        columns
            The columns that `work` asks for; others are found too, but cost more.
        work
            Called in threads, for several batches at a time.
        quiet
            Whether the progress is not told of it.

        Raises
        ------
        DataFault
            The data cannot be read to its end.
        Cancelled
            It was stopped.
        """
        return self._over(table, columns, work, self._spans(table), quiet)

    def each_of_all(self, table: str, columns: Sequence[str], work: Callable[[DataSlice], R]) -> Iterator[R]:
        """Yield `work(slice)` for every batch of all rows, whatever the sample."""
        return self._over(table, columns, work, list(self.table(table).spans()), quiet=True)

    def _over(
        self,
        table: str,
        columns: Sequence[str],
        work: Callable[[DataSlice], R],
        spans: Sequence[Span],
        quiet: bool = False,
    ) -> Iterator[R]:
        target = self.table(table)
        wanted = [name for name in dict.fromkeys(columns) if target.why_not(name) is None]
        of = sum(span.end - span.begin for span in spans)
        seen = 0

        def judged(span: Span) -> tuple[int, list[R]]:
            found = []
            for start, batch in target.read(span, wanted):
                self.check_cancelled()
                rows = Rows.run(start, start + batch.num_rows)
                found.append(work(DataSlice(self, target, rows, batch)))
            return span.end - span.begin, found

        workers = min(cores(), len(spans)) or 1
        with executor(workers) as pool:
            stream = in_order(pool, judged, spans, workers + 1 if workers > 1 else 1)
            try:
                for rows, results in stream:
                    seen += rows
                    if not quiet:
                        self._tell(table, rows, seen, of)
                    yield from results
            except DataFault as fault:
                target.unreadable = target.unreadable or str(fault)  # nobody after this looks at it
                raise DataFault(str(fault), f"readable:{table}") from None
            finally:
                stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is

    def _spans(self, table: str) -> list[Span]:
        target = self.table(table)
        if not self.is_sampled(table):
            return list(target.spans())
        assert self._sample is not None
        runs = max(-(-self._sample // BLOCK), min(8, self._sample))
        found: list[Span] = []
        left, end = self._sample, 0
        for number in range(runs):
            length = -(-left // (runs - number))
            begin = max(end, min(target.rows * number // runs, target.rows - left))
            left, end = left - length, begin + length
            found += target.spans(begin, end)
        return found

    def whole(self, table: str, column: str) -> Values:
        """Return all values of a column, read once and kept (on the disk where they are many).

        Raises
        ------
        CannotJudge
            The column is missing, of another type, or too long to be kept.
        """
        self.require(table, column)
        return self.memo(("whole", table, column), lambda: self._whole(table, column))

    def _whole(self, table: str, column: str) -> Values:
        if self.rows(table) > _MOST_KEPT:
            raise CannotJudge(f"{table}.{column} has {self.rows(table):,} rows, too many to be kept")
        parts = list(self.each_of_all(table, [column], lambda rows: rows.column(column)))
        if not parts:
            return Values.nulls(self.table(table).node.by_name[column].type, 0)
        return self._store.keep(Values.join(parts))

    def at_rows(self, table: str, column: str, rows: Rows) -> Values:
        """Return a column at single rows, read from the file anew; where many are asked for, `whole` is better."""
        target = self.table(table)
        if rows.is_run:
            parts = [
                DataSlice(self, target, Rows.run(start, start + batch.num_rows), batch).column(column)
                for span in target.spans(rows.start, rows.stop)
                for start, batch in target.read(span, [column])
            ]
            return Values.join(parts) if parts else Values.nulls(target.node.by_name[column].type, 0)
        numbers = rows.numbers()
        parts = [self.at_rows(table, column, Rows.run(number, number + 1)) for number in numbers.tolist()]
        return Values.join(parts) if parts else Values.nulls(target.node.by_name[column].type, 0)

    def finder(self, table: str, columns: Sequence[str]) -> Finder:
        """Return what finds the first row of a table by the values of key columns, made once."""
        key = ("finder", table, tuple(columns))
        return self.memo(key, lambda: self._finder(table, tuple(columns)))

    def _finder(self, table: str, columns: tuple[str, ...]) -> Finder:
        self.require(table, *columns)
        if len(columns) == 1 and self.table(table).node.by_name[columns[0]].type != "string":
            stream = self.each_of_all(table, columns, lambda rows: rows.column(columns[0]))
            found = sequence_of(stream)
            stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is
            if found is not None:
                return found
        return index_of([self.whole(table, column) for column in columns])

    def parent_link(self, table: str) -> Link:
        """Return the columns that hold the key of a row's first parent; raises CannotJudge where none do."""
        parent = self.resolver.tables.first_parent(table)
        link = None if parent is None else self.links.to_parent(table, parent)
        if link is None:
            raise CannotJudge(
                f"no column of {table} holds the key of its parent" if parent else f"{table} has no parent"
            )
        return link

    def whole_parents(self, table: str) -> Array:
        """Return the row of its first parent (int64) for every row of a table, −1 where it is not found."""

        def make() -> Array:
            link = self.parent_link(table)
            parts = list(self.each_of_all(table, link.columns, lambda rows: rows.linked(link)))
            return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

        return self.memo(("parents", table), make)

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for this data, whichever thread asks first."""
        return self._store.memo(key, make)

    # -- telling ------------------------------------------------------------------------------------------

    def cancelled(self) -> bool:
        """Say whether the user has stopped it."""
        return self._cancelled is not None and self._cancelled()

    def check_cancelled(self) -> None:
        """Raise Cancelled where the user has stopped it."""
        if self.cancelled():
            raise Cancelled

    def _tell(self, table: str, rows: int, seen: int, of: int) -> None:
        self._done += rows
        if self._progress is not None:
            total = sum(self.looked_at(t) for t, found in self.data.tables.items() if found.there)
            self._progress(
                Progress(table, seen, of, min(self._done, total), total, time.monotonic() - self._started)
            )
