"""Whose columns the keys of a table's effect are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from datagen_engine.draw.nodes import PickNode
from datagen_engine.generators.lookup import Lookup
from datagen_engine.modifiers.effect import Effect
from datagen_engine.resolve.picks import Picks
from datagen_engine.resolve.tables import Tables
from datagen_engine.schema.document import Node

__all__ = ["EffectOwner", "effect_owner"]


@dataclass(frozen=True, slots=True)
class EffectOwner:
    """Name the table whose rows have the keys of an effect, and its columns in the order of the effect's `on`.

    `pick` is the pick that reaches the rows, where they are not a parent's.
    """

    table: str
    columns: tuple[str, ...]
    pick: PickNode | None = None


def effect_owner(tables: Tables, picks: Picks, node: Node, effect: Effect) -> EffectOwner | None:
    """Return the owner of an effect's keys, None where no single table has them all (the effect is left out).

    The first parent is asked first (its own columns, and what the table looks up from it), then the other
    parents, then the tables that the table looks up at random. An effect without keys is the first parent's.
    """
    if any(tables.type_of(effect.effect_table, remote) is None for remote in effect.on.values()):
        return None
    for owner, pick in _candidates(tables, picks, node):
        columns = [_column_of(tables, picks, node, owner, pick, local) for local in effect.on]
        if all(column is not None for column in columns):
            return EffectOwner(owner, tuple(column for column in columns if column is not None), pick)
    return None


def _candidates(tables: Tables, picks: Picks, node: Node) -> Iterator[tuple[str, PickNode | None]]:
    for parent in dict.fromkeys(tables.parents(node.id)):
        yield parent, None
    for spec in picks.all():
        if spec.node.table == node.id and spec.kind == "random":
            yield spec.node.target, spec.node


def _column_of(
    tables: Tables, picks: Picks, node: Node, owner: str, pick: PickNode | None, local: str
) -> str | None:
    """Return the owner's column that a local key stands for."""
    if pick is None and tables.type_of(owner, local) is not None:
        return local
    column = node.by_name.get(local)
    if column is None or not isinstance(column.generator, Lookup) or column.modifiers:
        return None
    target, remote = column.generator.target
    if target != owner or column.generator.on:
        return None
    if pick is not None and picks.of_lookup(node.id, local, target, remote) != pick:
        return None
    return remote if tables.type_of(owner, remote) is not None else None
