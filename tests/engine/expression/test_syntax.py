from __future__ import annotations

import pytest

from datagen_engine.expression import parse


def test_names_are_found_where_they_stand() -> None:
    code = "min(price, `list price`) if kind in ('a', \"b\") else -price ** 2"
    found = parse(code).names()
    assert [name for name, _, _ in found] == ["price", "list price", "kind", "price"]
    assert [code[start:end] for _, start, end in found] == ["price", "`list price`", "kind", "price"]


def test_a_function_is_no_column() -> None:
    assert parse("min(min, day(day))").names() == (("min", 4, 7), ("day", 13, 16))


@pytest.mark.parametrize(
    ("code", "old", "new", "renamed"),
    [
        ("price * 2  +price", "price", "cost", "cost * 2  +cost"),
        ("price_2 + price", "price", "cost", "price_2 + cost"),
        ("price == 'price'", "price", "cost", "cost == 'price'"),
        ("year(year)", "year", "age", "year(age)"),
        ("`odd name` + 1", "odd name", "even", "even + 1"),
        ("price + 1", "price", "not", "`not` + 1"),
        ("price + 1", "price", "__name__", "`__name__` + 1"),
        ("price + 1", "price", "2nd price", "`2nd price` + 1"),
        ("price + 1", "price", "a`b", "`a``b` + 1"),
        ("price + 1", "price", "größe", "größe + 1"),
        # A bare name would grow together with the word beside it.
        ("`is`and b", "is", "a", "`a`and b"),
        ("b and(`is`)", "is", "a", "b and(a)"),
        ("not`is`", "is", "a", "not`a`"),
        ("price + 1", "other", "cost", "price + 1"),
    ],
)
def test_renaming_changes_only_the_name(code: str, old: str, new: str, renamed: str) -> None:
    assert parse(code).renamed(old, new) == renamed
    assert [name for name, _, _ in parse(renamed).names()] == [
        new if name == old else name for name, _, _ in parse(code).names()
    ]


def test_equal_trees_say_the_same_wherever_they_stand() -> None:
    assert parse("a+b").root == parse(" ( a  + b )").root
    assert parse("a+b").root != parse("a-b").root
