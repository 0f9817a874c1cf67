"""One question that a results job works on: how far it is, and whether its answer is still wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["Stopped", "Task"]

_AGAIN = 0.05
"""Seconds between two attempts to interrupt a question: one that comes before the query starts is lost."""


class Stopped(Exception):
    """The answer is no longer wanted."""


class Task:
    """Stand for a question while it is worked on.

    Parameters
    ----------
    tell
        Called with the share that is done (0–1; None where it cannot be told) and what is being done.
    """

    def __init__(self, tell: Callable[[float | None, str], None] | None = None) -> None:
        self._tell = tell
        self._stop = threading.Event()
        self._over = threading.Event()
        self._cursors: list[duckdb.DuckDBPyConnection] = []

    def stop(self) -> None:
        """Make it end as soon as may be; called from another thread."""
        if not self._stop.is_set():
            self._stop.set()
            threading.Thread(target=self._interrupt, name="results-stop", daemon=True).start()

    def end(self) -> None:
        """Note that it has ended."""
        self._over.set()

    def look(self) -> None:
        """Raise Stopped where the answer is no longer wanted."""
        if self._stop.is_set():
            raise Stopped

    def tell(self, share: float | None, doing: str) -> None:
        """Say how far it is; raises Stopped where nobody wants to know."""
        self.look()
        if self._tell is not None:
            self._tell(share, doing)

    def cursor(self, database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """Return a cursor whose query ends when this is stopped."""
        self.look()
        made = database.cursor()
        self._cursors.append(made)
        return made

    def _interrupt(self) -> None:
        while not self._over.is_set():
            for cursor in list(self._cursors):
                cursor.interrupt()
            self._over.wait(_AGAIN)
