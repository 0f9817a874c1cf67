"""What the system must have for a window; looked for before Qt is, because Qt only aborts."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec

__all__ = ["missing_library"]

_CURSOR = "libxcb-cursor.so.0"


def missing_library(
    environment: Mapping[str, str] = os.environ,
    load: Callable[[str], object] = ctypes.CDLL,
    find: Callable[[str], object] = find_spec,
) -> str:
    """Return a line that names what is missing for a window on this system; nothing if nothing is.

    Parameters
    ----------
    environment
        Says which display there is.
    load
        Loads a library, or raises `OSError`.
    find
        Finds a package of Python's, or returns `None`.
    """
    if find("PySide6") is None:
        return "the designer needs Qt, which is not installed: pip install 'datagen-studio[app]'"
    if not sys.platform.startswith("linux"):
        return ""
    wanted = environment.get("QT_QPA_PLATFORM", "").split(":", 1)[0]
    if not wanted:
        if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
            return (
                "there is no display for a window; draw it into a picture instead: "
                "datagen-studio SCHEMA --screenshot PNG"
            )
        wanted = "wayland" if environment.get("WAYLAND_DISPLAY") else "xcb"
    if wanted != "xcb":
        return ""
    try:
        load(_CURSOR)
    except OSError:
        return f"a window needs {_CURSOR}, which this system does not have: apt-get install libxcb-cursor0"
    return ""
