"""What cards are drawn with: the palette, and the fonts at each size."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from datagen_app.shell.fonts import SECONDARY, figures, strong, unit
from datagen_app.shell.palette import Palette

__all__ = ["Ink", "Lettering"]


@dataclass(frozen=True)
class Lettering:
    """The fonts of a card at one scale, and their measures."""

    name: QFont
    header: QFont
    small: QFont
    measure_name: QFontMetricsF
    measure_header: QFontMetricsF
    measure_small: QFontMetricsF


@dataclass
class Ink:
    """Hold the colours and fonts that everything on the canvas is drawn with.

    Parameters
    ----------
    palette
        The colours.
    font
        The application's font. Its size decides how many pixels a unit has at 100 %.
    """

    palette: Palette
    font: QFont
    _lettering: dict[float, Lettering] = field(default_factory=dict)

    @property
    def unit(self) -> float:
        """Pixels per unit at 100 %."""
        return unit(self.font)

    def colour(self, role: str) -> QColor:
        """Return the colour of a role."""
        return QColor(getattr(self.palette, role))

    def kind(self, kind: str) -> QColor:
        """Return the colour of a kind of table."""
        return QColor(self.palette.kind(kind))

    def lettering(self, pixels: float) -> Lettering:
        """Return the fonts at so many pixels per unit."""
        found = self._lettering.get(pixels)
        if found is None:
            if len(self._lettering) > 32:
                self._lettering.clear()
            found = self._lettering[pixels] = self._made(pixels)
        return found

    def _made(self, pixels: float) -> Lettering:
        points = self.font.pointSizeF() * pixels / self.unit
        name, small = QFont(self.font), QFont(self.font)
        name.setPointSizeF(max(points, 0.5))
        small.setPointSizeF(max(points * SECONDARY, 0.5))
        for font in (name, small):  # letters keep their distances at every zoom
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        small = figures(small)
        header = strong(name)
        return Lettering(
            name, header, small, QFontMetricsF(name), QFontMetricsF(header), QFontMetricsF(small)
        )
