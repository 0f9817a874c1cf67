from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

from datagen_engine.resources import examples
from datagen_engine.schema.edit import apply, inverse
from datagen_engine.schema.reading import read_schema
from datagen_engine.schema.references import (
    Names,
    Reference,
    dependents,
    references,
    rename_column,
    rename_table,
)
from datagen_engine.schema.text import read
from tests import strategies

EXAMPLES = {name: read(path.read_bytes()).tree for name, path in examples().items()}


def edited(tree: Any, edits: Any) -> Any:
    for edit in edits:
        tree = apply(tree, edit)
    return tree


def column(name: str, generator: Any = None, *modifiers: Any) -> dict[str, Any]:
    return {"name": name, "generator": generator or {"sequence": {}}, "modifiers": list(modifiers)}


def tree(*nodes: Any, **more: Any) -> dict[str, Any]:
    return {"nodes": list(nodes), **more}


def node(id: str, *columns: Any, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": "entity", "columns": list(columns), **more}


def seen(found: list[Reference]) -> list[tuple[Any, ...]]:
    return [(one.kind, one.table, one.column, one.source_table, one.source_column) for one in found]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            tree(node("f", parents=["p", "q"])),
            [("parent", "p", None, "f", None), ("parent", "q", None, "f", None)],
        ),
        (tree(node("t", pk="id")), [("column", "t", "id", "t", None)]),
        (
            tree(node("t", column("x", {"lookup": {"from": "u.y", "on": {"a": "b"}}}))),
            [("lookup", "u", "y", "t", "x"), ("column", "t", "a", "t", "x"), ("lookup", "u", "b", "t", "x")],
        ),
        (
            tree(node("v", kind="vocab"), node("t", column("x", {"choice": {"choices_ref": "v.c"}}))),
            [("vocabulary", "v", "c", "t", "x")],
        ),
        (
            tree(node("t", column("x", {"lookup": {"from": "u.y", "on": {"this_key": "b"}}}))),
            [("lookup", "u", "y", "t", "x"), ("column", "t", "b", "t", "x"), ("lookup", "u", "b", "t", "x")],
        ),
        (
            tree(node("t", column("x", {"expression": {"code": "a + a * min(b, 2)"}}))),
            [("column", "t", "a", "t", "x"), ("column", "t", "a", "t", "x"), ("column", "t", "b", "t", "x")],
        ),
        (
            tree(node("t", column("x", None, {"transform": "expression", "args": {"code": "value * a"}}))),
            [("column", "t", "a", "t", "x")],
        ),
        (
            tree(node("t", column("x", {"faker": {"method": "name", "locale_from": "c"}}))),
            [("lookup", "t", "c", "t", "x")],
        ),
        (
            tree(node("t", column("x", {"faker": {"method": "name", "locale_from": "u.c"}}))),
            [("lookup", "u", "c", "t", "x")],
        ),
        (
            tree(constraints={"foreign_keys": [{"from": "t.u_id", "to": "u.id"}]}),
            [("column", "t", "u_id", None, None), ("foreign_key", "u", "id", "t", "u_id")],
        ),
        (
            tree(
                constraints={
                    "unique": ["t.a", ["t.b", "t.c"]],
                    "inequalities": [{"left": "t.a", "op": "<", "right": "u.b"}],
                }
            ),
            [
                ("column", "t", "a", None, None),
                ("column", "t", "b", None, None),
                ("column", "t", "c", None, None),
                ("column", "t", "a", None, None),
                ("column", "u", "b", None, None),
            ],
        ),
        (tree(dag=[["a"], ["b"]]), [("table", "a", None, None, None), ("table", "b", None, None, None)]),
        (
            tree(targets={"weekend_share": {"table": "t", "timestamp": "at"}}),
            [("table", "t", None, None, None), ("column", "t", "at", None, None)],
        ),
        (
            tree(
                targets={
                    "composite_effect": [
                        {
                            "table": "t",
                            "influences": [
                                {"kind": "effect", "table": "e", "on": {"here": "there"}, "field": "f"}
                            ],
                        }
                    ]
                }
            ),
            [
                ("table", "t", None, None, None),
                ("effect", "e", None, None, None),
                ("column", "t", "here", None, None),
                ("effect", "e", "there", None, None),
                ("effect", "e", "f", None, None),
            ],
        ),
        (
            tree(
                node(
                    "p",
                    column("seg"),
                    segment_behavior={
                        "segment_column": "seg",
                        "applies_to_columns": ["x", "nowhere"],
                        "behaviors": {"a": {}},
                    },
                ),
                node("f", column("x"), parents=["p"]),
                node("g", column("x"), parents=["p"]),
            ),
            [
                ("column", "p", "seg", "p", None),
                ("column", "f", "x", "p", None),
                ("column", "g", "x", "p", None),
                ("parent", "p", None, "f", None),
                ("parent", "p", None, "g", None),
            ],
        ),
        (
            tree(
                node("p", column("k")),
                node(
                    "f",
                    column("k2"),
                    parents=["p"],
                    modifiers=[
                        {
                            "transform": "effect",
                            "args": {
                                "effect_table": "e",
                                "on": {"k": "a", "k2": "b"},
                                "map": {"field": "f"},
                                "window": {"start_col": "s", "end_col": "t"},
                            },
                        }
                    ],
                ),
            ),
            [
                ("parent", "p", None, "f", None),
                ("effect", "e", None, "f", None),
                ("column", "p", "k", "f", None),
                ("effect", "e", "a", "f", None),
                ("column", "f", "k2", "f", None),
                ("effect", "e", "b", "f", None),
                ("effect", "e", "f", "f", None),
                ("effect", "e", "s", "f", None),
                ("effect", "e", "t", "f", None),
            ],
        ),
    ],
)
def test_references(document: Any, expected: list[tuple[Any, ...]]) -> None:
    assert seen(references(document)) == expected


