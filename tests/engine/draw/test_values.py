from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.values import COLUMN_TYPES, ColumnType, Values, arrow_type

ITEMS: dict[ColumnType, st.SearchStrategy[Any]] = {
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "string": st.text(st.characters(exclude_categories=["Cs"]), max_size=3) | st.sampled_from(["a", "b"]),
    "datetime": st.integers(-(2**50), 2**50),
    "date": st.integers(-700_000, 2_900_000),
}
FORMS = ["coded", "plain", "twice"]


def items(type: ColumnType, size: int | None = None) -> st.SearchStrategy[list[Any]]:
    least, most = (0, 8) if size is None else (size, size)
    return st.lists(st.none() | ITEMS[type], min_size=least, max_size=most)


def made(type: ColumnType, given: list[Any], form: str) -> Values:
    """Make values; text as codes into words, as an Arrow array, or as codes into words that stand twice."""
    values = Values.of(type, given)
    if type != "string" or form == "coded":
        return values
    plain = Values.plain(pa.array(given, type=pa.string()))
    if form == "plain":
        return plain
    words = pa.array([text or "" for text in given] * 2, type=pa.string())
    return Values.coded(np.arange(len(given)) + len(given), words, values.valid)


def listed(values: Values, type: ColumnType) -> list[Any]:
    """Return the items in the form in which they were given."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = values.to_list()
    if type == "datetime":
        return [None if item is None else (item - epoch) // timedelta(microseconds=1) for item in found]
    if type == "date":
        return [None if item is None else (item - epoch.date()).days for item in found]
    return found


any_values = st.sampled_from(COLUMN_TYPES).flatmap(
    lambda type: st.tuples(st.just(type), items(type), st.sampled_from(FORMS))
)


@given(one=any_values)
def test_what_goes_in_comes_out(one: tuple[ColumnType, list[Any], str]) -> None:
    type, given, form = one
    values = made(type, given, form)
    assert len(values) == len(given)
    assert listed(values, type) == given
    assert values.mask().tolist() == [item is not None for item in given]
    assert (values.valid is None) == (None not in given)
    arrow = values.to_arrow()
    assert arrow.null_count == given.count(None)
    if type == "string":
        assert arrow.type in (pa.string(), pa.dictionary(pa.int32(), pa.string()))
        assert values.text().to_pylist() == given
        encoded = values.encode()
        assert encoded.words is not None
        assert encoded.to_list() == given
    else:
        assert arrow.type == arrow_type(type)


@given(one=any_values, data=st.data())
def test_places_are_taken_in_any_order(one: tuple[ColumnType, list[Any], str], data: st.DataObject) -> None:
    type, given, form = one
    places = data.draw(st.lists(st.integers(0, max(len(given) - 1, 0)), max_size=8 if given else 0))
    taken = made(type, given, form).take(np.array(places, dtype=np.int64))
    assert listed(taken, type) == [given[place] for place in places]
    start = data.draw(st.integers(0, len(given)))
    stop = data.draw(st.integers(start, len(given)))
    assert listed(made(type, given, form).slice(start, stop), type) == given[start:stop]


@given(one=any_values, data=st.data())
def test_more_can_be_made_null(one: tuple[ColumnType, list[Any], str], data: st.DataObject) -> None:
    type, given, form = one
    keep = data.draw(st.lists(st.booleans(), min_size=len(given), max_size=len(given)))
    values = made(type, given, form).only(np.array(keep, dtype=bool))
    expected = [item if kept else None for item, kept in zip(given, keep, strict=True)]
    assert listed(values, type) == expected
    assert listed(values.only(None), type) == expected


@pytest.mark.parametrize("type", COLUMN_TYPES)
@given(data=st.data())
def test_values_of_two_kinds_are_chosen_row_by_row(type: ColumnType, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 6))
    one, two = data.draw(items(type, size)), data.draw(items(type, size))
    first = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    forms = st.sampled_from(FORMS)
    left, right = made(type, one, data.draw(forms)), made(type, two, data.draw(forms))
    mixed = left.where(np.array(first, dtype=bool), right)
    assert listed(mixed, type) == [a if c else b for a, b, c in zip(one, two, first, strict=True)]
    # Text that is coded on both sides stays so, each word once.
    if left.words is not None and right.words is not None:
        assert mixed.words is not None
    nothing = Values.nulls(type, size)
    assert listed(nothing.where(np.array(first, dtype=bool), right), type) == [
        None if c else b for b, c in zip(two, first, strict=True)
    ]


@pytest.mark.parametrize("type", COLUMN_TYPES)
@given(data=st.data())
def test_values_are_joined_end_to_end(type: ColumnType, data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.tuples(items(type), st.sampled_from(FORMS)), min_size=1, max_size=4))
    joined = Values.join([made(type, given, form) for given, form in parts])
    assert listed(joined, type) == [item for given, _ in parts for item in given]


def test_parts_that_share_their_words_stay_coded() -> None:
    whole = Values.of("string", ["a", "b", None, "a"])
    joined = Values.join([whole.slice(0, 2), whole.slice(2, 4)])
    assert joined.words is whole.words
    assert joined.to_list() == ["a", "b", None, "a"]


def test_numbers_have_no_number_for_null() -> None:
    assert np.isnan(Values.of("int", [1, None]).numbers()).tolist() == [False, True]
    assert Values.of("bool", [True, False]).numbers().tolist() == [1.0, 0.0]


def test_a_date_stands_for_its_midnight() -> None:
    assert Values.of("date", [0, 1, -1]).instants().tolist() == [0, 86_400_000_000, -86_400_000_000]
    assert Values.of("date", [19_782]).to_list() == [date(2024, 2, 29)]


def test_arrow_strings_bring_their_nulls() -> None:
    values = Values.plain(pa.chunked_array([["a", None], ["b"]]), np.array([True, True, False]))
    assert values.to_list() == ["a", None, None]


def test_kinds_of_values() -> None:
    assert {type for type in COLUMN_TYPES if Values.nulls(type, 1).is_number} == {"int", "float"}
    assert {type for type in COLUMN_TYPES if Values.nulls(type, 1).is_time} == {"datetime", "date"}
