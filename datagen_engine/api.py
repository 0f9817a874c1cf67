"""What the engine can do, for programs: the command line and the designer stand on nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.document import Document, load
from datagen_engine.draw.rows import Rows
from datagen_engine.errors import SchemaError, UsageError
from datagen_engine.lazy import pa
from datagen_engine.schema.problem import Problem

if TYPE_CHECKING:
    from datagen_engine.explanation.trace import Trace
    from datagen_engine.planning.plan import Plan
    from datagen_engine.run.executors import ExecutorKind
    from datagen_engine.run.run import Progress, RunResult
    from datagen_engine.run.watch import Watch
    from datagen_engine.schema.references import Reference
    from datagen_engine.write.format import Compression, Format

__all__ = [
    "Count",
    "Sample",
    "Source",
    "check",
    "counts",
    "generate",
    "merge",
    "plan",
    "preview",
    "references",
    "sample",
    "trace",
]

Source = Document | str | os.PathLike[str] | bytes | dict[str, Any]
"""What a schema may be given as: an opened document, a path, bytes of JSON, or plain Python data."""


def _document(source: Source) -> Document:
    return source if isinstance(source, Document) else load(source)


def _refuse_nonsense(document: Document, scale: float, rows: Mapping[str, int] | None) -> None:
    from datagen_engine.planning.plan import refuse_nonsense

    if document.schema is not None:
        refuse_nonsense(document.schema, scale, rows or {})


def check(
    source: Source, *, seed: int = 42, scale: float = 1.0, rows: Mapping[str, int] | None = None
) -> list[Problem]:
    """Find every problem of a schema before a row is drawn.

    Parameters
    ----------
    source
        The schema.
    seed, scale, rows
        Those of the run it is checked for.

    Returns
    -------
    list of Problem
        In the order of the document; an error stops a run, a warning does not.

    Raises
    ------
    UsageError
        `scale` or `rows` make no sense for the schema.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> [p for p in check(examples()["schema"]) if p.severity == "error"]
    []
    """
    from datagen_engine.checking import check_document

    document = _document(source)
    _refuse_nonsense(document, scale, rows)
    return check_document(document, seed=seed, scale=scale, rows=rows)


def plan(
    source: Source,
    *,
    seed: int = 42,
    scale: float = 1.0,
    rows: Mapping[str, int] | None = None,
    checked: bool = False,
) -> Plan:
    """Prepare to draw a schema: every column bound, nothing drawn.

    Parameters
    ----------
    source
        The schema.
    seed
        Any whole number; the same one gives the same bytes.
    scale
        Multiplies the rows of tables without parents; not of vocabularies, nor of tables used only for effects.
    rows
        Rows of single tables without parents.
    checked
        Whether the schema is known to have no errors, so that it need not be checked again.

    Raises
    ------
    SchemaError
        The schema has errors; it holds them all.
    UsageError
        `scale` or `rows` make no sense for the schema.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> made = plan(examples()["schema"])
    >>> made.order[:2]
    ['bike_model', 'festival']
    """
    from datagen_engine.planning.plan import Plan

    document = _document(source)
    if not checked:
        problems = check(document, seed=seed, scale=scale, rows=rows)
        if any(problem.severity == "error" for problem in problems):
            raise SchemaError(problems)
    if document.schema is None:
        raise SchemaError(document.problems)
    return Plan(document.schema, seed=seed, scale=scale, rows=rows)


def preview(
    source: Source | Plan,
    table: str,
    n: int = 20,
    *,
    start: int = 0,
    seed: int = 42,
    scale: float = 1.0,
    rows: Mapping[str, int] | None = None,
) -> pa.Table:
    """Draw some rows of a table: those that `generate` would write with that seed, without drawing the rest.

    Parameters
    ----------
    source
        The schema, or a plan of it.
    table
        Which table.
    n, start
        How many rows, and the number of the first.
    seed, scale, rows
        Those of the run.

    Raises
    ------
    SchemaError
        The schema has errors.
    UsageError
        There is no such table, or `n` is below 0.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> preview(examples()["schema"], "bike", 2).column("bike_id").to_pylist()
    [1, 2]
    """
    from datagen_engine.planning.plan import Plan
    from datagen_engine.run.parts import draw_batch

    made = source if isinstance(source, Plan) else plan(source, seed=seed, scale=scale, rows=rows)
    if table not in made.tables:
        from datagen_engine.schema.problem import nearest

        meant = nearest(table, made.tables)
        hint = f"did you mean {meant!r}?" if meant else f"tables are {', '.join(made.tables)}"
        raise UsageError(f"there is no table {table!r}; {hint}")
    if n < 0 or start < 0:
        raise UsageError(f"a number of rows is at least 0; found {min(n, start)}")
    size = made.tables[table].upto(start + n)
    batch = draw_batch(made, table, Rows.run(min(start, size), size))
    return pa.Table.from_batches([batch])


def generate(
    source: Source,
    folder: str | os.PathLike[str],
    *,
    seed: int = 42,
    scale: float = 1.0,
    rows: Mapping[str, int] | None = None,
    tables: Sequence[str] | None = None,
    workers: int | None = None,
    executor: ExecutorKind = "threads",
    cluster: str | None = None,
    format: str | Format = "parquet",
    compression: Compression | None = None,
    partition: Mapping[str, str] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    shard: str | None = None,
    watch: Watch | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RunResult:
    """Draw the tables of a schema and write them into a folder.

    Parameters
    ----------
    source
        The schema.
    folder
        Where to; made where it is missing, refused where it holds anything unless `overwrite`. Or a URL that
        `fsspec` knows: `s3://bucket/run`.
    seed
        Any whole number; the same one gives the same bytes.
    scale
        Multiplies the rows of tables without parents; not of vocabularies, nor of tables used only for effects.
    rows
        Rows of single tables without parents.
    tables
        Which tables are written; all by default.
    workers
        How many threads or processes draw; the cores by default. The data does not depend on it.
    executor
        `threads` draw for one writer, and share what they keep; `processes` draw and write whole parts.
    cluster
        The address of a Dask scheduler, whose workers draw and write instead (extra `dask`).
    format
        parquet, csv, jsonl, arrow, duckdb or sqlite; or one with options, from `datagen_engine.write.formats`.
    compression
        What the format can be compressed with; its own default without. Parquet: zstd, lz4, snappy, gzip, none.
    partition
        For tables whose Parquet is parted by a column's values (`table/column=value/…`): the column.
    overwrite
        Whether an earlier run in the folder is replaced. Files of others are never touched.
    resume
        Whether a run in the folder, broken or whole, is gone on with. What is whole stays; the rest is drawn, and the
        bytes are those of a run that nothing disturbed. Another schema, seed, version or processor is refused.
    shard
        `i/n`: only the i-th of n shares of the work. `merge` makes the shards a whole run.
    watch
        Looks at the rows while they are written, as `generate_and_validate` has them looked at.
    progress
        Called after every batch with how far the run is.
    cancelled
        Asked before every batch whether to stop.

    Returns
    -------
    RunResult
        The folder, the rows, the bytes, the seconds and the manifest.

    Raises
    ------
    SchemaError
        The schema has errors.
    UsageError
        The folder is taken, or an argument makes no sense.
    RunError
        The run is too large, or the system refuses.
    Cancelled
        It was stopped; no unfinished file is left.

    Examples
    --------
    >>> import tempfile
    >>> from datagen_engine import examples
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = generate(examples()["schema"], folder)
    >>> result.manifest.tables["bike"].rows
    120
    """
    from datagen_engine.run.run import Shard, run_plan
    from datagen_engine.write.formats import format_of
    from datagen_engine.write.place import place_of

    if not isinstance(format, str) and compression is not None:
        raise UsageError("a format that is made already has its compression")
    document = _document(source)
    chosen = format_of(format, compression) if isinstance(format, str) else format
    made = plan(document, seed=seed, scale=scale, rows=rows)
    return run_plan(
        made,
        document.source,
        document.tree,
        place_of(folder),
        tables=tables,
        workers=workers,
        kind=executor,
        address=cluster,
        format=chosen,
        partition=partition,
        overwrite=overwrite,
        resume=resume,
        shard=Shard.read(shard) if shard is not None else None,
        watch=watch,
        progress=progress,
        cancelled=cancelled,
    )


def merge(folder: str | os.PathLike[str]) -> RunResult:
    """Seal a folder that all shards of a run have written into: see that it is whole, and write its manifest.

    Nothing is drawn or copied.

    Raises
    ------
    UsageError
        There are no shards, they are of different runs, or parts are missing.

    Examples
    --------
    >>> import tempfile
    >>> from datagen_engine import examples
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for shard in ("1/2", "2/2"):
    ...         _ = generate(examples()["schema"], folder, shard=shard)
    ...     result = merge(folder)
    >>> result.manifest.tables["bike"].rows
    120
    """
    from datagen_engine.run.merge import merge as merged
    from datagen_engine.write.place import place_of

    return merged(place_of(folder))


@dataclass(frozen=True, slots=True)
class Count:
    """Tell the number of rows of a table, and whether it is exact or expected."""

    rows: int
    exact: bool


def counts(
    source: Source,
    *,
    seed: int = 42,
    scale: float = 1.0,
    rows: Mapping[str, int] | None = None,
    exact: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Count]:
    """Tell the rows of every table: expected ones at once, exact ones on demand.

    Expected rows come from the fanouts' means, and need no schema without errors; exact ones draw every
    parent's number of children, and nothing else.

    Raises
    ------
    SchemaError
        Exact rows were asked of a schema with errors.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> counts(examples()["schema"])["bike"]
    Count(rows=120, exact=True)
    """
    from datagen_engine.resolve.tables import Tables

    document = _document(source)
    if exact:
        made = plan(document, seed=seed, scale=scale, rows=rows)
        made.cancelled = cancelled or made.cancelled
        return {table: Count(target.rows, True) for table, target in made.tables.items()}
    if document.schema is None:
        return {}
    _refuse_nonsense(document, scale, rows)
    tables = Tables(document.schema, scale, tuple((rows or {}).items()))
    return {
        node.id: Count(_whole(tables.expected_rows(node.id)), tables.base_rows(node.id) is not None)
        for node in document.schema.nodes
    }


def _whole(value: float) -> int:
    return round(value) if value < 1e18 else 10**18


def references(source: Source) -> list[Reference]:
    """Tell what in a schema refers to what: parents, lookups, effects, keys, and columns in expressions.

    Works on any document that is a JSON object, errors or not.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> {r.source_table for r in references(examples()["schema"]) if r.table == "bike" and r.kind == "lookup"}
    {'rental'}
    """
    from datagen_engine.schema.references import references as found

    return found(_document(source).tree)


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold values of one column after a stage: `generator`, each modifier, then the type and the nulls."""

    stage: str
    values: list[Any]


