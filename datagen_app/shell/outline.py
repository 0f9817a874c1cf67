"""The outline: tables, their columns and modifiers as a tree; the canvas's twin for the keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from datagen_app.canvas.shapes import emblem
from datagen_app.document.document import Column, Document, Table
from datagen_app.document.place import Place
from datagen_app.document.selection import Selection
from datagen_app.document.words import counted, describe_modifier, generator_word, rows_word
from datagen_app.shell.fonts import figures, secondary
from datagen_app.shell.signs import Sign, paint_sign
from datagen_app.shell.theme import Theme

__all__ = ["Outline", "OutlineModel"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

KIND, ASIDE, SIGN, PLACE = (Qt.ItemDataRole.UserRole + offset for offset in range(4))


@dataclass(slots=True)
class _Branch:
    """A table with those of its columns that are listed: all, unless some were found."""

    table: Table
    found: Sequence[Column] | None = None

    @property
    def columns(self) -> Sequence[Column]:
        return self.table.columns if self.found is None else self.found

    @property
    def count(self) -> int:
        return len(self.table.places) if self.found is None else len(self.found)


class OutlineModel(QAbstractItemModel):
    """Tables, columns and modifiers as a tree.

    An index carries which table it is in, and which column if it is a modifier, so that no node is kept.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._branches: list[_Branch] = []
        self._counts: Mapping[str, tuple[int, bool]] = {}
        self._signs: Mapping[Place, Sign] = {}
        self._filter = ""

    def set_document(self, document: Document | None) -> None:
        """List another document."""
        self.beginResetModel()
        self._document = document
        self._counts, self._signs = {}, {}
        self._list()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """List only tables and columns whose names hold a text, whatever its case."""
        self.beginResetModel()
        self._filter = text.strip().lower()
        self._list()
        self.endResetModel()

    def set_counts(self, counts: Mapping[str, tuple[int, bool]]) -> None:
        """Show the rows of each table."""
        self._counts = counts
        self._touch()

    def set_signs(self, signs: Mapping[Place, Sign]) -> None:
        """Show the worst problem of each table and column."""
        self._signs = signs
        self._touch()

    def index_of(self, place: Place) -> QModelIndex:
        """Return the index of a table or column; an invalid one if it is not listed."""
        for row, branch in enumerate(self._branches):
            if branch.table.key != place.table:
                continue
            for at, column in enumerate(branch.columns):
                if column.key == place.column:
                    return self.createIndex(at, 0, row + 1)
            return self.createIndex(row, 0, 0)
        return QModelIndex()

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """Return the index of a child."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, 0, 0)
        if parent.internalId() == 0:
            return self.createIndex(row, 0, parent.row() + 1)
        return self.createIndex(row, 0, ((parent.row() + 1) << 24) | parent.internalId())

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override] # the stubs mix it up with QObject.parent
        """Return the index of the parent."""
        key = index.internalId() if index.isValid() else 0
        if key == 0:
            return QModelIndex()
        table, column = key & 0xFFFFFF, key >> 24
        return self.createIndex(column - 1, 0, table) if column else self.createIndex(table - 1, 0, 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of children."""
        if not parent.isValid():
            return len(self._branches)
        key = parent.internalId()
        if key == 0:
            return self._branches[parent.row()].count
        return 0 if key >> 24 else len(self._modifiers(key - 1, parent.row()))

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return one."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a node shows."""
        if not index.isValid():
            return None
        key = index.internalId()
        if key == 0:
            return self._of_table(self._branches[index.row()].table, role)
        branch = self._branches[(key & 0xFFFFFF) - 1]
        if not key >> 24:
            return self._of_column(branch.table, branch.columns[index.row()], role)
        column = branch.columns[(key >> 24) - 1]
        if role == PLACE:
            return Place(branch.table.key, column.key)
        name, text = describe_modifier(self._modifiers((key & 0xFFFFFF) - 1, (key >> 24) - 1)[index.row()])
        spoken = {Qt.ItemDataRole.DisplayRole: name, ASIDE: text, Qt.ItemDataRole.ToolTipRole: text}
        return spoken.get(role)

    def _of_table(self, table: Table, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return table.id
        if role == KIND:
            return table.kind
        if role == PLACE:
            return Place(table.key)
        if role == SIGN:
            return self._signs.get(Place(table.key))
        count = self._counts.get(table.id)
        rows = rows_word(*count) if count else ""
        if role == ASIDE:
            return rows
        if role == Qt.ItemDataRole.AccessibleTextRole:
            problem = self._signs.get(Place(table.key))
            parts = (table.id, table.kind, f"{rows} rows" if rows else "", problem or "")
            return ", ".join(part for part in parts if part)
        return None

    def _of_column(self, table: Table, column: Column, role: int) -> Any:
        place = Place(table.key, column.key)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == PLACE:
            return place
        if role == SIGN:
            return self._signs.get(place)
        if role == ASIDE:
            return generator_word(column.value)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (column.name, generator_word(column.value), self._signs.get(place) or "")
            return ", ".join(part for part in parts if part)
        return None

    def _modifiers(self, table: int, column: int) -> Sequence[Any]:
        modifiers = self._branches[table].columns[column].value.get("modifiers")
        return modifiers if isinstance(modifiers, list) else ()

    def _list(self) -> None:
        tables = self._document.tables if self._document else ()
        wanted = self._filter
        self._branches = []
        for table in tables:
            if not wanted or wanted in table.id.lower():
                self._branches.append(_Branch(table))
            elif found := [column for column in table.columns if wanted in column.name.lower()]:
                self._branches.append(_Branch(table, found))

    def _touch(self) -> None:
        if self._branches:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._branches) - 1, 0))


