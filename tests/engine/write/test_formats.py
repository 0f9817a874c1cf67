"""Every format holds the same rows, streams, is there whole or not at all, and stands in the manifest."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import datagen_engine as datagen
from datagen_engine.errors import Cancelled, RunError, UsageError
from datagen_engine.write.csv import Csv
from datagen_engine.write.formats import FORMATS, format_of
from datagen_engine.write.jsonl import json_text
from tests.drawing import small_files
from tests.engine.small import Tree, column, fact, schema, table

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
TEXTS = ['a "quoted" word', "comma, and\nline", "ü → 語", "", "back\\slash", "plain"]
TREE = schema(
    table(
        column("x", "float", NORMAL, nullable=True, null_rate=0.2),
        column("text", "string", {"choice": {"choices": TEXTS}}, nullable=True, null_rate=0.2),
        column("flag", "bool", {"choice": {"choices": [True, False]}}),
        column("code", "string", {"expression": {"code": 'concat("c", id)'}}),
        rows=250,
    ),
    fact(
        column("t_id", "int", {"lookup": {"from": "t.id"}}),
        column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
        column("on", "date", {"datetime_series": {"within": "timeframe"}}),
        fanout={"distribution": "poisson", "lambda": 2},
    ),
    table(id="empty", rows=0),
    constraints={"unique": ["t.code"], "foreign_keys": [{"from": "f.t_id", "to": "t.id"}]},
)
ROWS = {"t": 250, "empty": 0}


def generate(folder: Path | str, tree: Tree = TREE, **options: Any) -> datagen.RunResult:
    with small_files():
        return datagen.generate(tree, folder, **options)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("expected") / "out"
    generate(folder)
    return {name: pq.read_table(where(folder, name, "parquet")).to_pylist() for name in ("t", "f", "empty")}


def where(folder: Path, name: str, suffix: str) -> Path:
    return folder / name if (folder / name).exists() else folder / f"{name}.{suffix}"


def files(folder: Path, name: str, suffix: str) -> list[Path]:
    at = where(folder, name, suffix)
    return sorted(at.iterdir()) if at.is_dir() else [at]


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def from_csv(folder: Path, name: str) -> list[dict[str, Any]]:
    options = pa_csv.ConvertOptions(
        strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""],
        column_types={"text": pa.string(), "at": pa.timestamp("us", tz="UTC"), "on": pa.date32()},
    )  # fmt: skip
    parsed = pa_csv.ParseOptions(newlines_in_values=True)
    tables = [pa_csv.read_csv(file, None, parsed, options) for file in files(folder, name, "csv")]
    return pa.concat_tables(tables).to_pylist()


def from_json(folder: Path, name: str) -> list[dict[str, Any]]:
    lines = [line for file in files(folder, name, "jsonl") for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def from_arrow(folder: Path, name: str) -> list[dict[str, Any]]:
    tables = [pa.ipc.open_file(file).read_all() for file in files(folder, name, "arrow")]
    return pa.concat_tables(tables).to_pylist()


def from_duckdb(folder: Path, name: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(folder / "data.duckdb"), read_only=True) as database:
        database.execute("SET TimeZone = 'UTC'")
        return database.sql(f'SELECT * FROM "{name}"').to_arrow_table().to_pylist()


def from_sqlite(folder: Path, name: str) -> list[dict[str, Any]]:
    database = sqlite3.connect(folder / "data.sqlite")
    try:
        found = database.execute(f'SELECT * FROM "{name}"')
        names = [entry[0] for entry in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]
    finally:
        database.close()


READ: dict[str, Callable[[Path, str], list[dict[str, Any]]]] = {
    "csv": from_csv, "jsonl": from_json, "arrow": from_arrow, "duckdb": from_duckdb, "sqlite": from_sqlite,
}  # fmt: skip


def told(row: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a row as a format tells it: some know no times and no truth values."""

    def one(value: Any) -> Any:
        if hasattr(value, "isoformat") and key in ("jsonl", "sqlite"):
            return value.isoformat().replace("+00:00", "Z")
        return int(value) if isinstance(value, bool) and key == "sqlite" else value

    return {name: one(value) for name, value in row.items()}  # fmt: skip


