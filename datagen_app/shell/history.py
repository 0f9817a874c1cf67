"""The history: every step that led to the document as it is, and those that were taken back; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from datagen_app.shell.fonts import strong
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme

__all__ = ["HistoryModel", "HistoryPanel"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

STATE = Qt.ItemDataRole.UserRole
"""`done`, `now`, or `undone`."""


class HistoryModel(QAbstractListModel):
    """The beginning, then the steps in the order in which they were done."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: list[str] = []
        self._position = 0

    @property
    def position(self) -> int:
        """The row of the present state."""
        return self._position

    def set_steps(self, beginning: str, titles: Sequence[str], position: int) -> None:
        """List steps, of which so many are done."""
        wanted = [beginning, *titles]
        same = 0
        for one, other in zip(self._titles, wanted, strict=False):
            if one != other:
                break
            same += 1
        if same < len(self._titles):
            self.beginRemoveRows(_ROOT, same, len(self._titles) - 1)
            del self._titles[same:]
            self.endRemoveRows()
        if same < len(wanted):
            self.beginInsertRows(_ROOT, same, len(wanted) - 1)
            self._titles += wanted[same:]
            self.endInsertRows()
        if position != self._position:
            self._position = position
            self.dataChanged.emit(self.index(0), self.index(len(self._titles) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of states."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a line shows."""
        if not index.isValid():
            return None
        row = index.row()
        state = "now" if row == self._position else "done" if row < self._position else "undone"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._titles[row]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._titles[row]}, {_SAID[state]}" if _SAID[state] else self._titles[row]
            case _ if role == STATE:
                return state
        return None


_SAID = {"done": "", "now": "the present state", "undone": "taken back"}


class _Lines(QStyledItemDelegate):
    """Paint a step on a line of time: a dot for each, filled up to the present one."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        return QSize(80, option.fontMetrics.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a step."""
        theme, area, state = self._theme, QRectF(option.rect), index.data(STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
        across, down, reach = area.left() + 20, area.center().y(), option.fontMetrics.height() * 0.22
        painter.setPen(QPen(theme.colour("border"), 1.5))
        last = index.row() == index.model().rowCount() - 1
        painter.drawLine(
            round(across), round(down if index.row() == 0 else area.top()),
            round(across), round(down if last else area.bottom() + 1),
        )  # fmt: skip
        painter.setPen(QPen(theme.colour("accent" if state == "now" else "secondary"), 1.5))
        painter.setBrush(theme.colour({"now": "accent", "done": "secondary"}.get(state, "surface")))
        grown = reach * (1.3 if state == "now" else 1)
        painter.drawEllipse(QRectF(across - grown, down - grown, 2 * grown, 2 * grown))
        text = area.adjusted(36, 0, -12, 0)
        painter.setFont(strong(option.font) if state == "now" else option.font)
        painter.setPen(theme.colour("secondary" if state == "undone" else "text"))
        fits = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fits)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.restore()


class HistoryPanel(QWidget):
    """Show the steps of the open document, and go to one.

    Parameters
    ----------
    session
        The open document.
    theme
        Colours.
    """

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = HistoryModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Lines(theme, self))
        self.view.setAccessibleName("History")
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.clicked.connect(self._go)
        self.view.activated.connect(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        session.opened.connect(self._show)
        session.changed.connect(self._show)
        theme.changed.connect(self.view.viewport().update)

    def _show(self) -> None:
        opened = self._session.open_document
        if opened is None:
            self.model.set_steps("", (), 0)
            return
        steps = opened.steps
        self.model.set_steps("Opened", [step.title for step in steps], opened.position)
        self.view.setCurrentIndex(self.model.index(opened.position))
        self.view.scrollTo(self.model.index(opened.position))

    def _go(self, index: QModelIndex) -> None:
        opened = self._session.open_document
        if opened is not None and not opened.busy:
            opened.go_to(index.row())
