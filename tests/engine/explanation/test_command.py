from __future__ import annotations

import json

import pytest

import datagen_engine as datagen
from datagen_engine.cli import run
from datagen_engine.explanation.console import bars, trace_lines
from datagen_engine.explanation.histogram import Histogram

SCHEMA = str(datagen.examples()["schema"])


def test_an_explanation_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", SCHEMA, "rental", "17", "bike_id"]) == 0
    said = capsys.readouterr().out
    found = datagen.trace(SCHEMA, "rental", 17, "bike_id")
    assert f"rental.bike_id of row 17 is {found.text}" in said
    assert "/generator/lookup" in said
    assert "child of" in said


def test_as_json_it_is_what_the_function_returns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", SCHEMA, "rental", "17", "started_at", "--seed", "7", "--json"]) == 0
    found = datagen.trace(SCHEMA, "rental", 17, "started_at", seed=7)
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(found.to_json()))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["rental", "99999", "bike_id"], 2, "there is no row 99,999 in 'rental'"),
        (["rental", "1", "bike_if"], 2, "there is no column 'bike_if' in 'rental'; did you mean 'bike_id'?"),
        (["rentals", "1", "bike_id"], 2, "there is no table 'rentals'; did you mean 'rental'?"),
        (["rental", "first", "bike_id"], 2, "Invalid value"),
    ],
)
def test_what_cannot_be_explained_is_said(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", SCHEMA, *arguments]) == code
    assert words in capsys.readouterr().err


def test_the_place_of_the_value_is_one_of_the_bars() -> None:
    chart = Histogram("numbers", (1, 0, 3), 0.0, 3.0, place=1.0)
    assert bars(chart) == ("▃ █", 2)
    assert bars(Histogram("words", (3, 1), labels=("a", "b"), place=None)) == ("█▃", None)


def test_every_stage_has_its_line() -> None:
    found = datagen.trace(SCHEMA, "rental", 17, "started_at")
    grid = trace_lines(found)[1]
    assert grid.row_count == len(found.stages)  # type: ignore[union-attr]  # a table of rich's
