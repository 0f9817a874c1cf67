"""Steps that make tables, and say of what kind they are."""

from __future__ import annotations

from typing import Any, Literal

from datagen_app.document.document import Document, Table
from datagen_app.document.place import Json
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.steps.layout import place_cards
from datagen_app.document.steps.naming import free_name

__all__ = [
    "TableKind",
    "add_child",
    "add_table",
    "insert_table",
    "link_child",
    "move_table",
    "new_table",
    "set_kind",
]

TableKind = Literal["entity", "fact", "vocab"]

_NAMES: dict[TableKind, str] = {"entity": "entity", "fact": "event", "vocab": "vocabulary"}


def new_table(name: str, kind: TableKind) -> dict[str, Json]:
    """Return a table that can be drawn as it is: its key, and as many rows as its kind says.

    Examples
    --------
    >>> new_table("order", "fact")["columns"][0]["name"]
    'order_id'
    """
    if kind == "vocab":
        values: list[Json] = ["a", "b", "c"]
        column: Json = {"name": "name", "type": "string", "generator": {"enum_list": {"values": values}}}
        return {"id": name, "kind": kind, "pk": "name", "columns": [column]}
    key = f"{name.lower().replace(' ', '_').replace('-', '_')}_id"
    column = {"name": key, "type": "int", "generator": {"sequence": {"start": 1}}}
    return {"id": name, "kind": kind, "rows": 1000, "pk": key, "columns": [column]}


def add_table(
    document: Document,
    kind: TableKind,
    position: tuple[float, float] | None = None,
    name: str | None = None,
) -> Step:
    """Add a table at the end.

    Parameters
    ----------
    document
        The schema.
    kind
        What kind of table.
    position
        The left and the upper edge of its card, in units; where none is given the layout decides.
    name
        What it is called; a name that is taken gets a number.

    Examples
    --------
    >>> from pathlib import Path
    >>> step = add_table(Document(Path("shop.json"), {"nodes": []}), "entity", name="customer")
    >>> step.title, step.edits[0].path
    ('Add table customer', ('nodes', 0))
    """
    name = free_name(name or _NAMES[kind], (table.id for table in document.tables))
    draft = Draft(document.tree)
    insert_table(draft, new_table(name, kind), position)
    return draft.step(f"Add table {name}")


def insert_table(
    draft: Draft,
    table: dict[str, Json],
    position: tuple[float, float] | None = None,
    index: int | None = None,
) -> None:
    """Add to a draft that a table stands in the schema; where an order of writing is given, it goes last."""
    if index is None:
        draft.append(("nodes",), table, after=("version", "metadata", "timeframe"))
    else:
        draft.insert(("nodes", index), table)
    name = str(table.get("id"))
    if isinstance(draft.find(("dag",)), list):
        draft.append(("dag",), [name])
    if position is not None:
        place_cards(draft, {name: position})


def add_child(
    document: Document, parent: int, position: tuple[float, float] | None = None, name: str | None = None
) -> Step:
    """Add a fact whose rows belong to those of another table: foreign key, parent, fanout and constraint.

    Parameters
    ----------
    document
        The schema.
    parent
        The session key of the other table.
    position
        The left and the upper edge of its card, in units.
    name
        What it is called.

    Raises
    ------
    LookupError
        The other table is gone.
    """
    above = _table(document, parent)
    name = free_name(name or f"{above.id}_event", (table.id for table in document.tables))
    draft = Draft(document.tree)
    child = new_table(name, "fact")
    insert_table(draft, child, position)
    _link(draft, len(draft.find(("nodes",))) - 1, above)
    return draft.step(f"Add child {name} of {above.id}")


def link_child(document: Document, child: int, parent: int) -> Step:
    """Make a table the child of another: foreign key, parent, fanout and constraint, as far as they lack.

    Parameters
    ----------
    document
        The schema.
    child, parent
        The session keys of the two.

    Raises
    ------
    LookupError
        One of them is gone, or they are the same.
    """
    below, above = _table(document, child), _table(document, parent)
    if below is above:
        raise LookupError(f"{above.id} cannot be its own parent")
    draft = Draft(document.tree)
    _link(draft, below.index, above)
    return draft.step(f"Make {below.id} a child of {above.id}")