@pytest.mark.parametrize("key", READ)
def test_every_format_holds_the_same_rows(
    tmp_path: Path, expected: dict[str, list[dict[str, Any]]], key: str
) -> None:
    result = generate(tmp_path / "out", format=key, workers=2)
    for name, rows in expected.items():
        if key == "csv" and not rows:
            continue  # an empty CSV has no types
        assert READ[key](tmp_path / "out", name) == [told(row, key) for row in rows], name
    assert result.manifest.format == key
    for entry in result.manifest.tables.values():
        for file in entry.files:
            assert (tmp_path / "out" / file.path).stat().st_size == file.bytes
    assert result.bytes == sum(
        path.stat().st_size
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and path.name[0] != "_"
    )


@pytest.mark.parametrize("key", [key for key in FORMATS if key != "duckdb"])
def test_the_same_bytes_with_any_number_of_workers(tmp_path: Path, key: str) -> None:
    one, other = (
        generate(tmp_path / f"{workers}", format=key, workers=workers).manifest for workers in (1, 3)
    )
    assert one.tables == other.tables


@pytest.mark.parametrize("key", FORMATS)
def test_a_run_that_is_stopped_leaves_nothing_unfinished(tmp_path: Path, key: str) -> None:
    seen: list[object] = []
    with pytest.raises(Cancelled):
        generate(
            tmp_path / "out", format=key, progress=seen.append, cancelled=lambda: len(seen) > 3, workers=1
        )
    left = {path.name for path in (tmp_path / "out").rglob("*")}
    assert "_manifest.json" not in left
    assert not [name for name in left if name.startswith((".", "data"))]
    generate(
        tmp_path / "out",
        format=key,
        resume=key not in ("duckdb", "sqlite"),
        overwrite=key in ("duckdb", "sqlite"),
    )


@pytest.mark.parametrize("key", FORMATS)
def test_a_run_of_any_format_is_replaced(tmp_path: Path, key: str) -> None:
    generate(tmp_path / "out", format=key)
    generate(tmp_path / "out", format="jsonl", overwrite=True)
    generate(tmp_path / "out", format=key, overwrite=True)
    generate(tmp_path / "other", format=key)
    shown = [
        sorted(p.relative_to(at).as_posix() for p in at.rglob("*"))
        for at in (tmp_path / "out", tmp_path / "other")
    ]
    assert shown[0] == shown[1]


# -- databases ------------------------------------------------------------------------------------------------


def test_keys_are_declared_in_duckdb(tmp_path: Path) -> None:
    generate(tmp_path / "out", format="duckdb")
    with duckdb.connect(str(tmp_path / "out" / "data.duckdb"), read_only=True) as database:
        found = database.sql("SELECT table_name, constraint_text FROM duckdb_constraints()").to_arrow_table()
    texts = {(row["table_name"], row["constraint_text"]) for row in found.to_pylist()}
    assert ("t", "PRIMARY KEY(id)") in texts
    assert ("t", "UNIQUE(code)") in texts
    assert ("f", "FOREIGN KEY (t_id) REFERENCES t(id)") in texts


def test_keys_are_declared_in_sqlite(tmp_path: Path) -> None:
    generate(tmp_path / "out", format="sqlite")
    database = sqlite3.connect(tmp_path / "out" / "data.sqlite")
    try:
        assert [row[2:5] for row in database.execute("PRAGMA foreign_key_list(f)")] == [("t", "t_id", "id")]
        assert [row[1] for row in database.execute("PRAGMA table_info(t)") if row[5]] == ["id"]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        database.close()


@pytest.mark.parametrize("key", ["duckdb", "sqlite"])
@pytest.mark.parametrize("example", ["schema", "valid_schema", "test_patterns"])
def test_the_examples_fit_into_databases(tmp_path: Path, key: str, example: str) -> None:
    result = datagen.generate(datagen.examples()[example], tmp_path / "out", format=key)
    for name, entry in result.manifest.tables.items():
        assert len(READ[key](tmp_path / "out", name)) == entry.rows


@pytest.mark.parametrize("key", ["duckdb", "sqlite"])
@pytest.mark.parametrize(
    "options",
    [{"shard": "1/2"}, {"executor": "processes"}, {"cluster": "tcp://127.0.0.1:9"}],
)
def test_a_database_has_one_writer(tmp_path: Path, key: str, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"{key} is one file with one writer"):
        generate(tmp_path / "out", format=key, **options)
    assert not (tmp_path / "out").exists()


