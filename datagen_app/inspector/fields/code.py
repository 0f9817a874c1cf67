"""The field of an expression: what it gives, what is wrong under the exact characters, and what can be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRect, QStringListModel, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk, Said
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import PAUSE, is_undo
from datagen_app.inspector.fields.make import BY_KIND, register
from datagen_app.inspector.fields.simple import aside
from datagen_app.inspector.language import catalogue
from datagen_app.inspector.scalars import shown
from datagen_app.inspector.shape import ABSENT, Shape
from datagen_app.shell.fonts import monospace

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CodeEdit", "CodeField"]

_MOST_LINES = 6
_KEYWORDS = ("and", "or", "not", "if", "else", "true", "false", "null")


class CodeEdit(QPlainTextEdit):
    """Let code be edited; it grows with its lines, and completes words."""

    def __init__(self, field: CodeField) -> None:
        super().__init__(field)
        self._field = field
        self.setFont(monospace(field.font()))
        self.setUndoRedoEnabled(False)  # the document's undo is the only one
        self.setTabChangesFocus(True)
        self.setProperty("class", "code")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.document().setDocumentMargin(6)
        self.completer = QCompleter(self)
        self.completer.setWidget(self)
        self.completer.setModel(QStringListModel(self.completer))
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.activated.connect(self.complete)
        self.names = QListView(self)
        self.names.setAccessibleName("Names that can be used")
        # A completer takes its list out of the panel, so the panel's style does not reach it.
        colours = field.desk.theme.palette
        self.names.setStyleSheet(f"background: {colours.raised}; border: 1px solid {colours.control_border};")
        self.completer.setPopup(self.names)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)

    def fit(self) -> None:
        """Be as high as the lines are."""
        lines = int(self.document().size().height())  # of a plain text that is counted in lines
        shown_lines = max(1, min(lines, _MOST_LINES))
        self.setFixedHeight(shown_lines * self.fontMetrics().lineSpacing() + 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lines to another width."""
        super().resizeEvent(event)
        self.fit()

    def word(self) -> str:
        """Return the word that ends at the cursor."""
        text = self.toPlainText()[: self.textCursor().position()]
        start = len(text)
        while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            start -= 1
        return text[start:]

    def suggest(self, asked: bool = False) -> None:
        """Offer the names that begin as the word at the cursor does."""
        word = self.word()
        model = self.completer.model()
        if isinstance(model, QStringListModel):
            model.setStringList(self._field.names())
        self.completer.setCompletionPrefix(word)
        only = self.completer.completionCount() == 1 and self.completer.currentCompletion() == word
        if (not word and not asked) or not self.completer.completionCount() or only:
            self.names.hide()
            return
        popup = self.names
        popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        where: QRect = self.cursorRect()
        where.setWidth(popup.sizeHintForColumn(0) + 32)
        self.completer.complete(where)

    def complete(self, name: str) -> None:
        """Put a name in the place of the word at the cursor; of a function with its bracket."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self.word()))
        cursor.insertText(name + "(" if name in catalogue().functions else name)
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the document."""
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            self._field.commit()
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Complete with Ctrl+Space, or while a word is typed."""
        key, popup = event.key(), self.names
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if popup.isVisible() and key in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Backtab,
        ):  # fmt: skip
            event.ignore()  # the list's own keys
            return
        if is_undo(event):
            event.ignore()
            return
        if ctrl and key == Qt.Key.Key_Space:
            self.suggest(asked=True)
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._field.commit()
            return
        super().keyPressEvent(event)
        if event.text().strip() and not ctrl:
            self.suggest()
        elif popup.isVisible():
            popup.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say what is typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._field.commit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the usual; there is no undo of the field's own in it."""
        menu = self.createStandardContextMenu()
        for action in menu.actions()[:3]:
            menu.removeAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())


