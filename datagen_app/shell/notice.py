"""A strip above the canvas: something happened that the user should know of, and goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from datagen_app.shell.icons import icon
from datagen_app.shell.signs import Sign, sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["Action", "Notice"]

Action: TypeAlias = tuple[str, Callable[[], object]]
"""What a button says, and what it does."""


class Notice(QFrame):
    """Show a message until it is closed, or another takes its place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign: Sign = "warning"
        self.setProperty("class", "notice")
        self.picture = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.dismiss = QToolButton()
        self.dismiss.setAccessibleName("Close this message")
        self.dismiss.setToolTip("Close this message")
        self.dismiss.clicked.connect(self.hide)
        self._buttons: list[QPushButton] = []
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.picture)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.dismiss)
        theme.changed.connect(self._colour)
        self._colour()
        self.hide()

    def say(self, message: str, sign: Sign = "warning", actions: Sequence[Action] = ()) -> None:
        """Show a message, and buttons for what can be done about it."""
        self._sign = sign
        while self._buttons:
            button = self._buttons.pop()
            button.hide()
            button.deleteLater()
        for at, (title, run) in enumerate(actions):
            button = QPushButton(title)
            button.clicked.connect(_Answer(self, run))
            self._row.insertWidget(2 + at, button)
            self._buttons.append(button)
        self.text.setText(message)
        self._colour()
        self.show()

    def _colour(self) -> None:
        side = self.fontMetrics().height()
        self.picture.setPixmap(sign_pixmap(self._sign, self._theme.palette, side, self.devicePixelRatioF()))
        self.dismiss.setIcon(icon("close", self._theme.palette, "secondary"))


class _Answer:
    """Do what a button of a message does, and take the message away."""

    def __init__(self, notice: Notice, run: Callable[[], object]) -> None:
        self._notice, self._run = notice, run

    def __call__(self) -> None:
        self._notice.hide()
        self._run()
