from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from datagen_app.canvas.card import Card
from datagen_app.canvas.face import Detail
from datagen_app.canvas.view import CLOSEST, FARTHEST, Canvas
from datagen_app.document.place import Place
from datagen_app.shell.main_window import MainWindow
from tests.app import hands
from tests.app.conftest import WAIT


@pytest.fixture
def canvas(opened: MainWindow) -> Canvas:
    return opened.canvas


def place_of(window: MainWindow, *names: str) -> Place:
    document = window.session.document
    assert document is not None
    return document.place_of(*names)


def point_of(window: MainWindow, place: Place) -> QPoint:
    """Return where a table's header or a column's row is on the screen."""
    frame = window.scene.frame_of(place)
    point = QPointF(frame.center().x(), frame.top() + 8)
    return window.canvas.mapFromScene(point)


def turn(canvas: Canvas, at: QPointF, delta: QPoint, *, ctrl: bool = False, shift: bool = False) -> None:
    """Turn the wheel over a point of the view."""
    modifiers = Qt.KeyboardModifier.NoModifier
    if ctrl:
        modifiers |= Qt.KeyboardModifier.ControlModifier
    if shift:
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    event = QWheelEvent(
        at,
        canvas.viewport().mapToGlobal(at),
        QPoint(),
        delta,
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def card(window: MainWindow, name: str) -> Card:
    found = window.scene.card(place_of(window, name).table)
    assert found is not None
    return found


# ---------------------------------------------------------------------------------------------- zooming


def test_everything_is_in_view_at_first_no_larger_than_life(opened: MainWindow, canvas: Canvas) -> None:
    assert canvas.seen().contains(opened.scene.content())
    assert canvas.zoom <= 1


def test_ctrl_and_the_wheel_zoom_at_the_pointer(canvas: Canvas) -> None:
    at = QPointF(200, 150)
    before = canvas.mapToScene(at.toPoint())
    zoom = canvas.zoom
    turn(canvas, at, QPoint(0, 120), ctrl=True)
    turn(canvas, at, QPoint(0, 120), ctrl=True)
    assert canvas.zoom == pytest.approx(zoom * 1.44)
    after = canvas.mapToScene(at.toPoint())
    assert (after - before).manhattanLength() < 3 / canvas.transform().m11()


def test_zooming_there_and_back_is_where_it_was(canvas: Canvas) -> None:
    seen = canvas.seen().center()
    for _ in range(5):
        canvas.zoom_in()
    for _ in range(5):
        canvas.zoom_out()
    assert (canvas.seen().center() - seen).manhattanLength() < 5


def test_zoom_has_its_limits(canvas: Canvas) -> None:
    canvas.zoom_to(1e9)
    assert canvas.zoom == CLOSEST
    canvas.zoom_to(0)
    assert canvas.zoom == FARTHEST


@pytest.mark.parametrize(
    ("keys", "zoom"),
    [
        (Qt.Key.Key_Equal, 1.2),
        (Qt.Key.Key_Minus, 1 / 1.2),
    ],
)
def test_shortcuts_zoom(qtbot: QtBot, opened: MainWindow, canvas: Canvas, keys: Qt.Key, zoom: float) -> None:
    canvas.zoom_to_full_size()
    hands.key(opened, keys, hands.CTRL)
    assert canvas.zoom == pytest.approx(zoom)
    assert opened.status.zoom.text() == f"{100 * zoom:.0f} %"


def test_the_fit_follows_the_window_until_the_user_moves(
    qtbot: QtBot, opened: MainWindow, canvas: Canvas
) -> None:
    canvas.fit()
    opened.resize(900, 620)
    qtbot.waitUntil(lambda: canvas.seen().contains(opened.scene.content()), timeout=WAIT)
    canvas.zoom_to(2.0)
    opened.resize(1000, 700)
    assert canvas.zoom == 2.0


def test_the_zoom_to_a_selection_makes_it_readable(opened: MainWindow, canvas: Canvas) -> None:
    canvas.zoom_to(0.1)
    opened.session.selection.select(place_of(opened, "order"))
    opened.commands.refresh()
    opened.commands.run("view.fit_selection")
    assert canvas.zoom >= 0.5
    assert canvas.seen().contains(card(opened, "order").frame)


# ---------------------------------------------------------------------------------------------- moving


def test_the_wheel_moves_and_shift_turns_it_sideways(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    start = canvas.seen().topLeft()
    turn(canvas, QPointF(100, 100), QPoint(0, -120))
    below = canvas.seen().topLeft()
    assert below.y() > start.y()
    assert below.x() == pytest.approx(start.x())
    turn(canvas, QPointF(100, 100), QPoint(0, -120), shift=True)
    assert canvas.seen().topLeft().x() > below.x()


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton])
def test_dragging_moves_what_was_taken_hold_of(qtbot: QtBot, canvas: Canvas, button: Qt.MouseButton) -> None:
    canvas.zoom_to(2.0)
    if button == Qt.MouseButton.LeftButton:
        hands.hold(canvas, Qt.Key.Key_Space)
        assert canvas.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    held = canvas.mapToScene(QPoint(300, 200))
    hands.press(canvas.viewport(), QPoint(300, 200), button)
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
    hands.move(canvas.viewport(), QPoint(340, 230))
    hands.release(canvas.viewport(), QPoint(340, 230), button)
    hands.let_go(canvas, Qt.Key.Key_Space)
    assert (canvas.mapToScene(QPoint(340, 230)) - held).manhattanLength() < 1.5
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


