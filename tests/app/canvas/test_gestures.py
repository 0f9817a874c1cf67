"""What people do with the mouse, completed and cancelled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from datagen_app.canvas.geometry import GRID, WIDTH
from datagen_app.canvas.gestures.move import Move
from datagen_app.canvas.gestures.press import Press
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps.values import set_value
from tests.app import hands
from tests.app.canvas.conftest import Shop
from tests.app.conftest import WAIT

ESCAPE = Qt.Key.Key_Escape


def corner(shop: Shop, name: str) -> tuple[float, float]:
    card = shop.card(name)
    return card.x, card.y


# ---------------------------------------------------------------------------------------------- moving


def test_a_card_is_moved_to_the_grid_as_one_step(shop: Shop) -> None:
    before = corner(shop, "order")
    start = shop.header("order")
    shop.drag(start, start + QPoint(43, 91))
    x, y = corner(shop, "order")
    assert (x, y) != before
    assert x % GRID == y % GRID == 0
    assert abs(x - before[0] - 43 / shop.canvas.transform().m11()) <= GRID
    assert shop.layout["order"] == [x, y]
    assert shop.steps == ["Move table order"]
    assert shop.selection.places == (shop.place("order"),)


def test_the_first_move_writes_down_where_all_cards_stand(shop: Shop) -> None:
    others = {name: corner(shop, name) for name in ("customer", "channel")}
    assert shop.layout == {}
    start = shop.header("order")
    shop.drag(start, start + QPoint(80, 0))
    assert list(shop.layout) == ["customer", "order", "channel"]  # in the order of the tables
    assert {name: tuple(shop.layout[name]) for name in others} == others


def test_what_is_undone_stands_where_it_stood(qtbot: QtBot, shop: Shop) -> None:
    before = {card.table.id: (card.x, card.y) for card in shop.scene.cards}
    start = shop.header("order")
    shop.drag(start, start + QPoint(120, 160))
    shop.session.undo()
    assert {card.table.id: (card.x, card.y) for card in shop.scene.cards} == before
    assert "x-layout" not in shop.tree["metadata"]
    qtbot.waitUntil(lambda: not shop.session.busy, timeout=WAIT)
    assert {card.table.id: (card.x, card.y) for card in shop.scene.cards} == before


def test_escape_puts_a_card_back(shop: Shop) -> None:
    before, text = corner(shop, "order"), shop.document.text
    start = shop.header("order")
    shop.drag(start, start + QPoint(80, 80), drop=False)
    lifted = shop.lifted()
    assert lifted is not None
    assert not lifted.offset.isNull()
    hands.key(shop.canvas, ESCAPE)
    assert shop.lifted() is None
    assert corner(shop, "order") == before
    hands.release(shop.canvas.viewport(), start + QPoint(80, 80))
    assert (shop.document.text, shop.steps) == (text, [])
    assert shop.session.open_document is not None
    assert not shop.session.open_document.busy


def test_while_something_is_dragged_nothing_else_changes_the_document(shop: Shop) -> None:
    said: list[str] = []
    shop.session.troubled.connect(said.append)
    start = shop.header("order")
    shop.drag(start, start + QPoint(80, 80), drop=False)
    step = set_value(shop.document, ("nodes", 0, "rows"), 5, "Set rows")
    assert not shop.session.do(step)
    assert "being dragged" in said[0]
    hands.key(shop.canvas, Qt.Key.Key_Delete)
    hands.release(shop.canvas.viewport(), start + QPoint(80, 80))
    assert shop.steps == ["Move table order"]
    assert shop.session.do(step)


def test_whoever_leaves_the_window_while_dragging_has_dragged_nothing(shop: Shop) -> None:
    before = corner(shop, "order")
    start = shop.header("order")
    shop.drag(start, start + QPoint(80, 80), drop=False)
    shop.design.outline.setFocus()
    assert shop.gesture() is None
    assert corner(shop, "order") == before
    assert shop.steps == []
    hands.release(shop.canvas.viewport(), start)


def test_several_cards_are_moved_together(shop: Shop) -> None:
    shop.selection.select_all(shop.places("order", "channel"))
    before = {name: corner(shop, name) for name in ("order", "channel", "customer")}
    start = shop.header("channel")
    shop.drag(start, start + QPoint(0, 160))
    moved = {name: corner(shop, name)[1] - y for name, (_, y) in before.items()}
    assert moved["order"] == moved["channel"] > 0
    assert moved["customer"] == 0
    assert shop.steps == ["Move 2 tables"]
    assert len(shop.selection.places) == 2


def test_a_card_is_drawn_into_line_with_another(shop: Shop) -> None:
    customer = shop.card("customer")
    order = shop.card("order")
    shop.editor.place({order.key: (customer.x + 400, customer.y + 400)}, "Move")
    start = shop.header("order")
    pixels = shop.canvas.transform().m11()
    wanted = QPoint(round(-(order.x - customer.x - 5) * pixels), round(24 * pixels))
    shop.drag(start, start + wanted, drop=False)
    press = shop.gesture()
    assert isinstance(press, Press)
    assert isinstance(press.became, Move)
    assert {(line.vertical, line.at) for line in press.became._lines} >= {(True, customer.x)}
    hands.release(shop.canvas.viewport(), start + wanted)
    assert shop.card("order").x == customer.x


def test_a_click_that_trembles_moves_nothing(shop: Shop) -> None:
    start = shop.header("order")
    shop.drag(start, start + QPoint(2, 1))
    assert shop.steps == []
    assert shop.selection.place == shop.place("order")


def test_at_the_side_of_the_view_the_diagram_moves_along(qtbot: QtBot, shop: Shop) -> None:
    seen = shop.canvas.seen()
    start = shop.header("customer")
    edge = QPoint(shop.canvas.viewport().width() - 2, start.y())
    shop.drag(start, edge, drop=False)
    qtbot.waitUntil(lambda: shop.canvas.seen().left() > seen.left() + 20, timeout=WAIT)
    hands.release(shop.canvas.viewport(), edge)
    assert shop.card("customer").x > seen.right() - WIDTH


# ------------------------------------------------------------------------------------------- selecting


@pytest.mark.parametrize("key", [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier])
def test_with_a_key_held_a_click_adds_and_takes_away(shop: Shop, key: Qt.KeyboardModifier) -> None:
    view = shop.canvas.viewport()
    hands.click(view, shop.header("order"))
    QTest.mouseClick(view, hands.LEFT, key, shop.header("channel"))
    assert set(shop.selection.places) == set(shop.places("order", "channel"))
    assert {card.table.id for card in shop.scene.selected_cards} == {"order", "channel"}
    QTest.mouseClick(view, hands.LEFT, key, shop.header("order"))
    assert shop.selection.places == (shop.place("channel"),)


def test_a_band_selects_what_it_touches(shop: Shop) -> None:
    content = shop.scene.content()
    start = shop.at(content.left() - 20, content.top() - 20)
    shop.drag(start, shop.at(content.right() + 20, content.bottom() + 20))
    assert set(shop.selection.places) == set(shop.places("customer", "order", "channel"))
    hands.click(shop.canvas.viewport(), start)
    assert shop.selection.place == Place()


def test_escape_takes_a_band_back(shop: Shop) -> None:
    shop.selection.select(shop.place("channel"))
    content = shop.scene.content()
    start = shop.at(content.left() - 20, content.top() - 20)
    shop.drag(start, shop.at(content.right() + 20, content.bottom() + 20), drop=False)
    assert len(shop.scene.selected_cards) == 3
    hands.key(shop.canvas, ESCAPE)
    assert [card.table.id for card in shop.scene.selected_cards] == ["channel"]
    assert shop.selection.places == (shop.place("channel"),)
    hands.release(shop.canvas.viewport(), start)
    assert shop.selection.places == (shop.place("channel"),)


def test_all_and_nothing(shop: Shop) -> None:
    hands.key(shop.canvas, Qt.Key.Key_A, hands.CTRL)
    assert len(shop.selection.places) == 3
    hands.key(shop.canvas, ESCAPE)
    assert shop.selection.places == ()


def test_the_zoom_to_what_is_selected_shows_all_of_it(shop: Shop) -> None:
    shop.canvas.zoom_to(0.1)
    shop.selection.select_all(shop.places("customer", "order"))
    shop.board.fit_selection()
    assert shop.canvas.zoom > 0.3
    for name in ("customer", "order"):
        assert shop.canvas.seen().contains(shop.card(name).frame)


# ---------------------------------------------------------------------------------- references, children


def test_from_a_key_to_another_table_a_column_is_made_that_looks_it_up(shop: Shop) -> None:
    shop.drag(shop.row("customer", "customer_id", along=1.0), shop.header("channel"))
    (column,) = [column for column in shop.document.tables[2].columns if column.name == "customer_id"]
    assert column.value["generator"] == {"lookup": {"from": "customer.customer_id"}}
    assert shop.tree["constraints"]["foreign_keys"] == [
        {"from": "channel.customer_id", "to": "customer.customer_id"}
    ]
    assert len(shop.steps) == 1
    assert shop.selection.place == shop.place("channel", "customer_id")


def test_from_any_other_column_to_a_table_that_column_looks_up_its_key(shop: Shop) -> None:
    shop.drag(shop.row("order", "total", along=0.0), shop.header("channel"))
    total = shop.document.tables[1].named("total")
    assert total is not None
    assert total.value["generator"] == {"lookup": {"from": "channel.name"}}
    assert total.value["type"] == "string"
    assert len(shop.steps) == 1


def test_to_a_column_it_is_that_column_that_is_looked_up(shop: Shop) -> None:
    shop.drag(shop.row("order", "total", along=1.0), shop.row("customer", "email"))
    total = shop.document.tables[1].named("total")
    assert total is not None
    assert total.value["generator"] == {"lookup": {"from": "customer.email"}}


def test_what_would_come_of_it_is_said_on_the_way(shop: Shop) -> None:
    origin = shop.place("customer", "customer_id")
    say = shop.editor.describe_reference
    assert say(origin, shop.place("channel")) == "New column in channel that looks up customer.customer_id"
    assert say(origin, shop.place("order", "total")) == "order.total looks up customer.customer_id"
    assert say(shop.place("order", "total"), shop.place("channel")) == "order.total looks up channel.name"
    assert say(origin, Place()) == say(origin, shop.place("customer")) == say(origin, origin) == ""


@pytest.mark.parametrize("drop", [True, False])
def test_a_reference_that_leads_nowhere_or_is_taken_back_is_none(shop: Shop, drop: bool) -> None:
    text = shop.document.text
    end = shop.ground() if drop else shop.header("channel")
    shop.drag(shop.row("customer", "customer_id", along=1.0), end, drop=drop)
    if not drop:
        hands.key(shop.canvas, ESCAPE)
        hands.release(shop.canvas.viewport(), end)
    assert (shop.document.text, shop.steps) == (text, [])


def handle(shop: Shop, name: str) -> QPoint:
    card = shop.card(name)
    return shop.at(card.x + WIDTH, card.y + 16)


def test_from_a_table_s_handle_to_the_ground_a_child_is_made_and_named(qtbot: QtBot, shop: Shop) -> None:
    end = shop.ground()
    shop.drag(handle(shop, "order"), end)
    child = shop.document.tables[-1]
    assert child.value["kind"] == "fact"
    assert child.value["parents"] == ["order"]
    assert child.value["fanout"]
    assert {"from": f"{child.id}.order_id", "to": "order.order_id"} in shop.tree["constraints"][
        "foreign_keys"
    ]
    assert len(shop.steps) == 1
    card = shop.card(child.id)
    assert (shop.canvas.from_scene(card.frame.topLeft()) - end.toPointF()).manhattanLength() < 40
    assert "layout" not in shop.steps[0].lower()
    assert set(shop.layout) == {"customer", "order", "channel", child.id}
    field = shop.field()
    assert field is not None
    hands.write(field, "refund")
    hands.key(field, Qt.Key.Key_Return)
    assert shop.document.tables[-1].id == "refund"
    assert "refund" in shop.layout
    qtbot.waitUntil(lambda: not shop.session.busy, timeout=WAIT)
    assert any(edge.target == shop.place("refund", "order_id") for edge in shop.scene.edges)


def test_from_a_table_s_handle_to_another_that_one_becomes_its_child(shop: Shop) -> None:
    shop.drag(handle(shop, "order"), shop.header("channel"))
    channel = shop.document.tables[2]
    assert channel.value["parents"] == ["order"]
    assert channel.value["kind"] == "fact"
    assert channel.named("order_id") is not None
    assert shop.steps == ["Make channel a child of order"]


def test_what_is_a_child_already_becomes_none_again(shop: Shop) -> None:
    assert shop.editor.describe_child(shop.card("customer"), shop.place("order")) == ""
    shop.drag(handle(shop, "customer"), shop.header("order"))
    assert shop.steps == []


def test_escape_makes_no_child(shop: Shop) -> None:
    text = shop.document.text
    shop.drag(handle(shop, "order"), shop.ground(), drop=False)
    hands.key(shop.canvas, ESCAPE)
    hands.release(shop.canvas.viewport(), shop.ground())
    assert (shop.document.text, shop.steps) == (text, [])


def test_the_plus_lets_columns_be_typed(shop: Shop) -> None:
    card = shop.card("customer")
    view, plus = shop.canvas.viewport(), shop.at(card.x + WIDTH / 2, card.y + card.height)
    hands.move(view, shop.header("customer"))
    hands.move(view, plus)
    hands.click(view, plus)
    naming = shop.board.naming
    field = naming.field
    assert field is not None
    hands.write(field, "birthday")
    assert naming.hint.startswith("date")
    hands.key(field, Qt.Key.Key_Return)
    assert shop.document.tables[0].columns[-1].name == "birthday"
    assert shop.selection.place == shop.place("customer", "birthday")


# ------------------------------------------------------------------------------------- all of them alike


GESTURES: dict[str, Callable[[Shop], tuple[QPoint, QPoint]]] = {
    "move": lambda shop: (shop.header("order"), shop.header("order") + QPoint(90, 40)),
    "band": lambda shop: (shop.ground(), shop.ground() - QPoint(0, 200)),
    "reference": lambda shop: (shop.row("customer", "customer_id", along=1.0), shop.header("channel")),
    "child": lambda shop: (handle(shop, "customer"), shop.ground()),
}


@pytest.mark.parametrize("name", GESTURES)
def test_every_gesture_is_painted_and_leaves_no_trace_when_it_is_taken_back(shop: Shop, name: str) -> None:
    shop.canvas.viewport().repaint()
    text = shop.document.text
    start, end = GESTURES[name](shop)
    shop.drag(start, end, drop=False)
    shop.canvas.viewport().repaint()
    assert shop.gesture() is not None
    hands.key(shop.canvas, ESCAPE)
    assert shop.gesture() is None
    shop.canvas.viewport().repaint()
    hands.release(shop.canvas.viewport(), end)
    assert (shop.document.text, shop.steps) == (text, [])
    assert shop.session.do(Step("Nothing", ()))
