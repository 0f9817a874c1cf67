"""Declared targets of single figures: means, shares, quantiles, distinct values, correlations."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.literals import literal
from datagen_engine.draw.ticks import cell_of
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np, pc, special
from datagen_engine.validation.behaviour.accumulator import Accumulator, Partial
from datagen_engine.validation.behaviour.correlations import rank_correlation, spread_of_correlation
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import TARGET_ALARM, Subject, spoken
from datagen_engine.validation.record import CheckRecord, Plot, missed

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.view import RowView

__all__ = [
    "CorrelationTarget",
    "DistinctTarget",
    "Interval",
    "MeanTarget",
    "NullTarget",
    "OccurrenceTarget",
    "QuantileTarget",
    "WeekendTarget",
]

_ROWS = 500_000
_WEEKEND = 5


@dataclass(frozen=True)
class Interval:
    """Hold what a target asks for; None is open."""

    low: float | None
    high: float | None

    def gap(self, value: float) -> float:
        """Return how far a value lies outside."""
        return max(
            0.0,
            (self.low if self.low is not None else -math.inf) - value,
            value - (self.high if self.high is not None else math.inf),
        )

    def nearest(self, value: float) -> float:
        """Return the end that a value is nearest to, or the value where both are open."""
        ends = [end for end in (self.low, self.high) if end is not None]
        return min(ends, key=lambda end: abs(end - value), default=value)

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            low, high = self.low, self.high
            return (
                "anything"
                if low is high
                else f"at least {spoken(low)}"
                if low is not None
                else f"at most {spoken(high or 0.0)}"
            )
        return f"{spoken(self.low)} to {spoken(self.high)}"


Promise = Callable[[], "float | None"]
"""Returns what the schema's own weights make of the figure; None where that cannot be told."""


