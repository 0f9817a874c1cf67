from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datagen_app.document.change import Change
from datagen_app.document.document import Document
from datagen_app.document.open_document import STEPS, Busy, OpenDocument, ReadOnly
from datagen_app.document.step import Step
from datagen_app.document.steps.columns import add_column, move_columns
from datagen_app.document.steps.removal import delete
from datagen_app.document.steps.tables import add_table
from datagen_app.document.steps.values import set_value
from datagen_engine import Edit
from tests.app.conftest import SHOP

TEXT = json.dumps(SHOP, indent=2)


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def opened(time: Time) -> OpenDocument:
    return OpenDocument(Document(Path("shop.json"), json.loads(TEXT), TEXT, 7), clock=time)


def rows(opened: OpenDocument, value: int, focus: str = "") -> None:
    opened.do(set_value(opened.now, ("nodes", 0, "rows"), value, f"Set rows to {value}", focus))


def test_a_step_changes_tree_and_text_and_counts_the_revisions(opened: OpenDocument) -> None:
    rows(opened, 7)
    assert opened.now.tree["nodes"][0]["rows"] == 7  # type: ignore[index,call-overload]
    assert opened.now.text == TEXT.replace('"rows": 100', '"rows": 7')
    assert opened.now.revision == 8
    assert opened.modified


def test_undo_and_redo_lead_back_and_forth_and_say_so(opened: OpenDocument) -> None:
    rows(opened, 7)
    rows(opened, 8)
    assert (opened.undo_title, opened.redo_title, opened.position) == ("Set rows to 8", "", 2)
    undone = opened.undo()
    assert undone is not None
    assert undone.title == "Set rows to 8"
    assert (opened.undo_title, opened.redo_title, opened.position) == ("Set rows to 7", "Set rows to 8", 1)
    opened.undo()
    assert opened.now.text == TEXT
    assert not opened.modified
    assert opened.undo() is None
    opened.go_to(2)
    assert '"rows": 8' in opened.now.text
    assert [step.title for step in opened.steps] == ["Set rows to 7", "Set rows to 8"]


def test_a_new_step_forgets_those_that_were_taken_back(opened: OpenDocument) -> None:
    rows(opened, 7)
    opened.undo()
    rows(opened, 9)
    assert [step.title for step in opened.steps] == ["Set rows to 9"]
    assert not opened.can_redo


def test_a_history_ends_somewhere(opened: OpenDocument) -> None:
    for value in range(STEPS + 20):
        rows(opened, value)
    assert opened.position == len(opened.steps) == STEPS
    with pytest.raises(LookupError):
        opened.go_to(STEPS + 1)
    opened.go_to(0)
    assert '"rows": 19' in opened.now.text


def test_what_does_not_apply_changes_nothing(opened: OpenDocument) -> None:
    good = Edit("set", ("nodes", 0, "rows"), 100, 1)
    for bad in (
        Edit("set", ("nodes", 9), None, {}),
        Edit("remove", ("nowhere",)),
        Edit("insert", ("version",), None, "2"),
        Edit("insert", ("nodes", 7), None, {}),
        Edit("move", ("nodes",), 0, 3),
        Edit("rename_key", (), "version", "nodes"),
        Edit("set", ("version",), None, float("nan")),
    ):
        with pytest.raises((LookupError, ValueError)):
            opened.do(Step("No", (good, bad)))
    assert opened.now.text == TEXT
    assert opened.now.revision == 7
    assert not opened.can_undo


def test_a_step_without_edits_is_nothing(opened: OpenDocument) -> None:
    opened.do(Step("Nothing", ()))
    assert not opened.can_undo


# --------------------------------------------------------------------------------------------- merging


def test_typing_is_one_step(opened: OpenDocument, time: Time) -> None:
    for value in (1, 12, 123):
        time.now += 0.9
        rows(opened, value, focus="rows")
    assert [step.title for step in opened.steps] == ["Set rows to 123"]
    opened.undo()
    assert opened.now.text == TEXT


