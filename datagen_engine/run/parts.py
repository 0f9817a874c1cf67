"""How a run is cut: tables into parts, parts into batches. The cut never shows in the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from datagen_engine.draw.rows import Rows
from datagen_engine.errors import RunError
from datagen_engine.lazy import pa
from datagen_engine.planning.plan import Plan
from datagen_engine.write.format import ROW_GROUP

__all__ = ["PART_ROWS", "Part", "draw_batch", "part_count", "parts_of"]

PART_ROWS = 1 << 22
"""Rows of a part of a table; a table of no more is one file, a larger one a folder of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table that become one file."""

    table: str
    number: int
    start: int
    stop: int
    alone: bool
    """Whether the table has no other part."""

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return self.stop - self.start

    @property
    def name(self) -> str:
        """Return where the file stands in the folder of the run, without the ending that its format gives it."""
        return self.table if self.alone else f"{self.table}/part-{self.number:05d}"

    @property
    def key(self) -> tuple[str, int]:
        """Return the table and the number."""
        return self.table, self.number

    def batches(self) -> Iterator[Rows]:
        """Yield the rows of each batch; a batch becomes a row group."""
        for start in range(self.start, self.stop, ROW_GROUP):
            yield Rows.run(start, min(start + ROW_GROUP, self.stop))


def part_count(rows: int) -> int:
    """Return how many parts a table of so many rows has; an empty one has one."""
    return max(1, -(-rows // PART_ROWS))


def parts_of(plan: Plan, table: str) -> list[Part]:
    """Return the parts of a table; an empty table has one, of no rows."""
    rows = plan.tables[table].rows
    count = part_count(rows)
    return [
        Part(table, number, number * PART_ROWS, min((number + 1) * PART_ROWS, rows), count == 1)
        for number in range(count)
    ]


def draw_batch(plan: Plan, table: str, rows: Rows) -> pa.RecordBatch:
    """Return some rows of a table as they stand in the file."""
    plan.check_cancelled()
    at = plan.slice(table, rows)
    target = plan.tables[table]
    arrays = []
    for column in target.columns.values():
        array = at.column(column.name).to_arrow()
        if array.null_count and not column.nullable:
            raise RunError(
                f"{table}.{column.name} got {array.null_count:,} nulls in rows {rows.start:,} to {rows.stop - 1:,}, "
                "but is not nullable; set `nullable: true` on it, or give it a value with coalesce(…)"
            )
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=target.arrow_schema)
