"""The parts of the forms that know no window: edits, chains, weights, densities, what carries over."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import datagen_engine as datagen
from datagen_app.inspector.answers import Answers, pair_of
from datagen_app.inspector.carry import carried_params, moments, with_moments
from datagen_app.inspector.densities import curve, density, discrete, handles, span
from datagen_app.inspector.edits import drop, found, put
from datagen_app.inspector.language import language
from datagen_app.inspector.scalars import any_of, number_of, shown
from datagen_app.inspector.shape import ABSENT, start_value
from datagen_app.inspector.stack import Link, chain_edits, chain_of
from datagen_app.inspector.weighting import PRESETS, scaled_to_share, shares_of_rule, weekend_share
from datagen_app.inspector.wording import CELLS
from datagen_engine.schema.parts import DISTRIBUTIONS, GENERATORS
from tests.app.inspector.conftest import SHOP

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


def after(tree: Any, edits: tuple[datagen.Edit, ...]) -> Any:
    for edit in edits:
        tree = datagen.apply(tree, edit)
    return tree


@given(JSON, st.lists(st.one_of(st.text(max_size=2), st.integers(0, 2)), max_size=3), JSON)
def test_what_is_put_is_found(tree: Any, steps: list[str | int], value: Any) -> None:
    path = tuple(steps)
    made = after(tree, put(tree, path, value))
    before = found(tree, path[:-1]) if path else None
    if path and isinstance(path[-1], int) and isinstance(before, list) and path[-1] > len(before):
        assert found(made, (*path[:-1], len(before))) == value  # a list has no holes
    elif all(isinstance(step, str) for step in path):
        assert found(made, path) == value


@given(st.dictionaries(st.text(max_size=2), JSON, max_size=4), JSON)
def test_what_is_there_already_is_no_edit(tree: dict[str, Any], value: Any) -> None:
    for key, held in tree.items():
        assert put(tree, (key,), held) == ()
        assert key not in after(tree, drop(tree, (key,)))
    assert put(tree, ("new",), ABSENT) == ()


def test_a_whole_number_is_not_the_same_as_one_with_a_point() -> None:
    assert len(put({"a": 1}, ("a",), 1.0)) == 1


def test_a_new_key_goes_behind_those_that_are_written_before_it() -> None:
    tree = {"name": "a", "generator": {}}
    made = after(tree, put(tree, ("type",), "int", ("name", "type", "generator")))
    assert list(made) == ["name", "type", "generator"]


@given(JSON.filter(lambda value: not isinstance(value, dict | list)) | st.floats(-1e6, 1e6))
def test_a_value_that_is_shown_and_typed_again_is_the_same(value: Any) -> None:
    again = any_of(shown(value))
    assert again == value
    assert type(again) is type(value)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_is_shown_with_every_digit(value: float) -> None:
    assert number_of(shown(value)) == value


# -- the chain --------------------------------------------------------------------------------------------

_NAMES = ("add", "multiply", "clamp", "jitter")


@given(st.lists(st.booleans(), max_size=5), st.data())
def test_a_chain_becomes_what_it_is_to_be(states: list[bool], data: st.DataObject) -> None:
    links = [Link({"transform": _NAMES[at % 4], "at": at}, on, ()) for at, on in enumerate(states)]
    tree: Any = {"name": "a"}
    tree = after(tree, chain_edits(tree, (), links))
    assert [(link.modifier, link.on) for link in chain_of(tree)] == [
        (link.modifier, link.on) for link in links
    ]
    chain = chain_of(tree)
    wanted = data.draw(st.permutations(chain))
    gone = data.draw(st.integers(0, len(wanted)))
    wanted = [link for at, link in enumerate(wanted) if at != gone]
    tree = after(tree, chain_edits(tree, (), wanted))
    assert [(link.modifier, link.on) for link in chain_of(tree)] == [
        (link.modifier, link.on) for link in wanted
    ]
    assert ("x-off" in tree) == (not all(link.on for link in wanted))


def test_a_modifier_that_is_switched_off_is_not_read_by_the_engine() -> None:
    tree = copy.deepcopy(SHOP)
    column = ("nodes", 2, "columns", 3)
    chain = chain_of(found(tree, column))
    off = [Link(chain[0].modifier, False, ()), *chain[1:]]
    tree = after(tree, chain_edits(tree, column, off))
    assert [each["transform"] for each in found(tree, (*column, "modifiers"))] == ["effect", "jitter"]
    assert not [p for p in datagen.check(json.dumps(tree).encode()) if p.severity == "error"]


# -- weights ----------------------------------------------------------------------------------------------


def test_every_preset_has_a_weight_for_each_cell() -> None:
    for dimension, presets in PRESETS.items():
        assert all(len(weights) == len(CELLS[dimension]) for _, weights in presets)


@given(st.lists(st.floats(0.1, 9), min_size=7, max_size=7), st.floats(0.05, 0.9))
def test_scaled_weights_reach_the_share(weights: list[float], share: float) -> None:
    assert weekend_share(scaled_to_share(weights, share)) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("rule", ["uniform", "zipf@1.3", "zipf@0", "head_tail@{0.8,1}", "head_tail@{0.5,0}"])
@pytest.mark.parametrize("size", [1, 2, 4, 5, 17])
def test_the_shares_of_a_rule_are_the_engines(rule: str, size: int) -> None:
    choice: Any = GENERATORS.get("choice").model_validate(
        {"choices": list(range(size)), "weights_kind": rule}
    )
    wanted = choice.shares() / choice.shares().sum()
    assert shares_of_rule(rule, size) == pytest.approx(wanted.tolist())


# -- densities --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", sorted(DISTRIBUTIONS.all()))
def test_a_density_is_the_slope_of_the_engines_distribution(word: str) -> None:
    for sample in DISTRIBUTIONS.get(word).samples:
        law = DISTRIBUTIONS.get(word).model_validate(sample)
        ends = span(word, sample)
        assert ends is not None
        x = np.linspace(*ends, 41)
        if discrete(word):
            x = np.round(x)
            wanted = law.cdf(x) - law.cdf(x - 1)
        else:
            width = (ends[1] - ends[0]) * 1e-6
            edges = {*sample.get("edges", ()), sample.get("low"), sample.get("high"), sample.get("mode")}
            x = np.array([at for at in x if all(e is None or abs(at - e) > 2 * width for e in edges)])
            wanted = (law.cdf(x + width) - law.cdf(x - width)) / (2 * width)
        mine = np.array([density(word, sample, at) for at in x.tolist()])
        assert mine == pytest.approx(wanted, rel=2e-3, abs=2e-4)


@pytest.mark.parametrize("word", sorted(DISTRIBUTIONS.all()))
def test_a_handle_goes_where_it_is_dragged(word: str) -> None:
    for sample in DISTRIBUTIONS.get(word).samples:
        for at, handle in enumerate(handles(word, sample)):
            wanted = handle.x * 1.05 if word != "beta" else handle.x * 0.9
            moved = {**sample, **handle.change(wanted)}
            DISTRIBUTIONS.get(word).model_validate(moved)
            assert handles(word, moved)[at].x == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("old", sorted(DISTRIBUTIONS.all()))
@pytest.mark.parametrize("new", sorted(DISTRIBUTIONS.all()))
def test_what_carries_over_is_valid(old: str, new: str) -> None:
    for sample in DISTRIBUTIONS.get(old).samples:
        fresh = copy.deepcopy(dict(DISTRIBUTIONS.get(new).samples[0]))
        DISTRIBUTIONS.get(new).model_validate(carried_params(old, sample, new, fresh))


def test_mean_and_spread_carry_over() -> None:
    made = with_moments("gamma", *(moments("normal", {"mean": 40, "std": 8}) or (0, 0)))
    assert made is not None
    assert moments("gamma", made) == pytest.approx((40, 8), rel=1e-3)


def test_a_curve_of_few_whole_numbers_is_bars() -> None:
    made = curve("poisson", {"lambda": 2}, 0, 9)
    assert made is not None
    assert made.bars
    assert sum(made.y) == pytest.approx(1, abs=0.01)
    assert curve("another", {}, 0, 1) is None


# -- shapes -----------------------------------------------------------------------------------------------


def test_every_part_begins_with_a_valid_body() -> None:
    known = language()
    for noun, parts in known.parts.items():
        for word, part in parts.items():
            assert part.samples, word
            assert known.body(noun, word) is not None
    assert start_value(known.spec("Pattern")) == {"dimension": "hour", "weights": []}
    assert start_value(known.spec("Rule")) == {"expression": ""}


def test_shapes_say_what_values_mean() -> None:
    known = language()
    choice, lookup = known.body("generator", "choice"), known.body("generator", "lookup")
    jitter, effect = known.body("modifier", "time_jitter"), known.body("modifier", "expression")
    assert choice is not None
    assert lookup is not None
    assert jitter is not None
    assert effect is not None
    assert choice.fields["weights"].says == "weights"
    assert lookup.fields["on"].key_refers == "column"
    assert lookup.fields["on"].item.refers == "column of from"
    assert jitter.fields["std_minutes"].unit == "minutes"
    assert effect.fields["code"].besides == ("value",)
    assert known.spec("WeekendShare").fields["min"].limits == "at least 0, at most 1"
    assert known.spec("Targets").fields["weekend_share"].lone


# -- the worker's answers ---------------------------------------------------------------------------------


def test_the_worker_draws_a_column_with_more_and_more_modifiers() -> None:
    loaded = datagen.load(json.dumps(SHOP).encode())
    answers = Answers(datagen, lambda: loaded, clock=lambda: 0.0)
    pairs = answers.questions["stages"](table="order", column="total", n=300)["pairs"]
    assert len(pairs) == 3
    assert sum(pairs[0]["before"]) == pytest.approx(1, abs=0.01)
    assert pairs[0]["said"] == "The mean is 49.74 before and 99.49 after."
    assert answers.questions["stages"](table="order", column="order_id", n=5) == {"pairs": []}


def test_the_worker_stops_where_drawing_takes_long() -> None:
    loaded = datagen.load(json.dumps(SHOP).encode())
    answers = Answers(datagen, lambda: loaded, clock=iter(range(99)).__next__)
    assert answers.questions["stages"](table="order", column="total", n=9)["pairs"] == []


def test_the_worker_tries_a_generator_and_shows_windows() -> None:
    loaded = datagen.load(json.dumps(SHOP).encode())
    answers = Answers(datagen, lambda: loaded)
    tried = answers.questions["try"](generator={"sequence": {"start": 7}}, type="int", n=2)
    assert tried == {"values": ["7", "8"]}
    rows = answers.questions["windows"](table="promotion", start="starts", end="ends", field="lift", n=9)
    assert rows["rows"][1] == ["Christmas", "2024-12-01", "2024-12-24", "1.8"]


def test_pairs_of_words_and_of_times() -> None:
    words = pair_of(["a", "b", "a"], ["a", "a", "a"])
    assert words["said"] == "33.3 % of the values are others after it."
    assert words["before"][0] == pytest.approx(0.66667)
    assert pair_of([], []) == {}
