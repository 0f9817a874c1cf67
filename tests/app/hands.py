"""The hands of a person: mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click a point of a widget; its middle, if none is given."""
    QTest.mouseClick(widget, LEFT, NONE, at or widget.rect().center())


def press(widget: QWidget, at: QPoint, button: Qt.MouseButton = LEFT) -> None:
    """Press a button of the mouse, and hold it."""
    QTest.mousePress(widget, button, NONE, at)


def move(widget: QWidget, to: QPoint) -> None:
    """Move the pointer."""
    QTest.mouseMove(widget, to)


def release(widget: QWidget, at: QPoint, button: Qt.MouseButton = LEFT) -> None:
    """Release a button of the mouse."""
    QTest.mouseRelease(widget, button, NONE, at)


def key(widget: QWidget, which: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key and release it."""
    QTest.keyClick(widget, which, modifiers)


def hold(widget: QWidget, which: Qt.Key) -> None:
    """Press a key, and hold it."""
    QTest.keyPress(widget, which)


def let_go(widget: QWidget, which: Qt.Key) -> None:
    """Release a key."""
    QTest.keyRelease(widget, which)


def write(widget: QWidget, text: str) -> None:
    """Type a text."""
    QTest.keyClicks(widget, text)
