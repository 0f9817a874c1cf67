"""Picks in proportion to what hangs on the picked rows: effects over time, segments, ages.

The rows of the other table stand on a line, each as long as its own weight, those of one effect key side by
side. At any time an effect stretches the stretches of some keys: the same bend of a uniform number that
shapes the ticks of a datetime series. So the work is by keys and breaks, never parents × rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.effects import EffectIndex
from datagen_engine.draw.guide import Guide
from datagen_engine.draw.nodes import Node
from datagen_engine.draw.ticks import Bends, combinations
from datagen_engine.draw.values import Values
from datagen_engine.errors import RunError
from datagen_engine.lazy import np
from datagen_engine.modifiers.effect import EffectTable
from datagen_engine.planning.behaviors import Factor

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.slice import TableSlice

__all__ = ["MOST_PIECES", "KeyedEffect", "PickWeighting", "WeightedRows"]

MOST_PIECES = 20_000_000
"""Keys × breaks that a weighted pick may need; more is refused."""


@dataclass(frozen=True, slots=True)
class KeyedEffect:
    """An effect of known groups: which group each row is in, and the effect's functions of time."""

    group: Array
    breaks: Sequence[Array]
    values: Sequence[Array]
    default: float

    @classmethod
    def of(cls, index: EffectIndex, keys: Sequence[Values], rows: int) -> KeyedEffect:
        """Describe an effect on the rows of a table by their keys."""
        steps = index.steps(keys, rows)
        return cls(steps.group, steps.breaks, steps.values, index.default)

    def added_to(self, base: float) -> KeyedEffect:
        """Return the factors that an effect which adds to a mean of `base` amounts to."""
        return KeyedEffect(
            self.group, self.breaks, [1.0 + v / base for v in self.values], 1.0 + self.default / base
        )


class WeightedRows:
    """Pick rows of a table in proportion to their weights at a time.

    Parameters
    ----------
    weights
        The weight of each row that does not change (float64), or None where all are 1.
    effects
        Effects on the rows by their keys; they multiply.
    """

    def __init__(self, rows: int, weights: Array | None, effects: Sequence[KeyedEffect]) -> None:
        """Lay the rows out by their keys, and the pieces of time by the effects' breaks."""
        self.rows = rows
        distinct, joint = combinations(
            [effect.group for effect in effects] or [np.zeros(rows, dtype=np.int64)]
        )
        self.order: Array = np.argsort(joint, kind="stable")
        own = np.ones(rows) if weights is None else np.maximum(weights, 0.0)
        laid = own[self.order]
        self.total = float(laid.sum())
        self._even = weights is None
        if self.total <= 0:  # nothing has a weight: all rows alike, and a factor of 0 for the counts
            laid = np.ones(rows)
            self._even = True
        self._guide = None if self._even else Guide(laid)
        line = np.concatenate(([0.0], np.cumsum(laid)))
        line /= max(line[-1], 1e-300)  # 0 only where there is no row at all
        ends = np.searchsorted(joint[self.order], np.arange(len(distinct) + 1))
        borders = line[ends]
        self.breaks = _joined([b for effect in effects for b in effect.breaks])
        size = len(distinct) * (len(self.breaks) + 1)
        if size > MOST_PIECES:
            raise ValueError(f"{size:,} pieces of keys and times")
        # The last piece is for rows without a time: there every effect has its default.
        factors = np.ones((len(self.breaks) + 2, len(distinct)))
        for number, effect in enumerate(effects):
            for column, group in enumerate(combination[number] for combination in distinct):
                own_breaks, values = effect.breaks[group], np.maximum(effect.values[group], 0.0)
                factors[0, column] *= values[0]
                factors[1:-1, column] *= values[np.searchsorted(own_breaks, self.breaks, side="right")]
            factors[-1] *= max(effect.default, 0.0)
        width = np.diff(borders)
        mass = factors * width
        sums = mass.sum(axis=1)
        self.mean: Array = sums * (self.total / rows if rows else 0.0)
        """The mean weight over the table in each piece of time."""
        alike = sums <= 0
        mass[alike] = width
        sums = np.where(alike, 1.0, sums)
        bent = np.concatenate((np.zeros((len(mass), 1)), np.cumsum(mass, axis=1) / sums[:, None]), axis=1)
        self._bends = Bends([(borders, row) for row in bent])

    def piece(self, time: Values) -> Array:
        """Return the piece of time that each row's time lies in."""
        found = np.searchsorted(self.breaks, time.instants(), side="right")
        return found if time.valid is None else np.where(time.valid, found, len(self.breaks) + 1)

    def pick(self, u: Array, piece: Array) -> Array:
        """Return the row (int64) that each uniform number picks in its piece of time."""
        share = self._bends.backward(u, piece)
        if self._guide is None:
            place = np.minimum((share * self.rows).astype(np.int64), self.rows - 1)
        else:
            place = self._guide.ppf(share)
        return self.order[place]


def _joined(breaks: Sequence[Array]) -> Array:
    return np.unique(np.concatenate(breaks)) if breaks else np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class PickWeighting:
    """What hangs on the rows of a table that another one picks from.

    `effects` are effect tables, the picked table's columns that are their keys, and for an effect that adds
    the mean number of children it adds to (0 for one that multiplies). `factors` are behaviours.
    """

    table: str
    target: str
    effects: tuple[tuple[EffectTable, tuple[str, ...], float], ...]
    factors: tuple[Factor, ...]
    end: int
    needs: tuple[Node, ...]

    def rows(self, at: TableSlice) -> WeightedRows:
        """Return the weighted rows, made once a plan."""
        return at.memo(("weighting", self.table, self.target, self.effects), lambda: self._make(at))

    def _make(self, at: TableSlice) -> WeightedRows:
        size = at.row_count(self.target)
        weights = None
        for factor in self.factors:
            time = Values("datetime", np.full(size, self.end, dtype=np.int64))
            value = factor.of(at, lambda slice, column: slice.whole(self.target, column), time)
            weights = value if weights is None else weights * value
        effects = []
        for table, columns, base in self.effects:
            keys = [at.whole(self.target, column) for column in columns]
            effect = KeyedEffect.of(table.index(at), keys, size)
            effects.append(effect if base == 0 else effect.added_to(base))
        try:
            return WeightedRows(size, weights, effects)
        except ValueError as error:
            raise RunError(
                f"the effects on {self.table!r} keyed by {self.target!r} have {error}; "
                f"at most {MOST_PIECES:,} are handled"
            ) from None
