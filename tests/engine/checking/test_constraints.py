from __future__ import annotations

from typing import Any

import pytest

from tests.engine.checking.judging import (
    Found,
    choice,
    column,
    fact,
    judge,
    normal,
    schema,
    sequence,
    table,
    uniform,
    vocabulary,
)

WORDS = vocabulary("v", code=["a", "b"])


def series(start: str, end: str) -> dict[str, Any]:
    return {"datetime_series": {"within": {"start": start, "end": end}, "freq": "D"}}


def lookup(text: str, **on: str) -> dict[str, Any]:
    return {"lookup": {"from": text, "on": on} if on else {"from": text}}


def code(text: str) -> dict[str, Any]:
    return {"expression": {"code": text}}


def tree(*nodes: dict[str, Any], **constraints: Any) -> Any:
    return schema(*nodes, WORDS, constraints=constraints)


def unique(generator: dict[str, Any], rows: int = 1000, type: str = "string") -> Any:
    return tree(table(column("x", type, generator), rows=rows), unique=["t.x"])


TOLD = [("cannot-be-unique", "/constraints/unique/0")]


@pytest.mark.parametrize(
    ("document", "expected", "why"),
    [
        (unique(choice("a", "b", "c"), 3), [], ""),
        (unique(choice("a", "b", "c"), 4), TOLD, "x has 3 different values, and 4 rows need one each"),
        (unique(choice("a", "b", "c", weights=[1, 1, 2]), 3), TOLD, "by weight"),
        (unique(choice("a", "b", "c", weights_kind="zipf@1"), 3), TOLD, "zipf@1"),
        (unique(uniform(1, 1000), 1000, "int"), [], ""),
        (unique(uniform(1, 999), 1000, "int"), TOLD, "999 different values"),
        (unique(uniform(1, 1000), 1000, "float"), TOLD, "may repeat"),
        (unique(normal(0, 1, -9, 9), 1000, "float"), TOLD, "normal distribution may repeat"),
        (unique({"faker": {"method": "bothify", "text": "##"}}, 100), [], ""),
        (
            unique({"faker": {"method": "bothify", "text": "##"}}, 101),
            TOLD,
            "bothify gives about 100 different values",
        ),
        (
            tree(
                table(
                    column("land", "string", choice("DE", "FR")),
                    column("x", "string", {"faker": {"method": "name", "locale_from": "land"}}),
                    rows=10,
                ),
                unique=["t.x"],
            ),
            TOLD,
            "its locale hangs on the row",
        ),
        (unique(sequence, 10, "int"), [], ""),
        (unique(code("concat('x', id)")), [], ""),
        (unique(code("id * 2 + 1"), type="int"), [], ""),
        (unique(code("id % 2"), type="int"), TOLD, "nothing proves"),
        (unique(lookup("v.code")), TOLD, "2 different values"),
        (unique(lookup("t.id"), type="int"), TOLD, "picked more than once"),
        (tree(table(), fact(column("t_id", "int", lookup("t.id"))), unique=["f.t_id"]), [], ""),
        (
            tree(
                table(),
                fact(column("t_id", "int", lookup("t.id")), fanout={"distribution": "poisson", "lambda": 2}),
                unique=["f.t_id"],
            ),
            TOLD,
            "children of one t",
        ),
        (tree(table(), unique=["t.id"]), [], ""),
        (
            tree(table(), table(id="u"), unique=[["t.id", "u.id"]]),
            [("across-tables", "/constraints/unique/0")],
            "",
        ),
    ],
)
def test_what_can_be_unique(document: object, expected: Found, why: str) -> None:
    found = judge(document, expected)
    assert all(why in problem.message for problem in found)


