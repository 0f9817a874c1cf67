from __future__ import annotations

import datetime
import random
import threading

import pytest

from datagen_engine.faking.still import generator, held_still

EARLIER = datetime.datetime(1999, 12, 31, 23, 0)


def test_the_clock_stands() -> None:
    made = generator("en_US")
    made.random = random.Random(1)
    with held_still(made.random, EARLIER):
        assert made.date_this_year() <= EARLIER.date()
        assert made.date_this_year().year == 1999
        assert made.date_time_between("now", "now") == EARLIER
        assert made.date_between("today", "today") == EARLIER.date()
        assert made.date_of_birth(minimum_age=10, maximum_age=10).year in (1988, 1989)
    assert made.date_time_between("now", "now").year >= 2025


def test_a_date_is_a_date_all_the_same() -> None:
    made = generator("en_US")
    made.random = random.Random(1)
    day = datetime.date(2001, 5, 6)
    with held_still(made.random, EARLIER):
        assert made.date_between(day, day) == day
        assert type(made.date_this_year()) is datetime.date


@pytest.mark.parametrize(
    ("locale", "method"),
    [("th_TH", "ssn"), ("es_MX", "rfc"), ("uk_UA", "license_plate"), ("en_US", "passport_gender")],
)
def test_python_s_own_randomness_is_not_asked(locale: str, method: str) -> None:
    made = generator(locale)
    values = []
    for _ in range(2):
        made.random = random.Random(5)
        random.seed()
        with held_still(made.random, EARLIER):
            values.append([getattr(made, method)() for _ in range(30)])
    assert values[0] == values[1]
    assert len(set(values[0])) > 1


def test_one_within_the_other() -> None:
    from faker.providers import internet

    plain = internet.unidecode

    def other(text: str) -> str:
        return text

    with held_still(random.Random(1), EARLIER, {"unidecode": other}):
        with held_still(random.Random(1), EARLIER):
            assert internet.unidecode is plain
        assert internet.unidecode is other
    assert internet.unidecode is plain


def test_one_thread_at_a_time() -> None:
    made = generator("en_US")
    seen: list[datetime.date] = []

    def ask(year: int) -> None:
        now = datetime.datetime(year, 6, 1)
        for _ in range(20):
            with held_still(random.Random(1), now):
                seen.append(made.date_between("today", "today") - datetime.timedelta(days=0))
                assert seen[-1].year == year or threading.active_count() > 1

    threads = [threading.Thread(target=ask, args=(year,)) for year in (1990, 2010)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted({day.year for day in seen}) == [1990, 2010]
    assert len(seen) == 40
