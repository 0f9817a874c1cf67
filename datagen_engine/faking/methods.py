"""Which of faker's methods a schema may use.

The table lies in `resources/faker/methods.json`, made from the installed faker by
`packaging/faker_methods.py`; it is read without importing faker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from datagen_engine.resources import resource
from datagen_engine.schema.problem import nearest as nearest_of

__all__ = ["DEFAULT_LOCALE", "Kind", "Method", "Parameter", "locales", "methods", "nearest", "refusal"]

DEFAULT_LOCALE = "en_US"

Kind = Literal["string", "int", "float", "bool", "date", "datetime", "any"]
"""What a method gives: values for a column of that type; `any` where its arguments decide."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Describe an argument that a method takes.

    `kind` is string, int, float, bool, list, date (an ISO date or a text such as -30y), scalar, or
    "scalar or list". A parameter of one locale's method may be unknown to another's.
    """

    name: str
    kind: str
    default: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """Describe one of faker's methods."""

    name: str
    provider: str
    """The part of faker that it belongs to: person, address, company …"""
    help: str
    kind: Kind
    sample: Any
    """A value that it gave once, mostly for the locale en_US."""
    parameters: tuple[Parameter, ...]
    locales: frozenset[str] | None
    """The locales that have it, None where all have."""
    nullable: bool = False
    """Whether it gives nothing at times."""

    @property
    def title(self) -> str:
        """Return what a person calls it.

        >>> methods()["first_name"].title
        'First name'
        """
        return self.name.replace("_", " ").capitalize()

    def known_in(self, locale: str) -> bool:
        """Say whether a locale has it."""
        return self.locales is None or locale in self.locales


@lru_cache(maxsize=1)
def _table() -> Any:
    return json.loads(resource("faker/methods.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def methods() -> Mapping[str, Method]:
    """Return every method that may be used, by name, in alphabetical order.

    >>> methods()["city"].kind, methods()["random_int"].parameters[0].name
    ('string', 'min')
    """
    return MappingProxyType({name: _method(name, entry) for name, entry in _table()["methods"].items()})


def _method(name: str, entry: Mapping[str, Any]) -> Method:
    provider = str(entry["provider"])
    return Method(
        name=name,
        provider=provider,
        help=str(entry["help"]) or f"Belongs to faker's {provider.replace('_', ' ')} data.",
        kind=entry["kind"],
        sample=entry["sample"],
        parameters=tuple(
            Parameter(p["name"], p["kind"], p.get("default"), p.get("required", False))
            for p in entry["parameters"]
        ),
        locales=frozenset(entry["locales"]) if "locales" in entry else None,
        nullable=entry.get("nullable", False),
    )


@lru_cache(maxsize=1)
def locales() -> frozenset[str]:
    """Return the locales that faker speaks.

    >>> "de_DE" in locales()
    True
    """
    return frozenset(_table()["locales"])


def nearest(name: str) -> str | None:
    """Return the method whose name is most like a name, None where none is like it.

    >>> nearest("first_nam"), nearest("xyzzy")
    ('first_name', None)
    """
    return nearest_of(name, methods())


def refusal(name: str) -> str | None:
    """Return why a name is none that may be used, in plain words; None for one that may.

    >>> refusal("binary")
    "faker's `binary` gives bytes"
    >>> refusal("emial")
    'faker has no method `emial`; did you mean `email`?'
    """
    if name in methods():
        return None
    if name.startswith(("_", "seed", "add_", "set_", "get_", "del_")) or name in (
        "format",
        "parse",
        "random",
    ):
        return f"`{name}` is none of the methods that give a value"
    reason = _table()["refused"].get(name)
    if reason is not None:
        return f"faker's `{name}` {reason}"
    meant = nearest(name)
    return f"faker has no method `{name}`" + (f"; did you mean `{meant}`?" if meant else "")
