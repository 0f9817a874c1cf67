"""How memory grows with a run: not at all, but for a number for each 8,192 parents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import datagen_engine as datagen
from tests.engine.small import column, fact, schema, table

Budget = Callable[..., None]


def peak(path: Path, folder: Path, *options: str) -> float:
    """Generate in a process of its own; return the most memory that it had, in MB."""
    command = [
        sys.executable,
        "-m",
        "datagen_engine",
        "generate",
        str(path),
        "-o",
        str(folder),
        "--overwrite",
    ]
    run = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return used.ru_maxrss / 1024  # kB on Linux


def test_ten_times_the_rows(tmp_path: Path, budget: Budget) -> None:
    """0.6 GB of disk, for a minute."""
    path = datagen.examples()["gov_scaled"]
    one = peak(path, tmp_path / "out")
    ten = peak(path, tmp_path / "out", "--scale", "10")
    budget("gov_scaled, 15 million rows: peak memory", one, "MB", most=600)
    budget("gov_scaled, 150 million rows: peak memory", ten, "MB", most=600)
    budget("gov_scaled, 150 million rows / 15 million: peak memory", ten / one, "×", most=1.2)


def test_a_hundred_million_children_of_one_parent(tmp_path: Path, budget: Budget) -> None:
    parent = column("t_id", "int", {"lookup": {"from": "t.id"}})
    flag = column("flag", "bool", {"choice": {"choices": [True, False]}})
    path = tmp_path / "one.json"
    path.write_text(
        json.dumps(
            schema(table(rows=1), fact(parent, flag, fanout={"distribution": "fixed", "n": 100_000_000}))
        )
    )
    budget("100 million children of one parent: peak memory", peak(path, tmp_path / "out"), "MB", most=600)
