"""The grid over any number of rows, asked by hand: mouse, keys, scroll bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from datagen_app.results.client import Results
from datagen_app.results.grid import Grid, Steps
from datagen_app.results.grid_model import MOST_SHOWN, PAGE, GridColumn
from datagen_app.shell.theme import Theme
from tests.app import hands

COLUMNS = [GridColumn("id", "int"), GridColumn("name", "string"), GridColumn("note", "string")]


class FakeResults:
    """Answer for rows that say their own number."""

    def __init__(self, count: int, *, at_once: bool = True) -> None:
        self.count, self.at_once = count, at_once
        self.asked: list[int] = []
        self.waiting: list[Callable[[], object]] = []

    def ask(self, what: str, then: Callable[[Any], object], otherwise: Any = None, **details: Any) -> int:
        assert what == "page"
        start = int(details["start"])
        self.asked.append(start)
        numbers = list(range(start, min(self.count, start + int(details["count"]))))
        cells = [[str(n) for n in numbers], [f"row {n}" for n in numbers], [None for _ in numbers]]
        answer = {"start": start, "cells": cells, "numbers": numbers}
        self.waiting.append(lambda: then(answer))
        return len(self.asked)

    def stop(self, id_: int) -> None:
        return


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme) -> Grid:
    made = Grid(theme, "Rows")
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(grid: Grid, count: int, *, at_once: bool = True) -> FakeResults:
    fake = FakeResults(count, at_once=at_once)
    grid.set_view(cast("Results", fake), 1, count, COLUMNS)
    return fake


def seen(grid: Grid) -> list[str]:
    fake = cast("FakeResults", grid.model._results)
    while fake.at_once and fake.waiting:
        fake.waiting.pop()()
    return [str(grid.model.index(row, 0).data()) for row in range(grid.model.rowCount())]


@pytest.mark.parametrize("count", [0, 1, 5, 1_000, 1_000_000_000, 50_000_000_000])
def test_any_number_of_rows_has_a_first_and_a_last(grid: Grid, count: int) -> None:
    show(grid, count)
    assert grid.model.rowCount() < 100 <= MOST_SHOWN
    if not count:
        return
    assert seen(grid)[0] == "0"
    grid.setFocus()
    hands.key(grid.table, Qt.Key.Key_End, hands.CTRL)
    assert grid.row == count - 1
    assert seen(grid)[-1] == str(count - 1)
    height = grid.table.verticalHeader().defaultSectionSize()
    assert grid.model.rowCount() * height <= grid.table.viewport().height() or count == 1  # the last is whole
    hands.key(grid.table, Qt.Key.Key_Home, hands.CTRL)
    assert (grid.row, grid.model.first) == (0, 0)


def test_the_same_with_letters_twice_as_large(qtbot: QtBot, theme: Theme, qapp: QApplication) -> None:
    font = qapp.font()
    large = qapp.font()
    large.setPointSizeF(2 * font.pointSizeF())
    qapp.setFont(large)
    try:
        made = Grid(theme, "Rows")
        qtbot.addWidget(made)
        made.resize(600, 400)
        made.show()
        qtbot.waitExposed(made)
        show(made, 1_000_000_000)
        assert 3 < made.model.rowCount() < 15
        hands.key(made.table, Qt.Key.Key_End, hands.CTRL)
        assert seen(made)[-1] == "999999999"
        assert made.table.verticalHeader().defaultSectionSize() > 30
    finally:
        qapp.setFont(font)


def test_the_scroll_bar_reaches_every_end(grid: Grid) -> None:
    show(grid, 1_000_000_000)
    grid.bar.setValue(grid.bar.maximum())
    assert seen(grid)[-1] == "999999999"
    grid.bar.setValue(grid.bar.maximum() // 2)
    assert 499_000_000 < int(seen(grid)[0]) < 501_000_000
    grid.bar.setValue(0)
    assert seen(grid)[0] == "0"


def test_the_wheel_moves_by_rows(grid: Grid) -> None:
    show(grid, 10_000)
    middle = QPointF(grid.table.viewport().rect().center())
    wheel = QWheelEvent(
        middle,
        grid.table.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        hands.NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(grid.table.viewport(), wheel)
    assert grid.model.first == 3


def test_keys_move_the_current_row_and_bring_it_into_view(grid: Grid) -> None:
    show(grid, 10_000)
    for _ in range(60):
        hands.key(grid.table, Qt.Key.Key_Down)
    assert grid.row == 60
    assert grid.model.first <= 60 < grid.model.first + grid.model.rowCount()
    hands.key(grid.table, Qt.Key.Key_PageUp)
    assert grid.row == 60 - grid.page()
    assert grid.table.currentIndex().row() + grid.model.first == grid.row
    hands.key(grid.table, Qt.Key.Key_Right)
    assert grid.column == "name"
    hands.key(grid.table, Qt.Key.Key_End)
    assert grid.column == "note"


def test_rows_are_selected_whole_over_any_distance(grid: Grid) -> None:
    show(grid, 1_000_000_000)
    hands.key(grid.table, Qt.Key.Key_Down)
    hands.key(grid.table, Qt.Key.Key_End, hands.CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected == (1, 999_999_999)
    hands.key(grid.table, Qt.Key.Key_A, hands.CTRL)
    assert grid.selected == (0, 1_000_000_000)
    hands.click(grid.table.viewport(), QPoint(20, 5))
    assert grid.selected[1] == 1


def test_pages_are_asked_for_one_at_a_time_and_those_passed_by_never(grid: Grid) -> None:
    fake = show(grid, 1_000_000_000, at_once=False)
    for row in (10_000_000, 20_000_000, 30_000_000, 400_000_000):
        grid.go_to(row)
    assert fake.asked == [0]
    fake.waiting.pop()()
    assert len(fake.asked) == 2
    assert fake.asked[1] // PAGE == grid.model.first // PAGE
    assert seen(grid)[0] == ""  # not there yet
    while fake.waiting:
        fake.waiting.pop()()
    assert "400000000" in seen(grid)


def test_a_null_is_told_from_a_text(grid: Grid) -> None:
    show(grid, 10)
    seen(grid)
    index = grid.model.index(0, 2)
    assert index.data() == "null"
    assert "null" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_columns_are_hidden_moved_and_stay_so(grid: Grid) -> None:
    show(grid, 100)
    grid.table.horizontalHeader().moveSection(2, 0)
    grid.hide_column("id")
    assert grid.shown_columns() == ["note", "name"]
    show(grid, 40)  # the same table, filtered
    assert grid.shown_columns() == ["note", "name"]
    grid.hide_column("id", False)
    assert grid.hidden_columns() == []
    for name in ("id", "name", "note"):
        grid.hide_column(name)
    assert len(grid.shown_columns()) == 1


def test_a_click_on_a_header_asks_for_an_order(qtbot: QtBot, grid: Grid) -> None:
    show(grid, 100)
    header = grid.table.horizontalHeader()
    with qtbot.waitSignal(grid.ordered) as ordered:
        hands.click(header.viewport(), QPoint(header.sectionViewportPosition(1) + 10, 10))
    assert ordered.args == ["name"]
    grid.show_order("name", True)
    assert grid.model.headerData(1, Qt.Orientation.Horizontal) == "name ↓"


@given(last=st.integers(0, 10**12), row=st.integers(0, 10**12))
def test_steps_of_a_scroll_bar_lose_less_than_a_step(last: int, row: int) -> None:
    steps = Steps(last)
    row = min(row, last)
    assert steps.last < 2**31
    per = -(-last // (2**31 - 1)) if last else 1
    assert abs(steps.row(steps.step(row)) - row) < max(1, per)
