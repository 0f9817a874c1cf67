"""Nulls where there may be none."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.check.codes import problem
from datagen_engine.check.context import ColumnPlace, Context
from datagen_engine.expression import Facts
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_nulls"]


def check_nulls(context: Context) -> Iterable[Problem]:
    """Find columns that could get a null and may not hold one."""
    for place in context.columns:
        if place.column.null_rate > 0 and not place.column.nullable:
            path = (*place.path, "null_rate")
            yield problem(
                "null-rate-without-nullable", path, "a share of nulls needs a column that allows them",
                context.fix.put("Allow nulls", ((*place.path, "nullable"), True)),
            )
    for place in context.judged:
        drawn = context.drawn(place)
        if not place.column.nullable and drawn is not None and drawn.nullable:
            yield from _null(context, place, drawn)


def _null(context: Context, place: ColumnPlace, drawn: Facts) -> Iterable[Problem]:
    path, reason = _where(context, place, drawn)
    if reason is None:
        return  # a null that is written out: the part that holds it says so
    key = place.table.node.pk == place.column.name
    yield problem(
        "could-be-null", path, f"a value can be null: {reason}, and the column is not nullable",
        None if key else context.fix.put("Allow nulls", ((*place.path, "nullable"), True)), reason=reason,
    )


def _where(context: Context, place: ColumnPlace, drawn: Facts) -> tuple[Path, str | None]:
    """Return what can give the null, and why."""
    facts: Facts | None = place.column.generator.facts(context.site(place))
    path: Path = place.generator_path
    if facts is not None and not facts.nullable:
        for number, modifier, site in context.modifiers(place):
            facts = modifier.facts(facts, site)
            path = (*place.modifier_path(number), "args")
            if facts.nullable:
                break
    if facts is None or not facts.nullable or facts.null_reason is None:
        return path, drawn.null_reason[0] if drawn.null_reason is not None else None
    return path, facts.null_reason[0]
