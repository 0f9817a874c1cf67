"""Tables among each other: parents, expected rows, and where a row's time comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from datagen_engine.draw.stage import Clock
from datagen_engine.draw.values import ColumnType
from datagen_engine.schema.document import Node, Schema
from datagen_engine.schema.parts import Fanout

__all__ = ["DEFAULT_ROWS", "NoTime", "Tables"]

DEFAULT_ROWS = 1000
"""Rows of an entity, or of a fact without parents, that says nothing of them."""


_MULTIPLIED = 1.5


class NoTime(ValueError):
    """Say that no column tells a row's time."""


@dataclass(frozen=True, slots=True)
class _Size:
    """The mean and the variance of a number of rows, and what it never exceeds (as many as there are, if fixed)."""

    mean: float
    variance: float = 0.0
    limit: float | None = None

    @property
    def end(self) -> float:
        return self.mean if self.limit is None else self.limit

    @property
    def most(self) -> float:
        return min(self.end, self.mean + 6 * self.variance**0.5)


@dataclass(frozen=True)
class Tables:
    """Answer questions about the tables of a schema, whole or not: an unknown name has no answer, never an error."""

    schema: Schema
    scale: float = 1.0
    rows: tuple[tuple[str, int], ...] = ()
    """Rows asked for by hand, in place of what the schema says."""

    def node(self, table: str) -> Node | None:
        """Return a table by its id."""
        return self.schema.by_id.get(table)

    def parents(self, table: str) -> list[str]:
        """Return the parents of a fact that exist, the first first."""
        node = self.node(table)
        if node is None or node.kind != "fact":
            return []
        return [parent for parent in node.parents if parent in self.schema.by_id]

    def first_parent(self, table: str) -> str | None:
        """Return the parent that decides how many rows a table has."""
        node = self.node(table)
        first = node.parents[0] if node and node.kind == "fact" and node.parents else None
        return first if first in self.schema.by_id else None

    def ancestors(self, table: str) -> list[str]:
        """Return the first parent, its first parent, and so on up; stops at a cycle."""
        line: dict[str, None] = {}
        here = self.first_parent(table)
        while here is not None and here not in line and here != table:
            line[here] = None
            here = self.first_parent(here)
        return list(line)

    def type_of(self, table: str, column: str) -> ColumnType | None:
        """Return the type of a column."""
        found = self.schema.column(table, column)
        return found.type if found else None

    def clock(self, table: str, reference: str | None = None) -> Clock:
        """Return where the time of a table's row comes from; raises NoTime."""
        if reference is not None:
            return Clock(0, reference)
        found = self._clocks.get(table)
        if found is None:
            raise NoTime(table)
        return found

    @cached_property
    def _clocks(self) -> dict[str, Clock | None]:
        found: dict[str, Clock | None] = {}
        for node in self.schema.nodes:
            line: dict[str, None] = {}  # from the table up to the first that tells the time
            here: str | None = node.id
            while here is not None and here not in found and here not in line:
                column = self._time_column(here)
                if column is not None:
                    found[here] = Clock(0, column)
                else:
                    line[here] = None
                    here = self.first_parent(here)
            clock = found.get(here) if here is not None else None
            for table in reversed(line):
                clock = None if clock is None else Clock(clock.up + 1, clock.column)
                found[table] = clock
        return found

    def count_clock(self, table: str, middle: int) -> Clock:
        """Return where the time of a table's first parent comes from, for effects on the number of rows."""
        parent = self.first_parent(table)
        try:
            if parent is not None:
                return self.clock(parent)
        except NoTime:
            pass
        return Clock(0, None, middle)

    def _time_column(self, table: str) -> str | None:
        node = self.node(table)
        for wanted in ("datetime", "date"):
            for column in node.columns if node else ():
                if column.type == wanted:
                    return column.name
        return None

    # -- expected rows ------------------------------------------------------------------------------------

    def base_rows(self, table: str) -> int | None:
        """Return the rows of a table that are fixed before anything is drawn; None where a parent decides."""
        node = self.node(table)
        if node is None:
            return 0
        if node.kind == "vocab":
            return self._vocabulary_size(node)
        if node.kind == "fact" and self.first_parent(table) is not None:
            return None
        by_hand = dict(self.rows).get(table)
        if by_hand is not None:
            return by_hand
        rows = DEFAULT_ROWS if node.rows is None else node.rows
        if self.scale == 1.0 or not rows or table in self.only_effects:
            return rows
        return max(1, round(rows * self.scale))

    def expected_rows(self, table: str) -> float:
        """Return the expected number of rows, where no effect multiplies it."""
        return self._expected.get(table, 0.0)

    def most_rows(self, table: str) -> float:
        """Return a number of rows that a table is not expected to exceed: six standard deviations above the mean.

        The rows of a fact are a sum over its parents' rows, whose number varies too:
        Var N = E[parents] · Var F + Var[parents] · (E F)². A fanout's variance is at most
        (most − mean)(mean − fewest), or taken as that of a geometric one where it has no end. What effects and
        behaviours multiply is not known before they are drawn, and taken for half as much again.
        """
        return self._sizes(table).most

    def _sizes(self, table: str) -> _Size:
        """Return what is known of a table's size, from that of the first parent."""
        line: list[str] = []  # from the table up to the first whose size is known
        here: str | None = table
        while here is not None and here not in self._known_sizes and here not in line:
            line.append(here)
            here = self.first_parent(here) if self.base_rows(here) is None else None
        size = self._known_sizes.get(here) if here is not None else None
        for one in reversed(line):
            base = self.base_rows(one)
            size = self._below(one, size or _Size(0.0)) if base is None else _Size(float(base))
            self._known_sizes[one] = size
        return self._known_sizes[table]

    def _below(self, table: str, above: _Size) -> _Size:
        """Return the size of a table whose first parent has this one."""
        node, each = self.node(table), self.mean_children(table)
        fewest, end = (1.0, max(1.0, each)) if node is None or node.fanout is None else node.fanout.bounds()
        if node is not None and node.stage_config is not None:
            fewest, end = 1.0, float(len(node.stage_config.stages))
        if self.multiplied(table):
            each, end = each * _MULTIPLIED, float("inf")
        own = (end - each) * (each - fewest) if end != float("inf") else each + each * each
        return _Size(
            above.mean * each,
            above.mean * max(own, 0.0) + above.variance * each * each,
            above.end * end if above.end else 0.0,
        )

    @cached_property
    def _known_sizes(self) -> dict[str, _Size]:
        return {}

    @cached_property
    def only_effects(self) -> frozenset[str]:
        """Return the tables that are used as effect tables and for nothing else."""
        from datagen_engine.modifiers.effect import Effect

        effects: set[str] = set()
        others: set[str] = set()
        for node in self.schema.nodes:
            others.update(node.parents)
            for modifier in [*node.modifiers, *(m for c in node.columns for m in c.modifiers)]:
                if isinstance(modifier, Effect):
                    effects.add(modifier.effect_table)
            for generator in (g for column in node.columns for _, g in column.generator.walk()):
                reference = getattr(generator, "source", None) or getattr(generator, "choices_ref", None)
                if isinstance(reference, str):
                    table = reference.partition(".")[0]
                    if table != node.id:
                        others.add(table)
        return frozenset(effects - others)

    @cached_property
    def _expected(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for node in self.schema.nodes:
            line: dict[str, None] = {}  # from the table up to the first whose rows are known
            here = node.id
            while here not in found:
                base, parent = self.base_rows(here), self.first_parent(here)
                if base is not None:
                    found[here] = float(base)
                elif parent is None or parent in line or parent == here:  # a cycle, reported elsewhere
                    found[here] = 0.0
                else:
                    line[here] = None
                    here = parent
            rows = found[here]
            for table in reversed(line):
                rows = found.setdefault(table, rows * self.mean_children(table))
        return found

    @cached_property
    def behaving(self) -> dict[str, list[Node]]:
        """Return, for each table that has any, the parents whose segments or ages scale it."""
        found: dict[str, list[Node]] = {}
        for node in self.schema.nodes:
            above = [self.schema.by_id[parent] for parent in dict.fromkeys(self.parents(node.id))]
            scaling = [one for one in above if one.segment_behavior or one.vintage_behavior]
            if scaling:
                found[node.id] = scaling
        return found

    def multiplied(self, table: str) -> bool:
        """Say whether anything may change the number of children that the fanout draws."""
        node = self.node(table)
        return node is not None and (bool(node.modifiers) or table in self.behaving)

    def mean_children(self, table: str) -> float:
        """Return the expected number of children a parent, where nothing multiplies it."""
        node = self.node(table)
        if node is None:
            return 0.0
        if node.stage_config is not None:
            reached, total = 1.0, 1.0
            for stage in node.stage_config.stages[1:]:
                reached *= stage.transition_rate
                total += reached
            return total
        return node.fanout.mean() if isinstance(node.fanout, Fanout) else 1.0

    def _vocabulary_size(self, node: Node) -> int:
        from datagen_engine.generators.enum_list import EnumList

        sizes = [len(c.generator.values) for c in node.columns if isinstance(c.generator, EnumList)]
        return min(sizes, default=0)
