"""A small market with one of everything that the behavioural checks judge."""

from __future__ import annotations

from tests.engine.small import Tree, column, fact, schema, table
from tests.engine.validation.behaviour.memory import listed

HOURS = [0.2] * 6 + [1.0] * 4 + [2.0] * 8 + [1.0] * 6
WEEKDAYS = [1.0, 1.0, 1.0, 1.2, 1.4, 0.6, 0.4]
MONTHS = [1.0, 0.8, 1.0, 1.0, 1.2, 1.3, 1.3, 1.2, 1.0, 1.0, 1.1, 1.4]
SALE = {
    "effect_table": "sale",
    "on": {"region": "region"},
    "window": {"start_col": "starts_on", "end_col": "ends_on"},
}


def number(kind: str, params: Tree, clamp: list[float]) -> Tree:
    """Write a generator of numbers."""
    return {"distribution": {"type": kind, "params": params, "clamp": clamp}}


def market(customers: int = 4000) -> Tree:
    """Write the schema; it has about nine times as many rows as customers."""
    sale = listed(
        "sale",
        {
            "int:id": [1, 2, 3, 4],
            "string:region": ["north", "south", "north", "west"],
            "date:starts_on": ["2024-03-04", "2024-06-10", "2024-10-07", "2024-08-05"],
            "date:ends_on": ["2024-03-24", "2024-06-30", "2024-10-27", "2024-08-25"],
            "float:rush": [2.0, 1.5, 2.5, 3.0],
            "float:markup": [1.5, 0.7, 1.3, 2.0],
            "float:extra": [1.6, 2.0, 1.5, 1.8],
        },
    )
    launch = listed(
        "launch",
        {
            "int:id": [1, 2],
            "string:kind": ["tool", "toy"],
            "date:starts_on": ["2021-04-01", "2022-11-01"],
            "date:ends_on": ["2021-09-30", "2023-02-28"],
            "float:pull": [3.0, 2.5],
        },
    )
    customer = table(
        column("segment", "string", {"choice": {"choices": ["small", "large"], "weights": [0.7, 0.3]}}),
        column(
            "joined_on",
            "date",
            {"datetime_series": {"within": {"start": "2021-01-01", "end": "2023-12-31"}, "freq": "D"}},
        ),
        column("height", "float", number("normal", {"mean": 170, "std": 9}, [120, 220])),
        column("weight", "float", number("lognormal", {"mean": 4.3, "sigma": 0.2}, [30, 200])),
        column(
            "shoes",
            "int",
            {"choice": {"choices": [38, 39, 40, 41, 42, 43, 44], "weights": [1, 2, 3, 4, 3, 2, 1]}},
        ),
        column("mentor_id", "int", {"lookup": {"from": "customer.id", "roots": 0.1}}, nullable=True),
        column(
            "income",
            "int",
            number("lognormal", {"mean": 7.5, "sigma": 0.5}, [500, 20000]),
            nullable=True,
            null_rate=0.15,
        ),
        column("low", "float", number("uniform", {"low": 0, "high": 10}, [0, 10])),
        column("high", "float", number("uniform", {"low": 0, "high": 12}, [0, 12])),
        id="customer",
        rows=customers,
        correlations=[{"columns": ["height", "weight", "shoes"], "value": 0.6}],
        segment_behavior={
            "segment_column": "segment",
            "behaviors": {
                "small": {"fanout_multiplier": 0.8, "value_multiplier": 0.9},
                "large": {"fanout_multiplier": 1.5, "value_multiplier": 1.6},
            },
            "applies_to_columns": ["points"],
        },
        vintage_behavior={
            "created_at_column": "joined_on",
            "age_based_multipliers": {
                "habit": {"curve": [0.8, 1.0, 1.2, 1.4], "time_unit": "year", "applies_to": "fanout"},
                "care": {
                    "curve": {"curve_type": "logarithmic", "params": {"a": 1.0, "b": 0.2}},
                    "time_unit": "year",
                    "applies_to": ["tip"],
                },
            },
        },
    )
    product = table(
        column("kind", "string", {"choice": {"choices": ["tool", "toy", "food"], "weights": [2, 3, 5]}}),
        column("price", "float", number("lognormal", {"mean": 3, "sigma": 0.6}, [1, 500])),
        id="product",
        rows=400,
    )
    order = fact(
        column("customer_id", "int", {"lookup": {"from": "customer.id"}}),
        column("product_id", "int", {"lookup": {"from": "product.id"}}),
        column(
            "region",
            "string",
            {"choice": {"choices": ["north", "south", "west", "east"], "weights": [4, 3, 2, 1]}},
        ),
        column(
            "placed_at",
            "datetime",
            {
                "datetime_series": {
                    "within": "timeframe",
                    "freq": "min",
                    "pattern": {"dimension": "dow", "weights": WEEKDAYS},
                }
            },
            {"outliers": {"rate": 0.03, "mode": "spike", "magnitude": 2.0}},
        ),
        column(
            "amount",
            "float",
            number("lognormal", {"mean": 3.0, "sigma": 0.5}, [2, 400]),
            {"seasonality": {"dimension": "dow", "weights": [1, 1, 1, 1, 1.1, 1.3, 1.3]}},
            {"effect": {**SALE, "map": {"field": "markup", "op": "mul", "default": 1.0}}},
            {"trend": {"type": "exponential", "growth_rate": 0.3}},
            {
                "outliers": {
                    "rate": 0.008,
                    "mode": "spike",
                    "magnitude_dist": {"type": "uniform", "params": {"low": 12, "high": 20}},
                }
            },
        ),
        column("points", "int", number("poisson", {"lambda": 12}, [0, 60])),
        column("tip", "float", number("normal", {"mean": 20, "std": 4}, [0, 60])),
        column("rating", "int", {"choice": {"choices": [1, 2, 3, 4, 5], "weights": [1, 1, 2, 4, 6]}}),
        column(
            "charged",
            "float",
            {"lookup": {"from": "product.price"}},
            {"multiply": {"factor": 1.2}},
            {"jitter": {"std": 0.05, "mode": "mul"}},
        ),
        column(
            "listed",
            "float",
            {"lookup": {"from": "product.price"}},
            {"multiply": {"factor": 1.25}},
            {"add": {"value": 2}},
        ),
        id="order",
        parent="customer",
        fanout={"distribution": "poisson", "lambda": 5, "max": 30},
        modifiers=[
            {
                "transform": "effect",
                "args": {
                    "effect_table": "launch",
                    "on": {"kind": "kind"},
                    "window": {"start_col": "starts_on", "end_col": "ends_on"},
                    "map": {"field": "pull", "op": "mul", "default": 1.0},
                },
            },
        ],
    )
    order["parents"] = ["customer", "product"]
    ticket = fact(
        column("order_id", "int", {"lookup": {"from": "order.id"}}),
        column("region", "string", {"lookup": {"from": "order.region"}}),
        column(
            "opened_at",
            "datetime",
            {
                "datetime_series": {
                    "within": "timeframe",
                    "freq": "h",
                    "patterns": [
                        {"dimension": "hour", "weights": HOURS},
                        {"dimension": "dow", "weights": WEEKDAYS},
                    ],
                }
            },
            {"seasonality": {"dimension": "month", "weights": MONTHS}},
            {"effect": {**SALE, "map": {"field": "rush", "op": "mul", "default": 1.0}}},
            {"time_jitter": {"std_minutes": 8}},
        ),
        column(
            "severity",
            "string",
            {"choice": {"choices": ["low", "high"], "weights": [3, 1]}},
            nullable=True,
            null_rate=0.25,
        ),
        id="ticket",
        parent="order",
        fanout={"distribution": "uniform", "min": 0, "max": 2},
        modifiers=[
            {"transform": "effect", "args": {**SALE, "map": {"field": "extra", "op": "mul", "default": 1.0}}}
        ],
    )
    step = fact(
        column("customer_id", "int", {"lookup": {"from": "customer.id"}}),
        column("stage_name", "string", {"choice": {"choices": ["seen", "tried", "bought"]}}),
        column("entered_at", "datetime", {"datetime_series": {"within": "timeframe"}}),
        id="step",
        parent="customer",
        stage_config={
            "stages": [
                {"stage_name": "seen", "transition_rate": 1},
                {"stage_name": "tried", "transition_rate": 0.6},
                {"stage_name": "bought", "transition_rate": 0.5},
            ],
            "segment_variation": {"large": {"transition_multiplier": 1.3}},
            "hours_between_stages": 30,
        },
    )
    return schema(
        sale,
        launch,
        customer,
        product,
        order,
        ticket,
        step,
        constraints={"inequalities": [{"left": "customer.low", "op": "<=", "right": "customer.high"}]},
        targets={
            "weekend_share": {"table": "ticket", "timestamp": "opened_at", "min": 0.14, "max": 0.17},
            "mean_in_range": {"table": "order", "column": "rating", "min": 3.8, "max": 4.05},
            "composite_effect": {
                "table": "ticket",
                "influences": [
                    {"kind": "seasonality", "dimension": "hour", "weights": HOURS},
                    {"kind": "seasonality", "dimension": "dow", "weights": WEEKDAYS},
                    {"kind": "outliers", "rate": 0.03, "mode": "spike"},
                ],
                "tolerance": {"mae": 0.0005, "mape": 5},
            },
            "quantile_in_range": {"table": "order", "column": "tip", "q": 0.9, "min": 28, "max": 37},
            "distinct_count": {"table": "order", "column": "rating", "min": 5, "max": 5},
            "null_share": {"table": "customer", "column": "income", "min": 0.1, "max": 0.2},
            "correlation": {"table": "customer", "columns": ["height", "weight"], "min": 0.5, "max": 0.7},
            "occurrence_rate": {"table": "order", "column": "rating", "value": 5, "min": 0.38, "max": 0.48},
        },
    )
