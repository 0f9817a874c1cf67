from __future__ import annotations

import json

import pytest

from datagen_app.document.steps.clipboard import copy, cut, duplicate, paste
from tests.app.document.steps.doing import after, shop, then


def test_tables_go_with_what_holds_of_them_and_come_back_the_same_elsewhere() -> None:
    document = shop()
    document.root["metadata"]["x-layout"] = {"order": [80, 80]}
    text = copy(document, [document.place_of("customer"), document.place_of("order")])
    copied = json.loads(text)
    assert [node["id"] for node in copied["nodes"]] == ["customer", "order"]
    assert copied["constraints"] == {"ranges": [{"attr": "order.total", "min": 1, "max": 99}]}
    other = shop(nodes=[], constraints={})
    pasted = after(other, paste(other, text))
    assert pasted["nodes"] == document.root["nodes"][:2]
    assert pasted["constraints"]["ranges"] == document.root["constraints"]["ranges"]
    assert pasted["metadata"]["x-layout"] == {"order": [128, 128]}


def test_taken_ids_get_new_ones_and_references_inside_follow() -> None:
    document = shop()
    places = [document.place_of("customer"), document.place_of("order")]
    pasted = then(document, paste(document, copy(document, places)))
    assert [table.id for table in pasted.tables] == ["customer", "order", "channel", "customer_2", "order_2"]
    order = pasted.tables[4].value
    assert order["parents"] == ["customer_2"]
    assert order["columns"][1]["generator"] == {"lookup": {"from": "customer_2.customer_id"}}
    assert pasted.root["constraints"]["ranges"][1]["attr"] == "order_2.total"
    alone = then(document, paste(document, copy(document, places[1:])))
    assert alone.tables[3].value["parents"] == ["customer"]


def test_columns_paste_behind_a_column_under_free_names() -> None:
    document = shop()
    text = copy(document, [document.place_of("order", "total"), document.place_of("order", "order_id")])
    pasted = then(document, paste(document, text, document.place_of("order", "order_id")))
    assert [column.name for column in pasted.tables[1].columns] == [
        "order_id",
        "order_id_2",
        "total_2",
        "customer_id",
        "total",
    ]
    with pytest.raises(ValueError, match="Choose the table"):
        paste(document, text)


def test_formulas_between_pasted_columns_follow() -> None:
    columns = [
        {"name": "total", "type": "float", "generator": {"sequence": {}}},
        {"name": "tax", "type": "float", "generator": {"expression": {"code": "total / 5"}}},
    ]
    document = shop()
    pasted = then(document, paste(document, json.dumps(columns), document.place_of("order")))
    assert pasted.tables[1].columns[-1].value["generator"]["expression"]["code"] == "total_2 / 5"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[1, 2]",
        "{}",
        '{"nodes": 3}',
        "[" * 100_000,
        '{"nodes": [{"id": "a", "rows": NaN}]}',
        '"\\ud800"',
    ],
)
def test_what_is_no_part_of_a_schema_is_refused_in_words(text: str) -> None:
    document = shop()
    with pytest.raises(ValueError, match="The clipboard holds no tables or columns."):
        paste(document, text, document.place_of("order"))


@pytest.mark.parametrize("text", ['{"id": "a", "columns": []}', '[{"id": "a"}]', '{"nodes": [{"id": "a"}]}'])
def test_what_a_person_writes_pastes_too(text: str) -> None:
    document = shop()
    assert after(document, paste(document, text))["nodes"][3]["id"] == "a"


def test_cut_takes_away_what_it_copies() -> None:
    document = shop()
    text, step = cut(document, [document.place_of("order", "total")])
    assert json.loads(text)["columns"][0]["name"] == "total"
    assert step.title == "Cut column order.total"
    assert len(after(document, step)["nodes"][1]["columns"]) == 2


def test_columns_of_several_tables_are_duplicated_beside_themselves() -> None:
    document = shop()
    places = [document.place_of("customer", "email"), document.place_of("order", "order_id")]
    twice = then(document, duplicate(document, places))
    assert [column.name for column in twice.tables[0].columns] == ["customer_id", "email", "email_2"]
    assert [column.name for column in twice.tables[1].columns][:2] == ["order_id", "order_id_2"]
    with pytest.raises(ValueError, match="Choose"):
        duplicate(document, [])


def test_nothing_copies_as_nothing() -> None:
    assert copy(shop(), []) == ""
