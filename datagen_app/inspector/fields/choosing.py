"""Fields in which one of several is chosen: words, yes or no, and names of tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.make import BY_KIND, BY_SAYING, register
from datagen_app.inspector.fields.picker import Choice, Picker
from datagen_app.inspector.fields.tick import Tick
from datagen_app.inspector.language import catalogue
from datagen_app.inspector.scalars import shown
from datagen_app.inspector.shape import ABSENT, Shape
from datagen_app.inspector.wording import meaning, spoken

__all__ = ["FlagField", "LocaleField", "PickField", "ReferenceField", "WordField", "fitting", "named"]

NONE = "\0"
"""The key of the choice that leaves a value out."""


class PickField(Field):
    """One of several choices."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._raw: Any = ABSENT
        self.picker = Picker(desk.theme, self.label, self)
        self.picker.offer(self._offered)
        self.picker.picked.connect(self._take)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picker)
        self.setFocusProxy(self.picker)
        self.watch(self.picker)

    def choices(self) -> Sequence[Choice]:
        """Return what can be chosen."""
        raise NotImplementedError

    def title_of(self, value: str) -> str:
        """Return what a value is called."""
        return value

    def refresh(self) -> None:
        """Show what is chosen."""
        raw = self._raw = self.desk.value(self.way)
        if raw is MIXED:
            self.picker.show_choice("", "differs", quiet=True)
        elif raw is ABSENT or raw is None:
            default = self.shape.default
            text = self.title_of(str(default)) if default not in (ABSENT, "", None) else self.nothing
            self.picker.show_choice(NONE, text, quiet=True)
        elif isinstance(raw, str):
            self.picker.show_choice(raw, self.title_of(raw))
        else:
            self.picker.show_choice("", shown(raw))

    @property
    def nothing(self) -> str:
        """What stands for nothing."""
        return "choose" if self.shape.required else "none"

    def value(self) -> Any:
        """Return what is chosen."""
        if not isinstance(self._raw, str):
            return self._raw
        return ABSENT if self.picker.current == NONE else self.picker.current

    def _offered(self) -> Sequence[Choice]:
        offered = list(self.choices())
        if not self.shape.required:
            offered.insert(0, Choice(NONE, self.nothing, aside="left out"))
        if isinstance(self._raw, str) and all(choice.key != self._raw for choice in offered):
            offered.append(Choice(self._raw, self.title_of(self._raw), "not known here"))
        return offered

    def _take(self, key: str) -> None:
        if key == NONE:
            self.remove()
        else:
            self.set(key)


@register(BY_KIND, "word")
class WordField(PickField):
    """One of a few words."""

    def choices(self) -> Sequence[Choice]:
        """Return the words."""
        key = self.shape.key
        return [Choice(word, spoken(word, key), aside=meaning(word, key)) for word in self.shape.words]

    def title_of(self, value: str) -> str:
        """Return the word as it is spoken."""
        return spoken(value, self.shape.key)

    @property
    def nothing(self) -> str:
        """What stands for nothing: what holds then."""
        default = self.shape.default
        return "none" if default is ABSENT else self.title_of(str(default))


@register(BY_SAYING, "locale")
class LocaleField(PickField):
    """One of faker's locales."""

    nothing = "en_US"

    def choices(self) -> Sequence[Choice]:
        """Return the locales."""
        return [Choice(locale, locale, aside=country_of(locale)) for locale in catalogue().locales]


def country_of(locale: str) -> str:
    """Return the country that a locale belongs to, in English; nothing where Qt knows none.

    Examples
    --------
    >>> country_of("de_DE")
    'Germany'
    """
    if "_" not in locale:
        return ""
    return QLocale.territoryToString(QLocale(locale).territory())


