"""What the values of a plan depend on, each node's as one short mark.

Two plans give a node the same mark only if they give it the same values: the mark is a digest of everything
that the schema says about it, and of the marks of what it needs. So a plan made after an edit knows what of
the plan before it still holds: the columns that the edit did not touch, directly or through others.

A mark may differ where the values do not (a renamed column is drawn again), never the other way round.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.modifiers.effect import EffectTable
from datagen_engine.schema.document import Column
from datagen_engine.schema.document import Node as Table

if TYPE_CHECKING:
    from datagen_engine.planning.plan import Plan

__all__ = ["Marks"]

Mark = bytes


class Marks:
    """Know the marks of a plan's nodes."""

    def __init__(self, plan: Plan) -> None:
        """Mark the nodes of a plan, each when it is first asked about."""
        self._plan = plan
        self._schema = plan.schema
        self._known: dict[Node, Mark | None] = {}
        self._frames: dict[str, Mark] = {}

    def of(self, node: Node) -> Mark | None:
        """Return the mark of a node; None where it has none, so that nothing is kept for it."""
        if node not in self._known:
            self._known[node] = None  # a node that comes to itself is never drawn
            try:
                own = self._own(node)
                needs = [self.of(need) for need in dict.fromkeys(self._plan.needs(node)) if need != node]
            except (LookupError, ValueError, RecursionError):  # a schema with errors, or one too deep
                return None
            if all(need is not None for need in needs):
                self._known[node] = _digest(own, *needs)
        return self._known[node]

    def of_kept(self, key: Hashable) -> Mark | None:
        """Return the mark of something that a plan's store keeps by this key; None where it is not to be kept."""
        match key:
            case EffectTable():
                return self._all(b"effect", key.needs)
            case ("weights", *_):
                return b"weights"  # the key says it all
            case ("whole", str(table), str(column)):
                return self._all(b"whole", (ColumnNode(table, column), CountNode(table)))
            case ("children", str(table)):
                return self.of(CountNode(table))
            case ("distinct", str(table), str(column), _):
                return self.of(ColumnNode(table, column))
            case ("match", str(table), (*columns,)):
                keys = (ColumnNode(table, str(column)) for column in columns)
                return self._all(b"match", (CountNode(table), *keys))
            case _:
                return None

    def _all(self, kind: Mark, nodes: Iterable[Node]) -> Mark | None:
        marks = [self.of(node) for node in nodes]
        return None if any(mark is None for mark in marks) else _digest(kind, *marks)

    def _own(self, node: Node) -> Mark:
        """Return what the schema says about a node itself."""
        if isinstance(node, ColumnNode):
            plan = self._plan.tables[node.table].columns[node.column]
            column = self._schema.by_id[node.table].by_name[node.column]
            said = (plan.type, plan.few, column, *self._frames_around(node.table, column))
            ordered = bool(self._plan.resolver.orders.of(node))
            return _digest("column", node, self._run, said, self._orders if ordered else "")
        frames = self._frames_around(node.table, None)
        if isinstance(node, PickNode):
            return _digest("pick", node, self._run, self._plan.resolver.picks.spec(node), frames)
        tables = self._plan.resolver.tables
        return _digest("count", node, self._run, tables.base_rows(node.table), frames)

    @cached_property
    def _run(self) -> Mark:
        return _digest(self._plan.seed, self._schema.timeframe)

    def _frames_around(self, table: str, column: Column | None) -> tuple[Mark, ...]:
        """Return what a table, its parents, and the tables that it reads say outside of their columns."""
        tables = self._plan.resolver.tables
        around = dict.fromkeys((table, *tables.parents(table), *tables.ancestors(table)))
        node = self._schema.by_id[table]
        for modifier in (*node.modifiers, *(column.modifiers if column else ())):
            if isinstance(read := getattr(modifier, "effect_table", None), str):
                around[read] = None
        for one in (column,) if column else node.columns:
            for _, generator in one.generator.walk():
                for key in ("source", "choices_ref", "locale_from"):
                    if isinstance(read := getattr(generator, key, None), str):
                        around[read.partition(".")[0]] = None
        return tuple(self._frame(name) for name in around if name in self._schema.by_id)

    def _frame(self, table: str) -> Mark:
        """Return what a table says outside of its columns, and their names and types."""
        if table not in self._frames:
            node = self._schema.by_id[table]
            # Not what stands in the object itself: that is also what was worked out and kept there.
            said = [
                getattr(node, key) for key in Table.model_fields if key not in ("columns", "rules", "rows")
            ]
            shape = [(column.name, column.type, column.nullable) for column in node.columns]
            self._frames[table] = _digest(said, shape, self._constraints(node))
        return self._frames[table]

    def _constraints(self, node: Table) -> list[Any]:
        found = self._schema.constraints
        prefix = f"{node.id}."
        groups = [group for group in found.unique if any(one.startswith(prefix) for one in group)]
        return [*groups, *(one for one in found.ranges if one.attr.startswith(prefix))]

    @cached_property
    def _orders(self) -> Mark:
        """Return all that may decide how far a column in a declared order reaches, and who is drawn first."""
        orders = self._plan.resolver.orders
        members = {node: None for order in orders.all for node in (order.lower, order.upper)}
        tables = dict.fromkeys(node.table for node in members)
        said = [(one.lower, one.upper, one.strict, one.equal) for one in orders.all]
        columns = [self._schema.by_id[table].columns for table in tables if table in self._schema.by_id]
        return _digest(said, [orders.bound(node) for node in members], columns)


def _digest(*parts: object) -> Mark:
    # The repr of a spec holds all that it says; remarks and layout are not read into specs at all.
    text = "\x1f".join(part.hex() if isinstance(part, bytes) else repr(part) for part in parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
