"""A run that was broken off goes on, and ends with the bytes of one that nothing disturbed."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datagen_engine.errors import Cancelled, RunError, UsageError
from datagen_engine.run.run import RunResult, Shard, run_plan
from datagen_engine.write.atomic import HashedFile
from datagen_engine.write.csv import Csv
from datagen_engine.write.manifest import MANIFEST, Manifest, these_versions
from tests.drawing import plan_of, small_files
from tests.engine.small import column, fact, schema, table

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
TREE = schema(
    table(column("x", "float", NORMAL), column("name", "string", {"faker": {"method": "name"}}), rows=500),
    fact(
        column("t_id", "int", {"lookup": {"from": "t.id"}}),
        column("kind", "string", {"choice": {"choices": ["a", "b", "c"]}}),
        fanout={"distribution": "poisson", "lambda": 5},
    ),
)


def generate(folder: Path, tree: Any = TREE, *, seed: int = 42, **options: Any) -> RunResult:
    with small_files():
        return run_plan(plan_of(tree, seed=seed), json.dumps(tree), tree, folder, **options)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def undisturbed(tmp_path: Path) -> dict[str, bytes]:
    generate(tmp_path / "undisturbed")
    return content(tmp_path / "undisturbed")


def broken_off(folder: Path, after: int, **options: Any) -> None:
    """Stop a run after so many batches."""
    seen: list[object] = []
    with pytest.raises(Cancelled):
        generate(folder, progress=seen.append, cancelled=lambda: len(seen) >= after, workers=1, **options)
    assert not (folder / MANIFEST).exists()


@pytest.mark.parametrize("after", [1, 3, 4, 10, 50])
def test_what_was_broken_off_goes_on(tmp_path: Path, undisturbed: dict[str, bytes], after: int) -> None:
    out = tmp_path / "out"
    broken_off(out, after)
    result = generate(out, resume=True)
    assert content(out) == undisturbed
    assert (result.kept >= 96) == (after >= 3)  # a part is three batches
    assert result.rows == 500 + json.loads(undisturbed[MANIFEST])["tables"]["f"]["rows"]


def test_it_may_be_broken_off_again_and_again(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    broken_off(out, 5)
    for _ in range(3):
        broken_off(out, 6, resume=True)
    generate(out, resume=True)
    assert content(out) == undisturbed


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, change, Path.unlink])
@pytest.mark.parametrize("whole", [True, False])
def test_files_that_are_damaged_are_drawn_again(
    tmp_path: Path, undisturbed: dict[str, bytes], damage: Callable[[Path], None], whole: bool
) -> None:
    """As a power loss leaves them, or a hand."""
    out = tmp_path / "out"
    if whole:
        generate(out)
    else:
        broken_off(out, 20)
    damage(out / "t" / "part-00002.parquet")
    damage(out / "f" / "part-00000.parquet")
    generate(out, resume=True)
    assert content(out) == undisturbed


@pytest.mark.parametrize("left", [0, 10, 0.3, 0.5, 0.99])
def test_a_journal_that_is_cut_off(tmp_path: Path, undisturbed: dict[str, bytes], left: float) -> None:
    out = tmp_path / "out"
    broken_off(out, 20)
    journal = out / "_journal.jsonl"
    data = journal.read_bytes()
    journal.write_bytes(data[: int(left if left == 10 else left * len(data))])
    generate(out, resume=True)
    assert content(out) == undisturbed


def test_a_disk_that_was_full(
    tmp_path: Path, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, written = tmp_path / "out", 0
    write = HashedFile.write

    def full(self: HashedFile, data: Any) -> int:
        nonlocal written
        written += len(data)
        if written > 20_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(HashedFile, "write", full)
        with pytest.raises(RunError, match="the disk of .* is full"):
            generate(out)
    assert generate(out, resume=True).kept > 0
    assert content(out) == undisturbed


def test_what_is_whole_stays_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = generate(out)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    again = generate(out, resume=True)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times
    assert again.manifest == made.manifest
    assert again.kept == again.rows == made.rows


def test_an_empty_folder_is_begun(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "new"):
        assert generate(out, resume=True).kept == 0
        assert content(out) == undisturbed


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds 1 file, and no run to go on with; choose another folder"):
        generate(tmp_path, resume=True)
    assert content(tmp_path) == {"notes.txt": b"mine"}


def test_beginning_anew_and_going_on_is_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--overwrite begins anew and --resume goes on"):
        generate(tmp_path / "out", resume=True, overwrite=True)


OTHER = schema(*[{**node, "rows": 501} if node["id"] == "t" else node for node in TREE["nodes"]])


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"tree": OTHER}, "the schema is another"),
        ({"seed": 43}, "the seed: 42 there, 43 here"),
        ({"tables": ["t"]}, r'the tables: \["f", "t"\] there, \["t"\] here'),
        ({"format": Csv()}, 'the format: "parquet" there, "csv" here'),
    ],
)
def test_another_run_is_refused(tmp_path: Path, options: dict[str, Any], says: str, whole: bool) -> None:
    out = tmp_path / "out"
    if whole:
        generate(out)
    else:
        broken_off(out, 20)
    before = content(out)
    with pytest.raises(UsageError, match=f"holds another run, which this one cannot go on with: .*{says}"):
        generate(out, resume=True, **options)
    assert content(out) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda run: replace(run, versions={**these_versions(), "numpy": "1.0"}), 'the version of numpy: "1.0" there'),
        (lambda run: replace(run, versions={**these_versions(), "faker": "1.0"}), 'the version of faker: "1.0" there'),
        (lambda run: replace(run, machine={"architecture": "vax"}), "architecture: \"vax\" there, .*features: nothing"),
    ],
)  # fmt: skip
def test_other_machines_and_versions_are_refused(
    tmp_path: Path, change: Callable[[Manifest], Manifest], says: str
) -> None:
    out = tmp_path / "out"
    generate(out)
    (out / MANIFEST).write_text(change(Manifest.read(out)).to_json())
    with pytest.raises(UsageError, match=says):
        generate(out, resume=True)


# -- shards ---------------------------------------------------------------------------------------------------


def test_a_shard_that_was_broken_off_goes_on(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    from datagen_engine.run.merge import merge

    out = tmp_path / "out"
    generate(out, shard=Shard(2, 2))
    broken_off(out, 5, shard=Shard(1, 2))
    with (
        small_files(),
        pytest.raises(UsageError, match=r"is not whole: \d+ of \d+ parts are missing \(t 2, t 4"),
    ):
        merge(out)
    with pytest.raises(UsageError, match="holds what this shard has drawn before; go on with --resume"):
        generate(out, shard=Shard(1, 2))
    assert generate(out, shard=Shard(1, 2), resume=True).kept == 96
    with small_files():
        merge(out)
    assert content(out) == undisturbed


def test_one_run_may_finish_what_shards_began(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    generate(out, shard=Shard(2, 3))
    assert generate(out, resume=True).kept > 0
    assert content(out) == undisturbed


def test_shards_of_different_runs_are_refused(tmp_path: Path) -> None:
    generate(tmp_path, shard=Shard(1, 2))
    with pytest.raises(UsageError, match="holds another run, .*: the seed: 42 there, 43 here"):
        generate(tmp_path, seed=43, shard=Shard(2, 2))
    with pytest.raises(UsageError, match="holds 1? ?.*choose another folder, or overwrite it"):
        generate(tmp_path)
    with pytest.raises(UsageError, match="a shard never overwrites"):
        generate(tmp_path, shard=Shard(2, 2), overwrite=True)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/", "a/b", "1/2/3", "-1/2", ""])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(UsageError, match="a shard is i/n"):
        Shard.read(text)


# -- kill -9 --------------------------------------------------------------------------------------------------

RUN = """
import sys
import datagen_engine.run.parts as parts
from datagen_engine.__main__ import main
parts.PART_ROWS = 20_000
sys.exit(main())
"""
LARGE = schema(*[{**node, "rows": 150_000} if node["id"] == "t" else node for node in TREE["nodes"]])


def killed_at_random(tmp_path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    (tmp_path / "schema.json").write_text(json.dumps(LARGE))
    (tmp_path / "run.py").write_text(RUN)
    arguments = [sys.executable, "run.py", "generate", "schema.json", "--progress", "json", "-o"]
    quiet: Any = {"stdout": subprocess.DEVNULL, "cwd": tmp_path}
    began = time.monotonic()
    subprocess.run([*arguments, "undisturbed"], check=True, **quiet)
    took = time.monotonic() - began
    out, parts = tmp_path / "out", 0
    for _ in range(kills):
        run = subprocess.Popen(
            [*arguments, "out", "--resume"], stdout=subprocess.PIPE, text=True, cwd=tmp_path
        )
        assert run.stdout is not None
        if chance.random() < 0.8:
            run.stdout.readline()  # the first rows are written; else it may not have come that far
        with suppress(subprocess.TimeoutExpired):
            run.wait(chance.uniform(0.0, 0.4) * took)
        run.kill()
        run.communicate(timeout=20)
        parts = max(parts, len(list(out.glob("*/part-*"))))
        if parts and chance.random() < 0.5:  # what the disk had not got yet when the power went
            cut(
                chance.choice(
                    sorted(path for path in out.rglob("*") if path.is_file() and path.name != MANIFEST)
                )
            )
        if (out / MANIFEST).exists() and chance.random() < 0.7:
            parts_left = sorted(out.glob("*/part-*"))
            for path in chance.sample(parts_left, len(parts_left) // 2):
                path.unlink()
    subprocess.run([*arguments, "out", "--resume"], check=True, **quiet)
    assert content(out) == content(tmp_path / "undisturbed")
    assert parts


def test_a_run_is_killed_at_random_moments(tmp_path: Path) -> None:
    killed_at_random(tmp_path, 5, seed=1)


@pytest.mark.long
def test_a_run_is_killed_at_a_hundred_random_moments(tmp_path: Path) -> None:
    killed_at_random(tmp_path, 100, seed=2)


def test_the_manifest_tells_the_versions_that_decide_the_bytes(tmp_path: Path) -> None:
    versions = generate(tmp_path / "out").manifest.versions
    assert set(versions) == {"datagen", "python", "numpy", "pyarrow", "faker"}
