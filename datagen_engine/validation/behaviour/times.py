"""Columns of dates and times: when rows happen, by hour, weekday and month, in windows of effects, off the grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from datagen_engine.draw.grid import Grid, Window, isoformat
from datagen_engine.draw.ticks import DIMENSIONS, cell_of
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType
from datagen_engine.lazy import np, special
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.figures import bars, merged_name, places, strata
from datagen_engine.validation.behaviour.influences import EffectGroups, cell_labels
from datagen_engine.validation.behaviour.numbers import BINS, add_places
from datagen_engine.validation.behaviour.statistics import (
    binomial_p,
    chi_square_p,
    count_p,
    farthest,
    kolmogorov,
    merged,
)
from datagen_engine.validation.behaviour.timeline import Timeline
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import DISTANCE, FALSE_ALARM, LIFT, Subject, percent
from datagen_engine.validation.record import CheckRecord, Plot

if TYPE_CHECKING:
    from collections.abc import Callable

    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["Axis", "Pattern", "TimeParts", "TimeShape", "cell_counts", "cross", "is_visible", "strata_labels"]

_HOUR = 3_600_000_000
_MOST_HOURS = 400_000
_FEWEST = 8
_FEWEST_A_CELL = 10.0
_MOST_SHOWN = 200
_MOST_GROUPS = 200
_SOME_TICKS = 5_000
_NODES = 2_001
_ROWS_OF_NODES = 100_000
_VISIBLE_JITTER = 0.5
"""Jitter wider than this part of the grid's step looks like any time at all."""


