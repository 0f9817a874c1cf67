"""A run: from a plan to a folder of files with its manifest."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datagen_engine.errors import Cancelled, RunError, UsageError
from datagen_engine.planning.plan import Plan
from datagen_engine.run.counting import counted
from datagen_engine.run.executors import ExecutorKind, cluster, executor, in_order, processes
from datagen_engine.run.job import Job, PartResult, write_part
from datagen_engine.run.limits import refuse_the_impossible
from datagen_engine.run.parts import Part, draw_batch, parts_of
from datagen_engine.write.atomic import replacing_path
from datagen_engine.write.database import DatabaseFormat, keys_of
from datagen_engine.write.folder import RunFolder, failure
from datagen_engine.write.format import Format
from datagen_engine.write.journal import Done, PartKey
from datagen_engine.write.manifest import (
    SCHEMA,
    FileEntry,
    Manifest,
    TableEntry,
    schema_hash,
    these_versions,
    this_machine,
)
from datagen_engine.write.parquet import Parquet
from datagen_engine.write.place import LocalPlace, Place

if TYPE_CHECKING:
    import pyarrow as pa

    from datagen_engine.draw.rows import Rows
    from datagen_engine.run.watch import Watch
    from datagen_engine.write.remote import RemoteFolder

__all__ = ["Progress", "RunResult", "Shard", "run_plan"]

_OUT = 1_000
"""Parts that are handed out at once; what a scheduler holds does not grow with the run."""
_ASK = 0.2
"""Seconds between two questions whether a run is to stop, while others do its work."""


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
class Shard:
    """Name a share of a run's parts: the `number`-th (from 1) of `of`.

    >>> Shard.read("2/8").word
    '2-of-8'
    """

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read `i/n`; raises UsageError where it is something else."""
        number, slash, of = text.partition("/")
        if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 100_000:
            return cls(int(number), int(of))
        raise UsageError(f"a shard is i/n, the i-th of n from 1, such as 1/4; found {text!r}")

    @property
    def word(self) -> str:
        """Return the shard as it stands in the names of files."""
        return f"{self.number}-of-{self.of}"


@dataclass(frozen=True, slots=True)
class RunResult:
    """Say what a run has made."""

    folder: Path | str
    """A path, or a URL."""
    seconds: float
    manifest: Manifest
    """Of a shard: with the files of its parts only."""
    kept: int = 0
    """Rows that were there already, and stayed."""
    shard: Shard | None = None

    @property
    def rows(self) -> int:
        """Return the rows of all tables (of a shard: those of its parts)."""
        if self.shard is not None:
            return sum(file.rows for table in self.manifest.tables.values() for file in table.files)
        return sum(table.rows for table in self.manifest.tables.values())

    @property
    def bytes(self) -> int:
        """Return the bytes of all files of data."""
        files = {file.path: file for table in self.manifest.tables.values() for file in table.files}
        return sum(file.bytes for file in files.values())


