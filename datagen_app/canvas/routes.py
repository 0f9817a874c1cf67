"""How edges run between cards that stand: from side to side, through the gaps between the cards on the way.

Pure Python, without Qt, for the worker. A route is a chain of cubic Bézier curves, written as its points:
start, then two control points and an end for each curve.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from datagen_app.canvas.geometry import WIDTH
from datagen_app.canvas.spread import spread

__all__ = ["Line", "Route", "direct", "routes"]

Point = tuple[float, float]
Route = list[Point]

_CLEAR = 14.0
"""How far from a card an edge passes by."""
_LEVEL = 1.0
"""A climb of less is none."""
_LANE = 8.0
"""Between two edges that pass through one gap."""
_BEND = 12.0
"""How many units of climbing a bend is worth."""
_LOOP = 40.0
"""How far an edge swings out that leaves and arrives on the same side."""


@dataclass(frozen=True, slots=True)
class Line:
    """An edge to route: its cards, and how far below their tops it leaves and arrives."""

    source: int
    target: int
    leaves: float
    arrives: float


_Way = tuple[float, float, list[tuple[int, float]]]
"""What a way has cost, how high it is now, and the gap and height of each column so far."""


@dataclass(slots=True)
class _Lane:
    """Where one line passes through one column of cards."""

    wanted: float
    placed: float = 0.0


@dataclass(frozen=True, slots=True)
class _Column:
    """Cards that stand above one another: the span they take, and the gaps that they leave."""

    left: float
    right: float
    gaps: tuple[tuple[float, float], ...]

    def near(self, y: float) -> set[int]:
        """Return the gap that a height is in, or comes before, and the ones beside it."""
        at = bisect_left(self.gaps, (y, y))
        return {number for number in (at - 1, at, at + 1) if 0 <= number < len(self.gaps)}


def routes(places: Sequence[Point], heights: Sequence[float], lines: Sequence[Line]) -> list[Route]:
    """Return the route of every line.

    Parameters
    ----------
    places
        The top left corner of each card.
    heights
        Of each card.
    lines
        What to route; `source` and `target` count cards.
    """
    columns, column_of = _group(places, heights)
    passing: list[list[tuple[int, _Lane]]] = []
    gaps: defaultdict[tuple[int, int], list[_Lane]] = defaultdict(list)
    for line in lines:
        lanes = []
        first, last = column_of[line.source], column_of[line.target]
        between = range(first + 1, last) if first < last else range(first - 1, last, -1)
        start = places[line.source][1] + line.leaves
        end = places[line.target][1] + line.arrives
        chosen = _choose(start, end, [columns[at] for at in between])
        for at, (gap, y) in zip(between, chosen, strict=True):
            lane = _Lane(y)
            gaps[at, gap].append(lane)
            lanes.append((at, lane))
        passing.append(lanes)
    for (at, gap), lanes_there in gaps.items():
        _keep_apart(lanes_there, *columns[at].gaps[gap])
    return [
        _through(places, line, [(columns[at], lane.placed) for at, lane in lanes])
        for line, lanes in zip(lines, passing, strict=True)
    ]


def direct(source: Point, target: Point, leaves: float, arrives: float) -> Route:
    """Return the route between two cards, as if no other stood between them.

    An edge leaves and arrives on the sides that face each other; where neither card is beside the other, both
    on the right.
    """
    return _through([source, target], Line(0, 1, leaves, arrives), [])


def _through(places: Sequence[Point], line: Line, passed: Sequence[tuple[_Column, float]]) -> Route:
    (left, top), (target_left, target_top) = places[line.source], places[line.target]
    start, end = top + line.leaves, target_top + line.arrives
    if target_left >= left + WIDTH:
        forward, x, target_x = True, left + WIDTH, target_left
    elif target_left + WIDTH <= left:
        forward, x, target_x = False, left, target_left + WIDTH
    else:
        out = max(left, target_left) + WIDTH + _LOOP + abs(end - start) / 12
        return [(left + WIDTH, start), (out, start), (out, end), (target_left + WIDTH, end)]
    route: Route = [(x, start)]
    for column, y in passed:
        enters, goes = (column.left, column.right) if forward else (column.right, column.left)
        if forward != (goes > x) or forward != (target_x > enters):
            continue  # a wide column that an end stands in itself
        _curve(route, (enters, y))
        _straight(route, (goes, y))
    _curve(route, (target_x, end))
    return route


def _curve(route: Route, to: Point) -> None:
    (x, y), (end_x, end_y) = route[-1], to
    if abs(end_y - y) < _LEVEL and len(route) > 1:
        _straight(route, to)
        return
    middle = (x + end_x) / 2
    route += [(middle, y), (middle, end_y), to]


def _straight(route: Route, to: Point) -> None:
    """Go on level; one straight piece after another is one."""
    end_x, y = to[0], route[-1][1]
    if len(route) > 3 and all(abs(before - y) < 1e-9 for _, before in route[-4:]):
        del route[-3:]
    x = route[-1][0]
    third = (end_x - x) / 3
    route += [(x + third, y), (end_x - third, y), (end_x, y)]


def _group(places: Sequence[Point], heights: Sequence[float]) -> tuple[list[_Column], list[int]]:
    """Return the columns from left to right, and the column of each card."""
    column_of = [0] * len(places)
    members: list[list[int]] = []
    right = 0.0
    for card in sorted(range(len(places)), key=lambda card: places[card]):
        x = places[card][0]
        if not members or x >= right:
            members.append([])
            right = x + WIDTH
        right = max(right, x + WIDTH)
        members[-1].append(card)
        column_of[card] = len(members) - 1
    columns = []
    for cards in members:
        left = min(places[card][0] for card in cards)
        spans = sorted((places[card][1], places[card][1] + heights[card]) for card in cards)
        columns.append(_Column(left, max(places[card][0] for card in cards) + WIDTH, tuple(_gaps(spans))))
    return columns, column_of


def _gaps(spans: Sequence[Point]) -> list[tuple[float, float]]:
    gaps, above = [], float("-inf")
    for top, bottom in spans:
        if top - above >= 2 * _CLEAR:
            gaps.append((above + _CLEAR, top - _CLEAR))
        above = max(above, bottom)
    return [*gaps, (above + _CLEAR, float("inf"))]


def _choose(start: float, end: float, columns: Sequence[_Column]) -> list[tuple[int, float]]:
    """Return the gap of each column to pass through, and where: so that the line climbs and bends little."""
    ways: list[_Way] = [(0.0, start, [])]
    for column in columns:
        best: dict[tuple[int, float], _Way] = {}
        for cost, before, way in ways:
            for number in column.near(before) | column.near(end):
                low, high = column.gaps[number]
                # As high as it came, or already as high as it has to get.
                for y in {min(max(before, low), high), min(max(end, low), high)}:
                    found = (cost + _climb(before, y), y, [*way, (number, y)])
                    if (number, y) not in best or found < best[number, y]:
                        best[number, y] = found
        # The few best so far are enough: a line never gains by a long way round.
        ways = sorted(best.values(), key=lambda found: (found[0] + _climb(found[1], end), found[1]))[:4]
    return min(ways, key=lambda found: found[0] + _climb(found[1], end))[2]


def _climb(one: float, other: float) -> float:
    distance = abs(one - other)
    return distance + distance * distance / 2000 + (_BEND if distance > 1 else 0.0)


def _keep_apart(lanes: list[_Lane], low: float, high: float) -> None:
    lanes.sort(key=lambda lane: lane.wanted)
    room = high - low
    step = min(_LANE, room / (len(lanes) - 1)) if len(lanes) > 1 else 0.0
    placed = spread([lane.wanted for lane in lanes], [step] * (len(lanes) - 1), None, low, high)
    for lane, y in zip(lanes, placed, strict=True):
        lane.placed = y
