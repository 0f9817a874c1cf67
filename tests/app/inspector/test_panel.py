from __future__ import annotations

import copy
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.selection import Selection
from datagen_app.inspector.facts import Knowledge, Link, sheet
from datagen_app.inspector.panel import FactsPanel
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import SHOP


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, selection: Selection) -> FactsPanel:
    made = FactsPanel(theme, selection)
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    return made


def texts(panel: FactsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]


def test_a_sheet_is_shown_and_its_links_reveal(qtbot: QtBot, panel: FactsPanel, selection: Selection) -> None:
    shop = Document(Path("shop.json"), copy.deepcopy(SHOP))
    link = Link(shop.place_of("customer", "customer_id"), shop.place_of("order", "customer_id"), "parent")
    panel.show_sheet(sheet(shop, shop.place_of("order"), Knowledge(links=[link])))
    assert "order" in texts(panel)
    (button,) = (b for b in panel.findChildren(QPushButton) if b.text() == "customer.customer_id")
    with qtbot.waitSignal(selection.revealed) as revealed:
        hands.click(button)
    assert revealed.args == [shop.place_of("customer", "customer_id")]


def test_what_a_schema_says_is_shown_as_it_is(panel: FactsPanel) -> None:
    name = "<b>bold</b> &amp; <img src='file:///etc/passwd'>"
    shop = Document(Path("x.json"), {"nodes": [{"id": name}], "metadata": {"description": name}})
    panel.show_sheet(sheet(shop, Place(shop.tables[0].key), Knowledge()))
    assert name in texts(panel)
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText for label in panel.findChildren(QLabel) if label.text()
    )


def test_the_same_sheet_is_not_built_again(panel: FactsPanel) -> None:
    shop = Document(Path("shop.json"), copy.deepcopy(SHOP))
    panel.show_sheet(sheet(shop, Place(), Knowledge()))
    before = panel.widget()
    panel.show_sheet(sheet(shop, Place(), Knowledge()))
    assert panel.widget() is before


def test_problems_carry_their_signs(panel: FactsPanel) -> None:
    shop = Document(Path("shop.json"), copy.deepcopy(SHOP))
    problem = Problem("error", "c", "something is wrong", ())
    panel.show_sheet(sheet(shop, Place(), Knowledge(problems=[(Place(), problem)])))
    assert "something is wrong" in texts(panel)
    assert "error" in [label.accessibleName() for label in panel.findChildren(QLabel)]


def test_links_can_be_reached_and_pressed_by_keyboard(
    qtbot: QtBot, panel: FactsPanel, selection: Selection
) -> None:
    shop = Document(Path("shop.json"), copy.deepcopy(SHOP))
    panel.show_sheet(sheet(shop, shop.place_of("order", "total"), Knowledge()))
    (button,) = panel.findChildren(QPushButton)
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    hands.key(button, Qt.Key.Key_Space)
    assert selection.place == shop.place_of("order")
