from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import datagen_engine as datagen
from datagen_app.document.place import Place
from datagen_app.document.steps.values import set_value
from datagen_app.preview.client import Client
from datagen_app.preview.command import start_worker
from datagen_app.preview.preview_panel import PreviewPanel
from datagen_app.preview.rows_cells import door
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme
from tests.app import hands
from tests.app.conftest import WAIT, stand_in


class Desk:
    """A panel over a real worker, with a schema open."""

    def __init__(self, qtbot: QtBot, theme: Theme, client: Client) -> None:
        self.qtbot = qtbot
        self.client = client
        self.session = Session(client)
        self.troubles: list[str] = []
        self.session.troubled.connect(self.troubles.append)
        self.panel = PreviewPanel(self.session, theme)
        self.panel.resize(1100, 420)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    def open(self, path: Path, table: str) -> None:
        self.session.open(path)
        self.qtbot.waitUntil(lambda: self.session.document is not None, timeout=WAIT)
        self.select(table)
        self.qtbot.waitUntil(lambda: not self.session.busy, timeout=WAIT)

    def select(self, table: str, column: str | None = None) -> None:
        document = self.session.document
        assert document is not None
        self.session.selection.select(document.place_of(table, column))
        self.wait()

    def wait(self) -> None:
        """Wait until the rows are those of the document as it is."""
        self.qtbot.waitUntil(self.settled, timeout=WAIT)

    def settled(self) -> bool:
        return not self.panel.requests.late and (self.panel.rows.rowCount() > 0 or self.panel._trouble != "")

    def set(self, path: tuple[str | int, ...], value: Any, focus: str = "") -> None:
        document = self.session.document
        assert document is not None
        assert self.session.do(set_value(document, path, value, "Edit", focus))

    def cells(self, column: str) -> list[str | None]:
        return list(next(one for one in self.panel.rows.columns if one.name == column).cells)

    def path(self, table: str, column: str) -> tuple[str | int, ...]:
        document = self.session.document
        assert document is not None
        return document.path_of(document.place_of(table, column))

    def drawn(self, table: str, n: int) -> dict[str, list[str]]:
        """Return the first rows as a run of the document as it is would write them, as texts."""
        document = self.session.document
        assert document is not None
        found = datagen.preview(dict(document.root), table, n, seed=self.session.profile.seed)
        return {name: [str(value) for value in found.column(name).to_pylist()] for name in found.column_names}

    def close(self) -> None:
        self.panel.close()
        self.panel.deleteLater()
        self.session.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.qtbot.waitUntil(lambda: self.client.idle, timeout=WAIT)


@pytest.fixture(scope="module")
def worker(qapp: QApplication) -> Iterator[Client]:
    """A real worker, the same for all tests that do it no harm."""
    made = Client(start=start_worker)
    while not made.ready:  # what starts it is there before the first test counts what is running
        qapp.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, worker: Client) -> Iterator[Desk]:
    made = Desk(qtbot, theme, worker)
    yield made
    made.close()


@pytest.fixture
def alone(qtbot: QtBot, theme: Theme) -> Iterator[Desk]:
    """A panel with a worker of its own, to be done harm to."""
    client = Client(start=start_worker)
    made = Desk(qtbot, theme, client)
    made.open(datagen.examples()["schema"], "rental")
    yield made
    made.close()
    client.close()


@pytest.fixture
def shop(desk: Desk) -> Desk:
    desk.open(datagen.examples()["schema"], "rental")
    return desk


FEE = ("generator", "distribution", "params", "mean")


def test_the_first_rows_of_the_selected_table_are_shown(shop: Desk) -> None:
    assert shop.panel.rows.rowCount() == 100
    assert shop.cells("rental_id") == shop.drawn("rental", 100)["rental_id"]
    shop.select("bike")
    assert shop.cells("bike_id") == shop.drawn("bike", 100)["bike_id"]
    assert "first 100 rows of 120" in shop.panel.about.text()


def test_without_a_selection_the_first_table_is_shown(desk: Desk) -> None:
    desk.session.open(datagen.examples()["schema"])
    desk.qtbot.waitUntil(lambda: desk.panel.rows.rowCount() > 0, timeout=WAIT)
    assert desk.panel.title.text() == "bike_model"


def test_another_number_of_rows_and_another_seed(shop: Desk) -> None:
    shop.panel.number.setCurrentIndex(0)
    shop.wait()
    assert shop.panel.rows.rowCount() == 20
    before = shop.cells("started_at")
    shop.session.profile.set_seed(7)
    shop.wait()
    assert shop.cells("started_at") != before


