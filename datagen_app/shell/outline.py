"""The outline: tables, their columns and modifiers as a tree; the canvas's twin for the keyboard."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from datagen_app.document.change import Change
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.words import counted
from datagen_app.shell.editing import Editing
from datagen_app.shell.fonts import secondary
from datagen_app.shell.outline_model import MODIFIER, PLACE, Index, OutlineModel
from datagen_app.shell.outline_tree import Lines, Tree
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme

__all__ = ["Outline"]


class Outline(QWidget):
    """The outline with its filter.

    Parameters
    ----------
    session
        The open document.
    editing
        What can be done to what is selected.
    theme
        Colours.

    Signals
    -------
    opened
        A place whose node was activated: with Enter, or by a double click.
    asked_for_menu
        Where on the screen the menu of what is selected is wanted.
    """

    opened = Signal(object)
    asked_for_menu = Signal(QPoint)

    def __init__(
        self, session: Session, editing: Editing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._editing = session, editing
        self._own = False
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = OutlineModel(self)
        self.model.written = editing.written
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find tables, columns")
        self.filter.setAccessibleName("Find tables and columns")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        self.tree = Tree(theme)
        self.tree.setModel(self.model)
        self.lines = Lines(theme, self._judge, self.tree)
        self.tree.setItemDelegate(self.lines)
        self.tree.setAccessibleName("Tables and columns")
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
        self._connect(theme)

    def _connect(self, theme: Theme) -> None:
        session, editing = self._session, self._editing
        self.tree.selectionModel().selectionChanged.connect(self._pick)
        self.tree.selectionModel().currentChanged.connect(self._take_modifier)
        self.tree.activated.connect(self._open)
        self.tree.customContextMenuRequested.connect(self._ask_for_menu)
        self.lines.closeEditor.connect(self._end_naming)
        self.lines.refused.connect(session.troubled)
        self.model.named.connect(self._name)
        self.model.moved.connect(editing.move_to)
        self.model.dropped.connect(editing.paste_text)
        session.opened.connect(self._show_document)
        session.changed.connect(self._show_change)
        session.counted.connect(self._show_counts)
        session.checked.connect(self._show_signs)
        session.drawn.connect(self._show_signs)
        session.selection.changed.connect(self.show_places)
        theme.changed.connect(self.tree.viewport().update)

    # What is listed

    def _show_document(self, document: Document | None) -> None:
        self.model.set_document(document)
        self.filter.clear()
        self._sum_up(document)
        self.show_places()

    def _show_change(self, change: Change) -> None:
        self._own = True
        self.model.update_document(change.after)
        self._stay_with_modifier()
        self._own = False
        self._sum_up(change.after)
        self.show_places()

    def _stay_with_modifier(self) -> None:
        current, number = self.tree.currentIndex(), self._editing.modifier
        if number is not None and current.data(MODIFIER) is not None and current.row() != number:
            self.tree.setCurrentIndex(self.model.index(number, 0, current.parent()))

    def _show_counts(self) -> None:
        self.model.set_counts(self._session.knowledge.counts)

    def _show_signs(self) -> None:
        self.model.set_signs(self._session.signs())

    def _sum_up(self, document: Document | None) -> None:
        if document is None:
            self.summary.clear()
            return
        columns = sum(len(table.places) for table in document.tables)
        self.summary.setText(f"{counted(len(document.tables), 'table')} · {counted(columns, 'column')}")

    # Selecting

    def go_to_filter(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def show_places(self) -> None:
        """Select the nodes of what is selected, opening what they are in."""
        if self._own:
            return
        chosen = self.tree.selectionModel()
        found = [self.model.index_of(place) for place in self._session.selection.places]
        found = [index for index in found if index.isValid()]
        self._own = True
        if not found:
            chosen.clearSelection()
            self._own = False
            return
        if self._holds_current(found[-1]):
            self._own = False
            return
        wanted = QItemSelection()
        for index in found:
            if index.parent().isValid():
                self.tree.expand(index.parent())
            wanted.select(index, index)
        chosen.setCurrentIndex(found[-1], QItemSelectionModel.SelectionFlag.NoUpdate)
        chosen.select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.tree.scrollTo(found[-1])
        self._own = False

    def _holds_current(self, index: QModelIndex) -> bool:
        """Whether one modifier of the wanted column is the current node, which then stays it."""
        current = self.tree.currentIndex()
        return current.data(MODIFIER) is not None and current.parent() == index

    def _pick(self) -> None:
        if self._own:
            return
        selection = self._session.selection
        indexes = self.tree.selectionModel().selectedIndexes()
        current = self.tree.currentIndex()
        places = [index.data(PLACE) for index in indexes if index != current]
        if current in indexes:
            places.append(current.data(PLACE))
        self._own = True
        if len(places) == 1:
            selection.reveal(places[0])
        else:
            selection.select_all(places)
        self._own = False
        self._take_modifier()

    def _take_modifier(self) -> None:
        number = self.tree.currentIndex().data(MODIFIER)
        self._editing.modifier = number if isinstance(number, int) else None

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(PLACE))

    def _ask_for_menu(self, at: QPoint) -> None:
        self.asked_for_menu.emit(self.tree.viewport().mapToGlobal(at))

    def is_used(self) -> bool:
        """Whether the user is in the outline."""
        return self.isAncestorOf(QApplication.focusWidget() or self)

    # Names

    def rename(self, place: Place) -> None:
        """Let a table or column be given another name, where it stands."""
        index = self.model.index_of(place)
        if index.isValid():
            self._edit(index)

    def begin_table(self, kind: str) -> None:
        """Let a new table be given its name."""
        self.filter.clear()
        self._edit(self.model.begin_new(Place(), kind))

    def begin_column(self, table: Place) -> None:
        """Let a new column of a table be given its name."""
        self.filter.clear()
        index = self.model.begin_new(Place(table.table))
        self.tree.expand(index.parent())
        self._edit(index)

    def _edit(self, index: QModelIndex) -> None:
        self._own = True
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)
        self._own = False
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tree.edit(index)

    def _judge(self, index: Index, name: str) -> tuple[str, str]:
        place: Place = index.data(PLACE)
        if not self.model.is_new(index):
            return self._editing.refusal(place, name), ""
        kind = self.model.new_kind
        if place:
            return self._editing.refusal_of_column(place, name), self._editing.guess(place, name)
        return self._editing.refusal_of_table(name), kind or ""

    def _name(self, place: Place, name: str) -> None:
        kind = self.model.new_kind
        if kind is None:
            self._editing.rename(place, name)
        elif place:
            self._editing.create_column(place, name)
        else:
            self._editing.create_table(kind, name)

    def _end_naming(self) -> None:
        if self.model.new_kind is not None:
            self._own = True
            self.model.end_new()
            self._own = False
            self.show_places()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # The filter

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
        self._own = True
        self.model.set_filter(text)
        self._own = False
        if text.strip():
            self.tree.expandToDepth(0)
        self.show_places()
