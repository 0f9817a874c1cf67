from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.small import Tree, column, draw, plan, table


def mapped(type: str, choices: list[Any], mapping: dict[str, Any], **more: Any) -> dict[Any, Any]:
    """Return what each of some values becomes."""
    generator = {"choice": {"choices": choices}}
    modifier: Tree = {"map_values": {"mapping": mapping, **more}}
    # The choice has other values than the column where they are mapped; drawn as they are, they are text.
    plain = plan(table(column("x", "string", generator, nullable=True), rows=400))
    one = plan(table(column("x", type, generator, modifier, nullable=True), rows=400))
    return dict(zip(draw(plain, "x").to_list(), draw(one, "x").to_list(), strict=True))


def test_values_are_mapped_all_at_once_and_never_chained() -> None:
    found = mapped("string", ["a", "b", "c"], {"a": "b", "b": "c", "c": "a"})
    assert found == {"a": "b", "b": "c", "c": "a"}


def test_a_value_that_is_not_named_stays_and_none_is_cut() -> None:
    found = mapped("string", ["a", "abc", "b"], {"a": "a much longer text than before", "b": ""})
    assert found == {"a": "a much longer text than before", "abc": "abc", "b": ""}


def test_everything_else_becomes_the_default_but_not_what_is_null() -> None:
    found = mapped("string", ["a", "b", None], {"a": "A"}, default="else")
    assert found == {"a": "A", "b": "else", None: None}


def test_a_value_may_become_null() -> None:
    assert mapped("string", ["a", "b"], {"a": None}) == {"a": None, "b": "b"}


@pytest.mark.parametrize(
    ("type", "choices", "mapping", "expected"),
    [
        ("int", [1, 2, 3], {"1": 10, "2": 20}, [10, 20, 3]),
        ("int", [1, 2], {"1.0": 10, "2.5": 20, "x": 1}, [10, 2]),
        ("float", [1.5, 2.0], {"1.5": 15.5, "2": 20}, [15.5, 20.0]),
        ("bool", [True, False], {"true": False, "false": True}, [False, True]),
        ("int", ["low", "high"], {"low": 1, "high": 9}, [1, 9]),
        ("int", ["low", "7"], {"low": 1}, [1, 7]),
        ("float", [True, False], {"true": 0.5, "false": -1}, [0.5, -1.0]),
        ("string", [1, 2], {"1": "one"}, ["one", "2"]),
        ("bool", ["yes", "no"], {"yes": True, "no": False}, [True, False]),
    ],
)
def test_keys_are_the_json_text_of_values(
    type: str, choices: list[Any], mapping: dict[str, Any], expected: list[Any]
) -> None:
    modifier = {"map_values": {"mapping": mapping}}
    found = draw(plan(table(column("x", type, {"choice": {"choices": choices}}, modifier))), "x")
    assert found.type == type
    assert set(found.to_list()) == set(expected)


def test_dates_are_named_as_they_are_written() -> None:
    days = {"choice": {"choices": ["2024-01-01", "2024-01-02"]}}
    for type, key in (("date", "2024-01-01"), ("datetime", "2024-01-01T00:00:00Z")):
        modifier = {"map_values": {"mapping": {key: "2030-05-05"}}}
        found = draw(plan(table(column("x", type, days, modifier))), "x").to_list()
        assert {(d.year, d.month, d.day) for d in found} == {(2030, 5, 5), (2024, 1, 2)}


words = st.text("ab", max_size=3)


@settings(max_examples=30)
@given(
    choices=st.lists(words, min_size=1, max_size=5, unique=True),
    mapping=st.dictionaries(words, words, max_size=5),
    default=st.none() | words,
)
def test_each_value_is_looked_up_once(
    choices: list[str], mapping: dict[str, str], default: str | None
) -> None:
    found = mapped("string", choices, mapping, **({} if default is None else {"default": default}))
    assert found == {c: mapping.get(c, c if default is None else default) for c in found}


def test_whole_numbers_mapped_to_fractions_may_still_be_scaled() -> None:
    modifiers: list[Tree] = [{"map_values": {"mapping": {"1": 0.25}}}, {"multiply": {"factor": 4}}]
    one = plan(table(column("x", "int", {"choice": {"choices": [1, 2]}}, *modifiers)))
    assert set(draw(one, "x").to_list()) == {1, 8}
