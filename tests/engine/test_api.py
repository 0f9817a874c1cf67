from __future__ import annotations

import inspect
import json
import pickle
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from datagen_engine import Cancelled, Count, SchemaError, UsageError
from tests.engine.small import Tree, column, fact, schema, table

EXAMPLES = datagen.examples()
SCALED = 0.002  # tests/engine/conftest.py generates so much of gov_scaled

GOOD = schema(table(rows=50), fact(fanout={"distribution": "uniform", "min": 2, "max": 2}))
BROKEN = schema(
    table(column("a", "int", {"lookup": {"from": "nobody.id"}})),
    table(column("b", "int", {"lokup": {"from": "t.id"}}), id="u"),
)


def test_every_public_name_is_there_and_says_what_it_is() -> None:
    for name in datagen.__all__:
        value = getattr(datagen, name)
        assert value is getattr(datagen, name)
        assert name == "__version__" or inspect.getdoc(value), name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        datagen.nothing  # noqa: B018  # asking is the test


FUNCTIONS = [name for name in datagen.__all__ if inspect.isfunction(getattr(datagen, name))]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("apply", "inverse")])
def test_every_public_function_is_documented(name: str) -> None:
    doc = inspect.getdoc(getattr(datagen, name)) or ""
    first = doc.splitlines()[0]
    assert first.endswith(".")
    assert "Examples" in doc or "Raises" in doc or ">>>" in doc


def test_functions_are_not_hidden_by_modules_of_their_name() -> None:
    """Python sets a package's attribute to the submodule that was imported last."""
    modules = {module.name for module in pkgutil.iter_modules(datagen.__path__)}
    assert modules & set(datagen.__all__) == set()


# -- check, plan ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_have_no_errors(name: str) -> None:
    assert [p for p in datagen.check(EXAMPLES[name]) if p.severity == "error"] == []


def test_all_problems_are_found_at_once() -> None:
    problems = datagen.check(BROKEN)
    errors = {problem.code for problem in problems if problem.severity == "error"}
    assert len(errors) >= 2
    assert any(problem.path[:2] == ("nodes", 0) for problem in problems)
    assert any(problem.path[:2] == ("nodes", 1) for problem in problems)


@pytest.mark.parametrize("ask", [datagen.plan, datagen.counts])
def test_a_schema_with_errors_is_not_planned(ask: Callable[..., Any]) -> None:
    more = {"exact": True} if ask is datagen.counts else {}
    with pytest.raises(SchemaError, match="the schema has errors: error at /nodes/") as told:
        ask(BROKEN, **more)
    assert list(told.value.problems) == datagen.check(BROKEN)
    for unreadable in (b"", b"[]", b"{", b'{"nodes": 5}'):
        with pytest.raises(SchemaError):
            ask(unreadable, **more)


def test_a_schema_that_is_known_to_be_good_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(sys.modules["datagen_engine.checking"], "check_document", refuse)
    assert datagen.plan(GOOD, checked=True).order == ["t", "f"]
    with pytest.raises(SchemaError):
        datagen.plan(b"[]", checked=True)


def test_a_plan_has_the_options_of_the_run() -> None:
    plan = datagen.plan(GOOD, seed=7, scale=2, rows={"t": 11})
    assert (plan.seed, plan.scale, plan.tables["f"].rows) == (7, 2, 22)
    with pytest.raises(UsageError, match="there is no table 'nobody'"):
        datagen.plan(GOOD, rows={"nobody": 5})


# -- preview --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_preview_is_the_head_of_the_run(name: str, example_run: Callable[[str], Path]) -> None:
    folder = example_run(name)
    scale = SCALED if name == "gov_scaled" else 1.0
    manifest = json.loads((folder / "_manifest.json").read_text())
    for table_, entry in manifest["tables"].items():
        head = datagen.preview(EXAMPLES[name], table_, 50, scale=scale)
        written = pq.read_table(folder / entry["files"][0]["path"]).slice(0, 50)
        assert head.num_rows == min(50, entry["rows"])
        assert head.schema.equals(written.schema, check_metadata=False)
        assert head.to_pylist() == written.to_pylist()


def test_a_preview_may_begin_anywhere() -> None:
    plan = datagen.plan(EXAMPLES["schema"])
    rows = plan.tables["rental"].rows
    everything = datagen.preview(plan, "rental", rows)
    assert everything.num_rows == rows
    assert datagen.preview(plan, "rental", 10, start=100).equals(everything.slice(100, 10))
    assert datagen.preview(plan, "rental", 10, start=rows - 3).equals(everything.slice(rows - 3))
    assert datagen.preview(plan, "rental", 10, start=rows + 3).num_rows == 0
    assert datagen.preview(plan, "rental", 0).schema.equals(everything.schema)


