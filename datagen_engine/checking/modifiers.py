"""Modifiers that do nothing, and those that change what must stay as it is."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.distinct import keeps_apart
from datagen_engine.checking.words import listed
from datagen_engine.draw.literals import json_text
from datagen_engine.expression import Facts
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.generators.lookup import Lookup
from datagen_engine.modifiers.add import Add
from datagen_engine.modifiers.clamp import Clamp
from datagen_engine.modifiers.effect import Effect
from datagen_engine.modifiers.jitter import Jitter
from datagen_engine.modifiers.map_values import MapValues
from datagen_engine.modifiers.multiply import Multiply
from datagen_engine.modifiers.outliers import Outliers
from datagen_engine.modifiers.seasonality import Seasonality
from datagen_engine.modifiers.time_jitter import TimeJitter
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_modifiers"]

_TIMES = ("datetime", "date")


def check_modifiers(context: Context) -> Iterable[Problem]:
    """Find modifiers without influence, and those on keys."""
    declared = {one.source for one in context.schema.constraints.foreign_keys}
    for place in context.judged:
        for number, modifier in enumerate(place.column.modifiers):
            path = place.modifier_path(number)
            why = _idle(place, modifier)
            if why is not None:
                yield _without_influence(context, path, modifier, why)
                continue
            yield from _on_key(context, place, path, modifier, declared)
            if isinstance(modifier, MapValues):
                yield from _mapping(context, place, number, modifier)
    for table in context.tables:
        for number, modifier in enumerate(table.node.modifiers):
            path = (*table.path, "modifiers", number)
            if not isinstance(modifier, Effect):
                why = "on a table, only an effect changes the number of rows"
            elif context.resolver.tables.first_parent(table.node.id) is None:
                why = "only the number of children of a parent can be changed, and this table has no parents"
            elif table.node.stage_config is not None:
                why = "the stages decide how many rows there are"
            else:
                continue
            if not table.node.parents or context.table(table.node.parents[0]) is not None:
                yield _without_influence(context, path, modifier, why)


def _without_influence(context: Context, path: Path, modifier: Modifier, why: str) -> Problem:
    return problem(
        "no-influence",
        path,
        f"{modifier.key} has no influence here: {why}",
        context.fix.remove("Remove the modifier", path),
        why=why,
    )


def _idle(place: ColumnPlace, modifier: Modifier) -> str | None:
    """Return why a modifier does nothing, None where it does something."""
    type = place.column.type
    if type not in modifier.acts_on:
        acts = [
            one for one in ("int", "float", "string", "bool", "datetime", "date") if one in modifier.acts_on
        ]
        return f"it acts on columns of type {' or '.join(acts)}, and this one is of type {type}"
    shapes = isinstance(modifier, Seasonality | Effect | Outliers)
    if type in _TIMES and shapes and not _draws_ticks(place):
        return f"it acts on the draw of a time, and a {place.column.generator.key} draws none"
    return _changes_nothing(modifier)


def _draws_ticks(place: ColumnPlace) -> bool:
    return any(isinstance(part, DatetimeSeries) for _, part in place.column.generator.walk())


def _changes_nothing(modifier: Modifier) -> str | None:
    match modifier:
        case Multiply() if modifier.by == 1:
            return "× 1 changes nothing"
        case Add(value=0):
            return "+ 0 changes nothing"
        case Clamp(min=None, max=None):
            return "it has neither `min` nor `max`"
        case Jitter(std=0):
            return "its standard deviation is 0"
        case TimeJitter() if not (modifier.std or modifier.std_minutes):
            return "its standard deviation is 0"
        case Outliers(rate=0):
            return "its rate is 0"
        case Outliers(magnitude=0, magnitude_dist=None):
            return "its magnitude is 0"
        case Seasonality() if set(modifier.weights) == {1}:
            return "every weight is 1"
        case MapValues() if not modifier.mapping and modifier.default is None:
            return "its mapping is empty"
    return None


def _on_key(
    context: Context, place: ColumnPlace, path: Path, modifier: Modifier, declared: set[str]
) -> Iterable[Problem]:
    """Judge a modifier on a key: one that moves values makes them the same, or away from what they refer to."""
    column = place.column
    title = "Remove the modifier"
    if column.name == place.table.node.pk:
        # Others could make values the same, which the check of keys tells.
        if keeps_apart(modifier, column.type):
            yield problem(
                "modified-key",
                path,
                f"{modifier.key} changes the primary key; give its generator other numbers",
                context.fix.remove(title, path),
            )
        return
    if place.attribute in declared:
        yield problem(
            "modified-foreign-key",
            path,
            f"{modifier.key} changes a foreign key, whose values then refer to nothing",
            context.fix.remove(title, path),
            column=place.attribute,
        )
        return
    generator = column.generator
    if isinstance(generator, Lookup):
        table, read = generator.target
        target = context.table(table)
        if target is not None and target.node.pk == read and not isinstance(modifier, MapValues):
            yield problem(
                "modified-key",
                path,
                f"{modifier.key} changes a key of {table!r}, which then leads to another row or to none",
                context.fix.remove(title, path),
                column=place.attribute,
            )


def _mapping(context: Context, place: ColumnPlace, number: int, modifier: MapValues) -> Iterable[Problem]:
    """Find keys of a mapping that no value has."""
    before = context.before(place, number)
    if before is None or before.values is None or not modifier.mapping:
        return
    known = [json_text(item) for item in _as_json(before)]
    path = (*place.modifier_path(number), "args", "mapping")
    missed = [key for key in modifier.mapping if not _is_one_of(key, known, before)]
    if len(missed) == len(modifier.mapping) and modifier.default is None:
        yield _without_influence(
            context, place.modifier_path(number), modifier, f"the values before it are {listed(known)}"
        )
        return
    for key in missed:
        near, hint = context.meant(key, [one for one in known if one not in modifier.mapping])
        fix = context.fix.rename(f"Change it to {near}", path, key, near) if near is not None else None
        yield problem(
            "unused-key",
            (*path, key),
            f"no value is {key!r} here{hint}",
            fix or context.fix.remove("Remove it", (*path, key)),
            key=key,
        )


def _as_json(facts: Facts) -> list[object]:
    values = facts.values or ()
    if facts.type in ("int", "float"):
        return [int(value) if float(value).is_integer() else value for value in values]
    return list(values)


def _is_one_of(key: str, known: list[str], before: Facts) -> bool:
    if key in known:
        return True
    if before.type not in ("int", "float"):
        return False
    try:
        return any(float(key) == float(one) for one in known)
    except ValueError:
        return False
