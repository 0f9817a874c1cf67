"""The examples draw what they drew before: see tests/golden.py."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import datagen_engine as datagen
from tests import golden


@pytest.mark.parametrize("name", datagen.examples())
def test_the_data_is_what_it_was(name: str) -> None:
    kept = json.loads((golden.FOLDER / f"{name}.json").read_text())
    said = golden.differences(golden.of_schema(name), kept)
    assert said == [], "where other data is meant: python -m tests.golden --refresh"


def test_there_is_no_file_of_a_schema_that_is_gone() -> None:
    assert sorted(path.stem for path in golden.FOLDER.glob("*.json")) == list(datagen.examples())


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, 2, None]),
        pa.array(["a", "b", None]),
        pa.array(["a", "b", None]).dictionary_encode(),
        pa.array([True, False, None]),
        pa.array([0, 10**15, None], pa.timestamp("us", tz="UTC")),
        pa.array([0, 19_000, None], pa.date32()),
    ],
)
def test_a_fingerprint_is_of_every_value_and_of_their_order(values: pa.Array) -> None:
    kept = golden.fingerprint(values)
    assert golden.fingerprint(values.take(pa.array([0, 1, 2]))) == kept
    for other in ([1, 0, 2], [0, 2, 1], [0, 0, 2], [0, 1]):
        assert golden.fingerprint(values.take(pa.array(other))) != kept


def test_a_floating_number_may_differ_in_its_last_bits() -> None:
    values = np.random.default_rng(1).normal(size=500)
    kept = {"stream": 1, "faker": "1", "tables": {"t": {"rows": 500, "columns": {}}}}

    def made(x: np.ndarray) -> golden.Json:
        columns = {"x": {"head": golden.fingerprint(pa.array(x)), "tail": None}}
        return {**kept, "tables": {"t": {"rows": 500, "columns": columns}}}

    assert golden.differences(made(np.nextafter(values, 9)), made(values)) == []
    assert golden.differences(made(values * (1 + 1e-7)), made(values)) == ["t.x has other values"]
    one = np.where(np.arange(500) == 7, values + 1, values)
    assert golden.differences(made(one), made(values)) == ["t.x has other values"]


def test_what_differs_is_named() -> None:
    kept = json.loads((golden.FOLDER / "schema.json").read_text())
    found = copy.deepcopy(kept)
    found["tables"]["bike"]["rows"] += 1
    found["tables"]["rental"]["columns"]["started_at"]["tail"] = "0"
    del found["tables"]["rental"]["columns"]["price"]
    assert golden.differences(found, kept) == [
        "bike has 121 rows, not 120",
        "rental.started_at has other values",
        "rental.price has other values",
    ]
    assert golden.differences({**kept, "stream": 99}, kept) == [
        "the stream version is 99, that of what is kept 1"
    ]


def test_another_version_of_faker_is_no_difference() -> None:
    kept = json.loads((golden.FOLDER / "schema.json").read_text())
    found = copy.deepcopy(kept)
    for column in ("name", "kind"):
        found["tables"]["customer"]["columns"][column]["head"] = "0"
    assert golden.differences(found, kept) == [
        "customer.name has other values",
        "customer.kind has other values",
    ]
    assert golden.differences({**found, "faker": "0"}, kept) == ["customer.kind has other values"]


def test_refreshing_is_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    one = {"schema": datagen.examples()["schema"]}
    monkeypatch.setattr(datagen, "examples", lambda: one)
    assert golden.main(["--refresh"]) == 0
    assert golden.main([]) == 0
    kept = tmp_path / "schema.json"
    kept.write_text(kept.read_text().replace('"rows": 120', '"rows": 119'))
    assert golden.main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "schema.json: written",
        "schema.json: the same",
        "schema.json: bike has 120 rows, not 119",
    ]


def test_the_tool_draws_with_pinned_kernels() -> None:
    code = "import sys; import tests.golden; print('numpy' in sys.modules)"
    root = Path(golden.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "False\n"