def test_places_of_a_reference() -> None:
    document = tree(
        node(
            "t",
            column("x", {"lookup": {"from": "u.y", "on": {"a": "b"}}}),
            column("z", {"expression": {"code": "2*aa"}}),
        )
    )
    key = next(one for one in references(document) if one.key)
    assert key.path == ("nodes", 0, "columns", 0, "generator", "lookup", "on", "a")
    (name,) = [one for one in references(document) if one.start is not None]
    assert (name.path[-1], name.start, name.end) == ("code", 2, 4)


@pytest.mark.parametrize(
    "document", [None, 5, [], {}, {"nodes": [None, {"id": 5}, {"id": "t", "columns": {"a": []}}]}]
)
def test_what_is_no_schema_has_no_references(document: Any) -> None:
    assert references(document) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_reference_of_an_example_leads_somewhere(name: str) -> None:
    names = Names(EXAMPLES[name])
    for reference in references(EXAMPLES[name]):
        assert reference.table in names.tables
        assert reference.column is None or names.has(reference.table, reference.column)


@pytest.mark.parametrize("name", EXAMPLES)
def test_renamed_tables_and_columns_are_found_again_everywhere(name: str) -> None:
    before = EXAMPLES[name]
    for table in Names(before).tables:
        after = edited(before, rename_table(before, table, "renamed"))
        assert table not in Names(after).tables
        assert [place(one, {"renamed": table}) for one in references(after)] == [
            place(one, {}) for one in references(before)
        ]
        assert not read_schema(after).problems
        check_column(before, table, next(iter(Names(before).columns(table))))


def place(one: Reference, back: dict[str, str]) -> tuple[Any, ...]:
    return (
        one.kind,
        back.get(one.table, one.table),
        one.column,
        back.get(one.source_table or "", one.source_table),
    )


def check_column(before: Any, table: str, column: str) -> None:
    edits = rename_column(before, table, column, "re named")
    after = edited(before, edits)
    left = [one for one in references(after) if (one.table, one.column) == (table, column)]
    assert left == []
    renamed = [one for one in references(after) if (one.table, one.column) == (table, "re named")]
    assert len(renamed) == len(
        [one for one in references(before) if (one.table, one.column) == (table, column)]
    )
    assert not read_schema(after).problems
    assert edited(after, [inverse(edit) for edit in reversed(edits)]) == before


@strategies.examples(0.3)
@given(strategies.schemas())
def test_renaming_there_and_back_changes_nothing(document: Any) -> None:
    document = {**document, "metadata": {"name": "x", "x-layout": {document["nodes"][0]["id"]: [1, 2]}}}
    table = document["nodes"][0]["id"]
    column = document["nodes"][0]["columns"][0]["name"]
    there = edited(document, rename_table(document, table, "other"))
    assert "other" in there["metadata"]["x-layout"]
    assert edited(there, rename_table(there, "other", table)) == document
    there = edited(document, rename_column(document, table, column, "other"))
    assert edited(there, rename_column(there, table, "other", column)) == document


