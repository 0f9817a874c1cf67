from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import BLOCK, Rows

numbers = st.integers(0, 5 * BLOCK)
runs = st.tuples(numbers, numbers).map(lambda ends: Rows.run(min(ends), max(ends)))
lists = st.lists(numbers, max_size=60).map(lambda rows: Rows.listed(np.array(rows, dtype=np.int64)))


@given(rows=runs | lists)
def test_blocks_name_every_row_once_and_in_its_place(rows: Rows) -> None:
    found = np.full(len(rows), -1, dtype=np.int64)
    met = []
    for block, inside, outside in rows.blocks():
        met.append(block)
        within = np.arange(BLOCK)[inside]
        found[outside] = block * BLOCK + within
        assert len(within) > 0
    assert (found == rows.numbers()).all()
    assert met == sorted(set(met))


@given(rows=runs | lists, data=st.data())
def test_rows_of_rows_are_rows(rows: Rows, data: st.DataObject) -> None:
    some = data.draw(st.lists(st.integers(0, max(len(rows) - 1, 0)), max_size=20 if len(rows) else 0))
    index = np.array(some, dtype=np.int64)
    assert (rows.take(index).numbers() == rows.numbers()[index]).all()


def test_a_run_knows_that_it_is_one() -> None:
    assert Rows.run(2, 5).is_run
    assert Rows.run(2, 5).numbers().tolist() == [2, 3, 4]
    assert len(Rows.run(5, 2)) == 0
    assert not Rows.listed(np.array([3, 1])).is_run
    assert len(Rows.listed(np.array([], dtype=np.int64))) == 0
