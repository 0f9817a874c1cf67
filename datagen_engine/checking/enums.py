"""Enumerations: values that can be drawn and are not among those allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import listed
from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import ColumnType
from datagen_engine.resolve.origins import origins
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import split_attribute

__all__ = ["check_enums"]

_MOST_NUMBERS = 10_000


def check_enums(context: Context) -> Iterable[Problem]:
    """Find enumerations that what is drawn does not keep to."""
    for number, one in enumerate(context.schema.constraints.enum):
        if (one.values is None) == (one.enum_ref is None):
            yield problem(
                "one-of", ("constraints", "enum", number), "an enumeration has either `values` or `enum_ref`"
            )
    for place, values, reference, path in _declared(context):
        if values is not None:
            yield from _against_values(context, place, values, path)
        elif reference is not None:
            yield from _against_column(context, place, reference, path)


def _declared(context: Context) -> Iterator[tuple[ColumnPlace, Sequence[Any] | None, str | None, Path]]:
    for place in context.judged:
        constraints = place.column.constraints
        path = (*place.path, "constraints")
        if constraints is not None and constraints.enum is not None:
            yield place, constraints.enum, None, (*path, "enum")
        if constraints is not None and constraints.enum_ref is not None:
            yield place, None, constraints.enum_ref, (*path, "enum_ref")
    for number, one in enumerate(context.schema.constraints.enum):
        found = context.attribute(one.attr)
        path = ("constraints", "enum", number)
        if found is None or not found.readable or found.placeholder:
            continue
        if one.values is not None and one.enum_ref is None:
            yield found, one.values, None, (*path, "values")
        elif one.enum_ref is not None and one.values is None:
            yield found, None, one.enum_ref, (*path, "enum_ref")


def _against_values(
    context: Context, place: ColumnPlace, values: Sequence[Any], path: Path
) -> Iterable[Problem]:
    wanted: ColumnType = "float" if place.column.type == "int" else place.column.type
    allowed = set()
    for number, item in enumerate(values):
        try:
            allowed.add(literal(item, wanted))
        except ValueError as error:
            yield problem(
                "wrong-value", (*path, number), f"{error}; {place.attribute} is of type {place.column.type}"
            )
            return
    yield from _outside(context, place, allowed - {None}, path)


def _against_column(context: Context, place: ColumnPlace, reference: str, path: Path) -> Iterable[Problem]:
    key = split_attribute(reference)
    target = context.place(*key)
    if target is None or not target.readable or key in origins(context.resolver, *place.key):
        return
    known = context.facts(target)
    if known is not None and known.values is not None and len(known.values) <= _MOST_NUMBERS:
        yield from _outside(context, place, set(known.values), path)
    elif known is not None:
        yield _not_sure(place, path)


def _outside(context: Context, place: ColumnPlace, allowed: set[Any], path: Path) -> Iterable[Problem]:
    """Compare what can be drawn with what is allowed."""
    facts = context.facts(place)
    if facts is None or place.column.type in ("datetime", "date"):
        return
    drawn = facts.values
    if drawn is None and place.column.type == "bool":
        drawn = (True, False)
    if drawn is None and facts.type == "int" and None not in (facts.low, facts.high):
        low, high = int(facts.low or 0), int(facts.high or 0)
        drawn = tuple(range(low, high + 1)) if high - low < _MOST_NUMBERS else None
    if drawn is None:
        yield _not_sure(place, path)
        return
    wrong = [item for item in drawn if item not in allowed]
    if wrong:
        near = (
            context.meant(wrong[0], [one for one in allowed if isinstance(one, str)])[1]
            if isinstance(wrong[0], str)
            else ""
        )
        yield problem(
            "value-not-allowed",
            path,
            f"{place.attribute} can be {listed(wrong)}, which is not allowed here{near}",
            column=place.attribute,
            values=wrong[:20],
        )


def _not_sure(place: ColumnPlace, path: Path) -> Problem:
    return problem(
        "enum-not-sure",
        path,
        f"nothing makes sure that {place.attribute}, drawn by a {place.column.generator.key}, has one of these values",
        column=place.attribute,
    )
