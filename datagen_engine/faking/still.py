"""Faker held still: at a fixed time, with one source of randomness.

Some of faker's methods ask for today's date, and some draw from Python's global generator. A row must
depend on neither, so while ours run, the modules of faker see a clock that stands and a generator of ours.
They do so for the whole process, so one thread at a time is let in.
"""

from __future__ import annotations

import datetime
import random
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NOON", "generator", "held_still"]

NOON = datetime.datetime(2025, 1, 1, 12)
"""The time that methods take for now where a schema has none to offer."""

_LOCK = threading.RLock()


def generator(locale: str) -> Any:
    """Make faker's generator of a locale, with all its standard providers; no one else has a hold of it."""
    import warnings

    from faker.factory import Factory

    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a locale that faker means to rename says so
        return Factory.create(locale)


@lru_cache(maxsize=8)
def _clock(now: datetime.datetime) -> Mapping[int, Any]:
    """Return what stands in for the classes and the module of Python's calendar, by their identity."""

    class Same(type):
        """A class whose instances are those of the class it stands in for."""

        def __instancecheck__(cls, thing: Any) -> bool:
            return isinstance(thing, cls.__mro__[1])

    class StillDatetime(datetime.datetime, metaclass=Same):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return now if tz is None else now.replace(tzinfo=datetime.UTC).astimezone(tz)

        @classmethod
        def today(cls) -> Any:
            return now

        @classmethod
        def utcnow(cls) -> Any:
            return now

    class StillDate(datetime.date, metaclass=Same):
        @classmethod
        def today(cls) -> Any:
            return now.date()

    module = ModuleType("datetime")
    vars(module).update({k: v for k, v in vars(datetime).items() if not k.startswith("__")})
    vars(module).update(datetime=StillDatetime, date=StillDate)
    return {id(datetime.datetime): StillDatetime, id(datetime.date): StillDate, id(datetime): module}


def _places(_: int) -> list[tuple[dict[str, Any], str, Any]]:
    """List the global names of faker's providers that mean the clock, chance or a change of text."""
    from faker.decode import unidecode
    from faker.utils import text

    meant = (datetime, datetime.datetime, datetime.date, random, random.randint, random.choice, re, unidecode)
    found = [
        (vars(module), name, value)
        for key, module in sorted(sys.modules.items())
        if key.startswith("faker.providers") and isinstance(module, ModuleType)
        for name, value in vars(module).items()
        if any(value is one for one in meant)
    ]
    return [*found, (vars(text), "slugify", text.slugify)]


_listed = lru_cache(maxsize=4)(_places)


@contextmanager
def held_still(
    source: Any, now: datetime.datetime, changes: Mapping[str, Any] | None = None
) -> Iterator[None]:
    """Let faker's modules draw from `source` (a `random.Random`) and take `now` (naive, UTC) for now.

    `changes` stand in for its functions `unidecode` and `slugify` and for the module `re`.
    """
    changes = changes or {}
    with _LOCK:
        places = _listed(sum(key.startswith("faker.") for key in sys.modules))
        before = [space[name] for space, name, _ in places]  # what an outer call put there
        clock = _clock(now)
        try:
            for space, name, value in places:
                if value is random:
                    space[name] = source
                elif value in (random.randint, random.choice):
                    space[name] = getattr(source, value.__name__)
                elif id(value) in clock:
                    space[name] = clock[id(value)]
                else:
                    space[name] = changes.get(getattr(value, "__name__", ""), value)
            yield
        finally:
            for (space, name, _), value in zip(places, before, strict=True):
                space[name] = value
