from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.errors import Cancelled, RunError
from datagen_engine.planning.counts import Children, Counted
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.table import ColumnPlan
from tests.drawing import batch, plan_of, small_blocks, whole
from tests.engine.small import Array, Tree, column, fact, schema, table

FANOUTS: dict[str, Tree | None] = {
    "poisson": {"distribution": "poisson", "lambda": 1.3},
    "clamped": {"distribution": "poisson", "lambda": 1.3, "min": 1, "max": 4},
    "uniform": {"distribution": "uniform", "min": 0, "max": 3},
    "none": {"distribution": "poisson", "lambda": 0},
    "one": None,
}


def made(fanout: Tree | None, rows: int) -> Plan:
    child = fact() if fanout is None else fact(fanout=fanout)
    return plan_of(schema(table(rows=rows), child))


def children(plan: Plan) -> Children:
    found = plan.tables["f"].children
    assert found is not None
    return found


def every_parent(plan: Plan) -> Array:
    """The parent of every row, the plain way: each parent as often as it has children."""
    parents = plan.tables["t"].rows
    return np.repeat(np.arange(parents), children(plan).counts(Rows.run(0, parents)))


# Several blocks of parents, and several of children.
PLANS = {name: made(fanout, 3 * BLOCK + 17) for name, fanout in FANOUTS.items()}
PARENTS = {name: every_parent(plan) for name, plan in PLANS.items()}


@pytest.mark.parametrize("name", FANOUTS)
def test_rows_are_the_sum_of_the_counts(name: str) -> None:
    assert PLANS[name].tables["f"].rows == len(PARENTS[name])
    assert children(PLANS[name]).before.tolist() == [
        int(np.searchsorted(PARENTS[name], first))
        for first in [*range(0, 3 * BLOCK + 17, BLOCK), PLANS[name].tables["t"].rows]
    ]


@given(st.sampled_from(sorted(FANOUTS)), st.data())
def test_the_parents_of_a_run_agree_with_brute_force(name: str, data: st.DataObject) -> None:
    size = len(PARENTS[name])
    start = data.draw(st.integers(0, size))
    stop = data.draw(st.integers(start, size))
    parents, place = children(PLANS[name]).parents(Rows.run(start, stop))
    assert parents.is_run
    assert (parents.numbers()[place] == PARENTS[name][start:stop]).all()
    assert len(parents) == 0 or set(place) >= {0, len(parents) - 1}  # no more parents than are needed


@given(st.sampled_from(sorted(FANOUTS)), st.data())
def test_the_parents_of_listed_rows_agree_with_brute_force(name: str, data: st.DataObject) -> None:
    size = len(PARENTS[name])
    rows = data.draw(st.lists(st.integers(0, size - 1), max_size=50)) if size else []
    numbers = np.array(rows, dtype=np.int64)
    parents, place = children(PLANS[name]).parents(Rows.listed(numbers))
    assert (parents.numbers()[place] == PARENTS[name][numbers]).all()


@given(st.sampled_from(sorted(FANOUTS)), st.data())
def test_children_are_numbered_within_their_parent(name: str, data: st.DataObject) -> None:
    size = len(PARENTS[name])
    start = data.draw(st.integers(0, size))
    stop = data.draw(st.integers(start, min(size, start + 500)))
    found = children(PLANS[name]).numbers_within(Rows.run(start, stop))
    parents = PARENTS[name]
    assert found.tolist() == [row - int(np.searchsorted(parents, parents[row])) for row in range(start, stop)]


def test_a_count_is_the_same_alone_and_among_others() -> None:
    some = np.array([20_000, 3, 8_192, 8_191, 3])
    for plan in PLANS.values():
        counts = children(plan).counts(Rows.run(0, plan.tables["t"].rows))
        assert (children(plan).counts(Rows.listed(some)) == counts[some]).all()


def test_the_counts_need_no_column(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: ColumnPlan, at: object) -> None:
        raise AssertionError("a column was drawn to count rows")

    monkeypatch.setattr(ColumnPlan, "values", refuse)
    plan = made(FANOUTS["poisson"], 20_000)
    assert plan.tables["f"].rows == len(PARENTS["poisson"][PARENTS["poisson"] < 20_000])


@pytest.mark.parametrize("name", FANOUTS)
def test_without_parents_there_are_no_children(name: str) -> None:
    plan = made(FANOUTS[name], 0)
    assert plan.tables["f"].rows == 0
    assert whole(plan, "f").num_rows == 0
    parents, place = children(plan).parents(Rows.run(0, 0))
    assert len(parents) == len(place) == 0


