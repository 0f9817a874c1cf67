"""The command line: `datagen`."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

import datagen_engine as datagen
from datagen_engine.errors import Cancelled, DatagenError, RunError, SchemaError, UsageError
from datagen_engine.run.profile import profile_of

if TYPE_CHECKING:
    from rich.console import Console

    from datagen_engine.run.run import Progress, RunResult
    from datagen_engine.schema.problem import Problem
    from datagen_engine.validation.report import Report
    from datagen_engine.write.format import Format

__all__ = ["app", "run"]

DONE, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="datagen",
    help="Draw connected synthetic tables from a schema, as Parquet. The same seed gives the same bytes.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Compression(StrEnum):
    """How the files are compressed."""

    zstd = "zstd"
    lz4 = "lz4"
    snappy = "snappy"
    gzip = "gzip"
    none = "none"


class FileKind(StrEnum):
    """How tables are written."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"
    arrow = "arrow"
    duckdb = "duckdb"
    sqlite = "sqlite"


class Quoting(StrEnum):
    """What stands in quotes in CSV."""

    needed = "needed"
    all = "all"
    none = "none"


class ExecutorKind(StrEnum):
    """Who draws on this machine."""

    threads = "threads"
    processes = "processes"


class ProgressKind(StrEnum):
    """How progress is told."""

    auto = "auto"
    json = "json"
    none = "none"


class RowFormat(StrEnum):
    """How rows are shown."""

    table = "table"
    json = "json"
    csv = "csv"


