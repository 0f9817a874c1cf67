"""How soon the window is there, and how smoothly it moves: printed, with the budgets beside.

Frames are measured by the processor time of painting them, which other programs on the machine stretch less
than the time on the clock.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from pytestqt.qtbot import QtBot

from datagen_app.canvas.geometry import card_height
from datagen_app.canvas.layout import Link, layered
from datagen_app.generation.job import Job, Run
from datagen_app.preview.client import Client
from datagen_app.shell.design import Panel
from datagen_app.shell.main_window import MainWindow
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme
from datagen_engine.resources import examples

Budget = Callable[..., None]

TABLES, COLUMNS = 500, 12
STARTS = 10
WAIT = 60_000

# Reports its seconds since the start of the process: first paint, diagram drawn, everything known.
PROBE = """
import os, sys, time
from datagen_app.preview.command import start_worker
worker = start_worker()
import datagen_app.shell.application as application
from PySide6.QtCore import QEvent, QObject

began = float(os.environ["BEGAN"])
def say(what):
    print(what, time.monotonic() - began, flush=True)

class Window(application.MainWindow):
    painted = False
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.session.drawn.connect(lambda _: say("drawn"))
        self.session.settled.connect(self.settle)
    def event(self, event):
        done = super().event(event)
        if event.type() == QEvent.Type.Paint and not self.painted:
            self.painted = True
            say("painted")
        return done
    def settle(self):
        say("settled")
        self.close()

application.MainWindow = Window
from datagen_app.__main__ import _parser
raise SystemExit(application.run(worker, _parser().parse_args(sys.argv[1:])))
"""


@pytest.mark.parametrize("name", ["ecomm", "gov_scaled"])
def test_start(name: str, budget: Budget) -> None:
    times: dict[str, list[float]] = {}
    for _ in range(STARTS):
        run = subprocess.run(
            [sys.executable, "-c", PROBE, str(examples()[name])],
            env={**os.environ, "BEGAN": str(time.monotonic())},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        for line in run.stdout.splitlines():
            what, seconds = line.split()
            times.setdefault(what, []).append(float(seconds))
    budget(f"{name}: first paint", statistics.median(times["painted"]), "s", most=0.4)
    budget(f"{name}: ready, the diagram is drawn", statistics.median(times["drawn"]), "s", most=1.0)
    budget(f"{name}: problems and exact rows are there", statistics.median(times["settled"]), "s")


def test_layout(budget: Budget) -> None:
    heights = [card_height(COLUMNS)] * TABLES
    links = [Link(max(0, at - 1 - at * 7 % 40), at, 43, 65) for at in range(1, TABLES)]
    links += [Link(at * 13 % TABLES, at, 43, 87) for at in range(0, TABLES, 2)]
    times = []
    for _ in range(5):
        began = time.process_time()
        layered(heights, links)
        times.append(time.process_time() - began)
    budget(f"auto-layout of {TABLES} tables", statistics.median(times), "s", most=1.0)


def large_schema() -> dict[str, Any]:
    nodes: list[dict[str, Any]] = []
    for at in range(TABLES):
        columns = [{"name": "id", "type": "int", "generator": {"sequence": {"start": 1}}}]
        node: dict[str, Any] = {"id": f"table_{at}", "kind": "entity", "pk": "id", "columns": columns}
        if at >= 60:
            first, second = f"table_{at - 1 - at * 7 % 50}", f"table_{at * 13 % 60}"
            parents = list(dict.fromkeys([first, second]))
            node |= {
                "kind": "fact",
                "parents": parents,
                "fanout": {"distribution": "uniform", "min": 1, "max": 1},
            }
            for number, parent in enumerate(parents):
                lookup = {"lookup": {"from": f"{parent}.id"}}
                columns.append({"name": f"parent_{number}", "type": "int", "generator": lookup})
        while len(columns) < COLUMNS:
            draw = {"distribution": {"type": "normal", "params": {"mean": 1, "std": 1}, "clamp": [-9, 9]}}
            columns.append({"name": f"measure_{len(columns)}", "type": "float", "generator": draw})
        nodes.append(node)
    span = {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"}
    return {
        "version": "1.0",
        "metadata": {"name": "Large"},
        "timeframe": span,
        "nodes": nodes,
        "constraints": {},
    }


def apart(one: QPointF, other: QPointF) -> float:
    return (one - other).manhattanLength()


class Pulse(QObject):
    """Note how long the thread of the window was not answering, but for what the kernel kept from it."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = self._now()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _now(self) -> float:
        waited = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
        return time.monotonic() - waited

    def _beat(self) -> None:
        now = self._now()
        self.gaps.append(now - self._last)
        self._last = now


