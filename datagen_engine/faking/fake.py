"""A method of faker, ready to draw: as a grammar, from a pool, or by a call for each row."""

from __future__ import annotations

import json
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import repeat
from threading import RLock
from typing import Any

from datagen_engine.draw.casting import cast
from datagen_engine.draw.guide import Guide
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.faking.arguments import MOST_BYTES, check_arguments, python_arguments
from datagen_engine.faking.grammar import Node, NotCompilable
from datagen_engine.faking.methods import DEFAULT_LOCALE, methods, refusal
from datagen_engine.faking.people import Group, group_kind
from datagen_engine.faking.pool import pooled
from datagen_engine.faking.rules import RULES
from datagen_engine.faking.said import Learned, as_text, kind_of
from datagen_engine.faking.simplify import compact
from datagen_engine.faking.still import NOON
from datagen_engine.faking.trace import Tracer
from datagen_engine.lazy import np, pc

__all__ = ["Fake", "compile_fake", "refused_call"]

_TRIALS = 24
"""Real calls that a grammar must account for before it is trusted."""

_FEW = 10_000
"""Different values that are counted by drawing."""

_LOCK = RLock()


class Fake(ABC):
    """Draw what one of faker's methods gives."""

    kind: ColumnType
    """The type of the values."""
    distinct: int | None = None
    """How many different values there can be, about; None where nobody knows."""
    pool_size: int | None = None
    """How many real calls the values come from, None where they do not come from a pool."""
    exact: bool = False
    """Whether each row is a real call."""
    agrees: bool = False
    """Whether it is drawn as a part of its group's person or place."""

    @cached_property
    def obtainable(self) -> float | None:
        """How many different values can be had by drawing on; None where nobody knows.

        Of few, those that were seen in many draws: one or two may be the same in other words, or next to
        impossible. Of many four in five, as the last ones would take forever.
        """
        if self.distinct is None or self.distinct > _FEW:
            return None if self.distinct is None else 0.8 * self.distinct
        drawn = self.draw(Rows.run(0, 16 * self.distinct), lambda purpose: Stream(0, "", "", purpose))
        return float(pc.count_distinct(cast(drawn, "string").text()).as_py())

    @abstractmethod
    def draw(self, rows: Rows, stream: Callable[[str], Stream]) -> Values:
        """Return one value a row.

        `stream(purpose)` names the streams of the column; of a column of a group, those of the group.
        """


class GrammarFake(Fake):
    """Draw from a grammar that was learned from the method."""

    def __init__(self, said: Learned, kind: ColumnType) -> None:
        """Take over what was learned, in the kind that is asked for."""
        if kind == "string":
            text = as_text(said)
            self.said: Learned = compact(text)
            self.distinct = text.size
        else:
            if kind_of(said) not in (kind, "int" if kind == "float" else kind):
                raise NotCompilable(f"it says {kind_of(said)}, not {kind}")
            self.said = said
            self.distinct = said.size
        self.kind = kind

    def draw(self, rows: Rows, stream: Callable[[str], Stream]) -> Values:
        """Return one value a row."""
        values = self.said.draw(rows, stream, "fake")
        if values.type == "int" and self.kind == "float":
            return Values("float", values.data.astype(np.float64), values.valid)
        return values


class PoolFake(Fake):
    """Draw from values that faker was asked for once."""

    def __init__(self, values: Sequence[Any], counts: Sequence[int], kind: ColumnType) -> None:
        """Hold the values and how often each was drawn."""
        self.kind = kind
        self.distinct, self.pool_size = len(values), sum(counts)
        self._values = Values.of(kind, values)
        self._guide = Guide(np.asarray(counts, dtype=np.float64))

    def draw(self, rows: Rows, stream: Callable[[str], Stream]) -> Values:
        """Return one value a row."""
        return self._values.take(self._guide.ppf(stream("fake").uniform(rows)))


class ExactFake(Fake):
    """Call faker for each row, with randomness of the row's own."""

    exact = True

    def __init__(self, tracer: Tracer, method: str, arguments: Mapping[str, Any], kind: ColumnType) -> None:
        """Remember the call."""
        self.kind = kind
        self._calls = _Calls(tracer, method, arguments)

    def draw(self, rows: Rows, stream: Callable[[str], Stream]) -> Values:
        """Return the value of one call a row."""
        seeds = stream("fake").bits(rows).tolist()
        return Values.of(self.kind, [held(value, self.kind) for value in self._calls(random.Random(), seeds)])


@dataclass(frozen=True)
class _Calls:
    """Call a method many times."""

    tracer: Tracer
    method: str
    arguments: Mapping[str, Any]

    def __call__(self, source: random.Random, seeds: Iterable[int | None]) -> list[Any]:
        """Return what faker gives for each seed (None: go on with the last); raises ValueError."""
        out = []
        with self.tracer.real(source) as faker:
            for seed in seeds:
                if seed is not None:
                    source.seed(seed)
                try:
                    out.append(getattr(faker, self.method)(**self.arguments))
                except Exception as error:  # whatever faker raises for arguments that it cannot use
                    shown = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                    raise ValueError(
                        f"faker's `{self.method}` for {self.tracer.locale} gives no value: {shown}"
                    ) from None
        return out


