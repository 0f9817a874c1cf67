"""How many children parents have: on average, from one to the next, and by what multiplies them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.lazy import np, pa, pc
from datagen_engine.planning.counts import Children
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.figures import bars, strata
from datagen_engine.validation.behaviour.influences import Groups
from datagen_engine.validation.behaviour.statistics import binomial_p, chi_square_p, count_p, farthest, merged
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import (
    DISTANCE,
    FALSE_ALARM,
    FANOUT,
    SHARE,
    Subject,
    percent,
    spoken,
)
from datagen_engine.validation.behaviour.view import RowView
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    from datagen_engine.draw.nodes import PickNode
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.slice import TableSlice
    from datagen_engine.planning.stages import StageCounts
    from datagen_engine.schema.parts import Fanout
    from datagen_engine.validation.behaviour.tables import DataTables

__all__ = ["ChildCounts", "CountInfluence", "FunnelCounts", "Moments", "moments"]

_PARENTS = 2_000_000
_FEW_PARENTS = 50
_GRID = 8192
_COARSE_GRID = 1024
_MOST_MEANS = 256
_MOST_SHIFTS = 16
_FEWEST_A_CELL = 10.0
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class CountInfluence:
    """A check of what multiplies the number of children."""

    subject: Subject
    title: str
    groups: Groups


@dataclass(frozen=True, eq=False)
class Moments:
    """Tell how many children each parent may expect.

    `mean` and `variance` are those of each parent, `shares` the share of parents with 0, 1, 2 … children.
    """

    mean: Array
    variance: Array
    shares: Array


def moments(fanout: Fanout | None, scale: Array | None, shift: Array | None, size: int) -> Moments:
    """Return what a fanout promises to parents, each with its own multiplier and what effects add.

    The fanout's own code is asked for its quantiles at an even grid of uniform numbers, once for each pair of
    multiplier and shift; very many pairs are put together into a few hundred.
    """
    distinct, place = _distinct(
        np.ones(size) if scale is None else scale, np.zeros(size) if shift is None else shift
    )
    grid = _GRID if len(distinct) <= 64 else _COARSE_GRID
    means, variances = np.empty(len(distinct)), np.empty(len(distinct))
    shares = np.zeros(1)
    parents = np.bincount(place, minlength=len(distinct))
    for number, (factor, added) in enumerate(distinct.tolist()):
        counts, weights = _quantiles(
            fanout, None if scale is None else factor, None if shift is None else added, grid
        )
        means[number] = (counts * weights).sum()
        variances[number] = (weights * (counts - means[number]) ** 2).sum()
        own = np.bincount(counts, weights) * parents[number]
        length = max(len(own), len(shares))
        shares = np.pad(shares, (0, length - len(shares))) + np.pad(own, (0, length - len(own)))
    return Moments(means[place], variances[place], shares / max(size, 1))


def _quantiles(
    fanout: Fanout | None, factor: float | None, added: float | None, grid: int
) -> tuple[Array, Array]:
    """Return counts and their shares of one fanout with one multiplier and shift."""
    if fanout is None:
        wanted = max((1.0 if factor is None else factor) + (added or 0.0), 0.0) if factor != 0 else 0.0
        part = wanted - np.floor(wanted)
        return np.array([int(wanted), int(wanted) + 1]), np.array([1.0 - part, part])
    u = (np.arange(grid) + 0.5) / grid
    # Spread evenly over the square of the two uniform numbers that a count is drawn by.
    rounding = (np.arange(grid) * _GOLDEN + 0.5) % 1.0
    counts = fanout.counts(
        u,
        None if factor is None else np.full(grid, factor),
        None if added is None else np.full(grid, added),
        lambda: rounding,
    )
    return counts, np.full(grid, 1.0 / grid)


def _distinct(scale: Array, shift: Array) -> tuple[Array, Array]:
    """Return the pairs of multiplier and shift that occur, or a few hundred that stand for all, and whose is whose."""
    places = [_coded(part) for part in (scale, shift)]
    if len(places[0][0]) > _MOST_MEANS or len(places[1][0]) > _MOST_SHIFTS:
        places = [_rounded(part, most) for part, most in ((scale, _MOST_MEANS), (shift, _MOST_SHIFTS))]
    joint = places[0][1] * len(places[1][0]) + places[1][1]
    size = np.bincount(joint)
    used = np.flatnonzero(size)
    means = [np.bincount(joint, part)[used] / size[used] for part in (scale, shift)]
    numbers = np.zeros(len(size), dtype=np.int64)
    numbers[used] = np.arange(len(used))
    return np.stack(means, axis=1), numbers[joint]


def _coded(part: Array) -> tuple[Array, Array]:
    """Return the different numbers, and whose is whose; by hashing, which is much faster than by sorting."""
    coded = pc.dictionary_encode(pa.array(part))
    return np.asarray(coded.dictionary), np.asarray(coded.indices).astype(np.int64)


def _rounded(part: Array, most: int) -> tuple[Array, Array]:
    edges = np.unique(np.quantile(part, np.arange(1, most) / most))
    return np.zeros(len(edges) + 1), np.searchsorted(edges, part, side="right")


def _chance_of_sum(shares: Array, parents: int, total: int) -> float:
    """Return twice the smaller tail of the children of a few parents together, by their distribution itself.

    >>> round(_chance_of_sum(np.array([0.0, 0.5, 0.5]), 2, 4), 3)
    0.5
    """
    length = parents * (len(shares) - 1) + 1
    sums = np.fft.irfft(np.fft.rfft(shares, 2 * length) ** parents, 2 * length)[:length]
    sums = np.maximum(sums, 0.0)
    return float(min(1.0, 2.0 * min(sums[: total + 1].sum(), sums[total:].sum())))


class _Counted(Accumulator):
    """Count the children of each parent by their keys."""

    judges_empty = True

    def __init__(
        self, tables: DataTables, children: Children, pick: PickNode, subjects: Sequence[Subject]
    ) -> None:
        key = tables.key_column(pick)
        super().__init__(subjects, [key[0]] if key is not None else [])
        self.tables = tables
        self.children = children
        self.pick = pick

    def add(self, at: RowView) -> None:
        """Count the children of each parent."""
        rows = at.picked_rows(self.pick)
        first = int(rows.min())
        if first < 0:
            rows = rows[rows >= 0]
            first = int(rows.min()) if len(rows) else 0
        if len(rows):
            self.seen.add_at("children", first, np.bincount(rows - first))

    def parents(self) -> tuple[RowView, Array]:
        """Return the parents' rows, of very many a sample, and how many children each has."""
        if self.tables.key_column(self.pick) is None:
            raise Unknown(f"no column of {self.children.table!r} tells whose child a row is")
        at = RowView.of_table(self.tables, self.children.parent)
        if not len(at):
            raise Unknown(f"{self.children.parent!r} has no rows")
        counts = self.seen.long_sum("children", len(at))
        stride = -(-len(at) // (self.tables.context.sample or _PARENTS))
        if stride == 1:
            return at, counts
        runs = Rows.run(0, len(at) // stride)
        chosen = runs.numbers() * stride + Stream(0, at.table, "", "parents").below(stride, runs)
        return at.take(chosen), counts[chosen]


class ChildCounts(_Counted):
    """Judge a fanout.

    Parameters
    ----------
    tables
        The data.
    children
        How the engine draws the numbers of children.
    pick
        How a child refers to its parent.
    mean, spread
        The checks of the mean over all parents, and of the shares of parents with 0, 1, 2 … children.
    influences
        The checks of what multiplies them.
    """

    def __init__(
        self,
        tables: DataTables,
        children: Children,
        pick: PickNode,
        mean: Subject,
        spread: Subject,
        influences: Sequence[CountInfluence],
    ) -> None:
        """Judge the fanout and every influence."""
        super().__init__(tables, children, pick, [mean, spread, *(each.subject for each in influences)])
        self.influences = tuple(influences)

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdicts."""
        at, counts = self.parents()
        scale, shift = self._multipliers(at)
        promised = moments(self.children.fanout, scale, shift, len(at))
        yield self._mean(counts, promised)
        yield self._spread(counts, promised)
        for influence in self.influences:
            yield self._influence(influence, at, counts, promised)

    def _multipliers(self, at: RowView) -> tuple[Array | None, Array | None]:
        scale: Array | None = None
        shift: Array | None = None
        for part in self.children.effects:
            # The parts ask a slice of parents for columns, times and whole tables: all of that the data answers.
            value = part.at(cast("TableSlice", at))
            if part.multiplies:
                scale = value if scale is None else scale * value
            else:
                shift = value if shift is None else shift + value
        return None if scale is None else np.maximum(scale, 0.0), shift

    def _mean(self, counts: Array, promised: Moments) -> CheckRecord:
        size = len(counts)
        observed, expected = float(counts.sum()), float(promised.mean.sum())
        if size <= _FEW_PARENTS and len(promised.shares) <= _GRID:
            p = _chance_of_sum(promised.shares, size, int(counts.sum()))
        else:
            p = float(
                count_p(np.array([observed]), np.array([expected]), np.array([promised.variance.sum()]))[0]
            )
        what = (
            f"A row of {self.children.parent!r} has {spoken(observed / size)} children on average, promised "
            f"{spoken(expected / size)}."
        )
        effect = abs(observed / expected - 1.0) if expected > 0 else float(observed > 0)
        return self.subjects[0].judged(
            what,
            p=p,
            effect=effect,
            tolerance=FANOUT,
            scale=1.0,
            rows=size,
            observed=observed / size,
            expected=expected / size,
            allowed=FANOUT * expected / size,
            details={"rows": observed, "promised_rows": expected},
        )

    def _spread(self, counts: Array, promised: Moments) -> CheckRecord:
        subject, size = self.subjects[1], len(counts)
        if promised.variance.max() < 1e-9:
            wrong = int((np.abs(counts - promised.mean) > 0.5).sum())
            what = (
                f"{wrong:,} of {size:,} rows of {self.children.parent!r} have another number of children than "
                "promised."
            )
            return subject.judged(
                what,
                p=0.0 if wrong else 1.0,
                effect=wrong / size,
                tolerance=SHARE,
                rows=size,
                observed=wrong / size,
                expected=0.0,
                allowed=0.0,
                impossible=wrong,
            )
        observed = np.bincount(counts)
        length = max(len(observed), len(promised.shares))
        observed = np.pad(observed, (0, length - len(observed)))
        expected = np.pad(promised.shares, (0, length - len(promised.shares))) * size
        cell = merged(expected, _FEWEST_A_CELL)
        wanted, found = np.bincount(cell, expected), np.bincount(cell, observed)
        if len(wanted) < 2:
            return subject.skipped(
                f"{size:,} rows of {self.children.parent!r} are too few to judge the spread"
            )
        gaps = (found - wanted) / size
        worst = int(np.argmax(np.abs(gaps)))
        members = np.flatnonzero(cell == worst)
        name = f"{members[0]}" if len(members) == 1 else f"{members[0]} to {members[-1]}"
        what = (
            f"{percent(found[worst] / size)} of the rows of {self.children.parent!r} have {name} children, promised "
            f"{percent(wanted[worst] / size)}; that is the farthest of {len(wanted)} shares."
        )
        variances = float(counts.var()), float(promised.variance.mean() + promised.mean.var())
        return subject.judged(
            what,
            p=chi_square_p(found, wanted),
            effect=abs(float(gaps[worst])),
            tolerance=DISTANCE,
            scale=float(wanted[worst]) / size,
            rows=size,
            observed={"variance": variances[0]},
            expected={"variance": variances[1]},
            allowed={"share": DISTANCE},
            plot=bars(
                [float(n) for n in range(length)],
                expected / size,
                observed / size,
                "The share of parents by their number of children",
            ),
        )

    def _influence(
        self, influence: CountInfluence, at: RowView, counts: Array, promised: Moments
    ) -> CheckRecord:
        group = influence.groups.of(at)
        known = group >= 0
        group = group[known]
        if not len(group):
            return influence.subject.skipped("no row of the parent belongs to any group")
        rows = np.bincount(group)
        observed, expected, variance = (
            np.bincount(group, part[known]) for part in (counts, promised.mean, promised.variance)
        )
        used = np.flatnonzero(rows >= 1)
        used = used[(expected[used] >= _FEWEST_A_CELL) | ((expected[used] <= 0) & (observed[used] > 0))]
        if not len(used):
            return influence.subject.skipped("the groups of parents have too few children to judge")
        o, e, n = observed[used], expected[used], rows[used]
        single = count_p(o, e, variance[used])
        effect = np.where(e > 0, np.abs(o / np.where(e > 0, e, 1.0) - 1.0), 1.0)
        worst, p = farthest(single, effect, np.full(len(used), FANOUT), FALSE_ALARM)
        every = influence.groups.labels(self.tables)
        labels = [every[g] for g in used.tolist()]
        found, wanted = o / n, e / n
        what = (
            f"{influence.title}: in {labels[worst]!r} a row has {spoken(found[worst])} children, promised "
            f"{spoken(wanted[worst])} ({int(n[worst]):,} rows); that is the farthest of {len(used)} groups."
        )
        return influence.subject.judged(
            what,
            p=p,
            effect=float(effect[worst]),
            tolerance=FANOUT,
            scale=1.0,
            rows=int(rows.sum()),
            observed=float(found[worst]),
            expected=float(wanted[worst]),
            allowed=FANOUT * float(wanted[worst]),
            plot=bars(labels, wanted, found, f"{influence.title}: children for each row of a group"),
            details={"strata": strata(labels, wanted, found, np.argsort(single), n)},
        )


class FunnelCounts(_Counted):
    """Judge how many parents go from each stage of a funnel to the next, by segment."""

    def __init__(
        self, tables: DataTables, children: Children, pick: PickNode, subject: Subject, names: Sequence[str]
    ) -> None:
        """Judge the stages `names`."""
        super().__init__(tables, children, pick, [subject])
        self.names = tuple(names)

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict."""
        at, reached = self.parents()
        stages = self.children.stages
        assert stages is not None
        subject = self.subjects[0]
        wrong = int(((reached < 1) | (reached > len(self.names))).sum())
        segment, labels, factors = self._segments(stages, at)
        cells: list[tuple[str, float, float, float]] = []
        for place, rate in enumerate(stages.rates, start=1):
            for number, (label, factor) in enumerate(zip(labels, factors, strict=True)):
                here = segment == number
                there, further = (
                    float((here & beyond).sum()) for beyond in (reached >= place, reached > place)
                )
                name = f"{self.names[place]}, {label}" if label else self.names[place]
                cells.append((name, there, further, min(1.0, rate * factor)))
        cells = [cell for cell in cells if cell[1] > 0]
        if not cells:
            raise Unknown("the funnel has no second stage that a row could reach")
        labels = [cell[0] for cell in cells]
        before = np.array([cell[1] for cell in cells])
        observed = np.array([cell[2] for cell in cells]) / before
        chance = np.array([cell[3] for cell in cells])
        single = np.array([binomial_p(after, size, share) for _, size, after, share in cells])
        gaps = np.abs(observed - chance)
        worst, p = farthest(single, gaps, np.full(len(cells), DISTANCE), FALSE_ALARM)
        what = (
            f"{percent(float(observed[worst]))} reach {labels[worst]!r} from the stage before, promised "
            f"{percent(float(chance[worst]))}; that is the farthest of {len(cells)} transitions."
        )
        if wrong:
            what = (
                f"{wrong:,} of {len(reached):,} rows of {self.children.parent!r} are in no stage, or in more than "
                "there are."
            )
        yield subject.judged(
            what,
            p=p,
            effect=max(float(gaps[worst]), wrong / len(reached)),
            tolerance=DISTANCE,
            scale=float(chance[worst]),
            rows=len(reached),
            observed=float(observed[worst]),
            expected=float(chance[worst]),
            plot=bars(labels, chance, observed, "The share that enters each stage from the one before"),
            impossible=wrong,
            details={"strata": strata(labels, chance, observed, np.argsort(single), before)},
        )

    def _segments(self, stages: StageCounts, at: RowView) -> tuple[Array, list[str], list[float]]:
        """Return the segment of each parent, and the names and multipliers of the segments."""
        from datagen_engine.draw.named import NamedNumbers

        if stages.multipliers is None or stages.segment is None:
            return np.zeros(len(at), dtype=np.int64), [""], [1.0]
        names = sorted(stages.multipliers.numbers)
        places = NamedNumbers({name: float(n) for n, name in enumerate(names)}, float(len(names)))
        segment = places.of(at.column(stages.segment)).astype(np.int64)
        factors = [stages.multipliers.numbers[name] for name in names]
        return segment, [*names, "any other"], [*factors, stages.multipliers.default]
