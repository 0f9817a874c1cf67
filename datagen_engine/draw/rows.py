"""Which rows of a table are asked for: a run of them, or any list of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["BLOCK", "Rows"]

BLOCK = 8_192
"""Rows of one block of raw draws. A constant of the stream format: another number draws other data."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Name some rows of one table, by number from 0.

    Either a run (`Rows.run(10, 20)`: rows 10 to 19), or a list in any order (`Rows.listed(numbers)`).

    >>> Rows.run(2, 5).numbers().tolist()
    [2, 3, 4]
    >>> len(Rows.listed(np.array([7, 7, 1])))
    3
    """

    start: int
    stop: int
    listing: Array | None = field(default=None, repr=False)

    @classmethod
    def run(cls, start: int, stop: int) -> Rows:
        """Name the rows from `start` up to, not including, `stop`."""
        return cls(start, max(start, stop))

    @classmethod
    def listed(cls, numbers: Array) -> Rows:
        """Name rows by a list of their numbers (int64)."""
        if not len(numbers):
            return cls(0, 0)
        first, last = int(numbers.min()), int(numbers.max())
        return cls(first, last + 1, numbers)

    @property
    def is_run(self) -> bool:
        """Say whether the rows follow one another."""
        return self.listing is None

    def __len__(self) -> int:
        return self.stop - self.start if self.listing is None else len(self.listing)

    def numbers(self) -> Array:
        """Return the row numbers, int64."""
        return np.arange(self.start, self.stop, dtype=np.int64) if self.listing is None else self.listing

    def blocks(self) -> Iterator[tuple[int, Any, Any]]:
        """Yield (block, where in the block, where in these rows) for every block that is touched."""
        if self.listing is None:
            if self.stop == self.start:
                return
            for block in range(self.start // BLOCK, -(-self.stop // BLOCK)):
                base = block * BLOCK
                low, high = max(self.start, base), min(self.stop, base + BLOCK)
                yield block, slice(low - base, high - base), slice(low - self.start, high - self.start)
            return
        block_of = self.listing // BLOCK
        order = np.argsort(block_of, kind="stable")
        ends = np.flatnonzero(np.diff(block_of[order], append=-1)) + 1
        begin = 0
        for end in ends.tolist():
            places = order[begin:end]
            block = int(block_of[places[0]])
            yield block, self.listing[places] - block * BLOCK, places
            begin = end

    def take(self, index: Array) -> Rows:
        """Return the rows at these places of this one."""
        return Rows.listed(self.numbers()[index])
