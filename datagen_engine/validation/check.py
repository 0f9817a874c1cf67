"""What a check is: something that looks at the batches of a table one by one, and makes one record of it.

What a batch comes to is a *finding*. Findings of different batches are made in any order and thread, and
joined in the order of the rows; so a check never holds more than its findings, at any size of the data.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np
from datagen_engine.schema.path import Path
from datagen_engine.validation.record import Category, CheckRecord, Kind, Status
from datagen_engine.validation.words import listed

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["About", "Check", "RowCheck", "Seen", "Verdict"]

F = TypeVar("F")

MOST_EXAMPLES = 5


@dataclass(frozen=True)
class About:
    """Say what a check is about.

    `needs` are columns, of whichever table, without which it cannot be judged.
    """

    id: str
    category: Category
    kind: Kind
    table: str
    columns: tuple[str, ...]
    path: Path
    severity: Literal["error", "warning"] = "error"
    needs: tuple[tuple[str, str], ...] = ()
    title: str = ""

    def record(self, status: Status, message: str, **facts: Any) -> CheckRecord:
        """Make the record of it."""
        return CheckRecord(
            self.id,
            self.category,
            self.kind,
            self.table,
            self.columns,
            status,
            message,
            self.path,
            self.severity,
            title=self.title,
            **facts,
        )


class Check(ABC, Generic[F]):
    """Base of the checks. `F` is what a batch comes to."""

    def __init__(self, about: About) -> None:
        """Check what `about` says."""
        self.about = about

    @property
    def reads(self) -> Sequence[str]:
        """Return the columns of its own table that it looks at."""
        return [column for table, column in self.about.needs if table == self.about.table]

    def prepare(self, context: Context) -> None:
        """Get ready what does not hang on the batch; raises CannotJudge."""

    @abstractmethod
    def see(self, rows: DataSlice) -> F:
        """Return what a batch comes to. Called in several threads at once, so nothing is kept here."""

    @abstractmethod
    def join(self, before: F, after: F) -> F:
        """Return what some rows and those right after them come to together."""

    @abstractmethod
    def finish(self, context: Context, found: F | None) -> CheckRecord:
        """Make the record; `found` is None where there were no rows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check of single rows has found in some of them.

    `first` are the numbers of the first few rows that fail; `low` and `high` the ends of what was looked at,
    where it has ends.
    """

    checked: int = 0
    failed: int = 0
    first: tuple[int, ...] = ()
    low: Any = None
    high: Any = None
    facts: Mapping[str, int] = field(default_factory=dict)
    """Further counts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say how a check ended, in words; what was found and asked for."""

    message: str
    observed: Any = None
    expected: Any = None
    tolerance: Any = None
    status: Status | None = None
    """Where it does not follow from the number of rows that fail."""


class RowCheck(Check[Seen]):
    """Base of the checks that judge each row by itself."""

    @abstractmethod
    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Return which rows are looked at (None: all), and which are as they should be."""

    @abstractmethod
    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Say what was found; `seen` holds at least one row."""

    def measure(self, rows: DataSlice, looked_at: Mask | None, failing: Array) -> Mapping[str, Any]:
        """Return further fields of what is seen."""
        return {}

    def shown(self, rows: DataSlice) -> Mapping[str, Values]:
        """Return what an example of a failing row shows beside its key."""
        return {column: rows.column(column) for column in self.about.columns}

    def see(self, rows: DataSlice) -> Seen:
        """Judge the rows of a batch."""
        looked_at, good = self.judge(rows)
        bad = ~good if looked_at is None else looked_at & ~good
        checked = len(good) if looked_at is None else int(np.count_nonzero(looked_at))
        failing = np.flatnonzero(bad)
        first = tuple((rows.rows.start + failing[:MOST_EXAMPLES]).tolist())
        return Seen(checked, len(failing), first, **self.measure(rows, looked_at, failing))

    def join(self, before: Seen, after: Seen) -> Seen:
        """Add up."""
        facts = {
            name: before.facts.get(name, 0) + after.facts.get(name, 0)
            for name in {**before.facts, **after.facts}
        }
        return Seen(
            before.checked + after.checked,
            before.failed + after.failed,
            (before.first + after.first)[:MOST_EXAMPLES],
            _least(before.low, after.low, min),
            _least(before.high, after.high, max),
            facts,
        )

    def finish(self, context: Context, found: Seen | None) -> CheckRecord:
        """Make the record, with examples where rows fail."""
        if found is None or not found.checked:
            return self.about.record(
                "skipped", "There is nothing to check: no row has a value here.", rows_failed=0
            )
        verdict = self.verdict(found, context)
        status: Status = verdict.status or ("fail" if found.failed else "pass")
        return self.about.record(
            status,
            verdict.message,
            observed=verdict.observed,
            expected=verdict.expected,
            tolerance=verdict.tolerance,
            rows_checked=found.checked,
            rows_failed=found.failed,
            examples=examples(context, self.about.table, found.first, self.shown),
            details={"rows": list(found.first)} if found.first else {},
        )


def _least(one: Any, two: Any, pick: Any) -> Any:
    return two if one is None else one if two is None else pick(one, two)


def examples(
    context: Context, table: str, numbers: Sequence[int], shown: Callable[[DataSlice], Mapping[str, Values]]
) -> list[dict[str, Any]]:
    """Return rows by their numbers: the primary key, and what `shown` says."""
    from datagen_engine.validation.data_slice import DataSlice

    target = context.table(table)
    rows = DataSlice(context, target, Rows.listed(np.array(numbers, dtype=np.int64)))
    key = target.node.pk
    columns = {key: rows.column(key)} if target.why_not(key) is None else {}
    return listed(
        {**columns, **{name: values for name, values in shown(rows).items() if name not in columns}}
    )
