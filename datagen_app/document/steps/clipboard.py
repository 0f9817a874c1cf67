"""Cut, copy and paste: the clipboard holds the language itself, so that it pastes into a text editor too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.steps.layout import place_cards
from datagen_app.document.steps.naming import free_name
from datagen_app.document.steps.removal import chosen, delete, own_entries
from datagen_app.document.steps.tables import insert_table
from datagen_app.document.style import LAYOUT

__all__ = ["copy", "cut", "duplicate", "paste"]

OFFSET = 48.0
"""Units that pasted cards stand further right and down than those that they were copied from."""

LONGEST = 8 * 1024 * 1024
"""Characters of a clipboard that are looked at."""


def copy(document: Document, places: Iterable[Place]) -> str:
    """Return tables, or columns, as a text in the language; nothing if there are none.

    Tables go with the constraints about them and their places on the canvas. Where tables and columns are
    chosen together, the tables are copied.

    Examples
    --------
    >>> from pathlib import Path
    >>> tree = {"nodes": [{"id": "order", "columns": [{"name": "total", "type": "float"}]}]}
    >>> shop = Document(Path("shop.json"), tree)
    >>> print(copy(shop, [shop.place_of("order", "total")]), end="")
    {
      "columns": [
        {"name": "total", "type": "float"}
      ]
    }
    """
    found = chosen(document, places)
    tables = [place for place in found if place.column is None]
    resolved = [document.resolve(place) for place in tables or found]
    if not resolved:
        return ""
    if not tables:
        return datagen.dump({"columns": [dict(column.value) for _, column in resolved if column]})
    copied: dict[str, Any] = {}
    layout = Draft(document.tree).find(LAYOUT)
    names = [table.id for table, _ in resolved if table]
    if isinstance(layout, dict) and (known := {name: layout[name] for name in names if name in layout}):
        copied["metadata"] = {"x-layout": known}
    copied["nodes"] = [dict(table.value) for table, _ in resolved if table]
    constraints: dict[str, list[Any]] = {}
    for key, value in own_entries(document, tables):
        constraints.setdefault(key, []).append(value)
    if constraints:
        copied["constraints"] = constraints
    return datagen.dump(copied)


def cut(document: Document, places: Iterable[Place]) -> tuple[str, Step]:
    """Return tables or columns as a text, and the step that removes them."""
    found = chosen(document, places)
    tables = [place for place in found if place.column is None]
    gone = tables or found
    step = delete(document, gone)
    return copy(document, gone), Step(step.title.replace("Delete", "Cut", 1), step.edits)


def paste(
    document: Document, text: str, at: Place | None = None, position: tuple[float, float] | None = None
) -> Step:
    """Put the tables or columns of a text into the schema.

    Names that are taken get new ones, and what refers to them within the text follows. What refers to
    something that is not there stays, and is a problem to mend.

    Parameters
    ----------
    document
        The schema.
    text
        What `copy` returns; a whole schema, a table, a column, or a list of such, will do too.
    at
        Where columns go: behind this column, or at the end of this table.
    position
        The left and the upper edge of the first card, in units; otherwise a little beside the originals.

    Raises
    ------
    ValueError
        The text holds no tables or columns, or there is no table to put columns into; the message is for
        the user.
    """
    tables, columns, around = _read(text)
    if tables:
        return _paste_tables(document, tables, around, position)
    if not columns:
        raise ValueError("The clipboard holds no tables or columns.")
    return _paste_columns(document, columns, at or Place())


def duplicate(document: Document, places: Iterable[Place]) -> Step:
    """Put a second of each table, or of each column, beside the first.

    Raises
    ------
    ValueError
        There is nothing to duplicate.
    """
    found = chosen(document, places)
    tables = [place for place in found if place.column is None]
    gone = tables or found
    if not gone:
        raise ValueError("Choose tables or columns to duplicate.")
    if tables:
        edits = paste(document, copy(document, gone)).edits
    else:
        draft = Draft(document.tree)
        for key in dict.fromkeys(place.table for place in gone):
            own = [document.resolve(place)[1] for place in gone if place.table == key]
            columns = [column for column in own if column is not None]
            table = document.table(key) if key is not None else None
            if table is not None and columns:
                values = [dict(column.value) for column in columns]
                _insert_columns(draft, table.index, columns[-1].index + 1, values)
        edits = draft.step("").edits
    table, column = document.resolve(gone[0])
    name = f"{table.id}.{column.name}" if table and column else table.id if table else ""
    what = name if len(gone) == 1 else f"{len(gone)} {'tables' if tables else 'columns'}"
    return Step(f"Duplicate {what}", edits)


def _read(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Return the tables of a text, or its columns, and what stands around them."""
    if len(text) > LONGEST:
        return [], [], {}
    try:
        tree = json.loads(text)
        json.dumps(tree, ensure_ascii=False, allow_nan=False).encode()  # no NaN, no half characters
    except (ValueError, RecursionError):
        return [], [], {}
    around = tree if isinstance(tree, dict) else {}
    found = around.get("nodes", tree) if around else tree
    if isinstance(found, dict) and "id" not in found and isinstance(found.get("columns"), list):
        found = found["columns"]
    parts = [part for part in (found if isinstance(found, list) else [found]) if isinstance(part, dict)]
    tables = [part for part in parts if isinstance(part.get("id"), str)]
    columns = [part for part in parts if isinstance(part.get("name"), str) and "id" not in part]
    return tables, columns, around


