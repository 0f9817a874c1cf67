"""The place where a part of a schema stands, and the answers to its questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from datagen_engine.draw.grid import Window
from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.draw.stage import Clock, TickShape
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import ColumnType
from datagen_engine.expression import Facts
from datagen_engine.resolve.behaviors import behaved
from datagen_engine.resolve.finished import finished
from datagen_engine.resolve.inequalities import Orders
from datagen_engine.resolve.origins import unmatched
from datagen_engine.resolve.picks import Picks
from datagen_engine.resolve.ranges import Ends, declared_ranges
from datagen_engine.resolve.stages import is_placeholder, stage_facts
from datagen_engine.resolve.tables import Tables
from datagen_engine.schema.document import Column, Schema
from datagen_engine.schema.document import Node as Table
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import nearest
from datagen_engine.schema.reading import Unreadable

__all__ = ["ColumnSite", "Resolver", "TableSite"]

_OPEN: Ends = (None, None)


class Resolver:
    """Know a schema's tables, picks and facts, and make the sites of its parts."""

    def __init__(
        self, schema: Schema, seed: int = 42, scale: float = 1.0, rows: Mapping[str, int] | None = None
    ) -> None:
        """Resolve a schema for a run of this seed and these numbers of rows."""
        self.schema = schema
        self.seed = seed
        self.tables = Tables(schema, scale, tuple((rows or {}).items()))
        self.timeframe = schema.timeframe.window
        self.picks = Picks(self.tables)
        self.orders = Orders(self)
        self._facts: dict[tuple[str, str], Facts | None] = {}
        self._drawn: dict[tuple[str, str], Facts | None] = {}
        self._sites: dict[tuple[str, str], ColumnSite] = {}
        self._modifier_sites: dict[tuple[str, str], list[ColumnSite]] = {}

    def site(self, table: Table, column: Column) -> ColumnSite:
        """Return the site of a column's generator."""
        key = (table.id, column.name)
        if key not in self._sites:
            self._sites[key] = ColumnSite(self, table, "generator", column)
        return self._sites[key]

    def modifier_sites(self, table: Table, column: Column) -> list[ColumnSite]:
        """Return the sites of a column's modifiers.

        Each has streams of its own, told apart by what the modifier is and by how many of its kind stand
        before it: so one more modifier elsewhere in the chain leaves the noise of the others as it is.
        """
        key = (table.id, column.name)
        if key not in self._modifier_sites:
            self._modifier_sites[key] = [
                ColumnSite(self, table, slot, column) for slot in _slots(column.modifiers)
            ]
        return self._modifier_sites[key]

    def table_sites(self, table: Table) -> list[TableSite]:
        """Return the sites of a table's own modifiers."""
        return [TableSite(self, table, slot) for slot in _slots(table.modifiers)]

    @cached_property
    def ranges(self) -> dict[tuple[str, str], Ends]:
        """Return the declared ranges that hold, by table and column."""
        return declared_ranges(self.schema)

    def facts(self, table: str, name: str) -> Facts | None:
        """Return what is known of a column's finished values before any is drawn."""
        key = (table, name)
        if key not in self._facts:
            drawn, column = self.drawn(table, name), self.schema.column(table, name)
            ends = self.ranges.get(key, _OPEN)
            self._facts[key] = None if drawn is None or column is None else finished(drawn, column, ends)
        return self._facts[key]

    def drawn(self, table: str, name: str) -> Facts | None:
        """Return what is known of a column's values before they get its type, its range and its nulls."""
        key = (table, name)
        if key not in self._drawn:
            self._drawn[key] = None  # what asks for itself on the way is a cycle: nothing is known then
            node, column = self.tables.node(table), self.schema.column(table, name)
            if node is not None and column is not None:
                self._drawn[key] = self._drawn_facts(node, column)
        return self._drawn[key]

    def give_up(self, keys: Iterable[tuple[str, str]]) -> None:
        """Take nothing for known of some columns: of a wide circle each would ask the next, ever deeper."""
        self._drawn.update(dict.fromkeys(keys))

    def _drawn_facts(self, node: Table, column: Column) -> Facts | None:
        if is_placeholder(node, column):
            return stage_facts(node, column)
        facts: Facts | None = column.generator.facts(self.site(node, column))
        if facts is None:
            return None
        if column.modifiers:
            for modifier, site in zip(column.modifiers, self.modifier_sites(node, column), strict=True):
                facts = modifier.facts(facts, site)
        return behaved(self.tables, node, column, facts) if node.kind == "fact" else facts


