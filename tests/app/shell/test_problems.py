from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from datagen_app.document.place import Place
from datagen_app.document.problem import Fix, Problem
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.problems import ProblemsPanel
from datagen_app.shell.problems_model import Found, Grouping, ProblemsModel
from datagen_engine import Edit
from tests.app import hands

WARNING: Found = (Place(1), Problem("warning", "w", "a warning", ("nodes", 0)))
ERROR: Found = (Place(2, 5), Problem("error", "e", "an error", ("nodes", 1, "columns", 0)))
NOWHERE: Found = (Place(), Problem("warning", "n", "about the whole", ("timeframe",)))
NAMES = {1: "customer", 2: "order"}


def listed(model: ProblemsModel) -> list[tuple[str, list[str]]]:
    groups = []
    for row in range(model.rowCount()):
        group = model.index(row, 0)
        groups.append(
            (group.data(), [model.index(at, 0, group).data() for at in range(model.rowCount(group))])
        )
    return groups


@pytest.mark.parametrize("grouping", ["severity", "nothing"])
def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester, grouping: Grouping) -> None:
    model = ProblemsModel()
    model.group_by(grouping)
    model.set_problems([WARNING, ERROR] * 500, NAMES)
    qtmodeltester.check(model)


def test_errors_come_first_with_message_and_path() -> None:
    model = ProblemsModel()
    model.set_problems([WARNING, ERROR], NAMES)
    assert listed(model) == [("Errors  1", ["an error"]), ("Warnings  1", ["a warning"])]
    line = model.index(0, 0, model.index(0, 0))
    assert line.data(Qt.ItemDataRole.AccessibleTextRole) == "error: an error"
    assert line.siblingAtColumn(1).data() == "/nodes/1/columns/0"


def test_they_are_grouped_by_what_the_user_wants() -> None:
    model = ProblemsModel()
    model.set_problems([WARNING, ERROR, NOWHERE], NAMES)
    model.group_by("table")
    assert [title for title, _ in listed(model)] == ["order  1", "customer  1", "The schema itself  1"]
    model.group_by("kind")
    assert [title for title, _ in listed(model)] == ["e  1", "w  1", "n  1"]
    model.group_by("nothing")
    assert [model.index(row, 0).data() for row in range(3)] == ["an error", "a warning", "about the whole"]


@pytest.mark.parametrize(("typed", "left"), [("WARN", 2), ("order", 1), ("/columns", 1), ("zzz", 0)])
def test_typing_narrows(typed: str, left: int) -> None:
    model = ProblemsModel()
    model.set_problems([WARNING, ERROR, NOWHERE], NAMES)
    model.set_filter(typed)
    assert len(model.listed) == left


# ------------------------------------------------------------------------------------------- the panel


@pytest.fixture
def panel(opened: MainWindow) -> ProblemsPanel:
    """The list in a window that shows a small schema with one warning, to which others are added."""
    opened.design.show_tab("problems", True)
    return opened.design.problems


def tell(window: MainWindow, *problems: Problem) -> None:
    """Let the window know of these problems."""
    document = window.session.document
    assert document is not None
    window.session._found.problems = [(document.place_at(problem.path), problem) for problem in problems]
    window.session.checked.emit()


def rows(at: int, value: int) -> Problem:
    """A problem of a table, with a fix that sets its rows."""
    path = ("nodes", at, "rows")
    before = {0: 100, 2: 4}[at]
    return Problem("error", "rows", "too few", path, Fix("More rows", (Edit("set", path, before, value),)))


def line(panel: ProblemsPanel, group: int = 0, row: int = 0) -> QModelIndex:
    return panel.model.index(row, 0, panel.model.index(group, 0))


def test_a_click_goes_to_the_place(opened: MainWindow, panel: ProblemsPanel) -> None:
    hands.click(panel.view.viewport(), panel.view.visualRect(line(panel)).center())
    document = opened.session.document
    assert document is not None
    assert opened.session.selection.place == document.place_of("order", "total")


def test_a_click_on_the_fix_mends(qtbot: QtBot, opened: MainWindow, panel: ProblemsPanel) -> None:
    tell(opened, rows(0, 500))
    where = panel.view.visualRect(line(panel))
    where.setLeft(where.right() - 30)
    hands.click(panel.view.viewport(), where.center())
    document, history = opened.session.document, opened.session.open_document
    assert document is not None
    assert history is not None
    assert document.tables[0].value["rows"] == 500
    assert history.undo_title == "More rows"


