"""Functions that are given nulls and say themselves what comes of them."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from datagen_engine.expression import interval
from datagen_engine.expression.functions.function import Table

if TYPE_CHECKING:
    from datagen_engine.expression.operand import Operand

TABLE = Table()


@TABLE.add(
    "coalesce(first: any, *more: any) -> same",
    help="The first that is not null. Null only where all are.",
    example="coalesce(null, 2, 3) == 2",
    bounds=lambda *parts: (interval.union(parts), None),
    nulls="filled",
)
def _coalesce(*parts: Operand) -> Operand:
    return reduce(lambda found, other: found.or_else(other), parts)


@TABLE.add(
    "is_null(x: any) -> bool",
    help="Whether x is null, as `x == null`. Never null itself.",
    example="is_null(null)",
    nulls="never",
)
def _is_null(x: Operand) -> Operand:
    return x.is_null()
