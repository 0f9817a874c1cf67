"""Where the cards of a schema stand: by what its metadata say, or else as they are laid out.

Plain Python, without Qt, because the worker lays out what the window paints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from datagen_app.canvas.annotations import FAR
from datagen_app.canvas.diagram import Edge
from datagen_app.canvas.geometry import WIDTH, card_height, row_centre
from datagen_app.canvas.layout import GAP, SPACE, Link, arrange
from datagen_app.canvas.routes import Line, Route, routes
from datagen_app.document.document import Document, Table
from datagen_app.document.steps.layout import snapped

__all__ = ["diagram", "free_place", "given_places", "heights_of", "is_collapsed"]

Point = tuple[float, float]


def given_places(document: Document) -> dict[str, Point]:
    """Return the places that the schema says itself, by the ids of tables, as far as they can be used."""
    layout = _metadata(document).get("x-layout")
    if not isinstance(layout, dict):
        return {}
    return {
        table: (float(at[0]), float(at[1]))
        for table, at in layout.items()
        if isinstance(at, list) and len(at) == 2 and all(map(_near, at))
    }


def is_collapsed(table: Table) -> bool:
    """Whether the card of a table shows its header only."""
    return table.value.get("x-collapsed") is True


def heights_of(document: Document) -> list[float]:
    """Return the height of every table's card, in the order of the tables."""
    return [card_height(1 if is_collapsed(table) else len(table.places)) for table in document.tables]


def diagram(
    document: Document, drawn: Sequence[Edge], kept: Mapping[str, Point] | None = None, *, anew: bool = False
) -> dict[str, Any]:
    """Return a place for every card and a route for every edge, both in the order of the text.

    Parameters
    ----------
    document
        The schema.
    drawn
        The edges between its tables.
    kept
        Where tables stand that the schema gives no place, by their ids: they stay there.
    anew
        Whether everything is laid out, whatever places there are.

    Returns
    -------
    dict
        `places`, a point each, and `routes`: the rectangle around each and its points.
    """
    heights = heights_of(document)
    number = {table.index: at for at, table in enumerate(document.tables)}
    row = [
        {} if is_collapsed(table) else {column.index: at for at, column in enumerate(table.columns)}
        for table in document.tables
    ]
    lines = []
    for edge in drawn:
        source, target = number[edge.source], number[edge.target]
        leaves = row_centre(row[source].get(edge.source_column) if edge.source_column is not None else None)
        arrives = row_centre(row[target].get(edge.target_column) if edge.target_column is not None else None)
        lines.append(Line(source, target, leaves, arrives))
    links = [Link(line.source, line.target, line.leaves, line.arrives) for line in lines]
    known = {} if anew else {**(kept or {}), **given_places(document)}
    given = {at: known[table.id] for at, table in enumerate(document.tables) if table.id in known}
    places = arrange(heights, links, given)
    return {"places": places, "routes": [_way(route) for route in routes(places, heights, lines)]}


def free_place(frames: Sequence[tuple[float, float, float, float]], near: Point, height: float) -> Point:
    """Return the place nearest to a point, on the grid, at which a card covers no other.

    Parameters
    ----------
    frames
        What is taken: left, top, width and height of each card.
    near
        Where the upper left corner would best be.
    height
        Of the card.

    Examples
    --------
    >>> free_place([], (13.0, 2.0), 80.0)
    (16.0, 0.0)
    >>> free_place([(0.0, 0.0, 240.0, 80.0)], (0.0, 0.0), 80.0)
    (0.0, 112.0)
    """
    near = (float(snapped(near[0])), float(snapped(near[1])))
    for x, y in _around(near, height):
        if not any(
            x < left + width + GAP
            and left < x + WIDTH + GAP
            and y < top + tall + GAP
            and top < y + height + GAP
            for left, top, width, tall in frames
        ):
            return (x, y)
    raise AssertionError("the plane is never full")


def _around(near: Point, height: float) -> Iterator[Point]:
    """Yield places ever further away: below first, then to the right, the left and above."""
    yield near
    across, down = WIDTH + SPACE / 3, height + GAP
    across, down = float(snapped(across)), float(snapped(down))
    for ring in count(1):
        steps = [
            (x, y)
            for x in range(-ring, ring + 1)
            for y in range(-ring, ring + 1)
            if max(abs(x), abs(y)) == ring
        ]
        for x, y in sorted(
            steps, key=lambda step: (abs(step[0]) + abs(step[1]), step[1] < 0, step[0] < 0, step[0])
        ):
            yield (near[0] + x * across, near[1] + y * down)


def _way(route: Route) -> tuple[tuple[float, ...], Route]:
    """Return a route with the rectangle around it: left, top, width and height."""
    across, down = [x for x, _ in route], [y for _, y in route]
    left, top = min(across), min(down)
    box = (left, top, max(across) - left, max(down) - top)
    return box, [(round(x, 1), round(y, 1)) for x, y in route]


def _metadata(document: Document) -> Mapping[str, Any]:
    metadata = document.root.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _near(length: object) -> bool:
    return isinstance(length, int | float) and not isinstance(length, bool) and abs(length) <= FAR
