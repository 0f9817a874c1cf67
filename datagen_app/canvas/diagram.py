"""What a schema's references look like: the edges between its cards.

Without Qt: the worker makes them from the engine's references, the window paints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from datagen_app.document.document import Document, Table
from datagen_app.document.place import Path

__all__ = ["Edge", "EdgeKind", "Reference", "edges"]

EdgeKind = Literal["parent", "lookup", "effect", "vocabulary"]

# What the engine tells apart, and how the canvas draws it. What only names a table or column is no edge.
_KINDS: dict[str, EdgeKind] = {
    "parent": "parent",
    "lookup": "lookup",
    "effect": "effect",
    "vocabulary": "vocabulary",
    "foreign_key": "lookup",
}


class Reference(Protocol):
    """A place of a schema that names a table or a column, as the engine finds them."""

    @property
    def path(self) -> Path:
        """Where it stands."""

    @property
    def kind(self) -> str:
        """What it is for."""

    @property
    def table(self) -> str:
        """The table that is named."""

    @property
    def column(self) -> str | None:
        """The column that is named, if one is."""

    @property
    def source_table(self) -> str | None:
        """The table that names it."""

    @property
    def source_column(self) -> str | None:
        """The column that names it, if one does."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line along the flow of the data: from what is named to what names it.

    Tables and columns are told by their indices in the text; a column of `None` is the card's header.
    """

    kind: EdgeKind
    source: int
    source_column: int | None
    target: int
    target_column: int | None

    @property
    def ends(self) -> tuple[int, int | None, int, int | None]:
        """Where it begins and ends, whatever it is for."""
        return self.source, self.source_column, self.target, self.target_column

    def to_json(self) -> dict[str, Any]:
        """Return the edge as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Edge:
        """Return the edge that `to_json` wrote."""
        return cls(**data)


def edges(document: Document, references: Iterable[Reference]) -> list[Edge]:
    """Return the edges to draw, each once, in the order of the references.

    A parent and the column that carries its key are one edge; so are the several mentions of one effect; and
    what a declared foreign key repeats is not drawn a second time.

    Parameters
    ----------
    document
        The schema.
    references
        What the engine found in it. References to tables that are not there are no edges.
    """
    found: dict[Edge, None] = {}
    effects: dict[Path, Edge] = {}
    declared: dict[Edge, None] = {}
    for reference in references:
        edge = _edge(document, reference)
        if edge is None:
            continue
        if edge.kind == "effect":
            _gather(effects, found, reference, edge)
        elif reference.kind == "foreign_key":
            declared.setdefault(edge)
        else:
            found.setdefault(edge)
    drawn = {edge.ends for edge in found}
    found.update((edge, None) for edge in declared if edge.ends not in drawn)
    carriers = _carriers(document, found)
    carried = {edge.ends for edge in carriers.values()}
    return list(dict.fromkeys(carriers.get(edge, edge) for edge in found if edge.ends not in carried))


def _edge(document: Document, reference: Reference) -> Edge | None:
    kind = _KINDS.get(reference.kind)
    source = document.named(reference.table)
    target = document.named(reference.source_table) if reference.source_table is not None else None
    # Columns that only tell which row is meant carry no values.
    if kind is None or source is None or target is None or reference.path[-2:-1] == ("on",):
        return None
    edge = Edge(
        kind,
        source.index,
        _index(source, reference.column),
        target.index,
        _index(target, reference.source_column),
    )
    if source is target:
        # Within a table only a lookup leads from row to row; the others stay within one.
        leads = reference.path[-1:] == ("from",) and edge.source_column != edge.target_column
        return edge if leads else None
    return edge


def _gather(effects: dict[Path, Edge], found: dict[Edge, None], reference: Reference, edge: Edge) -> None:
    """Keep one edge for an effect: from the column whose values it takes, or from the table it names."""
    modifier = reference.path[: reference.path.index("args")] if "args" in reference.path else reference.path
    known = effects.get(modifier)
    takes = reference.path[-2:] == ("map", "field") and edge.source_column is not None
    if known is None or takes:
        if known is not None:
            found.pop(known, None)
        effects[modifier] = edge
        found.setdefault(edge)


def _carriers(document: Document, found: Iterable[Edge]) -> dict[Edge, Edge]:
    """Return for every parent's edge the one that is drawn: from its key to the column that holds the key."""
    tables = {table.index: table for table in document.tables}
    lookups: dict[tuple[int, int], list[Edge]] = {}
    parents = []
    for edge in found:
        if edge.kind == "lookup":
            lookups.setdefault((edge.source, edge.target), []).append(edge)
        elif edge.kind == "parent":
            parents.append(edge)
    carriers = {}
    for parent in parents:
        key = _index(tables[parent.source], tables[parent.source].key_column)
        for edge in lookups.get((parent.source, parent.target), ()):
            if key is not None and edge.source_column == key and edge.target_column is not None:
                carriers[parent] = Edge("parent", *edge.ends)
                break
    return carriers


def _index(table: Table, column: str | None) -> int | None:
    found = table.named(column) if column is not None else None
    return found.index if found else None
