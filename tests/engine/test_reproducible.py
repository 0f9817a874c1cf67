"""The same seed gives the same data, however the work is cut: over random schemas."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.slice import TableSlice
from datagen_engine.planning.table import ColumnPlan
from datagen_engine.run.run import run_plan
from tests.drawing import batch, plan_of, small_blocks, small_files, whole
from tests.strategies import Json, examples, schemas


@pytest.fixture(autouse=True)
def _many_blocks() -> Iterator[None]:
    """A table of forty rows fills several blocks and several kept stretches."""
    with small_blocks():
        yield


def tables_of(plan: Plan) -> dict[str, pa.RecordBatch]:
    return {table: whole(plan, table) for table in plan.tables}


def assert_same(found: pa.RecordBatch, expected: pa.RecordBatch) -> None:
    for name in expected.schema.names:
        assert found[name].to_pylist() == expected[name].to_pylist(), name


@examples()
@given(schemas(), st.data())
def test_any_rows_drawn_alone_are_those_of_the_whole(tree: Json, data: st.DataObject) -> None:
    drawn = tables_of(plan_of(tree))
    table = data.draw(st.sampled_from(sorted(drawn)))
    size = drawn[table].num_rows
    numbers = data.draw(st.lists(st.integers(0, max(size - 1, 0)), max_size=20 if size else 0))
    start = data.draw(st.integers(0, size))
    stop = data.draw(st.integers(start, size))
    # Fresh plans, in which nothing is drawn yet.
    assert_same(batch(plan_of(tree), table, start, stop), drawn[table].slice(start, stop - start))
    listed = plan_of(tree).slice(table, Rows.listed(np.array(numbers, dtype=np.int64)))
    for name in data.draw(st.permutations(drawn[table].schema.names)):
        expected = [drawn[table][name][number].as_py() for number in numbers]
        assert listed.column(name).to_list() == expected, name


@examples(0.2)
@given(schemas(most_tables=3))
def test_the_bytes_do_not_depend_on_the_number_of_workers(tree: Json) -> None:
    written = []
    for workers in (1, 2, 4):
        with TemporaryDirectory() as folder, small_files():
            home = Path(folder) / "out"
            run_plan(plan_of(tree), "", tree, home, workers=workers)
            files = {p.relative_to(home): p.read_bytes() for p in home.rglob("*") if p.is_file()}
            written.append(files)
    assert written[0] == written[1] == written[2]


@examples(0.5)
@given(schemas(), st.data())
def test_the_order_of_tables_changes_nothing(tree: Json, data: st.DataObject) -> None:
    other = {**tree, "nodes": data.draw(st.permutations(tree["nodes"]))}
    expected = tables_of(plan_of(tree))
    for table, found in tables_of(plan_of(other)).items():
        assert_same(found, expected[table])


@examples(0.5)
@given(schemas(), st.data())
def test_a_column_more_leaves_the_others(tree: Json, data: st.DataObject) -> None:
    other = copy.deepcopy(tree)
    node = data.draw(st.sampled_from(other["nodes"]))
    normal = {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}
    column = {"name": "more", "type": "float", "generator": {"distribution": normal}}
    node["columns"].insert(data.draw(st.integers(0, len(node["columns"]))), column)
    found = tables_of(plan_of(other))
    for table, expected in tables_of(plan_of(tree)).items():
        assert_same(found[table], expected)


@examples()
@given(schemas(), st.data())
def test_fewer_rows_are_a_prefix_where_nothing_picks_from_them(tree: Json, data: st.DataObject) -> None:
    plan = plan_of(tree)
    roots = [t.id for t in plan.schema.nodes if t.kind != "vocab" and not t.parents]
    if not roots:
        return
    root = data.draw(st.sampled_from(roots))
    fewer = data.draw(st.integers(0, plan.tables[root].rows))
    smaller = plan_of(tree, rows={root: fewer})
    for table in plan.tables:
        if root in picked_from(plan, table):
            continue  # a row may pick among more rows
        rows = smaller.tables[table].rows
        assert rows <= plan.tables[table].rows
        assert_same(whole(smaller, table), whole(plan, table).slice(0, rows))


def picked_from(plan: Plan, table: str) -> set[str]:
    """Return the tables whose number of rows a table's values may depend on, beyond the way up to its parents."""
    graph = plan.graph()
    own = [table, *plan.resolver.tables.ancestors(table)]
    start: list[Node] = [ColumnNode(table, name) for name in plan.tables[table].columns]
    seen = reached(graph, start, lambda node: isinstance(node, CountNode) and node.table in own)
    found = set()
    for node in seen:
        if isinstance(node, CountNode) and node.table not in own:
            found |= {node.table, *plan.resolver.tables.ancestors(node.table)}
        chosen = ""
        if isinstance(node, PickNode) and not plan.tables[node.table].picks[node].is_parent:
            chosen = node.target
        if isinstance(node, ColumnNode):
            column = plan.schema.column(node.table, node.column)
            chosen = (getattr(column and column.generator, "choices_ref", None) or "").partition(".")[0]
        if chosen:
            found |= {chosen, *plan.resolver.tables.ancestors(chosen)}
    # What a parent's number of children is made from is read at the parent's rows, whatever their number.
    for parent in own:
        for node in graph[CountNode(parent)]:
            if isinstance(node, CountNode) and node.table not in own:
                found.add(node.table)
    return found


