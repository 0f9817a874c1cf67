"""The tests behind the verdicts, against scipy's, and against what they promise of samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from datagen_engine.validation.behaviour.correlations import rank_correlation
from datagen_engine.validation.behaviour.statistics import (
    binomial_p,
    chi_square_p,
    count_p,
    farthest,
    kolmogorov,
    mean_error_quantile,
    merged,
    normal_p,
    sidak,
)

COUNTS = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 500))


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.001, 0.999))
def test_binomial_tails(hits: int, misses: int, chance: float) -> None:
    size = hits + misses
    law = stats.binom(size, chance)
    wanted = min(1.0, 2 * min(law.cdf(hits), law.sf(hits - 1))) if size else 1.0
    assert binomial_p(hits, size, chance) == pytest.approx(wanted, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("hits", "chance", "wanted"), [(0, 0.0, 1.0), (1, 0.0, 0.0), (5, 1.0, 1.0), (4, 1.0, 0.0)]
)
def test_certain_shares(hits: int, chance: float, wanted: float) -> None:
    assert binomial_p(hits, 5, chance) == wanted


@given(st.floats(0.5, 2000), st.floats(-6, 6), st.sampled_from(["poisson", "binomial", "negative"]))
def test_counts_have_exact_tails(mean: float, far: float, kind: str) -> None:
    size = int(np.ceil(mean / 0.3))
    law = {
        "poisson": stats.poisson(mean),
        "binomial": stats.binom(size, mean / size),
        "negative": stats.nbinom(2.5, 2.5 / (2.5 + mean)),
    }[kind]
    observed = max(0.0, float(np.floor(mean + far * law.std())))
    p = float(count_p(np.array([observed]), np.array([mean]), np.array([law.var()]))[0])
    wanted = min(1.0, 2 * min(law.cdf(observed), law.sf(observed - 1)))
    assert p == pytest.approx(wanted, rel=1e-3, abs=1e-12)


def test_counts_without_variance_must_match() -> None:
    p = count_p(np.array([5.0, 6.0, 1.0, 0.0]), np.array([5.0, 5.0, 0.0, 0.0]), np.zeros(4))
    assert p.tolist() == [1, 0, 0, 1]


def test_chi_square_against_scipy() -> None:
    observed, expected = np.array([18.0, 55, 27, 100]), np.array([20.0, 50, 30, 100])
    assert chi_square_p(observed, expected) == pytest.approx(stats.chisquare(observed, expected).pvalue)
    assert chi_square_p(np.array([7.0, 3.0]), np.array([5.0, 5.0])) == pytest.approx(
        2 * stats.binom(10, 0.5).sf(6)
    )


@pytest.mark.parametrize("size", [20, 300, 5000])
def test_kolmogorov_against_scipy(size: int) -> None:
    u = np.random.default_rng(size).beta(1.1, 1.0, size)
    distance, p = kolmogorov(np.histogram(u, bins=1 << 16, range=(0, 1))[0])
    exact = stats.kstest(u, "uniform")
    assert distance == pytest.approx(exact.statistic, abs=1e-3 if size > 100 else 1 / 65536 * size + 0.06)
    assert p == pytest.approx(exact.pvalue, abs=0.06)


@pytest.mark.statistical
@pytest.mark.parametrize("size", [8, 40, 1000])
def test_kolmogorov_cries_wolf_as_often_as_it_says(size: int) -> None:
    generator = np.random.default_rng(size)
    p = np.array(
        [kolmogorov(np.histogram(generator.random(size), bins=4096, range=(0, 1))[0])[1] for _ in range(3000)]
    )
    for rate in (0.1, 0.01):
        assert stats.binom(3000, rate).sf((p < rate).sum() - 1) > 1e-4


@given(COUNTS, st.floats(1, 50), st.booleans())
def test_merged_cells_hold_enough_or_there_is_one(expected: np.ndarray, least: float, ordered: bool) -> None:
    place = merged(expected, least, ordered=ordered)
    sums = np.bincount(place, expected)
    assert len(place) == len(expected)
    assert set(place.tolist()) == set(range(len(sums)))
    assert len(sums) == 1 or sums.min() >= least - 1e-9
    if ordered:
        assert (np.diff(place) >= 0).all()


@given(COUNTS.filter(lambda counts: counts.sum() > 0), st.integers(2, 20))
def test_no_more_merged_cells_than_allowed(expected: np.ndarray, most: int) -> None:
    assert merged(expected, 0.0, most=most).max() + 1 <= most + 1


def test_the_farthest_group_is_one_that_chance_does_not_explain() -> None:
    single = np.array([1e-9, 1e-12, 0.5])
    assert farthest(single, np.array([0.5, 0.2, 9.0]), np.array([0.1, 0.1, 0.1]), 1e-4)[0] == 0
    place, p = farthest(single, np.array([0.05, 0.02, 9.0]), np.array([0.1, 0.1, 0.1]), 1e-4)
    assert place == 1
    assert p == pytest.approx(3e-12, rel=1e-3)


def test_many_groups_are_judged_as_many() -> None:
    assert sidak(np.full(100, 0.01)) == pytest.approx(1 - 0.99**100)
    assert sidak(np.empty(0)) == 1
    assert normal_p(np.array([0.0])).item() == 1


@pytest.mark.statistical
@pytest.mark.parametrize("cells", [3, 20, 200])
def test_the_quantile_of_a_mean_error(cells: int) -> None:
    spread = np.linspace(0.5, 2.0, cells)
    weight = np.full(cells, 1 / cells)
    found = mean_error_quantile(spread, weight, 0.01)
    drawn = np.abs(np.random.default_rng(1).standard_normal((20_000, cells)) * spread) @ weight
    assert 0.006 < (drawn > found).mean() < 0.016


@given(hnp.arrays(np.int64, st.tuples(st.just(2), st.integers(4, 40)), elements=st.integers(0, 9)))
def test_rank_correlation_against_scipy(pairs: np.ndarray) -> None:
    x, y = pairs.astype(float)
    if np.ptp(x) and np.ptp(y):
        assert rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)
