from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datagen_engine.schema.path import Json
from tests.engine.small import Array, Tree, column, draw, faults, numbers, plan, table

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 5, "std": 30}, "clamp": [-500, 500]}}


def drawn(*modifiers: Tree, type: str = "float") -> Array:
    return numbers(plan(table(column("x", type, NORMAL, *modifiers), rows=300)), "x")


@settings(max_examples=25)
@given(factor=st.floats(-1e6, 1e6), shift=st.floats(-1e6, 1e6))
def test_each_does_what_it_says_and_in_order(factor: float, shift: float) -> None:
    x = drawn()
    assert (drawn({"multiply": {"factor": factor}}) == x * factor).all()
    assert (drawn({"add": {"value": shift}}) == x + shift).all()
    assert (drawn({"multiply": {"factor": factor}}, {"add": {"value": shift}}) == x * factor + shift).all()
    assert (drawn({"add": {"value": shift}}, {"multiply": {"factor": factor}}) == (x + shift) * factor).all()


def test_a_factor_has_two_names() -> None:
    assert (drawn({"multiply": {"value": 3}}) == drawn({"multiply": {"factor": 3}})).all()


@pytest.mark.parametrize(
    ("args", "low", "high"),
    [({"min": 0}, 0, None), ({"max": 10}, None, 10), ({"min": -1, "max": 1}, -1, 1), ({}, None, None)],
)
def test_what_lies_outside_becomes_the_nearer_end(args: Tree, low: float | None, high: float | None) -> None:
    assert (drawn({"clamp": args}) == np.clip(drawn(), low, high)).all()


def test_whole_numbers_are_rounded_once_at_the_end() -> None:
    # Rounded in between, the product would be 4 times something.
    x = drawn()
    assert (drawn({"multiply": {"factor": 4}}, type="int") == np.rint(x * 4)).all()
    assert (drawn({"add": {"value": 0.5}}, {"clamp": {"max": 3.5}}, type="int") <= 4).all()


def test_what_leaves_the_floats_is_null() -> None:
    huge = [{"multiply": {"factor": 1e300}}, {"multiply": {"factor": 1e300}}]
    found = draw(plan(table(column("x", "float", {"choice": {"choices": [-1, 0, 1]}}, *huge))), "x")
    assert set(found.to_list()) == {None, 0.0}


@pytest.mark.parametrize("before", ["multiply", "add", "clamp"])
def test_text_that_is_yet_to_be_mapped_to_numbers_passes_through(before: str) -> None:
    args = {"multiply": {"factor": 2}, "add": {"value": 2}, "clamp": {"max": 2}}[before]
    mapping = {"map_values": {"mapping": {"a": 1, "b": 2}}}
    words = {"choice": {"choices": ["a", "b"]}}
    one = plan(table(column("x", "int", words, {before: args}, mapping, {"multiply": {"factor": 10}})))
    assert set(draw(one, "x").to_list()) == {10, 20}


WRONG: list[tuple[str, Json, str, str]] = [
    ("multiply", {}, "args", "missing-key"),
    ("multiply", {"factor": 1, "value": 1}, "args", "missing-key"),
    ("multiply", {"factor": True}, "args/factor", "wrong-type"),
    ("add", {}, "args/value", "missing-key"),
    ("add", {"value": "1"}, "args/value", "wrong-type"),
    ("clamp", {"min": 2, "max": 1}, "args", "low-above-high"),
    ("clamp", {"least": 2}, "args/least", "unknown-key"),
]


@pytest.mark.parametrize(("key", "args", "path", "code"), WRONG, ids=[f"{k}-{c}" for k, _, _, c in WRONG])
def test_one_fault_is_one_problem_at_its_place(key: str, args: Json, path: str, code: str) -> None:
    found = faults(table(column("x", "float", NORMAL, {key: args})))
    assert found == [(f"/nodes/0/columns/1/modifiers/0/{path}", code)]
