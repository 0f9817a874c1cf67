"""Notes and groups: what a person writes beside the tables, kept in the schema's metadata.

A note is a text in a box (`metadata.x-notes`), a group a titled frame around tables (`metadata.x-groups`):

    {"text": "Loaded nightly", "at": [0, -96], "size": [240, 64]}
    {"title": "Sales", "at": [-24, -48], "size": [640, 480]}

A table is in a group if its card lies in the frame, so a group stays right when a table is renamed.
Plain Python, without Qt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from datagen_app.canvas.geometry import HEADER, ROW, WIDTH
from datagen_app.document.place import Json, Path

__all__ = ["FAR", "Annotation", "AnnotationKind", "read_annotations"]

FAR = 1_000_000.0
"""Units; a position further out is taken for a mistake."""

SMALLEST = (96.0, 40.0)
"""Units that an annotation is wide and high at least."""

AnnotationKind = Literal["note", "group"]

_LISTS: dict[AnnotationKind, str] = {"group": "x-groups", "note": "x-notes"}
_TEXTS: dict[AnnotationKind, str] = {"group": "title", "note": "text"}
_SIZES: dict[AnnotationKind, tuple[float, float]] = {
    "group": (2 * WIDTH, 8 * ROW),
    "note": (WIDTH, 2 * HEADER),
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note or a group.

    Parameters
    ----------
    kind
        Which of the two it is.
    index
        Where it stands in its list.
    text
        What it says.
    x, y, width, height
        Its frame, in units.
    """

    kind: AnnotationKind
    index: int
    text: str
    x: float
    y: float
    width: float
    height: float

    @property
    def path(self) -> Path:
        """Where it stands in the schema."""
        return ("metadata", _LISTS[self.kind], self.index)

    @property
    def text_path(self) -> Path:
        """Where its text stands."""
        return (*self.path, _TEXTS[self.kind])

    @property
    def list_path(self) -> Path:
        """Where the list of its like stands."""
        return ("metadata", _LISTS[self.kind])

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in its frame."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def to_json(self) -> dict[str, Json]:
        """Return it as it is written in the schema."""
        return {
            _TEXTS[self.kind]: self.text,
            "at": [round(self.x), round(self.y)],
            "size": [round(self.width), round(self.height)],
        }


def read_annotations(root: Mapping[str, Any]) -> list[Annotation]:
    """Return the groups and notes of a schema, groups first; what cannot be drawn is passed over.

    Examples
    --------
    >>> found = read_annotations({"metadata": {"x-notes": [{"text": "Nightly", "at": [8, 16]}]}})
    >>> [(one.kind, one.text, one.x, one.y, one.path) for one in found]
    [('note', 'Nightly', 8.0, 16.0, ('metadata', 'x-notes', 0))]
    """
    metadata = root.get("metadata")
    found: list[Annotation] = []
    for kind, name in _LISTS.items():
        values = metadata.get(name) if isinstance(metadata, dict) else None
        for index, value in enumerate(values if isinstance(values, list) else ()):
            if (made := _annotation(kind, index, value)) is not None:
                found.append(made)
    return found


def _annotation(kind: AnnotationKind, index: int, value: object) -> Annotation | None:
    if not isinstance(value, dict):
        return None
    text, at, size = value.get(_TEXTS[kind]), _pair(value.get("at")), _pair(value.get("size"))
    if at is None:
        return None
    width, height = size or _SIZES[kind]
    return Annotation(
        kind,
        index,
        text if isinstance(text, str) else "",
        *at,
        max(width, SMALLEST[0]),
        max(height, SMALLEST[1]),
    )


def _pair(value: object) -> tuple[float, float] | None:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        return None
    numbers = [
        float(one)
        for one in value
        if isinstance(one, int | float)
        and not isinstance(one, bool)
        and math.isfinite(one)
        and abs(one) <= FAR
    ]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None
