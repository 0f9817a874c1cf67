"""Does no key occur twice?

Keys that only ever rise, or only ever fall, from row to row are unique: that is seen in passing. Whatever
else is compared exactly afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.values import Values
from datagen_engine.lazy import np
from datagen_engine.validation.check import MOST_EXAMPLES, About, Check, examples
from datagen_engine.validation.distinct import Repeats, repeats
from datagen_engine.validation.record import CheckRecord
from datagen_engine.validation.words import many, rows_of

if TYPE_CHECKING:
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Keys", "Unique"]


@dataclass(frozen=True, slots=True)
class Keys:
    """What the keys of some rows are like.

    `way` is 1 where they rise, −1 where they fall, 0 where they do neither; None before there are two.
    """

    rows: int
    nulls: int
    first_nulls: tuple[int, ...]
    first: Any = None
    last: Any = None
    way: int | None = None


class Unique(Check[Keys]):
    """No two rows have the same key. A primary key is not null either; elsewhere a null is equal to nothing."""

    def __init__(self, about: About) -> None:
        """Check what `about` says."""
        super().__init__(about)
        self.primary = about.kind == "primary_key"

    def see(self, rows: DataSlice) -> Keys:
        """See whether the keys rise or fall."""
        columns = [rows.column(name) for name in self.about.columns]
        known = np.logical_and.reduce([values.mask() for values in columns])
        missing = np.flatnonzero(~known)
        first_nulls = tuple((rows.rows.start + missing[:MOST_EXAMPLES]).tolist())
        data = _ordered(columns)
        if data is None or not len(data):
            return Keys(len(rows), len(missing), first_nulls, way=0)
        if len(missing):
            data = data[known]
        if not len(data):
            return Keys(len(rows), len(missing), first_nulls)
        return Keys(len(rows), len(missing), first_nulls, data[0], data[-1], _way(data))

    def join(self, before: Keys, after: Keys) -> Keys:
        """See whether the keys go on as before."""
        nulls = (before.first_nulls + after.first_nulls)[:MOST_EXAMPLES]
        rows, missing = before.rows + after.rows, before.nulls + after.nulls
        if 0 in (before.way, after.way):
            return Keys(rows, missing, nulls, way=0)
        if before.first is None or after.first is None:
            one = after if before.first is None else before
            return Keys(rows, missing, nulls, one.first, one.last, one.way)
        across = 1 if after.first > before.last else -1 if after.first < before.last else 0
        ways = {across, *(way for way in (before.way, after.way) if way is not None)}
        return Keys(rows, missing, nulls, before.first, after.last, ways.pop() if len(ways) == 1 else 0)

    def finish(self, context: Context, found: Keys | None) -> CheckRecord:
        """Compare the keys, where it is not plain that they differ."""
        if found is None or (not self.primary and found.rows == found.nulls):
            return self.about.record("skipped", "There is nothing to check: no row has a key.", rows_failed=0)
        table, columns = self.about.table, self.about.columns
        repeated = repeats(context, table, columns) if found.way == 0 else Repeats(0)
        nulls = found.nulls if self.primary else 0
        numbers = [*repeated.first, *(found.first_nulls if self.primary else ())][:MOST_EXAMPLES]
        name = ", ".join(f"{table}.{column}" for column in columns)
        checked = found.rows if self.primary else found.rows - found.nulls
        failed = repeated.count + nulls
        sample = " of those looked at" if context.is_sampled(table) else ""
        if not failed:
            same = (
                "No two rows"
                + sample
                + (" have the same " if len(columns) == 1 else " have the same combination of ")
            )
            return self.about.record(
                "pass",
                f"{same}{name}{', and none is null' if self.primary else ''}.",
                observed="all different",
                expected="all different",
                rows_checked=checked,
                rows_failed=0,
            )
        said = []
        if repeated.count:
            said.append(
                f"{rows_of(repeated.count, checked)} repeat a value of {name} that an earlier row has"
            )
        if nulls:
            said.append(f"{name} is null in {rows_of(nulls, checked)}")
        return self.about.record(
            "fail",
            f"{'; '.join(said)}.",
            observed=", ".join(
                [
                    *([many(repeated.count, "repeated key")] if repeated.count else []),
                    *([many(nulls, "null")] if nulls else []),
                ]
            ),
            expected="all different",
            rows_checked=checked,
            rows_failed=failed,
            examples=examples(context, table, numbers, lambda rows: {c: rows.column(c) for c in columns}),
            details={"rows": numbers},
        )


def _ordered(columns: list[Values]) -> Any:
    """Return a single column of numbers or times as they compare; None of what has no such order."""
    if len(columns) != 1 or columns[0].type not in ("int", "float", "datetime", "date"):
        return None
    return columns[0].data


def _way(data: Any) -> int | None:
    if len(data) < 2:
        return None
    if data[1] > data[0]:
        return 1 if bool((data[1:] > data[:-1]).all()) else 0
    return -1 if bool((data[1:] < data[:-1]).all()) else 0