@examples(0.5)
@given(schemas(), st.data())
def test_rows_asked_for_are_rows_of_the_schema(tree: Json, data: st.DataObject) -> None:
    roots = [node for node in tree["nodes"] if "rows" in node]
    if not roots:
        return
    node = data.draw(st.sampled_from(roots))
    rows = data.draw(st.integers(1, 30))
    other = copy.deepcopy(tree)
    next(n for n in other["nodes"] if n["id"] == node["id"])["rows"] = rows
    expected = tables_of(plan_of(other))
    for table, found in tables_of(plan_of(tree, rows={node["id"]: rows})).items():
        assert_same(found, expected[table])


@examples(0.5)
@given(schemas())
def test_a_plan_draws_the_same_after_a_journey(tree: Json) -> None:
    plan = plan_of(tree, seed=7)
    expected = tables_of(plan)
    arrived: Plan = pickle.loads(pickle.dumps(plan))  # noqa: S301  # our own bytes
    for table, found in tables_of(arrived).items():
        assert_same(found, expected[table])


@examples(0.5)
@given(schemas())
def test_the_last_stage_is_what_is_written(tree: Json) -> None:
    plan = plan_of(tree)
    for table, expected in tables_of(plan).items():
        at = plan.slice(table, Rows.run(0, plan.tables[table].rows))
        for column in plan.tables[table].columns.values():
            assert column.staged(at)[-1][1].to_list() == expected[column.name].to_pylist()


@examples()
@given(schemas())
def test_the_graph_names_all_that_is_read(tree: Json) -> None:
    """Cycles are found, and what to draw again is known, from the graph alone: it must hold every edge."""
    plan = plan_of(tree)
    graph = plan.graph()
    read: set[tuple[Node, Node]] = set()
    with ExitStack() as stack:
        spy(stack, read)
        for table in plan.tables:
            whole(plan_of(tree), table)
    for reader, node in read:
        assert node in reached(graph, [reader]), f"{reader} reads {node}"


def spy(stack: ExitStack, read: set[tuple[Node, Node]]) -> None:
    """Note which column's values are asked for while which other's are made."""
    asking: list[Node] = []
    values = ColumnPlan.values
    column = TableSlice.column

    def looked(self: TableSlice, name: str) -> Any:
        node = ColumnNode(self.table.id, name)
        if asking and asking[-1] != node:
            read.add((asking[-1], node))
        return column(self, name)

    def made(self: ColumnPlan, at: TableSlice) -> Any:
        asking.append(ColumnNode(at.table.id, self.name))
        try:
            return values(self, at)
        finally:
            asking.pop()

    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(TableSlice, "column", looked)
    patch.setattr(ColumnPlan, "values", made)


def reached(
    graph: dict[Node, tuple[Node, ...]], start: list[Node], stops: Callable[[Node], bool] = lambda node: False
) -> set[Node]:
    """Return all nodes on the ways from some, these included; no way goes on from one that `stops`."""
    seen: set[Node] = set()
    coming = list(start)
    while coming:
        node = coming.pop()
        if node not in seen:
            seen.add(node)
            if not stops(node):
                coming += graph.get(node, ())
    return seen