def held(value: Any, kind: ColumnType) -> Any:
    """Return a value as `Values.of` takes it for a kind; raises ValueError where it does not fit.

    >>> held(Decimal("1.5"), "float"), held(date(1970, 1, 3), "date"), held(7, "string")
    (1.5, 2, '7')
    """
    if value is None:
        return None
    if kind == "string" and isinstance(value, str | int | float):
        text = str(value)
        if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise ValueError(f"faker gave a value of more than {MOST_BYTES:,} bytes")
        return text
    if kind == "datetime" and isinstance(value, datetime):
        gap = value.replace(tzinfo=value.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds
    if kind == "date" and isinstance(value, date):
        return value.toordinal() - date(1970, 1, 1).toordinal()
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "float" and isinstance(value, int | float | Decimal):
        return float(value)
    if kind == "int" and isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    raise ValueError(f"faker gave a {type(value).__name__}, not {kind}")


def compile_fake(
    method: str,
    locale: str = DEFAULT_LOCALE,
    arguments: Mapping[str, Any] | None = None,
    *,
    exact: bool = False,
    group: str | None = None,
    now: datetime = NOON,
) -> Fake:
    """Make ready to draw what a method of faker gives.

    Parameters
    ----------
    method
        Its name, one of `methods()`.
    locale
        A locale of faker's. Where it lacks the method, `en_US` answers.
    arguments
        The method's own, as in the schema.
    exact
        Call faker for each row, rather than draw from a grammar or a pool: thousands of rows a second, not
        millions.
    group
        The name of the group of columns that tell of one person or place; drawn from the streams of the
        group, they agree (`people.py` says which methods do).
    now
        The time that a method takes for the present: naive, UTC. A row must not depend on the day of the run.

    Returns
    -------
    Fake
        What draws; the same one for the same question.

    Raises
    ------
    ValueError
        In plain words: no such method, or arguments that it cannot use.

    Examples
    --------
    >>> fake = compile_fake("bothify", "en_US", {"text": "DEV-####"})
    >>> fake.distinct, fake.kind
    (10000, 'string')
    >>> fake.draw(Rows.run(0, 2), lambda purpose: Stream(1, "device", "code", purpose)).to_list()
    ['DEV-...', 'DEV-...']
    """
    reason = refusal(method)
    if reason is not None:
        raise ValueError(reason)
    given = {name: value for name, value in (arguments or {}).items() if value is not None}
    faults = check_arguments(method, given)
    if faults:
        raise ValueError("; ".join(message for _, message in faults))
    if not methods()[method].known_in(locale):
        locale = DEFAULT_LOCALE if methods()[method].known_in(DEFAULT_LOCALE) else locale
    with _LOCK:
        return _compiled(method, locale, json.dumps(given, sort_keys=True), exact, group is not None, now)


# Methods that can use any arguments that are right one by one.
_TOTAL = frozenset(
    {
        "bothify",
        "hexify",
        "lexify",
        "numerify",
        "paragraph",
        "random_element",
        "random_int",
        "sentence",
    }
)


def refused_call(method: str, locale: str, arguments: Mapping[str, Any], now: datetime = NOON) -> str | None:
    """Return why a method cannot use arguments that are right one by one; None where it can.

    Where there is doubt, it is called, which imports faker.

    >>> refused_call("date_between", "en_US", {"start_date": "2024-02-01", "end_date": "2024-01-01"})
    "faker's `date_between` for en_US gives no value: ..."
    """
    if not any(value is not None for value in arguments.values()) or method in _TOTAL:
        return None
    try:
        compile_fake(method, locale, arguments, now=now)
    except ValueError as error:
        return str(error)
    return None


@lru_cache(maxsize=512)
def _compiled(method: str, locale: str, arguments: str, exact: bool, grouped: bool, now: datetime) -> Fake:
    given = python_arguments(method, json.loads(arguments))
    tracer = _tracer(locale, now)
    if not tracer.has(method):
        raise ValueError(f"faker has no `{method}` for {locale}")
    calls = _Calls(tracer, method, given)
    trials = calls(random.Random(0), repeat(None, _TRIALS))
    kind = _kind(method, trials)
    for value in trials:
        held(value, kind)
    if exact:
        return ExactFake(tracer, method, given, kind)
    try:
        if grouped and group_kind(method) is not None:
            fake = GrammarFake(_group(locale, now).learn(method, given), kind)
            fake.agrees = True
            return fake
        said = tracer.learn(method, given)
        fake = GrammarFake(said, kind)
        if all(_accepts(said, fake.said, value) for value in trials):
            return fake
    except NotCompilable:
        pass
    from faker import VERSION

    def draw(source: random.Random, count: int) -> list[Any]:
        return [held(value, kind) for value in calls(source, repeat(None, count))]

    identity = [VERSION, method, locale, arguments, now.isoformat(), kind]
    return PoolFake(*pooled(identity, draw), kind)


def _accepts(said: Learned, compacted: Learned, value: Any) -> bool:
    """Say whether a real value could have come from what was learned."""
    if isinstance(compacted, Node):
        return compacted.accepts(str(value)) and (not isinstance(said, Node) or said.accepts(str(value)))
    return compacted.accepts(value)


def _kind(method: str, trials: Sequence[Any]) -> ColumnType:
    """Return the type of column that holds a method's values; of some methods the arguments decide."""
    kind = methods()[method].kind
    if kind != "any":
        return kind
    types = {type(value) for value in trials if value is not None}
    by_type: dict[type, ColumnType] = {str: "string", bool: "bool", int: "int", float: "float"}
    if types <= {int, float}:
        return "int" if types <= {int} else "float"
    return by_type[types.pop()] if len(types) == 1 else "string"


@lru_cache(maxsize=32)
def _tracer(locale: str, now: datetime) -> Tracer:
    return Tracer(locale, now, RULES)


@lru_cache(maxsize=32)
def _group(locale: str, now: datetime) -> Group:
    return Group(_tracer(locale, now), lambda: Tracer(locale, now, RULES))
