from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from datagen_app.results.comparison import Recorded, compared, difference
from datagen_engine import examples

SCHEMA: dict[str, Any] = json.loads(examples()["schema"].read_text(encoding="utf-8"))


def report(**status: str) -> dict[str, Any]:
    checks = [
        {"id": name, "status": said, "title": name, "table": "bike", "columns": ["id"]}
        for name, said in status.items()
    ]
    return {"summary": {"quality_score": 90.0, "integrity": 100.0}, "checks": checks}


def test_the_same_schema_differs_in_nothing() -> None:
    assert list(difference(SCHEMA, copy.deepcopy(SCHEMA))) == []


def test_changes_are_told_by_name() -> None:
    after = copy.deepcopy(SCHEMA)
    bike = next(node for node in after["nodes"] if node["id"] == "bike")
    bike["rows"] = 7
    bike["columns"].append({"name": "colour", "type": "string"})
    bike["comment"] = "no change of meaning"
    after["nodes"] = [node for node in after["nodes"] if node["id"] != "festival"]
    after["timeframe"]["end"] = "2030-01-01"
    told = list(difference(SCHEMA, after))
    assert "the table festival is gone." in told
    assert "bike: rows was 120, is 7." in told
    assert "bike: the column colour is new." in told
    assert any(sentence.startswith("timeframe end was") for sentence in told)
    assert len(told) == 4


def test_checks_that_changed_stand_worst_first() -> None:
    before = Recorded(
        "a", {"seed": 1, "tables": {"bike": {"rows": 5}}}, {}, report(x="pass", y="fail", z="pass")
    )
    after = Recorded(
        "b", {"seed": 2, "tables": {"bike": {"rows": 6}}}, {}, report(x="fail", y="pass", z="pass")
    )
    told = compared(before, after)
    assert [(check["id"], check["after"]) for check in told["checks"]] == [("x", "fail"), ("y", "pass")]
    assert told["rows"] == [{"name": "bike", "before": "5", "after": "6", "differs": True}]
    assert told["settings"][0] == {"name": "seed", "before": "1", "after": "2", "differs": True}


def test_without_a_report_checks_are_not_compared(tmp_path: Path) -> None:
    bare = Recorded.read("a", tmp_path)
    told = compared(bare, Recorded("b", {}, {}, report(x="fail")))
    assert not told["judged"]
    assert told["checks"] == []
