from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.errors import Cancelled, UsageError
from datagen_engine.write.journal import journal_name, line_of, read_journal, text_of
from datagen_engine.write.ledger import Ledger, part_number
from datagen_engine.write.manifest import MANIFEST, FileEntry, Manifest, TableEntry
from datagen_engine.write.place import LocalPlace, is_url, place_of
from datagen_engine.write.remote import RemotePlace

RUN = Manifest("n", "h", 42, 1.0, {}, "zstd", {"a": TableEntry(20, ()), "b": TableEntry(5, ())})
DONE = {
    ("a", 0): (FileEntry("a/part-00000.parquet", 10, 3, "x"),),
    ("a", 1): (FileEntry("a/part-00001.parquet", 10, 3, "y"), FileEntry("a/v=1/part-00001.parquet", 1, 1, "z")),
    ("b", 0): (FileEntry("b.parquet", 5, 2, "w"),),
}  # fmt: skip


@given(st.integers(0, 2_000))
def test_a_journal_tells_what_was_written_of_it(length: int) -> None:
    """However it was cut off: a part counts once its whole line is there."""
    text = text_of(RUN, DONE)
    found = read_journal(text[:length])
    lines = text[:length].count("\n")
    if not lines:
        assert found is None
        return
    assert found is not None
    assert found.run == RUN
    assert found.done == dict(list(DONE.items())[: lines - 1])


@pytest.mark.parametrize(
    "text", [None, "", "\n", "{}\n", "[]\n", "null\n", "[" * 10_000 + "\n", '{"tables": 5}\n']
)
def test_what_is_no_journal(text: str | None) -> None:
    assert read_journal(text) is None


@pytest.mark.parametrize(
    "line", ["{}", "5", "x", '{"table": "a", "part": "x", "files": []}', '{"table": "a"}']
)
def test_lines_that_say_nothing_count_for_nothing(line: str) -> None:
    found = read_journal(text_of(RUN, DONE) + line + "\n" + line_of(("c", 0), ()))
    assert found is not None
    assert found.done == {**DONE, ("c", 0): ()}


def test_names() -> None:
    assert (journal_name(), journal_name("1-of-2")) == ("_journal.jsonl", "_journal-1-of-2.jsonl")
    assert [part_number(p) for p in ("t.parquet", "t/part-00003.csv.gz", "t/v=1/part-00012.parquet")] == [
        0,
        3,
        12,
    ]
    assert is_url("s3://b/x")
    assert place_of("memory://x/") == RemotePlace("memory://x")
    assert place_of("a/b") == LocalPlace(Path("a/b")) == place_of(Path("a/b"))


def test_only_what_is_whole_is_found(tmp_path: Path) -> None:
    place = LocalPlace(tmp_path)
    entries = {}
    for name in ("a", "b"):
        with place.replacing(f"{name}.parquet", "run") as sink:
            sink.write(name.encode() * 100)
        entries[name, 0] = (FileEntry(f"{name}.parquet", 1, sink.size, sink.digest),)
    ledger = Ledger(place, "run")
    ledger.begin(RUN, {})
    for key, files in entries.items():
        ledger.add(key, files)
    assert ledger.found(RUN) == entries
    (tmp_path / "a.parquet").write_bytes(b"a" * 99 + b"b")
    assert ledger.found(RUN) == {("b", 0): entries["b", 0]}
    (tmp_path / "b.parquet").unlink()
    assert ledger.found(RUN) == {}


def test_looking_at_what_is_there_can_be_stopped(tmp_path: Path) -> None:
    ledger = Ledger(LocalPlace(tmp_path), "run")
    ledger.begin(RUN, DONE)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        ledger.found(RUN, check=stop)


def test_sealing_takes_the_journals_away(tmp_path: Path) -> None:
    for shard in ("1-of-2", "2-of-2"):
        Ledger(LocalPlace(tmp_path), "run", shard).begin(RUN, DONE)
    Ledger(LocalPlace(tmp_path), "run").seal(RUN)
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({"tables": 5}))
    with pytest.raises(UsageError, match="_manifest.json cannot be read as a manifest"):
        Ledger(LocalPlace(tmp_path), "run").found(RUN)
