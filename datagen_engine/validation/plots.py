"""Small plots of expected against observed, as SVG; each with a text alternative, and readable without colour.

What was observed is solid, what was expected is dashed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from datagen_engine.validation.markup import Markup, joined, tag
from datagen_engine.validation.record import Plot

__all__ = ["figure"]

_WIDTH, _HEIGHT = 520, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 14, 26
_MOST_MARKS = 400
"""Bars or points that are drawn; of more, runs of neighbours are drawn as their mean."""

_LETTER = 6.2
"""The width that a letter of a label takes, on average."""

_LONGEST_LABEL = 14

Scale = Callable[[float], float]
Mark = tuple[str | float, float | None, float | None]
"""A label, what was expected and what was observed."""


def figure(plot: Plot, name: str) -> Markup:
    """Return a plot as HTML: an SVG drawing, its caption, and its figures as a table that can be unfolded.

    Parameters
    ----------
    plot
        What to draw.
    name
        A word that no other plot of the page has, by which the drawing refers to its caption.
    """
    caption = tag("figcaption", plot.text, id=f"{name}-text")
    drawn = _drawn(plot)
    if drawn is None:
        return tag("figure", caption, _table(plot))
    view = f"0 0 {_WIDTH} {_HEIGHT}"
    drawing = tag("svg", drawn, viewBox=view, role="img", aria_labelledby=f"{name}-text")
    return tag("figure", drawing, _legend(plot.form), caption, _table(plot))


def _legend(form: str) -> Markup:
    marks = {
        "bars": tag("rect", class_="bar", x=5, y=1, width=14, height=9),
        "lines": tag("path", class_="observed", d="M1,6H25"),
        "points": tag("circle", class_="dot", cx=13, cy=6, r=4),
    }
    expected = tag("path", class_="expected", d="M1,6H25")
    return tag("div", _entry(marks[form], "observed"), _entry(expected, "expected"), class_="quiet")


def _entry(mark: Markup, word: str) -> Markup:
    return tag("span", tag("svg", mark, viewBox="0 0 26 11", aria_hidden="true"), word, class_="legend")


def _drawn(plot: Plot) -> Markup | None:
    known = [v for v in map(_known, (*plot.expected, *plot.observed)) if v is not None]
    if not known or not plot.labels:
        return None
    low, high = min(known), max(known)
    if plot.form == "bars" or 0 <= low < 0.4 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - 1.0, high + 1.0) if low else (0.0, 1.0)
    ticks = _ticks(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    marks = _curves(plot, y) if plot.form == "lines" else _cells(plot, y, max(low, 0.0))
    return joined([*_axis(ticks, y, plot.unit), *marks])


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


# -- axes -------------------------------------------------------------------------------------------------


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`.

    >>> _ticks(0.0, 0.19)
    [0.0, 0.05, 0.1, 0.15000000000000002, 0.2]
    """
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1.0, 2.0, 2.5, 5.0, 10.0) if s * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _axis(ticks: Sequence[float], y: Scale, unit: str) -> list[Markup]:
    step = ticks[1] - ticks[0]
    out = []
    for tick in ticks:
        label = f"{_short(tick * 100, step * 100)} %" if unit == "%" else _short(tick, step)
        out.append(tag("path", class_="axis", d=f"M{_LEFT},{y(tick):.1f}H{_WIDTH - _RIGHT}"))
        out.append(_word(label, _LEFT - 6, y(tick) + 3.5, "end"))
    if unit and unit != "%":
        out.append(_word(unit, _LEFT, 9, "start"))
    return out


