"""A DuckDB database."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from datagen_engine.errors import RunError
from datagen_engine.lazy import pa
from datagen_engine.write.database import DatabaseFormat, DatabaseWriter, TableKeys, create_table, quoted

__all__ = ["DuckDB"]


class DuckDB(DatabaseFormat):
    """One DuckDB file; primary and foreign keys are declared and checked while it is filled."""

    key: ClassVar[str] = "duckdb"
    file: ClassVar[str] = "data.duckdb"
    checks_keys: ClassVar[bool] = True

    @contextmanager
    def writer(
        self, path: Path, tables: Mapping[str, pa.Schema], keys: Mapping[str, TableKeys]
    ) -> Iterator[DatabaseWriter]:
        """Give a writer."""
        duckdb: Any = importlib.import_module("duckdb")
        # The file's memory is bounded: what is not needed goes to the disk.
        connection = duckdb.connect(str(path), config={"memory_limit": "1GB", "threads": 1})
        try:
            for table, schema in tables.items():
                columns = {field.name: _type(field.type) for field in schema}
                required = {field.name for field in schema if not field.nullable}
                connection.execute(create_table(table, columns, required, keys[table]))
            yield _Tables(connection)
            connection.execute("CHECKPOINT")
        except duckdb.ConstraintException as error:
            raise RunError(f"the database refuses a key that the schema declares: {error}") from None
        finally:
            connection.close()


class _Tables:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def write_batch(self, table: str, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self.connection.register("batch", pa.Table.from_batches([batch]))
            self.connection.execute(f"INSERT INTO {quoted(table)} SELECT * FROM batch")
            self.connection.unregister("batch")


def _type(type: pa.DataType) -> str:
    if pa.types.is_timestamp(type):
        return "TIMESTAMPTZ"
    return {"int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE"}.get(
        str(type), "VARCHAR"
    )
