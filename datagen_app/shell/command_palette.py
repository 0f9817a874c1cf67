"""The command palette: everything that can be done, and every table and column, a few letters away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from datagen_app.shell.fonts import secondary
from datagen_app.shell.theme import Theme

__all__ = ["CommandPalette", "Entry", "match"]

Index = QModelIndex | QPersistentModelIndex

_SHOWN = 60
_ASIDE = Qt.ItemDataRole.UserRole
_ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Entry:
    """Something to choose: what it is called, what is said beside it, and what choosing it does."""

    title: str
    aside: str
    run: Callable[[], object]
    keys: str = ""


def match(wanted: str, title: str) -> float | None:
    """Return how well a title answers what was typed, the more the better; `None` if it does not at all.

    All letters must come in their order. Letters that begin a word, or follow one another, count most.

    Examples
    --------
    >>> match("fit", "Fit all tables") > match("fit", "Find tables that it lists")
    True
    >>> match("xyz", "Fit all tables") is None
    True
    """
    score, at, text = 0.0, -1, title.lower()
    for letter in wanted.lower().replace(" ", ""):
        following = text.find(letter, at + 1)
        if following < 0:
            return None
        # A letter further on may begin a word, and then it is the one that was meant.
        beginnings = (i for i in range(following, len(text)) if i == 0 or not text[i - 1].isalnum())
        begins = next((i for i in beginnings if text[i] == letter), None)
        if following == at + 1 and at >= 0:
            score += 3
        elif begins is not None:
            following = begins
            score += 2
        at = following
    return score - len(text) / 200


class CommandPalette(QFrame):
    """Choose something by typing a few of its letters."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._window = parent
        self._entries: Sequence[Entry] = ()
        self.setObjectName("palette")
        self.setAccessibleName("Commands")
        self.field = QLineEdit()
        self.field.setPlaceholderText("What do you want to do?")
        self.field.setAccessibleName("Command")
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Commands that match")
        self.list.setItemDelegate(_Lines(theme, self))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)

    def ask(self, entries: Sequence[Entry]) -> None:
        """Let the user choose from these."""
        self._entries = entries
        line, window = self.fontMetrics().height(), self._window
        width = min(34 * line, window.width() - 32)
        self.resize(width, self.height())
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 3 * line)))
        self.field.clear()
        self._narrow("")
        self.show()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list and choose, while the letters go into the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
            if (step := steps.get(Qt.Key(event.key()))) is not None and self.list.count():
                row = self.list.currentRow() + step
                last = self.list.count() - 1
                self.list.setCurrentRow(row % (last + 1) if abs(step) == 1 else min(max(row, 0), last))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        scored = [(match(text, entry.title), at, entry) for at, entry in enumerate(self._entries)]
        found = sorted(
            ((-score, at, entry) for score, at, entry in scored if score is not None),
            key=lambda each: each[:2] if text.strip() else each[1],
        )
        self.list.clear()
        for _, _, entry in found[:_SHOWN]:
            item = QListWidgetItem(entry.title)
            item.setData(_ASIDE, entry.keys or entry.aside)
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}, {entry.keys or entry.aside}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._fit()

    def _fit(self) -> None:
        """Be as high as what is listed, as far as there is room."""
        line, window = self.fontMetrics().height(), self._window
        row = self.list.sizeHintForRow(0) if self.list.count() else 0
        around = (
            self.height() - self.list.height() if self.isVisible() else self.field.sizeHint().height() + 24
        )
        most = min(26 * line, window.height() - 80)
        self.resize(self.width(), min(most, around + max(1, self.list.count()) * row + 4))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hide()
            self._window.activateWindow()  # not every system does it when a popup goes
            item.data(_ENTRY).run()


class _Lines(QStyledItemDelegate):
    """Paint a title, and its keys or what it belongs to on the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        return QSize(80, option.fontMetrics.height() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("selected"))
            painter.drawRoundedRect(area, 4, 4)
        text = area.adjusted(10, 0, -10, 0)
        aside = str(index.data(_ASIDE))
        painter.setFont(secondary(option.font))
        painter.setPen(self._theme.colour("secondary"))
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, aside)
        taken = painter.fontMetrics().horizontalAdvance(aside) + 16
        painter.setFont(option.font)
        painter.setPen(self._theme.colour("text"))
        fits = option.fontMetrics.elidedText(
            str(index.data()),
            Qt.TextElideMode.ElideRight,
            int(text.width() - taken),
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fits)
