from __future__ import annotations

from typing import Any

import pytest

from tests.engine.checking.judging import (
    Found,
    check,
    choice,
    column,
    fixed,
    judge,
    normal,
    schema,
    table,
    told,
    uniform,
)

AT = "/targets/weekend_share"


def times(
    weights: list[float] | None = None, *more: dict[str, Any], modifiers: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    patterns = [{"dimension": "dow", "weights": weights}] if weights else []
    series = {"within": "timeframe", "freq": "h", "patterns": [*patterns, *more]}
    return column(
        "at",
        "datetime",
        {"datetime_series": series if patterns or more else {"within": "timeframe", "freq": "h"}},
        *modifiers,
    )


def weekend(at: dict[str, Any], low: float, high: float) -> Any:
    target = {"weekend_share": {"table": "t", "timestamp": "at", "min": low, "max": high}}
    return schema(table(at), targets=target)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (weekend(times(), 0.25, 0.35), []),
        (weekend(times(), 0.32, 0.40), [("target-out-of-reach", AT)]),
        (weekend(times([1, 1, 1, 1, 1, 2, 2]), 0.32, 0.40), [("target-out-of-reach", AT)]),
        (weekend(times([1, 1, 1, 1, 1, 2, 2]), 0.40, 0.50), []),
        (weekend(times([1, 1, 1, 1, 1, 0, 0]), 0.1, 0.5), [("target-out-of-reach", AT)]),
        (
            weekend(times(None, {"dimension": "hour", "weights": [1] * 23 + [9]}), 0.4, 0.5),
            [("target-out-of-reach", AT)],
        ),
        (
            weekend(
                times(modifiers=({"seasonality": {"dimension": "dow", "weights": [1, 1, 1, 1, 1, 2, 2]}},)),
                0.2,
                0.3,
            ),
            [("target-out-of-reach", AT)],
        ),
        (weekend(times(), 0.4, 0.3), [("low-above-high", AT)]),
        (weekend(column("at", "float", uniform(0, 1)), 0.2, 0.3), [("not-a-time", f"{AT}/timestamp")]),
    ],
)
def test_weekends(document: object, expected: Found) -> None:
    judge(document, expected)


def test_the_weights_that_would_meet_it() -> None:
    tree = weekend(times([1, 1, 1, 1, 1, 1.155, 1.155]), 0.32, 0.40)
    (problem,) = check(tree)
    assert "Saturday and Sunday carry 31." in problem.message
    assert problem.message.endswith("the target asks for at least 32 %")
    after = fixed(tree, problem)
    weights = after["nodes"][0]["columns"][1]["generator"]["datetime_series"]["patterns"][0]["weights"]
    assert weights[:5] == [1, 1, 1, 1, 1]
    assert weights[5] == weights[6] > 1.155
    assert told(after) == []


def test_a_list_of_targets() -> None:
    both = [{"table": "t", "timestamp": "at", "min": 0.2}, {"table": "t", "timestamp": "at", "min": 0.9}]
    judge(schema(table(times()), targets={"weekend_share": both}), [("target-out-of-reach", f"{AT}/1")])


def mean(
    x: dict[str, Any], low: float | None, high: float | None, kind: str = "mean_in_range", **more: Any
) -> Any:
    return schema(table(x), targets={kind: {"table": "t", "column": "x", "min": low, "max": high, **more}})


def held(tree: Any, ceiling: float) -> Any:
    return {**tree, "constraints": {"ranges": [{"attr": "t.x", "max": ceiling}]}}


