"""Judging a run while it is written: the rows are looked at in memory, and nothing is read again that need not be."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from datagen_engine.api import generate
from datagen_engine.document import Document, load
from datagen_engine.draw.rows import Rows
from datagen_engine.errors import UsageError
from datagen_engine.run.run import cores
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.context import Context
from datagen_engine.validation.data import DataFolder
from datagen_engine.validation.data_slice import DataSlice
from datagen_engine.validation.faults import DataFault, NotYet
from datagen_engine.validation.report import Report
from datagen_engine.validation.scan import Seen, TableScan, by_table
from datagen_engine.validation.validate import JUDGED, solid_checks, subject_of, unjudgeable, validate

if TYPE_CHECKING:
    import pyarrow as pa

    from datagen_engine.api import Source
    from datagen_engine.planning.plan import Plan
    from datagen_engine.run.run import RunResult
    from datagen_engine.validation.record import CheckRecord
    from datagen_engine.validation.scan import AnyCheck
    from datagen_engine.write.manifest import Manifest

__all__ = ["GLANCE", "Watching", "generate_and_validate"]

GLANCE = 131_072
"""Rows of a table that behavioural checks of single rows look at while it is written: enough for what the tolerances
tell apart."""

Records = tuple[list["CheckRecord"], list["CheckRecord"]]
"""Those of the structural and value checks of a table, and those of the behavioural ones."""


def generate_and_validate(
    source: Source,
    folder: str | os.PathLike[str],
    *,
    cancelled: Callable[[], bool] | None = None,
    **options: Any,
) -> tuple[RunResult, Report]:
    """Draw the tables of a schema into a folder, and judge them on the way.

    The rows are looked at while they are in memory, which costs much less than reading them again. The behavioural
    checks of single rows look at fewer of them (`GLANCE`) than `validate` does.

    Parameters
    ----------
    source, folder, cancelled
        As for `generate`.
    options
        What else `generate` takes. Where other processes or machines write, or a broken run is gone on with, the run is
        judged from its files afterwards.

    Returns
    -------
    RunResult, Report
        What was made, and how it does.

    Raises
    ------
    UsageError
        The data cannot be judged: it is a shard, or not written as Parquet or CSV to a folder of this machine.

    Examples
    --------
    >>> import tempfile
    >>> from datagen_engine import examples
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result, report = generate_and_validate(examples()["schema"], folder)
    >>> result.rows, report.summary.integrity
    (4940, 100.0)
    """
    _refuse_what_cannot_be_judged(folder, options)
    document = source if isinstance(source, Document) else load(source)
    with Watching(cancelled) as watch:
        result = generate(document, folder, watch=watch, cancelled=cancelled, **options)
        report = watch.report(result.manifest)
    if report is None:
        report = validate(document, folder, progress=options.get("progress"), cancelled=cancelled)
    return result, report


def _refuse_what_cannot_be_judged(folder: str | os.PathLike[str], options: Mapping[str, Any]) -> None:
    if options.get("shard") is not None:
        raise UsageError("a shard is a piece of a run; merge the shards, then validate the run")
    format = options.get("format") or JUDGED[0]
    made = {} if isinstance(format, str) else format.options()
    partition = options.get("partition")
    why = unjudgeable(
        format if isinstance(format, str) else format.key,
        {**made, **({"partition": partition} if partition else {})},
    )
    if why:
        raise UsageError(f"a run {why} cannot be validated; write {' or '.join(JUDGED)} files")
    if "://" in str(folder):
        raise UsageError(f"{folder} is elsewhere; only data in a folder of this machine can be validated")


class Watching:
    """Judge the tables of a run while they are written: a `datagen_engine.run.watch.Watch`.

    Tables are written parents first, so what a table refers to is there when its rows come. Where it is not (a table
    that refers to itself, or two to each other), the table is judged from its files in the end.

    Parameters
    ----------
    cancelled
        Asked at every batch whether to stop.
    """

    def __init__(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Look at nothing yet."""
        self._cancelled = cancelled
        self._started = time.monotonic()
        self._context: Context | None = None
        self._folder = Path()
        self._checks: list[AnyCheck] = []
        self._scans: dict[str, TableScan] = {}
        self._later: set[str] = set()
        self._seen: deque[tuple[str, Future[Seen]]] = deque()
        self._judged: dict[str, Future[Records]] = {}
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Hold what is worked out."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._context is not None:
            self._context.close()
            self._context.data.close()

    # -- what the run tells -------------------------------------------------------------------------------

    def begin(self, plan: Plan, folder: Path, manifest: Manifest) -> None:
        """Make the checks."""
        self._folder = folder
        coming = {table: entry.rows for table, entry in manifest.tables.items()}
        data = DataFolder(folder, plan.schema, self._cancelled, coming)
        self._context = Context(plan, data, run=manifest, glance=GLANCE, cancelled=self._cancelled)
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="datagen-watch")
        self._checks = solid_checks(self._context)
        self._by_table = by_table(self._checks)
        self._tables = DataTables(self._context)

    def batch(self, table: str, start: int, batch: pa.RecordBatch) -> None:
        """Look at some rows in another thread."""
        assert self._context is not None
        assert self._pool is not None
        if table not in self._scans:
            self._begin(table)
        if table in self._later:
            return
        rows = DataSlice(
            self._context, self._context.table(table), Rows.run(start, start + batch.num_rows), batch
        )
        self._seen.append((table, self._pool.submit(self._scans[table].see, rows)))
        while len(self._seen) > cores() + 1:
            self._take()

    def written(self, table: str) -> None:
        """Judge a table whose files are all there."""
        assert self._context is not None
        assert self._pool is not None
        if table not in self._scans:  # it has no rows
            self._begin(table)
        while any(waiting == table for waiting, _ in self._seen):
            self._take()
        self._context.data.arrived(table)
        if table not in self._later:
            self._judged[table] = self._pool.submit(_records, self._scans[table])

    def _begin(self, table: str) -> None:
        assert self._context is not None
        self._context.data.begin(table)
        scan = self._scans[table] = self._scan(table)
        try:
            scan.begin()
        except NotYet:
            self._later.add(table)

    def _scan(self, table: str) -> TableScan:
        assert self._context is not None
        return TableScan(self._context, table, self._by_table[table], self._tables, gather=True)

    def _take(self) -> None:
        table, future = self._seen.popleft()
        try:
            seen = future.result()
        except (NotYet, DataFault):  # what is odd about the rows, their files will show
            self._later.add(table)
        if table not in self._later:
            self._scans[table].take(seen)

    # -- the report ---------------------------------------------------------------------------------------

    def report(self, manifest: Manifest) -> Report | None:
        """Judge what could not be judged before, and make the report of the whole run.

        Returns
        -------
        Report or None
            None where the run had nothing to tell on its way: then it can only be judged from its files.

        Raises
        ------
        Cancelled
            It was stopped.
        """
        context = self._context
        if context is None:
            return None
        context.run = manifest
        solid: dict[str, CheckRecord] = {}
        behaviour: list[CheckRecord] = []
        for table in context.plan.order:
            try:
                some, others = (
                    self._judged[table].result() if table in self._judged else self._from_disk(table)
                )
            except NotYet:  # it asked for a table that came after it
                some, others = self._from_disk(table)
            solid |= {record.id: record for record in some}
            behaviour += others
        about = subject_of(context, self._folder, manifest.schema_hash, self._started)
        return Report.of(about, [*(solid[check.about.id] for check in self._checks), *behaviour])

    def _from_disk(self, table: str) -> Records:
        scan = self._scan(table)
        scan.run()
        return _records(scan)


def _records(scan: TableScan) -> Records:
    return scan.solid_records(), scan.behaviour_records()
