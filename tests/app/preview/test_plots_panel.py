from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from datagen_app.preview.client import Client
from datagen_app.preview.figures import (
    Bars,
    Figures,
    Pair,
    Timeline,
    is_text,
    pair_sentence,
    rows_of_data,
    sentence,
)
from datagen_app.preview.plots_panel import PlotsPanel
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme
from tests.app.conftest import WAIT

HEAT = [[(day + 1) * (hour + 1) / 8_400 for hour in range(24)] for day in range(7)]
NUMBERS = Figures(
    "order",
    "total",
    "float",
    "numbers",
    1_000,
    5_000,
    bars=Bars(
        [0.25, 0.5, 0.25],
        [0, 1, 2, 3],
        (),
        [0.5, 0.25, 0.25],
        [0.3, 0.4, 0.3],
        ([0.5, 1.5, 2.5], [0.3, 0.4, 0.3]),
    ),
    low="0.1",
    high="2.9",
    mean=1.5,
    median=1.4,
    distinct=900,
    timeline=Timeline([0.0, 8.64e10, 1.728e11], [1.0, None], [1.0, 1.2], "mean"),
    modified=True,
    law="lognormal",
)
TIMES = Figures(
    "order",
    "at",
    "datetime",
    "times",
    1_000,
    1_000,
    bars=Bars([0.5, 0.5], [0.0, 8.64e10, 1.728e11]),
    low="1970-01-01",
    high="1970-01-02",
    timeline=Timeline([0.0, 8.64e10, 1.728e11], [0.5, 0.5], [0.5, 0.5], "rows", HEAT),
)
WORDS = Figures(
    "order",
    "state",
    "string",
    "words",
    1_000,
    1_000,
    nulls=100,
    distinct=3,
    bars=Bars([0.6, 0.3, 0.1], labels=["paid", "sent", "new"], declared=[0.6, 0.3, 0.1]),
)


def test_each_kind_is_said_in_a_sentence() -> None:
    assert sentence(NUMBERS) == (
        "total: 1,000 of 5,000 rows, from 0.1 to 2.9, mean 1.5, median 1.4, no nulls."
    )
    assert (
        sentence(WORDS) == "state: 1,000 rows, 3 different values, most often paid with 60.0 %, 10.0 % null."
    )
    assert sentence(TIMES).endswith("busiest Sun at 23 h, 46.4 % at weekends, no nulls.")
    fanout = Figures(
        "order", "", "int", "fanout", 9, 9, low="0", high="4", mean=1.5, law="poisson", modified=True
    )
    assert sentence(fanout) == (
        "Children in order of each parent: 9 parents, from 0 to 4, mean 1.5, "
        "drawn from a poisson fanout, times what multiplies it."
    )
    assert pair_sentence(Pair("t", ("a", "b"), 5, 5)) == "a against b: 5 rows, one of them does not vary."


def test_a_text_of_its_own_in_every_row_is_no_matter_for_bars() -> None:
    assert is_text(
        Figures("t", "name", "string", "words", 100, 100, distinct=99, bars=Bars([0.01], labels=["x"]))
    )
    assert not is_text(WORDS)


def test_figures_come_from_json_and_go_into_a_sheet() -> None:
    assert Figures.from_json(asdict(TIMES)).timeline == TIMES.timeline
    assert rows_of_data(NUMBERS)[:2] == [
        ["from", "to", "share", "before modifiers", "declared"],
        ["0", "1", "0.25", "0.5", "0.3"],
    ]
    assert rows_of_data(TIMES)[1][:2] == ["1970-01-01", "1970-01-02"]


# -- the plots --------------------------------------------------------------------------------------------


