from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from datagen_app.inspector.asking import Asker
from tests.app.inspector.conftest import Worker


@pytest.fixture
def worker(qapp: QApplication) -> Worker:
    return Worker()


@pytest.fixture
def asker(worker: Worker) -> Asker:
    return Asker(worker)


def test_one_question_is_asked_at_a_time_and_the_newest_of_each(asker: Asker, worker: Worker) -> None:
    heard: list[Any] = []
    for number in range(3):
        asker.ask("me", "try", heard.append, number=number)
    asker.ask("you", "try", heard.append, number=9)
    assert worker.asked == [("try", {"number": 0})]
    worker.answered.emit("try", 0, {"a": 0})
    assert worker.asked[1:] == [("try", {"number": 2})]
    worker.answered.emit("try", 0, {"a": 2})
    worker.answered.emit("try", 0, {"a": 9})
    assert heard == [{"a": 0}, {"a": 2}, {"a": 9}]


def test_a_failure_is_an_answer_too(asker: Asker, worker: Worker) -> None:
    heard: list[Any] = []
    asker.ask("me", "stages", heard.append)
    worker.failed.emit("stages", 0, "it has errors")
    assert heard == [{"failed": "it has errors"}]


def test_answers_to_others_are_passed_over(asker: Asker, worker: Worker) -> None:
    heard: list[Any] = []
    asker.ask("me", "stages", heard.append)
    worker.answered.emit("check", 7, {})
    assert heard == []
    worker.answered.emit("stages", 0, {"pairs": []})
    assert heard == [{"pairs": []}]


def test_who_wants_no_answer_any_more_gets_none(asker: Asker, worker: Worker) -> None:
    heard: list[Any] = []
    asker.ask("me", "stages", heard.append)
    asker.forget("me")
    worker.answered.emit("stages", 0, {})
    assert heard == []
