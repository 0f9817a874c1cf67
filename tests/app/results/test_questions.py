from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datagen_app.results.copying import FORMS, written
from datagen_app.results.filters import FilterError
from datagen_engine.errors import UsageError
from tests.app.results.conftest import Asker


def test_what_there_is(ask: Asker) -> None:
    answer = ask("open")
    assert [table["name"] for table in answer["tables"]][:2] == ["bike_model", "festival"]
    assert {table["name"]: table["rows"] for table in answer["tables"]}["rental"] == 4210
    assert ["bike", "model", "bike_model", "name"] in answer["keys"]
    assert answer["whole"]
    assert not answer["missing"]


def test_a_file_that_is_gone_or_damaged_is_told_and_the_others_are_there(run: Path) -> None:
    (run / "bike.parquet").unlink()
    (run / "rental.parquet").write_bytes(b"no longer what it was")
    ask = Asker(run)
    answer = ask("open")
    assert answer["missing"] == ["bike.parquet"]
    troubles = {table["name"]: table["trouble"] for table in answer["tables"]}
    assert "cannot be read" in troubles.pop("rental")
    assert not any(troubles.values())
    ask.reader.close()


def test_of_a_run_whose_folder_is_gone_what_was_kept_is_there(run: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    record.mkdir()
    (run / "_manifest.json").rename(record / "manifest.json")
    ask = Asker(tmp_path / "gone", record)
    assert not ask("open")["there"]
    ask.reader.close()
    with pytest.raises(UsageError, match="not there any more"):
        Asker(tmp_path / "gone")


def test_a_key_leads_to_its_parent_and_back_to_the_children(ask: Asker) -> None:
    rentals = ask.view("rental")["view"]
    columns = [name for name, _, _ in ask.view("rental")["columns"]]
    value = ask.rows(rentals)[17][columns.index("bike_id")]
    found = ask("parent", view=rentals, row=17, column="bike_id")
    assert found["table"] == "bike"
    bikes = ask.view("bike")["view"]
    assert ask.rows(bikes, found["number"], 1)[0][0] == value
    (child,) = (
        c for c in ask("children", view=bikes, row=found["number"])["children"] if c["table"] == "rental"
    )
    shown = ask.view("rental", filters=[child["filter"]])
    assert shown["count"] == child["rows"] > 0


def test_what_is_no_key_is_said(ask: Asker) -> None:
    view = ask.view("rental")["view"]
    with pytest.raises(UsageError, match="refers to no other table"):
        ask("parent", view=view, row=0, column="rental_id")


def test_a_wrong_value_is_said(ask: Asker) -> None:
    with pytest.raises(FilterError):
        ask.view("rental", filters=[{"column": "rental_id", "operator": "is", "value": "x"}])


def test_export_is_the_filtered_view(ask: Asker, tmp_path: Path) -> None:
    filters = [{"column": "rental_id", "operator": "≤", "value": "10"}]
    view = ask.view("rental", filters=filters, order="rental_id", descending=True)["view"]
    for name in ("a.csv", "a.parquet"):
        answer = ask("export", view=view, path=str(tmp_path / name), columns=["rental_id", "bike_id"])
        assert answer["rows"] == 10
    assert pq.read_table(tmp_path / "a.parquet").column("rental_id").to_pylist() == list(range(10, 0, -1))
    assert (tmp_path / "a.csv").read_text().splitlines()[1].startswith("10,")
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "a.parquet"}


def test_an_export_never_touches_the_run(ask: Asker, made: Path, tmp_path: Path) -> None:
    view = ask.view("bike")["view"]
    with pytest.raises(UsageError, match="a file of this run"):
        ask("export", view=view, path=str(made / "bike.parquet"), columns=["bike_id"])
    with pytest.raises(UsageError, match="ends on"):
        ask("export", view=view, path=str(tmp_path / "a.xlsx"), columns=["bike_id"])
    with pytest.raises(UsageError, match="could not be written"):
        ask("export", view=view, path=str(tmp_path / "no" / "a.csv"), columns=["bike_id"])


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_copied(ask: Asker, form: str) -> None:
    view = ask.view("bike")["view"]
    answer = ask("copy", view=view, start=2, count=3, columns=["bike_id"], form=form)
    assert answer["rows"] == 3
    assert "3" in answer["text"]


def test_copied_json_reads_back() -> None:
    table = pa.table({"a": [1, None], "b": ["x|y", 'say "hi"\n']})
    assert json.loads(written(table, "json", "t")) == table.to_pylist()
    assert written(table, "markdown", "t").count("\n") == 4
    assert "'say \"hi\"\n'" in written(table, "insert", "t")
    assert len(written(table, "text", "t").splitlines()) == 3


def test_too_much_to_copy_is_said(ask: Asker) -> None:
    view = ask.view("rental")["view"]
    with pytest.raises(UsageError, match="export them"):
        ask("copy", view=view, start=0, count=200_000, columns=["rental_id"], form="csv")


def test_statistics_of_every_kind(ask: Asker) -> None:
    view = ask.view("rental")
    for name, kind, _ in view["columns"]:
        told = ask("statistics", view=view["view"], column=name)
        assert told["kind"] == kind
        assert told["rows"] == 4210
        for plot in told["plots"]:
            if plot["form"] == "bars":
                assert len(plot["labels"]) == len(plot["shares"])
                assert sum(plot["shares"]) <= 1.000001


def test_statistics_are_of_the_filtered_rows(ask: Asker) -> None:
    filters = [{"column": "rental_id", "operator": "between", "value": "5", "other": "14"}]
    view = ask.view("rental", filters=filters)["view"]
    told = ask("statistics", view=view, column="rental_id")
    assert (told["rows"], told["distinct"]) == (10, 10)
    assert dict(told["figures"])["max"] == "14"


def test_a_value_is_explained(ask: Asker, made: Path) -> None:
    trace = ask("explain", table="rental", row=100, column="bike_id")["trace"]
    value = pq.read_table(made / "rental.parquet").column("bike_id")[100].as_py()
    assert trace["value"] == value
    assert isinstance(trace["stages"][0]["path"], list)


@pytest.mark.parametrize("tool", ["pandas", "polars", "duckdb", "spark", "sql", "dictionary", "page", "dbt"])
def test_a_snippet_for_each_tool(ask: Asker, tool: str) -> None:
    assert "rental" in ask("snippet", tool=tool)["text"]


def test_the_pandas_snippet_runs(ask: Asker) -> None:
    names: dict[str, object] = {}
    exec(ask("snippet", tool="pandas")["text"], names)  # noqa: S102 - our own text, and that it runs is asked
    assert len(names["rental"]) == 4210  # type: ignore[arg-type]  # a frame


def test_the_statements_of_duckdb_and_sql_run(ask: Asker) -> None:
    import duckdb

    connection = duckdb.connect()
    connection.execute(ask("snippet", tool="duckdb")["text"])
    assert connection.sql("SELECT count(*) AS n FROM rental").to_arrow_table().to_pylist() == [{"n": 4210}]
    connection.close()
    connection = duckdb.connect()
    connection.execute(ask("snippet", tool="sql")["text"])
    connection.close()
