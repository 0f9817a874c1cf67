"""Finding keys that occur twice, exactly, at any number of rows.

Up to a million rows are indexed in memory; beyond that DuckDB groups them, within a limit of memory and
spilling to a private folder. It is given the rows as Arrow batches and may open no file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.values import Values
from datagen_engine.errors import Cancelled
from datagen_engine.lazy import np, pa
from datagen_engine.validation.check import MOST_EXAMPLES
from datagen_engine.validation.faults import CannotJudge

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["IN_MEMORY", "MEMORY", "Repeats", "repeats"]

IN_MEMORY = 1 << 20
"""Rows up to which keys are indexed in memory."""

MEMORY = "384MB"
"""What DuckDB may take before it spills to the disk."""

_MOST_KEYS = 1000


@dataclass(frozen=True, slots=True)
class Repeats:
    """Tell how many rows have a key that an earlier row has, and the numbers of the first few."""

    count: int
    first: tuple[int, ...] = ()


def repeats(context: Context, table: str, columns: Sequence[str]) -> Repeats:
    """Find the rows whose key an earlier row has; a key that holds a null is none.

    Raises
    ------
    CannotJudge
        Memory and disk do not suffice.
    DataFault
        The data cannot be read.
    Cancelled
        It was stopped.
    """
    if context.looked_at(table) <= IN_MEMORY:
        parts = list(context.each(table, columns, lambda rows: _keys(rows, columns), quiet=True))
        keys = [Values.join([part[place] for _, part in parts]) for place in range(len(columns))]
        numbers = np.concatenate([np.arange(start, start + len(part[0])) for start, part in parts])
        return _among(numbers, keys)
    duplicated = _grouped(context, table, columns)
    if not len(duplicated):
        return Repeats(0)
    return _located(context, table, columns, duplicated)


def _keys(rows: DataSlice, columns: Sequence[str]) -> tuple[int, list[Values]]:
    return rows.rows.start, [rows.column(column) for column in columns]


def _among(numbers: np.typing.NDArray[np.int64], keys: Sequence[Values]) -> Repeats:
    index = KeyIndex(keys)
    first = np.append(index.first_rows(), -1)[index.numbers]
    repeated = np.flatnonzero((first >= 0) & (first != np.arange(len(first))))
    return Repeats(len(repeated), tuple(numbers[repeated[:MOST_EXAMPLES]].tolist()))


def _grouped(context: Context, table: str, columns: Sequence[str]) -> pa.Table:
    """Return some keys that occur more than once, with how often each does, and how many rows repeat one in all."""
    import duckdb

    names = [f"k{place}" for place in range(len(columns))]
    failures: list[BaseException] = []
    stream = context.each(table, columns, lambda rows: _batch(rows, columns, names), quiet=True)

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from stream
        except BaseException as error:  # kept for who asked: DuckDB has words of its own for it
            failures.append(error)
            raise

    types = [(name, _type(context, table, column)) for name, column in zip(names, columns, strict=True)]
    reader = pa.RecordBatchReader.from_batches(pa.schema(types), batches())
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(context.data.private / "duckdb"),
            "threads": "1",
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    try:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        connection.register("data", reader)
        keys = ", ".join(names)
        known = " AND ".join(f"{name} IS NOT NULL" for name in names)
        return _asked(
            context,
            connection,
            f"SELECT *, sum(times - 1) OVER () AS repeated FROM (SELECT {keys}, count(*) AS times FROM data "
            f"WHERE {known} GROUP BY {keys} HAVING count(*) > 1) ORDER BY {keys} LIMIT {_MOST_KEYS}",
        )
    except duckdb.Error as error:
        if failures:
            raise failures[0] from None
        raise CannotJudge(f"the keys could not be compared: {str(error).splitlines()[0][:200]}") from None
    finally:
        connection.close()
        stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is


def _asked(context: Context, connection: DuckDBPyConnection, query: str) -> pa.Table:
    """Run a query in another thread, so that it can be stopped."""
    with ThreadPoolExecutor(1, thread_name_prefix="datagen-distinct") as pool:
        future = pool.submit(lambda: connection.sql(query).to_arrow_table())
        while True:
            try:
                return future.result(timeout=0.1)
            except NotYet:
                try:
                    context.check_cancelled()
                except Cancelled:
                    connection.interrupt()
                    raise


def _batch(rows: DataSlice, columns: Sequence[str], names: Sequence[str]) -> pa.RecordBatch:
    arrays = []
    for column in columns:
        values = rows.column(column)
        arrays.append(values.text() if values.type == "string" else values.to_arrow())
    return pa.RecordBatch.from_arrays(arrays, names=list(names))


def _type(context: Context, table: str, column: str) -> pa.DataType:
    from datagen_engine.draw.values import arrow_type

    return arrow_type(context.table(table).node.by_name[column].type)


def _located(context: Context, table: str, columns: Sequence[str], duplicated: pa.Table) -> Repeats:
    """Return where keys that are known to occur more than once do so again."""
    types = [context.table(table).node.by_name[column].type for column in columns]
    from datagen_engine.validation.arrow_values import values_of

    wanted = [values_of(duplicated.column(place).combine_chunks(), type) for place, type in enumerate(types)]
    index = KeyIndex(wanted)

    def find(rows: DataSlice) -> tuple[np.typing.NDArray[np.int64], np.typing.NDArray[np.int64]]:
        found = index.find([rows.column(column) for column in columns])
        there = np.flatnonzero(found >= 0)
        return rows.rows.start + there, found[there]

    seen: set[int] = set()
    first: list[int] = []
    stream = context.each(table, columns, find, quiet=True)
    for numbers, keys in stream:
        for number, key in zip(numbers.tolist(), keys.tolist(), strict=True):
            if key in seen:
                first.append(number)
            seen.add(key)
            if len(first) == MOST_EXAMPLES:
                break
        if len(first) == MOST_EXAMPLES:
            break
    stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is
    return Repeats(int(duplicated.column("repeated")[0].as_py()), tuple(first))
