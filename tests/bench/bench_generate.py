"""How fast the examples are generated, in how much memory, and how that compares with only writing them.

The two are measured in turns, each in a process of its own, and each turn gives a ratio: so that what else the
machine does falls on both. What counts is the median of the turns; the lowest and the highest are told beside
it. Seconds are told twice: by the clock, and of the processor, which other work on the machine disturbs less.
Modules are loaded before the clock starts, for both; what a person waits for in front of the command line, with
all that a fresh process loads, is told apart.

`make bench` measures all examples; `python tests/bench/bench_generate.py gov_scaled` one of them.
"""

from __future__ import annotations

import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.lazy import pa, pq
from datagen_engine.run.executors import executor, in_order
from datagen_engine.run.memory import keep_freed_memory
from datagen_engine.run.parts import draw_batch, parts_of
from datagen_engine.run.processor import pin_kernels
from datagen_engine.run.run import cores
from datagen_engine.write.format import ROW_GROUP
from datagen_engine.write.manifest import Manifest, these_versions
from datagen_engine.write.parquet import Parquet

Budget = Callable[..., None]

_TURNS = 5


def generate(name: str, folder: Path) -> Callable[[], int]:
    """Do the whole run: check, plan, draw, write."""
    return lambda: datagen.generate(datagen.examples()[name], folder).rows


def draw(name: str, folder: Path) -> Callable[[], int]:
    """Draw what the run draws, with as many workers, and write nothing."""

    def timed() -> int:
        plan = datagen.plan(datagen.examples()[name])
        work = [(t, rows) for t in plan.order for part in parts_of(plan, t) for rows in part.batches()]
        with executor(cores()) as pool:
            drawn = in_order(pool, lambda item: draw_batch(plan, *item).num_rows, work, cores() + 2)
            return sum(drawn)

    return timed


def write(name: str, folder: Path) -> Callable[[], int]:
    """Read the tables of a run into memory; what is timed is writing them with the same settings."""
    files = []
    for entry in Manifest.read(folder).tables.values():
        for file in entry.files:
            table = pq.read_table(folder / file.path, memory_map=False)
            files.append((table.schema, table.combine_chunks().to_batches(max_chunksize=ROW_GROUP)))

    def timed() -> int:
        rows = 0
        for number, (schema, batches) in enumerate(files):
            with (
                (folder.parent / f"{number}.parquet").open("wb") as sink,
                Parquet().writer(sink, pa.schema(list(schema)), {}) as writer,
            ):
                for batch in batches:
                    writer.write_batch(batch)
                    rows += batch.num_rows
        return rows

    return timed


def measure(what: str, name: str, folder: Path) -> dict[str, Any]:
    """Do one thing in this process, and tell what it took."""
    with tempfile.TemporaryDirectory() as other:  # whatever a run loads is loaded
        datagen.generate(datagen.examples()["test_patterns"], Path(other) / "out")
    timed = {"generate": generate, "draw": draw, "write": write}[what](name, folder)
    wall, processor = time.perf_counter(), time.process_time()
    rows = timed()
    return {
        "rows": rows,
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # kB on Linux
    }


def in_turns(name: str, folder: Path, turns: int = _TURNS) -> list[dict[str, dict[str, float]]]:
    """Measure generating, drawing and writing one after the other, several times over."""
    found = []
    for turn in range(turns):
        one: dict[str, dict[str, float]] = {}
        for what in ("generate", "draw", "write"):
            out = folder / ("run" if what == "write" or not turn else f"run-{turn}")
            command = [sys.executable, __file__, what, name, str(out)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            one[what] = json.loads(done.stdout)
        command = [sys.executable, "-m", "datagen_engine", "generate", str(datagen.examples()[name])]
        started = time.perf_counter()
        subprocess.run([*command, "-o", str(folder / f"run-c{turn}")], capture_output=True, check=True)
        one["command"] = {"wall": time.perf_counter() - started}
        found.append(one)
    return found


def report(name: str, turns: list[dict[str, dict[str, float]]], budget: Budget) -> None:
    """Tell the medians, and how far the turns lie apart."""

    def told(title: str, values: list[float], unit: str, **limits: float) -> None:
        spread = f" [{min(values):.2f} to {max(values):.2f}]"
        budget(f"{name}: {title}{spread}", statistics.median(values), unit, **limits)

    scaled = name == "gov_scaled"
    rows = turns[0]["generate"]["rows"]
    budget(f"{name}: rows", rows, "")
    told(
        "rows/s", [rows / turn["generate"]["wall"] / 1e6 for turn in turns], "M", least=3.0 if scaled else 0.0
    )
    told("peak memory", [turn["generate"]["peak"] for turn in turns], "MB", most=600)
    for key, clock in (("wall", "by the clock"), ("processor", "of the processor")):
        for what, title in (("generate", "the whole run"), ("draw", "only draw"), ("write", "only write")):
            told(f"{title}, {clock}", [turn[what][key] for turn in turns], "s")
        ratios = [turn["generate"][key] / turn["write"][key] for turn in turns]
        limit = {"most": 1.5 if scaled else 2.0} if key == "wall" and rows > 400_000 else {}
        told(f"the whole run / only write, {clock}", ratios, "×", **limit)
    told("the command line, start to end", [turn["command"]["wall"] for turn in turns], "s")


@pytest.mark.parametrize("name", datagen.examples())
def test_generating(name: str, tmp_path: Path, budget: Budget) -> None:
    report(name, in_turns(name, tmp_path), budget)


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"]])
def test_help(arguments: list[str], budget: Budget) -> None:
    took = []
    for _ in range(7):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "datagen_engine", *arguments], capture_output=True, check=True)
        took.append(time.perf_counter() - started)
    budget(f"datagen {' '.join(arguments)}", min(took), "s", most=0.3)


def test_first_answers(budget: Budget) -> None:
    """Of the largest example, once everything is imported."""
    path = datagen.examples()["gov_scaled"]
    datagen.preview(datagen.examples()["schema"], "rental")
    questions: dict[str, Callable[[], object]] = {
        "check": lambda: datagen.check(datagen.load(path)),
        "plan": lambda: datagen.plan(datagen.load(path)).outline(),
        "exact counts": lambda: datagen.counts(datagen.load(path), exact=True),
        "preview of 20 rows": lambda: datagen.preview(datagen.load(path), "attendance"),
        "20 rows of the middle": lambda: datagen.preview(datagen.load(path), "attendance", start=4_000_000),
    }
    for question, ask in questions.items():
        took = []
        for _ in range(_TURNS):
            started = time.perf_counter()
            ask()
            took.append(time.perf_counter() - started)
        budget(f"gov_scaled: {question}", 1e3 * min(took), "ms")


def printed(title: str, value: float, unit: str, **_limits: float) -> None:
    """Print a figure."""
    print(f"{title:85} {value:12,.2f} {unit}")


def main(arguments: list[str]) -> None:
    """Measure one thing for another process, or the examples that are named."""
    pin_kernels()
    keep_freed_memory()
    if len(arguments) == 3 and arguments[0] in ("generate", "draw", "write"):
        print(json.dumps(measure(arguments[0], arguments[1], Path(arguments[2]))))
        return
    print(f"{platform.platform()}, {cores()} cores; {json.dumps(these_versions())}")
    for name in arguments or ["gov_scaled"]:
        with tempfile.TemporaryDirectory() as folder:
            report(name, in_turns(name, Path(folder)), printed)


if __name__ == "__main__":
    main(sys.argv[1:])
