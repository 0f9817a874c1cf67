"""The measures of a card, in units of the canvas: a line of text is 16 units high.

Without Qt, because the worker lays out what the window paints.
"""

from __future__ import annotations

__all__ = [
    "FOOT",
    "GRID",
    "GUTTER",
    "HEADER",
    "MARGIN",
    "RADIUS",
    "ROW",
    "WIDTH",
    "card_height",
    "row_centre",
]

GRID = 8.0
"""Positions that the program chooses lie on this grid."""

WIDTH = 240.0
HEADER = 32.0
ROW = 22.0
FOOT = 4.0
"""What the last row is away from the lower edge."""

MARGIN = 12.0
"""Between the edge of a card and what is written on it."""
GUTTER = 32.0
"""Where names begin: before them is room for the sign of a key or a reference."""
RADIUS = 6.0


def card_height(columns: int) -> float:
    """Return the height of a card with so many columns."""
    return HEADER + columns * ROW + FOOT


def row_centre(column: int | None) -> float:
    """Return how far below the top of a card the middle of a column's row lies; of the header, for `None`."""
    return HEADER / 2 if column is None else HEADER + (column + 0.5) * ROW
