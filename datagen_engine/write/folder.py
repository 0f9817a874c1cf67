"""The folder of a run: claimed by one run at a time, and whole only when its manifest is there."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from datagen_engine.errors import RunError, UsageError
from datagen_engine.schema.path import at
from datagen_engine.write.manifest import MANIFEST, SCHEMA, Manifest

__all__ = ["LOCK", "RunFolder", "failure"]

LOCK = "_lock"


class RunFolder:
    """Hold a folder for one run.

    Entering it makes the folder, refuses one that is not empty (unless told to overwrite), locks it against
    a second run, and takes an earlier run's manifest and files away, in that order: so a broken run never
    looks whole. Only files of an earlier run are ever removed.
    """

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        """Claim `path` when entered."""
        self.path = path
        self.overwrite = overwrite
        self.run = f"{os.getpid():x}"
        self._lock: IO[str] | None = None
        self._made: Path | None = None

    def __enter__(self) -> RunFolder:
        """Claim the folder; raises UsageError where it is taken, RunError where it cannot be made."""
        try:
            self._made = _first_missing(self.path)
            self.path.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise UsageError(f"{self.path} is a file; a run needs a folder") from None
        except OSError as error:
            raise failure(self.path, error) from None
        present = [entry.name for entry in self.path.iterdir() if entry.name != LOCK]
        if present and not self.overwrite:
            what = "an earlier run" if MANIFEST in present else f"{len(present)} file{'s' if len(present) > 1 else ''}"
            raise UsageError(f"{self.path} holds {what}; choose another folder, or overwrite it with --overwrite")
        try:
            self._claim()
            self._clear()
        except OSError as error:
            raise failure(self.path, error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go; a run that failed leaves no unfinished file, and no folder that it made for nothing."""
        if kind is not None:
            for path in self.path.rglob(f".*.{self.run}.part"):
                with suppress(OSError):
                    path.unlink()
        if self._lock is not None:
            self._lock.close()
            with suppress(OSError):
                (self.path / LOCK).unlink()
        if kind is not None and self._made is not None:
            with suppress(OSError):  # only empty folders go
                for folder in [self.path, *self.path.parents]:
                    folder.rmdir()
                    if folder == self._made:
                        break

    def _claim(self) -> None:
        lock = (self.path / LOCK).open("a+")
        try:
            _lock_file(lock)
        except OSError:
            lock.close()
            raise UsageError(f"another run is writing into {self.path}; wait for it, or choose another folder") from None
        self._lock = lock

    def _clear(self) -> None:
        """Take the files of an earlier run away, its manifest first."""
        earlier = self._earlier_tables()
        (self.path / MANIFEST).unlink(missing_ok=True)
        for table in earlier:
            (self.path / f"{table}.parquet").unlink(missing_ok=True)
            folder = self.path / table
            if folder.is_dir() and not folder.is_symlink() and _only_parts(folder):
                shutil.rmtree(folder)
        for path in self.path.glob(".*.part"):
            path.unlink(missing_ok=True)
        (self.path / SCHEMA).unlink(missing_ok=True)

    def _earlier_tables(self) -> set[str]:
        """Return the tables that an earlier run may have written here, whole or broken."""
        tables: set[str] = set()
        with suppress(UsageError):
            tables.update(Manifest.read(self.path).tables)
        with suppress(OSError, ValueError, LookupError, TypeError):
            tree = json.loads((self.path / SCHEMA).read_text(encoding="utf-8"))
            tables.update(node["id"] for node in at(tree, ("nodes",)))  # type: ignore[union-attr, index, call-overload, misc]  # whatever is no schema raises, and is none of ours
        # A name from a file is untrusted: it must stay within the folder.
        return {table for table in tables if Path(table).name == table and table not in ("", ".", "..")}


def _only_parts(folder: Path) -> bool:
    return all(
        entry.name.endswith(".part") or (entry.name.startswith("part-") and entry.suffix == ".parquet")
        for entry in folder.iterdir()
    )


def _first_missing(path: Path) -> Path | None:
    missing = None
    for folder in [path.absolute(), *path.absolute().parents]:
        if folder.exists():
            break
        missing = folder
    return missing


def _lock_file(file: IO[str]) -> None:
    """Lock a file against other processes until it is closed; raises OSError where it is locked."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # only there on Windows
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def failure(path: Path | str, error: OSError) -> RunError:
    """Return an error of the system in words: what could not be done, where, and what to do."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunError(f"the disk of {path} is full; free some space, or generate fewer rows")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return RunError(f"no permission to write {error.filename or path}; choose another folder")
    if error.errno == errno.ENAMETOOLONG:
        return RunError(f"the name {path} is too long for this system; choose a shorter one")
    return RunError(f"{path}: {error.strerror or error}")