def test_an_edit_changes_what_is_shown_and_marks_it(shop: Desk) -> None:
    shop.panel.set_reduced_motion(True)
    path = (*shop.path("rental", "rental_id"), "generator", "sequence")
    shop.set(path, {"start": 77_000})
    shop.wait()
    assert shop.cells("rental_id")[0] == "77000"
    assert shop.panel.rows.changed >= 100
    shop.session.undo()
    shop.wait()
    assert shop.cells("rental_id") == shop.drawn("rental", 100)["rental_id"]


def test_200_edits_at_typing_speed_leave_exactly_the_last_state(shop: Desk) -> None:
    dice = random.Random(4)
    places = [
        (*shop.path("rental", "rental_id"), "generator", "sequence"),
        (*shop.path("bike", "bike_id"), "generator", "sequence"),
    ]
    for number in range(200):
        start = {"start": dice.randrange(1, 10_000)}
        shop.set(dice.choice(places), start, focus="field" if number % 3 else "")
        shop.qtbot.wait(dice.randrange(0, 12))
    shop.wait()
    for column in ("rental_id", "bike_id"):
        assert shop.cells(column) == shop.drawn("rental", 100)[column]


def test_an_error_shows_at_its_column_and_the_last_rows_stay(shop: Desk) -> None:
    before = shop.cells("rental_id")
    path = (*shop.path("rental", "bike_id"), "generator", "lookup", "from")
    shop.set(path, "nobody.bike_id")
    shop.qtbot.waitUntil(lambda: shop.panel.fault.isVisible(), timeout=WAIT)
    shop.wait()
    column = next(one for one in shop.panel.rows.columns if one.name == "bike_id")
    assert "nobody" in column.error
    assert column.stale
    assert len(column.cells) == 100
    assert shop.cells("rental_id") == before
    shop.panel.fault.click()
    document = shop.session.document
    assert document is not None
    assert shop.session.selection.place == document.place_of("rental", "bike_id")
    shop.session.undo()
    shop.qtbot.waitUntil(lambda: not shop.panel.fault.isVisible(), timeout=WAIT)


def test_off_it_stays_as_it_was_until_it_is_on_again(shop: Desk) -> None:
    shop.panel.live.setChecked(False)
    before = shop.cells("rental_id")
    shop.set((*shop.path("rental", "rental_id"), "generator", "sequence"), {"start": 5_000})
    assert not shop.panel.requests.late
    assert "not live" in shop.panel.about.text()
    assert shop.cells("rental_id") == before
    shop.panel.live.setChecked(True)
    shop.qtbot.waitUntil(lambda: shop.cells("rental_id")[0] == "5000", timeout=WAIT)


def test_moving_a_card_draws_nothing(shop: Desk) -> None:
    asked: list[str] = []
    shop.client.answered.connect(lambda what, revision, answer: asked.append(what))
    document = shop.session.document
    assert document is not None
    shop.set(("metadata", "name"), "Another name")
    shop.qtbot.waitUntil(lambda: shop.client.idle, timeout=WAIT)
    assert "preview" not in asked


# -- explaining -------------------------------------------------------------------------------------------


def index_of(desk: Desk, row: int, column: str) -> Any:
    at = next(at for at, one in enumerate(desk.panel.rows.columns) if one.name == column)
    return desk.panel.rows.index(row, at)


def explain(desk: Desk, row: int, column: str) -> None:
    desk.panel.table.setCurrentIndex(index_of(desk, row, column))
    desk.panel.table.scrollTo(index_of(desk, row, column))
    hands.key(desk.panel.table, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.panel.strip.trace.get("column") == column, timeout=WAIT)


def test_enter_explains_the_value(shop: Desk) -> None:
    lit: list[list[Place]] = []
    shop.panel.lit.connect(lit.append)
    explain(
        shop,
        3,
        "fee_cents" if "fee_cents" in dict.fromkeys(c.name for c in shop.panel.rows.columns) else "bike_id",
    )
    strip = shop.panel.strip
    assert strip.isVisible()
    assert strip.trace["row"] == 3
    assert len(strip.cards) == len(strip.trace["stages"])
    assert strip.value.text() == strip.trace["text"]
    assert lit[-1]


def test_a_click_explains_and_escape_closes(shop: Desk) -> None:
    lit: list[list[Place]] = []
    shop.panel.lit.connect(lit.append)
    index = index_of(shop, 0, "rental_id")
    hands.click(shop.panel.table.viewport(), shop.panel.table.visualRect(index).center())
    shop.qtbot.waitUntil(shop.panel.strip.isVisible, timeout=WAIT)
    hands.key(shop.panel.table, Qt.Key.Key_Escape)
    assert not shop.panel.strip.isVisible()
    assert lit[-1] == []


