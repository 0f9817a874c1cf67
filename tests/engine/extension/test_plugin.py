"""A package elsewhere adds a generator and a modifier; nothing here knows of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLUGIN = Path(__file__).parent / "plugin"

SCHEMA: dict[str, Any] = {
    "version": "1.0",
    "metadata": {"name": "coins"},
    "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
    "nodes": [
        {
            "id": "toss",
            "kind": "entity",
            "pk": "id",
            "rows": 400,
            "columns": [
                {"name": "id", "type": "int", "generator": {"sequence": {}}},
                {"name": "side", "type": "string", "generator": {"coin": {"heads": 0.8}}},
                {
                    "name": "stake",
                    "type": "float",
                    "generator": {"sequence": {"start": 10}},
                    "modifiers": [{"transform": "raise_by", "args": {"column": "id", "share": 2}}],
                },
            ],
        }
    ],
    "constraints": {},
}


def datagen(*arguments: str, plugin: bool = True) -> subprocess.CompletedProcess[str]:
    paths = [*([str(PLUGIN)] if plugin else []), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, "-m", "datagen_engine", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
    )


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "coins.json"
    path.write_text(json.dumps(SCHEMA))
    return path


def test_it_draws(schema: Path) -> None:
    shown = datagen("preview", str(schema), "toss", "-n", "400", "--format", "json")
    assert shown.returncode == 0, shown.stderr
    rows = json.loads(shown.stdout)
    assert 0.7 < sum(row["side"] == "heads" for row in rows) / 400 < 0.9
    assert all(row["stake"] == 9 + 3 * row["id"] for row in rows)


def test_it_is_checked(schema: Path) -> None:
    assert datagen("check", str(schema)).returncode == 0
    broken = json.loads(json.dumps(SCHEMA))
    broken["nodes"][0]["columns"][1]["generator"]["coin"]["heads"] = 2
    broken["nodes"][0]["columns"][2]["modifiers"][0]["args"]["column"] = "idd"
    schema.write_text(json.dumps(broken))
    found = {problem["path"] for problem in json.loads(datagen("check", str(schema), "--json").stdout)}
    assert "/nodes/0/columns/1/generator/coin/heads" in found
    assert "/nodes/0/columns/2/modifiers/0/args/column" in found


def test_it_is_in_the_json_schema() -> None:
    made = json.loads(datagen("schema").stdout)
    assert "generator coin" in made["$defs"]
    assert made["$defs"]["modifier raise_by"]["properties"]["column"]["x-refers-to"] == "column"


def test_without_the_package_its_word_is_unknown(schema: Path) -> None:
    result = datagen("check", str(schema), plugin=False)
    assert result.returncode == 1
    assert "coin" in result.stdout
