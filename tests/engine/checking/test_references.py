from __future__ import annotations

import pytest

from tests.engine.checking.judging import (
    Found,
    choice,
    column,
    fact,
    judge,
    schema,
    sequence,
    table,
    told,
    uniform,
    vocabulary,
    when,
)

LOOKUP = {"lookup": {"from": "t.idd"}}
EFFECT = {"effect": {"effect_table": "e", "on": {}, "map": {"field": "factor", "op": "mul"}}}
EVENTS = vocabulary("e", name=["a", "b"], factor=[1.5, 2.0])


@pytest.mark.parametrize(
    ("tree", "expected", "fix"),
    [
        (schema(table(pk="idd")), [("unknown-column", "/nodes/0/pk")], True),
        (schema(table(), fact(parent="tt")), [("unknown-table", "/nodes/1/parents/0")], True),
        (schema(table(id="shop"), fact(parent="shops")), [("unknown-table", "/nodes/1/parents/0")], True),
        (
            schema(table(), fact(column("x", "int", LOOKUP))),
            [("unknown-column", "/nodes/1/columns/1/generator/lookup/from")],
            True,
        ),
        (
            schema(table(), fact(column("x", "int", {"lookup": {"from": "q.id", "on": {"id": "id"}}}))),
            [("unknown-table", "/nodes/1/columns/1/generator/lookup/from")],
            False,
        ),
        (
            schema(
                table(),
                table(
                    column("x", "int", {"lookup": {"from": "t.id", "on": {"xx": "id"}}}, nullable=True),
                    id="u",
                ),
            ),
            [("unknown-column", "/nodes/1/columns/1/generator/lookup/on/xx")],
            True,
        ),
        (
            schema(
                table(),
                table(
                    column("x", "int", {"lookup": {"from": "t.id", "on": {"id": "idd"}}}, nullable=True),
                    id="u",
                ),
            ),
            [("unknown-column", "/nodes/1/columns/1/generator/lookup/on/id")],
            True,
        ),
        (
            schema(table(column("x", "string", {"choice": {"choices_ref": "e.nam"}})), EVENTS),
            [("unknown-column", "/nodes/0/columns/1/generator/choice/choices_ref")],
            True,
        ),
        (
            schema(
                table(
                    column(
                        "x", "float", uniform(0, 1), {"effect": {**EFFECT["effect"], "effect_table": "ee"}}
                    )
                ),
                EVENTS,
            ),
            [("unknown-table", "/nodes/0/columns/1/modifiers/0/args/effect_table")],
            True,
        ),
        (
            schema(
                table(
                    column("total", "float", uniform(0, 1)),
                    column("x", "float", {"expression": {"code": "2 * totl"}}),
                )
            ),
            [("bad-expression", "/nodes/0/columns/2/generator/expression/code")],
            True,
        ),
        (
            schema(
                table(column("at", "datetime", when)),
                constraints={"ranges": [{"attr": "t.att", "min": "2024-01-02"}]},
            ),
            [("unknown-column", "/constraints/ranges/0/attr")],
            True,
        ),
        (
            schema(table(), constraints={"unique": ["t.id", ["t.id", "t.q"]]}),
            [("unknown-column", "/constraints/unique/1/1")],
            False,
        ),
        (schema(table(), dag=[["t", "u"]]), [("unknown-table", "/dag/0/1")], False),
        (
            schema(table(), targets={"weekend_share": {"table": "t", "timestamp": "at"}}),
            [("unknown-column", "/targets/weekend_share/timestamp")],
            False,
        ),
        (
            schema(
                table(
                    column("s", "string", choice("a", "b")),
                    segment_behavior={"segment_column": "q", "behaviors": {"a": {}}},
                ),
                fact(),
            ),
            [("unknown-column", "/nodes/0/segment_behavior/segment_column")],
            False,
        ),
    ],
)
def test_unknown_names(tree: object, expected: Found, fix: bool) -> None:
    judge(tree, expected, fix=fix)


def test_a_column_that_could_not_be_read_is_known_all_the_same() -> None:
    broken = column("broken", "float", {"distribution": {"type": "normal"}})
    uses = [
        column("x", "float", {"expression": {"code": "broken * 2"}}),
        column("y", "float", {"lookup": {"from": "u.broken"}}),
    ]
    tree = schema(
        table(broken, *uses), table(broken, id="u"), constraints={"ranges": [{"attr": "t.broken", "min": 0}]}
    )
    assert {code for code, _ in told(tree)} == {"missing-key"}


def test_a_word_for_the_column_of_the_same_name() -> None:
    words = vocabulary("v", code=["a", "b"], label=["A", "B"])
    same = {"lookup": {"from": "v.label", "on": {"this_key": "code"}}}
    judge(schema(words, table(column("code", "string", choice("a", "b")), column("l", "string", same))), [])
    judge(
        schema(
            words,
            table(column("other", "string", choice("a", "b")), column("l", "string", same, nullable=True)),
        ),
        [("unknown-column", "/nodes/1/columns/2/generator/lookup/on/this_key")],
    )


def test_the_sequence_of_a_key_stays() -> None:
    judge(schema(table(column("id", "int", sequence))), [])
