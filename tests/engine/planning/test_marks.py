from __future__ import annotations

import json
from typing import Any

import pytest

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node
from datagen_engine.planning.plan import Plan
from datagen_engine.schema.reading import read_schema
from tests.engine.small import Tree, column, fact, schema, table

DRAWN = {"distribution": {"type": "normal", "params": {"mean": 5, "std": 1}, "clamp": [0, 10]}}


def tree() -> Tree:
    made = schema(
        table(column("price", "float", DRAWN), column("kind", "string", {"choice": {"choices": ["a", "b"]}})),
        fact(
            column("price", "float", {"lookup": {"from": "t.price"}}),
            column("stars", "int", {"choice": {"choices": [1, 2]}}),
            column("low", "float", DRAWN),
            column("high", "float", DRAWN),
            fanout={"distribution": "uniform", "min": 1, "max": 3},
        ),
        constraints={"inequalities": [{"left": "f.low", "op": "<=", "right": "f.high"}]},
    )
    return dict(json.loads(json.dumps(made)))  # each part may be edited alone


def planned(of: Tree, **options: Any) -> Plan:
    found = read_schema(of).schema
    assert found is not None
    return Plan(found, **options)


def differing(edited: Tree, **options: Any) -> set[str]:
    one, other = planned(tree()), planned(edited, **options)
    nodes: list[Node] = [
        *(ColumnNode(id, name) for id, target in one.tables.items() for name in target.columns),
        *(CountNode(id) for id in one.tables),
    ]
    assert all(one.marks.of(node) is not None for node in nodes)
    return {str(node) for node in nodes if one.marks.of(node) != other.marks.of(node)}


def test_the_same_schema_has_the_same_marks() -> None:
    assert differing(tree()) == set()


def test_a_remark_and_a_target_change_nothing() -> None:
    edited = tree()
    edited["nodes"][0]["comment"] = "shop"
    edited["nodes"][0]["columns"][1]["description"] = "price"
    edited["targets"] = {"mean_in_range": {"table": "t", "column": "price", "min": 0}}
    assert differing(edited) == set()


def test_a_column_and_what_reads_it() -> None:
    edited = tree()
    edited["nodes"][0]["columns"][1]["generator"]["distribution"]["params"]["mean"] = 6
    assert differing(edited) == {"t.price", "f.price"}


def test_columns_in_an_order_hang_on_each_other() -> None:
    edited = tree()
    edited["nodes"][1]["columns"][3]["generator"]["distribution"]["params"]["mean"] = 6
    assert differing(edited) >= {"f.low", "f.high"}
    assert "f.stars" not in differing(edited)


def test_the_number_of_children_is_a_matter_of_the_child() -> None:
    edited = tree()
    edited["nodes"][1]["fanout"]["max"] = 4
    found = differing(edited)
    assert "rows of f" in found
    assert not found & {"t.price", "t.kind", "rows of t"}


def test_rows_of_the_parent_move_the_counts_and_no_value_of_the_parent() -> None:
    edited = tree()
    edited["nodes"][0]["rows"] = 2_000
    assert {"rows of t", "rows of f"} <= differing(edited)
    assert "t.price" not in differing(edited)


@pytest.mark.parametrize("key", ["seed", "timeframe"])
def test_the_seed_and_the_timeframe_move_everything(key: str) -> None:
    edited = tree()
    if key == "timeframe":
        edited["timeframe"] = {**edited["timeframe"], "end": "2025-01-31"}
        assert len(differing(edited)) == 10
    else:
        assert len(differing(edited, seed=7)) == 10


def test_a_plan_takes_over_what_holds() -> None:
    one = planned(tree())
    rows = one.tables["f"].rows
    one.whole("t", "kind")
    one.whole("t", "price")
    edited = tree()
    edited["nodes"][0]["columns"][1]["generator"]["distribution"]["params"]["mean"] = 6
    other = planned(edited)
    other.take_over(one)
    assert other.is_kept("t", "kind")
    assert not other.is_kept("t", "price")
    assert other.store.has(("children", "f"))
    assert other.tables["f"].rows == rows
    assert other.whole("t", "price").to_list() == planned(edited).whole("t", "price").to_list()
