"""Whatever a document holds, a check ends with problems: never with a traceback, never without a place."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.checking import check_schema
from datagen_engine.schema.catalogue import class_at
from datagen_engine.schema.document import Schema
from datagen_engine.schema.path import Path, at, pointer
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import read_schema
from tests import strategies
from tests.engine.checking.judging import check, fixed
from tests.engine.checking.mutations import EXAMPLES, broken
from tests.engine.schema.documents import TREES, values


def alike(problems: list[Problem]) -> Counter[tuple[str, str]]:
    """Count problems without regard to their places, which a fix may move."""
    return Counter((problem.code, problem.message) for problem in problems)


@strategies.examples(2)
@given(broken(), st.randoms(use_true_random=False))
def test_a_broken_example_has_problems_that_stand_somewhere_and_fixes_that_work(
    tree: Any, chance: Any
) -> None:
    before = copy.deepcopy(tree)
    found = check(tree)
    assert tree == before, "the check changed the document"
    assert [problem for problem in found if problem.code == "faulty-part"] == []
    mendable = [problem for problem in found if problem.fix is not None]
    for problem in chance.sample(mendable, min(2, len(mendable))):
        after = check(fixed(tree, problem))
        assert alike(after)[problem.code, problem.message] < alike(found)[problem.code, problem.message], (
            problem
        )


@strategies.examples(1)
@given(TREES)
def test_any_json_at_all(tree: Any) -> None:
    assert check(tree)


def objects() -> list[tuple[str, Path]]:
    """Every object of the language in the examples."""
    return [
        (name, path)
        for name, tree in EXAMPLES.items()
        for path, value in values(tree)
        if isinstance(value, dict) and path[:1] != ("metadata",) and class_at(Schema, tree, path) is not None
    ]


OBJECTS = objects()


@strategies.examples(0.5)
@given(st.sampled_from(OBJECTS))
def test_an_unknown_key_is_told_where_it_stands(place: tuple[str, Path]) -> None:
    name, path = place
    tree = copy.deepcopy(EXAMPLES[name])
    around: Any = at(tree, path)
    around["qqqqqq"] = 1
    found = check(tree)
    if path and path[-1] == "faker":  # whose further keys are the method's own
        assert {problem.code for problem in found} == {"faker-argument"}
    else:
        assert [(problem.code, problem.path) for problem in found] == [("unknown-key", (*path, "qqqqqq"))]


@strategies.examples(0.5)
@given(st.sampled_from(OBJECTS))
def test_a_remark_is_allowed_anywhere(place: tuple[str, Path]) -> None:
    name, path = place
    tree = copy.deepcopy(EXAMPLES[name])
    around: Any = at(tree, path)
    around |= {"comment": [1, {"a": None}], "x-other": {"deep": []}, "description": "why"}
    assert check(tree) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_misspelled_table_is_told_wherever_it_is_named(name: str) -> None:
    tree = copy.deepcopy(EXAMPLES[name])
    table = tree["nodes"][0]["id"]
    tree["nodes"][0]["id"] = "somethingelse"
    found = check(tree)
    assert found
    assert {problem.code for problem in found} <= {"unknown-table", "bad-order"}
    assert all(table in problem.message or problem.code == "bad-order" for problem in found)


def test_a_problem_of_a_schema_that_is_none() -> None:
    trees: list[Any] = [None, 5, "x", [], {}, {"nodes": None}, {"nodes": [1, {}, {"id": 5}]}]
    for tree in trees:
        problems = check_schema(read_schema(tree))
        assert problems
        assert all(pointer(problem.path) == "" or problem.path for problem in problems)
