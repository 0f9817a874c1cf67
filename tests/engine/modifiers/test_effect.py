from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.engine.small import Array, Tree, column, draw, fact, faults, near, numbers, plan, table, vocabulary

TIME = column("at", "datetime", {"datetime_series": {"within": "timeframe"}})
SHOP = column("shop", "string", {"choice": {"choices": ["a", "b", "c"]}})
X = {"choice": {"choices": [1.0, 10.0]}}
WINDOW = {"start_col": "starts", "end_col": "ends"}

EVENTS: dict[str, list[Any]] = {
    "id": [1, 2, 3, 4, 5],
    "shop": ["a", "a", "b", "b", "a"],
    "date:starts": ["2024-02-01", "2024-06-01", None, "2024-08-01", "2024-06-15"],
    "date:ends": ["2024-02-29", "2024-06-30", "2024-03-31", None, "2024-07-15"],
    "factor": [2.0, 3.0, 0.5, 4.0, 5.0],
}
LAST = 2**62


def effect(op: str = "mul", combine: str | None = None, **more: Any) -> Tree:
    args = {"effect_table": "event", "on": {"shop": "shop"}, "map": {"field": "factor", "op": op}, **more}
    return {"effect": {**args, **({"combine": combine} if combine else {})}}


def by_hand(shops: list[Any], at: Array, known: Array, combine: str, default: float) -> Array:
    """Look at every event for every row."""
    day = 86_400_000_000

    def instant(text: str | None, otherwise: int) -> int:
        return otherwise if text is None else int(np.datetime64(text, "us").astype(np.int64))

    found = []
    for shop, time, there in zip(shops, at.tolist(), known.tolist(), strict=True):
        values = [
            factor
            for name, start, end, factor in zip(
                EVENTS["shop"], EVENTS["date:starts"], EVENTS["date:ends"], EVENTS["factor"], strict=True
            )
            if there and name == shop and instant(start, -LAST) <= time and time < instant(end, LAST) + day
        ]
        if not values:
            found.append(default)
            continue
        found.append({
            "first": values[0], "product": math.prod(values), "sum": sum(values), "min": min(values),
            "max": max(values), "mean": sum(values) / len(values),
        }[combine])  # fmt: skip
    return np.array(found)


@pytest.mark.parametrize("combine", ["first", "product", "sum", "min", "max", "mean"])
@pytest.mark.parametrize("op", ["mul", "add"])
def test_numbers_change_while_an_event_of_their_key_holds(op: str, combine: str) -> None:
    time = {**TIME, "nullable": True, "null_rate": 0.1}
    events = vocabulary("event", **EVENTS)
    one = plan(table(time, SHOP, column("x", "float", X, effect(op, combine, window=WINDOW))), events)
    plain = numbers(plan(table(time, SHOP, column("x", "float", X))), "x")
    at = draw(one, "at")
    neutral = 1.0 if op == "mul" else 0.0
    expected = by_hand(draw(one, "shop").to_list(), at.instants(), at.mask(), combine, neutral)
    assert numbers(one, "x") == pytest.approx(plain * expected if op == "mul" else plain + expected)


def test_the_first_row_counts_unless_told_otherwise() -> None:
    events = vocabulary("event", **EVENTS)
    plans = [plan(table(SHOP, column("x", "float", X, effect(combine=c))), events) for c in (None, "first")]
    assert (numbers(plans[0], "x") == numbers(plans[1], "x")).all()


def test_without_a_window_an_event_always_holds() -> None:
    one = plan(
        table(SHOP, column("x", "float", {"choice": {"choices": [1]}}, effect())),
        vocabulary("event", **EVENTS),
    )
    expected = [{"a": 2.0, "b": 0.5, "c": 1.0}[shop] for shop in draw(one, "shop").to_list()]
    assert numbers(one, "x").tolist() == expected


def test_without_keys_it_holds_for_every_row() -> None:
    one = plan(
        table(SHOP, column("x", "float", {"choice": {"choices": [1]}}, effect(on={}, combine="sum"))),
        vocabulary("event", **EVENTS),
    )
    assert set(numbers(one, "x").tolist()) == {14.5}


