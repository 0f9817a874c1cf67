"""What can be done in the main window: each command with its menu, its keys and when it can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_app.shell.commands import Command
from datagen_app.shell.theme import CHOICES, Choice

if TYPE_CHECKING:
    from datagen_app.shell.main_window import MainWindow

__all__ = ["window_commands"]

_THEMES: dict[Choice, str] = {"system": "As the system", "light": "Light", "dark": "Dark"}


def window_commands(window: MainWindow) -> list[Command]:
    """Return the commands of a window, in the order of its menus."""
    return [*_file(window), *_view(window), *_go(window), *_rest(window)]


def _file(window: MainWindow) -> list[Command]:
    session, opened = window.session, window.has_document
    return [
        Command("file.open", "Open…", "File", window.choose_file, "Open a schema.", ("Ctrl+O",), "open"),
        Command(
            "file.reload",
            "Read again",
            "File",
            session.reload,
            "Read the file again, as it is now.",
            ("F5",),
            "reload",
            opened,
        ),
        Command(
            "file.close",
            "Close",
            "File",
            session.close,
            "Go back to the start page.",
            ("Ctrl+W",),
            "close",
            opened,
        ),
        Command("file.quit", "Quit", "File", window.close, shortcuts=("Ctrl+Q",), separated=True),
    ]


def _view(window: MainWindow) -> list[Command]:
    canvas, opened = window.canvas, window.has_document
    return [
        Command(
            "view.fit",
            "Fit all tables",
            "View",
            canvas.fit,
            "Show every table.",
            ("Ctrl+0",),
            "fit",
            opened,
        ),
        Command(
            "view.fit_selection",
            "Zoom to selection",
            "View",
            window.fit_selection,
            "Show the selected table as large as is readable.",
            ("Ctrl+Shift+0",),
            enabled=window.has_selection,
        ),
        Command(
            "view.zoom_in",
            "Zoom in",
            "View",
            canvas.zoom_in,
            "Ctrl and the wheel do it too.",
            ("Ctrl+=", "Ctrl++"),
            "zoom-in",
            opened,
        ),
        Command(
            "view.zoom_out",
            "Zoom out",
            "View",
            canvas.zoom_out,
            "Ctrl and the wheel do it too.",
            ("Ctrl+-",),
            "zoom-out",
            opened,
        ),
        Command(
            "view.full_size",
            "Zoom to 100 %",
            "View",
            canvas.zoom_to_full_size,
            "Letters as large as everywhere else.",
            ("Ctrl+Alt+0",),
            enabled=opened,
        ),
        Command(
            "view.outline",
            "Outline",
            "View",
            window.show_outline,
            "Tables and columns as a tree.",
            ("Ctrl+Shift+O",),
            "outline",
            opened,
            window.shows_outline,
            separated=True,
        ),
        Command(
            "view.information",
            "Information",
            "View",
            window.show_information,
            "What there is to know of the selected table or column.",
            ("Ctrl+Shift+I",),
            "information",
            opened,
            window.shows_information,
        ),
        Command(
            "view.problems",
            "Problems",
            "View",
            window.show_problems,
            "What is wrong, and where.",
            ("Ctrl+Shift+M",),
            "problems",
            opened,
            window.shows_problems,
        ),
        Command(
            "view.minimap",
            "Map",
            "View",
            window.show_minimap,
            "A small map of the diagram, while not all of it is in view.",
            (),
            "minimap",
            opened,
            window.shows_minimap,
        ),
        *(
            Command(
                f"theme.{choice}",
                _THEMES[choice],
                "View/Theme",
                _Choose(window, choice),
                checked=_Chosen(window, choice),
                choice="theme",
            )
            for choice in CHOICES
        ),
    ]


def _go(window: MainWindow) -> list[Command]:
    return [
        Command(
            "go.find",
            "Find table or column",
            "Go",
            window.find_in_outline,
            "",
            ("Ctrl+F",),
            "search",
            window.has_document,
        ),
        Command(
            "go.next_problem",
            "Next problem",
            "Go",
            window.next_problem,
            shortcuts=("F8",),
            enabled=window.has_problems,
        ),
        Command(
            "go.previous_problem",
            "Previous problem",
            "Go",
            window.previous_problem,
            shortcuts=("Shift+F8",),
            enabled=window.has_problems,
        ),
    ]


def _rest(window: MainWindow) -> list[Command]:
    return [
        Command(
            "run.generate",
            "Generate…",
            "Run",
            window.generate,
            "Write the tables into a folder.",
            ("Ctrl+Return",),
            "generate",
            window.has_document,
            ink="on_accent",
        ),
        Command(
            "help.commands",
            "All commands…",
            "Help",
            window.show_command_palette,
            "Everything that can be done, with its keys.",
            ("Ctrl+K",),
            "command",
        ),
        Command("help.about", "About Datagen Studio", "Help", window.about),
    ]


class _Choose:
    """Choose a theme when called."""

    def __init__(self, window: MainWindow, choice: Choice) -> None:
        self._window, self._choice = window, choice

    def __call__(self, checked: bool = True) -> None:
        self._window.choose_theme(self._choice)


class _Chosen:
    """Say whether a theme is chosen."""

    def __init__(self, window: MainWindow, choice: Choice) -> None:
        self._window, self._choice = window, choice

    def __call__(self) -> bool:
        return self._window.theme.choice == self._choice
