"""What refers to what in a document: read from the annotations of the specs, valid or not.

From this come the edges of the canvas, "what depends on it", and renaming.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from datagen_engine.expression import Expression, ExpressionFault, parse
from datagen_engine.schema.catalogue import Mark, marks
from datagen_engine.schema.document import Schema
from datagen_engine.schema.edit import Edit, insert, rename_key, set_value
from datagen_engine.schema.path import Path, at
from datagen_engine.schema.spec import ColumnRef, ExpressionRef, TableRef, split_attribute

__all__ = ["Names", "Reference", "dangling", "dependents", "references", "rename_column", "rename_table"]

Kind = Literal["table", "parent", "lookup", "vocabulary", "effect", "foreign_key", "column"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Say that one place of a document refers to a table, or to a column of it.

    Attributes
    ----------
    path
        The string; where `key` is true, the value whose key it is.
    kind
        `table` (by its name: an order, a target), `parent`, `lookup` (values from elsewhere), `vocabulary`
        (a lookup into one), `effect`, `foreign_key` (declared), `column` (by its name).
    table, column
        What is referred to, whether there is such a thing or not; no column where the table is meant.
    source_table, source_column
        Whose definition it stands in; of a foreign key what it is declared for. None: the schema's own.
    start, end
        Which characters of an expression name the column.
    loose
        Whether it may name nothing, so that what it is part of is left out.
    """

    path: Path
    kind: Kind
    table: str
    column: str | None
    source_table: str | None
    source_column: str | None
    key: bool = False
    start: int | None = None
    end: int | None = None
    loose: bool = False


class Names:
    """Know the tables and columns of a document by their names, valid or not.

    >>> names = Names({"nodes": [{"id": "bike", "columns": [{"name": "id"}]}]})
    >>> names.columns("bike")
    {'id': 0}
    """

    def __init__(self, tree: Any) -> None:
        """Read the names of a tree."""
        self.tables: dict[str, Path] = {}
        self.nodes: list[str | None] = []
        self._columns: dict[str, dict[str, int]] = {}
        self._parents: dict[str, list[str]] = {}
        self._kinds: dict[str, Any] = {}
        nodes = tree.get("nodes") if isinstance(tree, dict) else None
        for place, node in enumerate(nodes if isinstance(nodes, list) else []):
            table = node.get("id") if isinstance(node, dict) else None
            self.nodes.append(table if isinstance(table, str) else None)
            if isinstance(table, str) and table not in self.tables:
                self.tables[table] = ("nodes", place)
                self._read(table, node)

    def _read(self, table: str, node: dict[str, Any]) -> None:
        columns = node.get("columns")
        found: dict[str, int] = {}
        for place, column in enumerate(columns if isinstance(columns, list) else []):
            name = column.get("name") if isinstance(column, dict) else None
            if isinstance(name, str):
                found.setdefault(name, place)
        parents = node.get("parents")
        self._columns[table] = found
        self._parents[table] = [p for p in parents if isinstance(p, str)] if isinstance(parents, list) else []
        self._kinds[table] = node.get("kind")

    def columns(self, table: str | None) -> Mapping[str, int]:
        """Return the columns of a table with their places; none of a table that there is not."""
        return self._columns.get(table, {}) if table is not None else {}

    def has(self, table: str | None, column: str) -> bool:
        """Say whether a table has a column."""
        return column in self.columns(table)

    def parents(self, table: str | None) -> list[str]:
        """Return the parents of a table as they are named."""
        return self._parents.get(table, []) if table is not None else []

    def children(self, table: str | None) -> list[str]:
        """Return the tables that name this one as a parent."""
        return [child for child, parents in self._parents.items() if table in parents]

    def is_vocabulary(self, table: str) -> bool:
        """Say whether a table is a vocabulary."""
        return self._kinds.get(table) == "vocab"


