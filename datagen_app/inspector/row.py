"""A row of a form: a label, its field, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from datagen_app.inspector.desk import Desk, Said
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.wording import quoted
from datagen_app.shell.fonts import secondary
from datagen_app.shell.signs import Sign, sign_pixmap

__all__ = ["LABELS", "Complaints", "Row", "link"]

LABELS = "Nulls allowed"
"""The column of labels is as wide as this; a longer one takes another line."""
_MOST = 3
"""So many problems are shown at one field."""


class Complaints(QWidget):
    """The problems of a field, each with its sign, its words, and the button that mends it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[Said, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 2)
        self._layout.setSpacing(4)
        self.hide()

    @property
    def messages(self) -> list[str]:
        """What is shown."""
        return [said.message for said in self._shown]

    def show_said(self, said: Sequence[Said]) -> None:
        """Show problems."""
        unique = tuple({each.message: each for each in said}.values())
        if unique == self._shown:
            return
        self._shown = unique
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for each in unique[:_MOST]:
            self._layout.addWidget(self._line(each))
        if len(unique) > _MOST:
            self._layout.addWidget(_words(f"and {len(unique) - _MOST} more", self))
        self.setVisible(bool(unique))

    def _line(self, said: Said) -> QWidget:
        line = QWidget(self)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        sign = QLabel(line)
        severity: Sign = "error" if said.severity == "error" else "warning"
        side = round(self.fontMetrics().height() * 0.85)
        sign.setPixmap(sign_pixmap(severity, self._desk.theme.palette, side, self.devicePixelRatioF()))
        sign.setAccessibleName(severity)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(_words(_sentence(said.message), line))
        if said.fix:
            mend = link(said.fix, line)
            mend.clicked.connect(_Mend(self._desk, said))
            column.addWidget(mend, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(column, 1)
        return line


class _Mend:
    """Do a fix when called."""

    def __init__(self, desk: Desk, said: Said) -> None:
        self._desk, self._said = desk, said

    def __call__(self) -> None:
        self._desk.do(self._said.fix, self._said.edits)


class Row(QWidget):
    """A field with its label.

    Signals
    -------
    removed
        The cross behind it was pressed.
    """

    removed = Signal()

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.complaints = Complaints(desk, self)
        self.label = QLabel(field.label, self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setProperty("class", "secondary")
        self.label.setWordWrap(True)
        self.label.setBuddy(field)
        self.label.setVisible(field.labelled)
        field.setParent(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        width = self.fontMetrics().horizontalAdvance(LABELS) + 8
        if field.wide or not field.labelled:
            self.label.setFont(secondary(self.font()))
            grid.addWidget(self.label, 0, 0, 1, 2)
            grid.addWidget(field, 1, 0, 1, 2)
            grid.addWidget(self.complaints, 2, 0, 1, 2)
        else:
            self.label.setFixedWidth(width)
            self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            # A grid gives a label that wraps one line, whatever it needs.
            self.label.setMinimumHeight(self.label.heightForWidth(width))
            grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(field, 0, 1)
            grid.addWidget(self.complaints, 1, 0, 1, 2)
            grid.setColumnStretch(1, 1)
        field.watch(self.label)

    def show_said(self, said: Sequence[Said]) -> None:
        """Show the problems of the field."""
        self.field.show_said(said)
        self.complaints.show_said(self.field.said)


def link(text: str, parent: QWidget | None = None) -> QPushButton:
    """Return a button that looks like a link."""
    button = QPushButton(text.replace("&", "&&"), parent)
    button.setProperty("class", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setAutoDefault(False)
    return button


def _words(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(secondary(parent.font()))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _sentence(text: str) -> str:
    return quoted(f"{text[:1].upper()}{text[1:]}")
