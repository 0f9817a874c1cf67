from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.ranks import ranks

NUMBERS = st.integers(-50, 50)


@given(st.lists(NUMBERS, max_size=40), st.lists(NUMBERS, max_size=30), st.booleans())
def test_ranks_are_what_a_search_finds(borders: list[int], numbers: list[int], whole: bool) -> None:
    """Few numbers and many, few borders and many, borders that stand twice, numbers on a border."""
    type = np.int64 if whole else np.float64
    sorted_borders = np.sort(np.array(borders, dtype=type))
    for values in (np.array(numbers, dtype=type), np.resize(np.array([*numbers, 0], dtype=type), 2_000)):
        found = ranks(sorted_borders, values)
        assert found.dtype == np.int64
        assert np.array_equal(found, np.searchsorted(sorted_borders, values, side="right"))
