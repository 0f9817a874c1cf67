"""From what a column says of a place to the locale that speaks of its people.

The places lie in `resources/faker/places.json`: each country that faker has a locale for, with its codes,
names and big cities. A country without a locale of its own is unknown here: its neighbour's phone numbers
would be wrong.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from datagen_engine.faking.methods import locales
from datagen_engine.resources import resource

__all__ = ["locale_of"]

_LOCALE = re.compile(r"([A-Za-z]{2,3})[-_]([A-Za-z]{2})(?:\..*|@.*)?")


@lru_cache(maxsize=4_096)
def locale_of(text: str) -> str | None:
    """Return the locale that a text names: a locale, a country's ISO code or `UK`, a country, or a big city.

    Case and accents do not matter, but that two small letters may be a language. None where the text names
    nothing that faker has a locale for.

    >>> [locale_of(text) for text in ("DE", "gbr", "UK", "Österreich", "tokyo", "fr-CA", "sv", "Atlantis")]
    ['de_DE', 'en_GB', 'en_GB', 'de_AT', 'ja_JP', 'fr_CA', 'sv_SE', None]
    """
    if len(text) > 80:
        return None
    text = text.strip()
    if text in locales():
        return _with_country(text)
    spelled = _LOCALE.fullmatch(text)
    if spelled is not None:
        made = f"{spelled[1].lower()}_{spelled[2].upper()}"
        return made if made in locales() else None
    found = _places().get(_key(text))
    if found is None and len(text) == 2 and text.islower():
        found = _languages().get(text)
    return found


def _with_country(locale: str) -> str:
    """Return the locale of a country for a bare language, where it has one."""
    if "_" in locale:
        return locale
    return _places().get(locale) or _languages().get(locale) or locale


def _key(text: str) -> str:
    """Return a text without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


@lru_cache(maxsize=1)
def _places() -> Mapping[str, str]:
    found: dict[str, str] = {}
    table = json.loads(resource("faker/places.json").read_text(encoding="utf-8"))
    for code, country in table.items():
        for name in (code, country["alpha3"], *country["names"]):
            found[_key(name)] = country["locale"]
    for country in table.values():
        for city in country["cities"]:
            found.setdefault(_key(city), country["locale"])
    return found


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, str]:
    """Return the locale that stands for each language: its own country's, else the first."""
    found: dict[str, str] = {"en": "en_US"}
    for locale in sorted(
        locales(), key=lambda name: (name.split("_")[0].upper() != name.split("_")[-1], name)
    ):
        language, _, country = locale.partition("_")
        if country:
            found.setdefault(language, locale)
    return found
