"""Segments, ages and funnels against their formulas."""

from typing import Any

import numpy as np
import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.planning.plan import Plan
from tests.engine.small import Array, Tree, column, draw, fact, near, numbers, plan, table

DAY = 86_400_000_000
SEGMENTS = {"choice": {"choices": ["gold", "tin", "lead"], "weights": [2, 5, 3]}}
FLAT = {"distribution": {"type": "uniform", "params": {"low": 10, "high": 20}, "clamp": [10, 20]}}


def counts(made: Plan, id: str = "f") -> Array:
    children = made.tables[id].children
    assert children is not None
    return children.counts(Rows.run(0, made.tables[children.parent].rows))


def shop(behavior: Tree, rows: int = 40_000, **more: Any) -> Plan:
    return plan(
        table(
            column("segment", "string", SEGMENTS),
            column(
                "since",
                "date",
                {"datetime_series": {"within": {"start": "2022-01-01", "end": "2024-06-30"}, "freq": "D"}},
            ),
            rows=rows,
            **behavior,
        ),
        fact(
            column("at", "datetime", {"datetime_series": {"within": "timeframe", "freq": "h"}}),
            column("amount", "float", FLAT),
            column("other", "float", FLAT),
            fanout={"distribution": "poisson", "lambda": 2},
            **more,
        ),
    )


BY_SEGMENT = {
    "segment_behavior": {
        "segment_column": "segment",
        "behaviors": {
            "gold": {"fanout_multiplier": 3, "value_multiplier": 2},
            "tin": {"fanout_multiplier": 0},
        },
        "applies_to_columns": ["amount"],
    }
}


@pytest.mark.statistical
def test_a_segment_scales_the_number_and_the_values_of_children() -> None:
    made = shop(BY_SEGMENT)
    segment, per_parent = np.array(draw(made, "segment").to_list()), counts(made)
    assert near(per_parent[segment == "gold"].mean(), 6, np.sqrt(6), (segment == "gold").sum())
    assert near(per_parent[segment == "lead"].mean(), 2, np.sqrt(2), (segment == "lead").sum())
    assert per_parent[segment == "tin"].sum() == 0
    of_child = np.repeat(segment, per_parent)
    amount, other = numbers(made, "amount", "f"), numbers(made, "other", "f")
    assert amount[of_child == "gold"].min() >= 20
    assert amount[of_child == "lead"].max() <= 20
    assert other.max() <= 20


def test_segments_is_an_older_name() -> None:
    behavior = {"segment_column": "segment", "segments": {"tin": {"fanout_multiplier": 0}}}
    made = shop({"segment_behavior": behavior}, rows=2_000)
    assert counts(made)[np.array(draw(made, "segment").to_list()) == "tin"].sum() == 0


def vintage(curve: object, applies_to: object, unit: str = "year") -> Tree:
    multiplier = {"curve": curve, "time_unit": unit, "applies_to": applies_to}
    return {"vintage_behavior": {"created_at_column": "since", "age_based_multipliers": {"m": multiplier}}}


@pytest.mark.statistical
def test_age_scales_the_fanout_at_the_timeframe_s_end() -> None:
    made = shop(vintage([0.5, 1.0, 3.0], "fanout"))
    end = made.resolver.timeframe.end
    age = (end - draw(made, "since").instants()) / (365 * DAY)
    per_parent = counts(made)
    for whole, factor in ((1, 1.0), (2, 3.0), (3, 3.0)):  # the last one holds on
        group = per_parent[np.rint(age) == whole]
        assert near(group.mean(), 2 * factor, np.sqrt(2 * factor), len(group))


def test_age_scales_values_at_the_row_s_own_time() -> None:
    made = shop(
        vintage({"curve_type": "linear", "params": {"a": 1, "b": 0.5}}, ["amount"], "month"), rows=3_000
    )
    at = made.slice("f", Rows.run(0, made.tables["f"].rows))
    age = (at.column("at").instants() - at.parent("since").instants()) / (30 * DAY)
    amount = at.column("amount").data / (1 + 0.5 * age)
    assert amount.min() >= 10 - 1e-9
    assert amount.max() <= 20 + 1e-9
    assert at.column("other").data.max() <= 20


