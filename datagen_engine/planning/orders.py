"""Putting the declared orders into a plan: which columns are bent, by whom, and who is drawn first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node
from datagen_engine.draw.stage import Law, Slice, Source
from datagen_engine.draw.values import Values
from datagen_engine.planning.bent import Bend, BentSource, Bounds, CopySource, Partner
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.table import ColumnPlan, TablePlan
from datagen_engine.resolve.inequalities import Order, Orders, bendable

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.resolve.site import Resolver

__all__ = ["bend_columns"]


def bend_columns(resolver: Resolver, tables: Mapping[str, TablePlan]) -> None:
    """Let every column that stands in an order, and can be bent, be drawn within its bounds."""
    if not resolver.orders.all:
        return
    bender = _Bender(resolver, tables)
    for node in resolver.schema.nodes:
        for column in node.columns:
            bender.bend(ColumnNode(node.id, column.name))


class _Bender:
    def __init__(self, resolver: Resolver, tables: Mapping[str, TablePlan]) -> None:
        self.resolver = resolver
        self.orders: Orders = resolver.orders
        self.tables = tables
        self.place = {
            ColumnNode(node.id, column.name): number
            for node in resolver.schema.nodes
            for number, column in enumerate(node.columns)
        }

    def bend(self, node: ColumnNode) -> None:
        """Bend a column, where it stands in an order."""
        orders = self.orders.of(node)
        if not orders or not self._bendable(node):
            return
        plan = self.tables[node.table].columns[node.column]
        for order in orders:
            if order.equal and self._is_before(order.other(node), node):
                self._copy(node, plan, order)
                return
        partners = [partner for order in orders if (partner := self._partner(node, order)) is not None]
        if not partners:
            return
        source = plan.source
        uniform: Callable[[Slice], Array]
        if isinstance(source, CopulaSource):
            uniform, source = source.uniform, source.source
        else:
            stream = self.resolver.site(
                self.resolver.schema.by_id[node.table],
                self.resolver.schema.by_id[node.table].by_name[node.column],
            ).stream("bent")
            uniform = lambda at: stream.uniform(at.rows)  # noqa: E731  # one of two ways to the same
        needs = [*source.needs, *(need for stage in plan.stages for need in stage.needs)]
        for partner in partners:
            needs += self._partner_needs(node, partner)
        bent = BentSource(self._bend_of(node), uniform, partners, needs)
        self.tables[node.table].columns[node.column] = replace(plan, source=bent, stages=())

    def _copy(self, node: ColumnNode, plan: ColumnPlan, order: Order) -> None:
        other = order.other(node)
        read = self._read(node, other)
        if read is not None:
            needs = self._read_needs(node, other)
            source = CopySource(read, plan.type, needs)
            self.tables[node.table].columns[node.column] = replace(plan, source=source, stages=())

    # -- who is drawn first -------------------------------------------------------------------------------

    def _is_before(self, first: ColumnNode, second: ColumnNode) -> bool:
        """Say whether the values of `first` are there when `second` is drawn."""
        if first.table != second.table:
            return first.table in self.resolver.tables.parents(second.table)
        if self._depends(first, second):
            return False
        if not self._bendable(first) or self._depends(second, first):
            return True
        return self.place[first] < self.place[second]

    def _depends(self, node: Node, target: Node) -> bool:
        """Say whether a column needs another one, over any number of steps."""
        seen: set[Node] = set()
        left = list(self._needs(node))
        while left:
            here = left.pop()
            if here == target:
                return True
            if here not in seen:
                seen.add(here)
                left += self._needs(here)
        return False

    def _needs(self, node: Node) -> list[Node]:
        table = self.tables.get(node.table)
        if table is None:
            return []
        if isinstance(node, ColumnNode):
            column = table.columns.get(node.column)
            return column.needs if column is not None else []
        if isinstance(node, CountNode):
            children = table.children
            return [] if children is None else [CountNode(children.parent), *children.needs]
        pick = table.picks.get(node)
        if pick is None:
            return []
        keys = [ColumnNode(node.table, local) for local, _ in pick.spec.keys]
        return [
            CountNode(node.target),
            *keys,
            *(ColumnNode(node.target, remote) for _, remote in pick.spec.keys),
            *pick.needs,
        ]

    # -- partners -----------------------------------------------------------------------------------------

    def _partner(self, node: ColumnNode, order: Order) -> Partner | None:
        other = order.other(node)
        above = order.lower == node  # `node` is the lower side: it must not exceed the other
        if self.orders.always_holds(order):
            return None
        if order.equal and not self._is_before(other, node):
            return None  # the other will copy this one
        if self._is_before(other, node):
            read = self._read(node, other)
            return Partner(other, above, order.strict, read, None) if read is not None else None
        if other.table == node.table and not self._depends(other, node) and self._bendable(other):
            return Partner(other, above, order.strict, None, self._reach_of(node, other))
        return Partner(other, above, order.strict, None, None, self.orders.bound(other))

    def _partner_needs(self, node: ColumnNode, partner: Partner) -> list[Node]:
        if partner.values is not None:
            return self._read_needs(node, partner.node)
        if partner.reach is None:
            return []
        # How far the other reaches depends on what changes it, and on what is drawn before both.
        other = self.tables[partner.node.table].columns[partner.node.column]
        return [need for stage in other.stages for need in stage.needs]

    def _reach_of(self, node: ColumnNode, other: ColumnNode) -> Callable[[Slice], Bounds]:
        bend = self._bend_of(other)
        inner = []
        for order in self.orders.of(other):
            third = order.other(other)
            if third == node or order.equal:
                continue
            above = order.lower == other
            if third.table == node.table and third in self.place and self._is_before(third, node):
                read = self._read(node, third)
                if read is not None and not self._depends(third, node):
                    inner.append(Partner(third, above, order.strict, read, None))
            elif third.table != other.table and third.table in self.resolver.tables.parents(other.table):
                read = self._read(other, third)
                if read is not None:
                    inner.append(Partner(third, above, order.strict, read, None))
            else:
                inner.append(Partner(third, above, order.strict, None, None, self.orders.bound(third)))
        reaching = BentSource(bend, _never, inner, ())

        return lambda at: reaching.reach(at, node)

    def _bend_of(self, node: ColumnNode) -> Bend:
        plan = self.tables[node.table].columns[node.column]
        source = plan.source.source if isinstance(plan.source, CopulaSource) else plan.source
        if isinstance(source, BentSource):
            return source.bend
        clamp = (source.low, source.high) if hasattr(source, "low") and hasattr(source, "high") else None
        return Bend(plan.type, partial(_law_of, source), clamp, plan.stages)

    def _bendable(self, node: ColumnNode) -> bool:
        column = self.resolver.schema.column(node.table, node.column)
        if column is None or not bendable(column):
            return False
        plan = self.tables[node.table].columns[node.column]
        if isinstance(plan.source, BentSource):
            return True
        source = plan.source.source if isinstance(plan.source, CopulaSource) else plan.source
        return source.has_law

    # -- reading another column ---------------------------------------------------------------------------

    def _read(self, node: ColumnNode, other: ColumnNode) -> Callable[[Slice], Values] | None:
        """Return how a row reads the other column; None where it does not see it."""
        if other.table == node.table:
            return lambda at: at.column(other.column)
        if other.table == self.resolver.tables.first_parent(node.table):
            return lambda at: at.parent(other.column)
        if other.table in self.resolver.tables.parents(node.table):
            pick = self.resolver.picks.other_parent(node.table, other.table).node
            return lambda at: at.picked(pick, other.column)
        return None

    def _read_needs(self, node: ColumnNode, other: ColumnNode) -> list[Node]:
        if other.table == node.table:
            return [other]
        if other.table == self.resolver.tables.first_parent(node.table):
            return [other, CountNode(node.table)]
        return [other, self.resolver.picks.other_parent(node.table, other.table).node]


def _law_of(source: Source) -> Law:
    """Return the distribution of a source that has one."""
    assert source.law is not None
    return source.law


def _never(_at: Slice) -> Array:
    """Take the place of uniform numbers where only the reach of a column is asked for."""
    raise AssertionError("nothing is drawn to tell how far a column reaches")
