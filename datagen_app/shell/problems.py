"""The list of problems: what is wrong, how to mend it, and where; a click goes there, another mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.problem import Problem
from datagen_app.document.steps.fixes import apply_fix, apply_fixes
from datagen_app.preview.select import Select
from datagen_app.shell.fonts import monospace, secondary, strong
from datagen_app.shell.problems_model import GROUPINGS, PROBLEM, Found, ProblemsModel
from datagen_app.shell.signs import paint_sign
from datagen_app.shell.theme import Theme

if TYPE_CHECKING:
    from datagen_app.shell.session import Session

__all__ = ["VERDICTS", "ProblemsPanel", "Verdict"]

Verdict = Literal["checking", "checked", "unchecked"]
VERDICTS: dict[Verdict, str] = {
    "checking": "Checking…",
    "checked": "No problems",
    "unchecked": "Not checked",
}
"""What is said where no problem is listed."""

Index = QModelIndex | QPersistentModelIndex


class _Lines(QStyledItemDelegate):
    """Paint the sign before a message, its fix behind it, and a path in the font of code."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        metrics = option.fontMetrics
        return QSize(metrics.horizontalAdvance(str(index.data())) + 24, metrics.height() + 10)

    def fix_rect(self, option: QStyleOptionViewItem, index: Index) -> QRectF:
        """Return where the fix of a problem stands; nothing if it has none."""
        problem: Problem | None = index.data(PROBLEM)
        if problem is None or problem.fix is None or index.column():
            return QRectF()
        area = QRectF(option.rect)
        wanted = QFontMetricsF(option.font).horizontalAdvance(problem.fix.title) + 8
        width = min(wanted, area.width() / 2)
        return QRectF(area.right() - width - 8, area.top(), width, area.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        theme, area = self._theme, QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
        text = area.adjusted(8, 0, -8, 0)
        problem: Problem | None = index.data(PROBLEM)
        painter.setFont(option.font)
        painter.setPen(theme.colour("text"))
        if problem is None:
            painter.setFont(strong(secondary(option.font)))
            painter.setPen(theme.colour("secondary"))
            text.setLeft(area.left() + 4)
        elif index.column() == 0:
            side = round(option.fontMetrics.height() * 0.95)
            where = QRectF(area.left() + 8, area.center().y() - side / 2, side, side)
            paint_sign(painter, problem.severity, where, theme.palette)
            text.setLeft(where.right() + 10)
            if problem.fix is not None:
                link = self.fix_rect(option, index)
                painter.setPen(theme.colour("accent"))
                fits = option.fontMetrics.elidedText(
                    problem.fix.title, Qt.TextElideMode.ElideRight, int(link.width())
                )
                painter.drawText(link, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fits)
                painter.setPen(theme.colour("text"))
                text.setRight(link.left() - 12)
        else:
            painter.setFont(secondary(monospace(option.font)))
            painter.setPen(theme.colour("secondary"))
        fits = painter.fontMetrics().elidedText(
            str(index.data() or "").replace("\n", " "), Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, fits)
        if option.state & QStyle.StateFlag.State_HasFocus and index.column() == 0:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.restore()


class _Tree(QTreeView):
    """The tree; a click on a fix is told from a click on its line.

    Signals
    -------
    fix_clicked
        The line of a problem whose fix was clicked.
    """

    fix_clicked = Signal(QModelIndex)

    def __init__(self, lines: _Lines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setMouseTracking(True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click on a fix."""
        at = self._fix_at(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and at.isValid():
            self.fix_clicked.emit(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be clicked."""
        super().mouseMoveEvent(event)
        over = self._fix_at(event.position().toPoint()).isValid()
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _fix_at(self, point: QPoint) -> QModelIndex:
        index = self.indexAt(point)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return index if self._lines.fix_rect(option, index).contains(point) else QModelIndex()


class ProblemsPanel(QWidget):
    """Show the problems of the document, or that there are none.

    Parameters
    ----------
    session
        The open document, and what is known of it.
    theme
        Colours.

    Signals
    -------
    moved
        The cursor is on another problem.
    asked_for_menu
        Where on the screen the menu of the current problem is wanted.
    """

    moved = Signal()
    asked_for_menu = Signal(QPoint)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = ProblemsModel(self)
        self.lines = _Lines(theme, self)
        self.view = _Tree(self.lines)
        self._set_up_view()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter problems")
        self.filter.setAccessibleName("Filter problems")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.grouping = Select(theme, "Group problems")
        for grouping, title in GROUPINGS.items():
            self.grouping.addItem(title, grouping)
        self.grouping.currentIndexChanged.connect(self._group)
        self.nothing = QLabel()
        self.nothing.setProperty("class", "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 6)
        head.setSpacing(8)
        head.addWidget(self.filter, 1)
        head.addStretch(1)
        head.addWidget(self.grouping)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(listed)
        self.pages.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        session.checked.connect(self.show_problems)
        session.settled.connect(self.show_problems)
        session.changed.connect(self.show_problems)
        theme.changed.connect(self.view.viewport().update)
        self._measure()
        self.show_problems()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(self.lines)
        view.setAccessibleName("Problems")
        view.setUniformRowHeights(True)
        view.setHeaderHidden(True)
        view.setRootIsDecorated(False)
        view.setItemsExpandable(False)
        view.setIndentation(8)
        view.setAllColumnsShowFocus(True)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.header().setStretchLastSection(False)
        view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        view.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        view.selectionModel().currentChanged.connect(self.moved)
        view.clicked.connect(self._go)
        view.activated.connect(self._go)
        view.fix_clicked.connect(self._fix_at)
        view.customContextMenuRequested.connect(self._ask_for_menu)

    def show_problems(self) -> None:
        """List what is known; without problems, a schema is in order only once it was checked."""
        document, known = self._session.document, self._session.knowledge.problems
        keys = {place.table for place, _ in known}
        tables = document.tables if document and known else ()
        names = {table.key: table.id for table in tables if table.key in keys}
        current = self.current
        if self.model.set_problems(known, names):
            self._unfold(current)
        self.nothing.setText(VERDICTS[self._session.verdict])
        self.pages.setCurrentIndex(0 if known else 1)

    @property
    def current(self) -> Problem | None:
        """The problem that the cursor is on."""
        found = self.model.found(self.view.currentIndex())
        return found[1] if found else None

    # What can be done

    def step(self, by: int) -> None:
        """Go to the next problem, or with -1 to the one before; from the end back to the start."""
        listed = [problem for _, problem in self.model.listed]
        if not listed:
            return
        current = self.current
        at = next((at for at, problem in enumerate(listed) if problem is current), None)
        wanted = (at + by) % len(listed) if at is not None else (0 if by > 0 else len(listed) - 1)
        index = self.model.index_of(listed[wanted])
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
        self._go(index)

    def can_fix(self) -> bool:
        """Whether the current problem has a fix."""
        return self.current is not None and self.current.fix is not None

    def fix(self) -> None:
        """Apply the fix of the current problem; one that has lost its ground is said so."""
        document, current = self._session.document, self.current
        if document is None or current is None or current.fix is None:
            return
        try:
            self._session.do(apply_fix(document, current))
        except LookupError as error:
            self._session.troubled.emit(f"{current.fix.title}: {error}.")

    def fix_alike(self) -> None:
        """Apply the fixes of all problems of the current one's kind, as one step."""
        if (document := self._session.document) is not None:
            self._session.do(apply_fixes(document, self._alike()))

    def alike(self) -> int:
        """Return how many problems of the current one's kind have a fix."""
        return len(self._alike())

    def _alike(self) -> list[Problem]:
        current = self.current
        problems = (problem for _, problem in self._session.knowledge.problems)
        return [
            problem
            for problem in problems
            if current is not None and problem.code == current.code and problem.fix is not None
        ]

    # Inside

    def _narrow(self, text: str) -> None:
        current = self.current
        self.model.set_filter(text)
        self._unfold(current)

    def _group(self, at: int) -> None:
        current = self.current
        self.model.group_by(self.grouping.itemData(at))
        self._unfold(current)

    def _unfold(self, current: Problem | None) -> None:
        """Open every group of a list that is new, and put the cursor where it was."""
        self.view.expandAll()
        for row in range(self.model.rowCount() if self.model.grouping != "nothing" else 0):
            self.view.setFirstColumnSpanned(row, QModelIndex(), True)
        if current is not None and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index_of(current))

    def _go(self, index: QModelIndex) -> None:
        found: Found | None = self.model.found(index)
        if found is not None and found[0]:
            self._session.selection.reveal(found[0])

    def _fix_at(self, index: QModelIndex) -> None:
        self.view.setCurrentIndex(index)
        self.fix()

    def _ask_for_menu(self, at: QPoint) -> None:
        self.asked_for_menu.emit(self.view.viewport().mapToGlobal(at))

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        line = self.fontMetrics().height()
        self.view.header().resizeSection(1, 17 * line)
        self.filter.setMaximumWidth(20 * line)
