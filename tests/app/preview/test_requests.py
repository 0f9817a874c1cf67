from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from datagen_app.document.change import Change
from datagen_app.document.document import Document
from datagen_app.document.step import Step
from datagen_app.preview.requests import Requests


class Worker(QObject):
    """Answers when it is told to."""

    answered = Signal(str, int, object)
    failed = Signal(str, int, str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, dict[str, Any]]] = []
        self.idle = False

    def ask(self, what: str, revision: int = 0, **details: Any) -> None:
        self.asked.append((revision, details))

    def answer(self, revision: int) -> None:
        self.answered.emit("preview", revision, {"about": revision})


class Panel:
    """Wants the present revision of a table."""

    def __init__(self) -> None:
        self.worker = Worker()
        self.revision = 1
        self.table: str | None = "order"
        self.shown: list[int] = []
        self.late: list[bool] = []
        self.missed: list[str] = []
        self.requests = Requests(self.worker, "preview", self.wanted)
        self.requests.arrived.connect(lambda answer: self.shown.append(answer["about"]))
        self.requests.missed.connect(self.missed.append)
        self.requests.updating.connect(self.late.append)

    def wanted(self) -> tuple[int, dict[str, Any]] | None:
        return None if self.table is None else (self.revision, {"table": self.table})

    def edit(self, focus: str = "") -> None:
        self.revision += 1
        now = Document(Path("x"), revision=self.revision)
        self.requests.follow(Change("do", now, now, ((),), Step("Edit", (), focus), ()))

    @property
    def asked(self) -> list[int]:
        return [revision for revision, _ in self.worker.asked]


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    return Panel()


def test_the_first_edit_goes_out_at_once_and_then_only_the_newest_waits(panel: Panel) -> None:
    for _ in range(5):
        panel.edit()
    assert panel.asked == [2]
    panel.worker.answer(2)
    assert panel.asked == [2, 6]
    assert panel.shown == [2]
    assert panel.requests.late
    panel.worker.answer(6)
    assert panel.shown == [2, 6]
    assert panel.late == [True, False]


def test_typing_waits_for_the_next_key(qtbot: QtBot, panel: Panel) -> None:
    for _ in range(4):
        panel.edit("total")
    assert panel.asked == []
    assert panel.requests.late
    qtbot.waitUntil(lambda: panel.asked == [5])


def test_an_answer_about_what_is_not_shown_any_more_is_dropped(panel: Panel) -> None:
    panel.requests.ask()
    panel.table = "customer"
    panel.requests.ask()
    panel.worker.answer(1)
    assert panel.shown == []
    assert panel.worker.asked[-1] == (1, {"table": "customer"})
    panel.worker.answer(1)
    assert panel.shown == [1]


def test_an_answer_older_than_what_is_shown_is_dropped(panel: Panel) -> None:
    panel.edit()
    panel.worker.answer(2)
    panel.edit()
    panel.worker.answer(1)
    assert panel.shown == [2]


def test_nothing_is_asked_where_nothing_is_wanted(panel: Panel) -> None:
    panel.table = None
    panel.edit()
    assert panel.asked == []
    assert not panel.requests.late


def test_why_there_is_no_answer_is_passed_on_unless_another_is_coming(panel: Panel) -> None:
    panel.edit()
    panel.edit()
    panel.worker.failed.emit("preview", 2, "too slow")
    assert panel.missed == []
    panel.worker.failed.emit("preview", 3, "lost")
    assert panel.missed == ["lost"]
    assert not panel.requests.late


def test_a_question_that_went_away_is_asked_again(qtbot: QtBot, panel: Panel) -> None:
    panel.edit()
    panel.worker.idle = True
    panel.requests.settle()
    qtbot.waitUntil(lambda: panel.asked == [2, 2])


def test_an_answer_that_settles_everything_is_taken_as_what_it_is(qtbot: QtBot, panel: Panel) -> None:
    panel.edit()
    panel.worker.idle = True
    panel.requests.settle()  # whoever heard it first says that all is settled
    panel.worker.answer(2)
    qtbot.wait(1)
    assert panel.asked == [2]
    assert panel.shown == [2]
