"""Type a name where it stands: of a table, a column, a group; or the text of a note."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from datagen_app.canvas.annotations import Annotation
from datagen_app.canvas.editor import Editor
from datagen_app.canvas.geometry import FOOT, GUTTER, HEADER, MARGIN, ROW, WIDTH
from datagen_app.canvas.margins import TITLE, frame_of, title_of
from datagen_app.document.place import Place
from datagen_app.document.steps.columns import add_column, guessed
from datagen_app.document.steps.naming import refused_column, refused_table
from datagen_app.document.steps.renaming import rename
from datagen_app.document.words import generator_word
from datagen_app.shell.fonts import strong

__all__ = ["Naming"]

_READABLE = 0.6
"""The zoom from which letters are large enough to be typed at."""
_LEAST = 12.0
"""Characters that a field has room for at least."""


def _enters(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Line(QLineEdit):
    """A field for one line; Enter and leaving it commit, Esc does not."""

    def __init__(self, parent: QWidget, naming: Naming) -> None:
        super().__init__(parent)
        self._naming = naming

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit or cancel."""
        if _enters(event):
            self._naming.commit()
        elif event.key() == Qt.Key.Key_Escape:
            self._naming.cancel()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit; what is refused is given up, for the user is elsewhere already."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._naming.leave()


class _Text(QPlainTextEdit):
    """A field for a text; Ctrl+Enter and leaving it commit, Esc does not."""

    def __init__(self, parent: QWidget, naming: Naming) -> None:
        super().__init__(parent)
        self._naming = naming
        self.setTabChangesFocus(True)

    def event(self, event: QEvent) -> bool:
        """Claim Ctrl+Enter, which elsewhere in the window begins a run."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _enters(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit or cancel."""
        if _enters(event) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._naming.commit()
        elif event.key() == Qt.Key.Key_Escape:
            self._naming.cancel()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._naming.leave()


