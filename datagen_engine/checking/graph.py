"""Who needs whom, as the schema says it: a superset of the edges of a plan, without one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TypeAlias

from datagen_engine.checking.context import ColumnPlace, Context, TablePlace
from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.draw.stage import Clock, Stage
from datagen_engine.modifiers.effect import Effect
from datagen_engine.resolve.behaviors import scales_values
from datagen_engine.resolve.site import ColumnSite, time_needs
from datagen_engine.resolve.tables import NoTime
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.path import Path

__all__ = ["Graph", "needs_graph"]

Graph: TypeAlias = dict[Node, dict[Node, Path]]
"""For each column and each number of rows what it needs, with the place in the schema that says so."""


def needs_graph(context: Context) -> Graph:
    """Return what every column and number of rows needs.

    An edge too many costs a look at the plan, an edge too few a cycle that is not found.
    """
    graph: Graph = {}
    for table in context.tables:
        graph[CountNode(table.node.id)] = dict(reversed([*_count(context, table)]))
    for place in context.columns:
        graph[ColumnNode(*place.key)] = dict(reversed([*_column(context, place)]))
    for lower, upper, path in _orders(context):
        graph.setdefault(upper, {}).setdefault(lower, path)
    return graph


def _column(context: Context, place: ColumnPlace) -> Iterator[tuple[Node, Path]]:
    """Yield what a column needs: through its generator, its modifiers, and its parents' behaviours."""
    if not place.readable:
        return
    table, column = place.table.node, place.column
    site = context.site(place)
    source = context.guarded(
        column.generator, place.generator_path, partial(column.generator.bind, site), None
    )
    for node in source.needs if source is not None else ():
        yield from _through(context, place.table, node, (*place.path, "generator"))
    for number, modifier, own in context.modifiers(place):
        path = place.modifier_path(number)
        stage = context.guarded(modifier, path, partial(_bound, modifier, own), None)
        for node in stage.needs if stage is not None else ():
            yield from _through(context, place.table, node, path)
    for parent in context.resolver.tables.behaving.get(table.id, ()):
        above = context.table(parent.id)
        path = above.path if above is not None else ()
        ages, segments = parent.vintage_behavior, parent.segment_behavior
        if segments is not None and column.name in segments.applies_to_columns:
            yield ColumnNode(parent.id, segments.segment_column), (*path, "segment_behavior")
        if ages is None or column.type not in ("int", "float"):
            continue
        if any(scales_values(age, column.name) for age in ages.age_based_multipliers.values()):
            path = (*path, "vintage_behavior")
            yield ColumnNode(parent.id, ages.created_at_column), path
            for node in _time(context, table.id):
                yield node, path


def _bound(modifier: Modifier, site: ColumnSite) -> Stage | None:
    """Return a bound modifier; without a time to go by there is none."""
    try:
        return modifier.bind(site)
    except NoTime:
        return None


def _time(context: Context, table: str) -> tuple[Node, ...]:
    clock = context.clock(table)
    return () if clock is None else time_needs(context.resolver.tables, table, clock)


def _through(context: Context, table: TablePlace, node: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    """Yield a node; of a pick what it needs in turn."""
    if not isinstance(node, PickNode):
        yield node, path
        return
    spec = context.resolver.picks.spec(node)
    yield CountNode(node.table if spec.kind == "parent" else node.target), path
    for local, remote in spec.keys:
        yield ColumnNode(node.table, local), path
        yield ColumnNode(node.target, remote), path
    if spec.kind in ("other_parent", "random") and context.resolver.tables.first_parent(table.node.id):
        # Where something hangs on the rows that are picked, they are picked in proportion to it.
        yield from _count(context, table)


def _count(context: Context, table: TablePlace) -> Iterator[tuple[Node, Path]]:
    """Yield what a number of rows needs: that of the parent, and all that multiplies it."""
    tables, node = context.resolver.tables, table.node
    first = tables.first_parent(node.id)
    if first is None:
        return
    yield CountNode(first), (*table.path, "parents", 0)
    clock: Clock = tables.count_clock(node.id, context.resolver.timeframe.middle)
    for number, modifier, site in context.table_modifiers(table):
        path = (*table.path, "modifiers", number)
        if not isinstance(modifier, Effect):
            continue
        for need in modifier.table(site).needs:
            yield need, path
        for local in modifier.on:
            for owner in tables.parents(node.id):
                if tables.type_of(owner, local) is not None:
                    yield ColumnNode(owner, local), path
            looked_up = node.by_name.get(local)
            target = getattr(looked_up.generator, "target", None) if looked_up is not None else None
            if target is not None:
                yield from ((ColumnNode(*target), path), (CountNode(target[0]), path))
        for need in time_needs(tables, first, clock):
            yield need, path
    for name in tables.parents(node.id):
        parent = context.table(name)
        if parent is None:
            continue
        yield CountNode(name), (*table.path, "parents")
        if parent.node.segment_behavior is not None:
            column = parent.node.segment_behavior.segment_column
            yield ColumnNode(name, column), (*parent.path, "segment_behavior")
        if parent.node.vintage_behavior is not None:
            column = parent.node.vintage_behavior.created_at_column
            yield ColumnNode(name, column), (*parent.path, "vintage_behavior")


def _orders(context: Context) -> Iterator[tuple[Node, Node, Path]]:
    """Yield for each declared order the column that is drawn first, and the one drawn within its bounds."""
    for order in context.resolver.orders.all:
        one, two = order.lower, order.upper
        if one.table == two.table:
            names = list(context.schema.by_id[one.table].by_name)
            if (
                one.column in names
                and two.column in names
                and names.index(one.column) > names.index(two.column)
            ):
                one, two = two, one
        elif two.table in context.resolver.tables.parents(one.table):
            one, two = two, one
        yield one, two, order.path
