"""What a schema's references look like: the edges between its cards.

Without Qt: the worker makes them from the engine's references, the window paints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol, cast

from datagen_app.document.document import Document, Table

__all__ = ["Edge", "EdgeKind", "Reference", "edges"]

EdgeKind = Literal["parent", "lookup", "effect", "vocabulary"]

# What the engine tells apart, as the canvas draws it; what is not in here is drawn as a lookup.
_KINDS: dict[str, EdgeKind] = {"parent": "parent", "effect": "effect", "vocabulary": "vocabulary"}


class Reference(Protocol):
    """A place of a schema that names another table or column, as the engine finds them."""

    @property
    def kind(self) -> str:
        """What the reference is for."""

    @property
    def table(self) -> str:
        """The table that refers."""

    @property
    def column(self) -> str | None:
        """The column that refers, if it is one."""

    @property
    def source_table(self) -> str:
        """The table that is referred to."""

    @property
    def source_column(self) -> str | None:
        """The column that is referred to, if it is one."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from where values come from to where they go; tables and columns by their places in the text.

    A column of `None` is the card's header.
    """

    kind: EdgeKind
    source: int
    source_column: int | None
    target: int
    target_column: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the edge as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Edge:
        """Return the edge that `to_json` wrote."""
        return cls(**data)


def edges(document: Document, references: Iterable[Reference]) -> list[Edge]:
    """Return the edges to draw, each once, in the order of the references.

    A parent and the column that carries its key are one edge, and what a declared foreign key repeats of
    them is not drawn a second time.

    Parameters
    ----------
    document
        The schema.
    references
        What the engine found in it. References within one row, and to tables that are not there, are no edges.
    """
    found: dict[Edge, None] = {}
    parents: dict[tuple[int, int], Edge] = {}
    for reference in references:
        edge = _edge(document, reference)
        if edge is None:
            continue
        if edge.kind == "parent":
            parents[edge.source, edge.target] = edge
        found.setdefault(edge)
    drawn = {(e.source, e.source_column, e.target, e.target_column): e for e in found if e.kind != "lookup"}
    kept: dict[Edge, None] = {}
    carried = {pair: _carrier(document, edge, found) for pair, edge in parents.items()}
    for edge in found:
        if edge.kind == "parent":
            kept.setdefault(carried[edge.source, edge.target])
        elif edge.kind != "lookup" or (
            (edge.source, edge.source_column, edge.target, edge.target_column) not in drawn
            and not _same_line(carried.get((edge.source, edge.target)), edge)
        ):
            kept.setdefault(edge)
    return list(kept)


def _edge(document: Document, reference: Reference) -> Edge | None:
    source, target = document.named(reference.source_table), document.named(reference.table)
    if source is None or target is None:
        return None
    kind = _KINDS.get(reference.kind, "lookup")
    edge = Edge(
        kind,
        source.index,
        _index(source, reference.source_column),
        target.index,
        _index(target, reference.column),
    )
    within_a_row = source is target and (edge.source_column is None or edge.target_column is None)
    return None if within_a_row or (source is target and edge.source_column == edge.target_column) else edge


def _carrier(document: Document, parent: Edge, found: Iterable[Edge]) -> Edge:
    """Return the parent's edge, drawn from its key to the column that holds it."""
    source = next(table for table in document.tables if table.index == parent.source)
    key = _index(source, source.key_column)
    for edge in found:
        to_key = key is not None and edge.source_column == key and edge.target_column is not None
        if edge.kind == "lookup" and (edge.source, edge.target) == (parent.source, parent.target) and to_key:
            return Edge("parent", edge.source, key, edge.target, edge.target_column)
    return Edge("parent", parent.source, parent.source_column, parent.target, None)


def _same_line(parent: Edge | None, edge: Edge) -> bool:
    return parent is not None and (parent.source_column, parent.target_column) == (
        edge.source_column,
        edge.target_column,
    )


def _index(table: Table, column: str | None) -> int | None:
    found = table.named(column) if column is not None else None
    return cast("int", found.index) if found else None
