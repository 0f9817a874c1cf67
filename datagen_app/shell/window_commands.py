"""What can be done in the main window: each command with its menu, its keys and when it can be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from datagen_app.canvas.commands import (
    arrange_commands,
    find_commands,
    place_commands,
    select_commands,
)
from datagen_app.shell.commands import Command
from datagen_app.shell.design import Design, Panel, Tab
from datagen_app.shell.edit_commands import edit_commands, insert_commands
from datagen_app.shell.theme import CHOICES, Choice

if TYPE_CHECKING:
    from datagen_app.shell.main_window import MainWindow

__all__ = ["PROBLEM_CONTEXT", "window_commands"]

PROBLEM_CONTEXT = ("problems.fix", "problems.fix_alike")
"""The menu of a problem."""

_THEMES: dict[Choice, str] = {"system": "As the system", "light": "Light", "dark": "Dark"}


def window_commands(window: MainWindow) -> list[Command]:
    """Return the commands of a window, in the order of its menus."""
    board = window.design.board
    return [
        *_file(window),
        *edit_commands(window),
        *select_commands(board),
        *insert_commands(window),
        *place_commands(board),
        *arrange_commands(board),
        *_view(window),
        *find_commands(board),
        *_go(window),
        *_rest(window),
    ]


def _file(window: MainWindow) -> list[Command]:
    filing, opened = window.filing, window.has_document
    return [
        Command("file.new", "New", "File", filing.new, "Begin an empty schema.", ("Ctrl+N",), "new"),
        Command(
            "file.new_window",
            "New window",
            "File",
            window.new_window,
            "Open another window, with a document of its own.",
            ("Ctrl+Shift+N",),
        ),
        Command("file.open", "Open…", "File", window.choose_file, "Open a schema.", ("Ctrl+O",), "open"),
        Command(
            "file.open_in_new_window",
            "Open in new window…",
            "File",
            window.open_in_new_window,
            "Open a schema beside this one.",
        ),
        Command(
            "file.save",
            "Save",
            "File",
            filing.save,
            "Write the schema to its file.",
            ("Ctrl+S",),
            "save",
            filing.can_save,
            separated=True,
        ),
        Command(
            "file.save_as",
            "Save as…",
            "File",
            filing.save_as,
            "Write the schema to another file, which is its own from then on.",
            ("Ctrl+Shift+S",),
            enabled=opened,
        ),
        Command(
            "file.reload",
            "Read again",
            "File",
            filing.revert,
            "Go back to what the file holds now.",
            ("F5",),
            "reload",
            filing.has_file,
        ),
        Command(
            "file.close",
            "Close",
            "File",
            filing.close,
            "Go back to the start page.",
            ("Ctrl+W",),
            "close",
            opened,
            separated=True,
        ),
        Command("file.quit", "Quit", "File", window.close, "Close the window.", ("Ctrl+Q",), separated=True),
    ]


def _view(window: MainWindow) -> list[Command]:
    design, opened = window.design, window.has_document
    canvas = design.canvas
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
            window.design.fit_selection,
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
            _Show(design, "outline"),
            "Tables and columns as a tree.",
            ("Ctrl+Shift+O",),
            "outline",
            opened,
            _Shows(design, "outline"),
            separated=True,
        ),
        Command(
            "view.inspector",
            "Inspector",
            "View",
            _Show(design, "inspector"),
            "What there is to know of the selected table or column.",
            ("Ctrl+Shift+I",),
            "information",
            opened,
            _Shows(design, "inspector"),
        ),
        Command(
            "view.below",
            "Panel below",
            "View",
            _Show(design, "below"),
            "The lists below the diagram.",
            ("Ctrl+J",),
            "below",
            opened,
            _Shows(design, "below"),
        ),
        Command(
            "view.preview",
            "Preview",
            "View",
            _ShowTab(design, "preview"),
            "The first rows of the selected table, as a run will write them.",
            ("Ctrl+Shift+P",),
            "preview",
            opened,
            _ShowsTab(design, "preview"),
        ),
        Command(
            "view.plots",
            "Plots",
            "View",
            _ShowTab(design, "plots"),
            "How the values of the selected column are distributed.",
            ("Ctrl+Shift+L",),
            "plots",
            opened,
            _ShowsTab(design, "plots"),
        ),
        Command(
            "view.problems",
            "Problems",
            "View",
            _ShowTab(design, "problems"),
            "What is wrong, and where.",
            ("Ctrl+Shift+M",),
            "problems",
            opened,
            _ShowsTab(design, "problems"),
        ),
        Command(
            "view.history",
            "History",
            "View",
            _ShowTab(design, "history"),
            "The steps that were done, to go back to any.",
            ("Ctrl+Shift+H",),
            "history",
            opened,
            _ShowsTab(design, "history"),
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
        Command(
            "view.put_back",
            "Put panels back",
            "View",
            design.put_back,
            "Open every panel, as large as at first.",
            enabled=opened,
        ),
        *(
            Command(
                f"theme.{choice}",
                _THEMES[choice],
                "View/Theme",
                _Choose(window, choice),
                "The colours of the windows.",
                checked=_Chosen(window, choice),
                choice="theme",
            )
            for choice in CHOICES
        ),
    ]


def _go(window: MainWindow) -> list[Command]:
    problems = window.design.problems
    return [
        Command(
            "go.design",
            "Design",
            "Go",
            _GoTo(window, "design"),
            "The schema: its tables, and how they are drawn.",
            ("Ctrl+1",),
            enabled=window.has_document,
            checked=window.in_design,
            choice="workspace",
        ),
        Command(
            "go.data",
            "Data",
            "Go",
            _GoTo(window, "data"),
            "What runs have written: rows, questions, the report.",
            ("Ctrl+2",),
            enabled=window.has_document,
            checked=window.in_data,
            choice="workspace",
        ),
        Command(
            "go.back",
            "Back",
            "Go",
            window.go_back,
            "Go to the place visited before.",
            ("Alt+Left",),
            "back",
            window.can_go_back,
            separated=True,
        ),
        Command(
            "go.forward",
            "Forward",
            "Go",
            window.go_forward,
            "Go to the place that you came back from.",
            ("Alt+Right",),
            "forward",
            window.can_go_forward,
        ),
        Command(
            "go.place",
            "Go to table…",
            "Go",
            window.go_to_place,
            "Any table or column, by a few of its letters.",
            ("Ctrl+T",),
            enabled=window.has_document,
            separated=True,
        ),
        Command(
            "go.find",
            "Find in the outline",
            "Go",
            window.design.find_in_outline,
            "Tables and columns by their names.",
            ("Ctrl+Shift+F",),
            "search",
            window.has_document,
        ),
        Command(
            "go.next_problem",
            "Next problem",
            "Go",
            partial(window.design.step_problem, 1),
            "Go to what the next problem is about.",
            ("F8",),
            enabled=window.has_problems,
        ),
        Command(
            "go.previous_problem",
            "Previous problem",
            "Go",
            partial(window.design.step_problem, -1),
            "Go to what the problem before is about.",
            ("Shift+F8",),
            enabled=window.has_problems,
        ),
        Command(
            "problems.fix",
            "Apply fix",
            "Go",
            problems.fix,
            "Mend the current problem by the fix that it offers.",
            ("Alt+Return",),
            enabled=problems.can_fix,
            separated=True,
        ),
        Command(
            "problems.fix_alike",
            "Apply all fixes of this kind",
            "Go",
            problems.fix_alike,
            "Mend every problem of the current one's kind, in one step.",
            ("Alt+Shift+Return",),
            enabled=problems.can_fix,
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
            "help.shortcuts",
            "Keyboard shortcuts",
            "Help",
            window.show_shortcuts,
            "All keys on one page.",
            ("Ctrl+/",),
            "keyboard",
        ),
        Command(
            "help.change_shortcuts",
            "Change shortcuts…",
            "Help",
            window.change_shortcuts,
            "Give commands other keys.",
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
        Command(
            "help.about",
            "About Datagen Studio",
            "Help",
            window.about,
            "What this is, and under which licence.",
        ),
    ]


class _GoTo:
    """Bring a workspace into view when called."""

    def __init__(self, window: MainWindow, workspace: str) -> None:
        self._window, self._workspace = window, workspace

    def __call__(self, shown: bool) -> None:
        self._window.go_to_workspace(self._workspace)


class _Show:
    """Open or close a panel when called."""

    def __init__(self, design: Design, panel: Panel) -> None:
        self._design, self._panel = design, panel

    def __call__(self, shown: bool) -> None:
        self._design.show_panel(self._panel, shown)


class _Shows:
    """Say whether a panel is open."""

    def __init__(self, design: Design, panel: Panel) -> None:
        self._design, self._panel = design, panel

    def __call__(self) -> bool:
        return self._design.shows(self._panel)


class _ShowTab:
    """Bring a list below into view, or close the panel that it is in, when called."""

    def __init__(self, design: Design, tab: Tab) -> None:
        self._design, self._tab = design, tab

    def __call__(self, shown: bool) -> None:
        self._design.show_tab(self._tab, shown)


class _ShowsTab:
    """Say whether a list below is in view."""

    def __init__(self, design: Design, tab: Tab) -> None:
        self._design, self._tab = design, tab

    def __call__(self) -> bool:
        return self._design.shows_tab(self._tab)


class _Choose:
    """Choose a theme when called."""

    def __init__(self, window: MainWindow, choice: Choice) -> None:
        self._window, self._choice = window, choice

    def __call__(self, checked: bool) -> None:
        self._window.choose_theme(self._choice)


class _Chosen:
    """Say whether a theme is chosen."""

    def __init__(self, window: MainWindow, choice: Choice) -> None:
        self._window, self._choice = window, choice

    def __call__(self) -> bool:
        return self._window.theme.choice == self._choice
