"""A job: the command line as a child process, what it reports, and how it is stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from datagen_app.child import Child
from datagen_app.process import Launched, launch, launch_module

__all__ = [
    "KILL_AFTER",
    "TERMINATE_AFTER",
    "Job",
    "Order",
    "Outcome",
    "Progress",
    "Run",
    "Validation",
    "start_engine",
]

TERMINATE_AFTER = 0.5
"""Seconds after which a run that was asked to stop is told to."""
KILL_AFTER = 0.8
"""Seconds after which it is stopped, and all that it started."""

_KEPT = 200
"""So many messages of a run are kept to be shown."""


def start_engine(arguments: Sequence[str]) -> Launched:
    """Start the engine's command line: the one beside this program, where it is frozen.

    Raises
    ------
    OSError
        It could not be started.
    """
    if getattr(sys, "frozen", False):
        name = "datagen.exe" if sys.platform == "win32" else "datagen"
        return launch([str(Path(sys.executable).with_name(name)), *arguments])
    return launch_module("datagen_engine", *arguments)


class Order(Protocol):
    """What a job is to do."""

    @property
    def folder(self) -> Path:
        """The folder that it is about."""

    @property
    def good(self) -> Sequence[int]:
        """The exit codes with which it has done what was asked."""

    def arguments(self) -> list[str]:
        """Return the arguments of the command line that does it."""


@dataclass(frozen=True)
class Run:
    """What is to be drawn, and where to."""

    schema: Path
    folder: Path
    seed: int = 42
    scale: float = 1.0
    overwrite: bool = False
    rows: Mapping[str, int] = field(default_factory=dict)
    """Rows of tables without parents, where they are others than the schema says."""
    tables: tuple[str, ...] = ()
    """The tables to write; all of them, if none is named."""
    compression: str = "zstd"
    format: str = "parquet"
    resume: bool = False

    good = (0,)

    def arguments(self) -> list[str]:
        """Return the arguments of the command line that does it; what is as always is left out.

        Examples
        --------
        >>> run = Run(Path("shop.json"), Path("out"), rows={"customer": 50}, tables=("customer",))
        >>> " ".join(run.arguments())
        'generate shop.json -o out --seed 42 --scale 1.0 --rows customer=50 --tables customer'
        """
        said = ["generate", str(self.schema), "-o", str(self.folder), "--seed", str(self.seed)]
        said += ["--scale", repr(self.scale)]
        for table, rows in self.rows.items():
            said += ["--rows", f"{table}={rows}"]
        for table in self.tables:
            said += ["--tables", table]
        if self.compression != "zstd":
            said += ["--compression", self.compression]
        if self.format != "parquet":
            said += ["--format", self.format]
        if self.resume:
            return [*said, "--resume"]
        return [*said, "--overwrite"] if self.overwrite else said


@dataclass(frozen=True)
class Validation:
    """What is to be judged, against which schema, and where its report goes."""

    schema: Path
    folder: Path
    report: Path

    good = (0, 1, 2)
    """1: checks fail; 2: some could not be run. Where it says what came out, it is done."""

    def arguments(self) -> list[str]:
        """Return the arguments of the command line that does it."""
        return ["validate", str(self.schema), "--data", str(self.folder), "--json", str(self.report)]


@dataclass(slots=True)
class Progress:
    """How far a run is."""

    done: int = 0
    total: int = 0
    seconds: float = 0.0
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Rows that are written, and rows that there will be."""

    @property
    def rate(self) -> float:
        """Rows a second, since the start."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go at that rate; `None` while there is nothing to tell it from."""
        if self.seconds < 0.5 or not self.rate or not self.total:
            return None
        return max(0.0, (self.total - self.done) / self.rate)


