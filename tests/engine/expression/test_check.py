from __future__ import annotations

import pytest

from datagen_engine.expression import Facts, check, parse

COLUMNS = {
    "price": Facts("float", low=0.5, high=100),
    "count": Facts("int", low=0, high=10),
    "other": Facts("int", low=0, high=10),
    "change": Facts("float", low=-5, high=5),
    "maybe": Facts("float", nullable=True, low=-1, high=1),
    "free": Facts("float"),
    "whole": Facts("int"),
    "paid": Facts("bool"),
    "asked": Facts("bool", nullable=True),
    "status": Facts("string", values=("open", "paid")),
    "name": Facts("string", nullable=True),
    "ordered": Facts("date", low=19_000, high=20_000),
    "shipped": Facts("datetime", nullable=True),
    "ended": Facts("datetime"),
    "one_of": Facts("int", values=(3, 1, 2)),
}


def facts(code: str) -> Facts:
    found, faults = check(parse(code), COLUMNS)
    assert faults == []
    return found


@pytest.mark.parametrize(
    ("code", "type_"),
    [
        ("count", "float"),
        ("count + 1", "float"),
        ("price > 2 and paid", "bool"),
        ("paid * price", "float"),
        ("-paid", "float"),
        ("min(paid, price)", "float"),
        ("concat(status, '-', count, paid, ordered)", "string"),
        ("ordered + days(count)", "date"),
        ("days(count) + ordered - days(1)", "date"),
        ("ordered + hours(count)", "datetime"),
        ("ordered + (days(1) + hours(2))", "datetime"),
        ("ended - minutes(5)", "datetime"),
        ("max(ordered, ended)", "datetime"),
        ("max(ordered, '2024-01-01')", "date"),
        ("max(ordered, '2024-01-01T10:00')", "datetime"),
        ("coalesce(shipped, '2024-01-01')", "datetime"),
        ("ended if paid else '2024-01-01'", "datetime"),
        ("days_between('2024-01-01', ended)", "float"),
        ("null", "null"),
        ("null if paid else null", "null"),
        ("null if paid else status", "string"),
        ("status in ('open', 'void')", "bool"),
        ("'2024-01-01' <= ordered < '2025-01-01'", "bool"),
        ("status == null", "bool"),
        ("true == paid", "bool"),
        ("1 == paid", "bool"),
    ],
)
def test_the_type_of_the_result(code: str, type_: str) -> None:
    assert facts(code).type == type_


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("price", 0.5, 100),
        ("price * count", 0, 1000),
        ("price + count - change", -4.5, 115),
        ("-change * 2", -10, 10),
        ("change ** 2", 0, pytest.approx(25)),
        ("change ** 3", pytest.approx(-125), pytest.approx(125)),
        ("price ** -1", pytest.approx(0.01), pytest.approx(2)),
        ("count / price", 0, 20),
        ("count // price", 0, 20),
        ("price % 7", 0, 7),
        ("price % -7", -7, 0),
        ("abs(change)", 0, 5),
        ("sign(price)", 1, 1),
        ("round(price)", 0, 100),
        ("floor(change / 2)", -3, 2),
        ("ceil(change / 2)", -2, 3),
        ("clip(change, 0, 3)", 0, 3),
        ("min(price, count)", 0, 10),
        ("max(price, count)", 0.5, 100),
        ("sqrt(count)", 0, pytest.approx(3.1622777)),
        ("exp(change)", pytest.approx(0.006737947), pytest.approx(148.413159)),
        ("log(price)", pytest.approx(-0.693147), pytest.approx(4.605170)),
        ("log10(price)", pytest.approx(-0.30103), pytest.approx(2)),
        ("one_of", 1, 3),
        ("paid + 1", 1, 2),
        ("5", 5, 5),
        ("free", None, None),
        ("free * price", None, None),
        ("abs(free)", 0, None),
        ("clip(free, 0, 1)", 0, 1),
        ("price if paid else -1", -1, 100),
        ("coalesce(maybe, 7)", -1, 7),
        ("coalesce(price, 7, 8)", 0.5, 100),
        ("change if change > 2 else 2", 2, 5),
        ("count if count in (3, 4) else 4", 3, 4),
        ("month(ordered)", 1, 12),
        ("dow(ended)", 0, 6),
        ("length(status)", 0, None),
        ("ordered", 19_000, 20_000),
        ("ordered + days(count)", 19_000, 20_010),
        ("ordered - days(0.5)", 18_999, 19_999),
        ("days_between(ordered, ordered)", pytest.approx(-1000), pytest.approx(1000)),
        ("ended", None, None),
    ],
)
def test_the_bounds_of_the_result(code: str, low: float | None, high: float | None) -> None:
    found = facts(code)
    assert (found.low, found.high) == (low, high)


