"""`datagen validate`, `datagen report` and `datagen generate --validate`: exit codes, outputs, progress."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import datagen_engine as datagen
from datagen_engine.cli import run
from datagen_engine.validation.report_schema import report_schema
from tests.engine.small import column, schema, table
from tests.engine.validation.damage import copy_of, drop_column, put

SCHEMA = str(datagen.examples()["schema"])


@pytest.fixture
def whole(example_run: Callable[[str], Path]) -> Path:
    return example_run("schema")


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Path:
    folder = copy_of(whole, tmp_path)
    put(folder, "customer", "name", {3: None})
    return folder


EVEN = {"type": "uniform", "params": {"low": 0, "high": 1}, "clamp": [0, 1]}


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_whole_data_ends_with_0(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", SCHEMA, "-d", str(whole)]) == 0

    said = capsys.readouterr()
    assert "quality 100     integrity 100     behaviour 100" in said.out
    assert not said.err


def test_damaged_data_ends_with_1_and_shows_the_rows(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", SCHEMA, "-d", str(damaged), "--threshold", "0"]) == 1

    out = capsys.readouterr().out
    assert "null:customer.name  customer.name is null in 1 of 600 rows; it is not nullable." in out
    assert "customer_id = 4, name = None" in out


@pytest.mark.parametrize(("threshold", "code"), [("80", 0), ("100", 1)])
def test_the_threshold_is_one_of_quality(
    threshold: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = schema(
        table(column("a", "float", {"distribution": EVEN})),
        targets={"mean_in_range": {"table": "t", "column": "a", "min": 0.6, "max": 0.7}},
    )  # fmt: skip
    (tmp_path / "s.json").write_text(json.dumps(tree))
    datagen.generate(tree, tmp_path / "run")

    assert (
        run(["validate", str(tmp_path / "s.json"), "-d", str(tmp_path / "run"), "--threshold", threshold])
        == code
    )
    assert "so the target cannot be reached" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", SCHEMA, "-d", "/nowhere/at/all"],
        ["validate", "/nowhere/at/all.json", "-d", "."],
        ["report", SCHEMA, "-d", "/nowhere/at/all", "-o", "x.html"],
        ["report", SCHEMA, "-d", ".", "-o", "x.pdf"],
        ["validate", SCHEMA],
        ["validate", SCHEMA, "-d", ".", "--sample", "0"],
        ["validate", SCHEMA, "-d", ".", "--threshold", "101"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2

    said = capsys.readouterr()
    assert said.err
    assert "Traceback" not in said.err + said.out


def test_a_schema_with_errors_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.json").write_text('{"version": "1.0"}')

    assert run(["validate", str(tmp_path / "s.json"), "-d", str(tmp_path)]) == 2
    assert "missing-key" in capsys.readouterr().err


def test_checks_that_cannot_be_run_fail_nothing_and_end_with_1_or_2(whole: Path, tmp_path: Path) -> None:
    folder = copy_of(whole, tmp_path)
    drop_column(folder, "customer", "name")

    assert run(["validate", SCHEMA, "-d", str(folder)]) == 1


def test_an_empty_folder_is_not_whole(tmp_path: Path) -> None:
    assert run(["validate", SCHEMA, "-d", str(tmp_path), "--threshold", "0"]) == 1


def test_the_json_can_be_printed_or_written(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", SCHEMA, "-d", str(whole), "--json", "-"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert run(["validate", SCHEMA, "-d", str(whole), "--json", str(tmp_path / "r.json")]) == 0
    written = json.loads((tmp_path / "r.json").read_text())

    jsonschema.validate(printed, report_schema())
    assert [one["id"] for one in printed["checks"]] == [one["id"] for one in written["checks"]]
    assert written["summary"]["run"]["seed"] == 42


@pytest.mark.parametrize(
    ("name", "begins"),
    [("r.html", "<!DOCTYPE html>"), ("r.json", "{"), ("r.csv", "id,status"), ("r.md", "# ")],
)
def test_reports_of_every_form(name: str, begins: str, damaged: Path, tmp_path: Path) -> None:
    assert run(["report", SCHEMA, "-d", str(damaged), "-o", str(tmp_path / name)]) == 1

    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert "null:customer.name" in text


def test_a_report_can_be_printed(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", SCHEMA, "-d", str(whole), "-o", "-", "--format", "csv"]) == 0

    assert {line["status"] for line in csv.DictReader(capsys.readouterr().out.splitlines())} == {
        "pass",
        "skipped",
    }


def test_a_report_does_not_take_the_place_of_the_schema(whole: Path, tmp_path: Path) -> None:
    place = tmp_path / "s.json"
    place.write_bytes(Path(SCHEMA).read_bytes())

    assert run(["report", str(place), "-d", str(whole), "-o", str(place)]) == 2
    assert place.read_bytes() == Path(SCHEMA).read_bytes()


def test_a_sample_says_so(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", SCHEMA, "-d", str(whole), "--sample", "100", "--json", "-"]) == 0

    made = json.loads(capsys.readouterr().out)
    assert made["summary"]["sample"] == 100
    assert {one["rows_checked"] for one in made["checks"] if one["id"] == "null:rental.price"} == {100}


@pytest.mark.parametrize("command", [["schema", "--report"], ["report", "--schema"]])
def test_the_schema_of_the_report_is_published(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out) == report_schema()


def test_programs_hear_progress_and_the_result(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "r.json")

    assert run(["validate", SCHEMA, "-d", str(whole), "--progress", "json", "--json", place]) == 0

    *progress, result = lines(capsys.readouterr().out)
    assert {line["type"] for line in progress} == {"progress"}
    assert progress[-1]["done"] == progress[-1]["total"] == 4940
    assert [line["done"] for line in progress] == sorted(line["done"] for line in progress)
    assert result["type"] == "result"
    assert result["quality_score"] == 100
    assert json.loads(Path(place).read_text())["summary"]["quality_score"] == 100


def test_programs_hear_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", SCHEMA, "-d", str(tmp_path / "nowhere"), "--progress", "json"]) == 2

    (line,) = lines(capsys.readouterr().out)
    assert line["type"] == "problem"
    assert "does not exist" in line["message"]


def test_a_run_can_be_judged_on_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", SCHEMA, "-o", str(tmp_path / "run"), "--validate"]) == 0
    assert "quality 100     integrity 100     behaviour 100" in capsys.readouterr().out

    again = [
        "generate",
        SCHEMA,
        "-o",
        str(tmp_path / "run"),
        "--overwrite",
        "--validate",
        "--progress",
        "json",
    ]
    assert run(again) == 0
    *_, result, report = lines(capsys.readouterr().out)
    assert result["type"] == "result"
    assert report["type"] == "report"
    assert report["integrity"] == 100


def test_a_terminal_is_sent_no_commands_of_the_data(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_of(whole, tmp_path)
    put(folder, "bike", "code", {0: "\x1b[2J[bold]x[/bold]\x07"})

    assert run(["validate", SCHEMA, "-d", str(folder)]) == 1

    out = capsys.readouterr().out
    assert "\x1b[2J" not in out
    assert "\x07" not in out
    assert "[bold]x[/bold]" in out