def items(fanout: dict[str, Any], product: dict[str, Any], type: str = "string") -> Any:
    lines = fact(column("t_id", "int", lookup("t.id")), column("p", type, product), fanout=fanout)
    return tree(table(), table(id="p", rows=4), lines, unique=[["f.t_id", "f.p"]])


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (items({"distribution": "uniform", "min": 0, "max": 3}, choice("a", "b", "c")), []),
        (items({"distribution": "uniform", "min": 0, "max": 4}, choice("a", "b", "c")), TOLD),
        (items({"distribution": "uniform", "min": 0, "max": 4}, lookup("p.id"), "int"), []),
        (items({"distribution": "uniform", "min": 0, "max": 5}, lookup("p.id"), "int"), TOLD),
        (items({"distribution": "poisson", "lambda": 2}, choice(*map(str, range(40)))), []),
        (items({"distribution": "poisson", "lambda": 2}, choice(*map(str, range(4)))), TOLD),
        (items({"distribution": "uniform", "min": 0, "max": 2}, normal(0, 1, -9, 9), "float"), TOLD),
    ],
)
def test_composite_keys(document: object, expected: Found) -> None:
    judge(document, expected)


def keyed(
    generator: dict[str, Any], type: str = "string", to: str = "v.code", *modifiers: dict[str, Any]
) -> Any:
    return tree(
        table(column("x", type, generator, *modifiers)),
        table(id="u", rows=50),
        foreign_keys=[{"from": "t.x", "to": to}],
    )


KEY = "/constraints/foreign_keys/0"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (keyed(lookup("v.code")), []),
        (keyed({"choice": {"choices_ref": "v.code"}}), []),
        (keyed(choice("a", "b")), []),
        (keyed(choice("a", "c")), [("key-drawn-elsewhere", KEY)]),
        (keyed(choice("c", "d")), [("key-never-resolves", KEY)]),
        (keyed({"faker": {"method": "word"}}), [("key-drawn-elsewhere", KEY)]),
        (keyed(sequence, "int"), [("key-types-differ", f"{KEY}/from")]),
        (keyed(uniform(1, 50), "int", "u.id"), []),
        (keyed(uniform(1, 60), "int", "u.id"), [("key-drawn-elsewhere", KEY)]),
        (tree(table(), foreign_keys=[{"from": "t.id", "to": "t.id"}]), [("refers-to-itself", KEY)]),
        (
            tree(
                table(column("k", "string", lookup("v.code"))),
                fact(column("k", "string", lookup("t.k"))),
                foreign_keys=[{"from": "f.k", "to": "v.code"}],
            ),
            [],
        ),
    ],
)
def test_foreign_keys(document: object, expected: Found) -> None:
    judge(document, expected)


def ranged(generator: dict[str, Any], type: str, *modifiers: dict[str, Any], **ends: Any) -> Any:
    return tree(table(column("x", type, generator, *modifiers)), ranges=[{"attr": "t.x", **ends}])


RANGE = "/constraints/ranges/0"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (ranged(uniform(0, 9), "float", min=2, max=5), []),
        (ranged(uniform(0, 9), "float", min=5, max=2), [("low-above-high", RANGE)]),
        (ranged(uniform(0, 9), "float", min=10), [("range-outside", RANGE)]),
        (ranged(uniform(0, 9), "float", max=-1), [("range-outside", RANGE)]),
        (ranged(uniform(0, 9), "float", min="2024-01-01"), [("wrong-value", f"{RANGE}/min")]),
        (ranged(uniform(0, 9), "float"), [("empty-range", RANGE)]),
        (ranged(choice("a"), "string", min=1), [("cannot-have-range", f"{RANGE}/attr")]),
        (ranged(series("2024-01-01", "2024-03-01"), "date", min="2024-02-01"), []),
        (ranged(series("2024-01-01", "2024-03-01"), "date", min="2025-02-01"), [("range-outside", RANGE)]),
        (tree(table(), ranges=[{"attr": "t.id", "max": 999}]), [("range-cuts-key", RANGE)]),
        (tree(table(), ranges=[{"attr": "t.id", "max": 1000}]), []),
        (
            tree(table(), ranges=[{"attr": "t.id", "min": 1, "max": 2000}, {"attr": "t.id", "min": 3000}]),
            [("ranges-apart", "/constraints/ranges/1")],
        ),
        (
            ranged(
                uniform(0, 9),
                "float",
                {"outliers": {"rate": 0.1, "magnitude": 3, "allow_exceed": True}},
                max=10,
            ),
            [],
        ),
    ],
)
def test_ranges(document: object, expected: Found) -> None:
    judge(document, expected)


