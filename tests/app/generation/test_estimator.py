from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from datagen_app.generation.estimate import estimate
from datagen_app.generation.estimator import Estimator
from datagen_engine import examples
from tests.app.conftest import WAIT

TEXT = examples()["schema"].read_text(encoding="utf-8")


def asked(**changed: Any) -> dict[str, Any]:
    usual = {
        "text": TEXT,
        "seed": 42,
        "scale": 1.0,
        "rows": {},
        "tables": [],
        "format": "parquet",
        "folder": "/",
    }
    return {**usual, **changed}


@pytest.fixture
def estimator() -> Iterator[Estimator]:
    made = Estimator()
    yield made
    made.close()


def test_rows_are_those_that_the_run_will_have(tmp_path: Path) -> None:
    known = estimate(asked(folder=str(tmp_path / "not" / "yet")))
    assert sum(known["rows"].values()) == 4940
    assert known["may"]
    assert known["free"] > 0


def test_fewer_rows_are_fewer_bytes_and_other_formats_more() -> None:
    usual = estimate(asked())
    assert estimate(asked(rows={"customer": 60}))["bytes"] < usual["bytes"] / 2
    assert estimate(asked(tables=["bike"]))["bytes"] < usual["bytes"]
    assert estimate(asked(format="csv"))["bytes"] > usual["bytes"]


def test_what_is_wrong_is_told() -> None:
    assert "errors" in estimate(asked(text="{}"))["trouble"]
    assert (
        "no table" in estimate(asked(rows={"nothing": 1}))["trouble"]
        or estimate(asked(rows={"nothing": 1}))["trouble"]
    )


def test_only_the_latest_question_is_answered(qtbot: QtBot, estimator: Estimator) -> None:
    answers: list[Any] = []
    estimator.estimated.connect(answers.append)
    for scale in (1.0, 2.0, 3.0):
        estimator.ask(**asked(scale=scale))
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    assert len(answers) == 1
    assert answers[0]["rows"]["customer"] == 1800
