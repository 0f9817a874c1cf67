"""A view of a table: some of its rows in some order, any page of which is had at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datagen_app.results.database import Database
from datagen_app.results.filters import Filter, condition
from datagen_app.results.names import identifier, identifiers
from datagen_app.results.rows import ArrowRows, Rows, spooled
from datagen_app.results.task import Task
from datagen_engine import UsageError
from datagen_engine.lazy import np, pa

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["ENDS", "Page", "Spec", "View", "finish_order", "open_view", "view_of_rows"]

ENDS = 1_000
"""Rows at each end of an order that are there before the rest is."""
_HELD = 131_072
"""So many rows that a filter keeps are held in memory whole."""


@dataclass(frozen=True)
class Spec:
    """Say which rows of a table, and in which order.

    `also` is a further condition of our own, in SQL: the rows that a check rejects.
    """

    table: str
    filters: tuple[Filter, ...] = ()
    order: str = ""
    descending: bool = False
    also: str = ""

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Spec:
        """Read what the window asks for."""
        filters = tuple(Filter.from_json(one) for one in said.get("filters", ()))
        return cls(
            str(said["table"]), filters, str(said.get("order") or ""), bool(said.get("descending", False))
        )

    @property
    def narrowed(self) -> bool:
        """Whether it leaves rows out."""
        return bool(self.filters or self.also)

    def where(self, database: Database) -> tuple[str, list[Any]]:
        """Return the condition in SQL, and its parameters."""
        said, parameters = condition(self.filters, database.kinds(self.table))
        return (f"{said} AND ({self.also})" if self.also else said), parameters


@dataclass(frozen=True)
class Page:
    """A stretch of a view: its rows, and their numbers in the table; `rows` is None where they are not there yet."""

    start: int
    rows: pyarrow.Table | None
    numbers: numpy.ndarray[Any, Any] | None


@dataclass
class View:
    """Serve the pages of a view.

    Attributes
    ----------
    spec
        What it shows.
    count
        How many rows.
    rows
        Where they come from; None while only the two ends of an order are there.
    numbers
        By row, its number in the table; None where they are one and the same.
    """

    spec: Spec
    count: int
    rows: Rows | None
    numbers: numpy.ndarray[Any, Any] | None = None
    by_number: bool = False
    """Whether `rows` are those of the table, to be had by `numbers`."""
    head: ArrowRows | None = None
    tail: ArrowRows | None = None
    number_column: str = ""
    keep: list[object] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether every page is there."""
        return self.rows is not None

    def page(self, start: int, count: int) -> Page:
        """Return a stretch of rows."""
        start = max(0, min(start, self.count))
        count = max(0, min(count, self.count - start))
        if self.rows is None:
            return self._page_at_an_end(start, count)
        if self.by_number:
            assert self.numbers is not None  # by which they are had
            numbers = self.numbers[start : start + count]
            return Page(start, self.rows.take(numbers), numbers)
        rows = self.rows.slice(start, count)
        if self.number_column:
            return self._parted(start, rows)
        numbers = (
            np.arange(start, start + count) if self.numbers is None else self.numbers[start : start + count]
        )
        return Page(start, rows, numbers)

    def _page_at_an_end(self, start: int, count: int) -> Page:
        if self.head is not None and start + count <= self.head.count:
            return self._parted(start, self.head.slice(start, count))
        if self.tail is not None and start >= (first := self.count - self.tail.count):
            return self._parted(start, self.tail.slice(start - first, count))
        return Page(start, None, None)

    def _parted(self, start: int, rows: pyarrow.Table) -> Page:
        numbers = rows.column(self.number_column).to_numpy()
        return Page(start, rows.drop_columns([self.number_column]), numbers)


