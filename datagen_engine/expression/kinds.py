"""Kinds of values, and what goes together with what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial, reduce
from typing import TYPE_CHECKING, Literal, TypeAlias

from datagen_engine.expression.fault import ExpressionFault, Mismatch
from datagen_engine.expression.syntax import Constant, Node

if TYPE_CHECKING:
    from datagen_engine.draw.values import ColumnType

__all__ = [
    "SPOKEN",
    "TIMES",
    "Kind",
    "arithmetic",
    "as_moment",
    "common",
    "comparison",
    "kind_of",
    "membership",
    "moment",
    "with_moments",
]

# "days" and "span" are lengths of time: they can be added to a time, but a column cannot hold them.
# "unknown" is what a faulty part has: it goes together with everything, so that one mistake is told once.
Kind: TypeAlias = Literal["number", "string", "bool", "datetime", "date", "days", "span", "null", "unknown"]

TIMES: tuple[Kind, ...] = ("datetime", "date")
SPOKEN: dict[Kind, str] = {
    "number": "a number", "string": "text", "bool": "true or false", "datetime": "a time", "date": "a date",
    "days": "a number of days", "span": "a length of time", "null": "null", "unknown": "nothing known",
}  # fmt: skip

_NUMBERS = ("number", "bool")
_LENGTHS = ("days", "span")
_ALWAYS_NULL = "a calculation with null is always null; use coalesce(…), or test with `== null`"


def kind_of(type: ColumnType | Literal["null"]) -> Kind:
    """Return the kind of a column's values: whole and floating numbers are both calculated as float64."""
    return "number" if type in ("int", "float") else type  # type: ignore[return-value]  # the others are kinds


def arithmetic(sign: str, left: Kind, right: Kind) -> Kind:
    """Return the kind of `left sign right`; a bool counts as 0 or 1.

    Raises
    ------
    Mismatch
        Where the two do not go together, with what to write instead.

    Examples
    --------
    >>> arithmetic("*", "number", "bool"), arithmetic("+", "date", "days"), arithmetic("-", "date", "span")
    ('number', 'date', 'datetime')
    """
    if "unknown" in (left, right):
        return "unknown"
    if "null" in (left, right):
        raise Mismatch(_ALWAYS_NULL)
    if left in _NUMBERS and right in _NUMBERS:
        return "number"
    if sign == "+" and left in _LENGTHS and right in TIMES:
        left, right = right, left
    if sign in "+-" and left in TIMES and right in _LENGTHS:
        return "date" if left == "date" and right == "days" else "datetime"
    if sign in "+-" and left in _LENGTHS and right in _LENGTHS:
        return "days" if left == right == "days" else "span"
    raise Mismatch(f"`{sign}` does not take {SPOKEN[left]} and {SPOKEN[right]}{_hint(sign, left, right)}")


def _hint(sign: str, left: Kind, right: Kind) -> str:
    both = (left, right)
    if "string" in both:
        return "; to join texts use concat(…)" if sign == "+" else ""
    if left in TIMES and right in TIMES:
        return "; use days_between(start, end) or hours_between(start, end)"
    if sign in "+-" and any(kind in TIMES for kind in both) and any(kind in _NUMBERS for kind in both):
        return "; say of what: days(…), hours(…) or minutes(…)"
    if any(kind in _LENGTHS for kind in both) and any(kind in _NUMBERS for kind in both):
        return "; calculate inside the parentheses, like days(2 * n)"
    return ""


def comparison(sign: str, left: Kind, right: Kind) -> Kind:
    """Return the kind in which two values are compared (not for a null that is written out: that is a test).

    >>> comparison("<", "date", "datetime"), comparison("==", "bool", "number")
    ('datetime', 'number')
    """
    if left in _LENGTHS or right in _LENGTHS:
        raise Mismatch(
            "lengths of time are not compared; use days_between(…) or hours_between(…), which give numbers"
        )
    if left in _NUMBERS and right in _NUMBERS:
        return "bool" if left == right == "bool" else "number"
    try:
        return common((left, right))
    except Mismatch:
        hint = "; write true or false without quotation marks" if "bool" in (left, right) else ""
        why = f"`{sign}` does not compare {SPOKEN[left]} with {SPOKEN[right]}{hint}"
        raise Mismatch(why) from None


def common(kinds: Sequence[Kind]) -> Kind:
    """Return the kind that values have together, where one of them is taken: null joins any, a date a time.

    >>> common(["null", "date", "datetime"])
    'datetime'
    """
    if "unknown" in kinds:
        return "unknown"
    seen = list(dict.fromkeys(kind for kind in kinds if kind != "null"))
    if len(seen) < 2:
        return seen[0] if seen else "null"
    if set(seen) == {"date", "datetime"}:
        return "datetime"
    if set(seen) == {"days", "span"}:
        return "span"
    raise Mismatch(f"these do not go together: {', '.join(SPOKEN[kind] for kind in seen)}")


def membership(operand: Kind, choices: Sequence[Kind]) -> Kind:
    """Return the kind in which `operand in (…)` is looked for."""
    return reduce(partial(comparison, "in"), choices, operand)


_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


def moment(text: str) -> datetime | date:
    """Read a date, or a time in UTC, as ISO 8601 writes them.

    >>> moment("2024-03-01")
    datetime.date(2024, 3, 1)
    >>> moment("2024-03-01T14:30+02:00").isoformat()
    '2024-03-01T12:30:00+00:00'
    """
    if _ISO.fullmatch(text):
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
            read = datetime.fromisoformat(text)
            return (read.replace(tzinfo=UTC) if read.tzinfo is None else read).astimezone(UTC)
        except (ValueError, OverflowError):  # the 30th of February; the year 10,000
            pass
    raise Mismatch(
        f"`{text[:40]}` is not a date or time; write it like '2024-03-01' or '2024-03-01T14:30:00'"
    )


def with_moments(nodes: Sequence[Node], kinds: Sequence[Kind]) -> list[Node]:
    """Return the nodes with texts that are written out read as times, if there is a time beside them."""
    if not any(kind in TIMES for kind in kinds):
        return list(nodes)
    return [as_moment(node) for node in nodes]


def as_moment(node: Node) -> Node:
    """Return a text that is written out as the time it means, anything else as it is."""
    if not (isinstance(node, Constant) and isinstance(node.value, str)):
        return node
    try:
        return Constant(moment(node.value), start=node.start, end=node.end)
    except Mismatch as mismatch:
        raise ExpressionFault(str(mismatch), node.start, node.end) from None
