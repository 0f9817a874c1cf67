"""A distribution: which one, its parameters as numbers and as handles on its density, and its clamp."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.carry import carried_params
from datagen_app.inspector.densities import Handle, curve, handles, rounded, span
from datagen_app.inspector.desk import MIXED, Desk, Drag, Said
from datagen_app.inspector.editors.plot import Knob, Plot
from datagen_app.inspector.edits import put
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.make import BY_NAME, BY_SAYING, make_field, register
from datagen_app.inspector.fields.picker import Choice, Picker
from datagen_app.inspector.fields.simple import SimpleField
from datagen_app.inspector.parts import choices_of
from datagen_app.inspector.row import Row, link
from datagen_app.inspector.scalars import real
from datagen_app.inspector.shape import FAMILIES, Shape

__all__ = ["DistributionField", "EndsField"]

_FAMILY = FAMILIES["distribution"]


@register(BY_SAYING, "ends")
class EndsField(Field):
    """A lowest and a highest value, side by side."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        number = Shape({"type": "number", "title": self.label}, shape.language, "", required=True)
        self.ends = [_End(desk, number, (*way, at), name) for at, name in enumerate(("Lowest", "Highest"))]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.ends[0], 1)
        dash = QLabel("to", self)
        dash.setProperty("class", "secondary")
        layout.addWidget(dash)
        layout.addWidget(self.ends[1], 1)
        self.setFocusProxy(self.ends[0])
        for end, name in zip(self.ends, ("lowest", "highest"), strict=True):
            end.line.setAccessibleName(f"{self.label}, {name}")
            end.line.setPlaceholderText(name)

    def inner(self) -> Iterator[Field]:
        """Yield both ends."""
        yield from self.ends

    def refresh(self) -> None:
        """Show both ends."""
        for end in self.ends:
            end.refresh()

    def value(self) -> Any:
        """Return both ends."""
        raw = self.desk.first(self.way)
        if not isinstance(raw, list):
            return raw
        return [end.value() for end in self.ends[: len(raw)]] + raw[2:]

    def commit(self) -> None:
        """Take what is typed into the document."""
        for end in self.ends:
            end.commit()

    def show_said(self, said: Sequence[Said]) -> None:
        """Show the problems of both."""
        super().show_said(said)


class _End(SimpleField):
    """One end; typing into one where there are none makes both."""

    def set(self, value: Any, focus: str | None = None) -> None:
        """Put a value in the place of the present one."""
        around = self.desk.value(self.way[:-1])
        if isinstance(around, list) or around is MIXED:
            super().set(value, focus)
            return
        both = [value, value]
        self.desk.set(self.way[:-1], both, f"Set clamp of {self.desk.name}")

    def remove(self) -> None:
        """Leave an end empty: the problem says that it is missing."""
        super().set(None)


