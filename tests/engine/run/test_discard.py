from __future__ import annotations

import json
from pathlib import Path

import pytest

from datagen_engine import examples, generate
from datagen_engine.cli import run
from datagen_engine.errors import UsageError
from datagen_engine.run.discard import discard_run


def test_a_run_goes_with_its_folder(tmp_path: Path) -> None:
    generate(examples()["schema"], tmp_path / "out")
    discard_run(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_the_runs_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    generate(examples()["schema"], folder)
    (folder / "mine.parquet").write_bytes(b"mine")
    (folder / "notes").mkdir()
    discard_run(folder)
    assert {path.name for path in folder.iterdir()} == {"mine.parquet", "notes"}


def test_a_run_that_was_broken_off_goes_too(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    generate(examples()["schema"], folder)
    (folder / "_manifest.json").unlink()
    (folder / "_lock").touch()
    (folder / ".rental.parquet.1a2b.part").write_bytes(b"half")
    discard_run(folder)
    assert not folder.exists()


def test_what_is_no_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rental.parquet").write_bytes(b"mine")
    with pytest.raises(UsageError, match="holds no run"):
        discard_run(tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        discard_run(tmp_path / "nothing")
    assert (tmp_path / "rental.parquet").exists()


def test_the_command_tells_programs_how_it_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate(examples()["schema"], tmp_path / "out")
    assert run(["discard", str(tmp_path / "out"), "--progress", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "result"
    assert run(["discard", str(tmp_path / "out"), "--progress", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["severity"] == "error"
