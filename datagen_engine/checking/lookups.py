"""Settings of a lookup that have no say in which row it reads."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.generators.lookup import Lookup
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_lookups"]

_FOUND_BY = {
    "match": "the row is found by its keys",
    "parent": "the row is that of the parent",
    "other_parent": "the row is the one that is picked for that parent",
}


def check_lookups(context: Context) -> Iterable[Problem]:
    """Find settings of lookups that are ignored."""
    for place in context.judged:
        for way, part in place.column.generator.walk():
            path = (*place.generator_path, *way)
            if isinstance(part, Lookup) and context.table(part.target[0]) is not None:
                yield from _ignored(context, place, part, path, way)


def _ignored(
    context: Context, place: ColumnPlace, lookup: Lookup, path: Path, way: Path
) -> Iterable[Problem]:
    if lookup.roots is None and lookup.pick is None and lookup.weights_kind is None:
        return
    pick = context.resolver.picks.of_lookup(*place.key, *lookup.target, way)
    kind = context.resolver.picks.spec(pick).kind
    for key in ("roots", "pick", "weights_kind"):
        if getattr(lookup, key) is None:
            continue
        why = _FOUND_BY.get(kind)
        if why is None and key == "roots" and kind != "own":
            why = "only rows that refer to their own table have roots"
        if why is not None:
            where = (*path, key)
            message = f"`{key}` has no say here: {why}"
            yield problem("ignored-key", where, message, context.fix.remove("Remove it", where), key=key)
