"""What is known about a column's values, or an expression's, before any is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from datagen_engine.expression.interval import DAY, INF, LARGEST, ORDINARY, ORDINARY_TIME, Interval
from datagen_engine.expression.kinds import TIMES, Kind, kind_of

if TYPE_CHECKING:
    from datagen_engine.draw.values import ColumnType

__all__ = ["Facts", "Known", "Reason", "facts_of", "known_column"]

Reason = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Say what is known about the values of a column or an expression.

    Parameters
    ----------
    type
        A column type, or `null` for an expression that is always null. Every calculated number is a `float`.
    nullable
        Whether a value can be null.
    low, high
        Bounds of the values that are not null; None where unknown. Times are counted as in `Values.data`:
        microseconds since 1970 UTC for a datetime, days for a date.
    values
        All values there can be, where they are known and few: one for a constant. Numbers and texts only.
    null_reason
        Of an expression that can be null: why, and which part of its text (start, end) makes it so.
    """

    type: ColumnType | Literal["null"]
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[Any, ...] | None = None
    null_reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the check knows about one part of an expression.

    `null` is why it could be null, `constant` whether no column stands in it. The bounds of times and lengths
    of time are in microseconds.
    """

    kind: Kind
    bounds: Interval = field(default_factory=Interval)
    null: Reason | None = None
    values: tuple[Any, ...] | None = None
    constant: bool = False

    def but_null(self, reason: Reason | None) -> Known:
        """Return the same, with one more reason to be null; the first one counts."""
        return self if reason is None or self.null else replace(self, null=reason)


def known_column(facts: Facts, null: Reason | None) -> Known:
    """Return what is known about a column."""
    kind = kind_of(facts.type)
    low, high = facts.low, facts.high
    values = facts.values
    if kind == "number" and values:
        low = min(values) if low is None else low
        high = max(values) if high is None else high
    if facts.type == "int":
        low, high = -(2.0**63) if low is None else low, 2.0**63 if high is None else high
    if kind == "bool":
        low, high = 0.0, 1.0
    if kind == "date":  # the bounds of a date are those of its midnight
        low, high = (None if end is None else end * DAY for end in (low, high))
    low = -INF if low is None or math.isnan(low) else float(low)
    high = INF if high is None or math.isnan(high) else float(high)
    bounds = Interval.of(low, high, most=ORDINARY_TIME if kind in TIMES else ORDINARY)
    return Known(kind, bounds, null, values)


def facts_of(known: Known) -> Facts:
    """Return what is known, in a column's terms (not for a length of time, which no column holds)."""
    if known.kind in ("null", "unknown", "days", "span"):
        return Facts("null", nullable=True, null_reason=known.null)
    type_: Any = "float" if known.kind == "number" else known.kind
    low, high = _end(known.bounds.low, known.kind), _end(known.bounds.high, known.kind)
    return Facts(type_, known.null is not None, low, high, known.values, known.null)


def _end(end: float, kind: Kind) -> float | None:
    if kind in ("string", "bool") or abs(end) >= LARGEST:
        return None
    return end / DAY if kind == "date" else end