def references(tree: Any) -> list[Reference]:
    """Find everything in a document that refers to a table or a column.

    Parameters
    ----------
    tree
        The document as plain Python data; it need not be a valid schema.

    Returns
    -------
    list of Reference
        In the order of the document, one for each mention. Names that are unknown are there too; an
        expression that cannot be read has none.

    Examples
    --------
    >>> tree = {"nodes": [{"id": "ride", "parents": ["bike"], "columns": [
    ...     {"name": "cost", "generator": {"expression": {"code": "minutes * 2"}}}]}]}
    >>> [(found.kind, found.table, found.column) for found in references(tree)]
    [('parent', 'bike', None), ('column', 'ride', 'minutes')]
    """
    names = Names(tree)
    return [found for mark in marks(Schema, tree) for found in _resolved(tree, names, mark)]


def dangling(tree: Any, names: Names) -> Iterator[Reference]:
    """Yield the references that lead nowhere, but for those of formulas.

    Examples
    --------
    >>> tree = {"nodes": [{"id": "ride", "parents": ["bike"], "pk": "id"}]}
    >>> [(found.table, found.column) for found in dangling(tree, Names(tree))]
    [('bike', None), ('ride', 'id')]
    """
    for mark in marks(Schema, tree):
        marker = mark.marker
        if isinstance(marker, ExpressionRef):
            continue
        if isinstance(marker, ColumnRef) and marker.of == "*" and names.has(*split_attribute(mark.text)):
            continue  # most are right, and this is the quick way to see it
        for found in _resolved(tree, names, mark):
            known = found.table in names.tables
            if not known or (found.column is not None and not names.has(found.table, found.column)):
                yield found


def _resolved(tree: Any, names: Names, mark: Mark) -> Iterator[Reference]:
    """Yield what a mark refers to: one thing, but for formulas and names of the columns of children."""
    place, marker = _Place(tree, names, mark), mark.marker
    if isinstance(marker, TableRef):
        yield Reference(mark.path, marker.kind, mark.text, None, place.table, place.column, mark.key)
    elif isinstance(marker, ColumnRef):
        yield from place.of_column(marker)
    else:
        for name, start, end in _names_in(mark.text):
            if name not in marker.besides:
                source = place.table, place.column
                yield Reference(mark.path, "column", place.table or "", name, *source, False, start, end)


class _Place:
    """Know where a mark stands, and so what its name means."""

    __slots__ = ("column", "mark", "names", "of_node", "table", "tree")

    def __init__(self, tree: Any, names: Names, mark: Mark) -> None:
        self.tree, self.names, self.mark = tree, names, mark
        self.table: str | None = None
        self.column: str | None = None
        self.of_node = False
        path = mark.path
        if len(path) > 2 and path[0] == "nodes" and isinstance(path[1], int):
            self.table = names.nodes[path[1]]
            if len(path) > 4 and path[2] == "columns" and isinstance(path[3], int):
                column = tree["nodes"][path[1]]["columns"][path[3]]
                name = column.get("name")
                self.column = name if isinstance(name, str) else None
            else:
                self.of_node = path[2] == "modifiers"

    def of_column(self, marker: ColumnRef) -> Iterator[Reference]:
        mark, text = self.mark, self.mark.text
        if text in marker.besides:
            return
        tables: Iterable[str] = ()
        column = text
        if marker.of == ">":
            tables = [child for child in self.names.children(self.table) if self.names.has(child, text)]
        elif marker.of == "*" or (marker.of == "?" and "." in text and not self.names.has(self.table, text)):
            table, column = split_attribute(text)
            tables = [table] if column else []
        elif marker.of in ("", "?"):
            if text == marker.alike:
                value = at(self.tree, mark.path)
                column = value if isinstance(value, str) else text
            tables = [self._own(column)]
        else:
            named = self._named(marker.of)
            tables = [split_attribute(named)[0]] if named is not None else []
        source: tuple[str | None, str | None] = (self.table, self.column)
        if marker.kind == "foreign_key":
            declared = self._named("from")
            if declared is not None:
                table, source_column = split_attribute(declared)
                source = (table, source_column or None)
        for table in tables:
            kind: Kind = marker.kind
            if kind == "lookup" and self.names.is_vocabulary(table):
                kind = "vocabulary"
            yield Reference(mark.path, kind, table, column, *source, mark.key, None, None, marker.loose)

    def _own(self, column: str) -> str:
        """Return the table of an own column; a modifier of a table reads its parents first."""
        if self.of_node:
            parents = self.names.parents(self.table)
            for table in [*parents, self.table]:
                if self.names.has(table, column):
                    return table or ""
            return parents[0] if parents else self.table or ""
        return self.table or ""

    def _named(self, field: str) -> str | None:
        """Return the text of a field beside the mark, or around it."""
        skip = len(field) - len(field.lstrip("^"))
        field = field[skip:]
        around = [self.tree]
        for step in self.mark.owner:
            around.append(around[-1][step])
        for value in reversed(around):
            found = value.get(field) if isinstance(value, dict) else None
            if isinstance(found, str):
                if not skip:
                    return found
                skip -= 1
        return None


