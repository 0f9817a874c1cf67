from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from datagen_app.document.journal import Journal, read_record, records
from datagen_app.document.lock import Lock, key_of
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.steps.values import set_value
from datagen_app.preview.client import Client
from datagen_app.shell.keeping import Keeping
from datagen_app.shell.restore import RestoreDialog
from datagen_app.shell.session import Session
from tests.app.conftest import WAIT, stand_in


class Desk:
    """A session that is kept."""

    def __init__(self, qtbot: QtBot, client: Client, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.session = Session(client)
        self.keeping = Keeping(self.session, folder)
        self.refusals: list[str] = []
        self.troubles: list[str] = []
        self.keeping.refused.connect(self.refusals.append)
        self.keeping.troubled.connect(self.troubles.append)
        self.session.troubled.connect(self.troubles.append)

    @property
    def opened(self) -> OpenDocument:
        assert self.session.open_document is not None
        return self.session.open_document

    def open(self, path: Path) -> None:
        with self.qtbot.waitSignal(self.session.settled, timeout=WAIT):
            self.session.open(path)

    def set_rows(self, rows: int) -> bool:
        return self.session.do(set_value(self.opened.now, ("nodes", 0, "rows"), rows, "Set rows"))

    def journal(self) -> Any:
        journal = self.keeping._journal
        assert journal is not None
        assert journal.flush()
        return read_record(journal.path)


@pytest.fixture
def desk(qtbot: QtBot, client: Client, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, client, tmp_path / "open")
    yield made
    made.keeping.close()


def test_what_is_done_is_written_down_and_gone_when_it_is_closed(desk: Desk, schema: Path) -> None:
    desk.open(schema)
    desk.set_rows(5)
    record = desk.journal()
    assert record.file == schema
    assert [line["do"]["title"] for line in record.lines] == ["Set rows"]
    assert desk.opened.now.text != record.base == schema.read_text()
    desk.session.close()
    assert list(desk.folder.iterdir()) == []


def test_a_save_begins_the_journal_anew(desk: Desk, schema: Path) -> None:
    desk.open(schema)
    desk.set_rows(5)
    desk.opened.mark_saved()
    desk.keeping.saved()
    record = desk.journal()
    assert record.base == desk.opened.now.text
    assert record.lines == ()


def test_saved_under_another_name_it_is_another_document(desk: Desk, schema: Path, tmp_path: Path) -> None:
    desk.open(schema)
    desk.opened.mark_saved(file=tmp_path / "other.json")
    desk.keeping.saved()
    assert {path.stem for path in desk.folder.iterdir()} == {key_of(tmp_path / "other.json")}
    first = Lock(desk.folder, key_of(schema))
    assert first.take()
    first.release()


def test_a_second_program_can_only_read_until_it_takes_over(desk: Desk, schema: Path) -> None:
    other = Lock(desk.folder, key_of(schema))
    assert other.take()
    desk.open(schema)
    assert "open in another window" in desk.refusals[0]
    assert not desk.set_rows(5)
    assert "Set rows: shop.json is open in another window" in desk.troubles[-1]
    with desk.qtbot.waitSignal(desk.session.settled, timeout=WAIT):
        desk.keeping.take_over()
    assert not other.held
    assert desk.set_rows(5)
    assert desk.journal().lines
    other.release()
    assert desk.keeping._lock is not None
    assert desk.keeping._lock.held


def test_whoever_is_taken_over_from_keeps_what_is_not_saved(desk: Desk, schema: Path) -> None:
    desk.open(schema)
    desk.set_rows(5)
    other = Lock(desk.folder, key_of(schema))
    with desk.qtbot.waitSignal(desk.keeping.refused, timeout=WAIT):
        other.take_over()
    assert "taken over" in desk.refusals[0]
    assert desk.opened.modified
    assert not desk.set_rows(6)
    record = desk.journal()
    assert record.base == desk.opened.now.text
    assert record.key != key_of(schema)
    other.release()


def test_of_two_programs_each_has_its_own_journal_after_a_take_over(
    desk: Desk, schema: Path, qtbot: QtBot
) -> None:
    desk.open(schema)
    desk.set_rows(5)
    assert desk.journal().lines
    other = Desk(qtbot, Client(start=partial(stand_in, "worker")), desk.folder)
    other.open(schema)
    with qtbot.waitSignal(desk.keeping.refused, timeout=WAIT):
        other.keeping.take_over()
    qtbot.waitUntil(lambda: not other.session.busy, timeout=WAIT)
    assert other.set_rows(6)
    bases = {each.base: len(each.lines) for each in (desk.journal(), other.journal())}
    assert bases == {desk.opened.now.text: 0, schema.read_text(): 1}
    assert len(list(desk.folder.glob("*.journal"))) == 2
    other.keeping.close()
    other.session.client.close()


def leave_behind(desk: Desk, file: Path, rows: int) -> Path:
    """Leave a journal as a crash would."""
    text = file.read_text()
    from datagen_app.document.document import Document

    opened = OpenDocument(Document(file, json.loads(text), text))
    journal = Journal(desk.folder, key_of(file), file)
    journal.begin(opened, file.name)
    opened.observe(lambda change: journal.note(change, opened, file.name))
    opened.do(set_value(opened.now, ("nodes", 0, "rows"), rows, "Set rows"))
    journal.end(forget=False)
    return journal.path


def test_what_a_crash_left_is_restored_as_a_new_document_with_its_history(desk: Desk, schema: Path) -> None:
    journal = leave_behind(desk, schema, 77)
    with desk.qtbot.waitSignal(desk.keeping.left, timeout=WAIT) as left:
        desk.keeping.look_for_left()
    found = left.args[0]
    assert (found["name"], found["steps"]) == ("shop.json", 1)
    with desk.qtbot.waitSignal(desk.session.opened, timeout=WAIT):
        desk.keeping.restore(Path(found["journal"]))
    assert desk.opened.now.path.name == "shop (restored).json"
    assert desk.opened.file is None
    assert desk.opened.modified
    assert desk.opened.now.tree["nodes"][0]["rows"] == 77  # type: ignore[index,call-overload]
    assert not journal.exists()
    desk.session.undo()
    assert desk.opened.now.text == schema.read_text()
    assert desk.journal() is not None
    desk.qtbot.waitUntil(lambda: not desk.session.busy, timeout=WAIT)


def test_opened_again_the_file_comes_as_it_is_and_what_was_left_is_offered(desk: Desk, schema: Path) -> None:
    leave_behind(desk, schema, 77)
    with desk.qtbot.waitSignal(desk.keeping.left, timeout=WAIT) as left:
        desk.open(schema)
    assert desk.opened.now.text == schema.read_text()
    kept = Path(left.args[0]["journal"])
    assert kept.exists()
    assert kept.stem != key_of(schema)
    desk.keeping.forget(kept)
    assert [record.key for record in records(desk.folder)] == []


def test_all_that_was_left_is_found(desk: Desk, schema: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(schema.read_text())
    left = {leave_behind(desk, schema, 77), leave_behind(desk, other, 78)}
    found: list[Path] = []
    desk.keeping.left.connect(lambda answer: found.append(Path(answer["journal"])))
    desk.keeping.look_for_left()
    desk.qtbot.waitUntil(lambda: set(found) == left, timeout=WAIT)


def test_what_the_file_holds_anyway_is_not_offered(desk: Desk, schema: Path) -> None:
    journal = leave_behind(desk, schema, 100)
    desk.keeping.look_for_left()
    desk.qtbot.waitUntil(lambda: not journal.exists(), timeout=WAIT)


def test_where_nothing_can_be_kept_the_user_is_told(qtbot: QtBot, client: Client, schema: Path) -> None:
    folder = schema.parent / "a file"
    folder.write_text("")
    desk = Desk(qtbot, client, folder)
    desk.open(schema)
    assert "not kept safe" in desk.troubles[0]
    assert desk.set_rows(5)
    desk.keeping.close()


def test_the_offer_shows_what_differs_and_takes_an_answer(qtbot: QtBot, desk: Desk) -> None:
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    found = {
        "journal": "/x/a.journal",
        "name": "shop.json",
        "file": "/x/shop.json",
        "steps": 3,
        "written": 0.0,
        "difference": ["-1", "+2"],
    }
    for button, signal in (("take", "restore"), ("drop", "forget")):
        dialog = RestoreDialog(found, parent)
        dialog.open()
        assert dialog.difference.toPlainText() == "-1\n+2"
        with qtbot.waitSignal(getattr(dialog, signal)) as answered:
            getattr(dialog, button).click()
        assert answered.args == [Path("/x/a.journal")]
