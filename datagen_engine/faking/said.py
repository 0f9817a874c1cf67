"""What a method can turn out to say besides text: numbers, yes or no, nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.faking.grammar import Digits, Node, NotCompilable, Streams
from datagen_engine.faking.moments import Moment
from datagen_engine.faking.simplify import alt, pick
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Choice", "Learned", "Mixed", "Number", "as_text", "kind_of"]


@dataclass(frozen=True)
class Choice:
    """One of some values, by weight: all of one type, or None.

    >>> Choice((True, None), (1.0, 1.0)).kind
    'bool'
    """

    values: tuple[Any, ...]
    weights: tuple[float, ...]

    @property
    def kind(self) -> ColumnType:
        """Return the type of column that holds the values."""
        types = {type(value) for value in self.values if value is not None}
        if types == {bool}:
            return "bool"
        if types == {int}:
            return "int"
        return "float" if types and types <= {int, float} else "string"

    @property
    def size(self) -> int:
        """Return the number of values."""
        return len(self.values)

    @cached_property
    def _options(self) -> tuple[Values, Guide]:
        guide = Guide(np.asarray(self.weights, dtype=np.float64))
        return Values.of(self.kind, self.values), guide

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one value a row."""
        options, guide = self._options
        return options.take(guide.ppf(streams(path).uniform(rows)))

    def accepts(self, value: Any) -> bool:
        """Say whether a value is one of them."""
        return value in self.values


@dataclass(frozen=True)
class Number:
    """A number, each as likely as the others: a whole one of some runs, or any from `low` to `high`.

    Whole ones are divided by `divisor`; others are rounded to `decimals`.
    """

    runs: tuple[range, ...] = ()
    low: float = 0.0
    high: float = 0.0
    divisor: int = 1
    decimals: int | None = None

    @property
    def kind(self) -> ColumnType:
        """Return the type of column that holds it."""
        return "int" if self.runs and self.divisor == 1 else "float"

    @property
    def size(self) -> int:
        """Return how many there are."""
        if self.runs:
            return Digits(self.runs).size
        return 1 << 52 if self.decimals is None else round((self.high - self.low) * 10**self.decimals) + 1

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one number a row."""
        if self.runs:
            whole = Digits(self.runs).numbers(rows, streams, path)
            return Values("int", whole) if self.divisor == 1 else Values("float", whole / self.divisor)
        real: Array = self.low + streams(path).uniform(rows) * (self.high - self.low)
        return Values("float", real if self.decimals is None else np.round(real, self.decimals))

    def accepts(self, value: Any) -> bool:
        """Say whether a number is one of them."""
        if not self.runs:
            return self.low - 1e-6 <= float(value) <= self.high + 1e-6
        scaled = float(value) * self.divisor
        return abs(scaled - round(scaled)) < 1e-6 and any(round(scaled) in run for run in self.runs)


@dataclass(frozen=True)
class Mixed:
    """Numbers of several kinds, by weight."""

    branches: tuple[Number | Choice, ...]
    weights: tuple[float, ...]

    @property
    def kind(self) -> ColumnType:
        """Return the type of column that holds them all."""
        kinds = {branch.kind for branch in self.branches}
        return kinds.pop() if len(kinds) == 1 else "float" if kinds <= {"int", "float"} else "string"

    @property
    def size(self) -> int:
        """Return how many there are, those of two kinds counted twice."""
        return sum(branch.size for branch in self.branches)

    @cached_property
    def _guide(self) -> Guide:
        return Guide(np.asarray(self.weights, dtype=np.float64))

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one number a row."""
        if self.kind not in ("int", "float"):
            raise NotCompilable("numbers and other values")
        which = self._guide.ppf(streams(f"{path}?").uniform(rows))
        out = np.zeros(len(rows), dtype=np.int64 if self.kind == "int" else np.float64)
        for number, branch in enumerate(self.branches):
            places = np.flatnonzero(which == number)
            if len(places):
                out[places] = branch.draw(rows.take(places), streams, f"{path}/{number}").data
        return Values(self.kind, out)

    def accepts(self, value: Any) -> bool:
        """Say whether a number is one of them."""
        return any(branch.accepts(value) for branch in self.branches)


Learned: TypeAlias = Node | Choice | Number | Mixed | Moment
"""What a method turned out to say."""


def kind_of(said: Learned) -> ColumnType:
    """Return the type of column that holds what is said."""
    return "string" if isinstance(said, Node) else said.kind


def as_text(said: Learned) -> Node:
    """Return what is said as text, as `str` writes it.

    >>> as_text(Number((range(5, 7),))).size
    2
    """
    if isinstance(said, Node):
        return said
    if isinstance(said, Choice):
        return pick([str(value) for value in said.values], said.weights)
    if isinstance(said, Number) and said.runs and said.divisor == 1:
        return Digits(said.runs)
    if isinstance(said, Mixed):
        return alt((w, as_text(b)) for w, b in zip(said.weights, said.branches, strict=True))
    raise NotCompilable("text of a number or date of any size")


def together(ways: list[tuple[float, Learned]], label: str) -> Learned:
    """Return what is said where it is one of some things, by weight; beside text all is text."""
    if any(isinstance(said, Node) for _, said in ways):
        return alt(((weight, as_text(said)) for weight, said in ways), label)
    whole = sum(weight for weight, _ in ways)
    numbers: dict[Number, float] = {}
    values: dict[tuple[type, Any], float] = {}
    for weight, said in ways:
        inner = zip(said.weights, said.branches, strict=True) if isinstance(said, Mixed) else ((1.0, said),)
        for share, one in inner:
            if isinstance(one, Choice):
                for value, w in zip(one.values, one.weights, strict=True):
                    key = (type(value), value)
                    values[key] = values.get(key, 0.0) + weight * share / whole * w / sum(one.weights)
            elif isinstance(one, Number):
                numbers[one] = numbers.get(one, 0.0) + weight * share / whole
            else:
                raise NotCompilable("dates of several kinds")
    choice = Choice(tuple(value for _, value in values), tuple(values.values()))
    if not numbers:
        return choice
    if len(numbers) == 1 and not values:
        return next(iter(numbers))
    if values:
        return Mixed((*numbers, choice), (*numbers.values(), sum(values.values())))
    return Mixed(tuple(numbers), tuple(numbers.values()))
