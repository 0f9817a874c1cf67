"""How long a check takes: it runs while people type.

Processor time is measured, which other programs on the machine stretch less than the time on the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from datagen_engine.checking import check_schema
from datagen_engine.resources import examples
from datagen_engine.schema.reading import read_schema
from datagen_engine.schema.references import references
from datagen_engine.schema.text import read
from tests.engine.small import column, fact, schema, table, vocabulary

Budget = Callable[..., None]
_TURNS = 7
TABLES = 300


def choice(*values: str) -> dict[str, Any]:
    return {"choice": {"choices": list(values), "weights": list(range(1, len(values) + 1))}}


def distribution(type: str, least: float, most: float, **params: float) -> dict[str, Any]:
    return {"distribution": {"type": type, "params": params, "clamp": [least, most]}}


def times(*dimensions: tuple[str, int]) -> dict[str, Any]:
    patterns = [{"dimension": dimension, "weights": [*[1] * (size - 1), 2]} for dimension, size in dimensions]
    return {"datetime_series": {"within": "timeframe", "patterns": patterns}}


def large() -> Any:
    """A schema of 300 tables with 12 columns each, in lines of parents five deep."""
    country = vocabulary("country", code=["DE", "FR", "IT"], factor=[1.0, 1.1, 1.2])
    effect = {
        "effect": {
            "effect_table": "country",
            "on": {"country": "code"},
            "map": {"field": "factor", "op": "mul"},
        }
    }
    season = {"seasonality": {"dimension": "month", "weights": [*[1] * 11, 2]}}
    nodes = [country]
    for number in range(1, TABLES):
        columns = [
            column(
                "country", "string", {"choice": {"choices_ref": "country.code", "weights_kind": "zipf@1"}}
            ),
            column("factor", "float", {"lookup": {"from": "country.factor", "on": {"country": "code"}}}),
            column("state", "string", choice("new", "paid", "sent")),
            column("at", "datetime", times(("dow", 7), ("hour", 24))),
            column("day", "date", times()),
            column("price", "float", distribution("lognormal", 1, 900, mean=3, sigma=0.5), season, effect),
            column("quantity", "int", distribution("poisson", 1, 10, **{"lambda": 3})),
            column("total", "float", {"expression": {"code": "round(price * quantity, 2)"}}),
            column("large", "bool", {"expression": {"code": "total > 100 and quantity > 2"}}),
            column("score", "float", distribution("normal", 0, 10, mean=5, std=2), {"jitter": {"std": 0.1}}),
        ]
        above = f"t{number - 1}"
        if number % 5 == 1:
            nodes.append(
                table(
                    *columns,
                    column("seen", "int", distribution("uniform", 0, 9, low=0, high=9)),
                    id=f"t{number}",
                )
            )
        else:
            key = column("above", "int", {"lookup": {"from": f"{above}.id"}})
            fanout = {"distribution": "poisson", "lambda": 2.0, "max": 9}
            nodes.append(fact(*columns, key, id=f"t{number}", parent=above, fanout=fanout))
    names = [f"t{number}" for number in range(1, TABLES)]
    children = [(f"t{number}", f"t{number - 1}") for number in range(1, TABLES) if number % 5 != 1]
    return schema(
        *nodes,
        constraints={
            "unique": [f"{name}.id" for name in names],
            "foreign_keys": [{"from": f"{child}.above", "to": f"{parent}.id"} for child, parent in children],
            "ranges": [{"attr": f"{name}.score", "min": 0, "max": 10} for name in names],
            "inequalities": [{"left": f"{name}.day", "op": "<=", "right": f"{name}.at"} for name in names],
            "enum": [{"attr": f"{name}.state", "values": ["new", "paid", "sent"]} for name in names],
        },
    )


def best(what: Callable[[], object]) -> float:
    found = []
    for _ in range(_TURNS):
        started = time.process_time()
        what()
        found.append(time.process_time() - started)
    return min(found)


def test_a_schema_of_300_tables(budget: Budget) -> None:
    tree = large()
    reading = read_schema(tree)
    assert check_schema(reading) == []
    budget("300 tables: read", 1e3 * best(lambda: read_schema(tree)), "ms", most=100)
    budget("300 tables: check", 1e3 * best(lambda: check_schema(reading)), "ms", most=200)
    budget("300 tables: references", 1e3 * best(lambda: references(tree)), "ms", most=100)


@pytest.mark.parametrize("name", examples())
def test_an_example(name: str, budget: Budget) -> None:
    tree = read(examples()[name].read_bytes()).tree
    check_schema(read_schema(tree))  # the methods of faker are learned once
    budget(f"{name}: read and check", 1e3 * best(lambda: check_schema(read_schema(tree))), "ms", most=50)
