from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine import examples
from datagen_engine.cli import run
from datagen_engine.errors import UsageError
from datagen_engine.run.profile import RunProfile, profile_of
from datagen_engine.write.manifest import Manifest


def with_profiles(folder: Path, **profiles: Any) -> Path:
    tree = json.loads(examples()["schema"].read_text(encoding="utf-8"))
    tree["metadata"]["x-profiles"] = profiles
    path = folder / "bikes.json"
    path.write_text(json.dumps(tree))
    return path


profiles = st.builds(
    RunProfile,
    seed=st.integers(0, 2**31),
    scale=st.floats(0.001, 1000),
    rows=st.dictionaries(st.text(max_size=5), st.integers(0, 10**9), max_size=3),
    tables=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    format=st.sampled_from(["parquet", "csv"]),
    compression=st.sampled_from(["", "zstd"]),
    folder=st.text(max_size=5),
)


@given(profiles)
def test_a_profile_survives_json(profile: RunProfile) -> None:
    assert RunProfile.from_json(json.loads(json.dumps(profile.to_json()))) == profile


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "expected an object"),
        ({"sede": 1}, "did you mean seed?"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"scale": 0}, "above 0"),
        ({"scale": "2"}, "above 0"),
        ({"rows": [1]}, "by table"),
        ({"rows": {"a": -1}}, "less than 0"),
        ({"tables": "a"}, "list of names"),
        ({"format": 3}, "text"),
    ],
)
def test_what_is_no_profile_is_said_with_its_place(said: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        RunProfile.from_json(said, "ci")
    assert "/metadata/x-profiles/ci" in str(error.value)


def test_remarks_and_nulls_are_passed_over() -> None:
    assert RunProfile.from_json({"comment": "nightly", "x-owner": 1, "seed": None}) == RunProfile()


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UsageError, match="there are ci, full"):
        profile_of({"metadata": {"x-profiles": {"ci": {}, "full": {}}}}, "small")
    with pytest.raises(UsageError, match="has none"):
        profile_of({}, "small")


def test_generate_takes_a_profile_and_what_is_given_goes_first(tmp_path: Path) -> None:
    schema = with_profiles(
        tmp_path, ci={"seed": 7, "scale": 0.1, "rows": {"customer": 20}, "tables": ["customer"]}
    )
    folder = tmp_path / "out"
    assert run(["generate", str(schema), "--profile", "ci", "-o", str(folder), "--progress", "none"]) == 0
    made = Manifest.read(folder)
    assert (made.seed, made.scale) == (7, 0.1)
    assert {table: entry.rows for table, entry in made.tables.items()} == {"customer": 20}
    other = tmp_path / "other"
    arguments = [
        "--profile",
        "ci",
        "-o",
        str(other),
        "--seed",
        "42",
        "--rows",
        "customer=30",
        "--progress",
        "none",
    ]
    assert run(["generate", str(schema), *arguments]) == 0
    made = Manifest.read(other)
    assert (made.seed, made.scale, made.tables["customer"].rows) == (42, 0.1, 30)


def test_the_folder_is_asked_for_unless_the_profile_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = with_profiles(
        tmp_path, here={"folder": str(tmp_path / "mine"), "scale": 0.1}, odd={"format": "xlsx"}
    )
    assert run(["generate", str(schema), "--profile", "here", "--progress", "none"]) == 0
    assert (tmp_path / "mine" / "_manifest.json").is_file()
    assert run(["generate", str(schema)]) == 2
    assert "--output" in capsys.readouterr().err
    assert run(["generate", str(schema), "--profile", "odd", "-o", str(tmp_path / "x")]) == 2
    assert "no format 'xlsx'" in capsys.readouterr().err