def test_a_stage_is_a_door_to_its_form(shop: Desk) -> None:
    explain(shop, 2, "bike_id")
    shop.session.selection.select(Place())
    shop.panel.strip.focus_stage(0)
    hands.click(shop.panel.strip.cards[0])
    document = shop.session.document
    assert document is not None
    assert shop.session.selection.place == document.place_of("rental", "bike_id")


def test_arrow_keys_move_along_the_stages(shop: Desk) -> None:
    explain(shop, 2, "started_at")
    strip = shop.panel.strip
    assert len(strip.cards) > 1
    strip.focus_stage(0)
    assert strip.words.text() == strip.trace["stages"][0]["words"]
    hands.key(strip.cards[0], Qt.Key.Key_Right)
    assert strip.words.text() == strip.trace["stages"][1]["words"]
    assert all(card.accessibleName() and card.accessibleDescription() for card in strip.cards)


def test_a_change_shows_in_the_explanation_before_your_eyes(shop: Desk) -> None:
    explain(shop, 0, "rental_id")
    shop.set((*shop.path("rental", "rental_id"), "generator", "sequence"), {"start": 4_321})
    shop.qtbot.waitUntil(lambda: shop.panel.strip.value.text() == "4321", timeout=WAIT)


def test_any_row_can_be_explained(shop: Desk) -> None:
    shop.panel.explain_value("rental", 4_000, "bike_id")
    shop.qtbot.waitUntil(lambda: shop.panel.strip.trace.get("row") == 4_000, timeout=WAIT)


# -- rows of other tables ---------------------------------------------------------------------------------


def test_the_arrow_of_a_reference_opens_the_row_that_it_reads(shop: Desk) -> None:
    index = index_of(shop, 1, "bike_id")
    table = shop.panel.table
    table.scrollTo(index)
    target = shop.panel.rows.target(index.row(), index.column())
    assert target is not None
    area = table.visualRect(index)
    hands.move(table.viewport(), area.center())
    hands.click(table.viewport(), QPoint(door(area).center()))
    shop.qtbot.waitUntil(lambda: shop.panel.title.text() == "bike" and shop.settled(), timeout=WAIT)
    row = table.currentIndex().row() + shop.panel.rows.first
    assert row == target[1]
    document = shop.session.document
    assert document is not None
    assert shop.session.selection.place == document.place_of("bike")


def test_back_to_the_first_rows(shop: Desk) -> None:
    shop.panel.show_row("rental", 500)
    shop.qtbot.waitUntil(lambda: shop.panel.rows.first > 0, timeout=WAIT)
    assert shop.panel.home.isVisible()
    shop.panel.home.click()
    shop.qtbot.waitUntil(lambda: shop.panel.rows.first == 0, timeout=WAIT)


# -- a lost worker ----------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_is_replaced_and_the_rows_come_back(alone: Desk) -> None:
    import psutil

    process = alone.client.process_id
    assert process is not None
    psutil.Process(process).kill()
    alone.qtbot.waitUntil(lambda: bool(alone.troubles), timeout=WAIT)
    assert "another has taken its place" in alone.troubles[0]
    alone.set((*alone.path("rental", "rental_id"), "generator", "sequence"), {"start": 900})
    alone.qtbot.waitUntil(lambda: alone.cells("rental_id")[0] == "900", timeout=WAIT)


def test_a_worker_that_dies_of_the_question_leaves_the_window_alive(alone: Desk) -> None:
    import psutil

    before = alone.cells("rental_id")
    process = alone.client.process_id
    assert process is not None
    alone.set((*alone.path("rental", "rental_id"), "generator", "sequence"), {"start": 900})
    psutil.Process(process).kill()
    alone.qtbot.waitUntil(lambda: bool(alone.troubles), timeout=WAIT)
    assert alone.cells("rental_id") in (before, [str(900 + n) for n in range(100)])
    alone.session.undo()
    alone.qtbot.waitUntil(
        lambda: not alone.panel.requests.late and alone.cells("rental_id") == before, timeout=WAIT
    )


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("worker-dies:preview", "ended by signal 9 (no memory left)"),
        ("worker-hangs:preview", "did not answer for 1.5 seconds"),
        ("worker-babbles:preview", "no answer (this is no JSON)"),
    ],
)
def test_a_worker_that_cannot_preview_is_said_and_the_window_lives(
    qtbot: QtBot, theme: Theme, schema: Path, mood: str, why: str
) -> None:
    client = Client(start=partial(stand_in, mood), patience=1.5)
    desk = Desk(qtbot, theme, client)
    desk.session.open(schema)
    qtbot.waitUntil(lambda: why in desk.panel.nothing.text(), timeout=WAIT)
    assert any(why in trouble for trouble in desk.troubles)
    assert desk.panel.fault.isVisible()
    desk.panel.hide()  # asked no more, the worker has its peace
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    desk.close()
    client.close()
