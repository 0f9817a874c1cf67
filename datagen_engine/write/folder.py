"""The folder of a run: claimed by one run at a time, and whole only when its manifest is there."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from datagen_engine.errors import RunError, UsageError
from datagen_engine.schema.path import at
from datagen_engine.write.journal import COUNTS, JOURNAL
from datagen_engine.write.ledger import Ledger
from datagen_engine.write.manifest import MANIFEST, SCHEMA, Manifest
from datagen_engine.write.place import LocalPlace

__all__ = ["LOCK", "RunFolder", "failure"]

LOCK = "_lock"

# A name that an earlier run's files give is untrusted: as a table's, it cannot lead out of the folder.
_TABLE = re.compile(r"[^\W_][\w\- ]{0,99}")
_SUFFIXES = (
    "parquet",
    "arrow",
    *(f"{text}{end}" for text in ("csv", "jsonl") for end in ("", ".gz", ".zst")),
)
_SUFFIX = "|".join(map(re.escape, _SUFFIXES))
_PART = re.compile(rf"part-\d{{5,}}\.({_SUFFIX})")
_DATABASE = re.compile(r"data\.(duckdb|sqlite)")
_VALUE = re.compile(r"[^/=]+=[^/]*")
_PASSING = re.compile(r"_journal(-.+)?\.jsonl|_counts-.+\.npy")  # there while a run is not whole
_UNFINISHED = re.compile(
    rf"\.(.+\.({_SUFFIX})|data\.(duckdb|sqlite)|_schema\.json|_manifest\.json|_journal.*\.jsonl|_counts-.*\.npy)\.[0-9a-z\-]+\.part"
)


class RunFolder:
    """Hold a folder for one run.

    Entering it makes the folder, refuses one that is not empty (unless told to overwrite) and locks it
    against a second run. `clear` takes an earlier run's manifest and then its files away: so a broken run
    never looks whole. Only files of an earlier run are ever removed.

    To `resume` it may hold a run, whole or broken, and nothing else. A `shard` (`2-of-8`) shares the folder with
    the other shards of its run, and locks out another of its number, and whole runs.
    """

    def __init__(self, path: Path, *, overwrite: bool, resume: bool = False, shard: str = "") -> None:
        """Claim `path` when entered."""
        self.path = path
        self.place = LocalPlace(path)
        self.overwrite = overwrite
        self.resume = resume
        self.shard = shard
        self.run = shard or f"{os.getpid():x}"
        self.ledger = Ledger(self.place, self.run, shard)
        self._locks: list[tuple[IO[str], Path, bool]] = []
        self._made: Path | None = None

    def __enter__(self) -> RunFolder:
        """Claim the folder; raises UsageError where it is taken, RunError where it cannot be made."""
        try:
            self._made = _first_missing(self.path)
            self.path.mkdir(parents=True, exist_ok=True)
            self._refuse_taken()
            self._claim()
            if self.resume:
                self._remove_unfinished()
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
                found
                for depth in ("", "*/", "*/*/")
                for ending in ("", "-*")
                for found in self.path.glob(f"{depth}.*.{self.run}{ending}.part")
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

    def clear(self, *, keep: Collection[str] = ()) -> None:
        """Take the files of an earlier run away, its manifest first; `keep` are files of this one."""
        earlier = self._earlier_files()
        tables = self._earlier_tables()
        (self.path / MANIFEST).unlink(missing_ok=True)
        for file in earlier:
            file.unlink(missing_ok=True)
        for table in tables:
            for folder in (*_value_folders(self.path / table), self.path / table):
                with suppress(OSError):  # where it is, is a folder, and holds nothing else
                    folder.rmdir()
        for path in self.path.iterdir():
            ours = _UNFINISHED.fullmatch(path.name) or _PASSING.fullmatch(path.name)
            if ours and path.name not in keep:
                path.unlink(missing_ok=True)
        (self.path / SCHEMA).unlink(missing_ok=True)

    def earlier_bytes(self) -> int:
        """Return how many bytes of an earlier run `clear` would free."""
        found = 0
        for path in self._earlier_files():
            with suppress(OSError):
                found += path.lstat().st_size
        return found

    def _earlier_files(self) -> list[Path]:
        """Return the files of data that an earlier run may have written."""
        suffixes, databases = self._earlier_suffixes()
        files = [self.path / name for name in databases]
        for table in self._earlier_tables():
            files += [self.path / f"{table}.{suffix}" for suffix in suffixes]
            for folder in (self.path / table, *_value_folders(self.path / table)):
                files += _parts_in(folder)
        return files

    def _earlier_suffixes(self) -> tuple[set[str], set[str]]:
        """Return how the earlier run's files end, and the databases that it wrote."""
        runs = [journal.run for journal in self.ledger.journals().values()]
        with suppress(UsageError):
            runs += [run] if (run := self.ledger.manifest()) else []
        paths = {file.path for run in runs for entry in run.tables.values() for file in entry.files}
        formats = {run.format for run in runs}
        suffixes = {suffix for suffix in _SUFFIXES if suffix.partition(".")[0] in formats} | {"parquet"}
        return suffixes, {path for path in paths if _DATABASE.fullmatch(path)}

    def _remove_unfinished(self) -> None:
        """Remove the unfinished files of a run that was killed; of a shard only its own, others may be at work."""
        for depth in ("", "*/", "*/*/"):
            for path in self.path.glob(f"{depth}.*.part"):
                mine = not self.shard or path.name.rpartition(".part")[0].rpartition(".")[2].startswith(
                    self.shard
                )
                if mine and _UNFINISHED.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    def _refuse_taken(self) -> None:
        present = [entry.name for entry in self.path.iterdir() if not entry.name.startswith(LOCK)]
        ours = MANIFEST in present or any(name.lstrip(".").startswith((JOURNAL, COUNTS)) for name in present)
        if ours and self.shard and not self.resume and self.ledger.name in present:
            raise UsageError(
                f"{self.path} holds what this shard has drawn before; go on with --resume, or choose another folder"
            )
        if ours and (self.resume or (self.shard and MANIFEST not in present)):
            return
        if self.shard and all(name == SCHEMA or name.startswith(f".{SCHEMA}") for name in present):
            return  # another shard has only just begun
        if present and not self.overwrite:
            what = (
                "an earlier run"
                if MANIFEST in present
                else f"{len(present)} file{'s' if len(present) > 1 else ''}"
            )
            if self.resume:
                raise UsageError(f"{self.path} holds {what}, and no run to go on with; choose another folder")
            raise UsageError(
                f"{self.path} holds {what}; choose another folder, or overwrite it with --overwrite"
            )

    def _claim(self) -> None:
        if self.shard:  # a shard shares the folder, and has its number to itself
            self._take(self.path / LOCK, shared=True)
            self._take(self.path / f"{LOCK}-{self.shard}")
        else:
            self._take(self.path / LOCK)

    def _take(self, path: Path, *, shared: bool = False) -> None:
        for _ in range(100):
            lock = path.open("a+")
            try:
                _share_file(lock) if shared else _lock_file(lock)
            except OSError:
                lock.close()
                break
            if _is_same(lock, path):
                self._locks.append((lock, path, shared))
                return
            lock.close()  # of a run that just ended: it has removed the file, so this locks nothing
        self._let_go()
        raise UsageError(f"another run is writing into {self.path}; wait for it, or choose another folder")

    def _let_go(self) -> None:
        locks, self._locks = self._locks, []
        for lock, path, shared in reversed(locks):
            # Removed while it is still locked, where the system can: who opens it now opens another. One that
            # is shared goes with the last who has it.
            last = not shared
            if shared:
                with suppress(OSError):
                    _lock_file(lock)
                    last = True
            if last:
                with suppress(OSError):
                    path.unlink()
            lock.close()
            if last and os.name == "nt":
                with suppress(OSError):
                    path.unlink()

    def _earlier_tables(self) -> set[str]:
        """Return the tables that an earlier run may have written here, whole or broken."""
        tables: set[object] = set()  # names from a file are anything
        with suppress(UsageError):
            tables.update(Manifest.read(self.path).tables)
        for journal in self.ledger.journals().values():
            tables.update(journal.run.tables)
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


def _value_folders(folder: Path) -> list[Path]:
    """Return the folders of a table that is partitioned by a column's values."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    return [path for path in folder.iterdir() if _VALUE.fullmatch(path.name) and not path.is_symlink()]


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


def _share_file(file: IO[str]) -> None:
    """Lock a file against those who want it alone; raises OSError where somebody has it alone."""
    if os.name != "nt":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


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
