from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from datagen_app.generation.job import Job, Order
from datagen_app.preview.client import Client
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.palette import DARK
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import SHOP, WAIT, open_and_settle, stand_in, starter

Maker = Callable[[str], MainWindow]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, settings: Settings) -> Iterator[Maker]:
    """Make windows whose first worker has a mood; the ones after it are good."""
    made: list[MainWindow] = []

    def window(mood: str) -> MainWindow:
        moods = [mood]
        client = Client(start=lambda: stand_in(moods.pop() if moods else "worker"))
        made.append(MainWindow(theme, settings, client))
        made[-1].resize(1600, 1000)
        made[-1].show()
        qtbot.waitExposed(made[-1])
        return made[-1]

    yield window
    for each in made:
        each.close()
        each.deleteLater()


def visible(window: MainWindow) -> list[str]:
    panels: dict[str, QWidget] = {
        "rail": window.design.rail,
        "outline": window.design.outline,
        "inspector": window.design.side,
    }
    return [name for name, panel in panels.items() if panel.isVisible()]


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def answer(qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: bool(boxes()), timeout=WAIT)
    (box,) = boxes()
    button = next(button for button in box.buttons() if button.text() == text)
    hands.click(button)


# ---------------------------------------------------------------------------------------------- opening


def test_an_opened_schema_is_on_the_canvas_in_the_outline_and_in_the_panel(opened: MainWindow) -> None:
    assert opened.windowTitle() == "shop.json[*] – Datagen Studio"
    assert not opened.isWindowModified()
    assert len(opened.scene.cards) == 3
    assert opened.design.outline.model.rowCount() == 3
    assert opened.status.rows.text() == "605 rows"
    assert opened.status.parts.text() == "3 tables · 6 columns · 1 reference"
    assert opened.status.problems.text() == "1 warning"
    tabs = [opened.design.below.tabText(at) for at in range(opened.design.below.count())]
    assert tabs == ["Preview", "Plots", "Problems  1", "History"]
    assert opened.settings.recent == [opened.session.document.path]  # type: ignore[union-attr] # it is open


def test_a_file_is_chosen_in_a_dialog(qtbot: QtBot, window: MainWindow, schema: Path) -> None:
    window.commands.run("file.open")
    (chooser,) = window.findChildren(QFileDialog)
    with qtbot.waitSignal(window.session.opened, timeout=WAIT):
        chooser.fileSelected.emit(str(schema))
    chooser.reject()
    assert window.design.isVisible()


def test_a_dropped_file_is_opened(qtbot: QtBot, window: MainWindow, schema: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(schema))])
    about = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *about)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(window.session.opened, timeout=WAIT):
        QApplication.sendEvent(window, QDropEvent(QPoint(50, 50), *about))


