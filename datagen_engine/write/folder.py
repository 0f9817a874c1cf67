"""The folder of a run: claimed by one run at a time, and whole only when its manifest is there."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from datagen_engine.errors import RunError, UsageError
from datagen_engine.schema.path import at
from datagen_engine.write.manifest import MANIFEST, SCHEMA, Manifest

__all__ = ["LOCK", "RunFolder", "failure"]

LOCK = "_lock"

# A name that an earlier run's files give is untrusted: as a table's, it cannot lead out of the folder.
_TABLE = re.compile(r"[^\W_][\w\- ]{0,99}")
_PART = re.compile(r"part-\d{5,}\.parquet")
_UNFINISHED = re.compile(r"\.(.+\.parquet|_schema\.json|_manifest\.json)\.[0-9a-f]+\.part")


class RunFolder:
    """Hold a folder for one run.

    Entering it makes the folder, refuses one that is not empty (unless told to overwrite) and locks it
    against a second run. `clear` takes an earlier run's manifest and then its files away: so a broken run
    never looks whole. Only files of an earlier run are ever removed.
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
            self._refuse_taken()
            self._claim()
        except (FileExistsError, NotADirectoryError):
            raise UsageError(f"{self.path} is a file, or lies below one; a run needs a folder") from None
        except OSError as error:
            raise failure(self.path, error) from None
        except ValueError as error:  # a path with a null character
            raise UsageError(f"{str(self.path)!r} is no path: {error}") from None
        try:
            self._refuse_taken()  # again: another run may have come and gone before the lock was ours
        except BaseException:
            self._let_go()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go; a run that failed leaves no unfinished file, and no folder that it made for nothing."""
        if kind is not None:
            for path in [
                found for depth in ("", "*/") for found in self.path.glob(f"{depth}.*.{self.run}.part")
            ]:
                with suppress(OSError):
                    path.unlink()
        self._let_go()
        if kind is not None and self._made is not None:
            with suppress(OSError):  # only empty folders go
                for folder in [self.path.absolute(), *self.path.absolute().parents]:
                    folder.rmdir()
                    if folder == self._made:
                        break

    def clear(self) -> None:
        """Take the files of an earlier run away, its manifest first."""
        earlier = self._earlier_tables()
        (self.path / MANIFEST).unlink(missing_ok=True)
        for table in earlier:
            (self.path / f"{table}.parquet").unlink(missing_ok=True)
            for part in _parts_in(self.path / table):
                part.unlink(missing_ok=True)
            with suppress(OSError):  # where it is, is a folder, and holds nothing else
                (self.path / table).rmdir()
        for path in self.path.iterdir():
            if _UNFINISHED.fullmatch(path.name):
                path.unlink(missing_ok=True)
        (self.path / SCHEMA).unlink(missing_ok=True)

    def earlier_bytes(self) -> int:
        """Return how many bytes of an earlier run `clear` would free."""
        files = [
            path
            for table in self._earlier_tables()
            for path in (self.path / f"{table}.parquet", *_parts_in(self.path / table))
        ]
        found = 0
        for path in files:
            with suppress(OSError):
                found += path.lstat().st_size
        return found

    def _refuse_taken(self) -> None:
        present = [entry.name for entry in self.path.iterdir() if entry.name != LOCK]
        if present and not self.overwrite:
            what = (
                "an earlier run"
                if MANIFEST in present
                else f"{len(present)} file{'s' if len(present) > 1 else ''}"
            )
            raise UsageError(
                f"{self.path} holds {what}; choose another folder, or overwrite it with --overwrite"
            )

    def _claim(self) -> None:
        path = self.path / LOCK
        for _ in range(100):
            lock = path.open("a+")
            try:
                _lock_file(lock)
            except OSError:
                lock.close()
                break
            if _is_same(lock, path):
                self._lock = lock
                return
            lock.close()  # of a run that just ended: it has removed the file, so this locks nothing
        raise UsageError(f"another run is writing into {self.path}; wait for it, or choose another folder")

    def _let_go(self) -> None:
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        # Removed while it is still locked, where the system can: who opens it now opens another.
        with suppress(OSError):
            (self.path / LOCK).unlink()
        lock.close()
        if os.name == "nt":
            with suppress(OSError):
                (self.path / LOCK).unlink()

    def _earlier_tables(self) -> set[str]:
        """Return the tables that an earlier run may have written here, whole or broken."""
        tables: set[object] = set()  # names from a file are anything
        with suppress(UsageError):
            tables.update(Manifest.read(self.path).tables)
        with suppress(OSError, ValueError, LookupError, TypeError, RecursionError):
            nodes: Any = at(json.loads((self.path / SCHEMA).read_text(encoding="utf-8")), ("nodes",))
            tables.update(node["id"] for node in nodes)  # what is no schema raises, and is none of ours
        return {table for table in tables if isinstance(table, str) and _TABLE.fullmatch(table)}


def _parts_in(folder: Path) -> list[Path]:
    """Return the parts of a table, unfinished ones too; none where the folder is a link to somewhere else."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    return [
        path for path in folder.iterdir() if _PART.fullmatch(path.name) or _UNFINISHED.fullmatch(path.name)
    ]


def _first_missing(path: Path) -> Path | None:
    missing = None
    for folder in [path.absolute(), *path.absolute().parents]:
        if folder.exists():
            break
        missing = folder
    return missing


def _is_same(file: IO[str], path: Path) -> bool:
    """Say whether an open file is the one that stands at a path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


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
