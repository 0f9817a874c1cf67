from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from datagen_app.report.checks_model import GROUPINGS, ChecksModel, Grouping

STATUSES = ("pass", "fail", "error", "skipped")
CATEGORIES = ("structural", "value", "behavioural")


def line(number: int, **said: Any) -> dict[str, Any]:
    usual = {
        "id": f"check:{number}",
        "status": STATUSES[number % 4],
        "severity": "error",
        "category": CATEGORIES[number % 3],
        "kind": "range",
        "title": f"range {number}",
        "table": f"table_{number % 40}",
        "columns": "total",
        "observed": str(number),
        "expected": "0 – 10",
        "rows": number,
        "failed": number % 5 or None,
        "cause": False,
    }
    return {**usual, **said}


@pytest.fixture
def model() -> ChecksModel:
    made = ChecksModel()
    made.set_lines([line(number) for number in range(10_000)])
    made.choose("all")
    return made


def shown(model: ChecksModel) -> list[int]:
    lines = (model.line(row) for row in range(model.rowCount()))
    return [one.number for one in lines if one is not None]


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_every_check_is_in_one_group(model: ChecksModel, grouping: Grouping) -> None:
    model.group(grouping)
    assert sorted(shown(model)) == list(range(10_000))
    headings = [model.heading(row) for row in range(model.rowCount()) if model.heading(row)]
    assert (
        len(headings) == len(set(headings)) == {"table": 40, "category": 3, "status": 4, "none": 0}[grouping]
    )


def test_those_that_need_a_look() -> None:
    model = ChecksModel()
    model.set_lines([line(1), line(2), line(2, cause=True), line(0), line(3)])
    assert shown(model) == [0, 1]  # one that failed, one that could not be run; not what a failure explains
    model.choose("value")
    assert shown(model) == [0]


def test_every_word_is_searched(model: ChecksModel) -> None:
    model.search("table_7 RANGE 47")
    assert set(shown(model)) == {n for n in range(10_000) if n % 40 == 7 and "47" in f"check:{n} {n}"}
    model.search("nothing like it")
    assert model.rowCount() == 0


@given(column=st.integers(0, 6), descending=st.booleans())
def test_an_order_keeps_every_check_and_its_group(column: int, descending: bool) -> None:
    model = ChecksModel()
    model.set_lines([line(number) for number in range(60)])
    model.choose("all")
    model.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    assert sorted(shown(model)) == list(range(60))
    heading = ""
    for row in range(model.rowCount()):
        one = model.line(row)
        heading = model.heading(row) or heading
        assert one is None or heading.startswith(one.table)


def test_a_heading_cannot_be_selected(model: ChecksModel) -> None:
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsSelectable
    row = model.row_of(123)
    assert row is not None
    found = model.line(row)
    assert found is not None
    assert found.id == "check:123"
