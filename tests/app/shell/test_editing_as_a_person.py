"""From an empty document to three tables that the engine accepts, with mouse and keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

import datagen_engine as datagen
from datagen_app.preview.client import Client
from datagen_app.shell.command_palette import CommandPalette
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.outline_tree import NameField
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import WAIT


@pytest.fixture
def studio(qtbot: QtBot, theme: Theme, settings: Settings) -> Iterator[MainWindow]:
    """A window whose worker has the real engine."""
    made = MainWindow(theme, settings, Client())
    made.resize(1600, 1000)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.abandon()
    made.deleteLater()


def typing(window: MainWindow) -> QLineEdit:
    """The field in which something is being named in the outline."""
    (field,) = (each for each in window.design.outline.tree.findChildren(NameField) if each.isVisible())
    return field


def command(window: MainWindow, letters: str) -> None:
    """Choose a command by some letters."""
    hands.key(window, Qt.Key.Key_K, hands.CTRL)
    palette: CommandPalette = window.command_palette
    hands.write(palette.field, letters)
    hands.key(palette.field, Qt.Key.Key_Return)


def name(window: MainWindow, text: str) -> None:
    """Name what is new."""
    hands.write(typing(window), text)
    hands.key(typing(window), Qt.Key.Key_Return)


def test_a_shop_from_nothing(qtbot: QtBot, studio: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(studio.session.opened, timeout=WAIT):
        hands.click(studio.start.new)
    qtbot.waitUntil(lambda: studio.design.inspector is not None, timeout=WAIT)
    outline = studio.design.outline
    hands.click(outline.tree.viewport())
    for kind, table, columns in (
        ("add entity", "customer", ("email", "signed_up_at")),
        ("add fact", "order", ("customer_id", "ordered_at", "total", "channel")),
        ("add vocab", "channel", ()),
    ):
        command(studio, kind)
        name(studio, table)
        for column in columns:
            hands.key(outline.tree, Qt.Key.Key_A, hands.CTRL | Qt.KeyboardModifier.ShiftModifier)
            name(studio, column)
    document = studio.session.document
    assert document is not None
    assert [table.id for table in document.tables] == ["customer", "order", "channel"]
    lookup = document.tables[1].columns[1].value["generator"]
    assert lookup == {"lookup": {"from": "customer.customer_id"}}

    # A slip, and its mending: everything can be taken back, and what refers to it follows a new name.
    outline.tree.setCurrentIndex(outline.model.index_of(document.place_of("customer")))
    hands.key(outline.tree, Qt.Key.Key_F2)
    name(studio, "client")
    hands.key(outline.tree, Qt.Key.Key_Z, hands.CTRL)
    hands.key(outline.tree, Qt.Key.Key_Y, hands.CTRL)
    document = studio.session.document
    assert document is not None
    assert document.tables[1].columns[1].value["generator"] == {"lookup": {"from": "client.customer_id"}}
    qtbot.waitUntil(lambda: not studio.session.busy, timeout=WAIT)
    assert studio.session.verdict == "checked"
    assert not [found for _, found in studio.session.knowledge.problems if found.severity == "error"]

    path = tmp_path / "mine.json"
    hands.key(studio, Qt.Key.Key_S, hands.CTRL)
    (chooser,) = studio.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(path))
    chooser.reject()
    assert not studio.isWindowModified()
    loaded = datagen.load(path)
    assert not [found for found in datagen.check(loaded) if found.severity == "error"]
    assert datagen.preview(loaded, "order", 5).num_rows == 5
