"""Everything that can be done, once: menus, toolbar, shortcuts and the palette are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from datagen_app.shell.icons import icon
from datagen_app.shell.shortcuts import Shortcuts, said
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
        A sentence that says what comes of it, for the tooltip and the list of commands.
    shortcuts
        Its keys unless the user has changed them, the one to be shown first.
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
    scope
        Where its keys work: everywhere in the window, or only in the widgets of that scope, because elsewhere
        they mean something else (Delete, Ctrl+C).
    label
        What it is called now, where that changes: `Undo rename of total`.
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
    scope: str = ""
    label: Callable[[], str] | None = None

    @property
    def name(self) -> str:
        """Its title as it is said outside of menus."""
        return self.title.replace("&", "").rstrip("…")


class Registry(QObject):
    """Hold the commands of a window, each with the action that menus and toolbars share.

    Parameters
    ----------
    theme
        Colours of the icons.
    window
        Where the keys work.
    shortcuts
        Which keys the user has given to which command.
    """

    def __init__(self, theme: Theme, window: QWidget, shortcuts: Shortcuts) -> None:
        super().__init__(window)
        self._theme, self._window, self.shortcuts = theme, window, shortcuts
        self._scopes: dict[str, list[QWidget]] = {}
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._menus: dict[str, QMenu] = {}
        theme.changed.connect(self._colour)
        shortcuts.changed.connect(self._take_keys)

    @property
    def commands(self) -> Iterable[Command]:
        """All commands, in the order of the menus."""
        return self._commands.values()

    def add(self, *commands: Command) -> None:
        """Add commands."""
        for command in commands:
            action = QAction(command.title, self)
            action.setObjectName(command.id)
            action.setIconText(command.title)  # Qt would drop the ellipsis
            action.setCheckable(command.checked is not None)
            if command.checked is not None:
                action.triggered.connect(_Turn(action, command.run))
            else:
                action.triggered.connect(_Run(command.run))
            if command.choice:
                group = self._groups.setdefault(command.choice, QActionGroup(self))
                group.addAction(action)
            self._commands[command.id], self._actions[command.id] = command, action
            if command.scope:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                for widget in self._scopes.get(command.scope, ()):
                    widget.addAction(action)
            else:
                self._window.addAction(action)
        self._take_keys()
        self._colour()

    def give(self, scope: str, *widgets: QWidget) -> None:
        """Let the keys of a scope work in these widgets."""
        self._scopes.setdefault(scope, []).extend(widgets)
        for id_, command in self._commands.items():
            if command.scope == scope:
                for widget in widgets:
                    widget.addAction(self._actions[id_])

    def command(self, id_: str) -> Command:
        """Return a command by its name."""
        return self._commands[id_]

    def taken(self, keys: str) -> Command | None:
        """Return the command that these keys run."""
        wanted = QKeySequence(keys).toString()
        for command in self._commands.values():
            if wanted in (
                QKeySequence(each).toString() for each in self.shortcuts.of(command.id, command.shortcuts)
            ):
                return command
        return None

    def has(self, id_: str) -> bool:
        """Whether there is a command of that name."""
        return id_ in self._commands

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
            if command.label is not None:
                action.setText(command.label())

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

    def open_menu(self, names: Iterable[str], at: QPoint) -> None:
        """Open a menu of some commands at a point of the screen; an empty name is a line."""
        self.refresh()
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        menu.popup(at)

    def _take_keys(self) -> None:
        for id_, command in self._commands.items():
            keys = self.shortcuts.of(id_, command.shortcuts)
            action = self._actions[id_]
            action.setShortcuts([QKeySequence(each) for each in keys])
            action.setToolTip(_tip(command, keys))

    def _colour(self) -> None:
        for id_, command in self._commands.items():
            if command.icon:
                self._actions[id_].setIcon(icon(command.icon, self._theme.palette, command.ink))
                self._actions[id_].setIconVisibleInMenu(False)


class _Turn:
    """Call a function with whether an action is on."""

    def __init__(self, action: QAction, function: Callable[..., object]) -> None:
        self._action, self._function = action, function

    def __call__(self) -> None:
        self._function(self._action.isChecked())


class _Run:
    """Call a function that takes nothing, whatever the signal brings."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def __call__(self, checked: bool = False) -> None:
        self._function()


def _tip(command: Command, keys: Sequence[str]) -> str:
    shown = said(keys[0]) if keys else ""
    first = f"{command.name} ({shown})" if shown else command.name
    return f"{first}\n{command.help}" if command.help else first
