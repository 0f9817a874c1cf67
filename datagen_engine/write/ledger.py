"""What is done of a run, kept beside its files until it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from datagen_engine.errors import UsageError
from datagen_engine.write.journal import (
    COUNTS,
    JOURNAL,
    Done,
    Journal,
    PartKey,
    journal_name,
    line_of,
    read_journal,
    text_of,
)
from datagen_engine.write.manifest import MANIFEST, FileEntry, Manifest
from datagen_engine.write.place import Place

__all__ = ["Ledger", "part_number"]


class Ledger:
    """Keep the journal of a run, or of a shard of one, and turn it into a manifest at the end."""

    def __init__(self, place: Place, run: str, shard: str = "") -> None:
        """Keep it in `place`; `run` tells one run's unfinished files from another's."""
        self.place = place
        self.run = run
        self.name = journal_name(shard)

    # -- what is there ------------------------------------------------------------------------------------

    def manifest(self) -> Manifest | None:
        """Return the manifest of a whole run, None where there is none; raises UsageError where it is unreadable."""
        text = self.place.read_text(MANIFEST)
        if text is None:
            return None
        try:
            return Manifest.parse(text)
        except ValueError as error:
            raise UsageError(f"{self.place}/{MANIFEST} cannot be read as a manifest: {error}") from None

    def journals(self) -> dict[str, Journal]:
        """Return the journals that are there, those of all shards."""
        found = {
            name: read_journal(self.place.read_text(name))
            for name in self.place.names()
            if name.startswith(JOURNAL) and name.endswith(".jsonl")
        }
        return {name: journal for name, journal in found.items() if journal is not None}

    def found(self, run: Manifest, *, mine: bool = False, check: Callable[[], None] = lambda: None) -> Done:
        """Return the parts that are whole on the disk; every byte of their files is read.

        Parameters
        ----------
        run
            The run that is asked for.
        mine
            Whether only this ledger's own journal counts, not those of other shards.
        check
            Called before each part is looked at; may raise to stop.

        Raises
        ------
        UsageError
            What is there belongs to another run; says what differs.
        """
        whole = self.manifest()
        told = dict(self.journals())
        if whole is not None:
            told[MANIFEST] = Journal(whole, by_part(whole))
        done: dict[PartKey, tuple[FileEntry, ...]] = {}
        for name, journal in told.items():
            differences = run.differences(journal.run)
            if differences:
                raise UsageError(
                    f"{self.place} holds another run, which this one cannot go on with: {'; '.join(differences)}. "
                    "Choose another folder, or replace it with --overwrite"
                )
            if not mine or name in (self.name, MANIFEST):
                done.update(journal.done)
        kept: dict[PartKey, tuple[FileEntry, ...]] = {}
        for key, files in done.items():
            check()
            if files and all(self.place.holds(file) for file in files):
                kept[key] = files
        return kept

    # -- what is written ----------------------------------------------------------------------------------

    def begin(self, run: Manifest, done: Done) -> None:
        """Begin the journal, with what is done already."""
        self.place.write_text(self.name, text_of(run, done), self.run)
        self.place.remove(MANIFEST)

    def add(self, key: PartKey, files: Iterable[FileEntry]) -> None:
        """Note that a part is done."""
        self.place.append(self.name, line_of(key, files))

    def seal(self, manifest: Manifest) -> None:
        """Write the manifest, the mark of a whole run, and take the journals away."""
        self.place.write_text(MANIFEST, manifest.to_json(), self.run)
        for name in self.place.names():
            if name.startswith(JOURNAL) and name.endswith(".jsonl"):
                self.place.remove(name)
            if name.startswith(f"{COUNTS}-") and name.endswith(".npy"):
                self.place.remove(name)


def part_number(path: str) -> int:
    """Return which part of its table a file belongs to.

    >>> part_number("order/part-00012.parquet"), part_number("order.parquet")
    (12, 0)
    """
    name = path.rpartition("/")[2]
    digits = name.partition(".")[0].removeprefix("part-")
    return int(digits) if "/" in path and digits.isdigit() else 0


def by_part(manifest: Manifest) -> Done:
    """Return the files of each part that a manifest tells of."""
    done: dict[PartKey, list[FileEntry]] = {}
    for table, entry in manifest.tables.items():
        for file in entry.files:
            done.setdefault((table, part_number(file.path)), []).append(file)
    return {key: tuple(files) for key, files in done.items()}
