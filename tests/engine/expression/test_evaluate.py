from __future__ import annotations

import warnings
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from datagen_engine.draw.values import Values
from datagen_engine.expression import Evaluated, ExpressionFault, evaluate, parse


def days(*dates: str | None) -> Values:
    return Values.of("date", [None if d is None else int(np.datetime64(d, "D").astype(int)) for d in dates])


def times(*moments: str | None) -> Values:
    return Values.of(
        "datetime", [None if m is None else int(np.datetime64(m, "us").astype(int)) for m in moments]
    )


COLUMNS = {
    "x": Values.of("float", [1.0, -2.0, 0.0, 2.5]),
    "n": Values.of("float", [1.0, None, 0.0, None]),
    "i": Values.of("int", [1, 2, 3, 4]),
    "k": Values.of("bool", [True, False, True, False]),
    "o": Values.of("bool", [True, False, None, None]),
    "s": Values.of("string", ["b", "a", "b", None]),
    "t": Values.plain(pa.array(["b", "c", None, "a"])),
    "d": days("2024-02-28", "2024-12-31", None, "2023-01-01"),
    "m": times("2024-02-28T23:30", "2024-12-31T00:00", "1969-12-31T23:59:59", None),
}


def result(code: str) -> Evaluated:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return evaluate(parse(code), COLUMNS.__getitem__, 4)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # numbers
        ("x * i - 1", [0, -5, -1, 9]),
        ("i", [1, 2, 3, 4]),
        ("7", [7, 7, 7, 7]),
        ("i / 2", [0.5, 1, 1.5, 2]),
        ("-i // 2", [-1, -1, -2, -2]),
        ("-i % 3", [2, 1, 0, 2]),
        ("i ** 2 + i ** -1", [2, 4.5, 9 + 1 / 3, 16.25]),
        ("-i ** 2", [-1, -4, -9, -16]),
        ("k + i", [2, 2, 4, 4]),
        ("round(x / 2)", [0, -1, 0, 1]),  # 0.5 and 1.25: half to even
        ("round(i * 0.125, 2)", [0.12, 0.25, 0.38, 0.5]),
        ("round(i * 150, -2)", [200, 300, 400, 600]),
        ("round(i * 1e300, 15)", [1e300, 2e300, 3e300, 4e300]),
        ("clip(x, -1, i)", [1, -1, 0, 2.5]),
        ("min(x, i, 2)", [1, -2, 0, 2]),
        ("max(k, o)", [1, 0, None, None]),
        # null
        ("x + n", [2, None, 0, None]),
        ("n == null", [False, True, False, True]),
        ("null != n", [True, False, True, False]),
        ("n > 0", [True, None, False, None]),
        ("coalesce(n, x)", [1, -2, 0, 2.5]),
        ("coalesce(null, n, null, 7)", [1, 7, 0, 7]),
        ("is_null(n)", [False, True, False, True]),
        ("min(n, 5)", [1, None, 0, None]),
        ("concat(s, t)", ["bb", "ac", None, None]),
        ("null", [None] * 4),
        ("null if k else x", [None, -2, None, 2.5]),
        ("null if k else s", [None, "a", None, None]),
        # three-valued logic
        ("o and true", [True, False, None, None]),
        ("o and false", [False, False, False, False]),
        ("o or true", [True, True, True, True]),
        ("o or k", [True, False, True, None]),
        ("not o", [False, True, None, None]),
        ("null and k", [None, False, None, False]),
        ("x if o else -i", [1, -2, -3, -4]),
        ("0 < x <= n", [True, False, False, None]),
        # texts: coded, plain, constant
        ("s", ["b", "a", "b", None]),
        ("upper(s)", ["B", "A", "B", None]),
        ("upper(t)", ["B", "C", None, "A"]),
        ("upper('é')", ["É"] * 4),
        ("concat(s, '-', i)", ["b-1", "a-2", "b-3", None]),
        ("concat('<', t, '>')", ["<b>", "<c>", None, "<a>"]),
        ("concat(k, x / 4, i, '/')", ["true0.251/", "false-0.52/", "true03/", "false0.6254/"]),
        ("concat(d, '')", ["2024-02-28", "2024-12-31", None, "2023-01-01"]),
        ("text(m)", ["2024-02-28 23:30:00", "2024-12-31 00:00:00", "1969-12-31 23:59:59", None]),
        ("text(1e15 + i)", ["1000000000000001", "1000000000000002", "1000000000000003", "1000000000000004"]),
        ("number(concat(i, '.5'))", [1.5, 2.5, 3.5, 4.5]),
        ("number(s)", [None] * 4),
        ("s == 'b'", [True, False, True, None]),
        ("t == 'b'", [True, False, None, False]),
        ("'b' > t", [False, False, None, True]),
        ("s == t", [True, False, None, None]),
        ("s < t", [False, True, None, None]),
        ("s in ('b', 'x')", [True, False, True, None]),
        ("t not in ('b', 'x')", [False, True, None, True]),
        ("i in (1, 4)", [True, False, False, True]),
        ("length(t) + length('é')", [2, 2, None, 2]),
        ("s if k else t", ["b", "c", "b", "a"]),
        ("s if k else 'z'", ["b", "z", "b", "z"]),
        ("'y' if k else 'z'", ["y", "z", "y", "z"]),
        ("coalesce(s, 'z')", ["b", "a", "b", "z"]),
        ("coalesce(s, t)", ["b", "a", "b", "a"]),
        ("left('héllo', 2)", ["hé"] * 4),
        ("right(concat(t, 'xyz'), 2)", ["yz", "yz", None, "yz"]),
        ("right(t, 0)", ["", "", None, ""]),
        ("substr('Lovelace', 5)", ["lace"] * 4),
        ("pad(text(i), 3, '0')", ["001", "002", "003", "004"]),
        # times
        ("d + days(2)", [date(2024, 3, 1), date(2025, 1, 2), None, date(2023, 1, 3)]),
        ("d - days(0.5)", [date(2024, 2, 27), date(2024, 12, 30), None, date(2022, 12, 31)]),
        ("d < '2024-03-01'", [True, False, None, True]),
        ("d == '2024-02-28T00:00:00Z'", [True, False, None, False]),
        ("m in ('2024-12-31', '2024-02-28T23:30')", [True, True, False, None]),
        ("d <= m", [True, True, None, None]),
        ("date(m) == d", [True, True, None, None]),
        ("days_between(d, '2024-03-01')", [2, -305, None, 425]),
        ("hours_between(d, m)", [23.5, 0, None, None]),
        ("year(m) * 100 + month(m)", [202402, 202412, 196912, None]),
        ("day(m) + hour(m) / 100", [28.23, 31, 31.23, None]),
        ("minute(m)", [30, 0, 59, None]),
        ("dow(d)", [2, 1, None, 6]),
        ("quarter(d)", [1, 4, None, 1]),
        ("max(d, '2024-03-01')", [date(2024, 3, 1), date(2024, 12, 31), None, date(2024, 3, 1)]),
        ("coalesce(null, d, '2000-01-01') == '2000-01-01'", [False, False, True, False]),
    ],
)  # fmt: skip
def test_it_gives(code: str, expected: list[Any]) -> None:
    found = result(code).values
    assert len(found) == 4
    assert found.to_list() == [pytest.approx(v) if isinstance(v, float) else v for v in expected]


