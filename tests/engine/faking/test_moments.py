from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.rows import Rows
from datagen_engine.faking import compile_fake
from datagen_engine.faking.grammar import Node, NotCompilable, Pick
from datagen_engine.faking.moments import Moment, Written, moment_of
from tests.engine.faking.shares import called, drawn, streams

DAY = 86_400.0
PATTERNS = (
    "%Y-%m-%d", "%d.%m.%y", "%H:%M:%S", "%I:%M %p", "%A, %d %B %Y", "%a %b %j", "%w%u", "%Y-%m-%dT%H:%M:%S.%f",
    "100%% %Y", "no directive", "%F", "%D %T", "%h",
)  # fmt: skip


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)), st.sampled_from(PATTERNS))
def test_dates_are_written_as_python_does(moment: datetime, pattern: str) -> None:
    at = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    node = Written(Moment(0.0, 1.0), pattern)
    assert node.write(np.array([at])).to_pylist() == [moment.strftime(pattern)]


@pytest.mark.parametrize("pattern", ["%c", "%e", "%-d", "%U", "%Z", "50%", "%s"])
def test_what_is_written_differently_elsewhere_is_refused(pattern: str) -> None:
    with pytest.raises(NotCompilable):
        Written(Moment(0.0, 1.0), pattern)


def test_years_before_1000_are_refused() -> None:
    with pytest.raises(NotCompilable):
        Written(Moment(-60_000_000_000.0, 0.0), "%Y")


@pytest.mark.parametrize("pattern", ["%Y", "%m", "%A", "%d", "%H", "%p", "%B"])
def test_one_directive_is_a_list_with_its_shares(pattern: str) -> None:
    moment = Moment(17.5 * DAY + 3_600.0, 900.25 * DAY)
    node = Written(moment, pattern)
    assert isinstance(node.small, Pick)
    count = 200_000
    instants = moment.instants(Rows.run(0, count), streams(), "p")
    found = Counter(node.write(instants).to_pylist())
    observed = [found[word] for word in node.small.words]
    assert sum(observed) == count
    assert stats.chisquare(observed, node.small.shares * count).pvalue > 1e-4


def test_the_bounds_of_a_method() -> None:
    def call(source: object) -> datetime:
        return datetime(1970, 1, 1) + timedelta(seconds=source.uniform(100, 200))  # type: ignore[attr-defined]  # a source of chance

    assert moment_of(call) == Moment(100.0, 200.0)


def test_methods_that_draw_otherwise_are_refused() -> None:
    def twice(source: object) -> datetime:
        return datetime(1970, 1, 1) + timedelta(seconds=source.uniform(0, 1) + source.uniform(0, 1))  # type: ignore[attr-defined]  # a source of chance

    def uneven(source: object) -> datetime:
        return datetime(1970, 1, 1) + timedelta(seconds=source.uniform(0, 1000) ** 2)  # type: ignore[attr-defined]  # a source of chance

    for call in (twice, uneven):
        with pytest.raises(NotCompilable):
            moment_of(call)


def test_now_is_told() -> None:
    now = datetime(2031, 5, 6, 7)
    fake = compile_fake("date_of_birth", "en_US", {"minimum_age": 18, "maximum_age": 18}, now=now)
    days = [date(1970, 1, 1) + timedelta(days=day) for day in drawn(fake, 2_000)]
    assert min(days) == date(2012, 5, 7)
    assert max(days) == date(2013, 5, 5)  # the last day ends as it begins
    assert fake.distinct in (365, 366, 367)


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("date_between", {"start_date": "-10d", "end_date": "+3d"}),
        ("date_between", {"start_date": "2024-02-27", "end_date": "2024-03-02"}),
        ("date_of_birth", {"minimum_age": 3, "maximum_age": 3}),
        ("date_this_month", {"before_today": True, "after_today": True}),
        ("past_date", {}),
        ("future_date", {"end_date": "+1w"}),
    ],
)
def test_days_come_as_often_as_faker_s(method: str, arguments: dict[str, object]) -> None:
    count = 8_000
    ours = Counter(drawn(compile_fake(method, "en_US", arguments), count))
    theirs = Counter(called(method, "en_US", count, arguments))
    assert set(theirs) <= set(ours) | {min(theirs), max(theirs)}
    days = sorted(set(ours) | set(theirs))
    table = np.array([[ours[day] for day in days], [theirs[day] for day in days]])
    table = table[:, table.sum(axis=0) >= 10]
    assert stats.chi2_contingency(table).pvalue > 1e-4


def test_a_time_is_in_utc_whatever_the_machine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    fake = compile_fake("date_time_between", "en_US", {"start_date": "2024-01-01", "end_date": "2024-01-02"})
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        other = compile_fake(
            "date_time_between",
            "en_US",
            {"start_date": "2024-01-01", "end_date": "2024-01-02"},
            now=datetime(2030, 1, 1),
        )
    time.tzset()
    assert drawn(fake, 100) == drawn(other, 100)
    first = datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1e6
    assert all(first <= value <= first + 86_400e6 for value in drawn(fake, 100))


def test_a_written_date_can_be_changed_where_digits_stay() -> None:
    node: Node = Written(Moment(0.0, DAY), "%Y-%m-%d")
    assert node.mapped(str.lower) is node
    with pytest.raises(NotCompilable):
        node.mapped(lambda text: text.replace("-", ""))
    with pytest.raises(NotCompilable):
        Written(Moment(0.0, DAY), "%B").mapped(str.lower)
