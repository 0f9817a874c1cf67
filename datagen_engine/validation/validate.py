"""Judge data against its schema."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datagen_engine.document import Document, load
from datagen_engine.errors import SchemaError, UsageError
from datagen_engine.planning.plan import Plan
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.context import Context
from datagen_engine.validation.data import DataFolder, read_manifest
from datagen_engine.validation.record import CheckRecord
from datagen_engine.validation.report import Report, Subject
from datagen_engine.validation.scan import AnyCheck, TableScan, by_table, run_checks
from datagen_engine.validation.structural import structural_checks
from datagen_engine.validation.value import value_checks

if TYPE_CHECKING:
    from datagen_engine.api import Source
    from datagen_engine.run.run import Progress
    from datagen_engine.write.manifest import Manifest

__all__ = [
    "JUDGED",
    "all_records",
    "opened",
    "solid_checks",
    "solid_records",
    "subject_of",
    "unjudgeable",
    "validate",
]

JUDGED = ("parquet", "csv")
"""The formats of a run that can be read again."""

_ANOTHER = "The folder holds a run of another schema; it is judged as data of others is."


def validate(
    source: Source,
    folder: str | os.PathLike[str],
    *,
    sample: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Judge the data in a folder against a schema.

    Parameters
    ----------
    source
        The schema.
    folder
        A run of ours, or any folder that holds, for each table, `<table>.parquet`, a folder `<table>` of
        Parquet files, or `<table>.csv`. It is only read, and nothing outside of it is.
    sample
        How many rows of each table are looked at, in stretches spread evenly over it; all by default. What
        tables refer to is always read whole.
    progress
        Called after every batch with how far it is.
    cancelled
        Asked at every batch whether to stop.

    Returns
    -------
    Report
        A record for each check, and the scores.

    Raises
    ------
    SchemaError
        The schema has errors.
    UsageError
        There is no such folder, or `sample` is below 1.
    Cancelled
        It was stopped.

    Examples
    --------
    >>> import tempfile
    >>> from datagen_engine import examples, generate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = generate(examples()["schema"], folder)
    ...     report = validate(examples()["schema"], folder)
    >>> report.summary.integrity
    100.0
    """
    started = time.monotonic()
    document = source if isinstance(source, Document) else load(source)
    path = Path(folder)
    with opened(document, path, sample=sample, progress=progress, cancelled=cancelled) as context:
        made = all_records(context)
        about = subject_of(context, path, document.hash, started, sample)
    return Report.of(about, made)


def subject_of(
    context: Context, folder: Path, schema_hash: str, started: float, sample: int | None = None
) -> Subject:
    """Say what was judged; `started` is when that began, by the monotonic clock."""
    run, tables = context.run, context.data.tables
    return Subject(
        schema=context.schema.metadata.name,
        schema_hash=schema_hash,
        folder=folder.resolve().name,
        rows={table: found.rows if found.there else None for table, found in tables.items()},
        kinds={node.id: node.kind for node in context.schema.nodes},
        sample=sample,
        run=None if run is None else _told(run),
        note=_ANOTHER if run is None and read_manifest(folder) is not None else "",
        at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=round(time.monotonic() - started, 3),
    )


@contextmanager
def opened(
    document: Document,
    folder: Path,
    *,
    sample: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Context]:
    """Give what checks ask, for the data in a folder; what is worked out for it is gone afterwards.

    Parameters and errors are those of `validate`.
    """
    if sample is not None and sample < 1:
        raise UsageError(f"a sample has at least 1 row; found {sample}")
    found = read_manifest(folder)
    if found is not None:
        why = unjudgeable(found.format, found.options)
        if why:
            raise UsageError(f"the run in {folder} is {why}; it cannot be validated")
    plan, run = _planned(
        document, found if found is not None and found.schema_hash == document.hash else None
    )
    with DataFolder(folder, plan.schema, cancelled) as data:
        context = Context(plan, data, run=run, sample=sample, progress=progress, cancelled=cancelled)
        try:
            yield context
        finally:
            context.close()
            plan.store.close()


def unjudgeable(format: str, options: Mapping[str, Any]) -> str:
    """Say in words how a run is written, where files of that kind cannot be read again here; else nothing.

    >>> unjudgeable("jsonl", {}), unjudgeable("csv", {"delimiter": ","})
    ('written as jsonl', '')
    """
    if format not in JUDGED:
        return f"written as {format}"
    if options.get("partition"):
        return "partitioned by a column"
    plain = {"delimiter": ",", "header": True, "null": ""}
    if any(options.get(name, usual) != usual for name, usual in plain.items()):
        return "written as CSV with another delimiter or null, or without a header"
    return ""


def all_records(context: Context) -> list[CheckRecord]:
    """Run every check, in one pass over each table; returns the structural and value records, then the behavioural."""
    checks = solid_checks(context)
    tables = DataTables(context)
    solid: dict[str, CheckRecord] = {}
    behaviour: list[CheckRecord] = []
    own = by_table(checks)
    for table in context.plan.order:
        scan = TableScan(context, table, own[table], tables)
        scan.run()
        solid |= {record.id: record for record in scan.solid_records()}
        behaviour += scan.behaviour_records()
    return [*(solid[check.about.id] for check in checks), *behaviour]


def solid_checks(context: Context) -> list[AnyCheck]:
    """Return every structural and value check of a schema."""
    return [*structural_checks(context), *value_checks(context)]


def solid_records(context: Context) -> list[CheckRecord]:
    """Run every structural and value check; returns their records."""
    return run_checks(context, solid_checks(context))


def _planned(document: Document, run: Manifest | None) -> tuple[Plan, Manifest | None]:
    """Return the plan of a run, or of the schema as it stands where it is none, or says what makes no sense."""
    from datagen_engine.api import plan

    if document.schema is None:
        raise SchemaError(document.problems)
    if run is not None:
        with suppress(UsageError):
            return plan(document, seed=run.seed, scale=run.scale, rows=run.rows), run
    return plan(document), None


def _told(run: Manifest) -> dict[str, Any]:
    """Return what the report keeps of a manifest."""
    return {
        "seed": run.seed,
        "scale": run.scale,
        "rows": dict(run.rows),
        "compression": run.compression,
        "stream_version": run.stream_version,
        "versions": dict(run.versions),
        "machine": dict(run.machine),
        "tables": {
            table: {
                "rows": entry.rows,
                "bytes": entry.bytes,
                "files": [
                    {"path": f.path, "rows": f.rows, "bytes": f.bytes, "hash": f.hash} for f in entry.files
                ],
            }
            for table, entry in run.tables.items()
        },
    }
