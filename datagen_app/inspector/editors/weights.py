"""Weights by hour, weekday or month, or of whatever stands beside them: bars to drag, and a table of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk, Drag
from datagen_app.inspector.editors.bars import Bars
from datagen_app.inspector.editors.grid import Grid, GridColumn
from datagen_app.inspector.fields.choosing import WordField
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.make import BY_KEY, BY_SAYING, register
from datagen_app.inspector.fields.picker import Choice, Picker
from datagen_app.inspector.row import link
from datagen_app.inspector.scalars import number_of, real, shown
from datagen_app.inspector.section import quiet
from datagen_app.inspector.shape import ABSENT, Shape
from datagen_app.inspector.weighting import (
    PRESETS,
    scaled_to_share,
    shares,
    weekend_height,
    weekend_share,
)
from datagen_app.inspector.wording import CELLS, DIMENSIONS
from datagen_app.shell.fonts import secondary, strong
from datagen_app.shell.signs import sign_pixmap

__all__ = ["DimensionField", "WeightsField"]

_WEEKEND = (5, 6)
_BESIDE = ("choices", "values", "edges", "parts")
"""The keys whose list the weights belong to, one each."""


@register(BY_SAYING, "weights")
class WeightsField(Field):
    """Weights as bars."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.labelled = False
        self._raw: Any = ABSENT
        self._drag: Drag | None = None
        self.title = QLabel(self)
        self.title.setFont(strong(self.font()))
        self.view = link("shares", self)
        self.view.setCheckable(True)
        self.view.setToolTip("Show the shares that the weights give, in percent")
        self.view.setAccessibleName("Show shares in percent")
        self.view.clicked.connect(self._normalise)
        self.preset = link("preset", self)
        self.preset.setAccessibleName("Choose weights to begin with")
        self.preset.clicked.connect(self._offer_presets)
        self._popup = Picker(desk.theme, "Presets", self)
        self._popup.hide()
        self._popup.offer(self._presets)
        self._popup.picked.connect(self._take_preset)
        self._popup.wide = round(14 * self.fontMetrics().height())
        self.numbers = link("numbers", self)
        self.numbers.setCheckable(True)
        self.numbers.setToolTip("Show the weights as a table")
        self.numbers.setAccessibleName("Show the weights as a table")
        self.numbers.clicked.connect(self._show_table)
        self.bars = Bars(desk.theme, self.label, self)
        self.bars.begun.connect(self._begin)
        self.bars.moved.connect(self._move)
        self.bars.ended.connect(self._end)
        self.bars.cancelled.connect(self._cancel)
        self.bars.stepped.connect(self._step)
        columns = (GridColumn("", editable=False), GridColumn("Weight", right=True), _SHARE)
        self.grid = Grid(columns, desk.theme, f"{self.label} as numbers", self, fixed=True)
        self.grid.written.connect(self._write)
        self.grid.hide()
        self.even = link("", self)
        self.even.clicked.connect(self._make_even)
        self.warning = _Reach(desk, self)
        self.warning.mend.clicked.connect(self._reach)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.preset)
        head.addWidget(self.view)
        head.addWidget(self.numbers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.bars)
        layout.addWidget(self.warning)
        layout.addWidget(self.grid)
        layout.addWidget(self.even, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.bars)
        self.watch(self.bars, self.grid)

    # What it belongs to

    @property
    def dimension(self) -> str:
        """The dimension that the weights are by; nothing where they are by something else."""
        value = self.desk.first((*self.way[:-1], "dimension"))
        return value if isinstance(value, str) and value in DIMENSIONS else ""

    def labels(self, size: int) -> Sequence[str]:
        """Return what each weight belongs to."""
        if self.dimension:
            return CELLS[self.dimension]
        for key in _BESIDE:
            beside = self.desk.first((*self.way[:-1], key))
            if isinstance(beside, list):
                if key == "edges":
                    pairs = pairwise(beside)
                    return [f"{shown(low)}–{shown(high)}" for low, high in pairs]
                if key == "parts":
                    return [
                        str(part.get("type", at))
                        for at, part in enumerate(beside, 1)
                        if isinstance(part, dict)
                    ]
                return [shown(item) for item in beside]
        return [str(at + 1) for at in range(size)]

    @property
    def wanted(self) -> int | None:
        """How many weights there should be; None where that is not known."""
        if self.dimension:
            return DIMENSIONS[self.dimension]
        for key in _BESIDE:
            beside = self.desk.first((*self.way[:-1], key))
            if isinstance(beside, list):
                return len(beside) - 1 if key == "edges" else len(beside)
        return None

    @property
    def help(self) -> str:
        """How the bars are used."""
        keys = (
            "Drag a bar, or go to it with ← → and change it with ↑ ↓ (Shift: ten steps); Esc cancels a drag."
        )
        return f"{self.shape.help} {keys}".strip()

    # Showing

    def refresh(self) -> None:
        """Show the weights."""
        raw = self._raw = self.desk.value(self.way)
        weights = _numbers(raw)
        self.title.setText("" if self.dimension else self.label)  # the dimension is told above it
        self.bars.setVisible(weights is not None)
        wanted = self.wanted
        known = self.dimension in PRESETS
        self.preset.setVisible(known)
        missing = wanted is not None and wanted > 0 and (weights is None or len(weights) != wanted)
        self.even.setVisible(missing and raw is not MIXED)
        self.even.setText(f"Begin with {wanted} even weights" if raw is not MIXED else "")
        if weights is None:
            self.title.setText("These differ." if raw is MIXED else self.title.text())
            self.warning.hide()
            self.grid.show_rows([])
            return
        labels = self.labels(len(weights))
        self._show_band(weights)
        self.bars.show_weights(weights, labels)
        parts = shares(weights)
        self.grid.show_rows(
            [
                (labels[at] if at < len(labels) else "", shown(raw[at]), f"{100 * parts[at]:.2f} %")
                for at in range(len(weights))
            ]
        )

    def value(self) -> Any:
        """Return the weights as the table says them."""
        if _numbers(self._raw) is None:
            return self._raw
        texts = [row[1] for row in self.grid.table.rows]
        return [_weight(text, old) for text, old in zip(texts, self._raw, strict=True)]

    # Dragging

    def _title(self) -> str:
        return f"Change weights of {self.desk.name}"

    def _begin(self) -> None:
        self._drag = self.desk.drag(self._title())

    def _move(self, at: int, weight: float) -> None:
        if self._drag is not None and isinstance(self._raw, list) and at < len(self._raw):
            self._drag.show({self.way: _replaced(self._raw, at, weight)})

    def _end(self) -> None:
        if self._drag is not None:
            self._drag.keep()
            self._drag = None

    def _cancel(self) -> None:
        if self._drag is not None:
            self._drag.cancel()
            self._drag = None

    def _step(self, at: int, weight: float) -> None:
        if isinstance(self._raw, list):
            self.set(_replaced(self._raw, at, weight))

    # Numbers, presets, the weekend

    def _write(self, cells: dict[tuple[int, int], str]) -> None:
        if not isinstance(self._raw, list):
            return
        made = list(self._raw)
        for (row, column), text in cells.items():
            if column == 1 and row < len(made):
                made[row] = _weight(text, made[row])
        self.set(made)

    def _show_table(self) -> None:
        self.grid.setVisible(self.numbers.isChecked())

    def _normalise(self) -> None:
        self.bars.normalised = self.view.isChecked()
        self.view.setText("weights" if self.bars.normalised else "shares")
        self.bars.update()

    def _offer_presets(self) -> None:
        self._popup.setGeometry(self.preset.geometry())
        self._popup.open()

    def _presets(self) -> Sequence[Choice]:
        said = {"hour": "by hour", "dow": "from Monday to Sunday", "month": "from January to December"}
        return [Choice(name, name, said[self.dimension]) for name, _ in PRESETS.get(self.dimension, ())]

    def _take_preset(self, name: str) -> None:
        weights = dict(PRESETS[self.dimension])[name]
        self.desk.set(self.way, list(weights), f"Take {name.lower()} for {self.desk.name}", self.order)

    def _make_even(self) -> None:
        self.desk.set(self.way, [1] * (self.wanted or 1), self._title(), self.order)

    def _others(self) -> list[list[float]]:
        """Return the other weights by weekday of the same column."""
        generator = self.desk.column.get("generator")
        series = generator.get("datetime_series") if isinstance(generator, dict) else None
        found: list[tuple[Path, Any]] = []
        if isinstance(series, dict):
            base: Path = ("generator", "datetime_series")
            found.append(((*base, "pattern"), series.get("pattern")))
            patterns = series.get("patterns")
            found += [
                ((*base, "patterns", at), each)
                for at, each in enumerate(patterns if isinstance(patterns, list) else ())
            ]
        modifiers = self.desk.column.get("modifiers")
        for at, modifier in enumerate(modifiers if isinstance(modifiers, list) else ()):
            if isinstance(modifier, dict) and modifier.get("transform") == "seasonality":
                found.append((("modifiers", at, "args"), modifier.get("args")))
        return [
            weights
            for way, each in found
            if isinstance(each, dict)
            and each.get("dimension") == "dow"
            and way != self.way[:-1]
            and (weights := _numbers(each.get("weights"))) is not None
            and len(weights) == 7
        ]

    def _target(self) -> tuple[float, float] | None:
        """Return the share of the weekend that a target asks of this column."""
        if self.dimension != "dow" or self.desk.column_type not in ("date", "datetime"):
            return None
        tree = self.desk.tree
        targets = tree.get("targets") if isinstance(tree, dict) else None
        said = targets.get("weekend_share") if isinstance(targets, dict) else None
        for target in said if isinstance(said, list) else [said]:
            if (
                isinstance(target, dict)
                and target.get("table") == self.desk.table.get("id")
                and target.get("timestamp") == self.desk.column.get("name")
            ):
                low, high = target.get("min", 0.0), target.get("max", 1.0)
                ends = real(low), real(high)
                if ends[0] is not None and ends[1] is not None:
                    return ends[0], ends[1]
        return None

    def _show_band(self, weights: list[float]) -> None:
        target = self._target()
        self.bars.band = None
        if target is None or len(weights) != 7:
            self.warning.hide()
            return
        low, high = target
        others = self._others()
        self.bars.band = (
            _WEEKEND,
            weekend_height(weights, low, others),
            weekend_height(weights, high, others),
        )
        share = weekend_share(weights, others)
        self.warning.show_share(share, low, high)

    def _reach(self) -> None:
        weights, target = _numbers(self._raw), self._target()
        if weights is not None and target is not None:
            made = scaled_to_share(
                weights, aim(weekend_share(weights, self._others()), *target), self._others()
            )
            kept = [old if new == float(old) else new for old, new in zip(self._raw, made, strict=True)]
            self.desk.set(self.way, kept, f"Scale the weekend of {self.desk.name}", self.order)


