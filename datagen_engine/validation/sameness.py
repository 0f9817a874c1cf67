"""When two values are the same: stored ones, and those worked out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.draw.casting import cast
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask

__all__ = ["CLOSE", "same"]

CLOSE = 1e-9
"""How far two floating numbers may lie apart, relative to the larger, and be the same calculation."""


def same(stored: Values, again: Values, type: ColumnType) -> Mask:
    """Return where stored values are what was worked out again: both null, or equal within float error.

    >>> same(Values.of("int", [1, 3, None]), Values.of("float", [0.5, 2.4, None]), "int").tolist()
    [True, False, True]
    """
    if type == "int" and again.type == "float":
        raw = np.where(np.isfinite(again.data), again.data, 0.0)
        lost = ~np.isfinite(again.data)
        equal = np.abs(stored.data - raw) <= 0.5 + CLOSE * np.maximum(np.abs(raw), 1.0)
        known = again.mask() & ~lost
    else:
        again = cast(again, type)
        known = again.mask()
        if type == "string":
            equal = _same_texts(stored, again)
        elif type == "float":
            apart = np.abs(stored.data - again.data)
            equal = apart <= CLOSE * np.maximum(np.abs(stored.data), np.abs(again.data)) + 5e-324
        else:
            equal = stored.data == again.data
    return np.where(stored.mask() & known, equal, stored.mask() == known)


def _same_texts(one: Values, two: Values) -> Mask:
    if one.words is not None and two.words is not None and len(one.words) and len(two.words):
        places = np.asarray(pc.index_in(one.words, value_set=two.words).fill_null(-1))
        firsts = np.asarray(pc.index_in(two.words, value_set=two.words))
        return places[one.data] == firsts[two.data]
    return np.asarray(pc.equal(one.text(), two.text()).fill_null(False))
