from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.engine.small import Array, Tree, column, numbers, plan, table

SIZE = 40_000
UNIFORM = {"distribution": {"type": "uniform", "params": {"low": 10, "high": 20}, "clamp": [10, 20]}}


def drawn(*modifiers: Tree, type: str = "float") -> Array:
    return numbers(plan(table(column("x", type, UNIFORM, *modifiers), rows=SIZE)), "x")


@pytest.mark.statistical
def test_added_noise_is_normal_and_knows_nothing_of_the_value() -> None:
    x = drawn()
    noise = drawn({"jitter": {"std": 0.7, "mode": "add"}}) - x
    assert stats.kstest(noise, stats.norm(0, 0.7).cdf).pvalue > 1e-4
    assert abs(np.corrcoef(x, noise)[0, 1]) < 5 / np.sqrt(SIZE)


@pytest.mark.statistical
def test_multiplied_noise_is_normal_around_1() -> None:
    factor = drawn({"jitter": {"std": 0.05, "mode": "mul"}}) / drawn()
    assert stats.kstest(factor, stats.norm(1, 0.05).cdf).pvalue > 1e-4


def test_noise_is_added_unless_told_otherwise() -> None:
    assert (drawn({"jitter": {"std": 2}}) == drawn({"jitter": {"std": 2, "mode": "add"}})).all()


def test_no_noise_changes_nothing() -> None:
    for mode in ("add", "mul"):
        assert (drawn({"jitter": {"std": 0, "mode": mode}}) == drawn()).all()


def test_two_of_a_kind_are_two_noises() -> None:
    one = drawn({"jitter": {"std": 1}}) - drawn()
    both = drawn({"jitter": {"std": 1}}, {"jitter": {"std": 1}}) - drawn()
    assert both.std() == pytest.approx(np.sqrt(2), rel=0.03)
    assert abs(np.corrcoef(one, both - one)[0, 1]) < 5 / np.sqrt(SIZE)


def test_noise_on_whole_numbers_is_rounded() -> None:
    found = drawn({"jitter": {"std": 0.3}}, type="int")
    assert (found == np.rint(found)).all()
    assert len(set(found.tolist())) > 11