SchemaFile = Annotated[
    Path, typer.Argument(metavar="SCHEMA", help="A schema: a file of JSON.", show_default=False)
]
Seed = Annotated[int, typer.Option("--seed", help="Any whole number; the same one gives the same bytes.")]
Scale = Annotated[float, typer.Option("--scale", help="Multiplies the rows of tables without parents.")]
RowsOf = Annotated[
    list[str] | None,
    typer.Option(
        "--rows",
        metavar="TABLE=N",
        help="Rows of a table without parents; may be given again.",
        show_default=False,
    ),
]


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code.

    0 done, 1 the schema has errors or the run failed, 2 unusable arguments or unreadable input, 130 interrupted.
    """
    try:
        code = app(args=list(arguments), prog_name="datagen", standalone_mode=False)
        sys.stdout.flush()  # here, where an error has words
        return code if isinstance(code, int) else DONE
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt, Cancelled):
        return _say("interrupted; nothing unfinished is left behind", INTERRUPTED)
    except (
        BrokenPipeError,
        SystemExit,
    ):  # the reader of our output has gone, as `| head` does; typer then exits
        _forget_output()
        return DONE
    except SchemaError as error:
        _tell_problems(error.problems)
        return FAILED
    except UsageError as error:
        return _say(str(error), UNUSABLE)
    except DatagenError as error:
        return _say(str(error), FAILED)
    except MemoryError:
        return _say("there is not enough memory for this; use a smaller --scale, or fewer --workers", FAILED)
    except Exception as error:  # the last door before the user, who is never shown a traceback
        if type(error).__module__.startswith(
            ("typer", "click")
        ):  # arguments that typer refuses: it has words for them
            error.show()  # type: ignore[attr-defined]  # every one of its exceptions can
            return UNUSABLE
        log = _log_traceback()
        return _say(f"something went wrong that should not have: {error!r}. The details are in {log}", FAILED)


# -- the commands -----------------------------------------------------------------------------------------


@app.command()
def check(
    schema: SchemaFile,
    as_json: Annotated[bool, typer.Option("--json", help="A list of records, one a problem.")] = False,
) -> int:
    """Find every problem of a schema, each with its place and, where there is one, a fix."""
    problems = datagen.check(datagen.load(schema))
    if as_json:
        _print(
            json.dumps([problem.to_json() for problem in problems], indent=2, ensure_ascii=False, default=str)
        )
    else:
        _tell_problems(problems, everything=True)
    return FAILED if _errors(problems) else DONE


@app.command()
def generate(
    schema: SchemaFile,
    context: typer.Context,
    folder: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Where to; or a URL, as s3://bucket/run.  [required, unless the profile says]",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="Settings that the schema carries in metadata.x-profiles; what is given beside it goes first.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 42,
    scale: Scale = 1.0,
    rows: RowsOf = None,
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--tables",
            metavar="TABLE",
            help="Write this table only; may be given again, or a,b,c.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            max=256,
            help="Threads or processes that draw.  [default: the cores]",
            show_default=False,
        ),
    ] = None,
    executor: Annotated[
        ExecutorKind,
        typer.Option("--executor", help="Who draws: threads for one writer, or whole processes."),
    ] = ExecutorKind.threads,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="URL",
            help="A Dask scheduler whose workers draw: tcp://…",
            show_default=False,
        ),
    ] = None,
    format: Annotated[FileKind, typer.Option("--format", help="How tables are written.")] = FileKind.parquet,
    compression: Annotated[
        Compression | None,
        typer.Option(
            "--compression",
            help="Of the files.  [default: zstd for parquet and arrow, else none]",
            show_default=False,
        ),
    ] = None,
    partition: Annotated[
        list[str] | None,
        typer.Option(
            "--partition",
            metavar="TABLE=COLUMN",
            help="Part a table's Parquet by a column's values; may be given again.",
            show_default=False,
        ),
    ] = None,
    delimiter: Annotated[str, typer.Option("--delimiter", help="Of CSV: one character, or tab.")] = ",",
    quoting: Annotated[Quoting, typer.Option("--quoting", help="Of CSV.")] = Quoting.needed,
    header: Annotated[bool, typer.Option("--header/--no-header", help="Of CSV: the columns' names.")] = True,
    null: Annotated[
        str, typer.Option("--null", help="Of CSV: what stands for null.", show_default=False)
    ] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an earlier run in the folder.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in the folder; what is whole stays.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            metavar="i/n",
            help="Draw the i-th of n shares of the work only; `datagen merge` seals them.",
            show_default=False,
        ),
    ] = None,
    validate: Annotated[
        bool, typer.Option("--validate", help="Judge the data while it is written, and tell the scores.")
    ] = False,
    progress: Annotated[
        ProgressKind, typer.Option("--progress", help="Bars, one JSON object a line, or none.")
    ] = ProgressKind.auto,
    supervised: Annotated[
        bool, typer.Option("--supervised", hidden=True, help="Stop when standard input closes.")
    ] = False,
) -> int:
    """Draw the tables of a schema and write them into a folder."""
    document = datagen.load(schema)
    if profile is not None:
        said = profile_of(document.tree, profile)
        given = {name for name in context.params if _is_given(context, name)}
        seed = seed if "seed" in given else said.seed
        scale = scale if "scale" in given else said.scale
        rows = [*(f"{table}={count}" for table, count in said.rows.items()), *(rows or [])]
        tables = tables or list(said.tables) or None
        format = format if "format" in given else _one_of(FileKind, said.format, "format")
        if said.compression and "compression" not in given:
            compression = _one_of(Compression, said.compression, "compression")
        folder = folder or said.folder or None
    if folder is None:
        raise UsageError("say where to write with --output DIR")
    with _cancellable(listen=progress is ProgressKind.json, supervised=supervised) as cancelled:
        teller: _Teller = (
            _JsonLines() if progress is ProgressKind.json else _Bars(progress is ProgressKind.auto)
        )
        try:
            asked = _rows(rows)
            problems = datagen.check(document, seed=seed, scale=scale, rows=asked)
            teller.problems(problems)
            if _errors(problems):
                return FAILED
            draw = _drawn_and_judged if validate else _drawn
            with teller:
                result, report = draw(
                    document,
                    folder,
                    seed=seed,
                    scale=scale,
                    rows=asked,
                    tables=_names(tables),
                    workers=workers,
                    executor=executor.value,
                    cluster=cluster,
                    format=_format(format, compression, delimiter, quoting, header, null),
                    partition=_partition(partition),
                    overwrite=overwrite,
                    resume=resume,
                    shard=shard,
                    progress=teller.progress,
                    cancelled=cancelled,
                )
        except DatagenError as error:
            if isinstance(teller, _JsonLines):
                teller.failed(error)
            raise
        teller.result(result)
        if report is not None:
            from datagen_engine.validation.commands import tell

            return tell(teller, report)
    return DONE


def _drawn(*given: Any, **options: Any) -> tuple[RunResult, Report | None]:
    return datagen.generate(*given, **options), None


def _drawn_and_judged(*given: Any, **options: Any) -> tuple[RunResult, Report | None]:
    return datagen.generate_and_validate(*given, **options)


@app.command()
def merge(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder that the shards share.", show_default=False)
    ],
) -> int:
    """Seal a folder that all shards of a run have written into: see that it is whole, write its manifest."""
    _Bars(False).result(datagen.merge(folder))
    return DONE


@app.command()
def preview(
    schema: SchemaFile,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Which table.", show_default=False)],
    n: Annotated[int, typer.Option("-n", min=0, max=1_000_000, help="How many rows.")] = 20,
    seed: Seed = 42,
    scale: Scale = 1.0,
    rows: RowsOf = None,
    format: Annotated[RowFormat, typer.Option("--format", help="How the rows are shown.")] = RowFormat.table,
) -> int:
    """Show the first rows of a table: the very ones that `generate` writes with this seed."""
    drawn = datagen.preview(datagen.load(schema), table, n, seed=seed, scale=scale, rows=_rows(rows))
    if format is RowFormat.json:
        _print(
            json.dumps(
                [{k: _iso(v) for k, v in row.items()} for row in drawn.to_pylist()],
                indent=2,
                ensure_ascii=False,
            )
        )
    elif format is RowFormat.csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(drawn.column_names)
        writer.writerows([["" if v is None else _iso(v) for v in row.values()] for row in drawn.to_pylist()])
    else:
        from rich.table import Table

        grid = Table(header_style="bold", box=None, pad_edge=False)
        for field in drawn.schema:
            grid.add_column(
                field.name,
                justify="right" if str(field.type) in ("int64", "double") else "left",
                no_wrap=True,
            )
        for row in drawn.to_pylist():
            grid.add_row(*("[dim]null[/dim]" if v is None else _shown(v) for v in row.values()))
        _console().print(grid)
    return DONE


@app.command()
def plan(
    schema: SchemaFile,
    seed: Seed = 42,
    scale: Scale = 1.0,
    rows: RowsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> int:
    """Show what a run would do: the order of tables, rows, dependencies and size. Nothing is drawn."""
    made = datagen.plan(datagen.load(schema), seed=seed, scale=scale, rows=_rows(rows))
    found = made.outline()
    if as_json:
        _print(json.dumps(found, indent=2, ensure_ascii=False))
        return DONE
    from rich.table import Table

    grid = Table(header_style="bold", box=None, pad_edge=False)
    for name, side in (
        ("level", "right"),
        ("table", "left"),
        ("rows", "right"),
        ("bytes", "right"),
        ("kept in memory", "right"),
        ("needs", "left"),
    ):
        grid.add_column(name, justify=side)  # type: ignore[arg-type]  # one of rich's words, seen as any text
    for entry in found["tables"]:
        about = "" if entry["exact"] else "≈ "
        grid.add_row(
            str(entry["level"]),
            entry["table"],
            f"{about}{entry['rows']:,}",
            f"≈ {_size(entry['bytes'])}",
            f"≈ {_size(entry['memory'])}" if entry["memory"] else "",
            ", ".join(entry["needs"]),
        )
    console = _console()
    console.print(grid)
    console.print(
        f"{len(found['tables'])} tables, ≈ {found['rows']:,} rows, ≈ {_size(found['bytes'])} of Parquet",
        highlight=False,
    )
    return DONE


@app.command()
def explain(
    schema: SchemaFile,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Which table.", show_default=False)],
    row: Annotated[int, typer.Argument(metavar="ROW", help="Which row, from 0.", show_default=False)],
    column: Annotated[str, typer.Argument(metavar="COLUMN", help="Which column.", show_default=False)],
    seed: Seed = 42,
    scale: Scale = 1.0,
    rows: RowsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> int:
    """Explain one value: what each stage made of it, and the rows of other tables behind it."""
    found = datagen.trace(datagen.load(schema), table, row, column, seed=seed, scale=scale, rows=_rows(rows))
    if as_json:
        _print(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
        return DONE
    from datagen_engine.explanation.console import trace_lines

    _console().print(*trace_lines(found), highlight=False)
    return DONE


@app.command("schema")
def json_schema(
    report: Annotated[bool, typer.Option("--report", help="That of a report as JSON instead.")] = False,
) -> int:
    """Print the JSON Schema of the language, for editors and other tools."""
    from datagen_engine.schema.document import Schema
    from datagen_engine.schema.json_schema import json_schema as made
    from datagen_engine.validation.report_schema import report_schema

    _print(json.dumps(report_schema() if report else made(Schema), indent=2, ensure_ascii=False))
    return DONE


@app.command()
def examples(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Which one; all are listed without.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; else it is printed.", show_default=False
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> int:
    """List the example schemas that come with the program, or give one."""
    known = datagen.examples()
    if name is None:
        for key, path in known.items():
            tree = datagen.load(path).tree
            described = tree.get("metadata", {}).get("description") or tree.get("description") or ""
            _print(f"{key:15} {len(tree['nodes']):2} tables   {described}".rstrip())
        return DONE
    if name not in known:
        raise UsageError(f"there is no example {name!r}; there are {', '.join(known)}")
    source = datagen.load(known[name])
    if output is None:
        sys.stdout.write(source.source)
    elif output.exists() and not overwrite:
        raise UsageError(f"{output} exists; choose another name, or overwrite it with --overwrite")
    else:
        datagen.save(source, output)
    return DONE


def _version(value: bool) -> None:
    if value:
        _print(f"datagen {datagen.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Draw connected synthetic tables from a schema, as Parquet. The same seed gives the same bytes."""


