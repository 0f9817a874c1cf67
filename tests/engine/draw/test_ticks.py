from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from datagen_engine.draw.grid import Grid, Window, parse_instant
from datagen_engine.draw.stage import Slice, Steps, TickShape
from datagen_engine.draw.ticks import DIMENSIONS, TickLaw, cell_of, stretch_count
from tests.engine.small import Array

HOUR, DAY = 3_600_000_000, 86_400_000_000

# A frequency, today's spelling for pandas, and a window in which it has a few hundred ticks at most.
GRIDS = [
    ("D", "D", "2023-12-30", "2024-03-02"),
    ("h", "h", "2024-02-28T05:30", "2024-03-02T01:00"),
    ("H", "h", "1969-12-31", "1970-01-03"),
    ("15T", "15min", "2024-01-01T00:07", "2024-01-02T11:00"),
    ("7min", "7min", "2024-01-01T23:59", "2024-01-02T23:59"),
    ("90min", "90min", "2024-01-01", "2024-01-09"),
    ("36h", "36h", "2024-01-01", "2024-04-01"),
    ("1h30min", "1h30min", "2024-01-01", "2024-01-09"),
    ("10S", "10s", "2024-01-01T10:58", "2024-01-01T11:30"),
    ("M", "ME", "2019-01-15", "2024-01-31"),
    ("2M", "2ME", "2019-01-15", "2024-01-31"),
    ("MS", "MS", "2019-01-15", "2024-01-31"),
    ("Q", "QE-DEC", "2010-01-01", "2024-12-31"),
    ("Q-JAN", "QE-JAN", "2010-01-01", "2024-12-31"),
    ("W", "W-SUN", "2023-01-01", "2024-01-01"),
    ("W-MON", "W-MON", "2023-01-01", "2024-01-01"),
    ("B", "B", "2024-01-01", "2024-06-30"),
    ("BM", "BME", "2019-01-15", "2024-01-31"),
    ("A", "YE-DEC", "1950-01-01", "2024-12-31"),
    ("Y", "YE-DEC", "1950-01-01", "2024-12-31"),
    ("AS-APR", "YS-APR", "1950-01-01", "2024-12-31"),
]
grids = st.sampled_from(GRIDS)
everyday = st.sampled_from([g for g in GRIDS if g[1][-1] in "Dhns"])

weight = st.just(0.0) | st.floats(0.01, 10)
cells = st.sampled_from(sorted(DIMENSIONS)).flatmap(
    lambda name: st.lists(weight, min_size=DIMENSIONS[name], max_size=DIMENSIONS[name]).map(
        lambda weights: TickShape(cells=(name, weights))
    )
)


class NoRows:
    """Stand in for a slice where a law asks for nothing but its memory."""

    def __init__(self) -> None:
        self.made: dict[Hashable, Any] = {}

    def memo(self, key: Hashable, make: Callable[[], Any]) -> Any:
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


def nothing() -> Slice:
    return cast("Slice", NoRows())


def grid_of(frequency: str, start: str, end: str) -> Grid:
    return Grid(Window(parse_instant(start), parse_instant(end)), frequency)


def all_ticks(alias: str, start: str, end: str) -> pd.DatetimeIndex:
    return pd.date_range(start, end, freq=alias, unit="us", tz="UTC")


def by_hand(ticks: pd.DatetimeIndex, shapes: list[TickShape]) -> Array:
    """Return the weight of each tick, by pandas' own calendar."""
    weights = np.ones(len(ticks))
    for shape in shapes:
        if shape.cells:
            name, factors = shape.cells
            cell = {"hour": ticks.hour, "dow": ticks.day_of_week, "month": ticks.month - 1}[name]
            weights *= np.array(factors)[cell]
    return weights


def shares(law: TickLaw, ticks: Array) -> Array:
    """Return the share of each tick."""
    return law.cdf(ticks, nothing()) - law.cdf(ticks - 1, nothing())


@pytest.mark.parametrize("grid", GRIDS, ids=[grid[0] for grid in GRIDS])
def test_a_grid_has_the_ticks_of_pandas_old_spellings_and_new(grid: tuple[str, str, str, str]) -> None:
    frequency, alias, start, end = grid
    ours, ticks = grid_of(frequency, start, end), all_ticks(alias, start, end)
    assert ours.count == len(ticks)
    assert (ours.instants(np.arange(ours.count)) == ticks.asi8).all()
    around = np.concatenate((ticks.asi8 - 1, ticks.asi8, ticks.asi8 + 1))
    assert (ours.before(around) == np.searchsorted(ticks.asi8, around)).all()


@settings(max_examples=150)
@given(grid=grids, shapes=st.lists(cells, max_size=3))
def test_a_tick_has_the_product_of_its_weights(
    grid: tuple[str, str, str, str], shapes: list[TickShape]
) -> None:
    frequency, alias, start, end = grid
    ticks = all_ticks(alias, start, end)
    weights = by_hand(ticks, shapes)
    if weights.sum() == 0:
        with pytest.raises(ValueError, match="weight 0"):
            TickLaw(grid_of(frequency, start, end), shapes)
        return
    law = TickLaw(grid_of(frequency, start, end), shapes)
    assert shares(law, ticks.asi8) == pytest.approx(weights / weights.sum(), abs=1e-12)
    assert stretch_count(law.grid, shapes) >= len(np.unique(weights))


