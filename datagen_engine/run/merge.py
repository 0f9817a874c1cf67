"""From the shards of a run to a whole one."""

from __future__ import annotations

import time
from pathlib import Path

from datagen_engine.errors import UsageError
from datagen_engine.run.parts import part_count
from datagen_engine.run.run import RunResult
from datagen_engine.write.folder import RunFolder, failure
from datagen_engine.write.journal import PartKey
from datagen_engine.write.manifest import FileEntry
from datagen_engine.write.place import LocalPlace, Place

__all__ = ["merge"]

_FEW = 5


def merge(folder: Path | Place) -> RunResult:
    """Seal a folder that all shards of a run have written into: check that it is whole, and write its manifest.

    Only the journals and the sizes of files are read; nothing is drawn or copied.

    Raises
    ------
    UsageError
        There are no shards, or they are of different runs; parts are missing (says which shards to run).
    RunError
        The system refuses.
    """
    started = time.monotonic()
    place = folder if isinstance(folder, Place) else LocalPlace(folder)
    if isinstance(place, LocalPlace):
        with RunFolder(place.path, overwrite=False, resume=True) as claimed:
            try:
                return _sealed(claimed.ledger.place, claimed.run, started, place.path)
            except OSError as error:
                raise failure(place.path, error) from None
    return _sealed(place, "remote", started, str(place))


def _sealed(place: Place, run: str, started: float, shown: Path | str) -> RunResult:
    from datagen_engine.write.ledger import Ledger

    ledger = Ledger(place, run)
    journals = ledger.journals()
    if not journals:
        if (whole := ledger.manifest()) is not None:
            return RunResult(
                shown, time.monotonic() - started, whole, sum(t.rows for t in whole.tables.values())
            )
        raise UsageError(f"{place} holds no shards; draw them with datagen generate … --shard i/n")
    first, *others = journals.values()
    for name, other in zip(list(journals)[1:], others, strict=True):
        differences = first.run.differences(other.run)
        if differences:
            raise UsageError(
                f"the shards in {place} are of different runs; {name} against {next(iter(journals))}: "
                f"{'; '.join(differences)}"
            )
    done: dict[PartKey, tuple[FileEntry, ...]] = {}
    for journal in journals.values():
        done.update(journal.done)
    wanted = [
        (table, number)
        for table, entry in first.run.tables.items()
        for number in range(part_count(entry.rows))
    ]
    missing = [
        key for key in wanted if key not in done or not all(place.size(f.path) == f.bytes for f in done[key])
    ]
    if missing:
        names = ", ".join(f"{table} {number}" for table, number in missing[:_FEW])
        more = f" and {len(missing) - _FEW} more" if len(missing) > _FEW else ""
        raise UsageError(
            f"{place} is not whole: {len(missing)} of {len(wanted)} parts are missing ({names}{more}). Draw the shards "
            "that are missing, with --resume those that were stopped, or go on alone: datagen generate … --resume"
        )
    files: dict[str, list[FileEntry]] = {}
    for key in wanted:
        files.setdefault(key[0], []).extend(done[key])
    manifest = first.run.with_files(files)
    ledger.seal(manifest)
    return RunResult(shown, time.monotonic() - started, manifest)
