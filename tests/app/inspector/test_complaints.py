"""What is wrong with a spec is said at its field, for every part of the language."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.desk import Said
from datagen_app.inspector.editors.chain import ChainField
from datagen_app.inspector.form import Form
from datagen_app.inspector.forms import column_form, table_form
from datagen_app.inspector.language import language
from datagen_app.inspector.row import Row
from datagen_app.inspector.shape import FAMILIES, new_part
from datagen_app.shell.theme import Theme
from tests.app.inspector.conftest import IT, desk_on, document_of

_WRONG: dict[str, Any] = {"number": "nine", "flag": "maybe", "word": "nothing", "text": 7, "reference": 7}


def broken(noun: str, word: str) -> list[tuple[str, Any]]:
    """Return bodies with one wrong field each, and the key of that field."""
    shape = language().body(noun, word)
    assert shape is not None
    found = []
    for sample in language().parts[noun][word].samples:
        for key in sample if isinstance(sample, dict) else ():
            inner = shape.fields.get(key)
            if inner is not None and inner.kind in _WRONG:
                found.append((key, {**copy.deepcopy(sample), key: _WRONG[inner.kind]}))
    return found


CASES = [
    (noun, word, key, body)
    for noun in ("generator", "modifier", "fanout")
    for word in sorted(language().parts[noun])
    for key, body in broken(noun, word)
]


def formed(theme: Theme, tree: Any, root: Path, *, table: bool = False) -> Form:
    """Return a form with the problems of what it shows."""
    _, desk = desk_on(tree, theme, root)
    found = datagen.problems_at(tree, root)
    desk.said = tuple(Said(problem.path, problem.message, problem.severity) for problem in found)
    form = table_form(desk) if table else column_form(desk)
    form.refresh()
    for field in form.fields():
        if isinstance(field, ChainField):
            for card in field.cards:
                field.set_open(card.number, True)
    form.refresh()
    return form


def rows_with(form: Form, message: str) -> list[Row]:
    return [row for row in form.rows() if message in row.complaints.messages]


@pytest.mark.parametrize(("noun", "word", "key", "body"), CASES)
def test_a_wrong_value_is_marked_at_its_field(
    noun: str, word: str, key: str, body: Any, qtbot: QtBot, theme: Theme
) -> None:
    column: dict[str, Any] = {"name": "value", "type": "float", "generator": {"sequence": {}}}
    root = IT
    if noun == "generator":
        column["generator"] = {word: body}
    elif noun == "modifier":
        column["modifiers"] = [{"transform": word, "args": body}]
    tree = document_of(column, "fact" if noun == "fanout" else "vocab")
    if noun == "fanout":
        tree["nodes"][3] |= {"parents": ["customer"], "fanout": new_part(FAMILIES["fanout"], word, body)}
        root = IT[:2]
    found = datagen.problems_at(tree, root)
    assert found, "the value was meant to be wrong"
    form = formed(theme, tree, root, table=noun == "fanout")
    for problem in found:
        marked = rows_with(form, problem.message)
        assert len(marked) == 1, f"{problem.message} is said at {len(marked)} places"
        way = problem.path[len(root) :]
        field = marked[0].field
        owner = key in field.way or not field.way or field.way == way[: len(field.way)]
        assert owner
        assert key in field.way or key in problem.path[len(root) + len(field.way) :] or key == way[-1]
    form.deleteLater()


def test_a_key_that_is_missing_is_said_where_it_would_be(qtbot: QtBot, theme: Theme) -> None:
    body = {"type": "normal", "params": {"std": 1}, "clamp": [0, 1]}
    tree = document_of({"name": "value", "type": "float", "generator": {"distribution": body}})
    form = formed(theme, tree, IT)
    (row,) = rows_with(form, "'mean' is missing")
    assert row.field.way == ("generator", "distribution", "params", "mean")
    form.deleteLater()


def test_a_number_out_of_its_limits_is_said_in_words(qtbot: QtBot, theme: Theme) -> None:
    column = {
        "name": "value",
        "type": "float",
        "nullable": True,
        "null_rate": 2,
        "generator": {"sequence": {}},
    }
    form = formed(theme, document_of(column), IT)
    (row,) = rows_with(form, "must be at most 1.0; found 2")
    assert row.field.way == ("null_rate",)
    form.deleteLater()


def test_an_unknown_key_has_a_field_of_its_own(qtbot: QtBot, theme: Theme) -> None:
    column = {"name": "value", "type": "int", "generator": {"sequence": {"strat": 5}}}
    form = formed(theme, document_of(column), IT)
    rows = [row for row in form.rows() if row.complaints.messages]
    assert [row.field.way[-1] for row in rows] == ["strat"]
    form.deleteLater()


def test_a_fault_in_the_whole_is_said_above_the_form(qtbot: QtBot, theme: Theme) -> None:
    column = {"name": "value", "type": "int", "nope": 1, "generator": {"sequence": {}}}
    tree = document_of(column)
    _, desk = desk_on(tree, theme, IT)
    desk.said = (Said(IT, "something about the column"),)
    form = column_form(desk)
    form.refresh()
    assert form.complaints.messages == ["something about the column"]
    form.deleteLater()
