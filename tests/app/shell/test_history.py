from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from datagen_app.document.place import Place
from datagen_app.shell.history import STATE, HistoryModel, HistoryPanel
from datagen_app.shell.main_window import MainWindow
from tests.app import hands


@pytest.fixture
def history(opened: MainWindow) -> HistoryPanel:
    """The history of three steps, in a window."""
    opened.design.show_tab("history", True)
    customer = Place(opened.session.document.tables[0].key)  # type: ignore[union-attr] # it is open
    for name in ("client", "patron", "guest"):
        opened.editing.rename(customer, name)
    return opened.design.history


def states(panel: HistoryPanel) -> list[str]:
    model = panel.model
    return [model.index(row).data(STATE) for row in range(model.rowCount())]


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester) -> None:
    model = HistoryModel()
    model.set_steps("Opened", [f"Step {n}" for n in range(1_000)], 400)
    qtmodeltester.check(model, force_py=True)
    model.set_steps("Opened", [f"Step {n}" for n in range(500)] + ["Another"], 501)
    assert model.rowCount() == 502


def test_every_step_is_listed_and_the_present_one_marked(history: HistoryPanel) -> None:
    titles = [history.model.index(row).data() for row in range(4)]
    assert titles[0] == "Opened"
    assert titles[3] == "Rename table patron to guest"
    assert states(history) == ["done", "done", "done", "now"]
    said = history.model.index(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Rename table patron to guest, the present state"


def test_a_click_goes_there_and_back(qtbot: QtBot, opened: MainWindow, history: HistoryPanel) -> None:
    hands.click(history.view.viewport(), history.view.visualRect(history.model.index(1)).center())
    assert opened.session.document.tables[0].id == "client"  # type: ignore[union-attr] # it is open
    assert states(history) == ["done", "now", "undone", "undone"]
    hands.click(history.view.viewport(), history.view.visualRect(history.model.index(3)).center())
    assert opened.session.document.tables[0].id == "guest"  # type: ignore[union-attr] # it is open


def test_another_step_takes_the_place_of_those_taken_back(opened: MainWindow, history: HistoryPanel) -> None:
    opened.session.undo()
    opened.session.undo()
    opened.editing.rename(Place(opened.session.document.tables[0].key), "buyer")  # type: ignore[union-attr] # it is open
    assert history.model.rowCount() == 3
    assert history.model.index(2).data() == "Rename table client to buyer"


def test_the_menu_says_what_is_taken_back(opened: MainWindow, history: HistoryPanel) -> None:
    opened.commands.refresh()
    assert opened.commands.action("edit.undo").text() == "Undo: Rename table patron to guest"
    opened.commands.run("edit.undo")
    assert opened.commands.action("edit.redo").text() == "Redo: Rename table patron to guest"
