"""The windows of the program: one document and one worker each, and no file in two of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication

from datagen_app.preview.client import Client

if TYPE_CHECKING:
    from datagen_app.shell.main_window import MainWindow

__all__ = ["open_window", "raise_window_of"]

_BESIDE = QPoint(32, 32)

_open: set[QObject] = set()
"""The windows that nobody else holds on to."""


def open_window(beside: MainWindow, path: Path | None = None) -> MainWindow:
    """Open another window beside one, with a document and a worker of its own.

    Parameters
    ----------
    beside
        The window that it shares its settings with.
    path
        The file that it shows; without one it begins with the start page.
    """
    window = type(beside)(beside.theme, beside.settings, Client())
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _open.add(window)
    window.closed.connect(_Forget(window))
    window.resize(beside.size())
    window.move(beside.pos() + _BESIDE)
    window.show()
    if path is not None:
        window.open(path)
    return window


def raise_window_of(path: Path, but: MainWindow) -> bool:
    """Bring the window to the front that shows a file; whether another one than `but` does.

    Parameters
    ----------
    path
        The file.
    but
        The window that asks.
    """
    for window in QApplication.topLevelWidgets():
        if not isinstance(window, type(but)) or window is but or not window.isVisible():
            continue
        opened = window.session.open_document
        if opened is not None and opened.file is not None and _same(opened.file, path):
            if window.isMinimized():
                window.showNormal()
            window.raise_()
            window.activateWindow()
            return True
    return False


class _Forget:
    """Let go of a window when it is closed."""

    def __init__(self, window: QObject) -> None:
        self._window = window

    def __call__(self) -> None:
        _open.discard(self._window)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is gone
        return one == other
