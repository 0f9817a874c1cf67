"""What the command palette offers: all that can be done, and every table and column."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.selection import Selection
from datagen_app.document.words import describe_modifier
from datagen_app.shell.command_palette import Entry
from datagen_app.shell.commands import Registry
from datagen_app.shell.editing import Editing
from datagen_app.shell.shortcuts import said

__all__ = ["command_entries", "modifier_entries", "place_entries"]


def command_entries(commands: Registry, without: str = "") -> Iterator[Entry]:
    """Yield what can be done now, but for one command."""
    commands.refresh()
    for command in commands.commands:
        action = commands.action(command.id)
        if action.isEnabled() and command.id != without:
            title = action.text().replace("&", "").rstrip("…")
            keys = said(action.shortcut().toString())
            yield Entry(title, command.menu.replace("/", " › "), action.trigger, keys)


def place_entries(document: Document | None, selection: Selection) -> Iterator[Entry]:
    """Yield the tables and columns, to go to."""
    for table in document.tables if document else ():
        yield Entry(table.id, "table", _Go(selection, Place(table.key)))
        for column in table.columns:
            go = _Go(selection, Place(table.key, column.key))
            yield Entry(f"{table.id}.{column.name}", "column", go)


def modifier_entries(editing: Editing) -> list[Entry]:
    """Return the modifiers that suit what is selected, to add one."""
    entries = []
    for name, sample in editing.modifiers():
        _, text = describe_modifier({"transform": name, "args": sample})
        run = partial(editing.add_modifier, name, sample)
        entries.append(Entry(name.replace("_", " "), text, run))
    return entries


class _Go:
    """Reveal a place when called."""

    def __init__(self, selection: Selection, place: Place) -> None:
        self._selection, self._place = selection, place

    def __call__(self) -> None:
        self._selection.reveal(self._place)
