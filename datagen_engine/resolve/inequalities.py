"""Declared orders between columns: which there are, who is drawn first, and how far each column may reach.

An inequality is read as `lower ≤ upper` or `lower < upper`. The columns of a row are drawn in their order,
those of a parent before its children's; each is drawn within the bounds that follow from those before it,
and leaves room for those after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.grid import Grid
from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.lazy import np
from datagen_engine.schema.document import Column
from datagen_engine.schema.path import Path

if TYPE_CHECKING:
    from datagen_engine.resolve.site import Resolver

__all__ = ["Extent", "Order", "Orders", "bendable", "step_above", "step_below"]

Extent = tuple[float, float]
"""Lowest and highest value, both included: numbers, or microseconds since 1970 for dates and times."""


@dataclass(frozen=True, slots=True)
class Order:
    """Say that one column is never above another; `equal`: that the two are the same.

    `path` leads to the inequality in the document; () for one that follows from a `vintage_behavior`.
    """

    lower: ColumnNode
    upper: ColumnNode
    strict: bool
    equal: bool
    path: Path

    def other(self, node: ColumnNode) -> ColumnNode:
        """Return the column on the other side."""
        return self.upper if node == self.lower else self.lower


_KINDS: dict[str, str] = {"int": "number", "float": "number", "datetime": "time", "date": "time"}


class Orders:
    """Know the orders of a schema that drawing honours, and the extents that follow from them.

    Leaves out what names no columns, mixes numbers with times, or joins tables that are not child and
    parent: the checks report those.
    """

    def __init__(self, resolver: Resolver) -> None:
        """Collect the declared orders, and those that creation times imply."""
        self._resolver = resolver
        self._of: dict[ColumnNode, list[Order]] = {}
        self.all: list[Order] = []
        for order in (*self._declared(), *self._after_creation()):
            self.all.append(order)
            self._of.setdefault(order.lower, []).append(order)
            self._of.setdefault(order.upper, []).append(order)
        self._free: dict[ColumnNode, Extent] = {}
        self._grids: dict[ColumnNode, Grid | None] = {}
        self._bound: dict[ColumnNode, Extent] | None = None

    def of(self, node: ColumnNode) -> Sequence[Order]:
        """Return the orders that a column stands in."""
        return self._of.get(node, ())

    def free(self, node: ColumnNode) -> Extent:
        """Return how far a column reaches by itself."""
        if node not in self._free:
            facts = self._resolver.facts(node.table, node.column)
            low = -math.inf if facts is None or facts.low is None else facts.low
            high = math.inf if facts is None or facts.high is None else facts.high
            if self._type(node) == "date":
                low, high = low * MICROSECONDS_A_DAY, high * MICROSECONDS_A_DAY
            self._free[node] = (self._first_tick(node, low), self._last_tick(node, high))
        return self._free[node]

    def bound(self, node: ColumnNode) -> Extent:
        """Return how far a column may reach so that every order can hold (empty where none can)."""
        if self._bound is None:
            self._bound = {each: self.free(each) for each in self._of}
            for _ in range(len(self._of) + 1):
                changed = [self._tighten(order, self._bound) for order in self.all]  # all of them, every time
                if not any(changed):
                    break
        return self._bound.get(node) or self.free(node)

    def always_holds(self, order: Order) -> bool:
        """Say whether two columns are so far apart by themselves that their order needs no care."""
        if order.equal:
            return False
        most, least = self.free(order.lower)[1], self.free(order.upper)[0]
        return most < least or (most == least and not order.strict)

    def _tighten(self, order: Order, extents: dict[ColumnNode, Extent]) -> bool:
        low, high = extents[order.lower], extents[order.upper]
        lower_type, upper_type = self._type(order.lower), self._type(order.upper)
        most = step_below(high[1], lower_type) if order.strict else high[1]
        least = step_above(low[0], upper_type) if order.strict else low[0]
        new_low, new_high = (low[0], min(low[1], most)), (max(high[0], least), high[1])
        if order.equal:
            both = (max(low[0], high[0]), min(low[1], high[1]))
            new_low, new_high = both, both
        new_low = (new_low[0], self._last_tick(order.lower, new_low[1]))
        new_high = (self._first_tick(order.upper, new_high[0]), new_high[1])
        changed = (new_low, new_high) != (low, high)
        extents[order.lower], extents[order.upper] = new_low, new_high
        # An order that cannot hold would push its two sides past each other for ever.
        return changed and new_low[0] <= new_low[1] and new_high[0] <= new_high[1]

    def _grid(self, node: ColumnNode) -> Grid | None:
        """Return the grid that a column's times lie on, None where they may lie anywhere."""
        if node not in self._grids:
            self._grids[node] = None
            table, column = (
                self._resolver.tables.node(node.table),
                self._resolver.schema.column(node.table, node.column),
            )
            if table and column and isinstance(column.generator, DatetimeSeries) and not column.modifiers:
                with suppress(ValueError):  # no grid at all: the checks say so
                    self._grids[node] = column.generator.grid(self._resolver.site(table, column))
        return self._grids[node]

    def _last_tick(self, node: ColumnNode, value: float) -> float:
        """Return the last tick of a column's grid at or before a value; the value itself without a grid."""
        grid = self._grid(node)
        if grid is None or not math.isfinite(value):
            return value
        if grid.step is not None:
            place = min((int(value) - grid.window.start) // grid.step, grid.count - 1)
            return float(grid.window.start + place * grid.step) if place >= 0 else value
        passed = int(grid.before(np.array([int(value) + 1]))[0])
        return float(grid.instants(np.array([passed - 1]))[0]) if passed else value

    def _first_tick(self, node: ColumnNode, value: float) -> float:
        """Return the first tick of a column's grid at or after a value."""
        grid = self._grid(node)
        if grid is None or not math.isfinite(value):
            return value
        if grid.step is not None:
            place = max(-((grid.window.start - math.ceil(value)) // grid.step), 0)
            return float(grid.window.start + place * grid.step) if place < grid.count else value
        passed = int(grid.before(np.array([math.ceil(value)]))[0])
        return float(grid.instants(np.array([passed]))[0]) if passed < grid.count else value

    def _type(self, node: ColumnNode) -> ColumnType:
        return self._resolver.tables.type_of(node.table, node.column) or "float"

    def _declared(self) -> Iterator[Order]:
        for place, one in enumerate(self._resolver.schema.constraints.inequalities):
            left, right = (ColumnNode(*side.split(".", 1)) for side in (one.left, one.right))
            path = ("constraints", "inequalities", place)
            if left == right or not self._joinable(left, right):
                continue
            if one.op == "==":
                yield Order(left, right, False, True, path)
            elif one.op in ("<", "<="):
                yield Order(left, right, one.op == "<", False, path)
            else:
                yield Order(right, left, one.op == ">", False, path)

    def _joinable(self, left: ColumnNode, right: ColumnNode) -> bool:
        tables = self._resolver.tables
        kinds = [_KINDS.get(tables.type_of(node.table, node.column) or "") for node in (left, right)]
        if kinds[0] is None or kinds[0] != kinds[1]:
            return False
        return (
            left.table == right.table
            or right.table in tables.parents(left.table)
            or left.table in tables.parents(right.table)
        )

    def _after_creation(self) -> Iterator[Order]:
        """Yield: a child's drawn times are never before its parent's creation."""
        tables = self._resolver.tables
        for parent in self._resolver.schema.nodes:
            behavior = parent.vintage_behavior
            if (
                behavior is None
                or _KINDS.get(tables.type_of(parent.id, behavior.created_at_column) or "") != "time"
            ):
                continue
            created = ColumnNode(parent.id, behavior.created_at_column)
            for child in self._resolver.schema.nodes:
                if tables.first_parent(child.id) != parent.id:
                    continue
                for column in child.columns:
                    if column.generator.key == "datetime_series":
                        yield Order(created, ColumnNode(child.id, column.name), False, False, ())


def bendable(column: Column) -> bool:
    """Say whether a column can be drawn within bounds: from a distribution, and changed in ways that can be undone."""
    if column.type not in _KINDS or column.generator.key not in ("distribution", "datetime_series", "choice"):
        return False
    if getattr(column.generator, "choices_ref", None) is not None:
        return False
    return not any(modifier.key in ("map_values", "expression") for modifier in column.modifiers)


def step_below(value: float, type: ColumnType) -> float:
    """Return the largest value of a type below another: one less for whole numbers, days and microseconds.

    >>> step_below(3.0, "int"), step_below(2.5, "int"), step_below(86_400_000_000, "date")
    (2.0, 2.0, 0.0)
    """
    if not math.isfinite(value):
        return value
    if type == "int":
        return math.ceil(value) - 1.0
    if type == "datetime":
        return value - 1
    if type == "date":
        return math.ceil(value / MICROSECONDS_A_DAY - 1) * float(MICROSECONDS_A_DAY)
    return math.nextafter(value, -math.inf)


def step_above(value: float, type: ColumnType) -> float:
    """Return the smallest value of a type above another.

    >>> step_above(3.0, "int"), step_above(2.5, "int")
    (4.0, 3.0)
    """
    return -step_below(-value, type)
