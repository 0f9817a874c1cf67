"""Which time a modifier goes by."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.resolve.tables import NoTime
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_times"]

_TIMES = ("datetime", "date")


def check_times(context: Context) -> Iterable[Problem]:
    """Find modifiers that need a time where there is none, or take it from what is no time."""
    for place in context.judged:
        if place.column.type not in ("int", "float"):
            continue
        for number, modifier in enumerate(place.column.modifiers):
            path = place.modifier_path(number)
            if not hasattr(modifier, "time_reference"):
                continue
            reference = modifier.time_reference
            if reference is not None:
                yield from _reference(context, place, reference, (*path, "args", "time_reference"))
            elif context.clock(place.table.node.id) is None and _asks(context, place, number):
                table = place.table.node.id
                yield problem(
                    "no-time",
                    path,
                    f"{modifier.key} goes by the time of a row, and neither {table!r} nor its parents have a "
                    "column of type datetime or date",
                    context.fix.remove("Remove the modifier", path),
                    table=table,
                )


def _asks(context: Context, place: ColumnPlace, number: int) -> bool:
    """Say whether a modifier asks for a time at all: an effect without a window does not."""
    modifier, site = next((m, s) for n, m, s in context.modifiers(place) if n == number)
    try:
        modifier.bind(site)
    except NoTime:
        return True
    return False


def _reference(context: Context, place: ColumnPlace, reference: str, path: Path) -> Iterable[Problem]:
    node = place.table.node
    column = node.by_name.get(reference)
    if column is None or column.type in _TIMES:
        return
    found = context.place(node.id, reference)
    if found is None or not found.readable:
        return
    other = next((one.name for one in node.columns if one.type in _TIMES), None)
    yield problem(
        "not-a-time",
        path,
        f"{reference!r} is of type {column.type}; the time of a row is a datetime or a date",
        context.fix.put(f"Take the time from {other}", (path, other))
        if other
        else context.fix.remove("Remove it", path),
        column=reference,
    )
