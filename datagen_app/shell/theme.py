"""Light and dark: which one is on, and what the whole application looks like under it."""

from __future__ import annotations

from typing import Literal, cast, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from datagen_app.shell.palette import DARK, LIGHT, Palette
from datagen_app.shell.style import style_sheet

__all__ = ["CHOICES", "Choice", "Theme"]

Choice = Literal["system", "light", "dark"]
CHOICES: tuple[Choice, ...] = get_args(Choice)


class Theme(QObject):
    """Keep the colours of the application as the user, or else the system, wants them.

    Signals
    -------
    changed
        The palette is another one; what was painted with the old one is to be painted again.
    """

    changed = Signal()

    def __init__(self, application: QApplication, choice: Choice = "system") -> None:
        super().__init__()
        self._application = application
        self._choice = choice
        self.palette: Palette = LIGHT
        application.setStyle("Fusion")  # the one style that takes every colour from us
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply(self._wanted())

    @property
    def choice(self) -> Choice:
        """What the user chose."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Change to light, to dark, or to what the system says, now and whenever it changes."""
        self._choice = choice
        self._follow()

    def colour(self, role: str) -> QColor:
        """Return the colour of a role."""
        return QColor(cast("str", getattr(self.palette, role)))

    def _wanted(self) -> Palette:
        if self._choice != "system":
            return DARK if self._choice == "dark" else LIGHT
        dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _follow(self) -> None:
        if (wanted := self._wanted()) is not self.palette:
            self._apply(wanted)
            self.changed.emit()

    def _apply(self, palette: Palette) -> None:
        self.palette = palette
        self._application.setPalette(_qt_palette(palette))
        self._application.setStyleSheet(style_sheet(palette))


_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "hover",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "secondary",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "border",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "control_border",
    QPalette.ColorRole.Shadow: "border",
}
_GREYED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


def _qt_palette(palette: Palette) -> QPalette:
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, QColor(getattr(palette, name)))
    for role in _GREYED:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.control_border))
    return made
