"""Types, nulls, keys, times and parts of columns."""

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
    when,
)

X = "/nodes/0/columns/1"
SEASON = {"seasonality": {"dimension": "dow", "weights": [1, 1, 1, 1, 1, 2, 2]}}
WORDS = vocabulary("v", code=["a", "b"], label=["A", "B"], size=[1.5, 2.5])


def code(text: str) -> dict[str, dict[str, str]]:
    return {"expression": {"code": text}}


def one(*columns: Any, **more: Any) -> Any:
    return schema(table(*columns), WORDS, **more)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (one(column("x", "bool", sequence)), [("type-mismatch", f"{X}/type")]),
        (one(column("x", "int", when)), [("type-mismatch", f"{X}/type")]),
        (
            one(column("x", "bool", uniform(0, 1))),
            [("type-loses-values", f"{X}/generator/distribution/type")],
        ),
        (
            one(column("x", "int", choice("a", "b"))),
            [
                ("wrong-value", f"{X}/generator/choice/choices/0"),
                ("wrong-value", f"{X}/generator/choice/choices/1"),
            ],
        ),
        (
            one(column("x", "datetime", choice("2024-01-01", "soon"))),
            [("wrong-value", f"{X}/generator/choice/choices/1")],
        ),
        (one(column("x", "string", code("1 + 2"))), []),
        (one(column("x", "int", code("'a'"))), [("type-mismatch", f"{X}/type")]),
        (one(column("x", "int", code("'12'"))), []),
        (one(column("x", "date", code("'2024-03-01'"))), []),
        (
            one(column("at", "datetime", when), column("y", "int", code("at"))),
            [("type-mismatch", "/nodes/0/columns/2/type")],
        ),
        (
            one(column("x", "int", {"lookup": {"from": "v.label"}})),
            [("type-mismatch", f"{X}/generator/lookup/from")],
        ),
        (one(column("x", "int", {"lookup": {"from": "v.size"}})), []),
        (one(column("x", "int", uniform(0, 1e30))), [("number-too-large", f"{X}/type")]),
        (one(column("x", "int", choice(1, 1e30))), [("wrong-value", f"{X}/generator/choice/choices/1")]),
        (one(column("x", "int", choice(1.5, 2.5))), []),
        (
            one(column("x", "int", {"sequence": {"start": 2**62, "step": 2**61}})),
            [("number-too-large", f"{X}/generator/sequence/start")],
        ),
        (one(column("x", "int", {"faker": {"method": "name"}})), [("type-mismatch", f"{X}/type")]),
        (
            one(column("x", "string", {"faker": {"method": "seed_instance"}})),
            [("faker-method", f"{X}/generator/faker/method")],
        ),
    ],
)
def test_types(tree: object, expected: Found) -> None:
    judge(tree, expected)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (
            one(column("x", "float", uniform(0, 1), null_rate=0.1)),
            [("null-rate-without-nullable", f"{X}/null_rate")],
        ),
        (
            one(column("x", "float", choice(1.0, None))),
            [("null-not-allowed", f"{X}/generator/choice/choices/1")],
        ),
        (
            one(column("n", "int", uniform(0, 4)), column("y", "float", code("10 / n"))),
            [("could-be-null", "/nodes/0/columns/2/generator/expression/code")],
        ),
        (one(column("n", "int", uniform(1, 4)), column("y", "float", code("10 / n"))), []),
        (one(column("n", "int", uniform(0, 4)), column("y", "float", code("10 / n if n > 0 else 0"))), []),
        (one(column("n", "int", uniform(0, 4)), column("y", "float", code("coalesce(10 / n, 0)"))), []),
        (one(column("n", "int", uniform(0, 4)), column("y", "float", code("10 / n"), nullable=True)), []),
        (
            one(
                column("n", "int", uniform(0, 4)),
                column("y", "float", code("10 / n")),
                constraints={"ranges": [{"attr": "t.n", "min": 1}]},
            ),
            [],
        ),
        (
            one(column("n", "float", uniform(-1, 4)), column("y", "float", code("sqrt(n)"))),
            [("could-be-null", "/nodes/0/columns/2/generator/expression/code")],
        ),
        # One fault is one problem: what is calculated from a column that may not be null is not told again.
        (
            one(
                column("n", "int", uniform(0, 4)),
                column("y", "float", code("10 / n")),
                column("z", "float", code("y + 1")),
            ),
            [("could-be-null", "/nodes/0/columns/2/generator/expression/code")],
        ),
        (
            one(column("n", "int", uniform(0, 4), {"expression": {"code": "value / value"}})),
            [("could-be-null", f"{X}/modifiers/0/args/code")],
        ),
        (
            one(column("s", "string", choice("a", "b"), {"map_values": {"mapping": {"a": None}}})),
            [("null-not-allowed", f"{X}/modifiers/0/args/mapping/a")],
        ),
    ],
)
def test_nulls(tree: object, expected: Found) -> None:
    judge(tree, expected)


