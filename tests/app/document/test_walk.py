"""A random walk: commands of every kind, undo and redo between them, and back to the very first byte."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import datagen_engine as datagen
from datagen_app.document import open_document
from datagen_app.document.document import Document
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps import clipboard, columns, layout, modifiers, removal, renaming, rules, tables
from datagen_app.document.steps.values import put_value
from tests.app.document.writing import edits, texts

EXAMPLES = sorted(datagen.examples().values())
KINDS: list[tables.TableKind] = ["entity", "fact", "vocab"]
names = st.sampled_from(["order", "customer", "email", "x", "created_at", "a b", "Preis", "id"])
lengths = st.floats(-500, 500)


class Walk(RuleBasedStateMachine):
    """Whatever is done, the text says what the tree is, and undo leads back."""

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(EXAMPLES))
        self.text = path.read_text(encoding="utf-8")
        if data.draw(st.booleans()):
            small = {"version": "1.0", "nodes": json.loads(self.text)["nodes"][:2]}
            self.text = data.draw(texts(small))
        tree = json.loads(self.text.removeprefix("\ufeff"))
        self.opened = OpenDocument(Document(path, tree, self.text))
        self.clipboard = ""

    @property
    def now(self) -> Document:
        return self.opened.now

    def table(self, data: st.DataObject) -> int | None:
        found = [table.key for table in self.now.tables]
        return data.draw(st.sampled_from(found)) if found else None

    def places(self, data: st.DataObject) -> list[Place]:
        found = [Place(table.key) for table in self.now.tables]
        found += [Place(table.key, column.key) for table in self.now.tables for column in table.columns]
        return data.draw(st.lists(st.sampled_from(found), max_size=3)) if found else []

    def try_to(self, make: Any) -> None:
        """Do the step that is made; that a command is refused is fine."""
        try:
            step: Step = make()
        except (LookupError, ValueError) as refused:
            assert not isinstance(refused, KeyError | IndexError), "refused without words"
            return
        self.opened.do(step)

    @rule(kind=st.sampled_from(KINDS), name=names | st.none(), x=lengths, y=lengths, placed=st.booleans())
    def add_table(self, kind: tables.TableKind, name: str | None, x: float, y: float, placed: bool) -> None:
        self.try_to(lambda: tables.add_table(self.now, kind, (x, y) if placed else None, name))

    @rule(data=st.data(), name=names)
    def add_column(self, data: st.DataObject, name: str) -> None:
        if (table := self.table(data)) is not None:
            position = data.draw(st.none() | st.integers(0, 9))
            self.try_to(lambda: columns.add_column(self.now, table, name, None, position))

    @rule(data=st.data())
    def add_child(self, data: st.DataObject) -> None:
        if (table := self.table(data)) is not None:
            self.try_to(lambda: tables.add_child(self.now, table, (0, 0)))

    @rule(data=st.data())
    def link(self, data: st.DataObject) -> None:
        child, parent = self.table(data), self.table(data)
        if child is not None and parent is not None:
            self.try_to(lambda: tables.link_child(self.now, child, parent))

    @rule(data=st.data())
    def refer(self, data: st.DataObject) -> None:
        source, target = self.places(data), self.places(data)
        if source and target:
            self.try_to(lambda: columns.add_reference(self.now, source[0], target[0]))

    @rule(data=st.data(), name=names)
    def rename(self, data: st.DataObject, name: str) -> None:
        if places := self.places(data):
            self.try_to(lambda: renaming.rename(self.now, places[0], name))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if places := self.places(data):
            self.try_to(lambda: removal.delete(self.now, places))

    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        if places := self.places(data):
            self.try_to(lambda: clipboard.duplicate(self.now, places))

    @rule(data=st.data(), cutting=st.booleans())
    def copy(self, data: st.DataObject, cutting: bool) -> None:
        places = self.places(data)
        self.clipboard = clipboard.copy(self.now, places)
        if cutting and places:
            self.clipboard, step = clipboard.cut(self.now, places)
            self.opened.do(step)

    @rule(data=st.data())
    def paste(self, data: st.DataObject) -> None:
        at = self.places(data)
        self.try_to(lambda: clipboard.paste(self.now, self.clipboard, at[0] if at else None, (8, 8)))

    @rule(data=st.data())
    def reorder(self, data: st.DataObject) -> None:
        if (table := self.table(data)) is not None:
            found = self.now.table(table)
            keys = [column.key for column in found.columns] if found else []
            chosen = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
            target = data.draw(st.integers(0, len(keys)))
            self.try_to(lambda: columns.move_columns(self.now, table, chosen, target))
            self.try_to(lambda: tables.move_table(self.now, table, target))

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def change_kind(self, data: st.DataObject, kind: tables.TableKind) -> None:
        if (table := self.table(data)) is not None:
            self.try_to(lambda: tables.set_kind(self.now, table, kind))

    @rule(data=st.data())
    def modify(self, data: st.DataObject) -> None:
        if places := self.places(data):
            self.try_to(lambda: modifiers.add_modifier(self.now, places[0], "multiply", {"factor": 2}, 0))

    @rule(value=st.integers(1, 99))
    def constrain(self, value: int) -> None:
        self.try_to(lambda: rules.add_constraint(self.now, "ranges", {"attr": "order.total", "min": value}))
        self.try_to(lambda: rules.add_target(self.now, "mean_in_range", {"table": "order", "min": value}))

    @rule(data=st.data(), x=lengths, y=lengths)
    def drag(self, data: st.DataObject, x: float, y: float) -> None:
        gesture = self.opened.gesture("Drag")
        before = self.now
        for part in (0.5, 1.0):
            positions = {table.key: (part * x + table.index, part * y) for table in before.tables[:3]}
            gesture.show(layout.set_layout(before, positions).edits)
        (gesture.keep if data.draw(st.booleans()) else gesture.cancel)()

    @rule(value=st.integers(0, 99))
    def type(self, value: int) -> None:
        """Twice in one field: one step."""
        for typed in (value, 10 * value + 1):
            self.try_to(
                lambda typed=typed: put_value(self.now, ("metadata", "version"), typed, "Type", "focus")
            )

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        self.opened.do(Step("Edit", (data.draw(edits(self.now.tree)),)))

    @rule()
    def undo(self) -> None:
        self.opened.undo()

    @rule()
    def redo(self) -> None:
        self.opened.redo()

    @rule(data=st.data())
    def go_to(self, data: st.DataObject) -> None:
        self.opened.go_to(data.draw(st.integers(0, len(self.opened.steps))))

    @invariant()
    def text_and_tree_say_the_same(self) -> None:
        if hasattr(self, "opened"):
            said = json.loads(self.now.text.removeprefix("\ufeff"))
            assert json.dumps(said) == json.dumps(self.now.tree)

    @invariant()
    def keys_are_unique_and_lead_to_their_places(self) -> None:
        if not hasattr(self, "opened"):
            return
        keys = [table.key for table in self.now.tables]
        keys += [column.key for table in self.now.tables for column in table.columns]
        assert len(keys) == len(set(keys))
        for table in self.now.tables:
            assert self.now.place_at(("nodes", table.index)) == Place(table.key)

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            last = self.opened.position
            now = self.now.text
            self.opened.go_to(0)
            assert self.now.text == self.text
            self.opened.go_to(last)
            assert self.now.text == now


def test_a_walk_leads_back_to_the_first_byte() -> None:
    run_state_machine_as_test(Walk, settings=settings(max_examples=25, stateful_step_count=20))


def command(chance: Random, opened: OpenDocument) -> Step | None:
    """Return one of the commands, somewhere; or take a step back or do one again, and return nothing."""
    now = opened.now
    places = [Place(table.key) for table in now.tables]
    places += [Place(table.key, column.key) for table in now.tables for column in table.columns]
    few = chance.choices(places, k=2) if places else [Place(0), Place(0)]
    table = few[0].table or 0
    name = chance.choice(["order", "email", "x", "created_at", "total", f"n{chance.randrange(99)}"])
    match chance.randrange(18):
        case 0 | 1 | 2 | 3:
            opened.undo()
        case 4 | 5:
            opened.redo()
        case 6:
            return tables.add_table(now, chance.choice(KINDS), (chance.random() * 900, 0), name)
        case 7:
            return tables.add_child(now, table, (0, chance.random() * 900))
        case 8:
            return columns.add_column(now, table, name, None, chance.randrange(4))
        case 9:
            return columns.add_reference(now, *few)
        case 10:
            return renaming.rename(now, few[0], name)
        case 11:
            return removal.delete(now, few)
        case 12:
            return clipboard.duplicate(now, few)
        case 13:
            return clipboard.paste(now, clipboard.copy(now, few), few[1])
        case 14:
            return tables.move_table(now, table, chance.randrange(5))
        case 15:
            return layout.set_layout(now, {each.key: (chance.random() * 900, 8) for each in now.tables})
        case 16:
            return modifiers.add_modifier(now, few[0], "multiply", {"factor": chance.random()})
        case 17:
            return put_value(now, ("metadata", "name"), name, "Set name", "name")
    return None


def walk(chance: Random, length: int) -> None:
    path = chance.choice(EXAMPLES)
    text = path.read_text(encoding="utf-8")
    opened = OpenDocument(Document(path, json.loads(text), text))
    for _ in range(length):
        try:
            step = command(chance, opened)
        except (LookupError, ValueError) as refused:
            assert not isinstance(refused, KeyError | IndexError)  # it is refused in words
            continue
        if step is not None:
            opened.do(step)
    assert json.loads(opened.now.text) == opened.now.tree
    last, position = opened.now.text, opened.position
    opened.go_to(0)
    assert opened.now.text == text
    opened.go_to(position)
    assert opened.now.text == last


@pytest.mark.parametrize(
    ("seed", "length"),
    [(0, 150), *(pytest.param(seed, 2_000, marks=pytest.mark.long) for seed in range(1, 6))],
)
def test_a_walk_of_many_commands_ends_where_it_began(
    seed: int, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_document, "STEPS", 10_000)
    walk(Random(seed), length)
