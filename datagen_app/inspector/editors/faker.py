"""What faker gives: a method to search for, its arguments, a locale, and some values of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk
from datagen_app.inspector.fields.choosing import PickField
from datagen_app.inspector.fields.containers import ObjectField
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.make import BY_NAME, BY_SAYING, make_field, register
from datagen_app.inspector.fields.picker import Choice
from datagen_app.inspector.language import catalogue
from datagen_app.inspector.row import Row
from datagen_app.inspector.scalars import shown
from datagen_app.inspector.section import quiet
from datagen_app.inspector.shape import ABSENT, Shape
from datagen_app.shell.fonts import monospace, secondary

__all__ = ["FakerField", "MethodField"]

_SAMPLES = 5
_PAUSE = 150
"""Milliseconds after an edit before samples are asked for."""
_SUITABLE: dict[str, set[str]] = {
    "int": {"int", "any"},
    "float": {"float", "int", "any"},
    "bool": {"bool", "any"},
    "date": {"date", "any"},
    "datetime": {"datetime", "date", "any"},
}
_PLAIN: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "list": {"type": "array", "items": {}},
}


@register(BY_SAYING, "faker method")
class MethodField(PickField):
    """One of faker's methods, by name, by what it is about, or by a word of its help."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.picker.steps = False
        self.picker.wide = round(22 * self.fontMetrics().height())

    @property
    def help(self) -> str:
        """What the method gives."""
        method = catalogue().methods.get(str(self.value()))
        return method.help if method is not None else "What kind of value it gives."

    def choices(self) -> Sequence[Choice]:
        """Return the methods that suit the type of the column: any for text."""
        wanted = _SUITABLE.get(self.desk.column_type)
        return [
            Choice(
                method.name,
                method.title,
                method.help,
                "" if method.sample is None else shown(method.sample)[:80],
                method.provider.replace("_", " "),
            )
            for method in catalogue().methods.values()
            if wanted is None or method.kind in wanted
        ]

    def title_of(self, value: str) -> str:
        """Return what a method is called."""
        method = catalogue().methods.get(value)
        return method.title if method is not None else value

    def _take(self, key: str) -> None:
        """Change the method; arguments that the new one does not take go with the old one."""
        old, new = catalogue().methods.get(str(self._raw)), catalogue().methods.get(key)
        body = self.desk.value(self.way[:-1])
        if not isinstance(body, dict) or new is None:
            super()._take(key)
            return
        gone = (
            {p.name for p in old.parameters} - {p.name for p in new.parameters} if old is not None else set()
        )
        made = {k: key if k == "method" else v for k, v in body.items() if k not in gone}
        for parameter in new.parameters:
            if parameter.required and parameter.name not in made:
                made[parameter.name] = parameter.default if parameter.default is not None else ""
        self.desk.set(self.way[:-1], made, f"Change method of {self.desk.name}")


class _Body(ObjectField):
    """The fields of a faker column beside its arguments."""

    def _hidden(self, key: str) -> bool:
        method = catalogue().methods.get(str(self.desk.first((*self.way, "method"))))
        return method is not None and any(parameter.name == key for parameter in method.parameters)


@register(BY_NAME, "generator faker")
class FakerField(Field):
    """The editor of a faker column."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.method = MethodField(desk, shape.fields["method"], (*way, "method"))
        self._method_row = Row(desk, self.method, self)
        self.about = quiet("", self)
        self.samples = QLabel(self)
        self.samples.setFont(monospace(secondary(self.font())))
        self.samples.setTextFormat(self.about.textFormat())
        self.samples.setWordWrap(True)
        self.samples.setAccessibleName("Some values")
        self.samples.setContentsMargins(8, 6, 8, 6)
        self.samples.setProperty("class", "samples")
        self._arguments = QVBoxLayout()
        self._arguments.setSpacing(8)
        self._argument_rows: list[Row] = []
        self._built: str | None = None
        self.body = _Body(desk, shape, way, leave_out=("method",))
        self.body.labelled = False
        self._body_row = Row(desk, self.body, self)
        self._asked: Any = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._method_row)
        layout.addWidget(self.about)
        layout.addWidget(self.samples)
        layout.addLayout(self._arguments)
        layout.addWidget(self._body_row)
        self.setFocusProxy(self.method)

    def inner(self) -> Iterator[Field]:
        """Yield the fields in it."""
        yield self.method
        for row in self._argument_rows:
            yield row.field
        yield self.body

    def commit(self) -> None:
        """Take what is typed into the document."""
        for field in self.inner():
            field.commit()

    def refresh(self) -> None:
        """Show the column."""
        self.method.refresh()
        raw = self.desk.value((*self.way, "method"))
        name = raw if isinstance(raw, str) else ""
        method = catalogue().methods.get(name)
        self.about.setText(method.help if method is not None else "")
        self.about.setVisible(method is not None)
        if name != self._built:
            self._built = name
            self._build(name)
        for row in self._argument_rows:
            row.field.refresh()
        self.body.refresh()
        body = self.desk.value(self.way)
        if body is not MIXED and body != self._asked:
            self._soon.start()
        if body is MIXED:
            self.samples.hide()

    def value(self) -> Any:
        """Return the body as the fields say it."""
        raw = self.desk.first(self.way)
        if not isinstance(raw, dict):
            return raw
        made = self.body.value()
        for row in self._argument_rows:
            key = row.field.shape.key
            value = row.field.value()
            if value is not ABSENT:
                made[key] = value
        return {key: self.method.value() if key == "method" else made.get(key, raw[key]) for key in raw} | {
            key: value for key, value in made.items() if key not in raw
        }

    def _build(self, name: str) -> None:
        for row in self._argument_rows:
            row.hide()
            row.deleteLater()
        self._argument_rows = []
        method = catalogue().methods.get(name)
        for parameter in method.parameters if method is not None else ():
            said: dict[str, Any] = dict(_PLAIN.get(parameter.kind, {}))
            said["title"] = parameter.name.replace("_", " ").capitalize()
            if isinstance(parameter.default, str | int | float | bool):
                said["default"] = parameter.default
            shape = Shape(said, self.shape.language, parameter.name, parameter.required)
            field = make_field(self.desk, shape, (*self.way, parameter.name))
            row = Row(self.desk, field, self)
            self._argument_rows.append(row)
            self._arguments.addWidget(row)

    def _ask(self) -> None:
        body = self.desk.value(self.way)
        if self.desk.asker is None or not isinstance(body, dict):
            return
        self._asked = body
        alone = {key: value for key, value in body.items() if key not in ("locale_from", "group")}
        kind = self.desk.column_type or "string"
        self.desk.asker.ask(self, "try", self._hear, generator={"faker": alone}, type=kind, n=_SAMPLES)

    def _hear(self, answer: dict[str, Any]) -> None:
        values = answer.get("values")
        self.samples.setVisible(isinstance(values, list))
        if isinstance(values, list):
            self.samples.setText("\n".join("null" if value is None else str(value) for value in values))
