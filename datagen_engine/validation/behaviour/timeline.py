"""When rows happen by a law of times: how many are to be expected between any two instants."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Self

from datagen_engine.draw.casting import cast
from datagen_engine.draw.grid import Window
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

_FINE_NODES = 61
_COARSE_NODES = 17
_FAR = 6.0
_SURE = 1e-9

Grouping = Callable[["RowView"], "Array"]


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
    group
        Numbers the rows whose distribution is the same, but for their bounds; None where all are alike.
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
        group: Grouping | None = None,
    ) -> None:
        """Hold the parts."""
        self.law = law
        self.type: ColumnType = type
        self.jitter = jitter
        self.window = window if jitter > 0 else None
        self.ends = ends
        self.bounds = bounds
        self.group = group
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
        steps = law.ticks.steps if isinstance(law, TimeLaw) else []

        def group(at: RowView) -> Array:
            joint = np.zeros(len(at), dtype=np.int64)
            for step in steps:
                found = step(at)
                joint = joint * len(found.values) + found.group
            return joint

        return cls(
            law,
            plan.type,
            jitter=math.sqrt(sum(stage.microseconds**2 for stage in jitters)),
            window=jitters[0].window if jitters else None,
            ends=ends,
            bounds=bounds,
            group=group if steps else None,
        )

    @cached_property
    def _fine(self) -> Array:
        """Return jitters that stand for all, each with the same weight (µs)."""
        return self._nodes(_FINE_NODES)

    @cached_property
    def _coarse(self) -> Array:
        return self._nodes(_COARSE_NODES)

    def _nodes(self, size: int) -> Array:
        if self.jitter <= 0:
            return np.zeros(1, dtype=np.int64)
        return np.rint(special.ndtri((np.arange(size) + 0.5) / size) * self.jitter).astype(np.int64)

    # -- single rows --------------------------------------------------------------------------------------

    def spread(self, times: Values, at: RowView) -> tuple[Array, Array]:
        """Return the chances that each row's time lies before, and at or before, what the data has.

        NaN where the bounds of a row leave no room.
        """
        first = times.instants()
        last = first + (MICROSECONDS_A_DAY - 1) if self.type == "date" else first
        limits = None if self.bounds is None else self.limits(at)
        below, upto = np.zeros(len(at)), np.zeros(len(at))
        for moved in self._coarse.tolist():
            below += self._upto(first - 1, at, moved, limits)
            upto += self._upto(last, at, moved, limits)
        return below / len(self._coarse), upto / len(self._coarse)

    def limits(self, at: RowView) -> tuple[Array, Array]:
        """Return the first and the last instant (int64) that the orders leave to each row."""
        assert self.bounds is not None
        low, high = (
            np.clip(np.nan_to_num(end, posinf=2.0**61, neginf=-(2.0**61)), -(2.0**61), 2.0**61)
            for end in self.bounds(at)
        )
        last = high.astype(np.int64)
        if self.type == "date":
            last = np.where(last < 2**60, last + (MICROSECONDS_A_DAY - 1), last)
        return low.astype(np.int64), last

    def _upto(self, instants: Array, at: RowView, moved: int, limits: tuple[Array, Array] | None) -> Array:
        """Return the chance of a time at or before an instant, where the jitter is known."""
        share = self._free(instants, at, moved)
        if limits is not None:
            under = self._free(limits[0] - 1, at, moved)
            room = self._free(limits[1], at, moved) - under
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.where(room > 0, np.clip((share - under) / room, 0.0, 1.0), np.nan)
        low, high = self.ends
        if low is not None:
            share = np.where(instants < low, 0.0, share)
        if high is not None:
            share = np.where(instants >= high, 1.0, share)
        return share

    def _free(self, instants: Array, at: RowView, moved: int) -> Array:
        share = self.law.cdf(instants - moved, at)
        if self.window is None or moved == 0:
            return share
        start, end = self.window.start, self.window.end
        if moved < 0:  # what leaves the window at its start comes back from there
            near = instants < start - moved
            if near.any():
                share = share - np.where(near, self.law.cdf(2 * start - instants - moved - 1, at), 0.0)
        else:
            near = instants >= end - moved
            if near.any():
                share = share + np.where(near, 1.0 - self.law.cdf(2 * end - instants - moved - 1, at), 0.0)
        return np.where(instants < start, 0.0, np.where(instants >= end, 1.0, np.clip(share, 0.0, 1.0)))

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
        """Return the group (int64) of each row."""
        return np.zeros(len(at), dtype=np.int64) if self.group is None else self.group(at)

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
            upto = np.zeros(len(edges) - 2)
            for moved in self._fine.tolist():
                upto += self._upto(edges[1:-1] - 1, alike, moved, None)
            shares = np.concatenate(([0.0], upto / len(self._fine), [1.0]))
            self._known[name, number] = np.diff(shares)
        return self._known[name, number]

    def _bound_masses(self, edges: Array, at: RowView) -> Array:
        """Return the sum of the shares of each stretch over rows of one group, each within its own bounds.

        Between its bounds a row has the group's shares times one factor: a difference at either end and one
        running sum make that of all rows; only the stretches that a bound cuts are added one by one.
        """
        low, high = self.limits(at)
        alike = at.take(np.zeros(1, dtype=np.int64))
        found = np.zeros(len(edges) - 1)
        for moved in self._coarse.tolist():
            inner = self._free(edges[1:-1] - 1, alike, moved)
            borders = np.concatenate(([0.0], inner, [1.0]))
            under, upto = self._free(low - 1, at, moved), self._free(high, at, moved)
            room = upto - under
            usable = room > 0
            under, upto, factor = under[usable], upto[usable], 1.0 / room[usable]
            first = np.clip(np.searchsorted(borders, under, side="right") - 1, 0, len(found) - 1)
            last = np.clip(np.searchsorted(borders, upto, side="left") - 1, 0, len(found) - 1)
            running = np.zeros(len(found) + 1)
            np.add.at(running, first, factor)
            np.add.at(running, last + 1, -factor)
            masses = np.cumsum(running)[:-1] * np.diff(borders)
            np.add.at(masses, first, -(under - borders[first]) * factor)
            np.add.at(masses, last, -(borders[last + 1] - upto) * factor)
            found += masses
        found /= len(self._coarse)
        return self._clipped(edges, found)

    def _clipped(self, edges: Array, masses: Array) -> Array:
        """Return masses with what lies beyond the declared range put on its ends."""
        low, high = self.ends
        if low is not None:
            place = int(np.clip(np.searchsorted(edges, low, side="right") - 1, 0, len(masses) - 1))
            masses[place] += masses[:place].sum()
            masses[:place] = 0.0
        if high is not None:
            place = int(np.clip(np.searchsorted(edges, high, side="right") - 1, 0, len(masses) - 1))
            masses[place] += masses[place + 1 :].sum()
            masses[place + 1 :] = 0.0
        return masses