@dataclass
class ColumnSite:
    """The site of a column's generator, or of one of its modifiers (both have the same answers)."""

    resolver: Resolver = field(repr=False)
    node: Table
    slot: str
    of: Column
    place: Path = ()
    """The way from the column's generator to the one nested in it whose site this is."""

    @property
    def schema(self) -> Schema:
        """Return the schema."""
        return self.resolver.schema

    @property
    def table(self) -> str:
        """Return the id of the table."""
        return self.node.id

    @property
    def column(self) -> str:
        """Return the name of the column."""
        return self.of.name

    @property
    def type(self) -> ColumnType:
        """Return the type of the column."""
        return self.of.type

    @property
    def nullable(self) -> bool:
        """Return whether the column may hold nulls."""
        return self.of.nullable

    @property
    def timeframe(self) -> Window:
        """Return the timeframe of the schema."""
        return self.resolver.timeframe

    @property
    def frequency(self) -> str:
        """Return the default grid of the schema."""
        return self.schema.timeframe.freq

    @property
    def maps(self) -> bool:
        """Return whether a modifier may turn the generator's values into others of another type."""
        return any(modifier.key in ("map_values", "expression") for modifier in self.of.modifiers)

    @property
    def window(self) -> Window | None:
        """Return the window that the generator draws its times from."""
        window = getattr(self.of.generator, "window", None)
        return window(self) if window else None

    @cached_property
    def tick_shapes(self) -> Sequence[TickShape]:
        """Return the modifiers that shape the choice of a tick."""
        if self.type not in ("datetime", "date"):
            return ()
        sites = self.resolver.modifier_sites(self.node, self.of)
        shapes = (m.shape_ticks(site) for m, site in zip(self.of.modifiers, sites, strict=True))
        return tuple(shape for shape in shapes if shape is not None)

    def stream(self, purpose: str) -> Stream:
        """Return the stream of one use of randomness here."""
        slot = "/".join(str(step) for step in (self.slot, *self.place))
        return Stream(self.resolver.seed, self.table, self.column, f"{slot}/{purpose}")

    def clock(self, reference: str | None = None) -> Clock:
        """Return where this row's time comes from."""
        return self.resolver.tables.clock(self.table, reference)

    def reads_time(self, clock: Clock) -> tuple[Node, ...]:
        """Return what must be known to tell a row's time."""
        return time_needs(self.resolver.tables, self.table, clock)

    def rows_of(self, table: str) -> tuple[Node, ...]:
        """Return what must be known to tell the number of rows of another table."""
        return (CountNode(table),)

    def whole(self, table: str, column: str) -> tuple[Node, ...]:
        """Return what must be known to read all of another table's column."""
        return ColumnNode(table, column), CountNode(table)

    def type_of(self, table: str, column: str) -> ColumnType | None:
        """Return the type of a column of any table."""
        return self.resolver.tables.type_of(table, column)

    def pick(self, target: str, column: str, on: Mapping[str, str], **options: object) -> PickNode:
        """Return the pick through which a lookup of this column goes."""
        return self.resolver.picks.of_lookup(self.table, self.column, target, column, self.place)

    def within(self, way: Path) -> Self:
        """Return the site of a generator nested in this one's."""
        return replace(self, place=(*self.place, *way))

    def facts(self, table: str, column: str) -> Facts | None:
        """Return what is known of a column's finished values."""
        return self.resolver.facts(table, column)

    def unmatched(self, target: str, keys: Mapping[str, str]) -> str | None:
        """Return why a lookup by keys may find no row; None where it is proven that each finds one."""
        return unmatched(self.resolver, self.table, target, keys)

    def rows(self, table: str) -> float:
        """Return the expected number of rows of a table."""
        return self.resolver.tables.expected_rows(table)

    def look_up(self, table: str) -> Callable[[str], str | None] | None:
        """Return a function from a mistyped column of the table to the nearest one."""
        node = self.resolver.tables.node(table)
        return (lambda name: nearest(name, node.by_name)) if node else None


_NO_COLUMN = Column(name="(number of rows)", type="float", generator=Unreadable())


class TableSite(ColumnSite):
    """The site of a table's own modifier, which acts on the number of its rows."""

    def __init__(self, resolver: Resolver, node: Table, slot: str) -> None:
        """Stand at a table."""
        super().__init__(resolver, node, slot, _NO_COLUMN)

    @property
    def window(self) -> Window | None:
        """Return no window: there is no generator."""
        return None

    def clock(self, reference: str | None = None) -> Clock:
        """Return where the time of the first parent comes from."""
        return self.resolver.tables.count_clock(self.table, self.timeframe.middle)


def time_needs(tables: Tables, table: str, clock: Clock) -> tuple[Node, ...]:
    """Return what must be known to tell a row's time."""
    if clock.column is None:
        return ()
    if clock.up == 0:
        return (ColumnNode(table, clock.column),)
    line = [table, *tables.ancestors(table)]
    return (ColumnNode(line[clock.up], clock.column), *(CountNode(owner) for owner in line[: clock.up]))


def _slots(modifiers: Sequence[Modifier]) -> list[str]:
    seen: dict[str, int] = {}
    slots = []
    for modifier in modifiers:
        count = seen[modifier.key] = seen.get(modifier.key, 0) + 1
        slots.append(modifier.key if count == 1 else f"{modifier.key}#{count}")
    return slots