def test_a_time_is_the_common_kind() -> None:
    found = result("max(d, m)").values
    assert found.type == "datetime"
    assert found.to_list()[0] == datetime(2024, 2, 28, 23, 30, tzinfo=UTC)
    assert result("d + hours(1.5)").values.to_list()[0] == datetime(2024, 2, 28, 1, 30, tzinfo=UTC)
    assert result("m - minutes(0.5)").values.to_list()[0] == datetime(2024, 2, 28, 23, 29, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date_", "parts"),
    [
        ("0001-01-01", [1, 1, 1, 1, 0]),
        ("1600-02-29", [1600, 1, 2, 29, 1]),
        ("1900-12-31", [1900, 4, 12, 31, 0]),
        ("1969-12-31", [1969, 4, 12, 31, 2]),
        ("2000-02-29", [2000, 1, 2, 29, 1]),
        ("9999-12-31", [9999, 4, 12, 31, 4]),
    ],
)
def test_the_calendar_holds_from_end_to_end(date_: str, parts: list[int]) -> None:
    row = {"d": days(date_)}
    found = [
        evaluate(parse(f"{own}(d)"), row.__getitem__, 1).values.to_list()[0]
        for own in ("year", "quarter", "month", "day", "dow")
    ]
    assert found == parts
    assert date.fromisoformat(date_).weekday() == parts[-1]


