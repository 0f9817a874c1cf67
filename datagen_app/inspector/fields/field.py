"""What every field is: a widget for the value at one way, and the problems that are shown there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk, Said
from datagen_app.inspector.shape import ABSENT, Shape

__all__ = ["Field"]


class Field(QWidget):
    """Show and change the value at one way.

    Parameters
    ----------
    desk
        What it works on.
    shape
        What the value may be.
    way
        Where it stands, from what is edited.
    label
        What it is called where that is not what the shape says.
    """

    wide = False
    """Whether it stands below its label, over the whole width."""

    labelled = True
    """Whether its label is shown beside or above it."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk, self.shape, self.way = desk, shape, way
        self.label = label or shape.title
        self.order: Sequence[str] = ()
        """The keys of the object that it belongs to, in their usual order."""
        self.said: tuple[Said, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def refresh(self) -> None:
        """Show what stands there now."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return what the widgets say; ABSENT for nothing."""
        raise NotImplementedError

    def inner(self) -> Iterator[Field]:
        """Yield the fields directly within this one."""
        yield from ()

    def every(self) -> Iterator[Field]:
        """Yield this field and all within it."""
        yield self
        for field in self.inner():
            yield from field.every()

    def show_said(self, said: Sequence[Said]) -> None:
        """Mark the problems that are shown at this field."""
        self.said = tuple(said)

    def open_at(self, way: Path) -> None:
        """Unfold what hides the field at a way."""

    def commit(self) -> None:
        """Take what is typed but not yet in the document into it."""

    def set(self, value: Any, focus: str | None = None) -> None:
        """Put a value in the place of the present one."""
        about = f"Change {self.label[:1].lower()}{self.label[1:]} of {self.desk.name}"
        self.desk.set(self.way, value, about, self.order, focus)

    def remove(self) -> None:
        """Leave the value out."""
        self.desk.set(self.way, ABSENT, f"Remove {self.label.lower()} of {self.desk.name}", self.order)

    @property
    def present(self) -> bool:
        """Whether there is a value, or several that differ."""
        value = self.desk.value(self.way)
        return value is MIXED or (value is not ABSENT and value is not None)

    @property
    def help(self) -> str:
        """What there is to know about it, for who points at it."""
        shape = self.shape
        facts = [shape.help, f"{shape.limits}." if shape.limits else ""]
        facts += [f"Counted in {shape.unit}." if shape.unit else ""]
        if shape.default is not ABSENT and shape.default not in ([], {}, ""):
            facts.append(f"Left out: {_plain(shape.default)}.")
        return " ".join(f"{fact[:1].upper()}{fact[1:]}" for fact in facts if fact)

    def watch(self, *widgets: QWidget) -> None:
        """Tell what helps about this field whenever one of its widgets is pointed at."""
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear that a widget is pointed at or takes the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self.desk.pointed.emit(self.label, self.help)
        return False

    def focus_widget(self) -> QWidget | None:
        """Return the widget that takes the focus for this field."""
        for child in self.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(self):
                return child
        return None


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
