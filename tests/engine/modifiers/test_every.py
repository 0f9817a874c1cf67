"""What holds for every modifier, those of packages elsewhere included: each sample is tried on each type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.planning.plan import Plan
from datagen_engine.schema.parts import MODIFIERS
from tests.engine.small import Tree, column, draw, plan, table

GENERATORS: dict[str, Tree] = {
    "int": {"distribution": {"type": "uniform", "params": {"low": -20, "high": 90}, "clamp": [-20, 90]}},
    "float": {"distribution": {"type": "normal", "params": {"mean": 10, "std": 8}, "clamp": [-5, 40]}},
    "string": {"choice": {"choices": ["a", "b", "c"]}},
    "bool": {"choice": {"choices": [True, False]}},
    "datetime": {"datetime_series": {"within": "timeframe"}},
    "date": {"datetime_series": {"within": {"start": "2024-02-01", "end": "2024-03-31"}, "freq": "D"}},
}
BODIES = [(key, dict(body)) for key, cls in MODIFIERS.all().items() for body in cls.samples]
SIZE = BLOCK + 500

PROMOTION = table(
    column("starts", "datetime", {"datetime_series": {"within": "timeframe", "freq": "D"}}),
    column("ends", "date", {"expression": {"code": "starts + days(9)"}}),
    column("factor", "float", {"choice": {"choices": [0.5, 2.0, 3.0]}}),
    id="promotion",
    rows=20,
)

every = pytest.mark.parametrize(
    ("key", "body"), BODIES, ids=[f"{key}{number}" for number, (key, _) in enumerate(BODIES)]
)
types = pytest.mark.parametrize("type", GENERATORS)


def built(type: str, *modifiers: Tree) -> Plan:
    time = column("at", "datetime", {"datetime_series": {"within": "timeframe"}})
    columns = [time] if type not in ("datetime", "date") else []
    return plan(table(*columns, column("x", type, GENERATORS[type], *modifiers), rows=SIZE), PROMOTION)


@every
@types
def test_a_row_does_not_depend_on_how_many_are_drawn(key: str, body: Any, type: str) -> None:
    one = built(type, {key: body})
    whole = draw(one, "x").to_list()
    some = np.array([5, 0, BLOCK + 3, 5])
    for rows in (Rows.run(0, 7), Rows.run(BLOCK - 1, BLOCK + 1), Rows.listed(some), Rows.run(4, 4)):
        assert draw(one, "x", rows=rows).to_list() == [whole[row] for row in rows.numbers().tolist()]


@every
@types
def test_where_it_has_no_influence_the_values_stay(key: str, body: Any, type: str) -> None:
    changed = draw(built(type, {key: body}), "x").to_list()
    if type not in MODIFIERS.get(key).acts_on:
        assert changed == draw(built(type), "x").to_list()


@every
@types
def test_what_is_known_beforehand_holds(key: str, body: Any, type: str) -> None:
    one = built(type, {key: body})
    known = one.resolver.facts("t", "x")
    assert known is not None
    found = draw(one, "x")
    listed = found.to_list()
    assert known.nullable or None not in listed
    if found.type != "string" and found.type != "bool":
        numbers = found.data[found.mask()]
        assert known.low is None or numbers.min() >= known.low
        assert known.high is None or numbers.max() <= known.high
    if known.values is not None:
        assert set(listed) <= {*known.values, None}


@every
def test_nulls_stay_null(key: str, body: Any) -> None:
    generator = {"choice": {"choices": [1.0, None, 3.0]}}
    time = column("at", "datetime", {"datetime_series": {"within": "timeframe"}})
    plain = plan(table(time, column("x", "float", generator, nullable=True)), PROMOTION)
    one = plan(table(time, column("x", "float", generator, {key: body}, nullable=True)), PROMOTION)
    assert draw(one, "x").mask().tolist() == draw(plain, "x").mask().tolist()


@every
def test_one_more_modifier_before_leaves_its_noise_as_it_is(key: str, body: Any) -> None:
    alone = draw(built("float", {key: body}), "x").to_list()
    after = draw(built("float", {"add": {"value": 0}}, {key: body}), "x").to_list()
    assert alone == after
