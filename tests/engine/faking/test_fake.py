from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datagen_engine.draw.rows import Rows
from datagen_engine.faking import compile_fake, methods, refused_call
from datagen_engine.faking.fake import GrammarFake, held
from tests.engine.faking.shares import called, drawn, streams

GRAMMARS = (
    "name", "name_male", "first_name", "first_name_female", "last_name", "prefix", "suffix", "company",
    "company_suffix", "bs", "job", "city", "street_name", "street_address", "building_number",
    "postcode", "country", "country_code", "phone_number", "email", "safe_email", "free_email",
    "user_name", "domain_word", "url", "ipv4", "mac_address", "color_name", "hex_color",
    "word", "sentence", "paragraph", "text", "bothify", "numerify", "lexify", "hexify", "random_int", "random_digit",
    "boolean", "date_between", "iban", "bban", "swift", "credit_card_number", "uuid4", "uuid7", "ean13",
    "currency_code", "language_name", "mime_type", "file_name", "file_path", "time", "date", "iso8601", "unix_time",
    "latitude",
    "longitude", "md5", "password", "credit_card_expire", "timezone",
)  # fmt: skip
LOCALES = ("en_US", "de_DE", "fr_FR")
MORE_LOCALES = (
    "ja_JP",
    "pl_PL",
    "es_ES",
    "pt_BR",
    "nl_NL",
    "cs_CZ",
    "sv_SE",
    "tr_TR",
    "ar_EG",
    "ko_KR",
    "en_IN",
    "el_GR",
)


def check_grammar(method: str, locale: str) -> None:
    fake = compile_fake(method, locale)
    assert isinstance(fake, GrammarFake), (method, locale)
    values = fake.draw(Rows.run(5, 60), streams())
    assert len(values) == 55
    assert values.type == fake.kind
    assert values.valid is None
    assert fake.distinct is not None
    assert fake.distinct >= len(set(values.to_list())) or fake.kind == "float"
    if values.words is not None:
        assert len(set(values.words.to_pylist())) == len(values.words)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("method", [method for method in GRAMMARS if method in methods()])
def test_a_grammar_is_learned(method: str, locale: str) -> None:
    check_grammar(method, locale)


@pytest.mark.long
@pytest.mark.parametrize("locale", MORE_LOCALES)
@pytest.mark.parametrize("method", [method for method in GRAMMARS if method in methods()])
def test_a_grammar_is_learned_elsewhere(method: str, locale: str) -> None:
    if (method, locale) not in {
        ("url", "es_CL"),
        ("iban", "es_ES"),
        ("bban", "es_ES"),
    }:  # with checksums of their own
        check_grammar(method, locale)


@pytest.mark.long
@pytest.mark.parametrize("locale", [*LOCALES, *MORE_LOCALES])
def test_every_method_gives_values(locale: str) -> None:
    for method, entry in methods().items():
        if entry.known_in(locale):
            values = compile_fake(method, locale).draw(Rows.run(0, 20), streams())
            assert entry.kind in (values.type, "any"), method
            if values.type == "string":
                assert all(len(text.encode()) <= 4_096 for text in values.to_list() if text is not None)


@settings(max_examples=25)
@given(
    st.sampled_from(
        (
            "name",
            "address",
            "email",
            "text",
            "sentence",
            "phone_number",
            "iban",
            "date_of_birth",
            "color",
            "uuid4",
            "random_number",
        )
    ),
    st.lists(st.integers(0, 2**40), min_size=1, max_size=12),
)
def test_a_row_depends_on_its_number_alone(method: str, rows: list[int]) -> None:
    fake = compile_fake(method, "de_DE")
    together = fake.draw(Rows.listed(np.array(rows)), streams()).to_list()
    alone = [fake.draw(Rows.run(row, row + 1), streams()).to_list()[0] for row in rows]
    assert together == alone


def test_a_small_table_is_the_beginning_of_a_large_one() -> None:
    fake = compile_fake("address", "en_US")
    assert drawn(fake, 500)[:100] == drawn(fake, 100)


@pytest.mark.parametrize(
    ("method", "arguments", "kind", "value"),
    [
        ("random_int", {"min": 7, "max": 7}, "int", 7),
        ("random_element", {"elements": ["x", "x"]}, "string", "x"),
        ("random_element", {"elements": [4, 4]}, "int", 4),
        ("random_element", {"elements": [True]}, "bool", True),
        ("random_element", {"elements": [1, 1.0]}, "float", 1.0),
        ("boolean", {"chance_of_getting_true": 100}, "bool", True),
        ("bothify", {"text": "no place"}, "string", "no place"),
        ("date_between", {"start_date": "1970-01-03", "end_date": "1970-01-03"}, "date", 2),
        ("numerify", {"text": ""}, "string", ""),
        ("coordinate", {"center": 5, "radius": 0}, "float", 5.0),
    ],
)
def test_arguments_are_heeded(method: str, arguments: dict[str, Any], kind: str, value: Any) -> None:
    fake = compile_fake(method, "en_US", arguments)
    assert fake.kind == kind
    assert drawn(fake, 5) == [value] * 5


