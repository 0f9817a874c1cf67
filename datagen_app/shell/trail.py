"""The trail of places visited: back, and forward again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from datagen_app.document.place import Place
from datagen_app.document.step import Clock

__all__ = ["Trail", "Visit"]

_LENGTH = 100
_PASSING = 0.6
"""Seconds; a place that is left sooner was only passed."""


@dataclass(frozen=True)
class Visit:
    """Where the user was: in which workspace, and at what."""

    workspace: str
    place: Place


class Trail:
    """Remember where the user was.

    Parameters
    ----------
    exists
        Whether what was visited is still there; what is not is passed over.
    clock
        Tells the time.

    Examples
    --------
    >>> seconds = iter(range(10))
    >>> trail = Trail(lambda visit: True, clock=lambda: next(seconds))
    >>> for key in (1, 2):
    ...     trail.visit(Visit("design", Place(key)))
    >>> trail.back().place
    Place(table=1, column=None)
    >>> trail.forward().place
    Place(table=2, column=None)
    """

    def __init__(self, exists: Callable[[Visit], bool], clock: Clock = time.monotonic) -> None:
        self._exists, self._clock = exists, clock
        self._visits: list[Visit] = []
        self._at = -1
        self._since = float("-inf")

    def visit(self, visit: Visit) -> None:
        """Go on to another place; what lay ahead is forgotten."""
        if self._visits and self._visits[self._at] == visit:
            return
        now = self._clock()
        passed = now - self._since < _PASSING
        self._since = now
        del self._visits[self._at + 1 :]
        if passed and self._visits:
            self._visits[-1] = visit
            if self._visits[-2:-1] == [visit]:
                self._visits.pop()
        else:
            self._visits.append(visit)
            del self._visits[:-_LENGTH]
        self._at = len(self._visits) - 1

    def clear(self) -> None:
        """Forget everything: another document is open."""
        self._visits.clear()
        self._at = -1
        self._since = float("-inf")

    def can_go(self, by: int) -> bool:
        """Whether there is a place behind (-1) or ahead (1)."""
        return self._next(by) is not None

    def back(self) -> Visit | None:
        """Go to the place before."""
        return self._go(-1)

    def forward(self) -> Visit | None:
        """Go to the place that one came back from."""
        return self._go(1)

    def _go(self, by: int) -> Visit | None:
        wanted = self._next(by)
        if wanted is None:
            return None
        self._at = wanted
        self._since = float("-inf")
        return self._visits[wanted]

    def _next(self, by: int) -> int | None:
        at = self._at + by
        while 0 <= at < len(self._visits):
            if self._exists(self._visits[at]) and self._visits[at] != self._visits[self._at]:
                return at
            at += by
        return None
