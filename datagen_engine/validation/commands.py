"""`datagen validate` and `datagen report`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from datagen_engine import cli
from datagen_engine.errors import Cancelled, DatagenError, SchemaError, UsageError

if TYPE_CHECKING:
    from datagen_engine.validation.report import Report

__all__ = ["report", "tell", "validate"]


class ReportFormat(StrEnum):
    """What a report is written as."""

    html = "html"
    json = "json"
    csv = "csv"
    md = "md"


Data = Annotated[
    Path,
    typer.Option("--data", "-d", metavar="DIR", help="The folder that holds the data.", show_default=False),
]
Threshold = Annotated[
    float,
    typer.Option("--threshold", min=0, max=100, help="The quality score to reach, beside a whole integrity."),
]
SampleSize = Annotated[
    int | None,
    typer.Option(
        "--sample",
        min=1,
        metavar="N",
        help="Look at N rows of each table only, spread over it.",
        show_default=False,
    ),
]
ProgressOf = Annotated[
    cli.ProgressKind, typer.Option("--progress", help="Bars, one JSON object a line, or none.")
]
Supervised = Annotated[
    bool, typer.Option("--supervised", hidden=True, help="Stop when standard input closes.")
]


@cli.app.command()
def validate(
    schema: cli.SchemaFile,
    data: Data,
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json", metavar="FILE", help="Write the report as JSON too; - prints it.", show_default=False
        ),
    ] = None,
    threshold: Threshold = 80.0,
    sample: SampleSize = None,
    progress: ProgressOf = cli.ProgressKind.auto,
    supervised: Supervised = False,
) -> int:
    """Judge data against a schema: a run, or any folder with Parquet or CSV for each table.

    Ends with 0 where integrity is whole and the quality score reaches the threshold, with 1 where not, and with
    2 where that could not be told.
    """
    printed = json_file is not None and str(json_file) == "-"

    def tell(made: Report) -> None:
        from datagen_engine.validation.console import print_report

        if json_file is not None:
            _write(made.json(), json_file)
        if progress is not cli.ProgressKind.json:
            print_report(cli._console(errors=printed), made)

    return _judge(schema, data, tell, threshold, sample, progress, supervised, printed)


def _print_schema(wanted: bool) -> None:
    if wanted:
        from datagen_engine.validation.report_schema import report_schema

        cli._print(json.dumps(report_schema(), indent=2, ensure_ascii=False))
        raise typer.Exit


@cli.app.command()
def report(
    schema: cli.SchemaFile,
    data: Data,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to: .html, .json, .csv or .md; - prints it.",
            show_default=False,
        ),
    ],
    format: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            help="What it is written as.  [default: as the file is called, else json]",
            show_default=False,
        ),
    ] = None,
    threshold: Threshold = 80.0,
    sample: SampleSize = None,
    progress: ProgressOf = cli.ProgressKind.auto,
    supervised: Supervised = False,
    _schema: Annotated[
        bool,
        typer.Option(
            "--schema",
            callback=_print_schema,
            is_eager=True,
            help="Print the JSON Schema of the JSON report.",
        ),
    ] = False,
) -> int:
    """Write the report on data as a page to look at, or as a file for programs.

    Ends as `validate` does: with 0 where integrity is whole and the quality score reaches the threshold, with 1
    where not, and with 2 where that could not be told.
    """
    printed = str(output) == "-"
    form = format or _format_of(output)
    if output.exists() and schema.exists() and output.samefile(schema):
        raise UsageError(f"{output} is the schema; give the report another name")

    def tell(made: Report) -> None:
        _write(
            {"html": made.html, "json": made.json, "csv": made.csv, "md": made.markdown}[form.value](), output
        )
        if progress is not cli.ProgressKind.json and not printed:
            cli._print(f"{made.in_short}: {output}")

    return _judge(schema, data, tell, threshold, sample, progress, supervised, printed)


def _format_of(output: Path) -> ReportFormat:
    if str(output) == "-":
        return ReportFormat.json
    ending = {"htm": "html", "markdown": "md"}.get(output.suffix[1:].lower(), output.suffix[1:].lower())
    try:
        return ReportFormat(ending)
    except ValueError:
        raise UsageError(
            f"{output}: a report ends on .html, .json, .csv or .md; or say which with --format"
        ) from None


def _judge(
    schema: Path,
    data: Path,
    tell: Callable[[Report], None],
    threshold: float,
    sample: int | None,
    progress: cli.ProgressKind,
    supervised: bool,
    printed: bool,
) -> int:
    """Judge the data and tell the report; returns the exit code."""
    from datagen_engine.validation.validate import validate as judged

    as_lines = progress is cli.ProgressKind.json
    if as_lines and printed:
        raise UsageError("--progress json and the report cannot both be printed; write the report to a file")
    with cli._cancellable(listen=as_lines, supervised=supervised) as cancelled:
        teller: cli._Teller = cli._JsonLines() if as_lines else cli._Bars(progress is cli.ProgressKind.auto)
        try:
            with teller:
                made = judged(schema, data, sample=sample, progress=teller.progress, cancelled=cancelled)
            tell(made)
        except Cancelled:
            raise
        except SchemaError as error:
            teller.problems(error.problems)
            return cli.UNUSABLE
        except DatagenError as error:
            if isinstance(teller, cli._JsonLines):
                teller.failed(error)
            return cli._say(str(error), cli.UNUSABLE)
        if isinstance(teller, cli._JsonLines):
            teller._line({"type": "result", **made.summary.to_json()})
    return _code(made, threshold)


def tell(teller: cli._Teller, made: Report, threshold: float = 80.0) -> int:
    """Tell the report of a run that was judged while it was written; returns the exit code."""
    if isinstance(teller, cli._JsonLines):
        teller._line({"type": "report", **made.summary.to_json()})
    else:
        from datagen_engine.validation.console import print_report

        console = cli._console()
        console.print()
        print_report(console, made)
    return _code(made, threshold)


def _code(made: Report, threshold: float) -> int:
    if made.reaches(threshold):
        return cli.DONE
    # Where nothing fails and yet not all is whole, something could not be run, or there was nothing to run.
    return cli.FAILED if made.failures else cli.UNUSABLE


def _write(text: str, path: Path) -> None:
    """Write a file whole or not at all; `-` is standard output."""
    from datagen_engine.write.atomic import write_text
    from datagen_engine.write.folder import failure

    if str(path) == "-":
        sys.stdout.write(text)
        return
    try:
        write_text(path, text)
    except OSError as error:
        raise failure(path, error) from None
