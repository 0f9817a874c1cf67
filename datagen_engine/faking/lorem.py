"""Words to a sentence, sentences to a paragraph, and as many of them to a text as fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.faking.grammar import Node, Streams
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Filled", "Repeat"]

_MOST_ATTEMPTS = 2_000


@dataclass(frozen=True)
class Repeat(Node):
    """Say a piece several times over, drawn anew each time, with a joint between and an end after.

    `counts` and `weights` say how often. `first` is how the first piece is spelled: the same grammar, drawn
    from the same streams, with a capital.

    >>> from datagen_engine.faking.grammar import Text
    >>> Repeat(Text("la"), Text("La"), " ", "!", (2, 3), (1.0, 1.0)).accepts("La la la!")
    True
    """

    piece: Node
    first: Node
    joint: str
    end: str
    counts: tuple[int, ...]
    weights: tuple[float, ...]

    @cached_property
    def size(self) -> int:
        """Return the number of texts."""
        return sum(self.piece.size**count for count in self.counts)

    @cached_property
    def _guide(self) -> Guide:
        return Guide(np.asarray(self.weights, dtype=np.float64))

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        counts = np.asarray(self.counts)[self._guide.ppf(streams(f"{path}?").uniform(rows))]
        columns = []
        for step in range(max(self.counts)):
            going = np.flatnonzero(counts > step)
            if not len(going):
                break
            some = rows if len(going) == len(rows) else rows.take(going)
            node = self.first if step == 0 else self.piece
            piece = node.draw(some, streams, f"{path}.{step}").text()
            columns.append(_spread(piece, self.joint if step else "", going, len(rows)))
        return Values.plain(pc.binary_join_element_wise(*columns, pa.scalar(self.end), ""))

    def mapped(self, change: Callable[[str], str]) -> Repeat:
        """Change every piece."""
        first = self.first.mapped(change)
        piece = first if self.first is self.piece else self.piece.mapped(change)
        return Repeat(piece, first, change(self.joint), change(self.end), self.counts, self.weights)

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield each place where one of the counts of pieces can end."""
        reached = set(self.first.ends(text, start))
        for count in range(1, max(self.counts) + 1):
            if count in self.counts:
                yield from (end + len(self.end) for end in reached if text.startswith(self.end, end))
            reached = {
                end
                for begin in reached
                if text.startswith(self.joint, begin)
                for end in self.piece.ends(text, begin + len(self.joint))
            }


def _spread(texts: pa.Array, before: str, places: Array, size: int) -> pa.Array:
    """Return texts with something before them at some places of a longer array, empty elsewhere."""
    if before:
        texts = pc.binary_join_element_wise(pa.scalar(before), texts, "")
    if len(places) == size:
        return texts
    where = np.full(size, -1, dtype=np.int64)
    where[places] = np.arange(len(places))
    return texts.take(pa.array(where, mask=where < 0)).fill_null("")


@dataclass(frozen=True)
class Filled(Node):
    """Say pieces one after the other while they are shorter than `most` characters together.

    The piece that reaches `most` is left out; where that was the first, all begins anew. `joint` stands
    between pieces, `end` after the last. `first` is how the first piece is spelled: the same grammar, drawn
    from the same streams, with a capital.
    """

    piece: Node
    first: Node
    joint: str
    end: str
    most: int

    @property
    def size(self) -> int:
        """Return a number of texts that there are at least: those of one piece."""
        return self.piece.size

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        out = pa.nulls(len(rows), pa.string())
        left = np.arange(len(rows))  # the rows that have no text yet
        for attempt in range(_MOST_ATTEMPTS):
            if not len(left):
                break
            some = rows if len(left) == len(rows) else rows.take(left)
            texts = self._attempt(some, streams, f"{path}~{attempt}")
            done = np.asarray(pc.is_valid(texts))
            if done.all() and len(left) == len(rows):
                return Values.plain(texts)
            where = np.full(len(rows), -1, dtype=np.int64)
            where[left] = np.arange(len(left))
            out = pc.coalesce(out, texts.take(pa.array(where, mask=where < 0)))
            left = left[~done]
        # No piece ever fits, which only a limit below the shortest piece can cause: an empty text.
        return Values.plain(out.fill_null(""))

    def _attempt(self, rows: Rows, streams: Streams, path: str) -> pa.Array:
        """Return one text a row, null where the first piece alone is too long."""
        count = len(rows)
        columns: list[pa.Array] = []
        going = np.arange(count)
        length: Array = np.zeros(count, dtype=np.int64)
        some_fit = np.ones(count, dtype=bool)
        step = 0
        while len(going):
            some = rows if len(going) == count else rows.take(going)
            piece = self.piece.draw(some, streams, f"{path}.{step}").text()
            sizes = np.asarray(pc.utf8_length(piece)) + (len(self.joint) if step else 0)
            length[going] += sizes
            fits = length[going] < self.most
            if step == 0 and self.first is not self.piece:
                piece = self.first.draw(some, streams, f"{path}.{step}").text()
            going = going[fits]
            if step == 0:
                some_fit = fits
            if len(going):
                columns.append(
                    _spread(piece.filter(pa.array(fits)), self.joint if step else "", going, count)
                )
            step += 1
        if not columns:
            return pa.nulls(count, pa.string())
        texts = pc.binary_join_element_wise(*columns, pa.scalar(self.end), "")
        return (
            texts if some_fit.all() else pc.if_else(pa.array(some_fit), texts, pa.scalar(None, pa.string()))
        )

    def mapped(self, change: Callable[[str], str]) -> Filled:
        """Change every piece."""
        first = self.first.mapped(change)
        piece = first if self.first is self.piece else self.piece.mapped(change)
        return Filled(piece, first, change(self.joint), change(self.end), self.most)

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield each place where as many pieces as fit can end."""
        reached = set(self.first.ends(text, start))
        seen: set[int] = set()
        while reached:
            seen |= reached
            reached = {
                end
                for begin in reached
                if text.startswith(self.joint, begin)
                for end in self.piece.ends(text, begin + len(self.joint))
                if end - start < self.most
            } - seen
        for end in seen:
            if text.startswith(self.end, end):
                yield end + len(self.end)
