"""The plots, to look into with the mouse: each takes plain figures and draws them.

This module loads pyqtgraph, which takes half a second: import it where the first plot is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from datagen_app.preview.figures import Figures, Pair, Timeline, figure, moment
from datagen_app.shell.fonts import figures as tabular
from datagen_app.shell.fonts import secondary
from datagen_app.shell.theme import Theme

__all__ = ["BarsPlot", "HeatPlot", "PairPlot", "Plot", "TimelinePlot"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_LABELS = 12
_LONGEST_LABEL = 22


class Plot(QWidget):
    """A plot with our colours and fonts; the wheel and the mouse move in it, a double click shows all of it."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None, **axes: Any) -> None:
        super().__init__(parent)
        self.theme = theme
        self.view = pyqtgraph.PlotWidget(self, axisItems=axes or None)
        self.view.setMenuEnabled(False)
        self.view.hideButtons()
        self.view.setAccessibleName(name)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        self.plot = self.view.getPlotItem()
        self.plot.getViewBox().setDefaultPadding(0.02)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.scene().sigMouseMoved.connect(self._hover)
        self.view.scene().sigMouseClicked.connect(self._click)
        theme.changed.connect(self._recolour)
        self._look()

    def clear(self) -> None:
        """Show nothing."""
        self.plot.clear()

    def redraw(self) -> None:
        """Draw again, as after a change of colours."""

    def said_at(self, x: float, y: float) -> str:
        """Return what there is at a point of the plot."""
        return ""

    def fit(self) -> None:
        """Show all of it."""
        self.plot.getViewBox().autoRange()

    def _recolour(self) -> None:
        self._look()
        self.redraw()

    def _look(self) -> None:
        self.view.setBackground(self.theme.colour("surface"))
        font = tabular(secondary(QFont(self.font())))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(self.theme.colour("border")))
            axis.setTextPen(pyqtgraph.mkPen(self.theme.colour("secondary")))
            axis.setStyle(tickFont=font, tickLength=-4)

    def _hover(self, at: QPointF) -> None:
        box = self.plot.getViewBox()
        if not box.sceneBoundingRect().contains(at):
            self.view.setToolTip("")
            return
        point = box.mapSceneToView(at)
        self.view.setToolTip(self.said_at(point.x(), point.y()))

    def _click(self, event: Any) -> None:
        if event.double():
            self.fit()

    def ink(self, role: str, strength: float = 1.0) -> QColor:
        """Return a colour of the palette, more or less opaque."""
        colour = QColor(self.theme.colour(role))
        colour.setAlphaF(strength)
        return colour

    def line(self, role: str, width: float = 1.6, *, dashed: bool = False) -> Any:
        """Return a pen."""
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        return pyqtgraph.mkPen(self.ink(role), width=width, style=style)


