"""The distribution of finished numbers: against enumeration, and against numbers that are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from datagen_engine.validation.behaviour.chain import Chain
from datagen_engine.validation.behaviour.statistics import kolmogorov
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.view import RowView
from tests.drawing import plan_of
from tests.engine.small import Tree, column, schema, table
from tests.engine.validation.behaviour.memory import Memory, drawn, listed

Array = NDArray[Any]

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 10, "std": 3}, "clamp": [4, 15]}}
SKEWED = {"distribution": {"type": "lognormal", "params": {"mean": 2, "sigma": 0.8}, "clamp": [1, 60]}}
FEW = {"choice": {"choices": [0, 5, 10], "weights": [0.6, 0.3, 0.1]}}
COUNTS = {"distribution": {"type": "poisson", "params": {"lambda": 3}, "clamp": [0, 9]}}
WHOLE = {"distribution": {"type": "uniform", "params": {"low": 1, "high": 6}, "clamp": [1, 6]}}
WHEN = column("at", "datetime", {"datetime_series": {"within": "timeframe"}})
WEEK = {"seasonality": {"dimension": "dow", "weights": [1, 1.5, 0.5, 1, 2, 1, 0.8]}}
TURNING = {"seasonality": {"dimension": "dow", "weights": [1, 0, 1, 1, 1, 0, 1]}}
GROWTH = {"trend": {"type": "linear", "growth_rate": 0.5}}
SPIKES = {
    "outliers": {
        "rate": 0.05,
        "mode": "spike",
        "magnitude_dist": {"type": "uniform", "params": {"low": 4, "high": 8}},
    }
}
DROPS = {"outliers": {"rate": 0.1, "mode": "drop", "magnitude": 3}}
EVENTS = listed(
    "event",
    {
        "int:id": [1, 2],
        "date:start": ["2024-03-01", "2024-08-01"],
        "date:end": ["2024-05-31", "2024-08-31"],
        "float:by": [2.0, -3.0],
    },
)


def event(op: str) -> Tree:
    return {
        "effect": {
            "effect_table": "event",
            "on": {},
            "window": {"start_col": "start", "end_col": "end"},
            "map": {"field": "by", "op": op, "default": 1 if op == "mul" else 0},
        }
    }


CASES: dict[str, Tree] = {
    "a clamp alone": column("x", "float", NORMAL),
    "whole numbers by rounding": column("x", "int", NORMAL),
    "whole numbers alike": column("x", "int", WHOLE),
    "counts": column("x", "int", COUNTS),
    "a season": column("x", "float", NORMAL, WEEK),
    "a season with zeros": column("x", "float", NORMAL, TURNING),
    "turned round": column("x", "float", NORMAL, {"multiply": {"factor": -2}}, {"add": {"value": 7}}),
    "an added effect": column("x", "int", FEW, event("add"), {"clamp": {"min": 0, "max": 12}}),
    "an effect of either sign": column("x", "float", SKEWED, event("mul")),
    "several limits": column(
        "x",
        "float",
        NORMAL,
        {"multiply": {"factor": 2}},
        {"clamp": {"max": 25}},
        GROWTH,
        {"clamp": {"min": 12, "max": 36}},
    ),
    "noise on a smooth draw": column("x", "float", SKEWED, GROWTH, {"jitter": {"std": 0.1, "mode": "mul"}}),
    "added noise, rounded": column("x", "int", NORMAL, {"jitter": {"std": 2, "mode": "add"}}),
    "noise on few values": column("x", "float", FEW, {"jitter": {"std": 1.5, "mode": "add"}}, WEEK),
    "noise on counts": column("x", "float", COUNTS, {"jitter": {"std": 0.2, "mode": "add"}}),
    "outliers": column("x", "float", NORMAL, SPIKES, WEEK),
    "rare drops": column("x", "float", SKEWED, DROPS),
    "noise and outliers": column("x", "float", SKEWED, {"jitter": {"std": 0.05, "mode": "mul"}}, SPIKES),
    "two noises": column(
        "x", "float", NORMAL, {"jitter": {"std": 0.1, "mode": "mul"}}, {"jitter": {"std": 0.5, "mode": "add"}}
    ),
}


def chain_of(own: Tree, rows: int, seed: int = 3, **more: Any) -> tuple[Chain, RowView]:
    plan = plan_of(schema(EVENTS, table(WHEN, own, rows=rows), **more), seed=seed)
    tables = DataTables(Memory(plan, drawn(plan)))
    return Chain.of("t", plan.tables["t"].columns["x"]), RowView.of_table(tables, "t")


def places(chain: Chain, at: RowView, y: Array) -> Array:
    below, upto = chain.spread(y, at)
    assert (below <= upto).all()
    u = below + np.random.default_rng(0).random(y.shape) * (upto - below)
    return np.bincount(np.minimum((u * 512).astype(int), 511).ravel(), minlength=512)


@pytest.mark.statistical
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_the_engine_draws_has_uniform_places(case: Tree) -> None:
    chain, at = chain_of(case, 40_000)
    distance, p = kolmogorov(places(chain, at, at.column("x").data.astype(float)))
    assert p > 1e-4, distance


@pytest.mark.statistical
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_twins_are_drawn_by_the_same_law(case: Tree) -> None:
    chain, at = chain_of(case, 4_000)
    twins = chain.twins(at, 10)
    assert twins.shape == (10, 4_000)
    assert not (twins[0] == twins[1]).all()
    _, p = kolmogorov(places(chain, at, twins))
    assert p > 1e-4


@pytest.mark.parametrize("case", [CASES["noise and outliers"], CASES["several limits"]])
def test_twins_do_not_depend_on_how_the_rows_are_cut(case: Tree) -> None:
    chain, at = chain_of(case, 300)
    part = np.arange(120, 250)
    assert (chain.twins(at.take(part), 3) == chain.twins(at, 3)[:, part]).all()


def test_every_whole_number_has_its_share() -> None:
    chain, at = chain_of(column("x", "int", FEW, {"multiply": {"factor": 0.5}}), 1)
    # 2.5 becomes 2, half to even.
    one = at.take(np.zeros(6, dtype=np.int64))
    below, upto = chain.spread(np.arange(6.0), one)
    np.testing.assert_allclose(upto - below, [0.6, 0, 0.3, 0, 0, 0.1], atol=1e-12)
    np.testing.assert_allclose(upto, [0.6, 0.6, 0.9, 0.9, 0.9, 1.0], atol=1e-12)


def test_clamped_ends_hold_all_that_lies_beyond() -> None:
    chain, at = chain_of(column("x", "float", NORMAL, {"multiply": {"factor": 1.3}}), 1)
    ends = np.array([4 * 1.3, 10 * 1.3, 15 * 1.3])
    below, upto = chain.spread(ends, at.take(np.zeros(3, dtype=np.int64)))
    law = stats.norm(10, 3)
    np.testing.assert_allclose(upto, [law.cdf(4), 0.5, 1.0], atol=1e-7)
    np.testing.assert_allclose(below, [0.0, 0.5, law.cdf(15)], atol=1e-7)


def test_noise_on_few_values_is_exact() -> None:
    chain, at = chain_of(column("x", "float", FEW, {"jitter": {"std": 1.5, "mode": "add"}}), 1)
    x = np.linspace(-4, 14, 40)
    _, upto = chain.spread(x, at.take(np.zeros(40, dtype=np.int64)))
    wanted = sum(share * stats.norm(value, 1.5).cdf(x) for value, share in ((0, 0.6), (5, 0.3), (10, 0.1)))
    np.testing.assert_allclose(upto, wanted, atol=1e-7)


def test_noise_on_a_smooth_draw_against_integration() -> None:
    smooth = {"distribution": {"type": "normal", "params": {"mean": 10, "std": 3}, "clamp": [-90, 90]}}
    chain, at = chain_of(column("x", "float", smooth, {"jitter": {"std": 4, "mode": "add"}}), 1)
    x = np.linspace(-8, 28, 30)
    _, upto = chain.spread(x, at.take(np.zeros(30, dtype=np.int64)))
    np.testing.assert_allclose(upto, stats.norm(10, 5).cdf(x), atol=2e-3)


def test_a_known_value_is_all_there_is() -> None:
    own = column("x", "float", {"expression": {"code": "hour(at) * 2"}}, {"multiply": {"factor": 1.5}})
    chain, at = chain_of(own, 50)
    assert chain.is_exact
    assert chain.is_known
    y = at.column("x").data
    below, upto = chain.spread(y, at)
    assert (below == 0).all()
    assert (upto == 1).all()
    below, upto = chain.spread(y + 0.01, at)
    assert (below == 1).all()
    below, upto = chain.spread(y - 0.01, at)
    assert (upto == 0).all()


def test_bounds_of_single_rows_against_enumeration() -> None:
    low = column("low", "int", {"choice": {"choices": [1, 2, 3, 4]}})
    plan = plan_of(
        schema(
            table(
                low,
                column(
                    "x", "int", {"choice": {"choices": [0, 1, 2, 3, 4, 5], "weights": [1, 2, 3, 4, 5, 6]}}
                ),
                rows=300,
            ),
            constraints={"inequalities": [{"left": "t.low", "op": "<=", "right": "t.x"}]},
        )
    )
    at = RowView.of_table(DataTables(Memory(plan, drawn(plan))), "t")
    chain = Chain.of("t", plan.tables["t"].columns["x"])
    y = at.column("x").data.astype(float)
    below, upto = chain.spread(y, at)
    weights = np.arange(1.0, 7.0)
    for row, least in enumerate(at.column("low").data.tolist()):
        left = np.where(np.arange(6) >= least, weights, 0.0)
        assert below[row] == pytest.approx(left[: int(y[row])].sum() / left.sum(), abs=1e-12)
        assert upto[row] == pytest.approx(left[: int(y[row]) + 1].sum() / left.sum(), abs=1e-12)
    _, p = kolmogorov(places(chain, at, chain.twins(at, 40)))
    assert p > 1e-4


def test_what_cannot_be_told_is_said() -> None:
    mapped = column("x", "int", COUNTS, {"map_values": {"mapping": {"1": 5}}})
    with pytest.raises(Unknown, match="cannot be told"):
        chain_of(mapped, 10)
    with pytest.raises(Unknown, match="promises no distribution"):
        chain_of(column("x", "int", {"sequence": {}}), 10)
