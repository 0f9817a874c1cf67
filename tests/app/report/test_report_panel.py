from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from datagen_app.report.check_panel import CheckPanel
from datagen_app.report.report_panel import ReportPanel
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.report.test_checks_model import line


def report(lines: list[dict[str, Any]]) -> dict[str, Any]:
    scores = {"quality_score": 98.6, "integrity": 100.0, "behaviour": None, "checks": len(lines), "fail": 1}
    categories = {
        "structural": {"pass": 3, "fail": 0, "error": 0},
        "value": {"pass": 2, "fail": 0, "error": 0},
    }
    return {
        "scores": {**scores, "categories": categories},
        "seconds": 0.5,
        "note": "",
        "sample": None,
        "lines": lines,
    }


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> ReportPanel:
    made = ReportPanel(theme)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_without_a_report_there_is_a_way_to_one(qtbot: QtBot, panel: ReportPanel) -> None:
    assert panel.nothing.isVisible()
    assert not panel.list.isVisible()
    with qtbot.waitSignal(panel.validate):
        hands.click(panel.again)


def test_scores_stand_at_the_top_and_what_needs_a_look_is_shown_first(
    qtbot: QtBot, panel: ReportPanel
) -> None:
    with qtbot.waitSignal(panel.chosen, check_params_cb=lambda number: number == 1):
        panel.show_report(report([line(n) for n in range(8)]), before={"name": "shop-1", "quality": 97.7})
    assert [card.score.text() for card in panel.cards] == ["98.6", "100", "–"]
    assert panel.cards[0].words.text() == "+0.9 since shop-1"
    assert panel.cards[1].words.text() == "5 of 5 structural and value checks"
    assert panel.buttons["look"].isChecked()
    assert panel.buttons["look"].text() == "Needs a look  4"
    assert panel.checks.shown == 4


def test_a_report_without_failures_shows_all(panel: ReportPanel) -> None:
    panel.show_report(report([line(0), line(4)]))
    assert panel.buttons["all"].isChecked()


def test_checks_are_filtered_as_one_types(panel: ReportPanel) -> None:
    panel.show_report(report([line(n) for n in range(10_000)]))
    hands.click(panel.buttons["all"])
    hands.write(panel.search, "range 77")
    assert 0 < panel.checks.shown < 500
    panel.select(5)  # one that the filter hides
    assert panel.search.text() == ""
    assert panel.checks.line(panel.list.currentIndex().row()).number == 5  # type: ignore[union-attr]  # it is a check


def test_the_selected_check_stays_selected_through_orders(qtbot: QtBot, panel: ReportPanel) -> None:
    panel.show_report(report([line(n) for n in range(50)]))
    panel.choose("all")
    panel.select(17)
    panel.grouping.setCurrentIndex(2)
    panel.checks.sort(3, Qt.SortOrder.DescendingOrder)
    selected = panel.checks.line(panel.list.currentIndex().row())
    assert selected is not None
    assert selected.number == 17


def test_a_check_says_all_there_is_to_it(qtbot: QtBot, theme: Theme) -> None:
    panel = CheckPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(400, 900)
    panel.show()
    qtbot.waitExposed(panel)
    plot = {
        "form": "bars",
        "labels": ["Mon", "Tue"],
        "expected": [0.5, 0.5],
        "observed": [0.4, 0.6],
        "text": "Two days.",
    }
    check = {
        "status": "fail",
        "severity": "error",
        "title": "weekday share",
        "table": "order",
        "columns": ["at"],
        "message": "Tuesdays are too many.",
        "observed": 0.6,
        "expected": 0.5,
        "rows_checked": 1200,
        "path": "/targets/weekday",
        "plot": plot,
        "examples": [{"id": 1, "at": None}],
    }
    panel.show_check(check, rows=True, every=False, fixes=[("Set the weights even", "a fix")])
    assert panel.title.text() == "Weekday share of order.at"
    assert panel.plot.isVisible()
    assert "expected 0.5" in panel.plot._word(0)
    assert panel.examples.text() == "id = 1, at = null"
    assert panel.rows.text() == "Show some of these rows"
    with qtbot.waitSignal(panel.show_in_schema) as where:
        panel.schema.click()
    assert where.args == ["/targets/weekday"]
    (button,) = (b for b in panel.findChildren(QPushButton) if b.text() == "Set the weights even")
    with qtbot.waitSignal(panel.mend) as mend:
        button.click()
    assert mend.args == ["a fix"]
    panel.clear()
    assert not panel.plot.isVisible()
