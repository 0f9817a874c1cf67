from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from datagen_engine import RunError, UsageError, examples, load, save
from datagen_engine.schema.dump import dump
from datagen_engine.schema.path import Json
from tests.engine.schema.documents import TREES, sources


@pytest.mark.parametrize("name", examples())
def test_a_schema_is_opened_from_anything(name: str) -> None:
    path = examples()[name]
    opened = [load(path), load(str(path)), load(path.read_bytes()), load(json.loads(path.read_text()))]
    assert [document.hash for document in opened] == [opened[0].hash] * 4
    assert [document.path for document in opened] == [path, path, None, None]
    assert all(document.schema is not None for document in opened)
    assert opened[0].source == path.read_text()


@given(sources())
def test_what_is_saved_is_what_was_opened(tmp_path_factory: pytest.TempPathFactory, source: str) -> None:
    path = tmp_path_factory.mktemp("saved") / "schema.json"
    path.write_bytes(source.encode())
    document = load(path)
    save(document, path)
    assert path.read_bytes() == source.encode()
    assert document.tree == json.loads(source)


@given(TREES)
def test_plain_data_is_opened_as_its_text(tree: Json) -> None:
    if isinstance(tree, dict):
        assert load(tree).source == dump(tree)


def itself() -> dict[str, Any]:
    tree: dict[str, Any] = {}
    tree["self"] = tree
    return tree


@pytest.mark.parametrize("data", [{"a": {1, 2}}, {"a": object()}, {"a": float("nan")}, itself()])
def test_data_that_is_no_json_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="this data is no JSON: "):
        load(data)


def test_files_that_cannot_be_read_are_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"none.json does not exist"):
        load(tmp_path / "none.json")
    with pytest.raises(UsageError, match="is a folder; a schema is a file of JSON"):
        load(tmp_path)
    with pytest.raises(UsageError, match="is no path"):
        load("a\0b")
    with pytest.raises(UsageError, match="cannot be read: Not a directory"):
        (tmp_path / "file").write_text("{}")
        load(tmp_path / "file" / "below")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match="file cannot be read: Permission denied"):
        load(tmp_path / "file")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", None),
        (b"{", None),
        (b"\xff\xfe", "not-utf-8"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
        (b'{"a": NaN}', None),
        (b"[" * 100_000, None),
        (b'{"a": ' + b"1" * 5000 + b"}", "number-too-long"),
    ],
)
def test_whatever_stands_in_a_file_is_a_problem_and_no_failure(source: bytes, code: str | None) -> None:
    document = load(source)
    assert any(problem.severity == "error" for problem in document.problems)
    assert code is None or code in {problem.code for problem in document.problems}
    assert len(document.hash) == 32


def test_the_problems_of_the_text_come_before_those_of_the_schema() -> None:
    codes = [problem.code for problem in load(b'{"version": "1.0", "version": "1.0"}').problems]
    assert codes[0] == "duplicate-key"
    assert "missing-key" in codes[1:]


# -- saving ---------------------------------------------------------------------------------------------------


def test_a_file_that_was_not_read_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "picture.json"
    path.write_bytes(b"\xff\xd8 no text")
    with pytest.raises(RunError, match="is not saved: this file cannot be saved, since it was not read"):
        save(load(path), path)
    assert path.read_bytes() == b"\xff\xd8 no text"


def test_a_saved_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{}")
    path.chmod(0o640)
    save(load(b"[1]"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text() == "[1]"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "real" / "schema.json")
    save(load(b"[1]"), tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real" / "schema.json").read_text() == "[1]"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Is a directory"),
        ("file/below.json", "Not a directory|is a file|File exists"),
        ("x" * 300, "too long"),
        ("a\0b", "not saved"),
    ],
)
def test_a_place_that_cannot_be_a_file(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RunError, match=says):
        save(load(b"{}"), tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_links_that_lead_to_each_other_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(RunError, match="is not saved|Too many levels"):
        save(load(b"{}"), tmp_path / "a")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{}")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="is full; free some space"):
        save(load(b"[1]"), path)
    assert path.read_text() == "{}"
    assert [p.name for p in tmp_path.iterdir()] == ["schema.json"]
