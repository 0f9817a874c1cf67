from __future__ import annotations

from typing import Any

import pytest

from datagen_engine.resources import examples
from datagen_engine.schema.catalogue import class_at, keys_of, marks
from datagen_engine.schema.document import Schema
from datagen_engine.schema.parts import DISTRIBUTIONS, GENERATORS, MODIFIERS
from datagen_engine.schema.path import Path, at
from datagen_engine.schema.text import read
from tests.engine.schema.documents import values

EXAMPLES = {name: read(path.read_bytes()).tree for name, path in examples().items()}
COLUMN: Path = ("nodes", 0, "columns", 0)


def tree(generator: Any, *modifiers: Any) -> Any:
    return {"nodes": [{"columns": [{"generator": generator, "modifiers": list(modifiers)}]}]}


@pytest.mark.parametrize(
    ("document", "path", "name"),
    [
        ({}, (), "Schema"),
        (tree({"sequence": {}}), COLUMN, "Column"),
        (tree({"sequence": {}}), (*COLUMN, "generator", "sequence"), "Sequence"),
        (
            tree({"distribution": {"type": "normal", "params": {}}}),
            (*COLUMN, "generator", "distribution", "params"),
            "Normal",
        ),
        (tree({"nothing": {}}), (*COLUMN, "generator", "nothing"), None),
        (
            tree(
                {}, {"transform": "outliers", "args": {"magnitude_dist": {"type": "uniform", "params": {}}}}
            ),
            (*COLUMN, "modifiers", 0, "args", "magnitude_dist"),
            "MagnitudeDistribution",
        ),
        (
            tree(
                {}, {"transform": "outliers", "args": {"magnitude_dist": {"type": "uniform", "params": {}}}}
            ),
            (*COLUMN, "modifiers", 0, "args", "magnitude_dist", "params"),
            "Uniform",
        ),
        (
            tree({"case": [{"when": "1 < 2", "then": {"sequence": {}}}]}),
            (*COLUMN, "generator", "case", 0),
            "Branch",
        ),
        (
            tree({"case": [{"then": {"sequence": {}}}]}),
            (*COLUMN, "generator", "case", 0, "then", "sequence"),
            "Sequence",
        ),
        ({"targets": {"weekend_share": {}}}, ("targets", "weekend_share"), "WeekendShare"),
        ({"targets": {"weekend_share": [{}]}}, ("targets", "weekend_share", 0), "WeekendShare"),
        ({"nodes": [{"fanout": {"distribution": "poisson"}}]}, ("nodes", 0, "fanout"), "PoissonFanout"),
        ({"metadata": {"x-layout": {}}}, ("metadata", "x-layout"), None),
    ],
)
def test_the_class_of_an_object(document: Any, path: Path, name: str | None) -> None:
    found = class_at(Schema, document, path)
    assert (found.__name__ if found else None) == name


def test_keys_are_those_that_stand_in_a_document() -> None:
    assert keys_of(GENERATORS.get("distribution")) == ["type", "params", "clamp"]
    assert keys_of(GENERATORS.get("lookup"))[:2] == ["from", "on"]
    assert keys_of(DISTRIBUTIONS.get("lognormal")) == ["mean", "sigma"]
    assert "effect_table" in keys_of(MODIFIERS.get("effect"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_marks_stand_where_they_say(name: str) -> None:
    document = EXAMPLES[name]
    known = dict(values(document))
    found = list(marks(Schema, document))
    assert len(found) > 20
    for mark in found:
        assert mark.path in known
        assert (mark.path[-1] if mark.key else at(document, mark.path)) == mark.text
        assert mark.path[: len(mark.owner)] == mark.owner
        assert class_at(Schema, document, mark.owner) is not None