# -- CSV ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "delimiter", "first"),
    [
        ({}, ",", '"id","t_id","at","on"\n1,'),
        ({"delimiter": ";"}, ";", '"id";"t_id";"at";"on"\n1;'),
        ({"delimiter": "tab"}, "\t", '"id"\t"t_id"\t"at"\t"on"\n1\t'),
        ({"header": False}, ",", "1,"),
        ({"quoting": "all"}, ",", '"id","t_id","at","on"\n"1",'),
        ({"quoting": "none"}, ",", "id,t_id,at,on\n1,"),
        ({"null": "NULL"}, ",", '"id","t_id","at","on"\n1,'),
    ],
)
def test_a_choice_of_dialect(tmp_path: Path, options: dict[str, Any], delimiter: str, first: str) -> None:
    result = generate(tmp_path / "out", format=Csv(**options), tables=["f"])
    file = files(tmp_path / "out", "f", "csv")[0]
    assert file.read_text().startswith(first)
    with file.open(newline="") as text:
        assert {len(row) for row in csv.reader(text, delimiter=delimiter)} == {4}
    plain = {"quoting": "needed", "header": True, "null": ""}
    assert result.manifest.options == {**plain, **options, "delimiter": delimiter}


def test_what_stands_for_null(tmp_path: Path) -> None:
    generate(tmp_path / "out", format=Csv(null="\\N"), tables=["t"])
    lines = files(tmp_path / "out", "t", "csv")[0].read_text().splitlines()
    assert any(",\\N," in line for line in lines)
    with pytest.raises(UsageError, match="the text for null is without quotes"):
        Csv(null='"')


