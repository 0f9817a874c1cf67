"""Has a column that may not be null no null?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.validation.check import RowCheck, Seen, Verdict
from datagen_engine.validation.words import many, rows_of

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["NotNull"]


class NotNull(RowCheck):
    """No value is null; a floating number that is not finite counts as null."""

    def judge(self, rows: DataSlice) -> tuple[None, Mask]:
        """Look at every row."""
        return None, rows.column(self.about.columns[0]).mask()

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the nulls."""
        name = f"{self.about.table}.{self.about.columns[0]}"
        if not seen.failed:
            return Verdict(f"No value of {name} is null.", "no nulls", "no nulls")
        return Verdict(
            f"{name} is null in {rows_of(seen.failed, seen.checked)}; it is not nullable.",
            many(seen.failed, "null"),
            "no nulls",
        )
