"""A grid over any number of rows: a table view of what fits on the screen, and a scroll bar of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QScrollBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from datagen_app.results.client import Results
from datagen_app.results.grid_model import NULL, GridColumn, GridModel
from datagen_app.shell.fonts import figures
from datagen_app.shell.theme import Theme

__all__ = ["Grid", "Steps"]

Index = QModelIndex | QPersistentModelIndex

_LARGEST = 2**31 - 1
"""What a scroll bar of Qt can count to."""
_WHEEL = 3
"""Rows a step of the wheel."""
_NARROWEST, _WIDEST = 6, 36
"""Characters of a column, as it is first shown."""


class Steps:
    """Turn rows into the steps of a scroll bar, which may be fewer than there are rows.

    Examples
    --------
    >>> few, many = Steps(1_000), Steps(10_000_000_000)
    >>> few.row(few.step(512)), many.last <= 2**31 - 1, many.row(many.last)
    (512, True, 10000000000)
    """

    def __init__(self, last_row: int) -> None:
        """Count the rows up to `last_row`."""
        self._last_row = max(0, last_row)
        self._per = max(1, -(-self._last_row // _LARGEST))

    @property
    def last(self) -> int:
        """The last step."""
        return -(-self._last_row // self._per)

    def step(self, row: int) -> int:
        """Return the step of a row."""
        return self.last if row >= self._last_row else row // self._per

    def row(self, step: int) -> int:
        """Return the row of a step."""
        return self._last_row if step >= self.last else step * self._per


class Grid(QWidget):
    """Show a view of a table.

    Signals
    -------
    ordered
        A click on a header: the column's name.
    entered
        The current cell is another one: its row in the view, its column's name.
    activated
        A cell was double-clicked, or Return pressed on it.
    asked
        A menu is asked for: row, column's name, where on the screen.
    """

    ordered = Signal(str)
    entered = Signal(object, str)
    activated = Signal(object, str)
    asked = Signal(object, str, QPoint)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = GridModel(self)
        self.table = _Table(self, theme)
        self.table.setAccessibleName(name)
        self.bar = QScrollBar(Qt.Orientation.Vertical)
        self.bar.setAccessibleName(f"Position in {name.lower()}")
        self._steps = Steps(0)
        self.row, self.anchor = 0, 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.bar)
        self.setFocusProxy(self.table)
        self.bar.valueChanged.connect(self._scroll)
        self.table.horizontalHeader().sectionClicked.connect(self._order)
        self.table.selectionModel().currentChanged.connect(self._follow)
        self.model.arrived.connect(self._arrive)
        theme.changed.connect(self.table.viewport().update)
        self._fresh = False
        self._moving = False

    # What is shown

    def set_view(self, results: Results | None, view: int, count: int, columns: Sequence[GridColumn]) -> None:
        """Show another view; columns that stay keep their width, place, and whether they are hidden."""
        again = [c.name for c in columns] == [c.name for c in self.model.columns]
        self.row = self.anchor = 0
        self.model.set_view(results, view, count, columns)
        if not again:
            header = self.table.horizontalHeader()
            for at in range(len(columns)):
                self.table.setColumnHidden(at, False)
                header.moveSection(header.visualIndex(at), at)
            self._fresh = True
            self._fit_columns()
        self._lay_out()
        self._set_first(0)
        self._point(0)

    def show_order(self, column: str, descending: bool) -> None:
        """Show by which column the rows are ordered; none, if it is empty."""
        self.model.show_order(column, descending)

    def go_to(self, row: int, column: str = "") -> None:
        """Make a row the current one, and show it in the middle."""
        row = max(0, min(row, self.model.count - 1))
        self.row = self.anchor = row
        if not self.model.first <= row < self.model.first + self._whole_rows():
            self._set_first(row - self._whole_rows() // 2)
        self._point(self._at(column))

    @property
    def column(self) -> str:
        """The name of the current column."""
        at = self.table.currentIndex().column()
        return self.model.columns[at].name if 0 <= at < len(self.model.columns) else ""

    @property
    def selected(self) -> tuple[int, int]:
        """The rows that are selected: the first of them, and how many."""
        if not self.model.count:
            return 0, 0
        first, last = sorted((self.anchor, self.row))
        return first, last - first + 1

    def shown_columns(self) -> list[str]:
        """Return the names of the columns that are not hidden, in the order of the screen."""
        header = self.table.horizontalHeader()
        order = [header.logicalIndex(at) for at in range(header.count())]
        return [self.model.columns[at].name for at in order if not self.table.isColumnHidden(at)]

    def hide_column(self, name: str, hidden: bool = True) -> None:
        """Hide a column, or show it again; the last one stays."""
        at = self._at(name)
        if at is not None and not (hidden and self.shown_columns() == [name]):
            self.table.setColumnHidden(at, hidden)

    def hidden_columns(self) -> list[str]:
        """Return the names of the columns that are hidden."""
        return [column.name for at, column in enumerate(self.model.columns) if self.table.isColumnHidden(at)]

    def select_all(self) -> None:
        """Select every row."""
        self.anchor, self.row = 0, max(0, self.model.count - 1)
        self.table.viewport().update()

    def is_selected(self, shown_row: int) -> bool:
        """Whether a row on the screen is selected."""
        first, count = self.selected
        return first <= self.model.first + shown_row < first + count

    # Moving

    def move_to(self, row: int, *, extend: bool = False) -> None:
        """Make a row the current one, and bring it into view."""
        self.row = max(0, min(row, self.model.count - 1))
        if not extend:
            self.anchor = self.row
        whole = self._whole_rows()
        if self.row < self.model.first:
            self._set_first(self.row)
        elif self.row >= self.model.first + whole:
            self._set_first(self.row - whole + 1)
        self._point(None)

    def page(self) -> int:
        """Return how many rows a page has."""
        return max(1, self._whole_rows() - 1)

    def scroll_by(self, rows: int) -> None:
        """Move the rows on the screen."""
        self._set_first(self.model.first + rows)
        self._point(None)

    def press(self, shown_row: int, column: int, *, extend: bool) -> None:
        """Take a click on a cell."""
        self.row = self.model.first + shown_row
        if not extend:
            self.anchor = self.row
        self._point(column)

    def drag(self, shown_row: int) -> None:
        """Extend the selection to a row on the screen."""
        self.move_to(self.model.first + shown_row, extend=True)

    def lay_out(self) -> None:
        """Show as many rows as fit."""
        self._lay_out()

    def _lay_out(self) -> None:
        header = self.table.verticalHeader()
        height = self.table.fontMetrics().height() + 9
        if header.defaultSectionSize() != height:
            header.setDefaultSectionSize(height)
        fits = self.table.viewport().height() // height + 1
        last = self.model.count - self._whole_rows()
        self._steps = Steps(max(0, last))
        self.model.set_window(max(0, min(self.model.first, last)), fits)
        self._moving = True
        self.bar.setRange(0, self._steps.last)
        self.bar.setPageStep(max(1, self._steps.step(self._whole_rows())))
        self.bar.setValue(self._steps.step(self.model.first))
        self._moving = False
        self.bar.setVisible(self._steps.last > 0)
        digits = len(f"{max(1, self.model.count):,}")
        header.setFixedWidth(self.table.fontMetrics().horizontalAdvance("0") * (digits + 2) + 8)

    def _whole_rows(self) -> int:
        return max(
            1, self.table.viewport().height() // max(1, self.table.verticalHeader().defaultSectionSize())
        )

    def _set_first(self, first: int) -> None:
        first = max(0, min(first, self.model.count - self._whole_rows()))
        fits = self.table.viewport().height() // max(1, self.table.verticalHeader().defaultSectionSize()) + 1
        self.model.set_window(first, fits)
        self._moving = True
        self.bar.setValue(self._steps.step(first))
        self._moving = False

    def _scroll(self, step: int) -> None:
        if not self._moving:
            self._set_first(self._steps.row(step))
            self._point(None)

    def _point(self, column: int | None) -> None:
        """Let Qt's current cell be ours, where it is on the screen."""
        at = self.table.currentIndex().column() if column is None else column
        at = max(0, at)
        shown = self.row - self.model.first
        index = self.model.index(shown, at) if 0 <= shown < self.model.shown else QModelIndex()
        self._moving = True
        if index.isValid():
            self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._moving = False
        self.table.viewport().update()
        if self.model.columns and at < len(self.model.columns):
            self.entered.emit(self.row, self.model.columns[at].name)

    def _follow(self, now: QModelIndex, before: QModelIndex) -> None:
        if not self._moving and now.isValid():
            self.row = self.anchor = self.model.first + now.row()
            self.entered.emit(self.row, self.column)

    def _order(self, section: int) -> None:
        if section < len(self.model.columns):
            self.ordered.emit(self.model.columns[section].name)

    def _at(self, name: str) -> int | None:
        return next((at for at, column in enumerate(self.model.columns) if column.name == name), None)

    def _arrive(self) -> None:
        if self._fresh and self.model.has(self.model.first):
            self._fresh = False
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Make each column as wide as its name and its first values, within bounds."""
        metrics, character = self.table.fontMetrics(), self.table.fontMetrics().averageCharWidth()
        for at, column in enumerate(self.model.columns):
            shown = range(self.model.first, self.model.first + min(self.model.shown, 40))
            texts = [self.model.text(row, at) or "" for row in shown]
            widest = max((metrics.horizontalAdvance(text[: 2 * _WIDEST]) for text in texts), default=0)
            width = max(metrics.horizontalAdvance(column.name) + 4 * character, widest + 3 * character)
            self.table.setColumnWidth(at, max(_NARROWEST * character, min(width, _WIDEST * character)))


class _Table(QTableView):
    """The rows on the screen; what moves them is the grid's."""

    def __init__(self, grid: Grid, theme: Theme) -> None:
        super().__init__(grid)
        self._grid, self._made = grid, False
        self.setModel(grid.model)
        self.setItemDelegate(_Cells(grid, theme, self))
        self.setFont(figures(self.font()))
        self.setShowGrid(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAutoScroll(False)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(2 * self.fontMetrics().height())
        header.setStretchLastSection(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setHighlightSections(False)
        rows.setSectionsClickable(False)
        self._made = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through rows of which Qt knows only those on the screen."""
        grid, key = self._grid, event.key()
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        last = grid.model.count - 1
        if key == Qt.Key.Key_A and control:
            grid.select_all()
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            grid.activated.emit(grid.row, grid.column)
            return
        if key in (Qt.Key.Key_Menu,) or (key == Qt.Key.Key_F10 and extend):
            where = self.visualRect(self.currentIndex()).center()
            grid.asked.emit(grid.row, grid.column, self.viewport().mapToGlobal(where))
            return
        ways = {
            Qt.Key.Key_Down: last if control else grid.row + 1,
            Qt.Key.Key_Up: 0 if control else grid.row - 1,
            Qt.Key.Key_PageDown: grid.row + grid.page(),
            Qt.Key.Key_PageUp: grid.row - grid.page(),
        }
        if control:
            ways |= {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        to = ways.get(Qt.Key(key))
        if to is not None:
            grid.move_to(to, extend=extend)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move_across(Qt.Key(key))
        else:
            event.ignore()

    def _move_across(self, key: Qt.Key) -> None:
        header = self.horizontalHeader()
        shown = [
            at
            for at in (header.logicalIndex(n) for n in range(header.count()))
            if not self.isColumnHidden(at)
        ]
        if not shown:
            return
        now = self.currentIndex().column()
        at = shown.index(now) if now in shown else 0
        to = {
            Qt.Key.Key_Left: max(0, at - 1),
            Qt.Key.Key_Right: min(len(shown) - 1, at + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(shown) - 1,
        }[key]
        self._grid.press(
            self._grid.row - self._grid.model.first, shown[to], extend=self._grid.anchor != self._grid.row
        )
        self.scrollTo(self.currentIndex())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move the rows; sideways the columns."""
        down = event.angleDelta().y()
        if down and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            steps = -down / 120 * _WHEEL
            self._grid.scroll_by(round(steps) or (1 if steps > 0 else -1))
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a row as the current one."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            inside = self._grid.is_selected(index.row()) and event.button() == Qt.MouseButton.RightButton
            if not inside:
                self._grid.press(index.row(), index.column(), extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select the rows that the pointer goes over."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            height = max(1, self.verticalHeader().defaultSectionSize())
            self._grid.drag(int(event.position().y() // height))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do nothing: all is done by then."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow a key."""
        if self.indexAt(event.position().toPoint()).isValid():
            self._grid.activated.emit(self._grid.row, self._grid.column)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for what can be done with a cell."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self._grid.asked.emit(
                self._grid.row, self._grid.model.columns[index.column()].name, event.globalPos()
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many rows as fit."""
        super().resizeEvent(event)
        if self._made:
            self._grid.lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and getattr(self, "_made", False):
            self._grid.lay_out()


class _Cells(QStyledItemDelegate):
    """Paint a cell: selected by our own rows, nulls apart from texts that say the same."""

    def __init__(self, grid: Grid, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._grid, self._theme = grid, theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        area = QRect(option.rect)
        if self._grid.is_selected(index.row()):
            painter.fillRect(area, self._theme.colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self._theme.colour("hover"))
        text: Any = index.data()
        if text:
            font = QFont(option.font)
            null = bool(index.data(NULL))
            font.setItalic(null)
            painter.setFont(font)
            painter.setPen(self._theme.colour("secondary" if null else "text"))
            inner = area.adjusted(8, 0, -8, 0)
            fits = option.fontMetrics.elidedText(str(text), Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(
                inner, int(Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))), fits
            )
        here = self._grid.model.first + index.row() == self._grid.row
        if (
            here
            and index.column() == self._grid.table.currentIndex().column()
            and self._grid.table.hasFocus()
        ):
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
