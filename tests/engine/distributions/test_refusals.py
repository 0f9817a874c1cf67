"""What the parameters of a distribution may not be, and how that is said."""

from __future__ import annotations

import pytest

from tests.engine.small import Tree, column, faults, table

NORMAL = {"type": "normal", "params": {"mean": 0, "std": 1}}

WRONG: list[tuple[Tree, str, str]] = [
    ({"type": "normal", "params": {"mean": 0}}, "params", "missing-key"),
    ({"type": "normal", "params": {"mean": 0, "std": 1, "sigma": 1}}, "params", "missing-key"),
    ({"type": "normal", "params": {"mean": 0, "std": -1}}, "params/std", "out-of-limits"),
    ({"type": "uniform", "params": {"low": 2, "high": 1}}, "params", "low-above-high"),
    ({"type": "exponential", "params": {"scale": 0}}, "params/scale", "out-of-limits"),
    ({"type": "exponential", "params": {}}, "params/scale", "missing-key"),
    ({"type": "exponential", "params": {"scale": 1, "rate": 1}}, "params/rate", "unknown-key"),
    ({"type": "gamma", "params": {"a": 0, "scale": 1}}, "params/a", "out-of-limits"),
    ({"type": "beta", "params": {"a": 1, "b": "1"}}, "params/b", "wrong-type"),
    ({"type": "triangular", "params": {"low": 0, "mode": 5, "high": 4}}, "params", "low-above-high"),
    ({"type": "pareto", "params": {"b": -1, "scale": 1}}, "params/b", "out-of-limits"),
    ({"type": "weibull", "params": {"c": 1, "scale": -2}}, "params/scale", "out-of-limits"),
    ({"type": "student_t", "params": {"df": 0, "loc": 0, "scale": 1}}, "params/df", "out-of-limits"),
    ({"type": "bernoulli", "params": {"p": 1.1}}, "params/p", "out-of-limits"),
    ({"type": "binomial", "params": {"n": 1.5, "p": 0.5}}, "params/n", "wrong-type"),
    ({"type": "binomial", "params": {"n": 10**10, "p": 0.5}}, "params/n", "out-of-limits"),
    ({"type": "negative_binomial", "params": {"n": 1, "p": 0}}, "params/p", "out-of-limits"),
    ({"type": "histogram", "params": {"edges": [0, 1], "weights": [1, 2]}}, "params", "bad-weights"),
    ({"type": "histogram", "params": {"edges": [0, 1, 1], "weights": [1, 2]}}, "params", "low-above-high"),
    ({"type": "histogram", "params": {"edges": [0, 1], "weights": [0]}}, "params/weights", "bad-weights"),
    (
        {"type": "histogram", "params": {"edges": [0, 1], "weights": [-1]}},
        "params/weights/0",
        "out-of-limits",
    ),
    ({"type": "mixture", "params": {"weights": [1], "parts": [NORMAL, NORMAL]}}, "params", "bad-weights"),
    ({"type": "mixture", "params": {"weights": [], "parts": [NORMAL]}}, "params/weights", "bad-weights"),
    (
        {"type": "mixture", "params": {"weights": [1, 1], "parts": [NORMAL, {**NORMAL, "type": "nomal"}]}},
        "params/parts/1/type",
        "unknown-distribution",
    ),
    (
        {
            "type": "mixture",
            "params": {
                "weights": [1, 1],
                "parts": [NORMAL, {"type": "gamma", "params": {"a": -1, "scale": 1}}],
            },
        },
        "params/parts/1/params/a",
        "out-of-limits",
    ),
]


@pytest.mark.parametrize(("body", "path", "code"), WRONG, ids=[f"{b['type']}-{p}-{c}" for b, p, c in WRONG])
def test_one_fault_is_one_problem_at_its_place(body: Tree, path: str, code: str) -> None:
    node = table(column("x", "float", {"distribution": {**body, "clamp": [0, 1]}}))
    assert faults(node) == [(f"/nodes/0/columns/1/generator/distribution/{path}", code)]


def test_whole_numbers_may_be_written_with_a_point() -> None:
    body = {"type": "binomial", "params": {"n": 12.0, "p": 0.5}, "clamp": [0, 12]}
    assert not faults(table(column("x", "int", {"distribution": body})))
