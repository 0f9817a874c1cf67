"""Exact drawing from a list of weights, in constant time a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.draw.ranks import ranks
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Guide"]

_MOST_CELLS = 1 << 21
_FEW = 8


class Guide:
    """Map uniform numbers to places in a list of weights: an inverse distribution function.

    The unit interval is cut into cells. A cell that lies within one place answers at once; in a cell that a
    border runs through, the border is looked for. So the shares are exact, whatever the number of cells
    (Chen & Asau, 1974, with the search restricted to the cells that need it). Of few places the borders are
    counted, which is faster still and says the same.

    >>> guide = Guide(np.array([1.0, 0.0, 3.0]))
    >>> guide.ppf(np.array([0.1, 0.25, 0.9])).tolist()
    [0, 2, 2]
    """

    def __init__(self, weights: Array) -> None:
        """Prepare the cells for weights ≥ 0, finite, of positive sum."""
        total = np.cumsum(weights, dtype=np.float64)
        self.size = len(weights)
        self.upper: Array = total / total[-1]
        self.upper[np.flatnonzero(weights)[-1] :] = 1.0
        self.cells = min(_MOST_CELLS, max(256, 1 << (4 * self.size - 1).bit_length()))
        edges = np.arange(self.cells + 1) / self.cells
        first = np.searchsorted(self.upper, edges, side="right")
        # A cell is closed below and open above, so the place just below its upper edge is the last one.
        last = np.searchsorted(self.upper, np.nextafter(edges[1:], 0.0), side="right")
        self._first = first[:-1].astype(np.int32)
        self._split = first[:-1] != last

    def ppf(self, u: Array) -> Array:
        """Return the place (int32) of each uniform number in [0, 1)."""
        if self.size <= _FEW:
            return ranks(self.upper[:-1], u).astype(np.int32)
        cell = (u * self.cells).astype(np.int32)
        place: Array = self._first[cell]
        unsure = np.flatnonzero(self._split[cell])
        if len(unsure):
            place[unsure] = np.searchsorted(self.upper, u[unsure], side="right")
        return place

    def ppf_within(self, u: Array) -> tuple[Array, Array]:
        """Return the place of each uniform number and how far through it the number lies, in [0, 1)."""
        place = self.ppf(u)
        low = np.concatenate(([0.0], self.upper))[place]
        width = self.upper[place] - low
        return place, np.clip((u - low) / width, 0.0, np.nextafter(1.0, 0.0))

    def cdf(self, place: Array) -> Array:
        """Return the share of all places up to and including each one (0 before the first)."""
        padded = np.concatenate(([0.0], self.upper))
        return padded[np.clip(np.asarray(place) + 1, 0, self.size)]
