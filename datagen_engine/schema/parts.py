"""The parts of a schema that come in many kinds, each kind one file in a room of its own.

A generator, modifier, distribution or fanout is a class that is at once its spec (what the schema may say),
its documentation (titles, help, samples), its checks, and how it draws. Classes are found in their room by
being there; a package elsewhere adds its own through the entry points named below.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import PlainValidator, SerializeAsAny, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from datagen_engine.schema.problem import nearest
from datagen_engine.schema.spec import Spec, is_remark, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.stage import Site, Source, Stage, TickShape
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite, Facts
    from datagen_engine.schema.path import Path
    from datagen_engine.schema.problem import Problem

__all__ = [
    "DISTRIBUTIONS",
    "FANOUTS",
    "GENERATORS",
    "MODIFIERS",
    "Distribution",
    "DistributionField",
    "Fanout",
    "FanoutField",
    "Generator",
    "GeneratorField",
    "Modifier",
    "ModifierField",
    "Part",
    "Registry",
]


class Part(Spec):
    """A spec that a schema calls by a word."""

    key: ClassVar[str]
    """The word."""
    title: ClassVar[str]
    """What a person calls it."""
    help: ClassVar[str]
    """One or two sentences for who has never seen it."""
    samples: ClassVar[Sequence[Any]] = ()
    """Valid bodies, the first the most typical: shown in the designer, run in the tests."""
    listed: ClassVar[str | None] = None
    """The field that the body is, where the body is no object but a list."""

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Yield what is wrong with this part where it stands; paths begin at the part's own body."""
        return ()


class Generator(Part):
    """Base of the generators: where the values of a column come from."""

    types: ClassVar[frozenset[str]] = frozenset({"int", "float", "string", "bool", "datetime", "date"})
    """The column types that it can give."""

    @abstractmethod
    def bind(self, site: Site) -> Source:
        """Prepare to draw for a column; cheap, and nothing is drawn."""

    @abstractmethod
    def facts(self, site: CheckSite) -> Facts:
        """Return what is known of the values before any is drawn."""

    def nested(self) -> Iterable[tuple[Path, Generator]]:
        """Yield the generators within this one, each with the way from this one's body to its body."""
        return ()

    def walk(self, place: Path = ()) -> Iterator[tuple[Path, Generator]]:
        """Yield this generator and all within it, each with the way from this one's body to its body."""
        yield place, self
        for way, inner in self.nested():
            yield from inner.walk((*place, *way))


class Modifier(Part):
    """Base of the modifiers: what happens to drawn values, one after the other."""

    acts_on: ClassVar[frozenset[str]] = frozenset({"int", "float"})
    """The column types on which it has an influence."""

    @abstractmethod
    def bind(self, site: Site) -> Stage | None:
        """Prepare to change the values of a column; None where it does nothing to values of that type."""

    def shape_ticks(self, site: Site) -> TickShape | None:
        """Return how it changes the choice of ticks of a date or time column, None where it does not."""
        return None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return what is known of the values after it, from what was known before."""
        return before


class Distribution(Part):
    """Base of the distributions of numbers; a body holds its parameters."""

    integer: ClassVar[bool] = False
    """Whether it gives whole numbers only."""

    @abstractmethod
    def ppf(self, u: Array) -> Array:
        """Return the quantile of each share u in (0, 1); float64."""

    @abstractmethod
    def cdf(self, x: Array) -> Array:
        """Return the share at or below each x; float64."""

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Return one value a row; a faster way than `ppf` where there is one."""
        return self.ppf(stream.uniform(rows))

    @abstractmethod
    def mean(self) -> float:
        """Return the expected value, before any clamp."""

    def support(self) -> tuple[float, float]:
        """Return the lowest and highest value that can occur."""
        return float("-inf"), float("inf")


class Fanout(Part):
    """Base of the fanouts: how many children each row of the first parent gets."""

    @abstractmethod
    def counts(
        self, u: Array, scale: Array | None, shift: Array | None, rounding: Callable[[], Array]
    ) -> Array:
        """Return one count (int64) a parent.

        `u` is a uniform number a parent, `rounding()` gives another; `scale` is the product of the
        multipliers at each parent, `shift` what effects add to its mean (None: 1 and 0 everywhere).
        """

    @abstractmethod
    def mean(self) -> float:
        """Return the expected count where nothing multiplies it."""

    @abstractmethod
    def bounds(self) -> tuple[float, float]:
        """Return the fewest and the most children where nothing multiplies them (inf: no limit)."""


P = TypeVar("P", bound=Part)


