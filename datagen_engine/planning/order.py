"""Orders: of tables by who needs whom, and cycles among columns and row counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

__all__ = ["components", "find_cycle", "levels"]

H = TypeVar("H", bound=Hashable)


def components(nodes: Sequence[H], edges: Callable[[H], Iterable[H]]) -> list[list[H]]:
    """Return the strongly connected components, those that others need first (Tarjan 1972, without recursion).

    >>> components(["a", "b", "c"], {"a": ["b"], "b": ["a"], "c": ["a"]}.__getitem__)
    [['b', 'a'], ['c']]
    """
    # The nodes are numbered in the order in which they are met: comparing numbers is cheap, nodes may not be.
    number: dict[H, int] = {}
    met: list[H] = []
    low: list[int] = []
    waits: list[bool] = []
    stack: list[int] = []
    found: list[list[H]] = []

    def meet(node: H) -> tuple[int, Iterator[H]]:
        number[node] = len(met)
        low.append(len(met))
        stack.append(len(met))
        waits.append(True)
        met.append(node)
        return len(met) - 1, iter(edges(node))

    for root in nodes:
        if root in number:
            continue
        work = [meet(root)]
        while work:
            this, rest = work[-1]
            for target in rest:
                that = number.get(target)
                if that is None:
                    work.append(meet(target))
                    break
                if waits[that] and that < low[this]:
                    low[this] = that
            else:
                work.pop()
                if work and low[this] < low[work[-1][0]]:
                    low[work[-1][0]] = low[this]
                if low[this] == this:
                    cut = bisect_left(stack, this)  # numbers rise along the stack
                    group = stack[cut:]
                    del stack[cut:]
                    for one in group:
                        waits[one] = False
                    found.append([met[one] for one in reversed(group)])
    return found


def find_cycle(group: Sequence[H], edges: Callable[[H], Iterable[H]]) -> list[H]:
    """Return a shortest way within a component from its first node back to itself, the node at both ends.

    >>> find_cycle(["a", "b"], {"a": ["b"], "b": ["a"]}.__getitem__)
    ['a', 'b', 'a']
    """
    start, members = group[0], set(group)
    back: dict[H, H] = {}
    edge = [start]
    while edge:
        coming: list[H] = []
        for node in edge:
            for target in edges(node):
                if target == start:
                    way = [start, node]
                    while way[-1] != start:
                        way.append(back[way[-1]])
                    return way[::-1]
                if target in members and target not in back:
                    back[target] = node
                    coming.append(target)
        edge = coming
    return []


def levels(tables: Sequence[str], needs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the tables in levels, each after what it needs; tables that need each other share a level.

    >>> levels(["b", "a"], {"a": [], "b": ["a"]})
    [['a'], ['b']]
    """
    level: dict[str, int] = {}
    for group in components(tables, lambda table: [t for t in needs[table] if t in needs]):
        outside = [level[t] for table in group for t in needs[table] if t in level and t not in group]
        for table in group:
            level[table] = max(outside, default=-1) + 1
    found: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for table in tables:
        found[level[table]].append(table)
    return found
