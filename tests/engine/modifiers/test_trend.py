from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from datagen_engine.draw.grid import parse_instant
from tests.engine.small import Array, Tree, column, draw, faults, numbers, plan, table

YEAR = 365.25 * 86_400 * 1_000_000
START = parse_instant("2024-01-01")  # of the timeframe
# Before the timeframe's start as well: t is negative there.
TIME = column("at", "datetime", {"datetime_series": {"within": {"start": "2020-01-01", "end": "2030-01-01"}}})
X = {"choice": {"choices": [10.0, 20.0]}}

SHAPES: list[tuple[Tree, Callable[[Array], Array]]] = [
    ({"type": "exponential", "growth_rate": 0.12}, lambda t: 1.12**t),
    ({"type": "exponential", "growth_rate": -0.5}, lambda t: 0.5**t),
    ({"type": "linear", "growth_rate": 0.3}, lambda t: 1 + 0.3 * t),
    (
        {"type": "logarithmic", "params": {"a": 0.3, "b": 2}},
        lambda t: 1 + 0.3 * np.log(1 + 2 * np.maximum(t, 0)),
    ),
]


@pytest.mark.parametrize(("args", "factor"), SHAPES, ids=[args["type"] for args, _ in SHAPES])
def test_values_grow_by_the_formula_from_the_timeframes_start(
    args: Tree, factor: Callable[[Array], Array]
) -> None:
    one = plan(table(TIME, column("x", "float", X, {"trend": args})))
    plain = plan(table(TIME, column("x", "float", X)))
    years = (draw(one, "at").instants() - START) / YEAR
    expected = numbers(plain, "x") * factor(years)
    assert numbers(one, "x") == pytest.approx(expected, rel=1e-12)


def test_another_column_may_tell_the_time() -> None:
    other = column("other", "date", {"datetime_series": {"within": "timeframe", "freq": "D"}})
    args = {"type": "linear", "growth_rate": 1, "time_reference": "other"}
    one = plan(table(TIME, other, column("x", "float", {"choice": {"choices": [1]}}, {"trend": args})))
    years = (draw(one, "other").instants() - START) / YEAR
    assert numbers(one, "x") == pytest.approx(1 + years, rel=1e-12)


def test_where_the_time_is_null_the_factor_is_1() -> None:
    time = {**TIME, "nullable": True, "null_rate": 0.5}
    args = {"type": "linear", "growth_rate": 1}
    one = plan(table(time, column("x", "float", {"choice": {"choices": [3]}}, {"trend": args})))
    known = draw(one, "at").mask()
    assert (numbers(one, "x")[~known] == 3).all()
    assert (numbers(one, "x")[known] != 3).any()


@pytest.mark.parametrize(
    ("args", "path", "code"),
    [
        ({"type": "linear"}, "args", "missing-key"),
        ({"type": "logarithmic", "growth_rate": 1}, "args", "missing-key"),
        ({"type": "exponential", "growth_rate": -1}, "args", "out-of-limits"),
        ({"type": "quadratic", "growth_rate": 1}, "args/type", "unknown-word"),
        ({"type": "logarithmic", "params": {"a": 1, "b": -1}}, "args/params/b", "out-of-limits"),
    ],
)
def test_one_fault_is_one_problem_at_its_place(args: Tree, path: str, code: str) -> None:
    found = faults(table(TIME, column("x", "float", X, {"trend": args})))
    assert found == [(f"/nodes/0/columns/2/modifiers/0/{path}", code)]
