from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.geometry import GRID, WIDTH, card_height
from datagen_app.canvas.placement import diagram, free_place, given_places, heights_of
from datagen_app.document.document import Document
from datagen_app.document.place import Json

COLUMNS: list[Json] = [{"name": "id"}, {"name": "total"}]


def shop(**metadata: Any) -> Document:
    nodes: list[Json] = [{"id": name, "columns": COLUMNS} for name in ("customer", "order", "review")]
    return Document(Path("shop.json"), {"metadata": metadata, "nodes": nodes})


def test_what_the_schema_says_is_where_it_stands_even_over_another() -> None:
    layout = {"customer": [5, 7], "order": [13, 40], "review": [1000, 0]}
    assert diagram(shop(**{"x-layout": layout}), [])["places"] == [(5, 7), (13, 40), (1000, 0)]


@pytest.mark.parametrize(
    "layout", [None, [], "x", {"customer": [1]}, {"customer": [True, 2]}, {"customer": [1e300, 0]}]
)
def test_a_place_that_cannot_be_one_is_none(layout: object) -> None:
    assert given_places(shop(**{"x-layout": layout})) == {}


def test_who_was_placed_already_stays_and_the_others_find_room() -> None:
    kept = {"order": (400.0, 80.0)}
    places = diagram(shop(), [], kept)["places"]
    assert places[1] == (400.0, 80.0)
    assert len({tuple(place) for place in places}) == 3


def test_anew_means_wherever_they_stand() -> None:
    layout = {name: [0, 0] for name in ("customer", "order", "review")}
    places = diagram(shop(**{"x-layout": layout}), [], anew=True)["places"]
    assert len({tuple(place) for place in places}) == 3


def test_a_collapsed_card_is_as_high_as_its_header_and_a_word() -> None:
    document = Document(Path("shop.json"), {"nodes": [{"id": "a", "columns": COLUMNS, "x-collapsed": True}]})
    assert heights_of(document) == [card_height(1)]


FRAMES = st.lists(
    st.tuples(st.integers(-500, 500), st.integers(-500, 500), st.just(WIDTH), st.integers(36, 400)),
    max_size=8,
)


@given(taken=FRAMES, x=st.integers(-300, 300), y=st.integers(-300, 300), height=st.integers(36, 400))
def test_a_free_place_is_on_the_grid_and_on_no_card(
    taken: list[tuple[float, float, float, float]], x: int, y: int, height: int
) -> None:
    left, top = free_place(taken, (x, y), height)
    assert left % GRID == top % GRID == 0
    for other in taken:
        apart = left >= other[0] + other[2] or other[0] >= left + WIDTH
        assert apart or top >= other[1] + other[3] or other[1] >= top + height
