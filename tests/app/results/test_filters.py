from __future__ import annotations

import pytest

from datagen_app.results.filters import OPERATORS, Filter, FilterError, condition, operators_for
from datagen_app.results.kinds import Kind

KINDS: dict[str, Kind] = {
    "id": "int",
    "price": "float",
    "name": "string",
    "paid": "bool",
    "at": "datetime",
    "day": "date",
}


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("id", "12.5", "no whole number"),
        ("id", "9" * 30, "no whole number"),
        ("price", "cheap", "no number"),
        ("paid", "perhaps", "no true or false"),
        ("day", "2024-13-01", "no day"),
        ("at", "noon", "no time"),
    ],
)
def test_what_is_no_value_of_the_column_is_said(column: str, typed: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        condition([Filter(column, "is", typed)], KINDS)


def test_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(FilterError, match="no column total"):
        condition([Filter("total", "is", "1")], KINDS)


def test_nothing_typed_becomes_sql() -> None:
    evil = "x'); DROP TABLE a; --"
    sql, parameters = condition([Filter("name", "is", evil), Filter("", "contains", evil)], KINDS)
    assert evil not in sql
    assert evil in parameters


def test_a_name_is_quoted() -> None:
    sql, _ = condition([Filter('a"b', "is null")], {'a"b': "string"})
    assert sql == '("a""b" IS NULL)'


def test_every_kind_is_offered_operators_that_exist() -> None:
    for kind in KINDS.values():
        assert set(operators_for(kind)) <= set(OPERATORS)


def test_one_of_needs_one() -> None:
    with pytest.raises(FilterError, match="at least one"):
        condition([Filter("id", "one of", " , ")], KINDS)


def test_a_filter_survives_json() -> None:
    one = Filter("price", "between", "1", "2")
    assert Filter.from_json(one.to_json()) == one
    with pytest.raises(FilterError):
        Filter.from_json({"column": "price", "operator": "like"})


def test_a_day_as_upper_end_of_times_is_that_whole_day() -> None:
    _, parameters = condition([Filter("at", "between", "2024-05-01", "2024-05-01")], KINDS)
    assert parameters[0].isoformat() == "2024-05-01T00:00:00+00:00"
    assert parameters[1].isoformat() == "2024-05-01T23:59:59.999999+00:00"
