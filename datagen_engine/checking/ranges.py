"""Declared ranges."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.bounds import apart, cut_off, drawn_ends
from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import value
from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import ColumnType
from datagen_engine.resolve.ranges import Ends
from datagen_engine.schema.document import Range
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_ranges"]

_ORDERED = ("int", "float", "datetime", "date")


def check_ranges(context: Context) -> Iterable[Problem]:
    """Find ranges that no value can lie in, that leave one value only, or that cut keys off."""
    sides: dict[str, Ends] = {}
    declared = {one.source for one in context.schema.constraints.foreign_keys}
    for number, one in enumerate(context.schema.constraints.ranges):
        path = ("constraints", "ranges", number)
        place = context.attribute(one.attr)
        if place is None or not place.readable:
            continue
        ends = _ends(context, place, one, path)
        if isinstance(ends, Problem):
            yield ends
            continue
        low, high = ends
        before = sides.get(one.attr, (None, None))
        if low is not None and high is not None and low > high:
            yield problem(
                "low-above-high",
                path,
                f"min ({value(low, place.column.type)}) is above max ({value(high, place.column.type)})",
                context.fix.put("Swap them", ((*path, "min"), one.max), ((*path, "max"), one.min)),
            )
            continue
        if apart(ends, before):
            yield problem(
                "ranges-apart",
                path,
                f"no value lies in this range and in the other one of {one.attr}",
                context.fix.remove("Remove this one", path),
            )
            continue
        sides[one.attr] = (low if low is not None else before[0], high if high is not None else before[1])
        yield from _against_values(context, place, ends, path, declared)


def _ends(context: Context, place: ColumnPlace, one: Range, path: Path) -> Ends | Problem:
    """Return the ends in units of the column, or what is wrong with them."""
    type = place.column.type
    if type not in _ORDERED:
        return problem(
            "cannot-have-range",
            (*path, "attr"),
            f"{one.attr} is of type {type}: a range is one of numbers, dates or times",
            context.fix.remove("Remove it", path),
        )
    if one.min is None and one.max is None:
        return problem(
            "empty-range",
            path,
            "this range has neither `min` nor `max`",
            context.fix.remove("Remove it", path),
        )
    wanted: ColumnType = "float" if type == "int" else type
    ends = []
    for key, item in (("min", one.min), ("max", one.max)):
        try:
            ends.append(literal(item, wanted))
        except ValueError as error:
            return problem("wrong-value", (*path, key), f"{error}; {one.attr} is of type {type}")
    return ends[0], ends[1]


def _against_values(
    context: Context, place: ColumnPlace, ends: Ends, path: Path, declared: set[str]
) -> Iterable[Problem]:
    """Compare a range with what the column would be without it."""
    drawn = context.drawn(place)
    if (
        drawn is None
        or place.placeholder
        or any(getattr(m, "allow_exceed", False) for m in place.column.modifiers)
    ):
        return
    low, high = drawn_ends(context, place)
    type = place.column.type
    if apart(ends, (low, high)):
        end = (
            ends[0]
            if low is None or (ends[0] is not None and high is not None and high < ends[0])
            else ends[1]
        )
        if end is not None:
            yield problem(
                "range-outside",
                path,
                f"{place.attribute} is drawn from {_said(low, type)} … {_said(high, type)}, all outside of this range: "
                f"every value becomes {value(end, type)}",
                low=low,
                high=high,
            )
        return
    if cut_off(ends, (low, high)) and (
        place.column.name == place.table.node.pk or place.attribute in declared
    ):
        yield problem(
            "range-cuts-key",
            path,
            f"{place.attribute} is a key and goes from {_said(low, type)} to {_said(high, type)}: what lies outside "
            "of the range becomes its end, which is another key or none",
            context.fix.remove("Remove the range", path),
            low=low,
            high=high,
        )


def _said(end: float | None, type: ColumnType) -> str:
    return "" if end is None else value(end, type)
