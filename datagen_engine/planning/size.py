"""How many bytes a row takes on disk, estimated from what is known of its columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from datagen_engine.errors import RunError
from datagen_engine.generators.sequence import SequenceSource

if TYPE_CHECKING:
    from datagen_engine.planning.table import ColumnPlan, TablePlan
    from datagen_engine.resolve.site import Resolver

__all__ = ["MOST_ROWS", "bytes_a_row", "refuse_rows", "spoken"]

MOST_ROWS = 10**12
"""Rows of one table; more is a slip of the pen."""


def refuse_rows(table: str, rows: float) -> None:
    """Raise RunError where a table would have more rows than there can be (NaN and infinity among them)."""
    if not rows <= MOST_ROWS:
        about = f"about {spoken(rows)} rows" if math.isfinite(rows) else "more rows than can be counted"
        raise RunError(
            f"{table!r} would have {about}; a table has at most {spoken(MOST_ROWS)}. "
            "Lower its rows, its fanout, or those of its parents"
        )


def spoken(count: float) -> str:
    """Return a number of rows in words.

    >>> spoken(15_100_000), spoken(1200)
    ('15.1 million', '1,200')
    """
    for limit, name in ((1e15, None), (1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if count >= limit:
            return f"{count:.1e}" if name is None else f"{count / limit:,.1f} {name}"
    return f"{count:,.0f}"


def bytes_a_row(table: TablePlan, resolver: Resolver) -> float:
    """Return the bytes that a row takes in Parquet with zstd, by rule of thumb."""
    return sum(_bytes_a_value(table.id, column, resolver) for column in table.columns.values())


def _bytes_a_value(table: str, column: ColumnPlan, resolver: Resolver) -> float:
    if isinstance(column.source, SequenceSource):
        return 1.4
    facts = resolver.facts(table, column.name)
    if column.few and facts is not None and facts.values is not None:
        return max(0.1, math.log2(max(len(facts.values), 2)) / 8)
    if column.type == "bool":
        return 0.13
    if column.type == "string":
        return 12.0
    if column.type == "int" and facts is not None and facts.low is not None and facts.high is not None:
        return max(0.2, math.log2(max(facts.high - facts.low, 1) + 1) / 8 * 1.1)
    return {"date": 1.5, "datetime": 4.0, "int": 4.0}.get(column.type, 7.5)
