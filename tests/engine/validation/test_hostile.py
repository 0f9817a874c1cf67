"""Schemas by anyone: nothing in them runs, opens a file, or keeps the checks from coming to an end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from tests.engine.small import column, fact, schema, table
from tests.engine.validation.damage import failing, solid

TEXT = {"choice": {"choices": ["a", "b"]}}
SLOW = ["(a+)+$", "(a|aa)*b", "(.*)*(.*)*(.*)*x", "(?:a?){60}a{60}", "([a-z]+)*[0-9]", "(x+x+)+y"]
"""Patterns over which an engine that tries every way takes longer than the world has."""


@pytest.mark.parametrize("pattern", SLOW)
def test_no_pattern_takes_long(pattern: str, tmp_path: Path) -> None:
    tree = schema(
        table(column("word", "string", TEXT), rows=4),
        constraints={"pattern": [{"attr": "t.word", "regex": pattern}]},
    )
    words = pa.array(["a" * 50_000 + "!", "x" * 50_000, "", "y"])
    pq.write_table(
        pa.table({"id": pa.array([1, 2, 3, 4], pa.int64()), "word": words}), tmp_path / "t.parquet"
    )

    started = time.process_time()
    record = solid(tree, tmp_path)["pattern:t.word"]

    assert record.status in ("pass", "fail")
    assert time.process_time() - started < 20


@pytest.mark.parametrize("pattern", ["(?=x)", "(a)\\1", "[", "a)(b", "a{2000}", "\\p{Nowhere}"])
def test_a_pattern_that_is_none_is_a_problem_of_the_schema_or_an_error_of_its_check(
    pattern: str, tmp_path: Path
) -> None:
    tree = schema(
        table(column("word", "string", TEXT), rows=1),
        constraints={"pattern": [{"attr": "t.word", "regex": pattern}]},
    )
    pq.write_table(pa.table({"id": pa.array([1], pa.int64()), "word": ["a"]}), tmp_path / "t.parquet")

    try:
        records = solid(tree, tmp_path)
    except datagen.SchemaError as error:
        assert [p for p in error.problems if p.path[:2] == ("constraints", "pattern")]
    else:
        assert records["pattern:t.word"].status == "error"
        assert not failing(records)


@pytest.mark.parametrize("id", ["../outside", "/etc/passwd", "a/b", "..", "nul\x00l", "c:\\x", "~root"])
def test_no_name_of_a_table_leads_out_of_the_folder(id: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table({"id": pa.array([1], pa.int64())}), tmp_path / "outside.parquet")

    with pytest.raises(datagen.SchemaError):
        datagen.validate(schema(table(id=id, rows=1)), tmp_path / "data")


@pytest.mark.parametrize(
    "code",
    [
        "__import__('os').system('touch pwned')",
        "open('pwned', 'w')",
        "(lambda: 1)()",
        "id.__class__",
        "[x for x in id]",
        "id ** 1e9 ** 9",
        "'a' * 10 ** 10",
    ],
)
def test_no_rule_runs_code(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.table({"id": pa.array([1], pa.int64())}), tmp_path / "t.parquet")

    with pytest.raises(datagen.SchemaError):
        datagen.validate(schema(table(rows=1, rules=[{"expression": code}])), tmp_path)

    assert not (tmp_path / "pwned").exists()


def test_names_that_are_code_elsewhere_are_names(tmp_path: Path) -> None:
    """Keys are compared by a database above a million rows: no name of a column reaches it as SQL."""
    odd = ['a"; DROP TABLE data; --', "a'b", "select", "[x](y)", "<b>", "k0", "{0}", "%s", "ü"]
    columns = [column(name, "int", {"sequence": {}}) for name in odd]
    tree = schema(
        table(*columns, rows=3), constraints={"unique": [[f"t.{name}" for name in odd if "." not in name]]}
    )
    data: dict[str, Any] = {name: pa.array([1, 2, 2], pa.int64()) for name in odd}
    pq.write_table(pa.table({"id": pa.array([1, 2, 3], pa.int64()), **data}), tmp_path / "t.parquet")

    try:
        records = solid(tree, tmp_path)
    except datagen.SchemaError as error:
        assert all(problem.message for problem in error.problems)
    else:
        assert [id for id in failing(records) if id.startswith("unique:")]


def test_a_huge_promise_is_not_kept_in_memory(tmp_path: Path) -> None:
    """The schema promises more rows than any machine holds; the data has three."""
    tree = schema(
        table(rows=10**12, id="parent"),
        fact(
            column("parent_id", "int", {"lookup": {"from": "parent.id"}}), id="child", parent="parent",
            fanout={"distribution": "uniform", "min": 0, "max": 10**9},
        ),
    )  # fmt: skip
    pq.write_table(pa.table({"id": pa.array([1, 2, 3], pa.int64())}), tmp_path / "parent.parquet")
    keys = {"id": pa.array([1], pa.int64()), "parent_id": pa.array([3], pa.int64())}
    pq.write_table(pa.table(keys), tmp_path / "child.parquet")

    started = time.process_time()
    try:
        report = datagen.validate(tree, tmp_path)
    except datagen.SchemaError as error:
        assert error.problems
    else:
        assert "row_count:parent" in {one.id for one in report.failures}
    assert time.process_time() - started < 30