# -- not finite -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected", "lost"),
    [
        ("i / x", [1, -1, None, 1.6], 1),
        ("i // x", [1, -1, None, 1], 1),
        ("i % x", [0, 0, None, 1.5], 1),
        ("sqrt(x)", [1, None, 0, 2.5**0.5], 1),
        ("log(x) * 0", [0, None, None, 0], 2),
        ("exp(x * 400)", [np.exp(400), 0, 1, None], 1),
        ("x ** -1", [1, -0.5, None, 0.4], 1),
        ("x * 1e300 * 1e300", [None, None, 0, None], 3),
        ("x / n", [1, None, None, None], 1),  # the others are null anyway
        ("i / x if x != 0 else -1", [1, -1, -1, 1.6], 0),
        ("i / x if x == 0 else -1", [-1, -1, None, -1], 1),
        ("coalesce(i / x, 9)", [1, -1, 9, 1.6], 0),
        ("coalesce(i / x, n)", [1, -1, 0, 1.6], 0),
        ("coalesce(null, i / x, null)", [1, -1, None, 1.6], 1),
        ("coalesce(i / x, n / 0.0 * 0 / 0.0)", [1, -1, None, 1.6], 1),
        ("(i / x) == null", [False, False, True, False], 0),
        ("i / x > 1", [False, False, None, True], 1),
        ("i / x > 1 and false", [False] * 4, 0),
        ("i / x > 1 or true", [True] * 4, 0),
        ("not (i / x > 1)", [True, True, None, False], 1),
        ("1 / (i / x)", [1, -1, None, 0.625], 1),
        ("(1 / 0.0) if k else n", [None, None, None, None], 2),
        ("1 / 0.0", [None] * 4, 4),
        ("d + days(x * 1e7)", [None, None, None, None], 3),
        ("m + days(x * 1e300)", [None, None, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), None], 3),
        ("year(d + days(x * 1e7))", [None, None, None, None], 3),
        ("concat('a', i / x)", ["a1", "a-1", None, "a1.6"], 1),
        ("number('1e999')", [None] * 4, 4),
        ("number('x')", [None] * 4, 0),
    ],
)  # fmt: skip
def test_what_is_not_finite_is_null_and_counted(code: str, expected: list[Any], lost: int) -> None:
    found = result(code)
    assert found.values.to_list() == [pytest.approx(v) if isinstance(v, float) else v for v in expected]
    assert found.not_finite == lost


def test_a_column_that_is_not_finite_is_taken_as_null() -> None:
    row = {"x": Values("float", np.array([1.0, np.inf, np.nan]))}
    found = evaluate(parse("x"), row.__getitem__, 3)
    assert (found.values.to_list(), found.not_finite) == ([1.0, None, None], 2)


# -- form -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "s", "upper(s)", "concat('<', s, '>')", "concat(s, s)", "coalesce(s, 'z')", "s if k else 'z'", "'x'",
        "'x' if k else 'y'", "replace(s, 'a', 'bb')", "pad(s, 3)", "concat(s, k)",
    ],
)  # fmt: skip
def test_coded_texts_stay_coded_with_each_word_once(code: str) -> None:
    found = result(code).values
    assert found.words is not None
    assert found.data.dtype == np.int32
    assert len(found.words) == len(set(found.words.to_pylist()))


