"""What 10 billion rows on 100 workers take: the arithmetic, and a simulation, from costs measured here.

`make bench` prints it, or `python tests/bench/bench_cluster.py [ROWS [WORKERS]]`. Measured are, in one thread: the
start of a worker, the count pass, and drawing and writing whole parts of the largest example; the bytes of a task;
and, on a local Dask cluster, what the scheduler needs for a task that does nothing. Simulated is how they come
together: one scheduler that hands out one task after the other, workers that each start and count once, parts that
take as long as parts took here (drawn again with replacement, and slowed by as much as a bad neighbour does), and
workers that are lost, whose part another does again.
"""

from __future__ import annotations

import heapq
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import datagen_engine as datagen
from datagen_engine.run.job import Job, write_part
from datagen_engine.run.memory import keep_freed_memory
from datagen_engine.run.parts import PART_ROWS, parts_of
from datagen_engine.run.processor import pin_kernels
from datagen_engine.write.manifest import schema_hash
from datagen_engine.write.parquet import Parquet
from datagen_engine.write.place import LocalPlace

Budget = Callable[..., None]

_NAME = "gov_scaled"
_ROWS, _WORKERS = 10**10, 100
_LOST = 1 / 50
"""The share of workers that are lost on the way."""
_SLOW = 0.25
"""The standard deviation of the logarithm of how much slower or faster a worker is than this machine."""


@dataclass(frozen=True)
class Costs:
    """What was measured: seconds of one core, and bytes."""

    start: float
    """Of a worker: a fresh process, its modules, the plan bound."""
    count: float
    """Of the count pass, for each row of the schema."""
    parts: tuple[float, ...]
    """Of full parts: seconds each, drawn and written."""
    bytes_a_row: float
    task: int
    """Bytes of a task on its way to a worker."""
    scheduling: float
    """Of the scheduler, for each task."""


def measured() -> Costs:
    """Measure the costs on this machine."""
    document = datagen.load(datagen.examples()[_NAME])
    plan = datagen.plan(document)
    began = time.process_time()
    rows = sum(target.rows for target in plan.tables.values())
    counting = (time.process_time() - began) / rows
    seconds, written = [], 0
    with tempfile.TemporaryDirectory() as folder:
        job = Job(plan, LocalPlace(Path(folder)), "1f", schema_hash(document.tree), Parquet())
        task = len(pickle.dumps((write_part, job, parts_of(plan, "attendance")[0])))
        full = [part for table in ("attendance", "assessment") for part in parts_of(plan, table)]
        for part in [part for part in full if part.rows == PART_ROWS]:
            began = time.process_time()
            result = write_part(job, part)
            seconds.append(time.process_time() - began)
            written += sum(file.bytes for file in result.files)
    starting = f"import datagen_engine as d; d.plan({str(datagen.examples()[_NAME])!r})"
    return Costs(
        start=statistics.median(_of_child(["-c", starting]) for _ in range(3)),
        count=counting,
        parts=tuple(seconds),
        bytes_a_row=written / (len(seconds) * PART_ROWS),
        task=task,
        scheduling=_scheduling(),
    )


