from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.selection import Selection
from datagen_app.shell.problems import ProblemsModel, ProblemsPanel
from datagen_app.shell.theme import Theme
from tests.app import hands

WARNING = (Place(1), Problem("warning", "w", "a warning", ("nodes", 0)))
ERROR = (Place(2, 5), Problem("error", "e", "an error", ("nodes", 1, "columns", 0)))
NOWHERE = (Place(), Problem("warning", "n", "about the whole", ("timeframe",)))


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> ProblemsPanel:
    made = ProblemsPanel(theme, Selection())
    qtbot.addWidget(made)
    made.resize(800, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester) -> None:
    model = ProblemsModel()
    model.set_problems([WARNING, ERROR] * 500)
    qtmodeltester.check(model)


def test_errors_come_first_with_message_and_path(panel: ProblemsPanel) -> None:
    panel.set_problems([WARNING, ERROR], "checked")
    model = panel.model
    shown = [[model.index(row, column).data() for column in range(2)] for row in range(2)]
    assert shown == [["an error", "/nodes/1/columns/0"], ["a warning", "/nodes/0"]]
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "error: an error"


def test_a_click_goes_to_the_place(qtbot: QtBot, panel: ProblemsPanel) -> None:
    panel.set_problems([WARNING, ERROR], "checked")
    where = panel.view.visualRect(panel.model.index(0, 0)).center()
    with qtbot.waitSignal(panel._selection.revealed) as revealed:
        hands.click(panel.view.viewport(), where)
    assert revealed.args == [Place(2, 5)]


def test_what_is_about_the_whole_goes_nowhere(qtbot: QtBot, panel: ProblemsPanel) -> None:
    panel.set_problems([NOWHERE], "checked")
    with qtbot.assertNotEmitted(panel._selection.revealed):
        panel.step(1)


def test_stepping_goes_round(panel: ProblemsPanel) -> None:
    panel.set_problems([WARNING, ERROR], "checked")
    seen: list[Place] = []
    panel._selection.revealed.connect(seen.append)
    for by in (1, 1, 1, -1):
        panel.step(by)
    assert seen == [Place(2, 5), Place(1), Place(2, 5), Place(1)]
    panel.set_problems([], "checked")
    panel.step(1)


def test_without_problems_it_says_whether_there_are_none_or_none_yet(panel: ProblemsPanel) -> None:
    panel.set_problems([], "checking")
    assert panel.nothing.isVisible()
    assert panel.nothing.text() == "Checking…"
    panel.set_problems([], "checked")
    assert panel.nothing.text() == "No problems"
    panel.set_problems([WARNING], "checked")
    assert not panel.nothing.isVisible()
