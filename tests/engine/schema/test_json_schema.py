"""The published JSON Schema accepts what the engine accepts, as an independent validator sees it."""

import copy
from typing import Any

import jsonschema
import pytest

import datagen_engine as datagen
from datagen_engine.schema.document import Schema
from datagen_engine.schema.json_schema import json_schema
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS

PUBLISHED = json_schema(Schema)
VALIDATOR = jsonschema.Draft202012Validator(PUBLISHED)


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize("name", list(datagen.examples()))
def test_it_accepts_the_examples(name: str) -> None:
    errors = [error.message for error in VALIDATOR.iter_errors(datagen.load(datagen.examples()[name]).tree)]
    assert not errors


def _accepts(definition: str, value: Any) -> bool:
    part = {**PUBLISHED["$defs"][definition], "$defs": PUBLISHED["$defs"]}
    return jsonschema.Draft202012Validator(part).is_valid(value)


def test_it_accepts_every_sample_of_every_part() -> None:
    for key, cls in GENERATORS.all().items():
        for sample in cls.samples:
            assert _accepts("generator", {key: sample}), (key, sample)
    for key, modifier in MODIFIERS.all().items():
        for sample in modifier.samples:
            assert _accepts("modifier", {"transform": key, "args": sample}), (key, sample)
    for key, distribution in DISTRIBUTIONS.all().items():
        for sample in distribution.samples:
            body = {"type": key, "params": sample, "clamp": [0, 1]}
            assert _accepts("generator distribution", body), (key, sample)
            assert not _accepts(
                "generator distribution", {**body, "params": {**sample, "no_such_parameter": 1}}
            )
    for key, fanout in FANOUTS.all().items():
        for sample in fanout.samples:
            assert _accepts("fanout", {"distribution": key, **sample}), (key, sample)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0"),
        (("nodes", 0, "kind"), "table"),
        (("nodes", 0, "colums"), []),
        (("nodes", 0, "columns", 0, "type"), "integer"),
        (("nodes", 0, "columns", 0, "generator"), {"sequences": {}}),
        (("timeframe",), {"start": 5}),
    ],
)
def test_it_refuses(path: tuple[Any, ...], value: Any) -> None:
    tree = copy.deepcopy(datagen.load(datagen.examples()["schema"]).tree)
    place = tree
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(tree)
