"""Declared uniqueness: met by construction, met by drawing without repetition, or refused."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.distinct import unique_alone, unique_together
from datagen_engine.generators.faker import Faker
from datagen_engine.schema.problem import Problem

__all__ = ["check_unique"]


def check_unique(context: Context) -> Iterable[Problem]:
    """Find declared uniqueness that cannot be met."""
    yield from _declared(context)
    for place in context.judged:
        generator = place.column.generator
        if isinstance(generator, Faker) and generator.unique and place.column.name != place.table.node.pk:
            verdict = unique_alone(context, place)
            if verdict.why is not None:
                path = (*place.generator_path, "unique")
                yield problem(
                    "cannot-be-unique",
                    path,
                    f"{place.column.name} cannot be made unique: {verdict.why}",
                    context.fix.remove("Remove it", path),
                    columns=[place.attribute],
                    why=verdict.why,
                )


def _declared(context: Context) -> Iterable[Problem]:
    for number, group in enumerate(context.schema.constraints.unique):
        path = ("constraints", "unique", number)
        fix = context.fix.remove("Remove it", path)
        found = [context.attribute(attribute) for attribute in dict.fromkeys(group)]
        places: list[ColumnPlace] = [place for place in found if place is not None]
        if len(places) < len(found) or not all(place.readable for place in places):
            continue
        if len({place.table.node.id for place in places}) > 1:
            yield problem(
                "across-tables",
                path,
                "columns that are unique together stand in one table; these do not",
                fix,
            )
            continue
        if any(place.column.name == place.table.node.pk for place in places):
            continue  # the key is judged by itself, and with it all that it is part of
        if any(place.placeholder for place in places):
            continue
        verdict = unique_alone(context, places[0]) if len(places) == 1 else unique_together(context, places)
        if verdict.why is not None:
            names = " and ".join(place.column.name for place in places)
            yield problem(
                "cannot-be-unique",
                path,
                f"{names} cannot be made unique: {verdict.why}",
                fix,
                columns=[place.attribute for place in places],
                why=verdict.why,
            )
