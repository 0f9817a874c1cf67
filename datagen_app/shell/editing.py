"""What can be done to what is selected: each a step of the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import datagen_engine as datagen
from datagen_app.document.document import Column, Document, Table
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps.clipboard import copy, cut, duplicate, paste
from datagen_app.document.steps.columns import add_column, guessed, move_columns, set_key
from datagen_app.document.steps.modifiers import add_modifier, move_modifier, remove_modifier
from datagen_app.document.steps.naming import refused_column, refused_table
from datagen_app.document.steps.removal import chosen, delete, dependents
from datagen_app.document.steps.renaming import rename
from datagen_app.document.steps.tables import TableKind, add_table, move_table
from datagen_app.document.words import counted, generator_word
from datagen_app.shell.question import ask
from datagen_app.shell.session import Session

__all__ = ["Editing"]

_LISTED = 8
"""So many dependents are named before a deletion; the rest is counted."""


class Editing(QObject):
    """Change the open document as commands, menus and the outline ask for it.

    Parameters
    ----------
    session
        The open document, and what is selected in it.
    window
        What questions stand before.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.modifier: int | None = None
        """Which modifier of the selected column is meant, if it is one of them."""

    # What is selected

    @property
    def document(self) -> Document | None:
        """The open document, as it is now."""
        return self._session.document

    @property
    def places(self) -> Sequence[Place]:
        """What is selected and still there, in the order of the text."""
        return chosen(self.document, self._session.selection.places) if self.document else ()

    def has_places(self) -> bool:
        """Whether a table or column is selected."""
        return bool(self._session.selection.places)

    def has_one(self) -> bool:
        """Whether one table or column is selected, and no modifier."""
        return len(self._session.selection.places) == 1 and self.modifier is None

    def has_table(self) -> bool:
        """Whether there is a table for a new column."""
        return self.table() is not None

    def has_column(self) -> bool:
        """Whether the selected place is a column."""
        return self._session.selection.place.column is not None

    def table(self) -> Table | None:
        """Return the table that is selected, or that the selected column is in."""
        return self._resolved()[0]

    def _resolved(self) -> tuple[Table | None, Column | None]:
        return self.document.resolve(self._session.selection.place) if self.document else (None, None)

    # Names

    def refusal(self, place: Place, name: str) -> str:
        """Say why a table or column cannot be called so; nothing if it can."""
        table, column = self.document.resolve(place) if self.document else (None, None)
        if table is None or self.document is None:
            return "It is gone."
        if column is not None:
            return refused_column(table, name.strip(), but=column.key)
        return refused_table(self.document, name.strip(), but=table.key)

    def refusal_of_table(self, name: str) -> str:
        """Say why a new table cannot be called so; nothing if it can."""
        return refused_table(self.document, name.strip()) if self.document else ""

    def refusal_of_column(self, place: Place, name: str) -> str:
        """Say why a new column of a table cannot be called so; nothing if it can."""
        table, _ = self.document.resolve(place) if self.document else (None, None)
        return refused_column(table, name.strip()) if table else "Its table is gone."

    def guess(self, place: Place, name: str) -> str:
        """Say what a new column of that name would be; nothing without a name."""
        table, _ = self.document.resolve(place) if self.document else (None, None)
        if self.document is None or table is None or not name.strip():
            return ""
        column = guessed(self.document, table, name.strip())
        return f"{column['type']} · {generator_word(column)}"

    def rename(self, place: Place, name: str) -> None:
        """Rename a table or column with every reference to it."""
        self._try("Rename", lambda document: rename(document, place, name.strip()))

    # Making

    def create_table(self, kind: str, name: str) -> None:
        """Add a table, and select it."""
        wanted: TableKind = "entity" if kind == "entity" else "vocab" if kind == "vocab" else "fact"
        if self._try("Add table", lambda document: add_table(document, wanted, name=name.strip())):
            self._reveal_new(name.strip())

    def create_column(self, place: Place, name: str) -> None:
        """Add a column to a table, with a generator guessed from its name, and select it."""
        table = place.table
        if table is None:
            return
        if self._try("Add column", lambda document: add_column(document, table, name.strip())):
            found = self.document.table(table) if self.document else None
            if found is not None and found.columns:
                self._session.selection.reveal(Place(table, found.columns[-1].key))

    def make_key(self) -> None:
        """Make the selected column the key of its table."""
        place = self._session.selection.place
        self._try("Make key", lambda document: set_key(document, place))

    def duplicate(self) -> None:
        """Put a second of what is selected beside the first, and select it."""
        self._select_new("Duplicate", lambda document: duplicate(document, self.places))

    def modifiers(self) -> Sequence[tuple[str, dict[str, Any]]]:
        """Return the modifiers that suit what is selected, each with arguments to begin with."""
        _, column = self._resolved()
        kind = column.value.get("type") if column else None
        return [
            (part.key, dict(part.samples[0]))
            for part in datagen.specs().modifiers.values()
            if part.samples
            and (part.key == "effect" if column is None else not part.types or kind in (None, *part.types))
        ]

    def add_modifier(self, transform: str, args: dict[str, Any]) -> None:
        """Add a modifier to what is selected, behind the others."""
        place = self._session.selection.place
        self._try("Add modifier", lambda document: add_modifier(document, place, transform, args))

    def _reveal_new(self, name: str) -> None:
        found = self.document.named(name) if self.document else None
        if found is not None:
            self._session.selection.reveal(Place(found.key))

    # Deleting

    def delete(self) -> None:
        """Delete what is selected; ask first where something depends on it, and say what."""
        document, places = self.document, self.places
        if document is None or not places:
            return
        if self.modifier is not None:
            place, number = self._session.selection.place, self.modifier
            self._try("Remove modifier", lambda now: remove_modifier(now, place, number))
            return
        lost = dependents(document, places)
        if not lost:
            self._delete(places)
            return
        named = [f"• {each.words}" for each in lost[:_LISTED]]
        if len(lost) > _LISTED:
            named.append(f"… and {counted(len(lost) - _LISTED, 'other')}")
        reason = "\n".join(
            (f"{counted(len(lost), 'place refers', 'places refer')} to it and would be a problem:", *named)
        )
        question = f"Delete {self._said(document, places)}?"
        ask(self._window, question, reason, "Delete", "Keep", lambda: self._delete(places))

    def _delete(self, places: Sequence[Place]) -> None:
        beside = self._beside(places)
        if self._try("Delete", lambda document: delete(document, places)):
            self._session.selection.select(beside)

    def _beside(self, places: Sequence[Place]) -> Place:
        """Return what is to be selected when some places are gone: the next one, or the one before."""
        table, column = self._resolved()
        if table is None or self.document is None:
            return Place()
        if column is None:
            left = [each for each in self.document.tables if Place(each.key) not in places]
            after = [each for each in left if each.index > table.index]
            found = after[0] if after else left[-1] if left else None
            return Place(found.key) if found else Place()
        rest = [each for each in table.columns if Place(table.key, each.key) not in places]
        later = [each for each in rest if each.index > column.index]
        near = later[0] if later else rest[-1] if rest else None
        return Place(table.key, near.key if near else None)

    def _said(self, document: Document, places: Sequence[Place]) -> str:
        if len(places) > 1:
            tables = all(place.column is None for place in places)
            return counted(len(places), "table" if tables else "column")
        table, column = document.resolve(places[0])
        if table is None:
            return "it"
        return f"column {table.id}.{column.name}" if column else f"table {table.id}"

    # Order

    def move_up(self) -> None:
        """Move what is selected one place up in its list."""
        self._move_by(-1)

    def move_down(self) -> None:
        """Move what is selected one place down in its list."""
        self._move_by(1)

    def _move_by(self, by: int) -> None:
        document = self.document
        table, column = self._resolved()
        if document is None or table is None:
            return
        if self.modifier is not None and column is not None:
            place, source = self._session.selection.place, self.modifier
            count = len(column.value.get("modifiers") or ())
            if 0 <= source + by < count:
                self.modifier = source + by  # before the step, so that the outline stays with it
                self._try("Move", lambda now: move_modifier(now, place, source, source + by))
        elif column is not None:
            keys = [place.column for place in self.places if place.table == table.key and place.column]
            rows = [each.index for each in table.columns if each.key in keys]
            target = rows[0] - 1 if by < 0 else rows[-1] + 2
            if 0 <= target <= len(table.column_keys):
                self._try("Move", lambda now: move_columns(now, table.key, keys, target))
        else:
            at = next(at for at, each in enumerate(document.tables) if each.key == table.key) + by
            if 0 <= at < len(document.tables):
                self._try("Move", lambda now: move_table(now, table.key, at))

    def move_to(self, places: Sequence[Place], row: int) -> None:
        """Move tables, or columns of one table, before a row of their list."""
        document = self.document
        if document is None or not places:
            return
        table = document.table(places[0].table or 0)
        if table is None:
            return
        if places[0].column is None:
            at = next(at for at, each in enumerate(document.tables) if each.key == table.key)
            self._try("Move", lambda now: move_table(now, table.key, row - (at < row)))
            return
        columns = table.columns
        target = columns[row].index if row < len(columns) else len(table.column_keys)
        keys = [place.column for place in places if place.column is not None]
        self._try("Move", lambda now: move_columns(now, table.key, keys, target))

    # The clipboard

    def written(self, places: Sequence[Place]) -> str:
        """Return places as a text in the language."""
        return copy(self.document, places) if self.document else ""

    def copy(self) -> None:
        """Copy what is selected."""
        self._put(self.written(self.places))

    def cut(self) -> None:
        """Cut what is selected: what refers to it is left to the paste, or is a problem."""
        document, places = self.document, self.places
        if document is not None and places:
            text, step = cut(document, places)
            beside = self._beside(places)
            if self._session.do(step):
                self._put(text)
                self._session.selection.select(beside)

    def paste(self) -> None:
        """Paste tables beside those that are there, columns behind the selected one."""
        text = QGuiApplication.clipboard().text()
        place = self._session.selection.place
        self._select_new("Paste", lambda document: paste(document, text, place))

    def paste_text(self, place: Place, text: str, row: int) -> None:
        """Paste what was dropped into a table, or between tables."""
        table = self.document.table(place.table) if self.document and place.table else None
        if table is not None and 0 < row <= len(table.columns):
            place = Place(table.key, table.columns[row - 1].key)
        self._select_new("Paste", lambda document: paste(document, text, place))

    def can_paste(self) -> bool:
        """Whether the clipboard may hold tables or columns."""
        return self.document is not None and QGuiApplication.clipboard().text().lstrip()[:1] in ("{", "[")

    def _put(self, text: str) -> None:
        if text:
            data = QMimeData()
            data.setText(text)
            QGuiApplication.clipboard().setMimeData(data)

    # Doing

    def _select_new(self, title: str, make: Callable[[Document], Step]) -> None:
        before = self.document
        if before is None or not self._try(title, make):
            return
        after = self.document
        new = list(_new(before, after)) if after else []
        if new:
            self._session.selection.select_all(new)
            self._session.selection.revealed.emit(new[-1])

    def _try(self, title: str, make: Callable[[Document], Step]) -> bool:
        """Make a step for the present document and do it; what stands in its way is said."""
        document = self.document
        if document is None:
            return False
        try:
            step = make(document)
        except (LookupError, ValueError) as error:
            said = str(error.args[0]) if error.args else str(error)
            self._session.troubled.emit(f"{title}: {said}")
            return False
        return self._session.do(step)


def _new(before: Document, after: Document) -> list[Place]:
    """Return the tables, or else the columns, that an edit has made."""
    known = {table.key: table for table in before.tables}
    tables = [Place(table.key) for table in after.tables if table.key not in known]
    if tables:
        return tables
    columns = []
    for table in after.tables:
        if known[table.key] is not table:
            keys = {column.key for column in known[table.key].columns}
            columns += [Place(table.key, column.key) for column in table.columns if column.key not in keys]
    return columns
