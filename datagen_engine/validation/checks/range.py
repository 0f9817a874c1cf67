"""Do the values lie between two ends?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import ColumnType
from datagen_engine.validation.check import About, RowCheck, Seen, Verdict
from datagen_engine.validation.words import item, rows_of, written

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Between", "end_of"]


def end_of(type: ColumnType, bound: Any, *, lowest: bool) -> Any:
    """Return an end of a declared range in the units of a column's values: exact, also for whole numbers of 64 bits.

    Raises ValueError where the column's values have no such end.

    >>> end_of("int", 0.5, lowest=True), end_of("date", "1970-01-02", lowest=False)
    (1, 1)
    """
    if bound is None:
        return None
    if type == "int" and isinstance(bound, float) and math.isfinite(bound):
        return math.ceil(bound) if lowest else math.floor(bound)
    return literal(bound, type)


class Between(RowCheck):
    """No value lies below `low` or above `high` (None: no end), both in the units of `Values.data`."""

    def __init__(self, about: About, type: ColumnType, low: Any, high: Any) -> None:
        """Hold a column between two ends."""
        super().__init__(about)
        self.type: ColumnType = type
        self.low = low
        self.high = high

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Compare what is not null."""
        values = rows.column(self.about.columns[0])
        data = values.data
        if self.low is not None and self.high is not None:
            return values.valid, (data >= self.low) & (data <= self.high)
        if self.low is not None:
            return values.valid, data >= self.low
        return values.valid, data <= (self.high if self.high is not None else data)

    def measure(self, rows: DataSlice, looked_at: Mask | None, failing: Array) -> Mapping[str, Any]:
        """Keep the lowest and the highest value."""
        data = rows.column(self.about.columns[0]).data
        data = data if looked_at is None else data[looked_at]
        return {"low": data.min(), "high": data.max()} if len(data) else {}

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Tell the lowest and the highest value."""
        name = f"{self.about.table}.{self.about.columns[0]}"
        low, high = item(self.type, seen.low), item(self.type, seen.high)
        found = f"{written(low)} – {written(high)}" if low != high else written(low)
        wanted = self._wanted()
        if not seen.failed:
            return Verdict(f"{name} lies within {wanted}: {found}.", found, wanted)
        beyond = [
            *([f"the lowest is {written(low)}"] if self.low is not None and seen.low < self.low else []),
            *([f"the highest is {written(high)}"] if self.high is not None and seen.high > self.high else []),
        ]
        return Verdict(
            f"{name} lies outside of {wanted} in {rows_of(seen.failed, seen.checked)}; {' and '.join(beyond)}.",
            found,
            wanted,
        )

    def _wanted(self) -> str:
        low = None if self.low is None else written(item(self.type, self.low))
        high = None if self.high is None else written(item(self.type, self.high))
        return (
            f"{low} – {high}"
            if low is not None and high is not None
            else f"≥ {low}"
            if low is not None
            else f"≤ {high}"
        )
