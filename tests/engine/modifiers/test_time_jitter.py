from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.grid import Window, parse_instant
from datagen_engine.modifiers.time_jitter import reflect
from tests.engine.small import Array, Tree, column, draw, plan, table

SECOND = 1_000_000
SIZE = 40_000
WIDE = {"datetime_series": {"within": {"start": "1990-01-01", "end": "2030-12-31"}, "freq": "D"}}


def drawn(generator: Tree, *modifiers: Tree, type: str = "datetime") -> Array:
    return draw(plan(table(column("x", type, generator, *modifiers), rows=SIZE)), "x").instants()


@pytest.mark.statistical
@pytest.mark.parametrize("args", [{"std_minutes": 15}, {"std": 900}])
def test_times_are_off_by_a_normal_amount(args: Tree) -> None:
    moved = (drawn(WIDE, {"time_jitter": args}) - drawn(WIDE)) / SECOND
    assert stats.kstest(moved, stats.norm(0, 900).cdf).pvalue > 1e-4


def test_times_stay_in_their_window_and_pile_up_nowhere() -> None:
    narrow = {
        "datetime_series": {"within": {"start": "2024-01-01", "end": "2024-01-02T00:00:00Z"}, "freq": "h"}
    }
    moved = drawn(narrow, {"time_jitter": {"std_minutes": 300}})
    start, end = parse_instant("2024-01-01"), parse_instant("2024-01-02")
    assert start <= moved.min()
    assert moved.max() <= end
    assert len(np.unique(moved)) > 0.99 * SIZE


def test_a_date_moves_to_a_day_beside_it() -> None:
    days = {"datetime_series": {"within": {"start": "2024-01-01", "end": "2024-12-31"}, "freq": "D"}}
    moved = (
        (drawn(days, {"time_jitter": {"std": 86_400}}, type="date") - drawn(days, type="date"))
        / 86_400
        / SECOND
    )
    # Floored to the day, so by half a day earlier on average.
    assert moved.mean() == pytest.approx(-0.5, abs=0.05)
    assert set(np.unique(moved)) >= {-2.0, -1.0, 0.0, 1.0}


@given(x=st.integers(-(10**6), 10**6), start=st.integers(-1000, 1000), span=st.integers(0, 500))
def test_what_leaves_a_window_is_mirrored_until_it_is_inside(x: int, start: int, span: int) -> None:
    window = Window(start, start + span)
    expected = x
    while not window.start <= expected <= window.end and span:
        expected = 2 * window.start - expected if expected < window.start else 2 * window.end - expected
    assert reflect(np.array([x]), window).tolist() == [expected if span else start]
