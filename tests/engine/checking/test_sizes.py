from __future__ import annotations

import pytest

from tests.engine.checking.judging import Found, choice, column, fact, judge, schema, table, told, when


def many(mean: float) -> dict[str, object]:
    return {"distribution": "poisson", "lambda": mean}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (schema(table(rows=0)), []),
        (schema(table(), fact(fanout=many(0))), [("no-rows", "/nodes/1/fanout")]),
        (schema(table(rows=0), fact(fanout=many(3))), [("no-rows", "/nodes/1/parents/0")]),
        # Where a parent has no rows, its children's children are not told as well.
        (schema(table(), fact(fanout=many(0)), fact(id="g", parent="f")), [("no-rows", "/nodes/1/fanout")]),
        (schema(table(), fact(fanout=many(2e6))), [("many-rows", "/nodes/1/fanout")]),
        (
            schema(table(), fact(fanout=many(2e6)), fact(id="g", parent="f")),
            [("many-rows", "/nodes/1/fanout")],
        ),
        (schema(table(rows=10**7), fact(fanout=many(1e6))), [("too-many-rows", "/nodes/1/fanout")]),
        (schema(table(rows=10**15)), [("too-many-rows", "/nodes/0/rows")]),
        (schema(table(rows=10**400)), [("out-of-limits", "/nodes/0/rows")]),
    ],
)
def test_sizes(tree: object, expected: Found) -> None:
    judge(tree, expected)


def test_multipliers_that_could_explode() -> None:
    def tree(factor: float) -> object:
        segments = {"a": {"fanout_multiplier": factor}, "b": {}}
        curve = {"curve": [1.0, 2.0], "time_unit": "year", "applies_to": ["fanout"]}
        parent = table(
            column("s", "string", choice("a", "b")),
            column("d", "date", when),
            segment_behavior={"segment_column": "s", "behaviors": segments},
            vintage_behavior={"created_at_column": "d", "age_based_multipliers": {"m": curve}},
        )
        return schema(parent, fact(fanout=many(1)))

    assert told(tree(100)) == []
    assert told(tree(1e9)) == [("many-rows", "/nodes/1/fanout")]


def test_the_rows_of_the_run_count() -> None:
    tree = schema(table(), fact(fanout=many(2)))
    assert told(tree) == []
    assert told(tree, scale=1e7) == [("many-rows", "/nodes/0/rows")]
    assert told(tree, rows={"t": 0}) == [("no-rows", "/nodes/1/parents/0")]
    assert told(tree, rows={"nobody": 5}) == []