def lookup(text: str, **on: str) -> dict[str, Any]:
    return {"lookup": {"from": text, "on": on} if on else {"from": text}}


@pytest.mark.parametrize(
    ("columns", "proven"),
    [
        # Values that are all in the list of the vocabulary, one that is not, and values nobody knows.
        ([column("k", "string", choice("a", "b")), column("x", "string", lookup("v.label", k="code"))], True),
        (
            [column("k", "string", choice("a", "q")), column("x", "string", lookup("v.label", k="code"))],
            False,
        ),
        (
            [
                column("k", "string", {"faker": {"method": "word"}}),
                column("x", "string", lookup("v.label", k="code")),
            ],
            False,
        ),
        # A value that comes from the very column.
        (
            [
                column("k", "string", {"choice": {"choices_ref": "v.code"}}),
                column("x", "string", lookup("v.label", k="code")),
            ],
            True,
        ),
        ([column("k", "string", lookup("v.code")), column("x", "string", lookup("v.label", k="code"))], True),
        (
            [
                column("k", "string", lookup("v.code"), nullable=True, null_rate=0.5),
                column("x", "string", lookup("v.label", k="code")),
            ],
            False,
        ),
        (
            [
                column("k", "string", lookup("v.code"), {"map_values": {"mapping": {"a": "b"}}}),
                column("x", "string", lookup("v.label", k="code")),
            ],
            True,
        ),
        (
            [
                column("k", "string", lookup("v.code"), {"map_values": {"mapping": {"a": "q"}}}),
                column("x", "string", lookup("v.label", k="code")),
            ],
            False,
        ),
        # Two keys from one row, and from two.
        (
            [
                column("k", "string", lookup("v.code")),
                column("l", "string", lookup("v.label")),
                column("x", "float", lookup("v.size", k="code", l="label")),
            ],
            True,
        ),
        (
            [
                column("k", "string", {"lookup": {"from": "v.code", "pick": "p"}}),
                column("l", "string", {"lookup": {"from": "v.label", "pick": "q"}}),
                column("x", "float", lookup("v.size", k="code", l="label")),
            ],
            False,
        ),
        # Numbers within a sequence.
        ([column("k", "int", uniform(1, 50)), column("x", "int", lookup("u.n", k="id"))], True),
        ([column("k", "int", uniform(1, 51)), column("x", "int", lookup("u.n", k="id"))], False),
        ([column("k", "int", uniform(0, 50)), column("x", "int", lookup("u.n", k="id"))], False),
        # Of its own table, another row.
        ([column("x", "int", lookup("t.id"))], True),
        ([column("x", "int", {"lookup": {"from": "t.id", "roots": 0.1}})], False),
    ],
)
def test_whether_a_lookup_is_sure_to_find_a_row(columns: list[dict[str, Any]], proven: bool) -> None:
    other = table(column("n", "int", uniform(1, 9)), id="u", rows=50)
    place = len(columns)
    expected = [] if proven else [("could-be-null", f"/nodes/0/columns/{place}/generator/lookup")]
    judge(schema(table(*columns), WORDS, other), expected)


