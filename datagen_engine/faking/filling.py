"""Filling in: digits and letters for the characters of a text that stand for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.faking.grammar import (
    Alt,
    Node,
    NotCompilable,
    Part,
    Pattern,
    Pick,
    Seq,
    Streams,
    Text,
    Token,
)
from datagen_engine.faking.simplify import alt, pick, seq
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["DIGITS", "Other", "lettered", "numerified", "within"]

DIGITS = "#%$!@"
"""The characters that stand for a digit."""

_PLACES = {"#": tuple("0123456789"), "%": tuple("123456789"), "$": tuple("23456789")}
_OPTIONAL = {"!": "0123456789", "@": "123456789"}


def numerified(text: str) -> Node:
    """Return the grammar of `numerify(text)`.

    # is a digit, % one that is not 0, $ one above 1; ! and @ are a digit (of @ not 0) or nothing.

    >>> numerified("a#").size
    10
    """
    parts: list[Part] = []
    slots: list[tuple[str, ...]] = []

    def close() -> None:
        if any(len(slot) > 1 for slot in slots):
            parts.append(Part(f"n{len(parts)}", Pattern(tuple(slots))))
        elif slots:
            parts.append(Part("", Text("".join(slot[0] for slot in slots))))
        slots.clear()

    for character in text:
        if character in _OPTIONAL:
            close()
            digits = _OPTIONAL[character]
            weights = (float(len(digits)), *(1.0,) * len(digits))
            parts.append(Part(f"n{len(parts)}", Pick(("", *digits), weights)))
        else:
            slots.append(_PLACES.get(character, (character,)))
    close()
    return seq(parts)


def lettered(text: str, letters: Sequence[str], place: str = "?") -> Node:
    """Return the grammar of a text in which each `place` is one of some letters.

    >>> lettered("a?", "xyz").size
    3
    """
    options = tuple(letters)
    if place not in text:
        return Text(text)
    if all(len(letter) == 1 and letter.isascii() for letter in options):
        return Pattern(tuple(options if c == place else (c,) for c in text))
    return seq(
        Part(f"l{number}", pick(options)) if c == place else Part("", Text(c))
        for number, c in enumerate(text)
    )


def within(node: Node, change: Callable[[str], Node], places: str) -> Node:
    """Return a grammar with each constant and each word that holds a place exchanged for its own grammar.

    >>> within(Pick(("a#", "b")), numerified, DIGITS).size
    11
    """
    if isinstance(node, Text):
        return change(node.text)
    if isinstance(node, Pick):
        if not node.characters & set(places):
            return node
        return alt(zip(node.shares.tolist(), map(change, node.words), strict=True))
    if isinstance(node, Pattern):
        slots: list[tuple[str, ...]] = []
        for slot in node.slots:
            new = change(slot[0]) if len(slot) == 1 else Pattern((slot,))
            if isinstance(new, Seq) and len(new.parts) == 1:
                new = new.parts[0].node
            if not isinstance(new, Text | Pattern):
                raise NotCompilable("a choice within a pattern")
            slots += new.slots if isinstance(new, Pattern) else [(new.text,)]
        return Pattern(tuple(slots))
    if isinstance(node, Token):
        if node.role is not None:
            return node  # names and places hold nothing to fill in
        inner = within(node.node, change, places)
        return node if inner == node.node else Token(node.name, inner)
    if isinstance(node, Alt):
        branches = [within(branch, change, places) for branch in node.branches]
        return node if tuple(branches) == node.branches else alt(zip(node.weights, branches, strict=True))
    if isinstance(node, Seq):
        return seq(
            Part(part.label or f"c{number}", within(part.node, change, places))
            for number, part in enumerate(node.parts)
        )
    return node


@dataclass(frozen=True)
class Other(Node):
    """Say one of some words that the ones before it did not say: `place` of them came before.

    A word is drawn again until it is a new one, which weighs the words that are left as they were weighed.
    """

    words: Pick
    place: int

    @property
    def size(self) -> int:
        """Return the number of words."""
        return self.words.size

    @cached_property
    def _rounds(self) -> int:
        # The odds that some row still repeats itself after so many rounds are below 2⁻⁶⁰ a row.
        left = 1.0 - np.sort(self.words.shares)[::-1][: self.place].sum()
        if left < 1e-3:
            raise NotCompilable("a sample of nearly all there is")
        return min(2_000, int(np.ceil(42 / -np.log1p(-left)))) if left < 1 else 1

    def codes(self, rows: Rows, streams: Streams, path: str) -> list[Array]:
        """Return the places of this word and of those before it, for each row."""
        drawn: list[Array] = []
        for place in range(self.place + 1):
            code = self.words.codes(rows, streams, f"{path}.{place}")
            for again in range(1, self._rounds):
                same = np.zeros(len(rows), dtype=bool)
                for before in drawn:
                    same |= before == code
                repeated = np.flatnonzero(same)
                if not len(repeated):
                    break
                code[repeated] = self.words.codes(rows.take(repeated), streams, f"{path}.{place}.{again}")
            drawn.append(code)
        return drawn

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one word a row."""
        return self.words.spelled(self.codes(rows, streams, path)[-1])

    def mapped(self, change: Callable[[str], str]) -> Other:
        """Change every word."""
        return Other(self.words.mapped(change), self.place)

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of each word that stands there."""
        return self.words.ends(text, start)
