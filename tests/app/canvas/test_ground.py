from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from datagen_app.canvas import ground as module
from datagen_app.canvas.diagram import Edge, EdgeKind
from datagen_app.canvas.edges import Drawn
from datagen_app.canvas.ground import Ground
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.routes import direct
from datagen_app.document.place import Place
from datagen_app.shell.palette import LIGHT

SIZE = 600, 400


def edge(kind: EdgeKind = "parent", y: float = 100.0, label: str = "") -> Drawn:
    """Return a level edge from a card at the left to one at the right."""
    route = direct((-200.0, y), (400.0, y), 0, 0)
    box = QRectF(40, y - 3, 360, 6)
    return Drawn(Edge(kind, 0, 0, 1, 0), Place(1, 2), Place(3, 4), route, box, label)


@pytest.fixture
def ground(qapp: object) -> Ground:
    return Ground(Ink(LIGHT, QFont()))


def painted(ground: Ground, pixels: float = 1.0, shift: int = 0, frames: int = 1) -> QImage:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    for _ in range(frames):
        painter = QPainter(image)
        painter.translate(shift, 0)
        painter.scale(pixels, pixels)
        ground.paint(painter, QRectF(0, 0, *SIZE), 1.0)
        painter.end()
    return image


def colours_down(image: QImage, x: int) -> set[str]:
    return {image.pixelColor(x, y).name().upper() for y in range(image.height())}


def test_without_edges_there_is_plain_ground(ground: Ground) -> None:
    image = painted(ground)
    assert {image.pixelColor(x, y).name().upper() for x in range(0, 600, 7) for y in range(0, 400, 7)} == {
        LIGHT.window
    }


@pytest.mark.parametrize("kind", ["parent", "lookup", "effect", "vocabulary"])
def test_a_level_edge_is_drawn_and_ends_in_its_mark(ground: Ground, kind: EdgeKind) -> None:
    ground.set_edges([edge(kind)])
    image = painted(ground, frames=2)
    drawn = {x for x in range(600) if colours_down(image, x) != {LIGHT.window}}
    assert {60, 200, 380} <= {x // 20 * 20 for x in drawn}
    assert max(drawn) <= 401
    assert min(drawn) >= 38


def test_kinds_differ_without_colour(ground: Ground) -> None:
    images = []
    kinds: tuple[EdgeKind, ...] = ("parent", "lookup", "effect", "vocabulary")
    for kind in kinds:
        ground.set_edges([edge(kind)])
        images.append(bytes(painted(ground, frames=2).constBits()))
    assert len(set(images)) == 4


def test_edges_of_the_selection_are_lit(ground: Ground) -> None:
    ground.set_edges([edge(y=100.0), edge(y=200.0)])
    ground.set_selected(Place(3))
    assert len(ground.lit) == 2
    ground.set_selected(Place(1, 2))
    assert len(ground.lit) == 2
    assert LIGHT.accent in colours_down(painted(ground, frames=2), 200)
    ground.set_selected(Place(9))
    assert len(ground.lit) == 0
    ground.set_selected(Place())
    assert LIGHT.accent not in colours_down(painted(ground, frames=2), 200)


def test_moving_copies_the_tiles_and_zooming_draws_them_anew(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    draw = Ground._draw

    def count(self: Ground, key: tuple[int, int], pixels: float, screen: float) -> object:
        drawn.append(key)
        return draw(self, key, pixels, screen)

    monkeypatch.setattr(Ground, "_draw", count)
    ground.set_edges([edge()])
    painted(ground, frames=2)
    first = len(drawn)
    assert first == len(set(drawn)) > 0
    still = painted(ground)
    moved = painted(ground, shift=40)
    assert len(drawn) <= first + 1  # at most what came into view
    assert still.copy(0, 0, 500, 400) == moved.copy(40, 0, 500, 400)
    painted(ground, pixels=0.5)
    assert ground.unfinished
    painted(ground, pixels=0.5)
    assert len(drawn) > first + 1


def test_without_time_edges_are_hairlines_until_there_is(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.set_edges([edge()])
    painted(ground, frames=2)  # traced
    monkeypatch.setattr(module, "DRAWING", 0.0)
    image = painted(ground, pixels=0.9, frames=2)
    assert ground.unfinished
    assert QColor(LIGHT.control_border).name().upper() in colours_down(image, 200)
    ground.patient = True
    image = painted(ground, pixels=0.9)
    assert QColor(LIGHT.secondary).name().upper() in colours_down(image, 200)


def test_a_parent_s_edge_is_labelled_in_its_middle(ground: Ground) -> None:
    ground.set_edges([edge()])
    plain = painted(ground, frames=2)
    ground.set_edges([edge(label="1 : 5.1")])
    labelled = painted(ground, frames=2)
    differs = [x for x in range(600) if colours_down(plain, x) != colours_down(labelled, x)]
    assert 150 < min(differs) < 220 < max(differs) < 290
