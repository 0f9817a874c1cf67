from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from datagen_app.preview.client import GIVE_UP, Client
from datagen_app.process import Launched
from tests.app.conftest import WAIT, stand_in

Maker = Callable[..., Client]


@pytest.fixture
def make() -> Iterator[Maker]:
    """Make clients whose workers have these moods, one after the other, and then good ones."""
    made: list[Client] = []

    def client(*moods: str, patience: float = 30.0) -> Client:
        waiting = list(moods)

        def start() -> Launched:
            return stand_in(waiting.pop(0) if waiting else "worker")

        made.append(Client(start=start, patience=patience))
        return made[-1]

    yield client
    for each in made:
        each.close()


class Heard:
    """Write down what a client says."""

    def __init__(self, client: Client) -> None:
        self.answers: list[tuple[str, int]] = []
        self.failures: list[tuple[str, int, str]] = []
        self.notices: list[str] = []
        client.answered.connect(self._answer)
        client.failed.connect(self._failure)
        client.replaced.connect(self._notice)

    def _answer(self, what: str, revision: int, answer: Any) -> None:
        self.answers.append((what, revision))

    def _failure(self, what: str, revision: int, why: str) -> None:
        self.failures.append((what, revision, why))

    def _notice(self, notice: str) -> None:
        self.notices.append(notice)


def ask_all(client: Client, schema: Path, revision: int) -> None:
    client.ask("open", revision, path=str(schema))
    client.ask("check", revision, seed=1)
    client.ask("diagram", revision)


