from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.errors import Cancelled, RunError, UsageError
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.table import ColumnPlan
from datagen_engine.run.job import Job, write_part
from datagen_engine.run.parts import parts_of
from datagen_engine.run.run import Progress, RunResult, run_plan
from datagen_engine.version import __version__
from datagen_engine.write.atomic import HashedFile
from datagen_engine.write.format import COMPRESSIONS
from datagen_engine.write.manifest import MANIFEST, SCHEMA, Manifest, schema_hash
from datagen_engine.write.parquet import Parquet
from datagen_engine.write.place import LocalPlace
from tests.drawing import plan_of, small_files, whole
from tests.engine.small import Tree, column, fact, schema, table, vocabulary

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
THREE = {"distribution": "uniform", "min": 3, "max": 3}
TREE = schema(
    vocabulary("word", text=["a", "b", "c"]),
    table(
        column("word", "string", {"choice": {"choices_ref": "word.text"}}),
        column("x", "float", NORMAL, nullable=True, null_rate=0.1),
        column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
        column("name", "string", {"expression": {"code": 'concat("n", id)'}}),
        rows=100,
    ),
    fact(column("t_id", "int", {"lookup": {"from": "t.id"}}), column("on", "date", {"lookup": {"from": "t.at"}}),
         fanout=THREE),
    table(id="empty", rows=0),
)  # fmt: skip
SOURCE = json.dumps(TREE, indent=3) + "\n\n"
ROWS = {"word": 3, "t": 100, "f": 300, "empty": 0}


def generate(folder: Path, tree: Tree = TREE, **options: Any) -> RunResult:
    return run_plan(plan_of(tree), SOURCE if tree is TREE else "", tree, folder, **options)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture(params=["files", "parts"])
def size(request: pytest.FixtureRequest) -> Iterator[str]:
    """Once as tables of that size are written, once as large ones are: in folders of parts."""
    if request.param == "files":
        yield "files"
        return
    with small_files():
        yield "parts"


FILES = ["_manifest.json", "_schema.json", "empty.parquet", "f.parquet", "t.parquet", "word.parquet"]
PARTS = [
    *("_manifest.json", "_schema.json", "empty.parquet", "f"),
    *(f"f/part-0000{i}.parquet" for i in range(4)),
    *("t", "t/part-00000.parquet", "t/part-00001.parquet", "word.parquet"),
]


# -- what is written ------------------------------------------------------------------------------------------


def test_a_run_leaves_its_tables_the_schema_and_the_manifest(tmp_path: Path, size: str) -> None:
    result = generate(tmp_path / "out", workers=2)
    assert names(tmp_path / "out") == (FILES if size == "files" else PARTS)
    assert (tmp_path / "out" / SCHEMA).read_text() == SOURCE
    assert (result.folder, result.rows) == (tmp_path / "out", sum(ROWS.values()))
    assert Manifest.read(tmp_path / "out") == result.manifest


def test_the_manifest_tells_what_is_there(tmp_path: Path, size: str) -> None:
    manifest = generate(tmp_path, workers=1).manifest
    assert (manifest.name, manifest.seed, manifest.scale, manifest.rows) == ("small", 42, 1.0, {})
    assert manifest.schema_hash == schema_hash(TREE)
    assert (manifest.compression, manifest.stream_version) == ("zstd", STREAM_VERSION)
    assert {name: entry.rows for name, entry in manifest.tables.items()} == ROWS
    for entry in manifest.tables.values():
        for file in entry.files:
            path = tmp_path / file.path
            assert file.bytes == path.stat().st_size
            assert file.rows == pq.read_metadata(path).num_rows


def test_the_files_hold_what_the_plan_draws(tmp_path: Path, size: str) -> None:
    generate(tmp_path, workers=2)
    plan = plan_of(TREE)
    for name in ROWS:
        path = tmp_path / (name if (tmp_path / name).is_dir() else f"{name}.parquet")
        expected = pa.Table.from_batches([whole(plan, name)])
        assert pq.read_table(path).to_pylist() == expected.to_pylist()
        assert pq.read_table(path).schema.equals(expected.schema)