@register(BY_KIND, "flag")
class FlagField(Field):
    """Yes or no."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._raw: Any = ABSENT
        self.box = Tick(desk.theme, self)
        self.box.setAccessibleName(self.label)
        self.box.clicked.connect(self._take)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addWidget(self.box)
        layout.addStretch(1)
        self.setFocusProxy(self.box)
        self.watch(self.box)

    def refresh(self) -> None:
        """Show it."""
        raw = self._raw = self.desk.value(self.way)
        default = self.shape.default
        now = default is True if raw is ABSENT or raw is None else raw
        self.box.setTristate(raw is MIXED)
        wrong = not isinstance(now, bool) and raw is not MIXED
        self.box.setText("differs" if raw is MIXED else shown(raw) if wrong else "")
        if raw is MIXED:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.box.setChecked(now is True)

    def value(self) -> Any:
        """Return what is ticked."""
        raw, ticked = self._raw, self.box.isChecked()
        untouched = raw is ABSENT and ticked == (self.shape.default is True)
        return raw if untouched or not (isinstance(raw, bool) or raw is ABSENT) else ticked

    def _take(self) -> None:
        self.box.setTristate(False)
        ticked = self._raw is MIXED or self.box.checkState() != Qt.CheckState.Unchecked
        self.set(ticked)


@register(BY_KIND, "reference")
class ReferenceField(PickField):
    """The name of a table or a column."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.picker.steps = False

    def choices(self) -> Sequence[Choice]:
        """Return the tables or columns that may be named here."""
        return named(self.desk, self.shape, self.way)


def named(desk: Desk, shape: Shape, way: Path, refers: str = "") -> list[Choice]:
    """Return the tables or columns that a text may name, those of the wanted type alone where one is wanted."""
    refers = refers or shape.refers
    besides = [Choice(word, word.replace("_", " ")) for word in shape.besides]
    own = str(desk.table.get("id", ""))
    match refers:
        case "table":
            return [*besides, *_tables(desk)]
        case "column":
            return [*besides, *_columns(desk, own)]
        case "attribute":
            return [*besides, *_attributes(desk, fitting(desk, shape))]
        case "column or attribute":
            others = [choice for choice in _attributes(desk, None) if not choice.key.startswith(f"{own}.")]
            return [*besides, *_columns(desk, own), *others]
        case "column of a child":
            children = [
                table.id
                for table in (desk.document.tables if desk.document else ())
                if own in (table.value.get("parents") or ())
            ]
            names = {name: kind for child in children for name, kind in desk.columns_of(child)}
            return [*besides, *(Choice(name, name, aside=kind) for name, kind in names.items())]
    if refers.startswith("column of "):
        return [*besides, *_columns(desk, _table_named(desk, way, refers.removeprefix("column of ")))]
    return besides


def fitting(desk: Desk, shape: Shape) -> set[str] | None:
    """Return the types of columns that a value may be read from; None for any."""
    if shape.key not in ("from", "choices_ref", "enum_ref"):
        return None
    wanted = desk.column_type
    if not wanted:
        return None
    return {"int", "float"} if wanted in ("int", "float") else {wanted}


def _tables(desk: Desk) -> Iterable[Choice]:
    document = desk.document
    return [Choice(table.id, table.id, aside=table.kind) for table in (document.tables if document else ())]


def _columns(desk: Desk, table: str) -> list[Choice]:
    return [Choice(name, name, aside=kind) for name, kind in desk.columns_of(table)]


def _attributes(desk: Desk, types: set[str] | None) -> list[Choice]:
    return [
        Choice(f"{table}.{name}", f"{table}.{name}", aside=kind)
        for table in desk.tables
        for name, kind in desk.columns_of(table)
        if types is None or kind in types
    ]


def _table_named(desk: Desk, way: Path, key: str) -> str:
    """Return the table that a field beside this one, or further out, names."""
    for depth in range(len(way) - 1, -1, -1):
        value = desk.first((*way[:depth], key))
        if isinstance(value, str):
            return value.split(".", 1)[0]
    return ""