@pytest.fixture
def window(qtbot: QtBot, qapp: Any, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(Theme(qapp, "light"), Settings(tmp_path / "studio.ini"), Client())
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def open_schema(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.open(path)
    qtbot.waitUntil(lambda: window.session.document is not None and not window.session.busy, timeout=WAIT)


@pytest.mark.parametrize(("width", "height", "limit"), [(1600, 1000, 16.7), (3840, 2160, 33.0)])
def test_frames(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, budget: Budget, width: int, height: int, limit: float
) -> None:
    path = tmp_path / "large.json"
    path.write_text(json.dumps(large_schema()))
    panels: tuple[Panel, ...] = ("outline", "inspector", "below")
    for panel in panels:
        window.design.show_panel(panel, False)
    window.resize(width, height)
    open_schema(qtbot, window, path)
    canvas, scene = window.canvas, window.scene

    def frame() -> float:
        began = time.thread_time()
        canvas.viewport().repaint()
        return 1000 * (time.thread_time() - began)

    def settled() -> bool:
        frame()
        return not (scene.pictures.unfinished or scene.sheet.unfinished)

    for zoom in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0):
        canvas.zoom_to(zoom)
        canvas.look_at(scene.content().center())
        while not settled():
            pass
        pan = []
        for _ in range(20):
            canvas.horizontalScrollBar().setValue(canvas.horizontalScrollBar().value() + 24)
            pan.append(frame())
        zooming = []
        for step in range(12):
            canvas.zoom_to(zoom * 1.03**step)
            zooming.append(frame())
        canvas.zoom_to(zoom)
        while not settled():
            pass
        dragging: dict[bool, list[float]] = {}
        for many in (False, True):
            middle = canvas.seen().center()
            held = (
                scene.cards
                if many
                else [min(scene.cards, key=lambda card: apart(card.frame.center(), middle))]
            )
            lifted = scene.lift(held, ())
            dragging[many] = []
            for step in range(1, 21):
                lifted.move(QPointF(8.0 * step, 8.0 * step))
                dragging[many].append(frame())
            scene.put_down()
        what = f"{width} × {height}, zoom {zoom:g}"
        budget(f"{what}: pan", statistics.median(pan), "ms", most=limit)
        budget(f"{what}: zooming", statistics.median(zooming), "ms", most=limit)
        budget(f"{what}: drag a card", statistics.median(dragging[False]), "ms", most=limit)
        budget(f"{what}: drag all cards", statistics.median(dragging[True]), "ms", most=limit)


def test_stalls(qtbot: QtBot, window: MainWindow, tmp_path: Path, budget: Budget) -> None:
    path = tmp_path / "large.json"
    path.write_text(json.dumps(large_schema()))
    pulse = Pulse()
    open_schema(qtbot, window, path)
    pulse.stop()
    budget(f"longest stall while {TABLES} tables are opened", 1000 * max(pulse.gaps[1:]), "ms", most=50)
    open_schema(qtbot, window, examples()["gov_scaled"])
    pulse = Pulse()
    job = Job(Run(examples()["gov_scaled"], tmp_path / "out", scale=0.3))
    with qtbot.waitSignal(job.finished, timeout=WAIT) as finished:
        pass
    pulse.stop()
    assert finished.args[0].state == "done", finished.args[0].message
    gaps = sorted(pulse.gaps[1:])
    budget("longest stall while a run goes on", 1000 * gaps[-1], "ms", most=50)
    budget("99 % of gaps while a run goes on", 1000 * gaps[len(gaps) * 99 // 100], "ms", most=16.7)
