"""What is selected: the same on the canvas, in the outline and in the panel beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from datagen_app.document.place import Place

__all__ = ["Selection"]


class Selection(QObject):
    """Hold the selected places: one is the current one, which is shown in detail; others may join it.

    Signals
    -------
    changed
        The current place; sent when the places or the current one are others than before.
    revealed
        A place that the user asked to see, selected or not before.
    """

    changed = Signal(object)
    revealed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        """The current place; the document itself if nothing is selected."""
        return self._places[-1] if self._places else Place()

    @property
    def places(self) -> Sequence[Place]:
        """All that is selected, in the order in which it was; the current one last. Empty for the document."""
        return self._places

    def select(self, place: Place) -> None:
        """Select a place alone, where it can already be seen; the document itself is nothing."""
        self.select_all([place])

    def select_all(self, places: Iterable[Place]) -> None:
        """Select several places; the last is the current one."""
        chosen = tuple(dict.fromkeys(place for place in places if place))
        if chosen != self._places:
            self._places = chosen
            self.changed.emit(self.place)

    def toggle(self, place: Place) -> None:
        """Let a place join the others, or leave them."""
        others = [each for each in self._places if each != place]
        self.select_all(others if place in self._places else [*others, place])

    def reveal(self, place: Place) -> None:
        """Select a place and bring it into view."""
        self.select(place)
        self.revealed.emit(place)
