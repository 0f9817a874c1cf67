from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from datagen_engine.draw.nodes import ColumnNode, CountNode, PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.errors import Cancelled, UsageError
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.table import ColumnPlan
from tests.drawing import plan_of, whole
from tests.engine.small import Tree, column, fact, schema, table, vocabulary

THREE = {"distribution": "uniform", "min": 3, "max": 3}


def lookup(source: str, **more: Any) -> Tree:
    return {"lookup": {"from": source, **more}}


def shop(**more: Any) -> Tree:
    """Items of orders of customers of regions, and promotions used for their effect only."""
    effect = {"effect_table": "promo", "on": {}, "map": {"field": "factor", "op": "mul"}}
    price = {"distribution": {"type": "uniform", "params": {"low": 1, "high": 2}, "clamp": [1, 2]}}
    return schema(
        fact(column("of", "int", lookup("order.id")), id="item", parent="order", fanout=THREE),
        fact(column("of", "int", lookup("customer.id")), id="order", parent="customer", fanout=THREE),
        table(
            column("region", "string", {"choice": {"choices_ref": "region.name"}}),
            column("spent", "float", price, {"effect": effect}),
            id="customer",
            rows=20,
        ),
        vocabulary("region", name=["north", "south"]),
        table(column("factor", "float", {"choice": {"choices": [2.0]}}), id="promo", rows=5),
        **more,
    )


def test_tables_are_written_after_those_they_need() -> None:
    plan = plan_of(shop())
    assert plan.levels == [["region", "promo"], ["customer"], ["order"], ["item"]]
    assert plan.order == ["region", "promo", "customer", "order", "item"]
    assert [plan.tables[name].level for name in plan.order] == [0, 0, 1, 2, 3]
    assert {name: list(plan.dependencies(name)) for name in plan.order} == {
        "region": [], "promo": [], "customer": ["region", "promo"], "order": ["customer"], "item": ["order"],
    }  # fmt: skip


def test_a_given_order_of_writing_is_kept() -> None:
    dag = [["promo"], ["region"], ["customer"], ["order"], ["item"]]
    assert plan_of(shop(dag=dag)).levels == dag


def test_two_tables_may_refer_to_each_other_s_keys() -> None:
    one = table(column("two_id", "int", lookup("two.id")), id="one", rows=9)
    two = table(column("one_id", "int", lookup("one.id")), id="two", rows=4)
    plan = plan_of(schema(one, two))
    assert plan.levels == [["one", "two"]]
    assert set(whole(plan, "one")["two_id"].to_pylist()) <= {1, 2, 3, 4}


def test_the_graph_holds_columns_picks_and_counts() -> None:
    graph = plan_of(shop()).graph()
    pick = PickNode("order", "customer", "first parent")
    assert graph[ColumnNode("order", "of")] == (pick, ColumnNode("customer", "id"))
    assert graph[pick] == (CountNode("order"),)
    assert graph[CountNode("order")] == (CountNode("customer"),)
    assert ColumnNode("promo", "factor") in graph[ColumnNode("customer", "spent")]
    assert graph[ColumnNode("item", "id")] == ()
    assert [str(node) for node in graph[ColumnNode("order", "of")]] == [
        "pick of customer in order",
        "customer.id",
    ]


def test_scale_multiplies_tables_without_parents() -> None:
    plan = plan_of(shop(), scale=3)
    assert {name: plan.tables[name].rows for name in plan.tables} == {
        "item": 540, "order": 180, "customer": 60,
        "region": 2,  # a vocabulary
        "promo": 5,  # used for its effects only
    }  # fmt: skip
    assert plan_of(shop(), scale=0.001).tables["customer"].rows == 1


