"""A check that sees a table's rows piece by piece, in any pieces, and judges at the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.verdict import Subject
    from datagen_engine.validation.behaviour.view import RowView
    from datagen_engine.validation.record import CheckRecord

__all__ = ["Accumulator", "Partial"]

_MOST_STRETCHES = 16


@dataclass
class Partial:
    """Hold what an accumulator has seen: arrays and numbers only, so that it travels between processes.

    `sums` are added, `kept` are put one after the other, and of long sums `stretches` are held: where each
    begins, and its numbers. `unknown` says why nothing can be judged, and `broken` what went wrong while looking.
    """

    sums: dict[str, Array] = field(default_factory=dict)
    kept: dict[str, list[Array]] = field(default_factory=dict)
    stretches: dict[str, list[tuple[int, Array]]] = field(default_factory=dict)
    unknown: str | None = None
    broken: str | None = None

    def merge(self, other: Partial) -> None:
        """Take in what was seen of other rows."""
        for name, value in other.sums.items():
            self.add(name, value)
        for name, parts in other.kept.items():
            self.kept.setdefault(name, []).extend(parts)
        for name, stretches in other.stretches.items():
            for start, counts in stretches:
                self.add_at(name, start, counts)
        self.unknown = self.unknown or other.unknown
        self.broken = self.broken or other.broken

    def add(self, name: str, value: Array | float) -> None:
        """Add to a sum; one of another length grows to the longer."""
        array = np.asarray(value, dtype=np.float64 if np.asarray(value).dtype.kind == "f" else np.int64)
        before = self.sums.get(name)
        if before is None:
            self.sums[name] = array.copy()
        elif before.shape == array.shape:
            self.sums[name] = before + array
        else:
            size = max(len(before), len(array))
            self.sums[name] = np.pad(before, (0, size - len(before))) + np.pad(array, (0, size - len(array)))

    def add_at(self, name: str, start: int, counts: Array) -> None:
        """Add counts to a stretch of a long sum: those of neighbouring rows lie side by side, so little is held."""
        held = self.stretches.setdefault(name, [])
        held.append((start, counts))
        last = max(first + len(part) for first, part in held)
        if len(held) > _MOST_STRETCHES and sum(len(part) for _, part in held) > 2 * last:
            self.stretches[name] = [(0, _joined(held, last))]

    def long_sum(self, name: str, size: int) -> Array:
        """Return a long sum of `size` numbers."""
        return _joined(self.stretches.get(name, []), size)


def _joined(stretches: Sequence[tuple[int, Array]], size: int) -> Array:
    whole = np.zeros(size, dtype=np.int64)
    for start, counts in stretches:
        whole[start : start + len(counts)] += counts
    return whole


class Accumulator(ABC):
    """Judge some things about a table in one pass over its rows.

    What was seen lies in `seen`; everything else follows from the schema. So the same accumulator may be made
    anew in another process, and its `seen` merged into this one's.
    """

    sampled: bool = False
    """Whether a sample of the rows is enough."""

    most: int = 1_000_000
    """How many rows such a sample holds."""

    judges_empty: bool = False
    """Whether a table without rows can be judged too."""

    def __init__(self, subjects: Sequence[Subject], columns: Sequence[str]) -> None:
        """Judge `subjects`, looking at `columns` (of the table that is passed over)."""
        self.subjects = tuple(subjects)
        self.columns = tuple(dict.fromkeys(columns))
        self.seen = Partial()

    @abstractmethod
    def add(self, at: RowView) -> None:
        """Look at some rows; raises Unknown where the data does not tell what must be known."""

    @abstractmethod
    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdicts on all subjects; raises Unknown where too little was seen."""

    def absorb(self, seen: Partial) -> None:
        """Take in what an accumulator of the same checks has seen of other rows."""
        self.seen.merge(seen)

    def sum(self, name: str) -> Array:
        """Return a sum; of what was never added, 0."""
        return self.seen.sums.get(name, np.zeros(1))

    def kept(self, name: str) -> Array:
        """Return all that was kept under a name, end to end."""
        parts = self.seen.kept.get(name)
        return np.concatenate(parts) if parts else np.empty(0)

    def keep(self, name: str, values: Array) -> None:
        """Keep values of single rows; for samples only."""
        self.seen.kept.setdefault(name, []).append(values)
