"""The declared order of writing."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_order"]


def check_order(context: Context) -> Iterable[Problem]:
    """Find tables that the `dag` leaves out, names twice, or puts before their parents."""
    if context.schema.dag is None:
        return
    fix = context.fix.remove("Remove the dag: the order follows from the tables", ("dag",))
    level: dict[str, int] = {}
    places: dict[str, Path] = {}
    for number, names in enumerate(context.schema.dag):
        for place, name in enumerate(names):
            path = ("dag", number, place)
            if name in level:
                again = context.fix.remove("Remove it here", path)
                message = f"{name!r} stands in the order twice"
                yield problem("bad-order", path, message, again, table=name)
            level.setdefault(name, number)
            places.setdefault(name, path)
    # What was left out of the schema because of another problem may well stand in the document.
    missing = [table.node.id for table in context.tables if table.node.id not in level]
    if missing and not any(path[:1] == ("dag",) for path in context.reading.dropped):
        names_ = ", ".join(repr(name) for name in missing)
        yield problem("bad-order", ("dag",), f"the order leaves out {names_}", fix, tables=missing)
    for table in context.tables:
        name = table.node.id
        for parent in context.resolver.tables.parents(name):
            if name in level and parent in level and parent != name and level[parent] >= level[name]:
                yield problem(
                    "bad-order",
                    places[name],
                    f"{name!r} stands before its parent {parent!r}, or beside it",
                    fix,
                    table=name,
                    parent=parent,
                )
