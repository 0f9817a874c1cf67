"""The colours of the window, by role, in light and in dark, and the contrast they must keep."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

__all__ = ["BOUNDARIES", "DARK", "LIGHT", "TEXTS", "Palette", "contrast"]


@dataclass(frozen=True)
class Palette:
    """Hold a colour, written `#RRGGBB`, for each role.

    A status colour appears only inside its sign on a plain surface, never on a kind's colour.
    """

    name: Literal["light", "dark"]
    window: str
    surface: str
    raised: str
    border: str
    control_border: str
    grid: str
    selected: str
    hover: str
    text: str
    secondary: str
    accent: str
    on_accent: str
    entity: str
    fact: str
    vocab: str
    on_kind: str
    error: str
    warning: str
    ok: str

    def kind(self, kind: str) -> str:
        """Return the colour of a kind of table; what is none of the three is drawn without one."""
        return {"entity": self.entity, "fact": self.fact, "vocab": self.vocab}.get(kind, self.secondary)

    def colours(self) -> dict[str, str]:
        """Return every role with its colour."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}


LIGHT = Palette(
    name="light",
    window="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    border="#D9DDE3",
    control_border="#868F9B",
    grid="#ECEFF3",
    selected="#E3ECFD",
    hover="#F0F3F8",
    text="#1B1F24",
    secondary="#59636E",
    accent="#2563DB",
    on_accent="#FFFFFF",
    entity="#5B2A86",
    fact="#A85200",
    vocab="#00707A",
    on_kind="#FFFFFF",
    error="#C62828",
    warning="#8A6100",
    ok="#1A7A3A",
)

DARK = Palette(
    name="dark",
    window="#16181C",
    surface="#1E2126",
    raised="#262A31",
    border="#363B44",
    control_border="#757E8C",
    grid="#23272D",
    selected="#283040",
    hover="#22272F",
    text="#E8EAED",
    secondary="#A3ACB8",
    accent="#6EA0FF",
    on_accent="#16181C",
    entity="#DDBBFF",
    fact="#F0A04B",
    vocab="#5FD3C6",
    on_kind="#16181C",
    error="#FF8A80",
    warning="#F2C14E",
    ok="#6FCF97",
)

_PLAIN = ("window", "surface", "raised")
_ROWS = (*_PLAIN, "selected", "hover")
_KINDS = ("entity", "fact", "vocab", "secondary")  # the last is what a table of no kind has

TEXTS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "secondary") for ground in _ROWS),
    *(("accent", ground) for ground in _PLAIN),  # links
    ("on_accent", "accent"),
    *(("on_kind", kind) for kind in _KINDS),
    # A sign is a disc of its colour with its mark cut out of it, so the pair reads both ways.
    *((status, ground) for status in ("error", "warning", "ok") for ground in ("surface", "raised")),
)
"""What is written in a role on another: 4.5 : 1 at least."""

BOUNDARIES: tuple[tuple[str, str], ...] = (
    *(("control_border", ground) for ground in _PLAIN),
    *(("accent", ground) for ground in _ROWS),  # focus and selection
    *((kind, ground) for kind in _KINDS for ground in ("window", "surface")),
    *((status, ground) for status in ("error", "warning", "ok") for ground in _ROWS),
)
"""What must be told apart without being read: 3 : 1 at least."""


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand apart: 1 (the same) to 21 (black and white).

    The contrast ratio of WCAG 2.2: (L₁ + 0.05) / (L₂ + 0.05), L being the relative luminance, lighter first.

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
