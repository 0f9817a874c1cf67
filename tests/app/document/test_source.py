from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import datagen_engine as datagen
from datagen_app.document import spans
from datagen_app.document.applying import apply_all
from datagen_app.document.source import Source
from datagen_app.document.spans import Spans
from datagen_engine import Edit
from tests.app.document.writing import containers, edits, texts, trees

EXAMPLES = sorted(datagen.examples().values())


def read(text: str) -> Any:
    return json.loads(text.removeprefix("\ufeff"))


def exactly(tree: Any) -> str:
    """A tree with the order of its keys, and 1 apart from 1.0."""
    return json.dumps(tree)


def spans_of(found: Spans, tree: Any) -> list[tuple[int, int]]:
    return [found.value(path) for path, _ in containers(tree)]


@given(st.data())
def test_whatever_is_edited_the_text_says_it_and_goes_back_byte_for_byte(data: st.DataObject) -> None:
    tree = data.draw(trees)
    text = data.draw(texts(tree))
    source = Source(text)
    kept: list[tuple[str, Any]] = []
    for _ in range(data.draw(st.integers(1, 4))):
        wanted = []
        after = tree
        for _ in range(data.draw(st.integers(1, 3))):
            after, (whole,) = apply_all(after, [data.draw(edits(after))])
            wanted.append(whole)
        before = source.text
        done = source.edit(wanted)
        assert exactly(read(source.text)) == exactly(after)
        kept.append((before, done))
        tree = after
        assert spans_of(source.spans, tree) == spans_of(Spans(source.text), tree)
    now = source.text
    for before, done in reversed(kept):
        source.revert(done)
        assert source.text == before
    assert source.text == text
    for _, done in kept:
        source.apply(done)
    assert source.text == now


