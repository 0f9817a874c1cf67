"""Values as a person reads them."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

__all__ = ["number", "shown", "signed_time"]

_LONGEST = 60


def number(value: float) -> str:
    """Write a number with as many digits as say something.

    >>> number(41.2), number(1234567.891), number(0.00123), number(3.0), number(-2.5e-12)
    ('41.20', '1,234,567.89', '0.00123', '3', '-2.5e-12')
    """
    if not math.isfinite(value):
        return str(value)
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    if 1 <= abs(value) < 1e15:
        return f"{value:,.2f}"
    return f"{value:.3g}"


def shown(value: Any) -> str:
    """Write any value of a column.

    >>> shown(None), shown(True), shown("paid"), shown(17), shown(date(2024, 11, 29))
    ('null', 'true', 'paid', '17', '2024-11-29')
    >>> shown(datetime(2024, 11, 29, 20, 11))
    '2024-11-29 20:11'
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value).replace(",", "")  # as the column of whole numbers beside it
    if isinstance(value, datetime):
        return (
            f"{value:%Y-%m-%d %H:%M}"
            if not (value.second or value.microsecond)
            else f"{value:%Y-%m-%d %H:%M:%S}"
        )
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def signed_time(microseconds: float) -> str:
    """Write a span of time with its sign, in the unit that fits.

    >>> signed_time(90e6), signed_time(-3.6e9 * 5), signed_time(0)
    ('+1.5 min', '−5 h', '±0 s')
    """
    if not microseconds:
        return "±0 s"
    seconds = abs(microseconds) / 1e6
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{'+' if microseconds > 0 else '−'}{seconds / size:.3g} {unit}"
    return f"{'+' if microseconds > 0 else '−'}{seconds:.3g} s"
