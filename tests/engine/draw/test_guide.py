from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.guide import Guide

weights = st.lists(
    st.just(0.0) | st.floats(1e-6, 1e6) | st.floats(1e-300, 1e-200) | st.integers(1, 5).map(float),
    min_size=1,
    max_size=40,
).filter(lambda w: sum(w) > 0)
shares = st.lists(st.floats(0, 1, exclude_max=True), max_size=50)
TOP = float(np.nextafter(1.0, 0.0))


@given(weights=weights, u=shares)
def test_a_share_falls_where_a_search_of_the_running_totals_finds_it(
    weights: list[float], u: list[float]
) -> None:
    guide = Guide(np.array(weights))
    # Borders, and what lies next to them, are where a guide of cells could go wrong.
    borders = guide.upper[guide.upper < 1]
    asked = np.concatenate((u, borders, np.nextafter(borders, 0), [0.0, TOP]))
    found = guide.ppf(asked)
    assert (found == np.searchsorted(guide.upper, asked, side="right")).all()
    assert (np.array(weights)[found] > 0).all()


@given(weights=weights)
def test_the_running_totals_are_those_of_the_weights(weights: list[float]) -> None:
    guide = Guide(np.array(weights))
    exact = np.cumsum(weights) / np.sum(weights)
    assert guide.upper == pytest.approx(exact, abs=1e-12)
    assert guide.upper[-1] == 1.0
    places = np.arange(-1, len(weights))
    assert guide.cdf(places) == pytest.approx(np.concatenate(([0.0], exact)), abs=1e-12)


@given(weights=weights, u=shares)
def test_the_place_within_goes_through_its_share_from_0_to_1(weights: list[float], u: list[float]) -> None:
    guide = Guide(np.array(weights))
    asked = np.sort(np.array(u))
    place, part = guide.ppf_within(asked)
    assert (place == guide.ppf(asked)).all()
    assert ((part >= 0) & (part < 1)).all()
    below, upto = guide.cdf(place - 1), guide.cdf(place)
    assert below + part * (upto - below) == pytest.approx(asked, abs=1e-12)


def test_every_cell_of_a_long_list_is_exact() -> None:
    # More places than cells of a small guide: several borders run through one cell.
    heavy = np.concatenate(([1e9], np.ones(5_000), [1e9]))
    guide = Guide(heavy)
    u = np.linspace(0.4999, 0.5001, 20_001)
    assert (guide.ppf(u) == np.searchsorted(guide.upper, u, side="right")).all()


@pytest.mark.statistical
def test_shares_are_those_of_the_weights() -> None:
    expected = np.array([0.5, 0.0, 0.01, 0.3, 0.19])
    size = 400_000
    drawn = Guide(expected * 7).ppf(np.random.default_rng(1).random(size))
    observed = np.bincount(drawn, minlength=5) / size
    assert (np.abs(observed - expected) <= 5 * np.sqrt(expected * (1 - expected) / size)).all()
