"""The panel: what it shows, how it commits, and how it follows undo and the selection."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from datagen_app.document.problem import Problem
from datagen_app.inspector.editors.bars import Bars
from datagen_app.inspector.editors.distribution import DistributionField
from datagen_app.inspector.facts import Knowledge
from datagen_app.inspector.fields.choosing import FlagField, ReferenceField, WordField
from datagen_app.inspector.fields.containers import ListField, PartField
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import PAUSE, Line
from datagen_app.inspector.fields.naming import NameField, NoteField
from datagen_app.inspector.fields.picker import Picker
from datagen_app.inspector.fields.simple import SimpleField
from datagen_app.inspector.inspector import Inspector
from datagen_app.inspector.row import Row
from tests.app.hands import key, write
from tests.app.inspector.conftest import Session
from tests.app.inspector.test_editors import lay_out, steps, the

F = TypeVar("F", bound=Field)
CTRL = Qt.KeyboardModifier.ControlModifier


def select(inspector: Inspector, session: Session, *names: str) -> None:
    document = session.opened_now.now
    session.selection.select_all(document.place_of(*name.split(".")) for name in names)
    lay_out()


def field_at(inspector: Inspector, *way: str | int) -> Field:
    form = inspector.form
    assert form is not None
    return next(field for field in form.every() if field.way == way and not list(field.inner()))


def line_at(inspector: Inspector, *way: str | int) -> Line:
    field = field_at(inspector, *way)
    assert isinstance(field, SimpleField)
    return field.line


def test_the_tabs_are_those_of_what_is_selected(inspector: Inspector, session: Session) -> None:
    def tabs() -> list[str]:
        return [inspector.tabs.tabText(at) for at in range(inspector.tabs.count())]

    assert tabs() == ["Schema", "Rules", "Targets"]
    select(inspector, session, "order")
    assert tabs() == ["Table", "Rules", "Targets"]
    select(inspector, session, "order.total")
    assert tabs() == ["Column", "Table", "Rules", "Targets"]


def test_what_is_typed_goes_into_the_document_after_a_pause(
    inspector: Inspector, session: Session, qtbot: QtBot
) -> None:
    select(inspector, session, "customer")
    line = line_at(inspector, "rows")
    line.setFocus()
    line.selectAll()
    write(line, "250")
    assert session.at("nodes", 0, "rows") == 100
    qtbot.waitUntil(lambda: session.at("nodes", 0, "rows") == 250, timeout=20 * PAUSE)
    assert steps(session) == ["Change rows of customer"]


def test_leaving_a_field_or_enter_commits_it_too(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer")
    line = line_at(inspector, "rows")
    line.setText("7")
    key(line, Qt.Key.Key_Return)
    assert session.at("nodes", 0, "rows") == 7
    line.setFocus()
    line.setText("8")
    inspector.tabs.setFocus()
    assert session.at("nodes", 0, "rows") == 8


def test_selecting_something_else_commits_what_is_typed(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer")
    line_at(inspector, "rows").setText("9")
    select(inspector, session, "order")
    assert session.at("nodes", 0, "rows") == 9


def test_undo_in_a_field_is_the_documents(inspector: Inspector, session: Session) -> None:
    undone: list[str] = []
    shortcut = QShortcut(QKeySequence("Ctrl+Z"), inspector)
    shortcut.activated.connect(lambda: undone.append("document"))
    select(inspector, session, "customer")
    line = line_at(inspector, "rows")
    line.setFocus()
    line.setText("55")
    pressed = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, CTRL)
    QApplication.sendEvent(line, pressed)
    assert not pressed.isAccepted(), "the field does not want it"
    assert session.at("nodes", 0, "rows") == 55, "what was typed is a step that can be taken back"
    assert not any(action.text().startswith("&Undo") and action.isEnabled() for action in line.actions())
    QTest.keyClick(line, Qt.Key.Key_Z, CTRL)
    assert line.text() == "55", "the field has no undo of its own"


def test_undo_shows_what_it_changed(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.total")
    spread = line_at(inspector, "generator", "distribution", "params", "std")
    spread.setText("12")
    spread.commit()
    select(inspector, session, "customer")
    session.opened_now.undo()
    assert session.selection.place == session.opened_now.now.place_of("order", "total")
    assert inspector.tab == "column"
    assert line_at(inspector, "generator", "distribution", "params", "std").text() == "10"


def test_what_is_no_number_stays_and_is_said(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer")
    line = line_at(inspector, "rows")
    line.setText("ten")
    line.commit()
    assert session.at("nodes", 0, "rows") == "ten"
    form = inspector.form
    assert form is not None
    (row,) = [row for row in form.findChildren(Row) if row.complaints.messages]
    assert row.field.way == ("rows",)
    assert row.complaints.messages == ["expected a whole number, found the text 'ten'"]


def test_an_empty_field_leaves_the_value_out(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer")
    line = line_at(inspector, "rows")
    line.setText("")
    line.commit()
    assert "rows" not in session.at("nodes", 0)


def test_the_arrow_keys_step_a_number(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer")
    line = line_at(inspector, "rows")
    key(line, Qt.Key.Key_Up)
    QTest.keyClick(line, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert session.at("nodes", 0, "rows") == 91


def test_a_column_is_renamed_with_all_that_refers_to_it(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.total")
    name = the(inspector, NameField)
    name.line.setText("amount")
    name.commit()
    assert session.column("order.tax")["generator"]["expression"]["code"] == "amount * 0.19"
    assert session.at("constraints", "ranges", 0, "attr") == "order.amount"


def test_a_name_that_is_taken_waits_and_says_why(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.total")
    name = the(inspector, NameField)
    name.line.setText("tax")
    name.commit()
    assert session.column("order.total")["name"] == "total"
    row = name.parentWidget()
    assert isinstance(row, Row)
    assert row.complaints.messages == ["order already has a column “tax”."]


def test_several_columns_are_edited_together(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer.segment", "customer.name")
    nullable = the(inspector, FlagField)
    nullable.box.click()
    assert session.column("customer.name")["nullable"] is True
    assert session.column("customer.segment")["nullable"] is True
    assert steps(session) == ["Change nulls allowed of 2 columns"]
    part = the(inspector, PartField)
    assert part.picker.accessibleName() == "Generator: differs"
    assert inspector.tabs.tabText(0) == "2 columns"
    select(inspector, session, "customer.segment", "order.total")
    kind = field_at(inspector, "type")
    assert isinstance(kind, WordField)
    assert kind.picker.accessibleName() == "Type: differs"


def test_changing_the_generator_and_back_loses_nothing(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.total")
    before = session.column("order.total")["generator"]
    part = the(inspector, PartField)
    part.choose("sequence")
    assert session.column("order.total")["generator"] == {"sequence": {}}
    part.choose("distribution")
    assert session.column("order.total")["generator"] == before


def test_the_generators_are_those_that_suit_the_type(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.ordered_at")
    offered = {choice.key: choice for choice in the(inspector, PartField)._offered()}
    assert "datetime_series" in offered
    assert "sequence" not in offered
    assert "enum_list" not in offered, "it belongs to a vocabulary"
    assert all(choice.word for choice in offered.values())
    assert offered["choice"].sample


def test_a_lookup_offers_columns_of_its_type(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.customer_id")
    offered = [choice.key for choice in the(inspector, ReferenceField).choices()]
    assert "customer.customer_id" in offered
    assert "customer.name" not in offered


def test_a_picker_opens_filters_and_chooses_by_keyboard(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer.name")
    part = the(inspector, PartField)
    part.picker.setFocus()
    key(part.picker, Qt.Key.Key_Return)
    popup = part.picker.popup
    assert popup is not None
    assert popup.list.model().rowCount() > 3
    for at in range(popup.list.model().rowCount()):
        if popup.list.model().index(at, 0).data() == "Expression":
            popup.list.setCurrentIndex(popup.list.model().index(at, 0))
    key(popup.list, Qt.Key.Key_Return)
    assert "expression" in session.column("customer.name")["generator"]


def test_rules_and_targets_are_those_of_what_is_selected(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.total")
    inspector.show_tab("rules")
    form = inspector.form
    assert form is not None
    shown = {field.way for field in form.every()}
    assert ("constraints", "ranges", 0) in shown
    assert ("constraints", "unique", 0) not in shown
    inequalities = next(
        field for field in form.every() if isinstance(field, ListField) and field.way[-1] == "inequalities"
    )
    inequalities.append()
    assert session.at("constraints", "inequalities", 0)["left"] == "order.total"
    inspector.show_tab("targets")
    form = inspector.form
    assert form is not None
    shares = next(field for field in form.every() if isinstance(field, ListField))
    assert shares.way == ("targets", "weekend_share")
    assert not shares.rows


def test_one_target_without_a_list_becomes_a_list_with_the_second(
    inspector: Inspector, session: Session
) -> None:
    select(inspector, session, "order")
    inspector.show_tab("targets")
    form = inspector.form
    assert form is not None
    share = next(field for field in form.every() if isinstance(field, ListField))
    assert len(share.rows) == 1
    share.append()
    assert [target["table"] for target in session.at("targets", "weekend_share")] == ["order", "order"]


def test_problems_of_the_worker_are_at_their_fields_with_their_fixes(
    inspector: Inspector, session: Session
) -> None:
    select(inspector, session, "order.customer_id")
    path = ("nodes", 2, "columns", 1, "generator", "lookup", "from")
    data = {
        "severity": "warning",
        "code": "some-code",
        "message": "look elsewhere",
        "path": list(path),
        "fix": {
            "title": "Use the name",
            "edits": [
                {
                    "operation": "set",
                    "path": list(path),
                    "before": "customer.customer_id",
                    "after": "customer.name",
                }
            ],
        },
    }
    place = session.opened_now.now.place_at(path)
    session.knowledge = Knowledge(problems=[(place, Problem.from_json(data))])
    session.checked.emit()
    field = the(inspector, ReferenceField)
    row = field.parentWidget()
    assert isinstance(row, Row)
    assert row.complaints.messages == ["look elsewhere"]
    next(
        button for button in row.complaints.findChildren(QAbstractButton) if button.text() == "Use the name"
    ).click()
    assert session.column("order.customer_id")["generator"] == {"lookup": {"from": "customer.name"}}


def test_a_door_leads_into_the_form_of_a_modifier(inspector: Inspector, session: Session) -> None:
    inspector.reveal(("nodes", 2, "columns", 3, "modifiers", 2, "args", "std"))
    lay_out()
    assert session.selection.place == session.opened_now.now.place_of("order", "total")
    line = line_at(inspector, "modifiers", 2, "args", "std")
    assert line.hasFocus()
    line.setText("0.5")
    key(line, Qt.Key.Key_Escape)
    assert line.text() == "0.1", "Esc gives up what is typed"
    assert steps(session) == []


def test_a_note_is_kept_as_it_is_called(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer")
    note = the(inspector, NoteField)
    note.edit.setPlainText("Who buys.")
    note.commit()
    assert session.at("nodes", 0, "description") == "Who buys."
    note.edit.setPlainText("")
    note.commit()
    assert "description" not in session.at("nodes", 0)


def test_help_is_about_what_is_pointed_at(inspector: Inspector, session: Session, qtbot: QtBot) -> None:
    select(inspector, session, "order.total")
    the(inspector, DistributionField).plot.setFocus()
    QApplication.sendEvent(the(inspector, DistributionField).plot, QEvent(QEvent.Type.Enter))
    assert inspector.help.text.text().startswith("A bell around the mean")
    inspector.read_more()
    (page,) = [widget for widget in QApplication.topLevelWidgets() if widget.windowTitle().startswith("Help")]
    assert "distribution" in page.windowTitle()
    page.close()


def test_sections_fold(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "customer.name")
    form = inspector.form
    assert form is not None
    section = next(section for section in form.sections if section.title == "Generator")
    head = section.findChildren(QAbstractButton)[0]
    head.click()
    assert not section.open
    inspector.reveal(("nodes", 0, "columns", 1, "generator", "faker", "method"))
    assert section.open


@pytest.mark.parametrize(
    "name",
    ["customer.customer_id", "customer.name", "customer.segment", "promotion.starts", "order.ordered_at",
     "order.total", "order.tax", "order.customer_id", "order", "customer", "promotion"],
)  # fmt: skip
def test_everything_that_takes_the_focus_has_a_name(
    name: str, inspector: Inspector, session: Session
) -> None:
    select(inspector, session, name)
    for tab in ("column", "table", "rules", "targets"):
        inspector.show_tab(tab)
        nameless = [
            widget
            for widget in inspector.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and not (widget.accessibleName() or getattr(widget, "text", str)())
            and not isinstance(widget.parent(), QAbstractItemView)
        ]
        assert not nameless


def test_the_keyboard_reaches_every_field(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.ordered_at")
    inspector.activateWindow()
    wanted = {
        widget
        for widget in inspector.findChildren(QWidget)
        if isinstance(widget, Bars | Line | Picker) and widget.isVisible() and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    }  # fmt: skip
    inspector.tabs.setFocus()
    reached: set[QWidget] = set()
    for _ in range(120):
        QTest.keyClick(QApplication.focusWidget() or inspector, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus)
    assert wanted <= reached


def test_no_field_is_wider_than_the_panel(inspector: Inspector, session: Session) -> None:
    for width in (300, 420):
        inspector.resize(width, 900)
        for name in ("order.ordered_at", "order.total", "customer.segment", "order", "customer.name"):
            select(inspector, session, name)
            form = inspector.form
            assert form is not None
            content = form.widget()
            assert content is not None
            assert content.minimumSizeHint().width() <= form.viewport().width(), name


def test_the_panel_without_a_document_says_so(inspector: Inspector, session: Session) -> None:
    session.open_document = None
    session.opened.emit(None)
    assert inspector.nothing.isVisible()
    assert inspector.tabs.count() == 0
    assert inspector.form is None


def test_light_and_dark(inspector: Inspector, session: Session) -> None:
    select(inspector, session, "order.total")
    inspector.theme.choose("dark")
    assert isinstance(inspector.form.widget(), QWidget)  # type: ignore[union-attr]  # it is there
    assert line_at(inspector, "generator", "distribution", "params", "mean").text() == "50"
