"""Dates and times, drawn evenly between two instants, and written by a pattern of `strftime`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING, Any, Literal

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import MICROSECONDS_A_DAY, Values
from datagen_engine.faking.grammar import Node, NotCompilable, Streams
from datagen_engine.faking.simplify import pick
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Moment", "Written", "moment_of"]

_EPOCH = datetime(1970, 1, 1)
_A_SECOND = 1_000_000


@dataclass(frozen=True)
class Moment:
    """A time between two, in seconds since 1970 UTC, as likely as any other; or the day that it falls on.

    `first` is the first day that counts (days since 1970): a draw before it is taken for it.
    """

    low: float
    high: float
    kind: Literal["datetime", "date"] = "datetime"
    first: int | None = None

    @property
    def size(self) -> int:
        """Return how many there are."""
        step = 86_400.0 if self.kind == "date" else 1e-6
        return floor(self.high / step) - floor(self.low / step) + 1

    def instants(self, rows: Rows, streams: Streams, path: str) -> Array:
        """Return one instant a row: int64, microseconds since 1970 UTC."""
        low, high = round(self.low * _A_SECOND), round(self.high * _A_SECOND)
        drawn: Array = np.floor(streams(path).uniform(rows) * (high - low)).astype(np.int64) + low
        return drawn

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one time or day a row."""
        instants = self.instants(rows, streams, path)
        if self.kind == "datetime":
            return Values("datetime", instants)
        days = instants // MICROSECONDS_A_DAY
        return Values("date", days if self.first is None else np.maximum(days, self.first))

    def accepts(self, value: Any) -> bool:
        """Say whether a value (a datetime without time zone, or a date) can be drawn."""
        if isinstance(value, datetime):
            return self.low - 1e-3 <= (value - _EPOCH).total_seconds() <= self.high + 1e-3
        return floor(self.low / 86_400) <= (value - date(1970, 1, 1)).days <= floor(self.high / 86_400)


class _Ends:
    """Stand in for chance, at a share of the way between the bounds of a draw; remember the bounds."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.bounds: list[tuple[float, float]] = []

    def uniform(self, a: float, b: float) -> float:
        self.bounds.append((a, b))
        return a + (b - a) * self.share

    def random(self) -> float:
        return self.uniform(0.0, 1.0)

    def randint(self, a: int, b: int) -> int:  # where faker draws whole seconds
        return round(self.uniform(a, b))


def moment_of(call: Callable[[Any], Any]) -> Moment:
    """Return what a method gives that draws one instant; `call(source)` calls it with that source of chance.

    The method runs for the first, the last and a middle instant: what it gives then shows its bounds. Raises
    NotCompilable where it draws otherwise.
    """
    found = []
    for share in (0.0, 0.5, 1.0):
        source = _Ends(share)
        value = call(source)
        if len(source.bounds) > 1:
            raise NotCompilable("a date of several draws")
        found.append((value, source.bounds))
    (first, bounds), (middle, _), (last, _) = found
    if not isinstance(first, date):  # a datetime is a date too
        raise NotCompilable(f"it returns a {type(first).__name__}")
    if isinstance(first, datetime):
        low, high = (_seconds(value) for value in (first, last))
        if abs(_seconds(middle) - (low + high) / 2) > 1:
            raise NotCompilable("a time that is not drawn evenly")
        return Moment(low, high)
    days = [(value - date(1970, 1, 1)).days for value in (first, middle, last)]
    if not bounds:
        return Moment(days[0] * 86_400.0, days[0] * 86_400.0, "date")
    ((low, high),) = bounds
    expected = [floor(at / 86_400) for at in (low, (low + high) / 2, high)]
    if days[1:] != expected[1:] or days[0] - expected[0] not in (0, 1):
        raise NotCompilable("a day that is not drawn evenly")
    return Moment(low, high, "date", days[0] if days[0] != expected[0] else None)


def _seconds(value: datetime) -> float:
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return (value - _EPOCH) / timedelta(seconds=1)


_NAMES: Mapping[str, list[str]] = {
    "A": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "B": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "p": ["AM", "PM"],
}
_SHORT = {"a": "A", "b": "B", "h": "B"}
_WHOLE = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "D": "%m/%d/%y", "R": "%H:%M", "x": "%m/%d/%y", "X": "%H:%M:%S"}
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_SMALL = frozenset("YymBbhdAawuHIp")
_YEAR_1000 = _seconds(datetime(1000, 1, 1))


def _directives(pattern: str) -> list[tuple[bool, str]]:
    """Split a pattern into directives (true, letter) and what stands between (false, text)."""
    for letter, whole in _WHOLE.items():
        pattern = pattern.replace(f"%{letter}", whole) if "%%" not in pattern else pattern
    out: list[tuple[bool, str]] = []
    place = 0
    for match in _DIRECTIVE.finditer(pattern):
        out.append((False, pattern[place : match.start()]))
        out.append((False, "%") if match[1] == "%" else (True, match[1]))
        place = match.end()
    out.append((False, pattern[place:]))
    return [piece for piece in out if piece[1]]


@dataclass(frozen=True)
class Written(Node):
    """Write a moment by a pattern of `strftime`, in English and by the calendar of C.

    >>> Written(Moment(0.0, 0.0), "%d %B %Y").accepts("01 January 1970")
    True
    """

    moment: Moment
    pattern: str

    def __post_init__(self) -> None:
        """Refuse what C libraries write in different ways."""
        known = set("YymBbhdAawuHIpMSfj")
        odd = [
            letter
            for is_directive, letter in _directives(self.pattern)
            if is_directive and letter not in known
        ]
        if odd or self.pattern.endswith("%") or self.moment.low < _YEAR_1000:
            raise NotCompilable(f"a date written as {self.pattern!r}")

    @property
    def size(self) -> int:
        """Return how many moments there are, told apart as far as days or seconds are written."""
        letters = {letter for is_directive, letter in _directives(self.pattern) if is_directive}
        step = 1e-6 if "f" in letters else 1.0 if letters & set("HIMSp") else 86_400.0
        moments = floor(self.moment.high / step) - floor(self.moment.low / step) + 1
        limits = {
            "Y": 9999,
            "y": 100,
            "m": 12,
            "B": 12,
            "b": 12,
            "h": 12,
            "d": 31,
            "A": 7,
            "a": 7,
            "w": 7,
            "u": 7,
            "H": 24,
            "I": 12,
            "p": 2,
            "M": 60,
            "S": 60,
            "f": 1_000_000,
            "j": 366,
        }
        texts = 1
        for letter in letters:
            texts *= limits[letter]
        return min(moments, texts)

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        written = self.write(self.moment.instants(rows, streams, path))
        return Values.plain(written)

    def write(self, instants: Array) -> pa.Array:
        """Write instants (microseconds since 1970 UTC)."""
        pieces = [
            _field(letter, instants) if is_directive else pa.scalar(letter)
            for is_directive, letter in _directives(self.pattern)
        ]
        if not any(isinstance(piece, pa.Array) for piece in pieces):
            return pa.array(["".join(piece.as_py() for piece in pieces)] * len(instants), type=pa.string())
        return pc.binary_join_element_wise(*pieces, "")

    def mapped(self, change: Callable[[str], str]) -> Written:
        """Return itself where a change leaves digits and separators alone."""
        letters = {letter for is_directive, letter in _directives(self.pattern) if is_directive}
        constants = "".join(text for is_directive, text in _directives(self.pattern) if not is_directive)
        if letters & set("BbhAap") or change(constants + "0123456789") != constants + "0123456789":
            raise NotCompilable("a change of a written date")
        return self

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of a date within the bounds, where one stands there."""
        for end in range(start, len(text) + 1):
            try:
                datetime.strptime(text[start:end], self.pattern)
            except ValueError:
                continue
            yield end

    @cached_property
    def small(self) -> Node | None:
        """Return the pattern of one directive as a list of words with their shares, None for any other."""
        pieces = _directives(self.pattern)
        if len(pieces) != 1 or not pieces[0][0] or pieces[0][1] not in _SMALL:
            return None
        step = 3_600 if pieces[0][1] in "HIp" else 86_400
        low, high = self.moment.low, self.moment.high
        edges = np.arange(floor(low / step), floor(high / step) + 2, dtype=np.float64) * step
        covered = np.clip(edges[1:], low, high) - np.clip(edges[:-1], low, high) if high > low else np.ones(1)
        written = self.write((edges[:-1] * _A_SECOND).astype(np.int64)).dictionary_encode()
        shares = np.bincount(np.asarray(written.indices), weights=covered)
        return pick(written.dictionary.to_pylist(), shares.tolist())


