"""The tables of the data as wholes: columns that are kept, and rows found by their keys."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.values import Values
from datagen_engine.errors import Cancelled
from datagen_engine.generators.lookup import Lookup
from datagen_engine.lazy import np
from datagen_engine.planning.uniques import unique_columns
from datagen_engine.validation.arrow_values import values_of
from datagen_engine.validation.behaviour.unknown import Unknown

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.resolve.site import Resolver
    from datagen_engine.validation.behaviour.context import Context

__all__ = ["DataTables", "KeyColumn"]

T = TypeVar("T")

KeyColumn = tuple[str, str]
"""A column of a table that holds, for each row, the value of a unique column of another one."""


class DataTables:
    """Keep what is read of the data as a whole, each column once.

    Parameters
    ----------
    context
        The data, and the schema's plan.
    """

    def __init__(self, context: Context) -> None:
        """Read nothing yet."""
        self.context = context
        self.plan = context.plan
        self._made: dict[Hashable, Any] = {}

    @property
    def resolver(self) -> Resolver:
        """Return what the names in the schema mean."""
        return self.plan.resolver

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    def rows(self, table: str) -> int:
        """Return the number of rows in the data."""
        return self.context.rows(table)

    def whole(self, table: str, column: str) -> Values:
        """Return all values of a column, in the order of the rows."""
        return self.memo(("whole", table, column), lambda: self._read(table, column))

    def _read(self, table: str, column: str) -> Values:
        if column not in self.context.columns(table):
            raise Unknown(f"{table}.{column} is missing from the data, or of another type")
        type = self.plan.tables[table].columns[column].type
        parts = []
        for batch in self.context.batches(table, [column]):
            if self.context.cancelled():
                raise Cancelled
            parts.append(values_of(batch.column(0), type))
        return Values.join(parts) if parts else Values.nulls(type, 0)

    # -- rows by keys -------------------------------------------------------------------------------------

    def find(self, table: str, columns: Sequence[str], keys: Sequence[Values]) -> Array:
        """Return the row (int64) of a table that has each key, −1 where none has; of several the first."""
        index = self.memo(("find", table, tuple(columns)), lambda: self._index(table, columns))
        return index.find(keys)

    def _index(self, table: str, columns: Sequence[str]) -> _Rows:
        return _Rows([self.whole(table, column) for column in columns])

    def key_column(self, pick: PickNode) -> KeyColumn | None:
        """Return the column that tells which row a pick took, and the unique column it was read from."""
        return self.memo(("key", pick), lambda: self._key_column(pick))

    def _key_column(self, pick: PickNode) -> KeyColumn | None:
        unique = {columns[0] for table, columns in self._unique if table == pick.target and len(columns) == 1}
        return next((pair for pair in self._read_through(pick) if pair[1] in unique), None)

    @property
    def _unique(self) -> list[tuple[str, tuple[str, ...]]]:
        return self.memo("unique", lambda: list(unique_columns(self.context.schema)))

    def copy_of(self, pick: PickNode, column: str) -> str | None:
        """Return a column of the picking table that holds a column of the picked row, as it was read."""
        return next((own for own, remote in self._read_through(pick) if remote == column), None)

    def copies(self, pick: PickNode) -> list[str]:
        """Return every column of the picking table that is read through a pick and then left alone."""
        return [own for own, _ in self._read_through(pick)]

    def _read_through(self, pick: PickNode) -> list[KeyColumn]:
        """Return the columns of a table that are read through a pick and then left alone."""
        there = self.context.columns(pick.table)
        found = []
        for column in self.context.schema.by_id[pick.table].columns:
            generator = column.generator
            if not isinstance(generator, Lookup) or column.modifiers or column.name not in there:
                continue
            target, remote = generator.target
            if (
                target == pick.target
                and self.resolver.picks.of_lookup(pick.table, column.name, target, remote) == pick
            ):
                found.append((column.name, remote))
        return found

    def parent_pick(self, table: str) -> PickNode | None:
        """Return the pick of a table's first parent, None where it has no parent."""
        parent = self.resolver.tables.first_parent(table)
        return PickNode(table, parent, "first parent") if parent is not None else None

    def parents(self, table: str) -> Array:
        """Return the row of the first parent for every row of a table, −1 where it has none."""
        return self.memo(("parents", table), lambda: self._parents(table))

    def _parents(self, table: str) -> Array:
        pick = self.parent_pick(table)
        key = self.key_column(pick) if pick is not None else None
        if pick is None or key is None:
            raise Unknown(f"no column of {table!r} tells whose child a row is")
        return self.find(pick.target, [key[1]], [self.whole(table, key[0])])


class _Rows:
    """Find rows by their keys; a running number needs no index."""

    def __init__(self, columns: Sequence[Values]) -> None:
        self.size = len(columns[0])
        self.step = _step_of(columns)
        self.start = int(columns[0].data[0]) if self.step else 0
        self.index: KeyIndex | None = None
        if not self.step:
            self.index = KeyIndex(columns)
            self.first = np.append(self.index.first_rows(), -1)

    def find(self, keys: Sequence[Values]) -> Array:
        if self.index is not None:
            return self.first[self.index.find(keys)]
        if keys[0].type != "int":
            return np.full(len(keys[0]), -1, dtype=np.int64)
        row, rest = np.divmod(keys[0].data - self.start, self.step)
        there = (rest == 0) & (row >= 0) & (row < self.size) & keys[0].mask()
        return row if there.all() else np.where(there, row, -1)


def _step_of(columns: Sequence[Values]) -> int:
    """Return the step of a single running number, 0 for anything else."""
    values = columns[0]
    if len(columns) > 1 or values.type != "int" or values.valid is not None or len(values) < 2:
        return 0
    gaps = np.diff(values.data)
    return int(gaps[0]) if (gaps == gaps[0]).all() else 0
