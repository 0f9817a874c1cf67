"""Whole numbers by their probabilities, from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["CountTable"]


class CountTable:
    """Draw whole numbers in constant time a value.

    Parameters
    ----------
    first
        The lowest number.
    ratios
        p(k) / p(k − 1) for the numbers after it. Probabilities are their products, which is more exact than
        the difference of large logarithms of factorials.

    Examples
    --------
    >>> CountTable(2, np.array([3.0])).ppf(np.array([0.2, 0.3])).tolist()
    [2.0, 3.0]
    """

    def __init__(self, first: int, ratios: Array) -> None:
        """Tabulate the numbers from `first` to `first + len(ratios)`."""
        self.first = first
        with np.errstate(divide="ignore"):
            logs = np.concatenate(([0.0], np.cumsum(np.log(ratios))))
        self._guide = Guide(np.exp(logs - logs.max()))

    def ppf(self, u: Array) -> Array:
        """Return the number (float64) of each share."""
        return self._guide.ppf(u).astype(np.float64) + self.first
