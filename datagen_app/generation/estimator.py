"""The window's end of the process that tells how large a run would be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from datagen_app.child import Child
from datagen_app.process import Launched, launch, launch_module

__all__ = ["Estimator", "start_estimator"]


def start_estimator() -> Launched:
    """Start an estimator: this program itself, where it is frozen.

    Raises
    ------
    OSError
        It could not be started.
    """
    if getattr(sys, "frozen", False):
        return launch([sys.executable, "--estimator"])
    return launch_module("datagen_app.generation.estimate")


class Estimator(QObject):
    """Ask how large a run would be; only the answer to the latest question is told.

    Signals
    -------
    estimated
        The answer.
    """

    estimated = Signal(object)

    def __init__(
        self, start: Callable[[], Launched] = start_estimator, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._start = start
        self._child: Child | None = None
        self._id = 0
        self._waiting: Mapping[str, Any] | None = None
        self._busy = False

    def ask(self, **details: Any) -> None:
        """Ask about a run; what was asked before and is not yet answered is forgotten."""
        self._id += 1
        self._waiting = {"id": self._id, **details}
        if self._child is None:
            try:
                self._child = Child(self._start(), self)
            except OSError:  # without an estimate the run can still be made
                return
            self._child.said.connect(self._hear)
            self._child.ended.connect(self._end)
        self._send()

    def close(self) -> None:
        """Let it end."""
        if self._child is not None:
            self._child.kill()  # it only reads
            self._child.wait(5.0)
            self._child = None

    def _send(self) -> None:
        if not self._busy and self._waiting is not None and self._child is not None:
            self._busy = True
            self._child.say(self._waiting)
            self._waiting = None

    def _hear(self, answer: Mapping[str, Any]) -> None:
        self._busy = False
        if answer.get("id") == self._id:
            self.estimated.emit(answer)
        self._send()

    def _end(self, code: int, words: str) -> None:
        self._child, self._busy = None, False
