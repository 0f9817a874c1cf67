from __future__ import annotations

from typing import Any

import pytest

from tests.engine.checking.judging import Found, choice, column, fact, judge, schema, sequence, table, uniform

NODE = "/nodes/0"
CURVE = {"curve": [1.0, 1.1], "time_unit": "year", "applies_to": "fanout"}


def series(start: str, end: str) -> dict[str, Any]:
    return {"datetime_series": {"within": {"start": start, "end": end}}}


def tree(*children: dict[str, Any], **behavior: Any) -> Any:
    parent = table(
        column("tier", "string", choice("basic", "pro")),
        column("joined", "date", series("2024-03-01", "2024-06-30")),
        **behavior,
    )
    return schema(
        parent,
        *(
            children
            or (fact(column("total", "float", uniform(0, 9)), column("note", "string", choice("x"))),)
        ),
    )


def segments(**more: Any) -> dict[str, Any]:
    return {
        "segment_behavior": {"segment_column": "tier", "behaviors": {"pro": {"fanout_multiplier": 2}}, **more}
    }


def ages(**more: Any) -> dict[str, Any]:
    return {
        "vintage_behavior": {"created_at_column": "joined", "age_based_multipliers": {"m": {**CURVE, **more}}}
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (tree(**segments()), []),
        (tree(**segments(applies_to_columns=["total"])), []),
        (
            tree(**segments(behaviors={"prp": {}})),
            [("unknown-segment", f"{NODE}/segment_behavior/behaviors/prp")],
        ),
        (
            tree(**segments(behaviors=None, segments={"x": {}})),
            [("unknown-segment", f"{NODE}/segment_behavior/segments/x")],
        ),
        (tree(**segments(behaviors={})), [("no-influence", f"{NODE}/segment_behavior")]),
        (
            tree(**segments(applies_to_columns=["totl"])),
            [("no-such-child-column", f"{NODE}/segment_behavior/applies_to_columns/0")],
        ),
        (
            tree(**segments(applies_to_columns=["note"])),
            [("no-influence", f"{NODE}/segment_behavior/applies_to_columns/0")],
        ),
        (
            tree(**segments(behaviors={"pro": {"base_probability": 0.5}})),
            [("ignored-key", f"{NODE}/segment_behavior/behaviors/pro/base_probability")],
        ),
        (
            schema(table(column("tier", "string", choice("basic", "pro")), **segments())),
            [("no-influence", f"{NODE}/segment_behavior")],
        ),
        (tree(**ages()), []),
        (tree(**ages(applies_to=["total"])), []),
        (
            tree(**ages(applies_to="totel")),
            [("no-such-child-column", f"{NODE}/vintage_behavior/age_based_multipliers/m/applies_to")],
        ),
        (
            tree(**ages(applies_to=["all", "q"])),
            [("no-such-child-column", f"{NODE}/vintage_behavior/age_based_multipliers/m/applies_to/1")],
        ),
        (
            tree(**ages(curve=[-1.0, -2.0])),
            [("curve-below-zero", f"{NODE}/vintage_behavior/age_based_multipliers/m/curve")],
        ),
        (
            tree(vintage_behavior={"created_at_column": "tier", "age_based_multipliers": {"m": CURVE}}),
            [("not-a-time", f"{NODE}/vintage_behavior/created_at_column")],
        ),
        (
            tree(fact(column("at", "datetime", series("2023-01-01", "2023-12-31"))), **ages()),
            [("window-before-creation", "/nodes/1/columns/1/generator/datetime_series/within")],
        ),
        (tree(fact(column("at", "datetime", series("2024-01-01", "2024-03-05"))), **ages()), []),
    ],
)
def test_behaviors(document: object, expected: Found) -> None:
    judge(document, expected)


def funnel(*columns: dict[str, Any], segmented: bool = True, **config: Any) -> Any:
    stages = [{"stage_name": "in", "transition_rate": 1.0}, {"stage_name": "out", "transition_rate": 0.5}]
    steps = fact(*columns, stage_config={"stages": stages, **config})
    return tree(steps, **(segments() if segmented else {}))


CONFIG = "/nodes/1/stage_config"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (funnel(), []),
        (funnel(segment_variation={"pro": {"transition_multiplier": 2}}), []),
        (funnel(segment_variation={"pr": {}}), [("unknown-segment", f"{CONFIG}/segment_variation/pr")]),
        (
            funnel(segment_variation={"pro": {}}, segmented=False),
            [("no-influence", f"{CONFIG}/segment_variation")],
        ),
        # What holds the place of a stage is neither drawn nor judged.
        (
            funnel(
                column("stage_name", "string", {"sequence": {"step": 0}}),
                column("stage_index", "int", choice("x")),
            ),
            [],
        ),
        (funnel(column("stage_name", "int", sequence)), [("type-mismatch", "/nodes/1/columns/1/type")]),
        (
            funnel(stages=[{"stage_name": "in", "transition_rate": 1.0}] * 2),
            [("duplicate-value", f"{CONFIG}/stages/1/stage_name")],
        ),
    ],
)
def test_stages(document: object, expected: Found) -> None:
    judge(document, expected)