@register(BY_NAME, "generator distribution", "MagnitudeDistribution")
class DistributionField(Field):
    """The editor of a distribution."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.known = shape.language.parts.get("distribution", {})
        self._word: str | None = None
        self._kept: dict[tuple[Path, str], Any] = {}
        self._drag: Drag | None = None
        self._handles: list[Handle] = []
        self._drawn: tuple[float, float] | None = None
        self.picker = Picker(desk.theme, "Distribution", self)
        self.picker.steps = False
        self.picker.offer(self._offered)
        self.picker.picked.connect(self.choose)
        self.picker.wide = round(22 * self.fontMetrics().height())
        self.plot = Plot(desk.theme, "Density", self)
        self.plot.begun.connect(self._begin)
        self.plot.moved.connect(self._move)
        self.plot.ended.connect(self._end)
        self.plot.cancelled.connect(self._cancel)
        self.plot.stepped.connect(self._step)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(8)
        self._params: Row | None = None
        self.clamp = make_field(desk, shape.fields["clamp"], (*way, "clamp"))
        self.clamp.order = tuple(shape.fields)
        self._clamp_row = Row(desk, self.clamp, self)
        self.unclamp = link("Leave the clamp out", self)
        self.unclamp.clicked.connect(self.clamp.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        top = QGridLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.picker, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.plot)
        layout.addLayout(self._holder)
        layout.addWidget(self._clamp_row)
        layout.addWidget(self.unclamp, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.picker)
        self.watch(self.plot)

    @property
    def help(self) -> str:
        """What the distribution is for, and how it is dragged."""
        part = self.known.get(self._word or "")
        said = part.help if part is not None else self.shape.help
        return f"{said} Drag the handles, or choose one with ↑ ↓ and move it with ← → (Shift: ten steps)."

    def inner(self) -> Iterator[Field]:
        """Yield the fields of the parameters and of the clamp."""
        if self._params is not None:
            yield self._params.field
        yield self.clamp

    def commit(self) -> None:
        """Take what is typed into the document."""
        for field in self.inner():
            field.commit()

    def refresh(self) -> None:
        """Show the distribution."""
        raw = self.desk.value((*self.way, "type"))
        word = raw if isinstance(raw, str) else None
        part = self.known.get(word or "")
        if raw is MIXED:
            self.picker.show_choice("", "differs", quiet=True)
        else:
            self.picker.show_choice(word or "", part.title if part else word or "choose", quiet=part is None)
        if word != self._word:
            self._word = word
            self._build(word)
        if self._params is not None:
            self._params.field.refresh()
        self.clamp.refresh()
        optional = not self.shape.fields["clamp"].required
        self.unclamp.setVisible(optional and self.clamp.present)
        self._draw()

    def value(self) -> Any:
        """Return the distribution, with what no field shows."""
        raw = self.desk.first(self.way)
        if not isinstance(raw, dict):
            return raw
        made = dict(raw)
        if self._params is not None:
            made["params"] = self._params.field.value()
        if "clamp" in made:
            made["clamp"] = self.clamp.value()
        return made

    def choose(self, word: str) -> None:
        """Change to another distribution, about as large and about as spread; the clamp stays."""
        part = self.known[word]
        edits: list[datagen.Edit] = []

        for root, raw in zip(self.desk.roots, self.desk.values(self.way), strict=True):
            body = raw if isinstance(raw, dict) else {}
            old, params = str(body.get("type", "")), body.get("params")
            params = params if isinstance(params, dict) else {}
            self._kept[(root + self.way, old)] = params
            kept = self._kept.get((root + self.way, word))
            sample = copy.deepcopy(dict(part.samples[0])) if part.samples else {}
            made = kept if kept is not None else carried_params(old, params, word, sample)
            tree = self.desk.tree
            edits += put(tree, (*root, *self.way, "type"), word, tuple(self.shape.fields))
            edits += put(tree, (*root, *self.way, "params"), made, tuple(self.shape.fields))
        self.desk.do(f"Make {self.desk.name} {part.title.lower()}", edits)

    def _offered(self) -> Sequence[Choice]:
        return choices_of("distribution", self.known.values(), self.desk)

    def _build(self, word: str | None) -> None:
        if self._params is not None:
            self._params.hide()
            self._params.deleteLater()
            self._params = None
        shape = self.shape.language.body("distribution", word) if word else None
        if shape is None:
            return
        field = make_field(self.desk, shape, (*self.way, "params"))
        field.labelled = False
        self._params = Row(self.desk, field, self)
        self._holder.addWidget(self._params)

    # The plot

    def _params_now(self) -> dict[str, Any]:
        params = self.desk.first((*self.way, "params"))
        return params if isinstance(params, dict) else {}

    def _clamp_now(self) -> tuple[float | None, float | None]:
        raw = self.desk.first((*self.way, "clamp"))
        ends = raw if isinstance(raw, list) and len(raw) == 2 else (None, None)
        low, high = map(real, ends)
        return low, high

    def _draw(self) -> None:
        mixed = self.desk.value(self.way) is MIXED
        word, params, clamp = self._word or "", self._params_now(), self._clamp_now()
        ends = None if mixed else span(word, params, clamp)
        if self.plot.dragging and self._drawn is not None:
            ends = self._drawn  # the ground does not move while something on it is dragged
        shown = curve(word, params, *ends) if ends is not None else None
        self.plot.setVisible(shown is not None)
        if ends is None or shown is None:
            return
        self._drawn = ends
        self._handles = handles(word, params)
        knobs = [Knob(handle.title, handle.x) for handle in self._handles]
        names = ("Clamp, lowest", "Clamp, highest")
        knobs += [
            Knob(name, end, end=True) for name, end in zip(names, clamp, strict=True) if end is not None
        ]
        self.plot.show_curve(shown, ends, clamp, knobs)

    def _changes(self, at: int, x: float) -> dict[Path, Any]:
        """Return the values that a handle at a place stands for, by their ways."""
        size = (self._drawn[1] - self._drawn[0]) if self._drawn else 1.0
        if at < len(self._handles):
            changed = self._handles[at].change(x)
            logarithmic = self._word == "lognormal"
            return {
                (*self.way, "params", key): rounded(
                    value, 1.0 if logarithmic else _size(self._word, key, size)
                )
                for key, value in changed.items()
            }
        clamp = self._clamp_now()
        end = [index for index, value in enumerate(clamp) if value is not None][at - len(self._handles)]
        value = rounded(x, size)
        other = clamp[1 - end]
        if other is not None:
            value = min(value, other) if end == 0 else max(value, other)
        value = int(value) if float(value).is_integer() else value
        return {(*self.way, "clamp", end): value}

    def _begin(self) -> None:
        self._drag = self.desk.drag(f"Change distribution of {self.desk.name}")

    def _move(self, at: int, x: float) -> None:
        if self._drag is not None:
            self._drag.show(self._changes(at, x))

    def _end(self) -> None:
        if self._drag is not None:
            self._drag.keep()
            self._drag = None
            self._draw()

    def _cancel(self) -> None:
        if self._drag is not None:
            self._drag.cancel()
            self._drag = None

    def _step(self, at: int, x: float) -> None:
        changes = self._changes(at, x)
        edits = [
            edit
            for root in self.desk.roots
            for way, value in changes.items()
            for edit in put(self.desk.tree, root + way, value)
        ]
        self.desk.do(f"Change distribution of {self.desk.name}", edits, f"{self.way} handle {at}")


def _size(word: str | None, key: str, size: float) -> float:
    """Return how large a parameter is: of chances and shapes it has nothing to do with the values."""
    return 1.0 if key == "p" or (word == "beta") else size
