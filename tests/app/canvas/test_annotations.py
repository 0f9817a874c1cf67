from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.annotating import (
    add_annotation,
    place_annotations,
    remove_annotations,
    set_frame,
    set_text,
)
from datagen_app.canvas.annotations import SMALLEST, Annotation, read_annotations
from datagen_app.document.document import Document
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.steps.drafting import Draft

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "title", "at", "size"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(notes=JSON, groups=JSON)
def test_whatever_a_file_holds_what_cannot_be_drawn_is_passed_over(notes: Any, groups: Any) -> None:
    for one in read_annotations({"metadata": {"x-notes": notes, "x-groups": groups}}):
        assert one.width >= SMALLEST[0]
        assert abs(one.x) <= 1e6


@pytest.mark.parametrize("metadata", [None, [], "x", {"x-notes": {"text": "a"}}])
def test_without_metadata_there_are_none(metadata: object) -> None:
    assert read_annotations({"metadata": metadata}) == []


def opened(tree: dict[str, Any] | None = None) -> OpenDocument:
    import datagen_engine as datagen

    made = {"nodes": []} if tree is None else tree
    return OpenDocument(Document(Path("shop.json"), made, datagen.dump(made)))


def test_they_are_added_changed_placed_and_removed() -> None:
    shop = opened()
    shop.do(add_annotation(shop.now, Annotation("note", -1, "one", 3, 5, 240, 64)))
    shop.do(add_annotation(shop.now, Annotation("note", -1, "two", 300, 5, 240, 64)))
    shop.do(add_annotation(shop.now, Annotation("group", -1, "Sales", 0, 0, 500, 400)))
    group, one, two = read_annotations(shop.now.root)
    assert (one.text, one.x, one.y) == ("one", 0, 8)
    shop.do(set_text(shop.now, one, "first"))
    shop.do(set_frame(shop.now, group, 603, 401))
    draft = Draft(shop.now.tree)
    place_annotations(draft, {two: (99, 101)})
    shop.do(draft.step("Move note"))
    group, one, two = read_annotations(shop.now.root)
    assert (one.text, group.width, group.height, two.x, two.y) == ("first", 600, 400, 96, 104)
    draft = Draft(shop.now.tree)
    remove_annotations(draft, [one, two])
    shop.do(draft.step("Delete notes"))
    assert read_annotations(shop.now.root) == [group]


def test_what_changes_nothing_is_no_step() -> None:
    shop = opened({"metadata": {"x-notes": [{"text": "a", "at": [0, 0], "size": [240, 64]}]}})
    (note,) = read_annotations(shop.now.root)
    assert not set_text(shop.now, note, "a")
    assert not set_frame(shop.now, note, 240, 64)
