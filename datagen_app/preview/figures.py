"""What a plot shows, as plain figures, and the sentence that says the same. Plain Python, without Qt.

Whoever has figures from elsewhere, such as a result on disk, fills these and gives them to the same plots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = [
    "Bars",
    "Figures",
    "Pair",
    "Timeline",
    "figure",
    "is_text",
    "moment",
    "pair_sentence",
    "rows_of_data",
    "sentence",
]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Bars:
    """Hold bars along an axis, as shares of the values that are not null.

    `edges` (numbers, or microseconds since 1970) are one more than the bars; or `labels` name them. `before`
    are the shares without the modifiers, `declared` those of the generator's own distribution, `density`
    its curve as two lists of coordinates, `other` the share of the values without a bar.
    """

    shares: Sequence[float]
    edges: Sequence[float] = ()
    labels: Sequence[str] = ()
    before: Sequence[float] | None = None
    declared: Sequence[float] | None = None
    density: tuple[Sequence[float], Sequence[float]] | None = None
    other: float = 0.0


@dataclass(frozen=True)
class Timeline:
    """Hold what changes over time: the share of the rows, or the mean of a number, in each bin; and their trend.

    `edges` are microseconds since 1970, one more than the bins; `heat` are 7 × 24 shares, from Monday 0 h on.
    """

    edges: Sequence[float]
    values: Sequence[float | None]
    trend: Sequence[float | None]
    what: str = "rows"
    heat: Sequence[Sequence[float]] = ()


@dataclass(frozen=True)
class Figures:
    """Hold what there is to show of a column: `rows` it is made from, `of` so many in the table."""

    table: str
    column: str
    type: str
    kind: str
    rows: int
    of: int
    nulls: int = 0
    distinct: int = 0
    bars: Bars | None = None
    low: str = ""
    high: str = ""
    mean: float | None = None
    median: float | None = None
    spread: float | None = None
    quartiles: Sequence[float] | None = None
    timeline: Timeline | None = None
    modified: bool = False
    law: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Figures:
        """Return the figures of the worker's JSON."""
        bars, timeline = data.get("bars"), data.get("timeline")
        return cls(
            **{
                **data,
                "bars": None if bars is None else Bars(**bars),
                "timeline": None if timeline is None else Timeline(**timeline),
            }
        )


@dataclass(frozen=True)
class Pair:
    """Hold two columns against each other: points, and the correlation of their ranks."""

    table: str
    columns: Sequence[str]
    rows: int
    of: int
    x: Sequence[float] = field(default_factory=list)
    y: Sequence[float] = field(default_factory=list)
    kinds: Sequence[str] = ("numbers", "numbers")
    correlation: float | None = None


def figure(value: float) -> str:
    """Write a number short.

    >>> figure(48.2041), figure(1234567.0), figure(0.00012), figure(3.0)
    ('48.2', '1,234,567', '0.00012', '3')
    """
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def moment(microseconds: float) -> str:
    """Write an instant, to the day.

    >>> moment(0.0)
    '1970-01-01'
    """
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds):%Y-%m-%d}"
    except OverflowError:
        return figure(microseconds)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.995 else "100 %"


def sentence(figures: Figures) -> str:
    """Say in one sentence what the plots of a column show.

    >>> sentence(Figures("order", "total", "float", "numbers", 100, 5_000, low="5.00", high="91", mean=21.5, median=19))
    'total: 100 of 5,000 rows, from 5.00 to 91, mean 21.5, median 19, no nulls.'
    """
    drawn = (
        f"{figures.rows:,} rows" if figures.rows == figures.of else f"{figures.rows:,} of {figures.of:,} rows"
    )
    if figures.kind == "fanout":
        parts = [f"Children in {figures.table} of each parent: {drawn.replace('rows', 'parents')}"]
        if figures.mean is not None:
            parts.append(f"from {figures.low} to {figures.high}, mean {figure(figures.mean)}")
        if figures.law:
            parts.append(
                f"drawn from a {figures.law} fanout"
                + (", times what multiplies it" if figures.modified else "")
            )
        return ", ".join(parts) + "."
    parts = [f"{figures.column}: {drawn}"]
    if figures.kind == "words" and figures.bars is not None:
        parts.append(_said_words(figures))
    elif figures.low:
        parts.append(f"from {figures.low} to {figures.high}")
    if figures.mean is not None and figures.median is not None:
        parts.append(f"mean {figure(figures.mean)}, median {figure(figures.median)}")
    if figures.kind == "times" and figures.timeline is not None and figures.timeline.heat:
        parts.append(_busiest(figures.timeline.heat))
    known = figures.rows - figures.nulls
    parts.append(
        "no nulls" if not figures.nulls else f"{_percent(figures.nulls / max(figures.rows, 1))} null"
    )
    if figures.kind != "words" and known and 0 < figures.distinct < 50:
        parts.append(f"{figures.distinct} different values")
    return ", ".join(part for part in parts if part) + "."


def is_text(figures: Figures) -> bool:
    """Say whether nearly every row has a word of its own, so that bars would say nothing."""
    return figures.kind == "words" and figures.distinct > max(24, 0.5 * (figures.rows - figures.nulls))


def _said_words(figures: Figures) -> str:
    bars = figures.bars
    assert bars is not None
    if not bars.labels:
        return "no values"
    if is_text(figures):
        return f"{figures.distinct:,} different values, nearly every row its own"
    first = f"most often {bars.labels[0]} with {_percent(bars.shares[0])}"
    return f"{figures.distinct:,} different value{'' if figures.distinct == 1 else 's'}, {first}"


def _busiest(heat: Sequence[Sequence[float]]) -> str:
    _, day, hour = max((share, day, hour) for day, row in enumerate(heat) for hour, share in enumerate(row))
    weekend = sum(heat[5]) + sum(heat[6])
    return f"busiest {_DAYS[day]} at {hour} h, {_percent(weekend)} at weekends"


def pair_sentence(pair: Pair) -> str:
    """Say in one sentence what two columns against each other show.

    >>> pair_sentence(Pair("t", ("a", "b"), 100, 100, correlation=0.82))
    'a against b: 100 rows, their ranks correlate strongly (0.82).'
    """
    said = f"{pair.columns[0]} against {pair.columns[1]}: {pair.rows:,} rows"
    if pair.correlation is None:
        return f"{said}, one of them does not vary."
    size = abs(pair.correlation)
    how = "strongly" if size >= 0.6 else "somewhat" if size >= 0.25 else "hardly"
    against = " against each other" if pair.correlation < -0.25 else ""
    return f"{said}, their ranks correlate {how}{against} ({pair.correlation:.2f})."


def rows_of_data(figures: Figures) -> list[list[str]]:
    """Return the figures of the bars as rows of a sheet, a header first.

    >>> rows_of_data(Figures("t", "c", "string", "words", 2, 2, bars=Bars([0.5, 0.5], labels=["a", "b"])))
    [['value', 'share'], ['a', '0.5'], ['b', '0.5']]
    """
    bars = figures.bars
    if bars is None:
        return []
    write = moment if figures.kind == "times" else repr
    head = ["value"] if bars.labels else ["from", "to"]
    extra = [
        (name, values)
        for name, values in (("before modifiers", bars.before), ("declared", bars.declared))
        if values
    ]
    rows = [[*head, "share", *(name for name, _ in extra)]]
    for at, share in enumerate(bars.shares):
        where = [bars.labels[at]] if bars.labels else [write(bars.edges[at]), write(bars.edges[at + 1])]
        rows.append([*where, f"{share:.6g}", *(f"{values[at]:.6g}" for _, values in extra)])
    return rows