def test_every_plot_draws_its_figures_and_says_what_is_where(qtbot: QtBot, theme: Theme) -> None:
    from datagen_app.preview.plots import BarsPlot, HeatPlot, PairPlot, TimelinePlot

    bars = BarsPlot(theme)
    qtbot.addWidget(bars)
    for figures in (NUMBERS, WORDS, TIMES, None, WORDS, NUMBERS):
        bars.show_figures(figures)
    assert bars.said_at(1.5, 0.1) == "1 … 2: 50.00 %\nwithout modifiers 25.00 %\ndeclared 40.00 %"
    bars.show_figures(WORDS)
    assert bars.said_at(0.1, 1.2) == "sent: 30.00 %\ndeclared 30.00 %"
    timeline = TimelinePlot(theme)
    qtbot.addWidget(timeline)
    for one in (NUMBERS.timeline, TIMES.timeline, None, TIMES.timeline):
        timeline.show_timeline(one)
    assert timeline.said_at(100.0, 0.5) == "1970-01-01: 50.00 % of the rows"
    heat = HeatPlot(theme)
    qtbot.addWidget(heat)
    heat.show_heat(HEAT)
    assert heat.said_at(23.5, 6.5) == "Sun 23 h: 2.00 % of the rows"
    pair = PairPlot(theme)
    qtbot.addWidget(pair)
    pair.show_pair(Pair("t", ("a", "b"), 3, 3, [1.0, 2.0, 3.0], [3.0, 2.0, 1.0], ("numbers", "times"), -1.0))
    theme.choose("dark")
    theme.choose("light")


# -- the panel --------------------------------------------------------------------------------------------


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, client: Client, schema: Any) -> Iterator[PlotsPanel]:
    session = Session(client)
    made = PlotsPanel(session, theme)
    made.resize(1_000, 300)
    made.show()
    qtbot.waitUntil(lambda: made.bars is not None, timeout=WAIT)
    session.open(schema)
    qtbot.waitUntil(lambda: session.document is not None, timeout=WAIT)
    yield made
    made.close()
    made.deleteLater()


def show(panel: PlotsPanel, figures: Figures, pair: Pair | None = None) -> None:
    """Let an answer arrive."""
    panel._take({"figures": asdict(figures), "pair": None if pair is None else asdict(pair)})


def select(panel: PlotsPanel, table: str, column: str | None = None) -> None:
    document = panel._session.document
    assert document is not None
    panel._session.selection.select(document.place_of(table, column))


def test_without_a_selection_it_says_what_to_do(panel: PlotsPanel) -> None:
    assert panel.nothing.text() == "Select a table or a column to see its distribution."


def test_the_plots_follow_the_selection(panel: PlotsPanel) -> None:
    select(panel, "order", "total")
    assert panel.columns.currentData() == "total"
    show(panel, NUMBERS)
    assert panel.pages.currentWidget() is panel.plots
    assert panel.sentence.startswith("total: 1,000 of 5,000 rows")
    assert panel.timeline.isVisible()
    assert not panel.heat.isVisible()
    show(panel, TIMES)
    assert panel.heat.isVisible()
    select(panel, "order")
    assert panel.columns.currentData() == ""


def test_a_column_is_chosen_from_the_list(panel: PlotsPanel) -> None:
    select(panel, "order", "total")
    panel.columns.setCurrentIndex(panel.columns.findData("customer_id"))
    document = panel._session.document
    assert document is not None
    assert panel._session.selection.place == document.place_of("order", "customer_id")


def test_one_against_another(panel: PlotsPanel) -> None:
    select(panel, "order", "total")
    panel.against.setCurrentIndex(panel.against.findData("order_id"))
    wanted = panel._wanted()
    assert wanted is not None
    assert wanted[1]["other"] == "order_id"
    show(panel, NUMBERS, Pair("order", ("total", "order_id"), 9, 9, [1.0, 2.0], [2.0, 1.0], correlation=-0.9))
    assert panel.pair.isVisible()
    assert not panel.timeline.isVisible()
    assert "against each other" in panel.sentence


def test_why_there_is_no_plot_is_said_and_the_last_one_stays_marked(panel: PlotsPanel) -> None:
    select(panel, "order", "total")
    panel._miss("there is no column 'x'")
    assert panel.nothing.text() == "there is no column 'x'"
    show(panel, NUMBERS)
    panel._miss("there is no column 'x'")
    assert panel.pages.currentWidget() is panel.plots
    assert "Not of the present document: there is no column 'x'" in panel.sentence


def test_picture_and_data_are_copied(panel: PlotsPanel) -> None:
    select(panel, "order", "total")
    show(panel, NUMBERS)
    panel.data.click()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "0\t1\t0.25\t0.5\t0.3"
    panel.picture.click()
    assert not QGuiApplication.clipboard().pixmap().isNull()
