"""Unique columns and composites, without drawing them all."""

import numpy as np
import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.errors import RunError
from tests.engine.small import Tree, column, draw, fact, plan, table

CHOICES = {"choice": {"choices": [f"c{i}" for i in range(1_000)]}}
WHOLE = {"distribution": {"type": "uniform", "params": {"low": 5, "high": 1_204}, "clamp": [5, 1_204]}}


@pytest.mark.parametrize(("kind", "generator"), [("string", CHOICES), ("int", WHOLE)])
def test_a_column_alone(kind: str, generator: Tree) -> None:
    made = plan(table(column("x", kind, generator), rows=1_000), constraints={"unique": ["t.x"]})
    values = draw(made, "x").to_list()
    assert len(set(values)) == 1_000
    if kind == "int":
        assert min(values) >= 5
        assert max(values) <= 1_204


def test_fewer_rows_are_a_prefix() -> None:
    few = plan(table(column("x", "int", WHOLE), rows=100), constraints={"unique": ["t.x"]})
    many = plan(table(column("x", "int", WHOLE), rows=1_000), constraints={"unique": ["t.x"]})
    assert draw(few, "x").to_list() == draw(many, "x").to_list()[:100]


def test_a_reference_to_another_table() -> None:
    made = plan(
        table(id="seat", rows=500),
        table(column("seat_id", "int", {"lookup": {"from": "seat.id"}}), id="guest", rows=500),
        constraints={"unique": ["guest.seat_id"]},
    )
    assert sorted(draw(made, "seat_id", "guest").to_list()) == list(range(1, 501))


def test_a_reference_to_values_of_another_column() -> None:
    made = plan(
        table(column("code", "string", CHOICES), id="a", rows=800),
        table(column("code", "string", {"choice": {"choices_ref": "a.code"}}), id="b", rows=600),
        constraints={"unique": ["a.code", "b.code"]},
    )
    assert len(set(draw(made, "code", "b").to_list())) == 600


def test_a_primary_key_is_unique_without_saying_so() -> None:
    made = plan(table(column("id", "int", WHOLE), rows=1_200))
    assert len(set(draw(made, "id").to_list())) == 1_200


def test_a_composite_with_the_first_parent_s_key() -> None:
    made = plan(
        table(id="student", rows=3_000),
        table(id="course", rows=12),
        {
            **fact(
                column("student_id", "int", {"lookup": {"from": "student.id"}}),
                column("course_id", "int", {"lookup": {"from": "course.id"}}),
                id="enrolled",
                parent="student",
            ),
            "parents": ["student", "course"],
            "fanout": {"distribution": "uniform", "min": 0, "max": 12},
        },
        constraints={"unique": [["enrolled.student_id", "enrolled.course_id"]]},
    )
    rows = made.tables["enrolled"].rows
    pairs = list(
        zip(
            draw(made, "student_id", "enrolled").to_list(),
            draw(made, "course_id", "enrolled").to_list(),
            strict=True,
        )
    )
    assert len(set(pairs)) == rows
    share = np.bincount([course for _, course in pairs], minlength=13)[1:] / rows
    assert np.abs(share - 1 / 12).max() < 0.01
    listed = np.array([5_000, 1, 777])
    alone = draw(made, "course_id", "enrolled", Rows.listed(listed)).to_list()
    assert alone == [pairs[i][1] for i in listed]


def test_of_a_small_table_no_more_fakes_are_made_than_it_has_rows() -> None:
    generator = {"faker": {"method": "state", "unique": True}}
    made = plan(table(column("x", "string", generator), rows=50))
    assert draw(made, "x", rows=Rows.run(0, 5)).to_list() == draw(made, "x").to_list()[:5]
    assert len(set(draw(made, "x").to_list())) == 50


def test_more_rows_than_values_are_refused_and_never_repeated() -> None:
    made = plan(table(column("x", "string", CHOICES), rows=1_001), constraints={"unique": ["t.x"]})
    with pytest.raises(
        RunError, match=r"t\.x must be unique: 1,001 rows need a value each, and there are 1,000"
    ):
        draw(made, "x", rows=Rows.run(0, 5))


def test_more_siblings_than_values_are_refused() -> None:
    made = plan(
        table(rows=20),
        fact(
            column("t_id", "int", {"lookup": {"from": "t.id"}}),
            column("word", "string", {"choice": {"choices": ["a", "b"]}}),
            fanout={"distribution": "uniform", "min": 3, "max": 3},
        ),
        constraints={"unique": [["f.t_id", "f.word"]]},
    )
    with pytest.raises(RunError, match="3 rows need a value each"):
        draw(made, "word", "f")