MEAN = "/targets/mean_in_range"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (mean(column("x", "float", uniform(0, 10)), 4.9, 5.1), []),
        (mean(column("x", "float", uniform(0, 10)), 5.2, None), [("target-out-of-reach", MEAN)]),
        (
            mean(
                column("x", "float", uniform(0, 10), {"multiply": {"factor": 2}}, {"add": {"value": 1}}),
                10.9,
                11.1,
            ),
            [],
        ),
        (mean(column("x", "float", uniform(0, 10), {"clamp": {"max": 5}}), 3.7, 3.8), []),
        (held(mean(column("x", "float", uniform(0, 10)), 3.7, 3.8), 5), []),
        # The clamp of a skewed distribution counts: without it this mean is e^1.5 = 4.48.
        (
            mean(
                column(
                    "x",
                    "float",
                    {
                        "distribution": {
                            "type": "lognormal",
                            "params": {"mean": 1, "sigma": 1},
                            "clamp": [0, 4],
                        }
                    },
                ),
                4,
                5,
            ),
            [("target-out-of-reach", MEAN)],
        ),
        (mean(column("x", "int", choice(1, 2, 3, weights=[1, 0, 1])), 1.9, 2.1), []),
        (
            mean(column("x", "int", choice(1, 2, 3, weights=[3, 0, 1])), 1.9, 2.1),
            [("target-out-of-reach", MEAN)],
        ),
        # What a formula hides may still be told by its bounds.
        (
            mean(column("x", "float", {"expression": {"code": "id % 5"}}), 6, 7),
            [("target-out-of-reach", MEAN)],
        ),
        (mean(column("x", "float", {"expression": {"code": "id % 5"}}), 4, 7), []),
        (mean(column("x", "string", choice("a")), 1, 2), [("not-a-number", f"{MEAN}/column")]),
        (mean(column("x", "float", uniform(0, 10)), 7, 6), [("low-above-high", MEAN)]),
        (mean(column("x", "float", normal(0, 1, -5, 5)), 1.9, 2, "quantile_in_range", q=0.975), []),
        (
            mean(column("x", "float", normal(0, 1, -5, 5)), 3, 4, "quantile_in_range", q=0.975),
            [("target-out-of-reach", "/targets/quantile_in_range")],
        ),
        (
            mean(column("x", "string", choice("a", "b")), 3, None, "distinct_count"),
            [("target-out-of-reach", "/targets/distinct_count")],
        ),
        (mean(column("x", "string", choice("a", "b")), 2, None, "distinct_count"), []),
        (
            mean(column("x", "float", uniform(0, 1)), 0.1, 0.2, "null_share"),
            [("target-out-of-reach", "/targets/null_share")],
        ),
        (
            mean(column("x", "float", uniform(0, 1), nullable=True, null_rate=0.15), 0.1, 0.2, "null_share"),
            [],
        ),
        (
            mean(
                column("x", "string", choice("a", "b", weights=[1, 3])),
                0.2,
                0.3,
                "occurrence_rate",
                value="a",
            ),
            [],
        ),
        (
            mean(
                column("x", "string", choice("a", "b", weights=[1, 3])),
                0.5,
                0.6,
                "occurrence_rate",
                value="a",
            ),
            [("target-out-of-reach", "/targets/occurrence_rate")],
        ),
        (
            mean(column("x", "string", choice("a", "b")), 0.5, 0.6, "occurrence_rate", value="q"),
            [("target-out-of-reach", "/targets/occurrence_rate")],
        ),
    ],
)
def test_columns(document: object, expected: Found) -> None:
    judge(document, expected)


def composite(**more: Any) -> Any:
    season = {"kind": "seasonality", "dimension": "dow", "weights": [1, 1, 1, 1, 1, 2, 2]}
    target = {"table": "t", "influences": [season], "tolerance": {"mae": 0.02}, **more}
    return schema(table(times()), table(id="u"), targets={"composite_effect": target})


COMPOSITE = "/targets/composite_effect"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (composite(), []),
        (
            composite(influences=[{"kind": "seasonality", "dimension": "dow", "weights": [1, 2]}]),
            [("bad-weights", f"{COMPOSITE}/influences/0/weights")],
        ),
        (composite(tolerance=None), [("target-without-tolerance", f"{COMPOSITE}/tolerance")]),
        (composite(influences=[]), [("target-without-influences", f"{COMPOSITE}/influences")]),
        (composite(table="u"), [("no-time", f"{COMPOSITE}/table")]),
    ],
)
def test_the_composite(document: object, expected: Found) -> None:
    judge(document, expected)


def test_correlation() -> None:
    tree = schema(
        table(column("a", "float", uniform(0, 1)), column("s", "string", choice("x"))),
        targets={"correlation": {"table": "t", "columns": ["a", "s"], "min": 0.1}},
    )
    judge(tree, [("not-a-number", "/targets/correlation/columns/1")])