class _Percent(pyqtgraph.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """An axis of shares, written as percentages."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the texts of the ticks."""
        digits = max(0, math.ceil(-math.log10(max(spacing * 100, 1e-9))))
        return [f"{100 * value:.{digits}f} %" for value in values]


class _Days(pyqtgraph.DateAxisItem):  # type: ignore[misc]  # see above
    """An axis of time, in seconds since 1970 UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(utcOffset=0, **options)


class BarsPlot(Plot):
    """A histogram, or bars of categories, with what was declared over it and what was there before the modifiers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Distribution", parent, left=_Percent("left"))
        self._figures: Figures | None = None
        self._before = True
        self._axes = ""

    def show_figures(self, figures: Figures | None, *, before: bool = True) -> None:
        """Show figures; `before` whether those without the modifiers are shown too."""
        again = self._figures is not None and figures is not None and _alike(self._figures, figures)
        self._figures, self._before = figures, before
        self.redraw()
        if not again:
            self.fit()

    def fit(self) -> None:
        """Show all bars, from the ground up."""
        bars = self._figures.bars if self._figures else None
        if self._figures is None or bars is None or not bars.shares:
            return
        most = (
            1.08 * max([*bars.shares, *(bars.before or ()), *(bars.density[1] if bars.density else ())])
            or 1.0
        )
        box = self.plot.getViewBox()
        if bars.labels:
            count = min(len(bars.labels), _MOST_LABELS)
            box.setRange(xRange=(0.0, most), yRange=(-0.6, count - 0.4), padding=0)
        else:
            unit = 1e6 if self._figures.kind == "times" else 1.0
            ends = (bars.edges[0] / unit, bars.edges[-1] / unit)
            box.setRange(xRange=ends, yRange=(0.0, most), padding=0)

    def redraw(self) -> None:
        """Draw the bars."""
        self.plot.clear()
        figures = self._figures
        bars = figures.bars if figures else None
        words = bool(bars and bars.labels)
        self._set_axes("words" if words else figures.kind if figures else "numbers")
        if figures is None or bars is None or not bars.shares:
            return
        if words:
            self._draw_words(figures)
        else:
            self._draw_histogram(figures)

    def _set_axes(self, kind: str) -> None:
        """Write the axes as the values want: shares upwards, or to the right where words stand at the left."""
        if kind == self._axes:
            return
        self._axes = kind
        words = kind == "words"
        left = pyqtgraph.AxisItem("left") if words else _Percent("left")
        bottom = _Percent("bottom") if words else _bottom(kind)
        self.plot.setAxisItems({"left": left, "bottom": bottom})
        self.plot.getViewBox().invertY(words)
        self.plot.getViewBox().setMouseEnabled(x=not words, y=False)
        self._look()

    def _draw_histogram(self, figures: Figures) -> None:
        bars = figures.bars
        assert bars is not None
        unit = 1e6 if figures.kind == "times" else 1.0
        edges = [edge / unit for edge in bars.edges]
        gap = (edges[1] - edges[0]) * 0.06 if len(edges) > 1 else 0
        self.plot.addItem(
            pyqtgraph.BarGraphItem(
                x0=[edge + gap for edge in edges[:-1]],
                x1=[edge - gap for edge in edges[1:]],
                height=list(bars.shares),
                pen=None,
                brush=self.ink("accent", 0.62),
            )
        )
        if self._before and bars.before is not None:
            outline = pyqtgraph.PlotDataItem(
                edges, list(bars.before), stepMode="center", pen=self.line("fact", 1.6, dashed=True)
            )
            self.plot.addItem(outline)
        if bars.density is not None:
            x, y = bars.density
            self.plot.plot([value / unit for value in x], list(y), pen=self.line("text", 1.6))
        elif bars.declared is not None:
            middles = [(a + b) / 2 for a, b in pairwise(edges)]
            marks = pyqtgraph.ScatterPlotItem(
                middles,
                list(bars.declared),
                symbol="o",
                size=5,
                pen=self.line("text", 1.4),
                brush=self.ink("surface"),
            )
            self.plot.addItem(marks)

    def _draw_words(self, figures: Figures) -> None:
        bars = figures.bars
        assert bars is not None
        shares = list(bars.shares)[:_MOST_LABELS]
        places = list(range(len(shares)))
        self.plot.addItem(
            pyqtgraph.BarGraphItem(
                x0=0, y=places, height=0.72, width=shares, pen=None, brush=self.ink("accent", 0.62)
            )
        )
        for values, role in ((bars.before if self._before else None, "fact"), (bars.declared, "text")):
            if values is None:
                continue
            for place, value in zip(places, values, strict=False):
                mark = pyqtgraph.PlotDataItem(
                    [value, value],
                    [place - 0.42, place + 0.42],
                    pen=self.line(role, 2.0, dashed=role == "fact"),
                )
                self.plot.addItem(mark)
        labels = [(place, _short(label)) for place, label in zip(places, bars.labels, strict=False)]
        self.plot.getAxis("left").setTicks([labels])

    def said_at(self, x: float, y: float) -> str:
        """Return the bar at a point."""
        figures = self._figures
        bars = figures.bars if figures else None
        if figures is None or bars is None:
            return ""
        if bars.labels:
            at = round(y)
            name = bars.labels[at] if 0 <= at < min(len(bars.labels), _MOST_LABELS) else ""
        else:
            unit = 1e6 if figures.kind == "times" else 1.0
            at = next((i for i, edge in enumerate(bars.edges[1:]) if x * unit < edge), -1)
            write = moment if figures.kind == "times" else figure
            name = f"{write(bars.edges[at])} … {write(bars.edges[at + 1])}" if at >= 0 else ""
        if not name:
            return ""
        parts = [f"{name}: {100 * bars.shares[at]:.2f} %"]
        parts += [f"without modifiers {100 * bars.before[at]:.2f} %"] if bars.before else []
        parts += [f"declared {100 * bars.declared[at]:.2f} %"] if bars.declared else []
        return "\n".join(parts)


class TimelinePlot(Plot):
    """Rows, or the mean of a number, over time, with the trend through it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Over time", parent, bottom=_Days(orientation="bottom"))
        self._timeline: Timeline | None = None
        self._what = ""

    def show_timeline(self, timeline: Timeline | None) -> None:
        """Show what changes over time."""
        again = self._timeline is not None and timeline is not None and self._timeline.edges == timeline.edges
        self._timeline = timeline
        self.redraw()
        if not again:
            self.fit()

    def redraw(self) -> None:
        """Draw the lines."""
        self.plot.clear()
        timeline = self._timeline
        if timeline is None:
            return
        if timeline.what != self._what:
            self._what = timeline.what
            left = pyqtgraph.AxisItem("left") if timeline.what == "mean" else _Percent("left")
            self.plot.setAxisItems({"left": left})
            self._look()
        edges = [edge / 1e6 for edge in timeline.edges]
        middles = [(a + b) / 2 for a, b in pairwise(edges)]
        values = [math.nan if value is None else value for value in timeline.values]
        trend = [math.nan if value is None else value for value in timeline.trend]
        self.plot.plot(middles, values, pen=self.line("accent", 1.4), connect="finite")
        self.plot.plot(middles, trend, pen=self.line("fact", 2.0, dashed=True), connect="finite")

    def said_at(self, x: float, y: float) -> str:
        """Return the bin at a point."""
        timeline = self._timeline
        if timeline is None:
            return ""
        at = next((i for i, edge in enumerate(timeline.edges[1:]) if x * 1e6 < edge), None)
        value = timeline.values[at] if at is not None and at < len(timeline.values) else None
        if at is None or value is None:
            return ""
        shown = figure(value) if timeline.what == "mean" else f"{100 * value:.2f} % of the rows"
        return f"{moment(timeline.edges[at])}: {'mean ' if timeline.what == 'mean' else ''}{shown}"


class HeatPlot(Plot):
    """The share of the rows in each hour of the week."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Hour by weekday", parent)
        self._heat: Sequence[Sequence[float]] = ()
        self.plot.getViewBox().invertY(True)
        self.plot.getViewBox().setMouseEnabled(x=False, y=False)
        self.plot.getAxis("left").setTicks([[(at + 0.5, day) for at, day in enumerate(_DAYS)]])
        self.plot.getAxis("bottom").setTicks([[(hour + 0.5, str(hour)) for hour in range(0, 24, 3)]])

    def show_heat(self, heat: Sequence[Sequence[float]]) -> None:
        """Show 7 × 24 shares, from Monday 0 h on."""
        self._heat = heat
        self.redraw()
        self.plot.getViewBox().setRange(QRectF(0, 0, 24, 7), padding=0.01)

    def redraw(self) -> None:
        """Draw the cells."""
        self.plot.clear()
        if not self._heat:
            return
        import numpy  # loaded by pyqtgraph already

        ground, ink = self.theme.colour("surface"), self.theme.colour("accent")
        ramp = pyqtgraph.ColorMap([0.0, 1.0], [ground.getRgb(), ink.getRgb()])
        image = pyqtgraph.ImageItem(numpy.array(self._heat), axisOrder="row-major")
        image.setLookupTable(ramp.getLookupTable(0.0, 1.0, 256))
        image.setLevels((0.0, max(max(row) for row in self._heat) or 1.0))
        image.setRect(QRectF(0, 0, 24, 7))
        self.plot.addItem(image)

    def said_at(self, x: float, y: float) -> str:
        """Return the cell at a point."""
        day, hour = math.floor(y), math.floor(x)
        if not self._heat or not (0 <= day < 7 and 0 <= hour < 24):
            return ""
        return f"{_DAYS[day]} {hour} h: {100 * self._heat[day][hour]:.2f} % of the rows"


