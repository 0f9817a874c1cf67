"""Correlated columns: the ranks move together, every column keeps its own distribution."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from datagen_engine.draw.rows import Rows
from datagen_engine.planning.plan import Plan
from tests.engine.small import column, draw, numbers, plan, table

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 50, "std": 10}, "clamp": [0, 100]}}
LOGNORMAL = {"distribution": {"type": "lognormal", "params": {"mean": 2, "sigma": 0.8}, "clamp": [0, 1000]}}
TIMES = {"datetime_series": {"within": "timeframe", "freq": "h"}}


def correlated(group: dict[str, Any], rows: int = 40_000) -> Plan:
    return plan(
        table(
            column("a", "float", NORMAL),
            column("b", "float", LOGNORMAL),
            column("c", "datetime", TIMES),
            rows=rows,
            correlations=[group],
        )
    )


@pytest.mark.statistical
@pytest.mark.parametrize("value", [-0.4, 0.0, 0.3, 0.8])
def test_the_rank_correlation_is_as_declared(value: float) -> None:
    made = correlated({"columns": ["a", "b", "c"], "value": value})
    columns = [numbers(made, "a"), numbers(made, "b"), draw(made, "c").data]
    for one in range(3):
        for other in range(one):
            assert abs(stats.spearmanr(columns[one], columns[other]).statistic - value) < 0.02


@pytest.mark.statistical
def test_a_matrix() -> None:
    made = correlated({"columns": ["a", "b", "c"], "matrix": [[1, 0.7, 0], [0.7, 1, -0.3], [0, -0.3, 1]]})
    a, b, c = numbers(made, "a"), numbers(made, "b"), draw(made, "c").data
    assert abs(stats.spearmanr(a, b).statistic - 0.7) < 0.02
    assert abs(stats.spearmanr(b, c).statistic + 0.3) < 0.02
    assert abs(stats.spearmanr(a, c).statistic) < 0.02


@pytest.mark.statistical
def test_every_marginal_is_kept() -> None:
    made = correlated({"columns": ["a", "b"], "value": 0.9})
    assert stats.kstest(numbers(made, "a"), stats.norm(50, 10).cdf).pvalue > 1e-3
    assert stats.kstest(numbers(made, "b"), stats.lognorm(0.8, scale=np.exp(2)).cdf).pvalue > 1e-3


def test_any_row_alone_is_the_row_of_the_run() -> None:
    made = correlated({"columns": ["a", "b"], "value": 0.5}, rows=20_000)
    rows = np.array([19_999, 0, 8_500])
    assert draw(made, "b", rows=Rows.listed(rows)).to_list() == draw(made, "b").take(rows).to_list()


def test_a_correlated_column_may_stand_in_an_order() -> None:
    made = plan(
        table(
            column("a", "float", NORMAL),
            column("b", "float", NORMAL),
            rows=20_000,
            correlations=[{"columns": ["a", "b"], "value": 0.5}],
        ),
        constraints={"inequalities": [{"left": "t.a", "op": "<", "right": "t.b"}]},
    )
    a, b = numbers(made, "a"), numbers(made, "b")
    assert (a < b).all()
    assert stats.spearmanr(a, b).statistic > 0.5
