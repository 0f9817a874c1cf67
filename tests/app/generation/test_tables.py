from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.generation.tables import RunTables
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import SHOP


@pytest.fixture
def tables(qtbot: QtBot, theme: Theme) -> RunTables:
    made = RunTables(theme)
    qtbot.addWidget(made)
    made.rows.set_document(Document(Path("shop.json"), SHOP))
    made.rows.set_counts({"customer": (100, True), "order": (501, True), "channel": (4, True)})
    made.resize(500, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_click_on_its_box_leaves_a_table_out(qtbot: QtBot, tables: RunTables) -> None:
    where = tables.visualRect(tables.rows.index(1, 0))
    with qtbot.waitSignal(tables.rows.edited):
        hands.click(tables.viewport(), where.topLeft() + QPoint(18, where.height() // 2))
    assert tables.rows.wanted == ("customer", "channel")
    assert tables.rows.index(1, 2).data() == "not written"
    tables.rows.toggle(1)
    assert not tables.rows.wanted


def test_one_table_at_least_is_written(tables: RunTables) -> None:
    for number in range(3):
        tables.rows.toggle(number)
    assert len(tables.rows.wanted) == 1


def test_rows_are_chosen_where_they_can_be(tables: RunTables) -> None:
    editable = Qt.ItemFlag.ItemIsEditable
    flags = [tables.rows.index(at, 2).flags() & editable for at in range(3)]
    assert [bool(flag) for flag in flags] == [True, False, False]
    assert tables.rows.setData(tables.rows.index(0, 2), "2,500")
    assert tables.rows.chosen == {"customer": 2500}
    assert not tables.rows.setData(tables.rows.index(0, 2), "many")
    tables.rows.setData(tables.rows.index(0, 2), "")
    assert tables.rows.chosen == {}


def test_while_a_run_goes_on_nothing_is_chosen(tables: RunTables) -> None:
    tables.rows.set_running(True)
    assert not tables.rows.index(0, 0).flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert not tables.rows.index(0, 2).flags() & Qt.ItemFlag.ItemIsEditable
