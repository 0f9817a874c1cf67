from __future__ import annotations

from typing import Any

from tests.drawing import plan_of
from tests.engine.small import Tree, column, draw, schema, table

WIDE = {"distribution": {"type": "normal", "params": {"mean": 5, "std": 20}, "clamp": [-100, 100]}}
TIMES = {"datetime_series": {"within": "timeframe"}}


def drawn(of: Tree, **limits: Any) -> list[Any]:
    plan = plan_of(schema(table(of), constraints={"ranges": [{"attr": f"t.{of['name']}", **limits}]}))
    return draw(plan, of["name"]).to_list()


def test_numbers_are_held_between_the_ends() -> None:
    held = drawn(column("x", "float", WIDE), min=0, max=10)
    assert (min(held), max(held)) == (0, 10)
    assert min(drawn(column("x", "float", WIDE), min=3.5)) == 3.5
    assert max(drawn(column("x", "float", WIDE), max=-1)) == -1


def test_what_lies_inside_stays() -> None:
    free = draw(plan_of(schema(table(column("x", "float", WIDE)))), "x").to_list()
    held = drawn(column("x", "float", WIDE), min=0, max=10)
    assert held == [min(max(x, 0), 10) for x in free]


def test_rounding_does_not_leave_a_range_of_fractions() -> None:
    found = drawn(column("n", "int", WIDE), min=0.5, max=3.4)
    assert set(found) == {1, 2, 3}


def test_a_range_holds_after_every_modifier() -> None:
    spike = {"outliers": {"rate": 1.0, "magnitude": 50}}
    assert max(drawn(column("x", "float", WIDE, spike), max=10)) == 10


def test_an_outlier_may_exceed_a_range_where_it_says_so() -> None:
    spike = {"outliers": {"rate": 1.0, "magnitude": 50, "allow_exceed": True}}
    assert max(drawn(column("x", "float", WIDE, spike), max=10)) > 100


def test_times_and_days_are_held_too() -> None:
    limits = {"min": "2024-03-01T06:00:00Z", "max": "2024-03-31"}
    times = drawn(column("at", "datetime", TIMES), **limits)
    assert min(times).isoformat() == "2024-03-01T06:00:00+00:00"
    days = drawn(column("on", "date", TIMES), **limits)
    assert min(days).isoformat() == "2024-03-01"
    assert max(days).isoformat() == "2024-03-31"


def test_of_several_ranges_the_narrowest_counts() -> None:
    ranges = [{"attr": "t.x", "min": 0, "max": 50}, {"attr": "t.x", "min": -5, "max": 20}, {"attr": "t.x"}]
    plan = plan_of(schema(table(column("x", "float", WIDE)), constraints={"ranges": ranges}))
    found = draw(plan, "x").to_list()
    assert (min(found), max(found)) == (0, 20)


def test_nulls_stay_nulls() -> None:
    found = drawn(column("x", "float", WIDE, nullable=True, null_rate=0.5), min=0)
    assert None in found
    assert min(x for x in found if x is not None) == 0


def test_a_range_of_text_means_nothing() -> None:
    words = {"choice": {"choices": ["a", "z"]}}
    assert set(drawn(column("w", "string", words), min="b")) == {"a", "z"}
