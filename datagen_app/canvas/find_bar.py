"""The bar that finds tables and columns on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from datagen_app.canvas.editor import Editor
from datagen_app.canvas.finding import MOST, find
from datagen_app.document.place import Place
from datagen_app.shell.icons import icon
from datagen_app.shell.theme import Theme

__all__ = ["FindBar"]

_MARGIN = 12
_CHARACTERS = 24


class FindBar(QWidget):
    """Go from one to the next of the tables and columns whose names hold a text.

    Parameters
    ----------
    editor
        Whose document is searched.
    theme
        Colours of the icons.
    """

    def __init__(self, editor: Editor, theme: Theme) -> None:
        super().__init__(editor.canvas)
        self._editor, self._theme = editor, theme
        self._found: Sequence[Place] = ()
        self._at = -1
        self.setObjectName("find")
        self.setProperty("class", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Find in the diagram")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find tables, columns")
        self.field.setAccessibleName("Find tables and columns")
        self.field.setMinimumWidth(_CHARACTERS * self.fontMetrics().averageCharWidth())
        self.said = QLabel()
        self.said.setProperty("class", "secondary")
        self.said.setMinimumWidth(9 * self.fontMetrics().averageCharWidth())
        self._buttons = {
            "up": _button("Previous match (Shift+Enter)", self.previous),
            "down": _button("Next match (Enter)", self.next),
            "close": _button("Close (Esc)", self.leave),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, 6, 6)
        row.setSpacing(4)
        for widget in (self.field, self.said, *self._buttons.values()):
            row.addWidget(widget)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        editor.canvas.installEventFilter(self)
        theme.changed.connect(self._colour)
        editor.session.changed.connect(self._search_again)
        editor.session.opened.connect(self.hide)
        self._colour()
        self.hide()

    @property
    def found(self) -> Sequence[Place]:
        """What was found."""
        return self._found

    def open(self) -> None:
        """Show the bar, ready for what is sought."""
        self.show()
        self.raise_()
        self._put()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search_again()

    def leave(self) -> None:
        """Close the bar; what was found last stays selected."""
        self.hide()
        self._editor.scene.mark_found(())
        self._editor.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def next(self) -> None:
        """Go to the next match; after the last comes the first."""
        self._step(1)

    def previous(self) -> None:
        """Go to the match before; before the first comes the last."""
        self._step(-1)

    def _search(self) -> None:
        self._list()
        self._at = 0 if self._found else -1
        self._show()

    def _search_again(self) -> None:
        """Look at the document as it has become, and stay where it was."""
        if not self.isVisible():
            return
        before = self._found[self._at] if 0 <= self._at < len(self._found) else None
        self._list()
        self._at = self._found.index(before) if before in self._found else -1
        self._say()

    def _list(self) -> None:
        document = self._editor.session.document
        self._found = find(document, self.field.text()) if document is not None else ()
        self._editor.scene.mark_found(self._found)

    def _step(self, by: int) -> None:
        if self._found:
            first = 0 if by > 0 else len(self._found) - 1
            self._at = (self._at + by) % len(self._found) if self._at >= 0 else first
            self._show()

    def _show(self) -> None:
        if 0 <= self._at < len(self._found):
            self._editor.scene.mark(())
            self._editor.selection.reveal(self._found[self._at])
        self._say()

    def _say(self) -> None:
        count = len(self._found)
        if not self.field.text().strip():
            self.said.setText("")
        elif not count:
            self.said.setText("No match")
        else:
            shown = f"{count:,}" if count < MOST else f"{MOST:,}+"
            self.said.setText(f"{self._at + 1} of {shown}" if self._at >= 0 else shown)
        self.field.setAccessibleDescription(self.said.text())

    def _put(self) -> None:
        """Stand in the upper right corner."""
        self.adjustSize()
        self.move(self._editor.canvas.width() - self.width() - _MARGIN, _MARGIN)

    def _colour(self) -> None:
        side = round(self.fontMetrics().height() * 1.1)
        for name, button in self._buttons.items():
            button.setIcon(icon(name, self._theme.palette, "secondary"))
            button.setIconSize(QSize(side, side))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on, Shift+Enter back, Esc closes; the bar keeps to its corner."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self._step(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._put()
        return super().eventFilter(watched, event)


def _button(tip: str, run: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAutoRaise(True)
    button.clicked.connect(run)
    return button
