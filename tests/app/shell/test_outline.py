from __future__ import annotations

import copy
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.document.place import Json, Place
from datagen_app.document.selection import Selection
from datagen_app.shell.outline import ASIDE, PLACE, SIGN, Outline, OutlineModel
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import SHOP


@pytest.fixture
def shop() -> Document:
    return Document(Path("shop.json"), copy.deepcopy(SHOP))


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def outline(qtbot: QtBot, theme: Theme, selection: Selection, shop: Document) -> Outline:
    made = Outline(theme, selection)
    qtbot.addWidget(made)
    made.set_document(shop)
    made.resize(240, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(model: OutlineModel, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def large(tables: int) -> Document:
    modifier: Json = {"transform": "add", "args": {"value": 1}}
    columns: list[Json] = [{"name": f"c{n}", "modifiers": [modifier] * (n % 3)} for n in range(10)]
    nodes: list[Json] = [{"id": f"t{n}", "kind": "fact", "columns": columns} for n in range(tables)]
    return Document(Path("x"), {"nodes": nodes})


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester) -> None:
    model = OutlineModel()
    model.set_document(large(100))  # a thousand columns
    qtmodeltester.check(model)


def test_tables_hold_columns_and_columns_modifiers(outline: Outline) -> None:
    model = outline.model
    assert names(model) == ["customer", "order", "channel"]
    order = model.index(1, 0)
    assert names(model, order) == ["order_id", "customer_id", "total"]
    total = model.index(2, 0, order)
    assert names(model, total) == ["jitter"]
    jitter = model.index(0, 0, total)
    assert jitter.data(ASIDE) == "× (1 + N(0, 0.1))"
    assert jitter.parent() == total
    assert total.parent() == order
    assert not order.parent().isValid()


def test_every_node_knows_its_place(outline: Outline, shop: Document) -> None:
    order = outline.model.index(1, 0)
    total = outline.model.index(2, 0, order)
    assert order.data(PLACE) == shop.place_of("order")
    assert total.data(PLACE) == shop.place_of("order", "total")
    assert outline.model.index(0, 0, total).data(PLACE) == shop.place_of("order", "total")
    assert outline.model.index_of(shop.place_of("order", "total")) == total
    assert not outline.model.index_of(Place(999)).isValid()


def test_counts_and_problems_stand_beside_and_are_read_aloud(outline: Outline, shop: Document) -> None:
    outline.model.set_counts({"order": (501, True)})
    outline.model.set_signs({shop.place_of("order"): "warning", shop.place_of("order", "total"): "warning"})
    order = outline.model.index(1, 0)
    assert (order.data(ASIDE), order.data(SIGN)) == ("501", "warning")
    assert order.data(Qt.ItemDataRole.AccessibleTextRole) == "order, fact, 501 rows, warning"
    total = outline.model.index(2, 0, order)
    assert total.data(Qt.ItemDataRole.AccessibleTextRole) == "total, lognormal, warning"


def test_typing_narrows_to_what_holds_the_letters(qtbot: QtBot, outline: Outline) -> None:
    hands.write(outline.filter, "TOT")
    assert names(outline.model) == ["order"]
    assert names(outline.model, outline.model.index(0, 0)) == ["total"]
    assert outline.tree.isExpanded(outline.model.index(0, 0))
    hands.key(outline.filter, Qt.Key.Key_Escape)
    assert len(names(outline.model)) == 3


def test_a_table_that_is_found_keeps_all_its_columns(qtbot: QtBot, outline: Outline) -> None:
    hands.write(outline.filter, "customer")
    assert names(outline.model) == ["customer", "order"]
    assert names(outline.model, outline.model.index(0, 0)) == ["customer_id", "email"]
    assert names(outline.model, outline.model.index(1, 0)) == ["customer_id"]


def test_from_the_filter_to_what_was_found_by_keyboard_alone(
    qtbot: QtBot, outline: Outline, selection: Selection, shop: Document
) -> None:
    hands.write(outline.filter, "total")
    with qtbot.waitSignals([outline.opened, selection.revealed]):
        hands.key(outline.filter, Qt.Key.Key_Return)
    assert selection.place == shop.place_of("order", "total")


def test_arrows_walk_through_the_tree(
    qtbot: QtBot, outline: Outline, selection: Selection, shop: Document
) -> None:
    hands.key(outline.filter, Qt.Key.Key_Down)
    assert selection.place == shop.place_of("customer")
    hands.key(outline.tree, Qt.Key.Key_Down)
    assert selection.place == shop.place_of("order")
    hands.key(outline.tree, Qt.Key.Key_Right)
    hands.key(outline.tree, Qt.Key.Key_Down)
    assert selection.place == shop.place_of("order", "order_id")


def test_a_click_reveals(qtbot: QtBot, outline: Outline, selection: Selection, shop: Document) -> None:
    where = outline.tree.visualRect(outline.model.index(2, 0)).center()
    with qtbot.waitSignal(selection.revealed):
        hands.click(outline.tree.viewport(), where)
    assert selection.place == shop.place_of("channel")


def test_what_is_selected_elsewhere_is_opened_and_selected(
    outline: Outline, selection: Selection, shop: Document
) -> None:
    selection.select(shop.place_of("order", "total"))
    assert outline.tree.currentIndex().data() == "total"
    assert outline.tree.isExpanded(outline.model.index(1, 0))
    selection.select(Place())
    assert not outline.tree.selectionModel().hasSelection()


def test_the_sum_is_shown(outline: Outline) -> None:
    assert outline.summary.text() == "3 tables · 6 columns"
