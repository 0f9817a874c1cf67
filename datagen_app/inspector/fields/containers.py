"""Fields that hold others: objects, parts of the language, lists, maps, and what may be one of several forms."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.carry import carried_body
from datagen_app.inspector.desk import MIXED, Desk
from datagen_app.inspector.fields.choosing import named
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import Line
from datagen_app.inspector.fields.make import BY_KIND, BY_NAME, make_field, register
from datagen_app.inspector.fields.picker import Choice, Picker
from datagen_app.inspector.fields.simple import SimpleField
from datagen_app.inspector.parts import choices_of
from datagen_app.inspector.row import Row, link
from datagen_app.inspector.scalars import number_of
from datagen_app.inspector.shape import (
    ABSENT,
    Shape,
    body_way,
    new_part,
    start_value,
    word_of,
)
from datagen_app.inspector.wording import quoted, spoken
from datagen_app.shell.fonts import secondary

__all__ = ["EitherField", "ListField", "MapField", "NumbersField", "ObjectField", "PartField", "cross"]

_SPACING = 8
_COMPOSITE = ("object", "list", "map", "part", "either")


class _Holder(Field):
    """A field that holds others in a column."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_SPACING)
        self._rows: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """The rows of the fields in it."""
        return self._rows

    def inner(self) -> Iterator[Field]:
        """Yield the fields in it."""
        for row in self._rows:
            yield row.field

    def commit(self) -> None:
        """Take what is typed in any of them."""
        for field in self.inner():
            field.commit()

    def _clear(self) -> None:
        self._rows = []
        _empty(self._layout)


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QVBoxLayout | QHBoxLayout):
            _empty(inner)