def open_view(database: Database, spec: Spec, task: Task) -> View:
    """Open a view: at once as it stands, or filtered; of an order the two ends, unless it is short.

    Raises
    ------
    UsageError
        There is no such table or column.
    FilterError
        What was typed is no value of its column.
    """
    whole = database.rows(spec.table, task)
    if spec.order and spec.order not in database.kinds(spec.table):
        raise UsageError(f"{spec.table} has no column {spec.order}")
    if not spec.narrowed and not spec.order:
        return View(spec, whole.count, whole)
    number = database.number_column(spec.table)
    if not spec.order:
        return _filtered(database, spec, whole, number, task)
    count = whole.count if not spec.narrowed else _count(database, spec, task)
    if count <= _HELD:
        table = database.table_of(task, *_ordered(database, spec, number))
        return View(spec, count, ArrowRows(table), number_column=number)
    head = ArrowRows(database.table_of(task, *_ordered(database, spec, number, ENDS)))
    other = Spec(spec.table, spec.filters, spec.order, not spec.descending, spec.also)
    tail = database.table_of(task, *_ordered(database, other, number, ENDS, backwards=True))
    backwards = pa.array(np.arange(tail.num_rows)[::-1])
    return View(spec, count, None, head=head, tail=ArrowRows(tail.take(backwards)), number_column=number)


def finish_order(database: Database, view: View, task: Task) -> None:
    """Put the rest of an order into a temporary file, so that every page of it is there.

    Raises
    ------
    UsageError
        There is no room for it.
    Stopped
        It is no longer wanted.
    """
    if view.ready:
        return
    task.tell(None, "Sorting")
    schema, batches = database.batches(task, *_ordered(database, view.spec, view.number_column))

    def went(rows: int) -> None:
        task.tell(rows / max(1, view.count), "Sorting")

    view.rows = spooled(schema, batches, database.scratch, _bytes(view) * view.count, went)
    view.head = view.tail = None


def view_of_rows(table: str, found: Rows, whole: Rows | None, numbers: Sequence[int] = ()) -> View:
    """Return a view of rows that are known by their numbers, or of rows that are no table's."""
    if whole is None:
        return View(Spec(table), found.count, found)
    listed = np.array(numbers, dtype=np.int64)
    return View(Spec(table), len(listed), found, listed, by_number=True)


def _filtered(database: Database, spec: Spec, whole: Rows, number: str, task: Task) -> View:
    where, parameters = spec.where(database)
    sql = f"SELECT {identifier(number)} FROM {database.relation(spec.table)} WHERE {where}"
    found = database.table_of(task, sql, parameters).column(0).to_numpy()
    numbers = np.sort(found.astype(np.int32 if whole.count < 2**31 else np.int64))
    if len(numbers) > _HELD:
        return View(spec, len(numbers), whole, numbers, by_number=True)
    sql = f"SELECT * FROM {database.relation(spec.table)} WHERE {where} ORDER BY {identifier(number)}"
    table = database.table_of(task, sql, parameters)
    return View(spec, table.num_rows, ArrowRows(table), number_column=number)


def _count(database: Database, spec: Spec, task: Task) -> int:
    where, parameters = spec.where(database)
    sql = f"SELECT count(*) AS n FROM {database.relation(spec.table)} WHERE {where}"
    return int(database.record(task, sql, parameters)["n"])


def _ordered(
    database: Database, spec: Spec, number: str, most: int | None = None, *, backwards: bool = False
) -> tuple[str, list[Any]]:
    """Return the SQL of an order: nulls last in both directions, equal values as the table has them.

    `backwards` turns all of that round: for the far end.
    """
    where, parameters = spec.where(database)
    way = "DESC" if spec.descending else "ASC"
    nulls, ties = ("FIRST", "DESC") if backwards else ("LAST", "ASC")
    columns = identifiers([field.name for field in database.rows(spec.table).schema] + [number])
    limit = "" if most is None else f" LIMIT {most}"
    return (
        f"SELECT {columns} FROM {database.relation(spec.table)} WHERE {where} "
        f"ORDER BY {identifier(spec.order)} {way} NULLS {nulls}, {identifier(number)} {ties}{limit}",
        parameters,
    )


def _bytes(view: View) -> int:
    """Return the bytes of a row, about."""
    ends = view.head.table if view.head is not None else None
    return 64 if ends is None or not ends.num_rows else 1 + ends.nbytes // ends.num_rows
