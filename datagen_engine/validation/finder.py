"""Finding the row of a table that has a key: by arithmetic where the keys are a sequence, else by an index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Finder", "IndexFinder", "SequenceFinder", "TextFinder", "index_of", "sequence_of"]

_MANY_WORDS = 65_536
"""Texts above which a binary search costs less than hashing all of them for every batch."""


class Finder(Protocol):
    """Find rows by their keys. A key that holds a null is never found; of several rows the first is."""

    def rows(self, keys: Sequence[Values]) -> Array:
        """Return the row (int64) of each key, −1 where there is none."""


class SequenceFinder:
    """Keys start, start + step, … of `size` rows: nothing is kept.

    >>> SequenceFinder(10, 5, 3).rows([Values.of("int", [10, 20, 21, 25, None])]).tolist()
    [0, 2, -1, -1, -1]
    """

    def __init__(self, start: int, step: int, size: int) -> None:
        """Know the sequence; its step is not 0."""
        self.start, self.step, self.size = start, step, size

    def rows(self, keys: Sequence[Values]) -> Array:
        """Return the place of each key in the sequence."""
        (values,) = keys
        known = values.mask()
        if values.type == "float":
            known = known & (values.data == np.rint(values.data)) & (np.abs(values.data) < 2.0**63)
            data = np.where(known, values.data, 0.0).astype(np.int64)
        else:
            data = values.instants() if values.is_time else values.data.astype(np.int64)
        if self.step == 1:
            place = data - self.start
            good = place.view(np.uint64) < self.size  # below the first is far beyond the last
            if good.all() and (values.valid is None or known.all()):
                return place
        else:
            place, rest = np.divmod(data - self.start, self.step)
            good = (rest == 0) & (place >= 0) & (place < self.size)
        return np.where(good & known, place, -1)


class IndexFinder:
    """Any keys, one column or several."""

    def __init__(self, columns: Sequence[Values]) -> None:
        """Index the rows of `columns`."""
        self._index = KeyIndex(columns)
        self._first = np.append(self._index.first_rows(), -1)

    def rows(self, keys: Sequence[Values]) -> Array:
        """Return the first row of each key."""
        found: Array = self._first[self._index.find(keys)]
        return found


class TextFinder:
    """Many different texts, in their order.

    >>> TextFinder(Values.of("string", ["b", "a", None, "a"])).rows([Values.of("string", ["a", "c", None])]).tolist()
    [1, -1, -1]
    """

    def __init__(self, values: Values) -> None:
        """Sort the texts."""
        text = values.text()
        self._rows = np.flatnonzero(values.mask())
        text = text.drop_null()
        order = pc.sort_indices(text)  # stable: of equal texts the first comes first
        self._sorted = text.take(order)
        self._rows = self._rows[np.asarray(order)]

    def rows(self, keys: Sequence[Values]) -> Array:
        """Return the first row of each text."""
        (values,) = keys
        if values.type != "string" or not len(self._rows):
            return np.full(len(values), -1, dtype=np.int64)
        if values.words is not None:
            if not len(values.words):
                return np.full(len(values), -1, dtype=np.int64)
            return np.where(values.mask(), self._find(values.words)[values.data], -1)
        return np.where(values.mask(), self._find(values.data), -1)

    def _find(self, texts: pa.Array) -> Array:
        place = np.minimum(np.asarray(pc.search_sorted(self._sorted, texts)), len(self._rows) - 1).astype(
            np.int64
        )
        same = np.asarray(pc.equal(self._sorted.take(pa.array(place)), texts))
        return np.where(same, self._rows[place], -1)


def sequence_of(batches: Iterable[Values]) -> SequenceFinder | None:
    """Return the finder of a column whose values are a sequence without a gap; None where they are none."""
    start = step = None
    size = 0
    for values in batches:
        if values.type not in ("int", "datetime", "date") or (
            values.valid is not None and not values.valid.all()
        ):
            return None
        data = values.instants()
        if not len(data):
            continue
        if start is None:
            start = int(data[0])
        if step is None and size + len(data) > 1:
            step = int(data[1 - size]) - start
        expected = start + (step or 0) * size
        if int(data[0]) != expected or (len(data) > 1 and not (data[1:] - data[:-1] == step).all()):
            return None
        size += len(data)
    if start is None:
        return None
    return SequenceFinder(start, step or 1, size) if step != 0 else None


def index_of(columns: Sequence[Values]) -> Finder:
    """Return a finder for rows with any keys."""
    if len(columns) == 1 and columns[0].type == "string":
        values = columns[0]
        if len(values.words if values.words is not None else values.data) > _MANY_WORDS:
            return TextFinder(values)
    return IndexFinder(columns)