def test_each_file_says_what_it_is(tmp_path: Path, size: str) -> None:
    manifest = generate(tmp_path).manifest
    for name, entry in manifest.tables.items():
        for file in entry.files:
            metadata = pq.read_metadata(tmp_path / file.path).metadata
            found = {k.decode(): v.decode() for k, v in metadata.items() if k.startswith(b"datagen.")}
            assert found == {
                "datagen.table": name, "datagen.schema": schema_hash(TREE), "datagen.seed": "42",
                "datagen.stream": str(STREAM_VERSION), "datagen.version": __version__,
            }  # fmt: skip


def test_everyone_reads_a_table_by_one_path(tmp_path: Path, size: str) -> None:
    generate(tmp_path)
    suffix = "" if size == "parts" else ".parquet"
    path = str(tmp_path / f"f{suffix}")
    expected = list(range(1, 301))
    assert pd.read_parquet(path)["id"].tolist() == expected
    assert pq.read_table(path)["id"].to_pylist() == expected
    assert ds.dataset(path).to_table()["id"].to_pylist() == expected
    glob = f"{path}/*.parquet" if size == "parts" else path
    relation = duckdb.sql(f"select id, t_id from '{glob}' order by id")
    assert relation is not None
    rows = relation.to_arrow_table()
    assert rows["id"].to_pylist() == expected
    frame = pd.read_parquet(str(tmp_path / f"t{suffix}"))
    assert str(frame["at"].dtype) == "datetime64[us, UTC]"
    assert set(frame["word"]) == {"a", "b", "c"}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_every_compression_holds_the_same(tmp_path: Path, compression: Any) -> None:
    generate(tmp_path / "zstd")
    manifest = generate(tmp_path / "other", format=Parquet(compression)).manifest
    assert manifest.compression == compression
    one, other = (pq.read_table(tmp_path / name / "t.parquet") for name in ("zstd", "other"))
    assert one.equals(other)


def test_some_tables_are_written_as_they_are_among_all(tmp_path: Path) -> None:
    generate(tmp_path / "all")
    generate(tmp_path / "some", tables=["f", "word"])
    assert names(tmp_path / "some") == ["_manifest.json", "_schema.json", "f.parquet", "word.parquet"]
    for name in ("f.parquet", "word.parquet"):
        assert (tmp_path / "some" / name).read_bytes() == (tmp_path / "all" / name).read_bytes()


def test_a_part_written_alone_is_the_part_of_the_run(tmp_path: Path) -> None:
    with small_files():
        generate(tmp_path / "run", workers=2)
        plan = plan_of(TREE)
        for name in ROWS:
            for part in parts_of(plan, name):
                place = LocalPlace(tmp_path / "alone")
                result = write_part(Job(plan_of(TREE), place, "1f", schema_hash(TREE), Parquet()), part)
                (entry,) = result.files
                assert (place.path / entry.path).read_bytes() == (tmp_path / "run" / entry.path).read_bytes()
                assert entry.rows == part.rows