def test_a_block_of_parents_without_any_child_is_passed_over() -> None:
    """Only the parents beyond the first two blocks have children."""
    late = column("late", "float", {"expression": {"code": f"1 if id > {2 * BLOCK} else 0"}})
    table_of_one = {"id": "e", "kind": "vocab", "pk": "flag", "columns": [
        column("flag", "float", {"enum_list": {"values": [1.0, 0.0]}}),
        column("factor", "float", {"enum_list": {"values": [2.0, 0.0]}}),
    ]}  # fmt: skip
    effect = {"effect_table": "e", "on": {"late": "flag"}, "map": {"field": "factor", "op": "mul"}}
    many = {"distribution": "uniform", "min": 1, "max": 1}
    child = fact(column("of", "int", {"lookup": {"from": "t.id"}}), fanout=many)
    tree = schema(table_of_one, table(late, rows=2 * BLOCK + 3), child)
    tree["nodes"][2]["modifiers"] = [{"transform": "effect", "args": effect}]
    plan = plan_of(tree)
    expected = [2 * BLOCK + i for i in (1, 1, 2, 2, 3, 3)]
    assert whole(plan, "f")["of"].to_pylist() == expected
    assert batch(plan, "f", 5, 6)["of"].to_pylist() == expected[5:]


def test_one_parent_may_have_a_hundred_million_children() -> None:
    many = {"distribution": "uniform", "min": 10**8, "max": 10**8}
    plan = plan_of(
        schema(table(rows=1), fact(column("of", "int", {"lookup": {"from": "t.id"}}), fanout=many))
    )
    tracemalloc.start()
    try:
        assert plan.tables["f"].rows == 10**8
        last = batch(plan, "f", 10**8 - 100_000, 10**8)
        listed = plan.slice("f", Rows.listed(np.array([99_999_999, 5]))).column("of").to_list()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert last["id"][-1].as_py() == 10**8
    assert set(last["of"].to_pylist()) == {1}
    assert listed == [1, 1]
    assert peak < 32e6


def test_counting_stops_when_it_is_told_to() -> None:
    plan = made(FANOUTS["poisson"], 1_000_000)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    plan.cancelled = cancelled
    with pytest.raises(Cancelled):
        _ = plan.tables["f"].rows
    assert asked == 4


def exploding(
    factor: float, op: str = "mul", fanout: Tree | None = FANOUTS["poisson"], rows: int = 50
) -> Plan:
    """A fanout that an effect blows up, so that no expected count shows it."""
    values = {"enum_list": {"values": [factor]}}
    events = {"id": "e", "kind": "vocab", "pk": "factor", "columns": [column("factor", "float", values)]}
    effect = {"effect_table": "e", "on": {}, "map": {"field": "factor", "op": op}}
    child = fact() if fanout is None else fact(fanout=fanout)
    child["modifiers"] = [{"transform": "effect", "args": effect}]
    return plan_of(schema(events, table(rows=rows), child))


EXPLODING = [
    # Nothing times anything is nothing, and what is added stays below a `max`.
    *((FANOUTS[name], "mul") for name in FANOUTS if name != "none"),
    *((FANOUTS[name], "add") for name in ("poisson", "none", "one")),
    ({"distribution": "uniform", "min": 1, "max": 10**12}, "mul"),
]


@pytest.mark.parametrize(("fanout", "op"), EXPLODING)
@pytest.mark.parametrize("factor", [1e13, 1e19, 1e300, 1.7e308])
def test_counts_beyond_all_measure_are_refused(factor: float, fanout: Tree | None, op: str) -> None:
    with pytest.raises(RunError, match=r"'f' would have .*rows.*; a table has at most 1.0 trillion"):
        _ = exploding(factor, op, fanout).tables["f"].rows


def test_counts_that_are_too_many_only_together_are_refused() -> None:
    """Each parent's count is possible; the sum passes the limit long before it would pass 64 bits."""
    plan = exploding(1e9, fanout={"distribution": "uniform", "min": 100, "max": 100}, rows=10**6)
    with pytest.raises(RunError, match=r"at most 1\.0 trillion"):
        _ = plan.tables["f"].rows


def test_the_first_children_need_the_first_parents_only() -> None:
    fanout = {"distribution": "poisson", "lambda": 2.0}
    with small_blocks():
        of = plan_of(schema(table(rows=500), fact(fanout=fanout), fact(id="g", parent="f", fanout=fanout)))
        asked = of.tables["g"].upto(20)
        assert asked == 20
        counted = of.store.memo(("children", "f"), Counted)
        assert counted.parents < 500
        everything = of.tables["g"].rows
        assert of.tables["g"].upto(10**9) == everything
        assert counted.parents == 500
