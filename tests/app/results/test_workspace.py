"""The whole way, as a person goes it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.generation.job import Run
from datagen_app.generation.runs import Runs
from datagen_app.generation.store import RunStore
from datagen_app.preview.client import Client
from datagen_app.results.filters import Filter
from datagen_app.results.workspace import DataWorkspace
from datagen_app.shell.session import Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme
from datagen_engine import examples
from tests.app import hands
from tests.app.conftest import WAIT

BIKES = examples()["schema"]


@pytest.fixture
def workspace(
    qtbot: QtBot, theme: Theme, settings: Settings, client: Client, tmp_path: Path
) -> Iterator[DataWorkspace]:
    session = Session(client)
    made = DataWorkspace(session, theme, settings, Runs(RunStore(tmp_path / "store")))
    made.resize(1400, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.runs.abandon()
    made.end()
    made.close()
    made.deleteLater()
    made.runs.deleteLater()


def settled(qtbot: QtBot, workspace: DataWorkspace, table: str) -> None:
    """Wait until the rows of a table are on the screen."""
    model = workspace.rows.grid.model
    qtbot.waitUntil(lambda: workspace.rows.shown.table == table and model.has(model.first), timeout=WAIT)
    qtbot.waitUntil(lambda: workspace.panel.tables_list.currentIndex().data() == table, timeout=WAIT)


def opened(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    workspace.open_folder(str(run))
    settled(qtbot, workspace, "rental")


def cell(workspace: DataWorkspace, row: int, column: str) -> str | None:
    model = workspace.rows.grid.model
    at = [one.name for one in model.columns].index(column)
    return model.text(row, at)


def test_without_a_run_it_says_what_to_do(workspace: DataWorkspace) -> None:
    assert workspace.panel.none.isVisible()
    assert "Choose a table" in workspace.rows.empty.text()


def test_generate_browse_filter_follow_and_come_back(
    qtbot: QtBot, workspace: DataWorkspace, tmp_path: Path
) -> None:
    runs = workspace.runs
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as over:
        runs.start(Run(BIKES, tmp_path / "bikes-full-1"), text=BIKES.read_text(encoding="utf-8"))
    workspace.show_run(over.args[0])
    settled(qtbot, workspace, "rental")  # the largest table
    rows = workspace.rows
    assert rows.filters.said.text() == "4,210 rows"

    rows.filters.add_filter(Filter("rental_id", "≤", "50"))
    qtbot.waitUntil(lambda: rows.grid.model.count == 50 and rows.grid.model.has(7), timeout=WAIT)
    assert rows.filters.said.text() == "50 of 4,210 rows"
    bike = cell(workspace, 7, "bike_id")
    rows.grid.go_to(7, "bike_id")
    hands.key(rows.grid.table, Qt.Key.Key_Return)  # follow the key
    settled(qtbot, workspace, "bike")
    assert cell(workspace, rows.grid.row, "bike_id") == bike
    assert workspace.panel.tables_list.currentIndex().data() == "bike"
    assert workspace.can_go_back()
    hands.click(workspace.back)
    settled(qtbot, workspace, "rental")
    assert rows.grid.model.count == 50
    assert rows.grid.row == 7

    qtbot.waitUntil(lambda: runs.validation is None and runs.records[0].judged, timeout=WAIT)
    workspace.tabs.setCurrentWidget(workspace.report)
    qtbot.waitUntil(lambda: workspace.report.cards[1].score.text() == "100", timeout=WAIT)


def test_damage_is_found_shown_and_led_back_to_the_schema(
    qtbot: QtBot, workspace: DataWorkspace, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pq.read_table(run / "rental.parquet")
    ids = table.column("bike_id").to_pylist()
    ids[41] = 9_999
    at = table.schema.get_field_index("bike_id")
    pq.write_table(table.set_column(at, "bike_id", pa.array(ids)), run / "rental.parquet")
    opened(qtbot, workspace, run)
    with qtbot.waitSignal(workspace.runs.judged, timeout=WAIT):
        workspace.validate()
    report = workspace.report
    workspace.tabs.setCurrentWidget(report)
    qtbot.waitUntil(lambda: report.checks.shown > 0, timeout=WAIT)
    failing = [
        one for one in report.checks.lines if one.status == "fail" and one.id.startswith("foreign_key")
    ]
    assert [(one.table, one.columns, one.failed) for one in failing] == [("rental", "bike_id", 1)]
    report.select(failing[0].number)
    qtbot.waitUntil(lambda: "bike_id" in workspace.check.title.text(), timeout=WAIT)
    hands.click(workspace.check.rows)
    qtbot.waitUntil(lambda: workspace.rows.grid.model.count == 1, timeout=WAIT)
    qtbot.waitUntil(lambda: workspace.rows.grid.model.has(0), timeout=WAIT)
    assert cell(workspace, 0, "bike_id") == "9999"
    assert workspace.rows.grid.model.number(0) == 41
    assert "foreign key" in workspace.where.text()

    schema = Document(BIKES, json.loads(BIKES.read_text(encoding="utf-8")))
    monkeypatch.setattr(Session, "document", property(lambda self: schema))
    with qtbot.waitSignal(workspace.wants_design, timeout=WAIT):
        workspace.check.schema.click()
    assert workspace._session.selection.place == schema.place_of("rental", "bike_id")


def test_the_rows_between_the_ends_of_an_order_come_behind_progress(
    qtbot: QtBot, workspace: DataWorkspace, run: Path
) -> None:
    opened(qtbot, workspace, run)
    workspace.rows.order_by("rental_id", descending=True)
    qtbot.waitUntil(lambda: cell(workspace, 0, "rental_id") == "4210", timeout=WAIT)
    assert workspace.rows.grid.model.headerData(0, Qt.Orientation.Horizontal) == "rental_id ↓"


def test_a_wrong_value_is_said_and_the_rows_stay(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    opened(qtbot, workspace, run)
    workspace.rows.filters.add_filter(Filter("rental_id", "is", "many"))
    qtbot.waitUntil(lambda: "no whole number" in workspace.rows.doing.text(), timeout=WAIT)
    assert workspace.rows.grid.model.count == 4210


def test_rows_are_copied(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    opened(qtbot, workspace, run)
    workspace.rows.grid.move_to(2, extend=True)
    with qtbot.waitSignal(workspace.said, timeout=WAIT) as said:
        workspace.rows.copy(form="csv")
    assert said.args == ["3 rows copied."]
    assert len(QGuiApplication.clipboard().text().splitlines()) == 4


def test_a_value_is_explained(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    opened(qtbot, workspace, run)
    workspace.rows.explain(4000, "bike_id")  # not on the screen, so nothing is known of it
    assert not workspace.strip.isVisible()
    workspace.rows.grid.go_to(4000, "bike_id")
    qtbot.waitUntil(lambda: workspace.rows.grid.model.has(4000), timeout=WAIT)
    workspace.rows.explain(4000, "bike_id")
    qtbot.waitUntil(workspace.strip.isVisible, timeout=WAIT)
    assert workspace.strip.value.text() == cell(workspace, 4000, "bike_id")


def test_a_question_in_sql(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    opened(qtbot, workspace, run)
    workspace.tabs.setCurrentWidget(workspace.sql)
    workspace.sql.code.setPlainText("DELETE FROM bike")
    hands.key(workspace.sql.code, Qt.Key.Key_Return, hands.CTRL)
    qtbot.waitUntil(lambda: "Only SELECT" in workspace.sql.said.text(), timeout=WAIT)
    workspace.sql.code.setPlainText("SELECT count(*) AS n FROM bike")
    hands.click(workspace.sql.ask_button)
    model = workspace.sql.answer.grid.model
    qtbot.waitUntil(lambda: model.has(0), timeout=WAIT)
    assert model.text(0, 0) == "120"


def test_the_folder_is_removed_while_it_is_open(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    opened(qtbot, workspace, run)
    shutil.rmtree(run)
    workspace.rows.filters.add_filter(Filter("rental_id", "≤", "50"))
    qtbot.waitUntil(
        lambda: bool(workspace.rows.doing.text()) and workspace.rows.line.isVisible(), timeout=WAIT
    )
    assert workspace.rows.grid.model.count == 4210  # what was read stays
    workspace.close_run()
    workspace.runs.look_again()
    record = workspace.runs.records[0]
    workspace.open_run(record.id)
    qtbot.waitUntil(lambda: "gone" in workspace.rows.empty.text(), timeout=WAIT)


def test_a_results_job_that_is_killed_is_told_and_the_run_opens_again(
    qtbot: QtBot, workspace: DataWorkspace, run: Path
) -> None:
    opened(qtbot, workspace, run)
    assert workspace.results is not None
    with qtbot.waitSignal(workspace.troubled, timeout=WAIT) as told:
        psutil.Process(workspace.results.process_id).kill()
    assert "signal 9" in told.args[0]
    workspace.panel.choose(workspace.runs.records[0].id)
    settled(qtbot, workspace, "rental")


def test_two_runs_are_compared_when_the_files_of_one_are_gone(
    qtbot: QtBot, workspace: DataWorkspace, run: Path, tmp_path: Path
) -> None:
    other = tmp_path / "bikes-full-2"
    shutil.copytree(run, other)
    opened(qtbot, workspace, run)
    first = workspace.runs.records[0]
    workspace.open_folder(str(other))
    qtbot.waitUntil(
        lambda: workspace.record is not None and workspace.record.folder == str(other), timeout=WAIT
    )
    shutil.rmtree(run)
    second = workspace.record
    assert second is not None
    workspace.compare(first, second)
    qtbot.waitUntil(lambda: workspace.tabs.currentWidget() is workspace.comparison, timeout=WAIT)
    text = workspace.comparison.toPlainText()
    assert "bikes-full-2 compared with bikes-full-1" in text
    assert "4,210" in text


def test_what_can_be_done_with_a_run(qtbot: QtBot, workspace: DataWorkspace, run: Path) -> None:
    opened(qtbot, workspace, run)
    record = workspace.runs.records[0]
    words = [action.text() for action in workspace.run_menu(record).actions()]
    assert {"Open", "Run again", "Validate", "Show in file manager", "Delete its files…"} <= set(words)
    workspace.runs.store.save(type(record)(**{**vars(record), "state": "stopped"}))
    workspace.runs.look_again()
    words = [action.text() for action in workspace.run_menu(workspace.runs.records[0]).actions()]
    assert {"Resume", "Discard what it wrote…"} <= set(words)
    assert "Validate" not in words


def test_a_report_is_saved(qtbot: QtBot, workspace: DataWorkspace, run: Path, tmp_path: Path) -> None:
    opened(qtbot, workspace, run)
    with qtbot.waitSignal(workspace.runs.judged, timeout=WAIT):
        workspace.validate()
    qtbot.waitUntil(lambda: bool(workspace.report.checks.lines), timeout=WAIT)
    for ending in ("html", "json", "csv"):
        with qtbot.waitSignal(workspace.said, timeout=WAIT):
            workspace.save_report(str(tmp_path / f"report.{ending}"))
        assert (tmp_path / f"report.{ending}").stat().st_size > 1_000
    with qtbot.waitSignal(workspace.troubled, timeout=WAIT):
        workspace.save_report(str(tmp_path / "report.pdf"))
