from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.stage import Clock
from datagen_engine.planning.table import ColumnPlan
from tests.drawing import plan_of
from tests.engine.small import Tree, column, fact, schema, table

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
WORDS = {"expression": {"code": 'concat("n", id % 7)'}}
TWO = {"distribution": "uniform", "min": 0, "max": 2}


def tree(rows: int = 3 * BLOCK) -> Tree:
    """Three tables one below the other, and one that reads the first at random."""
    return schema(
        table(
            column("x", "float", NORMAL),
            column("word", "string", WORDS, nullable=True, null_rate=0.1),
            column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
            rows=rows,
        ),
        fact(column("t_id", "int", {"lookup": {"from": "t.id"}}), id="f", fanout=TWO),
        fact(
            column("f_id", "int", {"lookup": {"from": "f.id"}}),
            column("x", "float", NORMAL, {"trend": {"type": "linear", "growth_rate": 1.0}}),
            id="g",
            parent="f",
            fanout=TWO,
        ),
        table(
            column("x", "float", {"lookup": {"from": "t.x"}}),
            column("word", "string", {"lookup": {"from": "t.word"}}, nullable=True),
            id="other",
            rows=500,
        ),
    )


WHOLE = plan_of(tree())
SIZES = {name: WHOLE.tables[name].rows for name in WHOLE.tables}
COLUMNS = {
    (name, c): WHOLE.slice(name, Rows.run(0, SIZES[name])).column(c).to_list()
    for name in WHOLE.tables
    for c in WHOLE.tables[name].columns
}


@given(st.sampled_from(sorted(COLUMNS)), st.data())
def test_any_rows_in_any_order_are_the_run_s(of: tuple[str, str], data: st.DataObject) -> None:
    name, c = of
    numbers = data.draw(st.lists(st.integers(0, SIZES[name] - 1), max_size=30))
    at = plan_of(tree()).slice(name, Rows.listed(np.array(numbers, dtype=np.int64)))
    assert at.column(c).to_list() == [COLUMNS[of][number] for number in numbers]


def test_what_is_asked_twice_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    values = ColumnPlan.values

    def counted(self: ColumnPlan, at: object) -> object:
        drawn.append(self.name)
        return values(self, at)  # type: ignore[arg-type]  # any slice

    monkeypatch.setattr(ColumnPlan, "values", counted)
    at = plan_of(tree()).slice("g", Rows.run(0, 10))
    assert at.column("x") is at.column("x")
    assert at.column("f_id") is at.column("f_id")
    assert sorted(drawn) == ["at", "f_id", "id", "x"]  # the time of the grandparent, the key of the parent


def test_a_parent_s_values_are_those_of_the_parent_s_rows() -> None:
    at = WHOLE.slice("g", Rows.run(100, 5000))
    grandparents = at.parent("t_id").to_list()
    assert grandparents == [COLUMNS["f", "t_id"][f - 1] for f in at.column("f_id").to_list()]
    assert at.parent("x", 2).to_list() == [COLUMNS["t", "x"][t - 1] for t in grandparents]


def test_a_time_may_come_from_far_up() -> None:
    at = WHOLE.slice("g", Rows.run(0, 500))
    assert at.time(Clock(2, "at")).to_list() == at.parent("at", 2).to_list()
    fixed = at.time(Clock(0, None, 5_000_000)).to_list()
    assert len(fixed) == 500
    assert {moment.isoformat() for moment in fixed} == {"1970-01-01T00:00:05+00:00"}


def test_any_row_of_another_table_can_be_gathered() -> None:
    at = WHOLE.slice("other", Rows.run(0, 4))
    rows = np.array([SIZES["t"] - 1, -1, 0, 0])
    for name in ("x", "word", "id"):
        listed = COLUMNS["t", name]
        assert at.gather("t", name, rows).to_list() == [listed[-1], None, listed[0], listed[0]]


def test_a_few_rows_of_a_long_table_are_drawn_without_the_rest() -> None:
    plan = plan_of(tree(rows=10**9))
    at = plan.slice("other", Rows.run(0, 20))
    assert len(at.column("x")) == len(at.column("word")) == 20
    assert not plan.is_kept("t", "x")
    assert not plan.is_kept("t", "word")


def test_many_rows_of_a_long_table_are_drawn_once_and_kept() -> None:
    plan = plan_of(tree(rows=20 * BLOCK))
    few = plan.slice("other", Rows.run(0, 3)).column("x").to_list()
    assert not plan.is_kept("t", "x")
    many = plan.slice("other", Rows.run(0, 500)).column("x").to_list()
    assert plan.is_kept("t", "x")
    assert many[:3] == few
    assert plan.slice("other", Rows.run(0, 3)).column("x").to_list() == few


def test_no_row_at_all_is_an_answer() -> None:
    for name in WHOLE.tables:
        for rows in (Rows.run(7, 7), Rows.listed(np.empty(0, dtype=np.int64))):
            at = WHOLE.slice(name, rows)
            for c in WHOLE.tables[name].columns:
                assert at.column(c).to_list() == []
