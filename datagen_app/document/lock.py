"""Who may write a document: the first program that opens it, until another takes over.

Two small files stand for a document in a folder of the user's. The system's lock on the one tells that a
program lives that has it open, and goes with that program however it ends; what the other says tells whose
the document is.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO
from uuid import uuid4

__all__ = ["Lock", "clear", "is_alive", "key_of"]


def key_of(path: Path) -> str:
    """Return the name that the files of a document have, whichever way leads to it.

    Examples
    --------
    >>> key_of(Path("shop.json")) == key_of(Path("./shop.json"))
    True
    """
    try:
        real = path.resolve()
    except (OSError, RuntimeError):  # links that lead to each other
        real = path.absolute()
    return blake2b(os.fsencode(real), digest_size=12).hexdigest()


class Lock:
    """The right to write a document.

    Parameters
    ----------
    folder
        Where the files of all documents stand; it is made if need be.
    key
        The name of the document's files.
    """

    def __init__(self, folder: Path, key: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.alive = folder / f"{key}.lock"
        self.owner = folder / f"{key}.owner"
        self._token = uuid4().hex
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether the document is ours, and nobody has taken over."""
        try:
            return self.owner.read_text("ascii") == self._token
        except (OSError, ValueError):
            return False

    def take(self) -> bool:
        """Take the document if it is nobody's; return whether it is ours.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        if not self._seize():
            return False
        self.owner.write_text(self._token, "ascii")
        return True

    def take_over(self) -> None:
        """Take the document whoever has it; they will notice.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        self._seize()
        self.owner.write_text(self._token, "ascii")

    def yield_to_other(self) -> None:
        """Let the other's program have what only one can."""
        self._drop()

    def release(self) -> None:
        """Give the document back."""
        if self.held:
            with suppress(OSError):
                self.owner.unlink(missing_ok=True)
            if self._file is not None and sys.platform != "win32":
                with suppress(OSError):
                    self.alive.unlink(missing_ok=True)
        self._drop()

    def _seize(self) -> bool:
        if self._file is None:
            file = self.alive.open("ab")
            if not _lock(file):
                file.close()
                return False
            self._file = file
        return True

    def _drop(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def is_alive(folder: Path, key: str) -> bool:
    """Whether a program lives that has a document open."""
    path = folder / f"{key}.lock"
    if not path.exists():
        return False
    try:
        with path.open("ab") as file:
            return not _lock(file)
    except OSError:
        return False


def clear(folder: Path, key: str) -> None:
    """Remove the files of a document that no program has open any more."""
    if not is_alive(folder, key):
        for suffix in ("lock", "owner"):
            with suppress(OSError):
                (folder / f"{key}.{suffix}").unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
