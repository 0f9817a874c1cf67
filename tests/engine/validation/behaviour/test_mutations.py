"""Data damaged in one known way: exactly the checks that judge it fail. The matrix: kind × damage × caught."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from datagen_engine.planning.plan import Plan
from tests.drawing import plan_of
from tests.engine.validation.behaviour.market import market
from tests.engine.validation.behaviour.memory import (
    Array,
    Data,
    changed,
    drawn,
    failing,
    judged,
    numbers,
    put,
    without,
)

DAY = 86_400_000_000
HOUR = 3_600_000_000
SEED = 11


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(market(), seed=SEED)


@pytest.fixture(scope="module")
def data(plan: Plan) -> Data:
    return drawn(plan)


def some(rows: int, share: float) -> Array:
    """Return a mask of a share of the rows, always the same."""
    return np.random.default_rng(5).random(rows) < share


def weekday(instants: Array) -> Array:
    return (instants // DAY + 3) % 7


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def tuesdays_on_saturday(data: Data) -> Data:
    """A tenth of all Tuesdays and Wednesdays moves to the Saturday after, at the same hour."""

    def move(instants: Array) -> Array:
        days = weekday(instants)
        chosen = (
            some(len(instants), 0.1) & ((days == 1) | (days == 2)) & (instants // DAY < day("2024-12-24"))
        )
        return instants + np.where(chosen, (5 - days) * DAY, 0)

    return changed(data, "ticket", "opened_at", move)


def mornings_at_night(data: Data) -> Data:
    """One in twelve rows from 10 to 13 h moves ten hours later."""

    def move(instants: Array) -> Array:
        hour = instants // HOUR % 24
        return instants + np.where(some(len(instants), 1 / 12) & (hour >= 10) & (hour < 13), 10 * HOUR, 0)

    return changed(data, "ticket", "opened_at", move)


def dearer_in_a_sale(data: Data) -> Data:
    """Amounts in one window of one region are 30 % higher."""
    time, region = numbers(data, "order", "placed_at") // DAY, numbers(data, "order", "region")
    inside = (region == "west") & (time >= day("2024-08-05")) & (time <= day("2024-08-25"))
    return changed(data, "order", "amount", lambda y: np.where(inside, y * 1.3, y))


def no_rush(data: Data) -> Data:
    """Of the rows in the west's window, whose rush is 3, one in six moves to four weeks before."""
    time, region = numbers(data, "ticket", "opened_at"), numbers(data, "ticket", "region")
    inside = (region == "west") & (time // DAY >= day("2024-08-05")) & (time // DAY <= day("2024-08-25"))
    chosen = inside & some(len(time), 1 / 6)
    return put(data, "ticket", "opened_at", np.where(chosen, time - 28 * DAY, time))


def fewer_outliers(data: Data) -> Data:
    """Most amounts that are far off are brought back."""
    return changed(data, "order", "amount", lambda y: np.where(y > 250, y / 16, y))


def less_growth(data: Data) -> Data:
    """Amounts grow by 15 % a year instead of 30 %; their mean stays about the same."""
    years = (numbers(data, "order", "placed_at") - day("2024-01-01") * DAY) / (365.25 * DAY)
    return changed(data, "order", "amount", lambda y: y * (1.15 / 1.3) ** (years - 0.5))


def even_amounts_at_weekends(data: Data) -> Data:
    """Amounts of Saturdays and Sundays lose their season."""
    late = weekday(numbers(data, "order", "placed_at")) >= 5
    return changed(data, "order", "amount", lambda y: np.where(late, y / 1.3, y))


def even_segments(data: Data) -> Data:
    """Large customers earn as many points as small ones: 0.9 instead of 1.6 times."""
    large = numbers(data, "customer", "segment") == "large"
    mine = large[numbers(data, "order", "customer_id") - 1]
    return changed(
        data, "order", "points", lambda y: np.where(mine, np.rint(y * 0.9 / 1.6), y).astype(np.int64)
    )


def older_tips(data: Data) -> Data:
    """Tips of the first customers are 3 % higher."""
    early = numbers(data, "customer", "joined_on") < day("2021-04-01")
    mine = early[numbers(data, "order", "customer_id") - 1]
    return changed(data, "order", "tip", lambda y: np.where(mine, y * 1.03, y))


def half_shuffled_weights(data: Data) -> Data:
    """A third of the weights changes hands, so that the correlation falls."""

    def shuffle(y: Array) -> Array:
        chosen = np.flatnonzero(some(len(y), 1 / 3))
        y[chosen] = np.random.default_rng(1).permutation(y[chosen])
        return y

    return changed(data, "customer", "weight", shuffle)


def more_nulls(data: Data) -> Data:
    """Every tenth ticket loses its severity."""
    column = data["ticket"].column("severity").combine_chunks()
    null = np.asarray(column.is_null()) | some(len(column), 0.1)
    values = numbers(data, "ticket", "severity")
    values[null] = None
    return put(data, "ticket", "severity", values)


def more_low(data: Data) -> Data:
    """Some tickets that are not null become low."""
    there = np.asarray(data["ticket"].column("severity").combine_chunks().is_valid())
    return changed(data, "ticket", "severity", lambda x: np.where(some(len(x), 0.08) & there, "low", x))


def lost_orders(data: Data) -> Data:
    """Large customers lose a tenth of their orders, and these their tickets."""
    large = numbers(data, "customer", "segment") == "large"
    mine = large[numbers(data, "order", "customer_id") - 1]
    gone = mine & some(len(mine), 0.1)
    lost = numbers(data, "order", "id")[gone]
    left = without(data, "order", gone)
    return without(left, "ticket", np.isin(numbers(data, "ticket", "order_id"), lost))


def fewer_tickets_in_a_sale(data: Data) -> Data:
    """In the south's window, where twice as many tickets are promised, a quarter of them is lost."""
    order = numbers(data, "ticket", "order_id") - 1
    time, region = numbers(data, "order", "placed_at")[order] // DAY, numbers(data, "order", "region")[order]
    inside = (region == "south") & (time >= day("2024-06-10")) & (time <= day("2024-06-30"))
    return without(data, "ticket", inside & some(len(inside), 0.25))


def cut_funnel(data: Data) -> Data:
    """An eighth of those who bought did not."""
    bought = numbers(data, "step", "stage_name") == "bought"
    return without(data, "step", bought & some(len(bought), 1 / 8))


def slow_funnel(data: Data) -> Data:
    """Whoever bought took ten hours longer."""
    bought = numbers(data, "step", "stage_name") == "bought"
    return changed(data, "step", "entered_at", lambda t: t + np.where(bought, 10 * HOUR, 0))


def moved_start(data: Data) -> Data:
    """Three rows enter the first stage a minute late."""
    first = np.flatnonzero(numbers(data, "step", "stage_name") == "seen")[:3]

    def move(instants: Array) -> Array:
        instants[first] += HOUR // 60
        return instants

    return changed(data, "step", "entered_at", move)


def favourite_product(data: Data) -> Data:
    """Every fifteenth order is for one of the first products of its kind."""
    kind = numbers(data, "product", "kind")
    first = {name: np.flatnonzero(kind == name)[:5] + 1 for name in ("tool", "toy", "food")}
    key = numbers(data, "order", "product_id")
    chosen = np.array([first[name][place % 5] for place, name in enumerate(kind[key - 1])])
    return other_products(data, np.where(some(len(key), 1 / 15), chosen, key))


def other_products(data: Data, key: Array) -> Data:
    """Let orders refer to other products; what is read from the product moves with it."""
    price, before = numbers(data, "product", "price"), numbers(data, "order", "product_id")
    moved = put(data, "order", "product_id", key)
    moved = changed(moved, "order", "charged", lambda y: y / price[before - 1] * price[key - 1])
    return put(moved, "order", "listed", price[key - 1] * 1.25 + 2)


def no_pull(data: Data) -> Data:
    """A fifth of the orders of tools by customers from the first launch go to the product with the next number."""
    kind = numbers(data, "product", "kind")
    joined = numbers(data, "customer", "joined_on")[numbers(data, "order", "customer_id") - 1]
    inside = (joined >= day("2021-04-01")) & (joined <= day("2021-09-30"))
    key = numbers(data, "order", "product_id")
    chosen = inside & (kind[key - 1] == "tool") & some(len(key), 0.2)
    return other_products(data, np.where(chosen, key % len(kind) + 1, key))


def less_noise(data: Data) -> Data:
    """What is charged lies half as far from the price."""
    price = numbers(data, "product", "price")[numbers(data, "order", "product_id") - 1] * 1.2
    return changed(data, "order", "charged", lambda y: price + (y - price) / 2)


def wider_jitter(data: Data) -> Data:
    """Times lie 11 minutes off the hour instead of 8."""
    return changed(data, "ticket", "opened_at", lambda t: _hour(t) + ((t - _hour(t)) * 11) // 8)


def _hour(instants: Array) -> Array:
    return (instants + HOUR // 2) // HOUR * HOUR


def scaled_bounded(data: Data) -> Data:
    """Values that an order bends are pressed towards their lower bound."""
    low = numbers(data, "customer", "low")
    return changed(data, "customer", "high", lambda y: low + (y - low) * 0.9)


MATRIX: list[tuple[str, Callable[[Data], Data], set[str]]] = [
    # kind of promise, damage, ids of the checks that fail
    (
        "weekday pattern",
        tuesdays_on_saturday,
        {
            "dow:ticket.opened_at",
            "month_dow_hour:ticket.opened_at",
            "weekend_share:ticket.opened_at",
            "composite_effect:ticket.opened_at",
        },
    ),
    (
        "hour pattern",
        mornings_at_night,
        {"hour:ticket.opened_at", "composite_effect:ticket.opened_at"},
    ),
    ("effect on times", no_rush, {"effect:ticket.opened_at"}),
    ("jitter of times", wider_jitter, {"jitter:ticket.opened_at"}),
    (
        "share of a choice",
        more_low,
        {"shares:ticket.severity"},
    ),
    (
        "share of a choice",
        lambda data: changed(data, "order", "rating", lambda x: np.where(some(len(x), 0.05), 3, x)),
        {"shares:order.rating"},
    ),
    (
        "choice",
        lambda data: changed(data, "order", "rating", lambda x: np.where(np.arange(len(x)) == 7, 6, x)),
        {"shares:order.rating", "distinct_count:order.rating"},
    ),
    (
        "distribution",
        lambda data: changed(data, "product", "price", lambda y: y * 1.25),
        {"distribution:product.price", "jitter:order.charged", "values:order.listed"},
    ),
    (
        "distribution",
        lambda data: changed(data, "customer", "height", lambda y: y + 1.5),
        {"distribution:customer.height"},
    ),
    (
        "distribution after its clamp",
        lambda data: changed(data, "order", "tip", lambda y: np.clip(y, 17, None)),
        {"distribution:order.tip"},
    ),
    ("bent distribution", scaled_bounded, {"distribution:customer.high"}),
    ("effect on numbers", dearer_in_a_sale, {"effect:order.amount"}),
    ("season of numbers", even_amounts_at_weekends, {"dow:order.amount", "distribution:order.amount"}),
    ("trend", less_growth, {"trend:order.amount"}),
    ("outliers", fewer_outliers, {"outliers:order.amount"}),
    ("segment of numbers", even_segments, {"segment:order.points", "distribution:order.points"}),
    ("age of numbers", older_tips, {"age:order.tip"}),
    ("noise", less_noise, {"jitter:order.charged"}),
    (
        "known values",
        lambda data: changed(data, "order", "listed", lambda y: np.where(some(len(y), 0.03), y + 1, y)),
        {"values:order.listed"},
    ),
    ("correlation", half_shuffled_weights, {"correlation:customer:1", "correlation:customer.height"}),
    ("nulls", more_nulls, {"nulls:ticket.severity"}),
    (
        "fanout by segment",
        lost_orders,
        {"fanout:order", "fanout_segment:order", "fanout_age:order", "fanout_spread:order"},
    ),
    ("fanout by effect", fewer_tickets_in_a_sale, {"fanout_effect:ticket"}),
    ("funnel", cut_funnel, {"stages:step"}),
    ("waits of a funnel", slow_funnel, {"waits:step.entered_at"}),
    ("start of a funnel", moved_start, {"waits:step.entered_at"}),
    ("references", favourite_product, {"references:order.product_id"}),
    ("effect on references", no_pull, {"references_effect:order.product_id"}),
]


def test_undamaged_data_fails_nothing(plan: Plan, data: Data) -> None:
    records = judged(plan, data)
    assert not failing(records)
    assert {record.kind for record in records.values()} == {"shape", "target"}


@pytest.mark.parametrize(
    ("kind", "damage", "caught"), MATRIX, ids=[f"{k}-{i}" for i, (k, _, _) in enumerate(MATRIX)]
)
def test_exactly_the_matching_checks_fail(
    plan: Plan, data: Data, kind: str, damage: Callable[[Data], Data], caught: set[str]
) -> None:
    records = judged(plan, damage(data))
    assert failing(records) == caught
    for name in caught:
        record = records[name]
        assert record.status == "fail"
        assert record.miss > 0
        assert record.message
        assert record.rows_checked > 0
