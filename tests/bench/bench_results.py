"""How soon rows, filters, orders and a long report are there: printed, with the budgets beside."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from datagen_app.generation.job import Run
from datagen_app.generation.runs import Runs
from datagen_app.generation.store import RunStore
from datagen_app.report.report_panel import ReportPanel
from datagen_app.results.client import Results, start_results
from datagen_app.results.filters import Filter
from datagen_app.results.reports import about_report
from datagen_app.results.rows_panel import RowsPanel, Shown
from datagen_app.shell.theme import Theme
from datagen_engine import examples, generate

Budget = Callable[..., None]

TABLE = "attendance"
TIMES = 20
WAIT = 60_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a table of nine million rows."""
    folder = tmp_path_factory.mktemp("results") / "gov"
    generate(examples()["gov_scaled"], folder)
    return folder


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, run: Path) -> Iterator[tuple[RowsPanel, Results]]:
    results = Results(start_results(run, None))
    made = RowsPanel(Theme(qapp, "light"))
    made.resize(1000, 800)
    made.show()
    qtbot.waitExposed(made)
    opened: list[Any] = []
    results.ask("open", opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=WAIT)
    yield made, results
    made.clear()
    results.finish()
    made.close()
    made.deleteLater()


def milliseconds(qtbot: QtBot, do: Callable[[], object], there: Callable[[], bool]) -> float:
    """Return how long it takes until what is asked for is on the screen."""
    began = time.perf_counter()
    do()
    while not there():
        QApplication.processEvents()
    return 1000 * (time.perf_counter() - began)


def at_once() -> bool:
    """Say that all is there when the call is over."""
    return True


def shown(panel: RowsPanel) -> bool:
    model = panel.grid.model
    return model.shown > 0 and model.has(model.first) and model.has(model.first + model.shown - 1)


def test_nine_million_rows(qtbot: QtBot, panel: tuple[RowsPanel, Results], budget: Budget) -> None:
    rows, results = panel
    opens: list[float] = []
    ends: list[float] = []
    pages: list[float] = []
    filters: list[float] = []

    def asked(**said: Any) -> Callable[[], None]:
        before = rows.view

        def do() -> None:
            rows.show_table(results, (), Shown(TABLE, **said))

        do.__dict__["before"] = before
        return do

    def fresh(do: Callable[[], None]) -> Callable[[], bool]:
        return lambda: rows.view != do.__dict__["before"] and shown(rows)

    for _ in range(TIMES):
        do = asked()
        opens.append(milliseconds(qtbot, do, fresh(do)))
        ends.append(
            milliseconds(qtbot, lambda: rows.grid.move_to(rows.grid.model.count - 1), lambda: shown(rows))
        )
        middle = rows.grid.model.count // 3 + 1_000_003 * len(pages) % 5_000_000
        pages.append(milliseconds(qtbot, partial(rows.grid.go_to, middle), lambda: shown(rows)))
    for number in range(TIMES):
        do = asked(filters=(Filter("minutes_missed", "≥", str(5 + number)),))
        filters.append(milliseconds(qtbot, do, fresh(do)))
    budget("9 M rows: open", statistics.median(opens), "ms", most=150)
    budget("9 M rows: to the end", statistics.median(ends), "ms", most=100)
    budget("9 M rows: a page", statistics.median(pages), "ms", most=50)
    budget("9 M rows: filter", statistics.median(filters), "ms", most=1000)
    do = asked(filters=(Filter("", "contains", "card"),))
    budget("9 M rows: search every column", milliseconds(qtbot, do, fresh(do)), "ms", most=1000)

    do = asked(order="minutes_missed", descending=True)
    budget("9 M rows: sort, both ends", milliseconds(qtbot, do, fresh(do)), "ms", most=1000)
    began = time.perf_counter()
    while rows._sorting is not None:
        QApplication.processEvents()
    budget("9 M rows: the rest of the order", 1000 * (time.perf_counter() - began), "ms")
    middle = rows.grid.model.count // 2
    page = milliseconds(qtbot, lambda: rows.grid.go_to(middle), lambda: shown(rows))
    budget("9 M rows, sorted: a page in the middle", page, "ms", most=50)
    budget("window with 9 M rows open", psutil.Process().memory_info().rss / 2**20, "MB", most=350)
    job = psutil.Process(results.process_id).memory_info().rss / 2**20
    budget("results job with 9 M rows sorted", job, "MB", most=600)


def test_a_report_of_ten_thousand_checks(qtbot: QtBot, qapp: QApplication, budget: Budget) -> None:
    check = {
        "category": "value",
        "severity": "error",
        "kind": "range",
        "title": "range",
        "columns": ["total"],
        "observed": "5 – 2,941",
        "expected": "5 – 3,000",
        "rows_checked": 204_116,
        "rows_failed": 0,
    }
    checks = [
        {**check, "id": f"range:{n}", "table": f"table_{n % 500}", "status": "fail" if n % 3 else "pass"}
        for n in range(10_000)
    ]
    told = json.loads(json.dumps(about_report({"summary": {}, "checks": checks})))
    panel = ReportPanel(Theme(qapp, "light"))
    panel.resize(1000, 800)
    panel.show()
    qtbot.waitExposed(panel)
    opens: list[float] = []
    keys: list[float] = []

    def open_it() -> None:
        panel.show_report(told)
        panel.grab()

    def write(text: str) -> None:
        panel.search.setText(text)
        panel.grab()

    for _ in range(TIMES):
        opens.append(milliseconds(qtbot, open_it, at_once))
        letters = (partial(write, text) for text in ("t", "ta", "table_4", "table_49", ""))
        keys.extend(milliseconds(qtbot, letter, at_once) for letter in letters)
    budget("report of 10,000 checks: open", statistics.median(opens), "ms", most=200)
    budget("report of 10,000 checks: a letter typed, p95", sorted(keys)[int(0.95 * len(keys))], "ms", most=50)
    panel.close()
    panel.deleteLater()


def test_the_window_while_a_run_goes_on(qtbot: QtBot, tmp_path: Path, budget: Budget) -> None:
    runs = Runs(RunStore(tmp_path / "store"))
    stalls: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        stalls.append(1000 * (now - last[0]))
        last[0] = now

    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(tick)
    timer.start()
    with qtbot.waitSignal(runs.ended, timeout=WAIT):
        runs.start(Run(examples()["gov_scaled"], tmp_path / "out"), validate=False)
    timer.stop()
    stalls.sort()
    budget("event loop while gov_scaled is generated, p99", stalls[int(0.99 * len(stalls))], "ms", most=16.7)
    budget("event loop while gov_scaled is generated, longest", stalls[-1], "ms", most=50)
    runs.deleteLater()