def test_a_lookup_through_a_child_that_every_parent_has() -> None:
    def tree(**fanout: Any) -> Any:
        only = fact(
            column("t_id", "int", lookup("t.id")), column("n", "int", uniform(1, 9)), id="c", **fanout
        )
        reads = fact(
            column("t_id", "int", lookup("t.id")), column("n", "int", lookup("c.n", t_id="t_id")), id="d"
        )
        return schema(table(), only, reads)

    judge(tree(), [])
    judge(tree(fanout={"distribution": "uniform", "min": 1, "max": 3}), [])
    judge(
        tree(fanout={"distribution": "uniform", "min": 0, "max": 3}),
        [("could-be-null", "/nodes/2/columns/2/generator/lookup")],
    )


def test_a_table_of_one_row_has_no_other_row() -> None:
    tree = schema(table(column("x", "int", lookup("t.id")), rows=1))
    judge(tree, [("could-be-null", f"{X}/generator/lookup")])
    judge(
        schema(table(column("x", "int", lookup("u.id")), id="t"), table(id="u", rows=0)),
        [("could-be-null", f"{X}/generator/lookup")],
    )


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (
            schema(table(column("id", "int", sequence, nullable=True))),
            [("nullable-key", "/nodes/0/columns/0/nullable")],
        ),
        (
            schema(table(column("id", "int", uniform(1, 100)))),
            [("key-repeats", "/nodes/0/columns/0/generator")],
        ),
        (schema(table(column("id", "int", uniform(1, 1000)))), []),
        (
            schema(table(column("id", "string", choice("a", "b")))),
            [("key-repeats", "/nodes/0/columns/0/generator")],
        ),
        (schema(table(column("id", "string", choice("a", "b")), rows=2)), []),
        (
            schema(table(column("id", "string", choice("a", "b", weights=[1, 2])), rows=2)),
            [("key-repeats", "/nodes/0/columns/0/generator")],
        ),
        (
            schema(table(column("id", "int", {"sequence": {"step": 0}}))),
            [("key-repeats", "/nodes/0/columns/0/generator")],
        ),
        (schema(table(column("n", "int", sequence), column("id", "string", code("concat('A', n)")))), []),
        (
            schema(table(column("n", "int", sequence), column("id", "int", code("n % 7")))),
            [("key-repeats", "/nodes/0/columns/1/generator")],
        ),
        (
            schema(table(column("id", "int", sequence, {"multiply": {"factor": 10}}))),
            [("modified-key", "/nodes/0/columns/0/modifiers/0")],
        ),
        (
            schema(table(column("id", "int", sequence, {"clamp": {"max": 9}}))),
            [("key-repeats", "/nodes/0/columns/0/generator")],
        ),
        (
            schema(vocabulary("v", c=["a", "a"])),
            [("duplicate-value", "/nodes/0/columns/0/generator/enum_list/values")],
        ),
    ],
)
def test_keys(tree: object, expected: Found) -> None:
    judge(tree, expected)


