"""A part of a form that folds."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from datagen_app.inspector.desk import Desk
from datagen_app.shell.fonts import secondary, strong

__all__ = ["MARGIN", "Section"]

MARGIN = 16


class _Head(QPushButton):
    """The heading: a click or a key folds what is below."""

    def __init__(self, title: str, desk: Desk, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._desk = desk
        self.setCheckable(True)
        self.setChecked(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = strong(secondary(self.font()))
        self.setFont(font)

    def sizeHint(self) -> QSize:
        """Be as high as its line, and a bit."""
        return QSize(
            self.fontMetrics().horizontalAdvance(self.text()) + 2 * MARGIN, self.fontMetrics().height() + 14
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title and the arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._desk.theme
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(3, 3, -3, -3), 4, 4)
        painter.setPen(theme.colour("secondary"))
        painter.setFont(self.font())
        where = self.rect().adjusted(MARGIN, 0, -MARGIN - 16, 0)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setPen(QPen(theme.colour("secondary"), 1.5))
        x, y = self.width() - MARGIN - 5.0, self.height() / 2
        if self.isChecked():
            painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
        else:
            painter.drawPolyline([QPointF(x - 2, y - 4), QPointF(x + 2, y), QPointF(x - 2, y + 4)])


class Section(QFrame):
    """A heading, and what stands below it.

    Parameters
    ----------
    title
        The heading; nothing for a part without one, which does not fold.
    desk
        Remembers which sections are folded.
    content
        What stands below.
    """

    def __init__(self, title: str, desk: Desk, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.content = title, content
        self._desk = desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        rule = QFrame(self)
        rule.setProperty("class", "rule")
        rule.setFixedHeight(1)
        self._head: _Head | None = None
        if title:
            layout.addWidget(rule)
            self._head = _Head(title, desk, self)
            self._head.setAccessibleName(title)
            self._head.clicked.connect(self._fold)
            layout.addWidget(self._head)
        else:
            rule.hide()
        self._inside = QWidget(self)
        inside = QHBoxLayout(self._inside)
        inside.setContentsMargins(MARGIN, 12 if not title else 2, MARGIN, 14)
        inside.addWidget(content)
        layout.addWidget(self._inside)
        if title in desk.folded:
            self.set_open(False)

    @property
    def open(self) -> bool:
        """Whether what is below can be seen."""
        return self._inside.isVisibleTo(self)

    def set_open(self, shown: bool) -> None:
        """Fold or unfold."""
        if self._head is not None:
            self._head.setChecked(shown)
            self._head.setAccessibleDescription("unfolded" if shown else "folded")
        self._inside.setVisible(shown)

    def _fold(self) -> None:
        shown = self._head is None or self._head.isChecked()
        self.set_open(shown)
        (self._desk.folded.discard if shown else self._desk.folded.add)(self.title)


def quiet(text: str, parent: QWidget | None = None) -> QLabel:
    """Return a label for what is said aside."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("class", "secondary")
    label.setFont(secondary(label.font()))
    return label
