from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.geometry import GRID
from datagen_app.canvas.guides import Frame, Guides

NEAR = 8.0


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    left, top = draw(st.integers(-60, 60)) * GRID, draw(st.integers(-60, 60)) * GRID
    return (left, top, left + 240.0, top + draw(st.integers(36, 320)))


@given(
    others=st.lists(frames(), max_size=12),
    frame=frames(),
    off=st.tuples(st.integers(-7, 7), st.integers(-7, 7)),
)
def test_a_thing_is_drawn_no_further_than_it_may_and_onto_the_grid(
    others: list[Frame], frame: Frame, off: tuple[int, int]
) -> None:
    left, top, right, bottom = (frame[0] + off[0], frame[1] + off[1], frame[2] + off[0], frame[3] + off[1])
    across, down, lines = Guides(others).snap((left, top, right, bottom), NEAR)
    assert abs(across) <= NEAR
    assert abs(down) <= NEAR
    if across:
        assert any(line.vertical for line in lines)
        assert any(
            abs(mark - own) < 0.01
            for other in others
            for mark, own in zip(
                (other[0], (other[0] + other[2]) / 2, other[2]),
                (left + across, (left + right) / 2 + across, right + across),
                strict=True,
            )
        )
    for line in lines:
        assert line.low <= line.high


def test_of_two_lines_the_nearer_one_counts() -> None:
    guides = Guides([(0.0, 0.0, 240.0, 100.0), (8.0, 400.0, 248.0, 500.0)])
    across, down, lines = guides.snap((6.0, 200.0, 246.0, 300.0), NEAR)
    assert (across, down) == (2.0, 0.0)
    assert {line.at for line in lines if line.vertical} == {8.0, 128.0, 248.0}


def test_with_nothing_near_there_is_no_line() -> None:
    assert Guides([(0.0, 0.0, 240.0, 100.0)]).snap((500.0, 603.0, 740.0, 700.0), NEAR) == (0.0, 0.0, [])