@register(BY_KIND, "object")
class ObjectField(_Holder):
    """An object: a row for each of its fields.

    What is rarely used is shown only where it is there; an object within it that may be left out is a link
    that adds it.
    """

    def __init__(
        self,
        desk: Desk,
        shape: Shape,
        way: Path,
        label: str = "",
        parent: QWidget | None = None,
        leave_out: Sequence[str] = (),
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._leave_out = set(leave_out)
        self._built: tuple[str, ...] = ()
        self.setProperty("class", "group")

    def refresh(self) -> None:
        """Show the object."""
        wanted = tuple(self._wanted())
        if wanted != self._built:
            self._built = wanted
            self._build(wanted)
        for row in self._rows:
            row.field.refresh()

    def value(self) -> Any:
        """Return the object, with what no field shows."""
        raw = self.desk.first(self.way)
        made = {}
        shown = {row.field.shape.key: row.field for row in self._rows}
        for key in raw if isinstance(raw, dict) else ():
            value = shown[key].value() if key in shown else raw[key]
            if value is not ABSENT:
                made[key] = value
        for key, field in shown.items():
            if key not in made and (value := field.value()) is not ABSENT:
                made[key] = value
        return made

    def _wanted(self) -> Iterator[str]:
        """Yield the fields that are shown; those to be added end with a plus, unknown keys with a cross."""
        there = [value for value in self.desk.values(self.way) if isinstance(value, dict)]
        for key, inner in self.shape.fields.items():
            if key in self._leave_out:
                continue
            present = any(value.get(key) is not None for value in there)
            fixed = _only_word(inner) and all(value.get(key) == inner.words[0] for value in there)
            if (not present and inner.rare) or (present and fixed):
                continue
            yield f"{key}+" if not present and not inner.required and inner.kind in _COMPOSITE else key
        known = {*self.shape.fields, *self._leave_out, "comment", "description"}
        for key in dict.fromkeys(key for value in there for key in value):
            if key not in known and not key.startswith("x-") and not self._hidden(key):
                yield f"{key}\0"

    def _hidden(self, key: str) -> bool:
        """Whether a key that is no field of this object belongs to somebody else."""
        family = self.shape.name.split(" ")[0]
        return family == "fanout" and key == "distribution"

    def _build(self, wanted: Sequence[str]) -> None:
        self._clear()
        order = tuple(self.shape.fields)
        self._adders = QHBoxLayout()
        self._adders.setSpacing(12)
        for entry in wanted:
            if entry.endswith("+"):
                key = entry[:-1]
                inner = self.shape.fields[key]
                add = link(f"+ {inner.title}", self)
                add.setToolTip(inner.help)
                add.clicked.connect(_Add(self, key, inner))
                self._layout.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
                continue
            if entry.endswith("\0"):
                key = entry[:-1]
                field: Field = OpenField(
                    self.desk, Shape({}, self.shape.language, key), (*self.way, key), key
                )
            else:
                key = entry
                field = make_field(self.desk, self.shape.fields[key], (*self.way, key))
            field.order = order
            row = Row(self.desk, field, self)
            self._rows.append(row)
            inner_shape = self.shape.fields.get(key)
            removable = inner_shape is None or (inner_shape.kind in _COMPOSITE and not inner_shape.required)
            self._layout.addWidget(_with_cross(row, field) if removable and field.labelled else row)


class OpenField(SimpleField):
    """A key beyond the fields of an object: an argument of somebody else's, or a mistake."""


def _with_cross(row: Row, field: Field) -> QWidget:
    """Return a row with a button that leaves its value out."""
    remove = cross(f"Remove {field.label}", row)
    remove.clicked.connect(field.remove)
    layout = row.layout()
    if field.wide:
        layout.addWidget(remove, 0, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)  # type: ignore[union-attr, call-arg]  # a row's layout is a grid
    else:
        layout.addWidget(remove, 0, 2)  # type: ignore[union-attr, call-arg]  # likewise
    return row


def cross(name: str, parent: QWidget) -> QToolButton:
    """Return a small button that removes."""
    button = QToolButton(parent)
    button.setText("×")
    button.setAutoRaise(True)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setProperty("class", "small")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class _Add:
    """Add what may be left out, when called."""

    def __init__(self, holder: ObjectField, key: str, inner: Shape) -> None:
        self._holder, self._key, self._inner = holder, key, inner

    def __call__(self) -> None:
        holder = self._holder
        about = f"Add {self._inner.title.lower()} to {holder.desk.name}"
        value = start_value(self._inner)
        if value in ([], {}) and self._inner.kind == "list":
            value = [start_value(self._inner.item)]
        holder.desk.set((*holder.way, self._key), value, about, tuple(holder.shape.fields))


@register(BY_KIND, "part")
class PartField(_Holder):
    """A generator, a distribution, a fanout: which one it is, and its own fields.

    What it held as another part is kept as long as the form is open, so that changing back loses nothing.
    """

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        family = shape.family
        assert family is not None
        self.family = family
        self.known = shape.language.parts.get(family.noun, {})
        self.body: Field | None = None
        self._word: str | None = None
        self._kept: dict[tuple[Path, str], Any] = {}
        self.picker = Picker(desk.theme, self.label, self)
        self.picker.steps = False
        self.picker.wide = round(22 * self.fontMetrics().height())
        self.picker.offer(self._offered)
        self.picker.picked.connect(self.choose)
        self.about = QLabel(self)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setWordWrap(True)
        self.about.setProperty("class", "secondary")
        self.about.setFont(secondary(self.font()))
        self._layout.addWidget(self.picker)
        self._layout.addWidget(self.about)
        self._body_row: Row | None = None
        self.setFocusProxy(self.picker)
        self.watch(self.picker)

    @property
    def help(self) -> str:
        """What the part does."""
        part = self.known.get(self._word or "")
        return part.help if part is not None else super().help

    def refresh(self) -> None:
        """Show the part."""
        words = {word_of(self.family, value, self.known) for value in self.desk.values(self.way)}
        word = words.pop() if len(words) == 1 else None
        part = self.known.get(word or "")
        if word is None:
            self.picker.show_choice("", "differs", quiet=True)
        elif part is not None:
            self.picker.show_choice(part.key, part.title)
        else:
            self.picker.show_choice(word, word or "choose", quiet=not word)
        self.about.setText(quoted(part.help) if part is not None else "")
        self.about.setVisible(part is not None)
        if word != self._word:
            self._word = word
            self._build(word)
        if self._body_row is not None:
            self._body_row.field.refresh()

    def value(self) -> Any:
        """Return the part, with what no field shows."""
        raw = self.desk.first(self.way)
        if self.body is None or not self._word:
            return raw
        way = body_way(self.family, self._word)
        if not way:
            body = self.body.value()
            return {**body, **{k: v for k, v in raw.items() if k == self.family.word}}
        body = self.body.value()
        empty = way[0] not in raw and body in ({}, ABSENT)
        return dict(raw) if empty else {**raw, way[0]: body}

    def choose(self, word: str) -> None:
        """Change to another part; what both have is kept."""
        for root, value in zip(self.desk.roots, self.desk.values(self.way), strict=True):
            old = word_of(self.family, value, self.known)
            if old:
                self._kept[(root + self.way, old)] = value
        part = self.known.get(word)
        sample = part.samples[0] if part is not None and part.samples else {}

        def changed(value: Any) -> Any:
            made = new_part(self.family, word, self._start(word, sample, value))
            remarks = value if isinstance(value, dict) else {}
            return {**{k: v for k, v in remarks.items() if k in _REMARKS or k.startswith("x-")}, **made}

        title = part.title.lower() if part is not None else word
        edits: list[datagen.Edit] = []
        for root, value in zip(self.desk.roots, self.desk.values(self.way), strict=True):
            kept = self._kept.get((root + self.way, word))
            new = kept if kept is not None else changed(value)
            operation = "insert" if value is ABSENT else "set"
            before = None if value is ABSENT else value
            edits.append(datagen.Edit(operation, root + self.way, before, new))  # type: ignore[arg-type]  # a literal
        self.desk.do(f"Make {self.desk.name} a {title}", edits)

    def _start(self, word: str, sample: Any, value: Any) -> Any:
        """Return the body that a part begins with: its sample, fitted to the document."""
        return carried_body(self.family, word, sample, value, self.desk)

    def inner(self) -> Iterator[Field]:
        """Yield the field of the body."""
        if self.body is not None:
            yield self.body

    def _offered(self) -> Sequence[Choice]:
        return choices_of(self.family.noun, self.known.values(), self.desk)

    def _build(self, word: str | None) -> None:
        if self._body_row is not None:
            self._body_row.hide()
            self._body_row.deleteLater()
        self._body_row = self.body = None
        self._rows = []
        shape = self.shape.language.body(self.family.noun, word) if word else None
        if shape is None or word is None:
            return
        self.body = make_field(self.desk, shape, (*self.way, *body_way(self.family, word)))
        self.body.labelled = False
        self._body_row = Row(self.desk, self.body, self)
        self._layout.addWidget(self._body_row)
        self._rows = [self._body_row]


_REMARKS = ("comment", "description")


@register(BY_KIND, "either")
class EitherField(_Holder):
    """A value of one of several forms: which one, and its own field."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._form: int | None = None
        self.picker = Picker(desk.theme, self.label, self)
        self.picker.offer(self._offered)
        self.picker.picked.connect(self._take)
        self._layout.addWidget(self.picker)
        self.setFocusProxy(self.picker)
        self.watch(self.picker)

    def refresh(self) -> None:
        """Show the value in its form."""
        value = self.desk.value(self.way)
        form = None if value is MIXED or value is ABSENT else self._form_of(value)
        if value is MIXED:
            self.picker.show_choice("", "differs", quiet=True)
        elif form is None:
            self.picker.show_choice("", "choose", quiet=True)
        else:
            self.picker.show_choice(str(form), _form_title(self.shape.options[form]))
        if form != self._form:
            self._form = form
            for row in self._rows:
                row.hide()
                row.deleteLater()
            self._rows = []
            if form is not None and not _only_word(self.shape.options[form]):
                field = make_field(self.desk, self.shape.options[form], self.way, self.label)
                field.labelled = False
                row = Row(self.desk, field, self)
                self._rows = [row]
                self._layout.addWidget(row)
        for row in self._rows:
            row.field.refresh()

    def value(self) -> Any:
        """Return the value."""
        return self._rows[0].field.value() if self._rows else self.desk.first(self.way)

    def _form_of(self, value: Any) -> int | None:
        fits = [at for at, option in enumerate(self.shape.options) if option.fits(value)]
        if isinstance(value, dict) and len(fits) > 1:
            return max(fits, key=lambda at: _likeness(self.shape.options[at], value))
        return fits[0] if fits else None

    def _offered(self) -> Sequence[Choice]:
        return [Choice(str(at), _form_title(option)) for at, option in enumerate(self.shape.options)]

    def _take(self, key: str) -> None:
        self.set(start_value(self.shape.options[int(key)]))


def _only_word(shape: Shape) -> bool:
    return shape.kind == "word" and len(shape.words) == 1


def _form_title(shape: Shape) -> str:
    if _only_word(shape):
        return spoken(shape.words[0])
    if shape.kind == "object":
        words = [field.words[0] for field in shape.fields.values() if _only_word(field)]
        if words:
            return spoken(words[0])
        letters = shape.name.removesuffix("Spec")
        return "".join(f" {c.lower()}" if c.isupper() else c for c in letters).strip()
    return {"list": "list", "number": "number", "text": "text", "reference": "name"}.get(
        shape.kind, shape.kind
    )


def _likeness(shape: Shape, value: dict[str, Any]) -> int:
    like = sum(key in shape.fields for key in value)
    fixed = [(key, field) for key, field in shape.fields.items() if _only_word(field)]
    return like + 100 * sum(value.get(key) == field.words[0] for key, field in fixed)


@register(BY_KIND, "list of number")
class NumbersField(SimpleField):
    """A list of numbers, written with commas between them."""

    def _text(self, raw: Any) -> str:
        if isinstance(raw, list):
            return ", ".join("" if item is None else super(NumbersField, self)._text(item) for item in raw)
        return super()._text(raw)

    def parse(self, text: str) -> Any:
        """Return the list that a text says; what is no number in it stays as it is."""
        if self._raw is not MIXED and text == self._text(self._raw):
            return self._raw
        if not text.strip():
            return [] if self.shape.required else ABSENT
        items = [item.strip() for item in text.replace(";", ",").replace("\t", ",").split(",")]
        numbers = [(item, number_of(item)) for item in items]
        return [item if number is None else number for item, number in numbers]


@register(BY_KIND, "list")
class ListField(_Holder):
    """A list: its items below one another, to add, remove and reorder (Alt and the arrow keys).

    Where one item may stand alone in the place of a list, it is shown as the only one.
    """

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._built: tuple[Path, ...] | None = None
        self._items = QVBoxLayout()
        self._items.setSpacing(_SPACING)
        self._layout.addLayout(self._items)
        self.add = link(f"+ {self._noun()}", self)
        self.add.setAccessibleName(f"Add {self._noun().lower()}")
        self.add.clicked.connect(self.append)
        self._layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.differs = QLabel("These differ.", self)
        self.differs.setProperty("class", "secondary")
        self._layout.addWidget(self.differs)

    def ways(self) -> list[Path]:
        """Return the ways of the items that are shown."""
        value = self.desk.value(self.way)
        if isinstance(value, list):
            return [(*self.way, at) for at in range(len(value)) if self.shows(at, value[at])]
        if self.shape.lone and value not in (ABSENT, None, MIXED):
            return [self.way]
        return []

    def shows(self, at: int, item: Any) -> bool:
        """Whether an item is shown."""
        return True

    def fresh(self) -> Any:
        """Return the value that a new item begins with."""
        return start_value(self.shape.item)

    def refresh(self) -> None:
        """Show the items."""
        value = self.desk.value(self.way)
        self.differs.setVisible(value is MIXED)
        self.add.setVisible(value is not MIXED)
        ways = tuple(self.ways())
        if ways != self._built:
            self._built = ways
            self._build(ways)
        for row in self._rows:
            row.field.refresh()

    def value(self) -> Any:
        """Return the list."""
        raw = self.desk.first(self.way)
        if not isinstance(raw, list):
            return self._rows[0].field.value() if self._rows else raw
        made = list(raw)
        for row in self._rows:
            made[int(row.field.way[-1])] = row.field.value()
        return made

    def append(self) -> None:
        """Add an item at the end."""
        value = self.desk.value(self.way)
        title = f"Add {self._noun().lower()} to {self.desk.name}"
        if value is MIXED:
            return
        if isinstance(value, list):
            self.desk.each(self.way, lambda items: [*items, self.fresh()], title)
        elif value is ABSENT or value is None:
            self.desk.set(self.way, [self.fresh()], title, self.order)
        else:
            self.desk.set(self.way, [value, self.fresh()], title)

    def take_away(self, way: Path) -> None:
        """Remove an item; with the last one the list goes too, where it may."""
        items = self.desk.value(self.way)
        title = f"Remove {self._noun().lower()} of {self.desk.name}"
        if way == self.way or (isinstance(items, list) and len(items) == 1 and not self.shape.required):
            self.desk.set(self.way, ABSENT, title)
        else:
            self.desk.set(way, ABSENT, title)

    def shift(self, way: Path, by: int) -> None:
        """Move an item up or down."""
        shown = self.ways()
        at = shown.index(way)
        if not 0 <= at + by < len(shown):
            return
        source, target = int(way[-1]), int(shown[at + by][-1])
        edits = [datagen.Edit("move", root + self.way, source, target) for root in self.desk.roots]
        self.desk.do(f"Move {self._noun().lower()} of {self.desk.name}", edits)
        to = self._rows[at + by].field.focus_widget()
        if to is not None:
            to.setFocus()

    def _noun(self) -> str:
        item = self.shape.item
        name = item.name if item.kind in ("object", "part") else ""
        spoken_name = "".join(
            f" {c.lower()}" if c.isupper() else c for c in name.removesuffix("Spec")
        ).strip()
        title = self.label[:-1] if self.label.endswith("s") and not self.label.endswith("ss") else self.label
        return (spoken_name or title).capitalize()

    def _build(self, ways: Sequence[Path]) -> None:
        self._rows = []
        _empty(self._items)
        for number, way in enumerate(ways, start=1):
            noun = "Column" if self.shape.item.lone else f"{self._noun()} {number}"
            field = make_field(self.desk, self.shape.item, way, noun)
            field.labelled = False
            row = Row(self.desk, field, self)
            self._rows.append(row)
            self._items.addWidget(_Item(self, row, way, f"{self._noun()} {number}"))


class _Item(QFrame):
    """An item of a list, with the button that removes it."""

    def __init__(self, holder: ListField, row: Row, way: Path, name: str) -> None:
        super().__init__(holder)
        self._holder, self._way = holder, way
        composite = row.field.shape.kind in _COMPOSITE
        layout = QHBoxLayout(self)
        layout.setSpacing(4)
        if composite:
            self.setProperty("class", "framed")
            layout.setContentsMargins(10, 8, 4, 10)
        else:
            layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row, 1)
        remove = cross(f"Remove {name.lower()}", self)
        remove.clicked.connect(self._remove)
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        # The only item of a list within a list goes with that list.
        inside = bool(holder.way) and isinstance(holder.way[-1], int)
        remove.setVisible(not (inside and len(holder.ways()) == 1))
        for child in (row, *row.findChildren(QWidget)):
            child.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the item with Alt and the arrow keys."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if alt and by is not None and not isinstance(watched, Picker):
                self._holder.shift(self._way, by)
                return True
        return False

    def _remove(self) -> None:
        self._holder.take_away(self._way)


@register(BY_NAME, "Branch")
class BranchField(ObjectField):
    """A branch of a case: when, and what then; or what otherwise."""

    def _wanted(self) -> Iterator[str]:
        branch = self.desk.first(self.way)
        otherwise = isinstance(branch, dict) and branch.get("else") is not None
        for key in super()._wanted():
            name = key.rstrip("+")
            if otherwise != (name in ("when", "then")):
                yield key


@register(BY_NAME, "generator case")
class CaseField(ListField):
    """The branches of a case; what holds otherwise stays the last."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.otherwise = link("+ Otherwise", self)
        self.otherwise.clicked.connect(self._add_otherwise)
        self._layout.addWidget(self.otherwise, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Show the branches."""
        super().refresh()
        branches = self.desk.value(self.way)
        self.otherwise.setVisible(isinstance(branches, list) and not _ends(branches))

    def append(self) -> None:
        """Add a branch, before what holds otherwise."""
        branches = self.desk.value(self.way)
        if not isinstance(branches, list):
            return
        fresh = {"when": "1 < 2", "then": self._generator(branches)}
        at = len(branches) - 1 if _ends(branches) else len(branches)
        edits = [datagen.Edit("insert", (*root, *self.way, at), None, fresh) for root in self.desk.roots]
        self.desk.do(f"Add a branch to {self.desk.name}", edits)

    def _add_otherwise(self) -> None:
        branches = self.desk.value(self.way)
        if isinstance(branches, list):
            made = [*branches, {"else": self._generator(branches)}]
            self.desk.set(self.way, made, f"Add what holds otherwise to {self.desk.name}")

    def _generator(self, branches: Sequence[Any]) -> Any:
        """Return the generator that a new branch begins with: that of the last one."""
        last = branches[-1] if branches and isinstance(branches[-1], dict) else {}
        found = last.get("then", last.get("else"))
        return copy.deepcopy(found) if isinstance(found, dict) else {"choice": {"choices": ["a"]}}


def _ends(branches: Sequence[Any]) -> bool:
    """Whether a case says what holds otherwise."""
    return bool(branches) and isinstance(branches[-1], dict) and branches[-1].get("else") is not None


@register(BY_KIND, "map")
class MapField(_Holder):
    """An object whose keys are the user's own: each key with its value."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._built: tuple[str, ...] | None = None
        self._items = QVBoxLayout()
        self._items.setSpacing(_SPACING)
        self._layout.addLayout(self._items)
        self.add = link("+ Entry", self)
        self.add.setAccessibleName(f"Add an entry to {self.label.lower()}")
        self.add.clicked.connect(self.append)
        self._layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def keys(self) -> list[str]:
        """Return the keys, in their order."""
        value = self.desk.value(self.way)
        return list(value) if isinstance(value, dict) else []

    def refresh(self) -> None:
        """Show the entries."""
        keys = tuple(self.keys())
        if keys != self._built:
            self._built = keys
            self._build(keys)
        for row in self._rows:
            row.field.refresh()

    def value(self) -> Any:
        """Return the object."""
        raw = self.desk.first(self.way)
        if not isinstance(raw, dict):
            return raw
        return {str(row.field.way[-1]): row.field.value() for row in self._rows}

    def append(self) -> None:
        """Add an entry under a key that is not there yet."""
        there = self.keys()
        offered = [choice.key for choice in self._offered() if choice.key not in there]
        key = offered[0] if offered else next(n for n in _names() if n not in there)
        value = start_value(self.shape.item)
        if self.shape.item.kind == "reference":
            same = named(self.desk, self.shape.item, (*self.way, key))
            value = next((choice.key for choice in same if choice.key == key), same[0].key if same else "")
        self.desk.set((*self.way, key), value, f"Add {key} to {self.label.lower()} of {self.desk.name}")

    def rename(self, old: str, new: str) -> None:
        """Rename a key; one that is there already stays as it is."""
        if new != old and new and new not in self.keys():
            edits = [datagen.Edit("rename_key", root + self.way, old, new) for root in self.desk.roots]
            self.desk.do(f"Rename {old} to {new}", edits)
        else:
            self._built = None
            self.refresh()

    def _offered(self) -> list[Choice]:
        if self.shape.key_refers:
            return named(self.desk, self.shape, self.way, self.shape.key_refers)
        return [Choice(value, value) for value in _segments(self.desk, self.way)]

    def _build(self, keys: Sequence[str]) -> None:
        self._rows = []
        _empty(self._items)
        for key in keys:
            field = make_field(self.desk, self.shape.item, (*self.way, key), key)
            field.labelled = False
            row = Row(self.desk, field, self)
            self._rows.append(row)
            self._items.addWidget(_Entry(self, row, key))


def _names() -> Iterator[str]:
    number = 1
    while True:
        yield f"value {number}"
        number += 1


def _segments(desk: Desk, way: Path) -> list[str]:
    """Return the values of the column that a behaviour goes by."""
    column = desk.first((*way[:-1], "segment_column"))
    document, own = desk.document, str(desk.table.get("id", ""))
    table = document.named(own) if document is not None else None
    found = table.named(column) if table is not None and isinstance(column, str) else None
    generator = found.value.get("generator") if found is not None else None
    choice = generator.get("choice") if isinstance(generator, dict) else None
    values = choice.get("choices") if isinstance(choice, dict) else None
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


class _Entry(QFrame):
    """A key with its value."""

    def __init__(self, holder: MapField, row: Row, key: str) -> None:
        super().__init__(holder)
        self._holder, self._key = holder, key
        composite = row.field.shape.kind in _COMPOSITE
        remove = cross(f"Remove {key}", self)
        remove.clicked.connect(self._remove)
        self._name = self._naming(holder, key)
        if composite:
            self.setProperty("class", "framed")
            layout = QVBoxLayout(self)
            layout.setContentsMargins(10, 8, 4, 10)
            head = QHBoxLayout()
            head.addWidget(self._name, 1)
            head.addWidget(remove)
            layout.addLayout(head)
            layout.addWidget(row)
        elif holder.shape.item.kind == "reference":  # two names are too long for one line
            grid = QGridLayout(self)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(4)
            grid.addWidget(self._name, 0, 0, 1, 2)
            grid.addWidget(remove, 0, 2)
            grid.addWidget(self._sign("="), 1, 0)
            grid.addWidget(row, 1, 1)
            grid.setColumnStretch(1, 1)
        else:
            line = QHBoxLayout(self)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
            line.addWidget(self._name, 1)
            line.addWidget(self._sign("→"))
            line.addWidget(row, 1)
            line.addWidget(remove)

    def _sign(self, text: str) -> QLabel:
        sign = QLabel(text, self)
        sign.setProperty("class", "secondary")
        return sign

    def _naming(self, holder: MapField, key: str) -> QWidget:
        if holder.shape.key_refers:
            picker = Picker(holder.desk.theme, f"Key {key}", self)
            picker.steps = False
            picker.offer(holder._offered)
            picker.show_choice(key, key)
            picker.picked.connect(self._rename)
            return picker
        line = Line(self)
        line.setAccessibleName(f"Key {key}")
        line.show_text(key)
        line.said.connect(self._rename)
        return line

    def _rename(self, new: str) -> None:
        self._holder.rename(self._key, new)

    def _remove(self) -> None:
        holder = self._holder
        about = f"Remove {self._key} from {holder.label.lower()} of {holder.desk.name}"
        holder.desk.set((*holder.way, self._key), ABSENT, about)
