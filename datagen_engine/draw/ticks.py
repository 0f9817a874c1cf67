"""Which tick of a grid a row gets: by hour, weekday and month, by day, and by windows that differ from row to row.

The weights that hold for every row are kept as shares of stretches of ticks (an hour, or a day, or one
tick), never tick by tick. What differs from row to row is a function of time that is constant between
breaks: it bends the uniform number before the shares are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.grid import Grid
from datagen_engine.draw.guide import Guide
from datagen_engine.draw.ranks import ranks
from datagen_engine.draw.stage import Slice, Steps, TickShape
from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["DIMENSIONS", "MOST_STRETCHES", "Bends", "TickLaw", "cell_of", "combinations", "stretch_count"]

DIMENSIONS = {"hour": 24, "dow": 7, "month": 12}
MOST_STRETCHES = 6_000_000
_LARGEST_FACTOR = 1e200

_HOUR = 3_600_000_000


def cell_of(instants: Array, dimension: str) -> Array:
    """Return the hour (0–23), weekday (0 = Monday) or month (0 = January) of instants.

    >>> cell_of(np.array([0]), "dow").tolist()
    [3]
    """
    if dimension == "hour":
        return instants // _HOUR % 24
    days = instants // MICROSECONDS_A_DAY
    if dimension == "dow":
        return (days + 3) % 7  # 1970-01-01 was a Thursday
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64) % 12


def _unit(shapes: Sequence[TickShape]) -> int | None:
    dimensions = {shape.cells[0] for shape in shapes if shape.cells}
    if "hour" in dimensions:
        return _HOUR
    if dimensions or any(shape.days for shape in shapes):
        return MICROSECONDS_A_DAY
    return None


def stretch_count(grid: Grid, shapes: Sequence[TickShape]) -> int:
    """Return how many stretches of equal weight the shapes would cut a grid into."""
    unit = _unit(shapes)
    if unit is None:
        return 1
    return min(grid.count, (grid.window.end - grid.window.start) // unit + 2)


class TickLaw:
    """Draw ticks of a grid under some shapes."""

    def __init__(self, grid: Grid, shapes: Sequence[TickShape]) -> None:
        """Cut the grid into stretches of equal weight."""
        self.grid = grid
        self.steps: list[Callable[[Slice], Steps]] = [shape.steps for shape in shapes if shape.steps]
        unit = _unit(shapes)
        self.guide: Guide | None = None
        self._single = False  # whether each stretch is one tick
        if unit is None:
            return
        if grid.step is None or grid.step >= unit:
            self._single = True
            self.edges = np.arange(grid.count + 1)
            starts = grid.instants(self.edges[:-1])
        else:
            first = grid.window.start // unit * unit
            starts = np.arange(first, grid.window.end + 1, unit)
            self.edges = np.append(grid.before(starts), grid.count)
        weights = np.diff(self.edges).astype(np.float64)
        for shape in shapes:
            if shape.cells:
                dimension, factors = shape.cells
                # Relative to the largest, so that no product leaves the floats.
                weights *= (np.asarray(factors) / (max(factors) or 1.0))[cell_of(starts, dimension)]
            if shape.days:
                weights *= shape.days(starts // MICROSECONDS_A_DAY)
        if weights.sum() > 0:
            self.guide = Guide(weights)
        else:
            raise ValueError("every tick has weight 0")

    # -- the shares that hold for every row --------------------------------------------------------------

    def _ticks(self, u: Array) -> Array:
        if self.guide is None:
            return (u * self.grid.count).astype(np.int64)
        if self._single:
            return self.guide.ppf(u).astype(np.int64)
        place, rest = self.guide.ppf_within(u)
        low = self.edges[place]
        return low + (rest * (self.edges[place + 1] - low)).astype(np.int64)

    def _share_before(self, ticks: Array) -> Array:
        """Return the share of all weight that lies on ticks before each of these (0 … count)."""
        if self.guide is None:
            return ticks / self.grid.count
        place = np.clip(np.searchsorted(self.edges, ticks, side="right") - 1, 0, len(self.edges) - 2)
        low, high = self.edges[place], self.edges[place + 1]
        below = self.guide.cdf(place - 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            inside = np.where(high > low, (ticks - low) / (high - low), 0.0)
        return below + (self.guide.cdf(place) - below) * np.clip(inside, 0.0, 1.0)

    def ends(self) -> tuple[int, int]:
        """Return the first and the last instant that has a weight."""
        ticks = self._ticks(np.array([0.0, np.nextafter(1.0, 0.0)]))
        first, last = self.grid.instants(np.minimum(ticks, self.grid.count - 1)).tolist()
        return first, last

    # -- the quantiles of each row ------------------------------------------------------------------------

    def ppf(self, u: Array, at: Slice) -> Array:
        """Return the instant of each uniform number."""
        if self.steps and len(u):
            u = self._bent(u, at)
        ticks = np.minimum(self._ticks(u), self.grid.count - 1)
        return self.grid.instants(ticks)

    def cdf(self, instants: Array, at: Slice) -> Array:
        """Return the share of each row's ticks at or before an instant."""
        shares = self._share_before(self.grid.before(instants + 1))
        if not self.steps or not len(shares):
            return shares
        bends, bend = self._bends(at)
        return bends.forward(shares, bend)

    def _bent(self, u: Array, at: Slice) -> Array:
        bends, bend = self._bends(at)
        return bends.backward(u, bend)

    def _bends(self, at: Slice) -> tuple[Bends, Array]:
        found = [steps(at) for steps in self.steps]
        distinct, bend = combinations([steps.group for steps in found])
        pieces = []
        for column in distinct:
            key = (id(self), *column)
            pieces.append(at.memo(key, lambda column=column: self._pieces(found, column)))  # type: ignore[misc]  # mypy cannot type a lambda's default
        return Bends(pieces), bend

    def _pieces(self, found: Sequence[Steps], groups: Sequence[int]) -> tuple[Array, Array]:
        """Return the borders of one combination's pieces, in shares before and after bending."""
        breaks = np.unique(np.concatenate([s.breaks[g] for s, g in zip(found, groups, strict=True)]))
        factors = np.ones(len(breaks) + 1)
        for steps, group in zip(found, groups, strict=True):
            place = np.searchsorted(steps.breaks[group], breaks, side="right")
            with np.errstate(over="ignore", invalid="ignore"):
                factors[1:] *= steps.values[group][place]
                factors[0] *= steps.values[group][0]
        borders = np.concatenate(([0.0], self._share_before(self.grid.before(breaks)), [1.0]))
        # fmax and fmin, which are never NaN: factors may be beyond all bounds.
        mass = np.diff(borders) * np.fmin(np.fmax(factors, 0.0), _LARGEST_FACTOR)
        total = mass.sum()
        if not total > 0:  # an effect that leaves no tick at all has no say
            return borders, borders
        return borders, np.concatenate(([0.0], np.cumsum(mass) / total))


