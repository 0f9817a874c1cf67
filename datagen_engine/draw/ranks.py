"""Where numbers stand among borders: the search that every window, weight and key comes down to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["ranks"]

_FEW = 24
_MANY = 1_024
"""Below so many numbers a search is done before the counting has begun."""


def ranks(borders: Array, numbers: Array) -> Array:
    """Return for each number how many of the sorted borders are at or below it.

    What `numpy.searchsorted(borders, numbers, side="right")` does. Among few borders it counts them instead:
    a comparison of whole arrays costs a twentieth of a search, which guesses every branch.

    >>> ranks(np.array([10, 20]), np.array([5, 10, 25])).tolist()
    [0, 1, 2]
    """
    if len(borders) > _FEW or len(numbers) < _MANY:
        return np.searchsorted(borders, numbers, side="right")
    found = np.zeros(len(numbers), dtype=np.int8)
    for border in borders:
        found += numbers >= border
    return found.astype(np.int64)
