from __future__ import annotations

import ast
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datagen_engine import examples, load
from datagen_engine.cli import run
from datagen_engine.handing_over.clean import clean_json
from datagen_engine.handing_over.dbt import dbt_schema
from datagen_engine.handing_over.dictionary import dictionary_html, dictionary_markdown
from datagen_engine.handing_over.forms import Handed, hand_over
from datagen_engine.handing_over.snippets import snippet

EXAMPLES = sorted(examples())
EVIL: dict[str, Any] = {
    "metadata": {"name": "<script>alert(1)</script>"},
    "nodes": [
        {
            "id": 'a"; DROP TABLE b; --',
            "description": "| a pipe\nand a line",
            "pk": "id",
            "columns": [
                {"name": "id", "type": "int", "description": "`code` <b>bold</b>: yes\n- no", "generator": {}}
            ],
        }
    ],
}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("as_", list(Handed))
def test_every_example_is_handed_over(name: str, as_: Handed) -> None:
    tree = load(examples()[name]).tree
    text = hand_over(tree, as_.value)
    assert text.endswith("\n")
    if as_ in (Handed.dictionary, Handed.page, Handed.dbt, Handed.sql):
        for node in tree["nodes"]:
            assert node["id"] in text.replace("\\_", "_")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_statements_make_the_tables(name: str) -> None:
    tree = load(examples()[name]).tree
    connection = duckdb.connect()
    names = [node["id"] for node in tree["nodes"]]
    order = [table for level in tree["dag"] for table in level] if tree.get("dag") else names
    connection.execute(snippet("sql", "", dict.fromkeys(order, ""), tree))
    made = connection.sql("SELECT table_name FROM information_schema.tables").to_arrow_table()
    assert set(made.column(0).to_pylist()) == set(names)
    connection.close()


@pytest.mark.parametrize("tool", ["pandas", "polars", "spark"])
def test_python_is_python_whatever_a_table_is_called(tool: Any) -> None:
    tables = {name: f"{name}.parquet" for name in ("order", "class", "2024 sales", 'a"b', "{x}")}
    ast.parse(snippet(tool, 'C:\\data\n"x"', tables, {}))


def test_a_name_never_ends_its_quotes() -> None:
    text = snippet("sql", "", {EVIL["nodes"][0]["id"]: ""}, EVIL)
    assert 'CREATE TABLE "a""; DROP TABLE b; --"' in text
    assert len(duckdb.connect().extract_statements(text)) == 1
    view = snippet("duckdb", "/it's here", {"t": "t/"}, {})
    assert "'/it''s here/t/*.parquet'" in view


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


def test_what_a_schema_says_is_text_in_every_form() -> None:
    tags = Tags()
    tags.feed(dictionary_html(EVIL))
    assert not tags.tags & {"script", "b"}
    markdown = dictionary_markdown(EVIL)
    assert "<script>" not in markdown
    (row,) = [line for line in markdown.splitlines() if line.startswith("| id")]
    assert row.replace("\\|", "").count("|") == 6
    described = next(line for line in dbt_schema(EVIL).splitlines() if "name:" in line)
    assert json.loads(described.partition("name: ")[2]) == EVIL["nodes"][0]["id"]


def test_dbt_asks_for_what_the_constraints_ask() -> None:
    text = dbt_schema(load(examples()["ecomm"]).tree)
    assert "relationships:" in text
    assert 'to: "ref(\\"country\\")"' in text
    assert 'values: ["app", "web", "marketplace", "phone"]' in text


def test_a_clean_schema_means_the_same(tmp_path: Path) -> None:
    tree = load(examples()["schema"]).tree
    marked = {**tree, "metadata": {**tree["metadata"], "x-layout": {"a": 1}}, "x-tool": 1}
    path = tmp_path / "clean.json"
    path.write_text(clean_json(marked))
    assert "x-" not in path.read_text()
    assert load(path).hash == load(examples()["schema"]).hash


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema, out = str(examples()["schema"]), tmp_path / "schema.yml"
    assert run(["export", schema, "--as", "dbt", "-o", str(out)]) == 0
    assert out.read_text().startswith("version: 2")
    assert run(["export", schema, "--as", "dbt", "-o", str(out)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert run(["export", schema]) == 0
    assert capsys.readouterr().out.startswith("# ")
    (tmp_path / "no.json").write_text("{")
    assert run(["export", str(tmp_path / "no.json")]) == 1
