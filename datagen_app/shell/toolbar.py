"""The toolbar: the commands most used, the file's name, the settings of the next run."""

from __future__ import annotations

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


class Toolbar(QToolBar):
    """Offer the commands that are used most."""

    def __init__(self, commands: Registry, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(_icon_size(self))
        self.addAction(commands.action("file.open"))
        self.addSeparator()
        for name in ("view.fit", "view.zoom_out", "view.zoom_in"):
            self.addAction(commands.action(name))
        self.addSeparator()
        self.title = QLabel()
        self.title.setFont(strong(self.font()))
        self.title.setContentsMargins(8, 0, 8, 0)
        self.addWidget(self.title)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.addWidget(self._run_box(profile))
        gap = QWidget()
        gap.setFixedWidth(8)
        self.addWidget(gap)
        generate = QToolButton()
        generate.setDefaultAction(commands.action("run.generate"))
        generate.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        generate.setProperty("class", "primary")
        self.addWidget(generate)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_file(self, path: Path | None) -> None:
        """Show which file is open."""
        self.title.setText(path.name if path else "")
        self.title.setToolTip(str(path) if path else "")

    def _run_box(self, profile: Profile) -> QWidget:
        box = QWidget()
        box.setProperty("class", "box")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(box)
        row.setContentsMargins(10, 1, 4, 1)
        row.setSpacing(4)
        character = self.fontMetrics().averageCharWidth()
        self.seed, self.scale = SeedField(profile), ScaleField(profile)
        for name, field, characters in (("seed", self.seed, 11), ("scale", self.scale, 9)):
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

    def __init__(self, commands: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("class", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(4)
        for name in ("view.outline", "view.information", "view.problems"):
            button = QToolButton()
            button.setDefaultAction(commands.action(name))
            button.setIconSize(_icon_size(self))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            column.addWidget(button)
        column.addStretch(1)


def _icon_size(widget: QWidget) -> QSize:
    side = round(widget.fontMetrics().height() * _ICON)
    return QSize(side, side)
