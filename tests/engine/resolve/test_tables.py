"""What is known of the tables' sizes before a row is drawn."""

from __future__ import annotations

import pytest

from datagen_engine.schema.parts import FANOUTS
from tests.engine.small import column, fact, plan, table

SAMPLES = [(key, sample) for key, cls in sorted(FANOUTS.all().items()) for sample in cls.samples]
KEYS = [column(f"{parent}_id", "int", {"lookup": {"from": f"{parent}.id"}}) for parent in ("t", "f")]


@pytest.mark.parametrize(("key", "sample"), SAMPLES, ids=[f"{key}-{i}" for i, (key, _) in enumerate(SAMPLES)])
@pytest.mark.parametrize("parents", [1, 30, 400])
def test_no_table_exceeds_the_most_rows_it_is_expected_to_have(
    key: str, sample: dict[str, object], parents: int
) -> None:
    fanout = {"distribution": key, **sample}
    for seed in range(5):
        made = plan(
            table(rows=parents),
            fact(KEYS[0], fanout=fanout),
            fact(KEYS[1], fanout={"distribution": "uniform", "min": 0, "max": 3}, id="g", parent="f"),
            seed=seed,
        )
        tables = made.resolver.tables
        for id in ("t", "f", "g"):
            assert made.tables[id].rows <= tables.most_rows(id) + 1e-6
        assert tables.most_rows("t") == parents


def test_a_fanout_with_an_end_is_taken_at_its_word() -> None:
    fanout = {"distribution": "uniform", "min": 2, "max": 2}
    tables = plan(table(rows=100), fact(KEYS[0], fanout=fanout)).resolver.tables
    assert tables.most_rows("f") == 200


def test_of_many_parents_chance_adds_little() -> None:
    fanout = {"distribution": "poisson", "lambda": 5}
    tables = plan(table(rows=1_000_000), fact(KEYS[0], fanout=fanout)).resolver.tables
    assert tables.expected_rows("f") < tables.most_rows("f") < 1.01 * tables.expected_rows("f")
