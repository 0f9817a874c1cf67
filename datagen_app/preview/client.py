"""The window's end of the worker: questions go out, answers come back, and a lost worker is replaced.

One question is in flight at a time; the others wait here, where a newer one of the same kind takes the place
of an older one. So nobody waits for an answer that is no longer wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from datagen_app.child import Child
from datagen_app.preview.command import start_worker
from datagen_app.process import Launched

__all__ = ["PATIENCE", "Client"]

PATIENCE = 30.0
"""Seconds after which a worker that does not answer is taken to hang."""

STARTING = 30.0
"""Seconds that one may take to start."""

URGENT = ("preview", "trace")
"""What somebody is looking at; it goes before what else waits, but not before the edits that it is about."""

GIVE_UP = 3
"""So many workers in a row that never became ready are no accident."""


@dataclass(frozen=True)
class _Question:
    id: int
    revision: int
    ask: str
    details: dict[str, Any]
    quiet: bool = False
    """Asked by the client for itself."""

    @property
    def slot(self) -> tuple[object, ...]:
        """Of the questions of one slot only the newest waits.

        An estimate does not stand for the count, nor one journal for another.
        """
        return self.ask, self.details.get("exact"), self.details.get("journal")

    def message(self) -> dict[str, Any]:
        return {"id": self.id, "revision": self.revision, "ask": self.ask, **self.details}


class Client(QObject):
    """Ask a worker, and replace it when it dies or hangs.

    Parameters
    ----------
    started
        A worker that is already starting; without one it is started here.
    start
        How to start another.
    patience
        Seconds to wait for an answer.

    Signals
    -------
    answered
        What was asked, the revision that it was asked about, and the answer.
    failed
        What was asked, the revision, and why there is no answer.
    replaced
        What happened to the worker, in a sentence; another is there.
    """

    answered = Signal(str, int, object)
    failed = Signal(str, int, str)
    replaced = Signal(str)

    def __init__(
        self,
        started: Launched | None = None,
        start: Callable[[], Launched] | None = None,
        patience: float = PATIENCE,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._start = start or start_worker
        self._waiting: list[_Question] = []
        self._asked: _Question | None = None
        self._open: _Question | None = None
        """What a new worker has to be told before all else."""
        self._opened: _Question | None = None
        """The same, of the document that is there while another is being opened."""
        self._ids = iter(range(1, 1 << 62))
        self._in_vain = 0
        self._ready = False
        self._why = ""
        self._closed = False
        self._patience = patience
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._lose_patience)
        self._child: Child | None = None
        self._begin(started or self._start())

    @property
    def process_id(self) -> int | None:
        """The id of the worker's process, while there is one."""
        return self._child.process_id if self._child else None

    @property
    def ready(self) -> bool:
        """Whether the worker has started."""
        return self._ready

    def pending(self, revision: int) -> bool:
        """Whether something is asked about a revision that is not answered."""
        asked = [self._asked, *self._waiting]
        return any(each is not None and not each.quiet and each.revision == revision for each in asked)

    @property
    def idle(self) -> bool:
        """Whether nothing is asked that is not answered."""
        return self._asked is None and not self._waiting

    def ask(self, what: str, revision: int = 0, **details: Any) -> None:
        """Ask a question about a revision of the document, or, without one, about none.

        `open` tells the worker which document the questions after it are about, and drops those that still
        wait about the one before.
        """
        question = _Question(next(self._ids), revision, what, details)
        if what == "open":
            self._opened = self._open or self._opened
            self._open = None
            self._waiting = [waiting for waiting in self._waiting if waiting.revision == 0]
        self._waiting = [waiting for waiting in self._waiting if waiting.slot != question.slot]
        self._waiting = self._hurried(question) if what in URGENT else [*self._waiting, question]
        self._next()

    def _hurried(self, question: _Question) -> list[_Question]:
        """Return what waits, with a question before all but the edits that it is about.

        What those edits overtake is answered about the document that they lead to.
        """
        first = [waiting for waiting in self._waiting if waiting.quiet or waiting.ask in URGENT]
        rest = [waiting for waiting in self._waiting if waiting not in first]
        if any(waiting.quiet for waiting in first):
            about = question.revision
            rest = [
                replace(each, revision=about) if each.revision and each.ask != "open" else each
                for each in rest
            ]
        return [*first, question, *rest]

    def follow(self, revision: int, edits: list[dict[str, Any]], text: str) -> None:
        """Let the worker's copy of the document follow; what is asked from now on is about that revision.

        Parameters
        ----------
        revision
            What the edits lead to.
        edits
            What leads there, as `wire.pack` writes it; none where the worker has to read the text again.
        text
            The document's text then, for a worker that has to be replaced.
        """
        known = self._open or self._opened
        if known is None:
            return
        path = known.details["path"]
        now = _Question(0, revision, "open", {"path": path, "text": text}, quiet=True)
        if self._open is None:  # the worker is told if the other cannot be opened
            self._opened = now
            return
        self._open = now
        if not edits:
            question = replace(now, id=next(self._ids))
        else:
            question = _Question(next(self._ids), revision, "step", {"edits": edits}, quiet=True)
        self._waiting.append(question)
        self._next()

    def close(self, seconds: float = 5.0) -> None:
        """End the worker and wait until it is gone."""
        self._closed = True
        self._clock.stop()
        if self._child is None:
            return
        self._child.hang_up()
        if not self._child.wait(seconds / 2):
            self._child.kill()
            self._child.wait(seconds / 2)
        self._child = None

    def _begin(self, launched: Launched) -> None:
        child = Child(launched, self)
        child.said.connect(self._hear)
        child.garbled.connect(self._wonder)
        child.ended.connect(self._lose)
        self._child = child
        self._watch()
        self._next()

    def _next(self) -> None:
        if self._asked is None and self._waiting and self._child is not None:
            self._asked = self._waiting.pop(0)
            self._child.say(self._asked.message())
            self._watch()

    def _watch(self) -> None:
        """Begin to wait: for the answer, or for the worker to start."""
        if self._ready and self._asked is None:
            self._clock.stop()
        else:
            self._clock.start(round(1000 * (self._patience if self._ready else STARTING)))

    def _hear(self, message: dict[str, Any]) -> None:
        if message.get("ready"):
            self._in_vain, self._ready = 0, True
            self._watch()
        asked = self._asked
        if self.sender() is not self._child or asked is None or message.get("id") != asked.id:
            return
        self._clock.stop()
        self._asked = None
        if isinstance(answer := message.get("answer"), dict):
            self._take(asked, answer)
        else:
            self._fail(asked, str(message.get("failed", "it gave no answer")))
        self._next()

    def _take(self, asked: _Question, answer: dict[str, Any]) -> None:
        if asked.ask == "open" and not asked.quiet:
            # The text, not the file: that may be another by the time a worker has to be replaced.
            details = {"path": asked.details["path"], "text": answer["text"]}
            self._open, self._opened = replace(asked, details=details, quiet=True), None
            about = (0, asked.revision)
            self._waiting = [each for each in self._waiting if each.revision in about or each.ask == "open"]
        if not asked.quiet:
            self.answered.emit(asked.ask, asked.revision, answer)

    def _fail(self, asked: _Question, why: str) -> None:
        if not asked.quiet:
            if asked.ask == "open" and self._opened is not None:  # the one before is still there
                self._open, self._opened = self._opened, None
                self._catch_up()
            self.failed.emit(asked.ask, asked.revision, why)
            return
        if asked.ask == "step" and self._open is not None:  # its copy is another than ours
            self._catch_up()
            return
        # The worker does not have the document, so it knows nothing of it.
        about = [waiting for waiting in self._waiting if waiting.revision]
        self._waiting = [waiting for waiting in self._waiting if waiting not in about]
        for waiting in about:
            if not waiting.quiet:
                self.failed.emit(waiting.ask, waiting.revision, why)

    def _catch_up(self) -> None:
        """Let the worker read the present text, in the place of the steps that would have led there."""
        self._waiting = [waiting for waiting in self._waiting if not waiting.quiet]
        if self._open is not None:
            self._waiting.insert(0, replace(self._open, id=next(self._ids)))

    def _wonder(self, line: str) -> None:
        self._stop_child(f"it wrote what is no answer ({line[:60]})")

    def _lose_patience(self) -> None:
        self._stop_child(f"it did not answer for {self._clock.interval() / 1000:g} seconds")

    def _stop_child(self, why: str) -> None:
        self._why = why
        if self._child is not None:
            self._child.kill()

    def _lose(self, code: int, words: str) -> None:
        """Replace a worker that has ended; the question that it died of is not asked again."""
        child = self.sender()
        child.deleteLater()
        if self._closed or child is not self._child:
            return
        self._clock.stop()
        self._child, self._ready = None, False
        self._in_vain += 1
        why, self._why = self._why or _ending(code, words), ""
        asked, self._asked = self._asked, None
        if asked is not None:
            self._fail(asked, why)
        if self._in_vain < GIVE_UP:
            try:
                launched = self._start()
            except OSError as error:
                why = str(error)
            else:
                self._catch_up()
                self._begin(launched)
                self.replaced.emit(f"The background worker was lost and another has taken its place: {why}.")
                return
        waiting, self._waiting = self._waiting, []
        for question in waiting:
            self._fail(question, why)
        self.replaced.emit(f"The background worker does not start, so nothing can be checked: {why}.")


def _ending(code: int, words: str) -> str:
    last = words.splitlines()[-1][:120] if words else ""
    ended = f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}"
    return f"{ended} ({last})" if last else ended
