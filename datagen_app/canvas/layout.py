"""Where the cards of a schema stand: in layers along the flow of the data, never overlapping.

Pure Python, without Qt, for the worker. The layered method of Sugiyama, Tagawa and Toda (1981), step by
step: turn around the edges that close a cycle; give each card a layer right of what it draws from; order the
layers so that few edges cross; choose heights so that edges run level.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from datagen_app.canvas.geometry import GRID, WIDTH
from datagen_app.canvas.spread import spread

__all__ = ["GAP", "SPACE", "Link", "arrange", "layered"]

SPACE = 96.0
"""Between one layer and the next: room for edges and what is written on them."""
GAP = 32.0
"""Between a card and the one below it."""
ASPECT = 1.6
"""Width to height of the whole, as a window has it."""

_PITCH = WIDTH + SPACE
_THREAD = 10.0
"""The height that an edge is given where it passes through a layer."""
_SWEEPS = 12
_LEVELLINGS = 10
_STRAIGHT = 8.0
"""How much more an edge minds a bend where it passes through a layer than where it meets a card."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Link:
    """A directed edge between two cards, and how far below their tops it leaves and arrives."""

    source: int
    target: int
    leaves: float = 0.0
    arrives: float = 0.0


def arrange(heights: Sequence[float], links: Sequence[Link], given: Mapping[int, Point]) -> list[Point]:
    """Return the top left corner of every card, in units.

    Cards that were given a place keep it, be it on one another: somebody put them there. The others are laid
    out below them; all of them, where none was given a place.

    Parameters
    ----------
    heights
        Of each card.
    links
        What is drawn between them; `source` and `target` count cards.
    given
        The places that the schema itself says.
    """
    kept = dict(given)
    rest = [card for card in range(len(heights)) if card not in kept]
    number = {card: at for at, card in enumerate(rest)}
    inner = [
        Link(number[link.source], number[link.target], link.leaves, link.arrives)
        for link in links
        if link.source in number and link.target in number
    ]
    left = min((x for x, _ in kept.values()), default=0.0)
    below = max((y + heights[card] for card, (_, y) in kept.items()), default=-2 * GAP) + 2 * GAP
    placed = layered([heights[card] for card in rest], inner)
    kept.update({card: (left + x, _snap(below) + y) for card, (x, y) in zip(rest, placed, strict=True)})
    return [kept[card] for card in range(len(heights))]


def layered(heights: Sequence[float], links: Sequence[Link]) -> list[Point]:
    """Return the top left corner of every card, laid out from nothing.

    Parts that nothing connects are laid out each for itself, and set beside and below one another.

    Examples
    --------
    >>> layered([80.0, 80.0], [Link(0, 1)])
    [(0.0, 0.0), (336.0, 0.0)]
    """
    links = [link for link in links if link.source != link.target]
    blocks = []
    for cards in _parts(len(heights), links):
        number = {card: at for at, card in enumerate(cards)}
        inner = [
            Link(number[link.source], number[link.target], link.leaves, link.arrives)
            for link in links
            if link.source in number
        ]
        blocks.append(_Block(cards, _Layers([heights[card] for card in cards], inner).place(), heights))
    return _packed(blocks, len(heights))


def _snap(length: float) -> float:
    return round(length / GRID) * GRID


def _parts(cards: int, links: Iterable[Link]) -> list[list[int]]:
    """Return the cards that hang together, each part in their order, the largest part first."""
    root = list(range(cards))

    def find(card: int) -> int:
        while root[card] != card:
            root[card] = root[root[card]]
            card = root[card]
        return card

    for link in links:
        root[find(link.source)] = find(link.target)
    parts = defaultdict(list)
    for card in range(cards):
        parts[find(card)].append(card)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


# ------------------------------------------------------------------------------------- one connected part


@dataclass(slots=True)
class _Node:
    """A card, or a thread: the place where an edge passes through a layer that neither of its ends is in."""

    height: float
    thread: bool
    # Neighbours in the layer before and in the layer after: which, where they are met, where they meet us.
    before: list[tuple[int, float, float]] = field(default_factory=list)
    after: list[tuple[int, float, float]] = field(default_factory=list)


