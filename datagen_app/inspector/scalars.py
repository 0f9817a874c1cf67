"""Text, numbers, true, false and null, as they are typed into a field. Plain Python, without Qt."""

from __future__ import annotations

import json
from typing import Any

from datagen_app.inspector.shape import ABSENT

__all__ = ["any_of", "number_of", "real", "shown", "shown_number", "text_of"]

_WORDS = {"true": True, "false": False, "null": None}


def number_of(text: str) -> int | float | None:
    """Return the number that a text says, with or without separators of thousands; None where it says none.

    Examples
    --------
    >>> number_of("1,200"), number_of("0.5"), number_of("1e3"), number_of("1e"), number_of("nan")
    (1200, 0.5, 1000.0, None, None)
    """
    plain = text.strip().replace(",", "").replace("\N{MINUS SIGN}", "-").replace(" ", "")
    if plain.startswith("+"):
        plain = plain[1:]
    if plain.startswith("."):
        plain = "0" + plain
    try:
        value = json.loads(plain)
    except ValueError:
        try:
            value = int(plain)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) != float("inf") and value == value else None


def real(value: Any) -> float | None:
    """Return a number of the document as it is drawn; None for what is none, or too large to draw.

    Examples
    --------
    >>> real(3), real(True), real("3"), real(10**400)
    (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    made = float(value) if abs(value) < 1e300 else None
    return made if made is not None and made == made else None


def shown_number(value: float) -> str:
    """Return a number as it is edited: every digit, nothing more.

    Examples
    --------
    >>> shown_number(3), shown_number(0.1), shown_number(1e22)
    ('3', '0.1', '1e+22')
    """
    return json.dumps(value)


def shown(value: Any) -> str:
    """Return a value as it is edited where any may stand: text that could be read as another is quoted.

    Examples
    --------
    >>> shown("web"), shown(5), shown("5"), shown(None), shown(True)
    ('web', '5', '"5"', 'null', 'true')
    """
    if value is ABSENT:
        return ""
    if isinstance(value, str):
        quoted = value != value.strip() or any_of(value) != value or "\n" in value or not value
        return json.dumps(value, ensure_ascii=False) if quoted else value
    return json.dumps(value, ensure_ascii=False)


def any_of(text: str) -> Any:
    """Return the value that a text says where any may stand.

    Examples
    --------
    >>> any_of("web"), any_of("5"), any_of('"5"'), any_of("null"), any_of("007")
    ('web', 5, '5', None, '007')
    """
    plain = text.strip()
    if plain in _WORDS:
        return _WORDS[plain]
    if plain.startswith(('"', "[", "{")):
        try:
            return json.loads(plain)
        except ValueError:
            return text
    try:
        value = json.loads(plain)
    except ValueError:
        return text
    return value if isinstance(value, int | float) and abs(value) != float("inf") and value == value else text


def text_of(text: str, type: str) -> Any:
    """Return the value that a text says in a column of a type: in one of strings it is the text itself.

    Examples
    --------
    >>> text_of("5", "string"), text_of("5", "int"), text_of("null", "string"), text_of("2024-01-01", "date")
    ('5', 5, None, '2024-01-01')
    """
    if type not in ("string", "date", "datetime"):
        return any_of(text)
    plain = text.strip()
    if plain == "null":
        return None
    if plain.startswith('"') and plain.endswith('"') and len(plain) > 1:
        value = any_of(plain)
        return value if isinstance(value, str) else text
    return text
