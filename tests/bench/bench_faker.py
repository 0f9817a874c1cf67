"""How many values of each of faker's methods are drawn a second, and how long it takes to learn one."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.faking import compile_fake
from datagen_engine.faking.fake import _compiled, _tracer

Budget = Callable[..., None]
_ROWS = 65_536
_TURNS = 5

LOCALES = ("en_US", "de_DE", "ja_JP")
METHODS = (
    "name", "first_name", "last_name", "email", "user_name", "company", "company_email", "address", "street_address",
    "city", "postcode", "phone_number", "job", "country", "sentence", "paragraph", "text", "bothify", "uuid4", "ipv4",
    "iban", "credit_card_number", "ean13", "license_plate", "date_of_birth", "date", "url", "ssn", "password", "color",
)  # fmt: skip


def _stream(purpose: str) -> Stream:
    return Stream(42, "table", "column", purpose)


@pytest.mark.parametrize("method", METHODS)
def test_drawing(method: str, budget: Budget) -> None:
    for locale in LOCALES:
        fake = compile_fake(method, locale)
        best = 0.0
        for turn in range(_TURNS):
            started = time.process_time()
            fake.draw(Rows.run(turn * _ROWS, (turn + 1) * _ROWS), _stream)
            best = max(best, _ROWS / (time.process_time() - started))
        how = "from a pool" if fake.pool_size else "by grammar"
        budget(f"{method} {locale}: values a second, {how}", best / 1e6, "M")


@pytest.mark.parametrize("method", ["name", "email", "address", "text"])
def test_one_call_a_row(method: str, budget: Budget) -> None:
    fake = compile_fake(method, "en_US", exact=True)
    fake.draw(Rows.run(0, 10), _stream)
    started = time.process_time()
    fake.draw(Rows.run(0, 2_000), _stream)
    budget(f"{method}: values a second, one call each", 2_000 / (time.process_time() - started), "")


def test_learning(budget: Budget) -> None:
    _compiled.cache_clear()
    _tracer.cache_clear()
    for method in ("name", "name", "email", "address", "text", "credit_card_number"):
        started = time.process_time()
        compile_fake(method, "en_US")
        budget(f"{method}: learning it", (time.process_time() - started) * 1e3, "ms")
