"""What the tests of the window share: workers and runs that stand in for the real ones, and whole windows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from datagen_app.preview.client import Client
from datagen_app.process import Launched, launch
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme

STAND_IN = Path(__file__).with_name("stand_in.py")
WAIT = 20_000
"""Milliseconds; what is not there by then never comes."""

SHOP: dict[str, Any] = {
    "version": "1.0",
    "metadata": {"name": "Small shop", "description": "Three tables."},
    "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
    "nodes": [
        {
            "id": "customer",
            "kind": "entity",
            "rows": 100,
            "pk": "customer_id",
            "columns": [
                {"name": "customer_id", "type": "int", "generator": {"sequence": {"start": 1}}},
                {"name": "email", "type": "string", "generator": {"faker": {"method": "email"}}},
            ],
        },
        {
            "id": "order",
            "kind": "fact",
            "pk": "order_id",
            "parents": ["customer"],
            "fanout": {"distribution": "poisson", "lambda": 5, "max": 20},
            "columns": [
                {"name": "order_id", "type": "int", "generator": {"sequence": {}}},
                {
                    "name": "customer_id",
                    "type": "int",
                    "generator": {"lookup": {"from": "customer.customer_id"}},
                },
                {
                    "name": "total",
                    "type": "float",
                    "generator": {
                        "distribution": {
                            "type": "lognormal",
                            "params": {"mean": 3, "sigma": 1},
                            "clamp": [1, 99],
                        }
                    },
                    "modifiers": [{"transform": "jitter", "args": {"std": 0.1, "mode": "mul"}}],
                    "x-problems": [["warning", "the mean is far from the middle"]],
                },
            ],
        },
        {
            "id": "channel",
            "kind": "vocab",
            "pk": "name",
            "rows": 4,
            "columns": [
                {"name": "name", "type": "string", "generator": {"enum_list": {"values": ["web", "app"]}}}
            ],
        },
    ],
    "constraints": {"ranges": [{"attr": "order.total", "min": 1, "max": 99}]},
    "targets": {"mean_in_range": {"table": "order", "column": "total", "min": 20, "max": 40}},
}


def stand_in(mood: str) -> Launched:
    """Start a child of that mood."""
    return launch([sys.executable, str(STAND_IN), mood])


def starter(mood: str) -> Callable[[Sequence[str]], Launched]:
    """Return what starts runs of that mood in the place of the engine."""

    def start(arguments: Sequence[str]) -> Launched:
        return launch([sys.executable, str(STAND_IN), mood, *arguments])

    return start


def ended(processes: Iterable[psutil.Process]) -> bool:
    """Whether none of these runs any more; one that nobody has asked about since does not."""
    _, left = psutil.wait_procs(list(processes), timeout=1)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in left)


@pytest.fixture(autouse=True)
def _leaves_no_window(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window open."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not left, f"the test left windows open: {left}"
    QPixmapCache.clear()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "studio.ini")


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of a worker over the fake engine."""
    made = Client(start=partial(stand_in, "worker"))
    yield made
    made.close()


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """The file of a small schema."""
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(SHOP), encoding="utf-8")
    return path


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: Settings, client: Client) -> Iterator[MainWindow]:
    """A window on its start page."""
    made = MainWindow(theme, settings, client)
    made.resize(1600, 1000)
    made.show()
    qtbot.waitExposed(made)
    yield made
    if made.dialog is not None:
        made.dialog.abandon()
        qtbot.waitUntil(lambda: made.dialog is None or not made.dialog.running, timeout=WAIT)
    made.abandon()
    made.deleteLater()


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, schema: Path) -> MainWindow:
    """A window that shows the small schema, and all there is to know of it."""
    open_and_settle(qtbot, window, schema)
    return window


def open_and_settle(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Open a schema and wait until everything about it is shown."""
    with qtbot.waitSignal(window.session.settled, timeout=WAIT):
        window.open(path)
    qtbot.waitUntil(lambda: not window.session.busy, timeout=WAIT)
