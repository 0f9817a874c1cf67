"""What people do on the canvas by keyboard, double clicks, menus and commands."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from datagen_app.canvas import commands as offered
from datagen_app.canvas.export import write_picture
from datagen_app.canvas.geometry import GRID, card_height
from datagen_app.document.place import Place
from tests.app import hands
from tests.app.canvas.conftest import Shop
from tests.app.conftest import WAIT

RETURN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def double_click(shop: Shop, at: QPoint) -> None:
    view = shop.canvas.viewport()
    hands.click(view, at)
    QTest.mouseDClick(view, hands.LEFT, hands.NONE, at)


# ------------------------------------------------------------------------------------------- by mouse


def test_a_double_click_on_the_ground_adds_a_table_there_and_lets_it_be_named(shop: Shop) -> None:
    at = shop.ground()
    double_click(shop, at)
    table = shop.document.tables[-1]
    assert table.kind == "entity"
    card = shop.card(table.id)
    assert (shop.canvas.from_scene(card.frame.topLeft()) - at.toPointF()).manhattanLength() < 2 * GRID
    field = shop.field()
    assert field is not None
    hands.write(field, "supplier")
    hands.key(field, RETURN)
    assert shop.document.tables[-1].id == "supplier"
    assert shop.selection.place == shop.place("supplier")


@pytest.mark.parametrize("names", [("order",), ("order", "total")])
def test_a_double_click_on_a_name_renames_in_place(shop: Shop, names: tuple[str, ...]) -> None:
    at = shop.header("order") if len(names) == 1 else shop.row(names[0], names[1])
    double_click(shop, at)
    field = shop.field()
    assert field is not None
    hands.write(field, "renamed")
    hands.key(field, RETURN)
    assert shop.place("renamed") if len(names) == 1 else shop.place("order", "renamed")
    assert len(shop.steps) == 1
    assert shop.field() is None
    assert shop.canvas.hasFocus()


def test_a_name_that_is_taken_is_refused_there_in_words(shop: Shop) -> None:
    double_click(shop, shop.header("order"))
    naming = shop.board.naming
    field = shop.field()
    assert field is not None
    hands.write(field, "customer")
    hands.key(field, RETURN)
    assert shop.field() is not None
    assert "already" in naming.hint
    assert shop.steps == []
    hands.key(field, ESCAPE)
    assert shop.field() is None
    assert shop.place("order")
    assert shop.steps == []


def test_leaving_the_field_keeps_the_name_unless_it_is_refused(shop: Shop) -> None:
    for name, kept in (("customer", "order"), ("purchase", "purchase")):
        shop.selection.select(shop.place("order"))
        shop.canvas.setFocus()
        hands.key(shop.canvas, Qt.Key.Key_F2)
        field = shop.field()
        assert field is not None
        hands.write(field, name)
        shop.canvas.setFocus()
        assert shop.field() is None
        assert shop.place(kept)


def test_the_field_stands_over_its_name_however_the_diagram_moves(shop: Shop) -> None:
    shop.editor.naming.emit(shop.place("order"))
    field = shop.field()
    assert field is not None
    before = field.pos()
    shop.canvas.verticalScrollBar().setValue(shop.canvas.verticalScrollBar().value() + 40)
    assert field.pos() == before - QPoint(0, 40)
    hands.key(field, ESCAPE)


def menu_of(shop: Shop, at: QPoint) -> QMenu:
    view = shop.canvas.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def titles(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_the_menu_of_the_ground_adds_there(shop: Shop) -> None:
    menu = menu_of(shop, shop.ground())
    assert titles(menu)[:4] == ["Add entity here", "Add fact here", "Add vocabulary here", "Add note here"]
    menu.actions()[1].trigger()
    menu.close()
    assert shop.document.tables[-1].kind == "fact"


def test_the_menu_of_a_card_is_about_what_is_under_the_pointer(shop: Shop) -> None:
    shop.selection.select(shop.place("channel"))
    menu_of(shop, shop.row("order", "total")).close()
    assert shop.selection.place == shop.place("order", "total")
    shop.selection.select_all(shop.places("order", "channel"))
    menu_of(shop, shop.row("order", "total")).close()
    assert len(shop.selection.places) == 2  # it is one of them, so it is about them all


# ---------------------------------------------------------------------------------------- by keyboard


def test_arrows_move_what_is_selected_by_the_grid(shop: Shop) -> None:
    shop.selection.select(shop.place("order"))
    card = shop.card("order")
    x, y = card.x, card.y
    hands.key(shop.canvas, Qt.Key.Key_Right)
    hands.key(shop.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert (card.x, card.y) == (x + GRID, y + 10 * GRID)
    assert shop.layout["order"] == [card.x, card.y]


def test_with_nothing_selected_arrows_move_the_view(shop: Shop) -> None:
    shop.selection.select(Place())
    before = shop.canvas.seen().center().x()
    hands.key(shop.canvas, Qt.Key.Key_Right)
    assert shop.canvas.seen().center().x() > before
    assert shop.steps == []


def test_enter_adds_columns(shop: Shop) -> None:
    shop.selection.select(shop.place("channel"))
    hands.key(shop.canvas, RETURN)
    field = shop.field()
    assert field is not None
    hands.write(field, "email")
    hands.key(field, RETURN)
    assert shop.document.tables[2].columns[-1].value["generator"] == {"faker": {"method": "email"}}
    assert shop.card("channel").height == card_height(2)


# --------------------------------------------------------------------------------------- arrangements


def test_cards_are_aligned_and_distributed(shop: Shop) -> None:
    shop.editor.select_all()
    shop.editor.align("left")
    assert len({card.x for card in shop.scene.cards}) == 1
    shop.editor.distribute("down")
    frames = sorted((card.frame for card in shop.scene.cards), key=lambda frame: frame.top())
    gaps = [lower.top() - upper.bottom() for upper, lower in pairwise(frames)]
    assert abs(gaps[0] - gaps[1]) <= 2 * GRID
    assert shop.steps[0] == "Align 3 tables"


def test_a_layout_is_one_step_that_can_be_undone(qtbot: QtBot, shop: Shop) -> None:
    order = shop.card("order")
    shop.editor.place({order.key: (2000.0, 2000.0)}, "Move")
    shop.editor.lay_out()
    qtbot.waitUntil(lambda: len(shop.steps) == 2, timeout=WAIT)
    assert shop.steps[-1] == "Lay out tables"
    assert (order.x, order.y) != (2000, 2000)
    frames = [card.frame for card in shop.scene.cards]
    assert not any(one.intersects(other) for one in frames for other in frames if one is not other)
    assert shop.canvas.seen().contains(shop.scene.content())
    shop.session.undo()
    assert (order.x, order.y) == (2000, 2000)


def test_a_card_is_collapsed_to_its_header_and_opened_again(qtbot: QtBot, shop: Shop) -> None:
    shop.selection.select(shop.place("order"))
    full = shop.card("order").height
    shop.editor.collapse()
    qtbot.waitUntil(lambda: not shop.session.busy, timeout=WAIT)
    card = shop.card("order")
    assert card.height < full
    assert card.face.hidden == 3
    assert card.face.rows == ()
    assert shop.tree["nodes"][1]["x-collapsed"] is True
    double_click(shop, shop.at(card.x + 100, card.y + card.height - 6))
    assert shop.card("order").height == full
    assert shop.steps == ["Collapse order", "Expand order"]


def test_what_is_added_elsewhere_stands_where_there_is_room(qtbot: QtBot, shop: Shop) -> None:
    from datagen_app.document.steps.tables import add_table

    before = {card.table.id: (card.x, card.y) for card in shop.scene.cards}
    shop.session.do(add_table(shop.document, "entity", name="supplier"))
    frame = shop.card("supplier").frame
    assert not any(card.frame.intersects(frame) for card in shop.scene.cards if card.frame != frame)
    where = (frame.left(), frame.top())
    qtbot.waitUntil(lambda: not shop.session.busy, timeout=WAIT)
    after = {card.table.id: (card.x, card.y) for card in shop.scene.cards}
    assert after == {**before, "supplier": where}  # nothing jumps when the worker has answered


# --------------------------------------------------------------------------------------- notes, groups


def test_a_note_is_written_moved_resized_and_deleted(shop: Shop) -> None:
    shop.editor.add_note()
    field = shop.field()
    assert field is not None
    assert shop.canvas.viewport().rect().contains(field.geometry())
    hands.write(field, "Loaded nightly")
    hands.key(field, RETURN, hands.CTRL)
    (note,) = shop.scene.annotations
    assert (note.kind, note.text) == ("note", "Loaded nightly")
    assert not any(
        card.frame.contains(note.x + 1, note.y + 1) or card.frame.contains(note.x + 200, note.y + 60)
        for card in shop.scene.cards
    )
    start = shop.at(note.x + 40, note.y + 30)
    shop.drag(start, start + QPoint(0, 80))
    (moved,) = shop.scene.annotations
    assert moved.y > note.y
    corner = shop.at(moved.x + moved.width, moved.y + moved.height) - QPoint(3, 3)
    shop.drag(corner, corner + QPoint(80, 40))
    (sized,) = shop.scene.annotations
    assert (sized.width, sized.height) > (moved.width, moved.height)
    hands.key(shop.canvas, Qt.Key.Key_Delete)
    assert shop.scene.annotations == []
    assert shop.steps == ["Add note", "Move note", "Resize note", "Delete note"]
    for _ in range(4):
        shop.session.undo()
    assert "x-notes" not in shop.tree["metadata"]


def test_a_note_that_nothing_is_written_in_is_none(shop: Shop) -> None:
    for key in (ESCAPE, RETURN):
        shop.editor.add_note()
        field = shop.field()
        assert field is not None
        hands.key(field, key, hands.CTRL)
    assert shop.steps == []


def test_a_group_moves_with_what_is_in_it(shop: Shop) -> None:
    shop.selection.select_all(shop.places("customer", "channel"))
    shop.editor.add_group()
    field = shop.field()
    assert field is not None
    hands.write(field, "People")
    hands.key(field, RETURN)
    (group,) = shop.scene.annotations
    assert group.text == "People"
    inside = {card.table.id: (card.x, card.y) for card in shop.editor.inside(group)[0]}
    assert set(inside) >= {"customer", "channel"}
    start = shop.at(group.x + group.width - 60, group.y + 12)
    shop.drag(start, start + QPoint(0, 64))
    down = {name: shop.card(name).y - y for name, (_, y) in inside.items()}
    (moved,) = shop.scene.annotations
    assert set(down.values()) == {moved.y - group.y}
    assert moved.y > group.y


def test_escape_leaves_a_size_as_it_was(shop: Shop) -> None:
    shop.selection.select(shop.place("customer"))
    shop.editor.add_group()
    shop.board.naming.cancel()
    (group,) = shop.scene.annotations
    corner = shop.at(group.x + group.width, group.y + group.height) - QPoint(3, 3)
    shop.drag(corner, corner + QPoint(80, 40), drop=False)
    shop.canvas.viewport().repaint()
    hands.key(shop.canvas, ESCAPE)
    hands.release(shop.canvas.viewport(), corner)
    assert shop.scene.annotations == [group]


# -------------------------------------------------------------------------------------------- finding


def test_finding_goes_from_match_to_match(shop: Shop) -> None:
    bar = shop.board.find
    bar.open()
    hands.write(bar.field, "cust")
    found = [shop.document.path_of(place) for place in bar.found]
    assert found == [("nodes", 0), ("nodes", 0, "columns", 0), ("nodes", 1, "columns", 1)]
    assert bar.said.text() == "1 of 3"
    assert shop.selection.place == shop.place("customer")
    hands.key(bar.field, RETURN)
    assert shop.selection.place == shop.place("customer", "customer_id")
    hands.key(bar.field, RETURN, Qt.KeyboardModifier.ShiftModifier)
    hands.key(bar.field, RETURN, Qt.KeyboardModifier.ShiftModifier)
    assert shop.selection.place == shop.place("order", "customer_id")
    shop.canvas.viewport().repaint()
    hands.write(bar.field, "zzz")
    assert bar.said.text() == "No match"
    hands.key(bar.field, ESCAPE)
    assert not bar.isVisible()
    assert shop.scene.found == ()
    assert shop.canvas.hasFocus()


def test_what_is_found_follows_the_document(shop: Shop) -> None:
    from datagen_app.document.steps.tables import add_table

    bar = shop.board.find
    bar.open()
    hands.write(bar.field, "suppl")
    assert bar.said.text() == "No match"
    shop.session.do(add_table(shop.document, "entity", name="supplier"))
    assert len(bar.found) == 2  # the table, and its key


# ------------------------------------------------------------------------------------------- pictures


def test_the_diagram_is_written_as_png_and_svg(shop: Shop, tmp_path: Path) -> None:
    shop.editor.add_group()
    shop.board.naming.cancel()
    for name in ("shop.png", "shop.svg"):
        write_picture(shop.scene, tmp_path / name)
    image = QImage(str(tmp_path / "shop.png"))
    content = shop.scene.content()
    assert image.width() / image.height() == pytest.approx(
        (content.width() + 48) / (content.height() + 48), rel=0.01
    )
    drawing = (tmp_path / "shop.svg").read_text()
    assert "Small shop" in drawing
    assert sorted(path.name for path in tmp_path.iterdir() if "shop." in path.name) == [
        "shop.json",
        "shop.png",
        "shop.svg",
    ]


def test_a_picture_that_cannot_be_written_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ValueError, match="png or .svg"):
        write_picture(shop.scene, tmp_path / "shop.gif")
    with pytest.raises(OSError):  # noqa: PT011 # each system words it another way
        write_picture(shop.scene, tmp_path / "nowhere" / "shop.png")
    assert sorted(tmp_path.iterdir()) == before


# ------------------------------------------------------------------------------------------- the rest


def test_shapes_of_values_are_shown_on_their_rows(shop: Shop) -> None:
    place = shop.place("order", "total")
    shop.scene.set_sparklines({place: [0.2, 1.0, 0.5]})
    assert [row.spark for row in shop.card("order").face.rows] == [(), (), (0.2, 1.0, 0.5)]
    shop.canvas.viewport().repaint()
    shop.scene.set_sparklines({})
    assert all(row.spark == () for row in shop.card("order").face.rows)


def test_a_card_shows_an_edit_before_the_worker_has_answered(shop: Shop) -> None:
    from datagen_app.document.steps.renaming import rename

    edges = len(shop.scene.edges)
    shop.session.do(rename(shop.document, shop.place("order", "total"), "amount"))
    assert [row.name for row in shop.card("order").face.rows] == ["order_id", "customer_id", "amount"]
    assert len(shop.scene.edges) == edges


def test_every_command_says_what_it_does_and_can_be_asked_whether_it_can_be_done(shop: Shop) -> None:
    made = [
        command
        for make in (
            offered.place_commands,
            offered.arrange_commands,
            offered.select_commands,
            offered.find_commands,
            offered.picture_commands,
        )
        for command in make(shop.board)
    ]
    assert len({command.id for command in made}) == len(made)
    shop.selection.select(Place())
    able = {command.id for command in made if command.enabled is None or command.enabled()}
    assert {"arrange.layout", "canvas.find", "canvas.export", "insert.note"} <= able
    assert not able & {"arrange.left", "arrange.across", "arrange.collapse", "insert.child"}
    shop.editor.select_all()
    able = {command.id for command in made if command.enabled is None or command.enabled()}
    assert {"arrange.left", "arrange.across", "arrange.collapse", "insert.child"} <= able
