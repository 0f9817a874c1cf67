from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datagen_app.document.steps.layout import GRID, set_layout, snapped
from tests.app.document.steps.doing import after, key, shop


def test_positions_are_whole_and_stand_in_the_order_of_the_tables() -> None:
    document = shop()
    wanted = {key(document, "channel"): (3.0, -5.0), key(document, "customer"): (100.2, 12.0)}
    tree = after(document, set_layout(document, wanted))
    assert list(tree["metadata"]["x-layout"].items()) == [("customer", [104, 16]), ("channel", [0, -8])]


def test_one_card_that_moves_is_one_edit_and_a_new_one_finds_its_turn() -> None:
    document = shop()
    document.root["metadata"]["x-layout"] = {"customer": [0, 0], "x": [1, 1], "channel": [8, 8]}
    step = set_layout(document, {key(document, "channel"): (16, 16), key(document, "customer"): (0, 0)})
    assert [edit.path for edit in step.edits] == [("metadata", "x-layout", "channel")]
    tree = after(document, set_layout(document, {key(document, "order"): (16, 16)}))
    assert list(tree["metadata"]["x-layout"]) == ["customer", "order", "x", "channel"]


def test_a_schema_without_metadata_gets_some() -> None:
    document = shop(metadata=None)
    tree = after(document, set_layout(document, {key(document, "order"): (16, 16)}))
    assert tree["metadata"] == {"x-layout": {"order": [16, 16]}}


@given(st.floats(-1e6, 1e6))
def test_the_grid_is_near(length: float) -> None:
    assert snapped(length) % GRID == 0
    assert abs(snapped(length) - length) <= GRID / 2
