"""Between which ends a column is drawn, before its declared range holds it."""

from __future__ import annotations

from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.generators.sequence import Sequence
from datagen_engine.resolve.ranges import Ends

__all__ = ["apart", "cut_off", "drawn_ends"]


def drawn_ends(context: Context, place: ColumnPlace) -> Ends:
    """Return the lowest and highest value that is drawn, in units of the column; None where nobody knows."""
    generator = place.column.generator
    if isinstance(generator, Sequence) and not place.column.modifiers:
        last = generator.start + generator.step * max(context.rows(place.table.node.id) - 1, 0)
        return min(float(generator.start), last), max(float(generator.start), last)
    known = context.unbounded(place)
    return (None, None) if known is None else (known.low, known.high)


def cut_off(ends: Ends, drawn: Ends) -> bool:
    """Say whether something that is drawn lies outside of a range."""
    below = ends[0] is not None and (drawn[0] is None or drawn[0] < ends[0])
    return below or (ends[1] is not None and (drawn[1] is None or drawn[1] > ends[1]))


def apart(one: Ends, other: Ends) -> bool:
    """Say whether nothing lies in both of two ranges.

    >>> apart((0, 5), (6, None)), apart((0, 5), (None, 3)), apart((None, None), (1, 2))
    (True, False, False)
    """
    above = one[0] is not None and other[1] is not None and one[0] > other[1]
    return above or (one[1] is not None and other[0] is not None and one[1] < other[0])
