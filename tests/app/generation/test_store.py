from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from datagen_app.generation.store import RunStore


def test_runs_are_kept_the_latest_first(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    assert store.all() == []
    first = store.add(tmp_path / "a", Path("shop.json"), seed=1)
    store.save(replace(first, started="2020-01-01T00:00:00Z", state="done"))
    second = store.add(tmp_path / "b", Path("shop.json"))
    assert [record.name for record in RunStore(tmp_path / "runs").all()] == ["b", "a"]
    store.remove(second)
    assert [record.name for record in store.all()] == ["a"]


def test_a_run_whose_program_has_gone_was_broken_off(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    record = store.add(tmp_path / "a", Path("shop.json"))
    assert store.all()[0].state == "running"
    store.save(replace(record, process=2**22 + 1))  # beyond what the system gives
    (broken,) = store.all()
    assert (broken.state, broken.message) == ("stopped", "The program ended while it was running.")


def test_what_is_no_record_is_passed_over(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    good = store.add(tmp_path / "a", Path("shop.json"))
    for name, text in (
        ("garbage", "{"),
        ("list", "[]"),
        ("other", json.dumps({"id": "another", "folder": "x", "schema": "y"})),
        ("state", json.dumps({"id": "state", "folder": "x", "schema": "y", "state": "dancing"})),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
    (tmp_path / "file").touch()
    assert [record.id for record in store.all()] == [good.id]


def test_a_record_of_a_later_version_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    record = store.add(tmp_path / "a", Path("shop.json"))
    path = store.place(record) / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "colour": "blue"}))
    assert store.get(record.id) == record


def test_copies_are_kept_when_the_files_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "_manifest.json").write_text('{"schema_hash": "abc"}')
    (folder / "_schema.json").write_text("{}")
    store = RunStore(tmp_path / "store")
    record = store.copy_files(store.add(folder, Path("shop.json")))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert record.schema_hash == "abc"
    assert store.manifest(record) == {"schema_hash": "abc"}
    assert not record.there


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        RunStore(tmp_path / "file").add(tmp_path, Path("shop.json"))
