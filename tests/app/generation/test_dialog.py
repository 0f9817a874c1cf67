from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.generation.dialog import GenerateDialog, new_folder
from datagen_app.generation.job import Job, Run
from datagen_app.generation.profile import Profile
from datagen_app.preview.client import Client
from datagen_app.process import launch
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import SHOP, WAIT, starter

Opener = Callable[[str], GenerateDialog]
COUNTS = {"customer": (100, True), "order": (501, True), "channel": (4, True)}


@pytest.fixture
def show(qtbot: QtBot, theme: Theme, client: Client, tmp_path: Path) -> Iterator[Opener]:
    shown: list[GenerateDialog] = []

    def dialog(mood: str) -> GenerateDialog:
        def start(run: Run) -> Job:
            return Job(run, starter(mood))

        document = Document(tmp_path / "shop.json", SHOP)
        made = GenerateDialog(document, Profile(), client, theme, tmp_path / "out", start)
        shown.append(made)
        made.set_counts(COUNTS)
        made.show()
        qtbot.waitExposed(made)
        return made

    yield dialog
    for made in shown:
        made.abandon()
    qtbot.waitUntil(lambda: not any(made.running for made in shown), timeout=WAIT)
    for made in shown:
        made.close()
        made.deleteLater()


def question() -> QMessageBox | None:
    boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
    return boxes[0] if boxes else None


def answer(qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: question() is not None, timeout=WAIT)
    box = question()
    assert box is not None
    hands.click(next(button for button in box.buttons() if button.text() == text))


def test_the_rows_are_known_before(show: Opener) -> None:
    dialog = show("run")
    assert dialog.sum.text() == "605 rows in 3 tables"
    rows = dialog.tables.rows
    assert [rows.index(at, 2).data() for at in range(3)] == ["100", "501", "4"]
    dialog.set_counts({"customer": (20_000, True), "order": (100_000, False), "channel": (4, True)})
    assert dialog.sum.text() == "≈ 120 k rows in 3 tables"


def test_a_run_is_shown_from_start_to_end(
    qtbot: QtBot, show: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = show("run")
    with qtbot.waitSignal(dialog.finished_run, timeout=WAIT):
        hands.click(dialog.generate)
        assert dialog.running
        assert dialog.cancel.isVisible()
        assert not dialog.folder.isEnabled()
    assert dialog.state.text() == "1,000 rows written, 45 kB, in 0.5 s."
    assert dialog.tables.rows.index(0, 1).data() == "100 %"
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    hands.click(dialog.open_folder)
    assert [url.toLocalFile() for url in opened] == [dialog.folder.text()]
    assert dialog.generate.text() == "Generate again"


def test_progress_is_told_in_rows_rows_a_second_and_time_left(qtbot: QtBot, show: Opener) -> None:
    dialog = show("run-waits")
    hands.click(dialog.generate)
    qtbot.waitUntil(lambda: dialog.state.text().startswith("100 of 1,000 rows"), timeout=WAIT)
    assert "1 k rows/s" in dialog.state.text()
    assert dialog.bar.value() == 100
    assert dialog.tables.rows.index(0, 1).data() == "10 %"


def test_cancel_stops_the_run(qtbot: QtBot, show: Opener) -> None:
    dialog = show("run-waits")
    hands.click(dialog.generate)
    qtbot.waitUntil(lambda: dialog.bar.value() == 100, timeout=WAIT)
    with qtbot.waitSignal(dialog.finished_run, timeout=WAIT):
        hands.click(dialog.cancel)
        assert dialog.cancel.text() == "Stopping…"
        assert not dialog.cancel.isEnabled()
    assert "stopped" in dialog.state.text()
    assert not dialog.open_folder.isVisible()
    assert dialog.generate.isVisible()


def test_what_went_wrong_is_said(qtbot: QtBot, show: Opener) -> None:
    dialog = show("run-refuses")
    with qtbot.waitSignal(dialog.finished_run, timeout=WAIT):
        hands.click(dialog.generate)
    assert dialog.state.text() == "no such table (/dag)"


def test_an_engine_that_cannot_be_started_is_said(
    qtbot: QtBot, theme: Theme, client: Client, tmp_path: Path
) -> None:
    def start(run: Run) -> Job:
        return Job(run, lambda arguments: launch(["no-such-engine", *arguments]))

    dialog = GenerateDialog(
        Document(tmp_path / "shop.json", SHOP), Profile(), client, theme, tmp_path / "out", start
    )
    qtbot.addWidget(dialog)
    dialog.start()
    assert "could not be started" in dialog.state.text()
    assert not dialog.running


def test_a_folder_that_holds_something_needs_a_word(qtbot: QtBot, show: Opener, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").touch()
    dialog = show("run")
    dialog.folder.setText(str(tmp_path / "full"))
    qtbot.waitUntil(lambda: not dialog.generate.isEnabled(), timeout=WAIT)
    assert dialog.hint.text() == "It holds 1 entry already."
    box = dialog.overwrite
    hands.click(box, QPoint(8, box.height() // 2))
    assert dialog.generate.isEnabled()
    with qtbot.waitSignal(dialog.finished_run, timeout=WAIT):
        hands.click(dialog.generate)


def test_a_file_is_no_folder(qtbot: QtBot, show: Opener, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    dialog = show("run")
    dialog.folder.setText(str(tmp_path / "file"))
    qtbot.waitUntil(lambda: "is a file" in dialog.hint.text(), timeout=WAIT)
    assert not dialog.generate.isEnabled()
    dialog.start()
    assert not dialog.running


def test_closing_asks_while_running_and_goes_on_if_told_so(qtbot: QtBot, show: Opener) -> None:
    dialog = show("run-waits")
    hands.click(dialog.generate)
    hands.key(dialog, Qt.Key.Key_Escape)
    answer(qtbot, "Keep running")
    assert dialog.isVisible()
    assert dialog.running


def test_closing_asks_while_running_and_stops_if_told_so(qtbot: QtBot, show: Opener) -> None:
    dialog = show("run-waits")
    hands.click(dialog.generate)
    dialog.close()
    answer(qtbot, "Stop the run")
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=WAIT)
    assert not dialog.running


def test_seed_and_scale_are_typed(qtbot: QtBot, show: Opener) -> None:
    dialog = show("run")
    with qtbot.waitActive(dialog, timeout=WAIT):
        dialog.activateWindow()
    for field, text in ((dialog.seed, "7"), (dialog.scale, "0.25")):
        field.setFocus()
        field.selectAll()
        hands.write(field, text)
        hands.key(field, Qt.Key.Key_Tab)
    assert (dialog._profile.seed, dialog._profile.scale) == (7, 0.25)
    assert dialog.scale.text() == "0.25 ×"


def test_the_proposed_folder_is_new_and_beside_the_schema(tmp_path: Path) -> None:
    schema = tmp_path / "shop.json"
    assert new_folder(schema, own=False) == tmp_path / "shop-full-1"
    (tmp_path / "shop-full-1").mkdir()
    assert new_folder(schema, own=False) == tmp_path / "shop-full-2"
    assert new_folder(schema, own=False, profile="ci / small") == tmp_path / "shop-ci---small-1"


def test_for_an_example_it_is_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert new_folder(tmp_path / "shop.json", own=True) == tmp_path / "home" / "shop-full-1"
