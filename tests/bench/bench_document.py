"""The open document at 500 tables of 12 columns: what an edit, undo and redo take in the window's process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps.columns import add_column
from datagen_app.document.steps.layout import set_layout
from datagen_app.document.steps.removal import delete
from datagen_app.document.steps.renaming import rename_table
from datagen_app.document.steps.tables import add_table
from datagen_app.document.steps.values import set_value

TABLES, COLUMNS, TIMES = 500, 12, 20


def tree() -> dict[str, Any]:
    nodes = []
    for number in range(TABLES):
        key = f"t{number}_id"
        columns: list[Any] = [{"name": key, "type": "int", "generator": {"sequence": {"start": 1}}}]
        for other in range(COLUMNS - 1):
            target = f"t{(number * 7 + other) % max(number, 1)}"
            generator: Any = {
                "distribution": {"type": "normal", "params": {"mean": 3.5, "std": 0.8}, "clamp": [0, 9]}
            }
            if other < 2:
                generator = {"lookup": {"from": f"{target}.{target}_id"}}
            columns.append({"name": f"c{other}", "type": "float", "generator": generator})
        nodes.append({"id": f"t{number}", "kind": "entity", "rows": 1000, "pk": key, "columns": columns})
    layout = {f"t{number}": [8 * number, 0] for number in range(TABLES)}
    return {"version": "1.0", "metadata": {"name": "Large", "x-layout": layout}, "nodes": nodes}


@pytest.fixture(scope="module")
def opened() -> OpenDocument:
    made = tree()
    return OpenDocument(Document(Path("large.json"), made, datagen.dump(made)))


def taken(do: Callable[[int], object], times: int = TIMES) -> float:
    """Return the median of what something takes, in milliseconds of the processor."""
    found = []
    for turn in range(times):
        began = process_time()
        do(turn)
        found.append(1000 * (process_time() - began))
    return median(found)


def test_what_an_edit_takes(opened: OpenDocument, budget: Callable[..., None]) -> None:
    budget("look at the text once", taken(lambda _: opened.prepare(), 1), "ms", most=50)
    tables = list(opened.now.tables)
    steps: dict[str, Callable[[int], Step]] = {
        "set a value": lambda turn: set_value(opened.now, ("nodes", 250, "rows"), turn, "Set"),
        "add a table": lambda turn: add_table(opened.now, "fact", (0, turn)),
        "add a column": lambda turn: add_column(opened.now, tables[100].key, "email"),
        "move every card": lambda turn: set_layout(
            opened.now, {table.key: (8.0 * turn, 8.0) for table in opened.now.tables}
        ),
        "delete a table": lambda turn: delete(opened.now, [Place(tables[50 + turn].key)]),
        "rename a table that many refer to": lambda turn: rename_table(opened.now, tables[1].key, f"x{turn}"),
    }
    for what, make in steps.items():
        budget(what, taken(lambda turn, make=make: opened.do(make(turn))), "ms", most=50)  # type: ignore[misc]
        budget(f"… undo ({what})", taken(lambda _: opened.undo()), "ms", most=16)
        budget(f"… redo ({what})", taken(lambda _: opened.redo()), "ms", most=16)
    opened.go_to(0)
    assert json.loads(opened.now.text) == tree()
