"""The diagram: the cards of a document and the edges between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from datagen_app.canvas.card import Card
from datagen_app.canvas.diagram import Edge
from datagen_app.canvas.edges import Drawn
from datagen_app.canvas.ground import Ground
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.pictures import Pictures
from datagen_app.document.document import Document, Table
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem, worst
from datagen_app.document.words import rows_word
from datagen_app.shell.signs import Sign

__all__ = ["Point", "Scene", "Way"]

_LINE = 3.0
"""Units that a line takes beside its middle; without them a level one would take no room at all."""

Point = tuple[float, float]
Way = tuple[tuple[float, float, float, float], Sequence[Point]]


class Scene(QGraphicsScene):
    """Hold the cards and edges of one document."""

    def __init__(self, ink: Ink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Few items, and hardly ever one that moves: what a tree of them saves, building it costs.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.ink = ink
        self.pictures = Pictures()
        self._document: Document | None = None
        self._cards: dict[int, Card] = {}
        self.ground = Ground(ink)

    @property
    def cards(self) -> Sequence[Card]:
        """The cards, in the order of the text."""
        return tuple(self._cards.values())

    @property
    def edges(self) -> Sequence[Drawn]:
        """The edges."""
        return self.ground.edges

    def card(self, table: int | None) -> Card | None:
        """Return the card of a table, by its session key."""
        return self._cards.get(table) if table is not None else None

    def card_at(self, point: QPointF) -> Card | None:
        """Return the card at a point; of two that overlap, the later one."""
        return next((card for card in reversed(self.cards) if card.frame.contains(point)), None)

    def place_at(self, point: QPointF) -> Place:
        """Return the table or column at a point."""
        card = self.card_at(point)
        if card is None:
            return Place()
        column = card.column_at(point.y() - card.y())
        return Place(card.table.key, column.key if column else None)

    def clear_document(self) -> None:
        """Show nothing."""
        for card in self._cards.values():
            self.removeItem(card)
        self._cards = {}
        self._document = None
        self.ground.set_edges([])
        self.pictures.forget()

    def show_document(
        self,
        document: Document,
        places: Sequence[Point],
        edges: Sequence[Edge],
        routes: Sequence[Way],
    ) -> None:
        """Show the tables of a document.

        Parameters
        ----------
        document
            Whose tables are shown.
        places
            The top left corner of each table's card, in the order of its tables.
        edges
            The references between them.
        routes
            The way each edge takes: the rectangle around it, and its points.
        """
        self.clear_document()
        self._document = document
        by_index = {table.index: table for table in document.tables}
        references: defaultdict[int, set[int]] = defaultdict(set)
        for edge in edges:
            place = by_index[edge.target].place_of(edge.target_column)
            if place.table is not None and place.column is not None and edge.kind != "effect":
                references[place.table].add(place.column)
        for table, (x, y) in zip(document.tables, places, strict=True):
            card = Card(table, references[table.key], self.ink, self.pictures)
            card.setPos(x, y)
            self._cards[table.key] = card
            self.addItem(card)
        self.ground.set_edges(_drawn(by_index, edges, routes))

    def content(self) -> QRectF:
        """Return what all cards take."""
        bounds = QRectF()
        for card in self._cards.values():
            bounds |= card.frame
        return bounds

    def frame_of(self, place: Place) -> QRectF:
        """Return where a table or column is drawn; nothing if it is not."""
        card = self.card(place.table)
        if card is None:
            return QRectF()
        column = card.table.column(place.column) if place.column is not None else None
        return card.row_frame(column) if column else card.frame

    def set_ink(self, ink: Ink) -> None:
        """Draw with other colours or fonts."""
        self.ink = ink
        self.pictures.forget()
        self.ground.set_ink(ink)
        for card in self._cards.values():
            card.set_ink(ink)

    def set_selected(self, place: Place) -> None:
        """Show what is selected."""
        for card in self._cards.values():
            card.set_selected(place)
        self.ground.set_selected(place)
        self.update()

    def set_counts(self, rows: Mapping[str, tuple[int, bool]]) -> None:
        """Show rows per table: how many, and whether that is exact; and on parents' edges, rows per row."""
        for card in self._cards.values():
            if (count := rows.get(card.table.id)) is not None:
                card.set_count(rows_word(*count))
        for drawn in self.ground.edges:
            source, target = self.card(drawn.source.table), self.card(drawn.target.table)
            if drawn.edge.kind == "parent" and source and target and _decides(source.table, target.table):
                drawn.label = _fanout(rows.get(source.table.id), rows.get(target.table.id))
        self.ground.forget()
        self.update()

    def set_problems(self, problems: Iterable[tuple[Place, Problem]]) -> None:
        """Show on every card what is wrong with it."""
        by_table: defaultdict[int, list[tuple[Place, Problem]]] = defaultdict(list)
        for place, problem in problems:
            if place.table is not None:
                by_table[place.table].append((place, problem))
        for key, card in self._cards.items():
            here = by_table.get(key, [])
            columns: dict[int, Sign] = {}
            for place, problem in here:
                if place.column is not None and columns.get(place.column) != "error":
                    columns[place.column] = problem.severity
            card.set_problems(len(here), worst(problem for _, problem in here), columns)


def _drawn(tables: Mapping[int, Table], edges: Sequence[Edge], routes: Sequence[Way]) -> Iterable[Drawn]:
    for edge, (box, route) in zip(edges, routes, strict=True):
        yield Drawn(
            edge,
            tables[edge.source].place_of(edge.source_column),
            tables[edge.target].place_of(edge.target_column),
            route,
            QRectF(*box).adjusted(-_LINE, -_LINE, _LINE, _LINE),
        )


def _decides(parent: Table, child: Table) -> bool:
    """Whether the rows of a table are counted by those of a parent: only the first one does that."""
    parents = child.value.get("parents")
    return isinstance(parents, list) and parents[:1] == [parent.id]


def _fanout(parent: tuple[int, bool] | None, child: tuple[int, bool] | None) -> str:
    """Return how many children a row of the parent has, on average."""
    if parent is None or child is None or parent[0] == 0:
        return ""
    mean = child[0] / parent[0]
    return f"1 : {mean:,.0f}" if mean >= 99.5 else f"1 : {mean:.2g}" if mean < 0.95 else f"1 : {mean:.1f}"
