"""The tables of the data as wholes: columns that are kept, and rows found by their keys."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

from datagen_engine.draw.nodes import PickNode
from datagen_engine.generators.lookup import Lookup
from datagen_engine.planning.store import Store
from datagen_engine.planning.uniques import unique_columns
from datagen_engine.validation.behaviour.unknown import Unknown

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Values
    from datagen_engine.resolve.site import Resolver
    from datagen_engine.validation.behaviour.context import Context

__all__ = ["DataTables", "KeyColumn"]

T = TypeVar("T")

KeyColumn = tuple[str, str]
"""A column of a table that holds, for each row, the value of a unique column of another one."""


class DataTables:
    """Know what holds of the tables as wholes, worked out once.

    Parameters
    ----------
    context
        The data, and the schema's plan.
    """

    def __init__(self, context: Context) -> None:
        """Read nothing yet."""
        self.context = context
        self.plan = context.plan
        self._store = Store()

    @property
    def resolver(self) -> Resolver:
        """Return what the names in the schema mean."""
        return self.plan.resolver

    @property
    def places(self) -> dict[str, int]:
        """Return where each table stands among the nodes of the schema."""
        nodes = self.context.schema.nodes
        return self.memo("places", lambda: {node.id: place for place, node in enumerate(nodes)})

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once for this key, whichever thread asks first."""
        return self._store.memo(key, make)

    def rows(self, table: str) -> int:
        """Return the number of rows in the data."""
        return self.context.rows(table)

    def whole(self, table: str, column: str) -> Values:
        """Return all values of a column, in the order of the rows."""
        self._require(table, column)
        return self.context.whole(table, column)

    def _require(self, table: str, column: str) -> None:
        if column not in self.context.columns(table):
            raise Unknown(f"{table}.{column} is missing from the data, or of another type")

    # -- rows by keys -------------------------------------------------------------------------------------

    def find(self, table: str, columns: Sequence[str], keys: Sequence[Values]) -> Array:
        """Return the row (int64) of a table that has each key, −1 where none has; of several the first."""
        for column in columns:
            self._require(table, column)
        return self.context.finder(table, columns).rows(keys)

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
