"""Every valid spec of every generator and modifier passes through its form unchanged."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

import datagen_engine as datagen
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.editors.chain import ChainField
from datagen_app.inspector.fields.containers import PartField
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import Line
from datagen_app.inspector.fields.make import make_field
from datagen_app.inspector.language import language
from datagen_app.inspector.shape import ABSENT, FAMILIES, new_part
from datagen_app.shell.theme import Theme
from tests.app.inspector.bodies import bodies
from tests.app.inspector.conftest import IT, desk_on, document_of
from tests.strategies import schemas

some = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
_TYPES = {"datetime_series": "datetime", "faker": "string", "choice": "string", "time_jitter": "datetime"}


def with_generator(word: str, body: Any) -> dict[str, Any]:
    kind = _TYPES.get(word, "float")
    return document_of({"name": "value", "type": kind, "generator": {word: body}}, "vocab")


def with_modifier(word: str, body: Any) -> dict[str, Any]:
    modifier = {"transform": word, "args": body}
    column = {"name": "value", "type": _TYPES.get(word, "float"), "generator": {"sequence": {}}}
    return document_of({**column, "modifiers": [modifier]})


def with_fanout(word: str, body: Any) -> dict[str, Any]:
    tree = document_of({"name": "value", "type": "int", "generator": {"sequence": {}}}, "fact")
    tree["nodes"][3] |= {"parents": ["customer"], "fanout": new_part(FAMILIES["fanout"], word, body)}
    return tree


def with_distribution(word: str, body: Any) -> dict[str, Any]:
    return with_generator("distribution", {"type": word, "params": body, "clamp": [0, 99]})


_MADE = {
    "generator": with_generator,
    "modifier": with_modifier,
    "distribution": with_distribution,
    "fanout": with_fanout,
}
EVERY = [(noun, word) for noun, parts in language().parts.items() for word in sorted(parts)]


def retype(field: Field) -> None:
    """Type every line of a field anew, as it is shown, and leave it."""
    for line in field.findChildren(Line):
        if line.isVisibleTo(field):
            text = line.text()
            line.setText(text + "0")
            line.textEdited.emit(line.text())
            line.setText(text)
            line.commit()


@pytest.mark.parametrize(("noun", "word"), EVERY)
@some
@given(data=st.data())
def test_a_valid_spec_passes_through_its_form(
    noun: str, word: str, data: st.DataObject, qtbot: QtBot, theme: Theme
) -> None:
    shape = language().body(noun, word)
    assert shape is not None
    samples = language().parts[noun][word].samples
    body = data.draw(st.one_of(st.sampled_from(samples), bodies(shape)))
    tree = _MADE[noun](word, copy.deepcopy(body))
    root = IT[:2] if noun == "fanout" else IT
    assume(not datagen.problems_at(tree, root))
    session, desk = desk_on(tree, theme, root)
    spec = language().spec("Node" if noun == "fanout" else "Column")
    key = {"fanout": "fanout", "modifier": "modifiers"}.get(noun, "generator")
    field = make_field(desk, spec.fields[key], (key,)) if noun != "modifier" else chain(desk)
    try:
        field.refresh()
        before = copy.deepcopy(session.tree)
        assert field.value() == session.at(*root, key)
        retype(field)
        field.refresh()
        assert session.tree == before
    finally:
        field.deleteLater()


def chain(desk: Desk) -> ChainField:
    """Return the chain of modifiers with every form in it unfolded."""
    made = ChainField(desk, language().spec("Column").fields["modifiers"], ("modifiers",))
    made.refresh()
    for card in made.cards:
        made.set_open(card.number, True)
    return made


@some
@given(tree=schemas(most_tables=3))
def test_every_column_of_a_schema_passes_through_its_form(tree: Any, qtbot: QtBot, theme: Theme) -> None:
    session, desk = desk_on(copy.deepcopy(tree), theme)
    generator = PartField(desk, language().spec("Column").fields["generator"], ("generator",))
    modifiers = ChainField(desk, language().spec("Column").fields["modifiers"], ("modifiers",))
    for at, node in enumerate(tree["nodes"]):
        for index, column in enumerate(node["columns"]):
            desk.roots = (("nodes", at, "columns", index),)
            for field in (generator, modifiers):
                field.refresh()
                assert field.value() == column.get(field.way[0], ABSENT)
    assert session.tree == tree
    generator.deleteLater()
    modifiers.deleteLater()


def damaged(value: Any, data: st.DataObject) -> Any:
    """Return a value with anything in the place of some part of it."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: damaged(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], damaged(value[at], data), *value[at + 1 :]]
    return data.draw(
        st.sampled_from(
            [None, True, -1, 1.5, 10**400, "", "text", [], {}, [None], ["a", 1], {"a": 1}, [[]], 0]
        )
    )


@pytest.mark.parametrize(("noun", "word"), EVERY)
@some
@given(data=st.data())
def test_whatever_stands_there_is_shown_and_kept(
    noun: str, word: str, data: st.DataObject, qtbot: QtBot, theme: Theme
) -> None:
    sample = data.draw(st.sampled_from(language().parts[noun][word].samples))
    tree = _MADE[noun](word, copy.deepcopy(sample))
    root = IT[:2] if noun == "fanout" else IT
    key = {"fanout": "fanout", "modifier": "modifiers"}.get(noun, "generator")
    owner = tree["nodes"][3] if noun == "fanout" else tree["nodes"][3]["columns"][2]
    owner[key] = damaged(owner[key], data)
    session, desk = desk_on(tree, theme, root)
    before = copy.deepcopy(tree)
    spec = language().spec("Node" if noun == "fanout" else "Column")
    field = make_field(desk, spec.fields[key], (key,)) if noun != "modifier" else chain(desk)
    try:
        field.refresh()
        field.value()
        for line in field.findChildren(Line):
            line.commit()
        assert session.tree == before
    finally:
        field.deleteLater()
