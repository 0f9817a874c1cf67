"""Orders: of tables by who needs whom, and cycles among columns and row counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

__all__ = ["components", "find_cycle", "levels"]

H = TypeVar("H", bound=Hashable)


def components(nodes: Sequence[H], edges: Callable[[H], Iterable[H]]) -> list[list[H]]:
    """Return the strongly connected components, those that others need first (Tarjan 1972, without recursion).

    >>> components(["a", "b", "c"], {"a": ["b"], "b": ["a"], "c": ["a"]}.__getitem__)
    [['b', 'a'], ['c']]
    """
    number: dict[H, int] = {}
    low: dict[H, int] = {}
    on_stack: set[H] = set()
    stack: list[H] = []
    found: list[list[H]] = []
    for root in nodes:
        if root in number:
            continue
        work = [(root, iter(edges(root)))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in number:
                    number[target] = low[target] = len(number)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges(target))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number[node]:
                    group: list[H] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    found.append(group)
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
