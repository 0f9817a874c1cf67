from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from datagen_app.document.place import Place
from datagen_app.preview.client import Client
from datagen_app.shell import windows
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.restore import RestoreCard, RestoreDialog
from tests.app import hands
from tests.app.conftest import SHOP, WAIT, open_and_settle, stand_in


def rename(window: MainWindow, name: str = "client") -> None:
    document = window.session.document
    assert document is not None
    window.editing.rename(Place(document.tables[0].key), name)


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def answer(qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: bool(boxes()), timeout=WAIT)
    (box,) = boxes()
    hands.click(next(button for button in box.buttons() if button.text() == text))
    qtbot.waitUntil(lambda: not boxes(), timeout=WAIT)


def first_table(path: Path) -> Any:
    return json.loads(path.read_text())["nodes"][0]["id"]


def test_a_step_marks_the_window_and_saving_unmarks_it(opened: MainWindow, schema: Path) -> None:
    assert not opened.commands.action("file.save").isEnabled()
    rename(opened)
    assert opened.isWindowModified()
    assert opened.toolbar.state.text() == "edited"
    hands.key(opened, Qt.Key.Key_S, hands.CTRL)
    assert first_table(schema) == "client"
    assert not opened.isWindowModified()
    assert opened.toolbar.state.text() == ""
    opened.commands.run("edit.undo")
    assert opened.isWindowModified()


def test_a_new_schema_is_named_when_it_is_saved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.session.opened, timeout=WAIT):
        hands.click(window.start.new)
    assert window.windowTitle() == "untitled.json[*] – Datagen Studio"
    assert window.toolbar.state.text() == "not saved yet"
    window.commands.run("file.save")
    (chooser,) = window.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "mine.json"))
    chooser.reject()
    assert window.windowTitle() == "mine.json[*] – Datagen Studio"
    assert json.loads((tmp_path / "mine.json").read_text())["nodes"] == []
    assert window.settings.recent == [tmp_path / "mine.json"]


def test_an_example_is_opened_as_a_copy(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: bool(window.start.examples), timeout=WAIT)
    with qtbot.waitSignal(window.session.opened, timeout=WAIT):
        hands.click(window.start.examples[0])
    history = window.session.open_document
    assert history is not None
    assert history.file is None
    assert window.settings.recent == []


@pytest.mark.parametrize(("said", "kept"), [("Save", "client"), ("Discard", "customer")])
def test_closing_asks_what_is_to_become_of_changes(
    qtbot: QtBot, opened: MainWindow, schema: Path, said: str, kept: str
) -> None:
    rename(opened)
    opened.commands.run("file.close")
    answer(qtbot, "Cancel")
    assert opened.design.isVisible()
    opened.commands.run("file.close")
    answer(qtbot, said)
    assert opened.session.document is None
    assert opened.start.isVisible()
    assert first_table(schema) == kept


def test_quitting_asks_too(qtbot: QtBot, opened: MainWindow, schema: Path) -> None:
    rename(opened)
    assert not opened.close()
    answer(qtbot, "Cancel")
    assert opened.isVisible()
    assert not opened.close()
    answer(qtbot, "Save")
    assert not opened.isVisible()
    assert first_table(schema) == "client"


def test_a_file_that_cannot_be_written_keeps_its_changes_here(opened: MainWindow, schema: Path) -> None:
    rename(opened)
    schema.unlink()
    schema.parent.joinpath("shop.json").mkdir()
    opened.commands.run("file.save")
    assert opened.notice.isVisible()
    assert "could not be saved" in opened.notice.text.text()
    assert opened.isWindowModified()


def test_reading_again_throws_changes_away_only_after_asking(
    qtbot: QtBot, opened: MainWindow, schema: Path
) -> None:
    rename(opened)
    opened.commands.run("file.reload")
    answer(qtbot, "Keep editing")
    assert opened.isWindowModified()
    opened.commands.run("file.reload")
    answer(qtbot, "Go back")
    qtbot.waitUntil(lambda: not opened.isWindowModified(), timeout=WAIT)
    assert opened.session.document.tables[0].id == "customer"  # type: ignore[union-attr] # it is open


