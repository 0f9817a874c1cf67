"""Where the files of a run go. A place travels to other processes, and holds nothing open."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

from datagen_engine.write.atomic import HashedFile, replacing
from datagen_engine.write.manifest import FileEntry

__all__ = ["LocalPlace", "Place", "is_url", "place_of"]

_CHUNK = 1 << 20


class Place(ABC):
    """Hold files by their path within it, parted by slashes."""

    @abstractmethod
    def replacing(self, path: str, run: str) -> AbstractContextManager[HashedFile]:
        """Give a file that takes the place of `path` when the block ends well, and is gone when it does not."""

    @abstractmethod
    def reading(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """Give a file to read; raises OSError where there is none."""

    @abstractmethod
    def size(self, path: str) -> int | None:
        """Return the bytes of a file, None where there is none."""

    @abstractmethod
    def names(self) -> list[str]:
        """Return the names of what stands at the top of the place; none where there is no such place."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""

    @abstractmethod
    def append(self, path: str, text: str) -> None:
        """Add text to the end of a file."""

    def write_text(self, path: str, text: str, run: str) -> None:
        """Write a text file whole or not at all, as UTF-8."""
        with self.replacing(path, run) as sink:
            sink.write(text.encode("utf-8"))

    def read_text(self, path: str) -> str | None:
        """Return the text of a file, None where it cannot be read; what is cut off within a character is left out."""
        try:
            with self.reading(path) as file:
                return file.read().decode("utf-8", "ignore")
        except OSError:
            return None

    def holds(self, entry: FileEntry) -> bool:
        """Say whether a file is there with exactly the bytes that an entry tells."""
        if self.size(entry.path) != entry.bytes:
            return False
        digest = blake2b(digest_size=16)
        try:
            with self.reading(entry.path) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except OSError:
            return False
        return digest.hexdigest() == entry.hash


@dataclass(frozen=True, slots=True)
class LocalPlace(Place):
    """A folder of this machine, or one that it shares with others."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def replacing(self, path: str, run: str) -> AbstractContextManager[HashedFile]:
        """Give a file under a temporary name, which is brought to the disk and renamed at the end."""
        return replacing(self.path / path, run)

    @contextmanager
    def reading(self, path: str) -> Iterator[IO[bytes]]:
        """Give a file to read."""
        with (self.path / path).open("rb") as file:
            yield file

    def size(self, path: str) -> int | None:
        """Return the bytes of a file, None where there is none."""
        with suppress(OSError):
            return (self.path / path).stat().st_size
        return None

    def names(self) -> list[str]:
        """Return what stands in the folder."""
        with suppress(OSError):
            return sorted(entry.name for entry in self.path.iterdir())
        return []

    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        (self.path / path).unlink(missing_ok=True)

    def append(self, path: str, text: str) -> None:
        """Add text to the end of a file."""
        with (self.path / path).open("a", encoding="utf-8", newline="") as file:
            file.write(text)


def is_url(target: object) -> bool:
    """Say whether a target names a place beyond the file system: `s3://bucket/run`.

    >>> is_url("s3://bucket/run"), is_url("out/run")
    (True, False)
    """
    return isinstance(target, str) and "://" in target


def place_of(target: str | os.PathLike[str]) -> Place:
    """Return the place that a path or a URL names."""
    if isinstance(target, str) and is_url(target):
        from datagen_engine.write.remote import RemotePlace

        return RemotePlace(target.rstrip("/"))
    return LocalPlace(Path(target))
