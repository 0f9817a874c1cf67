"""An independent query agrees with every structural and value verdict, on whole data and on damaged."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import datagen_engine as datagen
from tests.engine.validation.damage import cells, copy_of, put, solid
from tests.engine.validation.oracle import Oracle, opinions

SEEDS = (1, 2, 3)
WOUNDS = 25
"""Cells that are changed in each table."""


def disagreements(name: str, folder: Path) -> tuple[dict[str, tuple[int, Any]], int]:
    """Return by check the oracle's opinion and the report's where they differ; and how many were compared."""
    source = datagen.examples()[name]
    records = solid(source, folder)
    judged = {id: record.columns for id, record in records.items() if record.status in ("pass", "fail")}
    with closing(Oracle(datagen.load(source).tree, folder)) as oracle:
        found = dict(opinions(oracle, judged))
    wrong = {}
    for id, count in found.items():
        record = records[id]
        told = record.rows_failed if record.rows_failed is not None else int(record.status == "fail")
        if told != count or (record.status == "fail") != bool(count):
            wrong[id] = (count, told)
    return wrong, len(found)


@pytest.mark.parametrize("name", sorted(datagen.examples()))
def test_it_agrees_on_whole_data(name: str, example_run: Callable[[str], Path]) -> None:
    wrong, compared = disagreements(name, example_run(name))

    assert not wrong
    assert compared > 100


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["schema", "test_patterns", "valid_schema"])
def test_it_agrees_on_damaged_data(
    name: str, seed: int, example_run: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = copy_of(example_run(name), tmp_path)
    rng = np.random.default_rng(seed)
    for node in datagen.load(datagen.examples()[name]).tree["nodes"]:
        wounded: dict[str, dict[int, Any]] = {}
        for _ in range(WOUNDS):
            column = node["columns"][rng.integers(len(node["columns"]))]
            wounded.setdefault(column["name"], {}).update(wound(rng, folder, node["id"], column))
        for column_name, changed in wounded.items():
            put(folder, node["id"], column_name, changed)

    wrong, compared = disagreements(name, folder)

    assert not wrong
    assert compared > 100


def wound(rng: np.random.Generator, folder: Path, table: str, column: dict[str, Any]) -> dict[int, Any]:
    """Return one changed cell: null, the value of another row, or something near or far."""
    values = cells(folder, table, column["name"])
    row = int(rng.integers(len(values)))
    way, old = rng.integers(4), values[row]
    if way == 0 or old is None:
        return {row: None}
    if way == 1:
        return {row: values[rng.integers(len(values))]}
    far = 1 if way == 2 else 1000
    sign = 1 if rng.random() < 0.5 else -1
    if isinstance(old, bool):
        return {row: not old}
    if isinstance(old, str):
        return {row: old + "!" if sign > 0 else old[1:]}
    if isinstance(old, datetime.date):
        return {row: old + datetime.timedelta(days=far * sign)}
    return {row: old + far * sign}