def leaves(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(tree, dict | list) and tree:
        steps = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return [leaf for step, value in steps for leaf in leaves(value, (*path, step))]
    return [(path, tree)]


@given(st.data())
def test_many_changes_at_once_leave_what_is_deep_down_to_be_found_again(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spans, "_MANY", 0)
        test_whatever_is_edited_the_text_says_it_and_goes_back_byte_for_byte.hypothesis.inner_test(data)  # type: ignore[attr-defined]  # hypothesis puts it there


@given(st.data())
def test_one_changed_field_is_a_diff_of_one_line_in_any_formatting(data: st.DataObject) -> None:
    tree = data.draw(trees)
    text = data.draw(texts(tree))
    path, old = data.draw(st.sampled_from(leaves(tree)))
    new = data.draw(st.integers() | st.text(max_size=4, alphabet="abc") | st.none())
    source = Source(text)
    source.edit([Edit("set", path, old, new)])
    if isinstance(old, dict | list):  # an empty one may have been written over several lines
        assert exactly(read(source.text)) == exactly(apply_all(tree, [Edit("set", path, old, new)])[0])
        return
    before, after = text.split("\n"), source.text.split("\n")
    changed = sum(a != b for a, b in zip(before, after, strict=True))
    assert changed == (exactly(old) != exactly(new))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_in_the_examples_every_field_is_a_line_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = json.loads(text)
    for place, old in leaves(tree)[::7]:
        source = Source(text)
        done = source.edit([Edit("set", place, old, 4711)])
        assert sum(a != b for a, b in zip(text.split("\n"), source.text.split("\n"), strict=True)) == 1
        source.revert(done)
        assert source.text == text


def edited(text: str, *wanted: Edit) -> str:
    """Return the text after edits."""
    source = Source(text)
    _, whole = apply_all(read(text), wanted)
    source.edit(whole)
    return source.text


def test_what_is_inserted_is_written_like_its_neighbours() -> None:
    tabs = '{\r\n\t"nodes" : [\r\n\t\t{ "id" : "a" },\r\n\t\t{ "id" : "b" }\r\n\t]\r\n}\r\n'
    assert edited(tabs, Edit("insert", ("nodes", 1), None, {"id": "c", "rows": 1})) == (
        '{\r\n\t"nodes" : [\r\n\t\t{ "id" : "a" },\r\n\t\t{ "id" : "c", "rows" : 1 },\r\n'
        '\t\t{ "id" : "b" }\r\n\t]\r\n}\r\n'
    )


def test_a_key_comes_on_a_line_of_its_own_where_others_stand_so() -> None:
    text = '{\n  "id": "a", "kind": "fact",\n  "columns": []\n}'
    assert edited(text, Edit("insert", ("rows",), None, 10, 2)) == (
        '{\n  "id": "a", "kind": "fact",\n  "rows": 10,\n  "columns": []\n}'
    )
    assert edited(text, Edit("remove", ("kind",))) == '{\n  "id": "a",\n  "columns": []\n}'


def test_a_minified_file_stays_one_line() -> None:
    text = '{"nodes":[{"id":"a"}],"dag":[]}'
    assert edited(text, Edit("insert", ("nodes", 1), None, {"id": "b", "columns": [{"name": "c"}]})) == (
        '{"nodes":[{"id":"a"},{"id":"b","columns":[{"name":"c"}]}],"dag":[]}'
    )
    assert edited(text, Edit("insert", ("dag", 0), None, ["a"])) == '{"nodes":[{"id":"a"}],"dag":[["a"]]}'


def test_a_file_with_every_member_on_its_line_goes_on_so() -> None:
    text = json.dumps({"nodes": [{"id": "a", "parents": ["b"]}]}, indent=4)
    done = edited(text, Edit("insert", ("nodes", 1), None, {"id": "c", "parents": ["a"], "columns": []}))
    assert done == json.dumps(
        {"nodes": [{"id": "a", "parents": ["b"]}, {"id": "c", "parents": ["a"], "columns": []}]}, indent=4
    )


def test_positions_take_one_line_a_table() -> None:
    text = json.dumps({"metadata": {"name": "x"}, "nodes": [{"id": "a"}]}, indent=2) + "\n"
    layout = {"a": [0, 8], "b": [16, 24]}
    assert edited(text, Edit("insert", ("metadata", "x-layout"), None, layout)) == (
        '{\n  "metadata": {\n    "name": "x",\n    "x-layout": {\n      "a": [0, 8],\n      "b": [16, 24]\n'
        '    }\n  },\n  "nodes": [\n    {\n      "id": "a"\n    }\n  ]\n}\n'
    )


def test_what_stays_keeps_its_spelling() -> None:
    text = '{"fanout": {"lambda": 2.50, "max": 1e2,  "note": "\\u00e9"}}'
    after = {"fanout": {"lambda": 2.5, "max": 100.0, "note": "é", "min": 0}}
    assert edited(text, Edit("set", (), read(text), after)) == (
        '{"fanout": {"lambda": 2.50, "max": 1e2,  "note": "\\u00e9",  "min": 0}}'
    )


def test_of_equal_keys_the_last_is_changed_and_all_are_removed() -> None:
    text = '{"rows": 1, "pk": "id", "rows": 2}'
    assert edited(text, Edit("set", ("rows",), 2, 3)) == '{"rows": 1, "pk": "id", "rows": 3}'
    assert edited(text, Edit("remove", ("rows",))) == '{"pk": "id"}'
    assert read(edited(text, Edit("rename_key", (), "rows", "n"))) == {"n": 2, "pk": "id"}


def test_a_byte_order_mark_and_the_end_of_the_file_stay() -> None:
    assert edited('\ufeff{"rows": 1}\n\n', Edit("set", ("rows",), 1, 2)) == '\ufeff{"rows": 2}\n\n'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"a": [float("nan")]}])
def test_what_json_cannot_say_is_refused_and_nothing_changes(value: Any) -> None:
    source = Source('{"rows": 1, "pk": "id"}')
    with pytest.raises(ValueError, match="JSON compliant|surrogates"):
        source.edit([Edit("remove", ("pk",), "id"), Edit("set", ("rows",), 1, value)])
    assert source.text == '{"rows": 1, "pk": "id"}'


def test_numbers_that_no_parser_would_hold_are_passed_over() -> None:
    text = '{"n": ' + "9" * 10_000 + ', "m": 1}'
    source = Source(text)
    source.edit([Edit("set", ("m",), 1, 2)])
    assert source.text.endswith('"m": 2}')


@given(st.text(alphabet='{}[]":,\\\\ \n1.eEtrufalsn', max_size=30) | st.text(max_size=10))
def test_of_a_text_that_is_no_json_there_is_nothing_to_find(text: str) -> None:
    Source(text).prepare()


def test_what_is_nested_too_deeply_is_no_trouble() -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000, '{"a": ' + "[" * 5_000 + "]" * 5_000 + "}"):
        Source(text).prepare()
