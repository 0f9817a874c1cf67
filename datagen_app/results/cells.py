"""What a cell of the grid says: a value as short as it may be without saying something else."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

__all__ = ["LONGEST", "cell", "columns_of_cells", "whole"]

LONGEST = 300
"""Characters of a value that a cell holds."""


def cell(value: Any) -> str | None:
    """Return what a cell says; None for a null.

    Examples
    --------
    >>> cell(72.6000000001), cell(3.0), cell(1e-9), cell(True), cell(None)
    ('72.6', '3.0', '1e-09', 'true', None)
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    text = _time(value) if isinstance(value, date) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def whole(value: Any) -> str:
    """Return a value as it is written elsewhere: nothing of it left out; a null is empty.

    Examples
    --------
    >>> whole(0.1 + 0.2), whole(datetime(2024, 1, 2, 3)), whole(None)
    ('0.30000000000000004', '2024-01-02 03:00:00', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        _time(value) if isinstance(value, date) else repr(value) if isinstance(value, float) else str(value)
    )


def columns_of_cells(table: pyarrow.Table) -> list[list[str | None]]:
    """Return what the cells of a table say, column by column."""
    return [[cell(value) for value in column.to_pylist()] for column in table.columns]


def _number(value: float) -> str:
    size = abs(value)
    if value != value or size == float("inf"):
        return str(value)
    if size and (size < 1e-4 or size >= 1e15):
        return f"{value:.6g}"
    text = f"{value:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _time(value: date) -> str:
    if isinstance(value, datetime):
        plain = value.replace(tzinfo=None)
        return plain.isoformat(" ", "microseconds" if plain.microsecond else "seconds")
    return value.isoformat()
