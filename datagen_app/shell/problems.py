"""The list of problems: what is wrong, how to mend it, and where; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.selection import Selection
from datagen_app.shell.fonts import monospace, secondary
from datagen_app.shell.signs import paint_sign
from datagen_app.shell.theme import Theme

__all__ = ["VERDICTS", "ProblemsModel", "ProblemsPanel", "Verdict"]

Verdict = Literal["checking", "checked", "unchecked"]
VERDICTS: dict[Verdict, str] = {
    "checking": "Checking…",
    "checked": "No problems",
    "unchecked": "Not checked",
}
"""What is said where no problem is listed."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

PROBLEM = Qt.ItemDataRole.UserRole


class ProblemsModel(QAbstractTableModel):
    """Problems, errors first, else in the order in which they were found."""

    HEADERS = ("Problem", "Place")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: list[tuple[Place, Problem]] = []

    def set_problems(self, problems: Sequence[tuple[Place, Problem]]) -> None:
        """List these problems, each with what it is about."""
        self.beginResetModel()
        self._problems = sorted(problems, key=lambda found: found[1].severity != "error")
        self.endResetModel()

    def place(self, row: int) -> Place:
        """Return what a problem is about."""
        return self._problems[row][0]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of problems."""
        return 0 if parent.isValid() else len(self._problems)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the header of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADERS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        _, problem = self._problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return problem.message if index.column() == 0 else problem.pointer
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{problem.message}\n{problem.code} at {problem.pointer}"
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return f"{problem.severity}: {problem.message}"
        return problem if role == PROBLEM else None


class _Cells(QStyledItemDelegate):
    """Paint the sign before a message, and a path in the font of code."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        metrics = option.fontMetrics
        return QSize(metrics.horizontalAdvance(str(index.data())) + 24, metrics.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        theme, area = self._theme, QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
        text = area.adjusted(8, 0, -8, 0)
        if index.column() == 0:
            side = round(option.fontMetrics.height() * 0.95)
            where = QRectF(area.left() + 16, area.center().y() - side / 2, side, side)
            paint_sign(painter, index.data(PROBLEM).severity, where, theme.palette)
            text.setLeft(where.right() + 10)
            painter.setFont(option.font)
            painter.setPen(theme.colour("text"))
        else:
            painter.setFont(secondary(monospace(option.font)))
            painter.setPen(theme.colour("secondary"))
        fits = painter.fontMetrics().elidedText(
            str(index.data()).replace("\n", " "), Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fits)
        if option.state & QStyle.StateFlag.State_HasFocus and index.column() == 0:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawLine(area.topLeft(), area.bottomLeft())


class ProblemsPanel(QStackedWidget):
    """Show the problems of the document, or that there are none."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self.model = ProblemsModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Cells(theme, self))
        self.view.setAccessibleName("Problems")
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setTabKeyNavigation(False)
        self.view.horizontalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.view.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.view.verticalHeader().hide()
        self.view.clicked.connect(self._go)
        self.view.activated.connect(self._go)
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.nothing = QLabel()
        self.nothing.setProperty("class", "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(self.view)
        self.addWidget(self.nothing)
        theme.changed.connect(self.view.viewport().update)
        self._measure()
        self.set_problems((), "checking")

    def set_problems(self, problems: Sequence[tuple[Place, Problem]], verdict: Verdict) -> None:
        """List problems.

        Parameters
        ----------
        problems
            Each with what it is about.
        verdict
            Whether these are all: without any, a schema is in order only once it was checked.
        """
        self.model.set_problems(problems)
        self.nothing.setText(VERDICTS[verdict])
        self.setCurrentWidget(self.view if problems else self.nothing)

    def step(self, by: int) -> None:
        """Go to the next problem, or with -1 to the one before; from the end back to the start."""
        count, current = self.model.rowCount(), self.view.currentIndex()
        if not count:
            return
        row = (current.row() + by) % count if current.isValid() else (0 if by > 0 else count - 1)
        index = self.model.index(row, 0)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
        self._go(index)

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        line = self.fontMetrics().height()
        self.view.verticalHeader().setDefaultSectionSize(line + 10)
        self.view.horizontalHeader().resizeSection(1, 17 * line)

    def _go(self, index: QModelIndex) -> None:
        place = self.model.place(index.row())
        if place:
            self._selection.reveal(place)
