from __future__ import annotations

import numpy as np
import pytest

from tests.engine.small import Array, Tree, column, draw, faults, near, numbers, plan, table

SIZE = 60_000
X = {"distribution": {"type": "uniform", "params": {"low": 10, "high": 20}, "clamp": [10, 20]}}
ONE = {"type": "poisson", "params": {"lambda": 1}}


def factors(args: Tree, **constraints: object) -> Array:
    """Return by what each row was multiplied."""
    one = plan(table(column("x", "float", X, {"outliers": args}), rows=SIZE), constraints=constraints)
    return numbers(one, "x") / numbers(plan(table(column("x", "float", X), rows=SIZE)), "x")


@pytest.mark.statistical
@pytest.mark.parametrize(("mode", "factor"), [("spike", 4.0), ("drop", 0.25)])
def test_a_share_of_the_rows_is_multiplied_or_divided(mode: str, factor: float) -> None:
    found = factors({"rate": 0.05, "mode": mode, "magnitude": 3})
    struck = ~np.isclose(found, 1.0)
    assert found[struck] == pytest.approx(factor)
    assert near(struck.mean(), 0.05, np.sqrt(0.05 * 0.95), SIZE)


@pytest.mark.statistical
def test_magnitudes_follow_their_distribution_within_its_clamp() -> None:
    shape = {"type": "lognormal", "params": {"mean": 1, "sigma": 0.5}, "clamp": [1, 5]}
    found = factors({"rate": 0.2, "mode": "spike", "magnitude_dist": shape})
    sizes = found[~np.isclose(found, 1.0)] - 1
    assert sizes.min() == pytest.approx(1)
    assert sizes.max() == pytest.approx(5)
    assert np.median(sizes) == pytest.approx(np.e, rel=0.02)


def test_a_size_below_0_strikes_nothing_and_one_beyond_all_bounds_is_a_number_still() -> None:
    negative = {"type": "normal", "params": {"mean": -5, "std": 1}}
    assert factors({"rate": 1, "mode": "spike", "magnitude_dist": negative}) == pytest.approx(1)
    endless = {"type": "pareto", "params": {"b": 0.01, "scale": 1}}
    assert np.isfinite(factors({"rate": 1, "mode": "spike", "magnitude_dist": endless})).all()


@pytest.mark.parametrize(("rate", "share"), [(0, 0.0), (1, 1.0)])
def test_none_or_all_may_be_struck(rate: float, share: float) -> None:
    found = factors({"rate": rate, "magnitude": 1})
    assert (found == pytest.approx(2.0 if share else 1.0)) or share == (found > 1.5).mean()


def test_outliers_may_leave_the_declared_range_only_where_they_are_allowed_to() -> None:
    ranges = [{"attr": "t.x", "max": 20}]
    for allowed, most in ((False, 20.0), (True, 80.0)):
        args = {"rate": 0.5, "magnitude": 3, "allow_exceed": allowed}
        one = plan(table(column("x", "float", X, {"outliers": args})), constraints={"ranges": ranges})
        assert (numbers(one, "x").max() > 20) == allowed
        assert numbers(one, "x").max() <= most


@pytest.mark.statistical
def test_of_times_a_share_of_the_days_is_struck() -> None:
    generator = {"datetime_series": {"within": {"start": "2023-01-01", "end": "2024-12-30"}, "freq": "h"}}
    size = 200_000
    for mode, factor in (("spike", 5.0), ("drop", 0.2)):
        modifier = {"outliers": {"rate": 0.1, "mode": mode, "magnitude": 4}}
        at = draw(plan(table(column("x", "datetime", generator, modifier), rows=size)), "x").instants()
        days = 730
        counts = np.bincount(at // 86_400_000_000 - at.min() // 86_400_000_000, minlength=days)
        usual = np.median(counts)
        struck = np.abs(counts - usual * factor) < np.abs(counts - usual)
        assert near(struck.mean(), 0.1, np.sqrt(0.1 * 0.9), days)
        assert counts[struck].mean() / counts[~struck].mean() == pytest.approx(factor, rel=0.05)


@pytest.mark.parametrize(
    ("args", "path", "code"),
    [
        ({"rate": 0.1}, "args", "one-of"),
        ({"rate": 0.1, "magnitude": 1, "magnitude_dist": ONE}, "args", "one-of"),
        ({"rate": 2, "magnitude": 1}, "args/rate", "out-of-limits"),
        ({"rate": 0.1, "magnitude": -1}, "args/magnitude", "out-of-limits"),
        ({"rate": 0.1, "mode": "up", "magnitude": 1}, "args/mode", "unknown-word"),
    ],
)
def test_one_fault_is_one_problem_at_its_place(args: Tree, path: str, code: str) -> None:
    found = faults(table(column("x", "float", X, {"outliers": args})))
    assert found == [(f"/nodes/0/columns/1/modifiers/0/{path}", code)]