def combinations(groups: Sequence[Array]) -> tuple[list[tuple[int, ...]], Array]:
    """Return the combinations of group numbers that occur, and which of them each row has.

    >>> combinations([np.array([0, 1, 0]), np.array([2, 2, 2])])
    ([(0, 2), (1, 2)], array([0, 1, 0]))
    """
    if all(len(group) and group[0] == group.min() == group.max() for group in groups):
        return [tuple(int(group[0]) for group in groups)], np.zeros(len(groups[0]), dtype=np.int64)
    joint = groups[0]
    for group in groups[1:]:
        _, joint = np.unique(joint, return_inverse=True)
        joint = joint * (int(group.max(initial=0)) + 1) + group
    _, first, place = np.unique(joint, return_index=True, return_inverse=True)
    return [tuple(int(group[row]) for group in groups) for row in first.tolist()], place


class Bends:
    """Map shares to shares, piece by piece straight, for several combinations at once."""

    def __init__(self, pieces: Sequence[tuple[Array, Array]]) -> None:
        """Lay the pieces of all combinations end to end."""
        self.starts = np.concatenate(([0], np.cumsum([len(free) for free, _ in pieces])))
        self.free = np.concatenate([free for free, _ in pieces])
        self.bent = np.concatenate([bent for _, bent in pieces])
        lengths = np.diff(self.starts)
        self._offset = np.repeat(np.arange(len(pieces)), lengths)

    def backward(self, u: Array, bend: Array) -> Array:
        """Return the free share of each bent one."""
        return self._map(u, bend, self.bent, self.free)

    def forward(self, share: Array, bend: Array) -> Array:
        """Return the bent share of each free one."""
        return self._map(share, bend, self.free, self.bent)

    def _map(self, x: Array, bend: Array, given: Array, wanted: Array) -> Array:
        # Combination b occupies [2b, 2b + 1] on one common axis, so one search serves all.
        axis = given + 2.0 * self._offset
        place = ranks(axis, x + 2.0 * bend) - 1
        place = np.clip(place, self.starts[bend], self.starts[bend + 1] - 2)
        low, high = given[place], given[place + 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(high > low, (x - low) / (high - low), 0.0)
        out = wanted[place] + np.clip(part, 0.0, 1.0) * (wanted[place + 1] - wanted[place])
        return np.minimum(out, np.nextafter(1.0, 0.0))
