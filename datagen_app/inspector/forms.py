"""The forms of the panel: of columns, of a table, of the rules and targets about them, and of the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from datagen_app.document.place import Path, Place
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.editors.chain import ChainField
from datagen_app.inspector.fields.containers import ListField, ObjectField, PartField
from datagen_app.inspector.fields.links import LinksField
from datagen_app.inspector.fields.naming import NameField, NoteField
from datagen_app.inspector.form import Form, only
from datagen_app.inspector.language import language
from datagen_app.inspector.shape import ABSENT, Shape, start_value

__all__ = ["column_form", "rules_form", "schema_form", "table_form", "targets_form"]


class _Basics(ObjectField):
    """Some fields of an object, without a label."""

    labelled = False

    def __init__(self, desk: Desk, shape: Shape, keys: Sequence[str], way: Path = ()) -> None:
        super().__init__(desk, shape, way, leave_out=only(keys, tuple(shape.fields)))

    def _hidden(self, key: str) -> bool:
        return True  # what is no field of it is told as a problem of the whole


class _ColumnBasics(_Basics):
    """Type and nulls of a column."""

    def _wanted(self) -> Iterator[str]:
        nullable = self.desk.value(("nullable",))
        for key in super()._wanted():
            if key != "null_rate" or nullable is True or self.desk.first(("null_rate",)) is not ABSENT:
                yield key


class _TableRows(_Basics):
    """Where the rows of a table come from."""

    def _wanted(self) -> Iterator[str]:
        table = self.desk.table
        parents = bool(table.get("parents"))
        for key in super()._wanted():
            name = key.rstrip("+")
            there = table.get(name) is not None
            if name == "rows" and not there and (parents or table.get("kind") == "vocab"):
                continue
            if name in ("parents", "fanout", "stage_config") and not there and table.get("kind") != "fact":
                continue
            if name in ("fanout", "stage_config") and not there and not parents:
                continue
            yield key


def column_form(desk: Desk) -> Form:
    """Return the form of one or several columns."""
    known = language()
    shape = known.spec("Column")
    form = Form(desk, "Column")
    form.add("", NameField(desk, shape.fields["name"], ("name",)), _ColumnBasics(desk, shape, _COLUMN))
    generator = PartField(desk, shape.fields["generator"], ("generator",))
    generator.labelled = False
    form.add("Generator", generator)
    form.add("Modifiers", ChainField(desk, shape.fields["modifiers"], ("modifiers",)))
    allowed = ObjectField(desk, shape.fields["constraints"], ("constraints",))
    allowed.labelled = False
    form.add("Allowed values", allowed)
    form.add("References", LinksField(desk, Shape({}, known, "references"), ()))
    form.add("Note", NoteField(desk, Shape({}, known, "description"), ()))
    return form


_COLUMN = ("type", "nullable", "null_rate")


def table_form(desk: Desk) -> Form:
    """Return the form of a table."""
    known = language()
    shape = known.spec("Node")
    form = Form(desk, "Table")
    form.add("", NameField(desk, shape.fields["id"], ("id",)), _Basics(desk, shape, ("kind", "pk")))
    form.add("Rows", _TableRows(desk, shape, ("rows", "parents", "fanout", "stage_config")))
    form.add("Effects on the number of rows", ChainField(desk, shape.fields["modifiers"], ("modifiers",)))
    form.add("Effects on its children", _Basics(desk, shape, ("segment_behavior", "vintage_behavior")))
    correlations = ListField(desk, shape.fields["correlations"], ("correlations",))
    correlations.labelled = False
    form.add("Correlations", correlations)
    form.add("References", LinksField(desk, Shape({}, known, "references"), ()))
    form.add("Note", NoteField(desk, Shape({}, known, "description"), ()))
    return form


class _About(ListField):
    """The constraints or targets that are about the selected place."""

    def ways(self) -> list[Path]:
        """Return the ways of those that are shown."""
        return [
            way for way in super().ways() if way != self.way or self._about(way, self.desk.first(self.way))
        ]

    def shows(self, at: int, item: Any) -> bool:
        """Whether it names the place."""
        return self._about((*self.way, at), item)

    def _about(self, where: Path, item: Any) -> bool:
        document, place = self.desk.document, self.desk.place
        if document is None or not place:
            return True
        found = document.place_at(where)
        if found.table == place.table and (place.column is None or found.column in (None, place.column)):
            return True
        return _names(item, *_named(self.desk, place))

    def fresh(self) -> Any:
        """Begin with what is selected."""
        table, column = _named(self.desk, self.desk.place)
        start = start_value(self.shape.item) if self.shape.item.kind != "either" else [""]
        attribute = f"{table}.{column}" if table and column else ""
        if isinstance(start, list):
            return [attribute or (f"{table}." if table else "")]
        if isinstance(start, dict):
            for key in start:
                refers = self.shape.item.fields[key].refers
                if refers == "table" and table:
                    start[key] = table
                elif refers == "attribute" and key in ("attr", "from", "left"):
                    start[key] = attribute or (f"{table}." if table else "")
                elif refers == "column of table" and column:
                    start[key] = column
        return start


def _named(desk: Desk, place: Place) -> tuple[str, str]:
    document = desk.document
    table, column = document.resolve(place) if document is not None else (None, None)
    return (table.id if table else ""), (column.name if column else "")


def _names(item: Any, table: str, column: str) -> bool:
    """Whether any text in a constraint is the table's, or the column's where one is selected."""
    if isinstance(item, str):
        return item == f"{table}.{column}" if column else item.split(".", 1)[0] == table
    if isinstance(item, dict):
        return any(_names(value, table, column) for value in item.values())
    return isinstance(item, list) and any(_names(value, table, column) for value in item)


def rules_form(desk: Desk, own: Desk) -> Form:
    """Return the form of what must hold; `own` works on the selected table, for its own rules."""
    known = language()
    form = Form(desk, "Rules")
    constraints = known.spec("Constraints")
    if own.roots[0]:
        rules = ListField(own, known.spec("Node").fields["rules"], ("rules",))
        rules.labelled = False
        form.add("Rules of the table", rules)
    for key, shape in constraints.fields.items():
        field = _About(desk, shape, ("constraints", key))
        field.labelled = False
        form.add(shape.title, field)
    return form


def targets_form(desk: Desk) -> Form:
    """Return the form of the targets."""
    form = Form(desk, "Targets")
    for key, shape in language().spec("Targets").fields.items():
        field = _About(desk, shape, ("targets", key))
        field.labelled = False
        form.add(shape.title, field)
    return form


def schema_form(desk: Desk) -> Form:
    """Return the form of the document."""
    known = language()
    document = known.document
    form = Form(desk, "Schema")
    metadata = document.fields["metadata"]
    form.add(
        "",
        _Basics(desk, metadata, ("name",), ("metadata",)),
        NoteField(desk, Shape({"title": "Description"}, known, "description"), ("metadata",)),
    )
    form.add(
        "Timeframe", _Basics(desk, document.fields["timeframe"], ("start", "end", "freq"), ("timeframe",))
    )
    return form
