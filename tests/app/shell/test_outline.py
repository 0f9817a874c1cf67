from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.place import Json, Place
from datagen_app.document.step import Step
from datagen_app.document.steps.clipboard import duplicate
from datagen_app.document.steps.columns import add_column, move_columns
from datagen_app.document.steps.removal import delete
from datagen_app.document.steps.tables import add_table, move_table
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.outline import Outline
from datagen_app.shell.outline_model import ASIDE, PLACE, SIGN, OutlineModel
from datagen_app.shell.outline_tree import NameField
from tests.app import hands
from tests.app.conftest import WAIT

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def outline(opened: MainWindow) -> Outline:
    """The outline of a window that shows a small schema."""
    opened.activateWindow()
    return opened.design.outline


@pytest.fixture
def shop(opened: MainWindow) -> Document:
    assert opened.session.document is not None
    return opened.session.document


def now(window: MainWindow) -> Document:
    assert window.session.document is not None
    return window.session.document


def names(model: OutlineModel, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def go_to(window: MainWindow, table: str, column: str | None = None) -> None:
    """Select a place in the outline, with the keyboard there."""
    window.session.selection.reveal(now(window).place_of(table, column))
    window.design.outline.tree.setFocus()


def field(outline: Outline) -> NameField:
    """The field in which a name is being given."""
    (found,) = (each for each in outline.tree.findChildren(NameField) if each.isVisible())
    return found


def large(tables: int) -> Document:
    modifier: Json = {"transform": "add", "args": {"value": 1}}
    columns: list[Json] = [{"name": f"c{n}", "modifiers": [modifier] * (n % 3)} for n in range(10)]
    nodes: list[Json] = [{"id": f"t{n}", "kind": "fact", "columns": columns} for n in range(tables)]
    tree: Json = {"nodes": nodes}
    return Document(Path("x"), tree, json.dumps(tree))


def some_step(chance: random.Random, document: Document) -> Step:
    """One of the steps that change what the outline lists."""
    table = chance.choice(document.tables)
    column = Place(table.key, chance.choice(table.columns).key) if table.columns else Place(table.key)
    match chance.randrange(7):
        case 0:
            return add_table(document, "fact")
        case 1:
            return move_table(document, table.key, chance.randrange(len(document.tables)))
        case 2:
            return add_column(document, table.key, "extra")
        case 3:
            return move_columns(document, table.key, [column.column or 0], chance.randrange(4))
        case 4:
            return delete(document, [column])
        case 5:
            return duplicate(document, [column])
    return Step("Nothing", ())


# ------------------------------------------------------------------------------------------- the model


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester) -> None:
    model = OutlineModel()
    model.set_document(large(100))  # a thousand columns
    qtmodeltester.check(model)


def test_the_model_keeps_qt_s_rules_through_edits(qtmodeltester: ModelTester) -> None:
    model = OutlineModel()
    opened = OpenDocument(large(8))
    model.set_document(opened.now)
    qtmodeltester.check(model, force_py=True)
    opened.observe(lambda change: model.update_document(change.after))
    chance = random.Random(7)
    for _ in range(60):
        opened.do(some_step(chance, opened.now))
        if chance.random() < 0.3:
            opened.undo()
        assert names(model) == [each.id for each in opened.now.tables]
        for row, each in enumerate(opened.now.tables):
            assert names(model, model.index(row, 0)) == [one.name for one in each.columns]
    opened.go_to(0)
    assert names(model) == [f"t{n}" for n in range(8)]


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


# --------------------------------------------------------------------------------- finding, selecting


def test_typing_narrows_to_what_holds_the_letters(outline: Outline) -> None:
    hands.write(outline.filter, "TOT")
    assert names(outline.model) == ["order"]
    assert names(outline.model, outline.model.index(0, 0)) == ["total"]
    assert outline.tree.isExpanded(outline.model.index(0, 0))
    hands.key(outline.filter, Qt.Key.Key_Escape)
    assert len(names(outline.model)) == 3


