"""What the checks look at: a schema as far as it could be read, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from datagen_engine.checking.codes import problem
from datagen_engine.checking.fixes import Fixer
from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.draw.nodes import Node as GraphNode
from datagen_engine.draw.stage import Clock
from datagen_engine.expression import Facts
from datagen_engine.planning.order import components
from datagen_engine.resolve.finished import finished
from datagen_engine.resolve.site import ColumnSite, Resolver, TableSite
from datagen_engine.resolve.stages import is_placeholder
from datagen_engine.resolve.tables import NoTime
from datagen_engine.schema.document import Column, Node, Schema
from datagen_engine.schema.parts import Modifier, Part
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem, nearest
from datagen_engine.schema.reading import Reading, Unreadable
from datagen_engine.schema.references import Names

if TYPE_CHECKING:
    from datagen_engine.checking.graph import Graph

__all__ = ["ColumnPlace", "Context", "TablePlace"]

T = TypeVar("T")

_WIDEST_CIRCLE = 50
"""Columns that may need each other and are asked for facts all the same."""
_MOST_WORDS = 50_000
"""Words that are compared with unknown ones in one check: a second or so."""


@dataclass(frozen=True, slots=True)
class TablePlace:
    """A table and where it stands in the schema."""

    node: Node
    path: Path


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """A column and where it stands in the schema.

    `readable` is whether its generator and its type could be read; `placeholder` whether its generator is
    neither drawn nor judged, because stages take its place.
    """

    table: TablePlace
    column: Column
    path: Path
    readable: bool
    placeholder: bool

    @property
    def key(self) -> tuple[str, str]:
        """Return the names of table and column."""
        return self.table.node.id, self.column.name

    @property
    def attribute(self) -> str:
        """Return the name as `table.column`."""
        return f"{self.table.node.id}.{self.column.name}"

    @property
    def generator_path(self) -> Path:
        """Return the path of the generator's body."""
        return (*self.path, "generator", self.column.generator.key)

    def modifier_path(self, number: int) -> Path:
        """Return the path of a modifier."""
        return (*self.path, "modifiers", number)


