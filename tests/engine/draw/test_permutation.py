import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.permutation import permuted


@given(st.integers(1, 5_000), st.integers(0, 2**64 - 1))
def test_every_number_once(size: int, key: int) -> None:
    places = permuted(np.arange(size), size, key)
    assert np.array_equal(np.sort(places), np.arange(size))


@given(st.integers(2, 10**12), st.integers(0, 2**64 - 1))
def test_a_place_does_not_depend_on_what_else_is_asked(size: int, key: int) -> None:
    numbers = np.unique(np.random.default_rng(1).integers(0, size, 50))
    alone = [int(permuted(np.array([n]), size, key)[0]) for n in numbers.tolist()]
    together = permuted(numbers, size, key)
    assert together.tolist() == alone
    assert len(set(alone)) == len(alone)
    assert together.min() >= 0
    assert together.max() < size


def test_each_row_may_have_its_own_permutation() -> None:
    keys = np.repeat(np.arange(200, dtype=np.uint64) * 977, 10)
    places = permuted(np.tile(np.arange(10), 200), 10, keys).reshape(200, 10)
    assert (np.sort(places, axis=1) == np.arange(10)).all()
    assert len({tuple(row) for row in places.tolist()}) > 150


@pytest.mark.statistical
def test_every_place_is_as_likely() -> None:
    firsts = np.concatenate([permuted(np.array([3]), 10, key) for key in range(5_000)])
    share = np.bincount(firsts, minlength=10) / 5_000
    assert np.abs(share - 0.1).max() < 0.02  # 4.7 standard deviations
