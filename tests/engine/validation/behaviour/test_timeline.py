"""Expected numbers of rows by time, against the sum over every single tick."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from datagen_engine.draw.grid import Grid, Window
from datagen_engine.draw.values import Values
from datagen_engine.planning.plan import Plan
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.behaviour.timeline import Timeline
from datagen_engine.validation.behaviour.times import Axis
from datagen_engine.validation.behaviour.view import RowView
from tests.drawing import plan_of
from tests.engine.small import Tree, column, schema, table
from tests.engine.validation.behaviour.memory import Memory, drawn, listed

Array = NDArray[Any]

DAY = 86_400_000_000
HOUR = 3_600_000_000
HOURS = [float(1 + h % 5) for h in range(24)]
WEEKDAYS = [1.0, 2.0, 1.0, 0.5, 3.0, 0.0, 1.5]
MONTHS = [1.0, 0.5, 2.0] + [1.0] * 9
WINDOW = {"start": "2024-01-30T05:00:00Z", "end": "2024-03-11T17:00:00Z"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(instant: int) -> datetime:
    return EPOCH + timedelta(microseconds=instant)


def weight(instant: int) -> float:
    """Return the product of the weights at an instant, by the calendar of Python."""
    when = moment(instant)
    return HOURS[when.hour] * WEEKDAYS[when.weekday()] * MONTHS[when.month - 1]


def looked_at(
    *columns: Tree, name: str = "at", rows: int = 60, more: Any = (), **extra: Any
) -> tuple[Plan, RowView, Timeline]:
    plan = plan_of(schema(*more, table(*columns, rows=rows), **extra))
    view = RowView.of_table(DataTables(Memory(plan, drawn(plan))), "t")
    return plan, view, Timeline.of(plan.tables["t"].columns[name])


def series(*modifiers: Tree, type: str = "datetime", freq: str = "2h") -> Tree:
    patterns = [{"dimension": "dow", "weights": WEEKDAYS}]
    if type == "datetime":
        patterns.append({"dimension": "hour", "weights": HOURS})
    seasons = {"seasonality": {"dimension": "month", "weights": MONTHS}}
    return column(
        "at",
        type,
        {"datetime_series": {"within": WINDOW, "freq": freq, "patterns": patterns}},
        seasons,
        *modifiers,
    )


def ticks(freq: str = "2h") -> tuple[Window, Array]:
    start, end = (
        int((datetime.fromisoformat(WINDOW[key]) - EPOCH).total_seconds()) * 1_000_000
        for key in ("start", "end")
    )
    grid = Grid(Window(start, end), freq)
    return grid.window, grid.instants(np.arange(grid.count))


def normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def reflected_share(tick: int, low: float, high: float, spread: float, window: Window) -> float:
    """Return the chance that a tick, moved by normal noise and reflected at the window, comes to lie in [low, high)."""
    low, high = max(low, window.start), min(high, window.end + 1)
    if low >= high:
        return 0.0
    total = 0.0
    for a, b in (
        (low, high),
        (2 * window.start - high + 1, 2 * window.start - low + 1),
        (2 * window.end - high + 1, 2 * window.end - low + 1),
    ):
        total += normal((b - 0.5 - tick) / spread) - normal((a - 0.5 - tick) / spread)
    return total


def test_patterns_alone() -> None:
    _, view, timeline = looked_at(series())
    window, every = ticks()
    axis = Axis(window, "datetime")
    shares = np.array([weight(t) for t in every.tolist()])
    wanted = np.bincount(
        (every - axis.edges[0]) // HOUR, shares / shares.sum() * len(view), minlength=len(axis)
    )
    found = timeline.expected("axis", axis.edges, view)
    np.testing.assert_allclose(found, wanted, atol=1e-9)


@pytest.mark.parametrize("minutes", [4, 25, 90])
def test_jitter_is_spread_over_the_hours_and_reflected_at_the_window(minutes: float) -> None:
    _, view, timeline = looked_at(series({"time_jitter": {"std_minutes": minutes}}))
    window, every = ticks()
    axis = Axis(window, "datetime")
    shares = np.array([weight(t) for t in every.tolist()])
    wanted = np.zeros(len(axis))
    for tick, share in zip(every.tolist(), (shares / shares.sum()).tolist(), strict=True):
        near = range(
            max(0, int((tick - axis.edges[0]) // HOUR) - 12),
            min(len(axis), int((tick - axis.edges[0]) // HOUR) + 13),
        )
        for place in near:
            wanted[place] += share * reflected_share(
                tick, float(axis.edges[place]), float(axis.edges[place + 1]), minutes * 60e6, window
            )
    found = timeline.expected("axis", axis.edges, view) / len(view)
    assert abs(found.sum() - 1) < 1e-9
    assert np.abs(found - wanted).max() < 1e-6
    by_hour = [np.bincount((axis.starts // HOUR % 24).astype(int), part) for part in (found, wanted)]
    np.testing.assert_allclose(by_hour[0], by_hour[1], atol=1e-6)


def test_a_tick_on_the_hour_falls_half_into_the_hour_before() -> None:
    flat = column(
        "at",
        "datetime",
        {
            "datetime_series": {
                "within": WINDOW,
                "freq": "h",
                "pattern": {"dimension": "hour", "weights": [0.0] * 12 + [1.0] + [0.0] * 11},
            }
        },
        {"time_jitter": {"std_minutes": 5}},
    )
    _, view, timeline = looked_at(flat)
    axis = Axis(ticks()[0], "datetime")
    found = timeline.expected("axis", axis.edges, view) / len(view)
    by_hour = np.bincount((axis.starts // HOUR % 24).astype(int), found, minlength=24)
    assert by_hour[11] == pytest.approx(0.5, abs=0.01)
    assert by_hour[12] == pytest.approx(0.5, abs=0.01)


def test_effects_by_key_and_days_that_stand_out() -> None:
    events = listed(
        "event",
        {
            "int:id": [1, 2, 3],
            "string:kind": ["a", "a", "b"],
            "datetime:start": ["2024-02-03T07:00:00Z", "2024-02-20T00:00:00Z", "2024-02-10T00:00:00Z"],
            "datetime:end": ["2024-02-05T09:30:00Z", "2024-02-21T00:00:00Z", "2024-02-12T12:00:00Z"],
            "float:factor": [3.0, 0.0, 5.0],
        },
    )
    effect = {
        "effect": {
            "effect_table": "event",
            "on": {"kind": "kind"},
            "window": {"start_col": "start", "end_col": "end"},
            "map": {"field": "factor", "op": "mul", "default": 1.0},
        }
    }
    outliers = {"outliers": {"rate": 0.2, "mode": "spike", "magnitude": 1.5}}
    kinds = column("kind", "string", {"choice": {"choices": ["a", "b", "c"]}})
    plan, view, timeline = looked_at(kinds, series(effect, outliers), more=[events])
    modifier = plan.schema.nodes[1].columns[2].modifiers[2]
    site = plan.resolver.modifier_sites(plan.schema.nodes[1], plan.schema.nodes[1].columns[2])[2]
    shape = modifier.shape_ticks(site)
    assert shape is not None
    assert shape.days is not None
    windows = {
        "a": [
            ("2024-02-03T07:00:00Z", "2024-02-05T09:30:00Z", 3.0),
            ("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z", 0.0),
        ],
        "b": [("2024-02-10T00:00:00Z", "2024-02-12T12:00:00Z", 5.0)],
        "c": [],
    }
    window, every = ticks()
    axis = Axis(window, "datetime")
    struck = shape.days(every // DAY)
    assert (struck != 1).any()
    wanted = np.zeros(len(axis))
    for kind in view.column("kind").to_list():
        shares = struck * np.array([weight(t) for t in every.tolist()])
        for start, end, factor in windows[kind]:
            inside = [
                datetime.fromisoformat(start) <= moment(t) <= datetime.fromisoformat(end)
                for t in every.tolist()
            ]
            shares = np.where(inside, shares * factor, shares)
        wanted += np.bincount((every - axis.edges[0]) // HOUR, shares / shares.sum(), minlength=len(axis))
    np.testing.assert_allclose(timeline.expected("axis", axis.edges, view), wanted, atol=1e-9)


def bounded(type: str) -> tuple[RowView, Timeline]:
    """Return rows of which each has a bound of its own, and the law of their second time."""
    first = column(
        "first", type, {"datetime_series": {"within": WINDOW, "freq": "5h" if type == "datetime" else "D"}}
    )
    freq = "2h" if type == "datetime" else "D"
    _, view, timeline = looked_at(
        first,
        series(type=type, freq=freq),
        constraints={"inequalities": [{"left": "t.first", "op": "<", "right": "t.at"}]},
    )
    return view, timeline


@pytest.mark.parametrize("type", ["datetime", "date"])
def test_bounds_of_single_rows(type: str) -> None:
    view, timeline = bounded(type)
    window, every = ticks("2h" if type == "datetime" else "D")
    if type == "date":
        every = every // DAY * DAY
    axis = Axis(window, "datetime" if type == "datetime" else "date")
    shares = np.array(
        [
            weight(t) if type == "datetime" else WEEKDAYS[moment(t).weekday()] * MONTHS[moment(t).month - 1]
            for t in every.tolist()
        ]
    )
    wanted = np.zeros(len(axis))
    rows = 0
    for first in view.column("first").instants().tolist():
        left = np.where(every > first, shares, 0.0)
        if left.sum() > 0:
            wanted += np.bincount(
                (every - axis.edges[0]) // axis.unit, left / left.sum(), minlength=len(axis)
            )
            rows += 1
    assert rows > 50
    possible = np.flatnonzero(timeline.limits(view)[0] <= timeline.limits(view)[1])
    found = timeline.expected("axis", axis.edges, view.take(possible))
    np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize("type", ["datetime", "date"])
def test_the_place_of_a_single_row(type: str) -> None:
    view, timeline = bounded(type)
    _, every = ticks("2h" if type == "datetime" else "D")
    every = every // DAY * DAY if type == "date" else every
    shares = np.array(
        [
            weight(t) if type == "datetime" else WEEKDAYS[moment(t).weekday()] * MONTHS[moment(t).month - 1]
            for t in every.tolist()
        ]
    )
    below, upto = timeline.spread(view.column("at"), view)
    firsts, found = view.column("first").instants().tolist(), view.column("at").instants().tolist()
    for row, (first, at) in enumerate(zip(firsts, found, strict=True)):
        left = np.where(every > first, shares, 0.0)
        if left.sum() > 0:
            assert below[row] == pytest.approx(left[every < at].sum() / left.sum(), abs=1e-9)
            assert upto[row] == pytest.approx(left[every <= at].sum() / left.sum(), abs=1e-9)


def test_a_declared_range_gathers_what_lies_beyond_at_its_ends() -> None:
    low, high = "2024-02-10T00:00:00Z", "2024-03-01T00:00:00Z"
    _, view, timeline = looked_at(
        series(), constraints={"ranges": [{"attr": "t.at", "min": low, "max": high}]}
    )
    window, every = ticks()
    axis = Axis(window, "datetime")
    ends = [int((datetime.fromisoformat(text) - EPOCH).total_seconds()) * 1_000_000 for text in (low, high)]
    shares = np.array([weight(t) for t in every.tolist()])
    held = np.clip(every, ends[0], ends[1])
    wanted = np.bincount(
        (held - axis.edges[0]) // HOUR, shares / shares.sum() * len(view), minlength=len(axis)
    )
    np.testing.assert_allclose(timeline.expected("axis", axis.edges, view), wanted, atol=1e-9)


def test_drawn_times_have_uniform_places() -> None:
    _, view, timeline = looked_at(series({"time_jitter": {"std_minutes": 20}}), rows=3000)
    u = (np.arange(len(view)) + 0.5) / len(view)
    times = timeline.drawn(u, view, np.zeros(len(view)))
    assert (np.diff(times.instants()) >= 0).all()
    below, upto = timeline.spread(Values("datetime", times.instants()), view)
    assert (below <= upto).all()
    assert np.abs((below + upto) / 2 - u).max() < 0.05
