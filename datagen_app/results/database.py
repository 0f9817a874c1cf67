"""DuckDB over the tables of a run: for filters, orders, statistics and exports, all of them our own SQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datagen_app.results.files import RunFiles, TableFiles
from datagen_app.results.kinds import Kind, kind_of
from datagen_app.results.leftovers import spill_prefix
from datagen_app.results.names import identifier, identifiers, literal
from datagen_app.results.rows import ArrowRows, ParquetRows, Rows, spooled
from datagen_app.results.task import Stopped, Task
from datagen_engine import UsageError
from datagen_engine.lazy import pa

if TYPE_CHECKING:
    import duckdb
    import pyarrow

__all__ = ["BATCH", "MEMORY", "Database", "connect", "limits", "plain_words", "watched"]

MEMORY = "256MB"
"""What DuckDB may take; the pages at hand and Python come on top of it, within the job's 600 MB."""
BATCH = 131_072
"""Rows that are passed on at a time."""


def limits(spill: Path) -> dict[str, Any]:
    """Return the settings of a connection that stays within its memory and fetches nothing."""
    return {
        "memory_limit": MEMORY,
        "threads": 2,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a database in memory within the limits."""
    import duckdb

    connection = duckdb.connect(":memory:", config=limits(spill))
    connection.execute("SET TimeZone = 'UTC'")
    return connection


_NUMBERS = count(1)


class Database:
    """Hold the tables of a run.

    Parameters
    ----------
    files
        What lies in its folder.
    """

    def __init__(self, files: RunFiles) -> None:
        self.files = files
        self.scratch = Path(tempfile.gettempdir())
        """Where temporary files go: those of ours have no name, so nothing is left of them."""
        # DuckDB makes this folder when it needs one; whoever started us takes it away should we be killed.
        self.spill = self.scratch / f"{spill_prefix(os.getpid())}{next(_NUMBERS)}"
        self.connection = connect(self.spill)
        self._rows: dict[str, Rows] = {}
        self._relations: dict[str, str] = {}
        self._spooled: dict[str, pyarrow.Table] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of everything."""
        self.connection.close()
        shutil.rmtree(self.spill, ignore_errors=True)

    def table(self, name: str) -> TableFiles:
        """Return a table's files; raises UsageError where there is no such table."""
        try:
            return self.files.tables[name]
        except KeyError:
            raise UsageError(f"there is no table {name} in this folder") from None

    def rows(self, name: str, task: Task | None = None) -> Rows:
        """Return the rows of a table, by their number.

        Parquet is read where it lies; what can only be read from its beginning is put into a temporary file.
        """
        with self._lock:
            if name not in self._rows:
                table = self.table(name)
                if table.format == "parquet":
                    self._rows[name] = ParquetRows(table.files)
                else:
                    self._rows[name] = self._spool(table, task or Task())
            return self._rows[name]

    def kinds(self, name: str) -> dict[str, Kind]:
        """Return what each column of a table holds."""
        return {field.name: kind_of(field.type) for field in self.rows(name).schema}

    def number_column(self, name: str) -> str:
        """Return what the column of row numbers is called: as no column of the table is."""
        taken = {field.name.lower() for field in self.rows(name).schema}
        made = "row_number_"
        while made in taken:
            made += "_"
        return made

    def relation(self, name: str) -> str:
        """Return SQL that stands for a table with its row numbers, in brackets."""
        with self._lock:
            if name not in self._relations:
                self._relations[name] = self._relation(name)
            return self._relations[name]

    def batches(self, task: Task, sql: str, parameters: Sequence[Any] = ()) -> tuple[pyarrow.Schema, Any]:
        """Run our own SQL; returns the columns, and an iterator of batches.

        Raises
        ------
        UsageError
            It cannot be answered, in words.
        Stopped
            The answer is no longer wanted.
        """
        import duckdb

        cursor = task.cursor(self.connection)
        for label, table in list(self._spooled.items()):
            cursor.register(label, table)  # which only the cursor itself knows
        try:
            found = cursor.sql(sql, params=list(parameters)) if parameters else cursor.sql(sql)
            reader = found.to_arrow_reader(BATCH)
        except duckdb.InterruptException:
            raise Stopped from None
        except duckdb.Error as error:
            raise UsageError(plain_words(error)) from None
        return reader.schema, watched(reader, task)

    def table_of(self, task: Task, sql: str, parameters: Sequence[Any] = ()) -> pyarrow.Table:
        """Run our own SQL and return the whole answer."""
        schema, batches = self.batches(task, sql, parameters)
        return pa.Table.from_batches(list(batches), schema)

    def record(self, task: Task, sql: str, parameters: Sequence[Any] = ()) -> Mapping[str, Any]:
        """Run our own SQL and return the first row of the answer."""
        return self.table_of(task, sql, parameters).to_pylist()[0]

    def _relation(self, name: str) -> str:
        rows, number = self.rows(name), identifier(self.number_column(name))
        if isinstance(rows, ParquetRows):
            columns = identifiers(field.name for field in rows.schema)
            parts = [
                f"SELECT {columns}, file_row_number + {start} AS {number} "
                f"FROM read_parquet({literal(str(path))}, file_row_number = true)"
                for path, start in zip(self.table(name).files, rows.file_starts(), strict=True)
            ]
            return f"({' UNION ALL '.join(parts)})"
        assert isinstance(rows, ArrowRows)  # there is no third way
        label = f"spooled_{len(self._relations)}"
        numbered = rows.table.append_column(self.number_column(name), pa.array(range(rows.count), pa.int64()))
        self._spooled[label] = numbered
        return f"(SELECT * FROM {identifier(label)})"

    def _spool(self, table: TableFiles, task: Task) -> ArrowRows:
        paths = ", ".join(literal(str(path)) for path in table.files)
        size = sum(path.stat().st_size for path in table.files)
        if table.format == "arrow":
            return ArrowRows(_arrow(table))
        reader = "read_csv" if table.format == "csv" else "read_json"
        schema, batches = self.batches(task, f"SELECT * FROM {reader}([{paths}])")
        return spooled(schema, batches, self.scratch, 4 * size)


def _arrow(table: TableFiles) -> pyarrow.Table:
    try:
        return pa.concat_tables(
            [pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in table.files]
        )
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"{table.name} cannot be read: {error}") from None


def watched(reader: Any, task: Task) -> Any:
    """Yield the batches of an answer, as long as it is wanted."""
    import duckdb

    try:
        for batch in reader:
            task.look()
            yield batch
    except duckdb.InterruptException:
        raise Stopped from None
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        task.look()
        raise UsageError(plain_words(error)) from None


def plain_words(error: Exception) -> str:
    """Return DuckDB's words for what went wrong, without its own headings."""
    text = str(error).strip()
    first, _, rest = text.partition(": ")
    return rest.strip() if first.endswith("Error") and rest else text
