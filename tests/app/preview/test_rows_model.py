from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from datagen_app.document.document import Document, Table
from datagen_app.preview.rows_model import CHANGED, NULL, STALE, TARGET, RowsModel

ORDER: dict[str, Any] = {
    "id": "order",
    "pk": "order_id",
    "columns": [
        {"name": "order_id", "type": "int", "generator": {"sequence": {}}},
        {"name": "customer", "type": "int", "generator": {"lookup": {"from": "customer.id"}}},
        {"name": "note", "type": "string", "nullable": True, "generator": {"choice": {"choices": ["a"]}}},
    ],
}


@pytest.fixture
def table() -> Table:
    return Document(Path("shop.json"), {"nodes": [ORDER]}).tables[0]


def answer(rows: int, start: int = 0, **cells: list[str | None] | str) -> dict[str, Any]:
    given: dict[str, Any] = {
        "order_id": [str(row) for row in range(rows)],
        "customer": [str(row // 2) for row in range(rows)],
        "note": [None if row % 3 else "a\nb" for row in range(rows)],
        **cells,
    }
    columns = [
        {
            "name": name,
            "cells": None if isinstance(found, str) else found,
            "error": found if isinstance(found, str) else "",
            "target": "customer" if name == "customer" else "",
            "rows": [row // 2 - 1 for row in range(rows)] if name == "customer" else None,
        }
        for name, found in given.items()
    ]
    return {"table": "order", "start": start, "rows": rows, "error": "", "columns": columns}


def test_it_is_a_model_as_qt_wants_one(qtmodeltester: ModelTester, table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(1_000))
    qtmodeltester.check(model)
    model.take(table, answer(20))
    model.take(table, answer(0))
    model.clear()


def test_cells_say_what_the_worker_drew(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(4, start=10))
    assert model.index(3, 0).data() == "3"
    assert model.index(1, 2).data() == "null"
    assert model.index(1, 2).data(NULL)
    assert model.index(0, 2).data() == "a b"
    assert model.headerData(0, Qt.Orientation.Vertical) == "10"
    assert model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)
    assert model.index(0, 2).data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignLeft)


def test_headers_tell_key_reference_and_nulls(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(1))
    said = [
        model.headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole) for at in range(3)
    ]
    assert said == [
        "order_id, int, sequence, key",
        "customer, int, lookup, reads customer",
        "note, string, choice, may be null",
    ]


def test_a_reference_knows_the_row_that_it_reads(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(4))
    assert model.index(0, 1).data(TARGET) is None  # −1: none
    assert model.index(3, 1).data(TARGET) == ("customer", 0)
    assert model.index(3, 0).data(TARGET) is None


def test_what_an_edit_changed_is_marked_and_nothing_else(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(4))
    assert not model.changed
    model.take(table, answer(4, customer=["0", "9", "1", "1"]))
    changed = [(row, at) for row in range(4) for at in range(3) if model.index(row, at).data(CHANGED)]
    assert changed == [(1, 1)]
    model.take(table, answer(4, customer=["0", "9", "1", "1"]))
    assert not model.changed


def test_other_rows_are_no_change(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(4))
    model.take(table, answer(4, start=50, customer=["7", "7", "7", "7"]))
    assert not model.changed


def test_a_column_with_an_error_keeps_its_last_good_cells_marked(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(4))
    model.take(table, answer(4, customer="there is no table 'x'"))
    assert model.columns[1].error == "there is no table 'x'"
    assert model.index(3, 1).data() == "1"
    assert model.index(3, 1).data(STALE)
    assert not model.changed
    model.take(table, answer(4))
    assert not model.index(3, 1).data(STALE)


def test_a_column_that_was_never_drawn_is_empty(table: Table) -> None:
    model = RowsModel()
    model.take(table, answer(4, customer="no"))
    assert model.index(0, 1).data() == ""
    assert not model.index(0, 1).data(NULL)
