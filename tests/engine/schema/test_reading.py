"""One fault is one problem, at its true place; the rest of the schema is read all the same."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from datagen_engine.schema.edit import apply
from datagen_engine.schema.path import Path, pointer
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import Unreadable, read_schema

BASE: dict[str, Any] = {
    "version": "1.0",
    "metadata": {"name": "x"},
    "timeframe": {"start": "2024-01-01", "end": "2024-12-31"},
    "nodes": [
        {
            "id": "t",
            "kind": "entity",
            "pk": "id",
            "columns": [
                {"name": "id", "type": "int", "generator": {"sequence": {}}},
                {
                    "name": "x",
                    "type": "float",
                    "generator": {
                        "distribution": {"type": "normal", "params": {"mean": 1, "std": 1}, "clamp": [0, 1]}
                    },
                    "modifiers": [{"transform": "add", "args": {"value": 1}}],
                },
                {"name": "at", "type": "datetime", "generator": {"datetime_series": {"within": "timeframe"}}},
            ],
        },
        {
            "id": "u",
            "kind": "entity",
            "pk": "id",
            "columns": [{"name": "id", "type": "int", "generator": {"sequence": {}}}],
        },
    ],
    "constraints": {},
}
T = ("nodes", 0)
ID, X, AT = ((*T, "columns", n) for n in range(3))
NORMAL = (*X, "generator", "distribution")
ADD = (*X, "modifiers", 0)
SERIES = (*AT, "generator", "datetime_series")


def put(path: Path, value: Any) -> Callable[[Any], None]:
    def change(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = value

    return change


def drop(path: Path) -> Callable[[Any], None]:
    def change(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        del tree[path[-1]]

    return change


def changed(*changes: Callable[[Any], None]) -> Any:
    tree = copy.deepcopy(BASE)
    for change in changes:
        change(tree)
    return tree


def renamed(path: Path, new: str) -> Callable[[Any], None]:
    def change(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        tree[new] = tree.pop(path[-1])

    return change


@pytest.mark.parametrize(
    ("change", "code", "place", "fix"),
    [
        (put((*ID, "zzz"), 1), "unknown-key", (*ID, "zzz"), False),
        (put((*ID, "typ"), "int"), "unknown-key", (*ID, "typ"), False),
        (renamed((*ID, "type"), "tipe"), "unknown-key", (*ID, "tipe"), True),
        (renamed((*NORMAL, "type"), "tpye"), "unknown-key", (*NORMAL, "tpye"), True),
        (renamed((*NORMAL, "params", "mean"), "meen"), "unknown-key", (*NORMAL, "params", "meen"), True),
        (put((*NORMAL, "of"), {}), "unknown-key", (*NORMAL, "of"), False),
        (drop((*NORMAL, "type")), "missing-key", (*NORMAL, "type"), False),
        (drop((*NORMAL, "params")), "missing-key", (*NORMAL, "params"), False),
        (put((*NORMAL, "params"), None), "missing-key", (*NORMAL, "params"), False),
        (drop((*NORMAL, "clamp")), "missing-key", (*NORMAL, "clamp"), False),
        (put((*NORMAL, "type"), "normall"), "unknown-distribution", (*NORMAL, "type"), True),
        (put((*NORMAL, "type"), 5), "wrong-type", NORMAL, False),
        (put((*NORMAL, "clamp"), [2, 1]), "low-above-high", NORMAL, False),
        (put((*NORMAL, "clamp", 1), "b"), "wrong-type", (*NORMAL, "clamp", 1), False),
        (put((*NORMAL, "params", "std"), -1), "out-of-limits", (*NORMAL, "params", "std"), False),
        (
            put((*ID, "generator"), {"sequense": {}}),
            "unknown-generator",
            (*ID, "generator", "sequense"),
            True,
        ),
        (put((*ID, "generator"), {"sequence": {}, "choice": {}}), "one-generator", (*ID, "generator"), False),
        (
            put((*ID, "generator"), {"sequence": {"start": "x"}}),
            "wrong-type",
            (*ID, "generator", "sequence", "start"),
            False,
        ),
        (put((*ADD, "transform"), "ad"), "unknown-modifier", (*ADD, "transform"), True),
        (put((*ADD, "transform"), [1]), "wrong-type", ADD, False),
        (renamed((*ADD, "args"), "arg"), "unknown-key", (*ADD, "arg"), True),
        (put(ADD, 5), "wrong-type", ADD, False),
        (put((*SERIES, "within"), "timefram"), "unknown-word", (*SERIES, "within"), True),
        (put((*SERIES, "within"), {"start": "2024-01-01"}), "missing-key", (*SERIES, "within", "end"), False),
        (put((*SERIES, "within"), 5), "unknown-word", (*SERIES, "within"), False),
        (put((*SERIES, "freq"), "5!"), "bad-frequency", (*SERIES, "freq"), False),
        (put((*ID, "type"), "integer"), "unknown-word", (*ID, "type"), True),
        (put((*T, "kind"), "entty"), "unknown-word", (*T, "kind"), True),
        (put((*T, "rows"), 10**400), "out-of-limits", (*T, "rows"), False),
        (put((*T, "rows"), 1.5), "wrong-type", (*T, "rows"), False),
        (put((*T, "id"), "con"), "unsafe-name", (*T, "id"), False),
        (put((*T, "columns"), []), "out-of-limits", (*T, "columns"), False),
        (put((*T, "columns"), [5]), "wrong-type", (*T, "columns", 0), False),
        (put(("version",), "2.0"), "unknown-word", ("version",), True),
        (put(("timeframe", "end"), "2023-01-01"), "end-before-start", ("timeframe", "end"), False),
        (drop(("constraints",)), "missing-key", ("constraints",), False),
        (
            put(("constraints", "pattern"), [{"attr": "t", "regex": "a"}]),
            "not-an-attribute",
            ("constraints", "pattern", 0, "attr"),
            False,
        ),
        (
            put(("targets",), {"weekend_share": {"table": "t", "timestamp": "at", "min": 5}}),
            "out-of-limits",
            ("targets", "weekend_share", "min"),
            False,
        ),
    ],
)
def test_one_fault_is_one_problem(change: Callable[[Any], None], code: str, place: Path, fix: bool) -> None:
    tree = changed(change)
    before = copy.deepcopy(tree)
    reading = read_schema(tree)
    assert [(one.code, pointer(one.path)) for one in reading.problems] == [(code, pointer(place))], (
        reading.problems
    )
    (problem,) = reading.problems
    assert (problem.fix is not None) is fix
    assert reading.schema is not None
    assert "u" in reading.schema.by_id, "the rest is read"
    if problem.fix is not None:
        for edit in problem.fix.edits:
            tree = apply(tree, edit)
        assert not read_schema(tree).problems
    assert before == changed(change)


def test_a_mistyped_word_is_read_as_it_is_meant() -> None:
    reading = read_schema(changed(renamed((*ID, "generator"), "generater"), put((*T, "kind"), "entty")))
    assert reading.schema is not None
    assert reading.schema.nodes[0].kind == "entity"
    assert reading.schema.nodes[0].columns[0].generator.key == "sequence"
    assert reading.original((*ID, "generator", "sequence", "start"))[4] == "generater"


def test_what_cannot_be_read_is_left_out_and_places_stay_true() -> None:
    broken = {"name": "b", "type": "int", "generator": {"sequence": {"start": "x"}}}
    nameless = {"name": 5, "type": "int", "generator": {"sequence": {}}}
    tree = changed(put((*T, "columns"), [nameless, *BASE["nodes"][0]["columns"], broken]))
    tree["nodes"].insert(0, {"id": 5})
    reading = read_schema(tree)
    assert reading.schema is not None
    assert [node.id for node in reading.schema.nodes] == ["t", "u"]
    columns = reading.schema.nodes[0].columns
    assert [column.name for column in columns] == ["id", "x", "at", "b"]
    assert isinstance(columns[3].generator, Unreadable)
    assert reading.original(("nodes", 0, "columns", 1)) == ("nodes", 1, "columns", 2)
    moved = reading.moved(Problem("cycle", ("nodes", 1), ""))
    assert moved.path == ("nodes", 2)


def test_several_faults_are_all_told() -> None:
    reading = read_schema(
        changed(put((*ID, "zzz"), 1), put((*X, "type"), "number"), put((*NORMAL, "clamp"), 5))
    )
    assert {one.code for one in reading.problems} == {"unknown-key", "unknown-word", "wrong-type"}


@pytest.mark.parametrize("tree", [None, True, 5, "x", [], {}, {"nodes": 5}, {"nodes": [[]]}])
def test_what_is_no_schema(tree: Any) -> None:
    reading = read_schema(tree)
    assert reading.schema is None
    assert reading.problems
