"""Columns of numbers: the shape of the distribution, and every influence on it.

All verdicts stand on one thing: where in its own distribution each row's number lies. That is uniform where
the data keeps what the schema promises, whatever moves the single rows, and it has no tail; so a mean in a
group of rows is judged by the mean of these places, which is near normal from a dozen rows on. What the report
shows beside it are means of the numbers themselves, against those of twins: numbers drawn anew for the same
rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.streams import Stream
from datagen_engine.lazy import np
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.chain import Chain, Strike
from datagen_engine.validation.behaviour.figures import bars, part_of, places, strata
from datagen_engine.validation.behaviour.influences import Groups, MomentGroups
from datagen_engine.validation.behaviour.statistics import binomial_p, farthest, kolmogorov, normal_p
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import DISTANCE, FALSE_ALARM, MEAN, Subject, percent, spoken
from datagen_engine.validation.record import CheckRecord, Plot

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["BINS", "Influence", "NumberShape", "add_places"]

BINS = 4096
"""Bins of the histogram of places: a distance between distributions is known to 1 / 4096."""

_TWINS = 200_000
_PLACES = 2_000_000
_FEWEST_TWINS = 20_000
_MANY_OF_A_ROW = 100
_MANY_TWINS = 16
_FEWEST = 8
_POINTS = 64
_SURE = 0.01
_DRIFT = 0.02
"""By what part of the mean a trend may be off from the first to the last row."""

_OUTLIERS = 0.2
"""By what part of it a share of outliers may be off."""


class Influence:
    """Judge a group of rows against another: what a season, an effect, a trend, a segment or an age does."""

    def __init__(self, subject: Subject, title: str, groups: Groups, growth: float | None = None) -> None:
        """Judge by `groups`; `growth` is a trend's own figure a year, where it has one."""
        self.subject = subject
        self.title = title
        self.groups = groups
        self.growth = growth


