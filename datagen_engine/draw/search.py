"""Quantiles of a distribution of which only the distribution function is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["smallest"]

_LARGEST = 1.7976931348623157e308
_ALL_BUT_SIGN = 0x7FFFFFFFFFFFFFFF


def smallest(
    cdf: Callable[[Array], Array], u: Array, low: Array, high: Array, *, whole: bool = False
) -> Array:
    """Return, for each share u, the smallest number x of [low, high] with cdf(x) ≥ u.

    Bisects the floating numbers by their rank, not by their value: at most 64 steps end at one number, as
    exact next to 0 as at 10³⁰⁰, and at the jumps of a distribution of whole numbers.

    Parameters
    ----------
    cdf
        A distribution function, of one number a row.
    u
        Shares in (0, 1).
    low, high
        Ends of the search, broadcast to the shape of u; where cdf(high) < u the result is high.
    whole
        Look among the whole numbers only, which takes fewer steps; both ends are whole and within ± 2⁶².

    Examples
    --------
    >>> smallest(np.floor, np.array([0.5, 2.5]), np.array(-9.0), np.array(9.0)).tolist()
    [1.0, 3.0]
    """
    rank, number = (_same, _floats) if whole else (_rank, _number)
    bottom, top = rank(np.broadcast_to(low, u.shape)), rank(np.broadcast_to(high, u.shape))
    while (bottom < top).any():
        middle = (bottom & top) + ((bottom ^ top) >> 1)  # ⌊(bottom + top) / 2⌋, which itself could overflow
        enough = cdf(number(middle)) >= u
        bottom, top = np.where(enough, bottom, np.minimum(middle + 1, top)), np.where(enough, middle, top)
    return number(top)


def _same(numbers: Array) -> Array:
    return numbers.astype(np.int64)


def _floats(ranks: Array) -> Array:
    return ranks.astype(np.float64)


def _rank(numbers: Array) -> Array:
    """Return the place (int64) of each number among all floats; that of 0 is 0."""
    bits = np.clip(numbers, -_LARGEST, _LARGEST).astype(np.float64).view(np.int64)
    return np.where(bits < 0, -(bits & _ALL_BUT_SIGN), bits)


def _number(ranks: Array) -> Array:
    bits = np.where(ranks < 0, -ranks | ~np.int64(_ALL_BUT_SIGN), ranks)
    numbers: Array = bits.view(np.float64)
    return numbers
