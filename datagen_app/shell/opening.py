"""The menus of files, and the watch over the one that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from datagen_app.shell.settings import Settings

__all__ = ["FileMenus", "FileWatch"]

_SETTLING = 120
"""Milliseconds after which a file that was changed is taken to be written."""


class FileWatch(QObject):
    """Notice when a file changes on disk.

    Signals
    -------
    changed
        The file that was looked at has been written anew, or is gone.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._watcher: QFileSystemWatcher | None = None
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING)
        self._settling.timeout.connect(self._settle)

    def look_at(self, path: Path | None) -> None:
        """Look at another file, or at none."""
        self._path = path
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(self._settling.start)
        if watched := self._watcher.files():
            self._watcher.removePaths(watched)
        if path is not None and path.exists():
            self._watcher.addPath(str(path))

    def _settle(self) -> None:
        self.look_at(self._path)  # a file that took the place of another is not looked at yet
        self.changed.emit()


class FileMenus(QObject):
    """Fill the menus of files that were open and of examples.

    Signals
    -------
    chosen
        A file to open.
    copied
        An example to open a copy of.
    forgotten
        The list of recent files is to be empty.
    """

    chosen = Signal(Path)
    copied = Signal(Path)
    forgotten = Signal()

    def __init__(self, recent: QMenu, examples: QMenu, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self.recent, self.examples, self._settings = recent, examples, settings
        recent.aboutToShow.connect(self._fill)

    def show_examples(self, examples: Sequence[Mapping[str, Any]]) -> None:
        """List the examples that the worker has found."""
        self.examples.clear()
        for example in examples:
            self._add(self.examples, str(example["name"]), Path(str(example["path"])), self.copied)

    def _fill(self) -> None:
        self.recent.clear()
        recent = self._settings.recent
        for path in recent:
            action = self._add(self.recent, path.name, path, self.chosen)
            action.setToolTip(str(path))
            if not path.exists():
                action.setText(f"{action.text()} (missing)")
                action.setEnabled(False)
        if recent:
            self.recent.addSeparator()
            self.recent.addAction("Clear this list").triggered.connect(self._forget)
        else:
            self.recent.addAction("None yet").setEnabled(False)

    def _add(self, menu: QMenu, title: str, path: Path, signal: SignalInstance) -> QAction:
        action = menu.addAction(title.replace("&", "&&"))
        action.triggered.connect(_Send(signal, path))
        return action

    def _forget(self) -> None:
        self._settings.forget_recent()
        self.forgotten.emit()


class _Send:
    """Send a file with a signal when called."""

    def __init__(self, signal: SignalInstance, path: Path) -> None:
        self._signal, self._path = signal, path

    def __call__(self, checked: bool = False) -> None:
        self._signal.emit(self._path)