def test_text_that_a_dialect_cannot_hold_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="this dialect of CSV cannot hold the data"):
        generate(tmp_path / "out", format=Csv(quoting="none"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: format_of("xlsx"), "there is no format 'xlsx'; choose one of parquet, csv, jsonl, arrow, duckdb"),
        (lambda: format_of("csv", "snappy"), "csv has no compression 'snappy'; choose one of none, gzip, zstd"),
        (lambda: format_of("sqlite", "zstd"), "sqlite has no compression 'zstd'; choose one of none"),
        (lambda: format_of("parquet", delimiter=";"), "a delimiter, quoting, a header and a text for null are for csv"),
        (lambda: Csv(delimiter=""), "a delimiter is one character"),
        (lambda: Csv(delimiter='"'), "a delimiter is one character"),
        (lambda: Csv(delimiter=";;"), "a delimiter is one character"),
        (lambda: Csv(quoting="some"), "quoting is one of needed, all, none"),  # type: ignore[arg-type]  # on purpose
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(make: Callable[[], object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        make()


@pytest.mark.parametrize(
    ("key", "compression"), [("csv", "gzip"), ("csv", "zstd"), ("jsonl", "gzip"), ("jsonl", "zstd")]
)
def test_text_is_compressed_on_its_way(tmp_path: Path, key: str, compression: Any) -> None:
    generate(tmp_path / "plain", format=key)
    generate(tmp_path / "small", format=key, compression=compression)
    suffix = {"gzip": "gz", "zstd": "zst"}[compression]
    for file in (tmp_path / "plain").rglob(f"*.{key}"):
        small = tmp_path / "small" / file.relative_to(tmp_path / "plain").with_name(f"{file.name}.{suffix}")
        with pa.CompressedInputStream(small.open("rb"), compression) as stream:
            assert stream.read() == file.read_bytes()


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_text_is_json(texts: list[str | None]) -> None:
    for array in (pa.array(texts, pa.string()), pa.array(texts, pa.string()).dictionary_encode()):
        assert [json.loads(text) for text in json_text(array).to_pylist()] == texts


# -- partitions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["text", "flag"])
def test_a_table_is_parted_by_a_column(
    tmp_path: Path, expected: dict[str, list[dict[str, Any]]], by: str
) -> None:
    result = generate(tmp_path / "out", partition={"t": by})
    typed = pa.schema([(by, pa.string())])
    found = ds.dataset(tmp_path / "out" / "t", partitioning=ds.partitioning(typed, flavor="hive")).to_table()
    rows = sorted(found.to_pylist(), key=lambda row: row["id"])
    names = {True: "true", False: "false", "": None}  # Hive has no folder without a name
    assert rows == [{**row, by: names.get(row[by], row[by])} for row in expected["t"]]
    assert result.manifest.tables["t"].rows == sum(file.rows for file in result.manifest.tables["t"].files)
    assert result.manifest.options == {"partition": {"t": by}}
    generate(tmp_path / "out", partition={"t": by}, resume=True)
    generate(tmp_path / "out", overwrite=True)
    assert not list((tmp_path / "out").glob("t/*=*"))


def test_parts_of_a_partition_are_drawn_by_anyone(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", partition={"t": "flag"}).manifest
    for number in (1, 2):
        generate(tmp_path / "two", partition={"t": "flag"}, shard=f"{number}/2")
    with small_files():
        assert datagen.merge(tmp_path / "two").manifest == one


@pytest.mark.parametrize(
    ("partition", "says"),
    [
        ({"nobody": "x"}, "no table 'nobody' is written"),
        ({"t": "nobody"}, "its columns are id, x, text, flag, code"),
        ({"t": "x"}, "a float has too many values for folders"),
        ({"empty": "id"}, "the table has no other column"),
    ],
)
def test_partitions_that_make_no_sense(tmp_path: Path, partition: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        generate(tmp_path / "out", partition=partition)
    with pytest.raises(UsageError, match="--partition is for parquet"):
        generate(tmp_path / "out", partition={"t": "flag"}, format="csv")


def test_a_column_of_too_many_values_is_no_partition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datagen_engine.run.part_files._MOST_VALUES", 20)
    tree = schema(table(column("x", "float", NORMAL), rows=50))
    with pytest.raises(RunError, match="t.id has more than 20 values, and each would be a folder"):
        datagen.generate(tree, tmp_path / "out", partition={"t": "id"})
    assert not list((tmp_path / "out").rglob("*parquet*"))


# -- elsewhere ------------------------------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[str]:
    fsspec = pytest.importorskip("fsspec")
    yield "memory://run"
    system = fsspec.filesystem("memory")
    if system.exists("/run"):
        system.rm("/run", recursive=True)


@pytest.mark.parametrize("key", ["parquet", "csv", "jsonl", "arrow"])
def test_a_run_into_memory(memory: str, tmp_path: Path, key: str) -> None:
    import fsspec

    result = generate(memory, format=key)
    generate(tmp_path / "out", format=key)
    system = fsspec.filesystem("memory")
    found = {path.removeprefix("/run/"): system.cat(path) for path in system.find("/run")}
    there = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_bytes()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    assert found == there
    assert result.folder == memory


def test_a_place_elsewhere_is_claimed_resumed_and_replaced(memory: str) -> None:
    import fsspec

    seen: list[object] = []
    with pytest.raises(Cancelled):
        generate(memory, progress=seen.append, cancelled=lambda: len(seen) > 5, workers=1)
    with pytest.raises(UsageError, match="memory://run holds .* files; choose another place"):
        generate(memory)
    with pytest.raises(UsageError, match="the seed: 42 there, 43 here"):
        generate(memory, resume=True, seed=43)
    assert generate(memory, resume=True).kept > 0
    with pytest.raises(UsageError, match="memory://run holds an earlier run"):
        generate(memory)
    system = fsspec.filesystem("memory")
    before = {path: system.cat(path) for path in system.find("/run")}
    generate(memory, overwrite=True)
    assert {path: system.cat(path) for path in system.find("/run")} == before
    assert not [path for path in before if "journal" in path]


def test_shards_elsewhere(memory: str, tmp_path: Path) -> None:
    for number in (2, 1):
        generate(memory, shard=f"{number}/2")
    with small_files():
        assert datagen.merge(memory).manifest == generate(tmp_path / "out").manifest


def test_memory_is_of_one_process(memory: str) -> None:
    with pytest.raises(UsageError, match="is the memory of this process"):
        generate(memory, executor="processes")


@pytest.mark.parametrize("url", ["nosuch://x", "s4://bucket/run"])
def test_a_url_that_nobody_knows(url: str) -> None:
    with pytest.raises(UsageError, match=url):
        generate(url)
