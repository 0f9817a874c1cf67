"""The outline's tree: tables, their columns and modifiers, kept in step with the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from datagen_app.document.document import Column, Document, Table
from datagen_app.document.place import Place
from datagen_app.document.words import describe_modifier, generator_word, rows_word
from datagen_app.shell.signs import Sign

__all__ = ["ASIDE", "KIND", "MODIFIER", "PLACE", "SIGN", "OutlineModel"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

KIND, ASIDE, SIGN, PLACE, MODIFIER = (Qt.ItemDataRole.UserRole + offset for offset in range(5))

_NEW = -1
"""Stands for what is about to get its name; session keys are positive."""

_DRAGGED = "application/x-datagen-places"


class OutlineModel(QAbstractItemModel):
    """Tables, columns and modifiers as a tree.

    An index carries the session key of what it is in (0 for a table), so an edit elsewhere leaves it as it is.

    Signals
    -------
    named
        A place was given a name; of what is new, the place of its table (or none) and the kind of table.
    moved
        Places of one list were dragged to a row of it.
    dropped
        A text was dropped into a table (or between tables), before a row.
    """

    named = Signal(object, str)
    moved = Signal(object, int)
    dropped = Signal(object, str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._tables: list[int] = []
        self._rows: dict[int, int] = {}
        self._columns: dict[int, list[int]] = {}
        self._home: dict[int, int] = {}
        self._modifiers: dict[int, int] = {}
        self._counts: Mapping[str, tuple[int, bool]] = {}
        self._signs: Mapping[Place, Sign] = {}
        self._filter = ""
        self._new: tuple[int, str] | None = None
        self._dragged: Sequence[Place] = ()
        self.written: Callable[[Sequence[Place]], str] | None = None
        """Writes places as text, for where they are dragged to."""

    # What is listed

    def set_document(self, document: Document | None) -> None:
        """List another document."""
        self.beginResetModel()
        self._document, self._new = document, None
        self._counts, self._signs = {}, {}
        self._list()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """List only tables and columns whose names hold a text, whatever its case."""
        self.beginResetModel()
        self._filter, self._new = text.strip().lower(), None
        self._list()
        self.endResetModel()

    def update_document(self, document: Document) -> None:
        """List the same document as it is after an edit, with every node that is left where it was."""
        before, self._document = self._document, document
        wanted = self._wanted_tables()
        self._sync(_ROOT, self._tables, wanted + self._pending(0))
        for key in [key for key in self._columns if document.table(key) is None]:
            self._forget_table(key)
        for table in document.tables:
            was = before.table(table.key) if before else None
            if (was is None or was.value is not table.value) and table.key in self._rows:
                if table.key in self._columns:
                    self._update_table(table)
                self._touch_table(table.key)

    def set_counts(self, counts: Mapping[str, tuple[int, bool]]) -> None:
        """Show the rows of each table."""
        self._counts = counts
        self._touch()

    def set_signs(self, signs: Mapping[Place, Sign]) -> None:
        """Show the worst problem of each table and column."""
        if signs != self._signs:
            self._signs = signs
            self._touch()

    def index_of(self, place: Place) -> QModelIndex:
        """Return the index of a table or column; an invalid one if it is not listed."""
        if place.table is None or place.table not in self._rows:
            return QModelIndex()
        if place.column is not None and place.column in (columns := self._columns_of(place.table)):
            return self.createIndex(columns.index(place.column), 0, place.table)
        return self.createIndex(self._rows[place.table], 0, 0)

    # What is about to get its name

    def begin_new(self, place: Place, kind: str = "") -> QModelIndex:
        """Make room for a table of a kind, or for a column of the table at a place, and return its index."""
        self.end_new()
        home = place.table or 0
        parent = self.index_of(Place(home)) if home else _ROOT
        listed = self._columns_of(home) if home else self._tables
        self._new = (home, kind)
        self._sync(parent, listed, [*listed, _NEW])
        return self.createIndex(len(listed) - 1, 0, home)

    def end_new(self) -> None:
        """Take back the room."""
        if self._new is None:
            return
        (home, _), self._new = self._new, None
        parent = self.index_of(Place(home)) if home else _ROOT
        listed = self._columns_of(home) if home else self._tables
        self._sync(parent, listed, [key for key in listed if key != _NEW])

    @property
    def new_kind(self) -> str | None:
        """The kind of the table that is about to get its name; nothing of a column; None without either."""
        return self._new[1] if self._new else None

    def is_new(self, index: Index) -> bool:
        """Whether a node is what is about to get its name."""
        return index.isValid() and self._key(index) == _NEW

    def _pending(self, home: int) -> list[int]:
        return [_NEW] if self._new and self._new[0] == home else []

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """Return the index of a child."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, 0, self._key(parent) if parent.isValid() else 0)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override] # the stubs mix it up with QObject.parent
        """Return the index of the parent."""
        home = index.internalId() if index.isValid() else 0
        if home == 0:
            return QModelIndex()
        if (table := self._home.get(home)) is not None:
            return self.createIndex(self._columns[table].index(home), 0, table)
        row = self._rows.get(home)
        return QModelIndex() if row is None else self.createIndex(row, 0, 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of children."""
        if not parent.isValid():
            return len(self._tables)
        key = self._key(parent)
        home = parent.internalId()
        if key == _NEW or home in self._home:
            return 0
        if home == 0:
            return len(self._columns_of(key))
        if key not in self._modifiers:
            self._modifiers[key] = len(_modifiers(self._column(home, key)))
        return self._modifiers[key]

    def hasChildren(self, parent: Index = _ROOT) -> bool:
        """Whether there are children; columns are not listed to tell."""
        if not parent.isValid() or parent.internalId():
            return self.rowCount(parent) > 0
        key = self._key(parent)
        table = self._document.table(key) if self._document else None
        return key in self._columns or (table is not None and bool(table.places))

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return one."""
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a node."""
        known = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if index.internalId() in self._home:
            return known | Qt.ItemFlag.ItemNeverHasChildren
        known |= Qt.ItemFlag.ItemIsEditable
        if self.is_new(index):
            return known
        known |= Qt.ItemFlag.ItemIsDragEnabled
        return known | Qt.ItemFlag.ItemIsDropEnabled if index.internalId() == 0 else known

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a node shows."""
        if not index.isValid():
            return None
        key, home = self._key(index), index.internalId()
        if key == _NEW:
            if role == KIND and home == 0 and self._new:
                return self._new[1]
            texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole)
            return "" if role in texts else Place(home or None) if role == PLACE else None
        if home == 0:
            table = self._document.table(key) if self._document else None
            return self._of_table(table, role) if table else None
        if home not in self._home:
            column = self._column(home, key)
            return self._of_column(home, column, role) if column else None
        return self._of_modifier(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Give a name; the document has it as soon as whoever hears of it has seen to that."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        self.named.emit(index.data(PLACE), str(value))
        return True

    def _of_table(self, table: Table, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return table.id
            case _ if role == KIND:
                return table.kind
            case _ if role == PLACE:
                return Place(table.key)
            case _ if role == SIGN:
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

    def _of_column(self, table: int, column: Column, role: int) -> Any:
        place = Place(table, column.key)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return column.name
            case _ if role == PLACE:
                return place
            case _ if role == SIGN:
                return self._signs.get(place)
            case _ if role == ASIDE:
                return generator_word(column.value)
            case Qt.ItemDataRole.AccessibleTextRole:
                parts = (column.name, generator_word(column.value), self._signs.get(place) or "")
                return ", ".join(part for part in parts if part)
        return None

    def _of_modifier(self, index: Index, role: int) -> Any:
        key = index.internalId()
        table = self._home[key]
        modifiers = _modifiers(self._column(table, key))
        if role == PLACE:
            return Place(table, key)
        if role == MODIFIER:
            return index.row()
        if index.row() >= len(modifiers):
            return None
        name, text = describe_modifier(modifiers[index.row()])
        spoken = {Qt.ItemDataRole.DisplayRole: name, ASIDE: text, Qt.ItemDataRole.ToolTipRole: text}
        return spoken.get(role)

    # Dragging

    def supportedDropActions(self) -> Qt.DropAction:
        """Say that places are moved, and what comes from elsewhere is copied."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Return what can be dropped here."""
        return [_DRAGGED, "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return what is dragged: as text it can be dropped anywhere."""
        self._dragged = [index.data(PLACE) for index in indexes]
        data = QMimeData()
        data.setData(_DRAGGED, str(id(self)).encode())
        if self.written is not None:
            data.setText(self.written(self._dragged))
        return data

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Say whether something can be dropped there: places into the list that they are in, text anywhere."""
        if parent.isValid() and parent.internalId() != 0:
            return False
        if not self._is_own(data):
            return data.hasText()
        home = parent.data(PLACE).table if parent.isValid() else None
        columns = all(place.column is not None and place.table == home for place in self._dragged)
        tables = all(place.column is None for place in self._dragged)
        return row >= 0 and (columns if parent.isValid() else tables)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Take what is dropped."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        if self._is_own(data):
            self.moved.emit(list(self._dragged), row)
        else:
            place = parent.data(PLACE) if parent.isValid() else Place()
            self.dropped.emit(place, data.text(), row)
        return False  # nothing is left for the view to do: the document changes, and then the tree

    def _is_own(self, data: QMimeData) -> bool:
        return data.data(_DRAGGED).data() == str(id(self)).encode()

    # Keeping in step

    def _key(self, index: Index) -> int:
        """Return the session key of a node; of a modifier, minus two and its place: it has none."""
        home, row = index.internalId(), index.row()
        if home == 0:
            return self._tables[row]
        if home in self._home:
            return -2 - row
        return self._columns_of(home)[row]

    def _column(self, table: int, key: int) -> Column | None:
        found = self._document.table(table) if self._document else None
        return found.column(key) if found else None

    def _columns_of(self, key: int) -> list[int]:
        """Return the columns of a table that are listed; of most nobody ever asks."""
        if key not in self._columns:
            table = self._document.table(key) if self._document else None
            self._columns[key] = listed = self._wanted_columns(table) if table else []
            self._home.update(dict.fromkeys(listed, key))
        return self._columns[key]

    def _wanted_tables(self) -> list[int]:
        tables = self._document.tables if self._document else ()
        return [table.key for table in tables if self._is_found(table)]

    def _is_found(self, table: Table) -> bool:
        wanted = self._filter
        return (
            not wanted
            or wanted in table.id.lower()
            or any(wanted in column.name.lower() for column in table.columns)
        )

    def _wanted_columns(self, table: Table) -> list[int]:
        wanted = self._filter
        whole = not wanted or wanted in table.id.lower()
        return [column.key for column in table.columns if whole or wanted in column.name.lower()]

    def _list(self) -> None:
        self._columns.clear()
        self._home.clear()
        self._modifiers.clear()
        self._tables = self._wanted_tables()
        self._number()

    def _number(self) -> None:
        self._rows = {key: row for row, key in enumerate(self._tables)}

    def _forget_table(self, key: int) -> None:
        for column in self._columns.pop(key):
            self._home.pop(column, None)
            self._modifiers.pop(column, None)

    def _update_table(self, table: Table) -> None:
        parent = self.index_of(Place(table.key))
        listed = self._columns[table.key]
        if not parent.isValid():  # the filter does not find it any more
            self._forget_table(table.key)
            return
        self._sync(parent, listed, self._wanted_columns(table) + self._pending(table.key))
        for row, key in enumerate(listed):
            known = self._modifiers.get(key)
            if known is None:
                continue
            now = len(_modifiers(table.column(key)))
            index = self.createIndex(row, 0, table.key)
            if now > known:
                self.beginInsertRows(index, known, now - 1)
                self._modifiers[key] = now
                self.endInsertRows()
            elif now < known:
                self.beginRemoveRows(index, now, known - 1)
                self._modifiers[key] = now
                self.endRemoveRows()

    def _sync(self, parent: Index, listed: list[int], wanted: Sequence[int]) -> None:
        """Turn one list of keys into another, telling the views of each part."""
        left = set(wanted)
        for first, last in reversed(list(_runs(listed, lambda key: key not in left))):
            self.beginRemoveRows(parent, first, last)
            for key in listed[first : last + 1]:
                self._home.pop(key, None)
                self._modifiers.pop(key, None)
            del listed[first : last + 1]
            self._number()
            self.endRemoveRows()
        home = self._key(parent) if parent.isValid() else 0
        present = set(listed)
        for first, last in _runs(wanted, lambda key: key not in present):
            at = min(first, len(listed))
            self.beginInsertRows(parent, at, at + last - first)
            listed[at:at] = wanted[first : last + 1]
            if home:
                self._home.update(dict.fromkeys(wanted[first : last + 1], home))
                self._home.pop(_NEW, None)
            self._number()
            self.endInsertRows()
        for at, key in enumerate(wanted):
            if listed[at] != key:
                source = listed.index(key)
                self.beginMoveRows(parent, source, source, parent, at)
                listed.insert(at, listed.pop(source))
                self._number()
                self.endMoveRows()

    def _touch(self) -> None:
        """Tell that any node may show something else."""
        if self._tables:
            self.dataChanged.emit(self.createIndex(0, 0, 0), self.createIndex(len(self._tables) - 1, 0, 0))
        for key in self._columns:
            self._touch_columns(key)

    def _touch_table(self, key: int) -> None:
        index = self.createIndex(self._rows[key], 0, 0)
        self.dataChanged.emit(index, index)
        self._touch_columns(key)

    def _touch_columns(self, key: int) -> None:
        columns = self._columns.get(key)
        if columns and key in self._rows:
            self.dataChanged.emit(self.createIndex(0, 0, key), self.createIndex(len(columns) - 1, 0, key))


def _modifiers(column: Column | None) -> Sequence[Any]:
    modifiers = column.value.get("modifiers") if column else None
    return modifiers if isinstance(modifiers, list) else ()


def _runs(keys: Sequence[int], wanted: Callable[[int], bool]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each stretch of keys that are wanted.

    Examples
    --------
    >>> list(_runs([1, 2, 0, 3], bool))
    [(0, 1), (3, 3)]
    """
    first: int | None = None
    for at, key in enumerate(keys):
        if wanted(key):
            first = at if first is None else first
        elif first is not None:
            yield first, at - 1
            first = None
    if first is not None:
        yield first, len(keys) - 1
