"""Validating as a whole: the same report however it is worked out, told on the way, and stopped when asked."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.run.run import Progress
from datagen_engine.validation import context as context_module
from datagen_engine.validation import data as data_module
from datagen_engine.validation.report import Report
from tests.engine.validation.damage import copy_of, put


def told(report: Report) -> Any:
    """Return a report without the time it took."""
    tree = report.to_json()
    del tree["summary"]["at"], tree["summary"]["seconds"]
    return json.dumps(tree, sort_keys=True)


def test_the_report_does_not_hang_on_who_worked_it_out(
    example_run: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = datagen.examples()["ecomm"], example_run("ecomm")
    monkeypatch.setattr(data_module, "BATCH", 20_000)  # many batches, to be worked on side by side
    found = []
    for workers in (1, 3):
        monkeypatch.setattr(context_module, "cores", lambda workers=workers: workers)
        found.append(told(datagen.validate(source, folder)))

    assert found[0] == found[1]


def test_it_reads_and_leaves_the_folder_as_it_is(example_run: Callable[[str], Path]) -> None:
    folder = example_run("schema")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}

    datagen.validate(datagen.examples()["schema"], folder)

    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before


def test_progress_rises_to_the_end(example_run: Callable[[str], Path]) -> None:
    heard: list[Progress] = []

    report = datagen.validate(datagen.examples()["schema"], example_run("schema"), progress=heard.append)

    assert [at.done for at in heard] == sorted(at.done for at in heard)
    assert {at.table for at in heard} == set(report.summary.tables)
    assert heard[-1].done == heard[-1].total == sum(filter(None, report.summary.subject.rows.values()))
    assert all(at.rows <= at.of for at in heard)


@pytest.mark.parametrize("after", [0, 3, 12])
def test_it_can_be_stopped(
    after: int, example_run: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    with pytest.raises(datagen.Cancelled):
        datagen.validate(datagen.examples()["schema"], example_run("schema"), cancelled=cancelled)

    assert not list(tmp_path.iterdir())


def test_a_damaged_run_is_not_whole(example_run: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy_of(example_run("schema"), tmp_path)
    put(folder, "customer", "name", {0: None})

    report = datagen.validate(datagen.examples()["schema"], folder)

    assert not report.is_whole
    assert [one.id for one in report.failures] == ["null:customer.name"]
    assert 99 < (report.summary.integrity or 0) < 100
    assert report.summary.tables["customer"].integrity != 100
    assert report.summary.tables["bike"].integrity == 100
