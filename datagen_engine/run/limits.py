"""What is refused before work starts: runs that no disk holds."""

from __future__ import annotations

import shutil
from pathlib import Path

from datagen_engine.errors import RunError
from datagen_engine.plan.plan import Plan

__all__ = ["MOST_ROWS", "refuse_the_impossible"]

MOST_ROWS = 10**12
"""Rows of one table; more is a slip of the pen."""

_SPARE = 1.1


def refuse_the_impossible(plan: Plan, tables: list[str], folder: Path) -> None:
    """Raise RunError where a run has more rows, or takes more bytes, than there can be.

    Goes by the expected rows, before anything is drawn or counted.
    """
    sizes = {table: plan.size(table) for table in plan.tables}
    for table, size in sizes.items():
        if not size.rows <= MOST_ROWS:
            raise RunError(
                f"{table!r} would have about {_number(size.rows)} rows; a table has at most {_number(MOST_ROWS)}. "
                "Lower its rows, its fanout, or those of its parents"
            )
    rows = sum(sizes[table].rows for table in tables)
    wanted = sum(sizes[table].bytes for table in tables)
    free = shutil.disk_usage(existing(folder)).free
    if wanted * _SPARE > free:
        raise RunError(
            f"the run would have about {_number(rows)} rows and take about {_bytes(wanted)}; {_bytes(free)} are free "
            f"in {folder}. Choose another folder, fewer rows, or a smaller --scale"
        )


def existing(folder: Path) -> Path:
    """Return the folder, or the first one above it that is there."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def _number(value: float) -> str:
    for limit, name in ((1e15, None), (1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= limit:
            return f"{value:.1e}" if name is None else f"{value / limit:,.1f} {name}"
    return f"{value:,.0f}"


def _bytes(value: float) -> str:
    for limit, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if value >= limit:
            return f"{value / limit:,.1f} {name}"
    return f"{value / 1e3:,.0f} kB"