def test_this_key_is_spelled_out_where_the_names_part() -> None:
    document = tree(
        node("v", column("code"), column("label")),
        node("t", column("code"), column("x", {"lookup": {"from": "v.label", "on": {"this_key": "code"}}})),
    )
    local = edited(document, rename_column(document, "t", "code", "word"))
    assert local["nodes"][1]["columns"][1]["generator"]["lookup"]["on"] == {"word": "code"}
    remote = edited(document, rename_column(document, "v", "code", "word"))
    assert remote["nodes"][1]["columns"][1]["generator"]["lookup"]["on"] == {"code": "word"}
    own = tree(
        node("t", column("code"), column("x", {"lookup": {"from": "t.code", "on": {"this_key": "code"}}}))
    )
    both = edited(own, rename_column(own, "t", "code", "word"))
    assert both["nodes"][0]["columns"][1]["generator"]["lookup"] == {
        "from": "t.word",
        "on": {"this_key": "word"},
    }


def test_a_local_and_a_remote_key_of_one_table() -> None:
    own = tree(node("t", column("a"), column("x", {"lookup": {"from": "t.x", "on": {"a": "a"}}})))
    after = edited(own, rename_column(own, "t", "a", "b"))
    assert after["nodes"][0]["columns"][1]["generator"]["lookup"]["on"] == {"b": "b"}


def test_a_name_that_other_children_need_stays_beside_the_new_one() -> None:
    def document(**behavior: Any) -> Any:
        return tree(
            node("p", **behavior),
            node("f", column("x"), parents=["p"]),
            node("g", column("x"), parents=["p"]),
        )

    listed = document(segment_behavior={"applies_to_columns": ["x", "y"]})
    after = edited(listed, rename_column(listed, "f", "x", "z"))
    assert after["nodes"][0]["segment_behavior"]["applies_to_columns"] == ["x", "z", "y"]
    alone = document(vintage_behavior={"age_based_multipliers": {"m": {"applies_to": "x"}}})
    after = edited(alone, rename_column(alone, "f", "x", "z"))
    assert after["nodes"][0]["vintage_behavior"]["age_based_multipliers"]["m"]["applies_to"] == ["x", "z"]


def test_names_in_formulas() -> None:
    document = tree(
        node("t", column("a"), column("x", {"expression": {"code": "a  * 2 + aa"}}), column("aa"))
    )
    after = edited(document, rename_column(document, "t", "a", "price list"))
    assert after["nodes"][0]["columns"][1]["generator"]["expression"]["code"] == "`price list`  * 2 + aa"


@pytest.mark.parametrize(
    ("rename", "arguments", "why"),
    [
        (rename_table, ("q", "z"), "no table 'q'"),
        (rename_table, ("t", "u"), "already is a table 'u'"),
        (rename_column, ("t", "q", "z"), "no column 'q'"),
        (rename_column, ("t", "a", "b"), "already has a column 'b'"),
        (rename_column, ("t", "a", "value"), "means something else"),
    ],
)
def test_what_cannot_be_renamed(rename: Any, arguments: tuple[str, ...], why: str) -> None:
    changed = column("b", None, {"transform": "expression", "args": {"code": "value + a"}})
    document = tree(node("t", column("a"), changed), node("u"))
    before = copy.deepcopy(document)
    with pytest.raises(ValueError, match=why):
        rename(document, *arguments)
    assert document == before


def test_dependents() -> None:
    document = tree(
        node("t", column("id"), column("y", {"expression": {"code": "id + 1"}}), pk="id"),
        node("f", column("t_id", {"lookup": {"from": "t.id"}}), parents=["t"]),
        constraints={"foreign_keys": [{"from": "f.t_id", "to": "t.id"}]},
    )
    assert [one.kind for one in dependents(document, "t")] == ["lookup", "parent", "foreign_key"]
    assert [one.kind for one in dependents(document, "t", "id")] == [
        "column",
        "column",
        "lookup",
        "foreign_key",
    ]
    assert dependents(document, "f", "t_id")[0].source_table is None
    assert dependents(document, "t", "y") == []
