"""`datagen discard`: take away what a run has written, whole or broken off."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from datagen_engine import cli
from datagen_engine.errors import DatagenError, UsageError
from datagen_engine.write.folder import RunFolder, failure
from datagen_engine.write.manifest import MANIFEST, SCHEMA

__all__ = ["discard", "discard_run"]


def discard_run(folder: Path) -> None:
    """Take the files of a run away, and its folder where nothing else lies in it.

    Parameters
    ----------
    folder
        Holds a run, whole or broken off. Files that are not the run's stay.

    Raises
    ------
    UsageError
        It holds no run, or one that is going on.
    RunError
        The system refuses.

    Examples
    --------
    >>> import tempfile
    >>> from datagen_engine import examples, generate
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     folder = Path(parent) / "out"
    ...     _ = generate(examples()["schema"], folder)
    ...     discard_run(folder)
    ...     folder.exists()
    False
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder, so there is no run to discard")
    if not (folder / MANIFEST).exists() and not (folder / SCHEMA).exists():
        raise UsageError(f"{folder} holds no run; nothing is removed")
    with RunFolder(folder, overwrite=True) as claimed:
        try:
            claimed.clear()
        except OSError as error:
            raise failure(folder, error) from None
    with suppress(OSError):  # where something else lies in it
        folder.rmdir()


@cli.app.command()
def discard(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.", show_default=False)],
    progress: Annotated[
        cli.ProgressKind, typer.Option("--progress", help="One JSON object at the end, or none.")
    ] = cli.ProgressKind.auto,
    supervised: Annotated[
        bool, typer.Option("--supervised", hidden=True, help="Stop when standard input closes.")
    ] = False,
) -> int:
    """Remove what a run has written into a folder, also one that was stopped; other files stay."""
    teller = cli._JsonLines() if progress is cli.ProgressKind.json else None
    with cli._cancellable(listen=teller is not None, supervised=supervised):
        try:
            discard_run(folder)
        except DatagenError as error:
            if teller is not None:
                teller.failed(error)
            raise
    if teller is not None:
        teller._line({"type": "result", "folder": str(folder)})
    return cli.DONE
