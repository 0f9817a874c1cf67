"""The small shapes of all columns, for the cards of the canvas and the header of the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from datagen_app.document.change import Change
from datagen_app.document.document import Column, Document
from datagen_app.document.place import Place
from datagen_app.document.words import generator_name
from datagen_app.shell.session import Session

__all__ = ["PAUSE", "Sparklines"]

PAUSE = 300
"""Milliseconds without an edit after which the shapes are drawn again."""


class Sparklines(QObject):
    """Keep the shapes of the open document's columns.

    What has been shown stays until its new shape is there. The worker answers in pieces, so that whoever asks for
    something else does not wait for all of them.

    Signals
    -------
    changed
        The shapes: by place, the heights of the bars, the highest of them 1.
    """

    changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shapes: dict[Place, Sequence[float]] = {}
        self._left: Mapping[str, Sequence[str]] = {}
        self._on = True
        self._revision = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._begin)
        session.opened.connect(self._open)
        session.changed.connect(self._follow)
        session.profile.changed.connect(self._pause.start)
        session.client.answered.connect(self._hear)
        if session.document is not None:
            self._pause.start()

    @property
    def shapes(self) -> Mapping[Place, Sequence[float]]:
        """The shapes that are known."""
        return self._shapes

    def set_on(self, on: bool) -> None:
        """Draw shapes, or leave it."""
        self._on = on
        if on:
            self._pause.start()

    def _open(self, document: Document | None) -> None:
        self._shapes, self._left = {}, {}
        self._pause.stop()
        if document is not None:
            self._pause.start()
        self.changed.emit(self._shapes)

    def _follow(self, change: Change) -> None:
        if change.kind != "show":
            self._pause.start()

    def _begin(self) -> None:
        document = self._session.document
        if document is None or not self._on:
            return
        self._revision = document.revision
        self._ask(_telling(document))

    def _ask(self, wanted: Mapping[str, Sequence[str]]) -> None:
        profile = self._session.profile
        self._session.client.ask(
            "sparklines", self._revision, wanted=wanted, seed=profile.seed, scale=profile.scale
        )

    def _hear(self, what: str, revision: int, answer: Mapping[str, Any]) -> None:
        document = self._session.document
        if what != "sparklines" or document is None or self._pause.isActive():
            return
        for table, columns in answer["shapes"].items():
            for column, heights in columns.items():
                place = document.place_of(table, column)
                if place.column is None:
                    continue
                if heights:
                    self._shapes[place] = heights
                else:
                    self._shapes.pop(place, None)
        self.changed.emit(self._shapes)
        if answer["left"]:
            self._ask(answer["left"])


def _telling(document: Document) -> dict[str, list[str]]:
    """Return the columns of which the shape says something: no running numbers, and no references to keys."""
    found: dict[str, list[str]] = {}
    for table in document.tables:
        for column in table.columns:
            generator = generator_name(column.value)
            if generator == "sequence" or (generator == "lookup" and _reads_key(document, column)):
                continue
            found.setdefault(table.id, []).append(column.name)
    return found


def _reads_key(document: Document, column: Column) -> bool:
    lookup = column.value["generator"].get("lookup")
    source = lookup.get("from") if isinstance(lookup, dict) else None
    if not isinstance(source, str):
        return False
    name, _, read = source.partition(".")
    table = document.named(name)
    return table is not None and table.key_column == read
