"""The application around the window: its style, its life, and the picture that can be taken of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSize,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from datagen_app.preview.client import Client
from datagen_app.process import Launched
from datagen_app.shell.fonts import use_bundled_font
from datagen_app.shell.icons import application_icon
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme

__all__ = ["PATIENCE", "Picture", "run"]

PATIENCE = 20.0
"""Seconds that a picture waits for what it is to show."""

SIZE = 1440, 900


def run(worker: Launched, options: argparse.Namespace) -> int:
    """Show the window until it is closed, or draw it into a picture.

    Parameters
    ----------
    worker
        The worker, on its way.
    options
        The command line: `schema`, `screenshot`, `size` and `theme`, each of them or `None`.

    Returns
    -------
    int
        What the program ends with.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["datagen-studio"])
    if application.platformName() == "offscreen":
        qInstallMessageHandler(_pass_on)
    application.setApplicationName("Datagen Studio")
    application.setDesktopFileName("datagen-studio")
    application.setWindowIcon(application_icon())
    use_bundled_font(application)
    settings = Settings()
    theme = Theme(application, options.theme or settings.theme)
    window = MainWindow(theme, settings, Client(worker))
    if options.size is not None:
        window.resize(*options.size)
    elif options.screenshot is not None or not window.restoreGeometry(settings.state("window")):
        room = window.screen().availableSize() if options.screenshot is None else QSize(*SIZE)
        window.resize(QSize(*SIZE).boundedTo(room))
    window.show()
    if options.schema is not None:
        window.open(options.schema)
    if options.screenshot is None:
        window.keeping.look_for_left()
        return application.exec()
    picture = Picture(window, options.screenshot)
    picture.taken.connect(application.exit)
    return application.exec()


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Print what Qt says, but for what it says of every window that no screen shows."""
    if message != "This plugin does not support propagateSizeHints()":
        print(message, file=sys.stderr)


class Picture(QObject):
    """Take a picture of the window as soon as it shows all that it is going to.

    Signals
    -------
    taken
        0, or 1 if something was still missing or the file could not be written.
    """

    taken = Signal(int)

    def __init__(self, window: MainWindow, path: Path, patience: float = PATIENCE) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        self._code = 0
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(round(patience * 1000))
        self._late.timeout.connect(self._give_up)
        self._late.start()
        window.scene.pictures.patient = window.scene.sheet.patient = True
        self._ready = window.session.settled if window.session.busy else window.session.examined
        self._ready.connect(self._take)

    def _take(self) -> None:
        self._save(0)

    def _give_up(self) -> None:
        _complain("the picture does not show everything: the worker took too long")
        self._save(1)

    def _save(self, code: int) -> None:
        self._late.stop()
        self._ready.disconnect(self._take)
        self._code = code
        QTimer.singleShot(0, self._shoot)  # what has just been shown is laid out by then

    def _shoot(self) -> None:
        code = self._code
        try:
            self._path.absolute().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _complain(f"{self._path}: {error.strerror}")
            code = 1
        if not self._window.grab().save(str(self._path), "PNG"):
            _complain(f"the picture could not be written to {self._path}")
            code = 1
        self._window.close()
        self.taken.emit(code)


def _complain(message: str) -> None:
    print(f"datagen-studio: {message}", file=sys.stderr)
