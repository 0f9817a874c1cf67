from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.inspector.facts import Fact, Knowledge, Link, Sheet, sheet
from tests.app.conftest import SHOP
from tests.app.document.test_document import json_values


@pytest.fixture
def shop() -> Document:
    return Document(Path("shop.json"), copy.deepcopy(SHOP))


@pytest.fixture
def known(shop: Document) -> Knowledge:
    warning = Problem("warning", "c", "the mean is far from the middle", ("nodes", 1, "columns", 2))
    link = Link(shop.place_of("customer", "customer_id"), shop.place_of("order", "customer_id"), "parent")
    counts = {"customer": (100, True), "order": (501, True), "channel": (4, True)}
    return Knowledge(counts, [link], [(shop.place_of("order", "total"), warning)])


def facts(found: Sheet, title: str) -> list[tuple[str, str]]:
    return [
        (fact.label, fact.text)
        for section in found.sections
        if section.title == title
        for fact in section.facts
    ]


def test_the_schema_as_a_whole(shop: Document, known: Knowledge) -> None:
    found = sheet(shop, Place(), known)
    assert (found.title, found.subtitle, found.comment) == ("Small shop", "shop.json", "Three tables.")
    assert facts(found, "Size") == [("Tables", "3"), ("Columns", "6"), ("References", "1"), ("Rows", "605")]
    assert facts(found, "Constraints") == [("Range", "1")]
    assert facts(found, "Targets") == [("mean in range", "order.total 20 … 40")]
    assert facts(found, "Problems") == [("", "the mean is far from the middle")]


def test_a_table(shop: Document, known: Knowledge) -> None:
    found = sheet(shop, shop.place_of("order"), known)
    assert (found.title, found.subtitle, found.kind) == ("order", "fact · 501 rows", "fact")
    assert facts(found, "Rows come from") == [
        ("Parent", "customer"),
        ("", "Each row of customer gets poisson (λ 5) rows, from 0 to 20."),
    ]
    assert facts(found, "Draws from") == [("parent", "customer.customer_id")]
    assert facts(found, "Constraints") == [("Range", "total 1 … 99")]


def test_a_column(shop: Document, known: Knowledge) -> None:
    found = sheet(shop, shop.place_of("order", "total"), known)
    assert (found.title, found.subtitle) == ("total", "column of order")
    assert facts(found, "Column") == [("Table", "order"), ("Type", "float"), ("Nulls", "never")]
    assert facts(found, "Modifiers, in order") == [("jitter", "× (1 + N(0, 0.1))")]
    assert ("Clamp", "1 … 99") in facts(found, "Generator")
    assert facts(found, "Problems") == [("", "the mean is far from the middle")]


def test_what_a_column_feeds_leads_there(shop: Document, known: Knowledge) -> None:
    found = sheet(shop, shop.place_of("customer", "customer_id"), known)
    (section,) = (section for section in found.sections if section.title == "Feeds")
    assert section.facts == (Fact("parent", "order.customer_id", shop.place_of("order", "customer_id")),)


def test_problems_of_others_are_not_shown(shop: Document, known: Knowledge) -> None:
    assert facts(sheet(shop, shop.place_of("order", "order_id"), known), "Problems") == []
    assert facts(sheet(shop, shop.place_of("order"), known), "Problems") != []


def test_a_place_that_is_gone_shows_the_schema(shop: Document, known: Knowledge) -> None:
    assert sheet(shop, Place(12_345), known).title == "Small shop"


def test_long_lists_are_cut_and_counted(shop: Document) -> None:
    problems = [(Place(), Problem("error", "c", f"problem {n}", ())) for n in range(100)]
    found = sheet(shop, Place(), Knowledge(problems=problems))
    assert facts(found, "Problems")[-1] == ("", "and 60 more")


keys = st.sampled_from(
    [
        *(
            "pk",
            "parents",
            "fanout",
            "modifiers",
            "rows",
            "segment_behavior",
            "vintage_behavior",
            "stage_config",
        ),
        *("generator", "constraints", "nullable", "null_rate", "type", "comment", "description"),
    ]
)
sections = st.sampled_from(
    ["unique", "foreign_keys", "ranges", "inequalities", "pattern", "enum", "mean_in_range", "weekend_share"]
)
entries = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["attr", "from", "to", "left", "right", "op", "min", "max", "table", "column", "regex"]
        ),
        json_values | st.just("a.b"),
    )
    | json_values,
    max_size=3,
)


@given(
    node=st.dictionaries(keys, json_values),
    column=st.dictionaries(keys, json_values),
    constraints=st.dictionaries(sections, entries | json_values),
    targets=st.dictionaries(sections, entries | json_values),
    metadata=json_values,
    timeframe=json_values,
)
def test_anything_has_a_sheet(
    node: dict[str, Any],
    column: dict[str, Any],
    constraints: dict[str, Any],
    targets: dict[str, Any],
    metadata: Any,
    timeframe: Any,
) -> None:
    table = {**node, "id": "a", "columns": [{**column, "name": "b"}]}
    document = Document(
        Path("x.json"),
        {
            "nodes": [table],
            "constraints": constraints,
            "targets": targets,
            "metadata": metadata,
            "timeframe": timeframe,
        },
    )
    for place in (Place(), document.place_of("a"), document.place_of("a", "b")):
        found = sheet(document, place, Knowledge())
        assert found.title
        assert all(isinstance(fact.text, str) for section in found.sections for fact in section.facts)