class PairPlot(Plot):
    """Two columns against each other."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "One column against another", parent)
        self._pair: Pair | None = None

    def show_pair(self, pair: Pair | None) -> None:
        """Show the points of a pair."""
        self._pair = pair
        self.redraw()
        self.fit()

    def fit(self) -> None:
        """Show all points."""
        if self._pair is None or not self._pair.x:
            return
        ends = []
        for values, unit in zip((self._pair.x, self._pair.y), self._units, strict=True):
            low, high = min(values) / unit, max(values) / unit
            ends.append((low, high) if low < high else (low - 0.5, high + 0.5))
        self.plot.getViewBox().setRange(xRange=ends[0], yRange=ends[1], padding=0.04)

    @property
    def _units(self) -> list[float]:
        return [1e6 if kind == "times" else 1.0 for kind in self._pair.kinds] if self._pair else [1.0, 1.0]

    def redraw(self) -> None:
        """Draw the points."""
        self.plot.clear()
        pair = self._pair
        if pair is None:
            return
        made = {
            side: _Days(orientation=side) if kind == "times" else pyqtgraph.AxisItem(side)
            for side, kind in zip(("bottom", "left"), pair.kinds, strict=True)
        }
        self.plot.setAxisItems(made)
        self._look()
        units = self._units
        points = pyqtgraph.ScatterPlotItem(
            [value / units[0] for value in pair.x],
            [value / units[1] for value in pair.y],
            size=4,
            pen=None,
            brush=self.ink("accent", 0.35),
        )
        self.plot.addItem(points)


def _bottom(kind: str) -> Any:
    return _Days(orientation="bottom") if kind == "times" else pyqtgraph.AxisItem("bottom")


def _alike(one: Figures, other: Figures) -> bool:
    return (one.table, one.column, one.kind) == (other.table, other.column, other.kind)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
