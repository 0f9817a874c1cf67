"""Places beyond the file system: whatever `fsspec` knows how to write to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType
from typing import IO, Any

from datagen_engine.errors import RunError, UsageError
from datagen_engine.write.atomic import HashedFile
from datagen_engine.write.journal import JOURNAL
from datagen_engine.write.ledger import Ledger
from datagen_engine.write.manifest import MANIFEST, SCHEMA
from datagen_engine.write.place import Place

__all__ = ["RemoteFolder", "RemotePlace"]

_OBJECTS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oci", "r2"}
"""Stores of objects know no folders; asked for one, some make a bucket instead."""


class _RemoteFile(HashedFile):
    """Write bytes to a file elsewhere and hash them on their way."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._hash = blake2b(digest_size=16)
        self.size = 0

    def close(self) -> None:
        """Close the file; it is not there until it is committed."""
        if not self.closed:
            try:
                self._file.close()
            finally:
                super(HashedFile, self).close()


@dataclass(frozen=True, slots=True)
class RemotePlace(Place):
    """A folder behind a URL. Objects appear whole when they are committed; there is nothing to rename."""

    url: str

    def __str__(self) -> str:
        return self.url

    def _filesystem(self) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        try:
            system, path = url_to_fs(self.url)
        except ImportError as error:
            raise UsageError(f"{self.url}: {error}") from None
        except ValueError as error:
            raise UsageError(f"{self.url} is no place that can be written to: {error}") from None
        return system, path

    @contextmanager
    def replacing(self, path: str, run: str) -> Iterator[HashedFile]:
        """Give a file that appears under its name once it is whole."""
        system, root = self._filesystem()
        with _in_words(self.url):
            if not _OBJECTS.intersection(_protocols(system)):
                system.makedirs(f"{root}/{path}".rpartition("/")[0], exist_ok=True)
            file = system.open(f"{root}/{path}", "wb", autocommit=False)
            sink = _RemoteFile(file)
            try:
                yield sink
                sink.close()
                file.commit()
            except BaseException:
                with suppress(Exception):
                    sink.close()
                with suppress(Exception):
                    file.discard()
                raise

    @contextmanager
    def reading(self, path: str) -> Iterator[IO[bytes]]:
        """Give a file to read."""
        system, root = self._filesystem()
        with system.open(f"{root}/{path}", "rb") as file:
            yield file

    def size(self, path: str) -> int | None:
        """Return the bytes of a file, None where there is none."""
        system, root = self._filesystem()
        system.invalidate_cache()
        with suppress(OSError):
            return int(system.size(f"{root}/{path}"))
        return None

    def names(self) -> list[str]:
        """Return what stands at the top."""
        system, root = self._filesystem()
        system.invalidate_cache()
        with suppress(FileNotFoundError), _in_words(self.url):
            found = [str(path).rstrip("/").rpartition("/")[2] for path in system.ls(root, detail=False)]
            return sorted(name for name in found if name)
        return []

    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        system, root = self._filesystem()
        with suppress(FileNotFoundError), _in_words(self.url):
            system.rm_file(f"{root}/{path}")

    def append(self, path: str, text: str) -> None:
        """Add text to the end of a file, by writing it anew: objects cannot grow."""
        self.write_text(path, (self.read_text(path) or "") + text, "")


class RemoteFolder:
    """Hold a remote folder for one run.

    There are no locks beyond the file system: whoever starts two runs into one place loses.
    """

    def __init__(self, place: RemotePlace, *, overwrite: bool, resume: bool = False, shard: str = "") -> None:
        """Claim `place` when entered."""
        self.place = place
        self.overwrite = overwrite
        self.resume = resume
        self.shard = shard
        self.run = "remote"
        self.ledger = Ledger(place, self.run, shard)

    def __enter__(self) -> RemoteFolder:
        """Refuse a place that holds anything, unless told otherwise."""
        names = self.place.names()
        ours = MANIFEST in names or any(name.startswith(JOURNAL) for name in names)
        if names and not self.overwrite and not (ours and (self.resume or self.shard)):
            what = "an earlier run" if MANIFEST in names else f"{len(names)} files"
            raise UsageError(
                f"{self.place} holds {what}; choose another place, or overwrite it with --overwrite"
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go; what was not committed never was."""

    def clear(self, *, keep: Collection[str] = ()) -> None:
        """Take the files of an earlier run away, its manifest first."""
        told = [whole] if (whole := self.ledger.manifest()) else []
        done = [file for run in told for entry in run.tables.values() for file in entry.files]
        done += [
            f for journal in self.ledger.journals().values() for files in journal.done.values() for f in files
        ]
        self.place.remove(MANIFEST)
        for file in done:
            if ".." not in file.path.split("/"):
                self.place.remove(file.path)
        for name in [*self.ledger.journals(), SCHEMA]:
            self.place.remove(name)

    def earlier_bytes(self) -> int:
        """Return 0: room is not counted elsewhere."""
        return 0


def _protocols(system: Any) -> set[str]:
    return {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)


@contextmanager
def _in_words(url: str) -> Iterator[None]:
    """Say in words what a remote system refuses."""
    try:
        yield
    except (FileNotFoundError, RunError):
        raise
    except OSError as error:
        raise RunError(f"{url}: {error.strerror or error}") from None
    except Exception as error:  # clients of object stores raise what they like
        if type(error).__module__.startswith(
            ("botocore", "aiobotocore", "s3fs", "gcsfs", "aiohttp", "adlfs")
        ):
            raise RunError(f"{url}: {error}") from None
        raise
