from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datagen_engine.draw.effects import EffectIndex
from datagen_engine.draw.overlap import Combine
from datagen_engine.draw.values import MICROSECONDS_A_DAY, Values

DEFAULT = 1.5
COMBINE: list[Combine] = ["first", "product", "sum", "min", "max", "mean"]


@dataclass(frozen=True)
class Row:
    """One row of an effect table; times count hours, or days where the columns hold dates."""

    key: str | None
    start: int | None
    end: int | None
    value: float | None


rows = st.lists(
    st.builds(
        Row,
        st.sampled_from(["a", "b", "c", None]),
        st.none() | st.integers(-5, 5),
        st.none() | st.integers(-5, 5),
        st.none() | st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, -1.0]),
    ),
    max_size=12,
)

HOUR = 3_600_000_000

OPERATIONS: dict[Combine, Callable[[list[float]], float]] = {
    "first": lambda found: found[0],
    "product": math.prod,
    "sum": sum,
    "min": min,
    "max": max,
    "mean": lambda found: sum(found) / len(found),
}


def by_hand(
    table: list[Row], key: str | None, time: int | None, *, dates: bool, windowed: bool, combine: Combine
) -> float:
    """Look at every row of the table, one after the other."""
    if time is None and windowed:
        return DEFAULT
    unit, last = (MICROSECONDS_A_DAY, MICROSECONDS_A_DAY - 1) if dates else (HOUR, 0)
    found = []
    for row in table:
        if row.key is None or row.key != key:
            continue
        if windowed:
            assert time is not None
            if row.start is not None and row.end is not None and row.end < row.start:
                continue
            if row.start is not None and time < row.start * unit:
                continue
            if row.end is not None and time > row.end * unit + last:
                continue
        found.append(DEFAULT if row.value is None else row.value)
    if not found:
        return DEFAULT
    return OPERATIONS[combine](found)


def index(table: list[Row], *, dates: bool, windowed: bool, combine: Combine) -> EffectIndex:
    kind, unit = ("date", 1) if dates else ("datetime", HOUR)

    def times(ends: list[int | None]) -> Values:
        return Values.of(kind, [None if end is None else end * unit for end in ends])  # type: ignore[arg-type]  # one of the two

    return EffectIndex(
        [Values.of("string", [row.key for row in table])],
        times([row.start for row in table]) if windowed else None,
        times([row.end for row in table]) if windowed else None,
        Values.of("float", [row.value for row in table]).numbers(),
        DEFAULT,
        combine,
    )


@pytest.mark.parametrize("combine", COMBINE)
@settings(max_examples=60)
@given(table=rows, dates=st.booleans(), windowed=st.booleans())
def test_every_key_and_time_has_the_effect_that_a_look_at_each_row_finds(
    combine: Combine, table: list[Row], dates: bool, windowed: bool
) -> None:
    found = index(table, dates=dates, windowed=windowed, combine=combine)
    unit = MICROSECONDS_A_DAY if dates else HOUR
    edges = [edge * unit + more for edge in range(-6, 8) for more in (-1, 0, 1)]
    questions = [(key, time) for key in ("a", "b", "c", "d", None) for time in [*edges, None]]
    keys = Values.of("string", [key for key, _ in questions])
    at = Values.of("datetime", [time for _, time in questions])
    expected = [
        by_hand(table, key, time, dates=dates, windowed=windowed, combine=combine) for key, time in questions
    ]
    assert found.at([keys], at, len(questions)).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("combine", COMBINE)
@settings(max_examples=60)
@given(table=rows)
def test_the_steps_over_time_are_the_effects_at_each_time(combine: Combine, table: list[Row]) -> None:
    found = index(table, dates=False, windowed=True, combine=combine)
    keys = Values.of("string", ["a", "b", "c", "d", None])
    steps = found.steps([keys], 5)
    times = np.arange(-6 * HOUR, 8 * HOUR, HOUR // 2)
    for row, group in enumerate(steps.group.tolist()):
        breaks, values = steps.breaks[group], steps.values[group]
        assert len(values) == len(breaks) + 1
        assert (breaks[1:] >= breaks[:-1]).all()
        over_time = values[np.searchsorted(breaks, times, side="right")]
        at = found.at([keys.take(np.full(len(times), row))], Values("datetime", times), len(times))
        assert (over_time == at).all()


@pytest.mark.parametrize("combine", COMBINE)
def test_an_effect_without_keys_holds_for_every_row(combine: Combine) -> None:
    start, end = Values.of("date", [1, 2]), Values.of("date", [2, 3])
    everywhere = EffectIndex([], start, end, np.array([2.0, 4.0]), 1.0, combine)
    days = Values.of("date", [0, 1, 2, 3, 4])
    both = {"first": 2.0, "product": 8.0, "sum": 6.0, "min": 2.0, "max": 4.0, "mean": 3.0}[combine]
    assert everywhere.at([], days, 5).tolist() == [1.0, 2.0, both, 4.0, 1.0]


@pytest.mark.parametrize("combine", COMBINE)
def test_an_empty_table_has_no_effect(combine: Combine) -> None:
    nothing = EffectIndex([Values.of("int", [])], None, None, np.empty(0), 7.0, combine)
    assert nothing.at([Values.of("int", [1, 2, None])], None, 3).tolist() == [7.0] * 3
    assert nothing.steps([Values.of("int", [1])], 1).values[0].tolist() == [7.0]
    everywhere = EffectIndex([], None, None, np.empty(0), 7.0, combine)
    assert everywhere.at([], None, 2).tolist() == [7.0] * 2


@pytest.mark.parametrize("combine", COMBINE)
def test_nothing_is_asked_of_no_rows(combine: Combine) -> None:
    found = index([Row("a", 0, 5, 2.0)], dates=False, windowed=True, combine=combine)
    assert found.at([Values.of("string", [])], Values.of("datetime", []), 0).tolist() == []


def test_nothing_is_left_of_a_window_that_has_ended() -> None:
    # Running totals would leave 0.1 + 0.2 − 0.1 − 0.2 ≠ 0, and 0 × 1e300 / 0 is no number at all.
    start, end = Values.of("datetime", [0, 1, 2]), Values.of("datetime", [10, 12, 14])
    values = np.array([0.1, 0.0, 1e300])
    total = EffectIndex([], start, end, values, 0.0, "sum")
    product = EffectIndex([], start, end, values, 1.0, "product")
    times = Values.of("datetime", [11, 13, 15])
    assert total.at([], times, 3).tolist() == [1e300, 1e300, 0.0]
    assert product.at([], times, 3).tolist() == [0.0, 1e300, 1.0]


def test_keys_of_two_columns_go_together() -> None:
    keys = [Values.of("int", [1, 1, 2]), Values.of("string", ["x", "y", "x"])]
    found = EffectIndex(keys, None, None, np.array([10.0, 20.0, 30.0]), 0.0)
    asked = [Values.of("float", [2.0, 1.0, 2.0, 1.5]), Values.of("string", ["x", "y", "y", "x"])]
    assert found.at(asked, None, 4).tolist() == [30.0, 20.0, 0.0, 0.0]
