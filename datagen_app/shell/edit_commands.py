"""What can be done to the document: each command with its menu, its keys and when it can be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from datagen_app.shell.commands import Command

if TYPE_CHECKING:
    from datagen_app.shell.main_window import MainWindow

__all__ = ["CONTEXT", "SCHEMA", "edit_commands", "insert_commands"]

SCHEMA = "schema"
"""The scope of keys that act on what is selected in the outline or on the canvas."""

CONTEXT = (
    "edit.rename",
    "insert.column",
    "insert.modifier",
    "edit.make_key",
    "",
    "edit.cut",
    "edit.copy",
    "edit.paste",
    "edit.duplicate",
    "",
    "edit.move_up",
    "edit.move_down",
    "",
    "edit.delete",
)
"""The menu of a table or column; an empty name is a line."""


def edit_commands(window: MainWindow) -> list[Command]:
    """Return the commands of the Edit menu."""
    editing, session, opened = window.editing, window.session, window.has_document
    return [
        Command(
            "edit.undo",
            "Undo",
            "Edit",
            session.undo,
            "Take the last step back.",
            ("Ctrl+Z",),
            "undo",
            window.can_undo,
            label=window.undo_label,
        ),
        Command(
            "edit.redo",
            "Redo",
            "Edit",
            session.redo,
            "Do again what was taken back.",
            ("Ctrl+Y", "Ctrl+Shift+Z"),
            "redo",
            window.can_redo,
            label=window.redo_label,
        ),
        Command(
            "edit.cut",
            "Cut",
            "Edit",
            editing.cut,
            "Take the selected tables or columns away, to paste them elsewhere.",
            ("Ctrl+X",),
            enabled=editing.has_places,
            scope=SCHEMA,
            separated=True,
        ),
        Command(
            "edit.copy",
            "Copy",
            "Edit",
            editing.copy,
            "Copy the selected tables or columns as text.",
            ("Ctrl+C",),
            enabled=editing.has_places,
            scope=SCHEMA,
        ),
        Command(
            "edit.paste",
            "Paste",
            "Edit",
            editing.paste,
            "Paste tables or columns; names that are taken get a number.",
            ("Ctrl+V",),
            enabled=opened,
            scope=SCHEMA,
        ),
        Command(
            "edit.duplicate",
            "Duplicate",
            "Edit",
            editing.duplicate,
            "Put a second of what is selected beside the first.",
            ("Ctrl+D",),
            enabled=editing.has_places,
            scope=SCHEMA,
        ),
        Command(
            "edit.delete",
            "Delete",
            "Edit",
            window.delete,
            "Delete what is selected; what depends on it is shown first.",
            ("Delete",),
            enabled=window.can_delete,
            scope=SCHEMA,
        ),
        Command(
            "edit.rename",
            "Rename",
            "Edit",
            window.rename,
            "Give the selected table or column another name, everywhere.",
            ("F2",),
            enabled=editing.has_one,
            scope=SCHEMA,
            separated=True,
        ),
        Command(
            "edit.make_key",
            "Make key",
            "Edit",
            editing.make_key,
            "Let the selected column be the key of its table.",
            enabled=editing.has_column,
        ),
        Command(
            "edit.move_up",
            "Move up",
            "Edit",
            editing.move_up,
            "Move what is selected one place up in its list.",
            ("Alt+Up",),
            enabled=editing.has_places,
            scope=SCHEMA,
        ),
        Command(
            "edit.move_down",
            "Move down",
            "Edit",
            editing.move_down,
            "Move what is selected one place down in its list.",
            ("Alt+Down",),
            enabled=editing.has_places,
            scope=SCHEMA,
        ),
    ]


def insert_commands(window: MainWindow) -> list[Command]:
    """Return the commands of the Insert menu."""
    opened = window.has_document
    return [
        Command(
            "insert.entity",
            "Add entity",
            "Insert",
            partial(window.add_table, "entity"),
            "A table of things: customers, products, devices.",
            ("Ctrl+Alt+E",),
            "add",
            opened,
        ),
        Command(
            "insert.fact",
            "Add fact",
            "Insert",
            partial(window.add_table, "fact"),
            "A table of what happens: orders, visits, measurements.",
            ("Ctrl+Alt+F",),
            enabled=opened,
        ),
        Command(
            "insert.vocab",
            "Add vocabulary",
            "Insert",
            partial(window.add_table, "vocab"),
            "A table of fixed values: channels, countries, states.",
            ("Ctrl+Alt+V",),
            enabled=opened,
        ),
        Command(
            "insert.column",
            "Add column",
            "Insert",
            window.add_column,
            "Type a name; the generator is guessed from it.",
            ("Ctrl+Shift+A",),
            enabled=window.editing.has_table,
            separated=True,
        ),
        Command(
            "insert.modifier",
            "Add modifier…",
            "Insert",
            window.add_modifier,
            "Change the values of the selected column, or the number of a table's rows.",
            ("Ctrl+Alt+M",),
            enabled=window.editing.has_places,
        ),
    ]
