from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from datagen_engine.faking import compile_fake, group_kind, methods
from tests.engine.faking.shares import drawn, same_shares

COUNT = 400


def column(method: str, locale: str, **arguments: Any) -> list[Any]:
    fake = compile_fake(method, locale, arguments, group="g")
    assert fake.agrees, (method, locale)
    return drawn(fake, COUNT)


def plain(text: str) -> str:
    letters = (
        unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l"))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^a-z]", "", letters.lower())


@pytest.mark.parametrize("locale", ["en_US", "en_GB", "fr_FR", "it_IT", "nl_NL", "pt_BR"])
def test_a_person_has_one_name(locale: str) -> None:
    names, firsts, lasts = (column(method, locale) for method in ("name", "first_name", "last_name"))
    for name, first, last in zip(names, firsts, lasts, strict=True):
        assert first in name
        assert last in name
    assert len(set(names)) > COUNT / 2


@pytest.mark.parametrize("locale", ["en_US", "en_GB", "fr_FR", "nl_NL"])
def test_logins_are_made_of_the_name(locale: str) -> None:
    firsts, lasts, users, emails = (
        column(m, locale) for m in ("first_name", "last_name", "user_name", "email")
    )
    for first, last, user, email in zip(firsts, lasts, users, emails, strict=True):
        assert email.startswith(user + "@")
        assert plain(first)[:3] in plain(user) or plain(last)[:3] in plain(user)
    assert column("free_email", locale) != emails
    assert [email.split("@")[0] for email in column("company_email", locale)] == users


def test_titles_are_those_of_the_name() -> None:
    names, prefixes, suffixes = (column(method, "en_US") for method in ("name", "prefix", "suffix"))
    titled = [
        (name, prefix) for name, prefix in zip(names, prefixes, strict=True) if "." in name.split(" ")[0]
    ]
    assert titled
    assert all(name.startswith(prefix) for name, prefix in titled)
    assert sum(name.endswith(suffix) for name, suffix in zip(names, suffixes, strict=True)) > 2


def test_women_are_other_persons_than_those_of_no_told_gender() -> None:
    names, firsts = column("name_female", "de_DE"), column("first_name_female", "de_DE")
    assert all(first in name for name, first in zip(names, firsts, strict=True))
    assert names != column("name", "de_DE")


def test_the_shares_of_names_stay() -> None:
    for method in ("name", "last_name", "email"):
        grouped = drawn(compile_fake(method, "en_US", group="g"), 8_000)
        free = drawn(compile_fake(method, "en_US"), 8_000, seed=3)
        assert same_shares(grouped, free, lambda text: text[:2]) > 1e-4
        assert same_shares(grouped, free, len) > 1e-4


def test_a_row_depends_on_its_number_alone() -> None:
    for method in ("name", "email", "address"):
        fake = compile_fake(method, "en_US", group="g")
        assert drawn(fake, 50)[20:30] == drawn(fake, 10, start=20)


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "fr_FR", "en_AU"])
def test_an_address_is_put_together_from_its_parts(locale: str) -> None:
    addresses, streets, towns, codes = (
        column(method, locale) for method in ("address", "street_address", "city", "postcode")
    )
    right = sum(
        street in address and town in address and code in address
        for address, street, town, code in zip(addresses, streets, towns, codes, strict=True)
    )
    assert right > 0.85 * COUNT  # those of soldiers have no town


def test_a_street_is_part_of_its_address() -> None:
    addresses, streets = column("street_address", "en_US"), column("street_name", "en_US")
    assert all(street in address for address, street in zip(addresses, streets, strict=True))


def test_states_go_with_their_short_forms_and_codes() -> None:
    states, short, codes = (column(method, "en_US") for method in ("state", "state_abbr", "postcode"))
    pairs = set(zip(states, short, strict=True))
    assert len(pairs) == len(set(states)) == len(set(short)) == 50
    assert {("Texas", "TX"), ("Ohio", "OH"), ("Wyoming", "WY")} <= pairs
    for abbreviation, code in zip(short, codes, strict=True):
        if abbreviation == "NY":
            assert code[:2] in {"00", "06", "10", "11", "12", "13", "14"}
    assert column("zipcode", "en_US") == codes
    assert (
        dict(zip(column("state", "en_AU"), column("state_abbr", "en_AU"), strict=True))["Tasmania"] == "TAS"
    )
    assert dict(zip(column("state", "it_IT"), column("state_abbr", "it_IT"), strict=True))["Milano"] == "MI"


def test_the_country_is_the_locale_s() -> None:
    assert set(column("country", "de_DE")) == {"Germany"}
    assert set(column("country_code", "pt_BR")) == {"BR"}


def test_persons_and_places_keep_apart() -> None:
    lasts, streets = column("last_name", "en_US"), column("street_name", "en_US")
    assert sum(last in street for last, street in zip(lasts, streets, strict=True)) < 0.05 * COUNT


def test_what_belongs_to_no_group() -> None:
    assert group_kind("color") is None
    fake = compile_fake("color_name", "en_US", group="g")
    assert not fake.agrees
    assert {group_kind(method) for method in methods()} == {None, "person", "place"}


def test_arguments_that_a_group_does_not_know_of() -> None:
    assert not compile_fake("state_abbr", "en_US", {"include_territories": False}, group="g").agrees
    assert compile_fake("email", "en_US", {"domain": "our.org"}, group="g").agrees
    assert column("email", "en_US", domain="our.org")[0].endswith("@our.org")
