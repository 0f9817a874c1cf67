from __future__ import annotations

import pytest

from datagen_engine.checking.context import Context
from datagen_engine.checking.graph import needs_graph
from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.planning.plan import Plan
from datagen_engine.resources import examples
from datagen_engine.schema.reading import read_schema
from datagen_engine.schema.text import read
from tests.engine.checking.judging import (
    Found,
    check,
    column,
    fact,
    fixed,
    judge,
    schema,
    table,
    told,
    uniform,
    vocabulary,
    when,
)

SEASON = {"seasonality": {"dimension": "dow", "weights": [1, 1, 1, 1, 1, 2, 2]}}


def code(text: str) -> dict[str, dict[str, str]]:
    return {"expression": {"code": text}}


@pytest.mark.parametrize(
    ("tree", "expected", "way"),
    [
        (
            schema(table(column("a", "float", code("b + 1")), column("b", "float", code("a - 1")))),
            [("cycle", "/nodes/0/columns/1/generator")],
            "t.a needs t.b, which needs t.a",
        ),
        (
            schema(table(column("a", "int", {"lookup": {"from": "t.a"}}))),
            [("cycle", "/nodes/0/columns/1/generator")],
            "t.a needs t.a",
        ),
        (
            schema(
                table(column("x", "int", {"lookup": {"from": "u.y"}}), id="t"),
                table(column("y", "int", {"lookup": {"from": "t.x"}}), id="u"),
            ),
            [("cycle", "/nodes/0/columns/1/generator")],
            "t.x needs u.y, which needs t.x",
        ),
        (
            schema(fact(id="a", parent="b"), fact(id="b", parent="a")),
            [("cycle", "/nodes/0/parents/0")],
            "the number of rows of a needs the number of rows of b, which needs the number of rows of a",
        ),
        (
            schema(fact(id="a", parent="a")),
            [("cycle", "/nodes/0/parents/0")],
            "the number of rows of a needs",
        ),
    ],
)
def test_circles_are_told_with_the_whole_way(tree: object, expected: Found, way: str) -> None:
    found = judge(tree, expected)
    assert way in found[0].message


def test_tables_that_refer_to_each_others_keys_are_no_circle() -> None:
    judge(
        schema(
            table(column("x", "int", {"lookup": {"from": "u.id"}}), id="t"),
            table(column("y", "int", {"lookup": {"from": "t.id"}}), id="u"),
        ),
        [],
    )


def test_a_time_that_depends_on_itself() -> None:
    tree = schema(
        table(
            column("hours", "float", uniform(1, 5), SEASON),
            column("ends", "datetime", code("starts + hours(hours)")),
            column("starts", "datetime", when),
        )
    )
    found = judge(tree, [("time-depends-on-itself", "/nodes/0/columns/1/modifiers/0")], fix=True)
    assert "t.hours needs t.ends, which needs t.hours" in found[0].message
    assert found[0].fix is not None
    assert found[0].fix.edits[0].after == "starts"
    assert told(fixed(tree, found[0])) == []


def test_a_time_that_depends_on_itself_and_no_other_time() -> None:
    tree = schema(
        table(
            column("days", "float", uniform(1, 5), SEASON),
            column("ends", "datetime", code("'2024-01-01' + days(days)")),
        )
    )
    assert ("time-depends-on-itself", "/nodes/0/columns/1/modifiers/0") in told(tree)


def test_a_circle_beside_another_problem() -> None:
    tree = schema(
        table(
            column("a", "float", code("b + 1")),
            column("b", "float", code("a - 1")),
            column("c", "float", {"distribution": {"type": "normal"}}),
        )
    )
    assert ("cycle", "/nodes/0/columns/1/generator") in told(tree)


@pytest.mark.parametrize("name", examples())
def test_the_graph_has_every_edge_of_the_plan(name: str) -> None:
    reading = read_schema(read(examples()[name].read_bytes()).tree)
    assert reading.schema is not None
    graph = needs_graph(Context(reading, reading.schema, 42, 1.0, None))
    exact = Plan(reading.schema).graph()

    def through(node: Node) -> set[Node]:
        """What a node stands for without picks: those pass on what they need."""
        return set().union(*map(through, exact.get(node, ()))) if isinstance(node, PickNode) else {node}

    for node, needs in exact.items():
        if isinstance(node, PickNode):
            continue
        wanted = set().union(*map(through, needs)) if needs else set()
        reached = set(graph.get(node, ()))
        # A column is drawn for the rows there are: that its own table is counted first is no edge of the check.
        own = {CountNode(node.table)} if isinstance(node, ColumnNode) else set()
        assert wanted <= reached | own, f"{node} needs {[str(n) for n in wanted - reached - own]}"


def test_a_circle_through_the_number_of_rows() -> None:
    events = vocabulary("e", k=["a"], factor=[2.0])
    effect = {
        "transform": "effect",
        "args": {"effect_table": "m", "on": {}, "map": {"field": "total", "op": "mul"}},
    }
    middle = table(column("total", "float", {"lookup": {"from": "f.amount"}}), id="m", rows=5)
    tree = schema(events, table(), fact(column("amount", "float", uniform(0, 2)), modifiers=[effect]), middle)
    found = check(tree)
    assert [problem.code for problem in found] == ["cycle"]
    assert "the number of rows of f" in found[0].message