class Naming(QObject):
    """Show a field over the name that is typed, and do what it says.

    Parameters
    ----------
    editor
        What is named.
    """

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        view = editor.canvas.viewport()
        self._line, self._text = _Line(view, self), _Text(view, self)
        self._hint = QLabel(view)
        self._hint.setProperty("class", "hint")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setProperty("class", "inline")
        self._text.setProperty("class", "inline")
        for widget in (self._line, self._text, self._hint):
            widget.hide()
        self._refuse: Callable[[str], str] = _accept
        self._say: Callable[[str], str] = _accept
        self._do: Callable[[str], object] | None = None
        self._where = QRectF()
        self._before = ""
        self._text.setAccessibleName("Text of the note")
        self._line.textChanged.connect(self._judge)
        editor.naming.connect(self.name)
        editor.adding_column.connect(self.name_new_column)
        editor.canvas.moved.connect(self._put)
        editor.scene.altered.connect(self._put)

    @property
    def field(self) -> QLineEdit | QPlainTextEdit | None:
        """The field that is typed into, while there is one."""
        return next((field for field in (self._line, self._text) if field.isVisible()), None)

    @property
    def hint(self) -> str:
        """What is said below the field."""
        return self._hint.text() if self._hint.isVisible() else ""

    def name(self, what: Place | Annotation) -> None:
        """Let a table, a column, a group be named, or a note be written."""
        self.cancel()
        if isinstance(what, Annotation):
            self._name_annotation(what)
            return
        editor = self._editor
        table, column = editor.document.resolve(what)
        if table is None:
            return
        editor.canvas.reveal_readably(what, _READABLE)
        key = column.key if column is not None else None
        name = column.name if column is not None else table.id
        self._refuse = (
            (lambda name: refused_column(table, name, but=key))
            if column is not None
            else (lambda name: refused_table(editor.document, name, but=table.key))
        )
        self._say = _accept
        self._do = lambda name: editor.attempt(lambda: rename(editor.document, what, name))
        self._begin(self._frame_of(what), name, "Name of the column" if column else "Name of the table")

    def name_new_column(self, table: int) -> None:
        """Let the name of a new column be typed, below the last one; its generator is guessed from it."""
        self.cancel()
        editor = self._editor
        place, found = Place(table), editor.document.table(table)
        card = editor.scene.card(table)
        if found is None or card is None:
            return
        editor.canvas.reveal_readably(place, _READABLE)
        where = QRectF(card.x + GUTTER - MARGIN / 2, card.y + card.height - FOOT, WIDTH - GUTTER, ROW)
        editor.canvas.bring(where.adjusted(0, 0, 0, 2 * ROW))

        def guess(name: str) -> str:
            now = editor.document.table(table)
            if now is None or not name.strip():
                return "A name, and the generator is guessed from it."
            column = guessed(editor.document, now, name.strip())
            return f"{column['type']} · {generator_word(column)}"

        self._refuse = lambda name: refused_column(found, name) if name else ""
        self._say = guess
        self._do = lambda name: self._add_column(table, name)
        self._begin(where, "", "Name of the new column")

    def commit(self) -> None:
        """Do what was typed, unless it is refused; then it is said why."""
        text = self._typed()
        if self._do is None or (self._refuse(text) and text != self._before):
            self._judge()
            return
        do, self._do = self._do, None
        self._close()
        if text != self._before:
            do(text)

    def leave(self) -> None:
        """Commit, or give up what is refused."""
        if self._do is None:
            return
        if self._refuse(self._typed()):
            self.cancel()
        else:
            self.commit()

    def cancel(self) -> None:
        """Leave the name as it was."""
        self._do = None
        self._close()

    def _add_column(self, table: int, name: str) -> None:
        """Add the column, and go on with the next one: whoever types one often types several."""
        editor = self._editor
        if not name.strip() or not editor.attempt(lambda: add_column(editor.document, table, name.strip())):
            return
        found = editor.document.table(table)
        if found is not None and found.columns:
            editor.choose([Place(table, found.columns[-1].key)])

    def _name_annotation(self, annotation: Annotation) -> None:
        self._refuse, self._say = _accept, _accept
        self._do = lambda text: self._editor.write(annotation, text)
        frame = frame_of(annotation)
        self._editor.canvas.bring(frame if annotation.kind == "note" else title_of(annotation))
        if annotation.kind == "note":
            self._begin(frame, annotation.text, "Text of the note", many=True)
        else:
            title = QRectF(frame.left() + MARGIN / 2, frame.top(), min(frame.width() - MARGIN, WIDTH), TITLE)
            self._begin(title, annotation.text, "Title of the group")

    def _frame_of(self, place: Place) -> QRectF:
        frame = self._editor.scene.frame_of(place)
        if place.column is None:
            return QRectF(frame.left() + MARGIN / 2, frame.top() + 2, WIDTH - MARGIN, HEADER - 4)
        return QRectF(frame.left() + GUTTER - MARGIN / 2, frame.top(), WIDTH - GUTTER, ROW)

    # The field

    def _begin(self, where: QRectF, text: str, name: str, *, many: bool = False) -> None:
        self._where, self._before = where, text
        field: QLineEdit | QPlainTextEdit
        if many:
            self._text.setPlainText(text)
            self._text.selectAll()
            field = self._text
        else:
            self._line.setText(text)
            self._line.selectAll()
            self._line.setAccessibleName(name)
            field = self._line
        field.show()
        field.raise_()
        self._put()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._judge()

    def _put(self) -> None:
        """Stand over the name, however the diagram is moved and zoomed."""
        field = self.field
        if field is None:
            return
        canvas = self._editor.canvas
        pixels = canvas.transform().m11()
        ink = self._editor.scene.ink
        letters = ink.lettering(max(pixels, _READABLE * ink.unit))
        font = strong(letters.name) if self._where.height() > ROW and field is self._line else letters.name
        field.setFont(font)
        area = canvas.rect_from_scene(self._where)
        width = max(area.width(), _LEAST * field.fontMetrics().averageCharWidth())
        height = max(area.height(), field.fontMetrics().height() + 6.0)
        middle = area.center().y()
        top = area.top() if field is self._text else middle - height / 2
        field.setGeometry(QRect(round(area.left()), round(top), round(width), round(height)))
        self._put_hint()

    def _put_hint(self) -> None:
        field = self.field
        if field is not None and self._hint.isVisible():
            self._hint.adjustSize()
            view = self._editor.canvas.viewport().rect()
            left = min(field.x(), max(view.right() - self._hint.width() - 4, 0))
            below = field.geometry().bottom() + 4
            fits = below + self._hint.height() < view.bottom()
            self._hint.move(left, below if fits else field.y() - self._hint.height() - 4)

    def _judge(self) -> None:
        """Say what stands in the way of a name, or what will come of it."""
        text = self._typed()
        refused = self._refuse(text) if text != self._before else ""
        said = refused or self._say(text)
        self._hint.setText(said)
        self._hint.setVisible(bool(said) and self.field is not None)
        self._hint.raise_()
        self._line.setAccessibleDescription(said)
        self._put_hint()

    def _typed(self) -> str:
        return self._text.toPlainText() if self._text.isVisible() else self._line.text()

    def _close(self) -> None:
        field = self.field
        self._hint.hide()
        if field is not None:
            mine = field.hasFocus()
            field.hide()
            if mine:
                self._editor.canvas.setFocus(Qt.FocusReason.OtherFocusReason)


def _accept(_text: str) -> str:
    """Find nothing wrong with a name, and nothing to say of it."""
    return ""