def test_a_year_lies_near_the_bounds_of_its_date() -> None:
    found = facts("year(ordered)")  # 2022-01-08 … 2024-10-04
    assert (found.low, found.high) == (2021, 2025)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("status", ("open", "paid")),
        ("'a'", ("a",)),
        ("2", (2.0,)),
        ("'high' if price > 5 else 'low'", ("high", "low")),
        ("coalesce('none', 'never')", ("none",)),
        ("name", None),
        ("status if paid else name", None),
    ],
)
def test_the_values_of_the_result(code: str, values: tuple[object, ...] | None) -> None:
    assert facts(code).values == values


# -- null, and why ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reason", "part"),
    [
        ("price + maybe * 2", "`maybe` can be null", "maybe"),
        ("price / count + 1", "`count` can be 0, and a division by 0 is null", "price / count"),
        ("1 + price / (count - other)", "`count - other` can be 0", "price / (count - other)"),
        ("price // free", "`free` can be 0", "price // free"),
        ("price % change", "`change` can be 0, and a remainder", "price % change"),
        ("mod(price, change)", "`change` can be 0, and a remainder", "mod(price, change)"),
        ("sqrt(change)", "`change` can be negative", "sqrt(change)"),
        ("log(count)", "`count` can be 0 or negative", "log(count)"),
        ("log10(change)", "`change` can be 0 or negative", "log10(change)"),
        ("change ** 0.5", "`change` can be negative", "change ** 0.5"),
        ("count ** -1", "`count` can be 0", "count ** -1"),
        ("exp(free)", "too large", "exp(free)"),
        ("exp(price * 10)", "too large", "exp(price * 10)"),
        ("free ** 11", "too large", "free ** 11"),
        ("(whole ** 9) ** 9", "too large", "(whole ** 9) ** 9"),
        ("ordered + days(free)", "leave the years 1 to 9999", "ordered + days(free)"),
        ("ended + hours(1e8)", "leave the years 1 to 9999", "ended + hours(1e8)"),
        ("number(status)", "not every text is a number", "number(status)"),
        ("number('x')", "not every text is a number", "number('x')"),
        ("coalesce(maybe, maybe + 1)", "`maybe` can be null", "maybe"),
        ("price if paid else maybe", "`maybe` can be null", "maybe"),
        ("price if paid else null", "null stands here", "null"),
        ("asked and paid", "`asked` can be null", "asked"),
        ("not asked", "`asked` can be null", "asked"),
        ("concat(name, 'x')", "`name` can be null", "name"),
        ("name == 'x'", "`name` can be null", "name"),
        ("name in ('x', 'y')", "`name` can be null", "name"),
        ("min(maybe, 1)", "`maybe` can be null", "maybe"),
        ("hour(shipped)", "`shipped` can be null", "shipped"),
        # The guard says too little.
        ("price / change if change > -1 else 0", "`change` can be 0", "price / change"),
        ("price / change if change != 1 else 0", "`change` can be 0", "price / change"),
        ("price / change if change == 0 else 0", "`change` can be 0", "price / change"),
        ("0 if change > 0 else price / change", "`change` can be 0", "price / change"),
        ("0 if change < 0 else price / change", "`change` can be 0", "price / change"),
        ("0 if change != 0 else price / change", "`change` can be 0", "price / change"),
        ("price / change if change != 0 or paid else 0", "`change` can be 0", "price / change"),
        ("maybe if maybe > free else maybe", "`maybe` can be null", "maybe"),
        ("0 if maybe <= 0 else maybe", "`maybe` can be null", "maybe"),
        # Where maybe is null, the comparison is null as well, and count can be 0.
        ("0 if count <= abs(maybe) else 1 / count", "`count` can be 0", "1 / count"),
        ("0 if not (maybe < 1 and count > abs(maybe)) else 1 / count", "`count` can be 0", "1 / count"),
    ],
)  # fmt: skip
def test_a_possible_null_has_its_reason_and_place(code: str, reason: str, part: str) -> None:
    found = facts(code)
    assert found.nullable
    assert found.null_reason is not None
    message, start, end = found.null_reason
    assert reason in message
    assert code[start:end] == part