@dataclass(frozen=True)
class Outcome:
    """How a job ended."""

    state: Literal["done", "failed", "stopped"]
    message: str
    folder: str = ""
    rows: int = 0
    bytes: int = 0
    seconds: float = 0.0
    result: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What the command line said of it."""


class Job(QObject):
    """Carry out an order: a run, or a validation.

    Signals
    -------
    progressed
        `progress` has changed.
    finished
        The outcome. The last signal of a job.
    """

    progressed = Signal()
    finished = Signal(object)

    def __init__(
        self,
        run: Order,
        start: Callable[[Sequence[str]], Launched] = start_engine,
        parent: QObject | None = None,
    ) -> None:
        """Start it.

        Parameters
        ----------
        run
            What is to be done.
        start
            Starts a command line with these arguments.

        Raises
        ------
        OSError
            It could not be started.
        """
        super().__init__(parent)
        self.run = run
        self.progress = Progress()
        self._result: Mapping[str, Any] | None = None
        self._problems: list[str] = []
        self._stopping = False
        self._child = Child(start([*run.arguments(), "--progress", "json", "--supervised"]), self)
        self._child.said.connect(self._hear)
        self._child.garbled.connect(self._overhear)
        self._child.ended.connect(self._end)
        self._terminate = self._after(TERMINATE_AFTER, self._child.terminate)
        self._kill = self._after(KILL_AFTER, self._child.kill)

    @property
    def process_id(self) -> int:
        """The id of the run's process."""
        return self._child.process_id

    @property
    def running(self) -> bool:
        """Whether it has not yet ended."""
        return self._child.running

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stopping

    def stop(self) -> None:
        """Ask the run to stop; it does within a second, and all that it started."""
        if self._stopping:
            return
        self._stopping = True
        self._child.say("cancel")
        self._terminate.start()
        self._kill.start()

    def abandon(self) -> None:
        """Stop the run at once, and wait until it has ended."""
        self._stopping = True
        self._child.kill()
        self._child.wait(5.0)

    def _after(self, seconds: float, then: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(round(seconds * 1000))
        timer.timeout.connect(then)
        return timer

    def _hear(self, message: Mapping[str, Any]) -> None:
        match message.get("type"):
            case "progress":
                self._advance(message)
            case "problem" if message.get("severity") != "warning":
                path = message.get("path") or ""
                self._problems.append(f"{message.get('message', '')}{f' ({path})' if path else ''}")
            case "result":
                self._result = message

    def _advance(self, message: Mapping[str, Any]) -> None:
        progress = self.progress
        try:
            progress.tables[str(message["table"])] = (int(message["rows"]), int(message["of"]))
            progress.done, progress.total = int(message["done"]), int(message["total"])
            progress.seconds = float(message["seconds"])
        except (KeyError, TypeError, ValueError):
            return  # a line of another version; the next one, or the result, says more
        self.progressed.emit()

    def _overhear(self, line: str) -> None:
        if len(self._problems) < _KEPT:
            self._problems.append(line)

    def _end(self, code: int, words: str) -> None:
        self._terminate.stop()
        self._kill.stop()
        self.finished.emit(self._outcome(code, words))

    def _outcome(self, code: int, words: str) -> Outcome:
        if code in self.run.good and self._result is not None:
            try:
                return _done(self._result, self.run)
            except (TypeError, ValueError):
                self._problems.append("The run ended well, but what it reported cannot be read.")
        if self._stopping:
            message = "The run was stopped. What is in the folder is not a whole result."
            return Outcome("stopped", message, str(self.run.folder), self.progress.done)
        last = words.splitlines()[-1] if words else ""
        ended = f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}"
        message = "\n".join(self._problems) or last or f"The run did not finish: {ended}."
        return Outcome("failed", message, str(self.run.folder), self.progress.done)


def _done(result: Mapping[str, Any], run: Order) -> Outcome:
    return Outcome(
        "done",
        "",
        str(run.folder),
        int(result.get("rows", 0)),
        int(result.get("bytes", 0)),
        float(result.get("seconds", 0.0)),
        result,
    )