def test_a_preview_of_a_huge_table_is_there_at_once() -> None:
    large = {"t": 4 * 10**11}
    assert datagen.preview(GOOD, "t", 3, start=10**11, rows=large)["id"].to_pylist() == [
        10**11 + i for i in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("table_", "options", "says"),
    [
        ("tt", {}, "there is no table 'tt'; did you mean 't'"),
        ("nobody", {}, "there is no table 'nobody'; tables are t, f"),
        ("t", {"n": -1}, "a number of rows is at least 0; found -1"),
        ("t", {"start": -2}, "a number of rows is at least 0; found -2"),
    ],
)
def test_previews_of_what_is_not_there(table_: str, options: dict[str, int], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        datagen.preview(GOOD, table_, **options)  # type: ignore[arg-type]  # by name


# -- generate -------------------------------------------------------------------------------------------------


def test_generating_takes_the_options_of_the_run(tmp_path: Path) -> None:
    told: list[datagen.Progress] = []
    result = datagen.generate(
        GOOD, str(tmp_path / "out"), seed=7, scale=2, rows={"t": 9}, tables=["f"], workers=1,
        compression="lz4", progress=told.append,
    )  # fmt: skip
    manifest = result.manifest
    assert (manifest.seed, manifest.scale, manifest.rows, manifest.compression) == (7, 2, {"t": 9}, "lz4")
    assert {name: entry.rows for name, entry in manifest.tables.items()} == {"f": 18}
    assert (told[-1].done, told[-1].total) == (18, 18)
    assert pq.read_table(tmp_path / "out" / "f.parquet").num_rows == 18
    with pytest.raises(UsageError, match="holds an earlier run"):
        datagen.generate(GOOD, tmp_path / "out")
    datagen.generate(GOOD, tmp_path / "out", overwrite=True)


def test_a_schema_with_errors_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        datagen.generate(BROKEN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(Cancelled, match="stopped before it was finished"):
        datagen.generate(GOOD, tmp_path / "out", cancelled=lambda: True)
    assert not (tmp_path / "out").exists()


def test_the_exact_text_of_the_schema_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(json.dumps(GOOD, indent=7).replace("\n", "\r\n").encode())
    datagen.generate(path, tmp_path / "out")
    assert (tmp_path / "out" / "_schema.json").read_bytes() == path.read_bytes()


# -- counts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_exact_counts_are_those_of_the_run(name: str, example_run: Callable[[str], Path]) -> None:
    scale = SCALED if name == "gov_scaled" else 1.0
    manifest = json.loads((example_run(name) / "_manifest.json").read_text())
    found = datagen.counts(EXAMPLES[name], scale=scale, exact=True)
    assert found == {key: Count(manifest["tables"][key]["rows"], True) for key in found}
    assert sorted(found) == sorted(manifest["tables"])
    for key, count in datagen.counts(EXAMPLES[name], scale=scale).items():
        assert not count.exact or count == found[key]


def test_expected_counts_need_no_schema_without_errors() -> None:
    assert datagen.counts(BROKEN) == {"t": Count(1000, True), "u": Count(1000, True)}
    assert datagen.counts(b"{") == {}
    assert datagen.counts(GOOD, rows={"t": 7}) == {"t": Count(7, True), "f": Count(14, False)}


def test_expected_counts_of_what_explodes_are_numbers() -> None:
    many = {"distribution": "poisson", "lambda": 1e9}
    chain = [fact(id=f"f{i}", parent=f"f{i - 1}" if i else "t", fanout=many) for i in range(40)]
    assert datagen.counts(schema(table(), *chain))["f39"] == Count(10**18, False)


def test_counting_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        datagen.counts(GOOD, exact=True, cancelled=lambda: True)


# -- sample ---------------------------------------------------------------------------------------------------


def test_a_sample_shows_each_stage() -> None:
    price = column(
        "price",
        "int",
        {"choice": {"choices": [10, 20]}},
        {"multiply": {"factor": 2}},
        {"add": {"value": 0.25}},
        nullable=True,
        null_rate=0.5,
    )
    stages = datagen.sample(schema(table(price)), "t", "price", 8)
    assert [stage.stage for stage in stages] == ["generator", "× 2", "+0.25", "type", "null"]
    generated, doubled, added, typed, final = (stage.values for stage in stages)
    assert set(generated) <= {10, 20}
    assert doubled == [2 * value for value in generated]
    assert added == [value + 0.25 for value in doubled]
    assert typed == doubled
    assert None in final
    assert all(value in (None, before) for value, before in zip(final, typed, strict=True))


@pytest.mark.parametrize("name", ["schema", "test_patterns", "valid_schema"])
def test_the_last_stage_of_a_sample_is_what_is_written(name: str) -> None:
    plan = datagen.plan(EXAMPLES[name])
    for table_ in plan.tables:
        drawn = datagen.preview(plan, table_, 20, start=5).to_pydict()
        for key, values in drawn.items():
            assert datagen.sample(plan, table_, key, 20, start=5)[-1].values == values


def test_samples_of_what_is_not_there() -> None:
    for names in (("nobody", "id"), ("t", "nothing")):
        with pytest.raises(UsageError, match="there is no column"):
            datagen.sample(GOOD, *names)


# -- references -----------------------------------------------------------------------------------------------


def test_references_are_found_in_any_object() -> None:
    tree: Tree = {
        "nodes": [
            {
                "id": "t",
                "parents": ["p"],
                "columns": [{"name": "a", "generator": {"lookup": {"from": "p.id"}}}],
            }
        ]
    }
    found = datagen.references(tree)
    assert {(r.kind, r.table, r.column) for r in found} >= {("parent", "p", None), ("lookup", "p", "id")}
    assert datagen.references(b"[]") == []


# -- errors ---------------------------------------------------------------------------------------------------


def test_errors_travel_between_processes() -> None:
    problems = datagen.check(BROKEN)
    for error in (SchemaError(problems), UsageError("no"), Cancelled(), datagen.RunError("full")):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
        assert (type(again), str(again)) == (type(error), str(error))
        assert isinstance(again, datagen.DatagenError)


def test_a_schema_error_tells_how_many_more_there_are() -> None:
    problems = [p for p in datagen.check(BROKEN) if p.severity == "error"]
    assert str(SchemaError(problems)).endswith(f"(and {len(problems) - 1} more)")
    assert "more)" not in str(SchemaError(problems[:1]))
    assert str(SchemaError([])) == "the schema has errors: it could not be read"


def test_a_preview_is_an_arrow_table() -> None:
    assert isinstance(datagen.preview(GOOD, "t"), pa.Table)
