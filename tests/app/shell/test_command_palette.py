from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from datagen_app.shell.command_palette import CommandPalette, Entry, match
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.theme import Theme
from tests.app import hands

TITLES = ["Fit all tables", "Find table or column", "Zoom in", "Zoom to 100 %", "order_item", "Outline"]


def best(wanted: str) -> str:
    scored = [(score, title) for title in TITLES if (score := match(wanted, title)) is not None]
    return max(scored)[1]


def test_letters_at_the_start_of_words_count_most() -> None:
    assert best("fit") == "Fit all tables"
    assert best("ft") in ("Fit all tables", "Find table or column")
    assert best("zi") == "Zoom in"
    assert best("oi") == "order_item"
    assert best("outl") == "Outline"
    assert best("z100") == "Zoom to 100 %"


def test_what_lacks_a_letter_is_not_found() -> None:
    assert match("zoomx", "Zoom in") is None
    assert match("", "Zoom in") is not None


def test_choosing_by_keyboard(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(800, 600)
    parent.show()
    done: list[str] = []
    palette = CommandPalette(theme, parent)
    palette.ask([Entry(title, "Menu", partial(done.append, title)) for title in TITLES])
    hands.write(palette.field, "zoom")
    assert [palette.list.item(row).text() for row in range(palette.list.count())] == [
        "Zoom in",
        "Zoom to 100 %",
    ]
    hands.key(palette.field, Qt.Key.Key_Down)
    hands.key(palette.field, Qt.Key.Key_Return)
    assert done == ["Zoom to 100 %"]
    assert not palette.isVisible()


def test_nothing_found_chooses_nothing(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    palette = CommandPalette(theme, parent)
    palette.ask([Entry("a", "", lambda: None)])
    hands.write(palette.field, "zzz")
    hands.key(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    hands.key(palette, Qt.Key.Key_Escape)
    palette.hide()


def test_it_offers_every_command_that_can_be_done_and_every_table(qtbot: QtBot, opened: MainWindow) -> None:
    opened.commands.run("help.commands")
    titles = {entry.title for entry in opened.command_palette._entries}
    for command in opened.commands.commands:
        offered = command.title.rstrip("…") in titles
        possible = opened.commands.action(command.id).isEnabled() and command.id != "help.commands"
        assert offered == possible, command.id
    assert {"order", "order.total", "channel.name"} <= titles
    hands.write(opened.command_palette.field, "order.tot")
    hands.key(opened.command_palette.field, Qt.Key.Key_Return)
    document = opened.session.document
    assert document is not None
    assert opened.session.selection.place == document.place_of("order", "total")
