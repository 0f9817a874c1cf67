"""What holds for every fanout, those of packages elsewhere included: each sample body is tried."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from datagen_engine.schema.parts import FANOUTS, Fanout
from tests.engine.small import Array

# Beside the samples: clamps that are felt, what is certain, fractions as bounds.
MORE: list[tuple[str, dict[str, Any]]] = [
    ("poisson", {"lambda": 0.8, "min": 1, "max": 3}),
    ("poisson", {"lambda": 0}),
    ("poisson", {"lambda": 90, "clamp": [80, 95]}),
    ("poisson", {"lambda": 2, "min": 1.5, "max": 3.5}),
    ("uniform", {"clamp": [0, 0]}),
    ("uniform", {"min": 2, "max": 2, "lambda": 9}),
    ("fixed", {"n": 0}),
    ("fixed", {"n": 5, "max": 3.5}),
    ("geometric", {"p": 1}),
    ("geometric", {"p": 0.02, "max": 30}),
    ("negative_binomial", {"mean": 3, "dispersion": 0}),
    ("negative_binomial", {"mean": 0, "dispersion": 1}),
    ("negative_binomial", {"mean": 0.5, "dispersion": 4, "min": 1, "max": 6}),
    ("negative_binomial", {"mean": 40, "dispersion": 0.05}),
    ("zipf", {"a": 0, "max": 1}),
    ("zipf", {"a": 2, "clamp": [3, 10]}),
    ("choice", {"values": [7], "weights": [0.1]}),
    ("choice", {"values": [0, 2, 9], "weights": [1, 0, 1], "min": 1, "max": 5.5}),
]
BODIES = [(key, dict(body)) for key, cls in FANOUTS.all().items() for body in cls.samples] + MORE
LAWS = [FANOUTS.get(key).model_validate(body) for key, body in BODIES]

every = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.key)

shares = arrays.arrays(np.float64, st.integers(1, 30), elements=st.floats(1e-9, 1 - 1e-9))


def counts(law: Fanout, u: Array, scale: Any = None, shift: Any = None, seed: int = 1) -> Array:
    """Draw counts; multipliers and shifts may be one number for all."""
    rng = np.random.default_rng(seed)
    parts = [
        None if part is None else np.broadcast_to(np.asarray(part, float), u.shape) for part in (scale, shift)
    ]
    return law.counts(u, parts[0], parts[1], lambda: rng.random(len(u)))


@every
@settings(max_examples=20)
@given(u=shares)
def test_counts_are_whole_and_within_the_bounds(law: Fanout, u: Array) -> None:
    found = counts(law, u)
    assert found.dtype == np.int64
    low, high = law.bounds()
    assert (found >= math.floor(low)).all()
    assert (found <= high).all()


@every
@settings(max_examples=20)
@given(u=shares, scale=st.floats(0, 20), shift=st.none() | st.floats(-5, 5))
def test_multiplied_counts_are_within_the_multiplied_bounds(
    law: Fanout, u: Array, scale: float, shift: float | None
) -> None:
    found = counts(law, u, scale, shift)
    low, high = law.bounds()
    assert (found >= math.floor(low * scale)).all()
    assert scale == 0 or (found <= (high if math.isinf(high) else math.ceil(high * scale))).all()
    assert (found >= 0).all()


@every
def test_0_times_anything_is_no_child(law: Fanout) -> None:
    u = np.linspace(0.01, 0.99, 50)
    assert counts(law, u, 0.0).tolist() == [0] * 50
    assert counts(law, u, 0.0, 3.0).tolist() == [0] * 50


@every
def test_a_multiplier_beyond_all_bounds_is_a_number_still(law: Fanout) -> None:
    found = counts(law, np.linspace(0.1, 0.9, 9), 1e300, 1e300)
    assert (found >= 0).all()
    assert (found <= 10**12).all()


@every
def test_a_parent_does_not_depend_on_the_parents_beside_it(law: Fanout) -> None:
    u = np.linspace(0.01, 0.99, 40)
    scale = np.linspace(0.0, 3.0, 40)
    roundings = np.random.default_rng(2).random(40)
    whole = law.counts(u, scale, None, lambda: roundings)
    for place in range(40):
        one = slice(place, place + 1)
        assert law.counts(u[one], scale[one], None, lambda one=one: roundings[one]) == whole[one]  # type: ignore[misc]  # mypy cannot type a lambda's default


MIDDLES = (np.arange(400_000) + 0.5) / 400_000


@every
@pytest.mark.statistical
def test_the_mean_is_that_of_the_counts(law: Fanout) -> None:
    found = counts(law, MIDDLES)
    assert found.mean() == pytest.approx(law.mean(), rel=2e-4, abs=1e-4)


@every
@pytest.mark.statistical
@pytest.mark.parametrize("m", [0.3, 1.0, 2.5])
def test_multipliers_scale_the_mean(law: Fanout, m: float) -> None:
    if law.bounds() != (0.0, math.inf) and law.key in ("poisson", "negative_binomial"):
        return  # the mean is scaled before the clamp; how far that shows depends on the clamp
    found = counts(law, MIDDLES, m)
    if law.bounds()[0] % 1 or law.bounds()[1] % 1:
        return  # without a multiplier a fraction of a bound is cut off
    spread = found.std() / math.sqrt(len(MIDDLES))
    assert found.mean() == pytest.approx(law.mean() * m, abs=5 * spread + 1e-3 * m)