class Context:
    """Answer the questions of the checks. Paths are those of `schema`, unless it is said otherwise.

    Parameters
    ----------
    reading
        A reading with a schema.
    seed, scale, rows
        Those of the run that the schema is checked for.
    """

    def __init__(
        self, reading: Reading, schema: Schema, seed: int, scale: float, rows: Mapping[str, int] | None
    ) -> None:
        """Look at a schema."""
        self.reading = reading
        self.tree: Any = reading.tree
        self.schema = schema
        self.fix = Fixer(reading)
        self.resolver = Resolver(schema, seed, scale, rows)
        self._clocks: dict[str, Clock | None] = {}
        self._made: dict[Hashable, Any] = {}
        self._spent: dict[str, int] = {}
        self.faulty: dict[Path, Problem] = {}
        """Parts from elsewhere whose own code failed, by path."""

    @cached_property
    def names(self) -> Names:
        """Return the names in the document itself, of what could not be read too."""
        return Names(self.tree)

    @cached_property
    def tables(self) -> list[TablePlace]:
        """Return the tables; of two with one id only the first."""
        nodes = self.schema.nodes
        return [TablePlace(n, ("nodes", i)) for i, n in enumerate(nodes) if self.schema.by_id[n.id] is n]

    @cached_property
    def columns(self) -> list[ColumnPlace]:
        """Return the columns of all tables; of two with one name only the first."""
        found = []
        for table in self.tables:
            for number, column in enumerate(table.node.columns):
                if table.node.by_name[column.name] is column:
                    readable = not isinstance(column.generator, Unreadable)
                    placeholder = is_placeholder(table.node, column)
                    path = (*table.path, "columns", number)
                    found.append(ColumnPlace(table, column, path, readable, placeholder))
        return found

    @cached_property
    def judged(self) -> list[ColumnPlace]:
        """Return the columns whose generators could be read and are drawn."""
        return [place for place in self.columns if place.readable and not place.placeholder]

    @cached_property
    def _places(self) -> dict[tuple[str, str], ColumnPlace]:
        return {place.key: place for place in self.columns}

    @cached_property
    def _table_places(self) -> dict[str, TablePlace]:
        return {place.node.id: place for place in self.tables}

    def place(self, table: str, column: str) -> ColumnPlace | None:
        """Return where a column stands, None where there is none."""
        return self._places.get((table, column))

    def attribute(self, text: str) -> ColumnPlace | None:
        """Return where the column stands that `table.column` names."""
        table, _, column = text.partition(".")
        return self.place(table, column)

    def table(self, table: str) -> TablePlace | None:
        """Return where a table stands."""
        return self._table_places.get(table)

    # -- what is known ------------------------------------------------------------------------------------

    def site(self, place: ColumnPlace) -> ColumnSite:
        """Return the site of a column's generator."""
        return self.resolver.site(place.table.node, place.column)

    def modifiers(self, place: ColumnPlace) -> Iterator[tuple[int, Modifier, ColumnSite]]:
        """Yield the modifiers of a column, with their number and site."""
        if place.column.modifiers:
            sites = self.resolver.modifier_sites(place.table.node, place.column)
            pairs = zip(place.column.modifiers, sites, strict=True)
            for number, (modifier, site) in enumerate(pairs):
                yield number, modifier, site

    def table_modifiers(self, table: TablePlace) -> Iterator[tuple[int, Modifier, TableSite]]:
        """Yield the modifiers of a table, with their number and site."""
        sites = self.resolver.table_sites(table.node)
        for number, (modifier, site) in enumerate(zip(table.node.modifiers, sites, strict=True)):
            yield number, modifier, site

    def facts(self, place: ColumnPlace) -> Facts | None:
        """Return what is known of a column's finished values; nothing of one that could not be read."""
        return self.resolver.facts(*place.key) if place.readable else None

    def drawn(self, place: ColumnPlace) -> Facts | None:
        """Return what is known of a column's values before they get its type, its range and its nulls."""
        return self.resolver.drawn(*place.key) if place.readable else None

    def unbounded(self, place: ColumnPlace) -> Facts | None:
        """Return what a column's finished values would be without its declared range."""
        drawn = self.drawn(place)
        return None if drawn is None else finished(drawn, place.column, (None, None))

    def before(self, place: ColumnPlace, number: int) -> Facts | None:
        """Return what is known of a column's values before one of its modifiers."""
        facts: Facts | None = place.column.generator.facts(self.site(place))
        for earlier, modifier, site in self.modifiers(place):
            if facts is None or earlier == number:
                break
            facts = modifier.facts(facts, site)
        return facts

    def rows(self, table: str) -> float:
        """Return the expected number of rows of a table."""
        return self.resolver.tables.expected_rows(table)

    def most_rows(self, table: str) -> float:
        """Return a number of rows that a table is not expected to exceed."""
        return self.resolver.tables.most_rows(table)

    @cached_property
    def graph(self) -> Graph:
        """Return who needs whom."""
        from datagen_engine.checking.graph import needs_graph  # which asks this very context

        return needs_graph(self)

    @cached_property
    def groups(self) -> list[list[GraphNode]]:
        """Return columns and numbers of rows after those that they need; those that need each other together."""
        return components(list(self.graph), lambda node: self.graph.get(node, ()))

    def warm(self) -> None:
        """Ask for the facts of every column after those that it needs, so that no question goes deep."""
        for group in self.groups:
            columns = [(node.table, node.column) for node in group if isinstance(node, ColumnNode)]
            if len(group) > _WIDEST_CIRCLE:
                self.resolver.give_up(columns)
            for key in columns:
                self.resolver.facts(*key)

    def clock(self, table: str) -> Clock | None:
        """Return where the time of a table's row comes from, None where no column tells it."""
        if table not in self._clocks:
            try:
                self._clocks[table] = self.resolver.tables.clock(table)
            except NoTime:
                self._clocks[table] = None
        return self._clocks[table]

    # -- what costs ---------------------------------------------------------------------------------------

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    def spend(self, what: str, cost: int, budget: int) -> bool:
        """Say whether there is still so much left to spend on something, and spend it."""
        spent = self._spent[what] = self._spent.get(what, 0) + cost
        return spent <= budget

    def meant(self, word: str, known: Collection[str]) -> tuple[str | None, str]:
        """Return the known word that is meant, if one comes close, and how a message ends that proposes it.

        Comparing words is slow: where very many are unknown, only the first are compared.
        """
        near = nearest(word, known) if self.spend("words", len(known), _MOST_WORDS) else None
        return near, "" if near is None else f"; did you mean {near!r}?"

    # -- code from elsewhere ------------------------------------------------------------------------------

    def guarded(self, part: Part, path: Path, ask: Callable[[], T], otherwise: T) -> T:
        """Ask a part something; where its own code fails, note that once and go on."""
        try:
            return ask()
        except Exception as error:  # a part may come from any package, and fail in any way
            message = f"the check of {part.key!r} failed: {type(error).__name__}: {error}"
            self.faulty.setdefault(path, problem("faulty-part", path, message, part=part.key))
            return otherwise

    def problems_of(self, part: Part, path: Path, ask: Callable[[], Iterable[Problem]]) -> list[Problem]:
        """Return what a part finds wrong with itself, with paths from the root."""
        return self.guarded(part, path, lambda: [one.under(path) for one in ask()], [])
