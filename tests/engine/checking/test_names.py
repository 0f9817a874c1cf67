from __future__ import annotations

import pytest

from datagen_engine.checking.names import differ_by_a_letter
from tests.engine.checking.judging import Found, column, judge, schema, sequence, table, uniform


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (schema(table(id="a"), table(id="A")), [("duplicate-table", "/nodes/1/id")]),
        (schema(table(id="a"), table(id="b"), table(id="a")), [("duplicate-table", "/nodes/2/id")]),
        (
            schema(table(column("x", "float", uniform(0, 1)), column("x", "int", sequence))),
            [("duplicate-column", "/nodes/0/columns/2/name")],
        ),
        (schema(table(id="customer"), table(id="custmer")), [("similar-name", "/nodes/1/id")]),
        (
            schema(table(column("form_id", "int", sequence), column("from_id", "int", sequence))),
            [("similar-name", "/nodes/0/columns/2/name")],
        ),
        (schema(table(), metadata={"name": "  "}), [("blank-name", "/metadata/name")]),
    ],
)
def test_names(tree: object, expected: Found) -> None:
    judge(tree, expected)


def test_what_refers_to_a_name_that_stands_twice_is_no_further_problem() -> None:
    lookup = {"lookup": {"from": "a.id"}}
    judge(
        schema(table(id="a"), table(id="a"), table(column("x", "int", lookup))),
        [("duplicate-table", "/nodes/1/id")],
    )


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("customer", "custmer", True),
        ("receive", "recieve", True),
        ("latitude", "latitudes", False),
        ("address1", "address2", False),
        ("size_x", "size_y", False),
        ("amount", "amount", False),
        ("amount", "Amount", False),
        ("started", "stopped", False),
    ],
)
def test_names_that_differ_by_a_letter(one: str, other: str, close: bool) -> None:
    assert differ_by_a_letter(one, other) is close
    assert differ_by_a_letter(other, one) is close


def test_many_names_take_no_time() -> None:
    # All pairs of 2,000 would be two million comparisons.
    judge(schema(table(*(column(f"measure_{n:05}", "int", sequence) for n in range(2_000)))), [])