def test_questions_are_answered_in_their_order(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make()
    heard = Heard(client)
    ask_all(client, schema, 1)
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    assert heard.answers == [("open", 1), ("check", 1), ("diagram", 1)]


def test_a_newer_question_takes_the_place_of_one_that_waits(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make()
    heard = Heard(client)
    client.ask("open", 1, path=str(schema))
    for scale in (1.0, 2.0, 3.0):
        client.ask("counts", 1, scale=scale, seed=1, exact=False)
        client.ask("counts", 1, scale=scale, seed=1, exact=True)
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    assert heard.answers == [("open", 1), ("counts", 1), ("counts", 1)]


def test_opening_another_drops_what_waits_about_the_one_before(
    qtbot: QtBot, make: Maker, schema: Path
) -> None:
    client = make()
    heard = Heard(client)
    ask_all(client, schema, 1)
    client.ask("examples")
    client.ask("open", 2, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    assert heard.answers == [("open", 1), ("examples", 0), ("open", 2)]


@pytest.mark.parametrize(
    ("mood", "patience", "why"),
    [
        ("worker-dies", 30.0, "ended by signal 9 (no memory left)"),
        ("worker-hangs", 1.5, "did not answer for 1.5 seconds"),
        ("worker-babbles", 30.0, "no answer (this is no JSON)"),
    ],
)
def test_a_lost_worker_is_replaced_and_goes_on_with_the_document(
    qtbot: QtBot, make: Maker, schema: Path, mood: str, patience: float, why: str
) -> None:
    client = make(mood, patience=patience)
    heard = Heard(client)
    ask_all(client, schema, 1)
    qtbot.waitUntil(lambda: client.idle and len(heard.notices) == 1, timeout=WAIT)
    assert heard.answers == [("open", 1), ("diagram", 1)]
    assert [failure[:2] for failure in heard.failures] == [("check", 1)]
    assert why in heard.failures[0][2]
    assert "another has taken its place" in heard.notices[0]
    with qtbot.waitSignal(client.answered, timeout=WAIT) as answered:
        client.ask("check", 1, seed=1)
    assert len(answered.args[2]["problems"]) == 1


def test_a_new_worker_is_given_the_text_that_is_shown_not_the_file_as_it_is_now(
    qtbot: QtBot, make: Maker, schema: Path
) -> None:
    client = make("worker-dies")
    heard = Heard(client)
    client.ask("open", 1, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    schema.write_text("{}")
    client.ask("check", 1, seed=1)
    client.ask("diagram", 1)
    with qtbot.waitSignal(client.answered, timeout=WAIT) as answered:
        pass
    assert len(answered.args[2]["places"]) == 3
    assert heard.answers == [("open", 1), ("diagram", 1)]


def rows(client: Client, qtbot: QtBot, revision: int) -> Any:
    """Ask how many rows the worker's copy of the document has."""
    client.ask("counts", revision, scale=1.0, seed=1, exact=False)
    with qtbot.waitSignal(
        client.answered, timeout=WAIT, check_params_cb=lambda what, *_: what == "counts"
    ) as heard:
        pass
    return heard.args[2]["rows"]


def set_rows(value: int, before: int = 100) -> list[dict[str, Any]]:
    return [{"operation": "set", "path": ["nodes", 0, "rows"], "before": before, "after": value}]


def test_the_worker_follows_the_document(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make()
    client.ask("open", 1, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    client.follow(2, set_rows(7), "{}")
    client.follow(3, set_rows(8, 7), "{}")
    assert rows(client, qtbot, 3)["customer"] == [8, True]
    client.follow(4, [], '{"nodes": [{"id": "other", "rows": 3}]}')  # the text says it all
    assert rows(client, qtbot, 4) == {"other": [3, True]}


def test_steps_are_no_answers_and_nobody_waits_for_them(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make()
    client.ask("open", 1, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    heard = Heard(client)
    client.follow(2, set_rows(7), "{}")
    assert not client.pending(2)
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    assert heard.answers == []
    assert heard.failures == []


def test_a_worker_whose_copy_is_another_reads_the_text(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make()
    client.ask("open", 1, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    heard = Heard(client)
    wrong = [{"operation": "remove", "path": ["nowhere"], "before": 1}]
    client.follow(2, wrong, '{"nodes": [{"id": "other", "rows": 3}]}')
    assert rows(client, qtbot, 2) == {"other": [3, True]}
    assert heard.failures == []


def test_a_new_worker_is_given_the_document_as_it_is_now(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make("worker-dies")
    heard = Heard(client)
    client.ask("open", 1, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    client.ask("check", 1, seed=1)  # it dies of this
    client.follow(2, set_rows(7), '{"nodes": [{"id": "customer", "rows": 7}]}')
    assert rows(client, qtbot, 2) == {"customer": [7, True]}
    assert len(heard.notices) == 1


def test_while_another_is_opened_in_vain_the_document_is_followed_all_the_same(
    qtbot: QtBot, make: Maker, schema: Path
) -> None:
    client = make()
    client.ask("open", 1, path=str(schema))
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    heard = Heard(client)
    client.ask("open", 2, path=str(schema.with_name("missing.json")))
    client.follow(3, set_rows(7), '{"nodes": [{"id": "customer", "rows": 7}]}')
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    assert [failure[:2] for failure in heard.failures] == [("open", 2)]
    assert rows(client, qtbot, 3) == {"customer": [7, True]}


def test_a_worker_that_never_starts_is_given_up_and_everyone_is_told(
    qtbot: QtBot, make: Maker, schema: Path
) -> None:
    client = make(*["nonsense"] * 20)
    heard = Heard(client)
    ask_all(client, schema, 1)
    qtbot.waitUntil(lambda: len(heard.notices) >= GIVE_UP, timeout=WAIT)
    assert "does not start" in heard.notices[-1]
    assert sorted(failure[0] for failure in heard.failures) == ["check", "diagram", "open"]
    assert client.process_id is None


def test_a_program_that_is_not_there_is_given_up_too(qtbot: QtBot, schema: Path) -> None:
    starts = iter([partial(stand_in, "nonsense")])

    def start() -> Launched:
        for known in starts:
            return known()
        raise FileNotFoundError("no python here")

    client = Client(start=start)
    heard = Heard(client)
    client.ask("check", 1, seed=1)
    qtbot.waitUntil(lambda: bool(heard.notices), timeout=WAIT)
    assert "no python here" in heard.notices[-1]
    client.close()


def test_closing_ends_the_worker(qtbot: QtBot, make: Maker) -> None:
    client = make()
    qtbot.waitUntil(lambda: client.ready, timeout=WAIT)
    client.close()
    assert client.process_id is None


def test_closing_does_not_wait_for_one_that_hangs(qtbot: QtBot, make: Maker, schema: Path) -> None:
    client = make("worker-hangs")
    qtbot.waitUntil(lambda: client.ready, timeout=WAIT)
    client.ask("check", 1, seed=1)
    client.close(seconds=1)
    assert client.process_id is None
