"""What validating costs beside generating: from the disk, and while writing; and what each kind of check costs.

Every measurement is a process of its own; the median of three counts. Seconds are told twice: by the clock,
and of the processor, which other work on the machine disturbs less.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.run.memory import keep_freed_memory
from datagen_engine.run.processor import pin_kernels
from datagen_engine.validation.behaviour.checks import TablePass
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.scan import TableScan, run_checks
from datagen_engine.validation.validate import opened, solid_checks

Budget = Callable[..., None]

_TURNS = 3


def generate(name: str, folder: Path) -> object:
    """Generate, and judge nothing."""
    return datagen.generate(datagen.examples()[name], folder)


def watch(name: str, folder: Path) -> object:
    """Generate, and judge on the way."""
    return datagen.generate_and_validate(datagen.examples()[name], folder)[1].is_whole


def validate(name: str, folder: Path) -> object:
    """Judge what is in the folder."""
    return datagen.validate(datagen.examples()[name], folder).is_whole


def kinds(name: str, folder: Path) -> dict[str, float]:
    """Return the seconds of the processor that the checks of each kind cost, beside reading the data."""
    cost: dict[str, float] = defaultdict(float)

    def timed(key: str, work: Callable[[], object]) -> None:
        started = time.process_time()
        work()
        cost[key] += time.process_time() - started

    with opened(datagen.load(datagen.examples()[name]), folder) as context:
        checks = solid_checks(context)
        readable = [check for check in checks if check.about.kind == "readable"]
        timed("reading", lambda: run_checks(context, readable))
        for kind in dict.fromkeys(check.about.kind for check in checks):
            own = [check for check in checks if check.about.kind == kind]
            if kind != "readable":
                timed(kind, lambda own=own: run_checks(context, [*readable, *own]))  # type: ignore[misc]  # bound now
                cost[kind] = max(cost[kind] - cost["reading"], 0.0)
        tables = DataTables(context)
        feed = TablePass._feed

        def fed(self: TablePass, check: Any, at: Any) -> None:
            started = time.thread_time()
            feed(self, check, at)
            cost[f"behaviour: {type(check).__name__}"] += time.thread_time() - started

        TablePass._feed = fed  # type: ignore[method-assign]  # only to measure it
        for table in context.plan.order:
            scan = TableScan(context, table, [], tables)
            scan.run()
            timed("behaviour: verdicts", scan.behaviour_records)
    return dict(cost)


def measure(what: str, name: str, folder: Path) -> dict[str, Any]:
    """Do one thing in this process, and tell what it took."""
    work = {"generate": generate, "watch": watch, "validate": validate, "kinds": kinds}[what]
    datagen.check(datagen.examples()[name])  # what every command does first
    wall, processor = time.perf_counter(), time.process_time()
    found = work(name, folder)
    return {
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # kB on Linux
        **(found if isinstance(found, dict) else {}),
    }


def median(what: str, name: str, folder: Path) -> dict[str, float]:
    """Measure in several processes; return the median of each figure."""
    found = []
    for turn in range(_TURNS):
        out = folder if what in ("validate", "kinds") else folder.parent / f"{what}-{turn}"
        command = [sys.executable, __file__, what, name, str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


@pytest.mark.parametrize("name", ["ecomm", "gov_scaled"])
def test_validating(name: str, tmp_path: Path, budget: Budget) -> None:
    scaled = name == "gov_scaled"
    made = median("generate", name, tmp_path / "run")
    folder = tmp_path / "generate-0"
    read, watched = median("validate", name, folder), median("watch", name, tmp_path / "run")
    for key, clock in (("wall", "by the clock"), ("processor", "of the processor")):
        budget(f"{name}: generate, {clock}", made[key], "s")
        budget(f"{name}: validate, {clock}", read[key], "s")
        most = 2.0 if scaled else 99.0
        budget(f"{name}: validate / generate, {clock}", read[key] / made[key], "×", most=most)
        budget(f"{name}: generate and validate, {clock}", watched[key], "s")
        most = 25.0 if scaled and key == "wall" else 999.0
        budget(f"{name}: validating adds, {clock}", 100 * (watched[key] / made[key] - 1), "%", most=most)
    budget(f"{name}: validate, peak memory", read["peak"], "MB", most=1000)
    budget(f"{name}: generate and validate, peak memory", watched["peak"], "MB", most=1000)


def test_the_cost_of_each_kind(tmp_path: Path, budget: Budget) -> None:
    generate("gov_scaled", tmp_path / "run")
    found = median("kinds", "gov_scaled", tmp_path / "run")
    for kind, seconds in sorted(found.items(), key=lambda item: -item[1]):
        if kind not in ("wall", "processor", "peak"):
            budget(f"gov_scaled: {kind}", 1e3 * seconds, "ms")


if __name__ == "__main__":
    pin_kernels()
    keep_freed_memory()
    print(json.dumps(measure(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
