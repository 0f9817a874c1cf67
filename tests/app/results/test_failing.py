"""Each kind of damage: exactly the rows that the report counts are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datagen_engine import generate
from datagen_engine.validation.validate import validate
from tests.app.results.conftest import Asker

SCHEMA: dict[str, Any] = {
    "version": "1.0",
    "metadata": {"name": "damage"},
    "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
    "nodes": [
        {
            "id": "shop",
            "kind": "entity",
            "rows": 20,
            "pk": "id",
            "columns": [
                {"name": "id", "type": "int", "generator": {"sequence": {}}},
                {
                    "name": "code",
                    "type": "string",
                    "generator": {"faker": {"method": "bothify", "text": "S-####"}},
                },
            ],
        },
        {
            "id": "sale",
            "kind": "fact",
            "pk": "id",
            "parents": ["shop"],
            "fanout": {"distribution": "uniform", "min": 5, "max": 9},
            "columns": [
                {"name": "id", "type": "int", "generator": {"sequence": {}}},
                {"name": "shop", "type": "int", "generator": {"lookup": {"from": "shop.id"}}},
                {"name": "way", "type": "string", "generator": {"choice": {"choices": ["web", "app"]}}},
                {
                    "name": "low",
                    "type": "int",
                    "generator": {
                        "distribution": {"type": "uniform", "params": {"low": 1, "high": 9}, "clamp": [1, 9]}
                    },
                },
                {
                    "name": "high",
                    "type": "int",
                    "generator": {
                        "distribution": {
                            "type": "uniform",
                            "params": {"low": 20, "high": 30},
                            "clamp": [20, 30],
                        }
                    },
                },
            ],
        },
    ],
    "constraints": {
        "foreign_keys": [{"from": "sale.shop", "to": "shop.id"}],
        "ranges": [{"attr": "sale.low", "min": 1, "max": 9}],
        "inequalities": [{"left": "sale.low", "op": "<", "right": "sale.high"}],
        "enum": [{"attr": "sale.way", "values": ["web", "app"]}],
        "pattern": [{"attr": "shop.code", "regex": "^S-[0-9]{4}$"}],
    },
}


def put(folder: Path, table: str, column: str, values: dict[int, Any]) -> None:
    path = folder / f"{table}.parquet"
    read = pq.read_table(path)
    plain = read.column(column).to_pylist()
    for row, value in values.items():
        plain[row] = value
    at = read.schema.get_field_index(column)
    type_ = pa.string() if isinstance(next(iter(values.values())), str) else pa.int64()
    pq.write_table(read.set_column(at, column, pa.array(plain, type_)), path)


DAMAGE: dict[str, tuple[str, Callable[[Path], None], list[int]]] = {
    "foreign_key": ("sale", lambda folder: put(folder, "sale", "shop", {3: 999, 70: -1}), [3, 70]),
    "range": ("sale", lambda folder: put(folder, "sale", "low", {8: 0, 9: 10}), [8, 9]),
    "enum": ("sale", lambda folder: put(folder, "sale", "way", {2: "fax"}), [2]),
    "pattern": ("shop", lambda folder: put(folder, "shop", "code", {4: "X"}), [4]),
    "inequality": ("sale", lambda folder: put(folder, "sale", "high", {6: 1}), [6]),
    "primary_key": ("sale", lambda folder: put(folder, "sale", "id", {10: 1}), [0, 10]),
    "null": ("sale", lambda folder: put(folder, "sale", "low", {12: None, 13: 5}), [12]),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_the_rows_that_fail_are_shown(tmp_path: Path, kind: str) -> None:
    table, damage, rows = DAMAGE[kind]
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(SCHEMA))
    folder, record = tmp_path / "run", tmp_path / "record"
    generate(schema, folder)
    damage(folder)
    record.mkdir()
    (record / "report.json").write_text(validate(schema, folder).json())
    ask = Asker(folder, record)
    lines = ask("report")["report"]["lines"]
    number = next(at for at, line in enumerate(lines) if (line["kind"], line["status"]) == (kind, "fail"))
    answer = ask("check", number=number)
    assert answer["rows"]
    assert answer["every"]
    shown = ask("failing", number=number, view=900)
    assert (shown["table"], shown["count"]) == (table, len(rows))
    assert ask("page", view=900, start=0, count=100)["numbers"] == rows
    ask.reader.close()
