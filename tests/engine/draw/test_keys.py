from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.values import ColumnType, Values

ITEMS: dict[ColumnType, st.SearchStrategy[Any]] = {
    "int": st.integers(-3, 3) | st.sampled_from([2**53, 2**53 + 1, -(2**62), 2**62]),
    "float": st.sampled_from([-1.5, -0.0, 0.0, 1.0, 2.5, 1e300]),
    "bool": st.booleans(),
    "string": st.sampled_from(["", "a", "b", "aa", "ü", "1"]),
    "datetime": st.integers(-2, 2).map(lambda hours: hours * 3_600_000_000),
    "date": st.integers(-2, 2),
}
kinds = st.sampled_from(list(ITEMS))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[ColumnType], list[list[Any]], list[list[Any]]]:
    """Some columns, rows to number, and rows to find."""
    types = draw(st.lists(kinds, min_size=1, max_size=3))
    row = st.tuples(*(st.none() | ITEMS[type] for type in types)).map(list)
    return types, draw(st.lists(row, max_size=15)), draw(st.lists(row, max_size=15))


def columns(types: list[ColumnType], rows: list[list[Any]]) -> list[Values]:
    return [Values.of(type, [row[place] for row in rows]) for place, type in enumerate(types)]


@given(table=tables())
def test_equal_keys_have_one_number_and_nulls_have_none(
    table: tuple[list[ColumnType], list[list[Any]], list[list[Any]]],
) -> None:
    types, rows, asked = table
    index = KeyIndex(columns(types, rows))
    known: dict[tuple[Any, ...], int] = {}
    first: dict[int, int] = {}
    for place, (row, number) in enumerate(zip(rows, index.numbers.tolist(), strict=True)):
        if None in row:
            assert number == -1
            continue
        assert known.setdefault(tuple(row), number) == number
        first.setdefault(number, place)
    assert sorted(known.values()) == list(range(index.count))
    assert index.first_rows().tolist() == [first[number] for number in range(index.count)]
    found = index.find(columns(types, asked)).tolist()
    assert found == [-1 if None in row else known.get(tuple(row), -1) for row in asked]


@given(words=st.lists(st.sampled_from("abc"), min_size=1, max_size=8), codes=st.data())
def test_a_word_that_stands_twice_in_a_list_is_one_key(words: list[str], codes: st.DataObject) -> None:
    picked = codes.draw(st.lists(st.integers(0, len(words) - 1), min_size=1, max_size=8))
    index = KeyIndex([Values.coded(np.array(picked), pa.array(words))])
    texts = [words[code] for code in picked]
    assert index.count == len(set(texts))
    plain = index.find([Values.plain(pa.array(texts))])
    assert (plain == index.numbers).all()


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        (("int", [1, 2]), ("float", [2.0, 1.5]), [1, -1]),
        (("float", [1.0, 1.5]), ("int", [1, 2]), [0, -1]),
        (("int", [2**53 + 1]), ("float", [2.0**53]), [-1]),
        (("int", [0, 1]), ("bool", [True, False]), [1, 0]),
        (("date", [1]), ("datetime", [86_400_000_000, 86_400_000_001]), [0, -1]),
        (("string", ["1"]), ("int", [1]), [-1]),
        (("int", [1]), ("string", ["1"]), [-1]),
        (("int", []), ("int", [1]), [-1]),
        (("string", []), ("string", ["1", None]), [-1, -1]),
        (("string", [None]), ("string", ["1", None]), [-1, -1]),
    ],
)
def test_keys_of_different_types_compare_by_value(one: Any, two: Any, found: list[int]) -> None:
    assert KeyIndex([Values.of(*one)]).find([Values.of(*two)]).tolist() == found


def test_many_columns_of_many_values_do_not_run_into_each_other() -> None:
    # The joint number of five columns with a million values each is beyond 64 bits.
    rng = np.random.default_rng(1)
    table = [Values("int", rng.permutation(20_000)) for _ in range(5)]
    index = KeyIndex(table)
    assert index.count == 20_000
    assert (index.find(table) == index.numbers).all()
    shifted = [*table[:4], Values("int", np.roll(table[4].data, 1))]
    assert (index.find(shifted) == -1).all()