def test_words_that_come_together_are_one_word() -> None:
    row = {"s": Values.of("string", ["a", "A", "b"])}
    found = evaluate(parse("upper(s)"), row.__getitem__, 3).values
    assert found.words is not None
    assert found.words.to_pylist() == ["A", "B"]
    assert found.data.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    "code", ["x * i", "1", "s", "'a'", "concat(t, i)", "s if k else t", "d + days(1)", "null", "x > 0 and o"]
)
def test_no_rows_are_no_rows(code: str) -> None:
    empty = {name: values.slice(0, 0) for name, values in COLUMNS.items()}
    found = evaluate(parse(code), empty.__getitem__, 0)
    assert (len(found.values), found.not_finite) == (0, 0)


@pytest.mark.parametrize(
    "code", ["x * i", "s", "concat(t, i)", "s if k else t", "coalesce(d, m)", "x / 0.0", "n"]
)
def test_a_row_does_not_depend_on_the_rows_beside_it(code: str) -> None:
    whole = result(code)
    parts = [
        evaluate(parse(code), {name: v.slice(row, row + 1) for name, v in COLUMNS.items()}.__getitem__, 1)
        for row in range(4)
    ]
    assert [part.values.to_list()[0] for part in parts] == whole.values.to_list()
    assert sum(part.not_finite for part in parts) == whole.not_finite
    assert {part.values.type for part in parts} == {whole.values.type}


def test_a_column_is_asked_for_once() -> None:
    asked: list[str] = []

    def column(name: str) -> Values:
        asked.append(name)
        return COLUMNS[name]

    evaluate(parse("x * x + x if k else x"), column, 4)
    assert sorted(asked) == ["k", "x"]


def test_a_column_is_left_as_it_is() -> None:
    before = {name: values.to_list() for name, values in COLUMNS.items()}
    for code in ("x + 1 - 2 * x", "x * 2 * 3", "-x", "n + n + n", "not k", "k or o", "coalesce(n, x)"):
        result(code)
    assert {name: values.to_list() for name, values in COLUMNS.items()} == before


# -- refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "s + 1",
        "1 if x else 2",
        "days(1)",
        "upper(x)",
        "s == 1",
        "d - d",
        "-s",
        "coalesce(x, s)",
        "min(s, 'a')",
        "abs()",
    ],
)
def test_what_the_check_refuses_is_a_fault_here_too(code: str) -> None:
    with pytest.raises(ExpressionFault):
        result(code)


@pytest.mark.parametrize(
    "code",
    [
        f"concat({', '.join(['p'] * 5)})",
        "concat(p, p, p, p, w)",
        "concat(w, p, p, p, p)",
        "replace(p, 'x', 'yyyyy')",
        "replace(w, 'x', 'yyyyy')",
        "concat(pad('', 1000, '𝟙'), '12345', pad('', 100))",
    ],
)
def test_a_text_that_is_too_long_is_refused(code: str) -> None:
    long = ["x" * 1_000, "y", None]
    row = {"p": Values.plain(pa.array(long)), "w": Values.of("string", long)}
    with pytest.raises(ExpressionFault, match=r"makes a text of [45],\d+ bytes; 4,096 are allowed") as caught:
        evaluate(parse(code), row.__getitem__, 3)
    assert (caught.value.start, caught.value.end) == (0, len(code))


def test_a_long_word_that_no_row_has_is_no_fault() -> None:
    words = pa.array(["x" * 3_000, "y"])
    row = {
        "w": Values.coded(np.array([1, 1]), words),
        "n": Values.coded(np.array([0, 1]), words, np.array([False, True])),
    }
    for name in row:
        found = evaluate(parse(f"concat({name}, {name})"), row.__getitem__, 2).values
        assert found.to_list()[1] == "yy"


def test_all_texts_together_take_bounded_memory() -> None:
    row = {"x": Values("float", np.arange(40_000.0) + 0.5)}
    code = f"concat({' if x == 0 else '.join(['pad(text(x), 1000)'] * 8)})"
    with pytest.raises(ExpressionFault, match="more than one expression may take"):
        evaluate(parse(code), row.__getitem__, 40_000)