# -- telling ----------------------------------------------------------------------------------------------


class _Teller:
    """Tell how a run goes."""

    def __enter__(self) -> _Teller:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def problems(self, problems: Sequence[Problem]) -> None:
        _tell_problems(problems)

    def progress(self, at: Progress) -> None:
        return None

    def result(self, result: RunResult) -> None:
        return None


class _JsonLines(_Teller):
    """One JSON object a line on standard output: for programs, the designer among them."""

    _EVERY = 0.1

    def __init__(self) -> None:
        self._last = 0.0

    def problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self._line({"type": "problem", **problem.to_json()})

    def progress(self, at: Progress) -> None:
        now = time.monotonic()
        if now - self._last < self._EVERY and at.rows < at.of and at.done < at.total:
            return
        self._last = now
        self._line(
            {
                "type": "progress",
                "table": at.table,
                "rows": at.rows,
                "of": at.of,
                "done": at.done,
                "total": at.total,
                "seconds": round(at.seconds, 3),
            }
        )

    def result(self, result: RunResult) -> None:
        tables = {
            table: {"rows": entry.rows, "bytes": entry.bytes}
            for table, entry in result.manifest.tables.items()
        }
        self._line(
            {
                "type": "result",
                "folder": str(result.folder),
                "rows": result.rows,
                "bytes": result.bytes,
                "seconds": round(result.seconds, 3),
                "tables": tables,
            }
        )

    def failed(self, error: DatagenError) -> None:
        code = "cancelled" if isinstance(error, Cancelled) else "run-failed"
        self._line(
            {
                "type": "problem",
                "severity": "error",
                "code": code,
                "path": "",
                "message": str(error),
                "params": {},
                "fix": None,
            }
        )

    def _line(self, record: dict[str, Any]) -> None:
        try:
            sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            _forget_output()
            raise RunError("nobody reads the progress any more; the run is stopped") from None