def test_escape_takes_a_drag_back(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    before = canvas.seen()
    hands.press(canvas.viewport(), QPoint(300, 200), Qt.MouseButton.MiddleButton)
    hands.move(canvas.viewport(), QPoint(100, 100))
    assert canvas.seen() != before
    hands.key(canvas, Qt.Key.Key_Escape)
    assert canvas.seen() == before
    hands.release(canvas.viewport(), QPoint(100, 100), Qt.MouseButton.MiddleButton)
    assert canvas.seen() == before


def test_the_diagram_can_be_moved_until_it_is_just_out_of_view(opened: MainWindow, canvas: Canvas) -> None:
    for zoom in (0.1, 1.0, 3.0):
        canvas.zoom_to(zoom)
        for bar in (canvas.horizontalScrollBar(), canvas.verticalScrollBar()):
            assert bar.maximum() > bar.minimum()


def test_arrows_move(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    before = canvas.seen().center()
    hands.key(canvas, Qt.Key.Key_Right)
    hands.key(canvas, Qt.Key.Key_Down)
    after = canvas.seen().center()
    assert after.x() > before.x()
    assert after.y() > before.y()


# ------------------------------------------------------------------------------------------- selecting


def test_a_click_selects_a_table_or_a_column_or_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    selection = opened.session.selection
    for names in (("order",), ("order", "total"), ("customer", "email")):
        where = point_of(opened, place_of(opened, *names))
        hands.click(opened.canvas.viewport(), where)
        assert selection.place == place_of(opened, *names)
    hands.click(opened.canvas.viewport(), QPoint(3, 3))
    assert selection.place == Place()


def test_what_is_selected_shows_on_its_card_and_its_edges(opened: MainWindow) -> None:
    opened.session.selection.select(place_of(opened, "order", "customer_id"))
    assert card(opened, "order").face.selected == {1}
    assert card(opened, "customer").face.selected == frozenset()
    assert len(opened.scene.sheet.lit) == 1
    opened.session.selection.select(place_of(opened, "order", "total"))
    assert len(opened.scene.sheet.lit) == 0
    opened.session.selection.select(place_of(opened, "customer"))
    assert len(opened.scene.sheet.lit) == 1


def test_what_is_revealed_comes_into_view_and_can_be_read(opened: MainWindow, canvas: Canvas) -> None:
    canvas.zoom_to(FARTHEST)
    opened.session.selection.reveal(place_of(opened, "channel", "name"))
    frame = opened.scene.frame_of(place_of(opened, "channel", "name"))
    assert canvas.seen().contains(frame)
    assert canvas.zoom == 1


def test_what_is_in_view_already_is_not_moved(opened: MainWindow, canvas: Canvas) -> None:
    canvas.zoom_to_full_size()
    canvas.fit()
    before = canvas.seen()
    opened.session.selection.reveal(place_of(opened, "order", "total"))
    assert canvas.seen() == before


# --------------------------------------------------------------------------------------------- the map


def test_the_map_is_there_when_something_is_out_of_view(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.fit()
    assert not canvas.minimap.isVisible()
    canvas.zoom_to(3.0)
    assert canvas.minimap.isVisible()
    middle = canvas.minimap.rect().center()
    hands.click(canvas.minimap, middle)
    content = canvas.scene().content()  # type: ignore[attr-defined] # it is ours
    assert (canvas.seen().center() - content.center()).manhattanLength() < 20


def test_the_map_can_be_put_away(opened: MainWindow, canvas: Canvas) -> None:
    canvas.zoom_to(3.0)
    opened.commands.run("view.minimap")
    assert not canvas.minimap.isVisible()
    opened.commands.run("view.minimap")
    assert canvas.minimap.isVisible()


# -------------------------------------------------------------------------------------------- painting


def test_detail_follows_the_zoom(canvas: Canvas) -> None:
    details = []
    for zoom in (1.0, 0.3, 0.1):
        canvas.zoom_to(zoom)
        details.append(canvas.detail())
    assert details == [Detail.FULL, Detail.SKETCH, Detail.SILHOUETTE]


def test_counts_problems_and_fanouts_are_on_the_cards(opened: MainWindow) -> None:
    assert [found.face.count for found in opened.scene.cards] == ["100", "501", "4"]
    order = card(opened, "order")
    assert (order.face.sign, order.face.problems) == ("warning", 1)
    assert [row.sign for row in order.face.rows] == [None, None, "warning"]
    assert [row.icon for row in order.face.rows] == ["key", "reference", ""]
    (edge,) = opened.scene.edges
    assert edge.label == "1 : 5.0"


def test_no_card_covers_another(opened: MainWindow) -> None:
    frames = [found.frame for found in opened.scene.cards]
    assert not any(a.intersects(b) for a in frames for b in frames if a is not b)


def test_painting_settles(qtbot: QtBot, opened: MainWindow, canvas: Canvas) -> None:
    for zoom in (1.0, 0.3, 0.1, 2.0):
        canvas.zoom_to(zoom)
        canvas.viewport().repaint()
        qtbot.waitUntil(
            lambda: not (opened.scene.pictures.unfinished or opened.scene.sheet.unfinished), timeout=WAIT
        )


# ----------------------------------------------------------------------------------- within the window


def test_the_window_offers_what_can_be_done_on_the_canvas(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    opened.canvas.setFocus()
    hands.key(opened.canvas, Qt.Key.Key_A, hands.CTRL)
    assert len(opened.session.selection.places) == 3
    opened.commands.refresh()
    for name in ("arrange.left", "arrange.across", "arrange.collapse", "insert.child", "insert.group"):
        assert opened.commands.action(name).isEnabled()
    opened.commands.run("arrange.layout")
    opened_document = opened.session.open_document
    assert opened_document is not None
    qtbot.waitUntil(lambda: len(opened_document.steps) == 1, timeout=WAIT)
    hands.key(opened.canvas, Qt.Key.Key_F, hands.CTRL)
    assert opened.design.board.find.isVisible()
    hands.key(opened.design.board.find.field, Qt.Key.Key_Escape)
    assert not opened.design.board.find.isVisible()
