"""A display of its own for the tests that need real windows: Xvfb, and openbox to manage them."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import IO

SIZE = "1600x1000x24"
PROGRAMS = ("Xvfb", "openbox", "xdotool")
PATIENCE = 20.0  # seconds; what is not there by then never comes


def missing_programs() -> list[str]:
    """Return the programs a desktop is made of that this machine lacks."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass
class Desktop:
    """A running display; a program started with `environment` shows its windows on it.

    Each process of a parallel run has its own, so that no test takes another's focus or pointer.
    """

    display: str
    _children: list[subprocess.Popen[str]] = field(repr=False)

    @classmethod
    def start(cls) -> Desktop:
        """Start a display and its window manager, and wait until both are ready."""
        children: list[subprocess.Popen[str]] = []
        desktop = cls("", children)
        try:
            reader, writer = os.pipe()
            with os.fdopen(reader) as chosen:
                try:
                    children.append(
                        _start("Xvfb", "-displayfd", str(writer), "-screen", "0", SIZE, "-noreset", fd=writer)
                    )
                finally:
                    os.close(writer)
                desktop.display = f":{_line(chosen, 'Xvfb')}"
            # The first key that xdotool ever sends changes the keyboard mapping: openbox would take up its
            # shortcuts anew just then, and could miss it.
            desktop.xdotool("key", "Shift_L")
            children.append(
                _start("openbox", "--sm-disable", "--startup", "echo ready", env=desktop.environment)
            )
            manager = children[-1].stdout
            assert manager is not None  # it was asked for
            _line(manager, "openbox")
        except BaseException:
            desktop.stop()
            raise
        return desktop

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a program that is to show its windows here."""
        here = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
        return {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"} | here

    def xdotool(self, *arguments: str) -> str:
        """Run xdotool here and return what it printed.

        Example: `desktop.xdotool("key", "ctrl+k")`.
        """
        run = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return run.stdout.strip()

    def window(self, *search: str) -> str:
        """Wait for a window, bring it to the front, and return its id.

        Example: `desktop.window("--pid", str(program.pid))`.
        """
        found = self.xdotool("search", "--sync", "--onlyvisible", *search).split()[0]
        self.xdotool("windowactivate", "--sync", found)
        return found

    def stop(self) -> None:
        """End the window manager and the display."""
        for child in reversed(self._children):
            child.terminate()
            child.communicate(timeout=PATIENCE)


def _start(*command: str, env: dict[str, str] | None = None, fd: int | None = None) -> subprocess.Popen[str]:
    # setpriv: a killed test run leaves no display behind.
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *command],
        env=env,
        pass_fds=() if fd is None else (fd,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _line(stream: IO[str], who: str) -> str:
    ready, _, _ = select.select([stream], [], [], PATIENCE)
    line = stream.readline().strip() if ready else ""
    if not line:
        raise RuntimeError(f"{who} did not start within {PATIENCE:.0f} s")
    return line
