from __future__ import annotations

from datagen_app.document.steps.removal import delete, dependents
from datagen_app.document.steps.rules import add_constraint, add_target, remove_rule
from tests.app.document.steps.doing import after, shop, then


def test_who_depends_on_a_table_is_said() -> None:
    document = shop()
    words = [each.words for each in dependents(document, [document.place_of("customer")])]
    assert words == ["order is a child of customer", "order.customer_id looks up customer.customer_id"]
    assert dependents(document, [document.place_of("channel")]) == []
    assert dependents(document, [document.place_of("customer"), document.place_of("order")]) == []


def test_what_is_about_a_column_itself_goes_with_it_and_is_no_dependent() -> None:
    document = shop()
    total = document.place_of("order", "total")
    assert dependents(document, [total]) == []
    tree = after(document, delete(document, [total]))
    assert [column["name"] for column in tree["nodes"][1]["columns"]] == ["order_id", "customer_id"]
    assert tree["constraints"]["ranges"] == []
    assert tree["targets"] == {}


def test_a_deleted_table_leaves_the_canvas_and_the_order_and_what_refers_to_it_stays() -> None:
    document = shop(dag=[["customer"], ["order", "channel"]])
    document.root["metadata"]["x-layout"] = {"customer": [0, 0], "order": [8, 8]}
    step = delete(document, [document.place_of("customer")])
    assert step.title == "Delete table customer"
    tree = after(document, step)
    assert [node["id"] for node in tree["nodes"]] == ["order", "channel"]
    assert tree["metadata"]["x-layout"] == {"order": [8, 8]}
    assert tree["dag"] == [["order", "channel"]]
    assert tree["nodes"][0]["parents"] == ["customer"]


def test_several_go_at_once_and_columns_of_a_table_that_goes_only_once() -> None:
    document = shop()
    places = [
        document.place_of("order", "total"),
        document.place_of("order"),
        document.place_of("customer", "email"),
    ]
    step = delete(document, places)
    assert step.title == "Delete 1 table and 1 column"
    tree = after(document, step)
    assert [node["id"] for node in tree["nodes"]] == ["customer", "channel"]
    assert len(tree["nodes"][0]["columns"]) == 1


def test_rules_come_and_go() -> None:
    document = shop()
    more = then(document, add_constraint(document, "unique", "customer.email"))
    assert more.root["constraints"]["unique"] == ["customer.email"]
    left = then(more, remove_rule(more, ("constraints", "unique", 0)))
    assert "unique" not in left.root["constraints"]
    target = {"table": "order", "column": "total", "min": 1}
    two = then(document, add_target(document, "mean_in_range", target))
    assert two.root["targets"]["mean_in_range"] == [document.root["targets"]["mean_in_range"], target]
    three = then(two, add_target(two, "mean_in_range", target))
    assert len(three.root["targets"]["mean_in_range"]) == 3
    assert then(three, add_target(three, "null_share", target)).root["targets"]["null_share"] == target