class Axis:
    """Stretches of time, hours or days, that a window is counted by."""

    def __init__(self, window: Window, type: ColumnType) -> None:
        """Cut a window; what lies beyond it belongs to the first or last stretch."""
        hours = type == "datetime" and (window.end - window.start) // _HOUR <= _MOST_HOURS
        self.unit = _HOUR if hours else MICROSECONDS_A_DAY
        first = window.start // self.unit
        last = max(window.end // self.unit, first + 1)
        self.edges: Array = np.arange(first, last + 2, dtype=np.int64) * self.unit
        self.starts: Array = self.edges[:-1]

    def __len__(self) -> int:
        return len(self.starts)

    def counts(self, instants: Array) -> Array:
        """Return how many instants lie in each stretch."""
        place = np.clip((instants - self.edges[0]) // self.unit, 0, len(self) - 1)
        return np.bincount(place, minlength=len(self))

    def cells(self, dimensions: Sequence[str]) -> Array:
        """Return the crossed cell of each stretch."""
        return cross([cell_of(self.starts, dimension) for dimension in dimensions], dimensions)


def _even_width(width: int, unit: int) -> int:
    """Return at least so many hours or days as a plot's stretches hold: whole days or weeks, which have no beat.

    >>> _even_width(5, MICROSECONDS_A_DAY), _even_width(30, _HOUR), _even_width(2, _HOUR)
    (7, 48, 2)
    """
    day, week = MICROSECONDS_A_DAY // unit, 7 * MICROSECONDS_A_DAY // unit
    if width <= day // 4 or width == 1:
        return width
    period = week if width > 3 * day or unit == MICROSECONDS_A_DAY else day
    return -(-width // period) * period


def cross(cells: Sequence[Array], dimensions: Sequence[str]) -> Array:
    """Return the number of each crossed cell; the last dimension runs fastest."""
    joint = np.zeros(len(cells[0]), dtype=np.int64)
    for cell, dimension in zip(cells, dimensions, strict=True):
        joint = joint * DIMENSIONS[dimension] + cell
    return joint


def strata_labels(dimensions: Sequence[str]) -> list[str]:
    """Return the names of the crossed cells.

    >>> strata_labels(["dow", "hour"])[25]
    'Tue 01 h'
    """
    return [" ".join(names) for names in product(*(cell_labels(dimension) for dimension in dimensions))]


@dataclass(frozen=True)
class Pattern:
    """A check of some dimensions, crossed."""

    subject: Subject
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class TimeParts:
    """The checks of a column of times beside that of the whole distribution."""

    patterns: tuple[Pattern, ...] = ()
    effects: tuple[tuple[Subject, EffectGroups], ...] = ()
    days: tuple[tuple[Subject, Callable[[Array], Array]], ...] = ()
    """Outliers: the factor of each day, by days since 1970."""
    jitter: tuple[Subject, Grid] | None = None


class TimeShape(Accumulator):
    """Judge a column of dates or times.

    Parameters
    ----------
    tables
        The data.
    timeline
        How the times are distributed.
    window
        The window of the generator; a time outside it is impossible.
    shape
        The check of the whole distribution.
    parts
        The other checks.
    columns
        The columns of the table that all this depends on.
    """

    sampled = True

    def __init__(
        self,
        tables: DataTables,
        timeline: Timeline,
        window: Window,
        shape: Subject,
        parts: TimeParts,
        columns: Sequence[str],
    ) -> None:
        """Judge `shape` and all of `parts`."""
        subjects = [
            shape,
            *(each.subject for each in parts.patterns),
            *(subject for subject, _ in parts.effects),
            *(subject for subject, _ in parts.days),
            *([parts.jitter[0]] if parts.jitter else []),
        ]
        super().__init__(subjects, columns)
        self.tables = tables
        self.timeline = timeline
        self.window = window
        self.shape = shape
        self.parts = parts
        self.name = shape.columns[0]
        self.axis = Axis(window, timeline.type)
        if timeline.jitter > 0:
            self.most = _ROWS_OF_NODES

    # -- looking ------------------------------------------------------------------------------------------

    def add(self, at: RowView) -> None:
        """Count the rows by time, and what is to be expected of them."""
        times = at.column(self.name)
        if times.valid is not None:
            at = at.take(np.flatnonzero(times.mask()))
            times = at.column(self.name)
        if not len(at):
            return
        if self.timeline.bounds is not None:
            low, high = self.timeline.limits(at)
            if (low > high).any():
                at = at.take(np.flatnonzero(low <= high))
                times = at.column(self.name)
        instants = times.instants()
        below, upto = self.timeline.spread(times, at)
        good = ~(np.isnan(below) | np.isnan(upto))
        add_places(self, at.take(np.flatnonzero(good)), below[good], upto[good])
        floor = MICROSECONDS_A_DAY if self.timeline.type == "date" else 1
        outside = (instants < self.window.start // floor * floor) | (instants > self.window.end)
        self.seen.add("outside", np.array([int(outside.sum()) if self._has_window else 0]))
        if len(np.unique(self.timeline.groups(at))) > _MOST_GROUPS:
            self.seen.add("scattered", np.array([1]))
            return
        self.seen.add("observed", self.axis.counts(instants))
        self.seen.add("expected", self.timeline.expected("axis", self.axis.edges, at))
        for number, (_, groups) in enumerate(self.parts.effects):
            self._add_effect(number, groups, at, instants)
        if self.parts.jitter is not None:
            self._add_jitter(self.parts.jitter[1], instants)

    @property
    def _has_window(self) -> bool:
        return self.timeline.ends == (None, None)

    def _add_effect(self, number: int, groups: EffectGroups, at: RowView, instants: Array) -> None:
        index, group_of_piece, labels = groups.windows(at.tables)
        key = index.group([at.column(name) for name in groups.local], len(at))
        starts = np.concatenate(([0], np.cumsum([len(steps) for steps in index.values])))
        found = np.zeros((3, len(labels)))
        for number_of_key in np.unique(key).tolist():
            breaks = index.breaks[number_of_key]
            here = np.flatnonzero(key == number_of_key)
            place = np.searchsorted(breaks, instants[here], side="right")
            edges = (
                np.concatenate(([breaks[0] - 1], breaks, [breaks[-1] + 1])) if len(breaks) else np.arange(2)
            )
            if self.timeline.type == "date":  # a date is its midnight, however late in the day it was drawn
                edges = -(-edges // MICROSECONDS_A_DAY) * MICROSECONDS_A_DAY
            name = f"effect {number} {number_of_key}"
            target = group_of_piece[starts[number_of_key] : starts[number_of_key + 1]]
            expected = self.timeline.expected(name, edges, at.take(here))
            np.add.at(found[0], target, np.bincount(place, minlength=len(target)))
            np.add.at(found[1], target, expected)
            np.add.at(found[2], target, expected * (1.0 - expected / max(len(here), 1)))
        for row, name in enumerate(("observed", "expected", "variance")):
            self.seen.add(f"effect {number} {name}", found[row])

    def _add_jitter(self, grid: Grid, instants: Array) -> None:
        """Find the place of each time's distance from its nearest tick among wrapped normal numbers."""
        step = grid.step or 1
        off = (instants - grid.window.start + step // 2) % step - step // 2
        turns = np.arange(-2, 3) * float(step)
        low = special.ndtr((turns - step / 2) / self.timeline.jitter)
        place = np.zeros(len(off))
        for turn, start in zip(turns.tolist(), low.tolist(), strict=True):
            place += special.ndtr((off + turn) / self.timeline.jitter) - start
        self.seen.add(
            "jitter", np.bincount(np.clip((place * BINS).astype(np.int64), 0, BINS - 1), minlength=BINS)
        )
        self.seen.add("jitter squares", np.array([float((off.astype(np.float64) ** 2).sum())]))

    # -- judging ------------------------------------------------------------------------------------------

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdicts."""
        rows = int(self.sum("places").sum())
        if rows < _FEWEST:
            raise Unknown(f"{rows} times are too few to judge")
        if not self.is_told:
            raise Unknown("which days stand out depends on the seed, which the data does not tell")
        yield self._shape(rows)
        if self.sum("scattered")[0]:
            why = f"the effects have more than {_MOST_GROUPS} keys, each with times of its own"
            yield from (subject.skipped(why) for subject in self.subjects[1:])
            return
        for pattern in self.parts.patterns:
            yield self._pattern(pattern, rows)
        for number, (subject, groups) in enumerate(self.parts.effects):
            yield self._effect(number, subject, groups, rows)
        for subject, factors in self.parts.days:
            yield self._days(subject, factors, rows)
        if self.parts.jitter is not None:
            yield self._jitter(*self.parts.jitter)

    @property
    def is_told(self) -> bool:
        """Say whether the law of the plan is the one that the data was drawn by: its seed chooses odd days."""
        return not self.parts.days or self.tables.context.seeded

    def expected_share(self, dimension: str, cells: Sequence[int]) -> float | None:
        """Return the share of the rows that the schema promises in some cells; None where nothing was seen."""
        if "expected" not in self.seen.sums or not self.is_told:
            return None
        expected = self.sum("expected")
        return float(expected[np.isin(cell_of(self.axis.starts, dimension), cells)].sum() / expected.sum())

    def _shape(self, rows: int) -> CheckRecord:
        distance, p = kolmogorov(self.sum("places"))
        outside = int(self.sum("outside")[0])
        what = f"{percent(distance)} of the rows lie at other times than promised."
        if outside:
            what = f"{outside:,} of {rows:,} rows lie outside the window of the column."
        return self.shape.judged(
            what,
            p=p,
            effect=max(distance, outside / rows),
            tolerance=DISTANCE,
            rows=rows,
            observed=distance,
            expected=0.0,
            plot=self._over_time(),
            impossible=outside,
        )

    def _over_time(self) -> Plot | None:
        if "expected" not in self.seen.sums:
            return None
        observed, expected = self.sum("observed"), self.sum("expected")
        width = _even_width(-(-len(self.axis) // _MOST_SHOWN), self.axis.unit)
        starts = np.arange(0, len(self.axis), width)
        o, e = (np.add.reduceat(counts, starts) / observed.sum() for counts in (observed, expected))
        whole_days = self.axis.unit * width >= MICROSECONDS_A_DAY
        labels = tuple(
            isoformat(int(self.axis.starts[place]))[: 10 if whole_days else 16] for place in starts.tolist()
        )
        return Plot(
            "lines",
            labels,
            tuple(e.tolist()),
            tuple(o.tolist()),
            "The share of rows over time, promised and found.",
        )

    def _pattern(self, pattern: Pattern, rows: int) -> CheckRecord:
        cells = self.axis.cells(pattern.dimensions)
        labels = strata_labels(pattern.dimensions)
        observed = np.bincount(cells, self.sum("observed"), minlength=len(labels))
        expected = np.bincount(cells, self.sum("expected"), minlength=len(labels))
        never = (
            (expected <= 0) & (observed > 0)
            if self.timeline.jitter == 0
            else np.zeros(len(labels), dtype=bool)
        )
        if never.any():
            count = int(observed[never].sum())
            where = ", ".join(labels[cell] for cell in np.flatnonzero(never)[:3].tolist())
            return pattern.subject.judged(
                f"{count:,} of {rows:,} rows lie where the weights leave nothing ({where}).",
                p=0.0,
                effect=count / rows,
                tolerance=DISTANCE,
                rows=rows,
                observed=count / rows,
                expected=0.0,
                allowed=0.0,
                plot=_shares(labels, expected, observed),
                impossible=count,
            )
        used = np.flatnonzero((expected > 0) | (observed > 0))
        group = merged(expected[used], _FEWEST_A_CELL, ordered=False)
        wanted, found = np.bincount(group, expected[used]), np.bincount(group, observed[used])
        if len(wanted) < 2:
            return pattern.subject.skipped(f"{rows:,} rows are too few to tell {len(used)} cells apart")
        wanted *= found.sum() / wanted.sum()
        gaps = (found - wanted) / rows
        names = [merged_name(labels, used[group == g]) for g in range(len(wanted))]
        order = np.argsort(-np.abs(gaps))
        worst = int(order[0])
        moved = float(np.abs(gaps).sum() / 2)
        what = (
            f"{percent(moved)} of the rows lie in another cell than promised; {names[worst]} has "
            f"{percent(found[worst] / rows)}, promised {percent(wanted[worst] / rows)}."
        )
        return pattern.subject.judged(
            what,
            p=chi_square_p(found, wanted),
            effect=moved,
            tolerance=DISTANCE,
            rows=rows,
            observed=moved,
            expected=0.0,
            plot=_shares(labels, expected, observed),
            details={"strata": strata(names, wanted / rows, found / rows, order)},
        )

    def _effect(self, number: int, subject: Subject, groups: EffectGroups, rows: int) -> CheckRecord:
        observed, expected, variance = (
            self.sum(f"effect {number} {name}") for name in ("observed", "expected", "variance")
        )
        used = np.flatnonzero(expected >= _FEWEST_A_CELL)
        used = used[used > 0]
        if not len(used):
            return subject.skipped(f"{rows:,} rows are too few for any window of the effect")
        o, e = observed[used], expected[used]
        single, effect = count_p(o, e, variance[used]), np.abs(o / e - 1.0)
        worst, p = farthest(single, effect, np.full(len(used), LIFT), FALSE_ALARM)
        every = groups.labels(self.tables)
        labels = [every[group] for group in used.tolist()]
        what = (
            f"In {labels[worst]!r} there are {o[worst]:,.0f} rows, promised {e[worst]:,.0f}; that is the farthest "
            f"of {len(used)} windows."
        )
        return subject.judged(
            what,
            p=p,
            effect=float(effect[worst]),
            tolerance=LIFT,
            scale=1.0,
            rows=rows,
            observed=float(o[worst]),
            expected=float(e[worst]),
            allowed=LIFT * float(e[worst]),
            plot=bars(labels, e, o, "The rows in each window"),
            details={"strata": strata(labels, e, o, np.argsort(single))},
        )

    def _days(self, subject: Subject, factors: Callable[[Array], Array], rows: int) -> CheckRecord:
        struck = factors(self.axis.starts // MICROSECONDS_A_DAY) != 1.0
        observed, expected = (float(self.sum(name)[struck].sum()) for name in ("observed", "expected"))
        if expected < _FEWEST_A_CELL:
            return subject.skipped("too few rows lie on the days that stand out")
        shares = observed / rows, expected / float(self.sum("expected").sum())
        what = (
            f"{percent(shares[0])} of the rows lie on the days that stand out, promised {percent(shares[1])}."
        )
        return subject.judged(
            what,
            p=binomial_p(observed, rows, shares[1]),
            effect=abs(shares[0] / shares[1] - 1.0),
            tolerance=LIFT,
            scale=1.0,
            rows=rows,
            observed=shares[0],
            expected=shares[1],
            allowed=LIFT * shares[1],
            plot=bars(
                ["such days"], np.array(shares[1:]), np.array(shares[:1]), "The share of days that stand out"
            ),
        )

    def _jitter(self, subject: Subject, grid: Grid) -> CheckRecord:
        counts = self.sum("jitter")
        rows = int(counts.sum())
        distance, p = kolmogorov(counts)
        seconds = math.sqrt(float(self.sum("jitter squares")[0]) / rows) / 1e6
        step = (grid.step or 1) / 1e6
        # Noise of more than half a step is taken for that of the next tick.
        noise = special.ndtri((np.arange(_NODES) + 0.5) / _NODES) * self.timeline.jitter / 1e6
        wanted = float(np.sqrt(np.mean(((noise + step / 2) % step - step / 2) ** 2)))
        what = f"The times lie {seconds:.4g} seconds off their grid, promised {wanted:.4g} (standard deviations)."
        return subject.judged(
            what,
            p=p,
            effect=distance,
            tolerance=DISTANCE,
            rows=rows,
            plot=places(
                counts, "The share of rows that lie in the lower part of the noise, against that part."
            ),
            observed={"distance": distance, "std_seconds": seconds},
            expected={"distance": 0.0, "std_seconds": wanted},
            allowed={"distance": DISTANCE},
        )


def is_visible(jitter: float, grid: Grid) -> bool:
    """Say whether jitter can be told from its grid."""
    return grid.step is not None and 0 < jitter <= _VISIBLE_JITTER * grid.step


def _shares(labels: Sequence[str], expected: Array, observed: Array) -> Plot:
    shown = np.flatnonzero((expected > 0) | (observed > 0))[:_MOST_SHOWN]
    e, o = expected[shown] / expected.sum(), observed[shown] / observed.sum()
    return bars([labels[cell] for cell in shown.tolist()], e, o, "The share of rows in each cell")


def cell_counts(grid: Grid, dimension: str) -> int:
    """Return into how many hours, weekdays or months the ticks of a grid fall; of a long grid, some of the ticks."""
    if grid.count <= _SOME_TICKS:
        ticks = np.arange(grid.count)
    else:
        ticks = np.random.Generator(np.random.PCG64DXSM(0)).integers(0, grid.count, _SOME_TICKS)
    return len(np.unique(cell_of(grid.instants(ticks), dimension)))
