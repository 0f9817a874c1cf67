from __future__ import annotations

from collections.abc import Sequence

import pytest

from datagen_app.document.place import Place
from datagen_app.document.steps.columns import add_column, add_reference, move_columns, set_key
from datagen_app.document.steps.modifiers import add_modifier, move_modifier, remove_modifier
from tests.app.document.steps.doing import after, key, shop, then


@pytest.mark.parametrize(
    ("name", "type", "generator"),
    [
        ("email", "string", {"faker": {"method": "email"}}),
        ("created_at", "datetime", {"datetime_series": {"within": "timeframe", "freq": "min"}}),
        ("order_id", "int", {"lookup": {"from": "order.order_id"}}),
    ],
)
def test_a_new_column_s_generator_is_guessed(name: str, type: str, generator: object) -> None:
    document = shop()
    tree = after(document, add_column(document, key(document, "channel"), name))
    assert tree["nodes"][2]["columns"][-1] == {"name": name, "type": type, "generator": generator}


def test_a_looked_up_key_brings_its_own_type() -> None:
    document = shop()
    tree = after(document, add_column(document, key(document, "order"), "channel_id"))
    assert tree["nodes"][1]["columns"][-1]["type"] == "string"


def test_a_new_column_gets_a_free_name_and_its_place() -> None:
    document = shop()
    grown = then(document, add_column(document, key(document, "customer"), "email", "string", 1))
    assert [column.name for column in grown.tables[0].columns] == ["customer_id", "email_2", "email"]


def test_a_reference_to_a_table_adds_the_column_that_carries_it() -> None:
    document = shop()
    step = add_reference(document, document.place_of("channel", "name"), document.place_of("order"))
    tree = after(document, step)
    assert tree["nodes"][1]["columns"][-1] == {
        "name": "channel_name",
        "type": "string",
        "generator": {"lookup": {"from": "channel.name"}},
    }
    assert tree["constraints"]["foreign_keys"] == [{"from": "order.channel_name", "to": "channel.name"}]


def test_a_reference_to_a_column_lets_it_take_its_values_from_there() -> None:
    document = shop()
    target = document.place_of("order", "total")
    tree = after(document, add_reference(document, document.place_of("customer", "email"), target))
    column = tree["nodes"][1]["columns"][2]
    assert (column["type"], column["generator"]) == ("string", {"lookup": {"from": "customer.email"}})
    assert "foreign_keys" not in tree["constraints"]  # an address is no key
    with pytest.raises(LookupError):
        add_reference(document, Place(999), target)


@pytest.mark.parametrize(
    ("chosen", "target", "order"),
    [
        ([0], 3, [1, 2, 0]),
        ([2], 0, [2, 0, 1]),
        ([0, 2], 1, [0, 2, 1]),
        ([1], 1, [0, 1, 2]),
        ([0, 1], 3, [2, 0, 1]),
    ],
)
def test_columns_move_together(chosen: Sequence[int], target: int, order: Sequence[int]) -> None:
    document = shop()
    names = [column.name for column in document.tables[1].columns]
    keys = [document.tables[1].columns[at].key for at in chosen]
    moved = then(document, move_columns(document, key(document, "order"), keys, target))
    assert [column.name for column in moved.tables[1].columns] == [names[at] for at in order]


def test_a_column_becomes_the_key() -> None:
    document = shop()
    tree = after(document, set_key(document, document.place_of("customer", "email")))
    assert tree["nodes"][0]["pk"] == "email"


def test_modifiers_come_go_and_change_places() -> None:
    document = shop()
    total = document.place_of("order", "total")
    more = then(document, add_modifier(document, total, "clamp", {"max": 9}, 0))
    names = [each["transform"] for each in more.tables[1].columns[2].value["modifiers"]]
    assert names == ["clamp", "jitter"]
    total = more.place_of("order", "total")
    tree = after(more, move_modifier(more, total, 0, 1))
    assert [each["transform"] for each in tree["nodes"][1]["columns"][2]["modifiers"]] == ["jitter", "clamp"]
    left = then(more, remove_modifier(more, total, 0))
    tree = after(left, remove_modifier(left, left.place_of("order", "total"), 0))
    assert "modifiers" not in tree["nodes"][1]["columns"][2]
    email = document.place_of("customer", "email")
    assert after(document, add_modifier(document, email, "map_values", {}))["nodes"][0]["columns"][1][
        "modifiers"
    ]
