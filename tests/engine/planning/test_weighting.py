"""What hangs on another parent shows in how many rows there are, and in which rows are picked."""

import numpy as np
import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.planning.plan import Plan
from tests.engine.small import Array, Tree, column, draw, fact, near, plan, table, vocabulary

DAY = 86_400_000_000
REGION = {"choice": {"choices": ["n", "s", "w"], "weights": [5, 3, 2]}}
SALE = {
    "id": "sale",
    "kind": "vocab",
    "pk": "region",
    "columns": [
        column("region", "string", {"enum_list": {"values": ["n", "s"]}}),
        column("since", "date", {"enum_list": {"values": ["2024-03-01", "2024-05-01"]}}),
        column("until", "date", {"enum_list": {"values": ["2024-06-30", "2024-08-31"]}}),
        column("factor", "float", {"enum_list": {"values": [4.0, 0.0]}}),
    ],
}
EFFECT = {
    "transform": "effect",
    "args": {
        "effect_table": "sale",
        "on": {"region": "region"},
        "window": {"start_col": "since", "end_col": "until"},
        "map": {"field": "factor", "op": "mul", "default": 1.0},
    },
}


def market(on: str = "region", **more: object) -> Plan:
    effect = {**EFFECT, "args": {**EFFECT["args"], "on": {on: "region"}}}  # type: ignore[dict-item]
    return plan(
        table(
            column("at", "datetime", {"datetime_series": {"within": "timeframe", "freq": "h"}}),
            id="visit",
            rows=30_000,
        ),
        table(column("region", "string", REGION), id="shop", rows=200, **more),
        SALE,
        {
            **fact(
                column("visit_id", "int", {"lookup": {"from": "visit.id"}}),
                column("shop_id", "int", {"lookup": {"from": "shop.id"}}),
                column("where", "string", {"lookup": {"from": "shop.region"}}),
                id="buy",
                parent="visit",
                fanout={"distribution": "poisson", "lambda": 1.5},
            ),
            "parents": ["visit", "shop"],
            "modifiers": [effect],
        },
    )


def expected(made: Plan, times: Array) -> tuple[Array, Array]:
    """Return the closed formula: the weight of each region at each time, and their mean over the shops."""
    share = np.array([np.mean(np.array(draw(made, "region", "shop").to_list()) == r) for r in "nsw"])
    day = times // DAY
    weight = np.ones((len(times), 3))
    for place, (since, until, factor) in enumerate(
        [("2024-03-01", "2024-06-30", 4.0), ("2024-05-01", "2024-08-31", 0.0)]
    ):
        inside = (day >= np.datetime64(since, "D").astype(int)) & (
            day <= np.datetime64(until, "D").astype(int)
        )
        weight[inside, place] = factor
    mass = weight * share
    return mass / mass.sum(axis=1, keepdims=True), mass.sum(axis=1)


@pytest.mark.statistical
@pytest.mark.parametrize(
    "on", ["region", "where"]
)  # the other parent's column, or the table's own lookup of it
def test_an_effect_keyed_on_another_parent(on: str) -> None:
    made = market(on)
    children = made.tables["buy"].children
    assert children is not None
    times = draw(made, "at", "visit").data
    shares, mean = expected(made, times)
    per_parent = children.counts(Rows.run(0, 30_000))
    assert np.unique(mean.round(9)).size >= 4
    for level in np.unique(mean.round(9)):
        group = per_parent[mean.round(9) == level]
        assert near(group.mean(), 1.5 * level, np.sqrt(1.5 * level), len(group))
    at = made.slice("buy", Rows.run(0, made.tables["buy"].rows))
    region = np.array(at.column("where").to_list())
    of_child = np.repeat(np.arange(30_000), per_parent)
    for level in np.unique(mean.round(9)):
        inside = mean.round(9)[of_child] == level
        for place, name in enumerate("nsw"):
            chance = shares[of_child[inside]][:, place].mean()
            assert near((region[inside] == name).mean(), chance, 0.5, inside.sum())


def test_the_lookups_of_another_parent_agree() -> None:
    made = market()
    at = made.slice("buy", Rows.run(0, 2_000))
    regions = np.array(draw(made, "region", "shop").to_list())
    assert at.column("where").to_list() == regions[at.column("shop_id").data - 1].tolist()


@pytest.mark.statistical
def test_a_segment_of_another_parent_weights_its_rows() -> None:
    behavior: Tree = {
        "segment_column": "region",
        "behaviors": {"n": {"fanout_multiplier": 0}, "w": {"fanout_multiplier": 3}},
    }
    made = plan(
        table(id="visit", rows=20_000),
        table(column("region", "string", REGION), id="shop", rows=100, segment_behavior=behavior),
        {
            **fact(column("where", "string", {"lookup": {"from": "shop.region"}}), id="buy", parent="visit"),
            "parents": ["visit", "shop"],
            "fanout": {"distribution": "poisson", "lambda": 2},
        },
    )
    regions = np.array(draw(made, "region", "shop").to_list())
    weight = np.array([{"n": 0.0, "s": 1.0, "w": 3.0}[r] for r in regions])
    rows = made.tables["buy"].rows
    assert near(rows / 20_000, 2 * weight.mean(), np.sqrt(2 * weight.mean()), 20_000)
    where = np.array(draw(made, "where", "buy").to_list())
    assert (where != "n").all()
    assert near((where == "w").mean(), weight[regions == "w"].sum() / weight.sum(), 0.5, rows)


def test_a_time_that_is_null_has_the_default() -> None:
    made = plan(
        table(
            column(
                "at",
                "datetime",
                {"datetime_series": {"within": {"start": "2024-06-01", "end": "2024-06-02"}}},
                nullable=True,
                null_rate=1.0,
            ),
            id="visit",
            rows=5_000,
        ),
        table(column("region", "string", REGION), id="shop", rows=50),
        SALE,
        {
            **fact(column("where", "string", {"lookup": {"from": "shop.region"}}), id="buy", parent="visit"),
            "parents": ["visit", "shop"],
            "modifiers": [EFFECT],
        },
    )
    assert made.tables["buy"].rows == 5_000
    assert "s" in draw(made, "where", "buy").to_list()


def test_a_vocabulary_of_regions_is_a_table_like_any_other() -> None:
    made = plan(
        table(id="visit", rows=4_000),
        vocabulary("place", region=["n", "s", "w"]),
        SALE,
        fact(
            column("region", "string", {"lookup": {"from": "place.region"}}),
            id="buy",
            parent="visit",
            modifiers=[{**EFFECT, "args": {**EFFECT["args"], "window": None}}],  # type: ignore[dict-item]
            fanout={"distribution": "poisson", "lambda": 1},
        ),
    )
    regions = np.array(draw(made, "region", "buy").to_list())
    assert "s" not in regions
    assert near((regions == "n").mean(), 0.8, 0.4, len(regions))
