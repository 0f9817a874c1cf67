"""Questions in SQL that a person types: they read the files of one run, and nothing else.

Three walls, each enough by itself: a statement is run only if it is one, and DuckDB's own parser says that it
is a SELECT; the connection may touch the run's files alone, with everything that fetches or loads switched
off; and its configuration is locked before the first question.
"""

from __future__ import annotations

import threading
from typing import Any

from datagen_app.results.database import BATCH, Database, connect, plain_words, watched
from datagen_app.results.names import identifier, literal
from datagen_app.results.rows import ArrowRows, spooled
from datagen_app.results.task import Stopped, Task
from datagen_engine import UsageError
from datagen_engine.lazy import pa

__all__ = ["MOST", "Questions"]

MOST = 1_000_000
"""Rows of an answer that are kept."""
_WIDEST = 1_000
"""Columns of an answer."""
_EXPECTED = 256 * 1024 * 1024


class Questions:
    """Answer SQL over the tables of a run.

    Parameters
    ----------
    database
        The run's tables; files that are no Parquet come from it, as it has them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None
        self._spooled: dict[str, Any] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of everything."""
        if self._connection is not None:
            self._connection.close()

    def ask(self, code: str, task: Task) -> tuple[ArrowRows, bool]:
        """Answer a question.

        Returns
        -------
        tuple
            The rows of the answer, and whether there are more of them than are kept.

        Raises
        ------
        UsageError
            It is no single SELECT, or DuckDB cannot answer it, in words.
        Stopped
            The answer is no longer wanted.
        """
        import duckdb

        with self._lock:
            connection = self._open(task)
        try:
            statements = connection.extract_statements(code)
        except duckdb.Error as error:
            raise UsageError(plain_words(error)) from None
        if len(statements) != 1:
            found = "there is none" if not statements else f"these are {len(statements)}"
            raise UsageError(f"ask one question at a time: {found}")
        if statements[0].type != duckdb.StatementType.SELECT:
            kind = statements[0].type.name.replace("_", " ")
            raise UsageError(f"only SELECT is answered here, and this is {kind}; nothing is ever changed")
        cursor = task.cursor(connection)
        for name, table in self._spooled.items():
            cursor.register(name, table)
        try:
            reader = cursor.sql(code).to_arrow_reader(BATCH)
        except duckdb.InterruptException:
            raise Stopped from None
        except duckdb.Error as error:
            task.look()
            raise UsageError(plain_words(error)) from None
        return _kept(self._database, reader, task)

    def _open(self, task: Task) -> Any:
        if self._connection is None:
            connection = connect(self._database.spill)
            # Whole paths without links, so that what is allowed is just these files.
            paths: list[str] = []
            for name, table in self._database.files.tables.items():
                if table.format == "parquet":
                    real = [str(path.resolve()) for path in table.files]
                    paths += real
                    listed = ", ".join(map(literal, real))
                    connection.execute(
                        f"CREATE VIEW {identifier(name)} AS SELECT * FROM read_parquet([{listed}])"
                    )
                else:
                    rows = self._database.rows(name, task)
                    assert isinstance(rows, ArrowRows)  # as all that is no Parquet
                    self._spooled[name] = rows.table
            allowed = ", ".join(map(literal, paths))
            for setting in (
                f"SET allowed_paths = [{allowed}]",
                "SET enable_external_access = false",
                "SET python_enable_replacements = false",
                "SET lock_configuration = true",
            ):
                connection.execute(setting)
            self._connection = connection
        return self._connection


def _kept(database: Database, reader: Any, task: Task) -> tuple[ArrowRows, bool]:
    """Put an answer into memory, or into a temporary file where it is long; cut off where it is too long."""
    schema = reader.schema
    if len(schema) > _WIDEST:
        raise UsageError(f"the answer has {len(schema):,} columns; {_WIDEST:,} can be shown")
    held, more = [], False
    rows = 0
    batches = watched(reader, task)

    def first() -> Any:
        nonlocal rows, more
        for batch in batches:
            if rows + batch.num_rows > MOST:
                yield batch.slice(0, MOST - rows)
                more = True
                return
            rows += batch.num_rows
            yield batch

    stream = first()
    for batch in stream:
        held.append(batch)
        if sum(one.nbytes for one in held) > 32 * 1024 * 1024:
            break
    else:
        return ArrowRows(pa.Table.from_batches(held, schema)), more

    def rest() -> Any:
        yield from held
        yield from stream

    return spooled(schema, rest(), database.scratch, _EXPECTED), more
