"""Which row of another table each lookup reads, by the order of the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from datagen_engine.draw.nodes import PickNode
from datagen_engine.generators.faker import Faker
from datagen_engine.generators.lookup import Lookup
from datagen_engine.resolve.tables import Tables
from datagen_engine.schema.path import Path
from datagen_engine.schema.spec import split_attribute

__all__ = ["PickKind", "PickSpec", "Picks"]

PickKind = Literal["match", "parent", "other_parent", "own", "random"]


@dataclass(frozen=True, slots=True)
class PickSpec:
    """Say how the row is found.

    `match`: by equal keys; `parent`: the first parent's row; `other_parent`: the row picked for that
    parent; `own`: another row of the same table; `random`: any row.
    """

    node: PickNode
    kind: PickKind
    keys: tuple[tuple[str, str], ...] = ()
    roots: float | None = None
    weights_kind: str | None = None


class Picks:
    """Know the pick of each lookup.

    Lookups of one table that read different columns share a pick; one that reads a column already read
    starts another, which those after it follow. A name says outright which pick it is.
    """

    def __init__(self, tables: Tables) -> None:
        """Walk the lookups of every table in the order of its columns."""
        self._of_lookup: dict[tuple[str, str, Path], PickNode] = {}
        self._specs: dict[PickNode, PickSpec] = {}
        for node in tables.schema.nodes:
            current: dict[str, tuple[PickNode, set[str]]] = {}
            for column in node.columns:
                for place, generator in column.generator.walk():
                    if isinstance(generator, Lookup):
                        pick = self._settle(tables, node.id, generator, current)
                        self._of_lookup[node.id, column.name, place] = pick
                    elif isinstance(generator, Faker) and "." in (generator.locale_from or ""):
                        target, _ = split_attribute(generator.locale_from or "")
                        pick = self._follow(tables, node.id, target, current)
                        self._of_lookup[node.id, column.name, place] = pick

    def of_lookup(self, table: str, column: str, target: str, read: str, place: Path = ()) -> PickNode:
        """Return the pick of a column's lookup, or of the one at a place within the column's generator."""
        return self._of_lookup[table, column, place]

    def spec(self, pick: PickNode) -> PickSpec:
        """Return how the row of a pick is found."""
        return self._specs[pick]

    def all(self) -> list[PickSpec]:
        """Return every pick of the schema."""
        return list(self._specs.values())

    def other_parent(self, table: str, parent: str) -> PickSpec:
        """Return the pick of the row of a parent that is not the first."""
        node = PickNode(table, parent, "parent")
        return self._specs.setdefault(node, PickSpec(node, "other_parent"))

    def _settle(
        self, tables: Tables, table: str, lookup: Lookup, current: dict[str, tuple[PickNode, set[str]]]
    ) -> PickNode:
        target, read = lookup.target
        keys = tuple(lookup.keys().items())
        if keys:
            node = PickNode(table, target, "match " + " ".join(f"{local}={remote}" for local, remote in keys))
            return self._keep(PickSpec(node, "match", keys))
        of_parent = self._of_parent(tables, table, target)
        if of_parent is not None:
            return of_parent
        kind: PickKind = "own" if target == table else "random"
        if lookup.pick is not None:
            node = PickNode(table, target, f"pick {lookup.pick}")
            return self._keep(PickSpec(node, kind, (), lookup.roots, lookup.weights_kind))
        node, columns = current.get(target, (PickNode(table, target, "1"), set[str]()))
        asks = lookup.roots is not None or lookup.weights_kind is not None
        known = self._specs.get(node)
        differs = (
            known is not None
            and asks
            and (lookup.roots, lookup.weights_kind) != (known.roots, known.weights_kind)
        )
        if read in columns or differs:
            node, columns = PickNode(table, target, str(int(node.label) + 1)), set()
        current[target] = (node, columns | {read})
        return self._keep(PickSpec(node, kind, (), lookup.roots, lookup.weights_kind))

    def _of_parent(self, tables: Tables, table: str, target: str) -> PickNode | None:
        if target == tables.first_parent(table):
            return self._keep(PickSpec(PickNode(table, target, "first parent"), "parent"))
        if target in tables.parents(table):
            return self.other_parent(table, target).node
        return None

    def _follow(
        self, tables: Tables, table: str, target: str, current: dict[str, tuple[PickNode, set[str]]]
    ) -> PickNode:
        """Return the pick that the lookups before have come to: a country's name is that of its own row."""
        of_parent = self._of_parent(tables, table, target)
        if of_parent is not None:
            return of_parent
        node, _ = current.setdefault(target, (PickNode(table, target, "1"), set()))
        return self._keep(PickSpec(node, "own" if target == table else "random"))

    def _keep(self, spec: PickSpec) -> PickNode:
        self._specs.setdefault(spec.node, spec)
        return spec.node