def ordered(left: str, op: str, right: str, **more: Any) -> Any:
    parent = table(
        column("a", "int", uniform(0, 9)),
        column("b", "int", uniform(5, 20)),
        column("c", "int", uniform(30, 40)),
        column("s", "string", choice("x")),
        column("d", "date", series("2024-01-01", "2024-06-01")),
        column("e", "datetime", series("2024-07-01", "2024-08-01")),
        column("n", "int", code("a + b")),
        column("m", "int", code("a * 2")),
    )
    child = fact(column("q", "int", uniform(0, 9)), column("t_id", "int", lookup("t.id")))
    other = table(column("z", "int", uniform(0, 9)), id="u")
    first = {"left": left, "op": op, "right": right}
    return tree(parent, child, other, inequalities=[first, *more.get("others", [])])


INEQUALITY = "/constraints/inequalities/0"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (ordered("t.a", "<", "t.b"), []),
        (ordered("f.q", "<=", "t.a"), []),
        (ordered("t.d", "<", "t.e"), []),
        (ordered("t.c", "<", "t.a"), [("impossible-inequality", INEQUALITY)]),
        (ordered("t.d", ">=", "t.e"), [("impossible-inequality", INEQUALITY)]),
        (ordered("t.a", "==", "t.c"), [("impossible-inequality", INEQUALITY)]),
        (ordered("t.a", "<", "t.a"), [("bad-inequality", INEQUALITY)]),
        (ordered("t.a", "<", "t.d"), [("bad-inequality", INEQUALITY)]),
        (ordered("t.a", "<", "t.s"), [("bad-inequality", INEQUALITY)]),
        (ordered("t.a", "<", "u.z"), [("bad-inequality", INEQUALITY)]),
        (ordered("t.m", "<", "t.n"), [("inequality-not-forced", INEQUALITY)]),
        (ordered("t.a", "<", "t.n"), []),
        # Two that exclude each other, and three in a row that leave no room: told once.
        (
            ordered("t.a", "<", "t.b", others=[{"left": "t.b", "op": "<", "right": "t.a"}]),
            [("impossible-inequality", INEQUALITY)],
        ),
        (
            ordered("t.c", "<", "t.x", others=[]),
            [("unknown-column", f"{INEQUALITY}/right")],
        ),
    ],
)
def test_inequalities(document: object, expected: Found) -> None:
    judge(document, expected)


def test_why_an_inequality_cannot_hold() -> None:
    (problem,) = judge(ordered("t.d", ">", "t.e"), [("impossible-inequality", INEQUALITY)])
    assert "t.d lies in 2024-01-01 … 2024-06-01" in problem.message.replace("2024-06-01T23", "2024-06-01")
    assert "2024-07-01" in problem.message


def test_a_chain_that_leaves_no_room() -> None:
    parent = table(
        column("a", "int", uniform(8, 9)),
        column("b", "int", uniform(0, 30)),
        column("c", "int", uniform(0, 9)),
    )
    chain = [{"left": "t.a", "op": "<", "right": "t.b"}, {"left": "t.b", "op": "<", "right": "t.c"}]
    judge(tree(parent, inequalities=chain), [("impossible-inequality", "/constraints/inequalities/0")])


def matched(regex: str, generator: dict[str, Any] | None = None, type: str = "string") -> Any:
    return tree(
        table(column("x", type, generator or choice("A-1", "B-22"))),
        pattern=[{"attr": "t.x", "regex": regex}],
    )


