from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.document import words
from tests.app.document.test_document import json_values


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ({"type": "int", "generator": {"sequence": {}}}, "int"),
        ({"type": "datetime", "generator": {"datetime_series": {}}}, "datetime"),
        ({"generator": {"distribution": {"type": "poisson"}}}, "poisson"),
        ({"generator": {"lookup": {"from": "a.b"}}}, "lookup"),
        ({"generator": {"enum_list": {}}}, "list"),
        ({"generator": {"comment": "…", "faker": {}}}, "faker"),
        ({"generator": {"plugin_made": {}}}, "plugin_made"),
        ({"type": "bool"}, "bool"),
        ({}, ""),
    ],
)
def test_the_word_on_a_card(column: dict[str, Any], word: str) -> None:
    assert words.generator_word(column) == word


@pytest.mark.parametrize(
    ("generator", "expected"),
    [
        ({"sequence": {"start": 5, "step": 2}}, [("", "Counts up from 5, in steps of 2.")]),
        (
            {"choice": {"choices": ["a", "b"], "weights": [3, 1]}},
            [("", "Picks one of the values."), ("Values", "a  75 %\nb  25 %")],
        ),
        (
            {"distribution": {"type": "normal", "params": {"mean": 10, "std": 2.5}, "clamp": [0, 20000]}},
            [
                ("", "Draws from a normal distribution."),
                ("mean", "10"),
                ("std", "2.5"),
                ("Clamp", "0 … 20,000"),
            ],
        ),
        (
            {"lookup": {"from": "bike.price", "on": {"model": "name"}}},
            [("", "Takes bike.price."), ("Where", "model = name")],
        ),
        ({"expression": {"code": "a + 1"}}, [("", "Computed from the row."), ("Code", "a + 1")]),
    ],
)
def test_a_generator_in_words(generator: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert words.describe_generator({"generator": generator}) == expected


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        ({"transform": "multiply", "args": {"factor": 1.5}}, ("multiply", "× 1.5")),
        ({"transform": "clamp", "args": {"min": 0}}, ("clamp", "at least 0")),
        ({"transform": "time_jitter", "args": {"std_minutes": 5}}, ("time_jitter", "± 5 min")),
        (
            {
                "transform": "effect",
                "args": {"effect_table": "promotion", "on": {"a": "b"}, "map": {"field": "f"}},
            },
            ("effect", "× promotion.f where a = b"),
        ),
        ({"transform": "of_a_plugin", "args": {"x": 1}}, ("of_a_plugin", "x 1")),
        ("nonsense", ("modifier", "")),
    ],
)
def test_a_modifier_in_words(modifier: object, expected: tuple[str, str]) -> None:
    assert words.describe_modifier(modifier) == expected


@pytest.mark.parametrize(
    ("fanout", "expected"),
    [
        (None, "Each row of p gets one row."),
        ({"distribution": "uniform", "min": 1, "max": 3}, "Each row of p gets 1 to 3 rows, all alike."),
        (
            {"distribution": "poisson", "lambda": 2, "clamp": [0, 9]},
            "Each row of p gets poisson (λ 2) rows, from 0 to 9.",
        ),
    ],
)
def test_a_fanout_in_words(fanout: object, expected: str) -> None:
    assert words.describe_fanout(fanout, "p") == expected


names = st.sampled_from(
    [
        "sequence",
        "choice",
        "distribution",
        "datetime_series",
        "faker",
        "lookup",
        "expression",
        "enum_list",
        "case",
    ]
)
keys = st.sampled_from(
    [
        *(
            "choices",
            "weights",
            "weights_kind",
            "type",
            "params",
            "clamp",
            "within",
            "patterns",
            "pattern",
            "freq",
        ),
        *(
            "method",
            "from",
            "on",
            "values",
            "code",
            "start",
            "step",
            "mapping",
            "map",
            "window",
            "rate",
            "mode",
        ),
    ]
)


@given(name=names, arguments=st.dictionaries(keys, json_values) | json_values)
def test_any_generator_has_words(name: str, arguments: Any) -> None:
    column = {"generator": {name: arguments}}
    for label, text in words.describe_generator(column):
        assert len(label) < 100
        assert 0 < len(text) <= 160
    assert words.generator_word(column)


@given(
    name=st.sampled_from(sorted(words._MODIFIERS)),
    arguments=st.dictionaries(keys | st.sampled_from(["std", "min", "max", "dimension"]), json_values),
)
def test_any_modifier_has_words(name: str, arguments: dict[str, Any]) -> None:
    found, text = words.describe_modifier({"transform": name, "args": arguments})
    assert found == name
    assert len(text) <= 120


@given(json_values)
def test_any_fanout_has_words(fanout: Any) -> None:
    assert words.describe_fanout(fanout, "p").startswith("Each row of p gets")


@given(st.integers(0, 10**18))
def test_an_approximate_number_is_within_a_two_hundredth(number: int) -> None:
    text = words.approximately(number)
    digits, _, letter = text.partition(" ")
    said = float(digits) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[letter]
    assert said == pytest.approx(number, rel=0.005, abs=0.5)
    assert len(text) <= 9
