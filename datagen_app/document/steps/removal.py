"""Steps that remove tables and columns, and what would then refer to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.place import Path, Place
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.words import counted

__all__ = ["Dependent", "chosen", "delete", "dependents", "own_entries"]

_ABOUT = {"unique": "", "foreign_keys": "from", "ranges": "attr", "pattern": "attr", "enum": "attr"}
"""Lists of constraints, and the key that says what they are about."""


@dataclass(frozen=True, slots=True)
class Dependent:
    """Something that would refer to nothing.

    Attributes
    ----------
    place
        The table or column that it is part of; the document itself for the order of writing, say.
    path
        Where it stands.
    words
        What it is, for the question: "order.customer_id looks up customer.customer_id".
    """

    place: Place
    path: Path
    words: str


def chosen(document: Document, places: Iterable[Place]) -> list[Place]:
    """Return the places that are there, in the order of the text; columns of tables that are there not again."""
    wanted = set(places)
    tables = {place.table for place in wanted if place.column is None}
    found = []
    for table in document.tables:
        if table.key in tables:
            found.append(Place(table.key))
        elif any(place.table == table.key for place in wanted):
            here = (Place(table.key, column.key) for column in table.columns)
            found += [place for place in here if place in wanted]
    return found


def dependents(document: Document, places: Iterable[Place]) -> list[Dependent]:
    """Return what would refer to nothing if tables and columns were gone.

    What goes with them is not among it: their own definitions, and the constraints and targets about them.
    """
    gone = chosen(document, places)
    going = set(_entries(document.tree, document, gone))
    found: dict[Path, Dependent] = {}
    for place in gone:
        table, column = document.resolve(place)
        if table is None:
            continue
        for reference in datagen.dependents(document.tree, table.id, column.name if column else None):
            here = document.place_at(reference.path)
            if (
                here in gone
                or Place(here.table) in gone
                or any(_within(reference.path, path) for path in going)
            ):
                continue
            if reference.path[:1] == ("dag",):
                continue
            what = f"{table.id}.{reference.column}" if reference.column else table.id
            words = f"{_who(reference)} {_VERBS.get(reference.kind, 'names')} {what}"
            found.setdefault(reference.path, Dependent(here, reference.path, words))
    return list(found.values())


def delete(document: Document, places: Iterable[Place], title: str | None = None) -> Step:
    """Remove tables and columns, with their places on the canvas and the constraints and targets about them.

    What else refers to them stays, and is a problem to mend.

    Examples
    --------
    >>> from pathlib import Path
    >>> shop = Document(Path("shop.json"), {"nodes": [{"id": "order"}], "dag": [["order"]]})
    >>> [edit.path for edit in delete(shop, [Place(shop.tables[0].key)]).edits]
    [('dag',), ('nodes', 0)]
    """
    gone = chosen(document, places)
    draft = Draft(document.tree)
    for path in _entries(document.tree, document, gone):
        draft.remove(path)
    for place in reversed(gone):
        table, column = document.resolve(place)
        if table is None:
            continue
        if column is not None:
            draft.remove(("nodes", table.index, "columns", column.index))
            continue
        _leave_order(draft, table.id)
        draft.remove(("metadata", "x-layout", table.id))
        draft.remove(("nodes", table.index))
    return draft.step(title or f"Delete {_said(document, gone)}")


def own_entries(document: Document, places: Iterable[Place]) -> Iterator[tuple[str, Any]]:
    """Yield the constraints about tables and columns, each with the name of its list."""
    for path in reversed(list(_entries(document.tree, document, chosen(document, places)))):
        if path[0] == "constraints":
            value: Any = document.tree
            for step in path:
                value = value[step]
            yield str(path[1]), value


def _entries(tree: Any, document: Document, gone: list[Place]) -> Iterator[Path]:
    """Yield the paths of the constraints and targets about tables and columns, so that each may be removed."""
    tables = {table.id for place in gone if place.column is None and (table := document.resolve(place)[0])}
    columns = {
        f"{table.id}.{column.name}"
        for place in gone
        for table, column in [document.resolve(place)]
        if table and column
    }

    def about(name: object) -> bool:
        return isinstance(name, str) and (name in columns or name.partition(".")[0] in tables)

    constraints = tree.get("constraints") if isinstance(tree, dict) else None
    for key, entries in reversed((constraints if isinstance(constraints, dict) else {}).items()):
        for at in reversed(range(len(entries) if isinstance(entries, list) else 0)):
            if any(map(about, _subjects(key, entries[at]))):
                yield ("constraints", key, at)
    targets = tree.get("targets") if isinstance(tree, dict) else None
    for key, target in reversed((targets if isinstance(targets, dict) else {}).items()):
        several = target if isinstance(target, list) else [target]
        mine = [at for at, one in enumerate(several) if _is_about(one, about)]
        if not isinstance(target, list) or len(mine) == len(several):
            if mine:
                yield ("targets", key)
            continue
        for at in reversed(mine):
            yield ("targets", key, at)


def _subjects(key: str, entry: Any) -> list[Any]:
    """Return what a constraint is about; of an order between two columns both."""
    if key == "unique":
        return entry if isinstance(entry, list) else [entry]
    if not isinstance(entry, dict):
        return []
    if key == "inequalities":
        return [entry.get("left"), entry.get("right")]
    return [entry.get(_ABOUT.get(key, "attr"))]


def _is_about(target: Any, about: Any) -> bool:
    if not isinstance(target, dict) or not isinstance(table := target.get("table"), str):
        return False
    named = [target.get("column"), target.get("timestamp")]
    several = target.get("columns")
    named += several if isinstance(several, list) else []
    return about(table) or any(isinstance(name, str) and about(f"{table}.{name}") for name in named)


def _leave_order(draft: Draft, table: str) -> None:
    """Add to a draft that a table leaves the order of writing; a group that it leaves empty goes with it."""
    groups = draft.find(("dag",))
    for at in reversed(range(len(groups) if isinstance(groups, list) else 0)):
        group = groups[at]
        if not isinstance(group, list) or table not in group:
            continue
        if group != [table]:
            draft.remove(("dag", at, group.index(table)))
        elif len(draft.find(("dag",))) == 1:
            draft.remove(("dag",))
        else:
            draft.remove(("dag", at))


def _within(path: Path, around: Path) -> bool:
    return path[: len(around)] == around


_VERBS = {
    "parent": "is a child of",
    "lookup": "looks up",
    "vocabulary": "takes words of",
    "effect": "has an effect of",
    "foreign_key": "has a foreign key to",
    "column": "uses",
}


def _who(reference: Any) -> str:
    if reference.source_table is None:
        return str(reference.path[0])
    if reference.source_column is None:
        return str(reference.source_table)
    return f"{reference.source_table}.{reference.source_column}"


def _said(document: Document, places: list[Place]) -> str:
    if len(places) == 1:
        table, column = document.resolve(places[0])
        if table is not None:
            return f"column {table.id}.{column.name}" if column else f"table {table.id}"
    tables = sum(1 for place in places if place.column is None)
    columns = len(places) - tables
    parts = [counted(number, noun) for number, noun in ((tables, "table"), (columns, "column")) if number]
    return " and ".join(parts) or "nothing"
