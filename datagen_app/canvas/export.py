"""Write the diagram as a picture: PNG, or SVG."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from datagen_app.canvas.edges import draw_edges, draw_labels
from datagen_app.canvas.face import Detail, draw_face
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.margins import draw_annotations
from datagen_app.canvas.scene import Scene
from datagen_app.whole_file import written_whole

__all__ = ["draw_diagram", "write_picture"]

_AROUND = 24.0
"""Units around the diagram."""
_SHARP = 2.0
"""Pixels of a PNG per pixel of the screen."""
_LARGEST = 12_000
"""Pixels that a PNG is wide or high at most; a larger diagram is drawn smaller."""


def write_picture(scene: Scene, path: Path) -> None:
    """Write the whole diagram into a file, as PNG or SVG by its ending.

    The file is there whole or not at all.

    Raises
    ------
    ValueError
        The diagram is empty, or the ending is another.
    OSError
        The file cannot be written.
    """
    area = scene.content()
    if area.isEmpty():
        raise ValueError("There is nothing to draw: the schema has no tables.")
    area = area.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
    kind = path.suffix.lower()
    if kind not in (".png", ".svg"):
        raise ValueError("A picture is written as .png or .svg.")
    with written_whole(path) as made:
        (_write_png if kind == ".png" else _write_svg)(scene, area, made)


def draw_diagram(painter: QPainter, scene: Scene, ink: Ink, pixels: float) -> None:
    """Draw all there is, in full, at so many pixels per unit; the painter's origin is that of the diagram."""
    annotations = scene.annotations
    draw_annotations(painter, [one for one in annotations if one.kind == "group"], ink, pixels)
    painter.save()
    painter.scale(pixels, pixels)
    draw_edges(painter, scene.edges, ink, pixels, lit=False)
    painter.restore()
    draw_labels(painter, scene.edges, ink, pixels, lit=False)
    draw_annotations(painter, [one for one in annotations if one.kind == "note"], ink, pixels)
    for card in scene.cards:
        painter.save()
        painter.translate(card.x * pixels, card.y * pixels)
        draw_face(painter, card.face, ink, pixels, Detail.FULL)
        painter.restore()


def _write_png(scene: Scene, area: QRectF, path: Path) -> None:
    pixels = scene.ink.unit * _SHARP
    pixels = min(pixels, _LARGEST / area.width(), _LARGEST / area.height())
    size = QSize(max(1, round(area.width() * pixels)), max(1, round(area.height() * pixels)))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(scene.ink.colour("window"))
    painter = QPainter(image)
    painter.translate(-area.left() * pixels, -area.top() * pixels)
    draw_diagram(painter, scene, scene.ink, pixels)
    painter.end()
    if not image.save(str(path)):
        raise OSError("The picture could not be written.")


def _write_svg(scene: Scene, area: QRectF, path: Path) -> None:
    pixels = scene.ink.unit
    size = QSize(round(area.width() * pixels), round(area.height() * pixels))
    drawing = QSvgGenerator()
    drawing.setFileName(str(path))
    drawing.setSize(size)
    drawing.setViewBox(QRectF(0, 0, size.width(), size.height()))
    drawing.setTitle(scene.document.name if scene.document is not None else "Diagram")
    drawing.setDescription("Tables as cards, references as lines between them.")
    painter = QPainter()
    if not painter.begin(drawing):
        raise OSError("The picture could not be written.")
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), scene.ink.colour("window"))
    painter.translate(-area.left() * pixels, -area.top() * pixels)
    draw_diagram(painter, scene, scene.ink, pixels)
    painter.end()
