"""A button that shows one of several choices, and a list to choose from: with words, samples and a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from datagen_app.shell.fonts import monospace, secondary
from datagen_app.shell.theme import Theme

__all__ = ["Choice", "Picker", "matching"]

_FILTERED_FROM = 9
"""With so many choices there is a filter."""
_SHOWN = 11
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the choices: what is chosen, what it is called, a word about it, and a sample of it."""

    key: str
    title: str
    word: str = ""
    sample: str = ""
    aside: str = ""
    """What stands at the right of the title: a type, a group."""


def matching(choices: Sequence[Choice], text: str) -> list[Choice]:
    """Return the choices in which every word of a text occurs, those whose title begins with it first.

    Examples
    --------
    >>> found = matching([Choice("a", "Last name"), Choice("b", "Name")], "name")
    >>> [choice.key for choice in found]
    ['b', 'a']
    """
    words = text.lower().split()
    found = [c for c in choices if all(w in f"{c.title} {c.key} {c.word} {c.aside}".lower() for w in words)]
    if not words:
        return found

    def rank(choice: Choice) -> int:
        title, key = choice.title.lower(), choice.key.lower()
        return 0 if title.startswith(words[0]) or key.startswith(words[0]) else 1 if words[0] in title else 2

    return sorted(found, key=rank)