def _parsed(code: str) -> Expression | None:
    try:
        return parse(code)
    except ExpressionFault:
        return None


def _names_in(code: str) -> tuple[tuple[str, int, int], ...]:
    parsed = _parsed(code)
    return parsed.names() if parsed is not None else ()


# -- who depends on it --------------------------------------------------------------------------------


def dependents(tree: Any, table: str, column: str | None = None) -> list[Reference]:
    """Find what would refer to nothing if a table, or one of its columns, were gone.

    What stands in the definition of the table (of the column) itself is not among it.

    Examples
    --------
    >>> tree = {"nodes": [{"id": "ride", "parents": ["bike"], "columns": []}]}
    >>> dependents(tree, "bike")[0].source_table
    'ride'
    """
    found = []
    for reference in references(tree):
        if reference.table != table or (column is not None and reference.column != column):
            continue
        inside = reference.kind != "foreign_key" and reference.source_table == table
        if inside and column is not None:
            inside = reference.source_column == column
        if not inside:
            found.append(reference)
    return found


# -- renaming -----------------------------------------------------------------------------------------


def rename_table(tree: Any, old: str, new: str) -> list[Edit]:
    """Make the edits that rename a table and every reference to it, and its place on the canvas.

    Raises
    ------
    ValueError
        There is no table of the old name, or already one of the new.

    Examples
    --------
    >>> tree = {"nodes": [{"id": "ride", "parents": ["bike"]}, {"id": "bike"}]}
    >>> [edit.after for edit in rename_table(tree, "bike", "bicycle")]
    ['bicycle', 'bicycle']
    """
    names = Names(tree)
    if old not in names.tables:
        raise ValueError(f"there is no table {old!r}")
    if new != old and new in names.tables:
        raise ValueError(f"there already is a table {new!r}")
    changes = _Changes()
    changes.set((*names.tables[old], "id"), old, new)
    for mark in marks(Schema, tree):
        said = isinstance(mark.marker, ColumnRef) and mark.marker.of in ("*", "?") and "." in mark.text
        if isinstance(mark.marker, TableRef) and mark.text == old:
            changes.set(mark.path, old, new)
        elif said and split_attribute(mark.text)[0] == old:
            own = isinstance(mark.marker, ColumnRef) and mark.marker.of == "?"
            if not (own and names.has(_Place(tree, names, mark).table, mark.text)):
                changes.set(mark.path, mark.text, f"{new}.{split_attribute(mark.text)[1]}")
    metadata = tree.get("metadata")
    layout = metadata.get("x-layout") if isinstance(metadata, dict) else None
    if isinstance(layout, dict) and old in layout:
        changes.rename_key(("metadata", "x-layout"), old, new)
    return changes.edits()


