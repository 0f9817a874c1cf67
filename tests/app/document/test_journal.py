from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datagen_app.document.document import Document
from datagen_app.document.journal import Journal, read_record, records, replay
from datagen_app.document.lock import Lock
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.recovery import recover
from datagen_app.document.steps.columns import add_column
from datagen_app.document.steps.renaming import rename
from datagen_app.document.steps.tables import add_child
from datagen_app.document.steps.values import set_value
from datagen_engine import Edit
from tests.app.conftest import SHOP

TEXT = json.dumps(SHOP, indent=2)


class Kept:
    """A document with its journal."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "shop.json"
        self.file.write_text(TEXT)
        self.opened = OpenDocument(Document(self.file, json.loads(TEXT), TEXT), file=self.file)
        self.journal = Journal(folder / "open", "key", self.file)
        self.begin()
        self.opened.observe(self.note)

    def begin(self) -> None:
        self.journal.begin(self.opened, "shop.json")

    def note(self, change: Any) -> None:
        self.journal.note(change, self.opened, "shop.json")

    def set_rows(self, rows: int, focus: str = "") -> None:
        self.opened.do(set_value(self.opened.now, ("nodes", 0, "rows"), rows, f"Rows {rows}", focus))

    def work(self) -> None:
        """Do a little of everything."""
        self.set_rows(1, "rows")
        self.set_rows(12, "rows")
        table = self.opened.now.place_of("customer").table
        assert table is not None
        self.opened.do(add_child(self.opened.now, table, (8, 8)))
        self.opened.do(add_column(self.opened.now, table, "phone"))
        self.opened.undo()
        self.opened.do(rename(self.opened.now, self.opened.now.place_of("customer"), "client"))
        gesture = self.opened.gesture("Drag")
        gesture.show([Edit("set", ("metadata", "name"), None, "a/b")])
        gesture.show([Edit("insert", ("metadata", "3~/"), None, [1])])
        gesture.keep()
        self.opened.undo()

    def restored(self) -> OpenDocument:
        assert self.journal.flush()
        record = read_record(self.journal.path)
        assert record is not None
        opened = OpenDocument(Document(self.file, json.loads(record.base), record.base), saved=False)
        assert replay(record, opened) == len(record.lines)
        return opened


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.journal.end(forget=True)


def test_what_was_done_is_done_again_with_its_history(kept: Kept) -> None:
    kept.work()
    restored = kept.restored()
    assert restored.now.text == kept.opened.now.text
    assert [step.title for step in restored.steps] == [step.title for step in kept.opened.steps]
    assert restored.position == kept.opened.position
    restored.redo()
    kept.opened.redo()
    assert restored.now.text == kept.opened.now.text
    restored.go_to(0)
    assert restored.now.text == TEXT


def test_a_save_begins_it_anew(kept: Kept) -> None:
    kept.work()
    kept.begin()
    kept.set_rows(5)
    assert kept.restored().now.text == kept.opened.now.text
    assert [step.title for step in kept.restored().steps] == ["Rows 5"]


def test_undo_past_the_last_save_is_kept_too(kept: Kept) -> None:
    kept.set_rows(5)
    kept.begin()
    kept.opened.undo()
    assert kept.restored().now.text == TEXT


def test_another_text_in_the_place_of_the_whole_is_kept_too(kept: Kept) -> None:
    kept.opened.replace("Read again", Document(kept.file, {"nodes": []}, '{"nodes": []}'))
    assert kept.restored().now.text == '{"nodes": []}'


def test_half_a_line_is_no_line(kept: Kept) -> None:
    kept.set_rows(5)
    kept.set_rows(6)
    assert kept.journal.flush()
    whole = kept.journal.path.read_bytes()
    for cut in range(len(whole) - 40, len(whole)):
        kept.journal.path.write_bytes(whole[:cut])
        record = read_record(kept.journal.path)
        assert record is not None
        assert len(record.lines) == 1
    kept.journal.path.write_bytes(whole[:20])
    assert read_record(kept.journal.path) is None


@pytest.mark.parametrize(
    "text", ["", "x", "{}\n", "[]\n", '{"journal": 1, "text": "a", "hash": "b"}\n', "\x00"]
)
def test_what_is_no_journal_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.journal"
    path.write_text(text)
    assert read_record(path) is None
    assert read_record(tmp_path / "missing.journal") is None


def test_lines_that_do_not_apply_end_it(kept: Kept) -> None:
    kept.set_rows(5)
    assert kept.journal.flush()
    with kept.journal.path.open("ab") as file:
        file.write(b'{"id":2,"do":{"title":"x","edits":[{"operation":"remove","path":"/no","before":1}]}}\n')
        file.write(b'{"id":3,"done":0}\n{"id":7,"done":1}\n')
    record = read_record(kept.journal.path)
    assert record is not None
    assert len(record.lines) == 3
    opened = OpenDocument(Document(kept.file, json.loads(TEXT), TEXT))
    assert replay(record, opened) == 1
    assert '"rows": 5' in opened.now.text


def test_a_closed_document_leaves_nothing(kept: Kept) -> None:
    kept.journal.end(forget=True)
    assert not kept.journal.path.exists()


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "open").write_text("a file, where a folder should be")
    journal = Journal(tmp_path / "open", "key", None)
    opened = OpenDocument(Document(tmp_path / "shop.json", json.loads(TEXT), TEXT))
    journal.begin(opened, "shop.json")
    journal.flush()
    assert journal.trouble
    opened.observe(lambda change: journal.note(change, opened, "shop.json"))
    opened.do(set_value(opened.now, ("nodes", 0, "rows"), 1, "Rows"))
    assert journal.flush()
    journal.end(forget=True)


def test_only_journals_of_the_dead_are_found(kept: Kept) -> None:
    kept.set_rows(5)
    assert kept.journal.flush()
    folder = kept.journal.path.parent
    assert [record.name for record in records(folder)] == ["shop.json"]
    lock = Lock(folder, "key")
    assert lock.take()
    assert records(folder) == []
    lock.release()
    assert records(folder / "nowhere") == []


def test_the_difference_to_the_file_is_shown(kept: Kept) -> None:
    kept.set_rows(5)
    assert kept.journal.flush()
    record = read_record(kept.journal.path)
    assert record is not None
    found = recover(record, json.loads(record.base))
    assert (found["name"], found["steps"]) == ("shop.json", 1)
    assert [line for line in found["difference"] if line[:1] in "+-" and '"rows"' in line] == [
        '-      "rows": 100,',
        '+      "rows": 5,',
    ]
    kept.file.write_text(kept.opened.now.text)
    assert recover(record, json.loads(record.base))["difference"] == []
    kept.file.unlink()
    assert recover(record, json.loads(record.base))["difference"]
