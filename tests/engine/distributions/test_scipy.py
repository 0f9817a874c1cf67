"""Each distribution against the same one in scipy.stats, and its mean."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.schema.parts import DISTRIBUTIONS, Distribution
from tests.engine.small import Tree

Reference = Callable[..., Any]


def law(key: str, body: Tree) -> Distribution:
    return DISTRIBUTIONS.get(key).model_validate(body)


places = st.floats(-1e6, 1e6)
scales = st.floats(1e-3, 1e6)
shapes = st.floats(0.05, 1e4)

SAME: dict[str, tuple[dict[str, st.SearchStrategy[Any]], Reference]] = {
    "normal": ({"mean": places, "std": scales}, lambda mean, std: stats.norm(mean, std)),
    "lognormal": (
        {"mean": st.floats(-5, 5), "sigma": st.floats(0.01, 3)},
        lambda mean, sigma: stats.lognorm(sigma, scale=math.exp(mean)),
    ),
    "uniform": (
        {"low": st.floats(-1e6, 0), "high": st.floats(1e-3, 1e6)},
        lambda low, high: stats.uniform(low, high - low),
    ),
    "poisson": ({"lambda": st.floats(0.01, 1e5)}, lambda **body: stats.poisson(body["lambda"])),
    "exponential": ({"scale": scales}, lambda scale: stats.expon(scale=scale)),
    "gamma": ({"a": shapes, "scale": scales}, lambda a, scale: stats.gamma(a, scale=scale)),
    "beta": ({"a": shapes, "b": shapes}, stats.beta),
    "triangular": (
        {"low": st.floats(-100, 0), "mode": st.floats(0, 3), "high": st.floats(3.5, 1e3)},
        lambda low, mode, high: stats.triang((mode - low) / (high - low), loc=low, scale=high - low),
    ),
    "pareto": ({"b": shapes, "scale": scales}, lambda b, scale: stats.pareto(b, scale=scale)),
    "weibull": ({"c": shapes, "scale": scales}, lambda c, scale: stats.weibull_min(c, scale=scale)),
    "student_t": (
        {"df": st.floats(0.2, 1e6), "loc": st.floats(-100, 100), "scale": st.floats(0.1, 100)},
        lambda df, loc, scale: stats.t(df, loc, scale),
    ),
    "bernoulli": ({"p": st.floats(0, 1)}, stats.bernoulli),
    "binomial": ({"n": st.integers(0, 10**6), "p": st.floats(1e-6, 1)}, stats.binom),
    "negative_binomial": (
        {"n": st.floats(0.05, 1e4), "p": st.floats(1e-4, 1)},
        lambda n, p: stats.nbinom(n, p),
    ),
    "histogram": (
        {
            "edges": st.lists(st.integers(-100, 100), min_size=5, max_size=5, unique=True).map(sorted),
            "weights": st.lists(st.integers(1, 100), min_size=4, max_size=4),
        },
        lambda edges, weights: stats.rv_histogram((np.array(weights) / np.diff(edges), edges), density=True),
    ),
}


def test_only_a_mixture_has_no_like_in_scipy() -> None:
    ours = {key for key, cls in DISTRIBUTIONS.all().items() if cls.__module__.startswith("datagen_engine.")}
    assert ours == {*SAME, "mixture"}


@pytest.mark.parametrize("key", SAME)
@settings(max_examples=25)
@given(data=st.data(), u=st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=10))
def test_quantiles_and_shares_are_those_of_scipy(key: str, data: st.DataObject, u: list[float]) -> None:
    strategies, reference = SAME[key]
    body = data.draw(st.fixed_dictionaries(strategies))
    ours, theirs = law(key, body), reference(**body)
    with np.errstate(all="ignore"):
        expected = theirs.ppf(u)
        around = np.concatenate((theirs.ppf([0.01, 0.4, 0.99]), [theirs.median() + 0.5]))
        upto = theirs.cdf(around)
    found = ours.ppf(np.array(u))
    if ours.integer:
        # Next to a step the last bits decide which side of it a share falls on.
        steps = np.abs(theirs.cdf(expected) - u) < 1e-9
        steps |= np.abs(theirs.cdf(expected - 1) - u) < 1e-9
        assert (found[~steps] == expected[~steps]).all()
    else:
        scale = np.abs(expected).max() if key in ("normal", "student_t", "triangular", "uniform") else 0
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9 * scale + 1e-300)
    assert ours.cdf(around) == pytest.approx(upto, abs=1e-7)


@pytest.mark.parametrize("key", SAME)
@settings(max_examples=25)
@given(data=st.data())
def test_means_are_those_of_scipy(key: str, data: st.DataObject) -> None:
    strategies, reference = SAME[key]
    body = data.draw(st.fixed_dictionaries(strategies))
    if key == "student_t" and body["df"] <= 1:
        assert math.isnan(law(key, body).mean())
    else:
        assert law(key, body).mean() == pytest.approx(float(reference(**body).mean()), rel=1e-9, abs=1e-9)
