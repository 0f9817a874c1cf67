from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from datagen_engine.errors import RunError
from datagen_engine.planning.plan import Plan
from datagen_engine.run.limits import MOST_ROWS, existing, refuse_the_impossible
from tests.drawing import plan_of
from tests.engine.small import Tree, column, fact, schema, table

Usage = namedtuple("Usage", ["total", "used", "free"])  # as shutil has it

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}


def disk(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**15, 0, free))


def refuse(plan: Plan, folder: Path, **options: Any) -> None:
    refuse_the_impossible(plan, list(plan.tables), folder, **options)


def exploding(*means: float) -> Tree:
    """A chain of tables, each with so many children a row of the one before."""
    chain = [
        fact(id=f"f{i}", parent=f"f{i - 1}" if i else "t", fanout={"distribution": "poisson", "lambda": mean})
        for i, mean in enumerate(means)
    ]
    return schema(table(rows=1000), *chain)


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        (schema(table(rows=10**15)), "'t' would have about 1.0e\\+15 rows; a table has at most 1.0 trillion"),
        (schema(table(rows=MOST_ROWS + 10**11)), "'t' would have about 1.1 trillion rows"),
        (
            exploding(10, 1e9),
            "'f1' would have about 10.0 trillion rows; .* Lower its rows, its fanout, or those",
        ),
        (exploding(*[1e9] * 40), "'f1' would have about 1.0e\\+21 rows"),
    ],
)
def test_more_rows_than_there_can_be_are_refused(tmp_path: Path, tree: Tree, says: str) -> None:
    with pytest.raises(RunError, match=says):
        refuse(plan_of(tree), tmp_path)


def test_a_table_that_is_not_written_may_not_explode_either(tmp_path: Path) -> None:
    """What is written may read it."""
    with pytest.raises(RunError, match="'f1' would have about 10.0 trillion rows"):
        refuse_the_impossible(plan_of(exploding(10, 1e9)), ["t"], tmp_path)


def test_more_bytes_than_the_disk_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(schema(table(column("x", "float", NORMAL), rows=10**9)))
    disk(monkeypatch, 5 * 10**9)
    says = (
        f"about 1.0 billion rows and take about 8.9 GB; 5.0 GB are free in {tmp_path}. Choose another folder"
    )
    with pytest.raises(RunError, match=says):
        refuse(plan, tmp_path)
    disk(monkeypatch, 50 * 10**9)
    refuse(plan, tmp_path)


def test_only_what_is_written_takes_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(schema(table(rows=10**9), table(id="small")))
    disk(monkeypatch, 10**6)
    refuse_the_impossible(plan, ["small"], tmp_path)
    with pytest.raises(RunError, match="are free in"):
        refuse_the_impossible(plan, ["small", "t"], tmp_path)


def test_the_files_of_an_earlier_run_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(schema(table(rows=10**9)))
    disk(monkeypatch, 10**6)
    with pytest.raises(RunError, match="1.0 MB are free"):
        refuse(plan, tmp_path)
    refuse(plan, tmp_path, freed=10**10)


def test_exact_counts_are_held_against_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An effect makes a thousand times as many rows as the fanout lets expect."""
    events = table(column("factor", "float", {"choice": {"choices": [1000]}}), id="event", rows=1)
    effect = {"effect_table": "event", "on": {}, "map": {"field": "factor", "op": "mul"}}
    many = fact(column("x", "float", NORMAL), fanout={"distribution": "poisson", "lambda": 2})
    many["modifiers"] = [{"transform": "effect", "args": effect}]
    plan = plan_of(schema(events, table(rows=1000), many))
    disk(monkeypatch, 10**6)
    refuse(plan, tmp_path)
    with pytest.raises(RunError, match="about 2.0 million rows and take about 17"):
        refuse(plan, tmp_path, exact=True)


def test_the_disk_is_that_of_the_folder_or_of_what_will_hold_it(tmp_path: Path) -> None:
    assert existing(tmp_path / "a" / "b") == tmp_path
    assert existing(tmp_path) == tmp_path
    assert existing(Path("nowhere at all")) == Path.cwd()
