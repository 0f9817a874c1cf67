from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.canvas.arranging import SIDES, Axis, Frame, Side, align, distribute

NUMBERS = st.integers(-2_000, 2_000)
FRAMES = st.lists(st.tuples(NUMBERS, NUMBERS, st.just(240), st.integers(36, 400)), min_size=2, max_size=10)


def edge(side: Side, frame: Frame, at: tuple[float, float]) -> float:
    x, y = at
    return {
        "left": x,
        "centre": x + frame[2] / 2,
        "right": x + frame[2],
        "top": y,
        "middle": y + frame[3] / 2,
        "bottom": y + frame[3],
    }[side]


@pytest.mark.parametrize("side", SIDES)
@given(frames=FRAMES)
def test_what_is_aligned_stands_in_line_and_moves_in_one_direction_only(
    side: Side, frames: list[Frame]
) -> None:
    placed = align(frames, side)
    assert len({edge(side, frame, at) for frame, at in zip(frames, placed, strict=True)}) == 1
    axis = 1 if side in ("left", "centre", "right") else 0
    assert [at[axis] for at in placed] == [frame[axis] for frame in frames]


@pytest.mark.parametrize("axis", ["across", "down"])
@given(frames=FRAMES)
def test_what_is_distributed_has_the_same_gap_everywhere_and_keeps_its_order(
    axis: Axis, frames: list[Frame]
) -> None:
    at = 0 if axis == "across" else 1
    placed = distribute(frames, axis)
    order = sorted(range(len(frames)), key=lambda number: (frames[number][at], number))
    gaps = [
        placed[after][at] - placed[before][at] - frames[before][at + 2] for before, after in pairwise(order)
    ]
    assert max(gaps) - min(gaps) < 1e-6
    assert min(gaps) >= -1e-6
    assert placed[order[0]] == frames[order[0]][:2]
    assert [point[1 - at] for point in placed] == [frame[1 - at] for frame in frames]
