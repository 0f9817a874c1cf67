from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from datagen_app.document.change import Change
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.step import Step
from datagen_app.document.steps.fixes import apply_fix
from datagen_app.document.steps.layout import set_layout
from datagen_app.document.steps.removal import delete
from datagen_app.document.steps.values import set_value
from datagen_app.preview.client import Client
from datagen_app.preview.command import start_worker
from datagen_app.shell.session import Session
from datagen_engine import Edit
from tests.app.conftest import SHOP, WAIT


class Desk:
    """A session, and what it says."""

    def __init__(self, qtbot: QtBot, client: Client) -> None:
        self.qtbot, self.client = qtbot, client
        self.session = Session(client)
        self.changes: list[Change] = []
        self.troubles: list[str] = []
        self.session.changed.connect(self.changes.append)
        self.session.troubled.connect(self.troubles.append)

    @property
    def opened(self) -> OpenDocument:
        assert self.session.open_document is not None
        return self.session.open_document

    def open(self, path: Path) -> None:
        with self.qtbot.waitSignal(self.session.settled, timeout=WAIT):
            self.session.open(path)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.busy, timeout=WAIT)

    def set(self, path: tuple[str | int, ...], value: Any, focus: str = "") -> bool:
        return self.session.do(set_value(self.opened.now, path, value, "Set", focus))

    def rows(self) -> dict[str, int]:
        return {table: rows for table, (rows, _) in self.session.knowledge.counts.items()}


@pytest.fixture
def real(qtbot: QtBot) -> Iterator[Desk]:
    """A desk over the real worker."""
    client = Client(start_worker())
    yield Desk(qtbot, client)
    client.close()


@pytest.fixture
def desk(qtbot: QtBot, client: Client, schema: Path) -> Desk:
    made = Desk(qtbot, client)
    made.open(schema)
    return made


ROWS = ("nodes", 0, "rows")


def test_an_edit_is_told_and_the_worker_s_answers_follow(desk: Desk) -> None:
    assert desk.rows()["customer"] == 100
    assert desk.set(ROWS, 7)
    assert [(change.kind, change.paths) for change in desk.changes] == [("do", (ROWS,))]
    desk.settle()
    assert desk.rows()["customer"] == 7
    desk.session.undo()
    desk.settle()
    assert desk.rows()["customer"] == 100
    desk.session.redo()
    desk.settle()
    assert desk.rows()["customer"] == 7


def test_many_edits_at_once_are_answered_for_the_last(desk: Desk) -> None:
    for rows in range(60):
        desk.set(ROWS, rows)
    desk.settle()
    assert desk.rows()["customer"] == 59
    assert desk.session.verdict == "checked"


def test_problems_are_carried_to_where_edits_lead(desk: Desk) -> None:
    (found,) = desk.session.knowledge.problems
    assert found[1].path == ("nodes", 1, "columns", 2)
    desk.session.do(Step("Move", (Edit("move", ("nodes",), 1, 0),)))
    (found,) = desk.session.knowledge.problems  # before the worker has answered
    assert found[1].path == ("nodes", 0, "columns", 2)
    assert found[0] == desk.opened.now.place_of("order", "total")
    desk.settle()
    (found,) = desk.session.knowledge.problems
    assert found[1].path == ("nodes", 0, "columns", 2)


def test_what_is_gone_leaves_the_selection_and_takes_its_problems_with_it(desk: Desk) -> None:
    total, customer = desk.opened.now.place_of("order", "total"), desk.opened.now.place_of("customer")
    desk.session.selection.select_all([customer, total])
    desk.session.do(delete(desk.opened.now, [desk.opened.now.place_of("order")]))
    assert desk.session.selection.places == (customer,)
    assert desk.session.knowledge.problems == []
    desk.session.do(delete(desk.opened.now, [customer]))
    assert desk.session.selection.place == Place()


