"""The report: as JSON by its published schema, as CSV, Markdown and HTML, with nothing in the data able to act."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import datagen_engine as datagen
from datagen_engine.validation.record import CheckRecord, Plot
from datagen_engine.validation.report import Report, Subject
from datagen_engine.validation.report_schema import report_schema
from tests.engine.validation.damage import copy_of, put

EVIL = "<script>alert(1)</script>\"' onload=x =cmd|calc! \x1b[31m [a](javascript:alert(1)) `|*_ ‮"


@pytest.fixture(scope="module")
def damaged(
    example_run: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Report]:
    """Judge an example whose data was damaged: `damaged(name)`."""

    def judged(name: str) -> Report:
        folder = copy_of(example_run("schema"), tmp_path_factory.mktemp("damaged"))
        put(folder, "customer", "name", {3: None})
        put(folder, "rental", "customer_id", {5: 10_000})
        put(folder, "bike", "code", {1: EVIL})
        (folder / "festival.parquet").unlink()
        return datagen.validate(datagen.examples()[name], folder)

    return judged


def evil() -> Report:
    plot = Plot("bars", (EVIL, "b"), (1.0, None), (2.0, 3.0), EVIL, EVIL)
    record = CheckRecord(
        f"null:{EVIL}", "structural", "null", EVIL, (EVIL,), "fail", EVIL, ("nodes", EVIL), observed=EVIL,
        expected={EVIL: EVIL}, tolerance=EVIL, rows_checked=2, rows_failed=1, examples=({EVIL: EVIL},),
        plot=plot, details={"strata": [{"group": EVIL, "observed": 1.0, "expected": EVIL}], EVIL: EVIL}, title=EVIL,
    )  # fmt: skip
    return Report.of(Subject(EVIL, EVIL, EVIL, {EVIL: 2}, note=EVIL), [record])


def test_the_json_is_what_its_schema_says(damaged: Callable[[str], Report]) -> None:
    described = report_schema()
    jsonschema.Draft202012Validator.check_schema(described)

    for report in (damaged("schema"), evil(), Report.of(Subject("s", "", "f", {}), [])):
        jsonschema.validate(json.loads(report.json()), described)


def test_a_report_comes_back_from_json(damaged: Callable[[str], Report]) -> None:
    report = damaged("schema")

    again = Report.from_json(json.loads(report.json()))

    assert again.json() == report.json()
    assert [one.id for one in again.failures] == [one.id for one in report.failures]


@pytest.mark.parametrize(
    "tree", [{}, {"version": 99}, {"version": 1}, {"version": 1, "summary": 3, "checks": []}]
)
def test_what_is_no_report_is_refused(tree: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no report"):
        Report.from_json(tree)


def test_ids_and_paths_hold(damaged: Callable[[str], Report]) -> None:
    report, tree = damaged("schema"), datagen.load(datagen.examples()["schema"]).tree

    assert len({one.id for one in report.checks}) == len(report.checks)
    for one in report.checks:
        here: Any = tree
        for step in one.path:
            if isinstance(here, dict) and step not in here:
                break  # a default that the schema leaves out
            here = here[step]
        assert one.status != "fail" or one.message.endswith(".")
        assert len(one.examples) <= 5


def test_scores_of_tables_and_categories_are_there(damaged: Callable[[str], Report]) -> None:
    summary = damaged("schema").summary

    assert summary.tables["festival"].counts["fail"] == 1
    assert summary.subject.rows["festival"] is None
    assert summary.tables["bike_model"].integrity == 100
    assert summary.categories["structural"].quality_score == summary.categories["structural"].integrity
    assert summary.categories["behavioural"].integrity is None
    assert not damaged("schema").reaches(0)


def test_csv_has_a_line_a_check_and_runs_no_formula(damaged: Callable[[str], Report]) -> None:
    report = damaged("schema")

    lines = list(csv.DictReader(io.StringIO(report.csv())))

    assert [line["id"] for line in lines] == [one.id for one in report.checks]
    hostile = Report.of(
        Subject("s", "", "f", {}), [CheckRecord("=1+1", "value", "rule", "+t", (), "fail", "@x")]
    )
    (line,) = csv.DictReader(io.StringIO(hostile.csv()))
    assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for cell in line.values())


def test_markdown_shows_text_as_text() -> None:
    text = evil().markdown()

    assert not re.search(r"(?<!\\)<", text)
    assert "\x1b" not in text
    assert not re.search(r"(?<!\\)\[a(?<!\\)\]\(", text)
    assert all(line.count(" | ") in (0, 6) for line in text.splitlines() if line.startswith("|"))


class Page(HTMLParser):
    """Collect what a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_needs_nothing_else_and_runs_nothing_of_the_data() -> None:
    page = Page(evil().html())

    assert [tag for tag, _ in page.tags].count("script") == 1
    policies = [a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv")]
    assert len(policies) == 1
    assert str(policies[0]).startswith("default-src 'none'")
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert str(attributes.get("href", "#")).startswith("#")
        assert "style" not in attributes
    assert any(EVIL[:20] in text for text in page.text)


def test_every_drawing_of_the_page_has_words(damaged: Callable[[str], Report]) -> None:
    report = damaged("schema")
    page = Page(report.html())
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}

    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]

    assert len(drawings) > 20
    named = 0
    for one in drawings:
        by = one.get("aria-labelledby")
        assert by in ids or one.get("aria-label") or one.get("aria-hidden") == "true" or "role" not in one
        named += by is not None
    assert named == sum(one.plot is not None for one in report.checks)
    assert sum(tag == "details" for tag, _ in page.tags) >= named  # the figures as a table


def test_the_page_shows_the_run_and_the_rows_that_fail(damaged: Callable[[str], Report]) -> None:
    words = " ".join(Page(damaged("schema").html()).text)

    assert "Harbour Bikes" in words
    assert "seed 42" in words
    assert "rental.customer_id does not occur in customer.customer_id in 1 of 4,210 rows." in words
    assert "10000" in words
    assert "The table festival is missing" in words
