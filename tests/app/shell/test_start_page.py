from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.palette import LIGHT
from datagen_app.shell.start_page import StartPage
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import WAIT

EXAMPLE = {
    "path": "/examples/shop.json",
    "name": "A shop",
    "description": "With two tables.",
    "rows": 12_345,
    "cards": [["entity", 3], ["fact", 5], ["vocab", 2]],
    "edges": [[0, 1]],
    "places": [[0.0, 0.0], [336.0, 0.0], [0.0, 200.0]],
}


def page(qtbot: QtBot, theme: Theme) -> StartPage:
    made = StartPage(theme)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_an_example_is_a_graph_with_a_name_and_opens(qtbot: QtBot, theme: Theme) -> None:
    start = page(qtbot, theme)
    start.show_examples([EXAMPLE])
    (template,) = start.examples
    assert template.accessibleName() == "Open the example A shop"
    assert "3 tables · ≈ 12.3 k rows" in template.accessibleDescription()
    image = template.grab().toImage()
    seen = {
        image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())
    }
    assert {LIGHT.entity, LIGHT.fact, LIGHT.vocab} <= {QColor(colour).name().upper() for colour in seen}
    with qtbot.waitSignal(start.copied) as chosen:
        hands.click(template)
    assert chosen.args == [Path("/examples/shop.json")]


def test_an_example_opens_by_keyboard(qtbot: QtBot, theme: Theme) -> None:
    start = page(qtbot, theme)
    start.show_examples([EXAMPLE])
    with qtbot.waitSignal(start.copied):
        hands.key(start.examples[0], Qt.Key.Key_Space)


def test_files_that_were_open_open_again(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    start = page(qtbot, theme)
    files = [tmp_path / f"a&b {n}.json" for n in range(20)]
    for file in files[1:]:
        file.touch()
    start.show_recent(files)
    entries = [button for button in start.findChildren(QPushButton) if "&&" in button.text()]
    assert [entry.text() for entry in entries] == [f"a&&b {n}.json" for n in range(8)]
    with qtbot.waitSignal(start.chosen) as chosen:
        hands.click(entries[1])
    assert chosen.args == [tmp_path / "a&b 1.json"]
    assert not entries[0].isEnabled()
    assert "missing" in {label.text() for label in start.findChildren(QLabel)}


def test_a_narrow_page_puts_fewer_into_a_row(qtbot: QtBot, theme: Theme) -> None:
    start = page(qtbot, theme)
    start.show_examples([EXAMPLE] * 6)

    def across() -> int:
        places = [start.templates.getItemPosition(n) for n in range(start.templates.count())]
        return 1 + max(place[1] for place in places)  # type: ignore[index] # a tuple, whatever the stubs say

    assert across() == 3
    start.resize(760, 800)
    qtbot.waitUntil(lambda: across() == 1, timeout=WAIT)


def test_the_window_begins_here_and_shows_the_examples(qtbot: QtBot, window: MainWindow) -> None:
    assert window.start.isVisible()
    assert not window.toolbar.isVisible()
    qtbot.waitUntil(lambda: len(window.start.examples) == 3, timeout=WAIT)
    assert len(window.file_menus.examples.actions()) == 3
