"""What can be done on the canvas: each command with its menu, its keys and when it can be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from datagen_app.canvas.arranging import Axis, Side
from datagen_app.shell.commands import Command

if TYPE_CHECKING:
    from datagen_app.canvas.board import Board

__all__ = [
    "CANVAS",
    "arrange_commands",
    "find_commands",
    "picture_commands",
    "place_commands",
    "select_commands",
]

CANVAS = "canvas"
"""The scope of keys that act on the diagram only."""

_SIDES: dict[Side, str] = {
    "left": "Align left edges",
    "centre": "Align centres",
    "right": "Align right edges",
    "top": "Align top edges",
    "middle": "Align middles",
    "bottom": "Align bottom edges",
}
_AXES: dict[Axis, str] = {"across": "Distribute across", "down": "Distribute down"}


def place_commands(board: Board) -> list[Command]:
    """Return what puts something on the canvas, for the Insert menu."""
    editor = board.editor
    return [
        Command(
            "insert.child",
            "Add child table",
            "Insert",
            editor.add_child,
            "A table whose rows belong to those of the selected one. Or drag from the fork at a table's header.",
            ("Ctrl+Alt+K",),
            "child",
            board.has_card,
        ),
        Command(
            "insert.note",
            "Add note",
            "Insert",
            editor.add_note,
            "A text beside the tables.",
            ("Ctrl+Alt+N",),
            "note",
            board.open,
            separated=True,
        ),
        Command(
            "insert.group",
            "Group",
            "Insert",
            editor.add_group,
            "A titled frame around the selected tables, which move with it.",
            ("Ctrl+G",),
            "group",
            board.open,
        ),
    ]


def arrange_commands(board: Board) -> list[Command]:
    """Return what says where tables stand, for a menu of its own."""
    editor = board.editor
    return [
        Command(
            "arrange.layout",
            "Lay out tables",
            "Arrange",
            editor.lay_out,
            "Place every table anew, along the flow of the data.",
            ("Ctrl+L",),
            "layout",
            board.has_tables,
        ),
        *(
            Command(
                f"arrange.{side}",
                title,
                "Arrange",
                partial(editor.align, side),
                "Line the selected tables up.",
                (),
                {"left": "align-left", "top": "align-top"}.get(side, ""),
                board.has_two,
                separated=side in ("left", "top"),
            )
            for side, title in _SIDES.items()
        ),
        *(
            Command(
                f"arrange.{axis}",
                title,
                "Arrange",
                partial(editor.distribute, axis),
                "Leave the same gap between the selected tables.",
                enabled=board.has_three,
                separated=axis == "across",
            )
            for axis, title in _AXES.items()
        ),
        Command(
            "arrange.collapse",
            "Collapse or expand",
            "Arrange",
            editor.collapse,
            "Show the header of the selected tables only, or their columns again.",
            ("Ctrl+.",),
            enabled=board.has_card,
            separated=True,
        ),
    ]


def select_commands(board: Board) -> list[Command]:
    """Return what selects, for the Edit menu."""
    return [
        Command(
            "canvas.select_all",
            "Select all tables",
            "Edit",
            board.editor.select_all,
            "Every table of the diagram.",
            ("Ctrl+A",),
            enabled=board.has_tables,
            scope=CANVAS,
            separated=True,
        ),
    ]


def find_commands(board: Board) -> list[Command]:
    """Return what finds by name, for the Go menu."""
    return [
        Command(
            "canvas.find",
            "Find in the diagram…",
            "Go",
            board.find.open,
            "Tables and columns by their names.",
            ("Ctrl+F",),
            "search",
            board.open,
        ),
        Command(
            "canvas.find_next",
            "Next match",
            "Go",
            board.find.next,
            "Go to the next table or column that was found.",
            ("F3",),
            enabled=board.has_matches,
        ),
        Command(
            "canvas.find_previous",
            "Previous match",
            "Go",
            board.find.previous,
            "Go to the one found before.",
            ("Shift+F3",),
            enabled=board.has_matches,
        ),
    ]


def picture_commands(board: Board) -> list[Command]:
    """Return what writes the diagram as a picture, for the File menu."""
    return [
        Command(
            "canvas.export",
            "Save as picture…",
            "File",
            board.choose_picture,
            "Write the diagram as PNG or SVG.",
            (),
            "picture",
            board.has_tables,
            separated=True,
        ),
    ]
