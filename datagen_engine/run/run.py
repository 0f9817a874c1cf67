"""A run: from a plan to a folder of Parquet with its manifest."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.errors import UsageError
from datagen_engine.planning.plan import Plan
from datagen_engine.run.executors import executor, in_order
from datagen_engine.run.limits import refuse_the_impossible
from datagen_engine.run.parts import Part, draw_batch, parts_of
from datagen_engine.version import __version__
from datagen_engine.write.atomic import HashedFile, replacing, write_text
from datagen_engine.write.folder import RunFolder, failure
from datagen_engine.write.manifest import (
    MANIFEST,
    SCHEMA,
    FileEntry,
    Manifest,
    TableEntry,
    schema_hash,
    these_versions,
    this_machine,
)
from datagen_engine.write.parquet import COMPRESSIONS, Compression, parquet_writer

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Progress", "RunResult", "run_plan", "write_part"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Say how far a run is: the table at hand, and the run over all.

    `rows` of `of` rows of `table` are written; `done` of `total` rows of all tables; `seconds` since the start.
    """

    table: str
    rows: int
    of: int
    done: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RunResult:
    """Say what a run has made."""

    folder: Path
    seconds: float
    manifest: Manifest

    @property
    def rows(self) -> int:
        """Return the rows of all tables."""
        return sum(table.rows for table in self.manifest.tables.values())

    @property
    def bytes(self) -> int:
        """Return the bytes of all files of data."""
        return sum(table.bytes for table in self.manifest.tables.values())


