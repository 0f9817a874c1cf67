"""Steps that make columns and put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import datagen_engine as datagen
from datagen_app.document.document import Column, Document, Table
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.steps.naming import free_name

__all__ = ["add_column", "add_reference", "guessed", "move_columns", "set_key"]


def guessed(document: Document, table: Table, name: str, type: str | None = None) -> dict[str, Any]:
    """Return a new column with a generator guessed from its name, and from its type if that is given."""
    keyed = [(each.id, each.key_column) for each in document.tables if each.key_column and each is not table]
    column = datagen.suggest(
        name,
        type,  # type: ignore[arg-type]  # the engine's word for one of six strings
        tables=[(id, key) for id, key in keyed if key],
        table=table.id,
    )
    generator = column["generator"]
    if isinstance(lookup := generator.get("lookup"), dict) and type is None:
        id, _, key = str(lookup["from"]).partition(".")
        other = document.named(id)
        found = other.named(key) if other else None
        if found is not None and isinstance(found.value.get("type"), str):
            column["type"] = found.value["type"]
    return column


def add_column(
    document: Document, table: int, name: str = "column", type: str | None = None, position: int | None = None
) -> Step:
    """Add a column; its generator is guessed from its name and type.

    Parameters
    ----------
    document
        The schema.
    table
        The session key of its table.
    name
        What it is called; a name that is taken gets a number.
    type
        Its type; guessed too if none is given.
    position
        Where it stands in the list; otherwise it goes last.

    Raises
    ------
    LookupError
        The table is gone.

    Examples
    --------
    >>> from pathlib import Path
    >>> shop = Document(Path("shop.json"), {"nodes": [{"id": "customer", "columns": []}]})
    >>> add_column(shop, shop.tables[0].key, "email").edits[0].after["generator"]
    {'faker': {'method': 'email'}}
    """
    found = _table(document, table)
    name = free_name(name, (column.name for column in found.columns))
    column = guessed(document, found, name, type)
    draft = Draft(document.tree)
    if position is None or not isinstance(found.value.get("columns"), list):
        draft.append(("nodes", found.index, "columns"), column)
    else:
        at = max(0, min(position, len(found.column_keys)))
        draft.insert(("nodes", found.index, "columns", at), column)
    return draft.step(f"Add column {found.id}.{name}")


def add_reference(document: Document, source: Place, target: Place) -> Step:
    """Let a column take its values from another: a lookup, and a foreign key where the other is a key.

    Parameters
    ----------
    document
        The schema.
    source
        The column that the values come from; of a table alone its key.
    target
        The column that takes them; in a table alone one is added.

    Raises
    ------
    LookupError
        One of them is gone, or the source has no key.
    """
    origin, column = document.resolve(source)
    if origin is None:
        raise LookupError("the table is gone")
    if column is None:
        column = origin.named(origin.key_column) if origin.key_column else None
    if column is None:
        raise LookupError(f"{origin.id} has no key to refer to")
    taker, into = document.resolve(target)
    if taker is None:
        raise LookupError("the table is gone")
    draft = Draft(document.tree)
    place = f"{origin.id}.{column.name}"
    lookup = {"lookup": {"from": place}}
    type = column.value.get("type", "int")
    if into is None:
        plain = column.name.lower() in ("id", "key", "name", "code")
        name = free_name(
            f"{origin.id}_{column.name}" if plain else column.name, (each.name for each in taker.columns)
        )
        draft.append(("nodes", taker.index, "columns"), {"name": name, "type": type, "generator": lookup})
    else:
        name = into.name
        path = ("nodes", taker.index, "columns", into.index)
        draft.put((*path, "type"), type, after=("name",))
        draft.put((*path, "generator"), lookup, after=("name", "type", "nullable"))
    if column.name == origin.key_column:
        declared = {"from": f"{taker.id}.{name}", "to": place}
        known = draft.find(("constraints", "foreign_keys"))
        if not isinstance(known, list) or declared not in known:
            draft.append(("constraints", "foreign_keys"), declared)
    return draft.step(f"Refer from {taker.id}.{name} to {place}")


def set_key(document: Document, place: Place) -> Step:
    """Make a column the key of its table.

    Raises
    ------
    LookupError
        The column is gone.
    """
    table, column = document.resolve(place)
    if table is None or column is None:
        raise LookupError("the column is gone")
    draft = Draft(document.tree)
    draft.put(("nodes", table.index, "pk"), column.name, after=("id", "kind"))
    return draft.step(f"Make {column.name} the key of {table.id}")


def move_columns(document: Document, table: int, columns: Sequence[int], target: int) -> Step:
    """Move columns of a table to another place in it, keeping their order among themselves.

    Parameters
    ----------
    document
        The schema.
    table
        The session key of the table.
    columns
        The session keys of the columns.
    target
        The place in the list before which they are to stand, as the list is now; its length for the end.

    Raises
    ------
    LookupError
        The table is gone.
    """
    found = _table(document, table)
    chosen = [column for column in found.columns if column.key in columns]
    order = _ordered(len(found.column_keys), [column.index for column in chosen], target)
    draft = Draft(document.tree)
    standing = list(range(len(order)))
    for place, index in enumerate(order):
        source = standing.index(index)
        if source != place:
            draft.edit(datagen.Edit("move", ("nodes", found.index, "columns"), source, place))
            standing.insert(place, standing.pop(source))
    return draft.step(_moving(found, chosen))


def _ordered(length: int, chosen: list[int], target: int) -> list[int]:
    rest = [index for index in range(length) if index not in chosen]
    at = sum(1 for index in rest if index < target)
    return [*rest[:at], *chosen, *rest[at:]]


def _moving(table: Table, columns: list[Column]) -> str:
    if len(columns) == 1:
        return f"Move column {table.id}.{columns[0].name}"
    return f"Move {len(columns)} columns of {table.id}"


def _table(document: Document, key: int) -> Table:
    found = document.table(key)
    if found is None:
        raise LookupError("the table is gone")
    return found
