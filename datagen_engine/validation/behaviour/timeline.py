"""When rows happen by a law of times: how many are to be expected between any two instants."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Self

from datagen_engine.draw.casting import cast
from datagen_engine.draw.grid import Grid, Window
from datagen_engine.draw.stage import Law, LimitStage
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values
from datagen_engine.generators.choice import ChoiceSource
from datagen_engine.generators.datetime_series import TickSource, TimeLaw
from datagen_engine.lazy import np, special
from datagen_engine.modifiers.time_jitter import TimeJitterStage, reflect
from datagen_engine.planning.bent import BentSource
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.table import ColumnPlan
from datagen_engine.validation.behaviour.unknown import Unknown

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["Timeline"]

_NODES = 32
"""An even number: a jitter of exactly nothing, which leaves a tick on the edge of two hours, never happens."""
_FAR = 6.0
"""Standard deviations beyond which no jitter is looked for: one number in 500 million lies there."""

_MOST_TICKS = 64
_SURE = 1e-9
_BEGINNING, _END = -(2**61), 2**61

Limits = tuple["Array", "Array"]


class Timeline:
    """Know how the times of a column are distributed, row by row, after its own jitter.

    Parameters
    ----------
    law
        The distribution of the times before the jitter.
    type
        `datetime` or `date`.
    jitter
        The standard deviation of the jitter in microseconds; 0 for none.
    window
        The window that jittered times are reflected into, where there is one.
    ends
        The declared range in microseconds; None is open.
    bounds
        What the orders leave to each row, in microseconds.
    """

    def __init__(
        self,
        law: Law,
        type: ColumnType,
        *,
        jitter: float = 0.0,
        window: Window | None = None,
        ends: tuple[int | None, int | None] = (None, None),
        bounds: Callable[[RowView], tuple[Array, Array]] | None = None,
    ) -> None:
        """Hold the parts."""
        self.law = law
        self.type: ColumnType = type
        self.jitter = jitter
        self.window = window if jitter > 0 else None
        self.ends = ends
        self.bounds = bounds
        self._steps = law.ticks.steps if isinstance(law, TimeLaw) else []
        self._known: dict[tuple[str, int], Array] = {}

    @classmethod
    def of(cls, plan: ColumnPlan) -> Self:
        """Take a bound column apart; raises Unknown with the reason where its law cannot be told."""
        source, stages = plan.source, plan.stages
        bounds: Callable[[RowView], tuple[Array, Array]] | None = None
        if isinstance(source, BentSource):
            bent = source
            law, stages = bent.bend.law, bent.bend.stages
            bounds = lambda at: bent.bounds(at, None)  # noqa: E731  # one of two
        else:
            source = source.source if isinstance(source, CopulaSource) else source
            if not isinstance(source, TickSource | ChoiceSource):
                raise Unknown("its generator promises no distribution")
            law = source.law
        jitters = [stage for stage in stages if isinstance(stage, TimeJitterStage)]
        unit = MICROSECONDS_A_DAY if plan.type == "date" else 1
        ends: tuple[int | None, int | None] = (None, None)
        for stage in stages:
            if isinstance(stage, LimitStage):
                low, high = (None if end is None else int(end) * unit for end in (stage.low, stage.high))
                ends = (low, high)
            elif not isinstance(stage, TimeJitterStage):
                raise Unknown(f"what the modifier {stage.title!r} makes of a distribution cannot be told")
        return cls(
            law,
            plan.type,
            jitter=math.sqrt(sum(stage.microseconds**2 for stage in jitters)),
            window=jitters[0].window if jitters else None,
            ends=ends,
            bounds=bounds,
        )

    # -- jitter -------------------------------------------------------------------------------------------

    @cached_property
    def _nodes(self) -> Array:
        """Return jitters that stand for all, each with the same weight (µs)."""
        if self.jitter <= 0:
            return np.zeros(1, dtype=np.int64)
        return np.rint(special.ndtri((np.arange(_NODES) + 0.5) / _NODES) * self.jitter).astype(np.int64)

    @cached_property
    def _near(self) -> int | None:
        """Return how many ticks at most the jitter can bring to one instant; None where they are too many to list."""
        if not isinstance(self.law, TimeLaw):
            return None
        grid: Grid = self.law.ticks.grid
        reach = int(2 * _FAR * self.jitter)
        if grid.step is not None:
            count = reach // grid.step + 2
        else:
            every = grid.instants(np.arange(grid.count))
            count = (
                int((np.searchsorted(every, every + reach, side="right") - np.arange(grid.count)).max()) + 1
            )
        return count if count <= _MOST_TICKS else None

    def _smooth(self, instants: Array, at: RowView) -> Array:
        """Return the chance of a time at or before an instant, jittered but not reflected.

        Where few ticks are near, each of them adds its share times the chance that the jitter carries it
        there; where many are, the distribution is smooth enough to be averaged over some jitters.
        """
        if self.jitter <= 0:
            return self.law.cdf(instants, at)
        if self._near is None:
            shares = [self.law.cdf(instants - moved, at) for moved in self._nodes.tolist()]
            return np.asarray(np.stack(shares).mean(axis=0))
        assert isinstance(self.law, TimeLaw)
        grid = self.law.ticks.grid
        first = grid.before(instants - int(_FAR * self.jitter))
        upto = np.where(first > 0, self.law.cdf(_tick(grid, first - 1), at), 0.0)
        total: Array = np.array(upto)
        for number in range(self._near):
            tick = first + number
            instant = _tick(grid, tick)
            there = np.where(tick < grid.count, self.law.cdf(instant, at), upto)
            total += (there - upto) * special.ndtr((instants - instant) / self.jitter)
            upto = there
        return total

    def _free(self, instants: Array, at: RowView) -> Array:
        """Return the chance of a finished time at or before an instant, where no bound cuts anything off."""
        share = self._smooth(instants, at)
        if self.window is not None:
            start, end = self.window.start, self.window.end
            far = int(_FAR * self.jitter)
            # What leaves the window comes back from its end as from a mirror.
            if (np.asarray(instants) < start + far).any():
                share = share - self._smooth(2 * start - instants - 1, at)
            if (np.asarray(instants) > end - far).any():
                share = share + 1.0 - self._smooth(2 * end - instants - 1, at)
            share = np.where(instants < start, 0.0, np.where(instants >= end, 1.0, share))
        return self._held(instants, np.clip(share, 0.0, 1.0))

    def _held(self, instants: Array, share: Array) -> Array:
        """Return shares with what lies beyond the declared range put on its ends."""
        low, high = self.ends
        if low is not None:
            share = np.where(instants < low, 0.0, share)
        if high is not None:
            share = np.where(instants >= high, 1.0, share)
        return share

    # -- single rows --------------------------------------------------------------------------------------

    def spread(self, times: Values, at: RowView) -> Limits:
        """Return the chances that each row's time lies before, and at or before, what the data has.

        NaN where the bounds of a row leave no room.
        """
        first = times.instants()
        last = first + (MICROSECONDS_A_DAY - 1) if self.type == "date" else first
        free = self._free_rows(at)
        if free.all():
            return self._free(first - 1, at), self._free(last, at)
        below, upto = np.empty(len(at)), np.empty(len(at))
        for rows, share in ((np.flatnonzero(free), self._free), (np.flatnonzero(~free), self._bounded)):
            if len(rows):
                some = at.take(rows)
                below[rows], upto[rows] = share(first[rows] - 1, some), share(last[rows], some)
        return below, upto

    def _bounded(self, instants: Array, at: RowView) -> Array:
        """Return the chance of a time at or before an instant, within the bounds of each row.

        The jitter is drawn first: where it leaves the row no tick, the time is the bound itself.
        """
        low, high = self._inner(at)
        total = np.zeros(len(at))
        for moved in self._nodes.tolist():
            under, room = self._room(low, high, moved, at)
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.clip((self._carried(instants, moved, at) - under) / room, 0.0, 1.0)
            end = np.where(under >= 1.0 - _SURE, low, high)
            total += np.where(room > 0, share, instants >= end)
        return self._held(instants, total / len(self._nodes))

    def _inner(self, at: RowView) -> Limits:
        """Return the bounds of each row; one at or beyond the window is none, for all are reflected into it."""
        low, high = self.limits(at)
        if self.window is not None:
            low = np.where(low <= self.window.start, _BEGINNING, low)
            high = np.where(high >= self.window.end, _END, high)
        return low, high

    def _room(self, low: Array, high: Array, moved: int, at: RowView) -> tuple[Array, Array]:
        """Return the share of the ticks that a jitter carries below each row's bounds, and between them."""
        under = self.law.cdf(low - moved - 1, at)
        return under, self.law.cdf(high - moved, at) - under

    def _carried(self, instants: Array, moved: int, at: RowView) -> Array:
        """Return the share of the ticks that a jitter carries to an instant or before it, the window a mirror."""
        share = self.law.cdf(instants - moved, at)
        if self.window is None or not moved:
            return share
        start, end = self.window.start, self.window.end
        if moved < 0:
            share = share - self.law.cdf(2 * start - instants - moved - 1, at)
        else:
            share = share + 1.0 - self.law.cdf(2 * end - instants - moved - 1, at)
        return np.where(instants < start, 0.0, np.where(instants >= end, 1.0, share))

    def limits(self, at: RowView) -> Limits:
        """Return the first and the last instant (int64) that the orders leave to each row."""
        assert self.bounds is not None
        ends = (
            np.clip(np.nan_to_num(end, posinf=_END, neginf=_BEGINNING), _BEGINNING, _END).astype(np.int64)
            for end in self.bounds(at)
        )
        low, high = ends
        if self.type == "date":
            high = np.where(high < _END // 2, high + (MICROSECONDS_A_DAY - 1), high)
        return low, high

    def drawn(self, u: Array, at: RowView, noise: Array) -> Values:
        """Return the times that uniform numbers draw, moved by standard normal `noise`."""
        moved = np.rint(noise * self.jitter).astype(np.int64)
        if self.bounds is not None:
            low, high = self.limits(at)
            under = self.law.cdf(low - moved - 1, at)
            u = np.clip(under + u * (self.law.cdf(high - moved, at) - under), 2.0**-60, 1.0 - 2.0**-53)
        instants = self.law.ppf(u, at).data.astype(np.int64) + moved
        if self.window is not None:
            instants = reflect(instants, self.window)
        instants = np.clip(instants, *self.ends) if self.ends != (None, None) else instants
        return cast(Values("datetime", instants), self.type)

    # -- many rows ----------------------------------------------------------------------------------------

    def groups(self, at: RowView) -> Array:
        """Return a number (int64) for each row, the same for rows that differ in nothing but their bounds."""
        joint = np.zeros(len(at), dtype=np.int64)
        for step in self._steps:
            found = step(at)
            joint = joint * len(found.values) + found.group
        return joint

    def expected(self, name: str, edges: Array, at: RowView) -> Array:
        """Return how many of these rows are to be expected in each stretch between two edges.

        Parameters
        ----------
        name
            What the edges are called: under one name they are always the same.
        edges
            Rising instants; the first stretch holds what lies before it too, the last what lies after.
        at
            The rows.
        """
        group = self.groups(at)
        free = self._free_rows(at)
        found = np.zeros(len(edges) - 1)
        for number in np.unique(group).tolist():
            here = group == number
            first = int(np.flatnonzero(here)[0])
            count = int((here & free).sum())
            if count:
                found += count * self._masses(name, edges, at, first, number)
            bound = np.flatnonzero(here & ~free)
            if len(bound):
                found += self._bound_masses(edges, at.take(bound))
        return found

    def _free_rows(self, at: RowView) -> Array:
        """Say of which rows no bound cuts anything off."""
        if self.bounds is None:
            return np.ones(len(at), dtype=bool)
        low, high = self.limits(at)
        far = int(_FAR * self.jitter)
        return (self.law.cdf(low - 1 + far, at) <= _SURE) & (self.law.cdf(high - far, at) >= 1.0 - _SURE)

    def _masses(self, name: str, edges: Array, at: RowView, row: int, number: int) -> Array:
        """Return the share of each stretch for the rows of a group, one of which is given."""
        if (name, number) not in self._known:
            alike = at.take(np.array([row]))  # one row, at whose law every edge is looked up
            upto = self._free(edges[1:-1] - 1, alike) if len(edges) > 2 else np.empty(0)
            self._known[name, number] = np.diff(np.concatenate(([0.0], upto, [1.0])))
        return self._known[name, number]

    def _bound_masses(self, edges: Array, at: RowView) -> Array:
        """Return the sum of the shares of each stretch over rows of one group, each within its own bounds.

        Between its bounds a row has the group's shares times one factor: a difference at either end and one
        running sum make that of all rows; only the stretches that a bound cuts are added one by one.
        """
        low, high = self._inner(at)
        alike = at.take(np.zeros(1, dtype=np.int64))
        found = np.zeros(len(edges) - 1)
        for moved in self._nodes.tolist():
            inner = self._carried(edges[1:-1] - 1, moved, alike) if len(edges) > 2 else np.empty(0)
            borders = np.concatenate(([0.0], inner, [1.0]))
            under, room = self._room(low, high, moved, at)
            upto = under + room
            lost = np.where(under >= 1.0 - _SURE, low, high)[room <= 0]
            found += np.bincount(_stretch(edges, lost), minlength=len(found))
            usable = room > 0
            under, upto, factor = under[usable], upto[usable], 1.0 / room[usable]
            first, last = _stretch(edges, low[usable]), _stretch(edges, high[usable])
            running = np.zeros(len(found) + 1)
            np.add.at(running, first, factor)
            np.add.at(running, last + 1, -factor)
            masses = np.cumsum(running)[:-1] * np.diff(borders)
            np.add.at(masses, first, -(under - borders[first]) * factor)
            np.add.at(masses, last, -(borders[last + 1] - upto) * factor)
            found += masses
        return self._gathered(edges, found / len(self._nodes))

    def _gathered(self, edges: Array, masses: Array) -> Array:
        """Return masses with what lies beyond the declared range put on its ends."""
        low, high = self.ends
        if low is not None:
            place = int(_stretch(edges, np.array(low)))
            masses[place] += masses[:place].sum()
            masses[:place] = 0.0
        if high is not None:
            place = int(_stretch(edges, np.array(high)))
            masses[place] += masses[place + 1 :].sum()
            masses[place + 1 :] = 0.0
        return masses


def _stretch(edges: Array, instants: Array) -> Array:
    """Return the stretch that each instant lies in; the first and the last are open."""
    return np.clip(np.searchsorted(edges, instants, side="right") - 1, 0, len(edges) - 2)


def _tick(grid: Grid, number: Array) -> Array:
    return grid.instants(np.clip(number, 0, grid.count - 1))