_SHARE = GridColumn("Share", editable=False, right=True)


def aim(share: float, low: float, high: float) -> float:
    """Return the share within a target that is nearest, with some room.

    Examples
    --------
    >>> aim(0.348, 0.36, 0.5)
    0.37
    """
    room = min(0.01, (high - low) / 2)
    wanted = low + room if share < low else high - room
    return round(wanted, 4)


class _Reach(QWidget):
    """Says what share of the weekend a target asks for, what the weights give, and mends it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.sign = QLabel(self)
        self.text = quiet("", self)
        self.mend: QPushButton = link("", self)
        self.mend.setFont(secondary(self.font()))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.text)
        words.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(6)
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.hide()

    def show_share(self, share: float, low: float, high: float) -> None:
        """Show the share that the weights give beside the one that is wanted."""
        met = low <= share <= high
        side = round(self.fontMetrics().height() * 0.85)
        theme = self._desk.theme
        self.sign.setPixmap(
            sign_pixmap("ok" if met else "warning", theme.palette, side, self.devicePixelRatioF())
        )
        self.sign.setAccessibleName("met" if met else "warning")
        asked = f"{100 * low:.4g}–{100 * high:.4g} %"
        self.text.setText(f"The target asks for {asked} at weekends; these weights give {100 * share:.1f} %.")
        self.mend.setText(f"Scale to {100 * aim(share, low, high):.4g} %")
        self.mend.setVisible(not met)
        self.show()


@register(BY_KEY, "dimension")
class DimensionField(WordField):
    """The dimension of weights: with another one there are as many weights as it has cells."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.labelled = False  # what it says tells what it is
        self._kept: dict[str, list[Any]] = {}

    def _take(self, key: str) -> None:
        beside = (*self.way[:-1], "weights")
        weights = self.desk.first(beside)
        if not isinstance(weights, list) or key not in DIMENSIONS or len(self.desk.roots) > 1:
            super()._take(key)
            return
        if isinstance(self._raw, str):
            self._kept[self._raw] = weights
        made = weights if len(weights) == DIMENSIONS[key] else self._kept.get(key, [1] * DIMENSIONS[key])
        around = self.desk.first(self.way[:-1])
        title = f"Change dimension of {self.desk.name}"
        self.desk.set(self.way[:-1], {**around, self.way[-1]: key, "weights": made}, title)


def _numbers(raw: Any) -> list[float] | None:
    """Return a list of numbers; None for what is none."""
    if not isinstance(raw, list) or not raw:
        return None
    numbers = [number for number in map(real, raw) if number is not None]
    return [max(0.0, number) for number in numbers] if len(numbers) == len(raw) else None


def _replaced(raw: list[Any], at: int, weight: float) -> list[Any]:
    made = list(raw)
    made[at] = int(weight) if weight.is_integer() and isinstance(made[at], int) else weight
    return made


def _weight(text: str, old: Any) -> Any:
    if text == shown(old):
        return old
    number = number_of(text.removesuffix("%"))
    return number if number is not None else (text or 0)
