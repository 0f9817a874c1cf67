from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from datagen_app.process import launch
from datagen_app.results.client import Answer, Results, start_results
from tests.app.conftest import WAIT, ended


def test_a_job_answers_and_ends_when_it_is_let_go(qtbot: QtBot, made: Path) -> None:
    results = Results(start_results(made, None))
    answers: list[Answer] = []
    results.ask("open", answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    assert len(answers[0]["tables"]) == 5
    process = psutil.Process(results.process_id)
    results.finish()
    assert ended([process])
    assert not list(Path(tempfile.gettempdir()).glob(f"datagen-results-{process.pid}*"))


def test_what_goes_wrong_is_told_to_who_asked(qtbot: QtBot, made: Path) -> None:
    results = Results(start_results(made, None))
    told: list[str] = []
    results.ask("view", lambda answer: None, told.append, view=1, table="nothing")
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    assert "no table nothing" in told[0]
    with qtbot.waitSignal(results.failed, timeout=WAIT):
        results.ask("page", lambda answer: None, view=99, start=0, count=1)
    results.finish()


def test_a_long_question_is_stopped_and_others_are_answered_meanwhile(qtbot: QtBot, made: Path) -> None:
    results = Results(start_results(made, None))
    answers: list[Answer] = []
    code = "SELECT count(*) FROM rental a, rental b, rental c, rental d"
    long = results.ask("sql", answers.append, code=code, view=1)
    results.ask("open", answers.append)
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=WAIT)
    results.stop(long)
    results.ask("sql", answers.append, code="SELECT 1", view=2)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=WAIT)
    assert answers[1]["count"] == 1
    results.finish()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_job_that_is_killed_is_told(qtbot: QtBot, made: Path, how: signal.Signals) -> None:
    results = Results(start_results(made, None))
    answers: list[Answer] = []
    results.ask("open", answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    told: list[str] = []
    with qtbot.waitSignal(results.ended, timeout=WAIT) as over:
        os.kill(results.process_id, how)
        results.ask("page", answers.append, told.append, view=1, start=0, count=1)
    assert f"signal {int(how)}" in over.args[0]
    assert told


def test_a_job_that_talks_garbage_or_nothing_harms_nobody(qtbot: QtBot) -> None:
    code = (
        "import sys; print('garbage'); print('[1]'); print('{\"id\": \"x\"}', flush=True); sys.stdin.read()"
    )
    results = Results(launch([sys.executable, "-c", code]))
    answers: list[Answer] = []
    results.ask("open", answers.append)
    process = psutil.Process(results.process_id)
    results.finish()
    assert ended([process])
    assert not answers


def test_a_folder_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    results = Results(start_results(tmp_path / "gone", None))
    with qtbot.waitSignal(results.ended, timeout=WAIT) as over:
        results.ask("open", lambda answer: None)
    assert "is not there any more" in over.args[0]
