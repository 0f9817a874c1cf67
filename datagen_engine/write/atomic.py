"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any

__all__ = ["HashedFile", "Replacement", "replacing", "replacing_path", "sync_folder", "write_text"]


class HashedFile(io.RawIOBase):
    """Write bytes to a file and hash them on their way."""

    def __init__(self, path: Path) -> None:
        """Open a new file at `path`."""
        super().__init__()
        self._file = path.open("xb", buffering=0)
        self._hash = blake2b(digest_size=16)
        self.size = 0

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Write all of `data`."""
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view):
            done += self._file.write(view[done:]) or 0
        self._hash.update(view)
        self.size += len(view)
        return len(view)

    def tell(self) -> int:
        """Return the number of bytes written."""
        return self.size

    def close(self) -> None:
        """Bring the bytes to the disk and close the file."""
        if not self.closed:
            try:
                _sync(self._file.fileno())
            finally:
                self._file.close()
                super().close()

    @property
    def digest(self) -> str:
        """Return the BLAKE2b-128 hash of what was written, in hexadecimal."""
        return self._hash.hexdigest()


@contextmanager
def replacing(path: Path, run: str) -> Iterator[HashedFile]:
    """Give a file that takes the place of `path` when the block ends well, and is gone when it does not.

    It has the permissions of the file whose place it takes. `run` is a word that tells one run's unfinished
    files from another's.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{run}.part")
    temporary.unlink(missing_ok=True)
    sink = HashedFile(temporary)
    try:
        with suppress(OSError):  # there may be none
            shutil.copymode(path, temporary)
        yield sink
        sink.close()
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            sink.close()
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


class Replacement:
    """A file that something else than us writes, under a temporary name; size and hash are known at the end."""

    def __init__(self, path: Path) -> None:
        """Stand at a temporary `path`."""
        self.path = path
        self.size = 0
        self.digest = ""


@contextmanager
def replacing_path(path: Path, run: str) -> Iterator[Replacement]:
    """Give a path for a file that takes the place of `path` when the block ends well, and is gone when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{run}.part")
    temporary.unlink(missing_ok=True)
    made = Replacement(temporary)
    try:
        yield made
        with temporary.open("rb") as file:
            made.digest = file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()
            made.size = file.tell()
            _sync(file.fileno())
        temporary.replace(path)
    except BaseException:
        for left in path.parent.glob(f"{temporary.name}*"):  # and what a database keeps beside it
            with suppress(OSError):
                left.unlink()
        raise
    sync_folder(path.parent)


def write_text(path: Path, text: str, run: str = "text") -> None:
    """Write a text file whole or not at all, as UTF-8 with its line ends as they are."""
    with replacing(path, run) as sink:
        sink.write(text.encode("utf-8"))


def _sync(handle: int) -> None:
    """Bring a file to the disk; a disk that is full, or broken, may say so only here."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (
            errno.EINVAL,
            errno.ENOTSUP,
        ):  # files that cannot be synced: pipes, some mounts
            raise


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk, where the system can."""
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
