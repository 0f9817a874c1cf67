"""Values as the report holds and shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from datagen_engine.draw.grid import isoformat
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values

__all__ = ["fraction", "item", "items", "listed", "many", "rows_of", "written"]

_LONGEST_TEXT = 200


def item(type: ColumnType, data: Any) -> Any:
    """Return one of `Values.data` as a JSON value: times as ISO 8601, long text cut.

    >>> item("date", 1), item("int", 5)
    ('1970-01-02', 5)
    """
    if type in ("datetime", "date"):
        try:
            text = isoformat(int(data) * (MICROSECONDS_A_DAY if type == "date" else 1))
        except (OverflowError, ValueError):
            return f"{int(data)} {'days' if type == 'date' else 'µs'} since 1970"
        return text[:10] if type == "date" else text
    if type == "string":
        text = str(data)
        return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
    return {"int": int, "float": float, "bool": bool}[type](data)


def items(values: Values) -> list[Any]:
    """Return values as JSON values; None is null."""
    if values.type == "string":
        return [None if text is None else item("string", text) for text in values.text().to_pylist()]
    return [
        item(values.type, data) if known else None
        for data, known in zip(values.data.tolist(), values.mask().tolist(), strict=True)
    ]


def listed(columns: Mapping[str, Values]) -> list[dict[str, Any]]:
    """Return rows as JSON objects."""
    found = {name: items(values) for name, values in columns.items()}
    return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


def written(value: Any) -> str:
    """Write a JSON value for people: numbers with separators, text in quotes where it could be taken for more.

    >>> written(1234567), written(0.1), written(None), written("a b")
    ('1,234,567', '0.1', 'null', "'a b'")
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(value)
    return text if text[:4].isdigit() and text[4:5] == "-" else repr(text)


def many(count: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    >>> many(1, "row"), many(2_000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def rows_of(failed: int, checked: int) -> str:
    """Write how many of some rows: `3 of 1,000 rows`."""
    return f"{failed:,} of {many(checked, 'row')}"


def fraction(share: float) -> str:
    """Write a share as a percentage that is never rounded to all or nothing.

    >>> fraction(0.5), fraction(0.99999), fraction(1.0)
    ('50 %', '99.999 %', '100 %')
    """
    percent = 100 * share
    least = min(abs(percent), abs(100 - percent))
    if least == 0 or not math.isfinite(least):
        return f"{percent:.0f} %"
    digits = max(0, 2 - math.floor(math.log10(least)))
    return f"{f'{percent:.{digits}f}'.rstrip('0').rstrip('.') if digits else f'{percent:.0f}'} %"
