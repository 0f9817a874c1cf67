"""A session that works on by itself until it is killed: `python scripted_session.py SCHEMA SETTINGS`.

It says what it has done, one JSON object a line: the hash of the text after each step, and after each save.
"""

from __future__ import annotations

import json
import random
import sys
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from datagen_app.document.steps.columns import add_column
from datagen_app.document.steps.values import set_value
from datagen_app.preview.client import Client
from datagen_app.preview.command import start_worker
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme

EVERY = 20
"""Milliseconds between two steps."""


def say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


def digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


class Script:
    """Set, add, undo, redo, and save now and then."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.chance = random.Random(7)
        self.done = 0
        self.timer = QTimer(window)
        self.timer.setInterval(EVERY)
        self.timer.timeout.connect(self.step)
        window.session.settled.connect(self.begin)

    def begin(self) -> None:
        if not self.timer.isActive():
            say(worker=self.window.session.client.process_id)
            self.timer.start()

    def step(self) -> None:
        session, opened = self.window.session, self.window.session.open_document
        assert opened is not None
        self.done += 1
        match self.chance.randrange(6):
            case 0:
                session.undo()
            case 1:
                session.redo()
            case 2:
                session.do(add_column(opened.now, opened.now.tables[0].key, "email"))
            case _:
                rows = ("nodes", 0, "rows")
                session.do(set_value(opened.now, rows, self.done, f"Rows {self.done}", "rows"))
        say(text=digest(opened.now.text), at=time.monotonic())
        if self.done % 25 == 0:
            self.window.filing.save()
            say(saved=digest(opened.now.text))


def main() -> int:
    schema, settings = Path(sys.argv[1]), Path(sys.argv[2])
    application = QApplication(["studio"])
    window = MainWindow(Theme(application, "light"), Settings(settings), Client(start_worker()))
    script = Script(window)
    window.show()
    window.open(schema)
    code = application.exec()
    del script
    return code


if __name__ == "__main__":
    raise SystemExit(main())
