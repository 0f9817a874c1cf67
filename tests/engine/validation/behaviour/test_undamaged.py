"""Data as it was drawn fails no more checks than the stated rate of false alarms says."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from datagen_engine.resources import examples
from datagen_engine.validation.behaviour.verdict import FALSE_ALARM
from datagen_engine.validation.record import CheckRecord
from tests.drawing import plan_of
from tests.engine.validation.behaviour.market import market
from tests.engine.validation.behaviour.memory import Memory, behavioural_checks, drawn

SCALES = {"gov_scaled": 0.005, "bank": 0.1, "ecomm": 0.03, "gov": 0.03}
"""How much of an example is drawn, where all of it takes long."""

SMALL = ("schema", "test_patterns", "valid_schema")


@cache
def tree(name: str) -> Any:
    """Return a schema, with cheap texts in place of made-up ones: they promise nothing."""
    read = market(1500) if name == "market" else json.loads(examples()[name].read_text(encoding="utf-8"))
    read["constraints"].pop("unique", None)  # of the texts that are left there are not enough for all rows
    return _plain(read)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if isinstance(value.get("generator"), dict) and "faker" in value["generator"]:
            return {**value, "generator": {"choice": {"choices": ["x", "y"]}}}
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def records(name: str, seed: int) -> list[CheckRecord]:
    plan = plan_of(tree(name), seed=seed, scale=SCALES.get(name, 1.0))
    return list(behavioural_checks(Memory(plan, drawn(plan))))


def tell(found: list[CheckRecord], name: str, seeds: range) -> None:
    """Fail where more checks fail than their rate allows, or where their p-values are not as even as promised."""
    judged = [record for record in found if "p_value" in record.details]
    wrong = [(record.id, record.message) for record in found if record.status in ("fail", "error")]
    rate = sum(record.details.get("false_alarm_rate", 0.0) for record in found)
    assert len(wrong) <= stats.poisson(rate).ppf(0.9999), (name, seeds, wrong)
    assert not [record for record in found if record.status == "error"]
    p = np.array([record.details["p_value"] for record in judged])
    for chance in (0.05, 0.01, 0.001):
        # Checks of one column are related, so their p-values are a little more uneven than independent ones.
        most = stats.poisson(max(1.3 * len(p) * chance, 0.5)).ppf(0.99999)
        assert (p < chance).sum() <= most, (name, chance, int((p < chance).sum()), len(p))


@pytest.mark.statistical
@pytest.mark.parametrize("name", [*SMALL, *SCALES, "market"])
def test_an_undamaged_run_fails_nothing(name: str) -> None:
    seeds = range(10 if name in SMALL else 2)
    found = [record for seed in seeds for record in records(name, seed)]
    tell(found, name, seeds)
    assert sum(record.status == "pass" for record in found) >= 20 * len(seeds)
    assert FALSE_ALARM <= 1e-3


@pytest.mark.long
@pytest.mark.statistical
@pytest.mark.parametrize("name", [*SMALL, *SCALES, "market"])
def test_two_hundred_seeds_fail_no_more_often_than_stated(name: str) -> None:
    seeds = range(100, 300)
    found = [record for seed in seeds for record in records(name, seed)]
    tell(found, name, seeds)
