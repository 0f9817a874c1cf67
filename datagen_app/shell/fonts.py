"""Fonts: the system's, at the system's size; and the bundled one where there is no system to ask."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication

from datagen_engine.resources import resource

__all__ = ["SECONDARY", "figures", "monospace", "secondary", "strong", "unit", "use_bundled_font"]

SECONDARY = 0.85
"""The size of secondary text, as a share of the system's."""

_BUNDLED = ("fonts/Inter-Regular.otf", "fonts/Inter-SemiBold.otf")
_DRAWN_INTO_MEMORY = {"offscreen", "minimal", "vnc"}
_POINTS = 10.0
_LINE = 16.0


def use_bundled_font(application: QGuiApplication) -> None:
    """Take the bundled font where windows are drawn into memory, so that pictures are alike everywhere."""
    if application.platformName() not in _DRAWN_INTO_MEMORY:
        return
    families = []
    for name in _BUNDLED:
        loaded = QFontDatabase.addApplicationFont(str(resource(name)))
        families += QFontDatabase.applicationFontFamilies(loaded)
    if families:
        font = QFont(families[0])
        font.setPointSizeF(_POINTS)
        application.setFont(font)


def secondary(font: QFont) -> QFont:
    """Return the font of secondary text."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * SECONDARY)
    return small


def strong(font: QFont) -> QFont:
    """Return the font of names and headings."""
    heavy = QFont(font)
    heavy.setWeight(QFont.Weight.DemiBold)
    return heavy


def figures(font: QFont) -> QFont:
    """Return the font of numbers that stand below one another: every digit is as wide as the others."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular


def monospace(font: QFont) -> QFont:
    """Return the system's font of code, as large as the given one."""
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    fixed.setPointSizeF(font.pointSizeF())
    return fixed


def unit(font: QFont) -> float:
    """Return the length of one unit of the canvas in pixels: a line of text is 16 units high.

    Cards are measured in units, so they grow with the font, and a position in a file means the same
    under every font.
    """
    return QFontMetricsF(font).height() / _LINE
