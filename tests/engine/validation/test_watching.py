"""Judging while writing: the same verdicts as from the files, whoever writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from datagen_engine.validation.report import Report
from datagen_engine.validation.watching import Watching, generate_and_validate
from tests.engine.conftest import SCALES
from tests.engine.small import column, fact, schema, table

BOTH_WAYS = schema(
    table(
        column("favourite_id", "int", {"lookup": {"from": "visit.id"}}, nullable=True),
        column("boss_id", "int", {"lookup": {"from": "guest.id", "roots": 0.2}}, nullable=True),
        id="guest",
        rows=3000,
    ),
    fact(
        column("guest_id", "int", {"lookup": {"from": "guest.id"}}),
        id="visit",
        parent="guest",
        fanout={"distribution": "uniform", "min": 1, "max": 3},
    ),
)
"""Two tables that refer to each other, and one of them to itself."""


def verdicts(report: Report) -> dict[str, Any]:
    return {
        one.id: (
            one.status,
            one.rows_failed,
            one.details.get("rows"),
            one.details.get("p_value"),
            one.message,
        )
        for one in report.checks
    }


@pytest.mark.parametrize("name", sorted(datagen.examples()))
def test_the_verdicts_are_those_of_the_files(name: str, tmp_path: Path) -> None:
    source = datagen.examples()[name]

    result, watched = generate_and_validate(source, tmp_path / "run", scale=SCALES.get(name, 0.1))
    read = datagen.validate(source, tmp_path / "run")

    assert result.rows == sum(count or 0 for count in watched.summary.subject.rows.values())
    if max(entry.rows for entry in result.manifest.tables.values()) <= 100_000:  # no table is sampled
        assert verdicts(watched) == verdicts(read)
    assert {one.id: one.status for one in watched.checks} == {one.id: one.status for one in read.checks}
    assert watched.summary.subject.run == read.summary.subject.run
    assert watched.is_whole


def test_tables_that_refer_to_each_other_are_judged_in_the_end(tmp_path: Path) -> None:
    _, watched = generate_and_validate(BOTH_WAYS, tmp_path / "run")

    assert verdicts(watched) == verdicts(datagen.validate(BOTH_WAYS, tmp_path / "run"))
    assert watched.is_whole


@pytest.mark.parametrize(
    "options",
    [{"executor": "processes", "workers": 2}, {"format": "csv"}, {"resume": True}, {"tables": ["rental"]}],
    ids=str,
)
def test_a_run_that_is_written_in_another_way_is_judged_too(options: dict[str, Any], tmp_path: Path) -> None:
    source = datagen.examples()["schema"]
    if options.get("resume"):
        datagen.generate(source, tmp_path / "run")

    _, report = generate_and_validate(source, tmp_path / "run", **options)

    assert not report.failures
    assert report.is_whole
    assert verdicts(report) == verdicts(datagen.validate(source, tmp_path / "run"))


@pytest.mark.parametrize(
    "options", [{"format": "jsonl"}, {"shard": "1/2"}, {"partition": {"rental": "bike_id"}}], ids=str
)
def test_what_cannot_be_judged_is_refused_before_anything_is_drawn(
    options: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(datagen.UsageError, match=r"cannot be validated|merge the shards"):
        generate_and_validate(datagen.examples()["schema"], tmp_path / "run", **options)

    assert not (tmp_path / "run").exists()


def test_data_that_is_wrong_in_memory_is_found(tmp_path: Path) -> None:
    source = datagen.examples()["schema"]

    class Meddling(Watching):
        def batch(self, table: str, start: int, batch: Any) -> None:
            if table == "customer":
                place = batch.schema.get_field_index("name")
                names = [None, *batch.column(place).to_pylist()[1:]]
                batch = batch.set_column(place, "name", pa.array(names))
            super().batch(table, start, batch)

    with Meddling() as watch:
        result = datagen.generate(source, tmp_path / "run", watch=watch)
        report = watch.report(result.manifest)

    assert report is not None
    assert [one.id for one in report.failures] == ["null:customer.name"]


def test_it_can_be_stopped(tmp_path: Path) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 20

    with pytest.raises(datagen.Cancelled):
        generate_and_validate(datagen.examples()["ecomm"], tmp_path / "run", cancelled=cancelled)

    assert not list((tmp_path / "run").glob("*.tmp*"))


def test_what_was_worked_out_is_gone_afterwards(tmp_path: Path) -> None:
    with Watching() as watch:
        result = datagen.generate(BOTH_WAYS, tmp_path / "run", watch=watch)
        assert watch.report(result.manifest) is not None

    assert pq.read_table(tmp_path / "run/guest.parquet").num_rows == 3000
