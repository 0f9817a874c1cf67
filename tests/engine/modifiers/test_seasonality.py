from __future__ import annotations

import numpy as np
import pytest

from datagen_engine.draw.ticks import DIMENSIONS, cell_of
from tests.engine.small import Tree, column, draw, fact, faults, near, numbers, plan, table

WEIGHTS = {name: [1.0 + (place % 4) for place in range(size)] for name, size in DIMENSIONS.items()}
TIME = column("at", "datetime", {"datetime_series": {"within": "timeframe"}})
ONE = {"choice": {"choices": [1.0, 2.0]}}


def seasonal(dimension: str, **more: str) -> Tree:
    return {"seasonality": {"dimension": dimension, "weights": WEIGHTS[dimension], **more}}


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_numbers_are_multiplied_by_the_weight_at_the_rows_time(dimension: str) -> None:
    plain = plan(table(TIME, column("x", "float", ONE)))
    one = plan(table(TIME, column("x", "float", ONE, seasonal(dimension))))
    cells = cell_of(draw(one, "at").instants(), dimension)
    assert (numbers(one, "x") == numbers(plain, "x") * np.array(WEIGHTS[dimension])[cells]).all()


def test_the_time_is_that_of_the_column_that_is_named() -> None:
    other = column("other", "date", {"datetime_series": {"within": "timeframe", "freq": "D"}})
    one = plan(
        table(
            TIME,
            other,
            column("x", "float", {"choice": {"choices": [1]}}, seasonal("dow", time_reference="other")),
        )
    )
    assert (
        numbers(one, "x") == np.array(WEIGHTS["dow"])[cell_of(draw(one, "other").instants(), "dow")]
    ).all()


def test_the_time_is_the_parents_where_a_table_has_none() -> None:
    parent = column("p", "int", {"lookup": {"from": "t.id"}})
    at = column("of_parent", "datetime", {"lookup": {"from": "t.at"}})
    child = fact(parent, column("x", "float", {"choice": {"choices": [1]}}, seasonal("hour")))
    with_time = fact(parent, column("x", "float", {"choice": {"choices": [1]}}), at)
    hours = cell_of(draw(plan(table(TIME), with_time), "of_parent", "f").instants(), "hour")
    assert (numbers(plan(table(TIME), child), "x", "f") == np.array(WEIGHTS["hour"])[hours]).all()


def test_where_the_time_is_null_the_weight_is_1() -> None:
    time = {**TIME, "nullable": True, "null_rate": 0.5}
    one = plan(table(time, column("x", "float", {"choice": {"choices": [7]}}, seasonal("dow"))))
    at = draw(one, "at")
    expected = np.where(at.mask(), np.array(WEIGHTS["dow"])[cell_of(at.instants(), "dow")], 1.0) * 7
    assert (numbers(one, "x") == expected).all()


@pytest.mark.statistical
@pytest.mark.parametrize("type", ["datetime", "date"])
def test_of_times_each_cell_has_its_share_wherever_the_modifier_stands(type: str) -> None:
    size = 60_000
    generator = {"datetime_series": {"within": {"start": "2024-01-01", "end": "2024-12-29"}, "freq": "D"}}
    for modifiers in (
        [seasonal("dow"), seasonal("month")],
        [{"time_jitter": {"std": 0}}, seasonal("dow"), seasonal("month")],
    ):
        at = draw(plan(table(column("x", type, generator, *modifiers), rows=size)), "x").instants()
        days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2024-12-30")).astype(np.int64)
        weights = np.ones(len(days))
        for name in ("dow", "month"):
            weights *= np.array(WEIGHTS[name])[cell_of(days * 86_400_000_000, name)]
        weights /= weights.sum()
        for name in ("dow", "month"):
            cells = cell_of(days * 86_400_000_000, name)
            expected = np.bincount(cells, weights)
            observed = np.bincount(cell_of(at, name), minlength=len(expected)) / size
            for share, seen in zip(expected, observed, strict=True):
                assert near(seen, share, np.sqrt(share * (1 - share)), size)


@pytest.mark.parametrize(
    ("weights", "path", "code"),
    [
        ([1.0] * 6, "args", "bad-weights"),
        ([0] * 7, "args/weights", "bad-weights"),
        ([1, -1, 1, 1, 1, 1, 1], "args/weights/1", "out-of-limits"),
    ],
)
def test_weights_are_as_many_as_cells(weights: list[float], path: str, code: str) -> None:
    modifier = {"seasonality": {"dimension": "dow", "weights": weights}}
    found = faults(table(TIME, column("x", "float", ONE, modifier)))
    assert found == [(f"/nodes/0/columns/2/modifiers/0/{path}", code)]
