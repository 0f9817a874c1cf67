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
        """Give each key of the rows in `columns` (all of one length) a number, in sorted order."""
        self._parts = [_Part(values) for values in columns]
        # The keys of the first columns, then of one more, and so on: each time numbered anew without gaps,
        # so that pairing them with the values of the next column never leaves 64 bits.
        self._known: list[Array] = []
        joint = np.zeros(len(columns[0]), dtype=np.int64)
        for part in self._parts:
            joint = _paired(joint, part.numbers, part.count)
            self._known.append(np.unique(joint[joint >= 0]))
            joint = _ranked(joint, self._known[-1])
        self.count = len(self._known[-1])
        self.numbers: Array = joint

    def find(self, columns: Sequence[Values]) -> Array:
        """Return the number of each row's key, −1 where it is unknown or null."""
        joint = np.zeros(len(columns[0]), dtype=np.int64)
        for part, known, values in zip(self._parts, self._known, columns, strict=True):
            joint = _ranked(_paired(joint, part.find(values), part.count), known)
        return joint

    def first_rows(self) -> Array:
        """Return, for each key, the first row that has it."""
        rows = np.flatnonzero(self.numbers >= 0)
        first = np.full(self.count, -1, dtype=np.int64)
        first[self.numbers[rows[::-1]]] = rows[::-1]
        return first


def _paired(one: Array, two: Array, count: int) -> Array:
    """Return a number for each pair of numbers (the second below `count`), −1 where one of them is."""
    return np.where((one >= 0) & (two >= 0), one * count + two, -1)


def _ranked(numbers: Array, known: Array) -> Array:
    """Return the place of each number among the known ones (sorted), −1 where it is none of them."""
    if not len(known):
        return np.full(len(numbers), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return np.where(known[place] == numbers, place, -1)


class _Part:
    """Number the distinct values of one column."""

    def __init__(self, values: Values) -> None:
        self.text = values.type == "string"
        if self.text:
            coded = values.encode()
            assert coded.words is not None
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
        if keys.dtype == self.keys.dtype:
            return _ranked(keys, self.keys)
        # Whole numbers and floats are equal only where the one is exactly the other.
        same, exact = _whole(keys) if keys.dtype == np.float64 else _floating(keys)
        return np.where(exact, _ranked(same, self.keys), -1)


def _comparable(values: Values) -> Array:
    data = values.instants() if values.is_time else values.data
    return data if data.dtype == np.float64 else data.astype(np.int64)


def _whole(floats: Array) -> tuple[Array, Array]:
    """Return floats as int64, and which of them are whole and fit."""
    exact = (floats == np.rint(floats)) & (np.abs(floats) < 2.0**63)
    return np.where(exact, floats, 0.0).astype(np.int64), exact


def _floating(whole: Array) -> tuple[Array, Array]:
    """Return int64 as floats, and which of them are the same number still."""
    floats = whole.astype(np.float64)
    back, fits = _whole(floats)
    return floats, fits & (back == whole)
