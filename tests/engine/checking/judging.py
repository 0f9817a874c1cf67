"""Schemas and what the checks say of them."""

from __future__ import annotations

from typing import Any

from datagen_engine.checking import CODES, check_schema
from datagen_engine.schema.edit import apply
from datagen_engine.schema.path import at, pointer
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import read_schema
from tests.engine.small import Tree, column, fact, schema, table, vocabulary

__all__ = [
    "Found",
    "check",
    "choice",
    "column",
    "fact",
    "fixed",
    "judge",
    "normal",
    "schema",
    "sequence",
    "table",
    "told",
    "uniform",
    "vocabulary",
    "when",
]

Found = list[tuple[str, str]]

sequence: Tree = {"sequence": {}}
when: Tree = {"datetime_series": {"within": "timeframe"}}


def choice(*values: Any, **more: Any) -> Tree:
    return {"choice": {"choices": list(values), **more}}


def uniform(low: float, high: float) -> Tree:
    return {"distribution": {"type": "uniform", "params": {"low": low, "high": high}, "clamp": [low, high]}}


def normal(mean: float, std: float, low: float, high: float) -> Tree:
    return {"distribution": {"type": "normal", "params": {"mean": mean, "std": std}, "clamp": [low, high]}}


def check(tree: Any, **run: Any) -> list[Problem]:
    """Check a document; every problem must have a known code, its severity, and a place that there is."""
    found = check_schema(read_schema(tree), **run)
    for problem in found:
        assert problem.severity == CODES[problem.code].severity, problem
        assert problem.message, problem
        assert stands(tree, problem), f"no place in the document: {problem}"
    return found


def stands(tree: Any, problem: Problem) -> bool:
    """Say whether a problem's path leads to a value, or to a key that could be there."""
    try:
        at(tree, problem.path)
    except LookupError:
        pass
    else:
        return True
    try:
        return isinstance(at(tree, problem.path[:-1]), dict)
    except LookupError:
        return False


def told(tree: Any, **run: Any) -> Found:
    """Return code and place of every problem of a document."""
    return [(problem.code, pointer(problem.path)) for problem in check(tree, **run)]


def fixed(tree: Any, problem: Problem) -> Any:
    """Return a document after the fix of one of its problems."""
    assert problem.fix is not None
    for edit in problem.fix.edits:
        tree = apply(tree, edit)
    return tree


def judge(tree: Any, expected: Found, *, fix: bool | None = None) -> list[Problem]:
    """Let a document have exactly the expected problems, and every fix remove its problem.

    `fix` says whether the first one has a fix, where that matters.
    """
    found = check(tree)
    assert [(problem.code, pointer(problem.path)) for problem in found] == expected, "\n".join(
        map(str, found)
    )
    if fix is not None:
        assert (found[0].fix is not None) == fix, found[0]
    for problem in found:
        if problem.fix is not None:
            left = told(fixed(tree, problem))
            assert (problem.code, pointer(problem.path)) not in left, f"{problem.fix.title}: {left}"
    return found