@pytest.mark.parametrize(
    ("generator", "modifiers", "apart"),
    [
        (sequence, [{"multiply": {"factor": 3}}], True),
        (sequence, [{"multiply": {"factor": 1.5}}], True),
        (sequence, [{"multiply": {"factor": 0.5}}], False),
        (sequence, [{"add": {"value": 0.5}}], False),
        (code("n * 2 - 1"), [], True),
        (code("n * 0.5"), [], False),
        (code("n + n"), [], False),
        (code("-n"), [], True),
        (code("0 * n"), [], False),
    ],
)
def test_whole_numbers_that_stay_different(generator: Any, modifiers: list[Any], apart: bool) -> None:
    tree = schema(
        table(column("n", "int", sequence), column("x", "int", generator, *modifiers)),
        constraints={"unique": ["t.x"]},
    )
    judge(tree, [] if apart else [("cannot-be-unique", "/constraints/unique/0")])


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (one(column("x", "float", uniform(0, 1), SEASON)), [("no-time", f"{X}/modifiers/0")]),
        (one(column("x", "float", uniform(0, 1), SEASON), column("at", "datetime", when)), []),
        (
            one(
                column(
                    "x",
                    "float",
                    uniform(0, 1),
                    {"seasonality": {**SEASON["seasonality"], "time_reference": "id"}},
                )
            ),
            [("not-a-time", f"{X}/modifiers/0/args/time_reference")],
        ),
        (
            one(column("x", "float", uniform(0, 1), {"trend": {"type": "linear", "growth_rate": 0.1}})),
            [("no-time", f"{X}/modifiers/0")],
        ),
        (schema(table(column("at", "date", when)), fact(column("x", "float", uniform(0, 1), SEASON))), []),
    ],
)
def test_times(tree: object, expected: Found) -> None:
    judge(tree, expected)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (
            one(column("s", "string", choice("a"), {"multiply": {"factor": 2}})),
            [("no-influence", f"{X}/modifiers/0")],
        ),
        (
            one(column("x", "float", uniform(0, 1), {"multiply": {"factor": 1}})),
            [("no-influence", f"{X}/modifiers/0")],
        ),
        (one(column("x", "float", uniform(0, 1), {"clamp": {}})), [("no-influence", f"{X}/modifiers/0")]),
        (one(column("d", "date", choice("2024-01-01"), SEASON)), [("no-influence", f"{X}/modifiers/0")]),
        (one(column("d", "date", when, SEASON)), []),
        (
            one(column("s", "string", choice("a", "b"), {"map_values": {"mapping": {"q": "r"}}})),
            [("no-influence", f"{X}/modifiers/0")],
        ),
        (
            one(
                column(
                    "s",
                    "string",
                    choice("apple", "pear"),
                    {"map_values": {"mapping": {"aple": "x", "pear": "y"}}},
                )
            ),
            [("unused-key", f"{X}/modifiers/0/args/mapping/aple")],
        ),
        (one(column("n", "int", choice(1, 2), {"map_values": {"mapping": {"1": 10, "2.0": 20}}})), []),
        (
            one(
                column(
                    "b",
                    "bool",
                    choice(True, False),
                    {"map_values": {"mapping": {"true": False, "yes": True}}},
                )
            ),
            [("unused-key", f"{X}/modifiers/0/args/mapping/yes")],
        ),
        (
            schema(table(), fact(modifiers=[{"transform": "multiply", "args": {"factor": 2}}])),
            [("no-influence", "/nodes/1/modifiers/0")],
        ),
        (
            schema(
                table(),
                fact(column("t_id", "int", lookup("t.id"), {"add": {"value": 1}})),
                constraints={"foreign_keys": [{"from": "f.t_id", "to": "t.id"}]},
            ),
            [("modified-foreign-key", "/nodes/1/columns/1/modifiers/0")],
        ),
        (
            schema(table(), fact(column("t_id", "int", lookup("t.id"), {"add": {"value": 1}}))),
            [("modified-key", "/nodes/1/columns/1/modifiers/0")],
        ),
    ],
)
def test_modifiers(tree: object, expected: Found) -> None:
    judge(tree, expected)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (one(column("x", "float", normal(0, 1, 50, 90))), []),
        (
            one(
                column(
                    "x",
                    "float",
                    uniform(0, 1)
                    | {"distribution": {"type": "uniform", "params": {"low": 0, "high": 1}, "clamp": [5, 9]}},
                )
            ),
            [("clamp-outside", f"{X}/generator/distribution/clamp")],
        ),
        (
            one(
                column(
                    "at",
                    "datetime",
                    {
                        "datetime_series": {
                            "within": {"start": "2024-01-01", "end": "2024-01-02"},
                            "freq": "YE",
                        }
                    },
                )
            ),
            [("bad-grid", f"{X}/generator/datetime_series/freq")],
        ),
        (
            one(
                column(
                    "at",
                    "datetime",
                    {
                        "datetime_series": {
                            "within": {"start": "2024-01-01", "end": "2024-01-02"},
                            "pattern": {"dimension": "month", "weights": [0, *[1] * 11]},
                        }
                    },
                )
            ),
            [("no-weight", f"{X}/generator/datetime_series/pattern")],
        ),
    ],
)
def test_what_parts_find_themselves(tree: object, expected: Found) -> None:
    judge(tree, expected)
