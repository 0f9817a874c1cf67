"""Is every value one of those that are allowed, and does a vocabulary hold what the schema lists?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.literals import json_text, literal
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np
from datagen_engine.validation.check import About, RowCheck, Seen, Verdict
from datagen_engine.validation.sameness import same
from datagen_engine.validation.words import rows_of

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Listed", "OneOf", "allowed"]

_MOST_SHOWN = 8


def allowed(type: ColumnType, items: Sequence[Any]) -> Values:
    """Return listed JSON values as values of a column's type; those that it cannot hold are left out.

    >>> allowed("int", [1, "x", 2.5]).to_list()
    [1]
    """
    found = []
    for one in items:
        try:
            known = literal(one, type)
        except ValueError:
            continue
        if known is not None:
            found.append(known)
    return Values.of(type, found)


class OneOf(RowCheck):
    """Every value that is not null is one of a list."""

    def __init__(self, about: About, type: ColumnType, items: Sequence[Any]) -> None:
        """Allow these values."""
        super().__init__(about)
        self.items = [one for one in items if one is not None]
        self._index = KeyIndex([allowed(type, items)])

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Look for each value in the list."""
        values = rows.column(self.about.columns[0])
        return values.valid, self._index.find([values]) >= 0

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the values that are not allowed."""
        name = f"{self.about.table}.{self.about.columns[0]}"
        shown = ", ".join(json_text(one)[:40] for one in self.items[:_MOST_SHOWN])
        more = f" … ({len(self.items)} values)" if len(self.items) > _MOST_SHOWN else ""
        if not seen.failed:
            return Verdict(f"Every {name} is one of {shown}{more}.", "all allowed", shown + more)
        return Verdict(
            f"{name} is none of {shown}{more} in {rows_of(seen.failed, seen.checked)}.",
            f"{seen.failed:,} not allowed",
            shown + more,
        )


class Listed(OneOf):
    """A vocabulary holds the values that the schema lists: in a run of ours row i the value i, else in any order."""

    def __init__(
        self, about: About, type: ColumnType, items: Sequence[Any], values: Values, in_order: bool
    ) -> None:
        """Compare with `values`, the items of the list as the column holds them."""
        super().__init__(about, type, items)
        self.values = values
        self.in_order = in_order

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Compare row by row; what is beyond the list, or null, is left to other checks."""
        if not self.in_order:
            return super().judge(rows)
        stored = rows.column(self.about.columns[0])
        numbers = rows.rows.numbers()
        wanted = self.values.take(np.minimum(numbers, len(self.values) - 1))
        return stored.mask() & (numbers < len(self.values)), same(stored, wanted, stored.type)
