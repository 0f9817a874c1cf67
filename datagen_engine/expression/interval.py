"""Interval arithmetic: between which bounds a result lies, and why it could be null.

Every rule takes the intervals of its arguments and returns `(interval, reason)`: the interval of the results
that are not null, and why a result could be null, or None where it cannot. In a reason `{0}`, `{1}` … stand
for the text of an argument.

Bounds are proven. Beside them stands one assumption about what they do not say: a number whose bounds are not
known is 0 or of an ordinary size, 1e-30 … 1e30, and a time lies in the years 1678 to 2262. Without it, any
product of two unbounded columns "could be" too large for a float, and so could a quotient behind
`if divisor != 0`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["DAY", "FIRST_TIME", "LAST_TIME", "ORDINARY_TIME", "TINY", "TOO_LARGE", "Bounds", "Interval"]

INF = math.inf
ORDINARY = 1e30
TINY = 1e-30
LARGEST = 1.7976931348623157e308

# Times and lengths of time are counted in microseconds.
DAY = 86_400_000_000
FIRST_TIME = -719_162 * DAY  # the year 1 begins
LAST_TIME = 2_932_897 * DAY - 1  # the year 9999 ends
ORDINARY_TIME = 106_751.0 * DAY  # 292 years, on both sides of 1970

TOO_LARGE = "the result can be too large for a float, which makes it null"
OUT_OF_CALENDAR = "the result can leave the years 1 to 9999, which makes it null"


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers x with low ≤ x ≤ high and, assumed where the bounds do not say so, least ≤ |x| ≤ most.

    `least` above 0 means: never 0. Use `Interval.of`, which keeps the four consistent.

    >>> Interval.of(2, 5)
    Interval(low=2, high=5, least=2, most=5)
    """

    low: float = -INF
    high: float = INF
    least: float = 0.0
    most: float = ORDINARY

    @classmethod
    def of(cls, low: float = -INF, high: float = INF, least: float = 0.0, most: float = ORDINARY) -> Interval:
        """Make an interval, with `least` and `most` as narrow as the bounds say."""
        low, high = min(low, LARGEST), max(high, -LARGEST)
        farthest = max(abs(low), abs(high))
        if farthest < INF:
            most = farthest
        else:
            most = min(max(most, *(abs(end) for end in (low, high) if abs(end) < INF), 0.0), LARGEST)
        return cls(low, high, max(least, low, -high, 0.0), most)

    @property
    def may_be_zero(self) -> bool:
        """Say whether 0 is among the numbers."""
        return self.low <= 0 <= self.high and self.least == 0

    @property
    def lowest(self) -> float:
        """Return the lower bound, the assumed one where there is none."""
        return max(self.low, -self.most)

    @property
    def highest(self) -> float:
        """Return the upper bound, the assumed one where there is none."""
        return min(self.high, self.most)

    def meet(self, other: Interval) -> Interval:
        """Return the numbers in both; this one where there are none (its place is never reached)."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            return self
        return Interval.of(low, high, max(self.least, other.least), min(self.most, other.most))


Bounds: TypeAlias = tuple[Interval, str | None]
Rule: TypeAlias = Callable[..., Bounds]

ANY = Interval()


def union(intervals: Iterable[Interval]) -> Interval:
    """Return the smallest interval around all."""
    parts = list(intervals)
    return Interval.of(
        min(part.low for part in parts), max(part.high for part in parts),
        min(part.least for part in parts), max(part.most for part in parts),
    )  # fmt: skip


def within(low: float, high: float = INF) -> Rule:
    """Return the rule of a function whose results lie between fixed bounds, and are never null."""
    return lambda *_: (Interval.of(low, high), None)


# -- arithmetic -------------------------------------------------------------------------------------------


def minus(a: Interval) -> Interval:
    """Return −a."""
    return Interval(-a.high, -a.low, a.least, a.most)


def add(a: Interval, b: Interval) -> Bounds:
    """Return a + b."""
    return _sized(Interval.of(a.low + b.low, a.high + b.high, 0.0, a.most + b.most), a.most + b.most)


def subtract(a: Interval, b: Interval) -> Bounds:
    """Return a − b."""
    return add(a, minus(b))


def multiply(a: Interval, b: Interval) -> Bounds:
    """Return a × b."""
    ends = [_product(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    most = a.most * b.most
    return _sized(Interval.of(min(ends), max(ends), a.least * b.least, most), most)


def divide(a: Interval, b: Interval) -> Bounds:
    """Return a ÷ b."""
    reason = "{1} can be 0, and a division by 0 is null" if b.may_be_zero else None
    most = a.most / max(b.least, TINY)
    low, high = -INF, INF
    if b.low > 0 or b.high < 0:
        ends = [_quotient(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(ends), max(ends)
    elif b.low == 0 or b.high == 0:
        top = a if b.low == 0 else minus(a)
        bottom = b.high if b.low == 0 else -b.low
        low = _quotient(top.low, bottom) if top.low >= 0 and bottom else -INF
        high = _quotient(top.high, bottom) if top.high <= 0 and bottom else INF
    interval, too_large = _sized(Interval.of(low, high, a.least / max(b.most, TINY), most), most)
    return interval, reason or too_large


def floor_divide(a: Interval, b: Interval) -> Bounds:
    """Return the quotient, rounded down."""
    interval, reason = divide(a, b)
    wide = _wide(interval.low, interval.high, 0.0, interval.most)
    return Interval.of(_floor(wide.low), _floor(wide.high), 0.0, interval.most), reason


def modulo(a: Interval, b: Interval) -> Bounds:  # noqa: ARG001  (every rule of an operator takes both sides)
    """Return the remainder, which has the sign of b."""
    reason = "{1} can be 0, and a remainder of a division by 0 is null" if b.may_be_zero else None
    return Interval.of(min(b.low, 0.0), max(b.high, 0.0), 0.0, b.most), reason


def power(a: Interval, exponent: float) -> Bounds:
    """Return a to the power of a constant."""
    if exponent == 0:
        return Interval.of(1.0, 1.0), None
    if exponent < 0:
        bottom, reason = power(a, -exponent)
        if a.may_be_zero:
            reason = f"{{0}} can be 0, and 0 ** {exponent:g} is null"
        elif bottom.least == 0:  # too small to be told from 0
            reason = reason or TOO_LARGE
        quotient, too_large = divide(Interval.of(1.0, 1.0), bottom)
        return quotient, reason or (None if a.may_be_zero else too_large)
    reason = None
    if exponent % 1 and a.low < 0:
        reason = f"{{0}} can be negative, and a negative number ** {exponent:g} is null"
        a = a.meet(Interval.of(0.0, most=INF))
    most, least = _raise(a.most, exponent), _raise(a.least, exponent)
    if exponent % 2 == 0:
        low, high = _raise(max(a.low, -a.high, 0.0), exponent), _raise(max(abs(a.low), abs(a.high)), exponent)
    else:
        low, high = (math.copysign(_raise(abs(end), exponent), end) for end in (a.low, a.high))
    interval, too_large = _sized(_wide(low, high, least, most), most)
    return interval, reason or too_large


# -- functions --------------------------------------------------------------------------------------------


def absolute(a: Interval) -> Bounds:
    """Return |a|."""
    low = 0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))
    return Interval.of(low, max(abs(a.low), abs(a.high)), a.least, a.most), None


def sign(a: Interval) -> Bounds:
    """Return −1, 0 or 1."""
    low, high = ((end > 0) - (end < 0) for end in (a.low, a.high))
    return Interval.of(float(low), float(high), 0.0 if a.may_be_zero else 1.0), None


def floor(a: Interval) -> Bounds:
    """Return the whole number below."""
    return Interval.of(_floor(a.low), _floor(a.high), 0.0, a.most + 1), None


def ceil(a: Interval) -> Bounds:
    """Return the whole number above."""
    return minus(floor(minus(a))[0]), None


def round_to(a: Interval, digits: int) -> Bounds:
    """Return a rounded to a number of digits after the point (before it, where negative)."""
    low, high, most = _rounded(a.low, digits), _rounded(a.high, digits), a.most + 10.0**-digits
    return _sized(_wide(low, high, 0.0, most) if digits else Interval.of(low, high, 0.0, most), most)


def exp(a: Interval) -> Bounds:
    """Return e to the power of a."""
    most = _exp(a.highest)
    return _sized(_wide(_exp(a.low), _exp(a.high), _exp(a.lowest) * 0.999, most), most)


def log(a: Interval) -> Bounds:
    """Return the natural logarithm."""
    return _log(a, math.log)


def log10(a: Interval) -> Bounds:
    """Return the logarithm to the base 10."""
    return _log(a, math.log10)


def sqrt(a: Interval) -> Bounds:
    """Return the square root."""
    reason = "{0} can be negative, and the root of a negative number is null" if a.low < 0 else None
    low, high = (math.sqrt(max(end, 0.0)) for end in (a.low, a.high))
    return Interval.of(low, high, math.sqrt(a.least), math.sqrt(a.most)), reason


def smallest(*parts: Interval) -> Bounds:
    """Return the least of several."""
    around = union(parts)
    return Interval.of(around.low, min(part.high for part in parts), around.least, around.most), None


def largest(*parts: Interval) -> Bounds:
    """Return the greatest of several."""
    around = union(parts)
    return Interval.of(max(part.low for part in parts), around.high, around.least, around.most), None


def clip(a: Interval, low: Interval, high: Interval) -> Bounds:
    """Return a, at least low and at most high."""
    return smallest(largest(a, low)[0], high)


# -- times ------------------------------------------------------------------------------------------------


def shift(time: Interval, length: Interval) -> Bounds:
    """Return a time moved by a length of time."""
    moved = Interval.of(time.low + length.low, time.high + length.high, 0.0, time.most + length.most)
    out = moved.lowest < FIRST_TIME or moved.highest > LAST_TIME
    calendar = Interval.of(FIRST_TIME, LAST_TIME, most=INF)
    return moved.meet(calendar) if out else moved, OUT_OF_CALENDAR if out else None


def to_day(time: Interval) -> Interval:
    """Return the midnights before."""
    return Interval.of(_floor(time.low / DAY) * DAY, _floor(time.high / DAY) * DAY, 0.0, time.most + DAY)


def between(unit: float) -> Rule:
    """Return the rule of how many units lie between two times."""

    def rule(start: Interval, end: Interval) -> Bounds:
        low, high = (end.low - start.high) / unit, (end.high - start.low) / unit
        return _wide(low, high, 0.0, (start.most + end.most) / unit), None

    return rule


def lengths(unit: float) -> Rule:
    """Return the rule of a length of time, so many units long."""

    def rule(count: Interval) -> Bounds:
        return multiply(count, Interval.of(unit, unit))

    return rule


# -- numbers that may be infinite -------------------------------------------------------------------------


def _sized(interval: Interval, most: float) -> Bounds:
    open_ended = max(abs(interval.low), abs(interval.high)) == INF
    return interval, TOO_LARGE if open_ended and most > LARGEST else None


def _wide(low: float, high: float, least: float, most: float) -> Interval:
    """Widen bounds by what the last bits of a rounded function may differ."""
    return Interval.of(low - abs(low) * 1e-14 if abs(low) < INF else low,
                       high + abs(high) * 1e-14 if abs(high) < INF else high, least, most)  # fmt: skip


def _product(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def _quotient(x: float, y: float) -> float:
    return 0.0 if abs(y) == INF else x / y


def _raise(x: float, exponent: float) -> float:
    try:
        return math.pow(x, exponent)
    except OverflowError:
        return INF


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return INF


def _floor(x: float) -> float:
    return x if abs(x) == INF else float(math.floor(x))


def _rounded(x: float, digits: int) -> float:
    if abs(x) >= 2**52 and (digits >= 0 or abs(x) == INF):
        return x
    scale = 10.0 ** abs(digits)
    return round(x * scale) / scale if digits >= 0 else round(x / scale) * scale


def _log(a: Interval, function: Callable[[float], float]) -> Bounds:
    positive = a.low > 0 or (a.low == 0 and a.least > 0)
    reason = None if positive else "{0} can be 0 or negative, and the logarithm of that is null"
    low = function(a.low) if a.low > 0 else -INF
    high = function(a.high) if 0 < a.high < INF else INF
    return _wide(low, high, 0.0, 750.0), reason