def _word(text: str, x: float, y: float, anchor: str = "middle") -> Markup:
    return tag("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _short(value: float, step: float) -> str:
    """Write a tick with as many digits as tell it from the next; large numbers in thousands and millions.

    >>> _short(0.15, 0.05), _short(25_000.0, 5_000.0), _short(7.5, 2.5)
    ('0.15', '25 k', '7.5')
    """
    size = max(abs(value), abs(step))
    for limit, unit, letter in ((1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if size >= limit:
            return _digits(value / unit, step / unit) + (f" {letter}" if value else "")
    return _digits(value, step)


def _digits(value: float, step: float) -> str:
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if places > 5:
        return f"{value:.1e}"
    text = f"{value:.{places + (1 if round(step * 10**places, 6) % 1 else 0)}f}"
    return "0" if float(text) == 0 else text


def _labels(labels: Sequence[str], room: float) -> list[Markup]:
    """Write as many labels as there is room for, evenly."""
    longest = max(min(len(label), _LONGEST_LABEL) for label in labels) * _LETTER + 8
    every = max(1, math.ceil(longest / room))
    return [
        _word(_cut(labels[place]), _LEFT + room * (place + 0.5), _HEIGHT - 9)
        for place in range(0, len(labels), every)
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"


# -- marks ------------------------------------------------------------------------------------------------


def _cells(plot: Plot, y: Scale, floor: float) -> list[Markup]:
    """Draw bars from `floor` up, or points, one a label; a dash across each is what was expected."""
    marks = _merged(plot)
    room = (_WIDTH - _LEFT - _RIGHT) / len(marks)
    wide = max(room * 0.72, 1.0)
    out = []
    for place, (label, expected, observed) in enumerate(marks):
        middle = _LEFT + room * (place + 0.5)
        parts = [tag("title", f"{_told(label)}: {_told(observed)} observed, {_told(expected)} expected")]
        if observed is not None and plot.form == "bars":
            top, bottom = sorted((y(observed), y(floor)))
            size = {"width": f"{wide:.1f}", "height": f"{max(bottom - top, 0.5):.1f}"}
            parts.append(tag("rect", class_="bar", x=f"{middle - wide / 2:.1f}", y=f"{top:.1f}", **size))
        if expected is not None:
            half = wide / 2 + min(2.0, room * 0.1)
            line = f"M{middle - half:.1f},{y(expected):.1f}H{middle + half:.1f}"
            parts.append(tag("path", class_="expected", d=line))
        if observed is not None and plot.form == "points":
            radius = min(3.5, max(1.5, room / 3))
            parts.append(
                tag("circle", class_="dot", cx=f"{middle:.1f}", cy=f"{y(observed):.1f}", r=f"{radius:.1f}")
            )
        out.append(tag("g", *parts))
    return out + _labels([_told(label) for label, _, _ in marks], room)


def _merged(plot: Plot) -> list[Mark]:
    marks: list[Mark] = [
        (label, _known(expected), _known(observed))
        for label, expected, observed in zip(plot.labels, plot.expected, plot.observed, strict=True)
    ]
    run = -(-len(marks) // _MOST_MARKS)
    parts = [marks[start : start + run] for start in range(0, len(marks), run)]
    return [(part[0][0], _mean([e for _, e, _ in part]), _mean([o for _, _, o in part])) for part in parts]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _curves(plot: Plot, y: Scale) -> list[Markup]:
    """Draw two curves over numbers; over labels that are none, by their place."""
    numbers = [label for label in plot.labels if isinstance(label, int | float) and math.isfinite(label)]
    numeric = len(numbers) == len(plot.labels)
    xs = (
        [float(number) for number in numbers]
        if numeric
        else [float(place) for place in range(len(plot.labels))]
    )
    first, span = min(xs), (max(xs) - min(xs)) or 1.0

    def x(value: float) -> float:
        return _LEFT + (value - first) / span * (_WIDTH - _LEFT - _RIGHT)

    out = [_curve("observed", xs, plot.observed, x, y), _curve("expected", xs, plot.expected, x, y)]
    if not numeric:
        return out + _labels([_told(label) for label in plot.labels], (_WIDTH - _LEFT - _RIGHT) / len(xs))
    every = _ticks(first, first + span)
    ticks = [tick for tick in every if -1e-9 <= (tick - first) / span <= 1 + 1e-9]
    labels = [_short(tick, every[1] - every[0]) for tick in ticks]
    return out + [
        _word(label, x(tick), _HEIGHT - 9, "end" if x(tick) + _LETTER * len(label) / 2 > _WIDTH else "middle")
        for tick, label in zip(ticks, labels, strict=True)
    ]


def _curve(name: str, xs: Sequence[float], values: Sequence[float | None], x: Scale, y: Scale) -> Markup:
    path, pen = [], "M"
    for at, value in zip(xs, map(_known, values), strict=True):
        if value is None:
            pen = "M"
        else:
            path.append(f"{pen}{x(at):.1f},{y(value):.1f}")
            pen = "L"
    return tag("path", class_=name, d="".join(path) or "M0,0")


# -- figures ----------------------------------------------------------------------------------------------


def _told(value: float | str | None) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else f"{value:.6g}"


def _table(plot: Plot) -> Markup:
    rows = [
        tag(
            "tr", tag("th", _told(label), scope="row"), tag("td", _told(observed), class_="number"),
            tag("td", _told(expected), class_="number"),
        )
        for label, expected, observed in _merged(plot)
    ]  # fmt: skip
    head = tag(
        "tr", tag("th", ""), tag("th", "observed", class_="number"), tag("th", "expected", class_="number")
    )
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("details", tag("summary", "Figures"), tag("div", table, class_="examples"))
