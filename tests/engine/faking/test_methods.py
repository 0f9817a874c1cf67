from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from faker.config import AVAILABLE_LOCALES
from faker.providers import BaseProvider

from datagen_engine.faking import locales, methods, nearest, refusal
from datagen_engine.faking.still import generator
from datagen_engine.resources import resource

KINDS = {"string", "int", "float", "bool", "date", "datetime", "any"}
TAKES = {"string", "int", "float", "bool", "list", "date", "scalar", "scalar or list"}
OWN_KEYS = {"method", "locale", "locale_from", "unique", "exact", "group"}


def test_the_table_is_whole() -> None:
    assert len(methods()) > 500
    for name, method in methods().items():
        assert method.name == name
        assert method.kind in KINDS
        assert method.help
        assert method.title[0].isupper()
        assert method.sample is not None
        assert method.locales is None or (method.locales and method.locales <= locales())
        for parameter in method.parameters:
            assert parameter.kind in TAKES, (name, parameter)
            assert not parameter.required
    assert list(methods()) == sorted(methods())


def test_no_argument_is_called_like_a_key_of_the_generator() -> None:
    assert not {p.name for method in methods().values() for p in method.parameters} & OWN_KEYS


@pytest.fixture(scope="module")
def providers() -> dict[str, Any]:
    return {locale: generator(locale) for locale in ("en_US", "de_DE", "ja_JP", "pt_BR")}


def test_the_installed_faker_has_what_is_listed(providers: dict[str, Any]) -> None:
    assert locales() <= set(AVAILABLE_LOCALES)
    for locale, made in providers.items():
        for name, method in methods().items():
            if method.known_in(locale):
                assert callable(getattr(made, name, None)), (locale, name)


def test_all_belong_to_providers(providers: dict[str, Any]) -> None:
    for locale, made in providers.items():
        own = {
            name
            for provider in made.providers
            for name in dir(provider)
            if isinstance(provider, BaseProvider)
        }
        assert {name for name, method in methods().items() if method.known_in(locale)} <= own


REFUSED = [
    "binary", "image", "zip", "tar", "csv", "tsv", "json", "json_bytes", "xml", "fixed_width", "profile",
    "simple_profile", "pystruct", "pydict", "pylist", "pyobject", "pystr_format", "enum", "words", "sentences",
    "random_elements", "time_object", "pytimezone", "seed", "seed_instance", "seed_locale", "add_provider",
    "get_formatter", "set_arguments", "del_arguments", "format", "parse", "random", "_bothify", "__class__", "",
    "generator", "mro", "optional", "unique", "items", "weights", "factories",
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_used(name: str) -> None:
    assert name not in methods()
    assert refusal(name)


def test_a_refusal_says_what_will_do() -> None:
    assert "`sentence`" in str(refusal("words"))
    assert refusal("emial") == "faker has no method `emial`; did you mean `email`?"
    assert refusal("email") is None


def test_nearest() -> None:
    assert nearest("lastname") == "last_name"
    assert nearest("qqqqqqq") is None


def test_hidden_parameters_stay_hidden() -> None:
    names = {name: {p.name for p in method.parameters} for name, method in methods().items()}
    assert "raw_output" not in names["md5"]
    assert "cast_to" not in names["uuid4"]
    assert "tzinfo" not in names["date_time"]
    assert "placeholder_url" not in names["image_url"]  # a template of str.format
    assert "seed" not in names["passport_gender"]


def test_the_file_says_which_faker_it_is_of() -> None:
    table = json.loads(resource("faker/methods.json").read_text(encoding="utf-8"))
    assert table["faker"].split(".")[0].isdigit()


def test_the_table_is_read_without_faker() -> None:
    code = (
        "import sys; from datagen_engine.faking import methods, check_arguments, locale_of, refusal; "
        "methods(); check_arguments('bothify', {'text': '#'}); locale_of('Berlin'); refusal('x'); "
        "print(sorted({'faker', 'numpy', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
