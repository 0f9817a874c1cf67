"""Texts of random characters in which some kinds of characters must occur."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from math import perm
from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.faking.grammar import Node, NotCompilable, Pattern, Streams, fixed_width_array
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Password"]

_MOST_PLACINGS = 50_000


@dataclass(frozen=True)
class Password(Node):
    """Say `length` characters of some kinds, at least one of each kind; ASCII.

    As faker does it: all characters are drawn, then different places, and one character of each kind is put
    to one of these places, in the order in which Python's set of the places gives them.
    """

    kinds: tuple[str, ...]
    length: int

    def __post_init__(self) -> None:
        """Refuse so many placings that listing them takes long."""
        if not 0 < len(self.kinds) <= self.length or perm(self.length, len(self.kinds)) > _MOST_PLACINGS:
            raise NotCompilable("a password this long")

    @property
    def size(self) -> int:
        """Return how many texts there can be at most."""
        return len("".join(self.kinds)) ** self.length

    @property
    def width(self) -> int:
        """Return the number of bytes."""
        return self.length

    @cached_property
    def _placings(self) -> tuple[Array, Guide]:
        total: dict[tuple[int, ...], int] = {}
        for places in permutations(range(self.length), len(self.kinds)):
            ordered = tuple(set(places))
            total[ordered] = total.get(ordered, 0) + 1
        return np.array(list(total)), Guide(np.array(list(total.values()), dtype=np.float64))

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        matrix = Pattern((tuple("".join(self.kinds)),) * self.length).matrix(rows, streams, path)
        table, guide = self._placings
        places = table[guide.ppf(streams(f"{path}?").uniform(rows))]
        for number, kind in enumerate(self.kinds):
            letters = np.frombuffer(kind.encode(), dtype=np.uint8)
            matrix[np.arange(len(rows)), places[:, number]] = letters[
                streams(f"{path}/{number}").below(len(kind), rows)
            ]
        return Values.plain(fixed_width_array(matrix))

    def mapped(self, change: Callable[[str], str]) -> Password:
        """Refuse: nothing of faker's changes a password."""
        raise NotCompilable("a change of a password")

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of the text, where it has a character of each kind."""
        piece = text[start : start + self.length]
        every = set("".join(self.kinds))
        if (
            len(piece) == self.length
            and set(piece) <= every
            and all(set(piece) & set(kind) for kind in self.kinds)
        ):
            yield start + self.length
