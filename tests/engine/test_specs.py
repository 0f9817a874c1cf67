from __future__ import annotations

import json
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.catalogue import PartSpec
from datagen_engine.draw.values import COLUMN_TYPES
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS
from datagen_engine.schema.reading import read_schema
from tests.engine.small import Tree, fact, schema, table

CATALOGUE = datagen.specs()
ROOMS: dict[str, Any] = {
    "generators": GENERATORS,
    "modifiers": MODIFIERS,
    "distributions": DISTRIBUTIONS,
    "fanouts": FANOUTS,
}
PARTS = [(room, spec) for room in ROOMS for spec in getattr(CATALOGUE, room).values()]
each_part = pytest.mark.parametrize(
    ("room", "spec"), PARTS, ids=lambda x: x.key if isinstance(x, PartSpec) else x
)


def test_the_catalogue_holds_every_part() -> None:
    for name, registry in ROOMS.items():
        assert list(getattr(CATALOGUE, name)) == list(registry.all())
    assert CATALOGUE.schema["title"]


@each_part
def test_every_part_speaks_for_itself(room: str, spec: PartSpec) -> None:
    assert spec.title[0].isupper()
    assert spec.help.endswith(".")
    assert spec.samples
    assert set(spec.types) <= set(COLUMN_TYPES)
    assert json.loads(json.dumps(spec.fields)) == spec.fields


def described(fields: dict[str, Any], root: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the fields of an object of the JSON Schema by name."""
    here = fields
    while "$ref" in here:
        here = root["$defs"][here["$ref"].rpartition("/")[2]]
    return list(here.get("properties", {}).items())


@each_part
def test_every_field_has_a_title(room: str, spec: PartSpec) -> None:
    for name, field in described(spec.fields, spec.fields):
        if name in ("comment", "description"):
            continue  # free text, on every object
        assert field.get("title") or "$ref" in field or "const" in field, name


@each_part
def test_every_sample_can_be_read(room: str, spec: PartSpec) -> None:
    for sample in spec.samples:
        assert not read_schema(around(room, spec, sample)).problems, sample


def around(room: str, spec: PartSpec, sample: Any) -> Tree:
    """A schema in which a part stands where it can."""
    normal: Tree = {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}
    if room == "fanouts":
        return schema(table(), fact(fanout={"distribution": spec.key, **sample}))
    if room == "distributions":
        normal = {"type": spec.key, "params": sample, "clamp": [0, 100]}
    generator = {spec.key: sample} if room == "generators" else {"distribution": normal}
    modifiers = [{"transform": spec.key, "args": sample}] if room == "modifiers" else []
    type = spec.types[0] if room == "generators" else "float"
    return schema(table({"name": "x", "type": type, "generator": generator, "modifiers": modifiers}))


def test_changing_what_is_given_changes_nothing_of_ours() -> None:
    first = datagen.specs().generators["distribution"]
    assert isinstance(first.samples[0], dict)
    first.samples[0]["type"] = "spoilt"
    first.fields.clear()
    again = datagen.specs().generators["distribution"]
    assert again.samples[0]["type"] != "spoilt"
    assert again.fields