def _paste_tables(
    document: Document,
    tables: list[dict[str, Any]],
    around: dict[str, Any],
    position: tuple[float, float] | None,
) -> Step:
    part: Any = {
        "nodes": tables,
        "constraints": around.get("constraints"),
        "metadata": around.get("metadata"),
    }
    taken = [table.id for table in document.tables]
    names = [str(table["id"]) for table in tables]
    for at, name in enumerate(names):
        new = free_name(name, [*taken, *names[:at]])
        if new != name:
            new = free_name(new, [*taken, *names])
            if name in names[:at]:  # the second of one name: nothing can mean it
                part = datagen.apply(part, datagen.Edit("set", ("nodes", at, "id"), name, new))
            else:
                for edit in datagen.rename_table(part, name, new):
                    part = datagen.apply(part, edit)
            names[at] = new
    draft = Draft(document.tree)
    for table in part["nodes"]:
        insert_table(draft, table)
    for key, value in _listed(part["constraints"]):
        known = draft.find(("constraints", key))
        if not isinstance(known, list) or value not in known:
            draft.append(("constraints", key), value)
    place_cards(draft, _positions(part, names, position))
    return draft.step(f"Paste {names[0] if len(names) == 1 else f'{len(names)} tables'}")


def _listed(constraints: Any) -> Iterator[tuple[str, Any]]:
    for key, values in (constraints if isinstance(constraints, dict) else {}).items():
        yield from ((str(key), value) for value in (values if isinstance(values, list) else []))


def _positions(
    part: Any, names: list[str], position: tuple[float, float] | None
) -> dict[str, tuple[float, float]]:
    """Return where pasted cards stand: as they stood to each other."""
    layout = Draft(part).find(LAYOUT)
    known: dict[str, tuple[float, float]] = {}
    for name in names:
        match layout.get(name) if isinstance(layout, dict) else None:
            case [int() | float() as x, int() | float() as y]:
                known[name] = (float(x), float(y))
    if not known:
        return {names[0]: position} if position and len(names) == 1 else {}
    left, top = min(x for x, _ in known.values()), min(y for _, y in known.values())
    right, down = (position[0] - left, position[1] - top) if position else (OFFSET, OFFSET)
    return {name: (x + right, y + down) for name, (x, y) in known.items()}


def _paste_columns(document: Document, columns: list[dict[str, Any]], at: Place) -> Step:
    table, column = document.resolve(at)
    if table is None:
        raise ValueError("Choose the table that the columns go into.")
    draft = Draft(document.tree)
    names = _insert_columns(draft, table.index, column.index + 1 if column else None, columns)
    what = f"column {table.id}.{names[0]}" if len(names) == 1 else f"{len(names)} columns into {table.id}"
    return draft.step(f"Paste {what}")


def _insert_columns(
    draft: Draft, index: int, position: int | None, columns: list[dict[str, Any]]
) -> list[str]:
    """Add to a draft that columns stand in a table, under names that are free; return these."""
    node = draft.find(("nodes", index))
    known = node.get("columns")
    taken = [
        str(each.get("name")) for each in (known if isinstance(known, list) else []) if isinstance(each, dict)
    ]
    table = str(node.get("id"))
    part: Any = {"nodes": [{"id": table, "columns": columns}]}
    names = [str(column["name"]) for column in columns]
    for at, name in enumerate(names):
        new = free_name(name, [*taken, *names[:at]])
        if new != name:
            new = free_name(new, [*taken, *names])
            if name in names[:at]:
                again = datagen.Edit("set", ("nodes", 0, "columns", at, "name"), name, new)
                part = datagen.apply(part, again)
            else:
                for edit in datagen.rename_column(part, table, name, new):
                    part = datagen.apply(part, edit)
            names[at] = new
    path = ("nodes", index, "columns")
    for offset, column in enumerate(part["nodes"][0]["columns"]):
        if position is None or not isinstance(known, list):
            draft.append(path, column)
        else:
            draft.insert((*path, position + offset), column)
    return names
