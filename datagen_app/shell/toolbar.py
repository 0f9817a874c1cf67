"""The toolbar: the commands most used, the file's name, the settings of the next run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from datagen_app.generation.fields import ScaleField, SeedField
from datagen_app.generation.profile import Profile
from datagen_app.shell.commands import Registry
from datagen_app.shell.fonts import secondary, strong

__all__ = ["Rail", "Toolbar"]

_ICON = 1.25
"""The side of an icon, in lines of text."""

_GROUPS = (
    ("file.new", "file.open", "file.save"),
    ("edit.undo", "edit.redo"),
    ("arrange.layout", "view.fit"),
)


class Toolbar(QToolBar):
    """Offer the commands that are used most."""

    def __init__(self, commands: Registry, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self._commands = commands
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(_icon_size(self))
        for group in _GROUPS:
            for name in group:
                self.addAction(commands.action(name))
            self.addSeparator()
        self.title = QLabel()
        self.title.setFont(strong(self.font()))
        self.title.setContentsMargins(8, 0, 4, 0)
        self.state = QLabel()
        self.state.setFont(secondary(self.font()))
        self.state.setProperty("class", "secondary")
        for label in (self.title, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.addWidget(label)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.workspaces = self._switch()
        self.addWidget(self.workspaces)
        self._gap()
        self.addWidget(self._run_box(profile))
        self._gap()
        generate = QToolButton()
        generate.setDefaultAction(commands.action("run.generate"))
        generate.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        generate.setProperty("class", "primary")
        self.addWidget(generate)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def offer_profiles(self, button: QToolButton) -> None:
        """Show the profile of the next run before its settings."""
        label = QLabel("profile")
        label.setFont(secondary(self.font()))
        label.setProperty("class", "secondary")
        label.setBuddy(button)
        self._run_row.insertWidget(0, label)
        self._run_row.insertWidget(1, button)

    def show_file(self, path: Path | None, state: str = "") -> None:
        """Show which file is open, and how it differs from what is on the disk."""
        name = path.name if path else ""
        fits = self.title.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, self._room())
        self.title.setText(fits)
        self.title.setToolTip(str(path) if path else "")
        self.state.setText(state)

    def _room(self) -> int:
        """Return how wide a name may be."""
        return 40 * self.fontMetrics().averageCharWidth()

    def _gap(self) -> None:
        gap = QWidget()
        gap.setFixedWidth(8)
        self.addWidget(gap)

    def _switch(self) -> QWidget:
        """Return the switch between the workspaces."""
        box = QWidget()
        box.setProperty("class", "box")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(box)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for name in ("go.design", "go.data"):
            button = QToolButton()
            button.setDefaultAction(self._commands.action(name))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setProperty("class", "switch")
            row.addWidget(button)
        return box

    def _run_box(self, profile: Profile) -> QWidget:
        box = QWidget()
        box.setProperty("class", "box")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(box)
        row.setContentsMargins(10, 0, 2, 0)
        row.setSpacing(2)
        self._run_row = row
        character = self.fontMetrics().averageCharWidth()
        self.seed, self.scale = SeedField(profile), ScaleField(profile)
        for name, field, characters in (("seed", self.seed, 9), ("scale", self.scale, 8)):
            label = QLabel(name)
            label.setFont(secondary(self.font()))
            label.setProperty("class", "secondary")
            label.setBuddy(field)
            field.setFixedWidth(characters * character)
            row.addWidget(label)
            row.addWidget(field)
        return box


class Rail(QWidget):
    """Choose the panel that is open, where there is room for one at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("class", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 8, 4, 8)
        self._column.setSpacing(4)
        self._column.addStretch(1)

    def offer(self, commands: Registry, names: Sequence[str]) -> None:
        """Offer the commands that open panels."""
        for name in names:
            button = QToolButton()
            button.setDefaultAction(commands.action(name))
            button.setIconSize(_icon_size(self))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._column.insertWidget(self._column.count() - 1, button)


def _icon_size(widget: QWidget) -> QSize:
    side = round(widget.fontMetrics().height() * _ICON)
    return QSize(side, side)