# -- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"tables": ["t", "nobody"]}, "there is no table 'nobody'; tables are word, t, f, empty"),
        ({"tables": []}, "no table is named"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        generate(tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_a_run_is_refused_without_overwrite(tmp_path: Path) -> None:
    generate(tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in FILES}
    with pytest.raises(UsageError, match="holds an earlier run"):
        generate(tmp_path)
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in FILES} == before


def test_overwriting_replaces_the_run_and_nothing_else(tmp_path: Path) -> None:
    with small_files():
        generate(tmp_path)
    (tmp_path / "t" / "mine.txt").write_text("mine")
    (tmp_path / "notes.md").write_text("mine")
    smaller = schema(*(node if node["id"] != "t" else {**node, "rows": 5} for node in TREE["nodes"]))
    generate(tmp_path, smaller, overwrite=True)
    assert names(tmp_path) == sorted([*FILES, "notes.md", "t", "t/mine.txt"])
    assert Manifest.read(tmp_path).tables["t"].rows == 5


def test_what_explodes_only_when_counted_is_refused_with_the_earlier_run_kept(tmp_path: Path) -> None:
    generate(tmp_path)
    event = vocabulary("event", factor=[1e13])
    effect = {"effect_table": "event", "on": {}, "map": {"field": "factor", "op": "mul"}}
    many = {**fact(fanout=THREE), "modifiers": [{"transform": "effect", "args": effect}]}
    with pytest.raises(RunError, match="'f' would have .* rows"):
        generate(tmp_path, schema(event, table(rows=5), many), overwrite=True)
    assert names(tmp_path) == FILES
    assert pq.read_table(tmp_path / "t.parquet").num_rows == 100


@pytest.mark.parametrize("path", ["file", "file/below", "a" * 300])
def test_a_place_that_cannot_be_a_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises((UsageError, RunError), match="a run needs a folder|too long"):
        generate(tmp_path / path, overwrite=True)
    assert names(tmp_path) == ["file"]


# -- what goes wrong on the way -------------------------------------------------------------------------------


class Trouble(Exception):
    """Something that no one expects."""


def keeps_its_word(folder: Path) -> bool:
    """Whether there is no manifest, or every file that it names is there to the last byte."""
    if not (folder / MANIFEST).exists():
        return True
    files = [file for entry in Manifest.read(folder).tables.values() for file in entry.files]
    return all(
        blake2b((folder / file.path).read_bytes(), digest_size=16).hexdigest() == file.hash for file in files
    )


def unfinished(folder: Path) -> list[str]:
    return [name for name in names(folder) if name.endswith(".part") or name == "_lock"]


class FailsOnce:
    """A function that fails at one of its calls."""

    def __init__(self, real: Callable[..., Any], call: int, error: BaseException) -> None:
        self.real, self.left, self.error = real, call, error
        self.guard = threading.Lock()

    def __get__(self, owner: Any, kind: type | None = None) -> Callable[..., Any]:
        return self if owner is None else partial(self, owner)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self.guard:
            self.left -= 1
            strikes = self.left == -1
        if strikes:
            raise self.error
        return self.real(*args, **kwargs)


STEPS: list[tuple[Any, str]] = [
    (os, "replace"), (os, "fsync"), (HashedFile, "write"), (HashedFile, "close"), (ColumnPlan, "values"),
]  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "error", [Trouble(), OSError(errno.ENOSPC, "full"), MemoryError(), KeyboardInterrupt()]
)
@pytest.mark.parametrize(("of", "step"), STEPS)
def test_a_run_that_breaks_anywhere_never_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: Any, step: str, error: BaseException, workers: int
) -> None:
    out = tmp_path / "out"
    generate(out)
    broken = 0
    for call in [*range(12), *range(12, 400, 29)]:
        with monkeypatch.context() as patch:
            failing = FailsOnce(getattr(of, step), call, error)
            patch.setattr(of, step, failing)
            try:
                generate(out, workers=workers, overwrite=True)
            except (Trouble, RunError, MemoryError, KeyboardInterrupt) as told:
                broken += 1
                assert isinstance(told, RunError) == isinstance(error, OSError)
                assert not isinstance(told, RunError) or "is full; free some space" in str(told)
        assert keeps_its_word(out)
        assert unfinished(out) == []
        if failing.left >= 0:
            break  # the step is not taken that often
    assert broken > 3
    assert names(out) == FILES


