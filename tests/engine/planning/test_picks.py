"""Which row a lookup reads: the five rules, and which lookups share a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.nodes import PickNode
from datagen_engine.planning.plan import Plan
from tests.drawing import plan_of
from tests.engine.small import Tree, column, draw, fact, schema, table, vocabulary

SHOPS = 7
PLACES = table(
    column("city", "string", {"choice": {"choices": ["Basel", "Bern", "Biel", "Chur", "Zug"]}}),
    column("code", "int", {"expression": {"code": "id * 100"}}),
    id="shop",
    rows=SHOPS,
)


def lookup(source: str, **more: Any) -> Tree:
    return {"lookup": {"from": source, **more}}


def values(plan: Plan, name: str, of: str = "f") -> list[Any]:
    return draw(plan, name, of).to_list()


def agree(plan: Plan, number: str, code: str, of: str = "f") -> bool:
    """Whether a number and a code of a row are those of one shop."""
    return values(plan, code, of) == [n * 100 for n in values(plan, number, of)]


# -- the five rules -------------------------------------------------------------------------------------------


def test_the_first_parent_is_the_row_that_this_one_is_a_child_of() -> None:
    many = {"distribution": "uniform", "min": 2, "max": 2}
    child = fact(
        column("of", "int", lookup("shop.id")),
        column("code", "int", lookup("shop.code")),
        parent="shop",
        fanout=many,
    )
    plan = plan_of(schema(PLACES, child))
    assert values(plan, "of") == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
    assert agree(plan, "of", "code")


def test_another_parent_is_one_row_however_often_it_is_read() -> None:
    child = fact(
        *(column(n, "string" if n == "city" else "int", lookup(f"shop.{n}")) for n in ("city", "code")),
        column("shop_id", "int", lookup("shop.id")),
        column("again", "int", lookup("shop.id")),
    )
    child["parents"] = ["t", "shop"]
    plan = plan_of(schema(table(rows=5000), PLACES, child))
    assert values(plan, "shop_id") == values(plan, "again")
    assert agree(plan, "shop_id", "code")
    city_of = dict(zip(values(plan, "id", "shop"), values(plan, "city", "shop"), strict=True))
    assert values(plan, "city") == [city_of[n] for n in values(plan, "shop_id")]
    assert chi2(values(plan, "shop_id"), SHOPS) > 1e-3


def test_a_row_of_its_own_table_is_never_itself() -> None:
    own = table(column("friend", "int", lookup("t.id"), nullable=True), rows=300)
    plan = plan_of(schema(own))
    friends = values(plan, "friend", "t")
    assert all(friend != row for row, friend in enumerate(friends, 1))
    assert set(friends) <= set(range(1, 301))


def test_others_of_the_own_table_are_picked_alike() -> None:
    """Of three rows, each other one is picked for every second row."""
    own = fact(column("friend", "int", lookup("f.id"), nullable=True))
    trio = table(rows=3)
    picked = [tuple(values(plan_of(schema(trio, own), seed=seed), "friend")) for seed in range(600)]
    for row in range(3):
        counts = np.bincount([friends[row] for friends in picked], minlength=4)
        assert counts[row + 1] == counts[0] == 0
        assert stats.binomtest(int(counts[1:].max()), 600).pvalue > 1e-3


def test_who_is_alone_has_no_other() -> None:
    plan = plan_of(schema(table(column("friend", "int", lookup("t.id"), nullable=True), rows=1)))
    assert values(plan, "friend", "t") == [None]


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_with_roots_a_row_refers_to_an_earlier_one(share: float) -> None:
    boss = column("boss", "int", lookup("t.id", roots=share), nullable=True)
    plan = plan_of(schema(table(boss, rows=4000)))
    bosses = values(plan, "boss", "t")
    assert bosses[0] is None
    assert all(boss < row for row, boss in enumerate(bosses, 1) if boss is not None)
    roots = sum(boss is None for boss in bosses[1:])
    assert stats.binomtest(roots, 3999, share).pvalue > 1e-3


def test_any_other_table_is_read_at_a_random_row() -> None:
    plan = plan_of(schema(PLACES, table(column("shop_id", "int", lookup("shop.id")), rows=5000)))
    assert chi2(values(plan, "shop_id", "t"), SHOPS) > 1e-3


def test_a_table_without_rows_has_no_row_to_read() -> None:
    for target in (table(id="shop", rows=0), {**fact(id="shop", parent="none"), "fanout": None}):
        nodes = [target, table(id="none", rows=0)]
        plan = plan_of(schema(*nodes, table(column("s", "int", lookup("shop.id"), nullable=True), rows=3)))
        assert values(plan, "s", "t") == [None] * 3


def test_skewed_picks_prefer_the_first_rows() -> None:
    body = lookup("shop.id", weights_kind="zipf@1")
    plan = plan_of(schema(PLACES, table(column("shop_id", "int", body), rows=20_000)))
    weights = 1 / np.arange(1, SHOPS + 1)
    counts = np.bincount(values(plan, "shop_id", "t"), minlength=SHOPS + 1)[1:]
    assert stats.chisquare(counts, 20_000 * weights / weights.sum()).pvalue > 1e-3


def chi2(picked: list[int], rows: int) -> float:
    """The chance of counts as uneven as these if every row, numbered from 1, is picked alike."""
    return float(stats.chisquare(np.bincount(picked, minlength=rows + 1)[1:]).pvalue)


# -- which lookups share a pick -------------------------------------------------------------------------------


def transfer(*columns: Tree) -> Plan:
    return plan_of(schema(PLACES, table(*columns, rows=400)))


def test_different_columns_of_one_table_are_of_one_row() -> None:
    plan = transfer(column("a", "int", lookup("shop.id")), column("b", "int", lookup("shop.code")))
    assert agree(plan, "a", "b", "t")


def test_a_column_read_again_is_of_another_row_which_those_after_it_follow() -> None:
    plan = transfer(
        column("a", "int", lookup("shop.id")),
        column("b", "int", lookup("shop.id")),
        column("b_code", "int", lookup("shop.code")),
    )
    assert values(plan, "a", "t") != values(plan, "b", "t")
    assert agree(plan, "b", "b_code", "t")


def test_a_name_says_outright_whose_row_it_is() -> None:
    plan = transfer(
        column("a", "int", lookup("shop.id", pick="one")),
        column("b", "int", lookup("shop.id", pick="two")),
        column("a_code", "int", lookup("shop.code", pick="one")),
        column("b_code", "int", lookup("shop.code", pick="two")),
        column("c", "int", lookup("shop.id", pick="one")),
    )
    assert agree(plan, "a", "a_code", "t")
    assert agree(plan, "b", "b_code", "t")
    assert values(plan, "a", "t") == values(plan, "c", "t") != values(plan, "b", "t")


def test_two_picks_of_one_table_are_independent() -> None:
    pair = [column("a", "int", lookup("shop.id")), column("b", "int", lookup("shop.id"))]
    plan = plan_of(schema(PLACES, table(*pair, rows=20_000)))
    crossed = np.zeros((SHOPS, SHOPS))
    np.add.at(crossed, (draw(plan, "a").data - 1, draw(plan, "b").data - 1), 1)
    assert stats.chi2_contingency(crossed).pvalue > 1e-3


def test_another_lookup_elsewhere_leaves_the_picks() -> None:
    one = transfer(column("a", "int", lookup("shop.id")))
    two = transfer(column("a", "int", lookup("shop.id")), column("later", "int", lookup("shop.id")))
    assert values(one, "a", "t") == values(two, "a", "t")


def test_picks_have_names_for_messages() -> None:
    plan = transfer(column("a", "int", lookup("shop.id")))
    assert [str(node) for node in plan.tables["t"].picks] == ["pick of shop in t"]
    assert all(isinstance(node, PickNode) for node in plan.tables["t"].picks)


# -- by equal keys --------------------------------------------------------------------------------------------

COUNTRIES = vocabulary(
    "country", code=["ch", "de", "ch", "at"], name=["Schweiz", "Deutschland", "Suisse", "Österreich"]
)


def matched(
    local: Tree, on: dict[str, str], target: Tree = COUNTRIES, read: str = "country.name"
) -> list[Any]:
    type = next(c["type"] for c in target["columns"] if c["name"] == read.partition(".")[2])
    plan = plan_of(
        schema(target, table(local, column("found", type, lookup(read, on=on), nullable=True), rows=60))
    )
    return list(zip(values(plan, local["name"], "t"), values(plan, "found", "t"), strict=True))


def test_a_match_is_the_first_row_with_an_equal_key() -> None:
    local = column("country_code", "string", {"choice": {"choices": ["ch", "at", "fr", None]}}, nullable=True)
    pairs = matched(local, {"country_code": "code"})
    assert set(pairs) == {("ch", "Schweiz"), ("at", "Österreich"), ("fr", None), (None, None)}


def test_this_key_means_the_column_of_the_same_name() -> None:
    local = column("code", "string", {"choice": {"choices": ["de", "xx"]}})
    assert set(matched(local, {"this_key": "code"})) == {("de", "Deutschland"), ("xx", None)}


def test_a_null_key_in_the_other_table_matches_nothing() -> None:
    target = vocabulary("country", code=["ch", None], name=["Schweiz", "nowhere"])
    local = column("c", "string", {"choice": {"choices": ["ch", None]}}, nullable=True)
    assert set(matched(local, {"c": "code"}, target)) == {("ch", "Schweiz"), (None, None)}


def test_two_keys_must_both_be_equal() -> None:
    target = vocabulary("rate", code=["ch", "ch", "de"], year=[1, 2, 1], value=[10, 20, 30])
    plan = plan_of(schema(target, table(
        column("c", "string", {"choice": {"choices": ["ch", "de"]}}),
        column("y", "int", {"choice": {"choices": [1, 2]}}),
        column("v", "int", lookup("rate.value", on={"c": "code", "y": "year"}), nullable=True),
        rows=60,
    )))  # fmt: skip
    rows = set(zip(*(values(plan, name, "t") for name in ("c", "y", "v")), strict=True))
    assert rows == {("ch", 1, 10), ("ch", 2, 20), ("de", 1, 30), ("de", 2, None)}


def test_whole_and_floating_keys_match_by_value() -> None:
    target = vocabulary("country", code=[1, 2], name=["one", "two"])
    local = column("c", "float", {"choice": {"choices": [1, 1.5, 2.0]}})
    assert set(matched(local, {"c": "code"}, target)) == {(1.0, "one"), (1.5, None), (2.0, "two")}


@given(
    start=st.integers(-50, 50),
    step=st.sampled_from([1, 2, -3, 0]),
    rows=st.integers(0, 12),
    keys=st.lists(st.integers(-60, 90) | st.none(), min_size=1, max_size=30),
)
def test_a_sequence_is_searched_by_arithmetic_as_by_looking(
    start: int, step: int, rows: int, keys: list[int | None]
) -> None:
    """A `clamp` that changes nothing hides the sequence, so that the general search is used."""
    sequence = {"sequence": {"start": start, "step": step}}
    wide = {"clamp": {"min": -(10**6), "max": 10**6}}
    target = table(
        column("known", "int", sequence),
        column("looked", "int", sequence, wide),
        id="target",
        rows=rows,
    )
    own = {"id": "t", "kind": "vocab", "pk": "key", "columns": [
        column("key", "int", {"enum_list": {"values": keys}}, nullable=True),
        column("fast", "int", lookup("target.id", on={"key": "known"}), nullable=True),
        column("slow", "int", lookup("target.id", on={"key": "looked"}), nullable=True),
    ]}  # fmt: skip
    plan = plan_of(schema(target, own))
    everything = [start + step * row for row in range(rows)]
    expected = [everything.index(key) + 1 if key in everything else None for key in keys]
    assert values(plan, "fast", "t") == values(plan, "slow", "t") == expected