class _Layers:
    """Lay out cards that hang together."""

    def __init__(self, heights: Sequence[float], links: Sequence[Link]) -> None:
        forward = _acyclic(len(heights), links)
        self.layer = _layering(heights, forward)
        self.nodes = [_Node(height, thread=False) for height in heights]
        self.ranks: list[list[int]] = [[] for _ in range(max(self.layer) + 1)]
        for node, layer in enumerate(self.layer):
            self.ranks[layer].append(node)
        # Edges to the same row of the same card pass through the layers as one thread.
        threads: dict[tuple[int, float, int], int] = {}
        for link in sorted(forward, key=lambda link: self.layer[link.target]):
            self._thread(link, threads)

    def place(self) -> list[Point]:
        """Return the top left corner of every card."""
        self._reduce_crossings()
        tops = self._level()
        cards = len(self.layer)
        highest = min(tops[:cards])
        return [(self.layer[card] * _PITCH, _snap(tops[card] - highest)) for card in range(cards)]

    def _thread(self, link: Link, threads: dict[tuple[int, float, int], int]) -> None:
        node, leaves = link.source, link.leaves
        for layer in range(self.layer[link.source] + 1, self.layer[link.target]):
            key = (link.source, link.leaves, layer)
            if (thread := threads.get(key)) is None:
                thread = threads[key] = len(self.nodes)
                self.nodes.append(_Node(_THREAD, thread=True))
                self.ranks[layer].append(thread)
                self._join(node, leaves, thread, _THREAD / 2)
            node, leaves = thread, _THREAD / 2
        self._join(node, leaves, link.target, link.arrives)

    def _join(self, source: int, leaves: float, target: int, arrives: float) -> None:
        self.nodes[source].after.append((target, arrives, leaves))
        self.nodes[target].before.append((source, leaves, arrives))

    # Crossings: order each layer by the barycentre of its neighbours, to and fro, and keep the best order.

    def _reduce_crossings(self) -> None:
        best, fewest = [list(rank) for rank in self.ranks], self._crossings()
        sweeps = max(4, min(_SWEEPS, 40_000 // len(self.nodes)))
        for sweep in range(sweeps):
            if fewest == 0:
                break
            forward = sweep % 2 == 0
            ranks = self.ranks if forward else list(reversed(self.ranks))
            for fixed, rank in pairwise(ranks):
                self._order(rank, {node: at for at, node in enumerate(fixed)}, forward=forward)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(rank) for rank in self.ranks], crossings
        self.ranks = best

    def _order(self, rank: list[int], fixed: Mapping[int, int], *, forward: bool) -> None:
        barycentre = {}
        for at, node in enumerate(rank):
            beside = self.nodes[node].before if forward else self.nodes[node].after
            # Where an edge meets a card decides between edges of the same card.
            places = [fixed[other] + port / (self.nodes[other].height + 1) for other, port, _ in beside]
            barycentre[node] = sum(places) / len(places) if places else float(at)
        rank.sort(key=lambda node: barycentre[node])

    def _crossings(self) -> int:
        """Count the crossings between all layers: inversions among the ends, in the order of the starts."""
        total = 0
        for rank, following in pairwise(self.ranks):
            position = {node: at for at, node in enumerate(following)}
            seen: list[tuple[int, float]] = []
            for node in rank:
                after = self.nodes[node].after
                for _, at, arrives in sorted(
                    (leaves, position[to], arrives) for to, arrives, leaves in after
                ):
                    total += len(seen) - bisect_left(seen, (at, arrives))
                    insort(seen, (at, arrives))
        return total

    # Heights: pull every node level with its neighbours, layer by layer, to and fro.

    def _level(self) -> list[float]:
        tops = [0.0] * len(self.nodes)
        room = 0.0
        for rank in self.ranks:
            top = 0.0
            for upper, lower in zip(rank, [*rank[1:], None], strict=True):
                tops[upper] = top
                top += self.nodes[upper].height + (0.0 if lower is None else self._gap(upper, lower))
            room = max(room, top)
        for round_ in range(_LEVELLINGS):
            # The last rounds look both ways, so that neither side is preferred.
            both = round_ >= _LEVELLINGS - 2
            ranks = self.ranks if round_ % 2 == 0 else reversed(self.ranks)
            for rank in ranks:
                wanted, weights = [], []
                for node in rank:
                    top, weight = self._pull(node, tops, forward=round_ % 2 == 0, both=both)
                    wanted.append(top)
                    weights.append(weight)
                apart = [
                    self.nodes[upper].height + self._gap(upper, lower) for upper, lower in pairwise(rank)
                ]
                # The whole gets no higher than its fullest layer has to be.
                high = room - self.nodes[rank[-1]].height
                for node, top in zip(rank, spread(wanted, apart, weights, 0.0, high), strict=True):
                    tops[node] = top
        return tops

    def _pull(self, node: int, tops: Sequence[float], *, forward: bool, both: bool) -> tuple[float, float]:
        me = self.nodes[node]
        beside = me.before + me.after if both else (me.before if forward else me.after)
        total = weight = 0.0
        for other, port, own in beside:
            stiffness = _STRAIGHT if me.thread and self.nodes[other].thread else 1.0
            total += stiffness * (tops[other] + port - own)
            weight += stiffness
        return (total / weight, weight) if weight else (tops[node], 0.05)

    def _gap(self, upper: int, lower: int) -> float:
        threads = self.nodes[upper].thread + self.nodes[lower].thread
        return (GAP, GAP / 2, 0.0)[threads]


def _acyclic(cards: int, links: Sequence[Link]) -> list[Link]:
    """Turn around as few edges as a greedy order needs (Eades, Lin and Smyth, 1993)."""
    targets: list[set[int]] = [set() for _ in range(cards)]
    sources: list[set[int]] = [set() for _ in range(cards)]
    for link in links:
        targets[link.source].add(link.target)
        sources[link.target].add(link.source)
    place = _sequence([set(t) for t in targets], [set(s) for s in sources])
    return [
        link
        if place[link.source] < place[link.target]
        else Link(link.target, link.source, link.arrives, link.leaves)
        for link in links
    ]


def _sequence(targets: list[set[int]], sources: list[set[int]]) -> list[int]:
    """Return the place of every card in an order that few edges go against."""
    left = dict.fromkeys(range(len(targets)))
    start: list[int] = []
    end: list[int] = []

    def take(card: int, where: list[int]) -> None:
        where.append(card)
        del left[card]
        for other in targets[card]:
            sources[other].discard(card)
        for other in sources[card]:
            targets[other].discard(card)
        free.extend(other for other in (*targets[card], *sources[card]) if other in left)

    free = list(left)
    while left:
        while free:
            card = free.pop()
            if card not in left:
                continue
            if not targets[card]:
                take(card, end)
            elif not sources[card]:
                take(card, start)
        if left:
            take(max(left, key=lambda card: (len(targets[card]) - len(sources[card]), -card)), start)
    place = [0] * len(targets)
    for at, card in enumerate(start + end[::-1]):
        place[card] = at
    return place


def _layering(heights: Sequence[float], links: Sequence[Link]) -> list[int]:
    """Give each card a layer after those it draws from, the layers about as high as the whole is to be.

    A card goes into the first layer with room for it, those that most others wait for first (Coffman and
    Graham, 1972); then every card moves towards what draws from it, as far as there is room.
    """
    cards = len(heights)
    after: list[set[int]] = [set() for _ in range(cards)]
    before: list[set[int]] = [set() for _ in range(cards)]
    for link in links:
        after[link.source].add(link.target)
        before[link.target].add(link.source)
    order = _topological(before, after)
    longest = [0] * cards
    for card in reversed(order):
        longest[card] = max((longest[other] + 1 for other in after[card]), default=0)
    area = sum((height + GAP) * _PITCH for height in heights)
    room = max(max(heights) + GAP, math.sqrt(area / ASPECT) * 1.15)
    filled: defaultdict[int, float] = defaultdict(float)
    layer = [0] * cards
    for card in sorted(order, key=lambda card: -longest[card]):  # still parents first: theirs is longer
        at = max((layer[other] + 1 for other in before[card]), default=0)
        while filled[at] and filled[at] + heights[card] + GAP > room:
            at += 1
        layer[card] = at
        filled[at] += heights[card] + GAP
    for card in reversed(order):
        at = min((layer[other] - 1 for other in after[card]), default=layer[card])
        while at > layer[card] and filled[at] + heights[card] + GAP > room:
            at -= 1
        if at > layer[card] and len(after[card]) >= len(before[card]):
            filled[layer[card]] -= heights[card] + GAP
            filled[at] += heights[card] + GAP
            layer[card] = at
    used = {at: number for number, at in enumerate(sorted(set(layer)))}
    return [used[at] for at in layer]


def _topological(before: Sequence[set[int]], after: Sequence[set[int]]) -> list[int]:
    waiting = [len(sources) for sources in before]
    order = [card for card, count in enumerate(waiting) if count == 0]
    for card in order:  # grows while it is read
        for other in sorted(after[card]):
            waiting[other] -= 1
            if waiting[other] == 0:
                order.append(other)
    return order


# --------------------------------------------------------------------------------------- all of the parts


class _Block:
    """A part that is laid out, as one rectangle to be set among the others."""

    def __init__(self, cards: Sequence[int], places: Sequence[Point], heights: Sequence[float]) -> None:
        self.cards, self.places = cards, places
        self.layers = 1 + round(max(x for x, _ in places) / _PITCH)
        lowest = max(y + heights[card] for card, (_, y) in zip(cards, places, strict=True))
        # Parts stand further from each other than the cards within one.
        self.height = lowest + GAP * (1 if len(cards) == 1 else 2)


def _packed(blocks: Sequence[_Block], cards: int) -> list[Point]:
    """Set blocks side by side and below one another, each as high up as it fits, then as far left."""
    area = sum(block.layers * _PITCH * block.height for block in blocks)
    across = max([block.layers for block in blocks] + [round(math.sqrt(area * ASPECT) / _PITCH)], default=0)
    free = [0.0] * across  # how far down each layer's column is taken
    places: list[Point] = [(0.0, 0.0)] * cards
    for block in blocks:
        y, first = min(
            (max(free[first : first + block.layers]), first) for first in range(across - block.layers + 1)
        )
        for card, (inner_x, inner_y) in zip(block.cards, block.places, strict=True):
            places[card] = (first * _PITCH + inner_x, y + inner_y)
        below = math.ceil((y + block.height) / GRID) * GRID
        free[first : first + block.layers] = [below] * block.layers
    return places
