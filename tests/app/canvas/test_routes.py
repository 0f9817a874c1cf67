from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.geometry import WIDTH
from datagen_app.canvas.layout import Point
from datagen_app.canvas.routes import Line, Route, direct, routes


def points_on(route: Route, per_curve: int = 40) -> list[Point]:
    found = []
    for at in range(0, len(route) - 1, 3):
        (a, b), (c, d), (e, f), (g, h) = route[at : at + 4]
        for step in range(per_curve + 1):
            t = step / per_curve
            s = 1 - t
            weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
            x = sum(w * v for w, v in zip(weights, (a, c, e, g), strict=True))
            y = sum(w * v for w, v in zip(weights, (b, d, f, h), strict=True))
            found.append((x, y))
    return found


def inside(point: Point, place: Point, height: float) -> bool:
    return place[0] < point[0] < place[0] + WIDTH and place[1] < point[1] < place[1] + height


def test_a_line_leaves_and_arrives_on_the_sides_that_face_each_other() -> None:
    there = direct((0, 0), (400, 100), 16, 27)
    assert (there[0], there[-1]) == ((WIDTH, 16), (400, 127))
    back = direct((400, 100), (0, 0), 16, 27)
    assert (back[0], back[-1]) == ((400, 116), (WIDTH, 27))


def test_above_one_another_both_ends_are_on_the_right() -> None:
    route = direct((0, 0), (16, 300), 16, 27)
    assert (route[0], route[-1]) == ((WIDTH, 16), (16 + WIDTH, 327))
    assert max(x for x, _ in points_on(route)) > 16 + WIDTH


def test_a_line_to_its_own_card_swings_out() -> None:
    assert max(x for x, _ in points_on(direct((0, 0), (0, 0), 40, 80))) > WIDTH + 10


def test_a_line_passes_through_the_gap_between_the_cards_on_its_way() -> None:
    # The straight way from 0 to 1 leads through card 2; above it is room, below it card 3.
    places = [(0.0, 100.0), (672.0, 100.0), (336.0, 60.0), (336.0, 240.0)]
    heights = [80.0, 80.0, 120.0, 400.0]
    (route,) = routes(places, heights, [Line(0, 1, 40, 40)])
    touched = [n for n in (2, 3) for p in points_on(route) if inside(p, places[n], heights[n])]
    assert not touched


def test_lines_through_one_gap_keep_apart() -> None:
    places = [(0.0, 0.0), (672.0, 0.0), (336.0, -500.0), (336.0, 100.0)]
    heights = [300.0, 300.0, 520.0, 400.0]
    lines = [Line(0, 1, 40.0 + n, 40.0 + n) for n in range(4)]
    levels = [
        next(y for x, y in points_on(route) if 400 < x < 500) for route in routes(places, heights, lines)
    ]
    assert len({round(y, 3) for y in levels}) == 4
    assert levels == sorted(levels)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[Point], list[float], list[Line]]:
    columns = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    places, heights = [], []
    for column, count in enumerate(columns):
        y = draw(st.integers(-200, 200)) * 1.0
        for _ in range(count):
            height = draw(st.integers(36, 300)) * 1.0
            places.append((column * 336.0, y))
            heights.append(height)
            y += height + draw(st.integers(32, 120))
    cards = st.integers(0, len(places) - 1)
    lines = [
        Line(source, target, heights[source] / 2, heights[target] / 2)
        for source, target in draw(st.lists(st.tuples(cards, cards), max_size=12))
    ]
    return places, heights, lines


@given(scenes())
def test_among_cards_in_columns_no_line_crosses_a_card(
    scene: tuple[list[Point], list[float], list[Line]],
) -> None:
    places, heights, lines = scene
    for line, route in zip(lines, routes(places, heights, lines), strict=True):
        assert (len(route) - 1) % 3 == 0
        if places[line.source][0] == places[line.target][0]:
            continue  # swings out between the columns
        crossed = [
            n for n in range(len(places)) for p in points_on(route) if inside(p, places[n], heights[n])
        ]
        assert not crossed


def test_a_card_between_two_columns_bends_no_line_that_it_is_not_in_the_way_of() -> None:
    places = [(0.0, 0.0), (336.0, 0.0), (176.0, 900.0)]
    heights = [200.0, 200.0, 80.0]
    there, without = Line(0, 1, 43, 65), [(0.0, 0.0), (336.0, 0.0)]
    assert routes(places, heights, [there]) == routes(without, heights[:2], [there])


def test_a_line_passes_by_a_card_between_two_columns_that_is_in_its_way() -> None:
    places = [(0.0, 0.0), (672.0, 0.0), (400.0, -40.0), (336.0, 400.0)]
    heights = [200.0, 200.0, 280.0, 80.0]
    (route,) = routes(places, heights, [Line(0, 1, 100, 100)])
    assert not any(inside(point, places[2], heights[2]) for point in points_on(route))


def test_between_cards_above_one_another_a_line_goes_round_on_the_side_that_is_free() -> None:
    places = [(0.0, 0.0), (0.0, 400.0), (280.0, 0.0)]
    heights = [80.0, 80.0, 600.0]
    (route,) = routes(places, heights, [Line(0, 1, 40, 40)])
    assert max(x for x, _ in points_on(route)) <= WIDTH
    (route,) = routes(places[:2], heights[:2], [Line(0, 1, 40, 40)])
    assert min(x for x, _ in points_on(route)) >= WIDTH
