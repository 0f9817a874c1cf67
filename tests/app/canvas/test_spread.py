from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.spread import spread

lengths = st.floats(-1000, 1000, allow_nan=False)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[float], list[float], list[float]]:
    wanted = draw(st.lists(lengths, min_size=1, max_size=12))
    apart = draw(st.lists(st.floats(0, 100), min_size=len(wanted) - 1, max_size=len(wanted) - 1))
    weights = draw(st.lists(st.floats(0.1, 10), min_size=len(wanted), max_size=len(wanted)))
    return wanted, apart, weights


@given(problems())
def test_all_keep_their_distance(problem: tuple[list[float], list[float], list[float]]) -> None:
    wanted, apart, weights = problem
    placed = spread(wanted, apart, weights)
    for upper, lower, distance in zip(placed, placed[1:], apart, strict=False):
        assert lower - upper >= distance - 1e-6


@given(problems(), st.data())
def test_no_other_arrangement_moves_them_less(
    problem: tuple[list[float], list[float], list[float]], data: st.DataObject
) -> None:
    wanted, apart, weights = problem
    placed = spread(wanted, apart, weights)

    def cost(positions: list[float]) -> float:
        return sum(w * (p - x) ** 2 for w, p, x in zip(weights, positions, wanted, strict=True))

    # A random arrangement that keeps the distances too.
    other = [data.draw(lengths)]
    for distance in apart:
        other.append(other[-1] + distance + data.draw(st.floats(0, 50)))
    assert cost(placed) <= cost(other) + 1e-6 * (1 + cost(other))


@given(problems(), st.floats(-100, 100))
def test_bounds_hold_where_there_is_room(
    problem: tuple[list[float], list[float], list[float]], low: float
) -> None:
    wanted, apart, weights = problem
    high = low + sum(apart) + 10
    placed = spread(wanted, apart, weights, low, high)
    assert placed[0] >= low - 1e-6
    assert placed[-1] <= high + 1e-6


def test_without_room_the_lower_bound_holds() -> None:
    assert spread([0, 0, 0], [10, 10], low=0, high=5) == [0, 10, 20]


def test_what_is_far_apart_stays() -> None:
    assert spread([0, 50, 100], [10, 10]) == [0, 50, 100]


def test_who_minds_more_moves_less() -> None:
    heavy, light = spread([0, 0], [10], [9, 1])
    assert heavy == pytest.approx(-1)
    assert light == pytest.approx(9)


def test_nothing_is_nothing() -> None:
    assert spread([], [], low=-math.inf) == []
