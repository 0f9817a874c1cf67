"""The random schemas that other tests stand on: valid, without cycles, and of everything the language has."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

import datagen_engine as datagen
from datagen_engine.planning.order import components
from datagen_engine.schema.parts import GENERATORS, MODIFIERS
from tests.drawing import plan_of
from tests.strategies import Json, examples, schemas


@examples(2)
@given(schemas())
def test_the_checks_find_no_error(tree: Json) -> None:
    problems = datagen.check(tree)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


@examples(0.5)
@given(schemas())
def test_no_column_needs_itself(tree: Json) -> None:
    graph = plan_of(tree).graph()
    groups = components(list(graph), lambda node: graph.get(node, ()))
    assert all(len(group) == 1 and group[0] not in graph.get(group[0], ()) for group in groups)


def test_every_generator_modifier_and_behavior_occurs() -> None:
    """What is new to the language belongs into tests/strategies.py; distributions and fanouts are found there."""
    seen: set[str] = set()

    @settings(max_examples=300, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
    @given(schemas())
    def look(tree: Json) -> None:
        for node in tree["nodes"]:
            seen.update(node)
            for column in node["columns"]:
                seen.update(column["generator"])
                seen.update(modifier["transform"] for modifier in column.get("modifiers", ()))

    look()
    behaviors = {"segment_behavior", "vintage_behavior", "stage_config", "correlations", "rules", "modifiers"}
    assert {*GENERATORS.all(), *MODIFIERS.all(), *behaviors} - seen == set()