class _Model(QAbstractListModel):
    def __init__(self, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self.choices = list(choices)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            said = (choice.title, choice.aside, choice.word, choice.sample)
            return ". ".join(part for part in said if part)
        return choice if role == Qt.ItemDataRole.UserRole else None

    def show(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self.choices = list(choices)
        self.endResetModel()


class _Painter(QStyledItemDelegate):
    """Paint a choice: its title, a word below it, and a sample in the letters of code."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.width = 0
        """The width of the list before it is shown."""

    def height_of_word(self, choice: Choice, font: QFont, width: int) -> int:
        """Return how high the word about a choice is, over as many lines as it needs."""
        if not choice.word:
            return 0
        flags = Qt.TextFlag.TextWordWrap
        return (
            QFontMetrics(secondary(font)).boundingRect(QRect(0, 0, width, 1000), flags, choice.word).height()
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        font = option.font
        metrics, small = QFontMetrics(font), QFontMetrics(secondary(font))
        view = self.parent()
        width = self.width or (view.viewport().width() if isinstance(view, QListView) else 300)
        height = metrics.height() + self.height_of_word(choice, font, width - 16)
        height += small.lineSpacing() if choice.sample else 0
        return QSize(width, height + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        palette, rect = self._theme, option.rect
        painter.save()
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = option.state & QStyle.StateFlag.State_Selected
            painter.fillRect(rect, palette.colour("selected" if selected else "hover"))
        inside = rect.adjusted(8, 5, -8, -5)
        metrics, small = QFontMetrics(option.font), QFontMetrics(secondary(option.font))
        painter.setFont(secondary(option.font))
        painter.setPen(palette.colour("secondary"))
        aside = small.horizontalAdvance(choice.aside) + 8 if choice.aside else 0
        line = QRect(inside.left(), inside.top(), inside.width(), metrics.height())
        if choice.aside:
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, choice.aside)
        painter.setFont(option.font)
        painter.setPen(palette.colour("text"))
        title = metrics.elidedText(choice.title, Qt.TextElideMode.ElideRight, inside.width() - aside)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        top = line.bottom() + 1
        painter.setPen(palette.colour("secondary"))
        if choice.word:
            painter.setFont(secondary(option.font))
            high = self.height_of_word(choice, option.font, inside.width())
            where = QRect(inside.left(), top, inside.width(), high)
            painter.drawText(where, Qt.TextFlag.TextWordWrap, choice.word)
            top += high
        if choice.sample:
            font = monospace(secondary(option.font))
            painter.setFont(font)
            text = QFontMetrics(font).elidedText(choice.sample, Qt.TextElideMode.ElideRight, inside.width())
            where = QRect(inside.left(), top, inside.width(), small.lineSpacing())
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class Popup(QFrame):
    """The list of choices, open below its button.

    Signals
    -------
    chosen
        The key of the choice.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[Choice],
        current: str,
        theme: Theme,
        name: str,
        parent: QWidget,
        free: str = "",
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self._all, self._free = choices, free
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter, or type another" if free else "Filter")
        self.filter.setAccessibleName(f"Filter {name}")
        self.filter.setVisible(len(choices) >= _FILTERED_FROM)
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        self.list = QListView(self)
        self.list.setAccessibleName(name)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self._model = _Model(choices, self)
        self.list.setModel(self._model)
        self._painter = _Painter(theme, self.list)
        self.list.setItemDelegate(self._painter)
        self.list.clicked.connect(self._take)
        self.list.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self.list)
        self._go(next((at for at, choice in enumerate(choices) if choice.key == current), 0))
        (self.filter if self.filter.isVisibleTo(self) else self.list).setFocus()

    def open_below(self, button: QWidget, width: int) -> None:
        """Open below a button, or above it where there is no room."""
        option = QStyleOptionViewItem()
        option.font = self.list.font()
        width = max(width, min(self._needed(), 26 * self.fontMetrics().height()))
        self._painter.width = width - 10
        heights = [
            self._painter.sizeHint(option, self._model.index(row)).height()
            for row in range(min(len(self._all), 4 * _SHOWN))
        ]
        if sum(heights) > _SHOWN * 3 * self.fontMetrics().height():  # a scroll bar takes its share
            self._painter.width -= self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        most = _SHOWN * 3 * self.fontMetrics().height()
        extra = 14 + (self.filter.sizeHint().height() + 4 if self.filter.isVisibleTo(self) else 0)
        height = min(sum(heights), most) + extra
        screen = button.screen().availableGeometry()
        below = button.mapToGlobal(QPoint(0, button.height() + 2))
        if below.y() + height > screen.bottom():
            above = button.mapToGlobal(QPoint(0, -2)).y() - height
            below.setY(max(screen.top(), above))
        window = button.window().geometry()
        right = min(screen.right(), max(window.right(), below.x() + button.width()))
        left = max(screen.left(), min(below.x(), right - width))
        self.setGeometry(left, below.y(), width, min(height, screen.height()))
        self.show()
        self.list.scrollTo(self.list.currentIndex())

    def _needed(self) -> int:
        """Return the width that titles and what stands beside them need."""
        metrics, small = self.fontMetrics(), QFontMetrics(secondary(self.font()))
        shown = self._all[:200]
        return max(
            (metrics.horizontalAdvance(c.title) + small.horizontalAdvance(c.aside) + 60 for c in shown),
            default=0,
        )

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Let the keys of the list work while the filter is typed into."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentIndex())
                return True
            if watched is self.filter and key in (
                Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
            ):  # fmt: skip
                steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
                self._go(self.list.currentIndex().row() + steps[Qt.Key(key)])
                return True
        return False

    def _go(self, row: int) -> None:
        rows = self._model.rowCount()
        if rows:
            self.list.setCurrentIndex(self._model.index(max(0, min(row, rows - 1))))

    def _narrow(self, text: str) -> None:
        found = matching(self._all, text)
        if self._free and text.strip() and all(choice.key != text.strip() for choice in self._all):
            found.append(Choice(text.strip(), f"{self._free} “{text.strip()}”"))
        self._model.show(found)
        self._go(0)

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            choice: Choice = index.data(Qt.ItemDataRole.UserRole)
            self.chosen.emit(choice.key)
        self.close()


class Picker(QPushButton):
    """Show the current choice, and open the list.

    Signals
    -------
    picked
        The key of another choice.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        self._choices: Callable[[], Sequence[Choice]] = tuple
        self._current, self._text = "", ""
        self._quiet = False
        self.popup: Popup | None = None
        self.wide = 0
        """The width of the list in pixels, where it is to be wider than the button."""
        self.free = ""
        """The word with which the list offers what is typed into its filter; nothing if it does not."""
        self.steps = True
        """Whether the arrow keys go through the choices one by one."""
        self.setProperty("class", "picker")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(48)
        self.clicked.connect(self.open)
        self.show_choice("", "")

    @property
    def current(self) -> str:
        """The key of the current choice."""
        return self._current

    def offer(self, choices: Callable[[], Sequence[Choice]]) -> None:
        """Say where the choices come from when the list opens."""
        self._choices = choices

    def show_choice(self, key: str, text: str, quiet: bool = False) -> None:
        """Show a choice; a quiet text stands for none."""
        self._current, self._text, self._quiet = key, text, quiet
        self.setAccessibleName(f"{self._name}: {text}" if text else self._name)
        self.setToolTip(text if self._elided() else "")
        self.update()

    def open(self) -> None:
        """Open the list."""
        choices = list(self._choices())
        if not choices:
            return
        popup = Popup(choices, self._current, self._theme, self._name, self, self.free)
        popup.chosen.connect(self._take)
        popup.destroyed.connect(self._forget)
        self.popup = popup
        popup.open_below(self, max(self.width(), self.wide))

    def sizeHint(self) -> QSize:
        """Be as high as a line."""
        return QSize(12 * self.fontMetrics().averageCharWidth(), self.fontMetrics().height() + 14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter, Space, F4 and Alt+Down; go through the choices with the arrows."""
        key = event.key()
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4) or (alt and key == Qt.Key.Key_Down):
            self.open()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not alt:
            if self.steps:
                self._step(-1 if key == Qt.Key.Key_Up else 1)
            else:
                self.open()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel, never the choice."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, the text and the arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, focused = self._theme, self.hasFocus()
        painter.setBrush(theme.colour("hover" if self.underMouse() and self.isEnabled() else "surface"))
        painter.setPen(QPen(theme.colour("accent" if focused else "control_border"), 2 if focused else 1))
        inset = 1.0 if focused else 0.5
        painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), 6, 6)
        ink = "secondary" if self._quiet else "text"
        painter.setPen(theme.colour(ink if self.isEnabled() else "control_border"))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width() - 34)
        where = self.rect().adjusted(10, 0, -24, 0)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        x, y = self.width() - 15.0, self.height() / 2
        painter.setPen(QPen(theme.colour("secondary"), 1.5))
        painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])

    def _elided(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self._text) > self.width() - 34

    def _step(self, by: int) -> None:
        choices = list(self._choices())
        at = next((at for at, choice in enumerate(choices) if choice.key == self._current), None)
        if choices:
            to = 0 if at is None else max(0, min(at + by, len(choices) - 1))
            if choices[to].key != self._current:
                self._take(choices[to].key)

    def _take(self, key: str) -> None:
        if key != self._current or self._quiet:
            self.picked.emit(key)

    def _forget(self) -> None:
        self.popup = None
