"""How the words of the language are spoken in a form. Plain Python, without Qt."""

from __future__ import annotations

import re

__all__ = ["CELLS", "DIMENSIONS", "FREQUENCIES", "frequency_name", "meaning", "quoted", "spoken"]

DIMENSIONS = {"hour": 24, "dow": 7, "month": 12}
"""The dimensions of a pattern, and how many weights each has."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

CELLS: dict[str, tuple[str, ...]] = {
    "hour": tuple(f"{hour:02}:00" for hour in range(24)),
    "dow": _DAYS,
    "month": _MONTHS,
}
"""What each weight of a dimension belongs to."""

_WORDS = {
    ("hour", "dimension"): "hour of the day",
    ("dow", "dimension"): "day of the week",
    ("month", "dimension"): "month of the year",
    ("mul", "op"): "multiply",
    ("add", "op"): "add",
    ("mul", "mode"): "a share of the value",
    ("add", "mode"): "added to the value",
}

_ABOUT = {
    ("int", "type"): "whole number",
    ("float", "type"): "number",
    ("string", "type"): "text",
    ("bool", "type"): "true or false",
    ("datetime", "type"): "date and time",
    ("date", "type"): "day",
    ("entity", "kind"): "things that exist",
    ("fact", "kind"): "things that happen",
    ("vocab", "kind"): "a list of words",
}
"""What words that stay as they are mean."""

FREQUENCIES: tuple[tuple[str, str], ...] = (
    ("s", "every second"),
    ("min", "every minute"),
    ("5min", "every 5 minutes"),
    ("15min", "every 15 minutes"),
    ("30min", "every half hour"),
    ("h", "every hour"),
    ("6h", "every 6 hours"),
    ("D", "every day"),
    ("B", "every working day"),
    ("W-MON", "every Monday"),
    ("W-SUN", "every Sunday"),
    ("MS", "the first of every month"),
    ("ME", "the last of every month"),
    ("QS", "the first of every quarter"),
    ("YS", "the first of every year"),
)
_SPELLED = {"H": "h", "T": "min", "S": "s", "M": "ME", "W": "W-SUN", "Q": "QE", "A": "YE", "Y": "YE"}


def spoken(word: str, key: str = "") -> str:
    """Return a word of the language as it is spoken under a key.

    Examples
    --------
    >>> spoken("dow", "dimension"), spoken("head_tail")
    ('day of the week', 'head tail')
    """
    return _WORDS.get((word, key), word.replace("_", " "))


def meaning(word: str, key: str) -> str:
    """Return what a word means under a key, where it is not spoken otherwise; nothing where that is plain.

    Examples
    --------
    >>> meaning("fact", "kind"), meaning("dow", "dimension")
    ('things that happen', '')
    """
    return _ABOUT.get((word, key), "")


def quoted(text: str) -> str:
    """Return a text with the words of the schema in quotation marks, where the engine has them in backticks.

    Examples
    --------
    >>> quoted("there is no column `nam`")
    'there is no column “nam”'
    """
    return re.sub(r"`([^`]*)`", r"“\1”", text)


def frequency_name(alias: str) -> str:
    """Return what a grid is called; the alias itself where it has no name.

    Examples
    --------
    >>> frequency_name("h"), frequency_name("H"), frequency_name("17min")
    ('every hour', 'every hour', '17min')
    """
    return dict(FREQUENCIES).get(_SPELLED.get(alias, alias), alias)
