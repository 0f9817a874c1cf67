"""The small plots and lists that go with a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datagen_engine.lazy import np
from datagen_engine.validation.record import Plot

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["bars", "merged_name", "part_of", "places", "strata"]

_MOST_BARS = 200
_POINTS = 64
_WORST = 5


def bars(labels: Sequence[str | float], expected: Array, observed: Array, what: str) -> Plot:
    """Return bars of what is promised beside what is found; of many the first."""
    shown = slice(0, _MOST_BARS)
    return Plot(
        "bars",
        tuple(labels[shown]),
        tuple(np.asarray(expected, dtype=np.float64)[shown].tolist()),
        tuple(np.asarray(observed, dtype=np.float64)[shown].tolist()),
        f"{what}, promised and found.",
    )


def part_of(counts: Array, grid: Array) -> Array:
    """Return the share of the rows in a histogram of places up to each number of 0 … 1."""
    share = np.concatenate(([0.0], np.cumsum(counts) / max(float(counts.sum()), 1.0)))
    return np.interp(grid, np.linspace(0.0, 1.0, len(share)), share)


def places(counts: Array, text: str) -> Plot:
    """Return the curve of a histogram of places, which should be the diagonal; in percent."""
    grid = np.linspace(0.0, 1.0, _POINTS + 1)
    labels = tuple((grid * 100).round(2).tolist())
    return Plot("lines", labels, tuple(grid.tolist()), tuple(part_of(counts, grid).tolist()), text, "%")


def strata(
    labels: Sequence[str], expected: Array, observed: Array, order: Array, rows: Array | None = None
) -> list[dict[str, Any]]:
    """Return the groups that miss by most, in the given order of all."""
    return [
        {
            "group": labels[place],
            "expected": float(expected[place]),
            "observed": float(observed[place]),
            **({} if rows is None else {"rows": int(rows[place])}),
        }
        for place in order[:_WORST].tolist()
    ]


def merged_name(labels: Sequence[str], members: Array) -> str:
    """Return what a cell of several is called.

    >>> merged_name(["Mon", "Tue", "Wed"], np.array([0, 2])), merged_name(["Mon"], np.array([0]))
    ('Mon and 1 more', 'Mon')
    """
    first = labels[int(members[0])]
    return first if len(members) == 1 else f"{first} and {len(members) - 1:,} more"
