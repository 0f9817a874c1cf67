from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from datagen_app.shell.palette import DARK, LIGHT, Palette
from datagen_app.shell.style import style_sheet
from datagen_app.shell.theme import Theme


def test_the_choice_decides(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "dark")
    assert theme.palette is DARK
    with qtbot.waitSignal(theme.changed):
        theme.choose("light")
    assert theme.palette is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.window


def test_the_same_again_changes_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose("light")


def test_the_system_is_followed_until_the_user_chooses(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = Theme(qapp, "system")
    hints = qapp.styleHints()
    before = theme.palette
    hints.setColorScheme(Qt.ColorScheme.Dark)
    try:
        assert theme.palette is (DARK if hints.colorScheme() == Qt.ColorScheme.Dark else before)
        theme.choose("light")
        hints.setColorScheme(Qt.ColorScheme.Light)
        hints.setColorScheme(Qt.ColorScheme.Dark)
        assert theme.palette is LIGHT
    finally:
        hints.unsetColorScheme()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_no_font_has_a_size_of_its_own(palette: Palette) -> None:
    sheet = style_sheet(palette)
    assert "font-size" not in sheet
    assert "$" not in sheet
