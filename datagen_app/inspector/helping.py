"""Help for what is pointed at, offline: a strip below the form, and the page of the language behind it."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.inspector.wording import quoted
from datagen_app.shell.fonts import secondary, strong
from datagen_engine.resources import resource

__all__ = ["HelpPage", "HelpStrip", "chapter"]


def chapter(word: str) -> str:
    """Return what the page of the language says of a part, as Markdown; nothing where it says nothing.

    Examples
    --------
    >>> chapter("sequence").splitlines()[0].startswith("#")
    True
    """
    page = resource("docs/language.md").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=#{2,4} )", page)
    pattern = re.compile(rf"#+ .*`?\b{re.escape(word)}\b`?")
    return next((part for part in parts if pattern.match(part.split("\n", 1)[0])), "")


class HelpStrip(QFrame):
    """A few lines at the foot of the panel, about the field that is pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("class", "help")
        self.title = QLabel(self)
        self.title.setFont(strong(secondary(self.font())))
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QLabel(self)
        self.text.setFont(secondary(self.font()))
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setProperty("class", "secondary")
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.more = QToolButton(self)
        self.more.setText("?")
        self.more.setToolTip("Read more (F1)")
        self.more.setAccessibleName("Read more about it")
        self.more.setProperty("class", "small")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 6, 12, 8)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.text, 1)
        self.setAccessibleName("Help")
        self.show_help("", "")

    def event(self, event: QEvent) -> bool:
        """Be some lines high, whatever is said, so that nothing moves."""
        if event.type() in (QEvent.Type.Polish, QEvent.Type.FontChange):
            self.setFixedHeight(round(6.2 * self.fontMetrics().height()))
        return super().event(event)

    def show_help(self, title: str, text: str) -> None:
        """Show help."""
        self.title.setText(title or "Help")
        self.text.setText(quoted(text) or "Point at a field, or go to it, to read what it does.")


class HelpPage(QDialog):
    """The chapter about a generator, a modifier or a distribution."""

    def __init__(self, title: str, markdown: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Help: {title}")
        self.browser = QTextBrowser(self)
        self.browser.setAccessibleName(f"Help about {title}")
        self.browser.setOpenLinks(False)
        self.browser.setMarkdown(markdown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(self.browser)
        line = self.fontMetrics().height()
        self.resize(36 * line, 30 * line)