def test_nothing_at_times() -> None:
    found = drawn(compile_fake("null_boolean"), 300)
    assert {None, True, False} == set(found)


def test_numbers_of_several_lengths() -> None:
    found = drawn(compile_fake("random_number", "en_US", {"digits": 3, "fix_len": True}), 2_000)
    assert min(found) >= 100
    assert max(found) <= 999
    assert compile_fake("random_number").kind == "int"


def test_exact_calls_differ_by_row_and_seed() -> None:
    fake = compile_fake("name", "en_US", exact=True)
    assert fake.exact
    assert fake.pool_size is None
    found = drawn(fake, 60)
    assert len(set(found)) > 50
    assert found[20:30] == drawn(fake, 10, start=20)
    assert found != drawn(fake, 60, seed=2)
    grammar = compile_fake("name", "en_US")
    assert isinstance(grammar, GrammarFake)
    assert all(grammar.said.accepts(name) for name in found)


def test_exact_calls_of_a_method_that_asks_python_for_randomness() -> None:
    fake = compile_fake("ssn", "th_TH", exact=True)
    random.seed(1)
    first = drawn(fake, 20)
    random.seed(2)
    assert drawn(fake, 20) == first
    assert len(set(first)) == 20


def test_the_same_question_has_the_same_answer() -> None:
    assert compile_fake("bothify", "en_US", {"text": "#"}) is compile_fake(
        "bothify", "en_US", {"text": "#", "letters": None}
    )


def test_a_locale_that_lacks_the_method() -> None:
    assert drawn(compile_fake("state", "fr_FR"), 20) == drawn(compile_fake("state", "en_US"), 20)


@pytest.mark.parametrize(
    ("method", "locale", "arguments", "says"),
    [
        ("emial", "en_US", {}, "did you mean `email`"),
        ("binary", "en_US", {}, "gives bytes"),
        ("seed_instance", "en_US", {}, "none of the methods"),
        ("__init__", "en_US", {}, "none of the methods"),
        ("bothify", "en_US", {"txt": 1}, "did you mean `text`"),
        ("random_int", "en_US", {"step": 0}, "gives no value"),
        ("date_between", "en_US", {"start_date": "2024-02-01", "end_date": "2024-01-01"}, "gives no value"),
        ("date_between", "en_US", {"start_date": "-999999999y"}, "gives no value"),
        ("ssn", "en_US", {"min_age": 3}, "unexpected keyword argument"),
        ("ean", "en_US", {"length": 9}, "length can only be 8 or 13"),
        ("text", "ja_JP", {"max_nb_chars": 4_000}, "more than 4,096 bytes"),
        ("pystr", "en_US", {"max_chars": 4_000, "prefix": "x" * 900}, "more than 4,096 bytes"),
        ("cpf", "en_US", {}, "no `cpf` for en_US"),
    ],
)
def test_what_cannot_be_drawn_is_told(method: str, locale: str, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        compile_fake(method, locale, arguments)


def test_a_call_is_tried_only_in_doubt() -> None:
    assert refused_call("name", "no such locale", {}) is None
    assert refused_call("bothify", "no such locale", {"text": "#"}) is None
    assert refused_call("date_between", "en_US", {"end_date": "-1d"}) is None
    assert "gives no value" in str(refused_call("ean", "en_US", {"length": 7}))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("x", "int"),
        (b"x", "string"),
        (["x"], "string"),
        (2**63, "int"),
        (1.5, "bool"),
        ("y" * 5_000, "string"),
    ],
)
def test_what_no_column_holds(value: Any, kind: Any) -> None:
    with pytest.raises(ValueError, match="faker gave"):
        held(value, kind)


def test_today_is_the_end_of_the_timeframe() -> None:
    early = compile_fake("date_this_year", now=datetime(1999, 12, 31))
    years = {int(days) // 365 + 1970 for days in drawn(early, 50)}
    assert years <= {1999, 2000}
    assert drawn(early, 5) == drawn(compile_fake("date_this_year", now=datetime(1999, 12, 31)), 5)


SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from tests.engine.faking.shares import drawn
from datagen_engine.faking import compile_fake
out = {}
for name in sys.argv[2].split():
    method, locale = name.split(":")
    out[name] = drawn(compile_fake(method, locale), 12)
print(json.dumps(out))
"""


def test_other_processes_draw_the_same(pytestconfig: pytest.Config) -> None:
    """Whatever the order in which Python keeps sets of texts there."""
    asked = (
        "name:en_US address:de_DE company:fr_FR text:en_US phone_number:ja_JP color:en_US license_plate:en_GB "
        "job:it_IT city:pl_PL email:bg_BG"
    )
    outputs = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(pytestconfig.rootpath), asked],
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "XDG_CACHE_HOME": f"/nonexistent/{seed}"},
            check=True,
        )
        outputs.append(json.loads(done.stdout))
    assert outputs[0] == outputs[1]
    for name, values in outputs[0].items():
        method, locale = name.split(":")
        assert values == drawn(compile_fake(method, locale), 12)


def test_real_calls_take_iso_dates() -> None:
    found = called("date_between", "en_US", 20, {"start_date": "1970-01-02", "end_date": "1970-01-04"})
    assert set(found) <= {1, 2, 3}
