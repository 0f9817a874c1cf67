"""What a fanout promises, against what it draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from datagen_engine.planning.counts import _one_each as one_each
from datagen_engine.schema.parts import FANOUTS, Fanout
from datagen_engine.validation.behaviour.children import _chance_of_sum, moments
from tests.drawing import plan_of
from tests.engine.small import column, fact, schema, table
from tests.engine.validation.behaviour.memory import changed, drawn, failing, judged, without

Array = NDArray[Any]

FANOUT_CASES: dict[str, Fanout | None] = {
    "poisson": FANOUTS.get("poisson").model_validate({"lambda": 3.2, "min": 1, "max": 6}),
    "open poisson": FANOUTS.get("poisson").model_validate({"lambda": 40}),
    "uniform": FANOUTS.get("uniform").model_validate({"min": 1, "max": 4}),
    "fixed": FANOUTS.get("fixed").model_validate({"n": 3}),
    "geometric": FANOUTS.get("geometric").model_validate({"p": 0.3}),
    "negative binomial": FANOUTS.get("negative_binomial").model_validate({"mean": 5, "dispersion": 0.6}),
    "zipf": FANOUTS.get("zipf").model_validate({"a": 1.4, "max": 12}),
    "choice": FANOUTS.get("choice").model_validate({"values": [0, 2, 7], "weights": [3, 2, 1]}),
    "none": None,
}


def counted(fanout: Fanout | None, scale: Array | None, shift: Array | None, size: int) -> Array:
    generator = np.random.default_rng(8)
    u, rounding = generator.random(size), generator.random(size)
    if fanout is None:
        return one_each(size, scale, shift, lambda: rounding)
    return fanout.counts(u, scale, shift, lambda: rounding)


@pytest.mark.statistical
@pytest.mark.parametrize("kind", ["plain", "scaled", "shifted", "both", "many"])
@pytest.mark.parametrize("fanout", FANOUT_CASES.values(), ids=FANOUT_CASES.keys())
def test_moments_against_drawn_counts(fanout: Fanout | None, kind: str) -> None:
    size = 60_000
    scale = shift = None
    if kind in ("scaled", "both"):
        scale = np.tile([0.0, 0.45, 1.0, 2.3], size // 4)
    if kind in ("shifted", "both"):
        shift = np.tile([0.4, -0.3, 1.7], size // 3)
    if kind == "many":
        scale = np.linspace(0.2, 3.0, size)
    counts = counted(fanout, scale, shift, size)
    promised = moments(fanout, scale, shift, size)
    assert len(promised.mean) == len(promised.variance) == size
    spread = np.sqrt(promised.variance.sum())
    assert abs(counts.sum() - promised.mean.sum()) <= 4.5 * spread + 2e-3 * promised.mean.sum() + 1e-9
    groups = (
        np.zeros(size, dtype=int)
        if kind == "plain"
        else np.arange(size) % 12
        if kind != "many"
        else np.arange(size) * 8 // size
    )
    for group in np.unique(groups):
        here = groups == group
        wanted, error = promised.mean[here].sum(), np.sqrt(promised.variance[here].sum())
        assert abs(counts[here].sum() - wanted) <= 4.5 * error + 5e-3 * wanted + 1e-9
    observed = np.bincount(counts) / size
    length = max(len(observed), len(promised.shares))
    gap = np.pad(observed, (0, length - len(observed))) - np.pad(
        promised.shares, (0, length - len(promised.shares))
    )
    assert np.abs(gap).max() < 0.012
    assert promised.shares.sum() == pytest.approx(1.0)


def test_exactly_one_child_each() -> None:
    plan = plan_of(schema(table(rows=200), fact(column("up", "int", {"lookup": {"from": "t.id"}}))))
    data = drawn(plan)
    assert not failing(judged(plan, data))
    gone = np.arange(200) == 50
    records = judged(plan, without(data, "f", gone))
    assert failing(records) == {"fanout_spread:f"}
    assert records["fanout_spread:f"].rows_failed == 1


def test_a_parent_that_must_have_no_children() -> None:
    kinds = column("kind", "string", {"choice": {"choices": ["a", "b"]}})
    behavior = {
        "segment_column": "kind",
        "behaviors": {"a": {"fanout_multiplier": 0}, "b": {"fanout_multiplier": 2}},
    }
    parent = table(kinds, rows=400, segment_behavior=behavior)
    child = fact(
        column("up", "int", {"lookup": {"from": "t.id"}}), fanout={"distribution": "poisson", "lambda": 2}
    )
    plan = plan_of(schema(parent, child))
    data = drawn(plan)
    assert not failing(judged(plan, data))
    free = np.flatnonzero(np.array(data["t"].column("kind").to_pylist()) == "a") + 1

    def move(keys: Array) -> Array:
        keys[:30] = free[:30]
        return keys

    assert "fanout_segment:f" in failing(judged(plan, changed(data, "f", "up", move)))


def test_without_a_key_nothing_is_said() -> None:
    plan = plan_of(
        schema(
            table(rows=50),
            fact(
                column("x", "int", {"choice": {"choices": [1, 2]}}), fanout={"distribution": "fixed", "n": 2}
            ),
        )
    )
    records = judged(plan, drawn(plan))
    assert records["fanout:f"].status == "skipped"
    assert "no column of 'f' tells" in records["fanout:f"].message


def test_an_empty_child_table_is_judged() -> None:
    child = fact(
        column("up", "int", {"lookup": {"from": "t.id"}}), fanout={"distribution": "poisson", "lambda": 2}
    )
    plan = plan_of(schema(table(rows=300), child))
    data = drawn(plan)
    records = judged(plan, {**data, "f": data["f"].slice(0, 0)})
    assert {"fanout:f", "fanout_spread:f"} <= failing(records)


@pytest.mark.parametrize("parents", [1, 2, 5])
def test_a_few_parents_may_all_have_as_many_as_can_be(parents: int) -> None:
    """As narrow as a binomial number, and yet not ending where that one does."""
    fanout = {"distribution": "uniform", "min": 8, "max": 10}
    key = column("t_id", "int", {"lookup": {"from": "t.id"}})
    for seed in range(20):
        plan = plan_of(schema(table(rows=parents), fact(key, fanout=fanout)), seed=seed)
        assert not failing(judged(plan, drawn(plan)))


@pytest.mark.statistical
@pytest.mark.parametrize("parents", [1, 3, 20])
def test_the_chance_of_a_sum_is_that_of_the_sum(parents: int) -> None:
    shares = np.array([0.1, 0.0, 0.5, 0.4])
    generator = np.random.default_rng(3)
    sums = generator.choice(4, (20_000, parents), p=shares).sum(axis=1)
    p = np.array([_chance_of_sum(shares, parents, total) for total in range(3 * parents + 1)])[sums]
    for chance in (0.5, 0.1, 0.01):
        assert (p < chance).mean() <= chance + 4 * np.sqrt(chance / 20_000)
