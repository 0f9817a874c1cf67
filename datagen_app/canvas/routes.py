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
_SAMPLES = 16
"""So many points of a curve are looked at."""
_TURN = 16.0
"""How far an edge goes across at least while it climbs."""
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
    frames: tuple[tuple[float, float, float], ...] = ()
    """Left, top and bottom of each of its cards."""

    def span(self, y: float) -> tuple[float, float]:
        """Return from where to where a line at a height has to stay level: past the cards above and below it."""
        above = max(
            (frame for frame in self.frames if frame[2] <= y), key=lambda frame: frame[2], default=None
        )
        below = min(
            (frame for frame in self.frames if frame[1] >= y), key=lambda frame: frame[1], default=None
        )
        beside = [frame[0] for frame in (above, below) if frame is not None]
        return (min(beside), max(beside) + WIDTH) if beside else (self.left, self.right)

    def crossed_by(self, start: Point, end: Point) -> bool:
        """Whether the curve between two points meets one of its cards, or comes close."""
        for step in range(_SAMPLES + 1):
            t = step / _SAMPLES
            # Its control points are level with its ends and half way across.
            x = start[0] + (end[0] - start[0]) * (1.5 * t * (1 - t) + t * t * t)
            y = start[1] + (end[1] - start[1]) * t * t * (3 - 2 * t)
            if any(
                left - _CLEAR < x < left + WIDTH + _CLEAR and top - _CLEAR < y < bottom + _CLEAR
                for left, top, bottom in self.frames
            ):
                return True
        return False

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
        _around(places, heights, line)
        if _above(places, line)
        else _through(places, line, [(columns[at], lane.placed) for at, lane in lanes])
        for line, lanes in zip(lines, passing, strict=True)
    ]


def direct(source: Point, target: Point, leaves: float, arrives: float) -> Route:
    """Return the route between two cards, as if no other stood between them.

    An edge leaves and arrives on the sides that face each other; where neither card is beside the other, both
    on the right.
    """
    return _through([source, target], Line(0, 1, leaves, arrives), [])


def _above(places: Sequence[Point], line: Line) -> bool:
    """Whether neither card of a line is beside the other."""
    return abs(places[line.source][0] - places[line.target][0]) < WIDTH


def _around(places: Sequence[Point], heights: Sequence[float], line: Line) -> Route:
    """Return the route between cards above one another: out to the side on which fewer cards are in its way."""
    ways = [_loop(places, line, side) for side in (1.0, -1.0)]
    hit = [0, 0]
    for way, route in enumerate(ways):
        # The curve comes within a quarter of its swing of its control points.
        reach = (route[0][0] + route[3][0]) / 8 + (route[1][0] + route[2][0]) * 3 / 8
        low, high = sorted((route[0][1], route[3][1]))
        for card, (left, top) in enumerate(places):
            across = left - _CLEAR < reach < left + WIDTH + _CLEAR
            if across and top < high and low < top + heights[card] and card not in (line.source, line.target):
                hit[way] += 1
    return ways[0] if hit[0] <= hit[1] else ways[1]


def _loop(places: Sequence[Point], line: Line, side: float) -> Route:
    """Return the route that leaves and arrives on one side: 1 is the right one, -1 the left."""
    (left, top), (target_left, target_top) = places[line.source], places[line.target]
    start, end = top + line.leaves, target_top + line.arrives
    swing = _LOOP + abs(end - start) / 12
    x, target_x = (left + WIDTH, target_left + WIDTH) if side > 0 else (left, target_left)
    out = side * (max(side * x, side * target_x) + swing)
    return [(x, start), (out, start), (out, end), (target_x, end)]


def _through(places: Sequence[Point], line: Line, passed: Sequence[tuple[_Column, float]]) -> Route:
    (left, top), (target_left, target_top) = places[line.source], places[line.target]
    start, end = top + line.leaves, target_top + line.arrives
    if target_left >= left + WIDTH:
        forward, x, target_x = True, left + WIDTH, target_left
    elif target_left + WIDTH <= left:
        forward, x, target_x = False, left, target_left + WIDTH
    else:
        return _loop(places, line, 1.0)
    route: Route = [(x, start)]
    side = 1.0 if forward else -1.0
    passed = _needed((x, start), (target_x, end), passed, side)
    for at, (column, y) in enumerate(passed):
        # Columns that a person made may overlap: each has what the one before left, up to where the next begins.
        following = passed[at + 1][0] if at + 1 < len(passed) else None
        ends = target_x if following is None else following.left if forward else following.right
        left, right = column.span(y)
        enters, goes = (left, right) if forward else (right, left)
        enters = side * max(side * enters, side * route[-1][0] + _TURN)
        goes = side * min(side * goes, side * ends - _TURN, side * target_x - _TURN)
        if side * goes < side * enters:
            continue  # there is no room to pass through it, or an end stands in it itself
        _curve(route, (enters, y))
        _straight(route, (goes, y))
    _curve(route, (target_x, end))
    return route


def _needed(
    start: Point, end: Point, passed: Sequence[tuple[_Column, float]], side: float
) -> Sequence[tuple[_Column, float]]:
    """Leave out the columns that overlap with what is beside them, unless one of their cards is in the way.

    Columns that stand clear of each other are passed through in lanes; where a person has set a card between
    two of them, a line that it is not in the way of goes on as if it were not there.
    """
    kept: list[tuple[_Column, float]] = []
    for at, (column, y) in enumerate(passed):
        near = kept[-1][0].right if kept and side > 0 else kept[-1][0].left if kept else start[0]
        before = (near, kept[-1][1]) if kept else start
        following = passed[at + 1] if at + 1 < len(passed) else None
        far = end[0] if following is None else following[0].left if side > 0 else following[0].right
        after = end if following is None else (far, following[1])
        enters, goes = (column.left, column.right) if side > 0 else (column.right, column.left)
        clear = side * (enters - near) >= _TURN and side * (far - goes) >= _TURN
        if clear or column.crossed_by(before, after):
            kept.append((column, y))
    return kept


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
    """Return the columns from left to right, and the column of each card: those that begin about alike are one."""
    column_of = [0] * len(places)
    members: list[list[int]] = []
    begins = 0.0
    for card in sorted(range(len(places)), key=lambda card: places[card]):
        x = places[card][0]
        if not members or x >= begins + WIDTH / 2:
            members.append([])
            begins = x
        members[-1].append(card)
        column_of[card] = len(members) - 1
    columns = []
    for cards in members:
        left = min(places[card][0] for card in cards)
        spans = sorted((places[card][1], places[card][1] + heights[card]) for card in cards)
        right = max(places[card][0] for card in cards) + WIDTH
        frames = tuple((places[card][0], places[card][1], places[card][1] + heights[card]) for card in cards)
        columns.append(_Column(left, right, tuple(_gaps(spans)), frames))
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