class _Bars(_Teller):
    """A bar a table where there is a terminal; a summary in any case."""

    def __init__(self, wanted: bool) -> None:
        self._shown = wanted and sys.stderr.isatty()
        self._tasks: dict[str, Any] = {}
        self._bars: Any = None
        self._started = 0.0

    def __enter__(self) -> _Bars:
        if self._shown:
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bars

            self._bars = Bars(
                TextColumn("{task.description}"),
                BarColumn(bar_width=32),
                MofNCompleteColumn(),
                TextColumn("{task.fields[speed]}"),
                TimeRemainingColumn(compact=True),
                console=_console(errors=True),
                transient=True,
            )
            self._bars.start()
            self._all = self._bars.add_task("[bold]all tables", total=None, speed="")
        return self

    def __exit__(self, *error: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def progress(self, at: Progress) -> None:
        if self._bars is None:
            return
        if at.table not in self._tasks:
            self._tasks[at.table] = (self._bars.add_task(at.table, total=at.of, speed=""), at.seconds)
        task, since = self._tasks[at.table]
        self._bars.update(task, completed=at.rows, speed=_speed(at.rows, at.seconds - since))
        self._bars.update(self._all, completed=at.done, total=at.total, speed=_speed(at.done, at.seconds))

    def result(self, result: RunResult) -> None:
        from rich.table import Table

        grid = Table(header_style="bold", box=None, pad_edge=False)
        grid.add_column("table")
        for name in ("rows", "size"):
            grid.add_column(name, justify="right")
        grid.add_column("file")
        for table, entry in result.manifest.tables.items():
            if not entry.files:  # of a shard that has no part of this table
                continue
            file = entry.files[0].path if len(entry.files) == 1 else f"{table}/ ({len(entry.files)} parts)"
            rows = entry.rows if result.shard is None else sum(one.rows for one in entry.files)
            grid.add_row(table, f"{rows:,}", _size(entry.bytes), file)
        speed = _speed(result.rows - result.kept, result.seconds)
        console = _console()
        console.print(grid)
        console.print(
            f"{result.rows:,} rows, {_size(result.bytes)} in {result.folder}, {result.seconds:.1f} s"
            + (f" ({speed})" if speed else "")
            + (f"; {result.kept:,} rows were there already" if result.kept else ""),
            highlight=False,
            soft_wrap=True,
        )
        if result.shard is not None:
            at = result.shard
            console.print(
                f"shard {at.number} of {at.of} is done; when all are: datagen merge {result.folder}",
                highlight=False,
                soft_wrap=True,
            )


def _tell_problems(problems: Sequence[Problem], everything: bool = False) -> None:
    """Print problems to standard error (`everything`: a schema without any says so on standard output)."""
    from datagen_engine.schema.path import pointer

    console = _console(errors=not everything)
    for problem in problems:
        colour = "red" if problem.severity == "error" else "yellow"
        console.print(f"[bold {colour}]{problem.severity}[/]", end=" ")
        console.print(
            f"{pointer(problem.path) or '/'}: {problem.message} [{problem.code}]",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        if problem.fix is not None:
            console.print(f"    fix: {problem.fix.title}", markup=False, highlight=False, soft_wrap=True)
    if everything:
        errors = len(_errors(problems))
        warnings = len(problems) - errors
        console.print(
            f"{_many(errors, 'error')}, {_many(warnings, 'warning')}" if problems else "no problems",
            highlight=False,
        )


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _console(errors: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=errors)


def _say(message: str, code: int) -> int:
    with suppress(OSError):
        print(f"datagen: {message}", file=sys.stderr)
    return code


def _forget_output() -> None:
    """Let what is still to be written to standard output go nowhere, so that its end raises nothing."""
    import os

    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.__stdout__.fileno() if sys.__stdout__ else 1)
        os.close(nowhere)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _log_traceback() -> Path:
    import os
    import tempfile
    import traceback

    handle, name = tempfile.mkstemp(prefix="datagen-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        traceback.print_exc(file=file)
    return Path(name)


# -- reading and writing small things ---------------------------------------------------------------------


def _rows(items: list[str] | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items or ():
        table, equals, number = item.rpartition("=")
        count = number.replace("_", "").replace(",", "")
        if not equals or not count.isdigit() or len(count) > 18:
            raise UsageError(
                f"--rows {item}: expected TABLE=N with a whole number, such as --rows customer=5000"
            )
        found[table] = int(count)
    return found


def _partition(items: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items or ():
        table, equals, column = item.partition("=")
        if not (table and equals and column):
            raise UsageError(f"--partition {item}: expected TABLE=COLUMN, such as --partition order=country")
        found[table] = column
    return found


def _format(
    kind: FileKind,
    compression: Compression | None,
    delimiter: str,
    quoting: Quoting,
    header: bool,
    null: str,
) -> Format:
    from datagen_engine.write.formats import format_of

    return format_of(
        kind.value,
        compression.value if compression is not None else None,
        delimiter=delimiter,
        quoting=quoting.value,
        header=header,
        null=null,
    )


def _is_given(context: typer.Context, name: str) -> bool:
    """Say whether an option stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


Word = TypeVar("Word", bound=StrEnum)


def _one_of(words: type[Word], word: str, what: str) -> Word:
    try:
        return words(word)
    except ValueError:
        raise UsageError(f"there is no {what} {word!r}; choose one of {', '.join(words)}") from None


def _names(items: list[str] | None) -> list[str] | None:
    return [name.strip() for item in items for name in item.split(",") if name.strip()] if items else None


def _iso(value: Any) -> Any:
    from datetime import date, datetime

    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> str:
    from rich.markup import escape

    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    return escape(str(_iso(value)))


def _size(count: float) -> str:
    for limit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= limit:
            return f"{count / limit:.1f} {name}"
    return f"{count:.0f} B"


def _speed(rows: float, seconds: float) -> str:
    speed = rows / seconds if seconds > 0.05 else 0.0
    for limit, name in ((1e6, " M"), (1e3, " k")):
        if speed >= limit:
            return f"{speed / limit:.1f}{name} rows/s"
    return f"{speed:.0f} rows/s" if speed else ""


# -- stopping ---------------------------------------------------------------------------------------------


@contextmanager
def _cancellable(*, listen: bool, supervised: bool) -> Iterator[Callable[[], bool]]:
    """Give a question that says yes once Ctrl-C, a SIGTERM, or `cancel` on standard input has come.

    A second Ctrl-C ends the program at once. Supervised, the end of standard input counts as `cancel`: who
    started us is gone.
    """
    stop = threading.Event()

    def heard(*_signal: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {}
    for one in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError):  # only the main thread may
            before[one] = signal.signal(one, heard)

    def wait() -> None:
        with suppress(OSError, ValueError):
            for line in sys.stdin:
                if line.strip() == "cancel":
                    stop.set()
                    return
            if supervised:
                stop.set()

    if listen or supervised:
        threading.Thread(target=wait, daemon=True, name="datagen-listen").start()
    try:
        yield stop.is_set
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


import datagen_engine.handing_over.commands  # noqa: E402  # so does this
import datagen_engine.run.discard  # noqa: E402  # adds its command to `app`, which stands above
import datagen_engine.validation.commands  # noqa: E402  # so does this
