"""The random schemas that other tests stand on: valid, without cycles, and of everything the language has."""

from __future__ import annotations

from typing import Any

import datagen_engine as datagen
from hypothesis import HealthCheck, given, settings

from datagen_engine.plan.order import components
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS
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


def test_every_part_of_the_language_occurs() -> None:
    """What is new to the language belongs into tests/strategies.py."""
    seen: set[str] = set()

    @settings(max_examples=500, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
    @given(schemas())
    def look(tree: Json) -> None:
        for node in tree["nodes"]:
            seen.update(f"table {key}" for key in node)
            seen.add(f"fanout {node.get('fanout', {}).get('distribution')}")
            for column in node["columns"]:
                generator = column["generator"]
                seen.update(f"generator {key}" for key in generator)
                seen.add(f"distribution {generator.get('distribution', {}).get('type')}")
                seen.update(f"modifier {modifier['transform']}" for modifier in column.get("modifiers", ()))

    look()
    rooms: dict[str, Any] = {
        "generator": GENERATORS, "modifier": MODIFIERS, "distribution": DISTRIBUTIONS, "fanout": FANOUTS,
    }  # fmt: skip
    known = {f"{noun} {key}" for noun, room in rooms.items() for key in room.all()}
    behaviors = {"segment_behavior", "vintage_behavior", "stage_config", "correlations", "rules", "modifiers"}
    assert known | {f"table {key}" for key in behaviors} <= seen
