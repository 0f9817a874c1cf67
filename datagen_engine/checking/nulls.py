"""Nulls where there may be none."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.expression import Facts
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.modifiers.map_values import MapValues
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_nulls"]


def check_nulls(context: Context) -> Iterable[Problem]:
    """Find columns that could get a null and may not hold one."""
    for place in context.columns:
        if place.column.null_rate > 0 and not place.column.nullable:
            path = (*place.path, "null_rate")
            yield problem(
                "null-rate-without-nullable",
                path,
                "a share of nulls needs a column that allows them",
                context.fix.put("Allow nulls", ((*place.path, "nullable"), True)),
            )
    for place in context.judged:
        drawn = context.drawn(place)
        if not place.column.nullable and drawn is not None and drawn.nullable:
            yield from _null(context, place)


def _null(context: Context, place: ColumnPlace) -> Iterable[Problem]:
    generator = place.column.generator
    facts: Facts | None = generator.facts(context.site(place))
    path: Path = place.generator_path
    written = isinstance(generator, EnumList) or (
        isinstance(generator, Choice) and generator.choices is not None
    )
    if facts is not None and not facts.nullable:
        for number, modifier, site in context.modifiers(place):
            facts = modifier.facts(facts, site)
            path = (*place.modifier_path(number), "args")
            written = isinstance(modifier, MapValues)
            if facts.nullable:
                break
    if written or facts is None:
        return  # a null that is written out: the part that holds it says so
    if facts.type == "null" and facts.null_reason is None:
        return  # a formula with a fault, of which nothing is known
    reason, start, end = facts.null_reason or ("nothing keeps it from being so", 0, 0)
    params: dict[str, object] = {"reason": reason}
    if end:
        path = (*path, "code")
        params |= {"start": start, "end": end}
    hint = "; allow nulls, or give another value with coalesce(…)" if end else ""
    # A key without a value is no key: it has to be mended where the null comes from.
    key = place.table.node.pk == place.column.name
    fix = None if key else context.fix.put("Allow nulls", ((*place.path, "nullable"), True))
    yield problem(
        "could-be-null",
        path,
        f"a value can be null, in a column that is not nullable: {reason}{hint}",
        fix,
        **params,
    )
