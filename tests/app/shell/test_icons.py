from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QIcon
from PySide6.QtSvg import QSvgRenderer

from datagen_app.shell.icons import application_icon, icon, pixmap
from datagen_app.shell.palette import DARK, LIGHT
from datagen_app.shell.signs import Sign, sign_pixmap
from datagen_engine.resources import resource

FOLDER = resource("icons/open.svg").parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg"))
LINES = [name for name in NAMES if name != "datagen-studio"]


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_can_be_drawn(name: str) -> None:
    assert QSvgRenderer(QByteArray((FOLDER / f"{name}.svg").read_bytes())).isValid()


@pytest.mark.parametrize("name", LINES)
def test_line_icons_are_of_one_family(name: str) -> None:
    drawing = (FOLDER / f"{name}.svg").read_text()
    assert 'viewBox="0 0 24 24"' in drawing
    assert 'stroke-width="1.75"' in drawing
    assert not re.search(r"#[0-9a-fA-F]{3,6}", drawing)  # the palette colours them


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_an_icon_takes_the_colour_of_the_palette_and_pales_when_disabled(palette: object) -> None:
    ink = LIGHT.text if palette is LIGHT else DARK.text
    image = pixmap("generate", ink, 24.0).toImage()
    assert image.pixelColor(12, 12).name().upper() == ink
    made = icon("generate", LIGHT)
    enabled = made.pixmap(20, 20, QIcon.Mode.Normal).toImage().pixelColor(10, 10)
    disabled = made.pixmap(20, 20, QIcon.Mode.Disabled).toImage().pixelColor(10, 10)
    assert disabled.alpha() < enabled.alpha()


@pytest.mark.usefixtures("qapp")
def test_signs_differ_by_more_than_their_colour() -> None:
    signs: tuple[Sign, ...] = ("error", "warning", "ok")
    shapes = []
    for sign in signs:
        image = sign_pixmap(sign, LIGHT, 32).toImage()
        pale = [
            image.pixelColor(x, y).lightness() > 200 and image.pixelColor(x, y).alpha() > 200
            for x in range(32)
            for y in range(32)
        ]
        shapes.append(tuple(pale))
    assert len(set(shapes)) == 3


@pytest.mark.usefixtures("qapp")
def test_the_program_has_an_icon() -> None:
    assert not application_icon().pixmap(64, 64).isNull()
