"""What the data says of its rows, against what the plan that drew them says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Clock
from datagen_engine.planning.plan import Plan
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.view import RowView
from tests.drawing import plan_of
from tests.engine.small import column, fact, schema, table
from tests.engine.validation.behaviour.market import market
from tests.engine.validation.behaviour.memory import Data, Memory, drawn


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(market(300), seed=2)


@pytest.fixture(scope="module")
def data(plan: Plan) -> Data:
    return drawn(plan)


def view(plan: Plan, data: Data, table: str) -> RowView:
    return RowView.of_table(DataTables(Memory(plan, data)), table)


def test_columns_parents_times_and_picks(plan: Plan, data: Data) -> None:
    own, drawn_by = view(plan, data, "ticket"), plan.slice("ticket", Rows.run(0, data["ticket"].num_rows))
    assert own.column("region").to_list() == drawn_by.column("region").to_list()
    assert own.parent("amount").to_list() == drawn_by.parent("amount").to_list()
    assert own.parent("segment", 2).to_list() == drawn_by.parent("segment", 2).to_list()
    for clock in (
        plan.resolver.tables.clock("ticket"),
        Clock(1, "placed_at"),
        Clock(2, "joined_on"),
        Clock(0, None, 7),
    ):
        assert own.time(clock).to_list() == drawn_by.time(clock).to_list()
    orders, by = view(plan, data, "order"), plan.slice("order", Rows.run(0, data["order"].num_rows))
    for pick in plan.tables["order"].picks:
        name = "kind" if pick.target == "product" else "segment"
        assert orders.picked(pick, name).to_list() == by.picked(pick, name).to_list()
    assert orders.row_count("product") == 400


def test_rows_may_stand_in_any_order(plan: Plan, data: Data) -> None:
    order = np.random.default_rng(3).permutation(data["order"].num_rows)
    mixed = {**data, "order": data["order"].take(pa.array(order))}
    found = view(plan, mixed, "ticket").parent("amount").to_list()
    assert found == view(plan, data, "ticket").parent("amount").to_list()


def test_taken_rows_answer_for_themselves(plan: Plan, data: Data) -> None:
    every = view(plan, data, "ticket")
    places = np.array([5, 5, 0, 17])
    some = every.take(places)
    assert len(some) == 4
    assert some.rows.numbers().tolist() == places.tolist()
    assert some.parent("region").to_list() == every.parent("region").take(places).to_list()
    twice = some.take(np.array([3, 1]))
    assert twice.column("region").to_list() == every.column("region").take(np.array([17, 5])).to_list()


def test_orphans_have_no_parent(plan: Plan, data: Data) -> None:
    keys = data["ticket"].column("order_id").to_numpy().copy()
    keys[3] = -7
    field = data["ticket"].schema.field("order_id")
    place = data["ticket"].schema.get_field_index("order_id")
    lost = {**data, "ticket": data["ticket"].set_column(place, field, pa.array(keys))}
    values = view(plan, lost, "ticket").parent("amount")
    assert values.to_list()[3] is None
    assert not values.mask()[3]
    assert values.mask().sum() == len(keys) - 1


def test_what_the_data_does_not_tell(plan: Plan, data: Data) -> None:
    lost = {**data, "ticket": data["ticket"].drop_columns(["order_id", "region"])}
    at = view(plan, lost, "ticket")
    with pytest.raises(Unknown, match="missing"):
        at.column("order_id")
    with pytest.raises(Unknown, match="no column of 'ticket' tells"):
        at.parent("amount")


def test_a_copied_column_answers_where_no_key_does() -> None:
    child = fact(column("said", "string", {"lookup": {"from": "t.word"}}))
    plan = plan_of(
        schema(table(column("word", "string", {"choice": {"choices": ["a", "b"]}}), rows=50), child)
    )
    at = view(plan, drawn(plan), "f")
    assert at.parent("word").to_list() == at.column("said").to_list()
    with pytest.raises(Unknown):
        at.parent("id")
