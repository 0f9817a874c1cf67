"""Questions of the forms to the worker: of each asker only the newest, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from shiboken6 import isValid

__all__ = ["Asker", "Questions"]

Heard = Callable[[dict[str, Any]], None]


class Questions(Protocol):
    """What passes questions to the worker: the client."""

    answered: SignalInstance
    failed: SignalInstance

    def ask(self, what: str, revision: int = 0, **details: Any) -> None:
        """Ask."""


class Asker(QObject):
    """Ask for what a form shows besides the document: samples of stages, rows of an effect table.

    Whoever asks again before the answer is there is answered once, as asked last.
    """

    idle = Signal()

    def __init__(self, client: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._waiting: dict[object, tuple[str, dict[str, Any], Heard]] = {}
        self._asked: tuple[str, object, Heard] | None = None
        client.answered.connect(self._hear)
        client.failed.connect(self._miss)

    def ask(self, who: object, what: str, heard: Heard, **details: Any) -> None:
        """Ask; `heard` is called with the answer, or with `{"failed": why}`."""
        self._waiting.pop(who, None)
        self._waiting[who] = (what, details, heard)
        self._next()

    def forget(self, who: object) -> None:
        """Want no answer any more."""
        self._waiting.pop(who, None)
        if self._asked is not None and self._asked[1] is who:
            self._asked = (self._asked[0], None, _nobody)

    def _next(self) -> None:
        if self._asked is None and self._waiting:
            who, (what, details, heard) = next(iter(self._waiting.items()))
            del self._waiting[who]
            self._asked = (what, who, heard)
            self._client.ask(what, 0, **details)

    def _hear(self, what: str, revision: int, answer: object) -> None:
        self._end(what, answer if isinstance(answer, dict) else {"failed": "it gave no answer"})

    def _miss(self, what: str, revision: int, why: str) -> None:
        self._end(what, {"failed": why})

    def _end(self, what: str, answer: dict[str, Any]) -> None:
        if self._asked is None or self._asked[0] != what:
            return
        _, _, heard = self._asked
        self._asked = None
        asker = getattr(heard, "__self__", None)
        if not isinstance(asker, QObject) or isValid(asker):  # its form may be gone by now
            heard(answer)
        self._next()
        if self._asked is None:
            self.idle.emit()


def _nobody(answer: dict[str, Any]) -> None:
    pass
