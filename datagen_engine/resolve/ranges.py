"""Declared ranges: between which ends the values of a column are held."""

from __future__ import annotations

from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import ColumnType
from datagen_engine.schema.document import Schema
from datagen_engine.schema.spec import split_attribute

__all__ = ["Ends", "declared_ranges"]

Ends = tuple[float | None, float | None]
"""The lowest and the highest value, in the units of `Values.data`; None is open."""


def declared_ranges(schema: Schema) -> dict[tuple[str, str], Ends]:
    """Return the narrowest declared range of each column that has one and keeps to it."""
    found: dict[tuple[str, str], Ends] = {}
    for one in schema.constraints.ranges:
        key = split_attribute(one.attr)
        column = schema.column(*key)
        if column is None or column.type not in ("int", "float", "datetime", "date"):
            continue
        if any(getattr(modifier, "allow_exceed", False) for modifier in column.modifiers):
            continue
        wanted: ColumnType = "float" if column.type == "int" else column.type
        try:
            low, high = literal(one.min, wanted), literal(one.max, wanted)
        except ValueError:
            continue  # the checks report it
        lows = [end for end in (found.get(key, (None, None))[0], low) if end is not None]
        highs = [end for end in (found.get(key, (None, None))[1], high) if end is not None]
        found[key] = max(lows, default=None), min(highs, default=None)
    return found
