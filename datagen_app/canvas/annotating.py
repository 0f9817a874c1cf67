"""Steps that write, move and remove notes and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import datagen_engine as datagen
from datagen_app.canvas.annotations import Annotation, AnnotationKind
from datagen_app.document.document import Document
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.steps.layout import snapped

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["add_annotation", "place_annotations", "remove_annotations", "set_frame", "set_text"]

_WORDS: Mapping[AnnotationKind, str] = {"note": "note", "group": "group"}


def add_annotation(document: Document, annotation: Annotation) -> Step:
    """Add a note or a group at the end of its list.

    Examples
    --------
    >>> from pathlib import Path
    >>> note = Annotation("note", 0, "Loaded nightly", 3, 0, 240, 64)
    >>> add_annotation(Document(Path("shop.json"), {}), note).edits[0].after["x-notes"]
    [{'text': 'Loaded nightly', 'at': [0, 0], 'size': [240, 64]}]
    """
    draft = Draft(document.tree)
    placed = replace(annotation, x=snapped(annotation.x), y=snapped(annotation.y))
    draft.append(annotation.list_path, placed.to_json())
    return draft.step(f"Add {_WORDS[annotation.kind]}")


def set_text(document: Document, annotation: Annotation, text: str) -> Step:
    """Change what a note says, or what a group is called."""
    draft = Draft(document.tree)
    if draft.find(annotation.text_path) != text:
        draft.put(annotation.text_path, text)
    return draft.step(f"Edit {_WORDS[annotation.kind]}")


def set_frame(document: Document, annotation: Annotation, width: float, height: float) -> Step:
    """Make a note or a group as large as this."""
    draft = Draft(document.tree)
    size = [snapped(width), snapped(height)]
    if draft.find((*annotation.path, "size")) != size:
        draft.put((*annotation.path, "size"), size)
    return draft.step(f"Resize {_WORDS[annotation.kind]}")


def place_annotations(draft: Draft, positions: Mapping[Annotation, tuple[float, float]]) -> None:
    """Add to a draft that notes and groups stand somewhere."""
    edits: list[Edit] = []
    for annotation, (x, y) in positions.items():
        path, place = (*annotation.path, "at"), [snapped(x), snapped(y)]
        if draft.find(path) != place:
            edits.append(datagen.Edit("set", path, None, place))
    draft.edit(*edits)


def remove_annotations(draft: Draft, removed: Sequence[Annotation]) -> None:
    """Add to a draft that notes and groups are gone; the last first, so that the others are where they were."""
    for annotation in sorted(removed, key=lambda one: (one.kind, -one.index)):
        draft.remove(annotation.path)
