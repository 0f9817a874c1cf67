"""Folders by anyone: what is found in them, what is refused, and that nothing outside is reached."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from datagen_engine.validation import data as data_module
from datagen_engine.validation.data import read_manifest
from tests.engine.small import column, schema, table
from tests.engine.validation.damage import Records, copy_of, failing, solid

PEOPLE = schema(table(column("name", "string", {"choice": {"choices": ["a", "b"]}}), id="person", rows=4))
NAMES = ["a", "b", "b", "a"]


def people(size: int = 4) -> pa.Table:
    return pa.table({"id": pa.array(range(1, size + 1), pa.int64()), "name": pa.array((NAMES * size)[:size])})


def judged(folder: Path, source: dict[str, Any] = PEOPLE, **options: Any) -> Records:
    return solid(source, folder, **options)


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(datagen.UsageError, match="does not exist"):
        judged(tmp_path / "nowhere")
    with pytest.raises(datagen.UsageError, match="is a file"):
        judged(tmp_path / "file")


def test_a_file_a_folder_of_parts_and_csv_are_all_found(tmp_path: Path) -> None:
    for name in ("file", "parts", "spark", "csv", "zipped"):
        (tmp_path / name).mkdir()
    pq.write_table(people(), tmp_path / "file/person.parquet")
    for folder in (tmp_path / "parts/person", tmp_path / "spark/person.parquet"):
        folder.mkdir()
        pq.write_table(people().slice(0, 3), folder / "part-00000.parquet")
        pq.write_table(people().slice(3), folder / "part-00001.parquet")
        (folder / "_SUCCESS").write_text("")
        (folder / ".part-00000.parquet.crc").write_text("")
    people().to_pandas().to_csv(tmp_path / "csv/person.csv", index=False)
    people().to_pandas().to_csv(tmp_path / "zipped/person.csv.gz", index=False)

    for name in ("file", "parts", "spark", "csv", "zipped"):
        records = judged(tmp_path / name)
        assert {record.status for record in records.values()} == {"pass"}, name
        assert records["readable:person"].rows_checked == 4


@pytest.mark.parametrize("size", [1, 3, 5])
def test_the_rows_of_several_parts_are_numbered_through(size: int, tmp_path: Path) -> None:
    (tmp_path / "person").mkdir()
    for part, start in enumerate(range(0, 12, size)):
        pq.write_table(
            people(12).slice(start, size), tmp_path / f"person/part-{part:05d}.parquet", row_group_size=2
        )
    wrong = pa.table({"id": pa.array([13], pa.int64()), "name": pa.array([None], pa.string())})
    pq.write_table(wrong, tmp_path / "person/part-99999.parquet")

    record = judged(tmp_path)["null:person.name"]

    assert record.details["rows"] == [12]
    assert record.examples == [{"id": 13, "name": None}]


def linked_out(folder: Path, outside: Path) -> None:
    (folder / "person.parquet").symlink_to(outside / "person.parquet")


def linked_out_folder(folder: Path, outside: Path) -> None:
    (folder / "person").symlink_to(outside)


def linked_out_part(folder: Path, outside: Path) -> None:
    (folder / "person").mkdir()
    (folder / "person/part-00000.parquet").symlink_to(outside / "person.parquet")


def linked_to_itself(folder: Path, outside: Path) -> None:
    (folder / "person.parquet").symlink_to(folder / "person.parquet")


def linked_to_nowhere(folder: Path, outside: Path) -> None:
    (folder / "person.csv").symlink_to(outside / "nowhere")


def a_pipe(folder: Path, outside: Path) -> None:
    os.mkfifo(folder / "person.parquet")


def a_device(folder: Path, outside: Path) -> None:
    (folder / "person.csv").symlink_to("/dev/zero")


def an_empty_folder(folder: Path, outside: Path) -> None:
    (folder / "person").mkdir()


def a_folder_of_csv(folder: Path, outside: Path) -> None:
    (folder / "person.csv").mkdir()


def two_columns_of_a_name(folder: Path, outside: Path) -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([1])], names=["id", "id"])
    pq.write_table(twice, folder / "person.parquet")


def no_parquet(folder: Path, outside: Path) -> None:
    (folder / "person.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")


@pytest.mark.parametrize(
    "build",
    [
        linked_out,
        linked_out_folder,
        linked_out_part,
        linked_to_itself,
        linked_to_nowhere,
        a_pipe,
        a_device,
        an_empty_folder,
        a_folder_of_csv,
        two_columns_of_a_name,
        no_parquet,
    ],
)
def test_hostile_folders_are_unreadable(build: Callable[[Path, Path], None], tmp_path: Path) -> None:
    folder, outside = tmp_path / "data", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    pq.write_table(people(), outside / "person.parquet")
    build(folder, outside)

    records = judged(folder)

    assert failing(records) == {"readable:person"}
    assert "Write it again" in records["readable:person"].message


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    pq.write_table(people(), tmp_path / "stored.parquet")
    (tmp_path / "person.parquet").symlink_to("stored.parquet")

    assert not failing(judged(tmp_path))


def test_a_file_without_an_ending_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "person").write_text("id,name\n1,a\n")

    assert failing(judged(tmp_path)) == {"present:person"}


def test_text_that_is_no_text_is_found(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(
        pa.string(),
        2,
        [None, pa.py_buffer(b"\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00"), pa.py_buffer(b"a\xff")],
    )
    pq.write_table(pa.table({"id": pa.array([1, 2]), "name": bad}), tmp_path / "person.parquet")

    records = judged(tmp_path, schema(table(*PEOPLE["nodes"][0]["columns"], id="person", rows=2)))

    assert failing(records) == {"readable:person"}
    assert records["null:person.name"].details["cause"] == "readable:person"


def test_a_claim_of_far_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(people(), tmp_path / "person.parquet")
    monkeypatch.setattr(data_module, "_MOST_CHUNK", 8)

    assert failing(judged(tmp_path)) == {"readable:person"}


@pytest.mark.parametrize(
    ("type", "stored", "good"),
    [
        ("int", pa.int32(), True),
        ("int", pa.uint8(), True),
        ("int", pa.uint64(), False),
        ("int", pa.float64(), False),
        ("float", pa.float32(), True),
        ("float", pa.decimal128(21, 2), True),
        ("float", pa.int64(), False),
        ("string", pa.large_string(), True),
        ("string", pa.binary(), False),
        ("bool", pa.int8(), False),
        ("datetime", pa.timestamp("ns"), True),
        ("datetime", pa.timestamp("s", "Europe/Berlin"), True),
        ("datetime", pa.date32(), False),
        ("date", pa.date64(), True),
        ("date", pa.timestamp("us"), False),
    ],
)
def test_which_types_may_stand_for_which(type: str, stored: pa.DataType, good: bool, tmp_path: Path) -> None:
    generator: dict[str, Any] = {"choice": {"choices": [1, 2]}}
    if type in ("datetime", "date"):
        generator = {"datetime_series": {"within": "timeframe"}}
    if type == "string":
        generator = {"choice": {"choices": ["1", "2"]}}
    if type == "bool":
        generator = {"choice": {"choices": [True, False]}}
    source = schema(table(column("value", type, generator), id="person", rows=2))
    plain = pa.array([1, 2], pa.int64())
    array = pa.array(["1", "2"]).cast(stored) if type == "string" else plain
    if not array.type.equals(stored):
        array = array.cast(pa.int32()).cast(stored) if stored == pa.date32() else array.cast(stored)
    pq.write_table(pa.table({"id": plain, "value": array}), tmp_path / "person.parquet")

    records = solid(source, tmp_path)

    assert records["type:person.value"].status == ("pass" if good else "fail")
    assert failing(records) == (set() if good else {"type:person.value"})


def test_columns_that_the_schema_does_not_know_are_named(tmp_path: Path) -> None:
    pq.write_table(people().append_column("extra", pa.array(NAMES)), tmp_path / "person.parquet")

    records = judged(tmp_path)

    assert not failing(records)
    assert records["present:person"].details["other_columns"] == ["extra"]


# -- runs of ours -------------------------------------------------------------------------------------------


def test_a_run_of_another_schema_is_judged_as_data_of_others(
    example_run: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = copy_of(example_run("schema"), tmp_path)
    tree = json.loads((folder / "_schema.json").read_text())
    tree["nodes"][2]["rows"] = 601

    report = datagen.validate(tree, folder)

    assert report.summary.subject.run is None
    assert "another schema" in report.summary.subject.note
    assert [one.id for one in report.failures] == ["row_count:customer"]


@pytest.mark.parametrize(
    "spoil",
    [
        {"rows": []},
        {"seed": "42"},
        {"scale": None},
        {"machine": 1},
        {"stream_version": "1"},
        {"tables": {"customer": {"rows": "600", "files": []}}},
        {"unknown": 1},
    ],
)
def test_a_manifest_that_makes_no_sense_is_none(
    spoil: dict[str, Any], example_run: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = copy_of(example_run("schema"), tmp_path)
    path = folder / "_manifest.json"
    assert read_manifest(folder) is not None
    path.write_text(json.dumps(json.loads(path.read_text()) | spoil))

    assert read_manifest(folder) is None
    assert not failing(solid(datagen.examples()["schema"], folder))


def test_a_manifest_elsewhere_is_not_read(example_run: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy_of(example_run("schema"), tmp_path / "in")
    (folder / "_manifest.json").rename(tmp_path / "out.json")
    (folder / "_manifest.json").symlink_to(tmp_path / "out.json")

    assert read_manifest(folder) is None


def test_tables_that_a_run_was_not_asked_for_are_skipped(tmp_path: Path) -> None:
    datagen.generate(datagen.examples()["schema"], tmp_path / "run", tables=["bike", "rental"], workers=1)

    records = solid(datagen.examples()["schema"], tmp_path / "run")

    assert not failing(records)
    assert records["present:customer"].status == "skipped"
    assert records["foreign_key:rental.customer_id→customer.customer_id"].status == "skipped"
    assert records["foreign_key:rental.bike_id→bike.bike_id"].status == "pass"
    assert not [record for record in records.values() if record.status == "error"]


def test_a_scaled_run_has_the_rows_of_its_scale(tmp_path: Path) -> None:
    datagen.generate(
        datagen.examples()["schema"], tmp_path / "run", scale=0.3, rows={"bike": 7}, seed=9, workers=1
    )

    records = solid(datagen.examples()["schema"], tmp_path / "run")

    assert not failing(records)
    assert (records["row_count:customer"].observed, records["row_count:bike"].observed) == (180, 7)


# -- samples --------------------------------------------------------------------------------------------------


def test_a_sample_looks_at_so_many_rows_all_over_the_table(
    example_run: Callable[[str], Path], tmp_path: Path
) -> None:
    source, folder = datagen.examples()["schema"], example_run("schema")

    records = solid(source, folder, sample=100)

    assert not failing(records)
    assert records["null:rental.price"].rows_checked == 100
    assert records["foreign_key:rental.customer_id→customer.customer_id"].rows_checked == 100
    assert records["null:bike_model.deposit"].rows_checked == 5
    assert records["row_count:rental"].status == "pass"
    assert records["row_count:rental/customer"].status == "skipped"
    with pytest.raises(datagen.UsageError, match="at least 1"):
        solid(source, folder, sample=0)


@pytest.mark.parametrize(("size", "sample"), [(10, 3), (10, 9), (100, 7), (1000, 64), (9, 8), (20000, 9000)])
def test_the_rows_of_a_sample_are_different_ones(size: int, sample: int, tmp_path: Path) -> None:
    from datagen_engine.validation.validate import opened

    source = schema(
        table(column("name", "string", {"choice": {"choices": ["a", "b"]}}), id="person", rows=size)
    )
    pq.write_table(people(size), tmp_path / "person.parquet", row_group_size=64)

    with opened(datagen.load(source), tmp_path, sample=sample) as context:
        found = [n for part in context.each("person", ["id"], lambda rows: rows.rows.numbers()) for n in part]

    assert len(found) == sample
    assert sorted(set(found)) == found
    assert found[0] < size // 4 + 1
    assert found[-1] >= size * 3 // 4 - 1
