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
    vocabulary,
)

POISSON = {"distribution": "poisson", "lambda": 2.0}
STAGES = {
    "stages": [{"stage_name": "in", "transition_rate": 1.0}, {"stage_name": "out", "transition_rate": 0.5}]
}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (schema(table(), {**fact(), "rows": 5}), [("rows-with-parents", "/nodes/1/rows")]),
        (schema(table(kind="fact", fanout=POISSON)), [("fanout-without-parents", "/nodes/0/fanout")]),
        (
            schema(table(kind="fact", parents=[], fanout=POISSON)),
            [("fanout-without-parents", "/nodes/0/fanout")],
        ),
        (
            schema(table(kind="fact", stage_config=STAGES)),
            [("stages-without-parents", "/nodes/0/stage_config")],
        ),
        (
            schema(table(), fact(fanout=POISSON, stage_config=STAGES)),
            [("fanout-with-stages", "/nodes/1/fanout")],
        ),
        (schema(table(), table(id="u", parents=["t"])), [("wrong-for-kind", "/nodes/1/parents")]),
        (schema(table(fanout=POISSON)), [("wrong-for-kind", "/nodes/0/fanout")]),
        (
            schema(table(), {**vocabulary("v", c=["a"]), "parents": ["t"]}),
            [("wrong-for-kind", "/nodes/1/parents")],
        ),
        (schema(table(kind="vocab", rows=None)), [("vocabulary-without-list", "/nodes/0/kind")]),
        (
            schema(vocabulary("v", c=["a", "b"], n=[1, 2, 3])),
            [("lists-differ", "/nodes/0/columns/1/generator/enum_list/values")],
        ),
        (schema({**vocabulary("v", c=["a", "b"]), "rows": 3}), [("rows-disagree", "/nodes/0/rows")]),
        (
            schema(table(column("c", "string", {"enum_list": {"values": ["a", "b"]}}))),
            [("list-outside-vocabulary", "/nodes/0/columns/1/generator/enum_list")],
        ),
        (
            schema(table(), fact(fanout={"distribution": "uniform", "min": 1, "max": 2, "lambda": 3})),
            [("ignored-key", "/nodes/1/fanout/lambda")],
        ),
        (schema(table(), {**fact(), "parents": ["t", "t"]}), [("duplicate-parent", "/nodes/1/parents/1")]),
    ],
)
def test_what_a_kind_of_table_may_have(tree: object, expected: Found) -> None:
    judge(tree, expected)


@pytest.mark.parametrize(
    "tree",
    [
        schema(table(), fact()),
        schema(table(), {**fact(), "fanout": None, "rows": None}),
        schema(table(kind="fact", rows=0)),
        schema(table(kind="fact", parents=[])),
        schema({**vocabulary("v", c=["a", "b"]), "rows": 2}),
        schema(vocabulary("v", c=["a", "b"], n=[1, 2])),
        schema(table(), fact(stage_config=STAGES)),
        schema(
            table(),
            fact(
                column("stage_name", "string", choice("x")),
                column("stage_index", "int", sequence),
                stage_config=STAGES,
            ),
        ),
    ],
)
def test_what_is_all_right(tree: object) -> None:
    judge(tree, [])


def test_parents_that_could_not_be_read_are_parents_all_the_same() -> None:
    judge(schema(table(), {**fact(fanout=POISSON), "parents": [5]}), [("wrong-type", "/nodes/1/parents/0")])