PATTERN = "/constraints/pattern/0/regex"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (matched(r"^[A-Z]-\d+$"), []),
        (matched(r"[A-Z]"), []),
        (matched(r"\d"), [("value-against-pattern", PATTERN)]),
        (matched(r"[A"), [("bad-pattern", PATTERN)]),
        (matched(r"(a)\1"), [("bad-pattern", PATTERN)]),
        (matched(r"(?=a)"), [("bad-pattern", PATTERN)]),
        (matched(r"((a{1,1000}){1,1000})"), [("bad-pattern", PATTERN)]),
        (matched(r"(a*)*b"), [("value-against-pattern", PATTERN)]),
        (matched(r"a", {"faker": {"method": "word"}}), [("value-against-pattern", PATTERN)]),
        (matched(r"[A-Za-z]+$", {"faker": {"method": "word"}}), []),
        (matched(r"a)|(?:b", {"faker": {"method": "word"}}), [("bad-pattern", PATTERN)]),
        (matched(r"(a)\1", {"faker": {"method": "word"}}), [("bad-pattern", PATTERN)]),
        (matched(r"\d+", sequence, "int"), [("pattern-on-other-type", PATTERN)]),
        (matched(r"\d+", sequence), []),
        (matched(r"[5-9]+", sequence), [("value-against-pattern", PATTERN)]),
        (matched(r"SKU-\d{4}$", {"faker": {"method": "bothify", "text": "SKU-####"}}), []),
        (
            matched(r"SKU-\d{5}$", {"faker": {"method": "bothify", "text": "SKU-####"}}),
            [("value-against-pattern", PATTERN)],
        ),
        (matched(r".+@example\.(com|net|org)$", {"faker": {"method": "email"}}), []),
    ],
)
def test_patterns(document: object, expected: Found) -> None:
    judge(document, expected)


def listed(generator: dict[str, Any], type: str = "string", **enum: Any) -> Any:
    return tree(table(column("x", type, generator)), enum=[{"attr": "t.x", **enum}])


ENUM = "/constraints/enum/0"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (listed(choice("a", "b"), values=["a", "b", "c"]), []),
        (listed(choice("a", "q"), values=["a", "b"]), [("value-not-allowed", f"{ENUM}/values")]),
        (listed(choice("a", "q", weights=[1, 0]), values=["a", "b"]), []),
        (listed({"faker": {"method": "word"}}, values=["a"]), [("enum-not-sure", f"{ENUM}/values")]),
        (listed(uniform(1, 3), "int", values=[1, 2, 3]), []),
        (listed(uniform(1, 4), "int", values=[1, 2, 3]), [("value-not-allowed", f"{ENUM}/values")]),
        (listed(uniform(1, 3), "int", values=[1, "b"]), [("wrong-value", f"{ENUM}/values/1")]),
        (listed(choice(True, False), "bool", values=[True]), [("value-not-allowed", f"{ENUM}/values")]),
        (listed({"choice": {"choices_ref": "v.code"}}, enum_ref="v.code"), []),
        (listed(choice("a"), enum_ref="v.code"), []),
        (listed(choice("q"), enum_ref="v.code"), [("value-not-allowed", f"{ENUM}/enum_ref")]),
        (listed(choice("a"), values=["a"], enum_ref="v.code"), [("one-of", ENUM)]),
    ],
)
def test_enumerations(document: object, expected: Found) -> None:
    judge(document, expected)


def test_constraints_of_a_column() -> None:
    def own(**constraints: Any) -> Any:
        return tree(table(column("x", "string", choice("a", "b"), constraints=constraints)))

    at = "/nodes/0/columns/1/constraints"
    judge(own(enum=["a", "b"], enum_ref="v.code", pattern="[ab]"), [])
    judge(own(enum=["a"]), [("value-not-allowed", f"{at}/enum")])
    judge(own(pattern="a"), [("value-against-pattern", f"{at}/pattern")])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"expression": "id > 0"}, []),
        ({"expression": "id >"}, [("bad-expression", "/nodes/0/rules/0/expression")]),
        ({"expression": "idd > 0"}, [("bad-expression", "/nodes/0/rules/0/expression")]),
        ({"expression": "id + 1"}, [("not-a-condition", "/nodes/0/rules/0/expression")]),
    ],
)
def test_rules(rule: object, expected: Found) -> None:
    judge(tree(table(rules=[rule])), expected)