class NumberShape(Accumulator):
    """Judge a column of numbers.

    Parameters
    ----------
    tables
        The data.
    chain
        What the numbers are made of.
    shape
        The check of the whole distribution.
    influences
        The checks of what moves it from row to row.
    strikes
        The checks of the shares of outliers, each with its step of the chain.
    columns
        The columns of the table that all this depends on.
    """

    sampled = True

    def __init__(
        self,
        tables: DataTables,
        chain: Chain,
        shape: Subject,
        influences: Sequence[Influence],
        strikes: Sequence[tuple[Subject, Strike]],
        columns: Sequence[str],
    ) -> None:
        """Judge `shape`, every influence and every share of outliers."""
        subjects = [shape, *(each.subject for each in influences), *(subject for subject, _ in strikes)]
        super().__init__(subjects, columns)
        self.tables = tables
        self.chain = chain
        self.shape = shape
        self.influences = tuple(influences)
        self.strikes = tuple(strikes)
        self.most = chain.rows_wanted
        rows = min(tables.rows(shape.table), self.most, tables.context.sample or self.most)
        self.twins = min(
            max(math.ceil(_TWINS / max(rows, 1)), 1),
            max(math.ceil(_FEWEST_TWINS / max(rows, 1)), _MANY_OF_A_ROW),
        )
        # Places are dearer than twins: of their outliers only as many are looked for as that is worth.
        worth = math.ceil(_PLACES / (max(rows, 1) * len(chain.nodes)))
        self.struck = min(max(worth, 1), self.twins)

    # -- looking ------------------------------------------------------------------------------------------

    def add(self, at: RowView) -> None:
        """Find the place of each number in its own distribution."""
        values = at.column(self.chain.name[1])
        there = values.mask()
        if callable(self.chain.base):
            there = there & self.chain.base(at).mask()
        at = at if there.all() else at.take(np.flatnonzero(there))
        y = at.column(self.chain.name[1]).data.astype(np.float64)
        below, upto = self.chain.spread(y, at)
        good = ~np.isnan(below)
        if not good.all():
            at, y, below, upto = at.take(np.flatnonzero(good)), y[good], below[good], upto[good]
        u = add_places(self, at, below, upto)
        if self.chain.is_exact:
            self.seen.add("differ", np.array([int(((below > 0.5) | (upto < 0.5)).sum())]))
        drawn = self.chain.twins(at, self.twins)
        twin, square = drawn.mean(axis=0), (drawn * drawn).mean(axis=0)
        self.seen.add("moments", np.array([y.sum(), (y * y).sum(), twin.sum(), square.sum()]))
        for number, influence in enumerate(self.influences):
            self._add_groups(number, influence.groups, at, u, y, twin, square)
        for number, (_, strike) in enumerate(self.strikes):
            self._add_strikes(number, strike, at, y, drawn)

    def _add_groups(
        self, number: int, groups: Groups, at: RowView, u: Array, y: Array, twin: Array, square: Array
    ) -> None:
        group = groups.of(at)
        if (group < 0).any():
            known = np.flatnonzero(group >= 0)
            at, group = at.take(known), group[known]
            u, y, twin, square = u[known], y[known], twin[known], square[known]
        self.seen.add(f"{number}/rows", np.bincount(group))
        for name, weights in (("u", u), ("y", y), ("twin", twin), ("square", square)):
            self.seen.add(f"{number}/{name}", np.bincount(group, weights))
        if isinstance(groups, MomentGroups):
            t = (at.time(groups.clock).instants() - groups.start) / 31_557_600e6
            self.seen.add(
                f"{number}/slope", np.array([len(t), t.sum(), (t * t).sum(), u.sum(), (t * u).sum()])
            )

    def _add_strikes(self, number: int, strike: Strike, at: RowView, y: Array, drawn: Array) -> None:
        observed = self._outside(strike, y, at)
        expected = self._outside(strike, drawn[: self.struck], at) / self.struck
        self.seen.add(f"strike {number}", np.array([observed, expected, float(len(y))]))

    def _outside(self, strike: Strike, y: Array, at: RowView) -> float:
        """Return how many numbers lie where hardly any but outliers do: beyond a tail as large as their share."""
        tail = min(strike.outliers.rate, 0.2)
        below, upto = self.chain.spread(y, at, calm=True)
        place = (below + upto) / 2
        upwards = (y > 0) == (strike.outliers.mode == "spike")
        return float(np.where(upwards, place > 1.0 - tail, place < tail).sum())

    # -- judging ------------------------------------------------------------------------------------------

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdicts."""
        rows = int(self.sum("places").sum())
        if rows < _FEWEST:
            raise Unknown(f"{rows} numbers are too few to judge")
        yield self._shape(rows)
        for number, influence in enumerate(self.influences):
            yield self._influence(number, influence)
        for number, (subject, strike) in enumerate(self.strikes):
            yield self._strike(number, subject, strike)

    @property
    def expected_mean(self) -> float | None:
        """Return the mean that the schema promises for these rows; None where nothing was seen."""
        rows = float(self.sum("places").sum())
        return float(self.sum("moments")[2]) / rows if rows else None

    @property
    def is_sure(self) -> bool:
        """Say whether the promised mean hardly depends on which twins were drawn."""
        rows = float(self.sum("places").sum())
        _, _, twin, squares = self.sum("moments").tolist() if rows else (0.0, 0.0, 0.0, 0.0)
        deviation = math.sqrt(max(squares / max(rows, 1) - (twin / max(rows, 1)) ** 2, 0.0))
        return rows > 0 and deviation / math.sqrt(rows * self.twins) < _SURE * max(
            abs(twin / rows), deviation
        )

    def _shape(self, rows: int) -> CheckRecord:
        counts = self.sum("places")
        distance, p = kolmogorov(counts)
        total, squares, twin, twin_squares = self.sum("moments").tolist()
        means = [total / rows, twin / rows]
        stds = [
            math.sqrt(max(s / rows - m * m, 0.0)) for s, m in zip((squares, twin_squares), means, strict=True)
        ]
        what = (
            f"The mean is {spoken(means[0])} (promised {spoken(means[1])}), the standard deviation "
            f"{spoken(stds[0])} ({spoken(stds[1])}); {percent(distance)} of the rows lie elsewhere than promised."
        )
        if self.chain.is_exact:
            distance = float(self.sum("differ")[0]) / rows
            p = 0.0 if distance > 0 else 1.0
            what = (
                f"{percent(distance)} of the rows differ from what their own columns and the modifiers make."
            )
        return self.shape.judged(
            what,
            p=p,
            effect=distance,
            tolerance=DISTANCE,
            rows=rows,
            plot=self._plot(counts),
            observed={"distance": distance, "mean": means[0], "std": stds[0]},
            expected={"distance": 0.0, "mean": means[1], "std": stds[1]},
            allowed={"distance": DISTANCE},
        )

    def _plot(self, counts: Array) -> Plot:
        if not self.chain.is_fixed:
            return places(
                counts,
                "The share of rows that lie in the lower part of their own distribution, against that part.",
            )
        grid = np.linspace(0.0, 1.0, _POINTS + 1)[1:-1]
        x = self.chain.quantiles(self.tables, grid)
        # Where several shares have one value, the largest of them is the share up to it.
        last = len(x) - 1 - np.unique(x[::-1], return_index=True)[1]
        text = "The share of rows up to each value, promised and found."
        observed = part_of(counts, grid[last])
        return Plot(
            "lines", tuple(x[last].tolist()), tuple(grid[last].tolist()), tuple(observed.tolist()), text
        )

    def _influence(self, number: int, influence: Influence) -> CheckRecord:
        rows = self.sum(f"{number}/rows")
        total = int(rows.sum())
        if isinstance(influence.groups, MomentGroups):
            return self._trend(number, influence)
        used = np.flatnonzero(rows >= _FEWEST)
        if len(used) < 2:
            return influence.subject.skipped("fewer than two groups of rows are large enough to compare")
        n = rows[used]
        z = (self.sum(f"{number}/u")[used] - n / 2) / np.sqrt(n / 12)
        observed, expected = self.sum(f"{number}/y")[used] / n, self.sum(f"{number}/twin")[used] / n
        spread = np.sqrt(np.maximum(self.sum(f"{number}/square")[used] / n - expected**2, 0.0))
        single, tolerance = normal_p(z), MEAN * spread
        effect = np.abs(observed - expected)
        worst, p = farthest(single, effect, tolerance, FALSE_ALARM)
        every = influence.groups.labels(self.tables)
        labels = [every[group] for group in used.tolist()]
        what = (
            f"{influence.title}: in {labels[worst]!r} the mean is {spoken(observed[worst])}, promised "
            f"{spoken(expected[worst])} ({int(n[worst]):,} rows); that is the farthest of {len(used)} groups."
        )
        return influence.subject.judged(
            what,
            p=p,
            effect=float(effect[worst]),
            tolerance=float(tolerance[worst]),
            scale=float(expected[worst]),
            rows=total,
            observed=float(observed[worst]),
            expected=float(expected[worst]),
            plot=bars(labels, expected, observed, f"{influence.title}: the mean in each group"),
            details={"strata": strata(labels, expected, observed, np.argsort(single), n)},
        )

    def _trend(self, number: int, influence: Influence) -> CheckRecord:
        rows = self.sum(f"{number}/rows")
        size, sum_t, sum_tt, sum_u, sum_tu = self.sum(f"{number}/slope").tolist()
        room = sum_tt - sum_t * sum_t / max(size, 1)
        used = np.flatnonzero(rows >= _FEWEST)
        if len(used) < 3 or room <= 0:
            return influence.subject.skipped("the rows lie too close in time to tell a trend")
        z = (sum_tu - sum_t / size * sum_u) / math.sqrt(room / 12)
        n = rows[used]
        observed, expected = self.sum(f"{number}/y")[used] / n, self.sum(f"{number}/twin")[used] / n
        years = used * influence.groups.width / 31_557_600e6  # type: ignore[attr-defined]  # moments have a width
        level = float((expected * n).sum() / n.sum())
        slopes = [_slope(years, means / level, n) if level else 0.0 for means in (observed, expected)]
        span = float(years.max() - years.min())
        what = (
            f"{influence.title}: the mean changes by {percent(slopes[0])} of it a year, promised "
            f"{percent(slopes[1])}."
        )
        labels = [influence.groups.labels(self.tables)[g] for g in used.tolist()]
        return influence.subject.judged(
            what,
            p=float(normal_p(z)),
            effect=abs(slopes[0] - slopes[1]) * span,
            tolerance=_DRIFT,
            scale=slopes[1] * span,
            rows=int(rows.sum()),
            observed=slopes[0],
            expected=slopes[1],
            allowed=_DRIFT / span,
            plot=bars(labels, expected, observed, f"{influence.title}: the mean over time"),
            details={} if influence.growth is None else {"growth_rate": influence.growth},
        )

    def _strike(self, number: int, subject: Subject, strike: Strike) -> CheckRecord:
        observed, expected, rows = self.sum(f"strike {number}").tolist()
        if expected < 3:
            return subject.skipped(
                f"among {int(rows):,} rows too few outliers are promised to judge their share"
            )
        shares = observed / rows, expected / rows
        if self.struck >= _MANY_TWINS:
            p = binomial_p(observed, rows, min(shares[1], 1.0))
        else:  # what is expected is a sample too
            deviation = math.sqrt(rows * shares[1] * (1 - min(shares[1], 1.0)) * (1 + 1 / self.struck))
            p = float(normal_p((observed - expected) / max(deviation, 1e-9)))
        tail = min(strike.outliers.rate, 0.2)
        what = (
            f"{percent(shares[0])} of the rows lie where outliers do (beyond the outer {percent(tail)} of the "
            f"others); promised {percent(shares[1])}."
        )
        return subject.judged(
            what,
            p=p,
            effect=abs(shares[0] - shares[1]),
            tolerance=_OUTLIERS * strike.outliers.rate,
            scale=shares[1],
            rows=int(rows),
            observed=shares[0],
            expected=shares[1],
            plot=bars(["far off"], np.array(shares[1:]), np.array(shares[:1]), "The share of outliers"),
        )


def add_places(to: Accumulator, at: RowView, below: Array, upto: Array) -> Array:
    """Add the places of some rows to the histogram, and return them: uniform numbers between two shares."""
    u = Stream(0, at.table, "", "place").uniform(at.rows)
    u *= upto - below
    u += below
    to.seen.add("places", np.bincount(np.minimum((u * BINS).astype(np.int64), BINS - 1), minlength=BINS))
    return u


def _slope(x: Array, y: Array, weight: Array) -> float:
    """Return the slope of a straight line through points, by least squares."""
    middle = float((x * weight).sum() / weight.sum())
    room = float((weight * (x - middle) ** 2).sum())
    return float((weight * (x - middle) * y).sum() / room) if room > 0 else 0.0
