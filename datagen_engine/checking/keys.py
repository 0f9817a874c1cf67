"""Primary keys: there, never null, never twice."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context
from datagen_engine.checking.distinct import unique_alone
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.schema.problem import Problem

__all__ = ["check_keys"]


def check_keys(context: Context) -> Iterable[Problem]:
    """Find primary keys that may be null or repeat."""
    for table in context.tables:
        place = context.place(table.node.id, table.node.pk)
        if place is None:
            continue  # an unknown column, or one that could not be read: told already
        if place.column.nullable:
            path = (*place.path, "nullable")
            rate = [(*place.path, "null_rate")] if place.column.null_rate > 0 else []
            yield problem(
                "nullable-key",
                path,
                f"{place.column.name!r} is the primary key, which is never null",
                context.fix.remove("Do not allow nulls", *rate, path),
            )
        if not place.readable:
            continue
        verdict = unique_alone(context, place)
        if verdict.why is None or (
            isinstance(place.column.generator, EnumList) and not place.column.modifiers
        ):
            continue  # of a list that holds a value twice the list itself says so
        body: dict[str, dict[str, int]] = {"sequence": {}}
        fix = context.fix.put("Make it a sequence", ((*place.path, "generator"), body))
        if place.column.modifiers:
            without = context.fix.remove("", (*place.path, "modifiers"))
            fix = context.fix.both("Make it a plain sequence", fix, without)
        if place.column.type not in ("int", "float", "string"):
            fix = None
        yield problem(
            "key-repeats",
            (*place.path, "generator"),
            f"{place.column.name!r} is the primary key and could repeat: {verdict.why}",
            fix,
            why=verdict.why,
        )
