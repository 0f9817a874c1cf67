from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.shell.palette import BOUNDARIES, DARK, LIGHT, TEXTS, Palette, contrast

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
colours = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


@PALETTES
@pytest.mark.parametrize("pair", TEXTS, ids=" on ".join)
def test_what_is_written_can_be_read(palette: Palette, pair: tuple[str, str]) -> None:
    found = palette.colours()
    assert contrast(found[pair[0]], found[pair[1]]) >= 4.5


@PALETTES
@pytest.mark.parametrize("pair", BOUNDARIES, ids=" on ".join)
def test_what_has_a_boundary_shows_it(palette: Palette, pair: tuple[str, str]) -> None:
    found = palette.colours()
    assert contrast(found[pair[0]], found[pair[1]]) >= 3


@PALETTES
def test_every_role_is_a_colour_and_every_one_that_is_read_is_measured(palette: Palette) -> None:
    found = palette.colours()
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in found.values())
    measured = {role for pair in (*TEXTS, *BOUNDARIES) for role in pair}
    # A border and the lines of a grid part what is apart already; nothing is told by them.
    assert found.keys() - measured == {"border", "grid"}


def test_known_contrasts() -> None:
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast("#2563DB", "#2563DB") == 1


@given(colours, colours)
def test_contrast_has_no_direction_and_bounds(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


@PALETTES
def test_the_kinds_differ(palette: Palette) -> None:
    assert len({palette.kind(kind) for kind in ("entity", "fact", "vocab", "")}) == 4
