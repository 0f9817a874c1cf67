from __future__ import annotations

import numpy as np
import pytest

from tests.engine.small import Tree, column, draw, numbers, plan, table

X = {"choice": {"choices": [1.0, 4.0, 9.0]}}


def test_the_value_so_far_and_other_columns_may_be_named() -> None:
    modifiers: list[Tree] = [
        {"multiply": {"factor": 4}},
        {"expression": {"code": "sqrt(value) + id"}},
        {"add": {"value": 1}},
    ]
    one = plan(table(column("x", "float", X, *modifiers)))
    plain = numbers(plan(table(column("x", "float", X))), "x")
    assert numbers(one, "x") == pytest.approx(np.sqrt(plain * 4) + np.arange(1, 1001) + 1)


def test_a_value_may_change_its_kind() -> None:
    words = {"choice": {"choices": ["low", "high"]}}
    one = plan(table(column("x", "int", words, {"expression": {"code": "1 if value == 'low' else 9"}})))
    assert set(draw(one, "x").to_list()) == {1, 9}


def test_what_is_not_finite_is_null() -> None:
    one = plan(table(column("x", "float", X, {"expression": {"code": "1 / (value - 4)"}}, nullable=True)))
    assert set(draw(one, "x").to_list()) == {-1 / 3, None, 0.2}
