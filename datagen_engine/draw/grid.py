"""Instants, windows and the ticks between them.

Time is int64 microseconds since 1970-01-01 UTC throughout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.lazy import np, pd

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["MOST_TICKS_LISTED", "Grid", "Window", "frequency_alias", "isoformat", "parse_instant"]

MOST_TICKS_LISTED = 2_000_000
"""Ticks of a calendar grid (months, business days …) that may be listed one by one."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_instant(text: str) -> int:
    """Read an ISO 8601 date or time; without an offset it is UTC.

    Raises ValueError in plain words.

    >>> parse_instant("1970-01-02") == parse_instant("1970-01-02T01:00:00+01:00") == 86_400_000_000
    True
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not an ISO 8601 date or time such as 2024-03-01T08:00:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        gap = moment.astimezone(UTC) - _EPOCH
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the years 1 to 9999") from None
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def is_date_only(text: str) -> bool:
    """Say whether an ISO 8601 text names a day without a time of day."""
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def isoformat(instant: int) -> str:
    """Write an instant as ISO 8601 with a Z.

    >>> isoformat(86_400_000_000)
    '1970-01-02T00:00:00Z'
    """
    seconds, rest = divmod(instant, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    moment = datetime.fromordinal(_EPOCH.toordinal() + days)
    moment = moment.replace(
        hour=seconds // 3600, minute=seconds // 60 % 60, second=seconds % 60, microsecond=rest
    )
    return moment.isoformat() + "Z"


@dataclass(frozen=True, slots=True)
class Window:
    """Hold a span of time, both ends included, in microseconds since 1970 UTC."""

    start: int
    end: int

    @property
    def middle(self) -> int:
        """Return the instant halfway."""
        return (self.start + self.end) // 2


_FIXED = {
    "D": MICROSECONDS_A_DAY,
    "h": 3_600_000_000,
    "min": 60_000_000,
    "s": 1_000_000,
    "ms": 1_000,
    "us": 1,
}
_OLD = {
    "H": "h",
    "T": "min",
    "S": "s",
    "L": "ms",
    "U": "us",
    "N": "ns",
    "M": "ME",
    "BM": "BME",
    "CBM": "CBME",
    "SM": "SME",
    "Q": "QE",
    "BQ": "BQE",
    "Y": "YE",
    "A": "YE",
    "BY": "BYE",
    "BA": "BYE",
    "AS": "YS",
    "BAS": "BYS",
    "BH": "bh",
    "CBH": "cbh",
    "d": "D",
    "w": "W",
    "b": "B",
}
_TOKEN = re.compile(r"\s*([+]?\d+(?:\.\d+)?)?\s*([A-Za-z]+)((?:-[A-Za-z0-9]+)*)\s*")


def frequency_alias(text: str) -> list[tuple[float, str]]:
    """Read a pandas offset alias, old spellings included, into (multiple, alias of today) pairs.

    Raises ValueError where it is none in form; whether a calendar alias exists is for pandas to say.

    >>> frequency_alias("2H"), frequency_alias("Q-DEC"), frequency_alias("1h30min")
    ([(2.0, 'h')], [(1.0, 'QE-DEC')], [(1.0, 'h'), (30.0, 'min')])
    """
    parts: list[tuple[float, str]] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.end() == place or len(parts) == 8 or len(text) > 60:
            break
        name = _OLD.get(match[2], match[2])
        parts.append((float(match[1] or 1), name + match[3].upper()))
        place = match.end()
    if not parts or place < len(text) or any(multiple <= 0 for multiple, _ in parts):
        raise ValueError(
            f"{text!r} is not a frequency; examples: D (day), h (hour), 15min, W-MON, ME (month end)"
        )
    return parts


@lru_cache(maxsize=256)
def fixed_step(text: str) -> int | None:
    """Return the step of a frequency in microseconds, or None where it follows the calendar."""
    step = 0.0
    for multiple, name in frequency_alias(text):
        if name == "ns":
            step += multiple / 1000
        elif name in _FIXED:
            step += multiple * _FIXED[name]
        else:
            return None
    if step < 1 or step != int(step):
        raise ValueError(f"{text!r}: the step of a grid is a whole number of microseconds, at least one")
    return int(step)


class Grid:
    """Number the ticks between the ends of a window, both included.

    A grid of a fixed step is arithmetic, however long; one that follows the calendar is listed.

    >>> grid = Grid(Window(0, 3_600_000_000), "15min")
    >>> grid.count, grid.instants(np.array([0, 4])).tolist()
    (5, [0, 3600000000])
    """

    def __init__(self, window: Window, frequency: str) -> None:
        """Lay the grid; raises ValueError for a frequency that is none, or a window without a tick."""
        self.window = window
        self.step = fixed_step(frequency)
        self._ticks: Array | None = None
        if self.step is None:
            self._ticks = _calendar_ticks(window, frequency)
            self.count = len(self._ticks)
        else:
            self.count = (window.end - window.start) // self.step + 1
        if self.count < 1:
            raise ValueError(
                f"no tick of {frequency!r} lies in {isoformat(window.start)} … {isoformat(window.end)}"
            )

    def instants(self, ticks: Array) -> Array:
        """Return the instants of these ticks (by number from 0)."""
        if self._ticks is not None:
            return self._ticks[ticks]
        return ticks.astype(np.int64) * np.int64(self.step or 0) + self.window.start

    def before(self, instants: Array) -> Array:
        """Return how many ticks lie before each instant, 0 … count."""
        if self._ticks is not None:
            return np.searchsorted(self._ticks, instants, side="left").astype(np.int64)
        passed = -((self.window.start - np.asarray(instants, dtype=np.int64)) // np.int64(self.step or 1))
        return np.clip(passed, 0, self.count)


@lru_cache(maxsize=8)  # columns share their calendars, and pandas walks through one day by day
def _calendar_ticks(window: Window, frequency: str) -> Array:
    from pandas.tseries.frequencies import to_offset  # pandas only where a calendar is asked for

    parts = frequency_alias(frequency)
    multiple, name = parts[0]
    if len(parts) != 1 or multiple != int(multiple):
        raise ValueError(f"{frequency!r}: a calendar frequency stands alone, with a whole multiple")
    try:
        offset = to_offset(f"{int(multiple)}{name}")
    except ValueError:
        raise ValueError(
            f"{frequency!r} is not a frequency; examples: D (day), h (hour), 15min, W-MON, ME (month end)"
        ) from None
    # The shortest calendar step is an hour; a cheap bound before anything is listed.
    shortest = 3_600_000_000 if "bh" in name.lower() else MICROSECONDS_A_DAY
    if (window.end - window.start) // (shortest * int(multiple)) > MOST_TICKS_LISTED:
        raise ValueError(f"{frequency!r} over this window has more than {MOST_TICKS_LISTED:,} ticks")
    start, end = (pd.Timestamp(np.datetime64(i, "us")) for i in (window.start, window.end))
    ticks = np.asarray(pd.date_range(start, end, freq=offset, unit="us"), dtype="M8[us]").view(np.int64)
    ticks.setflags(write=False)
    return ticks