def test_a_table_that_is_found_keeps_all_its_columns(outline: Outline) -> None:
    hands.write(outline.filter, "customer")
    assert names(outline.model) == ["customer", "order"]
    assert names(outline.model, outline.model.index(0, 0)) == ["customer_id", "email"]
    assert names(outline.model, outline.model.index(1, 0)) == ["customer_id"]


def test_from_the_filter_to_what_was_found_by_keyboard_alone(
    qtbot: QtBot, opened: MainWindow, outline: Outline, shop: Document
) -> None:
    hands.write(outline.filter, "total")
    with qtbot.waitSignals([outline.opened, opened.session.selection.revealed]):
        hands.key(outline.filter, Qt.Key.Key_Return)
    assert opened.session.selection.place == shop.place_of("order", "total")


def test_arrows_walk_through_the_tree(opened: MainWindow, outline: Outline, shop: Document) -> None:
    selection = opened.session.selection
    hands.key(outline.filter, Qt.Key.Key_Down)
    assert selection.place == shop.place_of("customer")
    hands.key(outline.tree, Qt.Key.Key_Down)
    assert selection.place == shop.place_of("order")
    hands.key(outline.tree, Qt.Key.Key_Right)
    hands.key(outline.tree, Qt.Key.Key_Down)
    assert selection.place == shop.place_of("order", "order_id")
    hands.key(outline.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert list(selection.places) == [
        shop.place_of("order", "order_id"),
        shop.place_of("order", "customer_id"),
    ]


def test_a_click_reveals(qtbot: QtBot, opened: MainWindow, outline: Outline, shop: Document) -> None:
    where = outline.tree.visualRect(outline.model.index(2, 0)).center()
    with qtbot.waitSignal(opened.session.selection.revealed):
        hands.click(outline.tree.viewport(), where)
    assert opened.session.selection.place == shop.place_of("channel")


def test_what_is_selected_elsewhere_is_opened_and_selected(
    opened: MainWindow, outline: Outline, shop: Document
) -> None:
    selection = opened.session.selection
    selection.select_all([shop.place_of("customer"), shop.place_of("order", "total")])
    assert outline.tree.currentIndex().data() == "total"
    assert outline.tree.isExpanded(outline.model.index(1, 0))
    assert {index.data() for index in outline.tree.selectedIndexes()} == {"customer", "total"}
    selection.select(Place())
    assert not outline.tree.selectionModel().hasSelection()


def test_the_sum_is_shown(outline: Outline) -> None:
    assert outline.summary.text() == "3 tables · 6 columns"


# --------------------------------------------------------------------------------------------- naming


def test_f2_renames_in_place_with_every_reference(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer", "customer_id")
    hands.key(outline.tree, Qt.Key.Key_F2)
    hands.write(field(outline), "id")
    hands.key(field(outline), Qt.Key.Key_Return)
    document = now(opened)
    assert document.tables[0].columns[0].name == "id"
    assert document.tables[1].columns[1].value["generator"] == {"lookup": {"from": "customer.id"}}
    history = opened.session.open_document
    assert history is not None
    assert history.position == 1
    assert opened.session.selection.place == document.place_of("customer", "id")


def test_a_name_that_is_taken_is_refused_there_in_words(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer")
    hands.key(outline.tree, Qt.Key.Key_F2)
    hands.write(field(outline), "order")
    assert field(outline).bubble.isVisible()
    assert "already is a table" in field(outline).bubble.text()
    hands.key(field(outline), Qt.Key.Key_Return)
    assert field(outline).isVisible()
    assert [table.id for table in now(opened).tables] == ["customer", "order", "channel"]
    hands.key(field(outline), Qt.Key.Key_Escape)
    assert not [each for each in outline.tree.findChildren(NameField) if each.isVisible()]
    assert outline.tree.hasFocus()


def test_a_name_is_given_on_leaving_too_and_a_refused_one_is_said(
    qtbot: QtBot, opened: MainWindow, outline: Outline
) -> None:
    go_to(opened, "customer")
    hands.key(outline.tree, Qt.Key.Key_F2)
    hands.write(field(outline), "client")
    hands.click(outline.tree.viewport(), QPoint(50, outline.tree.viewport().height() - 5))
    qtbot.waitUntil(lambda: now(opened).tables[0].id == "client", timeout=WAIT)
    go_to(opened, "client")
    hands.key(outline.tree, Qt.Key.Key_F2)
    hands.write(field(outline), "order")
    hands.click(outline.tree.viewport(), QPoint(50, outline.tree.viewport().height() - 5))
    qtbot.waitUntil(lambda: "already is a table" in opened.notice.text.text(), timeout=WAIT)
    assert now(opened).tables[0].id == "client"


def test_a_new_column_is_guessed_from_the_name_that_is_typed(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer")
    opened.commands.run("insert.column")
    assert names(outline.model, outline.model.index(0, 0)) == ["customer_id", "email", ""]
    hands.write(field(outline), "phone")
    assert field(outline).bubble.text() == "string · faker"
    hands.key(field(outline), Qt.Key.Key_Return)
    columns = now(opened).tables[0].columns
    assert columns[-1].value["generator"] == {"faker": {"method": "phone_number"}}
    assert names(outline.model, outline.model.index(0, 0)) == ["customer_id", "email", "phone"]
    assert opened.session.selection.place == now(opened).place_of("customer", "phone")


def test_a_new_column_without_a_name_is_none(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer")
    opened.commands.run("insert.column")
    hands.key(field(outline), Qt.Key.Key_Return)
    assert names(outline.model, outline.model.index(0, 0)) == ["customer_id", "email"]
    opened.commands.run("insert.column")
    hands.write(field(outline), "x")
    hands.key(field(outline), Qt.Key.Key_Escape)
    assert names(outline.model, outline.model.index(0, 0)) == ["customer_id", "email"]
    history = opened.session.open_document
    assert history is not None
    assert not history.can_undo


def test_a_new_table_is_named_in_the_outline(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer")
    opened.commands.run("insert.fact")
    hands.write(field(outline), "visit")
    hands.key(field(outline), Qt.Key.Key_Return)
    document = now(opened)
    assert [(table.id, table.kind) for table in document.tables][-1] == ("visit", "fact")
    assert opened.session.selection.place == document.place_of("visit")


# -------------------------------------------------------------------------------- deleting and moving


def answer(qtbot: QtBot, text: str) -> str:
    """Press a button of the question that is open; return what it says."""

    def boxes() -> list[QMessageBox]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(boxes()), timeout=WAIT)
    (box,) = boxes()
    said = f"{box.text()}\n{box.informativeText()}"
    hands.click(next(button for button in box.buttons() if button.text() == text))
    qtbot.waitUntil(lambda: not boxes(), timeout=WAIT)
    return said


def test_what_nothing_depends_on_is_deleted_at_once(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer", "email")
    hands.key(outline.tree, Qt.Key.Key_Delete)
    document = now(opened)
    assert [column.name for column in document.tables[0].columns] == ["customer_id"]
    assert opened.session.selection.place == document.place_of("customer", "customer_id")


def test_what_something_depends_on_is_asked_about(qtbot: QtBot, opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "customer")
    hands.key(outline.tree, Qt.Key.Key_Delete)
    said = answer(qtbot, "Keep")
    assert "Delete table customer?" in said
    assert "order" in said
    assert len(now(opened).tables) == 3
    hands.key(outline.tree, Qt.Key.Key_Delete)
    answer(qtbot, "Delete")
    assert [table.id for table in now(opened).tables] == ["order", "channel"]


def test_modifiers_are_moved_and_removed_like_all_else(opened: MainWindow, outline: Outline) -> None:
    place = now(opened).place_of("order", "total")
    go_to(opened, "order", "total")
    opened.editing.add_modifier("add", {"value": 3})
    total = outline.model.index_of(place)
    outline.tree.expand(total)
    outline.tree.setCurrentIndex(outline.model.index(1, 0, total))
    assert opened.session.selection.place == place
    hands.key(outline.tree, Qt.Key.Key_Up, ALT)
    assert names(outline.model, total) == ["add", "jitter"]
    assert outline.tree.currentIndex().row() == 0
    hands.key(outline.tree, Qt.Key.Key_Delete)
    assert names(outline.model, total) == ["jitter"]
    assert now(opened).place_of("order", "total") == place


def test_alt_and_arrows_move_columns_and_tables(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "order", "total")
    hands.key(outline.tree, Qt.Key.Key_Up, ALT)
    hands.key(outline.tree, Qt.Key.Key_Up, ALT)
    hands.key(outline.tree, Qt.Key.Key_Up, ALT)
    assert names(outline.model, outline.model.index(1, 0)) == ["total", "order_id", "customer_id"]
    hands.key(outline.tree, Qt.Key.Key_Down, ALT)
    assert names(outline.model, outline.model.index(1, 0)) == ["order_id", "total", "customer_id"]
    assert outline.tree.currentIndex().data() == "total"
    go_to(opened, "order")
    hands.key(outline.tree, Qt.Key.Key_Down, ALT)
    assert names(outline.model) == ["customer", "channel", "order"]
    assert outline.tree.isExpanded(outline.model.index(2, 0))


def test_dragging_reorders_within_a_list_and_pastes_elsewhere(opened: MainWindow, outline: Outline) -> None:
    model = outline.model
    order = model.index(1, 0)
    dragged = model.mimeData([model.index(2, 0, order)])
    assert '"name": "total"' in dragged.text()
    move = Qt.DropAction.MoveAction
    assert not model.canDropMimeData(dragged, move, 0, 0, model.index(0, 0))
    assert not model.canDropMimeData(dragged, move, 0, 0, QModelIndex())
    model.dropMimeData(dragged, move, 0, 0, order)
    assert names(model, order) == ["total", "order_id", "customer_id"]
    foreign = QMimeData()
    foreign.setText(dragged.text())
    model.dropMimeData(foreign, Qt.DropAction.CopyAction, 1, 0, model.index(0, 0))
    assert names(model, model.index(0, 0)) == ["customer_id", "total", "email"]


# -------------------------------------------------------------------------------------- the clipboard


def test_copy_and_paste_of_a_column(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "order", "total")
    hands.key(outline.tree, Qt.Key.Key_C, hands.CTRL)
    assert '"name": "total"' in QApplication.clipboard().text()
    hands.key(outline.tree, Qt.Key.Key_V, hands.CTRL)
    assert names(outline.model, outline.model.index(1, 0))[-1] == "total_2"
    assert opened.session.selection.place == now(opened).place_of("order", "total_2")


def test_cut_and_paste_of_a_table_into_another_window(
    qtbot: QtBot, opened: MainWindow, outline: Outline
) -> None:
    go_to(opened, "channel")
    hands.key(outline.tree, Qt.Key.Key_X, hands.CTRL)
    assert names(outline.model) == ["customer", "order"]
    hands.key(outline.tree, Qt.Key.Key_V, hands.CTRL)
    assert names(outline.model) == ["customer", "order", "channel"]


def test_what_is_no_schema_is_not_pasted_and_that_is_said(opened: MainWindow, outline: Outline) -> None:
    QApplication.clipboard().setText("a shopping list")
    go_to(opened, "channel")
    hands.key(outline.tree, Qt.Key.Key_V, hands.CTRL)
    assert names(outline.model) == ["customer", "order", "channel"]
    assert opened.notice.isVisible()


def test_duplicate_and_undo_keep_tree_and_selection_in_step(opened: MainWindow, outline: Outline) -> None:
    go_to(opened, "order")
    hands.key(outline.tree, Qt.Key.Key_D, hands.CTRL)
    assert names(outline.model) == ["customer", "order", "order_2", "channel"] or names(outline.model) == [
        "customer",
        "order",
        "channel",
        "order_2",
    ]
    hands.key(outline.tree, Qt.Key.Key_Z, hands.CTRL)
    assert names(outline.model) == ["customer", "order", "channel"]
    hands.key(outline.tree, Qt.Key.Key_Y, hands.CTRL)
    assert "order_2" in names(outline.model)
