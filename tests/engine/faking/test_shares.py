"""Ours against faker's own: shares of values and of their features, within sampling error.

Each test takes the least p-value over the features (`shares.py`), corrected for their number; a fault in the
shares of one in twenty of the values shows as a p-value of 10⁻¹⁰ and less.
"""

from __future__ import annotations

import pytest

from datagen_engine.faking import compile_fake, methods
from tests.engine.faking.shares import called, drawn, worst

pytestmark = pytest.mark.statistical

LEAST = 1e-5
SHORT = 10_000
LONG = 200_000
LOCALES = ("en_US", "de_DE", "ja_JP")
MANY_LOCALES = (
    "en_US", "de_DE", "fr_FR", "ja_JP", "pl_PL", "ko_KR", "es_MX", "pt_BR", "ru_RU", "ar_EG", "en_IN", "cs_CZ",
)  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("method", ["name", "email", "phone_number"])
def test_shares_are_faker_s(method: str, locale: str) -> None:
    fake = compile_fake(method, locale)
    assert fake.pool_size is None
    p, feature = worst(drawn(fake, SHORT), called(method, locale, SHORT))
    assert p > LEAST, feature


@pytest.mark.long
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("method", ["name", "email", "address"])
def test_shares_are_faker_s_in_detail(method: str, locale: str) -> None:
    ours, theirs = drawn(compile_fake(method, locale), LONG), called(method, locale, LONG)
    p, feature = worst(ours, theirs)
    assert p > LEAST, feature
    # As many different values, within four standard deviations of what chance does.
    a, b = len(set(ours)), len(set(theirs))
    assert abs(a - b) < 4 * (2 * (LONG - max(a, b)) + 100) ** 0.5


@pytest.mark.long
@pytest.mark.parametrize("locale", MANY_LOCALES)
def test_every_learned_method_has_faker_s_shares(locale: str) -> None:
    low = []
    for method, entry in methods().items():
        # The microseconds of the years before 1000 are rounding errors of faker's.
        if entry.known_in(locale) and method not in ("date_time_ad",):
            fake = compile_fake(method, locale)
            if fake.pool_size is None:
                p, feature = worst(drawn(fake, 2_000), called(method, locale, 2_000))
                if p < LEAST / 10:
                    low.append((method, feature, p))
    assert not low


def test_a_fault_would_show() -> None:
    ours = drawn(compile_fake("name_male", "en_US"), SHORT // 2) + drawn(
        compile_fake("name", "en_US"), SHORT // 2
    )
    assert worst(ours, called("name", "en_US", SHORT))[0] < 1e-10