def test_the_manifest_is_the_last_file_and_the_schema_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced: list[str] = []
    real = os.replace

    def noted(source: Any, target: Any) -> None:
        replaced.append(Path(target).name)
        real(source, target)

    monkeypatch.setattr(os, "replace", noted)
    generate(tmp_path, workers=2)
    assert replaced == [
        SCHEMA,
        "_journal.jsonl",
        "word.parquet",
        "empty.parquet",
        "t.parquet",
        "f.parquet",
        MANIFEST,
    ]


def test_readers_never_see_half_a_table(tmp_path: Path) -> None:
    generate(tmp_path / "out")
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            try:
                seen.append(pq.read_table(tmp_path / "out" / "f.parquet").num_rows)
            except FileNotFoundError:
                continue  # between two runs there is none

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(5):
            generate(tmp_path / "out", overwrite=True)
    finally:
        done.set()
        reader.join(20)
    assert set(seen) == {300}


def test_nothing_temporary_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept columns lie in temporary files; they go with the run, whichever way it ends."""
    import sys

    monkeypatch.setattr(sys.modules["datagen_engine.planning.store"], "MAPPED_ABOVE", 10)
    reader = table(column("x", "float", {"lookup": {"from": "t.x"}}, nullable=True), id="reader", rows=50)
    tree = schema(*TREE["nodes"], reader)
    before = set(Path(gettempdir()).iterdir())
    generate(tmp_path / "one", tree)
    assert set(Path(gettempdir()).iterdir()) == before
    with pytest.raises(Trouble):
        generate(tmp_path / "two", tree, progress=FailsOnce(print, 2, Trouble()))
    assert set(Path(gettempdir()).iterdir()) == before


# -- progress and stopping ------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 3])
def test_progress_counts_every_row_once(tmp_path: Path, workers: int) -> None:
    told: list[Progress] = []
    with small_files():
        generate(tmp_path, workers=workers, progress=told.append)
    assert [at.done for at in told] == sorted({at.done for at in told})
    assert {at.total for at in told} == {sum(ROWS.values())}
    assert told[-1].done == told[-1].total
    for name, rows in ROWS.items():
        own = [at for at in told if at.table == name]
        assert [at.of for at in own] == [rows] * len(own)
        assert (own[-1].rows if own else 0) == rows
    assert [at.seconds for at in told] == sorted(at.seconds for at in told)


def test_progress_is_told_in_the_thread_that_asked(tmp_path: Path) -> None:
    threads: set[int] = set()
    generate(tmp_path, workers=3, progress=lambda at: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


LARGE = schema(
    table(column("x", "float", NORMAL), rows=10**8),
    fact(column("x", "float", NORMAL), fanout={"distribution": "poisson", "lambda": 30}),
)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_stops_within_a_second_and_leaves_no_half_file(tmp_path: Path, workers: int) -> None:
    """In the middle of a table that would take minutes; a second of the processor's, whatever else it does."""
    asked = 0.0

    def progress(at: Progress) -> None:
        nonlocal asked
        if at.done > 10**6 and not asked:
            asked = time.process_time()

    large = schema(*LARGE["nodes"][:1])
    with pytest.raises(Cancelled):
        generate(tmp_path / "out", large, workers=workers, progress=progress, cancelled=lambda: asked > 0)
    assert time.process_time() - asked < 1
    assert names(tmp_path / "out") == ["_journal.jsonl", "_schema.json", "t"]


def test_counting_can_be_stopped_too(tmp_path: Path) -> None:
    """Nothing is written before the rows are counted, which here would take a while."""
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(Cancelled):
        generate(tmp_path / "out", LARGE, cancelled=cancelled)
    assert not (tmp_path / "out").exists()


def test_a_plan_can_run_again(tmp_path: Path) -> None:
    plan: Plan = plan_of(TREE)
    for name in ("one", "two"):
        run_plan(plan, SOURCE, TREE, tmp_path / name)
    one, two = ((tmp_path / name / "f.parquet").read_bytes() for name in ("one", "two"))
    assert one == two