def test_rows_by_hand_come_before_scale() -> None:
    assert plan_of(shop(), scale=3, rows={"customer": 7}).tables["order"].rows == 21
    assert plan_of(shop(), rows={"customer": 0}).tables["item"].rows == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rows": {"nobody": 5}}, "there is no table 'nobody'; tables are item, order"),
        ({"rows": {"order": 5}}, "the rows of 'order' follow from its parents"),
        ({"rows": {"region": 5}}, "the rows of 'region' follow from its values"),
        ({"rows": {"customer": -1}}, "a number of rows is at least 0"),
        ({"scale": 0}, "the scale must be above 0 and below a billion; found 0"),
        ({"scale": -1}, "found -1"),
        ({"scale": float("nan")}, "found nan"),
        ({"scale": float("inf")}, "found inf"),
        ({"scale": 1e9}, "below a billion"),
    ],
)
def test_numbers_of_rows_that_make_no_sense_are_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        plan_of(shop(), **options)


def test_another_seed_draws_other_values_and_the_same_keys() -> None:
    one, two = (whole(plan_of(shop(), seed=seed), "customer") for seed in (1, 2))
    assert one["id"] == two["id"]
    assert one["spent"] != two["spent"]
    big = whole(plan_of(shop(), seed=-(10**30)), "customer")
    assert big["spent"] != one["spent"]


def test_the_outline_is_json_and_needs_nothing_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: ColumnPlan, at: object) -> None:
        raise AssertionError("a column was drawn for the outline")

    monkeypatch.setattr(ColumnPlan, "values", refuse)
    outline = json.loads(json.dumps(plan_of(shop()).outline()))
    assert outline["rows"] == 20 + 60 + 180 + 2 + 5
    assert outline["bytes"] == sum(entry["bytes"] for entry in outline["tables"])
    item = outline["tables"][-1]
    assert item == {**item, "table": "item", "level": 3, "rows": 180, "exact": False, "needs": ["order"]}
    assert outline["tables"][2]["exact"]


def test_the_outline_of_what_explodes_stays_finite() -> None:
    many = {"distribution": "poisson", "lambda": 1e9}
    chain = [fact(id=f"f{i}", parent=f"f{i - 1}" if i else "t", fanout=many) for i in range(40)]
    outline = plan_of(schema(table(rows=10**15), *chain)).outline()
    assert outline["tables"][-1]["rows"] == 10**18
    assert json.loads(json.dumps(outline)) == outline


def test_a_plan_travels() -> None:
    plan = plan_of(shop(), seed=3, scale=2, rows={"promo": 8})
    again: Plan = pickle.loads(pickle.dumps(plan))  # noqa: S301  # our own bytes
    assert (again.seed, again.scale, again.asked_rows) == (3, 2, {"promo": 8})
    assert whole(again, "item") == whole(plan, "item")
    # Also after it has drawn, with all that it has kept.
    third: Plan = pickle.loads(pickle.dumps(again))  # noqa: S301
    assert whole(third, "customer") == whole(plan, "customer")


def test_a_whole_column_is_drawn_once() -> None:
    plan = plan_of(shop())
    assert not plan.is_kept("customer", "spent")
    kept = plan.whole("customer", "spent")
    assert plan.is_kept("customer", "spent")
    assert plan.whole("customer", "spent") is kept
    at = plan.slice("customer", Rows.run(0, 20))
    assert at.column("spent").to_list() == kept.to_list()


def test_a_whole_column_of_no_rows_has_its_type() -> None:
    plan = plan_of(shop(), rows={"customer": 0})
    for name, type in (("spent", "float"), ("region", "string"), ("id", "int")):
        kept = plan.whole("customer", name)
        assert (kept.type, len(kept)) == (type, 0)


def test_drawing_a_whole_column_can_be_stopped() -> None:
    plan = plan_of(shop())
    plan.cancelled = lambda: True
    with pytest.raises(Cancelled, match="stopped before it was finished"):
        plan.whole("customer", "spent")
    plan.cancelled = lambda: False
    assert len(plan.whole("customer", "spent")) == 20


def test_only_what_other_tables_read_at_random_counts_as_memory() -> None:
    plan = plan_of(shop(), scale=1000)
    assert plan.size("customer").memory == 0  # its key is a sequence
    reader = table(column("spent", "float", lookup("customer.spent")), id="reader", rows=9)
    tree = shop()
    tree["nodes"].append(reader)
    assert plan_of(tree, scale=1000).size("customer").memory == 20_000 * 8