@pytest.mark.parametrize(
    "code",
    [
        "price * count - change / price",
        "free * free * free + free",
        "whole * whole",
        "free ** 10",
        "count / price",
        "sqrt(price) + log(price)",
        "sqrt(count)",
        "exp(change)",
        "1 / exp(change)",
        "ordered + days(count)",
        "ended + hours(change)",
        "coalesce(maybe, 0)",
        "coalesce(maybe, null, price)",
        "maybe == null",
        "is_null(maybe)",
        "maybe != null and paid",
        # guards
        "price / change if change != 0 else 0",
        "price / change if change > 0 else 0",
        "price / change if 0 < change else 0",
        "price / change if 0 < change <= 3 else 0",
        "price / change if change >= 1 else 0",
        "price / change if change < 0 and paid else 0",
        "price / change if paid and (change < -2 and price > 3) else 0",
        "price / change if not change == 0 else 0",
        "price / change if not (change == 0 or paid) else 0",
        "price / change if change in (1, 2) else 0",
        "price / change if change not in (0, 1) and change != 0 else 0",
        "0 if change == 0 else price / change",
        "0 if change <= 0 else price / change",
        "0 if change >= 0 else price / change",
        "0 if not change > 0 else price / change",
        "price / (change * count) if change != 0 and count > 0 else 0",
        "price / abs(change) if abs(change) > 0 else 0",
        "price / (count - other) if count != other else 0",
        "price / (count - other) if count > other else 0",
        "sqrt(count - other) if count >= other else 0",
        "sqrt(count - other) if not count < other else 0",
        "sqrt(change) if change >= 0 else 0",
        "log(change) if change > 0 else 0",
        "log(change) if count > 2 and change > 1 else 0",
        "change ** 0.5 if change >= 0 else 0",
        "1 / sqrt(change) if change > 0 else 0",
        "price / change if change != 0 else price / (change + 1) if change > -1 else 0",
        "price % count if count != 0 else 0",
        "maybe if maybe != null else 0",
        "0 if maybe == null else maybe",
        "0 if is_null(maybe) else maybe",
        "maybe if maybe > 0 else 0",
        "maybe if maybe > 0 and paid else 0",
        "price if asked else 0",
        "asked if asked != null else false",
        "not asked if asked != null else true",
        "name if name in ('a', 'b') else 'c'",
        "name if name == 'a' else 'c'",
        "hour(shipped) if shipped > '2024-01-01' else 0",
        "change != 0 and price / change > 1",
        "change == 0 or price / change > 1",
    ],
)
def test_what_cannot_be_null_is_proven(code: str) -> None:
    found = facts(code)
    assert found.null_reason is None
    assert not found.nullable


