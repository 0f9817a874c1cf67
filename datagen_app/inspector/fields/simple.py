"""Fields of one line: text, numbers, and values of any kind."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import Line
from datagen_app.inspector.fields.make import BY_KIND, register
from datagen_app.inspector.scalars import any_of, number_of, real, shown
from datagen_app.inspector.shape import ABSENT, Shape
from datagen_app.shell.fonts import figures, secondary

__all__ = ["SimpleField", "aside", "stepped"]


@register(BY_KIND, "text", "number", "any")
class SimpleField(Field):
    """A line of text for one value.

    What is no number in the place of one goes into the document as it is, and the problem says so: nothing
    that is typed is lost.
    """

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._raw: Any = ABSENT
        self.line = Line(self)
        self.line.setAccessibleName(self.label)
        self.line.said.connect(self._take)
        self.line.installEventFilter(self)
        self.aside = aside(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.aside)
        if shape.kind == "number":
            self.line.setFont(figures(self.line.font()))
        self.setFocusProxy(self.line)
        self.watch(self.line)

    def refresh(self) -> None:
        """Show the value."""
        raw = self.desk.value(self.way)
        self._raw = raw
        default = self.shape.default
        if raw is MIXED:
            self.line.setPlaceholderText("differs")
        elif default is not ABSENT and default not in ("", [], {}):
            self.line.setPlaceholderText(shown(default))
        else:
            self.line.setPlaceholderText("" if self.shape.required else "none")
        self.line.show_text(self._text(raw))
        self._show_aside(raw)

    def value(self) -> Any:
        """Return what the line says."""
        return self.parse(self.line.text())

    def commit(self) -> None:
        """Take what is typed into the document."""
        self.line.commit()

    def parse(self, text: str) -> Any:
        """Return the value that a text says here."""
        if self._raw is not MIXED and text == self._text(self._raw):
            return self._raw
        if not text.strip():
            return "" if self.shape.kind == "text" and self.shape.required else ABSENT
        match self.shape.kind:
            case "number":
                number = number_of(text)
                return text if number is None else number
            case "any":
                return any_of(text)
        return text

    def _text(self, raw: Any) -> str:
        if raw is MIXED or raw is ABSENT:
            return ""
        if raw is None and self.shape.kind != "any":
            return ""
        if isinstance(raw, str) and (self.shape.kind == "text" or (number_of(raw) is None and raw)):
            return raw
        return shown(raw)

    def _show_aside(self, raw: Any) -> None:
        said = self.shape.unit
        number = real(raw)
        if self.shape.says == "share" and number is not None:
            said = f"= {100 * number:.4g} %"
        self.aside.setText(said)
        self.aside.setVisible(bool(said))

    def _take(self, text: str) -> None:
        value = self.parse(text)
        if value is ABSENT:
            self.remove()
        else:
            self.set(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step a number with the arrow keys; ten steps with Shift."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if direction is not None and self.shape.kind == "number":
                number = number_of(self.line.text() or "0")
                if number is not None:
                    ten = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                    self.set(stepped(number, direction * (10 if ten else 1), self.shape.whole))
                    return True
        return super().eventFilter(watched, event)


def stepped(number: float, steps: int, whole: bool = False) -> float | int:
    """Return a number some steps further: of whole numbers by ones, else by a tenth of its size.

    Examples
    --------
    >>> stepped(7, 1), stepped(0.25, 1), stepped(0.3, -1), stepped(4, 10, whole=True)
    (7.1, 0.26, 0.29, 14)
    """
    if whole or (isinstance(number, int) and abs(number) >= 10):
        return int(number) + steps
    size = abs(number) or 1.0
    step = 10.0 ** (math.floor(math.log10(size)) - 1)
    return round(number + steps * step, 12)


def aside(parent: QWidget) -> QLabel:
    """Return a quiet label for what stands beside a value."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("class", "secondary")
    label.setFont(secondary(parent.font()))
    return label
