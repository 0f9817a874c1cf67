"""The rows of an effect table as functions of time: one for each key, constant between its breaks."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.overlap import Combine, combined
from datagen_engine.draw.ranks import ranks
from datagen_engine.draw.stage import Steps
from datagen_engine.draw.values import MICROSECONDS_A_DAY, Values
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["EffectIndex"]

_BEGINNING = -(2**62)
_END = 2**62


class EffectIndex:
    """Know the effect at any key and time.

    Parameters
    ----------
    keys
        The key columns of the effect table; none for an effect on everything.
    start, end
        The columns of the windows (both ends included; null is open; a day as the end is the whole day), or
        None for an effect that always holds.
    values
        The effect of each row, float64; NaN counts as `default`.
    default
        The effect where no row applies.
    combine
        What several rows that apply come to: the first by row order, or an operation over them all.
    """

    def __init__(
        self,
        keys: Sequence[Values],
        start: Values | None,
        end: Values | None,
        values: Array,
        default: float,
        combine: Combine = "first",
    ) -> None:
        """Turn windows into breaks."""
        self.default = default
        size = len(values)
        self._index = KeyIndex(keys) if keys else None
        group = self._index.numbers if self._index else np.zeros(size, dtype=np.int64)
        self.groups = self._index.count if self._index else 1
        low = _edges(start, size, _BEGINNING, closing=False)
        high = _edges(end, size, _END, closing=True)
        self.windowed = start is not None or end is not None
        values = np.where(np.isnan(values), default, values)
        usable = np.flatnonzero((group >= 0) & (low < high))
        self.breaks: list[Array] = []
        self.values: list[Array] = []
        if combine == "first":
            order = usable[np.lexsort((usable, low[usable], group[usable]))]
            cuts = np.searchsorted(group[order], np.arange(self.groups + 1))
            for g in range(self.groups):
                rows = order[cuts[g] : cuts[g + 1]]
                breaks, steps = _first_of(rows, low[rows], high[rows], values[rows], default)
                self.breaks.append(breaks)
                self.values.append(steps)
        else:
            window = low[usable], high[usable], values[usable]
            self.breaks, self.values = combined(group[usable], *window, self.groups, default, combine)
        # The last function is that of the rows whose key has no effect.
        self.breaks.append(np.empty(0, dtype=np.int64))
        self.values.append(np.array([default]))
        lengths = np.array([len(b) for b in self.breaks])
        self._first_break = np.concatenate(([0], np.cumsum(lengths)))
        self._flat_breaks = np.concatenate(self.breaks)
        self._flat_values = np.concatenate(self.values)
        self._marks = np.unique(self._flat_breaks)
        places = np.searchsorted(self._marks, self._flat_breaks) + 1
        self._axis = places + np.repeat(np.arange(len(lengths)), lengths) * (len(self._marks) + 1)

    def group(self, keys: Sequence[Values], size: int) -> Array:
        """Return which function holds for each row (the last one where no row of the table has its key)."""
        if self._index is None:
            return np.zeros(size, dtype=np.int64)
        found = self._index.find(keys)
        return np.where(found < 0, self.groups, found)

    def at(self, keys: Sequence[Values], time: Values | None, size: int) -> Array:
        """Return the effect for rows of these keys at these times; a null time gives the default."""
        group = self.group(keys, size)
        if time is None or not self.windowed:
            # Always on: any time is in the one window from the beginning to the end, if the key has one.
            within = np.minimum(self._first_break[group] + 1, self._first_break[group + 1])
            always: Array = self._flat_values[within + group]
            return always
        if self._index is None:
            found: Array = self._flat_values[ranks(self._flat_breaks, time.instants())]
        else:
            rank = ranks(self._marks, time.instants())
            passed = ranks(self._axis, group * (len(self._marks) + 1) + rank)
            found = self._flat_values[passed + group]
        return found if time.valid is None else np.where(time.valid, found, self.default)

    def steps(self, keys: Sequence[Values], size: int) -> Steps:
        """Return the effect over time for rows of these keys."""
        return Steps(self.group(keys, size), self.breaks, self.values)


def _edges(column: Values | None, size: int, open_edge: int, *, closing: bool) -> Array:
    if column is None:
        return np.full(size, open_edge, dtype=np.int64)
    edges = column.instants()
    if closing:  # included, so the effect ends one tick after it; a date holds for its whole day
        edges = edges + (MICROSECONDS_A_DAY if column.type == "date" else 1)
    return np.where(column.mask(), edges, open_edge)


def _first_of(rows: Array, low: Array, high: Array, values: Array, default: float) -> tuple[Array, Array]:
    """Return breaks and steps of windows, sorted by start; of those that overlap the lowest row counts."""
    if not len(rows):
        return np.empty(0, dtype=np.int64), np.array([default])
    if (low[1:] >= high[:-1]).all():
        # Nothing overlaps: on at the start of each window, off at its end.
        breaks = np.stack((low, high), axis=1).reshape(-1)
        on_off = np.stack((values, np.full(len(rows), default)), axis=1).reshape(-1)
        return breaks, np.append(default, on_off)
    # A sweep over all starts and ends; a heap knows the lowest row among the open windows.
    breaks = np.unique(np.concatenate((low, high)))
    steps = [default]
    open_rows: list[tuple[int, int]] = []
    starts = list(zip(low.tolist(), rows.tolist(), range(len(rows)), strict=True))
    coming = 0
    for moment in breaks.tolist():
        while coming < len(starts) and starts[coming][0] <= moment:
            heapq.heappush(open_rows, starts[coming][1:])
            coming += 1
        while open_rows and high[open_rows[0][1]] <= moment:
            heapq.heappop(open_rows)
        steps.append(float(values[open_rows[0][1]]) if open_rows else default)
    return breaks, np.array(steps)
