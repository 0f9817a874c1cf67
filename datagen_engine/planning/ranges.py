"""Declared ranges, honoured while drawing."""

from __future__ import annotations

from typing import Any

from datagen_engine.draw.casting import cast
from datagen_engine.draw.literals import literal
from datagen_engine.draw.stage import LimitStage, Slice
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np
from datagen_engine.schema.document import Node, Schema

__all__ = ["RangeStage", "declared_ranges"]


def declared_ranges(schema: Schema, node: Node) -> dict[str, tuple[Any, Any]]:
    """Return the narrowest declared range of each column of a table, as literals of its type."""
    found: dict[str, tuple[Any, Any]] = {}
    for one in schema.constraints.ranges:
        table, _, name = one.attr.partition(".")
        column = node.by_name.get(name)
        if table != node.id or column is None or column.type not in ("int", "float", "datetime", "date"):
            continue
        wanted: ColumnType = "float" if column.type == "int" else column.type
        try:
            low, high = literal(one.min, wanted), literal(one.max, wanted)
        except ValueError:
            continue  # the checks report it
        before = found.get(name, (None, None))
        found[name] = (
            low if before[0] is None else before[0] if low is None else max(low, before[0]),
            high if before[1] is None else before[1] if high is None else min(high, before[1]),
        )
    return found


class RangeStage(LimitStage):
    """Hold values within a declared range."""

    title = "range"

    def __init__(self, low: Any, high: Any, type: ColumnType) -> None:
        """Hold between two ends in units of `type`; None is open."""
        self.low = low
        self.high = high
        self.type: ColumnType = type

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the values, those outside set to the nearer end."""
        if self.low is None and self.high is None:
            return values
        if self.type in ("datetime", "date"):
            values = cast(values, self.type)
            return Values(self.type, np.clip(values.data, self.low, self.high), values.valid)
        if not values.is_number:
            return values
        data = np.clip(values.data.astype(np.float64), self.low, self.high)
        if self.type == "int":
            # The ends of the range may lie between whole numbers; rounding must not leave it.
            data = np.rint(data)
            if self.low is not None:
                data = np.maximum(data, np.ceil(self.low))
            if self.high is not None:
                data = np.minimum(data, np.floor(self.high))
        return Values("float", data, values.valid)
