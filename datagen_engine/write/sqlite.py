"""An SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from datagen_engine.errors import RunError
from datagen_engine.lazy import pa, pc
from datagen_engine.write.database import DatabaseFormat, DatabaseWriter, TableKeys, create_table, quoted

__all__ = ["SQLite"]


class SQLite(DatabaseFormat):
    """One SQLite file. SQLite has no dates and no truth values: they are ISO 8601 text, and 0 and 1."""

    key: ClassVar[str] = "sqlite"
    file: ClassVar[str] = "data.sqlite"
    checks_keys: ClassVar[bool] = False

    @contextmanager
    def writer(
        self, path: Path, tables: Mapping[str, pa.Schema], keys: Mapping[str, TableKeys]
    ) -> Iterator[DatabaseWriter]:
        """Give a writer."""
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # The file is new and takes its name only when it is whole: a journal would protect nothing.
            for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
                connection.execute(f"PRAGMA {setting}")
            connection.execute("BEGIN")
            for table, schema in tables.items():
                columns = {field.name: _type(field.type) for field in schema}
                required = {field.name for field in schema if not field.nullable}
                connection.execute(create_table(table, columns, required, keys[table]))
            yield _Tables(connection)
            connection.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            raise RunError(f"the database refuses a key that the schema declares: {error}") from None
        except sqlite3.OperationalError as error:
            raise RunError(f"{path.name}: {error}") from None
        finally:
            connection.close()


class _Tables:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def write_batch(self, table: str, batch: pa.RecordBatch) -> None:
        marks = ", ".join("?" * batch.num_columns)
        columns = [_plain(column).to_pylist() for column in batch.columns]
        # Rows are put together and bound in C; none passes through a function of ours.
        self.connection.executemany(
            f"INSERT INTO {quoted(table)} VALUES ({marks})", zip(*columns, strict=True)
        )


def _plain(values: pa.Array) -> pa.Array:
    """Return values as SQLite holds them."""
    if pa.types.is_timestamp(values.type):
        moments = pc.replace_substring(values.cast(pa.string()), " ", "T", max_replacements=1)
        return pc.replace_substring(moments, ".000000Z", "Z")
    if pa.types.is_date(values.type):
        return values.cast(pa.string())
    return values


def _type(type: pa.DataType) -> str:
    return {"int64": "INTEGER", "double": "REAL", "bool": "INTEGER"}.get(str(type), "TEXT")
