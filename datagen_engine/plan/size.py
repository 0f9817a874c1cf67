"""How many bytes a row takes on disk, estimated from what is known of its columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from datagen_engine.generators.sequence import SequenceSource

if TYPE_CHECKING:
    from datagen_engine.plan.table import ColumnPlan, TablePlan
    from datagen_engine.resolve.site import Resolver

__all__ = ["bytes_a_row"]


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
