"""The plan of a run: every column bound, nothing drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.values import Values
from datagen_engine.errors import Cancelled, UsageError
from datagen_engine.planning.bind import bind_tables
from datagen_engine.planning.marks import Marks
from datagen_engine.planning.memory import Memory, rows_key
from datagen_engine.planning.order import levels
from datagen_engine.planning.picks import Pick
from datagen_engine.planning.size import bytes_a_row
from datagen_engine.planning.slice import TableSlice
from datagen_engine.planning.store import Store, resident_bytes
from datagen_engine.planning.table import TablePlan
from datagen_engine.resolve.site import Resolver
from datagen_engine.schema.document import Schema

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Plan", "Size", "refuse_nonsense"]

_WHOLE_BATCH = 16 * BLOCK


@dataclass(frozen=True, slots=True)
class Size:
    """Estimate what a table takes: expected rows, bytes on disk, and bytes kept in memory while drawing."""

    rows: float
    bytes: float
    memory: float


class Plan:
    """Know how to draw every column of a schema for any rows, for one seed and given numbers of rows.

    Parameters
    ----------
    schema
        A schema without errors.
    seed
        Any whole number; the same one gives the same bytes.
    scale
        Multiplies the rows of tables without parents; not of vocabularies, nor of tables used only for effects.
    rows
        Rows of single tables without parents, in place of the schema's and of the scale.
    tolerant
        Whether the schema may have errors: what cannot be bound is noted in `faults`, and cannot be drawn.
    memory
        Keeps drawn values from one plan to the next, while a schema is edited.

    Raises
    ------
    UsageError
        `rows` or `scale` make no sense for this schema.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        seed: int = 42,
        scale: float = 1.0,
        rows: Mapping[str, int] | None = None,
        tolerant: bool = False,
        memory: Memory | None = None,
    ) -> None:
        """Bind every column; cheap, and nothing is drawn."""
        self.schema = schema
        self.seed = seed
        self.scale = scale
        self.asked_rows = dict(rows or {})
        refuse_nonsense(schema, scale, self.asked_rows)
        self.resolver = Resolver(schema, seed, scale, self.asked_rows)
        self.store = Store()
        self.memory = memory
        self.marks = Marks(self)
        self.cancelled: Callable[[], bool] = lambda: False
        self.known_counts: Callable[[str], Array | None] = lambda _table: None
        """Where a table's children were counted elsewhere: how many come before each block of parents."""
        self.tolerant = tolerant
        self.faults: dict[Node, str] = {}
        self.tables: dict[str, TablePlan] = {}
        self.tables.update(bind_tables(self))
        if tolerant:
            return  # there may be no order of writing
        for number, level in enumerate(self.levels):
            for table in level:
                self.tables[table].level = number

    def __reduce__(self) -> tuple[Callable[..., Plan], tuple[Any, ...]]:
        """Travel to another process as what the plan is made from."""
        return _again, (self.schema, self.seed, self.scale, self.asked_rows)

    # -- evaluating ---------------------------------------------------------------------------------------

    def slice(self, table: str, rows: Rows) -> TableSlice:
        """Return some rows of a table, evaluated as far as they are asked about."""
        return TableSlice(self, self.tables[table], rows)

    def take_over(self, earlier: Plan) -> None:
        """Keep what an earlier plan has made, as far as it holds here too; the earlier one loses it."""
        self.store.take_over(
            earlier.store,
            lambda key: (mark := self.marks.of_kept(key)) and mark == earlier.marks.of_kept(key),
        )

    def drawn(self, at: TableSlice, name: str) -> Values:
        """Return the finished values of a column for a slice, from memory where they are kept."""
        column = at.table.columns[name]
        if self.memory is None:
            return column.values(at)
        mark, rows = self.marks.of(ColumnNode(at.table.id, name)), rows_key(at.rows)
        if mark is None or rows is None:
            return column.values(at)
        values = self.memory.get((mark, rows))
        if values is None:
            values = column.values(at)
            self.memory.put((mark, rows), values)
        return values

    def whole(self, table: str, column: str) -> Values:
        """Return all values of a column, drawn once and kept."""
        return self.store.memo(("whole", table, column), lambda: self._draw_whole(table, column))

    def is_kept(self, table: str, column: str) -> bool:
        """Say whether a column is drawn and kept already."""
        return self.store.has(("whole", table, column))

    def _draw_whole(self, table: str, column: str) -> Values:
        target = self.tables[table]
        if not target.rows:
            return Values.nulls(target.columns[column].type, 0)
        return self.store.collect(self._batches(table, column), target.rows)

    def _batches(self, table: str, column: str) -> Iterator[Values]:
        rows = self.tables[table].rows
        for start in range(0, rows, _WHOLE_BATCH):
            self.check_cancelled()
            yield self.slice(table, Rows.run(start, min(start + _WHOLE_BATCH, rows))).column(column)

    def check_cancelled(self) -> None:
        """Raise Cancelled where the run has been stopped."""
        if self.cancelled():
            raise Cancelled

    # -- looking at the plan ------------------------------------------------------------------------------

    @cached_property
    def levels(self) -> list[list[str]]:
        """Return the order of writing: the schema's `dag`, else tables after those that they need."""
        if self.schema.dag:
            return [list(level) for level in self.schema.dag]
        return levels(list(self.tables), {table: list(self.dependencies(table)) for table in self.tables})

    @property
    def order(self) -> list[str]:
        """Return the tables in the order of writing."""
        return [table for level in self.levels for table in level]

    def dependencies(self, table: str) -> dict[str, None]:
        """Return the other tables that a table needs, in the order of its columns."""
        found: dict[str, None] = dict.fromkeys(self.resolver.tables.parents(table))
        plan = self.tables[table]
        for node in (
            *(n for column in plan.columns.values() for n in column.needs),
            *self._count_needs(table),
        ):
            if not isinstance(node, PickNode):
                found[node.table] = None
            else:
                found[node.target] = None
        found.pop(table, None)
        return found

    def size(self, table: str) -> Size:
        """Estimate what a table takes, from expected rows; nothing is drawn."""
        rows = self.resolver.tables.expected_rows(table)
        memory = sum(
            resident_bytes(column.type, rows, coded=column.few)
            for column in self.tables[table].columns.values()
            if (table, column.name) in self._looked_up and not column.direct
        )
        return Size(rows, rows * bytes_a_row(self.tables[table], self.resolver), memory)

    @cached_property
    def _looked_up(self) -> set[tuple[str, str]]:
        """Return the columns that other tables read at random rows, and so are kept whole."""
        found: set[tuple[str, str]] = set()
        for table, target in self.tables.items():
            for column in target.columns.values():
                parents = {
                    pick.target
                    for pick in column.needs
                    if isinstance(pick, PickNode) and target.picks[pick].is_parent
                }
                found.update(
                    (n.table, n.column)
                    for n in column.needs
                    if isinstance(n, ColumnNode) and n.table != table and n.table not in parents
                )
        return found

    def outline(self) -> dict[str, Any]:
        """Return the order, the rows, the size and the needs of every table, as JSON data."""
        entries = []
        for number, level in enumerate(self.levels):
            for table in level:
                size = self.size(table)
                entries.append(
                    {
                        "table": table,
                        "level": number,
                        "rows": _whole(size.rows),
                        "exact": self.tables[table].children is None,
                        "bytes": _whole(size.bytes),
                        "memory": _whole(size.memory),
                        "needs": list(self.dependencies(table)),
                    }
                )
        return {
            "rows": sum(entry["rows"] for entry in entries),
            "bytes": sum(entry["bytes"] for entry in entries),
            "memory": sum(entry["memory"] for entry in entries),
            "levels": self.levels,
            "tables": entries,
        }

    def graph(self) -> dict[Node, tuple[Node, ...]]:
        """Return the edges of the plan: each column, pick and count with what it needs."""
        edges: dict[Node, tuple[Node, ...]] = {}
        for table, plan in self.tables.items():
            edges[CountNode(table)] = tuple(self._count_needs(table))
            for column in plan.columns.values():
                edges[ColumnNode(table, column.name)] = tuple(column.needs)
            for node, pick in plan.picks.items():
                edges[node] = tuple(self._pick_needs(pick))
        return edges

    def needs(self, node: Node) -> Iterable[Node]:
        """Return what a column, a pick or a count is made from; raises KeyError for what there is not."""
        if isinstance(node, ColumnNode):
            return self.tables[node.table].columns[node.column].needs
        if isinstance(node, CountNode):
            return self._count_needs(node.table) if node.table in self.tables else ()
        return self._pick_needs(self.tables[node.table].picks[node])

    def _count_needs(self, table: str) -> Iterable[Node]:
        children = self.tables[table].children if table in self.tables else None
        if children is None:
            return ()
        return (CountNode(children.parent), *children.needs)

    def _pick_needs(self, pick: Pick) -> Iterable[Node]:
        spec = pick.spec
        if spec.kind == "parent":
            return (CountNode(spec.node.table),)
        if spec.kind == "match":
            return (
                CountNode(spec.node.target),
                *(ColumnNode(spec.node.table, local) for local, _ in spec.keys),
                *(ColumnNode(spec.node.target, remote) for _, remote in spec.keys),
            )
        return (CountNode(spec.node.target), *pick.needs)


def refuse_nonsense(schema: Schema, scale: float, rows: Mapping[str, int]) -> None:
    """Raise UsageError where the numbers of rows that are asked for make no sense for a schema."""
    if not (0 < scale < 1e9):
        raise UsageError(f"the scale must be above 0 and below a billion; found {scale:g}")
    for table, count in rows.items():
        node = schema.by_id.get(table)
        if node is None:
            raise UsageError(f"there is no table {table!r}; tables are {', '.join(schema.by_id)}")
        if node.kind == "vocab" or (node.kind == "fact" and node.parents):
            decides = "values" if node.kind == "vocab" else "parents"
            raise UsageError(f"the rows of {table!r} follow from its {decides}")
        if count < 0:
            raise UsageError(f"{table}={count}: a number of rows is at least 0")


def _whole(value: float) -> int:
    """Return an estimate as a whole number; what explodes stays a number that JSON and a table can show."""
    return round(min(value, 1e18))


def _again(schema: Schema, seed: int, scale: float, rows: dict[str, int]) -> Plan:
    return Plan(schema, seed=seed, scale=scale, rows=rows)
