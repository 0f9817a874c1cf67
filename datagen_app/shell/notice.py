"""A strip above the canvas: something happened that the user should know of, and goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from datagen_app.shell.icons import icon
from datagen_app.shell.signs import Sign, sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["Notice"]


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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.picture)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.dismiss)
        theme.changed.connect(self._colour)
        self._colour()
        self.hide()

    def say(self, message: str, sign: Sign = "warning") -> None:
        """Show a message."""
        self._sign = sign
        self.text.setText(message)
        self._colour()
        self.show()

    def _colour(self) -> None:
        side = self.fontMetrics().height()
        self.picture.setPixmap(sign_pixmap(self._sign, self._theme.palette, side, self.devicePixelRatioF()))
        self.dismiss.setIcon(icon("close", self._theme.palette, "secondary"))
