"""What a table or column draws from, and what it feeds: each a way there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from datagen_app.document.place import Path, Place
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.facts import sheet
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.row import link
from datagen_app.inspector.section import quiet
from datagen_app.inspector.shape import ABSENT, Shape

__all__ = ["LinksField"]

_SHOWN = ("Draws from", "Feeds")


class LinksField(Field):
    """The references of what is selected; they are found by the worker, and changed where they stand."""

    wide = True
    labelled = False

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label or "References", parent)
        self._shown: tuple[tuple[str, str, str, Place | None], ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def refresh(self) -> None:
        """Show the references that are known."""
        document = self.desk.document
        if document is None:
            return
        known = self.desk.editing.knowledge
        place = document.place_at(self.desk.roots[0])
        found = tuple(
            (section.title, fact.label, fact.text, fact.to)
            for section in sheet(document, place, known).sections
            if section.title in _SHOWN
            for fact in section.facts
        )
        if found != self._shown:
            self._shown = found
            self._build(found)

    def value(self) -> Any:
        """Return nothing: there is none of its own."""
        return ABSENT

    def _build(self, found: tuple[tuple[str, str, str, Place | None], ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if not found:
            self._grid.addWidget(quiet("It refers to nothing, and nothing refers to it.", self), 0, 0, 1, 2)
            return
        for row, (title, kind, text, to) in enumerate(found):
            first = not row or found[row - 1][0] != title
            self._grid.addWidget(quiet(title if first else "", self), row, 0, Qt.AlignmentFlag.AlignTop)
            if to is None:
                self._grid.addWidget(quiet(text, self), row, 1)
                continue
            way = link(text, self)
            way.setToolTip(f"{kind}: show {text}")
            way.setAccessibleName(f"{title} {text}, {kind}")
            way.clicked.connect(_Reveal(self.desk, to))
            self._grid.addWidget(way, row, 1, Qt.AlignmentFlag.AlignLeft)


class _Reveal:
    """Reveal a place when called."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk, self._place = desk, place

    def __call__(self) -> None:
        self._desk.editing.selection.reveal(self._place)
