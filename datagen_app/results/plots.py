"""Small plots, painted by hand: bars, with what was expected over them, lines, and an hour by weekday."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from datagen_app.shell.fonts import figures, secondary
from datagen_app.shell.theme import Theme

__all__ = ["SmallPlot", "plot_of_check"]

_MOST_LABELS = 12


def plot_of_check(plot: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plot of a check, as the widget takes it."""
    labels = [_label(one) for one in plot.get("labels") or ()]
    return {
        "form": plot.get("form", "bars"),
        "labels": labels,
        "shares": [_figure(one) for one in plot.get("observed") or ()],
        "expected": [_figure(one) for one in plot.get("expected") or ()],
        "text": plot.get("text", ""),
        "histogram": len(labels) > _MOST_LABELS,
    }


def _label(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _figure(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if number else None  # type: ignore[arg-type]  # a number, as was just seen


class SmallPlot(QWidget):
    """Paint one plot; its figures are in its tooltip and in its accessible description too."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plot: Mapping[str, Any] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_plot(self, plot: Mapping[str, Any]) -> None:
        """Show a plot: `form` (bars, lines, points, heat), `labels`, `shares`, `expected`."""
        self._plot = plot
        self.setAccessibleName(str(plot.get("title") or "Plot"))
        self.setAccessibleDescription(str(plot.get("text") or self._words()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Be as high as a few lines of text."""
        line = self.fontMetrics().height()
        return QSize(14 * line, (9 if self._plot.get("form") != "heat" else 8) * line)

    def event(self, event: Any) -> bool:
        """Say the figures under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures(secondary(self.font())))
        form = self._plot.get("form")
        if form == "heat":
            self._heat(painter)
        elif form in ("lines", "points") and len(self._shares()) > 1:
            self._lines(painter, dots=form == "points")
        elif self._shares():
            self._bars(painter)

    # The forms

    def _area(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(1, line, self.width() - 2, self.height() - 2.2 * line)

    def _bars(self, painter: QPainter) -> None:
        area, shares, expected = self._area(), self._shares(), self._expected()
        top = max([*(one or 0.0 for one in shares), *(one or 0.0 for one in expected)], default=0.0) or 1.0
        low = min([0.0, *(one or 0.0 for one in shares), *(one or 0.0 for one in expected)])
        span = top - low or 1.0
        step = area.width() / len(shares)
        gap = 0.0 if self._plot.get("histogram") else min(8.0, step * 0.18)
        ink, text = self._theme.colour("accent"), self._theme.colour("text")
        ground = area.bottom() + low / span * area.height()
        for at, share in enumerate(shares):
            left = area.left() + at * step
            if share is not None:
                height = share / span * area.height()
                bar = QRectF(left + gap, ground - height, max(1.0, step - 2 * gap), height).normalized()
                if self._plot.get("histogram"):
                    bar.adjust(0.25, 0, -0.25, 0)
                painter.fillRect(bar, ink)
                label = self._share_text(share)
                if step > painter.fontMetrics().horizontalAdvance(label) + 4:
                    place = QRectF(
                        left, bar.top() - self.fontMetrics().height(), step, self.fontMetrics().height()
                    )
                    painter.setPen(text)
                    painter.drawText(
                        place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, label
                    )
            if at < len(expected) and (wanted := expected[at]) is not None:
                height = ground - wanted / span * area.height()
                painter.setPen(QPen(self._theme.colour("fact"), 2, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(left + gap / 2, height), QPointF(left + step - gap / 2, height))
        painter.setPen(QPen(self._theme.colour("control_border"), 1))
        painter.drawLine(QPointF(area.left(), ground), QPointF(area.right(), ground))
        self._labels(painter, area, step)

    def _lines(self, painter: QPainter, *, dots: bool) -> None:
        area, shares, expected = self._area(), self._shares(), self._expected()
        known = [one for one in [*shares, *expected] if one is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        low = min(low, 0.0) if low > 0 and low < 0.5 * high else low
        span = high - low or 1.0
        step = area.width() / max(1, len(shares) - 1)
        for values, role, style in (
            (expected, "fact", Qt.PenStyle.DashLine),
            (shares, "accent", Qt.PenStyle.SolidLine),
        ):
            points = [
                QPointF(area.left() + at * step, area.bottom() - (one - low) / span * area.height())
                for at, one in enumerate(values)
                if one is not None
            ]
            painter.setPen(QPen(self._theme.colour(role), 2, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(points))
            if dots and role == "accent":
                painter.setBrush(self._theme.colour(role))
                for point in points:
                    painter.drawEllipse(point, 3, 3)
        painter.setPen(QPen(self._theme.colour("control_border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._labels(painter, area, area.width() / len(shares))

    def _heat(self, painter: QPainter) -> None:
        rows: Sequence[Sequence[float]] = self._plot.get("shares") or ()
        if not rows:
            return
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance("Wed ") + 4.0
        area = QRectF(left, 2, self.width() - left - 1, self.height() - metrics.height() - 6)
        wide, high = area.width() / len(rows[0]), area.height() / len(rows)
        most = max((share for row in rows for share in row), default=0.0) or 1.0
        ink, ground = self._theme.colour("accent"), self._theme.colour("grid")
        painter.setPen(self._theme.colour("secondary"))
        for at, row in enumerate(rows):
            painter.drawText(
                QRectF(0, area.top() + at * high, left - 6, high),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                str(self._plot["labels"][at]),
            )
            for hour, share in enumerate(row):
                cell = QRectF(area.left() + hour * wide, area.top() + at * high, wide - 1, high - 1)
                painter.fillRect(cell, _between(ground, ink, share / most))
        for hour in range(0, len(rows[0]), 6):
            place = QRectF(area.left() + hour * wide, area.bottom() + 2, 6 * wide, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, str(self._plot["across"][hour]))

    def _labels(self, painter: QPainter, area: QRectF, step: float) -> None:
        labels = [str(one) for one in self._plot.get("labels") or ()]
        metrics = painter.fontMetrics()
        painter.setPen(self._theme.colour("secondary"))
        place = QRectF(0, area.bottom() + 3, self.width(), metrics.height() + 2)
        fits = labels and len(labels) <= _MOST_LABELS
        if fits and all(metrics.horizontalAdvance(label) <= step + 1 for label in labels):
            for at, label in enumerate(labels):
                place.setLeft(area.left() + at * step)
                place.setWidth(step)
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, label)
        elif labels:
            half = int(self.width() / 2) - 4
            first, last = self._plot.get("ends") or (labels[0], labels[-1])
            for label, side in (
                (str(first), Qt.AlignmentFlag.AlignLeft),
                (str(last), Qt.AlignmentFlag.AlignRight),
            ):
                fitting = metrics.elidedText(label, Qt.TextElideMode.ElideRight, half)
                painter.drawText(QRectF(1, place.top(), self.width() - 2, place.height()), side, fitting)

    # The figures

    def _shares(self) -> Sequence[float | None]:
        return self._plot.get("shares") or ()

    def _expected(self) -> Sequence[float | None]:
        return self._plot.get("expected") or ()

    def _share_text(self, share: float) -> str:
        if "expected" in self._plot:
            return f"{share:.3g}" if abs(share) >= 1 or share == 0 else f"{100 * share:.1f}"
        return f"{100 * share:.1f}" if share < 0.0995 else f"{100 * share:.0f}"

    def _at(self, point: QPointF) -> str:
        labels = self._plot.get("labels") or ()
        if not labels or self._plot.get("form") == "heat":
            return ""
        area = self._area()
        at = int((point.x() - area.left()) / max(1.0, area.width()) * len(labels))
        return self._word(at) if 0 <= at < len(labels) else ""

    def _word(self, at: int) -> str:
        shares, expected, labels = self._shares(), self._expected(), self._plot.get("labels") or ()
        parts = [str(labels[at])]
        if at < len(shares) and (share := shares[at]) is not None:
            parts.append(f"observed {share:.4g}" if expected else f"{100 * share:.3g} %")
        if at < len(expected) and (wanted := expected[at]) is not None:
            parts.append(f"expected {wanted:.4g}")
        return ": ".join([parts[0], ", ".join(parts[1:])])

    def _words(self) -> str:
        if self._plot.get("form") == "heat":
            return "Shares by weekday and hour"
        labels = self._plot.get("labels") or ()
        return "; ".join(self._word(at) for at in range(min(len(labels), 60)))


def _between(ground: QColor, ink: QColor, share: float) -> QColor:
    """Return a colour of a ramp of one hue."""
    mix = [round(a + (b - a) * share) for a, b in zip(ground.getRgb()[:3], ink.getRgb()[:3], strict=True)]  # type: ignore[index]  # four numbers, typed as any object
    return QColor(*mix)
