"""Alignment guides: where a thing that is moved would stand in line with another.

Plain Python, without Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datagen_app.canvas.geometry import GRID

__all__ = ["Frame", "Guide", "Guides"]

Frame = tuple[float, float, float, float]
"""Left, top, right and bottom, in units."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A line that two things stand in: across the axis at `at`, from `low` to `high` along it."""

    vertical: bool
    at: float
    low: float
    high: float


class Guides:
    """Find where a moved frame comes to stand in line with others: edge with edge, middle with middle.

    Parameters
    ----------
    others
        The frames that stay.

    Examples
    --------
    >>> guides = Guides([(0.0, 0.0, 240.0, 100.0)])
    >>> across, down, lines = guides.snap((2.0, 200.0, 242.0, 300.0), reach=6.0)
    >>> across, down, [(line.vertical, line.at) for line in lines]
    (-2.0, 0.0, [(True, 0.0), (True, 120.0), (True, 240.0)])
    """

    def __init__(self, others: Sequence[Frame]) -> None:
        self._others = others

    def snap(self, frame: Frame, reach: float) -> tuple[float, float, list[Guide]]:
        """Return how far to shift a frame so that it stands in line, across and down, and the lines.

        Parameters
        ----------
        frame
            Where it would be.
        reach
            How far it is drawn to a line at most, in units.
        """
        across = self._shift(frame, 0, reach)
        down = self._shift(frame, 1, reach)
        placed = (frame[0] + across, frame[1] + down, frame[2] + across, frame[3] + down)
        return across, down, self.lines(placed)

    def lines(self, frame: Frame) -> list[Guide]:
        """Return the lines that a frame stands in, the far ends of all that stand in one joined."""
        found: dict[tuple[bool, float], Guide] = {}
        for axis in (0, 1):
            lows = _marks(frame, axis)
            for other in self._others:
                for mark, own in zip(_marks(other, axis), lows, strict=True):
                    if abs(mark - own) < 0.01:
                        low = min(other[1 - axis], frame[1 - axis])
                        high = max(other[3 - axis], frame[3 - axis])
                        known = found.get((axis == 0, mark))
                        if known is not None:
                            low, high = min(low, known.low), max(high, known.high)
                        found[axis == 0, mark] = Guide(axis == 0, mark, low, high)
        return list(found.values())

    def _shift(self, frame: Frame, axis: int, reach: float) -> float:
        """Return the shortest way into line along an axis; to what is near rather than to what is far."""
        best: tuple[float, float, float] | None = None
        for other in self._others:
            apart = max(other[1 - axis] - frame[3 - axis], frame[1 - axis] - other[3 - axis], 0.0)
            for mark, own in zip(_marks(other, axis), _marks(frame, axis), strict=True):
                way = mark - own
                if (frame[axis] + way) % GRID:
                    continue  # whatever it would be in line with, it stands on the grid
                if abs(way) <= reach and (best is None or (abs(way), apart) < best[:2]):
                    best = (abs(way), apart, way)
        return best[2] if best else 0.0


def _marks(frame: Frame, axis: int) -> tuple[float, float, float]:
    """Return what is brought into line: both edges and the middle."""
    return frame[axis], (frame[axis] + frame[axis + 2]) / 2, frame[axis + 2]
