"""Declared foreign keys whose values come from somewhere else than what they refer to."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import listed
from datagen_engine.resolve.origins import covers, origins
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Fix, Problem

__all__ = ["check_foreign_keys"]

_NUMBERS = ("int", "float")


def check_foreign_keys(context: Context) -> Iterable[Problem]:
    """Find foreign keys whose values are drawn by something else than what they refer to."""
    for number, one in enumerate(context.schema.constraints.foreign_keys):
        path = ("constraints", "foreign_keys", number)
        source, target = context.attribute(one.source), context.attribute(one.target)
        if source is None or target is None or not source.readable or not target.readable:
            continue
        if source.key == target.key:
            yield problem(
                "refers-to-itself",
                path,
                f"{one.source} refers to itself",
                context.fix.remove("Remove it", path),
            )
        elif not _alike(source, target):
            yield problem(
                "key-types-differ",
                (*path, "from"),
                f"{one.source} is of type {source.column.type}, {one.target} of type {target.column.type}: no value "
                "of one is a value of the other",
                context.fix.put(
                    f"Change the type of {one.source} to {target.column.type}",
                    ((*source.path, "type"), target.column.type),
                ),
            )
        elif not source.placeholder:
            yield from _drawn(context, source, target, path)


def _alike(source: ColumnPlace, target: ColumnPlace) -> bool:
    types = {source.column.type, target.column.type}
    return len(types) == 1 or types <= set(_NUMBERS)


def _drawn(context: Context, source: ColumnPlace, target: ColumnPlace, path: Path) -> Iterable[Problem]:
    if target.key in origins(context.resolver, *source.key) or _moved(context, source):
        return
    known = covers(context.resolver, source.key, target.key)
    if known is True:
        return
    fix = _look_up(context, source, target)
    if known is False:
        mine, theirs = context.facts(source), context.facts(target)
        values = ""
        if mine is not None and theirs is not None and mine.values and theirs.values:
            values = f": {listed(mine.values)} against {listed(theirs.values)}"
        yield problem(
            "key-never-resolves",
            path,
            f"no value of {source.attribute} occurs in {target.attribute}{values}",
            fix,
        )
        return
    yield problem(
        "key-drawn-elsewhere",
        path,
        f"{source.attribute} is declared to refer to {target.attribute}, but its values come from a "
        f"{source.column.generator.key}: nothing makes sure that they occur there",
        fix,
    )


def _moved(context: Context, source: ColumnPlace) -> bool:
    """Say whether a modifier moves the values of the key: that is a problem of its own."""
    return any(modifier.bind(site) is not None for _, modifier, site in context.modifiers(source))


def _look_up(context: Context, source: ColumnPlace, target: ColumnPlace) -> Fix | None:
    if source.column.name == source.table.node.pk:
        return None
    body = {"lookup": {"from": target.attribute}}
    return context.fix.put("Look it up there", ((*source.path, "generator"), body))