def test_all_scales_the_fanout_and_every_plain_number() -> None:
    made = shop(vintage([0.0], "all"), rows=500)
    assert made.tables["f"].rows == 0
    made = shop(vintage([2.0], "all"), rows=500)
    assert numbers(made, "amount", "f").min() >= 20
    assert numbers(made, "other", "f").min() >= 20


def test_a_child_is_never_before_its_parent() -> None:
    made = shop(vintage([1.0], "fanout"), rows=3_000)
    at = made.slice("f", Rows.run(0, made.tables["f"].rows))
    assert (at.column("at").instants() >= at.parent("since").instants()).all()


STAGES = [
    {"stage_name": "visit", "transition_rate": 1.0},
    {"stage_name": "cart", "transition_rate": 0.5},
    {"stage_name": "paid", "transition_rate": 0.4},
]


def funnel(variation: Tree | None = None, rows: int = 30_000) -> Plan:
    config = {
        "stages": STAGES,
        "hours_between_stages": 6,
        **({"segment_variation": variation} if variation else {}),
    }
    return plan(
        table(
            column("segment", "string", SEGMENTS),
            column("opened", "datetime", {"datetime_series": {"within": "timeframe", "freq": "h"}}),
            rows=rows,
            segment_behavior={"segment_column": "segment", "behaviors": {"gold": {"fanout_multiplier": 9}}},
        ),
        fact(
            column("stage_name", "string", {"choice": {"choices": ["x"]}}),
            column("stage_index", "int", {"sequence": {}}),
            column(
                "at",
                "datetime",
                {"datetime_series": {"within": {"start": "2024-01-01", "end": "2024-01-02"}}},
            ),
            stage_config=config,
        ),
    )


@pytest.mark.statistical
def test_a_funnel_reaches_each_stage_as_often_as_declared() -> None:
    made = funnel({"gold": {"transition_multiplier": 1.5}})
    segment, reached = np.array(draw(made, "segment").to_list()), counts(made)
    assert reached.min() == 1  # no fanout multiplier applies, and the first stage is always reached
    for name, factor in (("gold", 1.5), ("lead", 1.0)):
        group = reached[segment == name]
        assert near((group >= 2).mean(), 0.5 * factor, 0.5, len(group))
        chance = 0.5 * 0.4 * factor * factor
        assert near((group >= 3).mean(), chance, np.sqrt(chance * (1 - chance)), len(group))


def test_a_funnel_names_numbers_and_times_its_stages() -> None:
    made = funnel(rows=5_000)
    at = made.slice("f", Rows.run(0, made.tables["f"].rows))
    index = at.column("stage_index").data
    names = np.array([s["stage_name"] for s in STAGES])
    assert at.column("stage_name").to_list() == names[index].tolist()
    time, opened = at.column("at").data, at.parent("opened").data
    assert (time[index == 0] == opened[index == 0]).all()  # exempt from its own window
    later = np.flatnonzero(index > 0)
    assert (time[later] > time[later - 1]).all()


@pytest.mark.statistical
def test_the_waits_of_a_funnel_are_exponential() -> None:
    made = funnel()
    at = made.slice("f", Rows.run(0, made.tables["f"].rows))
    index, time = at.column("stage_index").data, at.column("at").data
    later = np.flatnonzero(index > 0)
    waits = (time[later] - time[later - 1]) / 3_600_000_000
    assert near(waits.mean(), 6, 6, len(waits))
    assert near(waits.std(), 6, 12, len(waits))


def test_a_row_of_a_funnel_alone_is_the_row_of_the_run() -> None:
    made = funnel(rows=3_000)
    rows = np.array([4_000, 2, 3_111])
    for name in ("stage_name", "stage_index", "at"):
        assert (
            draw(made, name, "f", Rows.listed(rows)).to_list() == draw(made, name, "f").take(rows).to_list()
        )
