"""The checks as a whole: lost tables, data of others, odd data, cancelling, and what the records say."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from datagen_engine.planning.plan import Plan
from datagen_engine.validation.behaviour.verdict import FALSE_ALARM, TARGET_ALARM
from datagen_engine.validation.faults import DataFault
from datagen_engine.validation.score import false_alarm_rate
from tests.drawing import plan_of
from tests.engine.small import column, schema, table
from tests.engine.validation.behaviour.market import market
from tests.engine.validation.behaviour.memory import (
    Data,
    Memory,
    behavioural_checks,
    changed,
    drawn,
    failing,
    judged,
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(market(800), seed=4)


@pytest.fixture(scope="module")
def data(plan: Plan) -> Data:
    return drawn(plan)


def test_records_say_what_they_must(plan: Plan, data: Data) -> None:
    for record in judged(plan, data).values():
        assert record.category == "behavioural"
        assert record.title
        assert record.path
        assert record.message.endswith(".")
        json.dumps(record.to_json())
        if record.status == "pass":
            assert record.rows_checked > 0
            assert record.miss == 0
            assert 0 < record.details["false_alarm_rate"] <= TARGET_ALARM
        else:
            assert record.status == "skipped"
            assert record.message.startswith("Not judged: ")
        if record.plot is not None:
            plot = record.plot
            assert len(plot.labels) == len(plot.expected) == len(plot.observed) <= 201
            assert plot.text.endswith(".")


def test_every_promise_is_judged_or_said_to_be_none(plan: Plan, data: Data) -> None:
    records = judged(plan, data)
    for node in plan.schema.nodes:
        for one in node.columns:
            assert any(
                record.columns[:1] == (one.name,) and record.table == node.id for record in records.values()
            )


def test_paths_lead_into_the_schema(plan: Plan, data: Data) -> None:
    tree = market(800)
    for record in judged(plan, data).values():
        here: Any = tree
        for step in record.path:
            if step in ("fanout", "null_rate", "modifiers") and step not in here:
                break  # a default that the schema leaves out
            here = here[step]


def test_the_rate_of_false_alarms_is_told(plan: Plan, data: Data) -> None:
    records = list(judged(plan, data).values())
    shapes = sum(record.details.get("false_alarm_rate") == FALSE_ALARM for record in records)
    targets = sum(record.details.get("false_alarm_rate") == TARGET_ALARM for record in records)
    assert shapes > 40
    assert targets >= 5
    assert false_alarm_rate(records) == pytest.approx(shapes * FALSE_ALARM + targets * TARGET_ALARM, rel=0.05)
    assert false_alarm_rate([]) == 0


def test_a_lost_table_leaves_its_checks_unjudged(plan: Plan, data: Data) -> None:
    left = {name: table for name, table in data.items() if name not in ("sale", "order")}
    records = judged(plan, left)
    assert not failing(records)
    assert records["distribution:order.tip"].status == "skipped"
    assert "missing" in records["fanout:ticket"].message
    assert records["distribution:customer.height"].status == "pass"


def test_a_lost_column_too(plan: Plan, data: Data) -> None:
    left = {**data, "order": data["order"].drop_columns(["region", "tip"])}
    records = judged(plan, left)
    assert not failing(records)
    assert "order.region is missing" in records["effect:order.amount"].message
    assert "order.tip is missing" in records["distribution:order.tip"].message
    assert "order.tip is missing" in records["quantile_in_range:order.tip"].message
    assert records["segment:order.points"].status == "pass"


def test_the_order_of_the_rows_does_not_matter(plan: Plan, data: Data) -> None:
    generator = np.random.default_rng(2)
    mixed = {name: one.take(pa.array(generator.permutation(one.num_rows))) for name, one in data.items()}
    records = judged(plan, mixed, seeded=False)
    assert not failing(records)
    assert records["references:customer.mentor_id"].status == "skipped"


def test_data_of_another_seed_is_as_good(plan: Plan) -> None:
    other = drawn(plan_of(market(800), seed=99))
    records = judged(plan, other, seeded=False)
    assert not failing(records)
    assert records["distribution:order.placed_at"].status == "skipped"
    assert "depends on the seed" in records["distribution:order.placed_at"].message
    assert records["distribution:ticket.opened_at"].status == "pass"
    assert records["outliers:order.amount"].status == "pass"


def test_more_or_fewer_rows_than_planned_are_as_good(plan: Plan) -> None:
    other = drawn(plan_of(market(500), seed=4))
    assert not failing(judged(plan, other))


def test_other_widths_of_types_are_as_good(plan: Plan, data: Data) -> None:
    order = data["order"]
    for name, kind in (("points", pa.int32()), ("tip", pa.float32()), ("region", pa.large_string())):
        place = order.schema.get_field_index(name)
        order = order.set_column(place, name, order.column(name).cast(kind))
    place = order.schema.get_field_index("placed_at")
    order = order.set_column(place, "placed_at", order.column("placed_at").cast(pa.timestamp("ns")))
    assert not failing(judged(plan, {**data, "order": order}))


def test_empty_tables_are_not_judged(plan: Plan, data: Data) -> None:
    records = judged(plan, {**data, "customer": data["customer"].slice(0, 0)})
    assert records["shares:customer.segment"].status == "skipped"
    assert records["distribution:customer.height"].status == "skipped"
    assert records["fanout:order"].status == "skipped"


def test_data_that_cannot_be_read_to_its_end_breaks_its_checks_alone(plan: Plan, data: Data) -> None:
    class Torn(Memory):
        def batches(self, table, columns):  # type: ignore[no-untyped-def]  # as its base
            for number, batch in enumerate(super().batches(table, columns)):
                if table == "ticket" and number == 1:
                    raise DataFault("ticket.parquet ends too early")
                yield batch

    records = {record.id: record for record in behavioural_checks(Torn(plan, data, rows=500))}
    broken = {name for name, record in records.items() if record.status == "error"}
    assert broken
    assert all(records[name].table == "ticket" for name in broken)
    assert records["shares:ticket.severity"].message == "Could not be judged: ticket.parquet ends too early."


def test_a_check_that_goes_wrong_is_an_error_of_its_own(
    plan: Plan, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise ZeroDivisionError("something odd")

    monkeypatch.setattr("datagen_engine.validation.behaviour.shares.ShareShape.add", fall)
    monkeypatch.setattr("datagen_engine.validation.behaviour.children.ChildCounts.judge", fall)
    records = judged(plan, data)
    broken = {name for name, record in records.items() if record.status == "error"}
    assert {"shares:order.rating", "fanout:order", "fanout_segment:order"} <= broken
    assert records["shares:order.rating"].message == "Could not be judged: ZeroDivisionError: something odd."
    assert records["distribution:order.tip"].status == "pass"


def test_noise_that_leaves_the_window_is_reflected_where_an_order_bends_too() -> None:
    window = {"start": "2024-01-01T00:00:00Z", "end": "2024-01-03T00:00:00Z"}
    series = {"datetime_series": {"within": window, "freq": "h"}}
    first, second = (
        column(name, "datetime", series, {"time_jitter": {"std_minutes": 20}}) for name in ("a", "b")
    )
    tree = schema(
        table(first, second, rows=8000),
        constraints={"inequalities": [{"left": "t.a", "op": "<=", "right": "t.b"}]},
    )
    plan = plan_of(tree)
    data = drawn(plan)
    records = judged(plan, data)
    assert not failing(records)
    assert records["hour:t.b"].status == "pass"

    def early(instants: np.ndarray) -> np.ndarray:
        instants[:2] -= 3 * 86_400_000_000
        return instants

    records = judged(plan, changed(data, "t", "a", early))
    assert records["distribution:t.a"].status == "fail"
    assert records["distribution:t.a"].rows_failed == 2
