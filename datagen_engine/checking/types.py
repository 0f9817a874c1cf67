"""Values that the type of their column cannot hold."""

from __future__ import annotations

import math
from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import figure
from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import ColumnType
from datagen_engine.expression import Facts
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.distribution import Distribution
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.generators.lookup import Lookup
from datagen_engine.schema.problem import Problem

__all__ = ["check_types"]

_NUMBERS = ("int", "float")
_TIMES = ("datetime", "date")
_SPOKEN = {
    "int": "whole numbers",
    "float": "numbers",
    "string": "text",
    "bool": "true or false",
    "datetime": "times",
    "date": "dates",
}
_LARGEST = 9.2e18


def check_types(context: Context) -> Iterable[Problem]:
    """Find columns whose values are of another type, or beyond what the type can hold."""
    for place in context.judged:
        column = place.column
        generator = column.generator
        if column.type not in generator.types and not context.site(place).maps:
            path = (*place.path, "type")
            can = next(
                (t for t in ("int", "float", "string", "datetime", "date") if t in generator.types), None
            )
            yield problem(
                "type-mismatch",
                path,
                f"a {generator.key} gives {_SPOKEN.get(can or '', 'something else')}, "
                f"which no column of type {column.type} holds",
                context.fix.put(f"Change the type to {can}", (path, can)) if can else None,
                expected=can,
            )
            continue
        drawn = context.drawn(place)
        if drawn is not None:
            yield from _drawn(context, place, drawn)


def _drawn(context: Context, place: ColumnPlace, drawn: Facts) -> Iterable[Problem]:
    """Judge what the generator and the modifiers give; what a part says of itself is told by the part."""
    column = place.column
    plain = not column.modifiers and isinstance(column.generator, Choice | EnumList | Lookup)
    if not plain and not _fits(drawn, column.type):
        path = (*place.path, "type")
        yield problem(
            "type-mismatch",
            path,
            f"the values are {_SPOKEN[drawn.type]}; the column is of type {column.type}",
            context.fix.put(f"Change the type to {drawn.type}", (path, drawn.type)),
            expected=drawn.type,
        )
    elif column.type == "bool" and drawn.type in _NUMBERS and column.generator.key != "distribution":
        path = (*place.path, "type")
        yield problem(
            "type-loses-values",
            path,
            "numbers in a bool column: everything but 0 becomes true",
            context.fix.put(f"Change the type to {drawn.type}", (path, drawn.type)),
        )
    elif column.type == "int" and place.key not in context.resolver.ranges:
        # Of formulas the bounds are guesses as soon as one of their columns has none.
        told = isinstance(column.generator, Distribution) and not any(
            modifier.key == "expression" for modifier in column.modifiers
        )
        ends = [end for end in (drawn.low, drawn.high) if end is not None and math.isfinite(end)]
        beyond = [end for end in ends if abs(end) > _LARGEST]
        if told and beyond:
            path = (*place.path, "type")
            yield problem(
                "number-too-large",
                path,
                f"values up to {figure(beyond[-1])} do not fit into 64-bit integers",
                context.fix.put("Change the type to float", (path, "float")),
            )


def _fits(drawn: Facts, type: ColumnType) -> bool:
    if drawn.type in ("null", type) or type == "string":
        return True
    if drawn.type == "string":
        return drawn.values is not None and all(_readable(value, type) for value in drawn.values)
    if drawn.type in _TIMES:
        return type in _TIMES
    return type not in _TIMES


def _readable(text: str, type: ColumnType) -> bool:
    """Say whether a text is read as a value of another type."""
    try:
        if type in _NUMBERS:
            float(text)
        elif type == "bool":
            return text.strip().lower() in ("true", "false")
        else:
            literal(text, type)
    except ValueError:
        return False
    return True
