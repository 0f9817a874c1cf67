from __future__ import annotations

from pathlib import Path

import pytest

from datagen_app.canvas.finding import MOST, find
from datagen_app.document.document import Document
from datagen_app.document.place import Json


def shop(*columns: str, table: str = "order") -> Document:
    listed: list[Json] = [{"name": name} for name in columns]
    return Document(Path("shop.json"), {"nodes": [{"id": table, "columns": listed}]})


def names(document: Document, text: str) -> list[str]:
    found = []
    for place in find(document, text):
        table, column = document.resolve(place)
        assert table is not None
        found.append(column.name if column else table.id)
    return found


def test_names_that_begin_with_it_come_first_then_words_then_the_rest() -> None:
    document = shop("subtotal", "order_total", "total", table="grand-total")
    assert names(document, "TOTAL ") == ["total", "grand-total", "order_total", "subtotal"]


@pytest.mark.parametrize("text", ["", "  ", "zzz"])
def test_nothing_finds_nothing(text: str) -> None:
    assert names(shop("total"), text) == []


def test_a_dot_stands_between_table_and_column() -> None:
    document = shop("total", "status")
    assert names(document, "ord.sta") == ["status"]
    assert names(document, "customer.sta") == []


def test_there_is_an_end_to_it() -> None:
    assert len(find(shop(*(f"column_{at}" for at in range(2 * MOST))), "column")) == MOST
