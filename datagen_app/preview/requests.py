"""When the worker is asked for what a panel shows, and which of its answers are still worth showing.

The first edit goes out at once. While a question is on its way only the newest of those after it waits; a worker
that is fast enough answers every edit of a drag, one that is not answers the last. Only typing waits for the next
key. What arrives is shown in the order of the document's revisions, and marked while a later one is to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from datagen_app.document.change import Change

__all__ = ["TYPING", "Asked", "Requests"]

TYPING = 60
"""Milliseconds that typing waits for the next key."""

Details = dict[str, Any]


class Asked(Protocol):
    """What passes questions to the worker: the client."""

    answered: SignalInstance
    failed: SignalInstance

    @property
    def idle(self) -> bool:
        """Whether nothing is asked that is not answered."""

    def ask(self, what: str, revision: int = 0, **details: Any) -> None:
        """Ask."""


class Requests(QObject):
    """Ask one kind of question, again after every edit, and pass on the answers worth showing.

    Parameters
    ----------
    client
        What passes questions to the worker.
    what
        The kind of question.
    wanted
        Gives the revision of the document and the details of the question; None where nothing is to be asked.

    Signals
    -------
    arrived
        An answer that is newer than what is shown.
    missed
        Why there is no answer.
    updating
        Whether what is shown is of an older document, or of an older question.
    """

    arrived = Signal(object)
    missed = Signal(str)
    updating = Signal(bool)

    def __init__(
        self,
        client: Asked,
        what: str,
        wanted: Callable[[], tuple[int, Details] | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._what = what
        self._wanted = wanted
        self._flying: tuple[int, Details] | None = None
        self._waiting = False
        self._shown = 0
        self._late = False
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING)
        self._typing.timeout.connect(self.ask)
        self._lost: tuple[int, Details] | None = None
        self._seeking = QTimer(self)
        self._seeking.setSingleShot(True)
        self._seeking.timeout.connect(self._seek)
        client.answered.connect(self._hear)
        client.failed.connect(self._miss)

    @property
    def late(self) -> bool:
        """Whether what is shown is older than what is wanted."""
        return self._late

    def follow(self, change: Change) -> None:
        """Ask again after a change of the document."""
        if change.step is not None and change.step.focus and change.kind in ("do", "merge"):
            self._mark(True)
            self._typing.start()
        else:
            self.ask()

    def ask(self) -> None:
        """Ask now; where a question is on its way already, after its answer."""
        self._typing.stop()
        wanted = self._wanted()
        if wanted is None:
            self._waiting = False
            self._mark(False)
            return
        self._mark(True)
        if self._flying is not None:
            self._waiting = True
            return
        self._send(wanted)

    def forget(self) -> None:
        """Show whatever comes next, however old: another document is open."""
        self._typing.stop()
        self._flying, self._waiting, self._shown = None, False, 0
        self._mark(False)

    def _send(self, wanted: tuple[int, Details]) -> None:
        self._flying, self._waiting = wanted, False
        revision, details = wanted
        self._client.ask(self._what, revision, **details)

    def _hear(self, what: str, revision: int, answer: object) -> None:
        if what != self._what or self._flying is None or not isinstance(answer, Mapping):
            return
        (_, details), self._flying = self._flying, None
        wanted = self._wanted()
        if wanted is not None and wanted[1] == details and revision >= self._shown:
            self._shown = revision
            self.arrived.emit(answer)
        self._after(wanted)

    def _miss(self, what: str, revision: int, why: str) -> None:
        if what != self._what or self._flying is None:
            return
        (_, details), self._flying = self._flying, None
        wanted = self._wanted()
        if wanted is not None and not self._waiting and wanted[1] == details:
            self.missed.emit(why)
        self._after(wanted)

    def _after(self, wanted: tuple[int, Details] | None) -> None:
        if wanted is None:
            self._waiting = False
            self._mark(False)
        elif self._waiting:
            self._send(wanted)
        elif not self._typing.isActive():
            self._mark(False)

    def settle(self) -> None:
        """Ask again where a question went away unanswered, as one about a document that was closed does."""
        if self._flying is not None and self._client.idle:
            self._lost = self._flying
            self._seeking.start()  # not now: its answer may be what everyone is just being told

    def _seek(self) -> None:
        if self._flying is not None and self._flying is self._lost and self._client.idle:
            self._flying = None
            self.ask()

    def _mark(self, late: bool) -> None:
        if late != self._late:
            self._late = late
            self.updating.emit(late)
