"""A small table to type and paste into: the twin of every picture that can be dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from datagen_app.inspector.fields.line import Line

__all__ = ["Grid", "GridColumn", "cells_of"]

Index = QModelIndex | QPersistentModelIndex
_MOST_ROWS = 9


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its heading, and whether it can be typed into."""

    title: str
    editable: bool = True
    right: bool = False
    """Whether its texts stand at the right, as numbers do."""


class _Model(QAbstractTableModel):
    def __init__(self, columns: Sequence[GridColumn], grid: Grid) -> None:
        super().__init__(grid)
        self.columns = columns
        self.rows: list[Sequence[str]] = []
        self._grid = grid

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        text = self.rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()].title} {index.row() + 1}: {text}"
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[index.column()].right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and not self.columns[index.column()].editable:
            return self._grid.quiet_colour
        return None

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and way == Qt.Orientation.Horizontal:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.columns[index.column()].editable else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = str(value)
        if role != Qt.ItemDataRole.EditRole or text == self.rows[index.row()][index.column()]:
            return False
        self._grid.written.emit({(index.row(), index.column()): text})
        return True

    def show(self, rows: list[Sequence[str]]) -> None:
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))


class _Editor(QStyledItemDelegate):
    """Edit a cell in a line that belongs to the document."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = Line(parent)
        line.setFrame(False)
        line.setStyleSheet("border: none; padding: 0 4px; border-radius: 0;")
        line.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, Line):
            editor.show_text(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, Line):
            model.setData(index, editor.text())


class Colours(Protocol):
    """The colours of the theme."""

    def colour(self, role: str) -> object:
        """Return the colour of a role."""


class Grid(QTableView):
    """Show rows of text; type, paste, remove and reorder them.

    Signals
    -------
    written
        New texts by row and column; rows from the number of rows on are new.
    removed
        The rows that are to go.
    moved
        A row, and where it is to go.
    """

    written = Signal(object)
    removed = Signal(object)
    moved = Signal(int, int)

    def __init__(
        self,
        columns: Sequence[GridColumn],
        theme: Colours,
        name: str,
        parent: QWidget | None = None,
        fixed: bool = False,
    ) -> None:
        super().__init__(parent)
        self.quiet_colour = theme.colour("secondary")
        self._fixed = fixed
        """Whether rows can be neither added nor removed."""
        self.table = _Model(columns, self)
        self.setModel(self.table)
        self.setItemDelegate(_Editor(self))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setMinimumSectionSize(3 * self.fontMetrics().height())
        for at, column in enumerate(columns):  # words get what figures leave
            kind = QHeaderView.ResizeMode.ResizeToContents if column.right else QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(at, kind)
        self.horizontalHeader().setHighlightSections(False)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show rows."""
        changed = len(rows) != self.table.rowCount()
        at = self.currentIndex()
        self.table.show(list(rows))
        if changed:
            self.updateGeometry()
            if at.isValid() and rows:
                self.setCurrentIndex(self.table.index(min(at.row(), len(rows) - 1), at.column()))

    def sizeHint(self) -> QSize:
        """Be as high as the rows, up to a few."""
        line = self.verticalHeader().defaultSectionSize()
        head = self.horizontalHeader().sizeHint().height()
        rows = max(1, min(self.table.rowCount(), _MOST_ROWS))
        more = line // 2 if self.table.rowCount() > _MOST_ROWS else 0
        return QSize(160, rows * line + head + more + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(80, self.sizeHint().height())

    def chosen_rows(self) -> list[int]:
        """Return the rows that are selected."""
        return sorted({index.row() for index in self.selectedIndexes()})

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the first cell."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.table.rowCount():
            self.setCurrentIndex(self.table.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, remove, and reorder with Alt and the arrow keys."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self._fixed:
                cells = {(i.row(), i.column()): "" for i in self.selectedIndexes()}
                self.written.emit({k: v for k, v in cells.items() if self.table.columns[k[1]].editable})
            elif rows := self.chosen_rows():
                self.removed.emit(rows)
        elif alt and by is not None and not self._fixed:
            if row >= 0 and 0 <= row + by < self.table.rowCount():
                column = self.currentIndex().column()
                self.moved.emit(row, row + by)
                self.setCurrentIndex(self.table.index(row + by, column))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable and not self.editing:
                self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @property
    def editing(self) -> bool:
        """Whether a cell is being typed into."""
        return self.state() == QAbstractItemView.State.EditingState

    def paste(self, text: str) -> None:
        """Write the cells of a text with tabs and lines, as a spreadsheet copies them, from the current cell on."""
        rows = cells_of(text)
        if not rows:
            return
        start = self.currentIndex()
        top, left = (start.row(), start.column()) if start.isValid() else (self.table.rowCount(), 0)
        written: dict[tuple[int, int], str] = {}
        for down, cells in enumerate(rows):
            if self._fixed and top + down >= self.table.rowCount():
                break
            for across, cell in enumerate(cells):
                if left + across < len(self.table.columns) and self.table.columns[left + across].editable:
                    written[(top + down, left + across)] = cell
        if written:
            self.written.emit(written)

    def _copy(self) -> None:
        cells: Mapping[tuple[int, int], str] = {
            (index.row(), index.column()): str(index.data()) for index in self.selectedIndexes()
        }
        rows = sorted({row for row, _ in cells})
        columns = sorted({column for _, column in cells})
        lines = ["\t".join(cells.get((row, column), "") for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))


def cells_of(text: str) -> list[list[str]]:
    r"""Return the cells of a text that was copied from a spreadsheet, or a list with one value a line.

    Examples
    --------
    >>> cells_of("web\t5\r\nstore\t3\n"), cells_of("")
    ([['web', '5'], ['store', '3']], [])
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.split("\t") for line in lines]
