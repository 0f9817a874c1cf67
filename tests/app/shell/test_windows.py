from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from datagen_app.preview.client import Client
from datagen_app.shell import windows
from datagen_app.shell.main_window import MainWindow
from tests.app.conftest import WAIT, open_and_settle, stand_in


@pytest.fixture
def second(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(windows, "Client", partial(Client, start=partial(stand_in, "worker")))
    before = set(windows._open)
    made = windows.open_window(window)
    yield made
    if made in windows._open:
        made.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert windows._open == before


def test_each_window_has_a_document_and_a_worker_of_its_own(
    qtbot: QtBot, window: MainWindow, second: MainWindow, schema: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"nodes": [{"id": "other"}]}')
    open_and_settle(qtbot, window, schema)
    open_and_settle(qtbot, second, other)
    assert window.session.client.process_id != second.session.client.process_id
    assert window.session.document is not None
    assert window.session.document.path == schema
    assert second.session.document is not None
    assert second.session.document.path == other


def test_a_file_that_is_opened_twice_raises_its_window(
    qtbot: QtBot, window: MainWindow, second: MainWindow, schema: Path
) -> None:
    open_and_settle(qtbot, window, schema)
    second.activateWindow()
    second.open(schema)
    assert second.session.document is None
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=WAIT)


def test_a_window_that_is_closed_is_gone(qtbot: QtBot, window: MainWindow, second: MainWindow) -> None:
    second.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert second not in windows._open
    assert window.isVisible()
