"""A process of its own: in a process group, with pipes to talk through, stopped with all that it started.

Without Qt, so that a process can be on its way before Qt is loaded.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

__all__ = ["LAST_WORDS", "Launched", "launch", "launch_module"]

LAST_WORDS = 4096
"""Bytes of standard error that are kept for the message about a process that died."""


class Launched:
    """Hold a process that was started, and where its standard error goes."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        # A file, not a pipe: nobody has to empty it.
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `forget`
        apart: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env=environment,
                **apart,
            )
        except OSError:
            self.errors.close()
            raise

    def last_words(self) -> str:
        """Return the end of what the process wrote to its standard error."""
        size = self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, size - LAST_WORDS))
        return self.errors.read().decode("utf-8", "replace").strip()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        if sys.platform == "win32":
            command = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            subprocess.run(command, capture_output=True, check=False)
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # nobody is left of it
            return

    def forget(self) -> None:
        """Close what was kept open for a process that has ended."""
        self.errors.close()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was still to be written found nobody
                    continue


def launch(command: Sequence[str]) -> Launched:
    """Start a program in a process group of its own.

    Raises
    ------
    OSError
        It could not be started.
    """
    return Launched(command)


def launch_module(name: str, *arguments: str) -> Launched:
    """Start a module of this program under the Python that runs it, in a process group of its own.

    It is looked for where this one was found, and never in the folder in which the user happens to be.

    Raises
    ------
    OSError
        It could not be started.
    """
    home = str(Path(__file__).resolve().parents[1])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
    return Launched([sys.executable, "-m", name, *arguments], environment)
