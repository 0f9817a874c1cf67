from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_app.document.wire import pack
from datagen_app.preview.worker import Worker

EXAMPLES = sorted(datagen.examples())
RUN: dict[str, Any] = {"seed": 42, "scale": 1.0}


def ask(worker: Worker, what: str, **details: Any) -> dict[str, Any]:
    question = json.dumps({"id": 1, "revision": 1, "ask": what, **details}).encode()
    reply = json.loads(worker.reply(question))
    assert "answer" in reply, reply
    return dict(reply["answer"])


def opened(name: str) -> tuple[Worker, Path]:
    worker, path = Worker(datagen), datagen.examples()[name]
    ask(worker, "open", path=str(path))
    return worker, path


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_cells_are_those_of_the_first_rows_of_a_run(name: str) -> None:
    worker, path = opened(name)
    made = datagen.plan(path, checked=True)
    for table in made.tables:
        answer = ask(worker, "preview", table=table, rows=25, **RUN)
        expected = datagen.preview(made, table, 25)
        assert answer["rows"] == expected.num_rows
        for column in answer["columns"]:
            values = expected.column(column["name"]).to_pylist()
            for cell, value in zip(column["cells"], values, strict=True):
                assert same(cell, value), (table, column["name"], cell, value)


def same(cell: str | None, value: Any) -> bool:
    if value is None or cell is None:
        return value is None and cell is None
    if isinstance(value, float):
        return abs(float(cell) - value) <= 1e-6 * max(1.0, abs(value))
    if isinstance(value, bool):
        return cell == ("true" if value else "false")
    return cell.replace("T", " ").startswith(str(value)[:19].replace("T", " ")[: len(cell)])


def test_a_reference_comes_with_the_rows_that_it_reads() -> None:
    worker, path = opened("schema")
    answer = ask(worker, "preview", table="rental", rows=10, **RUN)
    column = next(column for column in answer["columns"] if column["target"] == "bike")
    bikes = datagen.preview(path, "bike", 1_000).column("bike_id").to_pylist()
    assert [str(bikes[row]) for row in column["rows"]] == column["cells"]


def test_rows_from_anywhere() -> None:
    worker, path = opened("schema")
    answer = ask(worker, "preview", table="rental", rows=5, start=1_000, **RUN)
    expected = datagen.preview(path, "rental", 5, start=1_000).column("rental_id").to_pylist()
    assert answer["start"] == 1_000
    assert answer["columns"][0]["cells"] == [str(value) for value in expected]


def test_after_an_edit_the_answers_are_about_the_document_as_it_is() -> None:
    worker, path = opened("schema")
    tree = datagen.load(path).tree
    at = next(i for i, node in enumerate(tree["nodes"]) if node["id"] == "bike")
    where = ("nodes", at, "columns", 0, "generator", "sequence")
    before = tree["nodes"][at]["columns"][0]["generator"]["sequence"]
    ask(worker, "preview", table="bike", rows=3, **RUN)
    edit = datagen.Edit("set", where, before, {"start": 500})
    ask(worker, "step", edits=pack((edit,)))
    answer = ask(worker, "preview", table="bike", rows=3, **RUN)
    assert answer["columns"][0]["cells"] == ["500", "501", "502"]


def test_an_explanation_has_paths_as_steps() -> None:
    worker, _ = opened("schema")
    found = ask(worker, "trace", table="rental", row=17, column="bike_id", **RUN)
    assert found["stages"][0]["path"][0] == "nodes"
    assert found["text"] == found["stages"][-1]["text"]


def test_sparklines_come_in_pieces_until_none_is_left() -> None:
    worker, path = opened("ecomm")
    wanted = {
        node["id"]: [one["name"] for one in node["columns"]] for node in datagen.load(path).tree["nodes"]
    }
    shapes: dict[str, dict[str, list[float]]] = {}
    left: dict[str, list[str]] = wanted
    while left:
        answer = ask(worker, "sparklines", wanted=left, **RUN)
        for table, columns in answer["shapes"].items():
            shapes.setdefault(table, {}).update(columns)
        left = answer["left"]
    assert {table: sorted(columns) for table, columns in shapes.items()} == {
        table: sorted(columns) for table, columns in wanted.items()
    }
    assert all(not bars or max(bars) == 1.0 for columns in shapes.values() for bars in columns.values())


def test_a_column_that_cannot_be_drawn_has_no_sparkline_and_no_plot() -> None:
    worker = Worker(datagen)
    tree = datagen.load(datagen.examples()["schema"]).tree
    tree["nodes"][1]["columns"][1]["generator"] = {"lookup": {"from": "nobody.id"}}
    ask(worker, "open", path="x.json", text=json.dumps(tree))
    table, column = tree["nodes"][1]["id"], tree["nodes"][1]["columns"][1]["name"]
    assert ask(worker, "sparklines", wanted={table: [column]}, **RUN)["shapes"] == {table: {column: []}}
    question = {"id": 1, "revision": 1, "ask": "plots", "table": table, "column": column, "rows": 100, **RUN}
    assert "nobody" in json.loads(worker.reply(json.dumps(question).encode()))["failed"]


def test_looking_ahead_ends() -> None:
    worker, _ = opened("schema")
    ask(worker, "preview", table="bike", rows=3, **RUN)
    assert sum(worker.looks.warm() for _ in range(50)) < 50
