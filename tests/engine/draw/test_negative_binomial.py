from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.negative_binomial import (
    negative_binomial_cdf,
    negative_binomial_ppf,
    negative_binomial_table,
)

sizes = st.floats(0.01, 1e4)
means = st.floats(0, 1e6) | st.floats(0, 5)
shares = st.floats(1e-9, 1 - 1e-9)


def near_a_step(u: np.ndarray, size: float, mean: float, counts: np.ndarray) -> np.ndarray:
    """Say where the last bits decide between one count and the next."""
    p = size / (size + mean)
    return (
        np.minimum(
            np.abs(stats.nbinom.cdf(counts, size, p) - u), np.abs(stats.nbinom.cdf(counts - 1, size, p) - u)
        )
        < 1e-10
    )


@settings(max_examples=80)
@given(size=sizes, rows=st.lists(st.tuples(means, shares), min_size=1, max_size=8))
def test_each_row_has_the_quantile_of_its_own_mean(size: float, rows: list[tuple[float, float]]) -> None:
    mean, u = (np.array(column) for column in zip(*rows, strict=True))
    found = negative_binomial_ppf(u, size, mean)
    expected = stats.nbinom.ppf(u, size, size / (size + mean))
    for place in range(len(u)):
        unsure = near_a_step(u[place : place + 1], size, mean[place], expected[place : place + 1])
        assert found[place] == expected[place] or (unsure.all() and abs(found[place] - expected[place]) <= 1)


@settings(max_examples=40)
@given(size=sizes, mean=st.floats(0.01, 1e3), u=st.lists(shares, min_size=1, max_size=20))
def test_the_table_and_the_recurrence_agree(size: float, mean: float, u: list[float]) -> None:
    asked = np.array(u)
    table = negative_binomial_table(size, size / (size + mean))
    assume(table is not None)
    assert table is not None
    unsure = near_a_step(asked, size, mean, table.ppf(asked))
    same = table.ppf(asked) == negative_binomial_ppf(asked, size, mean)
    assert (same | unsure).all()


def test_a_success_that_is_certain_has_no_failures() -> None:
    table = negative_binomial_table(3.0, 1.0)
    assert table is not None
    assert table.ppf(np.array([0.01, 0.99])).tolist() == [0.0, 0.0]
    assert negative_binomial_ppf(np.array([0.01, 0.99]), 3.0, 0.0).tolist() == [0.0, 0.0]
    assert negative_binomial_cdf(np.array([-1.0, 0.0]), 3.0, 1.0).tolist() == [0.0, 1.0]


def test_what_would_take_too_long_a_table_has_none() -> None:
    assert negative_binomial_table(1.0, 1e-6) is None
