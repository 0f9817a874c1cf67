from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.faking import check_arguments, methods
from datagen_engine.faking.arguments import python_arguments


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("bothify", {"text": "DEV-####-????"}),
        ("bothify", {"text": "DEV-##", "letters": None}),
        ("random_int", {"min": 5, "max": 5}),
        ("random_int", {"max": 7.0}),
        ("sentence", {"nb_words": 5, "variable_nb_words": False}),
        ("text", {"max_nb_chars": 4_000}),
        ("date_between", {"start_date": "-30y", "end_date": "today"}),
        ("date_between", {"start_date": "2020-01-31", "end_date": 3}),
        ("date_time_between", {"start_date": "2020-01-31T10:00:00Z", "end_date": "+1y+2M+3w"}),
        ("random_element", {"elements": ["a", 1, 2.5, True]}),
        ("color", {"hue": "red"}),
        ("color", {"hue": [10, 20]}),
        ("date", {"pattern": "%d.%m.%Y 100%%"}),
        ("pyfloat", {"min_value": -1, "max_value": 1.5, "right_digits": 2}),
    ],
)
def test_what_is_fine(method: str, arguments: dict[str, Any]) -> None:
    assert check_arguments(method, arguments) == []


@pytest.mark.parametrize(
    ("method", "arguments", "name", "says"),
    [
        ("bothify", {"txt": "#"}, "txt", "did you mean `text`?"),
        ("bothify", {"zzz": 1}, "zzz", "it takes `text`, `letters`"),
        ("name", {"text": "#"}, "text", "takes no arguments"),
        ("bothify", {"text": 5}, "text", "expected text, found 5"),
        ("bothify", {"text": ["#"]}, "text", "expected text"),
        ("bothify", {"text": {"a": 1}}, "text", "expected text"),
        ("bothify", {"text": "#" * 5_000}, "text", "more than 4,096 bytes"),
        ("bothify", {"text": "é" * 2_500}, "text", "more than 4,096 bytes"),
        ("lexify", {"text": "?" * 2_000, "letters": "日本"}, "text", "can become longer than 4,096 bytes"),
        ("numerify", {"text": "!@" * 33}, "text", "may stay empty"),
        ("lexify", {"text": "?", "letters": ""}, "letters", "at least one letter"),
        ("text", {"max_nb_chars": 10**9}, "max_nb_chars", "lies outside 5 … 4,000"),
        ("text", {"max_nb_chars": 3}, "max_nb_chars", "lies outside"),
        ("pystr", {"max_chars": 10**9}, "max_chars", "lies outside"),
        ("password", {"length": 10**7}, "length", "lies outside"),
        ("random_number", {"digits": 10**6}, "digits", "lies outside"),
        ("pydecimal", {"left_digits": 10**9}, "left_digits", "lies outside"),
        ("domain_name", {"levels": 10**6}, "levels", "lies outside"),
        ("file_path", {"depth": 10**6}, "depth", "lies outside"),
        ("paragraph", {"nb_sentences": 10**6}, "nb_sentences", "lies outside"),
        ("sentence", {"nb_words": 0}, "nb_words", "lies outside"),
        ("random_int", {"max": 10**400}, "max", "lies outside"),
        ("random_int", {"max": 1.5}, "max", "expected a whole number"),
        ("random_int", {"max": True}, "max", "expected a whole number"),
        ("random_int", {"min": 9, "max": 3}, "min", "`min` (9) is above `max` (3)"),
        ("random_int", {"max": -1}, "max", "is above"),
        ("boolean", {"chance_of_getting_true": 101}, "chance_of_getting_true", "lies outside 0 … 100"),
        ("sentence", {"variable_nb_words": 1}, "variable_nb_words", "expected true or false"),
        ("pyfloat", {"min_value": float("inf")}, "min_value", "expected a number"),
        ("date_between", {"start_date": "yesterday"}, "start_date", "expected a date such as 2024-03-31"),
        ("date_between", {"start_date": "30y"}, "start_date", "expected a date"),
        ("date_between", {"start_date": 1.5}, "start_date", "expected a date"),
        ("date", {"pattern": "%10000000000d"}, "pattern", "directives such as"),
        ("date", {"pattern": "%Y" * 200}, "pattern", "more than 100 bytes"),
        ("random_element", {"elements": []}, "elements", "the list is empty"),
        ("random_element", {"elements": [["a"]]}, "elements", "a list holds text, numbers"),
        ("random_element", {"elements": [{"a": 1}]}, "elements", "a list holds text, numbers"),
        ("random_element", {"elements": ["a" * 5_000]}, "elements", "up to 4,096 bytes"),
        ("random_element", {"elements": ["a" * 4_000] * 100}, "elements", "262,144 together"),
        ("random_element", {"elements": [1] * 10_001}, "elements", "more than 10,000 items"),
        ("sentence", {"ext_word_list": ["a", 1]}, "ext_word_list", "a list of words"),
        ("sentence", {"ext_word_list": ["a", ""]}, "ext_word_list", "none empty"),
        ("sentence", {"ext_word_list": ["a" * 1_000]}, "ext_word_list", "longer than 4,096 bytes"),
        (
            "text",
            {"max_nb_chars": 8, "ext_word_list": ["abcdefghij"]},
            "ext_word_list",
            "too long for a text of 8",
        ),
        ("text", {"ext_word_list": ["a" * 150]}, "ext_word_list", "too long for a text of 200"),
    ],
)
def test_what_is_wrong(method: str, arguments: dict[str, Any], name: str, says: str) -> None:
    found = check_arguments(method, arguments)
    assert [argument for argument, _ in found] == [name]
    assert says in found[0][1]


def test_every_fault_is_told() -> None:
    found = check_arguments("bothify", {"txt": "#", "text": 5, "letters": 7})
    assert [name for name, _ in found] == ["txt", "text", "letters"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(methods())), st.data())
def test_no_argument_breaks_the_check(method: str, data: st.DataObject) -> None:
    names = [parameter.name for parameter in methods()[method].parameters] + ["other"]
    arguments = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=4))
    found = check_arguments(method, arguments)
    assert all(name in arguments and message for name, message in found)
    if not found:
        assert "other" not in arguments or arguments["other"] is None
        python_arguments(method, arguments)


def test_arguments_as_faker_takes_them() -> None:
    given_ = {"start_date": "2024-02-29", "end_date": "2024-03-01T10:00:00"}
    assert python_arguments("date_time_between", given_) == {
        "start_date": date(2024, 2, 29),
        "end_date": datetime(2024, 3, 1, 10),
    }
    assert python_arguments("random_int", {"min": None, "max": 7.0}) == {"max": 7}
