"""The journal of a run that is not whole yet: which parts are done.

Its first line is the manifest that the run will have, without files; each further line a part and its files.
A line is written once the files of its part are safely on the disk. What follows a line that was cut off does
not count: the part is drawn again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

from datagen_engine.write.manifest import FileEntry, Manifest

__all__ = [
    "COUNTS",
    "JOURNAL",
    "Done",
    "Journal",
    "PartKey",
    "journal_name",
    "line_of",
    "read_journal",
    "text_of",
]

JOURNAL = "_journal"
COUNTS = "_counts"
"""How the files begin in which workers find what others have counted; none is there after a run."""

PartKey: TypeAlias = tuple[str, int]
"""A table, and the number of a part of it."""

Done: TypeAlias = Mapping[PartKey, tuple[FileEntry, ...]]
"""The files of the parts that are done."""


def journal_name(shard: str = "") -> str:
    """Return the name of a run's journal, or of a shard's.

    >>> journal_name(), journal_name("2-of-8")
    ('_journal.jsonl', '_journal-2-of-8.jsonl')
    """
    return f"{JOURNAL}-{shard}.jsonl" if shard else f"{JOURNAL}.jsonl"


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal tells: the run that wrote it, and the parts that it has done."""

    run: Manifest
    done: Done


def line_of(key: PartKey, files: Iterable[FileEntry]) -> str:
    """Return the line of a part."""
    record = {"table": key[0], "part": key[1], "files": [asdict(file) for file in files]}
    return json.dumps(record, ensure_ascii=False) + "\n"


def text_of(run: Manifest, done: Done) -> str:
    """Return the text of a journal."""
    head = run.with_files({}).to_json(indent=None)
    return head + "".join(line_of(key, files) for key, files in done.items())


def read_journal(text: str | None) -> Journal | None:
    """Return what a journal tells, as far as it was written; None where not even its first line was."""
    lines = (text or "").split("\n")[:-1]  # a line that was cut off has no end
    try:
        run = Manifest.parse(lines[0])
    except (ValueError, IndexError):
        return None
    done: dict[PartKey, tuple[FileEntry, ...]] = {}
    for line in lines[1:]:
        try:
            record = json.loads(line)
            key = (str(record["table"]), int(record["part"]))
            done[key] = tuple(FileEntry(**file) for file in record["files"])
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return Journal(run, done)
