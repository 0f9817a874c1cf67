"""Write a document's file, whole or not at all, and tell whether somebody else has written it since."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

from datagen_app.whole_file import written_whole

__all__ = ["Stamp", "Trouble", "read_text", "save_text", "stamp_of"]


class Trouble(Exception):
    """A file cannot be written or read; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like from outside: when it was written, how long it is, and which file it is."""

    written: int
    size: int
    number: int


def stamp_of(path: Path) -> Stamp | None:
    """Return what a file looks like now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


def read_text(path: Path) -> str | None:
    """Return what a file says, byte for byte; None where it cannot be read, or is no UTF-8."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def save_text(path: Path, text: str) -> Stamp | None:
    """Write a text to a file: into another one beside it, which then takes its place.

    The file keeps its permissions; a link stays one, and what it leads to is written.

    Parameters
    ----------
    path
        The file.
    text
        What it is to hold, with line ends as they are.

    Returns
    -------
    Stamp or None
        What the file looks like now.

    Raises
    ------
    Trouble
        The system refuses; the file is as it was.
    """
    try:
        target = path.resolve()
        with written_whole(target) as made:
            made.write_bytes(text.encode())
    except (OSError, RuntimeError, ValueError) as error:  # links that lead to each other; half a character
        raise Trouble(f"{path.name} could not be saved: {_why(error)}") from None
    return stamp_of(target)


def _why(error: Exception) -> str:
    if not isinstance(error, OSError):
        return f"{error}."
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full. Make room, or save it elsewhere with Save as."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "you may not write there. Save it elsewhere with Save as."
        case errno.ENOENT:
            return "the folder is gone. Save it elsewhere with Save as."
        case _:
            return f"{error.strerror or error}."
