"""What the tests of the canvas share: a window that shows the small shop, and points on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from datagen_app.canvas.board import Board
from datagen_app.canvas.card import Card
from datagen_app.canvas.commands import (
    arrange_commands,
    find_commands,
    picture_commands,
    place_commands,
    select_commands,
)
from datagen_app.canvas.editor import Editor
from datagen_app.canvas.gestures import Gesture
from datagen_app.canvas.lift import Lift
from datagen_app.canvas.view import Canvas
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.preview.client import Client
from datagen_app.shell.commands import Registry
from datagen_app.shell.design import Design
from datagen_app.shell.editing import Editing
from datagen_app.shell.session import Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import WAIT


class Shop:
    """A workspace that shows the small shop, by the names in it."""

    def __init__(self, design: Design, session: Session) -> None:
        self.design = design
        self.canvas: Canvas = design.canvas
        self.scene = design.scene
        self.session = session
        self.selection = session.selection
        self.board: Board = design.board
        self.editor: Editor = design.board.editor

    @property
    def document(self) -> Document:
        assert self.session.document is not None
        return self.session.document

    @property
    def tree(self) -> dict[str, Any]:
        assert isinstance(self.document.tree, dict)
        return self.document.tree

    @property
    def layout(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = self.tree["metadata"].get("x-layout", {})
        return found

    @property
    def steps(self) -> list[str]:
        assert self.session.open_document is not None
        return [step.title for step in self.session.open_document.steps]

    def gesture(self) -> Gesture | None:
        return self.canvas.gesture

    def field(self) -> QLineEdit | QPlainTextEdit | None:
        return self.board.naming.field

    def lifted(self) -> Lift | None:
        return self.scene.lifted

    def place(self, *names: str) -> Place:
        found = self.document.place_of(*names)
        assert found
        return found

    def places(self, *names: str) -> list[Place]:
        return [self.place(name) for name in names]

    def card(self, name: str) -> Card:
        found = self.scene.card(self.place(name).table)
        assert found is not None
        return found

    def at(self, x: float, y: float) -> QPoint:
        """Return where a point of the diagram is in the view."""
        return self.canvas.from_scene(QPointF(x, y)).toPoint()

    def header(self, name: str, along: float = 0.4) -> QPoint:
        frame = self.card(name).frame
        return self.at(frame.left() + along * frame.width(), frame.top() + 16)

    def row(self, table: str, column: str, along: float = 0.4) -> QPoint:
        frame = self.scene.frame_of(self.place(table, column))
        return self.at(frame.left() + along * frame.width(), frame.center().y())

    def ground(self) -> QPoint:
        """Return a point where there is nothing, in view."""
        content = self.scene.content()
        return self.at(content.left() + 40, content.bottom() + 60)

    def drag(self, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
        """Press, move and, if it is dropped, release."""
        view = self.canvas.viewport()
        hands.move(view, start)
        hands.press(view, start)
        for step in range(1, 5):
            hands.move(view, start + (end - start) * step / 4)
        if drop:
            hands.release(view, end)


@pytest.fixture
def shop(qtbot: QtBot, theme: Theme, settings: Settings, client: Client, schema: Path) -> Iterator[Shop]:
    around = QWidget()
    session = Session(client, around)
    design = Design(session, Editing(session, around), theme, settings, around)
    design.resize(1600, 1000)
    around.resize(1600, 1000)
    around.show()
    qtbot.waitExposed(around)
    registry = Registry(theme, around, settings.shortcuts)
    for make in (place_commands, arrange_commands, select_commands, find_commands, picture_commands):
        registry.add(*make(design.board))
    design.board.offer(registry)
    with qtbot.waitSignal(session.settled, timeout=WAIT):
        session.open(schema)
    qtbot.waitUntil(lambda: not session.busy, timeout=WAIT)
    shop = Shop(design, session)
    shop.canvas.zoom_to_full_size()
    shop.canvas.look_at(shop.scene.content().center())
    shop.canvas.setFocus()
    yield shop
    around.close()
    around.deleteLater()
