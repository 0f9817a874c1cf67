"""The Qt that the project allows does what broken releases of it did not."""

from __future__ import annotations

import subprocess
import sys

from tests.desktop import PATIENCE, Desktop

# PySide6 6.12.0 dies of this on Python 3.11: every call that returns None takes one reference too many.
MANY_CALLS = """
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel()
for n in range(20_000):
    label.setText(str(n))
print(label.text())
"""

WINDOW = """
from PySide6.QtWidgets import QApplication, QLineEdit
application = QApplication([])
edit = QLineEdit()
edit.setWindowTitle("written by hand")
edit.returnPressed.connect(application.quit)
edit.resize(400, 60)
edit.show()
application.exec()
print(edit.text())
"""


def test_many_calls_that_return_none() -> None:
    run = subprocess.run(
        [sys.executable, "-c", MANY_CALLS], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, "19999"), run.stderr


def test_a_real_window_takes_real_keys(desktop: Desktop) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW],
        env=desktop.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            desktop.window("--name", "written by hand")
            desktop.xdotool("type", "hello")
            desktop.xdotool("key", "Return")
            written, _ = program.communicate(timeout=PATIENCE)
        finally:
            program.kill()
    assert written.strip() == "hello"