def test_where_no_event_holds_it_is_the_default() -> None:
    modifier = effect(map={"field": "factor", "op": "mul", "default": 0.1})
    one = plan(
        table(SHOP, column("x", "float", {"choice": {"choices": [1]}}, modifier)),
        vocabulary("event", **EVENTS),
    )
    expected = [{"a": 2.0, "b": 0.5, "c": 0.1}[shop] for shop in draw(one, "shop").to_list()]
    assert numbers(one, "x").tolist() == pytest.approx(expected)


def test_a_field_that_is_no_column_changes_nothing_and_a_key_that_is_missing_leaves_it_out() -> None:
    events = vocabulary("event", **EVENTS)
    for modifier in (
        effect(map={"field": "x", "op": "mul"}),
        effect(on={"shop": "nothing"}),
        effect(on={"no": "shop"}),
    ):
        one = plan(table(SHOP, column("x", "float", {"choice": {"choices": [1]}}, modifier)), events)
        assert set(numbers(one, "x").tolist()) == {1.0}


@pytest.mark.statistical
@pytest.mark.parametrize("op", ["mul", "add"])
def test_of_times_it_is_the_chance_of_each_tick(op: str) -> None:
    size = 60_000
    generator = {"datetime_series": {"within": "timeframe", "freq": "D"}}
    one = plan(
        table(SHOP, column("x", "date", generator, effect(op, "product", window=WINDOW)), rows=size),
        vocabulary("event", **EVENTS),
    )
    days = (
        np.arange(np.datetime64("2024-01-01"), np.datetime64("2025-01-01")).astype("M8[us]").astype(np.int64)
    )
    shops = np.array(draw(one, "shop").to_list())
    months = draw(one, "x").instants().astype("M8[us]").astype("M8[M]").astype(np.int64) % 12
    for shop in ("a", "b", "c"):
        found = by_hand(
            [shop] * len(days), days, np.ones(len(days), dtype=bool), "product", 1.0 if op == "mul" else 0.0
        )
        weights = found if op == "mul" else 1.0 + found
        expected = np.bincount(
            days.astype("M8[us]").astype("M8[M]").astype(np.int64) % 12, weights / weights.sum()
        )
        here = months[shops == shop]
        for share, seen in zip(expected, np.bincount(here, minlength=12) / len(here), strict=True):
            assert near(seen, share, np.sqrt(share * (1 - share)), len(here))


@pytest.mark.statistical
def test_on_a_table_it_is_the_number_of_children() -> None:
    parents = 4000
    modifier = {"transform": "effect", "args": effect()["effect"]}
    key = column("p", "int", {"lookup": {"from": "t.id"}})
    for fanout, mean in (
        ({"distribution": "poisson", "lambda": 3}, 3.0),
        ({"distribution": "fixed", "n": 2}, 2.0),
    ):
        one = plan(
            table(SHOP, rows=parents),
            fact(key, fanout=fanout, modifiers=[modifier]),
            vocabulary("event", **EVENTS),
        )
        children = np.bincount(draw(one, "p", "f").data, minlength=parents + 1)[1:]
        shops = np.array(draw(one, "shop").to_list())
        for shop, factor in (("a", 2.0), ("b", 0.5), ("c", 1.0)):
            found = children[shops == shop]
            assert near(found.mean(), mean * factor, max(found.std(), 1e-6), len(found))


@pytest.mark.parametrize("combine", ["product", "sum", "min", "max", "mean", "first"])
@pytest.mark.parametrize("op", ["mul", "add"])
def test_what_is_known_beforehand_holds(op: str, combine: str) -> None:
    for values in ([0.5, 0.9, 0.2], [1.0, 3.0, 2.0], [-1.0, 2.0, 0.0], [-3.0, -1.0, -2.0]):
        events = vocabulary("event", id=[1, 2, 3], factor=values)
        one = plan(
            table(column("x", "float", {"choice": {"choices": [-2.0, 5.0]}}, effect(op, combine, on={}))),
            events,
        )
        known = one.resolver.facts("t", "x")
        assert known is not None
        found = numbers(one, "x")
        assert known.low is None or known.low <= found.min()
        assert known.high is None or known.high >= found.max()


def test_a_word_for_several_at_once_is_one_of_six() -> None:
    found = faults(
        table(SHOP, column("x", "float", X, effect(combine="sums"))), vocabulary("event", **EVENTS)
    )
    assert found == [("/nodes/0/columns/2/modifiers/0/args/combine", "unknown-word")]
