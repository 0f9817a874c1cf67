"""What holds for every distribution, those of packages elsewhere included: each sample body is tried."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.schema.parts import DISTRIBUTIONS, Distribution
from tests.engine.small import Array

STREAM = Stream(42, "table", "column", "draw")

# Beside the samples: what is certain, what has atoms, what is wide.
MORE: list[tuple[str, dict[str, Any]]] = [
    ("normal", {"mean": 3, "std": 0}),
    ("lognormal", {"mean": 1, "sigma": 0}),
    ("uniform", {"low": 2, "high": 2}),
    ("poisson", {"lambda": 0}),
    ("poisson", {"lambda": 300}),
    ("poisson", {"lambda": 20_000}),
    ("triangular", {"low": 1, "mode": 1, "high": 4}),
    ("triangular", {"low": 1, "mode": 4, "high": 4}),
    ("triangular", {"low": 4, "mode": 4, "high": 4}),
    ("gamma", {"a": 0.3, "scale": 2}),
    ("beta", {"a": 0.5, "b": 0.5}),
    ("weibull", {"c": 0.7, "scale": 3}),
    ("student_t", {"df": 1, "loc": 5, "scale": 2}),
    ("bernoulli", {"p": 0}),
    ("bernoulli", {"p": 1}),
    ("binomial", {"n": 0, "p": 0.5}),
    ("binomial", {"n": 7, "p": 1}),
    ("binomial", {"n": 1_000_000, "p": 0.5}),
    ("negative_binomial", {"n": 5, "p": 1}),
    ("negative_binomial", {"n": 0.5, "p": 0.01}),
    ("negative_binomial", {"n": 2, "p": 1e-5}),
    ("histogram", {"edges": [-1, 0, 1, 5], "weights": [1, 0, 3]}),
    (
        "mixture",
        {
            "weights": [1, 0, 2],
            "parts": [
                {"type": "poisson", "params": {"lambda": 2}},
                {"type": "bernoulli", "params": {"p": 0.5}},
                {
                    "type": "mixture",
                    "params": {
                        "weights": [1, 1],
                        "parts": [
                            {"type": "uniform", "params": {"low": -5, "high": 0}},
                            {"type": "normal", "params": {"mean": 2, "std": 0}},
                        ],
                    },
                },
            ],
        },
    ),
]
BODIES = [(key, dict(body)) for key, cls in DISTRIBUTIONS.all().items() for body in cls.samples] + MORE
LAWS = [DISTRIBUTIONS.get(key).model_validate(body) for key, body in BODIES]

every = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.key)
light = pytest.mark.parametrize(
    "law", [law for law in LAWS if law.key not in ("pareto", "student_t")], ids=lambda law: law.key
)
"""Those whose tails hold so little of the mean that it can be summed."""

SHARES = st.lists(
    st.floats(1e-12, 1 - 1e-12) | st.floats(0.01, 0.99) | st.sampled_from([0.25, 0.5, 0.75]),
    min_size=1,
    max_size=20,
).map(lambda u: np.sort(np.array(u)))


def numbers_near(law: Distribution) -> Array:
    """Return some numbers over the range of a distribution, its ends and what lies beyond them."""
    inner = law.ppf(np.linspace(0.001, 0.999, 101))
    width = inner[-1] - inner[0] + 1
    return np.sort(np.concatenate((inner, inner + 0.3, [inner[0] - width, inner[-1] + width])))


@every
@settings(max_examples=20)
@given(u=SHARES)
def test_a_quantile_is_the_first_number_that_reaches_its_share(law: Distribution, u: Array) -> None:
    x = law.ppf(u)
    assert x.dtype == np.float64
    assert (np.diff(x) >= 0).all()
    assert (law.cdf(x) >= u - 1e-9).all()
    # Just below it the share is not reached: by one unit in the last place, and some for rounding.
    below = x - np.maximum(np.abs(x), 1e-300) * 1e-12
    steep = law.cdf(x) - law.cdf(below)
    assert (law.cdf(below) <= u + np.where(steep < 1e-3, steep, 0.0) + 1e-9).all()


@every
def test_shares_rise_from_0_to_1(law: Distribution) -> None:
    shares = law.cdf(numbers_near(law))
    assert (np.diff(shares) >= -1e-15).all()
    assert ((shares >= 0) & (shares <= 1)).all()
    ends = law.cdf(np.array([-1e300, 1e300]))
    assert ends == pytest.approx([0, 1])


@every
def test_the_support_holds_every_value_and_no_end_is_too_far(law: Distribution) -> None:
    low, high = law.support()
    drawn = np.concatenate((law.sample(STREAM, Rows.run(0, 2000)), law.ppf(np.array([1e-15, 1 - 1e-15]))))
    assert (drawn >= low).all()
    assert (drawn <= high).all()
    # The share below a finite end is 0, and at the upper one 1.
    if math.isfinite(low):
        assert law.cdf(np.array([low - 1e-6 - abs(low) * 1e-9]))[0] == pytest.approx(0, abs=1e-12)
    if math.isfinite(high):
        assert law.cdf(np.array([high]))[0] == pytest.approx(1)


@every
def test_whole_numbers_are_whole(law: Distribution) -> None:
    drawn = law.sample(STREAM, Rows.run(0, 500))
    assert not law.integer or (drawn == np.rint(drawn)).all()


@every
def test_a_value_does_not_depend_on_how_many_are_drawn(law: Distribution) -> None:
    size = BLOCK + 700
    whole = law.sample(STREAM, Rows.run(0, size))
    assert whole.dtype == np.float64
    assert whole.shape == (size,)
    for rows in (Rows.run(0, 5), Rows.run(0, BLOCK), Rows.run(BLOCK - 3, BLOCK + 3), Rows.run(9, 9)):
        assert (law.sample(STREAM, rows) == whole[rows.numbers()]).all()
    some = np.random.default_rng(1).integers(0, size, 300)
    assert (law.sample(STREAM, Rows.listed(some)) == whole[some]).all()


@every
def test_another_seed_draws_other_values(law: Distribution) -> None:
    low, high = law.ppf(np.array([0.1, 0.9]))
    other = Stream(43, "table", "column", "draw")
    same = law.sample(STREAM, Rows.run(0, 500)) == law.sample(other, Rows.run(0, 500))
    assert same.all() == (low == high)


@every
@pytest.mark.statistical
def test_samples_follow_the_distribution_function(law: Distribution) -> None:
    size = 40_000
    drawn = np.sort(law.sample(STREAM, Rows.run(0, size)))
    values, counts = np.unique(drawn, return_counts=True)
    upto = np.cumsum(counts) / size
    # The Dvoretzky–Kiefer–Wolfowitz bound: a distance that is exceeded with a chance of 10⁻⁶.
    bound = math.sqrt(math.log(2e6) / (2 * size))
    assert np.abs(upto - law.cdf(values)).max() < bound
    # From below as well: the share just below a value is that of the values before it.
    below = law.cdf(values - np.maximum(np.abs(values), 1e-300) * 1e-12)
    assert np.abs(np.concatenate(([0.0], upto[:-1])) - below).max() < bound


@light
@pytest.mark.statistical
def test_the_mean_is_the_integral_of_the_quantiles(law: Distribution) -> None:
    # Midpoints over most of the line, and ever finer towards both ends.
    edges = np.concatenate((10.0 ** np.arange(-14, -2, 0.01), np.linspace(0.01, 0.99, 100_000)))
    edges = np.unique(np.concatenate(([0.0], edges, 1 - edges, [1.0])))
    middles, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    inside = (middles > 0) & (middles < 1)
    total = float(np.sum(law.ppf(middles[inside]) * widths[inside]))
    assert total == pytest.approx(law.mean(), rel=2e-3, abs=1e-6)
