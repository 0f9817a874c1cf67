from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.planning.memory import Memory, rows_key, size_of


def values(size: int) -> Values:
    return Values("int", np.zeros(size, dtype=np.int64))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 400)), max_size=60), st.integers(0, 5_000))
def test_it_never_holds_more_than_its_limit_and_counts_what_it_holds(
    puts: list[tuple[int, int]], limit: int
) -> None:
    memory = Memory(limit)
    for key, size in puts:
        memory.put(key, values(size))
        assert memory.bytes <= limit
        held = [memory.get(key) for key in range(21)]
        assert memory.bytes == sum(size_of(one) for one in held if one is not None)


def test_the_longest_unused_goes_first() -> None:
    memory = Memory(3 * size_of(values(10)))
    for key in "abc":
        memory.put(key, values(10))
    memory.get("a")
    memory.put("d", values(10))
    assert [memory.get(key) is not None for key in "abcd"] == [True, False, True, True]


def test_rows_are_named_by_what_they_are() -> None:
    assert rows_key(Rows.run(3, 9)) == (3, 9)
    one, other = (rows_key(Rows.listed(np.array(rows))) for rows in ([1, 5], [5, 1]))
    assert one != other
    assert rows_key(Rows.listed(np.arange(10_000))) is None
