"""Declared targets: what passes, what fails, and what is said of targets that cannot be reached."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from datagen_engine.planning.plan import Plan
from datagen_engine.validation.behaviour.composite import deviation
from datagen_engine.validation.record import CheckRecord
from tests.drawing import plan_of
from tests.engine.small import Tree, column, fact, schema, table
from tests.engine.validation.behaviour.memory import changed, drawn, judged, listed, numbers

WEEK = [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0]
AT = column(
    "at",
    "datetime",
    {"datetime_series": {"within": "timeframe", "pattern": {"dimension": "dow", "weights": WEEK}}},
)
SHARE = 208 / 470
"""2024 has 53 Mondays and Tuesdays, and 52 of every other day."""


def target(
    kind: str, *columns: Tree, rows: int = 5000, more: tuple[Tree, ...] = (), seed: int = 1, **spec: Any
) -> tuple[Plan, CheckRecord]:
    plan = plan_of(
        schema(*more, table(*columns, rows=rows), targets={kind: {"table": "t", **spec}}), seed=seed
    )
    records = judged(plan, drawn(plan))
    return plan, next(record for record in records.values() if record.kind == "target")


@pytest.mark.parametrize(
    ("low", "high", "rows", "status"),
    [
        (SHARE - 0.02, SHARE + 0.02, 20_000, "pass"),
        (SHARE - 0.001, SHARE + 0.001, 300, "pass"),  # sampling moves it by more
        (SHARE + 0.02, 1.0, 20_000, "fail"),
        (0.0, SHARE - 0.02, 20_000, "fail"),
    ],
)
def test_weekend_share(low: float, high: float, rows: int, status: str) -> None:
    _, record = target("weekend_share", AT, rows=rows, timestamp="at", min=low, max=high)
    assert record.status == status
    assert record.observed == pytest.approx(SHARE, abs=4 * (0.25 / rows) ** 0.5)
    assert ("cannot be reached" in record.message) == (status == "fail")
    assert record.rows_checked == rows


def test_the_figure_is_that_of_the_data() -> None:
    plan, record = target("weekend_share", AT, timestamp="at", min=0, max=1)
    days = [datetime.fromtimestamp(t / 1e6, UTC).weekday() for t in numbers(drawn(plan), "t", "at").tolist()]
    assert record.observed == sum(day >= 5 for day in days) / len(days)


def test_a_target_that_the_weights_reach_is_missed_by_damage_without_that_reason() -> None:
    amounts = column(
        "x", "float", {"distribution": {"type": "normal", "params": {"mean": 10, "std": 2}, "clamp": [0, 20]}}
    )
    plan = plan_of(
        schema(
            table(amounts, rows=4000),
            targets={"mean_in_range": {"table": "t", "column": "x", "min": 9, "max": 11}},
        )
    )
    record = judged(plan, changed(drawn(plan), "t", "x", lambda x: x + 2))["mean_in_range:t.x"]
    assert record.status == "fail"
    assert "cannot be reached" not in record.message
    assert record.details["promised"] == pytest.approx(10, abs=0.1)
    assert record.miss > 0


@pytest.mark.parametrize(
    ("low", "high", "status"), [(4.9, 5.1, "pass"), (5.4, 9, "fail"), (None, 4, "fail"), (None, None, "pass")]
)
def test_mean_in_range(low: float | None, high: float | None, status: str) -> None:
    own = column("x", "int", {"choice": {"choices": [0, 10]}})
    _, record = target("mean_in_range", own, column="x", min=low, max=high)
    assert record.status == status
    assert record.details["promised"] == 5
    assert ("own weights lead to 5" in record.message) == (status == "fail")


def test_missing_by_luck_is_said() -> None:
    own = column("x", "int", {"choice": {"choices": [0, 10]}})
    for seed in range(40):
        _, record = target("mean_in_range", own, rows=100, seed=seed, column="x", min=5.2, max=9)
        assert (record.status == "pass") == (record.observed >= 5.2)
        if record.status == "pass":
            assert "but by chance" in record.message
            break
    else:
        pytest.fail("no seed brought the mean above")


@pytest.mark.parametrize(
    ("kind", "spec", "status", "observed"),
    [
        ("quantile_in_range", {"column": "x", "q": 0.5, "min": 48, "max": 52}, "pass", 50),
        ("quantile_in_range", {"column": "x", "q": 0.9, "min": 10, "max": 80}, "fail", 90),
        ("distinct_count", {"column": "kind", "min": 3, "max": 3}, "pass", 3),
        ("distinct_count", {"column": "kind", "min": 4}, "fail", 3),
        ("distinct_count", {"column": "n", "max": 7}, "fail", 9),
        ("null_share", {"column": "n", "min": 0.15, "max": 0.25}, "pass", 0.2),
        ("null_share", {"column": "n", "max": 0.1}, "fail", 0.2),
        ("occurrence_rate", {"column": "kind", "value": "b", "min": 0.28, "max": 0.32}, "pass", 0.3),
        ("occurrence_rate", {"column": "n", "value": 3, "min": 0.3}, "fail", 0.8 / 9),
        ("occurrence_rate", {"column": "flag", "value": True, "min": 0.8}, "fail", 0.25),
        ("correlation", {"columns": ["x", "y"], "min": 0.6, "max": 0.8}, "pass", 0.7),
        ("correlation", {"columns": ["x", "y"], "kind": "pearson", "max": 0.5}, "fail", 0.7),
    ],
)
def test_figures(kind: str, spec: dict[str, Any], status: str, observed: float) -> None:
    uniform = {"distribution": {"type": "uniform", "params": {"low": 0, "high": 100}, "clamp": [0, 100]}}
    plan = plan_of(
        schema(
            table(
                column("x", "float", uniform),
                column("y", "float", uniform),
                column("kind", "string", {"choice": {"choices": ["a", "b", "c"], "weights": [6, 3, 1]}}),
                column(
                    "n",
                    "int",
                    {"choice": {"choices": [1, 2, 3, 4, 5, 6, 7, 8, 9]}},
                    nullable=True,
                    null_rate=0.2,
                ),
                column("flag", "bool", {"choice": {"choices": [True, False], "weights": [1, 3]}}),
                rows=8000,
                correlations=[{"columns": ["x", "y"], "value": 0.7}],
            ),
            targets={kind: {"table": "t", **spec}},
        )
    )
    record = next(one for one in judged(plan, drawn(plan)).values() if one.kind == "target")
    assert record.status == status, record.message
    assert record.observed == pytest.approx(observed, rel=0.05, abs=0.02)


def test_what_cannot_be_judged_is_skipped() -> None:
    text = column("x", "string", {"choice": {"choices": ["a", "b"]}})
    for kind, spec in (
        ("mean_in_range", {"column": "x"}),
        ("quantile_in_range", {"column": "x", "q": 0.5}),
        ("weekend_share", {"timestamp": "x"}),
        ("correlation", {"columns": ["x", "id"]}),
    ):
        _, record = target(kind, text, rows=30, **spec)
        assert record.status == "skipped"


def test_several_targets_of_a_kind_have_ids_and_places_of_their_own() -> None:
    own = column("x", "int", {"choice": {"choices": [0, 10]}})
    spec = [{"table": "t", "column": "x", "min": 0}, {"table": "t", "column": "x", "max": 9}]
    plan = plan_of(schema(table(own), targets={"mean_in_range": spec}))
    records = judged(plan, drawn(plan))
    assert records["mean_in_range:t.x"].path == ("targets", "mean_in_range", 0)
    assert records["mean_in_range:t.x:2"].path == ("targets", "mean_in_range", 1)


# -- composite effects -----------------------------------------------------------------------------------


def composite(
    influences: list[Tree], tolerance: Tree, *modifiers: Tree, more: tuple[Tree, ...] = (), rows: int = 20_000
) -> CheckRecord:
    hours = [0.5] * 8 + [2.0] * 12 + [1.0] * 4
    patterns = [{"dimension": "dow", "weights": WEEK}, {"dimension": "hour", "weights": hours}]
    at = column(
        "at", "datetime", {"datetime_series": {"within": "timeframe", "patterns": patterns}}, *modifiers
    )
    _, record = target(
        "composite_effect", at, rows=rows, more=more, influences=influences, tolerance=tolerance
    )
    return record


HOURS = {"kind": "seasonality", "dimension": "hour", "weights": [0.5] * 8 + [2.0] * 12 + [1.0] * 4}
DAYS = {"kind": "seasonality", "dimension": "dow", "weights": WEEK}


def test_the_schemas_own_weights_are_met() -> None:
    record = composite([HOURS, DAYS], {"mae": 0.0005, "mape": 0.05})
    assert record.status == "pass"
    assert record.details["cells"] == 168
    assert len(record.details["strata"]) == 5


def test_other_weights_cannot_be_reached() -> None:
    flat = {"kind": "seasonality", "dimension": "dow", "weights": [1.0] * 7}
    record = composite([HOURS, flat], {"mae": 0.0005})
    assert record.status == "fail"
    assert "the target cannot be reached" in record.message
    assert record.miss > 0


def test_a_percentage_is_no_fraction() -> None:
    flat = {"kind": "seasonality", "dimension": "dow", "weights": [1.0] * 7}
    assert composite([flat], {"mape": 60}).status == "pass"
    assert composite([flat], {"mape": 0.6}).status == "pass"
    assert composite([flat], {"mape": 20}).status == "fail"


def test_small_tables_pass_within_sampling() -> None:
    record = composite([HOURS, DAYS], {"mae": 1e-9, "mape": 1e-9}, rows=600)
    assert record.status == "pass"
    assert record.details["cells"] < 30


def test_effects_count_where_they_act_on_the_time_and_outliers_never() -> None:
    events = listed(
        "event",
        {
            "int:id": [1],
            "date:start": ["2024-07-01"],
            "date:end": ["2024-07-31"],
            "float:rush": [6.0],
            "string:key": ["a"],
        },
    )
    effect = {
        "effect": {
            "effect_table": "event",
            "on": {},
            "window": {"start_col": "start", "end_col": "end"},
            "map": {"field": "rush", "op": "mul", "default": 1.0},
        }
    }
    months = {"kind": "seasonality", "dimension": "month", "weights": [1.0] * 12}
    rush = {"kind": "effect", "table": "event", "on": {}, "field": "rush", "default": 1.0}
    outliers = {"kind": "outliers", "rate": 0.5, "mode": "spike"}
    with_it = composite([months, rush, outliers], {"mape": 0.1}, effect, more=(events,))
    assert with_it.status == "pass"
    assert not with_it.details["notes"]
    assert composite([months], {"mape": 0.1}, effect, more=(events,)).status == "fail"
    unused = composite([months, rush], {"mape": 0.1}, more=(events,))
    assert unused.status == "pass"
    assert "does not act on t.at" in unused.details["notes"][0]


def test_the_time_of_a_row_may_be_its_parents() -> None:
    parent = table(AT, rows=3000)
    child = fact(
        column("up", "int", {"lookup": {"from": "t.id"}}),
        column("seen_at", "datetime", {"lookup": {"from": "t.at"}}),
        fanout={"distribution": "fixed", "n": 3},
    )
    spec = {"table": "f", "influences": [DAYS], "tolerance": {"mape": 0.15}}
    record = judged(*_drawn(schema(parent, child, targets={"composite_effect": spec})))[
        "composite_effect:f.seen_at"
    ]
    assert record.status == "pass"
    lone = fact(column("up", "int", {"lookup": {"from": "t.id"}}), fanout={"distribution": "fixed", "n": 3})
    record = judged(*_drawn(schema(parent, lone, targets={"composite_effect": spec})))["composite_effect:f"]
    assert record.status == "pass"


def test_a_time_from_no_grid_is_skipped() -> None:
    later = column("later", "datetime", {"expression": {"code": "at + hours(2)"}})
    at = {**AT, "type": "datetime"}
    plan = plan_of(
        schema(
            table(later, at),
            targets={"composite_effect": {"table": "t", "influences": [DAYS], "tolerance": {"mae": 1}}},
        )
    )
    record = next(one for one in judged(plan, drawn(plan)).values() if one.kind == "target")
    assert record.status == "skipped"
    assert "drawn from no grid" in record.message


def test_deviation_is_what_the_language_says() -> None:
    expected, observed = np.array([100.0, 300.0, 5.0, 595.0]), np.array([90.0, 330.0, 5.0, 575.0])
    found = deviation(expected, observed)
    assert found is not None
    # The cell that expects 5 rows joins the one that expects least of the others.
    e, o = np.array([105.0, 300.0, 595.0]) / 1000, np.array([95.0, 330.0, 575.0]) / 1000
    assert found.mae == pytest.approx(np.abs(o - e).mean())
    assert found.mape == pytest.approx((np.abs(o - e) / e).mean())
    assert deviation(np.array([10.0, 5.0]), np.array([8.0, 7.0])) is None


def _drawn(tree: Tree) -> tuple[Plan, Any]:
    plan = plan_of(tree)
    return plan, drawn(plan)
