"""Small plots of expected against observed, as SVG; each with a text alternative, and readable without colour.

What was observed is solid, what was expected is dashed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from datagen_engine.validation.record import Plot

__all__ = ["figure"]

_WIDTH, _HEIGHT = 520.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 10.0, 14.0, 26.0
_MOST_MARKS = 400
"""Bars or points that are drawn; of more, runs of neighbours are drawn as their mean."""

_LETTER = 6.2
"""The width that a letter of a label takes, on average."""

Scale = Callable[[float], float]


def figure(plot: Plot, name: str) -> str:
    """Return a plot as HTML: an SVG drawing, its caption, and its figures as a table that can be unfolded.

    Parameters
    ----------
    plot
        What to draw.
    name
        A word that no other plot of the page has, for the text alternative.
    """
    caption = f'<figcaption id="{escape(name)}-text">{escape(plot.text)}</figcaption>'
    drawn = _drawn(plot)
    if drawn is None:
        return f"<figure>{caption}{_table(plot)}</figure>"
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-labelledby="{escape(name)}-text">{drawn}</svg>'
        f"{_LEGEND[plot.form]}{caption}{_table(plot)}</figure>"
    )


def _sample(inside: str) -> str:
    return f'<svg viewBox="0 0 26 11" aria-hidden="true">{inside}</svg>'


def _entry(mark: str, word: str) -> str:
    return f'<span class="legend">{_sample(mark)}{word}</span>'


_EXPECTED = '<path class="expected" d="M1,6H25"/>'
_MARKS = {
    "bars": '<rect class="bar" x="5" y="1" width="14" height="9"/>',
    "lines": '<path class="observed" d="M1,6H25"/>',
    "points": '<circle class="dot" cx="13" cy="6" r="4"/>',
}
_LEGEND = {
    form: f'<div class="quiet">{_entry(mark, "observed")}{_entry(_EXPECTED, "expected")}</div>'
    for form, mark in _MARKS.items()
}


def _drawn(plot: Plot) -> str | None:
    known = [v for v in (*plot.expected, *plot.observed) if v is not None and math.isfinite(v)]
    if not known or not plot.labels:
        return None
    low, high = min(known), max(known)
    if plot.form == "bars" or (low >= 0 and low < 0.4 * high):
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - 1.0, high + 1.0) if low else (0.0, 1.0)
    ticks = _ticks(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    y: Scale = lambda value: _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)  # noqa: E731  # a scale is a function
    lines = [_axis(ticks, y, plot.unit)]
    lines.append(_curves(plot, y) if plot.form == "lines" else _cells(plot, y, low))
    return "".join(lines)


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`."""
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1.0, 2.0, 2.5, 5.0, 10.0) if s * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _axis(ticks: Sequence[float], y: Scale, unit: str) -> str:
    step = ticks[1] - ticks[0]
    percent = unit == "%"
    out = []
    for tick in ticks:
        at = y(tick)
        label = _short(tick * 100, step * 100) + " %" if percent else _short(tick, step)
        out.append(f'<path class="axis" d="M{_LEFT:g},{at:.1f}H{_WIDTH - _RIGHT:g}"/>')
        out.append(f'<text x="{_LEFT - 6:g}" y="{at + 3.5:.1f}" text-anchor="end">{escape(label)}</text>')
    if unit and not percent:
        out.append(f'<text x="{_LEFT:g}" y="9">{escape(unit)}</text>')
    return "".join(out)


def _short(value: float, step: float) -> str:
    """Write a tick with as many digits as tell it from the next; large numbers in thousands and millions."""
    size = max(abs(value), abs(step))
    for limit, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if size >= limit:
            unit = 1e3 if letter == "k" else limit
            return _digits(value / unit, step / unit) + (" " + letter if value else "")
    return _digits(value, step)


def _digits(value: float, step: float) -> str:
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if places > 5:
        return f"{value:.1e}"
    text = f"{value:.{places + (1 if round(step * 10**places, 6) % 1 else 0)}f}"
    return "0" if float(text) == 0 else text


