"""The whole language against a plain interpreter of rows, and the check's promises against what comes out."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, note, settings
from hypothesis import strategies as st

from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts, check, evaluate, parse
from datagen_engine.expression.functions import FUNCTIONS
from datagen_engine.expression.kinds import moment
from datagen_engine.expression.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Constant,
    Logic,
    Member,
    Name,
    Node,
    Not,
    Power,
    Scalar,
    Sign,
)
from datagen_engine.expression.tokens import spelled

# -- trees ------------------------------------------------------------------------------------------------

span: dict[str, Any] = {"start": 0, "end": 0}


def constant(value: Scalar) -> Constant:
    return Constant(value, **span)


def name(own: str) -> Name:
    return Name(own, **span)


def call(function: str, *arguments: Node) -> Node:
    return Call(function, arguments, **span)


def chain(first: Node, steps: list[tuple[str, Node]]) -> Node:
    return Arithmetic(first, tuple(steps), **span)


def compared(first: Node, steps: list[tuple[str, Node]]) -> Node:
    return Comparison(first, tuple(steps), **span)


def written(value: float) -> Node:
    """A number as the parser reads it: a sign is not part of a number."""
    return Sign("-", constant(-value), **span) if value < 0 else constant(value)


# -- text from trees --------------------------------------------------------------------------------------

# How tightly each node binds; an operand that binds less than its place asks for stands in parentheses.
_BINDS = {Conditional: 0, Not: 3, Comparison: 4, Member: 4, Sign: 7, Power: 8}


def binding(node: Node) -> int:
    match node:
        case Logic(word=word):
            return 1 if word == "or" else 2
        case Arithmetic(steps=((sign, _), *_)):
            return 5 if sign in "+-" else 6
    return _BINDS.get(type(node), 9)


def printed(node: Node, least: int = 0) -> str:
    text = _printed(node)
    return f"({text})" if binding(node) < least else text


def _printed(node: Node) -> str:
    match node:
        case Constant(value=str(value)):
            escaped = "".join({"\\": "\\\\", '"': '\\"', "\n": "\\n"}.get(c, c) for c in value)
            return f'"{escaped}"'
        case Constant(value=value):
            return repr(value) if isinstance(value, float) else str(value)  # None, True, False
        case Name(name=own):
            return spelled(own)
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(printed(argument) for argument in arguments)})"
        case Sign(sign=sign, operand=operand):
            return f"{sign} {printed(operand, 7)}"
        case Power(base=base, exponent=exponent):
            return f"{printed(base, 9)} ** {exponent!r}"
        case Arithmetic(first=first, steps=steps) | Comparison(first=first, steps=steps):
            least = binding(node) + 1
            return printed(first, least) + "".join(
                f" {sign} {printed(right, least)}" for sign, right in steps
            )
        case Member(operand=operand, choices=choices, negated=negated):
            listed = ", ".join(printed(choice) for choice in choices)
            return f"{printed(operand, 5)} {'not in' if negated else 'in'} ({listed})"
        case Not(operand=operand):
            return f"not {printed(operand, 3)}"
        case Logic(word=word, parts=parts):
            return f" {word} ".join(printed(part, binding(node) + 1) for part in parts)
        case Conditional(then=then, condition=condition, otherwise=otherwise):
            return f"{printed(then, 1)} if {printed(condition, 1)} else {printed(otherwise)}"
    raise AssertionError(node)


# Anything the parser accepts, whether or not it means something.
any_name = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable() and text.strip()).map(name)
any_constant = (
    st.one_of(
        st.none(), st.booleans(), st.floats(0, allow_infinity=False, allow_nan=False), st.text(max_size=8)
    )
    .filter(lambda value: not isinstance(value, str) or value.isprintable() or value == "\n")
    .map(constant)
)


def any_larger(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def steps(*signs: str) -> st.SearchStrategy[list[tuple[str, Node]]]:
        return st.lists(st.tuples(st.sampled_from(signs), part), min_size=1, max_size=3)

    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    choice = any_constant.filter(lambda node: node.value is not None)
    return st.one_of(
        st.builds(chain, part, steps("+", "-")),
        st.builds(chain, part, steps("*", "/", "//", "%")),
        st.builds(compared, part, steps("<", "<=", "==", "!=", ">", ">=")),
        st.builds(lambda sign, one: Sign(sign, one, **span), st.sampled_from("+-"), part),
        st.builds(lambda base, by: Power(base, by, **span), part, st.floats(-64, 64)),
        st.builds(lambda one: Not(one, **span), part),
        st.builds(lambda word, parts: Logic(word, parts, **span), st.sampled_from(["and", "or"]), several),
        st.builds(lambda a, b, c: Conditional(a, b, c, **span), part, part, part),
        st.builds(
            lambda one, among, negated: Member(one, tuple(among), negated, **span),
            part, st.lists(choice, min_size=1, max_size=3), st.booleans(),
        ),
        st.builds(
            lambda own, parts: Call(own, tuple(parts), **span),
            st.sampled_from(sorted(FUNCTIONS)), st.lists(part, max_size=3),
        ),
    )  # fmt: skip


@given(st.recursive(any_name | any_constant, any_larger, max_leaves=12))
def test_a_printed_tree_parses_back(tree: Node) -> None:
    assert parse(printed(tree)).root == tree


# -- a table of rows --------------------------------------------------------------------------------------

DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHANCE = random.Random(7)


def some(*special: Any, low: float | None = None, high: float | None = None) -> Callable[[], Any]:
    """Draw mostly what is special (bounds, 0, null), else numbers between."""
    if low is None or high is None:
        return lambda: CHANCE.choice(special)
    return lambda: CHANCE.choice(special) if CHANCE.random() < 0.7 else round(CHANCE.uniform(low, high), 2)


COLUMNS: dict[str, tuple[Facts, Callable[[], Any]]] = {
    "x": (Facts("float", low=-10, high=10), some(-10.0, -1.0, 0.0, 0.5, 2.0, 10.0, low=-10, high=10)),
    "n": (Facts("float", nullable=True, low=0, high=8), some(None, 0.0, 1.0, 2.0, 8.0, low=0, high=8)),
    "p": (Facts("float", low=1, high=4), some(1.0, 2.0, 4.0, low=1, high=4)),
    "u": (Facts("float"), some(0.0, -1.0, 3.0, 1e9, -1e9, low=-1e6, high=1e6)),
    "i": (Facts("int", low=0, high=5), some(0, 1, 2, 3, 4, 5)),
    "k": (Facts("bool"), some(True, False)),
    "o": (Facts("bool", nullable=True), some(True, False, None)),
    "s": (Facts("string", nullable=True), some(None, "", "a", "Ada", "b c", " x ", "12", "été")),
    "t": (Facts("string"), some("", "a", "Ada", "-2.5e1", "paid", "x")),
    "d": (
        Facts("date", low=10_955, high=21_974),
        some(date(1999, 12, 30), date(2015, 6, 30), date(2024, 2, 29), date(2030, 3, 1)),
    ),
    "m": (
        Facts("datetime", nullable=True),
        some(
            None, datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC), datetime(2015, 6, 30, tzinfo=UTC),
            datetime(2001, 1, 1, 10, tzinfo=UTC), datetime(2024, 12, 31, 13, 45, 10, tzinfo=UTC),
        ),
    ),
}  # fmt: skip
KNOWN = {own: facts for own, (facts, _) in COLUMNS.items()}
ROWS = [{own: draw() for own, (_, draw) in COLUMNS.items()} for _ in range(1_000)]


def micros(time: date) -> int:
    if not isinstance(time, datetime):
        time = datetime(time.year, time.month, time.day, tzinfo=UTC)
    return (time - EPOCH) // timedelta(microseconds=1)


def as_values(own: str, items: list[Any]) -> Values:
    """The column as the engine holds it; `t` is not coded."""
    if own == "t":
        return Values.plain(pa.array(items, pa.string()))
    if own == "d":
        return Values.of("date", [micros(item) // micros(date(1970, 1, 2)) for item in items])
    if own == "m":
        return Values.of("datetime", [None if item is None else micros(item) for item in items])
    return Values.of(COLUMNS[own][0].type, items)  # type: ignore[arg-type]  # none of them is "null"


VALUES = {own: as_values(own, [row[own] for row in ROWS]) for own in COLUMNS}


# -- expressions that mean something ----------------------------------------------------------------------

Trees = st.SearchStrategy[Node]
A_DAY = "2015-06-30"  # the only text that is compared with a time
numbers_written = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -4.25, 10.0]).map(written)


def numbers(depth: int) -> Trees:
    """Numbers that are exact in every implementation, so that what jumps (floor, <) jumps at the same."""
    leaf = st.one_of(st.sampled_from(["x", "n", "p", "u", "i"]).map(name), numbers_written)
    if not depth:
        return leaf
    part, truth, moments = numbers(depth - 1), conditions(depth - 1), moments_(depth - 1)

    def steps(*signs: str) -> st.SearchStrategy[list[tuple[str, Node]]]:
        return st.lists(st.tuples(st.sampled_from(signs), part), min_size=1, max_size=2)

    def function(names: list[str], *arguments: Trees) -> Trees:
        return st.builds(call, st.sampled_from(names), *arguments)

    return st.one_of(
        leaf,
        st.builds(chain, part, steps("+", "-")),
        st.builds(chain, part, steps("*", "/", "//", "%")),
        st.builds(chain, part, steps("/")),
        st.builds(lambda one: Sign("-", one, **span), part),
        function(["abs", "sign", "floor", "ceil", "sqrt", "round"], part),
        function(["round"], part, st.sampled_from([2.0, 0.0, -1.0]).map(written)),
        function(["min", "max", "coalesce", "mod"], part, part),
        function(["clip"], part, part, part),
        function(["coalesce"], part, st.just(constant(None)), part),
        function(["length", "number"], texts(depth - 1)),
        function(["year", "quarter", "month", "day", "dow"], moments),
        function(["days_between", "hours_between", "minutes_between"], moments, moments),
        st.builds(lambda a, b, c: Conditional(a, b, c, **span), part, truth, part),
        # What people write: a guard, and what it guards.
        st.builds(
            lambda sign, a, b: Conditional(
                chain(a, [("/", b)]), compared(b, [(sign, constant(0.0))]), constant(0.0), **span
            ),
            st.sampled_from(["!=", ">", "<", ">=", "=="]), part, part,
        ),
        st.builds(
            lambda sign, a, b: Conditional(
                constant(1.0), compared(a, [(sign, b)]), call("sqrt", chain(a, [("-", b)])), **span
            ),
            st.sampled_from(["!=", ">", "<", ">=", "<="]), part, part,
        ),
    )  # fmt: skip


def rounded_numbers(depth: int) -> Trees:
    """Numbers whose last bits may differ, so that nothing that jumps stands on them."""
    exact = numbers(depth)
    power = st.builds(
        lambda base, by: Power(base, by, **span),
        exact,
        st.sampled_from([2.0, 3.0, -1.0, 0.5, -2.0, 0.0, 64.0]),
    )
    rough = st.builds(call, st.sampled_from(["exp", "log", "log10"]), exact) | power
    return st.one_of(exact, rough, st.builds(lambda a, b: chain(a, [("*", b)]), rough, exact))


def conditions(depth: int) -> Trees:
    leaf = st.one_of(st.sampled_from(["k", "o"]).map(name), st.sampled_from([True, False]).map(constant))
    if not depth:
        return leaf
    part, number, text, time = (
        conditions(depth - 1),
        numbers(depth - 1),
        texts(depth - 1),
        moments_(depth - 1),
    )

    def comparison(one: Trees) -> Trees:
        signs = st.sampled_from(["<", "<=", "==", "!=", ">", ">="])
        return st.builds(compared, one, st.lists(st.tuples(signs, one), min_size=1, max_size=2))

    def test(one: Trees) -> Trees:
        return st.builds(
            lambda a, sign: compared(a, [(sign, constant(None))]), one, st.sampled_from(["==", "!="])
        )

    def among(one: Trees, values: list[Any]) -> Trees:
        lists = st.lists(st.sampled_from(values), min_size=1, max_size=3)
        return st.builds(
            lambda a, chosen, negated: Member(a, tuple(map(constant, chosen)), negated, **span),
            one,
            lists,
            st.booleans(),
        )

    return st.one_of(
        leaf,
        comparison(number), comparison(text), comparison(time),
        test(number), test(text), test(time), test(part),
        among(number, [0.0, 1.0, 2.5]), among(text, ["a", "paid", "ADA"]),
        among(time, ["2024-02-29", "2001-01-01T10:00"]),
        st.builds(lambda sign, a: compared(a, [(sign, constant(A_DAY))]), st.sampled_from(["<", ">="]), time),
        st.builds(lambda one: Not(one, **span), part),
        st.builds(
            lambda word, parts: Logic(word, tuple(parts), **span),
            st.sampled_from(["and", "or"]), st.lists(part, min_size=2, max_size=3),
        ),
        st.builds(lambda a, b, c: Conditional(a, b, c, **span), part, part, part),
        st.builds(call, st.just("is_null"), number | text),
        st.builds(call, st.just("coalesce"), part, part),
        st.builds(
            lambda own, a: call(own, a, constant("a")),
            st.sampled_from(["contains", "starts_with", "ends_with"]), text,
        ),
    )  # fmt: skip


def texts(depth: int) -> Trees:
    leaf = st.one_of(st.sampled_from(["s", "t"]).map(name), st.sampled_from(["x", "Ada", "12"]).map(constant))
    if not depth:
        return leaf
    part = texts(depth - 1)
    return st.one_of(
        leaf,
        st.builds(call, st.sampled_from(["lower", "upper", "trim", "text"]), part),
        st.builds(call, st.just("concat"), part, part),
        st.builds(call, st.just("concat"), part, conditions(depth - 1) | numbers(0) | moments_(0), part),
        st.builds(call, st.just("coalesce"), part, part),
        st.builds(
            lambda own, a, n: call(own, a, constant(n)),
            st.sampled_from(["left", "right"]), part, st.sampled_from([0.0, 2.0]),
        ),
        st.builds(lambda a: call("substr", a, constant(2.0), constant(3.0)), part),
        st.builds(lambda a: call("pad", a, constant(5.0), constant("0")), part),
        st.builds(lambda a: call("replace", a, constant("a"), constant("bb")), part),
        st.builds(lambda a, b, c: Conditional(a, b, c, **span), part, conditions(depth - 1), part),
    )  # fmt: skip


def moments_(depth: int) -> Trees:
    leaf = st.sampled_from(["d", "m"]).map(name)
    if not depth:
        return leaf
    part = moments_(depth - 1)
    length = st.builds(call, st.sampled_from(["days", "hours", "minutes"]), numbers(depth - 1))
    return st.one_of(
        leaf,
        st.builds(lambda a, sign, b: chain(a, [(sign, b)]), part, st.sampled_from("+-"), length),
        st.builds(lambda a: chain(name("d"), [("+", call("days", a))]), numbers_written),
        st.builds(call, st.sampled_from(["min", "max", "coalesce"]), part, part),
        st.builds(call, st.just("date"), part),
        st.builds(lambda a, b, c: Conditional(a, b, c, **span), part, conditions(depth - 1), part),
    )


# -- a plain interpreter ----------------------------------------------------------------------------------


class Null:
    """A null, and whether it is one because a calculation was not finite."""

    def __init__(self, lost: bool) -> None:
        self.lost = lost


def spread(*values: Any) -> Null | None:
    nulls = [value for value in values if isinstance(value, Null)]
    return Null(any(null.lost for null in nulls)) if nulls else None


def finite(compute: Callable[[], Any]) -> Any:
    try:
        value = compute()
    except (ValueError, ZeroDivisionError, OverflowError):
        return Null(True)
    return value if isinstance(value, float) and math.isfinite(value) else Null(True)


def round_half_even(x: float, digits: float = 0.0) -> float:
    scale = math.pow(10.0, abs(digits))
    if digits < 0:
        return round(x / scale) * scale
    return round(x * scale) / scale if abs(x) < 2**52 else x


def length_of(unit: timedelta) -> Callable[[float], Any]:
    return lambda count: ("length", unit, count * (unit // timedelta(microseconds=1)))


def between(unit: timedelta) -> Callable[[date, date], float]:
    return lambda start, end: (micros(end) - micros(start)) / (unit // timedelta(microseconds=1))


def as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(pa.scalar(value).cast(pa.string()))
    return str(value)


def as_number(text: str) -> Any:
    try:
        value = float(text)
    except ValueError:
        return Null(False)
    return finite(lambda: value) if text == text.strip() else Null(False)


def as_time(value: date) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


PLAIN: Mapping[str, Callable[..., Any]] = {
    "abs": abs, "sign": lambda x: float((x > 0) - (x < 0)), "floor": lambda x: float(math.floor(x)),
    "ceil": lambda x: float(math.ceil(x)), "sqrt": math.sqrt, "round": round_half_even, "mod": operator.mod,
    "exp": math.exp, "log": math.log, "log10": math.log10, "min": min, "max": max,
    "clip": lambda x, low, high: min(max(x, low), high),
    "length": lambda text: float(len(text)), "number": as_number, "text": as_text,
    "lower": str.lower, "upper": str.upper, "trim": str.strip,
    "concat": lambda *parts: "".join(map(as_text, parts)), "left": lambda text, n: text[: int(n)],
    "right": lambda text, n: text[max(len(text) - int(n), 0) :],
    "substr": lambda text, start, n: text[int(start) - 1 :][: int(n)],
    "pad": lambda text, n, fill: text.rjust(int(n), fill), "replace": str.replace,
    "contains": lambda text, part: part in text, "starts_with": str.startswith, "ends_with": str.endswith,
    "year": lambda t: float(t.year), "quarter": lambda t: float((t.month + 2) // 3),
    "month": lambda t: float(t.month), "day": lambda t: float(t.day), "dow": lambda t: float(t.weekday()),
    "date": lambda t: as_time(t).date(), "days": length_of(DAY), "hours": length_of(timedelta(hours=1)),
    "minutes": length_of(timedelta(minutes=1)), "days_between": between(DAY),
    "hours_between": between(timedelta(hours=1)), "minutes_between": between(timedelta(minutes=1)),
}  # fmt: skip
OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def shifted(time: date, sign: str, length: Any) -> Any:
    _, unit, amount = length
    amount = -amount if sign == "-" else amount
    try:
        if unit == DAY and not isinstance(time, datetime):
            return time + timedelta(days=math.floor(amount / micros(date(1970, 1, 2))))
        return as_time(time) + timedelta(microseconds=round(amount))
    except OverflowError:
        return Null(True)


def pair(sign: str, left: Node, right: Node, row: Mapping[str, Any]) -> Any:
    for this, other in ((left, right), (right, left)):
        if isinstance(this, Constant) and this.value is None:
            return isinstance(plain(other, row), Null) == (sign == "==")
    a, b = plain(left, row), plain(right, row)
    if isinstance(b, str) and isinstance(right, Constant) and right.value == A_DAY:
        b = Null(False) if isinstance(a, Null) else moment(b)
    if (null := spread(a, b)) is not None:
        return null
    if isinstance(a, datetime) or isinstance(b, datetime):
        a, b = as_time(a), as_time(b)
    return OPERATORS[sign](a, b)


def connected(word: str, values: list[Any]) -> Any:
    decides = word == "or"
    if any(value is decides for value in values):
        return decides
    return spread(*values) or (not decides)


def is_datetime(node: Node) -> bool:
    """Whether a time is among what a node can give, so that its dates are times as well."""
    match node:
        case Name(name=own):
            return own == "m"
        case Arithmetic(first=first, steps=((_, Call(function=unit)), *_)):
            return is_datetime(first) or unit in ("hours", "minutes")
        case Call(function="min" | "max" | "coalesce", arguments=parts):
            return any(is_datetime(part) for part in parts)
        case Conditional(then=then, otherwise=otherwise):
            return is_datetime(then) or is_datetime(otherwise)
    return False


def plain(node: Node, row: Mapping[str, Any]) -> Any:
    value = _plain(node, row)
    return as_time(value) if isinstance(value, date) and is_datetime(node) else value


def _plain(node: Node, row: Mapping[str, Any]) -> Any:
    match node:
        case Constant(value=value):
            return Null(False) if value is None else value
        case Name(name=own):
            return Null(False) if row[own] is None else float(row[own]) if own == "i" else row[own]
        case Sign(operand=operand):
            value = plain(operand, row)
            return value if isinstance(value, Null) else -value
        case Power(base=base, exponent=exponent):
            number = plain(base, row)
            return number if isinstance(number, Null) else finite(lambda: math.pow(number, exponent))
        case Arithmetic(first=first, steps=steps):
            value = plain(first, row)
            for sign, right in steps:
                value = calculated(sign, value, plain(right, row))
            return value
        case Comparison(first=first, steps=steps):
            operands = [first, *(right for _, right in steps)]
            return connected(
                "and", [pair(s, operands[k], operands[k + 1], row) for k, (s, _) in enumerate(steps)]
            )
        case Member(operand=operand, choices=choices, negated=negated):
            value = plain(operand, row)
            if isinstance(value, Null):
                return value
            among: list[Any] = [choice.value for choice in choices]
            if isinstance(value, date):
                value, among = as_time(value), [as_time(moment(one)) for one in among]
            return (value in among) != negated
        case Not(operand=operand):
            value = plain(operand, row)
            return value if isinstance(value, Null) else not value
        case Logic(word=word, parts=parts):
            return connected(word, [plain(part, row) for part in parts])
        case Conditional(then=then, condition=condition, otherwise=otherwise):
            return plain(then if plain(condition, row) is True else otherwise, row)
        case Call(function="coalesce", arguments=arguments):
            values = [plain(argument, row) for argument in arguments]
            return next((value for value in values if not isinstance(value, Null)), spread(*values))
        case Call(function="is_null", arguments=(argument,)):
            return isinstance(plain(argument, row), Null)
        case Call(function=function, arguments=arguments):
            values = [plain(argument, row) for argument in arguments]
            if (null := spread(*values)) is not None:
                return null
            if is_datetime(node):
                values = [as_time(value) for value in values]
            if function in ("exp", "log", "log10", "sqrt", "mod", "round"):
                return finite(lambda: PLAIN[function](*values))
            return PLAIN[function](*values)
    raise AssertionError(node)


def calculated(sign: str, a: Any, b: Any) -> Any:
    if (null := spread(a, b)) is not None:
        return null
    if isinstance(b, tuple):
        return shifted(a, sign, b)
    return finite(lambda: OPERATORS[sign](a, b))


# -- they agree -------------------------------------------------------------------------------------------

trees = st.one_of(rounded_numbers(2), conditions(2), texts(2), moments_(2), numbers(3))


FEW = 30  # rows for the plain interpreter, which is slow


@settings(max_examples=300, deadline=None)
@given(trees)
def test_evaluation_agrees_with_a_plain_interpreter(tree: Node) -> None:
    expression = parse(printed(tree))
    note(expression.code)
    found = evaluate(expression, lambda own: VALUES[own].slice(0, FEW), FEW)
    expected = [plain(expression.root, row) for row in ROWS[:FEW]]
    for got, want in zip(found.values.to_list(), expected, strict=True):
        if isinstance(want, float):
            assert got is not None
            assert math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-12)
        elif isinstance(want, Null):
            assert got is None
        else:
            assert got == want
    assert found.not_finite == sum(isinstance(want, Null) and want.lost for want in expected)


leaves = st.sampled_from([*map(name, COLUMNS), *map(constant, [None, True, 0.0, 2.0, "a", "2024-01-01"])])


@settings(max_examples=300, deadline=None)
@given(st.recursive(leaves, any_larger, max_leaves=6))
def test_what_the_check_lets_through_can_be_evaluated(tree: Node) -> None:
    expression = parse(printed(tree))
    note(expression.code)
    _, faults = check(expression, KNOWN)
    assert all(0 <= fault.start < fault.end <= len(expression.code) for fault in faults)
    if not faults:
        assert len(evaluate(expression, VALUES.__getitem__, len(ROWS)).values) == len(ROWS)


def guards() -> Trees:
    """What people write to be safe from null, and what looks like it but is not."""
    leaf = st.sampled_from(["x", "n", "i"]).map(name)
    side = leaf | st.sampled_from([0.0, 1.0]).map(written) | st.builds(call, st.just("abs"), leaf)
    signs = st.sampled_from(["<", "<=", "==", "!=", ">", ">="])
    test = st.one_of(
        st.builds(lambda a, sign, b: compared(a, [(sign, b)]), side, signs, side),
        st.builds(
            lambda a, one, b, two, c: compared(a, [(one, b), (two, c)]), side, signs, side, signs, side
        ),
        st.builds(lambda a, sign: compared(a, [(sign, constant(None))]), leaf, st.sampled_from(["==", "!="])),
        st.builds(
            lambda a, values, negated: Member(a, tuple(map(constant, values)), negated, **span),
            leaf, st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=2), st.booleans(),
        ),
        st.builds(call, st.just("is_null"), leaf),
    )  # fmt: skip
    condition = st.recursive(
        test,
        lambda part: (
            st.builds(lambda one: Not(one, **span), part)
            | st.builds(
                lambda word, a, b: Logic(word, (a, b), **span), st.sampled_from(["and", "or"]), part, part
            )
        ),
        max_leaves=3,
    )
    operand = leaf | st.builds(lambda a, sign, b: chain(a, [(sign, b)]), leaf, st.sampled_from("+-*"), side)
    risky = st.one_of(
        operand,
        st.builds(lambda a, sign, b: chain(a, [(sign, b)]), side, st.sampled_from(["/", "//", "%"]), operand),
        st.builds(call, st.sampled_from(["sqrt", "log", "log10"]), operand),
        st.builds(lambda a, by: Power(a, by, **span), operand, st.sampled_from([-1.0, -2.0, 0.5, 2.0, 3.0])),
    )
    safe = st.just(constant(1.0))
    chosen = st.one_of(
        st.builds(lambda a, c, b: Conditional(a, c, b, **span), risky, condition, safe),
        st.builds(lambda b, c, a: Conditional(b, c, a, **span), safe, condition, risky),
        st.builds(lambda a, c, b: Conditional(a, c, b, **span), risky, condition, risky),
    )
    logic = st.builds(
        lambda word, a, b: Logic(word, (a, compared(b, [(">", constant(1.0))])), **span),
        st.sampled_from(["and", "or"]), condition, risky,
    )  # fmt: skip
    return chosen | logic


def assert_promises_hold(tree: Node) -> None:
    expression = parse(printed(tree))
    note(expression.code)
    facts, faults = check(expression, KNOWN)
    if faults:  # the trees mean something: only their constants can be wrong
        assert all("finite" in str(fault) or "zero" in str(fault) for fault in faults)
        return
    found = evaluate(expression, VALUES.__getitem__, len(ROWS)).values
    valid = found.mask()
    assert facts.type in (found.type, "null")
    assert facts.nullable or valid.all()
    assert facts.nullable == (facts.null_reason is not None)
    if facts.low is not None:
        assert np.all(found.data[valid] >= facts.low)
    if facts.high is not None:
        assert np.all(found.data[valid] <= facts.high)
    if facts.values is not None:
        assert {value for value in found.to_list() if value is not None} <= set(facts.values)


@settings(max_examples=300, deadline=None)
@given(trees)
def test_the_check_promises_no_more_than_holds(tree: Node) -> None:
    assert_promises_hold(tree)


@settings(max_examples=1000, deadline=None)
@given(guards())
def test_behind_a_guard_the_check_promises_no_more_than_holds(tree: Node) -> None:
    assert_promises_hold(tree)
