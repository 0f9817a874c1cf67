"""What is selected: one place, the same on the canvas, in the outline and in the panel beside them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from datagen_app.document.place import Place

__all__ = ["Selection"]


class Selection(QObject):
    """Hold the selected place.

    Signals
    -------
    changed
        The new place; not sent where it is the old one.
    revealed
        A place that the user asked to see, selected or not before.
    """

    changed = Signal(object)
    revealed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = Place()

    @property
    def place(self) -> Place:
        """The selected place; the document itself if it is neither table nor column."""
        return self._place

    def select(self, place: Place) -> None:
        """Select a place where it can already be seen."""
        if place != self._place:
            self._place = place
            self.changed.emit(place)

    def reveal(self, place: Place) -> None:
        """Select a place and bring it into view."""
        self.select(place)
        self.revealed.emit(place)
