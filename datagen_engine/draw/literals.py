"""JSON scalars as values of a column type, and values as JSON text."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from datagen_engine.draw.grid import parse_instant
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values

__all__ = ["json_text", "literal", "literals", "refuse_misfit"]


def literal(item: Any, type: ColumnType) -> Any:
    """Return a JSON scalar as an item of `Values.of(type, …)`; null is None.

    Numbers and bools in a string column become their JSON text; whole numbers are good floats, but text is
    no number. Raises ValueError in plain words.

    >>> literal(1, "string"), literal(2.0, "int"), literal("1970-01-02", "date")
    ('1', 2, 1)
    """
    if item is None:
        return None
    if type == "string":
        return item if isinstance(item, str) else json_text(item)
    if type == "bool":
        if isinstance(item, bool):
            return item
        raise ValueError(f"{json_text(item)} is not true or false")
    if type in ("datetime", "date"):
        if not isinstance(item, str):
            raise ValueError(f"{json_text(item)} is not an ISO 8601 date or time in quotes")
        instant = parse_instant(item)
        return instant // MICROSECONDS_A_DAY if type == "date" else instant
    if isinstance(item, bool) or not isinstance(item, int | float):
        raise ValueError(f"{json_text(item)} is not a number")
    if abs(item) >= 2**63 and (type == "int" or isinstance(item, int)):
        raise ValueError(f"{json_text(item)[:40]} does not fit into 64 bits")
    if not math.isfinite(item):
        raise ValueError(f"{json_text(item)} is not a finite number")
    if type == "int":
        if item != int(item):
            raise ValueError(f"{json_text(item)} is not a whole number")
        return int(item)
    return float(item)


def refuse_misfit(item: Any, type: ColumnType) -> None:
    """Raise ValueError, in plain words, where a column of a type cannot hold a JSON scalar.

    A fraction in a whole-number column is none: it is rounded.

    >>> refuse_misfit(0.5, "int")
    """
    value = literal(item, "float" if type == "int" else type)
    if type == "int" and value is not None and abs(value) >= 2**63:
        raise ValueError(f"{json_text(item)[:40]} does not fit into 64 bits")


def literals(items: Sequence[Any], type: ColumnType) -> Values:
    """Return JSON scalars as values.

    In a whole-number column, numbers with a fraction stay floating: modifiers may still scale them before
    the type is settled.
    """
    fractions = type == "int" and any(isinstance(item, float) and item != int(item) for item in items)
    wanted: ColumnType = "float" if fractions else type
    return Values.of(wanted, [literal(item, wanted) for item in items])


def json_text(item: Any) -> str:
    """Return a scalar's JSON text; text is itself.

    >>> json_text(True), json_text(1), json_text("a")
    ('true', '1', 'a')
    """
    return item if isinstance(item, str) else json.dumps(item)