def test_positions_are_no_news_to_the_checker(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = desk.client.ask

    def listen(what: str, revision: int, **details: Any) -> None:
        asked.append(what)
        ask(what, revision, **details)

    monkeypatch.setattr(desk.client, "ask", listen)
    first = desk.opened.now.tables[0].key
    desk.session.do(set_layout(desk.opened.now, {first: (8, 8)}))
    assert asked == ["diagram"]
    desk.settle()


def test_while_a_gesture_goes_on_the_worker_follows_and_is_asked_when_it_ends(desk: Desk) -> None:
    gesture = desk.opened.gesture("Drag")
    gesture.show([Edit("set", ROWS, 100, 5)])
    gesture.show([Edit("set", ROWS, 100, 6)])
    assert not desk.session.busy
    assert not desk.set(ROWS, 9)
    assert "not while something is being dragged" in desk.troubles[0]
    gesture.keep()
    desk.settle()
    assert desk.rows()["customer"] == 6
    gesture = desk.opened.gesture("Drag")
    gesture.show([Edit("set", ROWS, 100, 5)])
    gesture.cancel()
    desk.settle()
    assert desk.rows()["customer"] == 6


def test_what_does_not_apply_is_said_and_nothing_changes(desk: Desk) -> None:
    assert not desk.session.do(Step("Rename it", (Edit("set", ("nodes", 9), None, 1),)))
    assert desk.troubles == [
        "Rename it: this is not possible any more: there is nothing at /nodes/9 any more."
    ]
    assert desk.changes == []


def test_a_worker_that_dies_is_given_the_document_as_it_is_now(real: Desk, schema: Path) -> None:
    desk, client = real, real.client
    desk.open(schema)
    desk.set(ROWS, 7)
    assert client.process_id is not None
    os.kill(client.process_id, signal.SIGKILL)
    desk.qtbot.waitUntil(lambda: bool(desk.troubles), timeout=WAIT)
    assert "another has taken its place" in desk.troubles[0]
    desk.set(ROWS, 8)
    desk.settle()
    assert desk.rows()["customer"] == 8


def test_the_real_worker_follows_step_by_step_and_its_fixes_apply(real: Desk, tmp_path: Path) -> None:
    schema = tmp_path / "shop.json"
    tree = json.loads(json.dumps(SHOP))
    del tree["nodes"][1]["columns"][2]["x-problems"], tree["nodes"][2]["rows"]
    schema.write_text(json.dumps(tree, indent=2))
    desk = real
    desk.open(schema)
    assert [problem for _, problem in desk.session.knowledge.problems if problem.severity == "error"] == []

    def mistyped() -> Problem:
        problems = [problem for _, problem in desk.session.knowledge.problems]
        return next(
            problem for problem in problems if problem.fix and problem.path[-2:] == ("lookup", "from")
        )

    desk.set(("nodes", 1, "columns", 1, "generator", "lookup", "from"), "custmer.customer_id")
    desk.settle()
    problem = mistyped()
    desk.session.do(Step("Move", (Edit("move", ("nodes",), 1, 0),)))
    problem = mistyped()
    assert desk.session.do(apply_fix(desk.opened.now, problem))
    assert "customer.customer_id" in desk.opened.now.text
    desk.settle()
    assert [problem for _, problem in desk.session.knowledge.problems if problem.severity == "error"] == []
    with pytest.raises(LookupError):
        apply_fix(desk.opened.now, problem)


def test_duplicate_keys_are_reported_until_they_are_gone(real: Desk, tmp_path: Path) -> None:
    schema = tmp_path / "twice.json"
    schema.write_text('{"version": "1.0", "nodes": [], "rows": 1, "rows": 2}')
    desk = real
    desk.open(schema)

    def codes() -> list[str]:
        return [problem.code for _, problem in desk.session.knowledge.problems]

    assert "duplicate-key" in codes()
    desk.set(("version",), "1.1")
    desk.settle()
    assert "duplicate-key" in codes()
    desk.session.do(Step("Remove", (Edit("remove", ("rows",)),)))
    desk.settle()
    assert "duplicate-key" not in codes()
    assert desk.opened.now.text == '{"version": "1.1", "nodes": []}'


def test_a_file_that_is_no_text_can_be_looked_at_only(real: Desk, tmp_path: Path) -> None:
    schema = tmp_path / "latin.json"
    schema.write_bytes('{"version": "é"}'.encode("latin-1"))
    desk = real
    desk.open(schema)
    assert "not read whole" in desk.opened.refusal
    assert not desk.session.do(Step("x", (Edit("set", (), None, {}),)))


def test_read_again_is_a_step_that_can_be_taken_back(desk: Desk, schema: Path) -> None:
    place = desk.opened.now.place_of("order", "total")
    desk.session.selection.select(place)
    desk.set(ROWS, 7)
    mine = desk.opened.now.text
    schema.write_text(json.dumps({**SHOP, "nodes": SHOP["nodes"][1:]}))
    desk.session.reload()
    desk.settle()
    assert desk.changes[-1].kind == "load"
    assert not desk.opened.modified
    assert desk.session.selection.place == place
    desk.settle()
    assert set(desk.rows()) == {"order", "channel"}
    desk.session.undo()
    assert desk.opened.now.text == mine
    desk.settle()
    assert desk.rows()["customer"] == 7


def test_a_file_that_cannot_be_opened_leaves_the_one_that_is(desk: Desk, tmp_path: Path) -> None:
    desk.session.open(tmp_path / "missing.json")
    desk.set(ROWS, 7)
    desk.qtbot.waitUntil(lambda: bool(desk.troubles), timeout=WAIT)
    desk.settle()
    desk.set(ROWS, 8)
    desk.settle()
    assert desk.rows()["customer"] == 8
