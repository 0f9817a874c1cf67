from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from datagen_app.shell.cheat_sheet import CheatSheet
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.settings import Settings
from datagen_app.shell.shortcuts import fault
from datagen_app.shell.shortcuts_dialog import ShortcutsDialog
from tests.app import hands

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> Iterator[ShortcutsDialog]:
    window.commands.run("help.change_shortcuts")
    made = window.findChild(ShortcutsDialog)
    assert made is not None
    yield made
    made.close()


def choose(dialog: ShortcutsDialog, title: str) -> None:
    (item,) = dialog.list.findItems(title, Qt.MatchFlag.MatchExactly)
    dialog.list.setCurrentItem(item)


def test_every_command_says_what_it_is_and_what_comes_of_it(window: MainWindow) -> None:
    for command in window.commands.commands:
        assert command.title, command.id
        assert command.help.endswith("."), command.id
        tip = window.commands.action(command.id).toolTip()
        assert command.help in tip
        if command.shortcuts:
            shown = QKeySequence(command.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
            assert shown in tip, command.id


def test_keys_can_be_changed_and_are_remembered(window: MainWindow, dialog: ShortcutsDialog) -> None:
    choose(dialog, "Fit all tables")
    dialog.field.setKeySequence(QKeySequence("Ctrl+Alt+9"))
    hands.click(dialog.give)
    assert window.commands.action("view.fit").shortcut().toString() == "Ctrl+Alt+9"
    assert "Ctrl+Alt+9" in window.commands.action("view.fit").toolTip()
    window.settings._kept.sync()
    again = Settings(Path(window.settings._kept.fileName()))
    window.settings._kept.sync()
    assert again.shortcuts.of("view.fit", ("Ctrl+0",)) == ("Ctrl+Alt+9",)
    hands.click(dialog.reset)
    assert window.commands.action("view.fit").shortcut().toString() == "Ctrl+0"


def test_keys_of_another_command_are_said_to_be_and_can_be_taken_over(
    window: MainWindow, dialog: ShortcutsDialog
) -> None:
    choose(dialog, "Fit all tables")
    dialog.field.setKeySequence(QKeySequence("Ctrl+K"))
    assert "belongs to “All commands”" in dialog.words.text()
    assert dialog.give.text() == "Take over"
    hands.click(dialog.give)
    assert window.commands.action("view.fit").shortcut().toString() == "Ctrl+K"
    assert window.commands.action("help.commands").shortcut().isEmpty()
    choose(dialog, "All commands")
    hands.click(dialog.reset)
    assert "take it away from there first" in dialog.words.text()
    assert window.commands.action("help.commands").shortcut().isEmpty()


def test_what_one_types_is_no_shortcut(dialog: ShortcutsDialog) -> None:
    choose(dialog, "Fit all tables")
    dialog.field.setKeySequence(QKeySequence("F"))
    assert "add Ctrl or Alt" in dialog.words.text()
    assert not dialog.give.isEnabled()
    assert fault(QKeySequence("F5")) == ""
    assert fault(QKeySequence("Delete")) == ""


def test_keys_can_be_taken_away(window: MainWindow, dialog: ShortcutsDialog) -> None:
    choose(dialog, "Fit all tables")
    hands.click(dialog.take)
    assert window.commands.action("view.fit").shortcut().isEmpty()
    assert not dialog.take.isEnabled()


def test_typing_finds_a_command_by_its_keys(dialog: ShortcutsDialog) -> None:
    hands.write(dialog.filter, "ctrl+0")
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    assert [item.text(0) for item in items if item and not item.isHidden()] == ["Fit all tables"]


def test_what_was_remembered_badly_is_as_if_it_were_not(settings: Settings) -> None:
    for written in ("{", "[1]", '{"view.fit": 3}'):
        settings._kept.setValue("shortcuts", written)
        assert Settings(Path(settings._kept.fileName())).shortcuts.of("view.fit", ("F",)) == ("F",)


def test_the_cheat_sheet_lists_every_command_with_keys(window: MainWindow) -> None:
    hands.key(window, Qt.Key.Key_Slash, hands.CTRL)
    sheet = window.findChild(CheatSheet)
    assert sheet is not None
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    for command in window.commands.commands:
        assert (command.name in texts) == bool(command.shortcuts), command.id
    sheet.close()
