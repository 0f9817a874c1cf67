"""How fast the examples are generated, in how much memory, and how that compares with only writing them.

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
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.lazy import pa, pq
from datagen_engine.run.executors import executor, in_order
from datagen_engine.run.parts import draw_batch, parts_of
from datagen_engine.run.processor import pin_kernels
from datagen_engine.run.run import cores
from datagen_engine.write.manifest import Manifest
from datagen_engine.write.parquet import ROW_GROUP, Compression, parquet_writer

Budget = Callable[..., None]

_TURNS = 3
_COMPRESSION: Compression = "zstd"


def generate(name: str, folder: Path) -> int:
    """Do the whole run."""
    return datagen.generate(datagen.examples()[name], folder, compression=_COMPRESSION).rows


def draw(name: str, folder: Path) -> int:
    """Draw what the run draws, with as many workers, and write nothing."""
    plan = datagen.plan(datagen.examples()[name])
    work = [(t, rows) for t in plan.order for part in parts_of(plan, t) for rows in part.batches()]
    with executor(cores()) as pool:
        drawn = in_order(pool, lambda item: draw_batch(plan, *item).num_rows, work, cores() + 2)
        return sum(drawn)


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
                parquet_writer(sink, pa.schema(list(schema)), {}, _COMPRESSION) as writer,
            ):
                for batch in batches:
                    writer.write_batch(batch)
                    rows += batch.num_rows
        return rows

    return timed


def measure(what: str, name: str, folder: Path) -> dict[str, Any]:
    """Do one thing in this process, and tell what it took."""
    work = {"generate": generate, "draw": draw, "write": write}[what]
    prepared: Any = work(name, folder) if what == "write" else None
    wall, processor = time.perf_counter(), time.process_time()
    rows = prepared() if prepared is not None else work(name, folder)
    return {
        "rows": rows,
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # kB on Linux
    }


def median(what: str, name: str, folder: Path) -> dict[str, float]:
    """Measure in several processes; return the median of each figure."""
    found = []
    for turn in range(_TURNS):
        out = folder / "run" if what == "write" else folder / f"{what}-{turn}" if turn else folder / "run"
        command = [sys.executable, __file__, what, name, str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


@pytest.mark.parametrize("name", datagen.examples())
def test_generating(name: str, tmp_path: Path, budget: Budget) -> None:
    scaled = name == "gov_scaled"
    whole = median("generate", name, tmp_path)
    drawn = median("draw", name, tmp_path / "drawn")
    written = median("write", name, tmp_path)
    assert whole["rows"] == drawn["rows"] == written["rows"]
    budget(f"{name}: rows", whole["rows"], "")
    budget(f"{name}: rows/s", whole["rows"] / whole["wall"] / 1e6, "M", least=3.0 if scaled else 0.0)
    budget(f"{name}: peak memory", whole["peak"], "MB", most=1000)
    for key, clock in (("wall", "by the clock"), ("processor", "of the processor")):
        budget(f"{name}: generate, {clock}", whole[key], "s")
        budget(f"{name}: only draw, {clock}", drawn[key], "s")
        budget(f"{name}: only write, {clock}", written[key], "s")
        budget(f"{name}: generate / write, {clock}", whole[key] / written[key], "×")


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


if __name__ == "__main__":
    pin_kernels()
    print(json.dumps(measure(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
