"""The window's end of a results job: questions go out, answers come back, nothing waits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from datagen_app.child import Child
from datagen_app.process import Launched, launch, launch_module
from datagen_app.results.leftovers import clear_up_after

__all__ = ["Results", "start_results"]

_ENDING = 1.0
"""Seconds that a job has to end by itself."""

Answer = Mapping[str, Any]
Then = Callable[[Answer], object]
Else = Callable[[str], object]
Went = Callable[[float | None, str], object]


def start_results(folder: Path, record: Path | None) -> Launched:
    """Start a results job over the folder of a run: this program itself, where it is frozen.

    Raises
    ------
    OSError
        It could not be started.
    """
    arguments = [str(folder), *([] if record is None else [str(record)])]
    if getattr(sys, "frozen", False):
        return launch([sys.executable, "--results", *arguments])
    return launch_module("datagen_app.results.job", *arguments)


@dataclass(frozen=True)
class _Asked:
    then: Then
    otherwise: Else | None
    went: Went | None


class Results(QObject):
    """Ask a results job.

    Parameters
    ----------
    launched
        The job's process.

    Signals
    -------
    failed
        A question without anybody to hear why it failed; in words.
    ended
        The job has ended, though nobody closed it; its last words.
    """

    failed = Signal(str)
    ended = Signal(str)

    def __init__(self, launched: Launched, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = count(1)
        self._asked: dict[int, _Asked] = {}
        self._closed = False
        self._why = ""
        self._child = Child(launched, self)
        self._child.said.connect(self._hear)
        self._child.ended.connect(self._end)

    @property
    def process_id(self) -> int:
        """The id of the job's process."""
        return self._child.process_id

    @property
    def running(self) -> bool:
        """Whether the job has not yet ended."""
        return self._child.running

    def ask(
        self,
        what: str,
        then: Then,
        otherwise: Else | None = None,
        went: Went | None = None,
        **details: Any,
    ) -> int:
        """Ask something.

        Parameters
        ----------
        what, details
            The question.
        then
            Called with the answer.
        otherwise
            Called with the reason, where there is none; not where it was stopped.
        went
            Called with how far it is (0–1, or None), and what is being done.

        Returns
        -------
        int
            What the question is stopped by.
        """
        id_ = next(self._ids)
        self._asked[id_] = _Asked(then, otherwise, went)
        self._child.say({"id": id_, "ask": what, **details})
        return id_

    def stop(self, id_: int) -> None:
        """Let a question go: its answer is no longer wanted, nor worked on."""
        if self._asked.pop(id_, None) is not None:
            self._child.say({"stop": id_})

    def close(self) -> None:
        """Let the job end; this goes with it."""
        self._closed = True
        self._asked.clear()
        self._child.hang_up()

    def finish(self) -> None:
        """Let the job end, and wait until it has."""
        self.close()
        if not self._child.wait(_ENDING):
            self._child.kill()
            self._child.wait(5.0)
            clear_up_after(self._child.process_id)

    def _hear(self, message: Answer) -> None:
        if "failed" in message:
            self._why = str(message["failed"])
            return
        id_ = message.get("id")
        asked = self._asked.get(id_) if isinstance(id_, int) else None
        if asked is None or not isinstance(id_, int):
            return
        if "share" in message:
            if asked.went is not None:
                share = message["share"]
                asked.went(share if isinstance(share, int | float) else None, str(message.get("doing", "")))
            return
        del self._asked[id_]
        if isinstance(answer := message.get("answer"), dict):
            asked.then(answer)
        elif "error" in message:
            self._say(asked, str(message["error"]))

    def _say(self, asked: _Asked, why: str) -> None:
        if asked.otherwise is not None:
            asked.otherwise(why)
        else:
            self.failed.emit(why)

    def _end(self, code: int, words: str) -> None:
        clear_up_after(self._child.process_id)
        if self._closed:
            self.deleteLater()
            return
        last = words.splitlines()[-1] if words else ""
        how = f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}"
        why = self._why or f"The results can no longer be read: {last or how}."
        waiting, self._asked = list(self._asked.values()), {}
        for asked in waiting:
            if asked.otherwise is not None:
                asked.otherwise(why)
        self.ended.emit(why)