@pytest.mark.parametrize("apart", ["time", "focus", "path", "undo", "save", "no focus"])
def test_what_is_apart_stays_two_steps(opened: OpenDocument, time: Time, apart: str) -> None:
    rows(opened, 1, focus="" if apart == "no focus" else "rows")
    if apart == "time":
        time.now += 1.1
    if apart == "undo":
        opened.undo()
        opened.redo()
    if apart == "save":
        opened.mark_saved()
    if apart == "path":
        opened.do(set_value(opened.now, ("metadata", "name"), "x", "Set name", "rows"))
    else:
        rows(opened, 2, focus={"focus": "other", "no focus": ""}.get(apart, "rows"))
    assert len(opened.steps) == 2


# ------------------------------------------------------------------------------------------- observers


def heard_by(opened: OpenDocument) -> list[Change]:
    heard: list[Change] = []
    opened.observe(heard.append)
    return heard


def test_observers_hear_what_changed_and_can_stop(opened: OpenDocument) -> None:
    heard: list[Change] = []
    stop = opened.observe(heard.append)
    rows(opened, 7)
    opened.undo()
    stop()
    opened.redo()
    assert [(change.kind, change.paths) for change in heard] == [
        ("do", (("nodes", 0, "rows"),)),
        ("undo", (("nodes", 0, "rows"),)),
    ]
    assert heard[0].before.revision == 7
    assert heard[0].after is heard[1].before
    assert heard[1].after is not opened.now


def test_a_removed_member_is_told_as_what_held_it(opened: OpenDocument) -> None:
    heard = heard_by(opened)
    opened.do(Step("x", (Edit("remove", ("nodes", 2)), Edit("set", ("nodes", 1, "kind"), "fact", "entity"))))
    assert heard[0].paths == (("nodes",), ("nodes", 1, "kind"))


def test_the_edits_of_a_change_lead_from_one_tree_to_the_other(opened: OpenDocument) -> None:
    from datagen_app.document.applying import apply_all

    heard = heard_by(opened)
    rows(opened, 7, focus="f")
    rows(opened, 8, focus="f")
    opened.do(delete(opened.now, [opened.now.place_of("order")]))
    gesture = opened.gesture("Drag")
    gesture.show([Edit("set", ("nodes", 0, "rows"), 8, 9)])
    gesture.show([Edit("insert", ("nodes", 0, "comment"), None, "x")])
    gesture.keep()
    opened.go_to(0)
    opened.go_to(3)
    for change in heard:
        tree, _ = apply_all(change.before.tree, change.edits)
        assert json.dumps(tree) == json.dumps(change.after.tree)
    assert [change.kind for change in heard] == ["do", "merge", "do", "show", "show", "do", "undo", "redo"]


# -------------------------------------------------------------------------------------------- gestures


def test_a_gesture_is_seen_live_and_is_one_step(opened: OpenDocument) -> None:
    gesture = opened.gesture("Move customer")
    for x in (8, 16, 24):
        gesture.show([Edit("insert", ("metadata", "x-layout"), None, {"customer": [x, 0]})])
        assert f'"customer": [{x}, 0]' in opened.now.text
    gesture.keep()
    assert [step.title for step in opened.steps] == ["Move customer"]
    assert not gesture.active
    opened.undo()
    assert opened.now.text == TEXT
    opened.redo()
    assert '"customer": [24, 0]' in opened.now.text


def test_a_cancelled_gesture_leaves_nothing(opened: OpenDocument) -> None:
    gesture = opened.gesture("Move customer")
    gesture.show([Edit("set", ("nodes", 0, "rows"), 100, 5)])
    gesture.cancel()
    gesture.show([Edit("set", ("nodes", 0, "rows"), 100, 6)])
    assert opened.now.text == TEXT
    assert not opened.can_undo
    assert not opened.modified


def test_nothing_else_changes_the_document_meanwhile(opened: OpenDocument) -> None:
    rows(opened, 7)
    gesture = opened.gesture("Drag")
    for attempt in (
        lambda: rows(opened, 8),
        opened.undo,
        opened.redo,
        lambda: opened.go_to(0),
        lambda: opened.gesture("x"),
    ):
        with pytest.raises(Busy):
            attempt()
    assert not opened.can_undo
    gesture.cancel()
    rows(opened, 8)


def test_what_a_gesture_cannot_show_leaves_what_it_showed(opened: OpenDocument) -> None:
    gesture = opened.gesture("Drag")
    gesture.show([Edit("set", ("nodes", 0, "rows"), 100, 5)])
    shown = opened.now.text
    for bad in (Edit("remove", ("nowhere",)), Edit("set", ("version",), None, float("inf"))):
        with pytest.raises((LookupError, ValueError)):
            gesture.show([bad])
        assert opened.now.text == shown
    gesture.cancel()
    assert opened.now.text == TEXT


