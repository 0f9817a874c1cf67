"""What is wrong with an expression, and where in its text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["ExpressionFault", "Mismatch", "Placed", "at", "did_you_mean"]


class ExpressionFault(ValueError):
    """Say what is wrong with the characters `start` … `end` (exclusive) of an expression's text.

    >>> fault = ExpressionFault("there is no column `prise`", 0, 5)
    >>> str(fault), fault.start, fault.end
    ('there is no column `prise`', 0, 5)
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message, start, end)
        self.message = message
        self.start = start
        self.end = end

    def __str__(self) -> str:
        return self.message


class Mismatch(ValueError):
    """Say that things do not go together, by a part of the code that does not know where they stand."""


class Placed(Protocol):
    """Anything that knows where it stands in the text."""

    @property
    def start(self) -> int: ...  # noqa: D102  (a protocol's members are their own description)

    @property
    def end(self) -> int: ...  # noqa: D102


@contextmanager
def at(place: Placed) -> Iterator[None]:
    """Give a mismatch that is raised inside its place in the text."""
    try:
        yield
    except Mismatch as mismatch:
        raise ExpressionFault(str(mismatch), place.start, place.end) from None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message that proposes the nearest known name, or nothing.

    >>> did_you_mean("prise", ["price", "quantity"])
    '; did you mean `price`?'
    >>> did_you_mean("colour", ["price", "quantity"])
    ''
    """
    by_lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return f"; did you mean `{by_lower[near[0]]}`?" if near else ""