def sample(
    source: Source | Plan,
    table: str,
    column: str,
    n: int = 20,
    *,
    start: int = 0,
    seed: int = 42,
    scale: float = 1.0,
    rows: Mapping[str, int] | None = None,
) -> list[Sample]:
    """Draw one column of some rows, and tell its values after each stage.

    Parameters are those of `preview`; the last stage is what `generate` writes.

    Raises
    ------
    SchemaError
        The schema has errors.
    UsageError
        There is no such table or column.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> [s.stage for s in sample(examples()["schema"], "bike", "bike_id", 1)]
    ['generator', 'type']
    """
    from datagen_engine.planning.plan import Plan

    made = source if isinstance(source, Plan) else plan(source, seed=seed, scale=scale, rows=rows)
    if table not in made.tables or column not in made.tables[table].columns:
        raise UsageError(f"there is no column {column!r} in a table {table!r}")
    size = made.tables[table].upto(start + n)
    at = made.slice(table, Rows.run(min(start, size), size))
    return [
        Sample(title, values.to_list()) for title, values in made.tables[table].columns[column].staged(at)
    ]


def trace(
    source: Source | Plan,
    table: str,
    row: int,
    column: str,
    *,
    seed: int = 42,
    scale: float = 1.0,
    rows: Mapping[str, int] | None = None,
) -> Trace:
    """Explain one value: what each stage made of it, and the rows of other tables behind it.

    The blocks of the value, and of what it hangs on, are drawn once; nothing else is. Any row costs the same.

    Parameters
    ----------
    source
        The schema, or a plan of it.
    table, row, column
        Which value; rows count from 0.
    seed, scale, rows
        Those of the run.

    Returns
    -------
    Trace
        The stages in order; the last one's value is what `generate` writes.

    Raises
    ------
    SchemaError
        The schema has errors.
    UsageError
        There is no such table, column or row.

    Examples
    --------
    >>> from datagen_engine import examples
    >>> found = trace(examples()["schema"], "rental", 17, "bike_id")
    >>> found.stages[0].words
    'The bike_id of row 13 of bike: picked as its other parent'
    >>> found.value
    14
    """
    from datagen_engine.explanation.explain import explain
    from datagen_engine.planning.plan import Plan

    made = source if isinstance(source, Plan) else plan(source, seed=seed, scale=scale, rows=rows)
    return explain(made, table, row, column)
