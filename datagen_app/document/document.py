"""The open schema: its text, the tree that it says, and the tables and columns in it.

Plain Python, without Qt. The tree may be anything that JSON can say: a schema that is wrong is shown as far
as it goes. What is not where a table, a column or a name should be is passed over here; the engine's
problems say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as File
from typing import Any

from datagen_app.document.keys import Keys, TableKeys, fresh
from datagen_app.document.place import Json, Path, Place

__all__ = ["Column", "Document", "Table"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the open schema; `key` is its own for as long as the document is open."""

    key: int
    index: int
    value: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name, or what stands in the place of one."""
        return _label(self.value.get("name"))


@dataclass(frozen=True)
class Table:
    """A table of the open schema; `key` is its own for as long as the document is open.

    Of a large schema most columns are never looked at, so they are gathered when somebody does.
    """

    key: int
    index: int
    value: Mapping[str, Any]
    column_keys: Sequence[int | None] = ()

    @property
    def id(self) -> str:
        """Its id, or what stands in the place of one."""
        return _label(self.value.get("id"))

    @property
    def kind(self) -> str:
        """`entity`, `fact`, `vocab`; or nothing where it is none of them."""
        kind = self.value.get("kind")
        return kind if kind in ("entity", "fact", "vocab") else ""

    @property
    def key_column(self) -> str | None:
        """The name of the column that is its key."""
        name = self.value.get("pk")
        return name if isinstance(name, str) else None

    @cached_property
    def places(self) -> Sequence[int]:
        """Where its columns stand in the text: what is no object is none."""
        if None not in self.column_keys:
            return range(len(self.column_keys))
        return [index for index, key in enumerate(self.column_keys) if key is not None]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in the order of the text."""
        values = self.value.get("columns")
        return tuple(
            Column(key, index, values[index])  # type: ignore[index] # a list, if its items have keys
            for index, key in enumerate(self.column_keys)
            if key is not None
        )

    def place_of(self, index: int | None) -> Place:
        """Return the place of the column with that index in the text; the table's own, if there is none."""
        if index is None or not 0 <= index < len(self.column_keys):
            return Place(self.key)
        return Place(self.key, self.column_keys[index])

    def column(self, key: int) -> Column | None:
        """Return the column with that session key."""
        return next((column for column in self.columns if column.key == key), None)

    def named(self, name: str) -> Column | None:
        """Return the first column of that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, eq=False)
class Document:
    """The schema as it stands at one revision.

    Parameters
    ----------
    path
        The file that it was read from.
    tree
        What the text says; `None` where it is no JSON.
    text
        The text as it was read, which stays the user's own.
    revision
        Counts the states of the document; answers that were computed for an older one are not shown.
    given_keys
        The session keys, where the document comes from one before it; otherwise new ones are given.
    known
        The tables of that document: those that an edit did not touch are taken as they are.
    """

    path: File
    tree: Json = None
    text: str = ""
    revision: int = 0
    given_keys: Keys | None = field(default=None, repr=False)
    known: Sequence[Table] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """What the dataset is called, or else its file."""
        metadata = self.root.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        return name if isinstance(name, str) and name.strip() else self.path.stem

    @property
    def root(self) -> Mapping[str, Any]:
        """The object at the root; an empty one where there is none."""
        return self.tree if isinstance(self.tree, dict) else {}

    def at(self, path: File) -> Document:
        """Return the same for another file: it was saved there."""
        return Document(path, self.tree, self.text, self.revision, self.keys, self.tables)

    @cached_property
    def keys(self) -> Keys:
        """The session keys of its tables and columns."""
        return fresh(self.tree) if self.given_keys is None else self.given_keys

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in the order of the text."""
        known = {table.key: table for table in self.known}
        return tuple(
            _table(known.get(keys.table), keys, index, node)
            for index, (node, keys) in enumerate(zip(_items(self.root.get("nodes")), self.keys, strict=True))
            if keys is not None
        )

    @cached_property
    def _by_key(self) -> dict[int, Table]:
        return {table.key: table for table in self.tables}

    @cached_property
    def _by_id(self) -> dict[str, Table]:
        return {table.id: table for table in reversed(self.tables)}  # of two with one id, the first

    @cached_property
    def _by_index(self) -> dict[int, Table]:
        return {table.index: table for table in self.tables}

    def table(self, key: int) -> Table | None:
        """Return the table with that session key."""
        return self._by_key.get(key)

    def named(self, name: str) -> Table | None:
        """Return the table with that id."""
        return self._by_id.get(name)

    def resolve(self, place: Place) -> tuple[Table | None, Column | None]:
        """Return the table and the column at a place, as far as they are still there."""
        table = self.table(place.table) if place.table is not None else None
        column = table.column(place.column) if table and place.column is not None else None
        return table, column

    def path_of(self, place: Place) -> Path:
        """Return the path of a place at this revision; the root's where it is gone."""
        table, column = self.resolve(place)
        if table is None:
            return ()
        path: Path = ("nodes", table.index)
        return path if column is None else (*path, "columns", column.index)

    def place_at(self, path: Path) -> Place:
        """Return the table or column that a path leads into, or that what stands there is about.

        A constraint or a target stands apart from the column it speaks of, and names it: `order.total`, or
        `table` and `column` beside each other.

        Examples
        --------
        >>> order = {"id": "order", "columns": [{"name": "total"}]}
        >>> ranges = [{"attr": "order.total"}]
        >>> document = Document(File("shop.json"), {"nodes": [order], "constraints": {"ranges": ranges}})
        >>> document.place_at(("nodes", 0, "columns", 0, "type")) == document.place_of("order", "total")
        True
        >>> document.place_at(("constraints", "ranges", 0, "min")) == document.place_of("order", "total")
        True
        >>> document.place_at(("timeframe",))
        Place(table=None, column=None)
        """
        match path:
            case ("nodes", int(index), "columns", int(at), *_) if table := self._by_index.get(index):
                return table.place_of(at)
            case ("nodes", int(index), *_) if table := self._by_index.get(index):
                return Place(table.key)
            case ("constraints" | "targets", *_):
                named = (self._named_in(value) for value in self._along(path))
                return next((place for place in named if place), Place())
            case _:
                return Place()

    def place_of(self, table: str, column: str | None = None) -> Place:
        """Return the place of a table or column by its name; nowhere if there is none."""
        found = self.named(table)
        if found is None:
            return Place()
        inside = found.named(column) if column is not None else None
        return Place(found.key, inside.key if inside else None)

    def _along(self, path: Path) -> Iterator[Json]:
        """Yield the values on the way to a path, the innermost first."""
        value: Any = self.tree
        passed: list[Json] = []
        for step in path:
            try:
                value = value[step]
            except (LookupError, TypeError):
                break
            passed.append(value)
        return reversed(passed)

    def _named_in(self, value: Json) -> Place:
        if isinstance(value, str):
            return self.place_of(*value.split(".", 1))
        if not isinstance(value, dict):
            return Place()
        for key in ("attr", "from", "left"):
            if isinstance(name := value.get(key), str):
                return self.place_of(*name.split(".", 1))
        table = value.get("table")
        column = value.get("column", value.get("timestamp"))
        if not isinstance(table, str):
            return Place()
        return self.place_of(table, column if isinstance(column, str) else None)


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _table(known: Table | None, keys: TableKeys, index: int, node: Mapping[str, Any]) -> Table:
    if (
        known is not None
        and known.value is node
        and known.index == index
        and known.column_keys is keys.columns
    ):
        return known
    return Table(keys.table, index, node, keys.columns)


def _label(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    return "unnamed" if value is None or value == "" else json.dumps(value)[:40]
