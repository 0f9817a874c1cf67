"""A child process that speaks JSON, one object a line, supervised without ever blocking the window.

The window's process computes nothing itself: it starts children and listens. A thread reads what the child
says and passes it on as signals; another writes to it, because a child that does not listen fills the pipe
and would hold up whoever writes.

A child stands in a process group of its own, so that it can be stopped together with what it started. It
ends when its standard input closes: a window that is killed leaves nobody behind.
"""

from __future__ import annotations

import json
import threading
from queue import SimpleQueue

from PySide6.QtCore import QObject, Signal

from datagen_app.process import Launched

__all__ = ["Child"]

LONGEST_LINE = 256 * 1024 * 1024
"""Bytes; whoever writes a longer line talks garbage."""

CLEARING = 1.0
"""Seconds that are left to the threads of a child that has ended."""


class Child(QObject):
    """Talk with a running child.

    Signals
    -------
    said
        An object that the child wrote.
    garbled
        A line that is none.
    ended
        Its exit code (negative: the signal that killed it), and the last it wrote to standard error. The
        last signal of a child; nothing is left to clear up after it.
    """

    said = Signal(object)
    garbled = Signal(str)
    ended = Signal(int, str)

    # From the threads; each is passed on in the thread of the window.
    _heard = Signal(object)
    _overheard = Signal(str)
    _over = Signal(int, str)

    def __init__(self, launched: Launched, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._launched = launched
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._heard.connect(self.said)
        self._overheard.connect(self.garbled)
        self._over.connect(self._end)
        # Python's own threads: a QThread that runs Python leaves an entry in `threading` for good.
        self._supervisor = threading.Thread(target=self._supervise, name="child", daemon=True)
        self._supervisor.start()

    @property
    def process_id(self) -> int:
        """The id of the process, which is that of its group too."""
        return self._launched.process.pid

    @property
    def running(self) -> bool:
        """Whether the child has not yet ended, or its end is not yet cleared up."""
        return self._supervisor.is_alive()

    def say(self, message: object) -> None:
        """Write an object, or a plain text, as one line to the child."""
        line = message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))
        self._waiting.put(line.encode() + b"\n")

    def hang_up(self) -> None:
        """Close the child's standard input, at which it ends."""
        self._waiting.put(None)

    def terminate(self) -> None:
        """Ask the child to end."""
        if self.running:
            self._launched.process.terminate()

    def kill(self) -> None:
        """End the child and all that it started, at once."""
        if self.running:
            self._launched.kill()

    def wait(self, seconds: float) -> bool:
        """Wait until the child has ended and all is cleared up; False if that takes longer."""
        self._supervisor.join(seconds)
        return not self.running

    def _end(self, code: int, words: str) -> None:
        self._supervisor.join()  # it is at its last line
        self.ended.emit(code, words)

    # In threads of their own

    def _supervise(self) -> None:
        """Wait for the child's end while two threads move its messages, then clear up after it."""
        movers = [
            threading.Thread(target=move, name=f"child{move.__name__}", daemon=True)
            for move in (self._read, self._write)
        ]
        for mover in movers:
            mover.start()
        code = self._launched.process.wait()
        # Whoever of its group outlives the child holds its pipes open.
        self._launched.kill()
        self._waiting.put(None)
        for mover in movers:
            mover.join(CLEARING)
        words = self._launched.last_words()
        self._launched.forget()
        self._over.emit(code, words)

    def _read(self) -> None:
        stdout = self._launched.process.stdout
        assert stdout is not None  # it was asked for
        try:
            while line := stdout.readline(LONGEST_LINE):
                self._take(line)
        except (OSError, ValueError) as error:
            self._overheard.emit(str(error))

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if isinstance(message, dict):
            self._heard.emit(message)
        elif line.strip():
            self._overheard.emit(line[:200].decode("utf-8", "replace").strip())

    def _write(self) -> None:
        stdin = self._launched.process.stdin
        assert stdin is not None  # it was asked for
        try:
            while (line := self._waiting.get()) is not None:
                stdin.write(line)
                stdin.flush()
            stdin.close()
        except (OSError, ValueError):  # the child is gone, which is told by its end
            return
