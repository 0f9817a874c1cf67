"""Which rows of other tables are referred to: evenly, by a skew, or more often while an effect holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.shares import weights_of_kind
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np
from datagen_engine.planning.picks import Pick
from datagen_engine.planning.weighting import PickWeighting
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.figures import bars, places, strata
from datagen_engine.validation.behaviour.influences import EffectGroups, effect_pieces, groups_of_factor
from datagen_engine.validation.behaviour.numbers import add_places
from datagen_engine.validation.behaviour.statistics import count_p, farthest, kolmogorov
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import DISTANCE, FALSE_ALARM, FANOUT, Subject, percent
from datagen_engine.validation.behaviour.view import RowView
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables

__all__ = ["PickShape", "Weights"]

_FEWEST = 8
_FEWEST_A_CELL = 10.0
_MOST_WEIGHTS = 8_000_000


@dataclass(frozen=True, eq=False)
class Weights:
    """Hold the weight of every row of a picked table in every piece of time.

    `upto[piece, row]` is the share of all weight up to and including a row. `labels` name the groups of rows
    that each effect and each behaviour tells apart, `chances[piece, group]` how likely each is.
    """

    breaks: Array
    upto: Array
    groups: tuple[Array, ...]
    chances: tuple[Array, ...]
    labels: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, tables: DataTables, weighting: PickWeighting) -> Weights:
        """Weigh the rows of the data; raises Unknown where that is too much."""
        at = RowView.of_table(tables, weighting.target)
        size = len(at)
        if not size:
            raise Unknown(f"{weighting.target!r} has no rows")
        found = [(table.index(at), table, columns, base) for table, columns, base in weighting.effects]
        every = [breaks for index, *_ in found for breaks in index.breaks]
        breaks = np.unique(np.concatenate(every)) if every else np.empty(0, dtype=np.int64)
        pieces = len(breaks) + 2  # the last is for rows without a time
        if pieces * size > _MOST_WEIGHTS:
            raise Unknown(
                f"{pieces:,} pieces of time and {size:,} rows of {weighting.target!r} are too many to weigh"
            )
        instants = np.concatenate(([breaks[0] - 1], breaks)) if len(breaks) else np.zeros(1, dtype=np.int64)
        weight = np.ones((pieces, size))
        groups: list[Array] = []
        labels: list[tuple[str, ...]] = []
        for index, table, columns, base in found:
            keys = [at.column(column) for column in columns]
            windows = EffectGroups(table, columns, None).windows(tables)
            values = np.append(np.concatenate(index.values), index.default)
            own = np.zeros((pieces, size), dtype=np.int64)
            for piece in range(pieces):
                last = piece == pieces - 1
                time = (
                    Values.nulls("datetime", size)
                    if last
                    else Values("datetime", np.full(size, instants[piece]))
                )
                place = effect_pieces(index, keys, time, size)
                effect = values[place]
                weight[piece] *= np.maximum(effect if base == 0 else 1.0 + effect / base, 0.0)
                own[piece] = windows[1][place]
            groups.append(own)
            labels.append(tuple(windows[2]))
        end = Values("datetime", np.full(size, weighting.end, dtype=np.int64))
        for factor in weighting.factors:
            weight *= np.maximum(factor.of(at, lambda slice, column: slice.column(column), end), 0.0)
            sorted_by = groups_of_factor(
                factor, lambda slice, column: slice.column(column), None, weighting.end
            )
            groups.append(np.broadcast_to(np.maximum(sorted_by.of(at), 0), (pieces, size)))
            labels.append(tuple(sorted_by.labels(tables)))
        total = weight.sum(axis=1, keepdims=True)
        weight = np.where(total > 0, weight / np.where(total > 0, total, 1.0), 1.0 / size)
        chances = tuple(
            np.stack(
                [np.bincount(own[piece], weight[piece], minlength=len(names)) for piece in range(pieces)]
            )
            for own, names in zip(groups, labels, strict=True)
        )
        return cls(breaks, np.cumsum(weight, axis=1), tuple(groups), chances, tuple(labels))

    def piece(self, time: Values) -> Array:
        """Return the piece of time of each row."""
        found = np.searchsorted(self.breaks, time.instants(), side="right")
        return np.where(time.mask(), found, len(self.breaks) + 1)


class PickShape(Accumulator):
    """Judge which rows of a table another one refers to.

    Parameters
    ----------
    tables
        The data.
    pick
        How the engine picks.
    shape
        The check of the whole.
    lifts
        The checks of what hangs on the picked rows: effects, then behaviours, as the pick's weighting has them.
    columns
        The columns of the picking table that all this depends on.
    """

    sampled = True

    def __init__(
        self,
        tables: DataTables,
        pick: Pick,
        shape: Subject,
        lifts: Sequence[tuple[Subject, str]],
        columns: Sequence[str],
    ) -> None:
        """Judge `shape` and `lifts`."""
        super().__init__([shape, *(subject for subject, _ in lifts)], columns)
        self.tables = tables
        self.pick = pick
        self.shape = shape
        self.lifts = tuple(lifts)

    @property
    def weights(self) -> Weights | None:
        """Return the weights of the rows, None where nothing hangs on them."""
        weighting = self.pick.weighting
        if weighting is None:
            return None
        return self.tables.memo(
            ("weights", weighting.table, weighting.target, weighting.effects),
            lambda: Weights.of(self.tables, weighting),
        )

    def add(self, at: RowView) -> None:
        """Find the place of each picked row among all that could be picked."""
        rows = at.picked_rows(self.pick.spec.node)
        if (rows < 0).any():
            at = at.take(np.flatnonzero(rows >= 0))
            rows = at.picked_rows(self.pick.spec.node)
        size = self.tables.rows(self.pick.spec.node.target)
        if not len(rows):
            return
        weights = self.weights
        if weights is not None:
            below, upto = self._weighted(weights, rows, at)
        elif self.pick.spec.kind == "own":
            below, upto = self._own(rows, at.rows.numbers(), size)
        elif self.pick.spec.weights_kind is not None:
            guide = self._guide(size)
            below, upto = guide.cdf(rows - 1), guide.cdf(rows)
        else:
            below, upto = rows / size, (rows + 1) / size
        add_places(self, at, below, upto)

    def _guide(self, size: int) -> Guide:
        kind = self.pick.spec.weights_kind or "uniform"
        return self.tables.memo(("weights of kind", kind, size), lambda: Guide(weights_of_kind(kind, size)))

    def _own(self, rows: Array, own: Array, size: int) -> tuple[Array, Array]:
        """Return places among the other rows of the same table; among the earlier ones where there are roots."""
        if self.pick.spec.roots is not None:
            if not self.tables.context.seeded:
                raise Unknown("which rows come earlier is known of the rows of a run only")
            wrong = rows >= own
            self.seen.add("impossible", np.array([int(wrong.sum())]))
            room = np.maximum(own, 1)
            return np.where(wrong, 0.0, rows / room), np.where(wrong, 1.0, (rows + 1) / room)
        if self.pick.spec.weights_kind is not None:
            guide = self._guide(size)
            # A row that would refer to itself refers to the next one, which so has the places of both.
            first = np.where(rows == (own + 1) % size, np.where(own + 1 < size, own, 0), rows)
            return guide.cdf(first - 1), guide.cdf(rows)
        self.seen.add("impossible", np.array([int((rows == own).sum())]))
        place = rows - (rows > own)
        return place / (size - 1), (place + 1) / (size - 1)

    def _weighted(self, weights: Weights, rows: Array, at: RowView) -> tuple[Array, Array]:
        clock = self.pick.clock
        assert clock is not None
        piece = weights.piece(at.time(clock))
        pieces = np.bincount(piece, minlength=len(weights.upto)).astype(np.float64)
        for number, (own, chances) in enumerate(zip(weights.groups, weights.chances, strict=True)):
            group = own[piece, rows]
            self.seen.add(f"{number}/observed", np.bincount(group, minlength=chances.shape[1]))
            self.seen.add(f"{number}/expected", pieces @ chances)
            self.seen.add(f"{number}/variance", pieces @ (chances * (1.0 - chances)))
        upto = weights.upto[piece, rows]
        below = np.where(rows > 0, weights.upto[piece, np.maximum(rows - 1, 0)], 0.0)
        return below, upto

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdicts."""
        counts = self.sum("places")
        size = int(counts.sum())
        if size < _FEWEST:
            raise Unknown(f"{size} references are too few to judge")
        target = self.pick.spec.node.target
        distance, p = kolmogorov(counts)
        wrong = int(self.sum("impossible")[0])
        what = f"{percent(distance)} of the references go to other rows of {target!r} than promised."
        if wrong:
            what = f"{wrong:,} rows refer to themselves, or to one that comes after them."
        text = (
            f"The share of references to the first rows of {target!r}, by weight, against their part of it."
        )
        yield self.shape.judged(
            what,
            p=p,
            effect=max(distance, wrong / size),
            tolerance=DISTANCE,
            rows=size,
            observed=distance,
            expected=0.0,
            plot=places(counts, text),
            impossible=wrong,
        )
        weights = self.weights
        for number, (subject, title) in enumerate(self.lifts):
            assert weights is not None
            yield self._lift(number, subject, title, weights.labels[number], size)

    def _lift(
        self, number: int, subject: Subject, title: str, labels: Sequence[str], size: int
    ) -> CheckRecord:
        observed, expected, variance = (
            self.sum(f"{number}/{name}") for name in ("observed", "expected", "variance")
        )
        used = np.flatnonzero(expected >= _FEWEST_A_CELL)
        if len(used) < 2:
            return subject.skipped(
                f"among {size:,} references, fewer than two groups of picked rows expect enough to compare"
            )
        single = count_p(observed[used], expected[used], variance[used])
        o, e = observed[used] / size, expected[used] / size
        effect = np.abs(o / e - 1.0)
        worst, p = farthest(single, effect, np.full(len(used), FANOUT), FALSE_ALARM)
        names = [labels[group] for group in used.tolist()]
        what = (
            f"{title}: {percent(float(o[worst]))} of the references go to {names[worst]!r}, promised "
            f"{percent(float(e[worst]))}; that is the farthest of {len(used)} groups."
        )
        return subject.judged(
            what,
            p=p,
            effect=float(effect[worst]),
            tolerance=FANOUT,
            scale=1.0,
            rows=size,
            observed=float(o[worst]),
            expected=float(e[worst]),
            allowed=FANOUT * float(e[worst]),
            plot=bars(names, e, o, f"{title}: the share of references to each group of rows"),
            details={"strata": strata(names, e, o, np.argsort(single))},
        )