def run_plan(
    plan: Plan,
    source: str,
    tree: Any,
    folder: Path | Place,
    *,
    tables: Sequence[str] | None = None,
    workers: int | None = None,
    kind: ExecutorKind = "threads",
    address: str | None = None,
    format: Format | None = None,
    partition: Mapping[str, str] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    shard: Shard | None = None,
    watch: Watch | None = None,
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
        Threads or processes that draw; the cores of this machine by default.
    kind
        Whether threads draw batches for one writer, or processes draw and write whole parts.
    address
        A Dask scheduler, whose workers draw and write instead; all of them see the folder by the same name.
    format
        How the files are written; Parquet by default.
    partition
        For tables whose files are parted by the values of a column (`table/column=value/…`): the column.
    overwrite
        Whether an earlier run in the folder is replaced.
    resume
        Whether a run in the folder is gone on with: what is whole stays, the rest is drawn.
    shard
        Draw and write only these parts; `merge` makes the shards a run.
    watch
        Looks at the rows while they are written. It hears nothing where not all of them pass this process, or where
        they are not written as plain Parquet to a folder of this machine.
    progress
        Called after every batch (131,072 rows at most) or part, in the calling thread.
    cancelled
        Asked before every batch; once it says yes the run stops and leaves no unfinished file.

    Raises
    ------
    UsageError
        The folder is taken, or holds another run; a table is unknown; options do not go together.
    RunError
        The run is too large, or the system refuses: no space, no permission.
    Cancelled
        `cancelled` said yes.
    """
    started = time.monotonic()
    format = format if format is not None else Parquet()
    place = folder if isinstance(folder, Place) else LocalPlace(folder)
    chosen = _chosen(plan, tables)
    by = _partition(plan, chosen, dict(partition or {}), format)
    _refuse_contradictions(format, place, kind, address, overwrite, resume, shard)
    plan.cancelled = cancelled or plan.cancelled
    claim = _claim(place, overwrite=overwrite, resume=resume, shard=shard.word if shard else "")
    try:
        if isinstance(place, LocalPlace):
            freed = claim.earlier_bytes() if overwrite or resume else 0
            refuse_the_impossible(plan, chosen, place.path, freed=freed)
    except OSError as error:
        raise failure(str(place), error) from None
    with claim as claimed, _hands(kind, address, workers) as hands, ExitStack() as counts:
        try:
            job = Job(plan, place, claimed.run, schema_hash(tree), format, by)
            found = counts.enter_context(counted(job, hands)) if hands is not None else []
            parts = [part for table in chosen for part in parts_of(plan, table)]
            if isinstance(place, LocalPlace):
                freed = claimed.earlier_bytes()
                refuse_the_impossible(plan, chosen, place.path, exact=True, freed=freed)
            blank = Manifest(
                name=plan.schema.metadata.name,
                schema_hash=job.hash,
                seed=plan.seed,
                scale=plan.scale,
                rows=plan.asked_rows,
                compression=format.compression,
                tables={table: TableEntry(plan.tables[table].rows, ()) for table in chosen},
                versions=these_versions(),
                machine=this_machine(),
                format=format.key,
                options={**format.options(), **({"partition": by} if by else {})},
            )
            ledger = claimed.ledger
            done: Done = {}
            if resume or shard is not None:
                done = ledger.found(blank, mine=shard is not None, check=plan.check_cancelled)
            mine = parts if shard is None else parts[shard.number - 1 :: shard.of]
            tell = _Teller(plan, mine, started, progress)
            whole = ledger.manifest() if resume else None
            if whole is not None and all(part.key in done for part in parts):
                return RunResult(_shown(place), time.monotonic() - started, whole, tell.total)
            if not (resume or shard is not None):
                claimed.clear(keep=found)
            if shard is None or place.read_text(SCHEMA) != source:
                place.write_text(SCHEMA, source, claimed.run)
            if isinstance(format, DatabaseFormat):
                made = _write_database(plan, parts, place, claimed.run, format, blank, workers, tell)
                manifest = blank.with_files(made)
            else:
                ledger.begin(blank, done)
                plain = isinstance(place, LocalPlace) and isinstance(format, Parquet) and not by
                if not plain or done or shard is not None or hands is not None:
                    watch = None
                if watch is not None:
                    assert isinstance(place, LocalPlace)
                    watch.begin(plan, place.path, blank)
                left = [part for part in mine if part.key not in done]
                for part in mine:
                    if part.key in done:
                        tell.rows(part.table, part.rows, silent=True)
                files = dict(done)
                work = (
                    _here(job, left, workers, tell, watch)
                    if hands is None
                    else _elsewhere(hands, job, left, blank if address is not None else None, tell)
                )
                for result in work:
                    ledger.add(result.part.key, result.files)
                    files[result.part.key] = result.files
                manifest = blank.with_files(_by_table(files, mine))
            if shard is None:
                ledger.seal(manifest)
        except OSError as error:
            raise failure(str(place), error) from None
        finally:
            plan.store.close()
    kept = sum(part.rows for part in mine if part.key in done)
    return RunResult(_shown(place), time.monotonic() - started, manifest, kept, shard)


def cores() -> int:
    """Return the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows cannot say
        return os.cpu_count() or 1


# -- the ways to work -------------------------------------------------------------------------------------


@contextmanager
def _hands(kind: ExecutorKind, address: str | None, workers: int | None) -> Iterator[Executor | None]:
    """Give those who draw and write whole parts, None where the threads of this process draw for one writer."""
    if address is not None:
        with cluster(address) as others:
            yield others
    elif kind == "processes":
        with processes(workers if workers is not None else cores()) as others:
            yield others
    else:
        yield None


def _here(
    job: Job, parts: Sequence[Part], workers: int | None, tell: _Teller, watch: Watch | None
) -> Iterator[PartResult]:
    """Write the parts one after the other while threads draw the batches ahead of the writer."""
    several = workers if workers is not None else cores()
    work = ((part, rows) for part in parts for rows in part.batches())

    def draw(item: tuple[Part, Rows]) -> pa.RecordBatch:
        return draw_batch(job.plan, item[0].table, item[1])

    with executor(several) as pool, ExitStack() as stack:
        stream = in_order(pool, draw, work, several + 2 if several > 1 else 1)
        stack.callback(stream.close)  # type: ignore[attr-defined]  # a generator, typed as the iterator it is
        for part in parts:
            start = part.start
            with job.files(part) as files:
                for batch in islice(stream, sum(1 for _ in part.batches())):
                    files.write(batch)
                    if watch is not None:
                        watch.batch(part.table, start, batch)
                        start += batch.num_rows
                    tell.rows(part.table, batch.num_rows)
            if watch is not None and part.stop == job.plan.tables[part.table].rows:
                watch.written(part.table)
            yield PartResult(part, files.files)


def _elsewhere(
    hands: Executor,
    job: Job,
    parts: Sequence[Part],
    run: Manifest | None,
    tell: _Teller,
) -> Iterator[PartResult]:
    """Have whole parts written by others, in any order; only so many are handed out at once."""
    coming = iter(parts)
    out: set[Future[PartResult]] = set()
    try:
        while True:
            out |= {hands.submit(write_part, job, part, run) for part in islice(coming, _OUT - len(out))}
            if not out:
                return
            finished, out = wait(out, timeout=_ASK, return_when=FIRST_COMPLETED)
            job.plan.check_cancelled()
            for future in finished:
                result = _result(future)
                tell.rows(result.part.table, result.part.rows)
                yield result
    finally:
        for future in out:
            future.cancel()


def _result(future: Future[PartResult]) -> PartResult:
    from concurrent.futures import CancelledError
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        raise RunError(
            "a worker process ended unexpectedly (killed, or out of memory); go on with --resume, with fewer --workers"
        ) from None
    except CancelledError:
        raise Cancelled from None


def _write_database(
    plan: Plan,
    parts: Sequence[Part],
    place: Place,
    run: str,
    format: DatabaseFormat,
    blank: Manifest,
    workers: int | None,
    tell: _Teller,
) -> dict[str, list[FileEntry]]:
    """Write all tables into one database while threads draw the batches ahead of the writer."""
    assert isinstance(place, LocalPlace)
    several = workers if workers is not None else cores()
    work = [(part, rows) for part in parts for rows in part.batches()]
    schemas = {table: plan.tables[table].arrow_schema for table in blank.tables}
    keys = keys_of(plan.schema, list(schemas), checked=format.checks_keys)
    with (
        executor(several) as pool,
        replacing_path(place.path / format.file, run) as temporary,
        format.writer(temporary.path, schemas, keys) as writer,
        ExitStack() as stack,
    ):
        drawn = in_order(pool, lambda item: draw_batch(plan, item[0].table, item[1]), work, several + 2)
        stack.callback(drawn.close)  # type: ignore[attr-defined]  # a generator, typed as the iterator it is
        for (part, _), batch in zip(work, drawn, strict=True):
            writer.write_batch(part.table, batch)
            tell.rows(part.table, batch.num_rows)
    return {
        table: [FileEntry(format.file, entry.rows, temporary.size, temporary.digest)]
        for table, entry in blank.tables.items()
    }


# -- small things -----------------------------------------------------------------------------------------


class _Teller:
    """Count the rows that are written, and tell of them."""

    def __init__(
        self, plan: Plan, parts: Sequence[Part], started: float, progress: Callable[[Progress], None] | None
    ) -> None:
        self.total = sum(part.rows for part in parts)
        self._of: dict[str, int] = {}
        for part in parts:
            self._of[part.table] = self._of.get(part.table, 0) + part.rows
        self._rows = dict.fromkeys(self._of, 0)
        self._started = started
        self._progress = progress

    def rows(self, table: str, rows: int, *, silent: bool = False) -> None:
        self._rows[table] += rows
        if self._progress is not None and not silent:
            done = sum(self._rows.values())
            seconds = time.monotonic() - self._started
            self._progress(Progress(table, self._rows[table], self._of[table], done, self.total, seconds))


def _claim(place: Place, *, overwrite: bool, resume: bool, shard: str) -> RunFolder | RemoteFolder:
    if isinstance(place, LocalPlace):
        return RunFolder(place.path, overwrite=overwrite, resume=resume, shard=shard)
    from datagen_engine.write.remote import RemoteFolder, RemotePlace

    assert isinstance(place, RemotePlace)
    return RemoteFolder(place, overwrite=overwrite, resume=resume, shard=shard)


def _shown(place: Place) -> Path | str:
    return place.path if isinstance(place, LocalPlace) else str(place)


def _by_table(
    files: Mapping[PartKey, tuple[FileEntry, ...]], parts: Sequence[Part]
) -> dict[str, list[FileEntry]]:
    """Return the files of each table, in the order of its parts."""
    found: dict[str, list[FileEntry]] = {}
    for part in parts:
        found.setdefault(part.table, []).extend(files[part.key])
    return found


def _refuse_contradictions(
    format: Format,
    place: Place,
    kind: ExecutorKind,
    address: str | None,
    overwrite: bool,
    resume: bool,
    shard: Shard | None,
) -> None:
    if overwrite and resume:
        raise UsageError("--overwrite begins anew and --resume goes on; choose one of them")
    if overwrite and shard is not None:
        raise UsageError("a shard never overwrites what other shards have drawn; choose an empty folder")
    if isinstance(format, DatabaseFormat):
        if shard is not None or address is not None or kind == "processes":
            raise UsageError(
                f"{format.key} is one file with one writer; shards, processes and a cluster need files, such as parquet"
            )
        if not isinstance(place, LocalPlace):
            raise UsageError(f"{format.key} is written to a folder of this machine, not to {place}")
    if address is not None and shard is not None:
        raise UsageError("a cluster hands out the parts itself; leave out --shard")
    if str(place).startswith("memory:") and (address is not None or kind == "processes"):
        raise UsageError(f"{place} is the memory of this process; others cannot write into it")


def _partition(plan: Plan, tables: Sequence[str], asked: dict[str, str], format: Format) -> dict[str, str]:
    for table, column in asked.items():
        if table not in tables:
            raise UsageError(
                f"--partition {table}={column}: no table {table!r} is written; tables are {', '.join(tables)}"
            )
        columns = plan.tables[table].columns
        if column not in columns:
            raise UsageError(f"--partition {table}={column}: its columns are {', '.join(columns)}")
        if len(columns) == 1:
            raise UsageError(f"--partition {table}={column}: the table has no other column")
        if columns[column].type in ("float", "datetime"):
            raise UsageError(
                f"--partition {table}={column}: a {columns[column].type} has too many values for folders"
            )
    if asked and not isinstance(format, Parquet):
        raise UsageError(f"--partition is for parquet; the format is {format.key}")
    return asked


def _chosen(plan: Plan, tables: Sequence[str] | None) -> list[str]:
    if tables is None:
        return plan.order
    if not tables:
        raise UsageError("no table is named; leave them out to write all")
    for table in tables:
        if table not in plan.tables:
            raise UsageError(f"there is no table {table!r}; tables are {', '.join(plan.tables)}")
    return [table for table in plan.order if table in tables]