def test_a_read_only_document_refuses(opened: OpenDocument) -> None:
    opened.refusal = "Another window has it open."
    with pytest.raises(ReadOnly, match="Another window"):
        rows(opened, 7)
    with pytest.raises(ReadOnly):
        opened.gesture("x")


# ------------------------------------------------------------------------------------ saving, replacing


def is_modified(opened: OpenDocument) -> bool:
    return opened.modified


def test_it_is_modified_until_it_is_as_it_was_saved(opened: OpenDocument) -> None:
    rows(opened, 7)
    opened.mark_saved(file=Path("other.json"))
    assert not is_modified(opened)
    assert opened.now.path == Path("other.json")
    opened.undo()
    assert is_modified(opened)
    rows(opened, 7)
    assert not is_modified(opened)
    opened.mark_unsaved()
    assert is_modified(opened)


def test_another_text_takes_the_place_of_the_whole_and_can_be_taken_back(opened: OpenDocument) -> None:
    key = opened.now.place_of("order", "total")
    heard = heard_by(opened)
    other: dict[str, Any] = {"nodes": [{"id": "new"}, SHOP["nodes"][1]]}
    opened.replace("Read again", Document(Path("shop.json"), other, json.dumps(other)))
    assert (heard[0].kind, heard[0].paths) == ("load", ((),))
    assert opened.now.place_of("order", "total") == key
    opened.do(Step("x", (Edit("set", ("nodes", 0, "id"), "new", "newer"),)))
    opened.go_to(0)
    assert opened.now.text == TEXT


# ---------------------------------------------------------------------------------------- session keys


def test_keys_follow_their_tables_and_columns(opened: OpenDocument) -> None:
    total, channel = opened.now.place_of("order", "total"), opened.now.place_of("channel")
    assert total.table is not None
    assert total.column is not None
    opened.do(Step("x", (Edit("move", ("nodes",), 1, 0),)))
    opened.do(move_columns(opened.now, total.table, [total.column], 0))
    opened.do(add_table(opened.now, "entity"))
    opened.do(add_column(opened.now, total.table, "email", position=0))
    assert opened.now.path_of(total) == ("nodes", 0, "columns", 1)
    assert opened.now.path_of(channel) == ("nodes", 2)
    opened.do(Step("x", (Edit("set", ("nodes", 0, "columns", 1, "name"), "total", "sum"),)))
    assert opened.now.place_of("order", "sum") == total
    opened.go_to(0)
    assert opened.now.place_of("order", "total") == total


def test_a_removed_table_comes_back_under_its_key(opened: OpenDocument) -> None:
    total = opened.now.place_of("order", "total")
    opened.do(delete(opened.now, [opened.now.place_of("order")]))
    assert opened.now.resolve(total) == (None, None)
    opened.do(add_table(opened.now, "fact", name="order"))
    assert opened.now.place_of("order").table != total.table
    opened.go_to(0)
    assert opened.now.place_of("order", "total") == total


def test_tables_that_an_edit_does_not_touch_are_the_same_objects(opened: OpenDocument) -> None:
    before = opened.now.tables
    rows(opened, 7)
    after = opened.now.tables
    assert after[0] is not before[0]
    assert after[1:] == before[1:]
    assert all(one is other for one, other in zip(after[1:], before[1:], strict=True))


# ------------------------------------------------------------------------------------- carrying paths


def test_a_path_is_carried_over_later_edits_or_said_to_be_gone(opened: OpenDocument) -> None:
    then = opened.now.revision
    opened.do(Step("x", (Edit("move", ("nodes",), 1, 0),)))
    opened.do(Step("x", (Edit("remove", ("nodes", 0, "columns", 0)),)))
    assert opened.carry(("nodes", 1, "columns", 2, "type"), then) == ("nodes", 0, "columns", 1, "type")
    assert opened.carry(("nodes", 1, "columns", 0, "type"), then) is None
    assert opened.carry(("nodes", 0), then) == ("nodes", 1)
    opened.undo()
    assert opened.carry(("nodes", 1, "columns", 2), then) == ("nodes", 0, "columns", 2)
    assert opened.carry(("nodes", 0), then - 1) is None
