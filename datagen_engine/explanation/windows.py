"""Which rows of an effect table hold for a row: the engine draws by breaks in time, which have forgotten them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Values
    from datagen_engine.explanation.look import Look
    from datagen_engine.modifiers.effect import EffectTable

__all__ = ["applying"]


def applying(table: EffectTable, look: Look, keys: Sequence[Values], time: Values | None) -> list[int]:
    """Return the rows of an effect table that hold for the row, by their numbers.

    Parameters
    ----------
    table
        The effect table.
    keys
        The row's keys, as columns of the slice that is looked at.
    time
        The times of the slice; None where the effect has no window.
    """
    size = look.at.row_count(table.table)
    holds = np.ones(size, dtype=bool)
    if table.keys:
        index = KeyIndex([look.at.whole(table.table, key) for key in table.keys])
        own = int(index.find([key.slice(look.place, look.place + 1) for key in keys])[0])
        holds &= (index.numbers == own) & (own >= 0)
    if table.window is not None and time is not None:
        if look.one(time) is None:
            return []
        now = int(time.instants()[look.place])
        start, end = (look.at.whole(table.table, column) for column in table.window)
        last = end.instants() + (MICROSECONDS_A_DAY - 1 if end.type == "date" else 0)
        holds &= ~start.mask() | (start.instants() <= now)
        holds &= ~end.mask() | (last >= now)
    found: list[int] = np.flatnonzero(holds).tolist()
    return found
