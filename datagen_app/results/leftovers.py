"""What a results job that was killed may leave behind: DuckDB's folder for what did not fit into memory."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

__all__ = ["clear_up_after", "spill_prefix"]


def spill_prefix(process: int) -> str:
    """Return how the names of a job's folders begin.

    >>> spill_prefix(4711)
    'datagen-results-4711-'
    """
    return f"datagen-results-{process}-"


def clear_up_after(process: int) -> None:
    """Take away what a job has left behind that has ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{spill_prefix(process)}*"):
        shutil.rmtree(folder, ignore_errors=True)
