"""Columns and numbers of rows that need each other in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.graph import Graph
from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.planning.order import components, find_cycle
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_cycles"]

_LONGEST = 12
"""The columns that are named of a circle; of a longer one the first of them."""

Edges = Mapping[Node, Iterable[Node]]


def check_cycles(context: Context) -> Iterable[Problem]:
    """Find circles among columns and numbers of rows, each told with the whole way around."""
    graph = context.graph
    if not any(_is_circle(group, graph) for group in context.groups):
        return
    exact = _planned(context)
    for circle in _circles(graph if exact is None else exact):
        yield _told(context, graph, circle)


def _planned(context: Context) -> Edges | None:
    """Return the exact edges, from a plan; None where problems elsewhere keep one from being made."""
    from datagen_engine.planning.plan import Plan

    try:
        edges: Edges = Plan(context.schema.model_copy(update={"dag": None})).graph()
    except Exception:  # a plan takes a schema without errors; this one may have any
        return None
    return edges


def _circles(edges: Edges) -> list[list[Node]]:
    """Return each circle once, its first node at both ends."""

    def below(node: Node) -> Iterable[Node]:
        return edges.get(node, ())

    circles = [set(group) for group in components(list(edges), below) if _is_circle(group, edges)]
    return [find_cycle([node for node in edges if node in circle], below) for circle in circles]


def _is_circle(group: Sequence[Node], edges: Edges) -> bool:
    return len(group) > 1 or group[0] in edges.get(group[0], ())


def _told(context: Context, graph: Graph, circle: Sequence[Node]) -> Problem:
    way: list[Node] = [node for node in circle[:-1] if not isinstance(node, PickNode)] or list(circle[:-1])
    for place, (first, then) in enumerate(zip(way, [*way[1:], way[0]], strict=True)):
        column = _asks_for_time(context, graph, first, then)
        if column is not None:
            return _time_problem(context, graph, [*way[place:], *way[:place]], column)
    # Begin with a column, if there is one: a place to stand at.
    begin = next((place for place, node in enumerate(way) if isinstance(node, ColumnNode)), 0)
    turned = [*way[begin:], *way[:begin]]
    path = _path(context, graph, turned[0], turned[1 % len(turned)])
    return problem("cycle", path, f"a circle: {_said(turned)}", way=[str(node) for node in turned])


def _time_problem(context: Context, graph: Graph, way: Sequence[Node], place: ColumnPlace) -> Problem:
    path = _path(context, graph, way[0], way[1 % len(way)])
    other = _other_time(place, graph)
    hint = ". A `time_reference` says which other column tells it" if other else ""
    return problem(
        "time-depends-on-itself",
        path,
        f"the time of a row depends on itself: {_said(way)}{hint}",
        context.fix.put(f"Take the time from {other}", ((*path, "args", "time_reference"), other))
        if other
        else None,
        column=place.column.name,
        way=[str(node) for node in way],
    )


def _said(way: Sequence[Node]) -> str:
    words = [
        f"the number of rows of {node.table}" if isinstance(node, CountNode) else str(node) for node in way
    ]
    if len(words) > _LONGEST:
        words[_LONGEST - 1 : -1] = [f"{len(words) - _LONGEST} more in turn"]
    words.append(words[0])
    return f"{words[0]} needs {words[1]}" + "".join(f", which needs {word}" for word in words[2:])


def _path(context: Context, graph: Graph, first: Node, then: Node) -> Path:
    """Return where the schema says that one of these needs the other."""
    said = graph.get(first, {}).get(then)
    if said:
        return said
    if isinstance(first, ColumnNode):
        place = context.place(first.table, first.column)
        if place is not None:
            return (*place.path, "generator")
    table = context.table(first.table)
    return table.path if table is not None else ("nodes",)


def _asks_for_time(context: Context, graph: Graph, first: Node, then: Node) -> ColumnPlace | None:
    """Return the first column, if a modifier of it asks for the time and so needs the other."""
    if not isinstance(first, ColumnNode) or not isinstance(then, ColumnNode) or first.table != then.table:
        return None
    place, path = context.place(first.table, first.column), _path(context, graph, first, then)
    if place is None or len(path) < 2 or path[-2] != "modifiers" or not isinstance(path[-1], int):
        return None
    modifier = place.column.modifiers[path[-1]]
    asks = hasattr(modifier, "time_reference") and then.column not in getattr(modifier, "on", ())
    return place if asks else None


def _other_time(place: ColumnPlace, graph: Graph) -> str | None:
    """Return a column of times that does not need this one."""
    table, start = place.table.node, ColumnNode(*place.key)
    for column in table.columns:
        if column.type in ("datetime", "date") and start not in _reached(
            graph, ColumnNode(table.id, column.name)
        ):
            return column.name
    return None


def _reached(graph: Graph, start: Node) -> set[Node]:
    reached, ahead = {start}, [start]
    while ahead:
        for node in graph.get(ahead.pop(), {}):
            if node not in reached:
                reached.add(node)
                ahead.append(node)
    return reached
