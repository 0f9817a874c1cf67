from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine import examples, load
from datagen_engine.errors import UsageError
from datagen_engine.schema.path import Json
from datagen_engine.write.manifest import (
    MANIFEST,
    FileEntry,
    Manifest,
    TableEntry,
    schema_hash,
    these_versions,
    this_machine,
)
from tests.engine.schema.documents import TREES

FILES = st.builds(
    FileEntry, st.text(max_size=9), st.integers(0, 10**12), st.integers(0, 10**15), st.text(max_size=9)
)
TABLES = st.builds(TableEntry, st.integers(0, 10**12), st.lists(FILES, max_size=3).map(tuple))
MANIFESTS = st.builds(
    Manifest,
    name=st.text(max_size=9),
    schema_hash=st.text(max_size=9),
    seed=st.integers(),
    scale=st.floats(allow_nan=False),
    rows=st.dictionaries(st.text(max_size=5), st.integers(0, 99), max_size=2),
    compression=st.sampled_from(["zstd", "none"]),
    tables=st.dictionaries(st.text(max_size=9), TABLES, max_size=3),
    versions=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    machine=st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=2), max_size=2),
)


@given(MANIFESTS)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, manifest: Manifest) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    assert Manifest.read(folder) == manifest


def test_the_bytes_of_a_table_are_those_of_its_files() -> None:
    entry = TableEntry(30, (FileEntry("a", 10, 100, ""), FileEntry("b", 20, 250, "")))
    assert entry.bytes == 350


def test_a_folder_without_a_manifest_holds_no_whole_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no whole run: there is no _manifest.json"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        "{}",
        '{"tables": []}',
        '{"tables": {"a": {}}}',
        '{"tables": {}}',
        "[" * 99_999,
        "\ud800",
    ],
)
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(UsageError, match="cannot be read as a manifest"):
        Manifest.read(tmp_path)


def test_versions_and_machine_are_those_in_use() -> None:
    versions = these_versions()
    assert versions["numpy"] == np.__version__
    assert versions["pyarrow"] == pyarrow.__version__
    assert set(versions) == {"datagen", "python", "numpy", "pyarrow", "faker"}
    machine = this_machine()
    assert machine["architecture"]
    assert machine["features"] == sorted(machine["features"])
    assert not any(feature.startswith(("AVX512", "X86_V4")) for feature in machine["features"])
    assert json.loads(json.dumps(machine)) == machine


# -- the hash of what a schema means --------------------------------------------------------------------------


def means_nothing(key: str) -> bool:
    return key in ("comment", "description") or key.startswith("x-")


def remarked(tree: Any) -> Any:
    """Add remarks, and nulls, wherever an object stands; turn the order of keys round."""
    if isinstance(tree, dict):
        turned = {key: remarked(value) for key, value in reversed(tree.items())}
        return {"x-note": [1, {"a": None}], **turned, "comment": "why", "not_given": None}
    return [remarked(item) for item in tree] if isinstance(tree, list) else tree


OWN = ("mapping", "behaviors", "segments", "segment_variation", "age_based_multipliers", "on", "params")


def has_own_keys(tree: Json) -> bool:
    if isinstance(tree, dict):
        return any(key in OWN or has_own_keys(value) for key, value in tree.items())
    return isinstance(tree, list) and any(map(has_own_keys, tree))


@given(TREES.filter(lambda tree: not has_own_keys(tree)))
def test_remarks_nulls_and_the_order_of_keys_mean_nothing(tree: Json) -> None:
    assert schema_hash(remarked(tree)) == schema_hash(tree)


@pytest.mark.parametrize("name", examples())
def test_a_layout_and_another_spelling_are_the_same_schema(name: str) -> None:
    document = load(examples()[name])
    tree = json.loads(json.dumps(document.tree))
    tree["metadata"] = {"name": "other", "x-layout": {"a": [1, 2]}}
    assert schema_hash(remarked_outside_own_keys(tree)) == document.hash
    tree["nodes"][0]["columns"][0]["name"] += "_"
    assert schema_hash(tree) != document.hash


def remarked_outside_own_keys(tree: Any, own: bool = False) -> Any:
    if isinstance(tree, dict):
        more = {} if own else {"comment": "why"}
        return {key: remarked_outside_own_keys(value, key in OWN) for key, value in tree.items()} | more
    return [remarked_outside_own_keys(item) for item in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {"a": True}),
        ({"a": 0.5}, {"a": 0.25}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [None]}, {"a": []}),
        ({"mapping": {"comment": "x"}}, {"mapping": {}}),
        ({"mapping": {"a": None}}, {"mapping": {}}),
        ({"on": {"x-a": "b"}}, {"on": {}}),
        ({"nodes": [{"metadata": 1}]}, {"nodes": [{"metadata": 2}]}),
    ],
)
def test_what_means_something_changes_the_hash(one: Json, other: Json) -> None:
    assert schema_hash(one) != schema_hash(other)


def test_a_whole_number_is_one_number_however_it_is_spelled() -> None:
    assert schema_hash({"a": 2}) == schema_hash({"a": 2.0}) == schema_hash(json.loads('{"a": 2e0}'))
    assert schema_hash({"a": 1e300}) == schema_hash({"a": 1e300})
