"""One suite for every way of drawing a run: the same bytes, whoever draws."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

import datagen_engine as datagen
from datagen_engine.draw.rows import BLOCK
from datagen_engine.run.executors import Serial
from datagen_engine.run.job import Job
from tests.engine.small import column, fact, schema, table

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
TREE = schema(
    table(column("x", "float", NORMAL), column("name", "string", {"faker": {"method": "name"}}), rows=60_000),
    fact(
        column("t_id", "int", {"lookup": {"from": "t.id"}}),
        column("kind", "string", {"choice": {"choices": ["a", "b", "c"]}}),
        column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
        fanout={"distribution": "poisson", "lambda": 80},
    ),
)
"""60 thousand rows, and 4.8 million in two parts."""

Draw = Callable[[Path], None]


def hashes(folder: Path) -> dict[str, str]:
    manifest = json.loads((folder / "_manifest.json").read_text())
    return {file["path"]: file["hash"] for entry in manifest["tables"].values() for file in entry["files"]}


def by(**options: Any) -> Draw:
    return lambda folder: void(datagen.generate(TREE, folder, **options))


def void(_result: object) -> None:
    return None


def by_shards(folder: Path) -> None:
    for number in (3, 1, 2):
        datagen.generate(TREE, folder, shard=f"{number}/3", workers=1)
    datagen.merge(folder)


DRIVER = """
import json, sys
import distributed
import datagen_engine as datagen
from datagen_engine.draw.rows import BLOCK
from datagen_engine.run.executors import Serial
from datagen_engine.run.job import Job

def main():
    schema, out, address = sys.argv[1:]
    if address:
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=20)
        datagen.generate(schema, out, cluster=address, progress=lambda at: print(at.rows, flush=True))
        return
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as made:
        datagen.generate(schema, out, cluster=made.scheduler_address)

if __name__ == "__main__":
    main()
"""
"""What talks to a cluster is a process of its own: Dask leaves a thread behind in whoever was its client."""


def drive(folder: Path, address: str = "") -> subprocess.Popen[str]:
    schema, script = folder.with_suffix(".json"), folder.with_suffix(".py")
    schema.write_text(json.dumps(TREE))
    script.write_text(DRIVER)
    return subprocess.Popen(
        [sys.executable, str(script), str(schema), str(folder), address],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder.parent)},
    )


def by_local_cluster(folder: Path) -> None:
    with drive(folder) as driver:
        assert driver.wait(60) == 0


WAYS: dict[str, Draw] = {
    "serial": by(workers=1),
    "threads": by(workers=3),
    "processes": by(workers=2, executor="processes"),
    "shards": by_shards,
    "dask": by_local_cluster,
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("expected") / "out"
    datagen.generate(TREE, folder, workers=2)
    found = hashes(folder)
    assert len(found) == 3
    return found


@pytest.mark.parametrize("way", WAYS)
def test_the_bytes_are_the_same_whoever_draws(tmp_path: Path, expected: dict[str, str], way: str) -> None:
    out = tmp_path / "out"
    WAYS[way](out)
    assert hashes(out) == expected
    assert sorted(path.name for path in out.iterdir()) == ["_manifest.json", "_schema.json", "f", "t.parquet"]


def test_a_worker_of_a_cluster_is_killed_midway(tmp_path: Path, expected: dict[str, str]) -> None:
    """A scheduler and two workers, each started on its own; the part of the one that dies is drawn by the other."""
    file = tmp_path / "scheduler.json"
    started = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    given = ["--scheduler-file", str(file)]
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    quiet["env"] = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(tmp_path)}
    everybody = [subprocess.Popen([*started, *given], **quiet)]
    try:
        until(file.exists)
        everybody += [subprocess.Popen([*worker, *given], **quiet) for _ in range(2)]
        address = json.loads(until(lambda: file.read_text()))["address"]
        with drive(tmp_path / "out", address) as driver:
            assert driver.stdout is not None
            assert (
                driver.stdout.readline()
            )  # the first table is done; both workers are at a part of the other
            everybody[1].kill()
            assert driver.wait(60) == 0
        assert hashes(tmp_path / "out") == expected
    finally:
        for process in reversed(everybody):
            process.kill()
            process.wait(20)


def until(happened: Callable[[], Any]) -> Any:
    """Wait until something is true; 20 seconds are a failure."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with suppress(OSError):
            if found := happened():
                return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_many_hands_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, str]) -> None:
    """What several have counted is what one counts; and nothing of it is left behind."""
    read: list[str] = []
    counts = Job.counts

    def noted(self: Job, table: str) -> Any:
        found = counts(self, table)
        if found is not None:
            read.append(table)
        return found

    monkeypatch.setattr(Job, "counts", noted)
    monkeypatch.setattr("datagen_engine.run.counting._STRETCH", BLOCK)

    @contextmanager
    def one_by_one(_workers: int) -> Iterator[Executor]:
        yield Sending()

    monkeypatch.setattr("datagen_engine.run.run.processes", one_by_one)
    datagen.generate(TREE, tmp_path / "out", executor="processes", workers=2)
    assert read == ["f"]
    assert hashes(tmp_path / "out") == expected
    assert sorted(path.name for path in (tmp_path / "out").iterdir())[:2] == [
        "_manifest.json",
        "_schema.json",
    ]


class Sending(Serial):
    """Do work in this process, on what it would be after its way to another."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return super().submit(fn, *pickle.loads(pickle.dumps(args)), **kwargs)  # noqa: S301  # our own, just now


def test_nobody_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "datagen_engine", "generate", str(tmp_path / "schema.json")]
    (tmp_path / "schema.json").write_text(json.dumps(TREE))
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "out"), "--cluster", "nowhere://x"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("datagen: no Dask scheduler answers at nowhere://x: ")


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(TREE))
    command = [sys.executable, "-m", "datagen_engine", "generate", str(path), "-o", str(tmp_path / "out")]
    run = subprocess.Popen(
        [*command, "--scale", "5", "--executor", "processes", "--workers", "2"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        workers = until(lambda: drawing(run.pid))
    finally:
        run.kill()
        run.wait(20)
    _, left = psutil.wait_procs(workers, timeout=20)
    assert not left


def drawing(pid: int) -> list[psutil.Process]:
    """Return the children of a process, once there are two and files are being written."""
    found = [child for child in psutil.Process(pid).children() if "spawn_main" in " ".join(child.cmdline())]
    return found if len(found) >= 2 else []