def _field(letter: str, instants: Array) -> pa.Array:
    """Write one directive of a pattern for each instant."""
    if letter in _SHORT:
        names = [name[:3] for name in _NAMES[_SHORT[letter]]]
        return pa.array(names).take(pa.array(_number(_SHORT[letter], instants)))
    if letter in _NAMES:
        return pa.array(_NAMES[letter]).take(pa.array(_number(letter, instants)))
    places = {"Y": 4, "j": 3, "f": 6, "w": 1, "u": 1}.get(letter, 2)
    numbers = _number(letter, instants)
    if places == 6:
        return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 6, "0")
    return pa.array([f"{number:0{places}}" for number in range(10**places)]).take(pa.array(numbers))


def _number(letter: str, instants: Array) -> Array:
    """Return the number that a directive stands for; of names the place in their list."""
    days = instants // MICROSECONDS_A_DAY
    seconds = instants // _A_SECOND - days * 86_400
    if letter in "HIMSpf":
        hours = seconds // 3_600
        return {
            "H": hours,
            "I": (hours + 11) % 12 + 1,
            "p": hours // 12,
            "M": seconds // 60 % 60,
            "S": seconds % 60,
            "f": instants % _A_SECOND,
        }[letter]
    if letter in "Awu":
        weekday = (days + 3) % 7  # 1970 began on a Thursday; Monday is 0
        return {"A": weekday, "u": weekday + 1, "w": (weekday + 1) % 7}[letter]
    dates = days.astype("M8[D]")
    months = dates.astype("M8[M]").view(np.int64)
    years = dates.astype("M8[Y]")
    if letter in "mB":
        return months % 12 + (letter == "m")
    if letter in "Yy":
        return (years.view(np.int64) + 1970) % (100 if letter == "y" else 10_000)
    first = years.astype("M8[D]") if letter == "j" else dates.astype("M8[M]").astype("M8[D]")
    day: Array = (dates - first).view(np.int64) + 1
    return day
