from __future__ import annotations

import itertools

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import Rows
from datagen_engine.errors import Cancelled, RunError
from datagen_engine.run.parts import PART_ROWS, Part, draw_batch, parts_of
from datagen_engine.write.format import ROW_GROUP
from tests.drawing import plan_of, small_files, whole
from tests.engine.small import column, schema, table


@given(st.integers(0, 3 * PART_ROWS))
def test_parts_and_batches_hold_each_row_once(rows: int) -> None:
    parts = parts_of(plan_of(schema(table(rows=rows))), "t")
    assert [part.number for part in parts] == list(range(len(parts)))
    assert next((part.start, part.stop) for part in parts)[0] == 0
    assert parts[-1].stop == rows
    for part, after in itertools.pairwise(parts):
        assert part.rows == PART_ROWS
        assert after.start == part.stop
    for part in parts:
        batches = list(part.batches())
        assert sum(map(len, batches)) == part.rows
        assert all(0 < len(batch) <= ROW_GROUP for batch in batches)
        assert all(len(batch) == ROW_GROUP for batch in batches[:-1])


@pytest.mark.parametrize(
    ("rows", "paths"),
    [
        (0, ["t"]),
        (1, ["t"]),
        (PART_ROWS, ["t"]),
        (PART_ROWS + 1, ["t/part-00000", "t/part-00001"]),
    ],
)
def test_a_table_of_more_than_a_part_is_a_folder(rows: int, paths: list[str]) -> None:
    assert [part.name for part in parts_of(plan_of(schema(table(rows=rows))), "t")] == paths


def test_parts_sort_by_name_however_many_there_are() -> None:
    paths = [Part("t", number, 0, 0, False).name for number in (0, 9, 10, 99_999)]
    assert paths == sorted(paths)


def test_the_batches_of_a_table_are_the_table() -> None:
    words = {"expression": {"code": 'concat("n", id)'}}
    plan = plan_of(schema(table(column("word", "string", words), rows=300)))
    with small_files():
        batches = [draw_batch(plan, "t", rows) for part in parts_of(plan, "t") for rows in part.batches()]
    assert len(batches) == 10
    assert pa.Table.from_batches(batches).equals(
        pa.Table.from_batches([whole(plan, "t")]), check_metadata=True
    )


def test_a_batch_has_the_types_of_the_language() -> None:
    times = {"datetime_series": {"within": "timeframe"}}
    plan = plan_of(schema(table(
        column("x", "float", {"sequence": {}}, nullable=True),
        column("flag", "bool", {"choice": {"choices": [True]}}),
        column("at", "datetime", times),
        column("on", "date", times),
        column("few", "string", {"choice": {"choices": ["a"]}}),
        column("many", "string", {"expression": {"code": 'concat("n", id)'}}),
    )))  # fmt: skip
    found = draw_batch(plan, "t", Rows.run(0, 5)).schema
    assert {field.name: str(field.type) for field in found} == {
        "id": "int64", "x": "double", "flag": "bool", "at": "timestamp[us, tz=UTC]", "on": "date32[day]",
        "few": "dictionary<values=string, indices=int32, ordered=0>", "many": "string",
    }  # fmt: skip
    assert [field.name for field in found if field.nullable] == ["x"]


def test_a_null_that_may_not_be_is_told_in_words() -> None:
    broken = column("x", "float", {"expression": {"code": "1 / (id - 7)"}})
    plan = plan_of(schema(table(broken, rows=10)))
    assert draw_batch(plan, "t", Rows.run(0, 6)).num_rows == 6
    says = r"t.x got 1 nulls in rows 6 to 9, but is not nullable; set `nullable: true` on it, or .*coalesce"
    with pytest.raises(RunError, match=says):
        draw_batch(plan, "t", Rows.run(6, 10))


def test_a_run_that_was_stopped_draws_no_more() -> None:
    plan = plan_of(schema(table()))
    plan.cancelled = lambda: True
    with pytest.raises(Cancelled):
        draw_batch(plan, "t", Rows.run(0, 1))
