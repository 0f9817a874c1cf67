from __future__ import annotations

import json
import time
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from datagen_app.generation.job import Job, Outcome, Progress, Run
from datagen_app.process import launch
from tests.app.conftest import WAIT, ended, starter


def job(mood: str, folder: Path, **settings: object) -> Job:
    run = Run(Path("shop.json"), folder, **settings)  # type: ignore[arg-type] # the fields of a run
    return Job(run, starter(mood))


def outcome_of(qtbot: QtBot, running: Job) -> Outcome:
    with qtbot.waitSignal(running.finished, timeout=WAIT) as finished:
        pass
    outcome = finished.args[0]
    assert isinstance(outcome, Outcome)
    assert not running.running
    return outcome


def test_the_command_line_of_a_run() -> None:
    run = Run(Path("a b.json"), Path("out"), seed=7, scale=0.25, overwrite=True)
    assert run.arguments() == [
        *("generate", "a b.json", "-o", "out", "--seed", "7", "--scale", "0.25", "--overwrite")
    ]
    assert "--overwrite" not in Run(Path("x"), Path("y")).arguments()


@pytest.mark.parametrize("scale", [0.001, 0.125, 1.0, 12.345, 1000.0])
def test_the_scale_arrives_as_it_was_chosen(scale: float) -> None:
    arguments = Run(Path("x"), Path("y"), scale=scale).arguments()
    assert float(arguments[arguments.index("--scale") + 1]) == scale


def test_a_run_reports_and_ends(qtbot: QtBot, tmp_path: Path) -> None:
    running = job("run", tmp_path / "out")
    seen = []
    running.progressed.connect(lambda: seen.append(running.progress.done))
    outcome = outcome_of(qtbot, running)
    assert outcome == Outcome("done", "", str(tmp_path / "out"), 1000, 45_000, 0.5)
    assert seen == [100, 400, 700, 1000]
    assert running.progress.tables == {"customer": (1000, 1000)}


def test_a_run_that_refuses_says_why_but_for_warnings(qtbot: QtBot, tmp_path: Path) -> None:
    outcome = outcome_of(qtbot, job("run-refuses", tmp_path))
    assert (outcome.state, outcome.message) == ("failed", "no such table (/dag)")


def test_a_run_that_dies_has_last_words(qtbot: QtBot, tmp_path: Path) -> None:
    outcome = outcome_of(qtbot, job("run-dies", tmp_path))
    assert (outcome.state, outcome.message) == ("failed", "Killed for want of memory")
    assert outcome.rows == 300


def test_garbage_is_no_success(qtbot: QtBot, tmp_path: Path) -> None:
    outcome = outcome_of(qtbot, job("run-babbles", tmp_path))
    assert outcome.state == "failed"
    assert "cannot be read" in outcome.message


def test_a_run_stops_when_asked(qtbot: QtBot, tmp_path: Path) -> None:
    running = job("run-waits", tmp_path)
    qtbot.waitUntil(lambda: running.progress.done == 100, timeout=WAIT)
    running.stop()
    assert running.stopping
    outcome = outcome_of(qtbot, running)
    assert outcome.state == "stopped"


def test_a_run_that_does_not_listen_is_gone_within_a_second_with_all_its_children(
    qtbot: QtBot, tmp_path: Path
) -> None:
    running = job("run-deaf", tmp_path)
    qtbot.waitUntil(lambda: running.progress.done == 100, timeout=WAIT)
    process = psutil.Process(running.process_id)
    family = [process, *process.children(recursive=True)]
    assert len(family) == 2
    began = time.monotonic()
    running.stop()
    outcome = outcome_of(qtbot, running)
    assert time.monotonic() - began < 3  # the budget is one second, on a machine of its own
    assert outcome.state == "stopped"
    assert ended(family)


def test_an_abandoned_run_is_gone_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    running = job("run-deaf", tmp_path)
    qtbot.waitUntil(lambda: running.progress.done == 100, timeout=WAIT)
    running.abandon()
    assert not running.running


def test_an_engine_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such-engine"):
        Job(Run(Path("x"), tmp_path), lambda arguments: launch(["no-such-engine", *arguments]))


def test_time_left_follows_from_the_rows_so_far() -> None:
    progress = Progress(done=250, total=1000, seconds=2.0)
    assert progress.rate == 125
    assert progress.seconds_left == 6
    assert Progress(done=1, total=10, seconds=0.1).seconds_left is None
    assert Progress().rate == 0


def test_the_engine_itself_writes_what_was_asked(qtbot: QtBot, tmp_path: Path) -> None:
    schema = tmp_path / "one.json"
    column = {"name": "id", "type": "int", "generator": {"sequence": {"start": 1}}}
    schema.write_text(
        json.dumps(
            {
                "version": "1.0",
                "metadata": {"name": "one"},
                "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
                "nodes": [{"id": "t", "kind": "entity", "rows": 10, "pk": "id", "columns": [column]}],
                "constraints": {},
            }
        )
    )
    running = Job(Run(schema, tmp_path / "out", scale=3.0))
    outcome = outcome_of(qtbot, running)
    assert (outcome.state, outcome.message, outcome.rows) == ("done", "", 30)
    assert (tmp_path / "out" / "t.parquet").stat().st_size > 0
