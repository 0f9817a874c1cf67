"""The name of a table or column, which others refer to; and a note about it, which nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from datagen_app.document.place import Path
from datagen_app.document.steps.renaming import rename
from datagen_app.inspector.desk import MIXED, Desk, Said
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import PAUSE, is_undo
from datagen_app.inspector.fields.simple import SimpleField
from datagen_app.inspector.row import Row
from datagen_app.inspector.shape import ABSENT, Shape

__all__ = ["NameField", "NoteField"]


class NameField(SimpleField):
    """A name: everything that refers to it is renamed with it."""

    refused = ""
    """Why what is typed cannot be the name."""

    def refresh(self) -> None:
        """Show the name; of several columns none."""
        if self.desk.value(self.way) != self._raw:
            self.refused = ""
        super().refresh()
        self.line.setEnabled(len(self.desk.roots) == 1)

    @property
    def help(self) -> str:
        """What happens to those that refer to it."""
        return "Everything that refers to it is renamed with it."

    def show_said(self, said: Sequence[Said]) -> None:
        """Show the problems, and why a name that is typed is refused."""
        self.said = (*((Said(self.way, self.refused),) if self.refused else ()), *said)

    def _take(self, text: str) -> None:
        document = self.desk.document
        name = text.strip()
        self.refused = ""
        if document is None or not isinstance(self._raw, str):
            super()._take(text)
            return
        try:
            step = rename(document, document.place_at(self.desk.roots[0]), name)
        except LookupError:
            super()._take(text)
            return
        except ValueError as error:
            # Two of one name would be taken for one, so this one waits here until it is free.
            self.refused = str(error)
            row = self.parentWidget()
            if isinstance(row, Row):
                row.show_said(())
            return
        self.desk.editing.do(step)


class NoteField(Field):
    """A note in plain words, kept as `description`, or as `comment` where that is there."""

    wide = True
    labelled = False

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label or "Note", parent)
        self._shown = ""
        self.edit = _Note(self)
        self.edit.setAccessibleName(self.label)
        self.edit.setPlaceholderText("What a reader should know")
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(PAUSE)
        self._clock.timeout.connect(self.commit)
        self.edit.textChanged.connect(self._typed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.watch(self.edit)

    @property
    def key(self) -> str:
        """The key that the note stands under."""
        around = self.desk.first(self.way)
        keys = around if isinstance(around, dict) else {}
        return "comment" if "comment" in keys and "description" not in keys else "description"

    @property
    def help(self) -> str:
        """What a note does."""
        return "A note for readers; it changes nothing in the data."

    def refresh(self) -> None:
        """Show the note."""
        raw = self.desk.value((*self.way, self.key))
        text = raw if isinstance(raw, str) else ""
        self.edit.setPlaceholderText("differs" if raw is MIXED else "What a reader should know")
        if text == self._shown and self._clock.isActive():
            return
        self._clock.stop()
        self._shown = text
        if self.edit.toPlainText() != text:
            self.edit.setPlainText(text)
            self._clock.stop()
        self.edit.fit()

    def value(self) -> Any:
        """Return the note."""
        return self.edit.toPlainText() or ABSENT

    def commit(self) -> None:
        """Take what is typed into the document."""
        self._clock.stop()
        text = self.edit.toPlainText()
        if text != self._shown:
            self._shown = text
            value = text if text else ABSENT
            self.desk.set((*self.way, self.key), value, f"Change the note of {self.desk.name}")

    def _typed(self) -> None:
        self.edit.fit()
        if self.edit.toPlainText() != self._shown:
            self._clock.start()


class _Note(QPlainTextEdit):
    """Some lines of text, without an undo of their own."""

    def __init__(self, field: NoteField) -> None:
        super().__init__(field)
        self._field = field
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setProperty("class", "code")
        self.document().setDocumentMargin(6)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)

    def fit(self) -> None:
        """Be as high as the lines are, two at least."""
        lines = int(self.document().size().height())  # of a plain text that is counted in lines
        self.setFixedHeight(max(2, min(lines, 8)) * self.fontMetrics().lineSpacing() + 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lines to another width."""
        super().resizeEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the document."""
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            self._field.commit()
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave undo and redo to the document."""
        if is_undo(event):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say what is typed."""
        super().focusOutEvent(event)
        self._field.commit()
