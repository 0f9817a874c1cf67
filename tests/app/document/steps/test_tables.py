from __future__ import annotations

import pytest

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.steps.tables import (
    TableKind,
    add_child,
    add_table,
    link_child,
    move_table,
    set_kind,
)
from tests.app.document.steps.doing import after, key, shop, then

KINDS: list[TableKind] = ["entity", "fact", "vocab"]


def errors(document: Document) -> list[str]:
    assert isinstance(document.tree, dict)
    return [str(problem) for problem in datagen.check(document.tree) if problem.severity == "error"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_table_can_be_drawn_as_it_is(kind: TableKind) -> None:
    document = then(shop(nodes=[], constraints={}, targets={}), add_table(shop(nodes=[]), kind, (3, 5)))
    assert errors(document) == []
    assert document.tables[0].kind == kind


def test_a_new_table_gets_a_free_name_a_place_and_a_turn() -> None:
    document = shop(dag=[["customer"], ["order", "channel"]])
    tree = after(document, add_table(document, "fact", (13, 100), "Order"))
    assert tree["nodes"][-1]["id"] == "Order_2"
    assert tree["metadata"]["x-layout"] == {"Order_2": [16, 104]}
    assert tree["dag"][-1] == ["Order_2"]


def test_a_child_comes_with_all_that_makes_it_one() -> None:
    document = shop(targets={}, nodes=shop().root["nodes"][:1], constraints={})
    grown = then(document, add_child(document, key(document, "customer"), (0, 0), "visit"))
    (_, child) = grown.tables
    assert child.value["parents"] == ["customer"]
    assert child.value["fanout"]["distribution"] == "poisson"
    assert "rows" not in child.value
    assert [column.name for column in child.columns] == ["visit_id", "customer_id"]
    assert grown.root["constraints"] == {
        "foreign_keys": [{"from": "visit.customer_id", "to": "customer.customer_id"}]
    }
    assert errors(grown) == []


def test_what_a_child_has_already_is_not_added_again() -> None:
    document = shop()
    linked = after(document, link_child(document, key(document, "order"), key(document, "customer")))
    assert linked["nodes"] == document.root["nodes"]
    assert linked["constraints"]["foreign_keys"] == [
        {"from": "order.customer_id", "to": "customer.customer_id"}
    ]


def test_an_entity_that_becomes_a_child_becomes_a_fact_without_rows() -> None:
    document = shop()
    linked = then(document, link_child(document, key(document, "customer"), key(document, "order")))
    child = linked.tables[0].value
    assert (child["kind"], "rows" in child, child["parents"]) == ("fact", False, ["order"])
    assert linked.tables[0].named("order_id") is not None
    with pytest.raises(LookupError, match="own parent"):
        link_child(document, key(document, "order"), key(document, "order"))


def test_another_kind_loses_what_it_may_not_have() -> None:
    document = shop()
    tree = after(document, set_kind(document, key(document, "order"), "entity"))
    assert {"parents", "fanout"}.isdisjoint(tree["nodes"][1])
    with pytest.raises(LookupError):
        set_kind(document, 999, "fact")


@pytest.mark.parametrize(("target", "order"), [(0, "cab"), (1, "acb"), (2, "abc"), (9, "abc")])
def test_a_table_moves_among_the_others(target: int, order: str) -> None:
    document = shop(nodes=[{"id": "a"}, 3, {"id": "b"}, {"id": "c"}])
    moved = then(document, move_table(document, key(document, "c"), target))
    assert "".join(table.id for table in moved.tables) == order