def test_a_file_changed_by_another_program_is_not_taken_over_changes_here(
    qtbot: QtBot, opened: MainWindow, schema: Path
) -> None:
    rename(opened)
    schema.write_text(json.dumps({**SHOP, "nodes": SHOP["nodes"][1:]}))
    qtbot.waitUntil(lambda: "changed by another program" in opened.notice.text.text(), timeout=WAIT)
    assert opened.session.document.tables[0].id == "client"  # type: ignore[union-attr] # it is open
    (take,) = (b for b in opened.notice.findChildren(QPushButton) if b.text() == "Take theirs")
    hands.click(take)
    qtbot.waitUntil(lambda: len(opened.session.document.tables) == 2, timeout=WAIT)  # type: ignore[union-attr] # it is open
    assert not opened.notice.isVisible()


# -------------------------------------------------------------------------------------- several windows


@pytest.fixture
def other(qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A second window, on its start page."""
    monkeypatch.setattr(windows, "Client", lambda: Client(start=partial(stand_in, "worker")))
    opened.commands.run("file.new_window")
    (made,) = (
        w
        for w in QApplication.topLevelWidgets()
        if isinstance(w, MainWindow) and w is not opened and w.isVisible()
    )
    qtbot.waitExposed(made)
    yield made
    if made.isVisible():
        made.abandon()


def test_another_window_has_a_document_and_a_worker_of_its_own(
    qtbot: QtBot, opened: MainWindow, other: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "second.json"
    path.write_text(json.dumps(SHOP))
    open_and_settle(qtbot, other, path)
    assert opened.session.client.process_id != other.session.client.process_id
    rename(other)
    assert other.isWindowModified()
    assert not opened.isWindowModified()


def test_a_file_is_never_open_in_two_windows(
    qtbot: QtBot, opened: MainWindow, other: MainWindow, schema: Path
) -> None:
    other.open(schema.parent / "." / schema.name)
    assert other.session.document is None
    assert not other.session.busy


def test_what_is_cut_in_one_window_is_pasted_in_another(
    qtbot: QtBot, opened: MainWindow, other: MainWindow
) -> None:
    with qtbot.waitSignal(other.session.opened, timeout=WAIT):
        other.filing.new()
    document = opened.session.document
    assert document is not None
    opened.session.selection.select(document.place_of("channel"))
    opened.editing.cut()
    other.editing.paste()
    assert [table.id for table in other.session.document.tables] == ["channel"]  # type: ignore[union-attr] # it is open
    assert [table.id for table in opened.session.document.tables] == ["customer", "order"]  # type: ignore[union-attr] # it is open


# ------------------------------------------------------------------------------------- after a crash

LEFT = {
    "file": "/somewhere/shop.json",
    "name": "shop.json",
    "steps": 12,
    "written": 1_700_000_000,
    "difference": ["--- the file", "+++ restored", '-  "id": "customer"', '+  "id": "client"'],
}


def test_what_a_crash_left_is_offered_with_its_difference(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    journal = tmp_path / "x.journal"
    journal.write_text("")
    window.keeping.left.emit({**LEFT, "journal": str(journal)})
    (card,) = window.start.findChildren(RestoreCard)
    hands.click(card.findChildren(QPushButton)[0])
    (dialog,) = window.findChildren(RestoreDialog)
    assert '+  "id": "client"' in dialog.difference.toPlainText()
    assert "12 steps" in " ".join(label.text() for label in card.findChildren(type(window.toolbar.title)))
    hands.click(dialog.drop)
    assert not journal.exists()
    assert not [each for each in window.start.findChildren(RestoreCard) if each.isVisible()]


def test_whoever_works_already_is_told_of_it(opened: MainWindow, tmp_path: Path) -> None:
    opened.keeping.left.emit({**LEFT, "journal": str(tmp_path / "x.journal")})
    assert "was not closed properly" in opened.notice.text.text()
    assert opened.notice.isVisible()