def run_plan(
    plan: Plan,
    source: str,
    tree: Any,
    folder: Path,
    *,
    tables: Sequence[str] | None = None,
    workers: int | None = None,
    compression: Compression = "zstd",
    overwrite: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RunResult:
    """Draw the tables of a plan and write them into a folder.

    Parameters
    ----------
    plan
        What to draw.
    source, tree
        The schema's exact text, which is kept beside the data, and its JSON tree, for the hash.
    folder
        Where to; made where it is missing.
    tables
        Which tables; all of them by default. What they refer to is drawn as far as they need it, not written.
    workers
        Threads that draw; the cores of this machine by default.
    compression
        How the files are compressed.
    overwrite
        Whether an earlier run in the folder is replaced.
    progress
        Called after every batch (131,072 rows at most), in the calling thread.
    cancelled
        Asked before every batch; once it says yes the run stops and leaves no unfinished file.

    Raises
    ------
    UsageError
        The folder is taken, or a table is unknown.
    RunError
        The run is too large, or the system refuses: no space, no permission.
    Cancelled
        `cancelled` said yes.
    """
    started = time.monotonic()
    chosen = _chosen(plan, tables)
    if compression not in COMPRESSIONS:
        raise UsageError(f"there is no compression {compression!r}; choose one of {', '.join(COMPRESSIONS)}")
    plan.cancelled = cancelled or plan.cancelled
    threads = workers if workers is not None else cores()
    claim = RunFolder(folder, overwrite=overwrite)
    try:
        refuse_the_impossible(plan, chosen, folder, freed=claim.earlier_bytes() if overwrite else 0)
    except OSError as error:
        raise failure(folder, error) from None
    with claim as claimed:
        try:
            parts = [part for table in chosen for part in parts_of(plan, table)]
            refuse_the_impossible(plan, chosen, folder, exact=True, freed=claimed.earlier_bytes())
            claimed.clear()
            write_text(folder / SCHEMA, source, claimed.run)
            files = _write_all(
                plan, parts, folder, claimed.run, tree, compression, threads, started, progress
            )
            manifest = Manifest(
                name=plan.schema.metadata.name,
                schema_hash=schema_hash(tree),
                seed=plan.seed,
                scale=plan.scale,
                rows=plan.asked_rows,
                compression=compression,
                tables={table: TableEntry(plan.tables[table].rows, tuple(files[table])) for table in chosen},
                versions=these_versions(),
                machine=this_machine(),
            )
            write_text(folder / MANIFEST, manifest.to_json(), claimed.run)
        except OSError as error:
            raise failure(folder, error) from None
        finally:
            plan.store.close()
    return RunResult(folder, time.monotonic() - started, manifest)


def cores() -> int:
    """Return the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows cannot say
        return os.cpu_count() or 1


def write_part(
    plan: Plan, part: Part, folder: Path, run: str, hash_of_schema: str, compression: Compression
) -> FileEntry:
    """Draw one part and write it, in one thread; the same bytes as any other way of running.

    Pure but for the file: it can run anywhere that sees the folder.
    """
    metadata = _metadata(plan, part.table, hash_of_schema)
    schema = plan.tables[part.table].arrow_schema
    with (
        replacing(folder / part.path, run) as sink,
        parquet_writer(sink, schema, metadata, compression) as writer,
    ):
        for rows in part.batches():
            writer.write_batch(draw_batch(plan, part.table, rows))
    return FileEntry(part.path, part.rows, sink.size, sink.digest)


def _write_all(
    plan: Plan,
    parts: Sequence[Part],
    folder: Path,
    run: str,
    tree: Any,
    compression: Compression,
    workers: int,
    started: float,
    progress: Callable[[Progress], None] | None,
) -> dict[str, list[FileEntry]]:
    """Write the parts one after the other while workers draw the batches ahead of the writer."""
    total = sum(part.rows for part in parts)
    done = 0
    of_table: dict[str, int] = {}
    files: dict[str, list[FileEntry]] = {part.table: [] for part in parts}
    hashed = schema_hash(tree)
    work = [(part, rows) for part in parts for rows in part.batches()]

    def draw(item: tuple[Part, Rows]) -> pa.RecordBatch:
        return draw_batch(plan, item[0].table, item[1])

    with executor(workers) as pool, ExitStack() as stack:
        stream = in_order(pool, draw, work, workers + 2 if workers > 1 else 1)
        stack.callback(stream.close)  # type: ignore[attr-defined]  # a generator, typed as the iterator it is
        for part in parts:
            with (
                replacing(folder / part.path, run) as sink,
                closing(_written(plan, part, sink, stream, hashed, compression)) as batches,
            ):
                for batch in batches:
                    done += batch
                    of_table[part.table] = of_table.get(part.table, 0) + batch
                    if progress is not None:
                        progress(
                            Progress(
                                part.table,
                                of_table[part.table],
                                plan.tables[part.table].rows,
                                done,
                                total,
                                time.monotonic() - started,
                            )
                        )
            files[part.table].append(FileEntry(part.path, part.rows, sink.size, sink.digest))
    return files


def _written(
    plan: Plan,
    part: Part,
    sink: HashedFile,
    stream: Iterator[pa.RecordBatch],
    hashed: str,
    compression: Compression,
) -> Generator[int, None, None]:
    """Write a part's batches from the stream; yield the rows of each once it is written."""
    metadata = _metadata(plan, part.table, hashed)
    with parquet_writer(sink, plan.tables[part.table].arrow_schema, metadata, compression) as writer:
        for _ in part.batches():
            batch = next(stream)
            writer.write_batch(batch)
            yield batch.num_rows


def _metadata(plan: Plan, table: str, hashed: str) -> dict[str, str]:
    return {
        "table": table,
        "schema": hashed,
        "seed": str(plan.seed),
        "stream": str(STREAM_VERSION),
        "version": __version__,
    }


def _chosen(plan: Plan, tables: Sequence[str] | None) -> list[str]:
    if tables is None:
        return plan.order
    if not tables:
        raise UsageError("no table is named; leave them out to write all")
    for table in tables:
        if table not in plan.tables:
            raise UsageError(f"there is no table {table!r}; tables are {', '.join(plan.tables)}")
    return [table for table in plan.order if table in tables]
