"""Declared inequalities: between columns that a row sees, and possible at all."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import moment, value
from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.planning.order import components
from datagen_engine.resolve.inequalities import Extent, Order, bendable
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_inequalities"]

_KINDS = {
    "int": "numbers",
    "float": "numbers",
    "datetime": "times",
    "date": "times",
    "bool": "true or false",
    "string": "text",
}


def check_inequalities(context: Context) -> Iterable[Problem]:
    """Find inequalities that cannot hold, that join what does not go together, or that nothing can be bent to."""
    orders = {order.path: order for order in context.resolver.orders.all if order.path}
    impossible = _impossible(context, list(orders.values()))
    for number, one in enumerate(context.schema.constraints.inequalities):
        path = ("constraints", "inequalities", number)
        left, right = context.attribute(one.left), context.attribute(one.right)
        if left is None or right is None or not left.readable or not right.readable:
            continue
        wrong = _mismatch(context, left, right)
        if wrong is not None:
            yield problem("bad-inequality", path, wrong, context.fix.remove("Remove it", path))
        elif path in impossible:
            yield problem(
                "impossible-inequality",
                path,
                f"{one.left} {one.op} {one.right} cannot hold: {impossible[path]}",
                left=one.left,
                op=one.op,
                right=one.right,
            )
        elif not _can_bend(left) and not _can_bend(right) and not _always(context, orders.get(path)):
            yield problem(
                "inequality-not-forced",
                path,
                f"neither {one.left} nor {one.right} can be drawn within bounds (both are looked up, calculated, "
                "chosen as text or mapped): the report will tell in which rows this does not hold",
            )


def _mismatch(context: Context, left: ColumnPlace, right: ColumnPlace) -> str | None:
    if left.key == right.key:
        return f"both sides are {left.attribute}"
    kinds = _KINDS[left.column.type], _KINDS[right.column.type]
    if kinds[0] != kinds[1]:
        return f"{left.attribute} holds {kinds[0]}, {right.attribute} holds {kinds[1]}: they are not compared"
    one, other = left.table.node.id, right.table.node.id
    tables = context.resolver.tables
    if one != other and other not in tables.parents(one) and one not in tables.parents(other):
        return f"a row of {one!r} sees no row of {other!r}: an inequality is within a table, or with a parent"
    return None


def _can_bend(place: ColumnPlace) -> bool:
    return bendable(place.column) and not place.placeholder


def _always(context: Context, order: Order | None) -> bool:
    """Say whether an order holds by what is known of both sides."""
    if order is None:
        return False
    lower, upper = context.resolver.orders.free(order.lower), context.resolver.orders.free(order.upper)
    if order.equal:
        return lower == upper and lower[0] == lower[1]
    return lower[1] < upper[0] if order.strict else lower[1] <= upper[0]


# -- what cannot hold -------------------------------------------------------------------------------------


def _impossible(context: Context, orders: list[Order]) -> dict[Path, str]:
    """Return why some inequalities cannot hold: each contradiction once, at the first that takes part in it."""
    found: dict[Path, str] = {}
    group = _groups(orders)
    told: set[int] = set()
    known = context.resolver.orders
    for order in orders:  # two columns whose own values leave no room
        why = _no_room(context, order, known.free(order.lower), known.free(order.upper))
        if why is not None:
            found[order.path] = why
            told.add(group[order.lower])
    for order in orders:  # several inequalities in a row that leave none
        empty = any(low > high for low, high in (known.bound(order.lower), known.bound(order.upper)))
        if empty and group[order.lower] not in told:
            found[order.path] = "together with the other inequalities of these columns no values are left"
            told.add(group[order.lower])
    for order in _contradicting(orders):
        if group[order.lower] not in told:
            found[order.path] = "with the other inequalities it says that a column is below itself"
            told.add(group[order.lower])
    return found


def _groups(orders: list[Order]) -> dict[ColumnNode, int]:
    """Return the number of the group that each column belongs to: those that inequalities join."""
    beside: dict[ColumnNode, list[ColumnNode]] = {}
    for order in orders:
        beside.setdefault(order.lower, []).append(order.upper)
        beside.setdefault(order.upper, []).append(order.lower)
    groups = components(list(beside), beside.__getitem__)
    return {node: number for number, group in enumerate(groups) for node in group}


def _no_room(context: Context, order: Order, lower: Extent, upper: Extent) -> str | None:
    apart = lower[0] > upper[1] or (order.strict and lower[0] >= upper[1])
    if order.equal:
        apart = lower[0] > upper[1] or upper[0] > lower[1]
    if not apart:
        return None
    names = (_spoken(context, order.lower, lower), _spoken(context, order.upper, upper))
    return f"{names[0]}, and {names[1]}"


def _spoken(context: Context, node: ColumnNode, extent: Extent) -> str:
    place = context.place(node.table, node.column)
    time = place is not None and place.column.type in ("datetime", "date")
    low, high = (
        "…" if abs(end) == float("inf") else moment(end) if time else value(end, "float") for end in extent
    )
    if (
        time
        and place is not None
        and place.column.type == "datetime"
        and extent[1] - extent[0] > MICROSECONDS_A_DAY
    ):
        low, high = low[:10], high[:10]
    return f"{node} lies in {low} … {high}" if low != high else f"{node} is {low}"


def _contradicting(orders: list[Order]) -> list[Order]:
    """Return, of each circle of inequalities with a strict one, the first strict one."""
    above: dict[ColumnNode, list[ColumnNode]] = {}
    for order in orders:
        above.setdefault(order.lower, []).append(order.upper)
        above.setdefault(order.upper, [])
        if order.equal:
            above[order.upper].append(order.lower)
    circle = {
        node: number
        for number, group in enumerate(components(list(above), above.__getitem__))
        for node in group
    }
    first: dict[int, Order] = {}
    for order in orders:
        if order.strict and circle[order.lower] == circle[order.upper]:
            first.setdefault(circle[order.lower], order)
    return list(first.values())
