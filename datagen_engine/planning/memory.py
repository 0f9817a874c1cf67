"""Drawn values that are kept while a schema is edited: at most so many bytes, the longest unused go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING

from datagen_engine.draw.values import Values

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows

__all__ = ["Memory", "rows_key", "size_of"]

_LONGEST_LIST = 4_096


class Memory:
    """Keep values by what they depend on.

    Parameters
    ----------
    limit
        Bytes.
    """

    def __init__(self, limit: int) -> None:
        """Keep nothing yet."""
        self.limit = limit
        self.bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Values, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Values | None:
        """Return what is kept for a key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, values: Values) -> None:
        """Keep values; what does not fit at all is not kept."""
        size = size_of(values)
        if size > self.limit or key in self._kept:
            return
        self._kept[key] = (values, size)
        self.bytes += size
        while self.bytes > self.limit:
            _, (_, gone) = self._kept.popitem(last=False)
            self.bytes -= gone


def rows_key(rows: Rows) -> Hashable | None:
    """Return what names some rows; None for a list too long to be worth it."""
    if rows.listing is None:
        return rows.start, rows.stop
    return rows.listing.tobytes() if len(rows.listing) <= _LONGEST_LIST else None


def size_of(values: Values) -> int:
    """Return the bytes that values take; of words that many columns share, this one's part is all of them."""
    size = values.data.nbytes + (0 if values.valid is None else values.valid.nbytes)
    return int(size + (0 if values.words is None else values.words.nbytes) + 256)
