"""A small distribution: where the values of some rows lie, and where one of them lies among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from datagen_engine.explanation.shown import number, shown
from datagen_engine.lazy import np, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Values

__all__ = ["BINS", "Histogram", "histogram"]

BINS = 24
"""Bars of numbers and times."""

_MOST_WORDS = 12
_TAIL = 0.015


@dataclass(frozen=True, slots=True)
class Histogram:
    """Hold the bars of a small distribution.

    `counts` are the rows in each bar. Of numbers and times `low` and `high` are the two ends of the axis;
    of words `labels` names each bar, the most frequent first. `place` is where the value lies: from 0 to 1
    along the axis, or the number of its bar; None where it is null, or in no bar.
    """

    kind: Literal["numbers", "times", "words"]
    counts: tuple[int, ...]
    low: float | None = None
    high: float | None = None
    labels: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")
    place: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "kind": self.kind,
            "counts": list(self.counts),
            "low": self.low,
            "high": self.high,
            "labels": list(self.labels),
            "ends": list(self.ends),
            "place": self.place,
        }


def histogram(values: Values, at: int | None = None) -> Histogram | None:
    """Return the distribution of values, with the place of one of them; None where there is none to show.

    >>> from datagen_engine.draw.values import Values
    >>> histogram(Values.of("string", ["a", "b", "a", None]), 1)
    Histogram(kind='words', counts=(2, 1), low=None, high=None, labels=('a', 'b'), ends=('', ''), place=1)
    """
    known = values.mask()
    if not known.any():
        return None
    if values.type in ("string", "bool"):
        return _words(values, at)
    data = values.instants().astype(np.float64) if values.is_time else values.numbers()
    return _bars(
        data[known & np.isfinite(data)], None if at is None else float(data[at]), times=values.is_time
    )


def _bars(data: Array, value: float | None, *, times: bool) -> Histogram | None:
    if not len(data):
        return None
    low, high = (float(end) for end in np.quantile(data, (_TAIL, 1 - _TAIL)))
    least, most = float(data.min()), float(data.max())
    # A long tail would leave one bar; a short one is shown whole.
    if most - least <= 1.5 * (high - low):
        low, high = least, most
    if value is not None and np.isfinite(value):
        low, high = min(low, value), max(high, value)
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, _ = np.histogram(data, BINS, (low, high))
    place = None if value is None or not np.isfinite(value) else (value - low) / (high - low)
    kind: Literal["numbers", "times"] = "times" if times else "numbers"
    ends = (_instant(low), _instant(high)) if times else (number(low), number(high))
    return Histogram(kind, tuple(counts.tolist()), low, high, (), ends, place)


def _instant(microseconds: float) -> str:
    try:
        return shown((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).date())
    except OverflowError:
        return number(microseconds)


def _words(values: Values, at: int | None) -> Histogram | None:
    array = values.text() if values.type == "string" else values.to_arrow()
    counted = pc.value_counts(array.drop_null()).to_pylist()
    counted.sort(key=lambda one: (-one["counts"], str(one["values"])))
    if len(counted) > 4 * _MOST_WORDS:
        return None  # names and texts: nearly every row has its own
    shown_ones = counted[:_MOST_WORDS]
    words = [one["values"] for one in shown_ones]
    own = None if at is None else array[at].as_py()
    place = words.index(own) if own is not None and own in words else None
    counts = tuple(one["counts"] for one in shown_ones)
    return Histogram("words", counts, None, None, tuple(shown(word) for word in words), ("", ""), place)
