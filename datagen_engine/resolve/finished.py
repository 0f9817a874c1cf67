"""What is known of a column's values once they have its type, its range and its nulls."""

from __future__ import annotations

import math
from typing import Any

from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.expression import Facts
from datagen_engine.resolve.ranges import Ends
from datagen_engine.schema.document import Column

__all__ = ["finished"]

_NUMBERS = ("int", "float")
_TIMES = ("datetime", "date")


def finished(drawn: Facts, column: Column, ends: Ends) -> Facts:
    """Return what is known of finished values, from what is known of those that are drawn.

    A column that may not hold nulls is taken to hold none: where it could, that is a problem of its own.
    """
    nullable = column.nullable and (drawn.nullable or column.null_rate > 0)
    if column.type in _NUMBERS and drawn.type in _NUMBERS:
        low, high, values = _numbers(drawn, whole=column.type == "int")
    elif column.type in _TIMES and drawn.type in _TIMES:
        low, high, values = *_times(drawn, column.type), None
    elif column.type == drawn.type:
        return Facts(column.type, nullable, None, None, drawn.values)
    else:
        return Facts(column.type, nullable)
    low, high = _within(low, ends), _within(high, ends)
    low = ends[0] if low is None else low
    high = ends[1] if high is None else high
    if values is not None:
        values = tuple(dict.fromkeys(_within(value, ends) for value in values))
    return Facts(column.type, nullable, low, high, values)


def _numbers(drawn: Facts, *, whole: bool) -> tuple[float | None, float | None, tuple[Any, ...] | None]:
    low, high, values = _finite(drawn.low), _finite(drawn.high), drawn.values
    if values is not None and not all(math.isfinite(value) for value in values):
        values = None
    if whole and drawn.type != "int":
        low, high = (None if end is None else float(round(end)) for end in (low, high))
        values = None if values is None else tuple(round(value) for value in values)
    return low, high, values


def _times(drawn: Facts, type: str) -> tuple[float | None, float | None]:
    low, high = _finite(drawn.low), _finite(drawn.high)
    if type == "date" and drawn.type == "datetime":
        low, high = (None if end is None else end // MICROSECONDS_A_DAY for end in (low, high))
    elif type == "datetime" and drawn.type == "date":
        low, high = (None if end is None else end * MICROSECONDS_A_DAY for end in (low, high))
    return low, high


def _finite(end: float | None) -> float | None:
    return end if end is not None and math.isfinite(end) else None


def _within(value: float | None, ends: Ends) -> float | None:
    if value is None:
        return None
    if ends[0] is not None:
        value = max(value, ends[0])
    return value if ends[1] is None else min(value, ends[1])
