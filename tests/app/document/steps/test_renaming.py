from __future__ import annotations

import pytest

from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.steps.naming import free_name, refused_column, refused_table
from datagen_app.document.steps.renaming import rename
from tests.app.document.steps.doing import after, shop


def wide() -> Document:
    document = shop(dag=[["customer", "channel"], ["order"]])
    order = document.root["nodes"][1]
    order["columns"].append(
        {"name": "tax", "type": "float", "generator": {"expression": {"code": "total * 0.2 + total"}}}
    )
    document.root["metadata"]["x-layout"] = {"customer": [0, 0]}
    return document


def test_a_table_is_renamed_with_every_reference() -> None:
    document = wide()
    tree = after(document, rename(document, document.place_of("customer"), "client"))
    assert "customer_id" in str(tree)
    assert "customer.'" not in str(tree)
    assert tree["nodes"][1]["parents"] == ["client"]
    assert tree["nodes"][1]["columns"][1]["generator"] == {"lookup": {"from": "client.customer_id"}}
    assert tree["metadata"]["x-layout"] == {"client": [0, 0]}
    assert tree["dag"][0] == ["client", "channel"]


def test_a_column_is_renamed_in_formulas_constraints_and_targets_too() -> None:
    document = wide()
    tree = after(document, rename(document, document.place_of("order", "total"), "sum"))
    assert tree["nodes"][1]["columns"][3]["generator"]["expression"]["code"] == "sum * 0.2 + sum"
    assert tree["constraints"]["ranges"][0]["attr"] == "order.sum"
    assert tree["targets"]["mean_in_range"]["column"] == "sum"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Order", "There already is a table “order”."),
        ("", "A table needs a name."),
        ("a.b", "no dot"),
        ("a/b", "letters, digits"),
        ("con", "Windows"),
    ],
)
def test_a_table_s_name_is_refused_in_words(name: str, why: str) -> None:
    document = shop()
    with pytest.raises(ValueError, match=why):
        rename(document, document.place_of("customer"), name)
    assert why in refused_table(document, name)


def test_a_column_s_name_is_refused_in_words() -> None:
    document = shop()
    with pytest.raises(ValueError, match="order already has a column “total”."):
        rename(document, document.place_of("order", "order_id"), "total")
    for name in ("", " a", "a/b"):
        assert refused_column(document.tables[0], name)
    assert refused_column(document.tables[0], "Email") == ""


def test_the_same_name_is_no_step_and_other_capitals_are_one() -> None:
    document = shop()
    assert not rename(document, document.place_of("customer"), "customer")
    assert (
        after(document, rename(document, document.place_of("customer"), "Customer"))["nodes"][0]["id"]
        == "Customer"
    )


def test_what_has_no_name_or_one_that_is_another_s_is_named_alone() -> None:
    document = shop(nodes=[{"kind": "fact"}, {"id": "a"}, {"id": "a", "parents": ["a"]}])
    first, _, third = (Place(table.key) for table in document.tables)
    assert after(document, rename(document, first, "x"))["nodes"][0] == {"kind": "fact", "id": "x"}
    assert after(document, rename(document, third, "b"))["nodes"][2] == {"id": "b", "parents": ["a"]}
    with pytest.raises(LookupError):
        rename(document, Place(), "x")


def test_a_free_name_counts_on() -> None:
    assert free_name("a", []) == "a"
    assert free_name("a_2", ["a_2"]) == "a_3"
