"""Poisson quantiles: by table for one rate, by recurrence for many."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.lazy import np, special

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["PoissonTable", "poisson_cdf", "poisson_ppf"]

_LARGEST_TABLE_RATE = 10_000.0
_LARGEST_STEPPED_RATE = 40.0


class PoissonTable:
    """Hold the probabilities of one rate, for drawing in constant time a value.

    >>> PoissonTable(2.0).ppf(np.array([0.1, 0.5, 0.99])).tolist()
    [0, 2, 6]
    """

    def __init__(self, rate: float) -> None:
        """Tabulate a rate up to 10,000."""
        most = int(rate + 12 * math.sqrt(rate) + 40)
        k = np.arange(most + 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = (
                k * np.log(rate) - rate - special.gammaln(k + 1)
                if rate > 0
                else np.where(k == 0, 0.0, -np.inf)
            )
        self._guide = Guide(np.exp(logs))

    @staticmethod
    def fits(rate: float) -> bool:
        """Say whether a table of this rate is small enough to be worth it."""
        return rate <= _LARGEST_TABLE_RATE

    def ppf(self, u: Array) -> Array:
        """Return the count (int32) of each uniform number."""
        return self._guide.ppf(u)


def poisson_ppf(u: Array, rate: Array | float) -> Array:
    """Return the count (float64) of each uniform number, each with its own rate.

    Small rates step through the probabilities p(k) = p(k−1) · rate / k; large ones use the inverse of the
    incomplete gamma function.
    """
    rates = np.broadcast_to(np.asarray(rate, dtype=np.float64), u.shape)
    out = np.zeros(u.shape)
    small = rates <= _LARGEST_STEPPED_RATE
    if small.any():
        out[small] = _stepped(u[small], rates[small])
    large = ~small
    if large.any():
        found = np.maximum(np.ceil(special.pdtrik(u[large], rates[large])), 0.0)
        out[large] = np.where(np.isfinite(found), found, np.rint(rates[large]))
    return out


def _stepped(u: Array, rates: Array) -> Array:
    out = np.zeros(u.shape)
    left = np.arange(len(u))
    mass = np.exp(-rates)
    total = mass.copy()
    for k in range(1, 400):
        more = u >= total
        if not more.all():
            left, u, rates, mass, total = left[more], u[more], rates[more], mass[more], total[more]
        if not len(left):
            break
        out[left] = k
        mass = mass * (rates / k)
        total = total + mass
    return out


def poisson_cdf(x: Array, rate: float) -> Array:
    """Return the probability of at most x events."""
    counts = np.floor(x)
    return np.where(counts < 0, 0.0, special.pdtr(np.maximum(counts, 0.0), rate))
