"""Does every key occur in the table that it refers to?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.lazy import np
from datagen_engine.validation.check import About, RowCheck, Seen, Verdict
from datagen_engine.validation.links import Link
from datagen_engine.validation.words import many, rows_of

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Occurs"]


class Occurs(RowCheck):
    """Every key that is not null occurs among the values of a column (or of several) of another table."""

    def __init__(self, about: About, link: Link) -> None:
        """Look for the keys of a link."""
        super().__init__(about)
        self.link = link

    def prepare(self, context: Context) -> None:
        """Make the finder before any thread needs it."""
        context.finder(self.link.target, self.link.remotes)

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Look for the keys that are not null."""
        found = rows.linked(self.link)
        masks = [values.valid for values in map(rows.column, self.link.columns) if values.valid is not None]
        return np.logical_and.reduce(masks) if masks else None, found >= 0

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the orphans."""
        own = ", ".join(f"{self.link.table}.{column}" for column in self.link.columns)
        other = ", ".join(f"{self.link.target}.{column}" for column in self.link.remotes)
        if not seen.failed:
            return Verdict(f"Every {own} occurs in {other}.", "all found", f"each in {other}")
        return Verdict(
            f"{own} does not occur in {other} in {rows_of(seen.failed, seen.checked)}.",
            many(seen.failed, "orphan"),
            f"each in {other}",
        )
