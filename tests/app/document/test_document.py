from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.document.document import Document
from datagen_app.document.place import Json, Place
from datagen_app.document.problem import Problem, worst
from tests.app.conftest import SHOP

FILE = Path("shop.json")


@pytest.fixture
def shop() -> Document:
    return Document(FILE, copy.deepcopy(SHOP))


def test_tables_and_columns_come_in_the_order_of_the_text(shop: Document) -> None:
    assert [table.id for table in shop.tables] == ["customer", "order", "channel"]
    assert [column.name for column in shop.tables[1].columns] == ["order_id", "customer_id", "total"]
    assert shop.tables[1].kind == "fact"
    assert shop.tables[1].key_column == "order_id"
    assert shop.name == "Small shop"


def test_session_keys_are_unique(shop: Document) -> None:
    keys = [table.key for table in shop.tables] + [c.key for table in shop.tables for c in table.columns]
    assert len(set(keys)) == len(keys)


def test_a_place_and_its_path_lead_to_each_other(shop: Document) -> None:
    place = shop.place_of("order", "total")
    assert shop.path_of(place) == ("nodes", 1, "columns", 2)
    assert shop.place_at(("nodes", 1, "columns", 2, "generator", "distribution")) == place
    assert shop.place_at(("nodes", 1, "fanout")) == shop.place_of("order")
    assert shop.path_of(shop.place_of("order")) == ("nodes", 1)


def test_what_is_not_there_is_nowhere(shop: Document) -> None:
    assert not shop.place_of("nobody")
    assert shop.place_of("order", "nothing") == shop.place_of("order")
    assert shop.path_of(Place(999)) == ()
    assert not shop.place_at(("nodes", 9))
    assert not shop.place_at(())


@pytest.mark.parametrize(
    "path",
    [("constraints", "ranges", 0, "min"), ("targets", "mean_in_range", "max"), ("targets", "mean_in_range")],
)
def test_what_a_constraint_or_target_speaks_of_is_its_place(
    shop: Document, path: tuple[str | int, ...]
) -> None:
    assert shop.place_at(path) == shop.place_of("order", "total")


def test_of_two_tables_with_one_id_the_first_is_meant() -> None:
    twice: list[Json] = [{"id": "a", "kind": "fact"}, {"id": "a", "kind": "vocab"}]
    document = Document(FILE, {"nodes": twice})
    assert document.place_of("a") == Place(document.tables[0].key)


def test_what_is_no_table_is_passed_over_and_paths_stay_true() -> None:
    nodes: list[Json] = [3, {"id": "a", "columns": ["x", {"name": "b"}]}, None]
    document = Document(FILE, {"nodes": nodes})
    (table,) = document.tables
    assert document.path_of(Place(table.key, table.columns[0].key)) == ("nodes", 1, "columns", 1)


@pytest.mark.parametrize("name", [None, "", "  ", 3, ["x"], {"y": 1}])
def test_a_table_without_a_name_has_a_label(name: Any) -> None:
    (table,) = Document(FILE, {"nodes": [{"id": name}]}).tables
    assert table.id


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
steps = st.sampled_from(["nodes", "columns", "constraints", "ranges", "targets", "id", 0, 1])


@given(
    tree=json_values
    | st.fixed_dictionaries({"nodes": json_values, "constraints": json_values, "metadata": json_values}),
    path=st.lists(steps, max_size=6),
)
def test_any_json_is_a_document(tree: Any, path: list[str | int]) -> None:
    document = Document(FILE, tree)
    assert document.name
    for table in document.tables:
        assert document.resolve(Place(table.key)) == (table, None)
    place = document.place_at(tuple(path))
    assert document.path_of(place) == tuple(path)[: len(document.path_of(place))] or path[:1] != ["nodes"]


def test_a_problem_reads_and_points() -> None:
    data = {"severity": "warning", "code": "c", "message": "m", "path": ["nodes", 3, "a/b"], "fix": None}
    problem = Problem.from_json(data)
    assert problem == Problem("warning", "c", "m", ("nodes", 3, "a/b"))
    assert problem.pointer == "/nodes/3/a~1b"
    assert Problem.from_json({}).pointer == "/"


def test_the_worst_is_an_error_if_there_is_one() -> None:
    warning, error = Problem("warning", "", "", ()), Problem("error", "", "", ())
    assert worst([warning, error, warning]) == "error"
    assert worst([warning]) == "warning"
    assert worst([]) is None
