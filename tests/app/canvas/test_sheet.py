from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter

from datagen_app.canvas import sheet as module
from datagen_app.canvas.diagram import Edge, EdgeKind
from datagen_app.canvas.edges import Drawn
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.pictures import Pictures
from datagen_app.canvas.routes import direct
from datagen_app.canvas.sheet import Sheet
from datagen_app.document.place import Place
from datagen_app.shell.palette import LIGHT

SIZE = 600, 400


def edge(kind: EdgeKind = "parent", y: float = 100.0, label: str = "") -> Drawn:
    """Return a level edge from a card at the left to one at the right."""
    route = direct((-200.0, y), (400.0, y), 0, 0)
    box = QRectF(40, y - 3, 360, 6)
    return Drawn(Edge(kind, 0, 0, 1, 0), Place(1, 2), Place(3, 4), route, box, label)


@pytest.fixture
def sheet(qapp: object) -> Sheet:
    return Sheet(Ink(LIGHT, QFont()), Pictures())


def painted(sheet: Sheet, pixels: float = 1.0, shift: int = 0, frames: int = 1) -> QImage:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    for _ in range(frames):
        painter = QPainter(image)
        painter.translate(shift, 0)
        painter.scale(pixels, pixels)
        sheet.paint(painter, QRectF(0, 0, *SIZE), 1.0)
        painter.end()
    return image


def colours_down(image: QImage, x: int) -> set[str]:
    return {image.pixelColor(x, y).name().upper() for y in range(image.height())}


def test_without_edges_there_is_plain_ground(sheet: Sheet) -> None:
    image = painted(sheet)
    assert {image.pixelColor(x, y).name().upper() for x in range(0, 600, 7) for y in range(0, 400, 7)} == {
        LIGHT.window
    }


@pytest.mark.parametrize("kind", ["parent", "lookup", "effect", "vocabulary"])
def test_a_level_edge_is_drawn_and_ends_in_its_mark(sheet: Sheet, kind: EdgeKind) -> None:
    sheet.set_edges([edge(kind)])
    image = painted(sheet, frames=2)
    drawn = {x for x in range(600) if colours_down(image, x) != {LIGHT.window}}
    assert {60, 200, 380} <= {x // 20 * 20 for x in drawn}
    assert max(drawn) <= 401
    assert min(drawn) >= 38


def test_kinds_differ_without_colour(sheet: Sheet) -> None:
    images = []
    kinds: tuple[EdgeKind, ...] = ("parent", "lookup", "effect", "vocabulary")
    for kind in kinds:
        sheet.set_edges([edge(kind)])
        images.append(bytes(painted(sheet, frames=2).constBits()))
    assert len(set(images)) == 4


def test_edges_of_the_selection_are_lit(sheet: Sheet) -> None:
    sheet.set_edges([edge(y=100.0), edge(y=200.0)])
    sheet.set_selected([Place(3)])
    assert len(sheet.lit) == 2
    sheet.set_selected([Place(1, 2)])
    assert len(sheet.lit) == 2
    assert LIGHT.accent in colours_down(painted(sheet, frames=2), 200)
    sheet.set_selected([Place(9)])
    assert len(sheet.lit) == 0
    sheet.set_selected([])
    assert LIGHT.accent not in colours_down(painted(sheet, frames=2), 200)


def test_moving_copies_the_tiles_and_zooming_draws_them_anew(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    draw = Sheet._draw

    def count(self: Sheet, key: tuple[int, int], pixels: float, screen: float) -> object:
        drawn.append(key)
        return draw(self, key, pixels, screen)

    monkeypatch.setattr(Sheet, "_draw", count)
    sheet.set_edges([edge()])
    painted(sheet, frames=2)
    first = len(drawn)
    assert first == len(set(drawn)) > 0
    still = painted(sheet)
    moved = painted(sheet, shift=40)
    assert len(drawn) <= first + 1  # at most what came into view
    assert still.copy(0, 0, 500, 400) == moved.copy(40, 0, 500, 400)
    painted(sheet, pixels=0.5)
    assert sheet.unfinished
    painted(sheet, pixels=0.5)
    assert len(drawn) > first + 1


def test_without_time_what_was_there_is_stretched_and_the_rest_is_hairlines(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet.set_edges([edge()])
    painted(sheet, frames=2)
    monkeypatch.setattr(module, "DRAWING", 0.0)
    image = painted(sheet, pixels=0.9, frames=2)
    assert sheet.unfinished
    assert LIGHT.secondary in colours_down(image, 200)  # as it was, only smaller
    sheet.forget()
    image = painted(sheet, pixels=0.9, frames=2)
    assert LIGHT.control_border in colours_down(image, 200)
    sheet.patient = True
    image = painted(sheet, pixels=0.9)
    assert LIGHT.secondary in colours_down(image, 200)


def test_a_parent_s_edge_is_labelled_in_its_middle(sheet: Sheet) -> None:
    sheet.set_edges([edge()])
    plain = painted(sheet, frames=2)
    sheet.set_edges([edge(label="1 : 5.1")])
    labelled = painted(sheet, frames=2)
    differs = [x for x in range(600) if colours_down(plain, x) != colours_down(labelled, x)]
    assert 150 < min(differs) < 220 < max(differs) < 290


def test_what_is_lifted_is_left_out_until_it_is_put_down(sheet: Sheet) -> None:
    sheet.set_edges([edge()])
    assert colours_down(painted(sheet, frames=2), 200) != {LIGHT.window}
    sheet.lift([1])
    assert colours_down(painted(sheet, frames=2), 200) == {LIGHT.window}
    sheet.lift([])
    assert colours_down(painted(sheet, frames=2), 200) != {LIGHT.window}


def test_only_what_was_spoilt_is_drawn_anew(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet.set_edges([edge()])
    painted(sheet, frames=3)
    drawn = []
    draw = Sheet._draw

    def count(self: Sheet, key: tuple[int, int], pixels: float, screen: float) -> object:
        drawn.append(key)
        return draw(self, key, pixels, screen)

    monkeypatch.setattr(Sheet, "_draw", count)
    painted(sheet)
    assert drawn == []
    sheet.spoil(QRectF(100, 100, 10, 10))
    painted(sheet, frames=2)
    assert drawn == [(0, 0)]


def test_without_time_a_spoilt_tile_shows_what_it_showed(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet.set_edges([edge()])
    painted(sheet, frames=2)
    monkeypatch.setattr(module, "DRAWING", 0.0)
    sheet.lift([1])
    assert colours_down(painted(sheet), 200) != {LIGHT.window}
    assert sheet.unfinished
