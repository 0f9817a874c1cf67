"""The editors made by hand, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from datagen_app.inspector.editors.chain import ChainField
from datagen_app.inspector.editors.distribution import DistributionField
from datagen_app.inspector.editors.values import ChoiceField, MappingField, RuleField
from datagen_app.inspector.editors.weights import DimensionField, WeightsField
from datagen_app.inspector.editors.windows import EffectField, WindowField
from datagen_app.inspector.fields.code import CodeField
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.inspector import Inspector
from tests.app.hands import key, move, press, release
from tests.app.inspector.conftest import Session

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
F = TypeVar("F", bound=Field)


@pytest.fixture
def at(inspector: Inspector, session: Session) -> Callable[[str], Inspector]:
    """Select a table or a column by its name."""

    def select(name: str) -> Inspector:
        document = session.opened_now.now
        session.selection.select(document.place_of(*name.split(".")))
        lay_out()
        return inspector

    return select


def lay_out() -> None:
    """Let everything take its place."""
    for _ in range(3):
        QApplication.sendPostedEvents(None, 0)


def the(inspector: Inspector, kind: type[F]) -> F:
    """Return the one field of a kind in the form in front."""
    form = inspector.form
    assert form is not None
    return next(field for field in form.every() if isinstance(field, kind))


def steps(session: Session) -> list[str]:
    return [step.title for step in session.opened_now.steps]


def point(where: QPointF) -> QPoint:
    return where.toPoint()


Select = Callable[[str], Inspector]


# -- weights ----------------------------------------------------------------------------------------------


def weights(session: Session) -> list[float]:
    found: list[float] = session.column("order.ordered_at")["generator"]["datetime_series"]["pattern"][
        "weights"
    ]
    return found


def test_a_bar_is_dragged(at: Select, session: Session) -> None:
    field = the(at("order.ordered_at"), WeightsField)
    bars = field.bars
    top = point(bars.bar(5).center())
    press(bars, top)
    move(bars, point(bars.bar(5).topLeft()) + QPoint(5, 10))
    assert weights(session)[5] < 1.1, "it is seen while it is dragged"
    assert steps(session) == []
    release(bars, top)
    assert steps(session) == ["Change weights of ordered_at"]
    assert field.grid.table.rows[5][1] == f"{weights(session)[5]:g}", "the table follows"
    session.opened_now.undo()
    assert weights(session) == [1, 1, 1, 1, 1, 1.1, 1.1]


def test_esc_gives_a_drag_of_a_bar_up(at: Select, session: Session) -> None:
    bars = the(at("order.ordered_at"), WeightsField).bars
    press(bars, point(bars.bar(2).center()))
    move(bars, QPoint(point(bars.bar(2).center()).x(), 2))
    assert weights(session)[2] != 1
    key(bars, Qt.Key.Key_Escape)
    assert weights(session) == [1, 1, 1, 1, 1, 1.1, 1.1]
    release(bars, QPoint(5, 5))
    assert steps(session) == []


def test_the_arrow_keys_change_a_bar_and_say_it(at: Select, session: Session) -> None:
    bars = the(at("order.ordered_at"), WeightsField).bars
    bars.setFocus()
    key(bars, Qt.Key.Key_End)
    key(bars, Qt.Key.Key_Up)
    one = weights(session)[6] - 1.1
    assert one > 0
    key(bars, Qt.Key.Key_Up, SHIFT)
    assert weights(session)[6] == pytest.approx(1.1 + 11 * one)
    assert bars.accessibleDescription().startswith("Sunday: ")
    key(bars, Qt.Key.Key_Left)
    assert bars.accessibleDescription().startswith("Saturday: 1.1")


def test_weights_are_typed_and_pasted_into_the_table(at: Select, session: Session) -> None:
    field = the(at("order.ordered_at"), WeightsField)
    field.numbers.click()
    grid = field.grid
    assert grid.isVisible()
    grid.setCurrentIndex(grid.table.index(3, 1))
    QGuiApplication.clipboard().setText("2\n3")
    QTest.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert weights(session)[3:5] == [2, 3]
    assert field.bars.weights[3:5] == [2, 3]


def test_a_target_for_the_weekend_is_drawn_and_mended(at: Select, session: Session) -> None:
    field = the(at("order.ordered_at"), WeightsField)
    assert field.bars.band is not None
    assert field.warning.text.text() == "The target asks for 36–50 % at weekends; these weights give 30.6 %."
    assert field.warning.mend.text() == "Scale to 37 %"
    field.warning.mend.click()
    assert field.warning.mend.isHidden()
    scaled = weights(session)
    assert sum(scaled[5:]) / sum(scaled) == pytest.approx(0.37, abs=0.001)


def test_a_preset_and_the_shares(at: Select, session: Session) -> None:
    field = the(at("order.ordered_at"), WeightsField)
    field._take_preset("Weekend")
    assert weights(session)[5] == 1.6
    field.view.click()
    assert field.bars.normalised


def test_another_dimension_has_as_many_weights_as_cells(at: Select, session: Session) -> None:
    inspector = at("order.ordered_at")
    dimension = the(inspector, DimensionField)
    dimension.picker.picked.emit("month")
    assert len(weights(session)) == 12
    dimension.picker.picked.emit("dow")
    assert weights(session) == [1, 1, 1, 1, 1, 1.1, 1.1], "what was there comes back"


# -- distributions ----------------------------------------------------------------------------------------


def normal(session: Session) -> Any:
    return session.column("order.total")["generator"]["distribution"]


def test_a_parameter_is_dragged(at: Select, session: Session) -> None:
    plot = the(at("order.total"), DistributionField).plot
    mean = point(plot.knob_at(0))
    press(plot, mean)
    move(plot, mean + QPoint(40, 0))
    assert normal(session)["params"]["mean"] > 55
    release(plot, mean + QPoint(40, 0))
    assert steps(session) == ["Change distribution of total"]


def test_the_clamp_is_dragged_and_stays_in_order(at: Select, session: Session) -> None:
    plot = the(at("order.total"), DistributionField).plot
    low = point(plot.knob_at(2))
    press(plot, low)
    move(plot, low + QPoint(2000, 0))
    release(plot, low)
    assert normal(session)["clamp"] == [100, 100]


def test_esc_gives_a_drag_of_a_handle_up(at: Select, session: Session) -> None:
    plot = the(at("order.total"), DistributionField).plot
    press(plot, point(plot.knob_at(0)))
    move(plot, QPoint(20, 20))
    key(plot, Qt.Key.Key_Escape)
    release(plot, QPoint(20, 20))
    assert normal(session)["params"] == {"mean": 50, "std": 10}
    assert steps(session) == []


def test_the_arrow_keys_move_a_handle(at: Select, session: Session) -> None:
    plot = the(at("order.total"), DistributionField).plot
    plot.setFocus()
    key(plot, Qt.Key.Key_Right)
    moved = normal(session)["params"]["mean"]
    assert moved > 50
    assert plot.accessibleDescription().startswith(f"Mean: {moved:.4g}")
    key(plot, Qt.Key.Key_Down)
    key(plot, Qt.Key.Key_Left, SHIFT)
    assert normal(session)["params"]["std"] < 10


def test_another_distribution_keeps_what_carries_over(at: Select, session: Session) -> None:
    field = the(at("order.total"), DistributionField)
    field.choose("uniform")
    assert normal(session) == {"type": "uniform", "params": {"low": 32.68, "high": 67.32}, "clamp": [0, 100]}
    field.choose("normal")
    assert normal(session)["params"] == {"mean": 50, "std": 10}


# -- values -----------------------------------------------------------------------------------------------


def chosen(session: Session) -> Any:
    return session.column("customer.segment")["generator"]["choice"]


def test_values_and_weights_stay_together(at: Select, session: Session) -> None:
    field = the(at("customer.segment"), ChoiceField)
    assert [row[2] for row in field.grid.table.rows] == ["75.0 %", "25.0 %"]
    field.append()
    assert chosen(session) == {"choices": ["new", "loyal", "value 3"], "weights": [3, 1, 1]}
    field.grid.moved.emit(2, 0)
    assert chosen(session) == {"choices": ["value 3", "new", "loyal"], "weights": [1, 3, 1]}
    field.grid.setCurrentIndex(field.grid.table.index(0, 0))
    key(field.grid, Qt.Key.Key_Delete)
    assert chosen(session) == {"choices": ["new", "loyal"], "weights": [3, 1]}


def test_values_are_pasted_from_a_spreadsheet(at: Select, session: Session) -> None:
    field = the(at("customer.segment"), ChoiceField)
    field.grid.setCurrentIndex(field.grid.table.index(0, 0))
    field.grid.paste("web\t5\nstore\t2.5\napp\t1\n")
    assert chosen(session) == {"choices": ["web", "store", "app"], "weights": [5, 2.5, 1]}
    assert len(steps(session)) == 1


def test_a_rule_shows_the_shares_that_it_gives(at: Select, session: Session) -> None:
    inspector = at("customer.segment")
    field = the(inspector, ChoiceField)
    field.weighing.picked.emit("zipf")
    assert chosen(session)["weights_kind"] == "zipf@1.2"
    assert field.grid.isColumnHidden(1)
    rule = the(inspector, RuleField)
    rule.numbers.first.setText("0")
    rule.numbers.first.commit()
    assert [row[2] for row in field.grid.table.rows] == ["50.0 %", "50.0 %"]
    field.weighing.picked.emit("weights")
    assert chosen(session) == {"choices": ["new", "loyal"], "weights": [50, 50]}


def test_text_in_a_column_of_text_is_text(at: Select, session: Session) -> None:
    field = the(at("customer.segment"), ChoiceField)
    field.grid.written.emit({(0, 0): "5"})
    assert chosen(session)["choices"] == ["5", "loyal"]


def test_a_mapping_is_filled_with_the_values_of_the_column(at: Select, session: Session) -> None:
    inspector = at("customer.segment")
    the(inspector, ChainField).append("map_values")
    field = the(inspector, MappingField)
    field.fill.click()
    mapping = session.column("customer.segment")["modifiers"][0]["args"]["mapping"]
    assert mapping["loyal"] == "loyal"
    row = list(mapping).index("loyal")
    field.grid.written.emit({(row, 1): "faithful"})
    assert session.column("customer.segment")["modifiers"][0]["args"]["mapping"]["loyal"] == "faithful"


# -- the chain of modifiers -------------------------------------------------------------------------------


def transforms(session: Session) -> list[str]:
    return [modifier["transform"] for modifier in session.column("order.total")["modifiers"]]


def test_modifiers_are_reordered_by_keys(at: Select, session: Session) -> None:
    field = the(at("order.total"), ChainField)
    key(field.cards[0].grip, Qt.Key.Key_Down, ALT)
    assert transforms(session) == ["effect", "multiply", "jitter"]
    assert field.cards[1].grip.hasFocus()
    assert field.cards[1].grip.accessibleDescription() == "Multiply, 2 of 3"


def test_modifiers_are_reordered_by_dragging(at: Select, session: Session) -> None:
    field = the(at("order.total"), ChainField)
    first, last = field.cards[0].grip, field.cards[2]
    press(first, first.rect().center())
    below = first.mapFrom(field, last.geometry().bottomLeft() + QPoint(0, 4))
    move(first, below)
    release(first, below)
    assert transforms(session) == ["effect", "jitter", "multiply"]


def test_esc_puts_a_modifier_back(at: Select, session: Session) -> None:
    field = the(at("order.total"), ChainField)
    first = field.cards[0].grip
    press(first, first.rect().center())
    move(first, QPoint(0, 900))
    key(first, Qt.Key.Key_Escape)
    release(first, QPoint(0, 900))
    assert transforms(session) == ["multiply", "effect", "jitter"]


def test_a_modifier_is_switched_off_and_on(at: Select, session: Session) -> None:
    field = the(at("order.total"), ChainField)
    field.cards[1].switch.click()
    assert transforms(session) == ["multiply", "jitter"]
    assert len(field.cards) == 3
    assert field.cards[1].fold.accessibleDescription() == "switched off"
    field.cards[1].switch.click()
    assert transforms(session) == ["multiply", "effect", "jitter"]
    assert "x-off" not in session.column("order.total")


def test_modifiers_are_added_and_removed(at: Select, session: Session) -> None:
    field = the(at("order.total"), ChainField)
    offered = [choice.key for choice in field._offered()]
    assert "clamp" in offered
    assert "time_jitter" not in offered, "it does nothing to numbers"
    field.add.picked.emit("clamp")
    assert transforms(session)[-1] == "clamp"
    key(field.cards[3].grip, Qt.Key.Key_Delete)
    assert transforms(session) == ["multiply", "effect", "jitter"]


def test_the_worker_shows_what_each_modifier_does(at: Select, session: Session, qtbot: QtBot) -> None:
    field = the(at("order.total"), ChainField)
    qtbot.waitUntil(lambda: bool(session.client.asked))
    assert ("stages", {"table": "order", "column": "total", "n": 1000}) in session.client.asked
    pair = {"before": [0.5, 0.5], "after": [1, 0], "low": "0", "high": "9", "said": "less"}
    while field.cards[0].spark.isHidden():
        asked = session.client.asked[-1][0]
        session.client.answered.emit(asked, 0, {"pairs": [pair] * 3} if asked == "stages" else {})
    assert field.cards[2].spark.accessibleDescription() == "less"


# -- windows ----------------------------------------------------------------------------------------------


def listed(session: Session, name: str) -> list[Any]:
    found: list[Any] = session.column(f"promotion.{name}")["generator"]["enum_list"]["values"]
    return found


def effect(inspector: Inspector) -> EffectField:
    chain = the(inspector, ChainField)
    chain.set_open(1, True)
    chain.refresh()
    return the(inspector, EffectField)


def test_a_window_of_an_effect_is_dragged(at: Select, session: Session, qtbot: QtBot) -> None:
    line = effect(at("order.total")).line
    qtbot.waitUntil(line.isVisible)
    where = point(line.bar(0).center())
    press(line, where)
    move(line, where + QPoint(30, 0))
    release(line, where + QPoint(30, 0))
    assert listed(session, "starts")[0] > "2024-04-10"
    assert steps(session) == ["Change windows of promotion"]


def test_the_arrow_keys_move_a_window_or_an_end_of_it(at: Select, session: Session) -> None:
    line = effect(at("order.total")).line
    line.setFocus()
    key(line, Qt.Key.Key_Down)
    key(line, Qt.Key.Key_Right)
    assert (listed(session, "starts")[1], listed(session, "ends")[1]) == ("2024-12-02", "2024-12-25")
    key(line, Qt.Key.Key_Space)
    key(line, Qt.Key.Key_Left, SHIFT)
    assert listed(session, "starts")[1] == "2024-11-22"
    assert line.accessibleDescription().startswith("Christmas: 2024-11-22 to 2024-12-26, × 1.8")


def test_the_rows_of_an_effect_are_a_table_too(at: Select, session: Session) -> None:
    field = effect(at("order.total"))
    field.numbers.click()
    field.grid.written.emit({(0, 1): "2024-05-01", (0, 3): "1.4"})
    assert listed(session, "starts")[0] == "2024-05-01"
    assert listed(session, "lift")[0] == 1.4


def test_a_window_is_added(at: Select, session: Session) -> None:
    field = effect(at("order.total"))
    field.add.click()
    assert listed(session, "starts")[2] == "2024-07-02"
    assert listed(session, "ends")[2] == "2024-07-15"
    assert listed(session, "title")[2] == "value 3"
    assert listed(session, "lift")[2] == 1.8
    assert len(field.line.rows) == 3


def test_esc_gives_a_drag_of_a_window_up(at: Select, session: Session, qtbot: QtBot) -> None:
    line = effect(at("order.total")).line
    qtbot.waitUntil(line.isVisible)
    where = point(line.bar(0).center())
    press(line, where)
    move(line, where + QPoint(60, 0))
    key(line, Qt.Key.Key_Escape)
    release(line, where)
    assert listed(session, "starts") == ["2024-04-01", "2024-12-01"]


def test_a_window_of_its_own_lies_on_a_line_of_time(at: Select, session: Session) -> None:
    session.do_set(("nodes", 2, "columns", 2, "generator", "datetime_series", "within"),
                   {"start": "2024-02-01", "end": "2024-06-30"})  # fmt: skip
    field = the(at("order.ordered_at"), WindowField)
    field.line.setFocus()
    key(field.line, Qt.Key.Key_Right, SHIFT)
    within = session.column("order.ordered_at")["generator"]["datetime_series"]["within"]
    assert within == {"start": "2024-02-11", "end": "2024-07-10"}


# -- expressions ------------------------------------------------------------------------------------------


def test_an_expression_says_what_it_gives_and_where_it_is_wrong(at: Select, session: Session) -> None:
    field = the(at("order.tax"), CodeField)
    assert field.gives.text() == "gives a number"
    field.edit.setPlainText("totl * 2")
    assert field.faults[0][1:] == (0, 4)
    (mark,) = field.edit.extraSelections()
    assert mark.cursor.selectedText() == "totl"
    field.commit()
    assert session.column("order.tax")["generator"]["expression"]["code"] == "totl * 2", (
        "it stays as it is typed"
    )
    assert "did you mean `total`" in field.faults[0][0]


def test_an_expression_is_completed(at: Select, qtbot: QtBot) -> None:
    field = the(at("order.tax"), CodeField)
    field.edit.setFocus()
    field.edit.setPlainText("")
    QTest.keyClicks(field.edit, "tot")
    assert field.edit.names.isVisible()
    QTest.keyClick(field.edit.names, Qt.Key.Key_Return)
    assert field.edit.toPlainText() == "total"
    QTest.keyClicks(field.edit, " + coal")
    QTest.keyClick(field.edit.names, Qt.Key.Key_Return)
    assert field.edit.toPlainText() == "total + coalesce("


def focusable(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
