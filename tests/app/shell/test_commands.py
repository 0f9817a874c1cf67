from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from datagen_app.shell.main_window import MainWindow
from datagen_engine.resources import resource


def menus(window: MainWindow) -> list[QMenu]:
    return [menu for menu in window.findChildren(QMenu) if menu.actions()]


def test_every_command_stands_in_one_menu(window: MainWindow) -> None:
    found = Counter(
        action.objectName() for menu in menus(window) for action in menu.actions() if action.objectName()
    )
    assert found == Counter(command.id for command in window.commands.commands)


def test_nothing_in_the_menus_is_without_effect(window: MainWindow) -> None:
    known = {window.commands.action(command.id) for command in window.commands.commands}
    listed = {window.file_menus.recent, window.file_menus.examples}
    for menu in menus(window):
        for action in menu.actions():
            opens = isinstance(action.menu(), QMenu)
            assert action in known or action.isSeparator() or opens or menu in listed, action.text()


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    keys = Counter(
        QKeySequence(shortcut).toString()
        for command in window.commands.commands
        for shortcut in command.shortcuts
    )
    assert "" not in keys
    assert max(keys.values()) == 1


def test_every_icon_is_there(window: MainWindow) -> None:
    for command in window.commands.commands:
        if command.icon:
            assert resource(f"icons/{command.icon}.svg").is_file()
            assert not window.commands.action(command.id).icon().isNull()


def test_the_tip_names_the_key_and_says_more(window: MainWindow) -> None:
    tip = window.commands.action("view.fit").toolTip()
    assert "Fit all tables (Ctrl+0)" in tip
    assert "Show every table." in tip


def test_what_needs_a_document_waits_for_one(window: MainWindow) -> None:
    window.commands.refresh()
    assert not window.commands.action("view.fit").isEnabled()
    assert not window.commands.action("run.generate").isEnabled()
    assert window.commands.action("file.open").isEnabled()


def test_what_is_on_is_ticked(opened: MainWindow) -> None:
    outline = opened.commands.action("view.outline")
    assert outline.isChecked()
    outline.trigger()
    assert not outline.isChecked()
    assert not opened.design.outline.isVisible()


def test_of_the_themes_one_is_ticked(opened: MainWindow) -> None:
    themes = [opened.commands.action(f"theme.{name}") for name in ("system", "light", "dark")]
    assert [action.isChecked() for action in themes] == [False, True, False]
    themes[2].trigger()
    assert [action.isChecked() for action in themes] == [False, False, True]
    assert opened.settings.theme == "dark"
