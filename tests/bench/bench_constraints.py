"""What honouring declared constraints costs, and how far it bends the columns."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import datagen_engine as datagen
from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.draw.rows import Rows
from datagen_engine.planning.bent import BentSource
from datagen_engine.planning.plan import Plan

Budget = Callable[..., None]
EXAMPLES = ("test_patterns", "schema", "valid_schema", "bank", "ecomm", "gov", "gov_scaled")
_BATCH = 131_072
_MOST = 2_000_000
_TURNS = 5


def _plan(tree: Any) -> Plan:
    return datagen.plan(tree, checked=True)


def _draw(made: Plan) -> tuple[int, float]:
    """Draw the tables, the first two million rows of each; returns rows and processor seconds."""
    drawn, started = 0, time.process_time()
    for table, target in made.tables.items():
        rows = min(target.rows, _MOST)
        for start in range(0, rows, _BATCH):
            at = made.slice(table, Rows.run(start, min(start + _BATCH, rows)))
            for column in target.columns:
                at.column(column)
        drawn += rows
    return drawn, time.process_time() - started


@pytest.mark.parametrize("name", EXAMPLES)
def test_cost(name: str, budget: Budget) -> None:
    tree = datagen.load(datagen.examples()[name]).tree
    free = copy.deepcopy(tree)
    free["constraints"] = {}
    ratios, speed = [], 0.0
    for _ in range(_TURNS):
        rows, honoured = _draw(_plan(tree))
        other, seconds = _draw(_plan(free))
        ratios.append((honoured / rows) / (seconds / other))
        speed = max(speed, rows / honoured)
    budget(f"{name}: drawing, honoured / free", float(np.median(ratios)), "×", most=1.25)
    budget(f"{name}: rows drawn a second of processor", speed / 1e6, "M")


@pytest.mark.parametrize("name", EXAMPLES)
def test_distance(name: str, budget: Budget) -> None:
    """Print the mean over u of |F⁻¹ honoured(u) − F⁻¹ free(u)|, as a share of the free column's spread."""
    tree = datagen.load(datagen.examples()[name]).tree
    free_tree = copy.deepcopy(tree)
    free_tree["constraints"] = {}
    bent, free = _plan(tree), _plan(free_tree)
    for table, target in bent.tables.items():
        rows = Rows.run(0, min(target.rows, 200_000, free.tables[table].rows))
        for column in target.columns.values():
            if not isinstance(column.source, BentSource) or not len(rows):
                continue
            after = np.sort(_numbers(bent, ColumnNode(table, column.name), rows))
            before = np.sort(_numbers(free, ColumnNode(table, column.name), rows))
            size = min(len(after), len(before))
            spread = float(np.std(before)) or 1.0
            distance = np.abs(_quantiles(after, size) - _quantiles(before, size)).mean() / spread
            budget(f"{table}.{column.name}: distance from its own", float(distance), "σ")


def _numbers(made: Plan, node: ColumnNode, rows: Rows) -> Any:
    values = made.slice(node.table, rows).column(node.column)
    data = values.instants() if values.is_time else values.data
    return data[values.mask()].astype(np.float64)


def _quantiles(values: Any, size: int) -> Any:
    return values[(np.arange(size) * len(values) // max(size, 1))]