class _Lines(QStyledItemDelegate):
    """Paint a node: emblem, name, and on the right what there is to say beside it."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        return QSize(80, option.fontMetrics.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a node."""
        theme, area = self._theme, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kind, sign = index.data(KIND), index.data(SIGN)
        left, right = area.left(), area.right() - 12
        if kind is not None:
            side = round(option.fontMetrics.height() * 0.7)
            where = QRectF(left + 2, area.center().y() - side / 2, side, side)
            painter.fillPath(emblem(kind, where), theme.colour(kind or "secondary"))
            left += side + 10
        elif not index.parent().parent().isValid():
            left += 4
        aside = str(index.data(ASIDE) or "")
        quiet = figures(secondary(option.font))
        painter.setFont(quiet)
        name = option.fontMetrics.horizontalAdvance(str(index.data()))
        if sign:
            side = round(option.fontMetrics.height() * 0.8)
            right -= side
            paint_sign(painter, sign, QRectF(right, area.center().y() - side / 2, side, side), theme.palette)
            right -= 6
        room = right - left - name - 12
        if aside and room > 3 * option.fontMetrics.averageCharWidth():
            painter.setPen(theme.colour("secondary"))
            where = QRectF(right - room, area.top(), room, area.height())
            fits = painter.fontMetrics().elidedText(aside, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fits)
        painter.setFont(option.font)
        painter.setPen(theme.colour("text" if kind is not None else "secondary"))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.colour("text"))
        fits = option.fontMetrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, max(0, int(right - left))
        )
        painter.drawText(
            QRectF(left, area.top(), right - left, area.height()), Qt.AlignmentFlag.AlignVCenter, fits
        )
        painter.restore()


class _Tree(QTreeView):
    """The tree, whose selected line reaches from edge to edge."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground of a line before what is on it."""
        whole = QRect(0, option.rect.top(), self.viewport().width(), option.rect.height())
        current = index == self.currentIndex()
        if self.selectionModel().isSelected(index):
            painter.fillRect(whole, self._theme.colour("selected"))
        super().drawRow(painter, option, index)
        if current and self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(whole).adjusted(1, 1, -1, -1))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Paint the arrow of a node that can be opened."""
        if not self.model().hasChildren(index):
            return
        reach = self.fontMetrics().height() * 0.22
        centre = QPointF(rect.right() - self.indentation() / 2, rect.center().y() + 0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(centre)
        if self.isExpanded(index):
            painter.rotate(90)
        pen = QPen(self._theme.colour("secondary"), 1.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(-reach / 2, -reach), QPointF(reach / 2, 0), QPointF(-reach / 2, reach)])
        painter.restore()


class Outline(QWidget):
    """The outline with its filter.

    Signals
    -------
    opened
        A place whose node was activated: with Enter, or by a double click.
    """

    opened = Signal(object)

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._own = False
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = OutlineModel(self)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find tables, columns")
        self.filter.setAccessibleName("Find tables and columns")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        self.tree = _Tree(theme)
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(_Lines(theme, self))
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("Tables and columns")
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setIndentation(round(self.fontMetrics().height() * 1.1))
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.selectionModel().currentChanged.connect(self._pick)
        self.tree.activated.connect(self._open)
        self.summary = QLabel()
        self.summary.setFont(secondary(self.font()))
        self.summary.setProperty("class", "secondary")
        self.summary.setContentsMargins(12, 6, 12, 8)
        head = QVBoxLayout()
        head.setContentsMargins(8, 8, 8, 8)
        head.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.summary)
        selection.changed.connect(self.show_place)
        theme.changed.connect(self.tree.viewport().update)

    def set_document(self, document: Document | None) -> None:
        """List another document."""
        self.model.set_document(document)
        self.filter.clear()
        if document is None:
            self.summary.clear()
            return
        columns = sum(len(table.places) for table in document.tables)
        self.summary.setText(f"{counted(len(document.tables), 'table')} · {counted(columns, 'column')}")

    def go_to_filter(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def show_place(self, place: Place) -> None:
        """Select the node of a place, opening what it is in."""
        if self._own:
            return
        index = self.model.index_of(place)
        chosen = self.tree.selectionModel()
        if not index.isValid():
            chosen.clearSelection()
            return
        if index.parent().isValid():
            self.tree.expand(index.parent())
        self._own = True
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)
        self._own = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go from the filter into the tree with Down or Enter; clear it with Esc."""
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.rowCount():
                index = self.tree.currentIndex()
                if not index.isValid():
                    index = self._first()
                    self.tree.setCurrentIndex(index)  # before the focus, which else takes the first
                self.tree.setFocus(Qt.FocusReason.TabFocusReason)
                if key != Qt.Key.Key_Down:
                    self._open(index)
                return True
            if key == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def _first(self) -> QModelIndex:
        """Return the first node that the filter found."""
        first = self.model.index(0, 0)
        wanted = self.filter.text().strip().lower()
        if wanted and wanted not in str(first.data()).lower():
            return self.model.index(0, 0, first)
        return first

    def _narrow(self, text: str) -> None:
        self.model.set_filter(text)
        if text.strip():
            self.tree.expandToDepth(0)
        self.show_place(self._selection.place)

    def _pick(self, index: QModelIndex) -> None:
        if self._own or not index.isValid():
            return
        self._own = True
        self._selection.reveal(index.data(PLACE))
        self._own = False

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(PLACE))
