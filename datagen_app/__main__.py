"""The designer, started from the command line: `datagen-studio [SCHEMA]`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from datagen_app.preview.command import start_worker
from datagen_app.shell.system import missing_library

__all__ = ["main"]

_SIZE = re.compile(r"([1-9][0-9]{1,4})[x×]([1-9][0-9]{1,4})")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the designer.

    Parameters
    ----------
    arguments
        The command line, without the program's name.

    Returns
    -------
    int
        0: it was closed, or the picture is drawn. 1: the picture could not be drawn whole. 2: the arguments
        are unusable, the file cannot be read, or this system cannot show a window.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] == "--worker":  # how a frozen program starts its worker
        from datagen_app.preview.worker import main as work

        work()
    if arguments and arguments[0] == "--results":  # and how a results job
        from datagen_app.results.job import main as read

        return read(list(arguments[1:]))
    if arguments and arguments[0] == "--estimator":
        from datagen_app.generation.estimate import main as estimate

        return estimate()
    options = _parser().parse_args(arguments)
    if options.schema is not None and not options.schema.is_file():
        reason = "is a folder" if options.schema.is_dir() else "does not exist"
        return _refuse(f"{options.schema} {reason}; give the file of a schema")

    if options.screenshot is not None:
        # A picture needs no display, and is the same with one.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if missing := missing_library():
        return _refuse(missing)
    # Before Qt is loaded: meanwhile the worker loads the engine.
    worker = start_worker()
    from datagen_app.shell.application import run

    return run(worker, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="datagen-studio", description="Draw believable, connected tables from a schema."
    )
    parser.add_argument("schema", nargs="?", type=Path, metavar="SCHEMA", help="the schema to open")
    parser.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="draw the window into a picture, and end"
    )
    parser.add_argument("--size", type=_size, metavar="WxH", help="of the window, such as 1440x900")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="colours (default: as set last)")
    return parser


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"a size is written like 1440x900, not {text!r}")
    return int(found[1]), int(found[2])


def _refuse(message: str) -> int:
    print(f"datagen-studio: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
