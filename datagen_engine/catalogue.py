"""Everything that a schema may say, described: titles, help, units, limits and samples of every spec."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datagen_engine.expression.functions import FUNCTIONS
from datagen_engine.faking.methods import Method, locales, methods
from datagen_engine.schema.document import Schema
from datagen_engine.schema.json_schema import json_schema, spec_schema
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS, Part, Registry

__all__ = ["Catalogue", "FunctionSpec", "Method", "PartSpec", "specs"]


@dataclass(frozen=True, slots=True)
class PartSpec:
    """Describe one generator, modifier, distribution or fanout.

    `fields` is the JSON Schema of its body: every field with title, description, limits, default, unit, and
    under `x-refers-to` what a text names (a table, a column, an expression), under `x-key-refers-to` what
    the keys of an object name, and under `x-says` what a value means beyond its type (weights, an instant …).
    `x-rare` marks what is only there for files that have it already. `types` are the column types that a
    generator gives, or that a modifier acts on.
    """

    key: str
    title: str
    help: str
    samples: tuple[Any, ...]
    types: tuple[str, ...]
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """Describe one function of the language of expressions; `example` is an expression that is true."""

    name: str
    signature: str
    help: str
    example: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Describe the whole language."""

    generators: dict[str, PartSpec]
    modifiers: dict[str, PartSpec]
    distributions: dict[str, PartSpec]
    fanouts: dict[str, PartSpec]
    schema: dict[str, Any]
    """The JSON Schema of a document."""
    functions: dict[str, FunctionSpec]
    """What an expression may call."""
    methods: Mapping[str, Method]
    """What a faker column may call."""
    locales: tuple[str, ...]
    """The locales that faker speaks."""


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
        {f.name: FunctionSpec(f.name, f.signature, f.help, f.example) for f in FUNCTIONS.values()},
        methods(),
        tuple(sorted(locales())),
    )


def _described(registry: Registry[Any]) -> dict[str, PartSpec]:
    return {key: _part(cls) for key, cls in registry.all().items()}


def _part(cls: type[Part]) -> PartSpec:
    types: Any = getattr(cls, "types", None) or getattr(cls, "acts_on", frozenset())
    samples = tuple(copy.deepcopy(dict(s)) if isinstance(s, dict) else copy.deepcopy(s) for s in cls.samples)
    fields = copy.deepcopy(spec_schema(cls))
    return PartSpec(cls.key, cls.title, cls.help, samples, tuple(sorted(types)), fields)