def _of_child(arguments: list[str]) -> float:
    before = os.times()
    subprocess.run([sys.executable, *arguments], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


_EMPTY_TASKS = """
import sys, time
from distributed import Client, LocalCluster, wait
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        wait(client.map(abs, range(100), pure=False))
        began = time.perf_counter()
        wait(client.map(abs, range(2_000), pure=False))
        print((time.perf_counter() - began) / 2_000)
"""


def _scheduling() -> float:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "tasks.py"
        script.write_text(_EMPTY_TASKS)
        there = {**os.environ, "DASK_TEMPORARY_DIRECTORY": folder}
        done = subprocess.run(
            [sys.executable, str(script)], capture_output=True, text=True, check=True, env=there
        )
    return float(done.stdout)


@dataclass(frozen=True)
class Outcome:
    """How a simulated run went."""

    wall: float
    busy: float
    """The share of the workers' time that went into parts."""
    scheduler: float
    """The share of its time that the scheduler was at work."""
    again: int
    """Parts that were drawn twice."""


def simulate(costs: Costs, rows: int, workers: int, seed: int = 42) -> Outcome:
    """Play a run: who is free gets the next part, once the scheduler has time to hand it out."""
    chance = np.random.default_rng(seed)
    pace = np.exp(chance.normal(0.0, _SLOW, workers))
    left = -(-rows // PART_ROWS)
    # A level of the count pass is done when its slowest worker is: on the whole, the slowest sets the pace.
    ready = costs.start + costs.count * rows / workers
    free = [(float(ready * pace.max()), worker) for worker in range(workers)]
    heapq.heapify(free)
    # A worker is lost at some moment of the time that the run would take without losses.
    expected = ready + left * statistics.mean(costs.parts) / workers
    lost = {
        worker: float(chance.uniform(0, expected)) for worker in range(workers) if chance.random() < _LOST
    }
    scheduler = handed = busy = end = 0.0
    again = 0
    while left:
        if not free:
            raise RuntimeError("every worker is lost")
        now, worker = heapq.heappop(free)
        scheduler = max(now, scheduler) + costs.scheduling
        handed += costs.scheduling
        done = scheduler + float(chance.choice(costs.parts) * pace[worker])
        if scheduler <= lost.get(worker, np.inf) < done:
            again += 1  # the part goes back to the others
            continue
        if lost.get(worker, np.inf) < scheduler:
            continue
        left -= 1
        busy += done - scheduler
        end = max(end, done)
        heapq.heappush(free, (done, worker))
    return Outcome(end, busy / (end * workers), handed / end, again)


def report(rows: int, workers: int, say: Callable[..., Any]) -> None:
    """Measure, reckon, simulate, and tell."""
    costs = measured()
    tasks = -(-rows // PART_ROWS)
    part = statistics.median(costs.parts)
    say("start of a worker", costs.start, "s")
    say("count pass, for a billion rows", costs.count * 1e9, "s")
    say(f"a part of {PART_ROWS:,} rows [{min(costs.parts):.2f} to {max(costs.parts):.2f}]", part, "s")
    say("bytes of a row", costs.bytes_a_row, "B")
    say("a task on its way", costs.task / 1e3, "kB")
    say("scheduler, a task", 1e3 * costs.scheduling, "ms")
    say(f"{rows:,} rows: tasks", tasks, "")
    say("  data", rows * costs.bytes_a_row / 1e9, "GB")
    say("  through the scheduler", tasks * costs.task / 1e6, "MB")
    say("  the scheduler's work", tasks * costs.scheduling, "s")
    say("  count pass, shared", costs.count * rows / workers, "s")
    say("  one core, one process", costs.start + costs.count * rows + tasks * part, "s")
    ideal = costs.start + costs.count * rows / workers + -(-tasks // workers) * part
    say(f"  {workers} workers of one core, all alike", ideal, "s")
    played = [simulate(costs, rows, workers, seed) for seed in range(20)]
    walls = [one.wall for one in played]
    say(f"  simulated [{min(walls):.0f} to {max(walls):.0f}]", statistics.median(walls), "s")
    say("  share of the workers' time in parts", 100 * statistics.median(one.busy for one in played), "%")
    say("  share of the scheduler's time", 100 * statistics.median(one.scheduler for one in played), "%")
    say("  parts drawn twice, at most", max(one.again for one in played), "")


def test_ten_billion_rows(budget: Budget) -> None:
    report(_ROWS, _WORKERS, budget)


def printed(title: str, value: float, unit: str) -> None:
    """Print a figure."""
    print(f"{title:60} {value:14,.2f} {unit}")


if __name__ == "__main__":
    pin_kernels()
    keep_freed_memory()
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    asked = [int(float(text)) for text in sys.argv[1:3]]
    report(asked[0] if asked else _ROWS, asked[1] if len(asked) > 1 else _WORKERS, printed)