class Registry(Generic[P]):
    """Know the classes of one kind of part by their keys.

    >>> GENERATORS.get("sequence").title
    'Sequence'
    """

    def __init__(self, noun: str, base: Any, room: str, group: str) -> None:
        """Look for subclasses of `base` in the package `room` and under the entry-point `group`."""
        self.noun = noun
        self._base = base
        self._room = room
        self._group = group
        self._parts: dict[str, type[P]] | None = None

    def all(self) -> Mapping[str, type[P]]:
        """Return every part by key, our own first, both in alphabetical order."""
        if self._parts is None:
            room = importlib.import_module(self._room)
            modules = sorted(module.name for module in pkgutil.iter_modules(room.__path__))
            found = [cls for name in modules for cls in self._classes(f"{self._room}.{name}")]
            found += [point.load() for point in sorted(entry_points(group=self._group), key=lambda p: p.name)]
            parts: dict[str, type[P]] = {}
            for cls in found:
                parts.setdefault(cls.key, cls)  # a package elsewhere cannot take a key of ours
            self._parts = parts
        return self._parts

    def get(self, key: str) -> type[P]:
        """Return the part of that key; raises KeyError."""
        return self.all()[key]

    def add(self, cls: type[P]) -> None:
        """Add a part by hand, as an entry point would."""
        self.all()
        assert self._parts is not None
        self._parts.setdefault(cls.key, cls)

    def unknown(self, key: str, code: str, word: str | None = None) -> PydanticCustomError:
        """Make the error for a word that is none of ours; `word` is the key that holds it, if one does."""
        known = sorted(self.all())
        meant = nearest(key, known)
        hint = f"did you mean {meant!r}?" if meant else "known are " + ", ".join(known)
        return refuse(code, f"there is no {self.noun} {key!r}; {hint}", found=key, nearest=meant, word=word)

    def _classes(self, module: str) -> Iterator[type[P]]:
        for value in vars(importlib.import_module(module)).values():
            if (
                isinstance(value, type)
                and issubclass(value, self._base)
                and value.__module__ == module
                and isinstance(getattr(value, "key", None), str)
            ):
                yield value


GENERATORS: Registry[Generator] = Registry(
    "generator", Generator, "datagen_engine.generators", "datagen.generators"
)
MODIFIERS: Registry[Modifier] = Registry(
    "modifier", Modifier, "datagen_engine.modifiers", "datagen.modifiers"
)
DISTRIBUTIONS: Registry[Distribution] = Registry(
    "distribution", Distribution, "datagen_engine.distributions", "datagen.distributions"
)
FANOUTS: Registry[Fanout] = Registry("fanout", Fanout, "datagen_engine.fanouts", "datagen.fanouts")


# -- reading a part from its place in the JSON ------------------------------------------------------------


def validated(cls: type[P], body: Any, at: tuple[str | int, ...]) -> P:
    """Read a part from its body; errors tell the place below the field that holds the part."""
    try:
        return cls.model_validate(body)
    except ValidationError as error:
        # The errors carry locations below the body; put the way from the field to the body before them.
        details: list[InitErrorDetails] = []
        for one in error.errors(include_url=False):
            kind: Any = one["type"]
            context = one.get("ctx") or {}
            # Our own codes have a hyphen, pydantic's have none: those are made again from code and message.
            if "-" in kind or kind in ("value_error", "assertion_error"):
                kind = PydanticCustomError(kind, one["msg"], context or None)
            details.append(InitErrorDetails(type=kind, loc=at + one["loc"], input=one["input"], ctx=context))
        raise ValidationError.from_exception_data(cls.__name__, details) from None


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse("wrong-type", f"expected an object that holds {what}")
    return {k: v for k, v in value.items() if v is not None and not is_remark(k)}


def _generator(value: Any) -> Generator:
    if isinstance(value, Generator):
        return value
    body = _object(value, 'one generator, such as {"sequence": {}}')
    if len(body) != 1:
        found = ", ".join(body) or "none"
        raise refuse("one-generator", f"a column has exactly one generator; found {found}")
    ((key, inner),) = body.items()
    if key not in GENERATORS.all():
        raise GENERATORS.unknown(key, "unknown-generator")
    return validated(GENERATORS.get(key), inner, (key,))


def _worded(registry: Registry[P], value: Any, word: str, inner: str | None, code: str) -> P:
    body = _object(value, f"a {registry.noun}")
    key = body.pop(word, None)
    if key is None:
        raise refuse("missing-key", f"`{word}` is missing: it names the {registry.noun}", key=word)
    if not isinstance(key, str):
        raise refuse("wrong-type", f"{word!r} names the {registry.noun}: expected text")
    if key not in registry.all():
        raise registry.unknown(key, code, word)
    cls = registry.get(key)
    if inner is None:
        return validated(cls, body, ())
    held = body.pop(inner, {})
    if body:
        extra = next(iter(body))
        meant = nearest(extra, (word, inner))
        raise refuse(
            "unknown-key",
            f"unknown key {extra!r}"
            + (
                f"; did you mean {meant!r}?"
                if meant
                else f": the settings of a {registry.noun} stand under {inner!r}"
            ),
            found=extra,
            nearest=meant,
        )
    return validated(cls, held, (inner,))


def _modifier(value: Any) -> Modifier:
    if isinstance(value, Modifier):
        return value
    return _worded(MODIFIERS, value, "transform", "args", "unknown-modifier")


def _fanout(value: Any) -> Fanout:
    if isinstance(value, Fanout):
        return value
    return _worded(FANOUTS, value, "distribution", None, "unknown-fanout")


def _distribution(value: Any) -> Distribution:
    if isinstance(value, Distribution):
        return value
    return _worded(DISTRIBUTIONS, value, "type", "params", "unknown-distribution")


GeneratorField = Annotated[SerializeAsAny[Generator], PlainValidator(_generator)]
ModifierField = Annotated[SerializeAsAny[Modifier], PlainValidator(_modifier)]
FanoutField = Annotated[SerializeAsAny[Fanout], PlainValidator(_fanout)]
DistributionField = Annotated[SerializeAsAny[Distribution], PlainValidator(_distribution)]
