"""How problems say numbers, shares, times and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datagen_engine.draw.grid import isoformat
from datagen_engine.draw.literals import json_text
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType

__all__ = ["counted", "figure", "listed", "moment", "quoted", "share", "value"]


def figure(number: float) -> str:
    """Write a number as people read it.

    >>> figure(1234567.0), figure(0.125), figure(8632.4), figure(3.5e16)
    ('1,234,567', '0.125', '8,632.4', '3.5e+16')
    """
    if abs(number) >= 1e15:
        return f"{number:.3g}"
    if number == round(number):
        return f"{round(number):,}"
    if abs(number) < 1000:
        return f"{number:,.4g}"
    return f"{number:,.1f}" if abs(number) < 1e5 else f"{round(number):,}"


def share(part: float) -> str:
    """Write a share in per cent.

    >>> share(0.3162), share(0.5)
    ('31.6 %', '50 %')
    """
    return f"{100 * part:.4g} %" if part * 1000 == round(part * 1000) else f"{100 * part:.3g} %"


def counted(number: int, noun: str) -> str:
    """Write a number of things.

    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def quoted(item: Any) -> str:
    """Write a JSON scalar as it stands in the document, shortened.

    >>> quoted("a"), quoted(True), quoted(None)
    ('"a"', 'true', 'null')
    """
    text = f'"{item}"' if isinstance(item, str) else json_text(item)
    return text if len(text) <= 60 else text[:59] + "…"


def listed(items: Sequence[Any], most: int = 5) -> str:
    """Write a list of JSON scalars, each once, the first few of a long one.

    >>> listed(["a", "b", "c", "b"]), listed([1, 2, 3, 4], most=2)
    ('"a", "b" and "c"', '1, 2 and 2 more')
    """
    items = list({json_text(item): item for item in items}.values())
    shown = [quoted(item) for item in items[:most]]
    if len(items) > most:
        shown.append(f"{len(items) - most} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def moment(instant: float) -> str:
    """Write an instant in microseconds as ISO 8601; a midnight as its day.

    >>> moment(0), moment(3_600_000_000)
    ('1970-01-01', '1970-01-01T01:00:00Z')
    """
    whole = int(min(max(instant, -62_135_596_800_000_000), 253_402_300_799_999_999))
    text = isoformat(whole)
    return text[:10] if whole % MICROSECONDS_A_DAY == 0 else text


def value(number: float, type: ColumnType | str) -> str:
    """Write a finished value of a column of some type, counted as in `Values.data`."""
    if type == "datetime":
        return moment(number)
    return moment(number * MICROSECONDS_A_DAY) if type == "date" else figure(number)