def test_a_fix_reaches_its_place_though_another_table_went_in_before(
    opened: MainWindow, panel: ProblemsPanel
) -> None:
    tell(opened, rows(2, 9))
    opened.session.selection.select(Place(opened.session.document.tables[1].key))  # type: ignore[union-attr] # it is open
    opened.editing.move_up()
    opened.editing.move_up()
    panel.view.setCurrentIndex(line(panel))
    opened.commands.run("problems.fix")
    document = opened.session.document
    assert document is not None
    assert [table.value.get("rows") for table in document.tables] == [None, 100, 9]


def test_all_of_a_kind_are_mended_in_one_step(opened: MainWindow, panel: ProblemsPanel) -> None:
    tell(opened, rows(0, 500), rows(2, 9))
    panel.view.setCurrentIndex(line(panel))
    opened.commands.run("problems.fix_alike")
    history = opened.session.open_document
    assert history is not None
    assert [table.value.get("rows") for table in history.now.tables] == [500, None, 9]
    assert history.position == 1
    assert history.undo_title == "More rows, 2 times"


def test_a_fix_that_has_lost_its_ground_says_so(opened: MainWindow, panel: ProblemsPanel) -> None:
    path = ("nodes", 0, "rows")
    stale = Problem("error", "rows", "too few", path, Fix("More rows", (Edit("set", path, 7, 8),)))
    tell(opened, stale)
    panel.view.setCurrentIndex(line(panel))
    panel.fix()
    assert "has changed since" in opened.notice.text.text()


def test_what_is_about_the_whole_goes_nowhere(qtbot: QtBot, opened: MainWindow, panel: ProblemsPanel) -> None:
    tell(opened, NOWHERE[1])
    with qtbot.assertNotEmitted(opened.session.selection.revealed):
        panel.step(1)


def test_stepping_goes_round(opened: MainWindow, panel: ProblemsPanel) -> None:
    tell(opened, rows(0, 1), rows(2, 1), Problem("warning", "w", "a", ("nodes", 1)))
    seen: list[Place] = []
    opened.session.selection.revealed.connect(seen.append)
    for by in (1, 1, 1, 1, -1):
        panel.step(by)
    tables = opened.session.document.tables  # type: ignore[union-attr] # it is open
    assert seen == [Place(tables[at].key) for at in (0, 2, 1, 0, 1)]
    tell(opened)
    panel.step(1)


def test_without_problems_it_says_whether_there_are_none_or_none_yet(
    opened: MainWindow, panel: ProblemsPanel
) -> None:
    assert panel.view.isVisible()
    tell(opened)
    assert panel.nothing.isVisible()
    assert panel.nothing.text() == "No problems"


def test_the_cursor_stays_when_the_list_is_made_anew(opened: MainWindow, panel: ProblemsPanel) -> None:
    tell(opened, rows(0, 1), rows(2, 1))
    panel.step(-1)
    tell(opened, Problem("error", "x", "another", ("nodes", 1)), rows(0, 1), rows(2, 1))
    assert panel.current is not None
    assert panel.current.path == ("nodes", 2, "rows")


def test_a_file_with_a_real_problem_offers_its_fix(tmp_path: Path) -> None:
    """The engine's own problem, its fix in the window's form, applied, leaves nothing to mend."""
    import datagen_engine as datagen
    from datagen_app.document.document import Document
    from datagen_app.document.steps.fixes import apply_fixes
    from datagen_app.document.wire import pack

    path = tmp_path / "typo.json"
    path.write_text(
        '{"version": "1.0", "metadata": {"name": "x"}, "constraints": {}, "timeframe":'
        ' {"start": "2024-01-01", "end": "2024-02-01", "freq": "D"}, "nodes": [{"id": "a", "kind": "entity",'
        ' "pk": "id", "columns": [{"name": "id", "typ": "int", "generator": {"sequence": {}}}]}]}'
    )
    loaded = datagen.load(path)
    found = [
        Problem.from_json(
            {
                **each.to_json(),
                "path": each.path,
                "fix": each.fix and {"title": each.fix.title, "edits": pack(each.fix.edits)},
            }
        )
        for each in datagen.check(loaded)
    ]
    assert any(problem.fix for problem in found)
    step = apply_fixes(Document(path, loaded.tree), found)
    assert not [each for each in datagen.check(loaded.edited(step.edits)) if each.severity == "error"]