@settings(max_examples=150)
@given(
    grid=grids,
    shapes=st.lists(cells, max_size=2),
    u=st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=50),
)
def test_a_quantile_is_the_first_tick_that_reaches_its_share(
    grid: tuple[str, str, str, str], shapes: list[TickShape], u: list[float]
) -> None:
    frequency, alias, start, end = grid
    ticks = all_ticks(alias, start, end)
    weights = by_hand(ticks, shapes)
    assume(weights.sum() > 0)
    law = TickLaw(grid_of(frequency, start, end), shapes)
    asked = np.array(u)
    found = law.ppf(asked, nothing())
    place = np.searchsorted(ticks.asi8, found)
    assert (ticks.asi8[place] == found).all()
    assert (weights[place] > 0).all()
    upto = np.cumsum(weights) / weights.sum()
    assert (upto[place] >= asked - 1e-9).all()
    assert (upto[place] - weights[place] / weights.sum() <= asked + 1e-9).all()
    assert (law.cdf(found, nothing()) >= asked - 1e-9).all()


@pytest.mark.parametrize("frequency", ["h", "7min", "36h", "W-MON"])
def test_days_have_weights_of_their_own(frequency: str) -> None:
    grid = grid_of(frequency, "2023-12-25", "2024-03-01")
    law = TickLaw(grid, [TickShape(days=lambda days: 1.0 + days % 3)])
    ticks = grid.instants(np.arange(grid.count))
    weights = 1.0 + ticks // DAY % 3
    assert shares(law, ticks) == pytest.approx(weights / weights.sum(), abs=1e-12)


# -- what differs from row to row ------------------------------------------------------------------------

STEP = st.just(0.0) | st.floats(0.1, 5)


@st.composite
def steps(draw: st.DrawFn, rows: int, start: int, end: int) -> Steps:
    """Functions of time for some groups, their breaks in the window and around it."""
    span = end - start
    functions = []
    for _ in range(draw(st.integers(1, 3))):
        places = draw(st.lists(st.integers(-4, 24), max_size=4))
        breaks = np.sort(np.array([start + span * place // 20 for place in places], dtype=np.int64))
        values = draw(st.lists(STEP, min_size=len(places) + 1, max_size=len(places) + 1))
        functions.append((breaks, np.array(values)))
    group = draw(st.lists(st.integers(0, len(functions) - 1), min_size=rows, max_size=rows))
    return Steps(np.array(group), [breaks for breaks, _ in functions], [values for _, values in functions])


ROWS = 4


@settings(max_examples=40)
@given(grid=everyday, shapes=st.lists(cells, max_size=1), data=st.data())
def test_steps_bend_the_chance_of_each_tick_row_by_row(
    grid: tuple[str, str, str, str], shapes: list[TickShape], data: st.DataObject
) -> None:
    frequency, alias, start, end = grid
    window = Window(parse_instant(start), parse_instant(end))
    ticks = all_ticks(alias, start, end)
    weights = by_hand(ticks, shapes)
    assume(weights.sum() > 0)
    functions = data.draw(st.lists(steps(ROWS, window.start, window.end), min_size=1, max_size=2))
    bent = [TickShape(steps=lambda at, found=found: found) for found in functions]  # type: ignore[misc]  # mypy cannot type a lambda's default
    law = TickLaw(Grid(window, frequency), [*shapes, *bent])
    for row in range(ROWS):
        factor = np.ones(len(ticks))
        for found in functions:
            breaks, values = found.breaks[found.group[row]], found.values[found.group[row]]
            factor *= values[np.searchsorted(breaks, ticks.asi8, side="right")]
        mass = weights * factor
        if mass.sum() == 0:  # an effect that leaves no tick has no say
            mass = weights
        expected = mass / mass.sum()
        # The law asks for all rows at once; so each tick is asked for in every row.
        at = nothing()
        upto = [law.cdf(np.full(ROWS, tick), at)[row] for tick in ticks.asi8]
        assert upto == pytest.approx(np.cumsum(expected), abs=1e-9)
        for u in data.draw(st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=4)):
            place = int(np.searchsorted(ticks.asi8, law.ppf(np.full(ROWS, u), at)[row]))
            before = upto[place] - expected[place]
            assert before - 1e-9 <= u <= upto[place] + 1e-9


def test_no_rows_have_no_ticks() -> None:
    empty = Steps(np.empty(0, dtype=np.int64), [np.array([5])], [np.array([1.0, 2.0])])
    law = TickLaw(grid_of("D", "2024-01-01", "2024-01-31"), [TickShape(steps=lambda at: empty)])
    assert len(law.ppf(np.empty(0), nothing())) == 0
    assert len(law.cdf(np.empty(0, dtype=np.int64), nothing())) == 0


def test_a_grid_may_be_long() -> None:
    # A tick a microsecond for a century: three billion million ticks, in hours by weight.
    window = Window(parse_instant("1950-01-01"), parse_instant("2049-12-31"))
    law = TickLaw(Grid(window, "us"), [TickShape(cells=("hour", [1.0] * 12 + [3.0] * 12))])
    assert law.grid.count == window.end - window.start + 1
    drawn = law.ppf((np.arange(100_000) + 0.5) / 100_000, nothing())
    assert (np.diff(drawn) > 0).all()
    assert (drawn // HOUR % 24 >= 12).mean() == pytest.approx(0.75, abs=1e-3)


@given(moments=st.lists(st.integers(-(2**55), 2**55), max_size=20))
def test_cells_are_those_of_the_calendar(moments: list[int]) -> None:
    index = pd.to_datetime(np.array(moments, dtype=np.int64), unit="us")
    instants = np.array(moments, dtype=np.int64)
    assert cell_of(instants, "hour").tolist() == index.hour.tolist()
    assert cell_of(instants, "dow").tolist() == index.day_of_week.tolist()
    assert cell_of(instants, "month").tolist() == (index.month - 1).tolist()
