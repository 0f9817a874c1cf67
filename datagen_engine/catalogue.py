"""Everything that a schema may say, described: titles, help, units, limits and samples of every spec."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from datagen_engine.schema.document import Schema
from datagen_engine.schema.json_schema import json_schema, spec_schema
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS, Part, Registry

__all__ = ["Catalogue", "PartSpec", "specs"]


@dataclass(frozen=True, slots=True)
class PartSpec:
    """Describe one generator, modifier, distribution or fanout.

    `fields` is the JSON Schema of its body: every field with title, description, limits, default, unit, and
    under `x-refers-to` what a text names (a table, a column, an expression). `types` are the column types
    that a generator gives, or that a modifier acts on.
    """

    key: str
    title: str
    help: str
    samples: tuple[Any, ...]
    types: tuple[str, ...]
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Describe the whole language."""

    generators: dict[str, PartSpec]
    modifiers: dict[str, PartSpec]
    distributions: dict[str, PartSpec]
    fanouts: dict[str, PartSpec]
    schema: dict[str, Any]
    """The JSON Schema of a document."""


def specs() -> Catalogue:
    """Describe every spec of the language; needs neither numpy nor Arrow nor faker.

    Examples
    --------
    >>> specs().generators["sequence"].title
    'Sequence'
    """
    return Catalogue(
        _described(GENERATORS),
        _described(MODIFIERS),
        _described(DISTRIBUTIONS),
        _described(FANOUTS),
        copy.deepcopy(json_schema(Schema)),  # theirs to change, as all of it
    )


def _described(registry: Registry[Any]) -> dict[str, PartSpec]:
    return {key: _part(cls) for key, cls in registry.all().items()}


def _part(cls: type[Part]) -> PartSpec:
    types: Any = getattr(cls, "types", None) or getattr(cls, "acts_on", frozenset())
    samples = tuple(copy.deepcopy(dict(s)) if isinstance(s, dict) else copy.deepcopy(s) for s in cls.samples)
    fields = copy.deepcopy(spec_schema(cls))
    return PartSpec(cls.key, cls.title, cls.help, samples, tuple(sorted(types)), fields)