def rename_column(tree: Any, table: str, old: str, new: str) -> list[Edit]:
    """Make the edits that rename a column and every reference to it.

    Where a name stands for columns of several tables (the children that a segment applies to), the new
    name joins the old one.

    Raises
    ------
    ValueError
        There is no such column, already one of the new name, or the new name means something else in a
        formula that needs the column.

    Examples
    --------
    >>> tree = {"nodes": [{"id": "ride", "pk": "id", "columns": [{"name": "id"}]}]}
    >>> [edit.after for edit in rename_column(tree, "ride", "id", "ride_id")]
    ['ride_id', 'ride_id']
    """
    names = Names(tree)
    if not names.has(table, old):
        raise ValueError(f"there is no column {old!r} in a table {table!r}")
    if new != old and names.has(table, new):
        raise ValueError(f"the table {table!r} already has a column {new!r}")
    changes = _Changes()
    keys: list[Mark] = []
    alike: list[Mark] = []
    changes.set((*names.tables[table], "columns", names.columns(table)[old], "name"), old, new)
    for mark in marks(Schema, tree):
        if isinstance(mark.marker, TableRef):
            continue
        place = _Place(tree, names, mark)
        if mark.key and isinstance(mark.marker, ColumnRef) and mark.text == mark.marker.alike:
            alike.append(mark)
        if isinstance(mark.marker, ExpressionRef):
            if place.table == table:
                changes.formula(mark, old, new)
            continue
        meant = list(place.of_column(mark.marker))
        if not any(found.table == table and found.column == old for found in meant):
            continue
        if mark.key:
            keys.append(mark)
        elif mark.marker.of == ">" and len(meant) > 1:
            changes.join(mark, new)
        else:
            said = mark.marker.of in ("*", "?") and "." in mark.text and mark.text != old
            changes.set(mark.path, mark.text, f"{table}.{new}" if said else new)
    for mark in alike:
        # `this_key` is spelled out where one of the two names changes and the other does not.
        local, remote = mark in keys, changes.touches(mark.path)
        if local != remote:
            changes.rename_key(mark.path[:-1], mark.text, new if local else old)
    for mark in keys:
        if mark not in alike:
            changes.rename_key(mark.path[:-1], mark.text, new)
    return changes.edits()


class _Changes:
    """Gather edits so that every path holds when its turn comes: values first, then insertions, then keys."""

    def __init__(self) -> None:
        self._values: dict[Path, Edit] = {}
        self._inserted: list[Edit] = []
        self._keys: dict[tuple[Path, str], Edit] = {}

    def set(self, path: Path, before: Any, after: Any) -> None:
        """Replace a value."""
        self._values.setdefault(path, set_value(path, before, after))

    def rename_key(self, path: Path, old: str, new: str) -> None:
        """Rename a key of an object."""
        if old != new:
            self._keys.setdefault((path, old), rename_key(path, old, new))

    def formula(self, mark: Mark, old: str, new: str) -> None:
        """Rename a column in a formula."""
        parsed = _parsed(mark.text)
        if parsed is None or all(name != old for name, _, _ in parsed.names()):
            return
        besides = mark.marker.besides if isinstance(mark.marker, ExpressionRef) else ()
        if old in besides:
            return
        if new in besides:
            raise ValueError(f"in the formula {mark.text!r} the name {new!r} means something else")
        self.set(mark.path, mark.text, parsed.renamed(old, new))

    def touches(self, path: Path) -> bool:
        """Say whether a value is replaced."""
        return path in self._values

    def join(self, mark: Mark, new: str) -> None:
        """Let a name stand beside one that others still need."""
        *above, last = mark.path
        if isinstance(last, int):
            self._inserted.append(insert((*above, last + 1), new, last + 1))
        else:
            self.set(mark.path, mark.text, [mark.text, new])

    def edits(self) -> list[Edit]:
        """Return the edits in an order that works."""
        keys = sorted(self._keys.values(), key=lambda edit: -len(edit.path))
        return [*self._values.values(), *reversed(self._inserted), *keys]
