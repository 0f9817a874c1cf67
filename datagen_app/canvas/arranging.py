"""Align and distribute: where frames stand after it.

Plain Python, without Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

__all__ = ["SIDES", "Axis", "Side", "align", "distribute"]

Frame = tuple[float, float, float, float]
"""Left, top, width and height, in units."""
Point = tuple[float, float]
Side = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal["across", "down"]

SIDES: tuple[Side, ...] = ("left", "centre", "right", "top", "middle", "bottom")


def align(frames: Sequence[Frame], side: Side) -> list[Point]:
    """Return where frames stand in line: at the outermost of their edges, or in the middle of them all.

    Examples
    --------
    >>> align([(0, 0, 240, 80), (40, 200, 240, 80)], "left")
    [(0, 0), (0, 200)]
    >>> align([(0, 0, 240, 80), (40, 200, 240, 80)], "right")
    [(40, 0), (40, 200)]
    """
    left, top = min(frame[0] for frame in frames), min(frame[1] for frame in frames)
    right = max(frame[0] + frame[2] for frame in frames)
    bottom = max(frame[1] + frame[3] for frame in frames)
    placed = []
    for x, y, width, height in frames:
        match side:
            case "left":
                x = left
            case "centre":
                x = (left + right - width) / 2
            case "right":
                x = right - width
            case "top":
                y = top
            case "middle":
                y = (top + bottom - height) / 2
            case "bottom":
                y = bottom - height
        placed.append((x, y))
    return placed


def distribute(frames: Sequence[Frame], axis: Axis) -> list[Point]:
    """Return where frames stand with the same gap between them; the first and the last stay where they are.

    Where there is too little room they follow one another without a gap.

    Examples
    --------
    >>> distribute([(0, 0, 10, 10), (5, 20, 10, 10), (0, 100, 10, 10)], "down")
    [(0, 0), (5, 50.0), (0, 100.0)]
    """
    at = 0 if axis == "across" else 1
    order = sorted(range(len(frames)), key=lambda number: (frames[number][at], number))
    first, last = frames[order[0]], frames[order[-1]]
    taken = sum(frame[at + 2] for frame in frames)
    room = last[at] + last[at + 2] - first[at]
    gap = max((room - taken) / max(len(frames) - 1, 1), 0.0)
    placed = [(frame[0], frame[1]) for frame in frames]
    position = first[at]
    for number in order:
        x, y = placed[number]
        placed[number] = (position, y) if axis == "across" else (x, position)
        position = position + frames[number][at + 2] + gap
    return placed