@register(BY_KIND, "code")
class CodeField(Field):
    """An expression over the columns of the row."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._raw: Any = ABSENT
        self._shown = ""
        self.faults: Sequence[tuple[str, int, int]] = ()
        self.edit = CodeEdit(self)
        self.edit.setAccessibleName(self.label)
        self.gives = aside(self)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(PAUSE)
        self._clock.timeout.connect(self.commit)
        self.edit.textChanged.connect(self._typed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.edit)
        layout.addWidget(self.gives)
        self.setFocusProxy(self.edit)
        self.watch(self.edit)
        self.edit.fit()

    def names(self) -> list[str]:
        """Return all that can be said: columns of the row, functions, words of the language."""
        columns = [name for name, _ in self._columns()]
        return [*columns, *sorted(catalogue().functions), *_KEYWORDS]

    def refresh(self) -> None:
        """Show the code."""
        raw = self._raw = self.desk.value(self.way)
        text = (
            ""
            if raw is MIXED or raw is ABSENT or raw is None
            else raw
            if isinstance(raw, str)
            else shown(raw)
        )
        self.edit.setPlaceholderText("differs" if raw is MIXED else "quantity * price")
        if text != self._shown or not self._clock.isActive():
            self._clock.stop()
            self._shown = text
            if self.edit.toPlainText() != text:
                self.edit.setPlainText(text)
                self._clock.stop()
        self._judge()

    def value(self) -> Any:
        """Return the code."""
        text = self.edit.toPlainText()
        if text == self._shown:
            return self._raw
        return text if text.strip() or self.shape.required else ABSENT

    def commit(self) -> None:
        """Take what is typed into the document."""
        self._clock.stop()
        text = self.edit.toPlainText()
        if text != self._shown:
            self._shown = text
            if text.strip() or self.shape.required:
                self.set(text)
            else:
                self.remove()

    @property
    def help(self) -> str:
        """What helps here: that names are completed."""
        return f"{super().help} Ctrl+Space lists the columns and functions.".strip()

    def show_said(self, said: Sequence[Said]) -> None:
        """Show the problems, but those that are marked in the text already."""
        own = tuple(Said(self.way, message) for message, _, _ in self.faults)
        others = tuple(each for each in said if not self.faults or not _placed(each))
        self.said = own + others

    def _columns(self) -> list[tuple[str, str]]:
        columns = self.desk.columns_of(str(self.desk.table.get("id", "")))
        besides = [(name, self.desk.column_type or "float") for name in self.shape.besides]
        return [*besides, *columns]

    def _typed(self) -> None:
        if self.edit.toPlainText() != self._shown:
            self._clock.start()
        self._judge()

    def _judge(self) -> None:
        text = self.edit.toPlainText()
        types = {name: kind for name, kind in self._columns() if kind in _TYPES}
        judged = datagen.judge(text, types) if text.strip() else None
        self.faults = judged.faults if judged is not None else ()
        self.gives.setText(f"gives {_SPOKEN.get(judged.type, judged.type)}" if judged and judged.type else "")
        self.gives.setVisible(bool(self.gives.text()))
        marks = []
        for _, start, end in self.faults:
            mark = QTextEdit.ExtraSelection()
            style = QTextCharFormat()
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(QColor(self.desk.theme.colour("error")))
            cursor = QTextCursor(self.edit.document())
            start = max(0, min(start, len(text) - 1))
            cursor.setPosition(start)
            cursor.setPosition(min(max(end, start + 1), len(text)), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            mark.format = style
            marks.append(mark)
        self.edit.setExtraSelections(marks)


_TYPES = ("int", "float", "string", "bool", "datetime", "date")
_SPOKEN = {
    "float": "a number", "int": "a number", "string": "text", "bool": "true or false",
    "datetime": "a date and time", "date": "a date", "null": "nothing: it is always null",
}  # fmt: skip


def _placed(said: Said) -> bool:
    return any(name == "start" for name, _ in said.params) or "(at character" in said.message
