"""Finding rows by the values of one or more columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["KeyIndex"]


class KeyIndex:
    """Number the distinct keys of some rows, and find the numbers of other rows' keys.

    A key that holds a null is no key and is never found. Whole and floating numbers compare by value,
    dates with times by their midnight; text never equals a number.

    >>> index = KeyIndex([Values.of("string", ["a", "b", "a", None])])
    >>> index.numbers.tolist(), index.count
    ([0, 1, 0, -1], 2)
    >>> index.find([Values.of("string", ["b", "x"])]).tolist()
    [1, -1]
    """

    def __init__(self, columns: Sequence[Values]) -> None:
        """Number the keys of the rows in `columns` (all of one length)."""
        self._parts = [_Part(values) for values in columns]
        joint = self._joint([part.numbers for part in self._parts])
        # Keys are numbered by their joint number in sorted order; what is not found has number −1.
        self._known = np.unique(joint[joint >= 0])
        self.count = len(self._known)
        self.numbers: Array = self._rank(joint)

    def find(self, columns: Sequence[Values]) -> Array:
        """Return the number of each row's key, −1 where it is unknown or null."""
        return self._rank(self._joint([part.find(v) for part, v in zip(self._parts, columns, strict=True)]))

    def first_rows(self) -> Array:
        """Return, for each key, the first row that has it."""
        rows = np.flatnonzero(self.numbers >= 0)
        first = np.full(self.count, -1, dtype=np.int64)
        first[self.numbers[rows[::-1]]] = rows[::-1]
        return first

    def _joint(self, numbers: Sequence[Array]) -> Array:
        joint = np.zeros(len(numbers[0]), dtype=np.int64)
        known = np.ones(len(joint), dtype=bool)
        for part, own in zip(self._parts, numbers, strict=True):
            known &= own >= 0
            joint = joint * max(part.count, 1) + own
        return np.where(known, joint, -1)

    def _rank(self, joint: Array) -> Array:
        if not len(self._known):
            return np.full(len(joint), -1, dtype=np.int64)
        place = np.searchsorted(self._known, joint)
        place = np.minimum(place, len(self._known) - 1)
        return np.where(self._known[place] == joint, place, -1)


class _Part:
    """Number the distinct values of one column."""

    def __init__(self, values: Values) -> None:
        self.text = values.type == "string"
        if self.text:
            coded = values.encode()
            self.words = coded.words
            numbers = np.asarray(coded.data, dtype=np.int64)
            # Words may stand twice in a list; the first place counts for all.
            self.count = len(self.words)
            numbers = self._places(self.words)[numbers] if self.count else numbers
        else:
            keys = _comparable(values)
            self.keys = np.unique(keys[values.mask()])
            self.count = len(self.keys)
            numbers = self._search(keys)
        self.numbers = np.where(values.mask(), numbers, -1)

    def find(self, values: Values) -> Array:
        if (values.type == "string") != self.text or not self.count:
            return np.full(len(values), -1, dtype=np.int64)
        if self.text:
            coded = values.encode()
            places = self._places(coded.words)
            numbers = places[coded.data] if len(places) else np.full(len(values), -1, dtype=np.int64)
        else:
            numbers = self._search(_comparable(values))
        return np.where(values.mask(), numbers, -1)

    def _places(self, words: pa.Array) -> Array:
        found = pc.fill_null(pc.index_in(words, value_set=self.words), -1)
        return np.asarray(found, dtype=np.int64)

    def _search(self, keys: Array) -> Array:
        place = np.minimum(np.searchsorted(self.keys, keys), max(self.count - 1, 0))
        return np.where(self.keys[place] == keys, place, -1) if self.count else np.full(len(keys), -1)


def _comparable(values: Values) -> Array:
    data = values.instants() if values.is_time else values.data
    # int64 keys above 2⁵³ would not survive as floats, so integers stay; numpy compares the two by value.
    return data if data.dtype == np.float64 else data.astype(np.int64)
