"""Declared orders hold in every final value, and distort no more than they must."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.rows import Rows
from datagen_engine.planning.bent import BentSource
from tests.engine.small import Tree, column, draw, fact, numbers, plan, table

DAY = 86_400_000_000


def uniform(low: float, high: float) -> Tree:
    return {"distribution": {"type": "uniform", "params": {"low": low, "high": high}, "clamp": [low, high]}}


def normal(mean: float, std: float, low: float, high: float) -> Tree:
    return {"distribution": {"type": "normal", "params": {"mean": mean, "std": std}, "clamp": [low, high]}}


def within(start: str, end: str, **more: Any) -> Tree:
    return {"datetime_series": {"within": {"start": start, "end": end}, **more}}


def order(left: str, op: str, right: str) -> Tree:
    return {"inequalities": [{"left": left, "op": op, "right": right}]}


def chain(*pairs: tuple[str, str, str]) -> Tree:
    return {"inequalities": [{"left": left, "op": op, "right": right} for left, op, right in pairs]}


HOLDS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
}

NUMBERS = st.sampled_from(
    [
        ("float", uniform(0, 10)),
        ("int", uniform(0, 10)),
        ("float", normal(5, 3, 0, 10)),
        ("int", normal(5, 3, 0, 10)),
        (
            "float",
            {"distribution": {"type": "lognormal", "params": {"mean": 1, "sigma": 0.7}, "clamp": [0, 10]}},
        ),
        ("int", {"distribution": {"type": "poisson", "params": {"lambda": 4}, "clamp": [0, 10]}}),
        ("int", {"choice": {"choices": [0, 3, 7, 10], "weights": [1, 2, 3, 1]}}),
    ]
)
MODIFIERS = st.lists(
    st.sampled_from(
        [
            {"multiply": {"factor": 2}},
            {"add": {"value": 1}},
            {"jitter": {"std": 0.3, "mode": "mul"}},
            {"jitter": {"std": 1.0, "mode": "add"}},
            {"multiply": {"factor": 0.5}},
        ]
    ),
    max_size=2,
)


@settings(max_examples=40)
@given(NUMBERS, MODIFIERS, NUMBERS, MODIFIERS, st.sampled_from(list(HOLDS)), st.integers(0, 99))
def test_an_order_between_numbers_of_a_row_holds(
    a: tuple[str, Tree], of_a: list[Tree], b: tuple[str, Tree], of_b: list[Tree], op: str, seed: int
) -> None:
    made = plan(
        table(column("a", *a, *of_a), column("b", *b, *of_b), rows=3_000),
        constraints=order("t.a", op, "t.b"),
        seed=seed,
    )
    left, right = numbers(made, "a"), numbers(made, "b")
    if op == "==" and {a[0], b[0]} == {"int", "float"}:
        left, right = np.rint(left), np.rint(right)  # a copy takes the type of its column
    # Noise may carry both ranges apart so far that a row has no room; it then breaks nothing but its own range.
    assert HOLDS[op](left, right).all()


@settings(max_examples=20)
@given(
    st.sampled_from(["datetime", "date"]),
    st.sampled_from(["datetime", "date"]),
    st.sampled_from(["<", "<=", ">", ">="]),
    st.booleans(),
)
def test_an_order_between_times_of_a_row_holds(one: str, other: str, op: str, jitter: bool) -> None:
    modifiers = [{"time_jitter": {"std_minutes": 90}}] if jitter else []
    made = plan(
        table(
            column("a", one, within("2024-03-01", "2024-03-20", freq="h"), *modifiers),
            column("b", other, within("2024-03-05", "2024-03-25", freq="6h"), *modifiers),
            rows=4_000,
        ),
        constraints=order("t.a", op, "t.b"),
    )
    assert HOLDS[op](draw(made, "a").instants(), draw(made, "b").instants()).all()


def test_a_chain_leaves_room_for_what_comes_later() -> None:
    made = plan(
        table(
            column("booked", "datetime", within("2024-01-01", "2024-12-31", freq="h")),
            column("arrived", "datetime", within("2024-01-01", "2024-12-31", freq="h")),
            column("left", "datetime", within("2024-01-01", "2024-12-31", freq="h")),
            rows=20_000,
        ),
        constraints=chain(("t.booked", "<", "t.arrived"), ("t.arrived", "<", "t.left")),
    )
    booked, arrived, left = (draw(made, name).data for name in ("booked", "arrived", "left"))
    assert (booked < arrived).all()
    assert (arrived < left).all()
    # Nobody books in the last hour: it would leave none for the visit.
    assert booked.max() <= left.max() - 2 * 3_600_000_000


def test_parent_child_and_grandchild() -> None:
    made = plan(
        table(column("made", "date", within("2024-01-01", "2024-12-31")), id="a", rows=500),
        fact(
            column("a_id", "int", {"lookup": {"from": "a.id"}}),
            column("sold", "datetime", within("2024-01-01", "2024-12-31", freq="h")),
            id="b",
            parent="a",
            fanout={"distribution": "poisson", "lambda": 3},
        ),
        fact(
            column("b_id", "int", {"lookup": {"from": "b.id"}}),
            column("returned", "date", within("2024-06-01", "2024-12-31")),
            id="c",
            parent="b",
            fanout={"distribution": "poisson", "lambda": 0.5},
        ),
        constraints=chain(("a.made", "<", "b.sold"), ("b.sold", "<=", "c.returned")),
    )
    children = made.slice("b", Rows.run(0, made.tables["b"].rows))
    assert (children.parent("made").instants() < children.column("sold").instants()).all()
    grand = made.slice("c", Rows.run(0, made.tables["c"].rows))
    assert (grand.parent("sold").instants() <= grand.column("returned").instants()).all()


def test_an_order_with_another_parent_follows_the_picked_row() -> None:
    made = plan(
        table(id="a", rows=300),
        table(column("since", "date", within("2024-01-01", "2024-10-31")), id="b", rows=300),
        {
            **fact(
                column("at", "datetime", within("2024-01-01", "2024-12-31", freq="h")), id="c", parent="a"
            ),
            "parents": ["a", "b"],
            "fanout": {"distribution": "uniform", "min": 1, "max": 5},
        },
        constraints=order("c.at", ">", "b.since"),
    )
    at = made.slice("c", Rows.run(0, made.tables["c"].rows))
    pick = next(node for node in made.tables["c"].picks if node.target == "b")
    assert (at.column("at").instants() > at.picked(pick, "since").instants()).all()


def test_what_always_holds_bends_nothing() -> None:
    made = plan(
        table(
            column("a", "float", uniform(0, 1)),
            column("b", "float", uniform(1, 2)),
            column("c", "float", uniform(0, 3)),
        ),
        constraints=chain(("t.a", "<=", "t.b"), ("t.b", "<", "t.c")),
    )
    assert not isinstance(made.tables["t"].columns["a"].source, BentSource)
    assert isinstance(made.tables["t"].columns["c"].source, BentSource)


def test_any_row_alone_is_the_row_of_the_run() -> None:
    made = plan(
        table(
            column("a", "float", normal(5, 2, 0, 10), {"jitter": {"std": 0.1, "mode": "mul"}}),
            column("b", "int", uniform(0, 20)),
            rows=30_000,
        ),
        constraints=order("t.a", "<", "t.b"),
    )
    rows = np.array([29_999, 3, 17_000, 3])
    assert draw(made, "b", rows=Rows.listed(rows)).to_list() == draw(made, "b").take(rows).to_list()


@pytest.mark.statistical
def test_each_column_is_drawn_from_its_own_distribution_given_the_one_before() -> None:
    made = plan(
        table(
            column("a", "float", normal(5, 2, 0, 10)), column("b", "float", normal(6, 2, 0, 12)), rows=50_000
        ),
        constraints=order("t.a", "<=", "t.b"),
    )
    a, b = numbers(made, "a"), numbers(made, "b")
    free = stats.norm(5, 2)
    # a keeps its distribution: b can reach above all that a can be. Its clamp's ends are points.
    inside = a[(a > 0) & (a < 10)]
    u = (free.cdf(inside) - free.cdf(0)) / (free.cdf(10) - free.cdf(0))
    assert stats.kstest(u, "uniform").statistic < 0.012  # 1.63 / √50,000 = 0.0073 at 1 %, with room
    # b, given a, is its own distribution above a: its share of what is left is uniform.
    open_b = b < 12
    other = stats.norm(6, 2)
    low = other.cdf(np.maximum(a, 0.0))
    u = ((other.cdf(b) - low) / (1 - low))[open_b & (b > 0)]
    assert stats.kstest(u, "uniform").statistic < 0.015


@pytest.mark.statistical
def test_nothing_is_piled_up_at_a_bound() -> None:
    made = plan(
        table(column("a", "int", uniform(0, 100)), column("b", "int", uniform(0, 100)), rows=50_000),
        constraints=order("t.a", "<=", "t.b"),
    )
    a, b = numbers(made, "a"), numbers(made, "b")
    # P(b = a | a) = 1 / (101 − a): summed over uniform a that is the 101st harmonic number / 101, about 5.1 %.
    expected = sum(1 / k for k in range(1, 102)) / 101
    assert abs((a == b).mean() - expected) < 0.006


def test_a_column_that_cannot_be_bent_bends_the_other() -> None:
    made = plan(
        table(
            column("limit", "int", {"lookup": {"from": "v.n"}}),
            column("used", "int", uniform(0, 100)),
            rows=2_000,
        ),
        {
            "id": "v",
            "kind": "vocab",
            "pk": "n",
            "columns": [column("n", "int", {"enum_list": {"values": [10, 50, 90]}})],
        },
        constraints=order("t.used", "<=", "t.limit"),
    )
    used, limit = numbers(made, "used"), numbers(made, "limit")
    assert (used <= limit).all()
    assert used[limit == 90].max() > 50