class _Target(Accumulator):
    """Judge one figure against an interval."""

    def __init__(
        self,
        subject: Subject,
        what: str,
        interval: Interval,
        columns: Sequence[str],
        promise: Promise = lambda: None,
    ) -> None:
        """Judge the figure called `what`."""
        super().__init__([subject], columns)
        self.what = what
        self.interval = interval
        self.promise = promise

    @abstractmethod
    def figure(self) -> tuple[float, float, float, int]:
        """Return the figure, how far sampling may push it down and up (at `TARGET_ALARM`), and the rows it is of."""

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict.

        The target is missed where the figure lies outside, by more than sampling explains; or by anything at
        all where the schema's own weights lead outside too.
        """
        value, down, up, rows = self.figure()
        promise = self.promise()
        gap = self.interval.gap(value)
        noise = up if value < self.interval.nearest(value) else down
        beyond = promise is not None and self.interval.gap(promise) > 1e-9 * max(1.0, abs(promise))
        fails = gap > 0 and (gap > noise or beyond)
        message = f"The {self.what} is {spoken(value)}; the target is {self.interval}."
        if beyond and promise is not None:
            message += f" The schema's own weights lead to {spoken(promise)}, so the target cannot be reached"
            message += " but by chance." if not fails else "."
        elif gap > 0 and not fails:
            message += (
                f" With {rows:,} rows sampling alone moves it by up to {spoken(noise)}, so that is no miss."
            )
        wanted = [self.interval.low, self.interval.high]
        allowed = 0.0 if beyond else noise
        yield self.subjects[0].record(
            "fail" if fails else "pass",
            message,
            observed=value,
            expected=wanted,
            tolerance=allowed,
            rows_checked=rows,
            miss=missed(gap - allowed, allowed, self.interval.nearest(value)) if fails else 0.0,
            plot=Plot(
                "points",
                (self.what,),
                (promise if promise is not None else self.interval.nearest(value),),
                (value,),
                message,
            ),
            details={"false_alarm_rate": TARGET_ALARM, "promised": promise},
        )


def _z() -> float:
    return float(special.ndtri(1.0 - TARGET_ALARM))


class MeanTarget(_Target):
    """The mean of a column."""

    def add(self, at: RowView) -> None:
        """Sum the values and their squares."""
        values = at.column(self.columns[0])
        if not values.is_number and values.type != "bool":
            raise Unknown(f"{self.columns[0]!r} holds no numbers")
        data = values.data[values.mask()].astype(np.float64)
        self.seen.add("moments", np.array([float(len(data)), float(data.sum()), float((data * data).sum())]))

    def figure(self) -> tuple[float, float, float, int]:
        """Return the mean."""
        rows, total, squares = (
            self.sum("moments").tolist() if "moments" in self.seen.sums else (0.0, 0.0, 0.0)
        )
        if not rows:
            raise Unknown("there are no values")
        mean = total / rows
        noise = _z() * math.sqrt(max(squares / rows - mean * mean, 0.0) / rows)
        return mean, noise, noise, int(rows)


class _ShareTarget(_Target):
    """The share of the rows of which something holds."""

    @abstractmethod
    def holds(self, at: RowView) -> tuple[int, int]:
        """Return how many rows count, and of how many of them it holds."""

    def add(self, at: RowView) -> None:
        """Count the rows."""
        self.seen.add("rows", np.array(self.holds(at)))

    def figure(self) -> tuple[float, float, float, int]:
        """Return the share; its error is that of a share at the nearer end of the target."""
        rows, hits = self.sum("rows").tolist() if "rows" in self.seen.sums else (0, 0)
        if not rows:
            raise Unknown("there are no values")
        share = hits / rows
        end = min(max(self.interval.nearest(share), 0.0), 1.0)
        noise = _z() * math.sqrt(max(share * (1 - share), end * (1 - end)) / rows)
        return share, noise, noise, int(rows)


class WeekendTarget(_ShareTarget):
    """The share of the rows on Saturday or Sunday."""

    def holds(self, at: RowView) -> tuple[int, int]:
        """Count the times, and those at a weekend."""
        values = at.column(self.columns[0])
        if not values.is_time:
            raise Unknown(f"{self.columns[0]!r} holds no times")
        days = cell_of(values.instants()[values.mask()], "dow")
        return len(days), int((days >= _WEEKEND).sum())


class NullTarget(_ShareTarget):
    """The share of nulls."""

    def holds(self, at: RowView) -> tuple[int, int]:
        """Count the rows, and those that are null."""
        mask = at.column(self.columns[0]).mask()
        return len(mask), int((~mask).sum())


class OccurrenceTarget(_ShareTarget):
    """The share of the rows that hold one value."""

    def __init__(
        self,
        subject: Subject,
        what: str,
        interval: Interval,
        column: str,
        value: Any,
        promise: Promise = lambda: None,
    ) -> None:
        """Look for `value` (a JSON scalar)."""
        super().__init__(subject, what, interval, [column], promise)
        self.value = value

    def holds(self, at: RowView) -> tuple[int, int]:
        """Count the rows, null or not, and those that hold the value."""
        values = at.column(self.columns[0])
        mask = values.mask()
        wanted: ColumnType = "float" if values.type == "int" else values.type
        try:
            one = literal(self.value, wanted)
        except ValueError as error:
            raise Unknown(str(error)) from None
        if values.type == "string":
            coded = values.encode()
            places = np.asarray(pc.equal(coded.words, one))
            hits = places[coded.data] & mask if len(places) else np.zeros(len(mask), dtype=bool)
        else:
            hits = (values.data == one) & mask
        return len(mask), int(hits.sum())


class QuantileTarget(_Target):
    """A quantile of a column; of a large one of a sample of its rows."""

    sampled = True
    most = _ROWS

    def __init__(self, subject: Subject, what: str, interval: Interval, column: str, q: float) -> None:
        """Take the quantile `q`."""
        super().__init__(subject, what, interval, [column])
        self.q = q

    def add(self, at: RowView) -> None:
        """Keep the values."""
        values = at.column(self.columns[0])
        if not values.is_number:
            raise Unknown(f"{self.columns[0]!r} holds no numbers")
        self.keep("values", values.data[values.mask()].astype(np.float64))

    def figure(self) -> tuple[float, float, float, int]:
        """Return the quantile; its error follows from the quantiles that sampling takes for it."""
        values = self.kept("values")
        if not len(values):
            raise Unknown("there are no values")
        reach = _z() * math.sqrt(self.q * (1 - self.q) / len(values))
        low, value, high = np.quantile(
            values, np.clip([self.q - reach, self.q, self.q + reach], 0.0, 1.0)
        ).tolist()
        return value, value - low, high - value, len(values)


class DistinctTarget(_Target):
    """The number of distinct values of a column."""

    def add(self, at: RowView) -> None:
        """Keep each value once."""
        values = at.column(self.columns[0])
        self.keep("values", _distinct(values))
        self.seen.add("rows", np.array([len(values)]))
        self._gather()

    def absorb(self, seen: Partial) -> None:
        """Take in the values of other rows."""
        super().absorb(seen)
        self._gather()

    def _gather(self) -> None:
        parts = self.seen.kept.get("values", [])
        if len(parts) > 1 and sum(len(part) for part in parts[1:]) > max(len(parts[0]), 1_000_000):
            self.seen.kept["values"] = [np.unique(np.concatenate(parts))]

    def figure(self) -> tuple[float, float, float, int]:
        """Return the number of distinct values that are not null."""
        return float(len(np.unique(self.kept("values")))), 0.0, 0.0, int(self.sum("rows")[0])


def _distinct(values: Values) -> Array:
    if values.type != "string":
        return np.unique(values.data[values.mask()])
    coded = values.encode()
    used = np.unique(coded.data[coded.mask()])
    assert coded.words is not None  # what encoding gives
    return np.asarray(coded.words.to_numpy(zero_copy_only=False))[used].astype(object)


class CorrelationTarget(_Target):
    """The correlation of two columns; of a large table that of a sample of its rows."""

    sampled = True
    most = _ROWS

    def __init__(
        self, subject: Subject, what: str, interval: Interval, columns: Sequence[str], kind: str
    ) -> None:
        """Correlate two columns, by rank or by value."""
        super().__init__(subject, what, interval, columns)
        self.kind = kind

    def add(self, at: RowView) -> None:
        """Keep the pairs."""
        one, two = (at.column(name) for name in self.columns)
        if "string" in (one.type, two.type):
            raise Unknown("a correlation is one of numbers or times")
        both = one.mask() & two.mask()
        for name, values in (("x", one), ("y", two)):
            data = values.instants() if values.is_time else values.data
            self.keep(name, data[both].astype(np.float64))

    def figure(self) -> tuple[float, float, float, int]:
        """Return the correlation; its error by the transformation of Fisher."""
        x, y = self.kept("x"), self.kept("y")
        if len(x) < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
            raise Unknown("there are too few different values to correlate")
        rho = rank_correlation(x, y) if self.kind == "spearman" else float(np.corrcoef(x, y)[0, 1])
        middle = math.atanh(min(max(rho, -1 + 1e-12), 1 - 1e-12))
        reach = _z() * float(spread_of_correlation(np.array(rho), len(x)))
        return rho, rho - math.tanh(middle - reach), math.tanh(middle + reach) - rho, len(x)
