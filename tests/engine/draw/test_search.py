from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.search import smallest

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(jumps=st.lists(finite, min_size=1, max_size=8, unique=True).map(sorted), data=st.data())
def test_the_jump_of_a_step_is_found_exactly(jumps: list[float], data: st.DataObject) -> None:
    at = np.array(jumps)
    u = np.array(data.draw(st.lists(st.floats(0, 1, exclude_min=True), max_size=10)))
    found = smallest(
        lambda x: np.searchsorted(at, x, side="right") / len(at), u, np.array(-np.inf), np.array(np.inf)
    )
    first = np.searchsorted(np.arange(1, len(at) + 1) / len(at), u)
    assert (found == at[first]).all()


@given(point=finite, low=finite, high=finite)
def test_no_number_outside_of_the_ends_is_returned(point: float, low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    found = smallest(lambda x: (x >= point) * 1.0, np.array([0.5]), np.array(low), np.array(high))
    assert found.tolist() == [min(max(point, low), high)]


def test_each_row_may_have_its_own_ends() -> None:
    u = np.array([0.5, 0.5, 0.5])
    found = smallest(lambda x: x / 10, u, np.array([0.0, 6.0, 0.0]), np.array([10.0, 10.0, 2.0]))
    assert found.tolist() == [5.0, 6.0, 2.0]


def test_ends_beyond_all_numbers_are_the_largest_ones() -> None:
    found = smallest(lambda x: (x > 3) * 1.0, np.array([0.5]), np.array(-np.inf), np.array(np.inf))
    assert found.tolist() == [np.nextafter(3.0, 4.0)]
