"""Where the values of a column come from, and which values are sure to occur in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.values import ColumnType
from datagen_engine.expression import Facts
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.generators.lookup import Lookup
from datagen_engine.generators.sequence import Sequence
from datagen_engine.schema.document import Column
from datagen_engine.schema.reading import Unreadable
from datagen_engine.schema.spec import split_attribute

if TYPE_CHECKING:
    from datagen_engine.resolve.site import Resolver

__all__ = ["covers", "each_parent_has_children", "origins", "unmatched"]

_MOST_COMBINATIONS = 10_000

Key = tuple[str, str]
"""A table and a column of it."""


def origins(resolver: Resolver, table: str, column: str) -> list[Key]:
    """Return the columns that every value of a column occurs in: itself, what it looks up, and so on."""
    return list(_chain(resolver, (table, column), whole=False))


def unmatched(resolver: Resolver, table: str, target: str, keys: Mapping[str, str]) -> str | None:
    """Return why a lookup from `table` by keys may find no row of `target`; None where each finds one.

    Proven is that the local value comes from the remote column itself, or from one of which every value
    occurs there; or that all values of both are known. Of columns that there are not, or that could not be
    read, nothing is said: that is a problem of its own.
    """
    sides = [*((table, local) for local in keys), *((target, remote) for remote in keys.values())]
    columns = [resolver.schema.column(*side) for side in sides]
    if any(column is None or isinstance(column.generator, Unreadable) for column in columns):
        return None
    for local in keys:
        known = resolver.facts(table, local)
        if known is not None and known.nullable:
            return f"`{local}` can be null"
    if len(keys) == 1:
        ((local, remote),) = keys.items()
        if covers(resolver, (table, local), (target, remote)):
            return None
    elif _same_row(resolver, table, target, keys) or _listed(resolver, table, target, keys):
        return None
    spoken = " and ".join(f"`{local}`" for local in keys)
    there = " and ".join(f"{target}.{remote}" for remote in keys.values())
    return f"nothing proves that every {spoken} occurs in {there}"


def covers(resolver: Resolver, local: Key, remote: Key) -> bool | None:
    """Say whether each value of one column (that is not null) occurs in another: True, False: none does, None."""
    if not {*_chain(resolver, local, whole=False)}.isdisjoint(_chain(resolver, remote, whole=True)):
        return True
    if _in_sequence(resolver, local, remote) or _listed(resolver, local[0], remote[0], {local[1]: remote[1]}):
        return True
    mine, theirs = resolver.facts(*local), resolver.facts(*remote)
    if mine is None or theirs is None:
        return None
    if mine.values is not None and theirs.values is not None and set(mine.values).isdisjoint(theirs.values):
        return False
    if mine.type != theirs.type:
        return None
    return False if _lies_below(mine, theirs) or _lies_below(theirs, mine) else None


def _chain(resolver: Resolver, key: Key, *, whole: bool) -> Iterator[Key]:
    """Follow a column to what it reads; with `whole` only where every value that is read occurs in it."""
    seen: set[Key] = set()
    while key not in seen:
        column = resolver.schema.column(*key)
        if column is None:
            return
        yield key
        seen.add(key)
        if column.modifiers or key in resolver.ranges:
            return  # its values are not those that it reads
        generator = column.generator
        if isinstance(generator, Lookup):
            if whole and not _reads_all_parents(resolver, key[0], column, generator):
                return
            read = generator.target
        elif isinstance(generator, Choice) and generator.choices_ref is not None and not whole:
            read = split_attribute(generator.choices_ref)
        else:
            return
        if not _alike(column.type, resolver.tables.type_of(*read)):
            return
        key = read


def _alike(one: ColumnType, other: ColumnType | None) -> bool:
    kinds = ({"int", "float"}, {"datetime", "date"})
    return one == other or any(one in kind and other in kind for kind in kinds)


def _reads_all_parents(resolver: Resolver, table: str, column: Column, lookup: Lookup) -> bool:
    parent = lookup.target[0]
    if lookup.keys() or column.null_rate > 0 or parent != resolver.tables.first_parent(table):
        return False
    return each_parent_has_children(resolver, table)


def each_parent_has_children(resolver: Resolver, table: str) -> bool:
    """Say whether each row of the first parent is sure to have at least one child."""
    node = resolver.tables.node(table)
    if node is None or node.stage_config is not None:
        return node is not None
    if node.fanout is None:
        return True
    return node.fanout.bounds()[0] >= 1 and not resolver.tables.multiplied(table)


def _in_sequence(resolver: Resolver, local: Key, remote: Key) -> bool:
    """Say whether all local values are numbers of a sequence that is sure to be long enough."""
    column, rows = resolver.schema.column(*remote), resolver.tables.base_rows(remote[0])
    known = resolver.facts(*local)
    if (
        column is None
        or column.modifiers
        or remote in resolver.ranges
        or rows is None
        or known is None
        or not isinstance(column.generator, Sequence)
        or column.generator.step not in (1, -1)
        or known.type != "int"
        or known.low is None
        or known.high is None
    ):
        return False
    ends = column.generator.start, column.generator.start + column.generator.step * (rows - 1)
    return rows > 0 and min(ends) <= known.low and known.high <= max(ends)


def _same_row(resolver: Resolver, table: str, target: str, keys: Mapping[str, str]) -> bool:
    """Say whether all keys are read from one and the same row of the target."""
    picks = set()
    for local, remote in keys.items():
        column = resolver.schema.column(table, local)
        if column is None or column.modifiers or (table, local) in resolver.ranges:
            return False
        if not isinstance(column.generator, Lookup) or column.generator.target != (target, remote):
            return False
        picks.add(resolver.picks.of_lookup(table, local, target, remote))
    return len(picks) == 1


def _listed(resolver: Resolver, table: str, target: str, keys: Mapping[str, str]) -> bool:
    """Say whether all values of both sides are known, and each local one is among the remote ones."""
    local: list[tuple[Any, ...]] = []
    remote: list[tuple[Any, ...]] = []
    for here, there in keys.items():
        column = resolver.schema.column(target, there)
        if column is None or column.modifiers or not isinstance(column.generator, EnumList):
            return False
        known, listed = resolver.facts(table, here), resolver.facts(target, there)
        if known is None or listed is None or known.values is None or listed.values is None:
            return False
        if not _alike(known.type, listed.type):  # type: ignore[arg-type]  # a column's facts have its type
            return False
        local.append(known.values)
        remote.append(tuple(column.generator.values))
    if prod(len(values) for values in local) > _MOST_COMBINATIONS:
        return False
    rows = set(zip(*remote, strict=False))
    return all(combination in rows for combination in product(*local))


def _lies_below(lower: Facts, upper: Facts) -> bool:
    """Say whether every value of one column is known to lie below every value of another."""
    return lower.high is not None and upper.low is not None and lower.high < upper.low
