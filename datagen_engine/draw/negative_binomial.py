"""Negative binomial quantiles: by table for one mean, by recurrence and search for many.

The number of failures before the `size`-th success, each with chance p; of mean μ = size · (1 − p) / p and
variance μ + μ² / size. Its probabilities follow p(k) / p(k − 1) = (k − 1 + size) / k · (1 − p), and its
distribution function is the regularised incomplete beta function I_p(size, k + 1) (DLMF, section 8.17).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.draw.countable import CountTable
from datagen_engine.draw.search import smallest
from datagen_engine.lazy import np, special

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["negative_binomial_cdf", "negative_binomial_ppf", "negative_binomial_table"]

_LONGEST_TABLE = 1 << 18
_STEPS = 256
_LEAST_MASS = 1e-250


def negative_binomial_cdf(x: Array, size: float, p: Array | float) -> Array:
    """Return the probability of at most x failures."""
    counts = np.floor(x)
    return np.where(counts < 0, 0.0, special.betainc(size, np.maximum(counts, 0.0) + 1.0, p))


def negative_binomial_table(size: float, p: float) -> CountTable | None:
    """Return a table of the probabilities; None where it would be too long to be worth it."""
    if p == 1:
        return CountTable(0, np.empty(0))
    low, high = _span(size, p)
    if high - low > _LONGEST_TABLE:
        return None
    k = np.arange(int(low) + 1, int(high) + 1, dtype=np.float64)
    return CountTable(int(low), (k - 1 + size) / k * (1 - p))


def negative_binomial_ppf(u: Array, size: float, mean: Array | float) -> Array:
    """Return the count (float64) of each share, each with its own mean.

    The probabilities of small counts are stepped through, as long as the first of them is a number at all;
    the other counts are found by bisection.
    """
    means = np.broadcast_to(np.asarray(mean, dtype=np.float64), u.shape)
    out = np.zeros(u.shape)
    p, q = size / (size + means), means / (size + means)
    first = np.exp(-size * np.log1p(means / size))
    left = np.flatnonzero(first > _LEAST_MASS)
    mass = total = first[left]
    for k in range(1, _STEPS):
        more = u[left] >= total
        left, mass, total = left[more], mass[more], total[more]
        if not len(left):
            break
        out[left] = k
        mass = mass * ((k - 1 + size) / k * q[left])
        total = total + mass
    rest = np.concatenate((left[u[left] >= total], np.flatnonzero(first <= _LEAST_MASS)))
    if len(rest):
        low, high = _span(size, p[rest])
        out[rest] = smallest(
            lambda x: negative_binomial_cdf(x, size, p[rest]), u[rest], low, high, whole=True
        )
    return out


def _span(size: float, p: Array | float) -> tuple[Array, Array]:
    """Return whole numbers between which all but 10⁻¹⁶ of the probability lies.

    Around the mean a normal tail, beyond it an exponential one of rate −ln(1 − p) ≥ p.
    """
    mean = size * (1 - p) / p
    reach = 12 * np.sqrt(mean / p) + 40
    return np.maximum(np.floor(mean - reach), 0.0), np.ceil(mean + reach + 45 / p)
