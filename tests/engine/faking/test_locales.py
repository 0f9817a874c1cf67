from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.faking import locale_of, locales
from datagen_engine.faking.methods import _table
from datagen_engine.resources import resource

PLACES = json.loads(resource("faker/places.json").read_text(encoding="utf-8"))


def test_every_place_has_a_locale_of_faker_s() -> None:
    assert len(PLACES) > 70
    assert sum(len(country["cities"]) for country in PLACES.values()) > 400
    for code, country in PLACES.items():
        assert country["locale"] in locales()
        assert len(code) == 2
        assert len(country["alpha3"]) == 3
        for name in (code, country["alpha3"], *country["names"], *country["cities"]):
            assert locale_of(name) == country["locale"], name
            assert locale_of(f" {name.upper()} ") == country["locale"], name


def test_no_name_means_two_places() -> None:
    names = [
        name
        for country in PLACES.values()
        for name in (country["alpha3"], *country["names"], *country["cities"])
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("locale", sorted(_table()["locales"]))
def test_every_locale_is_itself(locale: str) -> None:
    found = locale_of(locale)
    assert found is not None
    if "_" in locale:
        assert found == locale
        assert locale_of(locale.replace("_", "-")) == locale
        assert locale_of(locale.lower()) == locale
        assert locale_of(locale + ".UTF-8") == locale
    else:
        assert found in locales()


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("UK", "en_GB"), ("uk", "en_GB"), ("GB", "en_GB"), ("Great Britain", "en_GB"), ("ar", "es_AR"), ("AR", "es_AR"),
        ("sv", "sv_SE"), ("SV", None), ("sl", "sl_SI"), ("SL", None), ("en", "en_US"), ("de", "de_DE"), ("fr", "fr_FR"),
        ("zh", "zh_CN"), ("Sao Paulo", "pt_BR"), ("MÜNCHEN", "de_DE"), ("Zürich", "de_CH"),
        ("Washington, D.C.", "en_US"),
        ("xx_YY", None), ("en_DE", None), ("Atlantis", None), ("", None), ("N/A", None), ("Springfield", None),
        ("x" * 1_000, None), ("KE", "en_KE"), ("UY", None),
    ],
)  # fmt: skip
def test_what_a_text_names(text: str, locale: str | None) -> None:
    assert locale_of(text) == locale


@given(st.text(max_size=100))
def test_any_text_is_answered(text: str) -> None:
    found = locale_of(text)
    assert found is None or found in locales()
