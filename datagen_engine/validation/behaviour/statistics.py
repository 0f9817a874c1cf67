"""The tests behind the verdicts: each returns the chance of so large a deviation by sampling alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from datagen_engine.lazy import np, special

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = [
    "binomial_p",
    "chi_square_p",
    "count_p",
    "farthest",
    "kolmogorov",
    "mean_error_quantile",
    "merged",
    "normal_p",
    "sidak",
]

_SIMULATED_CELLS = 64
_SIMULATIONS = 40_000
_SAME = 1e-4


def normal_p(z: Array | float) -> Array:
    """Return the chance of a standard normal number at least this far from 0, on either side.

    >>> normal_p(1.959964).round(6).item()
    0.05
    """
    return np.asarray(2.0 * special.ndtr(-np.abs(z)))


def sidak(p: Array) -> float:
    """Return the chance that the smallest of so many independent p-values is as small as it is (Šidák 1967).

    >>> round(sidak(np.array([0.5, 0.01])), 4)
    0.0199
    """
    if not len(p):
        return 1.0
    return float(-np.expm1(len(p) * np.log1p(-min(float(np.min(p)), 1.0 - 1e-16))))


def farthest(single: Array, effect: Array, tolerance: Array, false_alarm: float) -> tuple[int, float]:
    """Return which of several groups decides a verdict, and the chance of its deviation among so many groups.

    That is the one farthest beyond its tolerance, of those that sampling does not explain; where there is none,
    the one that sampling explains least.

    Parameters
    ----------
    single
        The chance of each group's deviation by itself.
    effect, tolerance
        How large each deviation is, and may be.
    false_alarm
        The chance below which sampling is no explanation.
    """
    among = -np.expm1(len(single) * np.log1p(-np.minimum(single, 1.0 - 1e-16)))
    ratio = effect / np.maximum(tolerance, 1e-300)
    place = int(np.argmax(np.where(among < false_alarm, ratio, 0.0)))
    if not (among[place] < false_alarm and ratio[place] > 1.0):
        place = int(np.argmin(single))
    return place, float(among[place])


def binomial_p(hits: float, trials: float, chance: float) -> float:
    """Return twice the smaller tail of a binomial number: exact, for a share against its chance.

    >>> round(binomial_p(0, 10, 0.5), 6)
    0.001953
    """
    if trials <= 0:
        return 1.0
    if chance <= 0 or chance >= 1:
        return 1.0 if hits == trials * round(chance) else 0.0
    # P(X ≤ k) = I_{1−p}(n − k, k + 1) (DLMF 8.17.5)
    below = special.betainc(max(trials - hits, 1e-300), hits + 1.0, 1.0 - chance) if hits < trials else 1.0
    above = special.betainc(hits, trials - hits + 1.0, chance) if hits > 0 else 1.0
    return float(min(1.0, 2.0 * min(below, above)))


def count_p(observed: Array, expected: Array, variance: Array) -> Array:
    """Return twice the smaller tail of counts, or sums of counts, of known mean and variance.

    They are taken as binomial numbers where the variance is below the mean, as negative binomial ones where
    it is above, else as Poisson ones; their tails are incomplete beta and gamma functions (DLMF 8.4, 8.17),
    which hold for parameters between the whole numbers too.

    >>> count_p(np.array([0.0, 4.0]), np.array([5.0, 5.0]), np.array([5.0, 5.0])).round(3).tolist()
    [0.013, 0.881]
    """
    mean, size = np.maximum(expected, 1e-300), np.maximum(observed, 0.0)
    ratio = np.maximum(variance, 1e-300) / mean
    some = np.maximum(size, 1e-300)
    # Binomial: n · p = mean, 1 − p = ratio.
    p = np.clip(1.0 - ratio, 1e-12, 1.0 - 1e-12)
    n = np.maximum(mean / p, 1e-300)
    left = np.maximum(n - size, 1e-300)
    low_binomial = np.where(size < n, special.betainc(left, size + 1.0, 1.0 - p), 1.0)
    high_binomial = np.where(size <= n, special.betainc(some, np.maximum(n - size + 1.0, 1e-300), p), 0.0)
    # A binomial number ends at n; what is as narrow by other means, such as a uniform one, may go further.
    beyond = special.ndtr((mean - size + 0.5) / np.sqrt(np.maximum(variance, 1e-300)))
    high_binomial = np.where(size > n, beyond, high_binomial)
    # Negative binomial: p = 1 / ratio, r · (1 − p) / p = mean.
    q = np.clip(1.0 / np.maximum(ratio, 1.0 + 1e-12), 1e-12, 1.0 - 1e-12)
    r = mean * q / (1.0 - q)
    low_negative, high_negative = special.betainc(r, size + 1.0, q), special.betainc(some, r, 1.0 - q)
    low_poisson, high_poisson = special.gammaincc(size + 1.0, mean), special.gammainc(some, mean)
    kinds = [ratio < 1.0 - _SAME, ratio > 1.0 + _SAME]
    below = np.select(kinds, [low_binomial, low_negative], low_poisson)
    above = np.where(size > 0, np.select(kinds, [high_binomial, high_negative], high_poisson), 1.0)
    tail = np.minimum(1.0, 2.0 * np.minimum(below, above))
    sure = (variance <= 1e-9) | (expected <= 0)
    return np.where(sure, (np.abs(observed - expected) < 0.5).astype(float), tail)


def chi_square_p(observed: Array, expected: Array) -> float:
    """Return the chance of counts at least this far from the expected ones (Pearson 1900).

    Of two cells the binomial test is exact. Cells should be merged first.
    """
    if len(expected) < 2:
        return 1.0
    total = float(expected.sum())
    if len(expected) == 2:
        return binomial_p(float(observed[0]), float(observed.sum()), float(expected[0]) / total)
    return float(special.chdtrc(len(expected) - 1, float(((observed - expected) ** 2 / expected).sum())))


def merged(expected: Array, least: float, *, most: int = 1_000_000, ordered: bool = True) -> Array:
    """Return, for each cell, the number of the merged cell it goes to, each of which expects at least `least`.

    Parameters
    ----------
    expected
        What each cell expects.
    least
        What a merged cell expects at least; one that would expect less goes to the one before it.
    most
        How many merged cells there may be.
    ordered
        Whether neighbours are merged; else the cells that expect least are.

    >>> merged(np.array([5.0, 1.0, 1.0, 9.0]), 2.0).tolist()
    [0, 1, 1, 2]
    >>> merged(np.array([1.0, 9.0, 1.5]), 2.0, ordered=False).tolist()
    [0, 1, 0]
    """
    # Cells that expect the same stay in their order, whatever the last bits of sums made in parts.
    order = np.arange(len(expected)) if ordered else np.argsort(expected.astype(np.float32), kind="stable")
    least = max(least, float(expected.sum()) / most)
    place = np.empty(len(expected), dtype=np.int64)
    number, held = 0, 0.0
    for cell, value in zip(order.tolist(), expected[order].tolist(), strict=True):
        if held >= least:
            number, held = number + 1, 0.0
        place[cell] = number
        held += value
    if held < least and number:
        place[place == number] = number - 1
    return place


def kolmogorov(counts: Array) -> tuple[float, float]:
    """Return how far a histogram of numbers that should be uniform on 0 … 1 is from it, and the chance of that.

    The distance is the largest between the two distribution functions, looked at between the bins; its chance
    by Kolmogorov's distribution with the correction of Stephens (1970) for few numbers.

    >>> kolmogorov(np.array([50, 50]))
    (0.0, 1.0)
    """
    size = float(counts.sum())
    if not size:
        return 0.0, 1.0
    share = np.cumsum(counts) / size
    distance = float(np.max(np.abs(share - np.arange(1, len(counts) + 1) / len(counts))))
    root = math.sqrt(size)
    return distance, float(special.kolmogorov((root + 0.12 + 0.11 / root) * distance))


def mean_error_quantile(spread: Array, weight: Array, chance: float) -> float:
    """Return the quantile of a weighted mean of absolute normal errors.

    Parameters
    ----------
    spread
        The standard deviation of each error.
    weight
        The weight of each error in the mean.
    chance
        The share of samples that lie above the quantile.
    """
    if len(spread) <= _SIMULATED_CELLS:
        # Few errors: their mean is skewed, so it is simulated, always by the same numbers.
        generator = np.random.Generator(np.random.PCG64DXSM(len(spread)))
        drawn = np.abs(generator.standard_normal((_SIMULATIONS, len(spread)))) @ (spread * weight)
        return float(np.quantile(drawn, 1.0 - chance))
    mean = math.sqrt(2.0 / math.pi) * float((spread * weight).sum())
    deviation = math.sqrt((1.0 - 2.0 / math.pi) * float(((spread * weight) ** 2).sum()))
    return mean + float(special.ndtri(1.0 - chance)) * deviation
