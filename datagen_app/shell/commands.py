"""Everything that can be done, once: menus, toolbar, shortcuts and the palette are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from datagen_app.shell.icons import icon
from datagen_app.shell.theme import Theme

__all__ = ["Command", "Registry"]


@dataclass(frozen=True)
class Command:
    """Something that can be done.

    Parameters
    ----------
    id
        Its name for settings and tests: `view.fit`.
    title
        What it does, as the menus say it; an ellipsis where it asks for more first.
    menu
        The menu it stands in; `File/Theme` is a menu within a menu.
    run
        Does it. Takes whether it is on, if it is one that can be.
    help
        A sentence for the tooltip.
    shortcuts
        Its keys, the one to be shown first.
    icon
        The name of its icon.
    enabled
        Whether it can be done now.
    checked
        Whether it is on, for one that can be.
    choice
        Of the commands that share this name, one is on.
    ink
        The colour of its icon, by its role.
    separated
        Whether a line parts it from the command before it in the menu.
    """

    id: str
    title: str
    menu: str
    run: Callable[..., object]
    help: str = ""
    shortcuts: Sequence[str] = ()
    icon: str = ""
    enabled: Callable[[], bool] | None = None
    checked: Callable[[], bool] | None = None
    choice: str = ""
    ink: str = "text"
    separated: bool = False


class Registry(QObject):
    """Hold the commands of a window, each with the action that menus and toolbars share."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._menus: dict[str, QMenu] = {}
        theme.changed.connect(self._colour)

    @property
    def commands(self) -> Iterable[Command]:
        """All commands, in the order of the menus."""
        return self._commands.values()

    def add(self, *commands: Command) -> None:
        """Add commands."""
        for command in commands:
            action = QAction(command.title, self)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
            action.setToolTip(_tip(command))
            action.setIconText(command.title)  # Qt would drop the ellipsis
            action.setCheckable(command.checked is not None)
            if command.checked is not None:
                action.triggered.connect(command.run)
            else:
                action.triggered.connect(_Run(command.run))
            if command.choice:
                group = self._groups.setdefault(command.choice, QActionGroup(self))
                group.addAction(action)
            self._commands[command.id], self._actions[command.id] = command, action
            self._window.addAction(action)
        self._colour()

    def action(self, id_: str) -> QAction:
        """Return the action of a command."""
        return self._actions[id_]

    def run(self, id_: str) -> None:
        """Do what a command does, if it can be done."""
        self._actions[id_].trigger()

    def refresh(self) -> None:
        """Look again what can be done, and what is on."""
        for id_, command in self._commands.items():
            action = self._actions[id_]
            if command.enabled is not None:
                action.setEnabled(command.enabled())
            if command.checked is not None:
                action.setChecked(command.checked())

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        for id_, command in self._commands.items():
            menu = self.menu(command.menu, bar)
            if command.separated:
                menu.addSeparator()
            menu.addAction(self._actions[id_])

    def menu(self, path: str, bar: QMenuBar) -> QMenu:
        """Return a menu by its path, made if there is none yet."""
        if path not in self._menus:
            above, _, title = path.rpartition("/")
            menu = QMenu(title, self._window)
            menu.setToolTipsVisible(False)
            menu.aboutToShow.connect(self.refresh)
            if above:
                self.menu(above, bar).addMenu(menu)
            else:
                bar.addMenu(menu)
            self._menus[path] = menu
        return self._menus[path]

    def _colour(self) -> None:
        for id_, command in self._commands.items():
            if command.icon:
                self._actions[id_].setIcon(icon(command.icon, self._theme.palette, command.ink))
                self._actions[id_].setIconVisibleInMenu(False)


class _Run:
    """Call a function that takes nothing, whatever the signal brings."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def __call__(self, checked: bool = False) -> None:
        self._function()


def _tip(command: Command) -> str:
    title = command.title.replace("&", "").rstrip("…")
    keys = QKeySequence(command.shortcuts[0]) if command.shortcuts else QKeySequence()
    shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
    first = f"{title} ({shown})" if shown else title
    return f"{first}\n{command.help}" if command.help else first
