from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.planning.order import components, find_cycle, levels

GRAPHS = st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4), max_size=9)


def reaches(graph: dict[int, list[int]], start: int) -> set[int]:
    seen: set[int] = set()
    coming = list(graph.get(start, ()))
    while coming:
        node = coming.pop()
        if node not in seen:
            seen.add(node)
            coming += graph.get(node, ())
    return seen


@given(GRAPHS)
def test_components_are_the_sets_that_reach_each_other(graph: dict[int, list[int]]) -> None:
    nodes = sorted({*graph, *(target for targets in graph.values() for target in targets)})
    found = components(nodes, lambda node: graph.get(node, ()))
    assert sorted(node for group in found for node in group) == nodes
    place = {node: number for number, group in enumerate(found) for node in group}
    for one in nodes:
        for other in nodes:
            together = one == other or (other in reaches(graph, one) and one in reaches(graph, other))
            assert (place[one] == place[other]) == together
            if other in reaches(graph, one) and not together:
                assert place[other] < place[one]  # what is needed comes first


@given(GRAPHS)
def test_a_cycle_is_a_shortest_way_back(graph: dict[int, list[int]]) -> None:
    for start in graph:
        cycle = find_cycle([start, *reaches(graph, start)], lambda node: graph.get(node, ()))
        if start not in reaches(graph, start):
            assert cycle == []
            continue
        assert cycle[0] == cycle[-1] == start
        assert all(after in graph[before] for before, after in pairwise(cycle))
        assert len(set(cycle)) == len(cycle) - 1
        ring, steps = {start}, 0
        while start not in (ring := {t for node in ring for t in graph.get(node, ())}):
            steps += 1
        assert len(cycle) == steps + 2


def test_a_long_chain_needs_no_deep_stack() -> None:
    size = 50_000
    found = components(range(size), lambda node: [node + 1] if node + 1 < size else [0])
    assert [len(group) for group in found] == [size]


@given(GRAPHS)
def test_levels_put_what_is_needed_first(graph: dict[int, list[int]]) -> None:
    needs = {str(node): [str(target) for target in targets] for node, targets in graph.items()}
    found = levels(list(needs), needs)
    level = {table: number for number, tables in enumerate(found) for table in tables}
    assert sorted(level) == sorted(needs)
    for table, targets in needs.items():
        for target in targets:
            if target in level:
                mutual = int(table) in reaches(graph, int(target))
                assert level[target] <= level[table] if mutual else level[target] < level[table]


def test_levels_keep_the_order_of_the_schema() -> None:
    assert levels(["z", "m", "a"], {"z": [], "m": [], "a": ["z"]}) == [["z", "m"], ["a"]]
