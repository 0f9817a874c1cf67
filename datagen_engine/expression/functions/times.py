"""Functions of dates and times, and lengths of time. Times arrive as microseconds since 1970 UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.expression import interval
from datagen_engine.expression.functions.function import Table
from datagen_engine.expression.interval import DAY, FIRST_TIME, LAST_TIME
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

TABLE = Table()

HOUR = 3_600_000_000
MINUTE = 60_000_000


def _dates(time: Array) -> pa.Array:
    return pa.array((time // DAY).astype(np.int32)).cast(pa.date32())


def _floats(parts: pa.Array) -> Array:
    return np.asarray(parts).astype(np.float64)


@TABLE.add(
    "year(time: time) -> number",
    help="The year.",
    example='year("2024-03-01") == 2024',
    bounds=lambda time: (_years(time), None),
)
def _year(time: Array) -> Array:
    return _floats(pc.year(_dates(time)))


def _years(time: interval.Interval) -> interval.Interval:
    # 400 years have 146,097 days, no year is longer than 366 or shorter than 365: a year of slack is enough.
    first, last = max(time.low, FIRST_TIME), min(time.high, LAST_TIME)
    years = [1970.0 + end / DAY / 365.2425 for end in (first, last)]
    return interval.Interval.of(max(1.0, years[0] // 1 - 1), min(9999.0, years[1] // 1 + 1))


@TABLE.add(
    "quarter(time: time) -> number",
    help="The quarter of the year, 1 to 4.",
    example='quarter("2024-05-01") == 2',
    bounds=interval.within(1.0, 4.0),
)
def _quarter(time: Array) -> Array:
    return _floats(pc.quarter(_dates(time)))


@TABLE.add(
    "month(time: time) -> number",
    help="The month, 1 to 12.",
    example='month("2024-03-01") == 3',
    bounds=interval.within(1.0, 12.0),
)
def _month(time: Array) -> Array:
    return _floats(pc.month(_dates(time)))


@TABLE.add(
    "day(time: time) -> number",
    help="The day of the month, 1 to 31.",
    example='day("2024-03-01") == 1',
    bounds=interval.within(1.0, 31.0),
)
def _day(time: Array) -> Array:
    return _floats(pc.day(_dates(time)))


@TABLE.add(
    "dow(time: time) -> number",
    help="The day of the week: Monday is 0, Sunday is 6.",
    example='dow("2024-03-01") == 4',
    bounds=interval.within(0.0, 6.0),
)
def _dow(time: Array) -> Array:
    return (time // DAY + 3) % 7 * 1.0  # 1970-01-01 was a Thursday


@TABLE.add(
    "hour(time: datetime) -> number",
    help="The hour of the day in UTC, 0 to 23.",
    example='hour("2024-03-01T14:30:00") == 14',
    bounds=interval.within(0.0, 23.0),
)
def _hour(time: Array) -> Array:
    return time % DAY // HOUR * 1.0


@TABLE.add(
    "minute(time: datetime) -> number",
    help="The minute of the hour, 0 to 59.",
    example='minute("2024-03-01T14:30:00") == 30',
    bounds=interval.within(0.0, 59.0),
)
def _minute(time: Array) -> Array:
    return time % HOUR // MINUTE * 1.0


@TABLE.add(
    "date(time: time) -> date",
    help="The date of a time, in UTC.",
    example='date("2024-03-01T14:30:00") == "2024-03-01"',
    bounds=lambda time: (interval.to_day(time), None),
)
def _date(time: Array) -> Array:
    return time // DAY


@TABLE.add(
    "days(count: number) -> days",
    help="So many days, to be added to a date or time; a date stays a date.",
    example='date("2024-02-28") + days(2) == "2024-03-01"',
    bounds=interval.lengths(DAY),
)
def _days(count: Array) -> Array:
    return count * DAY


@TABLE.add(
    "hours(count: number) -> span",
    help="So many hours, to be added to a date or time; a date becomes a time.",
    example='date("2024-03-01") + hours(1.5) == "2024-03-01T01:30:00"',
    bounds=interval.lengths(HOUR),
)
def _hours(count: Array) -> Array:
    return count * HOUR


@TABLE.add(
    "minutes(count: number) -> span",
    help="So many minutes, to be added to a date or time; a date becomes a time.",
    example='date("2024-03-01") + minutes(90) == "2024-03-01T01:30:00"',
    bounds=interval.lengths(MINUTE),
)
def _minutes(count: Array) -> Array:
    return count * MINUTE


@TABLE.add(
    "days_between(start: time, end: time) -> number",
    help="How many days lie between, for times with a fraction; negative where `end` is earlier.",
    example='days_between("2024-02-28", "2024-03-01") == 2',
    bounds=interval.between(DAY),
)
def _days_between(start: Array, end: Array) -> Array:
    return (end - start) / DAY


@TABLE.add(
    "hours_between(start: time, end: time) -> number",
    help="How many hours lie between, with a fraction; negative where `end` is earlier.",
    example='hours_between("2024-03-01", "2024-03-01T01:30:00") == 1.5',
    bounds=interval.between(HOUR),
)
def _hours_between(start: Array, end: Array) -> Array:
    return (end - start) / HOUR


@TABLE.add(
    "minutes_between(start: time, end: time) -> number",
    help="How many minutes lie between, with a fraction; negative where `end` is earlier.",
    example='minutes_between("2024-03-01", "2024-03-01T01:30:00") == 90',
    bounds=interval.between(MINUTE),
)
def _minutes_between(start: Array, end: Array) -> Array:
    return (end - start) / MINUTE
