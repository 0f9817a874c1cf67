"""What is refused before work starts: runs that no disk holds."""

from __future__ import annotations

import shutil
from pathlib import Path

from datagen_engine.errors import RunError
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.size import MOST_ROWS, bytes_a_row, refuse_rows, spoken

__all__ = ["MOST_ROWS", "refuse_the_impossible"]

_SPARE = 1.1


def refuse_the_impossible(
    plan: Plan, tables: list[str], folder: Path, *, exact: bool = False, freed: int = 0
) -> None:
    """Raise RunError where a run has more rows, or takes more bytes, than there can be.

    Goes by the expected rows, before anything is drawn; or by the `exact` ones, once they are counted.
    `freed` bytes of an earlier run make room first.
    """
    counts = {
        table: float(target.rows) if exact else plan.size(table).rows
        for table, target in plan.tables.items()
        if table in tables or not exact
    }
    for table, count in counts.items():
        refuse_rows(table, count)
    rows = sum(counts[table] for table in tables)
    wanted = sum(counts[table] * bytes_a_row(plan.tables[table], plan.resolver) for table in tables)
    free = shutil.disk_usage(existing(folder)).free + freed
    if wanted * _SPARE > free:
        raise RunError(
            f"the run would have about {spoken(rows)} rows and take about {_bytes(wanted)}; {_bytes(free)} are free "
            f"in {folder}. Choose another folder, fewer rows, or a smaller --scale"
        )


def existing(folder: Path) -> Path:
    """Return the folder, or the first one above it that is there."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def _bytes(value: float) -> str:
    for limit, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if value >= limit:
            return f"{value / limit:,.1f} {name}"
    return f"{value / 1e3:,.0f} kB"
