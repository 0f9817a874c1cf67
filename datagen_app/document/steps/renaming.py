"""Steps that rename a table or a column with every reference to it, in formulas and plug-ins' fields too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps.naming import refused_column, refused_table

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["rename", "rename_column", "rename_table"]


def rename(document: Document, place: Place, name: str) -> Step:
    """Rename the table or the column at a place.

    Raises
    ------
    LookupError
        It is gone.
    ValueError
        It cannot be called so; the message is for the user.
    """
    if place.column is not None:
        return rename_column(document, place, name)
    if place.table is None:
        raise LookupError("there is nothing to rename")
    return rename_table(document, place.table, name)


def rename_table(document: Document, table: int, name: str) -> Step:
    """Rename a table with every reference to it, and its place on the canvas.

    Parameters
    ----------
    document
        The schema.
    table
        Its session key.
    name
        What it is to be called.

    Raises
    ------
    LookupError
        The table is gone.
    ValueError
        It cannot be called so; the message is for the user.
    """
    found = document.table(table)
    if found is None:
        raise LookupError("the table is gone")
    if found.value.get("id") == name:
        return Step(f"Rename {name}", ())
    if refused := refused_table(document, name, but=table):
        raise ValueError(refused)
    title = f"Rename table {found.id} to {name}"
    if document.named(found.id) is not found or not isinstance(found.value.get("id"), str):
        return Step(title, (_naming(document, ("nodes", found.index), "id", name),))
    return Step(title, tuple(datagen.rename_table(document.tree, found.id, name)))


def rename_column(document: Document, place: Place, name: str) -> Step:
    """Rename a column with every reference to it.

    Parameters
    ----------
    document
        The schema.
    place
        Where the column stands.
    name
        What it is to be called.

    Raises
    ------
    LookupError
        The column is gone.
    ValueError
        It cannot be called so, or the name means something else in a formula that needs the column; the
        message is for the user.
    """
    table, column = document.resolve(place)
    if table is None or column is None:
        raise LookupError("the column is gone")
    if column.value.get("name") == name:
        return Step(f"Rename {name}", ())
    if refused := refused_column(table, name, but=column.key):
        raise ValueError(refused)
    title = f"Rename column {table.id}.{column.name} to {name}"
    first = document.named(table.id) is table and table.named(column.name) is column
    if not first or not isinstance(column.value.get("name"), str):
        path = ("nodes", table.index, "columns", column.index)
        return Step(title, (_naming(document, path, "name", name),))
    return Step(title, tuple(datagen.rename_column(document.tree, table.id, column.name, name)))


def _naming(document: Document, path: tuple[str | int, ...], key: str, name: str) -> Edit:
    """Return the edit that gives a name to what nothing can refer to: it has none, or another has the same."""
    from datagen_app.document.steps.values import put_value

    return put_value(document, (*path, key), name, "").edits[0]
