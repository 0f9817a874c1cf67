from __future__ import annotations

from pathlib import Path
from typing import Any

from datagen_app.canvas.diagram import Edge, edges
from datagen_app.document.document import Document
from tests.app.fake_engine import Reference

TREE: dict[str, Any] = {
    "nodes": [
        {"id": "shop", "kind": "entity", "pk": "id", "columns": [{"name": "id"}, {"name": "city"}]},
        {
            "id": "sale",
            "kind": "fact",
            "columns": [{"name": "shop_id"}, {"name": "city"}, {"name": "price"}, {"name": "twin"}],
        },
        {"id": "promotion", "kind": "vocab", "columns": [{"name": "factor"}, {"name": "starts"}]},
    ]
}
SHOP, SALE, PROMOTION = range(3)


def drawn(*references: Reference) -> list[Edge]:
    return edges(Document(Path("x.json"), TREE), references)


def column_path(column: int, *rest: str) -> tuple[str | int, ...]:
    return ("nodes", 1, "columns", column, *rest)


PARENT = Reference(("nodes", 1, "parents", 0), "parent", "shop", None, "sale", None)
KEY = Reference(column_path(0, "generator", "lookup", "from"), "lookup", "shop", "id", "sale", "shop_id")
CITY = Reference(column_path(1, "generator", "lookup", "from"), "lookup", "shop", "city", "sale", "city")
DECLARED = Reference(("constraints", "foreign_keys", 0, "to"), "foreign_key", "shop", "id", "sale", "shop_id")


def test_a_parent_and_the_column_with_its_key_are_one_edge() -> None:
    assert drawn(PARENT, KEY, CITY, DECLARED) == [
        Edge("parent", SHOP, 0, SALE, 0),
        Edge("lookup", SHOP, 1, SALE, 1),
    ]


def test_a_parent_whose_key_no_column_holds_ends_at_the_header() -> None:
    assert drawn(PARENT, CITY)[0] == Edge("parent", SHOP, None, SALE, None)


def test_a_declared_foreign_key_that_nothing_else_draws_is_drawn() -> None:
    assert drawn(DECLARED) == [Edge("lookup", SHOP, 0, SALE, 0)]


def test_the_mentions_of_an_effect_are_one_edge_from_the_column_it_takes() -> None:
    base = column_path(2, "modifiers", "0", "args")
    effect = [
        Reference((*base, "effect_table"), "effect", "promotion", None, "sale", "price"),
        Reference((*base, "window", "start_col"), "effect", "promotion", "starts", "sale", "price"),
        Reference((*base, "map", "field"), "effect", "promotion", "factor", "sale", "price"),
    ]
    assert drawn(*effect) == [Edge("effect", PROMOTION, 0, SALE, 2)]
    assert drawn(*effect[:2]) == [Edge("effect", PROMOTION, None, SALE, 2)]


def test_columns_that_only_say_which_row_are_no_edges() -> None:
    path = column_path(1, "generator", "lookup", "on", "city")
    assert drawn(Reference(path, "lookup", "shop", "city", "sale", "city")) == []


def test_what_is_not_there_or_only_named_is_no_edge() -> None:
    assert (
        drawn(
            Reference(("dag", 0, 0), "table", "shop", None, None, None),
            Reference(("nodes", 1, "pk"), "column", "sale", "shop_id", "sale", None),
            Reference(column_path(0), "lookup", "nobody", "id", "sale", "shop_id"),
        )
        == []
    )


def test_a_reference_to_another_column_of_the_same_table_is_drawn_one_to_itself_is_not() -> None:
    lookup = column_path(3, "generator", "lookup", "from")
    twin = Reference(lookup, "lookup", "sale", "shop_id", "sale", "twin")
    itself = Reference(lookup, "lookup", "sale", "twin", "sale", "twin")
    assert drawn(twin, itself) == [Edge("lookup", SALE, 0, SALE, 3)]


def test_a_reference_within_a_row_is_no_edge() -> None:
    path = column_path(3, "generator", "faker", "locale_from")
    assert drawn(Reference(path, "lookup", "sale", "city", "sale", "twin")) == []


def test_edges_go_through_json_unchanged() -> None:
    edge = Edge("effect", 1, None, 2, 3)
    assert Edge.from_json(edge.to_json()) == edge
