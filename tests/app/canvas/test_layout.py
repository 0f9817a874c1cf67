from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.geometry import WIDTH, card_height
from datagen_app.canvas.layout import GAP, SPACE, Link, Point, arrange, layered


def overlapping(heights: list[float], places: list[Point]) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one in range(len(places))
        for other in range(one)
        if abs(places[one][0] - places[other][0]) < WIDTH
        and places[one][1] < places[other][1] + heights[other]
        and places[other][1] < places[one][1] + heights[one]
    ]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[float], list[Link]]:
    heights = [card_height(n) for n in draw(st.lists(st.integers(0, 20), min_size=1, max_size=24))]
    cards = st.integers(0, len(heights) - 1)
    ends = draw(st.lists(st.tuples(cards, cards), max_size=40))
    return heights, [Link(source, target, 16.0, 16.0) for source, target in ends]


@given(graphs())
def test_no_card_overlaps_another(graph: tuple[list[float], list[Link]]) -> None:
    heights, links = graph
    assert not overlapping(heights, layered(heights, links))


@given(graphs())
def test_positions_lie_on_the_grid_and_begin_at_the_corner(graph: tuple[list[float], list[Link]]) -> None:
    places = layered(*graph)
    assert all(x % 8 == 0 and y % 8 == 0 for x, y in places)
    assert min(x for x, _ in places) == 0
    assert min(y for _, y in places) == 0


@given(graphs())
def test_without_cycles_data_flows_to_the_right(graph: tuple[list[float], list[Link]]) -> None:
    heights, links = graph
    forward = [link for link in links if link.source < link.target]
    places = layered(heights, forward)
    assert all(places[link.source][0] + WIDTH + SPACE <= places[link.target][0] for link in forward)


@given(graphs())
def test_the_same_graph_is_laid_out_the_same(graph: tuple[list[float], list[Link]]) -> None:
    assert layered(*graph) == layered(*graph)


def test_cycles_and_references_to_itself_are_laid_out() -> None:
    links = [Link(0, 1), Link(1, 2), Link(2, 0), Link(1, 1)]
    places = layered([80.0] * 3, links)
    assert sorted(x for x, _ in places) == [0, WIDTH + SPACE, 2 * (WIDTH + SPACE)]


def test_a_plain_chain_runs_level() -> None:
    places = layered([100.0] * 4, [Link(n, n + 1, 16, 16) for n in range(3)])
    assert {y for _, y in places} == {0.0}


def test_two_edges_that_need_not_cross_do_not() -> None:
    # 0 → 3 and 1 → 2: in the order of the text they would cross.
    places = layered([60.0] * 4, [Link(0, 3), Link(1, 2), Link(0, 2)])
    upper, lower = sorted((0, 1), key=lambda card: places[card][1])
    end_of_upper = {0: 3, 1: 2}[upper]
    end_of_lower = {0: 3, 1: 2}[lower]
    assert places[end_of_upper][1] < places[end_of_lower][1]


def test_unconnected_cards_fill_the_room_of_a_window() -> None:
    places = layered([100.0] * 40, [])
    width = max(x for x, _ in places) + WIDTH
    height = max(y for _, y in places) + 100
    assert 1 < width / height < 3


# ------------------------------------------------------------------------------------- places that are given


def test_given_places_are_kept() -> None:
    assert arrange([80.0, 80.0], [], {0: (5.0, 7.0), 1: (400.0, -3.0)}) == [(5.0, 7.0), (400.0, -3.0)]


def test_a_card_given_over_another_stays_there_because_somebody_put_it_there() -> None:
    places = [(0.0, 0.0), (100.0, 40.0)]
    assert arrange([80.0, 80.0], [], dict(enumerate(places))) == places


def test_the_rest_is_laid_out_below() -> None:
    places = arrange([80.0, 80.0, 80.0], [Link(1, 2)], {0: (0.0, 0.0)})
    assert places[0] == (0.0, 0.0)
    assert all(y >= 80 + GAP for _, y in places[1:])
    assert not overlapping([80.0] * 3, places)


@given(
    heights=st.lists(st.floats(36, 500), min_size=1, max_size=12),
    data=st.data(),
)
def test_what_is_not_given_a_place_overlaps_nothing(heights: list[float], data: st.DataObject) -> None:
    lengths = st.floats(-600, 600)
    given_places = data.draw(
        st.dictionaries(st.integers(0, len(heights) - 1), st.tuples(lengths, lengths), max_size=len(heights))
    )
    places = arrange(heights, [], given_places)
    overlaps = overlapping(heights, places)
    assert all(one in given_places and other in given_places for one, other in overlaps)
    assert all(places[card] == place for card, place in given_places.items())


@pytest.mark.parametrize("shape", ["star", "chain", "random"])
def test_large_schemas_are_laid_out_in_good_time(shape: str) -> None:
    cards, dice = 500, random.Random(3)
    heights = [card_height(12)] * cards
    links = {
        "star": [Link(0, n) for n in range(1, cards)],
        "chain": [Link(n, n + 1) for n in range(cards - 1)],
        "random": [Link(dice.randrange(n), n) for n in range(1, cards)]
        + [Link(dice.randrange(cards), dice.randrange(cards)) for _ in range(200)],
    }[shape]
    began = time.process_time()
    places = layered(heights, links)
    assert time.process_time() - began < 10  # the budget is one second, on a machine of its own
    assert not overlapping(heights, places)
