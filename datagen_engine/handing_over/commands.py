"""`datagen export`: what other programs take from a schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import datagen_engine as datagen
from datagen_engine import cli
from datagen_engine.errors import SchemaError, UsageError
from datagen_engine.handing_over.forms import Handed, hand_over

__all__ = ["export"]


@cli.app.command()
def export(
    schema: cli.SchemaFile,
    as_: Annotated[
        Handed,
        typer.Option(
            "--as",
            help="A data dictionary (Markdown, or an HTML page), dbt's schema.yml, the schema without x- keys, "
            "CREATE TABLE statements, or the JSON Schema of the language.",
        ),
    ] = Handed.dictionary,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; else it is printed.", show_default=False
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> int:
    """Hand a schema over to other programs: a data dictionary, dbt, SQL."""
    from datagen_engine.write.atomic import write_text
    from datagen_engine.write.folder import failure

    document = datagen.load(schema)
    if not isinstance(document.tree, dict) or document.schema is None:
        raise SchemaError(document.problems)
    text = hand_over(document.tree, as_.value)
    if output is None:
        sys.stdout.write(text)
        return cli.DONE
    if output.exists() and not overwrite:
        raise UsageError(f"{output} exists; choose another name, or overwrite it with --overwrite")
    try:
        write_text(output, text)
    except OSError as error:
        raise failure(output, error) from None
    return cli.DONE
