from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap

from datagen_app.canvas import face as face_module
from datagen_app.canvas import pictures as module
from datagen_app.canvas.face import Detail, Face, Row
from datagen_app.canvas.geometry import HEADER, ROW, WIDTH
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.pictures import Pictures
from datagen_app.canvas.shapes import card_outline, emblem
from datagen_app.shell.palette import DARK, LIGHT

FACE = Face(
    "order", "fact", (Row("order_id", "int", "key"), Row("total", "lognormal", "", "warning")), "≈ 41 k"
)


@pytest.fixture
def ink(qapp: object) -> Ink:
    return Ink(LIGHT, QFont())


@dataclass
class Stand:
    """A card that shows a face."""

    face: Face
    key: int = 1

    @property
    def kind(self) -> str:
        return self.face.kind

    @property
    def height(self) -> float:
        return self.face.height

    @property
    def state(self) -> Face:
        return self.face


def painted(ink: Ink, face: Face, pixels: float, detail: Detail, pictures: Pictures | None = None) -> QImage:
    pictures = pictures or Pictures()
    pictures.begin(detail, pixels, 1.0)
    image = QImage(600, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(LIGHT.window))
    painter = QPainter(image)
    painter.translate(20, 20)
    painter.scale(pixels, pixels)
    pictures.paint(painter, Stand(face), ink)
    painter.end()
    return image


def finished(pictures: Pictures) -> bool:
    return not pictures.unfinished


def colour(image: QImage, x: float, y: float) -> str:
    return image.pixelColor(round(20 + x), round(20 + y)).name().upper()


@pytest.mark.parametrize("kind", ["entity", "fact", "vocab"])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_a_card_has_the_colour_of_its_kind_and_a_plain_body(palette: object, kind: str, qapp: object) -> None:
    ink = Ink(LIGHT if palette is LIGHT else DARK, QFont())
    image = painted(ink, replace(FACE, kind=kind), 1.0, Detail.FULL)
    assert colour(image, WIDTH / 2, 3) == ink.palette.kind(kind)
    assert colour(image, WIDTH / 2, HEADER + ROW / 2) in (ink.palette.surface, ink.palette.grid)


def test_a_silhouette_is_filled(ink: Ink) -> None:
    image = painted(ink, FACE, 0.1, Detail.SILHOUETTE)
    assert colour(image, 10, 4) == LIGHT.fact


def test_a_selected_row_is_lit(ink: Ink) -> None:
    image = painted(ink, replace(FACE, selected=frozenset({1})), 1.0, Detail.FULL)
    assert colour(image, 4, HEADER + ROW * 1.5) == LIGHT.selected
    assert colour(image, 4, HEADER + ROW * 0.5) == LIGHT.surface


def test_a_picture_is_drawn_once_for_a_zoom(ink: Ink, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    draw = face_module.draw_face

    def count(*arguments: object) -> None:
        drawn.append(arguments)
        draw(*arguments)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(module, "draw_face", count)
    pictures = Pictures()
    for _ in range(3):
        painted(ink, FACE, 1.0, Detail.FULL, pictures)
    assert len(drawn) == 1
    painted(ink, replace(FACE, count="41,000"), 1.0, Detail.FULL, pictures)
    assert len(drawn) == 2
    painted(ink, FACE, 0.5, Detail.FULL, pictures)
    assert len(drawn) == 2  # the zoom has only just changed, so the old one is stretched
    painted(ink, FACE, 0.5, Detail.FULL, pictures)
    assert len(drawn) == 3


def test_without_time_a_card_is_shown_as_it_was_and_the_frame_is_unfinished(
    ink: Ink, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = Pictures()
    monkeypatch.setattr(module, "DRAWING", 0.0)
    image = painted(ink, FACE, 1.0, Detail.FULL, pictures)
    assert not finished(pictures)
    assert colour(image, WIDTH / 2, HEADER + ROW) == LIGHT.fact  # its silhouette
    pictures.patient = True
    painted(ink, FACE, 1.0, Detail.FULL, pictures)
    assert finished(pictures)
    pictures.patient = False
    image = painted(ink, FACE, 0.5, Detail.FULL, pictures)
    assert not finished(pictures)
    assert colour(image, 2, (HEADER + ROW / 2) / 2) == LIGHT.surface  # its old picture, stretched


def test_memory_is_bounded_and_the_oldest_goes_first(ink: Ink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY", 500_000)
    pictures = Pictures()
    pictures.patient = True
    pictures.begin(Detail.FULL, 1.0, 1.0)
    image = QPixmap(400, 300)
    painter = QPainter(image)
    for card in range(20):
        pictures.paint(painter, Stand(FACE, card), ink)
    painter.end()
    assert pictures._bytes <= 500_000
    assert max(pictures._kept) == 19
    assert 0 not in pictures._kept


def test_kinds_differ_by_their_shape() -> None:
    where = QRectF(0, 0, 100, 60)
    for outlines in (
        [card_outline(kind, where, 1.0) for kind in ("entity", "fact", "vocab")],
        [card_outline(kind, where, 0.1, far=True) for kind in ("entity", "fact", "vocab")],
        [emblem(kind, QRectF(0, 0, 12, 12)) for kind in ("entity", "fact", "vocab")],
    ):
        assert len({str(outline.toFillPolygon().toList()) for outline in outlines}) == 3
        areas = [outline.boundingRect() for outline in outlines]
        assert areas[0] == areas[1] == areas[2]


def test_long_names_are_cut_not_written_over_the_edge(ink: Ink) -> None:
    long = Row("a_very_long_name_of_a_column_that_never_ends_and_goes_on", "lognormal")
    image = painted(ink, replace(FACE, rows=(long,), name="x" * 80), 1.0, Detail.FULL)
    beyond = {colour(image, WIDTH + 12, y) for y in range(int(FACE.height))}
    assert beyond == {LIGHT.window}