def test_a_file_that_is_not_there_is_said_and_what_was_open_stays(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    with qtbot.waitSignal(opened.session.troubled, timeout=WAIT):
        opened.open(tmp_path / "gone.json")
    assert "gone.json could not be opened" in opened.notice.text.text()
    assert opened.notice.isVisible()
    assert len(opened.scene.cards) == 3
    hands.click(opened.notice.dismiss)
    assert not opened.notice.isVisible()


def test_what_is_no_json_is_shown_with_its_problem(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"nodes": [')
    open_and_settle(qtbot, window, path)
    assert window.design.nothing.isVisible()
    assert "no JSON" in window.design.nothing.text()
    assert window.design.problems.model.rowCount() == 1
    assert window.design.below.isVisible()
    assert window.status.problems.text() == "1 error"


def test_a_schema_without_tables_says_so(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text("{}")
    open_and_settle(qtbot, window, path)
    assert "No tables yet" in window.design.nothing.text()
    window.commands.run("view.fit")
    window.commands.run("view.zoom_in")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "3",
        '"x"',
        '{"nodes": {"a": 1}}',
        '{"nodes": [1, null, [], {}]}',
        '{"nodes": [{"id": 5, "kind": [], "columns": {"a": 1}, "pk": 3}], "metadata": 7, "constraints": [1]}',
        '{"nodes": [{"id": "a", "columns": [null, {"name": {}}]}], "metadata": {"x-layout": [1]}}',
    ],
)
def test_whatever_stands_in_a_file_the_window_stands(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "strange.json"
    path.write_text(text)
    open_and_settle(qtbot, window, path)
    assert window.design.isVisible()
    window.canvas.viewport().repaint()


def test_closing_goes_back_to_the_start_page_which_knows_the_file(
    qtbot: QtBot, opened: MainWindow, schema: Path
) -> None:
    opened.commands.run("file.close")
    assert opened.start.isVisible()
    assert opened.windowTitle() == "Datagen Studio"
    (entry,) = (b for b in opened.start.findChildren(QPushButton) if b.text() == "shop.json")
    with qtbot.waitSignal(opened.session.opened, timeout=WAIT):
        hands.click(entry)
    document = opened.session.document
    assert document is not None
    assert document.path == schema
    opened.file_menus.recent.aboutToShow.emit()
    assert opened.file_menus.recent.actions()[0].text() == "shop.json"


def test_a_file_that_changes_on_disk_is_read_again(qtbot: QtBot, opened: MainWindow, schema: Path) -> None:
    changed = {**SHOP, "nodes": SHOP["nodes"][:1]}
    # As editors save: a new file takes the place of the old one.
    new = schema.with_suffix(".new")
    new.write_text(json.dumps(changed))
    new.replace(schema)
    qtbot.waitUntil(lambda: len(opened.scene.cards) == 1, timeout=WAIT)
    schema.write_text(json.dumps(SHOP))
    qtbot.waitUntil(lambda: len(opened.scene.cards) == 3, timeout=WAIT)


def test_a_file_that_is_read_again_keeps_the_view_and_the_selection(
    qtbot: QtBot, opened: MainWindow, schema: Path
) -> None:
    document = opened.session.document
    assert document is not None
    opened.session.selection.reveal(document.place_of("order", "total"))
    opened.canvas.zoom_to(1.7)
    seen = opened.canvas.seen()
    schema.write_text(json.dumps({**SHOP, "nodes": SHOP["nodes"][1:]}))
    opened.commands.run("file.reload")
    qtbot.waitUntil(lambda: len(opened.scene.cards) == 2, timeout=WAIT)
    document = opened.session.document
    assert document is not None
    assert opened.session.selection.place == document.place_of("order", "total")
    assert opened.canvas.zoom == 1.7
    assert (opened.canvas.seen().center() - seen.center()).manhattanLength() < 2
    qtbot.waitUntil(lambda: not opened.session.busy, timeout=WAIT)


# --------------------------------------------------------------------------------------------- selecting


def test_a_problem_leads_to_its_column_everywhere(qtbot: QtBot, opened: MainWindow) -> None:
    opened.canvas.zoom_to(0.05)
    hands.key(opened, Qt.Key.Key_F8)
    document = opened.session.document
    assert document is not None
    place = document.place_of("order", "total")
    assert opened.session.selection.place == place
    assert opened.canvas.seen().contains(opened.scene.frame_of(place))
    assert opened.design.outline.tree.currentIndex().data() == "total"
    assert opened.design.inspector is not None
    assert opened.design.inspector.tab == "column"


def test_the_outline_is_searched_by_keyboard_alone(qtbot: QtBot, opened: MainWindow) -> None:
    with qtbot.waitActive(opened, timeout=WAIT):
        opened.activateWindow()
    hands.key(opened, Qt.Key.Key_F, hands.CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is opened.design.outline.filter
    hands.write(opened.design.outline.filter, "email")
    hands.key(opened.design.outline.filter, Qt.Key.Key_Return)
    document = opened.session.document
    assert document is not None
    assert opened.session.selection.place == document.place_of("customer", "email")
    assert opened.canvas.zoom >= 1  # Enter goes there


# -------------------------------------------------------------------------------------- seed and scale


def test_another_scale_counts_anew(qtbot: QtBot, opened: MainWindow) -> None:
    with qtbot.waitSignal(opened.session.settled, timeout=WAIT):
        opened.toolbar.scale.setValue(2.0)
    qtbot.waitUntil(lambda: not opened.session.busy, timeout=WAIT)
    assert [card.face.count for card in opened.scene.cards] == ["200", "1,001", "8"]
    assert opened.status.rows.text() == "1,209 rows"


# ----------------------------------------------------------------------------------------------- panels


def test_panels_can_be_hidden_and_come_back_the_next_time(
    qtbot: QtBot, opened: MainWindow, theme: Theme
) -> None:
    assert visible(opened) == ["outline", "inspector"]
    opened.commands.run("view.inspector")
    assert visible(opened) == ["outline"]
    again = MainWindow(theme, opened.settings, Client(start=partial(stand_in, "worker")))
    again.resize(1600, 1000)
    again.show()
    again.pages.setCurrentWidget(again.design)
    assert visible(again) == ["outline"]
    again.close()


def test_in_a_narrow_window_a_rail_opens_one_panel_at_a_time(opened: MainWindow) -> None:
    opened.resize(1280, 800)
    assert visible(opened) == ["rail", "outline"]
    opened.commands.run("view.inspector")
    assert visible(opened) == ["rail", "inspector"]
    opened.commands.run("view.inspector")
    assert visible(opened) == ["rail"]
    opened.resize(1600, 1000)
    assert visible(opened) == ["outline", "inspector"]


def test_the_problems_in_the_status_line_open_their_list_and_close_it(opened: MainWindow) -> None:
    opened.commands.run("view.history")
    hands.click(opened.status.problems)
    assert opened.design.below.currentWidget() is opened.design.problems
    assert opened.design.below.isVisible()
    hands.click(opened.status.problems)
    assert not opened.design.below.isVisible()


def test_panels_are_put_back(opened: MainWindow) -> None:
    for name in ("view.outline", "view.inspector", "view.below"):
        opened.commands.run(name)
    assert visible(opened) == []
    opened.commands.run("view.put_back")
    assert visible(opened) == ["outline", "inspector"]
    assert opened.design.below.isVisible()


def test_dark_is_dark_at_once(opened: MainWindow) -> None:
    opened.commands.run("theme.dark")
    image = opened.canvas.grab().toImage()
    assert image.pixelColor(2, 2).name().upper() == DARK.window


# ----------------------------------------------------------------------------------------- lost workers


@pytest.mark.parametrize("mood", ["worker-dies", "worker-babbles"])
def test_a_lost_worker_is_replaced_and_the_window_says_so(
    qtbot: QtBot, make: Maker, schema: Path, mood: str
) -> None:
    window = make(mood)
    open_and_settle(qtbot, window, schema)
    assert "could not be checked" in window.notice.text.text() or "another" in window.notice.text.text()
    assert window.notice.isVisible()
    assert len(window.scene.cards) == 3
    assert window.status.problems.text() == "Not checked"
    open_and_settle(qtbot, window, schema)
    assert window.status.problems.text() == "1 warning"


def test_a_window_without_a_worker_still_opens_and_closes(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    window = MainWindow(theme, settings, Client(start=partial(stand_in, "nonsense")))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: "does not start" in window.notice.text.text(), timeout=WAIT)
    window.close()


# --------------------------------------------------------------------------------------------- a run


def test_generating_from_the_window(qtbot: QtBot, opened: MainWindow) -> None:
    opened.running.runs.launch = start_of("run")
    hands.key(opened, Qt.Key.Key_Return, hands.CTRL)
    dialog = opened.dialog
    assert dialog is not None
    assert dialog.sum.text() == "605 rows in 3 tables"
    assert Path(dialog.folder.text()).name == "shop-full-1"
    with qtbot.waitSignal(opened.running.ended, timeout=WAIT) as ended:
        hands.click(dialog.generate)
    assert ended.args[0].state == "done"
    assert opened.workspace == "data"
    qtbot.waitUntil(lambda: opened.dialog is None, timeout=WAIT)
    opened.commands.run("run.generate")
    assert opened.dialog is not None


def test_quitting_while_a_run_goes_on_asks(qtbot: QtBot, opened: MainWindow) -> None:
    opened.running.runs.launch = start_of("run-waits")
    opened.commands.run("run.generate")
    dialog = opened.dialog
    assert dialog is not None
    dialog.start()
    assert not opened.close()
    answer(qtbot, "Keep running")
    qtbot.waitUntil(lambda: not boxes(), timeout=WAIT)
    assert opened.isVisible()
    assert dialog.running
    assert not opened.close()
    answer(qtbot, "Stop and quit")
    qtbot.waitUntil(lambda: not opened.isVisible(), timeout=WAIT)


def start_of(mood: str) -> Callable[[Order], Job]:
    def start(order: Order) -> Job:
        return Job(order, starter(mood))

    return start


def test_about_names_the_licences(qtbot: QtBot, window: MainWindow) -> None:
    window.commands.run("help.about")
    (box,) = boxes()
    assert "Apache License 2.0" in box.informativeText()
    assert "Open Font License" in box.informativeText()
    box.close()


def test_every_control_has_a_name(opened: MainWindow) -> None:
    for widget in opened.findChildren(QWidget):
        reachable = widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        above = widget.parentWidget()
        viewport = isinstance(above, QAbstractScrollArea) and above.viewport() is widget
        # Qt's own parts speak for their whole.
        if reachable and not viewport and not widget.objectName().startswith("qt_"):
            text = getattr(widget, "text", str)()
            assert widget.accessibleName() or text or widget.toolTip(), (widget, widget.parent())
