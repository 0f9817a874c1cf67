"""The examples and other valid schemas have no problems, and checking them costs little."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given

from datagen_engine.resources import examples
from datagen_engine.schema.text import read
from tests import strategies
from tests.engine.checking.judging import check, column, schema, table, told


@pytest.mark.parametrize("name", examples())
def test_an_example_has_no_problems(name: str) -> None:
    assert told(read(examples()[name].read_bytes()).tree) == []


@strategies.examples(0.5)
@given(strategies.schemas())
def test_a_valid_schema_has_no_errors(tree: strategies.Json) -> None:
    assert [str(problem) for problem in check(tree) if problem.severity == "error"] == []


def imported(freq: str) -> bool:
    """Say whether a check in a process of its own imports pandas."""
    times = {"datetime_series": {"within": "timeframe", "freq": freq}}
    tree = schema(table(column("at", "datetime", times)))
    code = (
        "import json, sys; from datagen_engine.checking import check_schema; "
        "from datagen_engine.schema.reading import read_schema; "
        "assert check_schema(read_schema(json.loads(sys.argv[1]))) == []; print('pandas' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, json.dumps(tree)], capture_output=True, text=True, check=True
    )
    return run.stdout.strip() == "True"


def test_pandas_is_imported_for_a_calendar_only() -> None:
    assert not imported("15min")
    assert imported("MS")
