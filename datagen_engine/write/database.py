"""What the two databases have in common: one file for all tables, with the keys that the schema declares."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from datagen_engine.write.format import Format

if TYPE_CHECKING:
    import pyarrow as pa

    from datagen_engine.schema.document import Schema

__all__ = ["DatabaseFormat", "DatabaseWriter", "TableKeys", "create_table", "keys_of", "quoted"]


@dataclass(frozen=True, slots=True)
class TableKeys:
    """The keys of one table: its primary key, further unique columns, and references (column, table, column)."""

    primary: str | None
    unique: tuple[str, ...]
    foreign: tuple[tuple[str, str, str], ...]


class DatabaseWriter(Protocol):
    """Take batches of several tables."""

    def write_batch(self, table: str, batch: pa.RecordBatch, /) -> None:
        """Write a batch of a table."""


class DatabaseFormat(Format):
    """Write all tables into one file."""

    file: ClassVar[str]
    """The name of the file within the folder of a run."""

    checks_keys: ClassVar[bool]
    """Whether foreign keys are checked while the database is filled."""

    @abstractmethod
    def writer(
        self, path: Path, tables: Mapping[str, pa.Schema], keys: Mapping[str, TableKeys]
    ) -> AbstractContextManager[DatabaseWriter]:
        """Give a writer into a new database at `path`; tables are in the order of writing."""


def keys_of(schema: Schema, tables: list[str], *, checked: bool) -> dict[str, TableKeys]:
    """Return the keys of the tables that are written, in the order of writing.

    A foreign key is declared where a database can hold it: to a primary key or a unique column. One that is
    `checked` while the database is filled must also refer to a table that is written before.
    """
    primary = {node.id: node.pk for node in schema.nodes}
    unique: dict[str, list[str]] = {table: [] for table in tables}
    for entry in schema.constraints.unique:
        table, _, column = entry[0].partition(".")
        if len(entry) == 1 and table in unique and column != primary[table]:
            unique[table].append(column)
    found = {}
    for place, table in enumerate(tables):
        foreign = []
        for key in schema.constraints.foreign_keys:
            (source, _, column), (target, _, remote) = key.source.partition("."), key.target.partition(".")
            there = target in (tables[:place] if checked else tables)
            if source == table and there and (remote == primary[target] or remote in unique[target]):
                foreign.append((column, target, remote))
        found[table] = TableKeys(primary[table], tuple(dict.fromkeys(unique[table])), tuple(foreign))
    return found


def quoted(name: str) -> str:
    """Return a name as SQL quotes it.

    >>> print(quoted("say"), quoted('a"b'))
    "say" "a""b"
    """
    return '"' + name.replace('"', '""') + '"'


def create_table(table: str, columns: Mapping[str, str], required: set[str], keys: TableKeys) -> str:
    """Return the statement that makes a table: its columns with their types, and its keys."""
    lines = [
        f"{quoted(name)} {type}{' NOT NULL' if name in required else ''}" for name, type in columns.items()
    ]
    if keys.primary is not None:
        lines.append(f"PRIMARY KEY ({quoted(keys.primary)})")
    lines += [f"UNIQUE ({quoted(column)})" for column in keys.unique]
    lines += [
        f"FOREIGN KEY ({quoted(column)}) REFERENCES {quoted(target)} ({quoted(remote)})"
        for column, target, remote in keys.foreign
    ]
    return f"CREATE TABLE {quoted(table)} ({', '.join(lines)})"