def set_kind(document: Document, table: int, kind: TableKind) -> Step:
    """Say of what kind a table is; what the kind does not allow (rows, parents, a fanout) goes with it.

    Raises
    ------
    LookupError
        The table is gone.
    """
    found = _table(document, table)
    draft = Draft(document.tree)
    path = ("nodes", found.index)
    draft.put((*path, "kind"), kind, after=("id",))
    unfit = {
        "entity": ("parents", "fanout", "stage_config"),
        "vocab": ("rows", "parents", "fanout", "stage_config"),
    }
    for key in unfit.get(kind, ()):
        draft.remove((*path, key))
    return draft.step(f"Make {found.id} a{'n entity' if kind == 'entity' else f' {kind}'}")


def move_table(document: Document, table: int, target: int) -> Step:
    """Move a table to another place in the order of the tables.

    Parameters
    ----------
    document
        The schema.
    table
        Its session key.
    target
        The place among the tables where it is to stand, counted without it.

    Raises
    ------
    LookupError
        The table is gone.
    """
    from datagen_app.document.steps.values import move_item

    found = _table(document, table)
    others = [each.index for each in document.tables if each.key != table]
    if target >= len(others):
        index = others[-1] if others else found.index
        index = max(index, found.index)
    else:
        index = others[target] - (others[target] > found.index)
    return move_item(document, ("nodes",), found.index, index, f"Move table {found.id}")


def _table(document: Document, key: int) -> Table:
    found = document.table(key)
    if found is None:
        raise LookupError("the table is gone")
    return found


def _link(draft: Draft, child: int, above: Table) -> None:
    """Add to a draft that a table is the child of another."""
    path = ("nodes", child)
    node: dict[str, Any] = draft.find(path)
    draft.put((*path, "kind"), "fact", after=("id",))
    draft.remove((*path, "rows"))
    parents = node.get("parents")
    if not isinstance(parents, list) or above.id not in parents:
        if parents is not None and not isinstance(parents, list):
            draft.set((*path, "parents"), [above.id])
        else:
            draft.append((*path, "parents"), above.id, after=("id", "kind", "pk"))
    if not node.get("fanout") and not node.get("stage_config") and not parents:
        fanout: Json = {"distribution": "poisson", "lambda": 3, "min": 0, "max": 20}
        draft.put((*path, "fanout"), fanout, after=("id", "kind", "pk", "parents"))
    key = above.named(above.key_column) if above.key_column else None
    if key is None:
        return
    source = f"{above.id}.{key.name}"
    columns = node.get("columns")
    known = [column for column in (columns if isinstance(columns, list) else []) if isinstance(column, dict)]
    carrier = next((column for column in known if _looks_up(column) == source), None)
    if carrier is None:
        wanted = key.name if key.name.lower() not in ("id", "key", "name") else f"{above.id}_{key.name}"
        carrier = {
            "name": free_name(wanted, (str(column.get("name")) for column in known)),
            "type": key.value.get("type", "int"),
            "generator": {"lookup": {"from": source}},
        }
        pk = next((at for at, column in enumerate(columns or []) if _is(column, node.get("pk"))), -1)
        if isinstance(columns, list):
            draft.insert((*path, "columns", pk + 1), carrier)
        else:
            draft.append((*path, "columns"), carrier)
    declared = {"from": f"{node.get('id')}.{carrier.get('name')}", "to": source}
    listed = draft.find(("constraints", "foreign_keys"))
    if not isinstance(listed, list) or declared not in listed:
        draft.append(("constraints", "foreign_keys"), declared)


def _looks_up(column: dict[str, Any]) -> object:
    generator = column.get("generator")
    lookup = generator.get("lookup") if isinstance(generator, dict) else None
    return lookup.get("from") if isinstance(lookup, dict) else None


def _is(column: object, name: object) -> bool:
    return isinstance(column, dict) and column.get("name") == name