# -- faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "part", "says"),
    [
        ("prise * 2", "prise", "no column `prise` in this row; did you mean `price`?"),
        ("xyzzy", "xyzzy", "no column `xyzzy` in this row"),
        ("name + 1", "name + 1", "use concat(…)"),
        ("1 + 'x'", "1 + 'x'", "use concat(…)"),
        ("'a' * 1000000000", "'a' * 1000000000", "`*` does not take text and a number"),
        ("name ** 2", "name ** 2", "`**` does not take text"),
        ("-name", "-name", "stands before a number"),
        ("shipped - ordered", "shipped - ordered", "days_between(start, end)"),
        ("ordered + 1", "ordered + 1", "days(…), hours(…) or minutes(…)"),
        ("2 * days(1)", "2 * days(1)", "calculate inside the parentheses"),
        ("days(1)", "days(1)", "no value of a column"),
        ("days(1) < hours(30)", "days(1) < hours(30)", "lengths of time are not compared"),
        ("coalesce(days(1), 1)", "days(1)", "a value that a column can hold"),
        ("price == 'x'", "price == 'x'", "does not compare a number with text"),
        ("paid == 'true'", "paid == 'true'", "without quotation marks"),
        ("price < null", "price < null", "`== null`"),
        ("price + null", "price + null", "always null"),
        ("upper(null)", "null", "null alone"),
        ("ordered > '2024-13-01'", "'2024-13-01'", "not a date or time"),
        ("ordered > '1 May'", "'1 May'", "not a date or time"),
        ("ordered > name", "ordered > name", "does not compare a date with text"),
        ("ordered in ('2024-01-01', 'x')", "'x'", "not a date or time"),
        ("status in ('a', 1)", "status in ('a', 1)", "`in` does not compare text with a number"),
        ("1 if price else 2", "price", "compare it, like `x != 0`"),
        ("1 if name else 2", "name", "compare it, like `x == 'a'`"),
        ("not price", "price", "true or false is needed here"),
        ("paid and 1", "1", "true or false is needed here"),
        ("1 if paid else 'x'", "1 if paid else 'x'", "do not go together: a number, text"),
        ("coalesce(price, 'x')", "coalesce(price, 'x')", "do not go together"),
        ("min(price, ordered)", "min(price, ordered)", "do not go together"),
        ("min('a', 'b')", "'a'", "a number, a date or a time, not text"),
        ("hour(ordered)", "ordered", "`time` is a time, not a date"),
        ("year(price)", "price", "a date or time, not a number"),
        ("upper(price)", "price", "text(x)"),
        ("abs()", "abs()", "abs(x: number) takes 1 argument, not 0"),
        ("abs(1, 2)", "abs(1, 2)", "takes 1 argument, not 2"),
        ("round(1, 2, 3)", "round(1, 2, 3)", "takes 1 to 2 arguments, not 3"),
        ("coalesce()", "coalesce()", "takes 1 to 64 arguments, not 0"),
        ("min(" + "1, " * 65 + ")", "min(" + "1, " * 65 + ")", "takes 1 to 64 arguments, not 65"),
        ("round(price, count)", "count", "`digits` is a whole number from -15 to 15, written out"),
        ("round(price, 1.5)", "1.5", "whole number"),
        ("round(price, 16)", "16", "from -15 to 15"),
        ("left(name, -1)", "-1", "from 0 to 4,096"),
        ("substr(name, 0)", "0", "from 1 to 4,096"),
        ("pad(name, 1001)", "1001", "from 0 to 1,000"),
        ("pad(name, 9, 'ab')", "'ab'", "one character"),
        ("replace(name, '', 'x')", "''", "not empty"),
        ("replace(name, status, 'x')", "status", "written out"),
        ("contains(name, null)", "null", "written out"),
        # A constant part that is not finite.
        ("price / 0", "price / 0", "divides by zero"),
        ("price // (1 - 1)", "price // (1 - 1)", "divides by zero"),
        ("price % 0", "price % 0", "divides by zero"),
        ("1 / 0 if paid else 2", "1 / 0", "divides by zero"),
        ("price + exp(1000)", "exp(1000)", "not finite"),
        ("price * 1e300 ** 2", "1e300 ** 2", "not finite"),
        ("1e308 * 10", "1e308 * 10", "not finite"),
        ("sqrt(-1)", "sqrt(-1)", "not finite"),
        ("coalesce(log(0), 1)", "log(0)", "not finite"),
        ("0 ** -1", "0 ** -1", "not finite"),
        ("mod(1, 0)", "mod(1, 0)", "not finite"),
        ("ordered + days(1e308 * 10)", "1e308 * 10", "not finite"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place(code: str, part: str, says: str) -> None:
    found, faults = check(parse(code), COLUMNS)
    assert len(faults) == 1
    assert says in str(faults[0])
    assert code[faults[0].start : faults[0].end] == part
    assert found.nullable


def test_all_faults_are_found_at_once_in_the_order_of_the_text() -> None:
    _, faults = check(parse("upper(prise) + (name - 1) * abs(prize, 2)"), COLUMNS)
    assert [str(fault).split(";")[0] for fault in faults] == [
        "there is no column `prise` in this row",
        "`-` does not take text and a number",
        "abs(x: number) takes 1 argument, not 2",
    ]


def test_one_fault_is_told_once() -> None:
    _, faults = check(parse("(prise + 1) * 2 > 3 and sqrt(prise) == 'x'"), COLUMNS)
    assert {str(fault) for fault in faults} == {
        "there is no column `prise` in this row; did you mean `price`?"
    }
    assert len(faults) == 2