def _cells(plot: Plot, y: Scale, low: float) -> str:
    """Draw bars, or points, one a label; a dash across each is what was expected."""
    marks = _merged(plot)
    room = (_WIDTH - _LEFT - _RIGHT) / len(marks)
    wide = max(room * 0.72, 1.0)
    out = []
    for place, (label, expected, observed) in enumerate(marks):
        middle = _LEFT + room * (place + 0.5)
        title = f"<title>{escape(f'{_told(label)}: {_told(observed)} observed, {_told(expected)} expected')}</title>"
        out.append(f"<g>{title}")
        if observed is not None and plot.form == "bars":
            top, bottom = sorted((y(observed), y(max(low, 0.0))))
            out.append(
                f'<rect class="bar" x="{middle - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{max(bottom - top, 0.5):.1f}"/>'
            )
        if expected is not None:
            half = wide / 2 + min(2.0, room * 0.1)
            out.append(
                f'<path class="expected" d="M{middle - half:.1f},{y(expected):.1f}H{middle + half:.1f}"/>'
            )
        if observed is not None and plot.form == "points":
            out.append(
                f'<circle class="dot" cx="{middle:.1f}" cy="{y(observed):.1f}" r="{min(3.5, max(1.5, room / 3)):.1f}"/>'
            )
        out.append("</g>")
    return "".join(out) + _labels([_told(label) for label, _, _ in marks], room)


def _merged(plot: Plot) -> list[tuple[str | float, float | None, float | None]]:
    marks = list(zip(plot.labels, plot.expected, plot.observed, strict=True))
    if len(marks) <= _MOST_MARKS:
        return [(label, _known(expected), _known(observed)) for label, expected, observed in marks]
    run = -(-len(marks) // _MOST_MARKS)
    out: list[tuple[str | float, float | None, float | None]] = []
    for start in range(0, len(marks), run):
        some = marks[start : start + run]
        out.append((some[0][0], _mean([e for _, e, _ in some]), _mean([o for _, _, o in some])))
    return out


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in map(_known, values) if v is not None]
    return sum(known) / len(known) if known else None


def _labels(labels: Sequence[str], room: float) -> str:
    """Write as many labels as there is room for, evenly."""
    longest = max(min(len(label), 14) for label in labels) * _LETTER + 8
    every = max(1, math.ceil(longest / room))
    out = []
    for place in range(0, len(labels), every):
        text = labels[place] if len(labels[place]) <= 14 else labels[place][:13] + "…"
        at = _LEFT + room * (place + 0.5)
        out.append(f'<text x="{at:.1f}" y="{_HEIGHT - 9:g}" text-anchor="middle">{escape(text)}</text>')
    return "".join(out)


def _curves(plot: Plot, y: Scale) -> str:
    """Draw two curves over numbers; over labels that are none, by their place."""
    numeric = all(isinstance(label, int | float) and math.isfinite(label) for label in plot.labels)
    xs = (
        [float(label) for label in plot.labels]
        if numeric
        else [float(place) for place in range(len(plot.labels))]
    )
    first, last = min(xs), max(xs)
    span = (last - first) or 1.0
    x: Scale = lambda value: _LEFT + (value - first) / span * (_WIDTH - _LEFT - _RIGHT)  # noqa: E731  # a scale is a function
    out = [_curve("observed", xs, plot.observed, x, y), _curve("expected", xs, plot.expected, x, y)]
    if numeric:
        step = span / 5
        for tick in _ticks(first, last):
            if first - 1e-9 * span <= tick <= last + 1e-9 * span:
                out.append(
                    f'<text x="{x(tick):.1f}" y="{_HEIGHT - 9:g}" text-anchor="middle">{escape(_short(tick, step))}</text>'
                )
    else:
        out.append(
            _labels([str(label) for label in plot.labels], (_WIDTH - _LEFT - _RIGHT) / len(plot.labels))
        )
    return "".join(out)


def _curve(name: str, xs: Sequence[float], values: Sequence[float | None], x: Scale, y: Scale) -> str:
    path, pen = [], "M"
    for at, value in zip(xs, values, strict=True):
        if value is None or not math.isfinite(value):
            pen = "M"
            continue
        path.append(f"{pen}{x(at):.1f},{y(value):.1f}")
        pen = "L"
    return f'<path class="{name}" d="{"".join(path)}"/>' if path else ""


def _told(value: float | str | None) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else f"{value:.6g}"


def _table(plot: Plot) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(_told(label))}</th>'
        f'<td class="number">{escape(_told(observed))}</td><td class="number">{escape(_told(expected))}</td></tr>'
        for label, expected, observed in list(zip(plot.labels, plot.expected, plot.observed, strict=True))[
            :_MOST_MARKS
        ]
    )
    return (
        '<details><summary>Figures</summary><div class="examples"><table><thead><tr><th></th><th class="number">observed</th>'
        f'<th class="number">expected</th></tr></thead><tbody>{rows}</tbody></table></div></details>'
    )
