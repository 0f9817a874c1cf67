"""The diagram: the cards of a document, the edges between them, and the notes beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from datagen_app.canvas.annotations import Annotation, AnnotationKind, read_annotations
from datagen_app.canvas.card import Card
from datagen_app.canvas.diagram import Edge
from datagen_app.canvas.edges import Drawn
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.lift import Lift
from datagen_app.canvas.margins import frame_of
from datagen_app.canvas.pictures import Pictures
from datagen_app.canvas.placement import free_place, given_places, is_collapsed
from datagen_app.canvas.routes import direct
from datagen_app.canvas.sheet import Sheet
from datagen_app.document.document import Document, Table
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem, worst
from datagen_app.document.words import rows_word
from datagen_app.shell.signs import Sign

__all__ = ["Point", "Scene", "Way"]

Point = tuple[float, float]
Way = tuple[tuple[float, float, float, float], Sequence[Point]]


class Scene(QGraphicsScene):
    """Hold the cards and edges of one document.

    The view asks it what to paint; none of it is an item of Qt's, which would cost a frame more than the
    painting.

    Signals
    -------
    altered
        Something looks other than before.
    reshaped
        Cards have come, gone or moved.
    """

    altered = Signal()
    reshaped = Signal()

    def __init__(self, ink: Ink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ink = ink
        self.pictures = Pictures()
        self.sheet = Sheet(ink, self.pictures)
        self.lifted: Lift | None = None
        self.home = QPointF()
        """Where a new table is wanted that nobody gives a place."""
        self._document: Document | None = None
        self._cards: dict[int, Card] = {}
        self._automatic: dict[int, Point] = {}
        self._annotations: list[Annotation] = []
        self._marked: frozenset[tuple[AnnotationKind, int]] = frozenset()
        self._places: Collection[Place] = ()
        self._found: Sequence[Place] = ()

    @property
    def found(self) -> Sequence[Place]:
        """What was found by its name, and is shown so."""
        return self._found

    @property
    def document(self) -> Document | None:
        """The document that is shown."""
        return self._document

    @property
    def cards(self) -> Sequence[Card]:
        """The cards, in the order of the text."""
        return tuple(self._cards.values())

    @property
    def edges(self) -> Sequence[Drawn]:
        """The edges."""
        return self.sheet.edges

    @property
    def annotations(self) -> Sequence[Annotation]:
        """The groups and notes."""
        return self._annotations

    @property
    def places(self) -> Collection[Place]:
        """What is shown as selected."""
        return self._places

    @property
    def selected_cards(self) -> Sequence[Card]:
        """The cards of which something is selected."""
        return [card for card in self._cards.values() if card.selected]

    @property
    def marked(self) -> Sequence[Annotation]:
        """The groups and notes that are selected."""
        return [one for one in self._annotations if (one.kind, one.index) in self._marked]

    @property
    def kept(self) -> dict[str, Point]:
        """Where cards stand that the schema gives no place, by the ids of tables: that is where they stay."""
        return {
            card.table.id: at for key, at in self._automatic.items() if (card := self.card(key)) is not None
        }

    @property
    def places_by_id(self) -> dict[str, Point]:
        """Where every card stands, by the ids of tables."""
        return {card.table.id: (card.x, card.y) for card in self._cards.values()}

    def card(self, table: int | None) -> Card | None:
        """Return the card of a table, by its session key."""
        return self._cards.get(table) if table is not None else None

    def card_at(self, point: QPointF) -> Card | None:
        """Return the card at a point; of two that overlap, the selected one, or else the later one."""
        found = [card for card in self._cards.values() if card.frame.contains(point)]
        return next((card for card in found if card.selected), found[-1] if found else None)

    def place_at(self, point: QPointF) -> Place:
        """Return the table or column at a point."""
        card = self.card_at(point)
        if card is None:
            return Place()
        column = card.column_at(point.y() - card.y)
        return Place(card.table.key, column.key if column else None)

    def cards_in(self, area: QRectF) -> list[Card]:
        """Return the cards that an area touches."""
        return [card for card in self._cards.values() if card.frame.intersects(area)]

    # The document

    def clear_document(self) -> None:
        """Show nothing."""
        self._document = None
        self._cards, self._automatic, self._annotations = {}, {}, []
        self._marked, self._places, self._found = frozenset(), (), ()
        self.lifted = None
        self.sheet.lift((), ())
        self.sheet.set_cards(())
        self.sheet.set_edges([])
        self.sheet.set_annotations([])
        self.sheet.forget()
        self.pictures.forget()
        self.reshaped.emit()

    def show_document(
        self,
        document: Document,
        places: Sequence[Point],
        edges: Sequence[Edge],
        routes: Sequence[Way],
    ) -> None:
        """Show the tables of a document, as the worker has placed them.

        Cards of tables that are shown already are kept, with what they show.

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
        given = given_places(document)
        self._automatic = {
            table.key: (float(at[0]), float(at[1]))
            for table, at in zip(document.tables, places, strict=True)
            if table.id not in given
        }
        by_index = {table.index: table for table in document.tables}
        references: defaultdict[int, set[int]] = defaultdict(set)
        for edge in edges:
            place = by_index[edge.target].place_of(edge.target_column)
            if place.table is not None and place.column is not None and edge.kind != "effect":
                references[place.table].add(place.column)
        labels = {(one.edge.kind, one.source, one.target): one.label for one in self.sheet.edges}
        self._follow(document, references)
        drawn = []
        for edge, (box, route) in zip(edges, routes, strict=True):
            source = by_index[edge.source].place_of(edge.source_column)
            target = by_index[edge.target].place_of(edge.target_column)
            one = Drawn(
                edge, source, target, route, QRectF(*box), labels.get((edge.kind, source, target), "")
            )
            drawn.append(one)
        self.sheet.set_edges(drawn)
        self._reroute()  # a card may have moved since the worker was asked
        self.sheet.set_selected(self._places)
        self.altered.emit()

    def follow(self, document: Document) -> None:
        """Show a document that an edit has changed, as far as that can be told at once.

        The worker's answer brings the rest: which edges there are, and the ways that they take.
        """
        references = {key: card.references for key, card in self._cards.items()}
        self._follow(document, references)
        self._reroute()
        self.sheet.set_selected(self._places)
        self.altered.emit()

    def _follow(self, document: Document, references: Mapping[int, Collection[int]]) -> None:
        self._document = document
        given, selected = given_places(document), _by_table(self._places)
        cards: dict[int, Card] = {}
        reshaped = False
        for table in document.tables:
            card = self._cards.get(table.key)
            at = given.get(table.id) or self._automatic.get(table.key)
            if at is None:
                at = self._place_new(cards, table)
            folded = is_collapsed(table)
            if card is None:
                card = Card(table, references.get(table.key, ()), at, collapsed=folded)
                card.set_selected(selected.get(table.key, ()))
                reshaped = True
                self.sheet.spoil(card.bounds)
            elif card.differs(table, references.get(table.key, ()), at, collapsed=folded):
                before = card.frame
                self.sheet.spoil(card.bounds)
                card.show(table, references.get(table.key, ()), collapsed=folded)
                card.x, card.y = at
                card.set_selected(selected.get(table.key, ()))
                self.sheet.spoil(card.bounds)
                reshaped |= card.frame != before
            cards[table.key] = card
        for key in self._cards.keys() - cards.keys():
            self.sheet.spoil(self._cards[key].bounds)
            reshaped = True
        self._cards = cards
        self.sheet.set_cards(self.cards)
        self._annotations = read_annotations(document.root)
        self._marked = frozenset({(one.kind, one.index) for one in self._annotations} & self._marked)
        self.sheet.set_annotations(self._annotations)
        if reshaped:
            self.reshaped.emit()

    def _place_new(self, placed: Mapping[int, Card], table: Table) -> Point:
        """Find a place for a table that came without one: where it is wanted, but on no other card."""
        card = Card(table, collapsed=is_collapsed(table))
        taken = [
            (one.x, one.y, one.frame.width(), one.height) for one in (*self._cards.values(), *placed.values())
        ]
        at = free_place(taken, (self.home.x(), self.home.y()), card.height)
        self._automatic[table.key] = at
        return at

    def _reroute(self) -> None:
        """Lead the edges straight whose ends are elsewhere now; drop those whose ends are gone."""
        kept = []
        changed = False
        for drawn in self.sheet.edges:
            source, target = self.card(drawn.source.table), self.card(drawn.target.table)
            if (
                source is None
                or target is None
                or not (source.has(drawn.source) and target.has(drawn.target))
            ):
                self.sheet.spoil(drawn.bounds)
                changed = True
                continue
            ends = one, other, leaves, arrives = self.ends_of(drawn, source, target)
            # One that still begins and ends at its cards has kept the way that the worker found for it.
            if not drawn.joins((one[0], one[1] + leaves), (other[0], other[1] + arrives)):
                self.sheet.spoil(drawn.bounds)
                drawn.lead(direct(*ends))
                self.sheet.spoil(drawn.bounds)
            kept.append(drawn)
        if changed:
            self.sheet.keep_edges(kept)

    @staticmethod
    def ends_of(drawn: Drawn, source: Card, target: Card) -> tuple[Point, Point, float, float]:
        """Return where the ends of an edge are: the corners of both cards, and how far below them it meets them."""
        return (
            (source.x, source.y),
            (target.x, target.y),
            source.port(drawn.source.column),
            target.port(drawn.target.column),
        )

    def content(self) -> QRectF:
        """Return what all cards, notes and groups take."""
        bounds = QRectF()
        for card in self._cards.values():
            bounds |= card.frame
        for annotation in self._annotations:
            bounds |= frame_of(annotation)
        return bounds

    def frame_of(self, place: Place) -> QRectF:
        """Return where a table or column is drawn; nothing if it is not."""
        card = self.card(place.table)
        if card is None:
            return QRectF()
        column = card.table.column(place.column) if place.column is not None else None
        return card.row_frame(column) if column else card.frame

    # What is shown on it

    def set_ink(self, ink: Ink) -> None:
        """Draw with other colours or fonts."""
        self.ink = ink
        self.pictures.forget()
        self.sheet.set_ink(ink)
        self.altered.emit()

    def set_selected(self, places: Collection[Place]) -> None:
        """Show what is selected."""
        self._places = places
        here = _by_table(places)
        for key, card in self._cards.items():
            if (card.selected or key in here) and card.set_selected(here.get(key, ())):
                self.sheet.spoil(card.bounds)
        self.sheet.set_selected(places)
        self.altered.emit()

    def mark(self, marked: Iterable[Annotation]) -> None:
        """Select notes and groups."""
        self._marked = frozenset((one.kind, one.index) for one in marked)
        self.altered.emit()

    def mark_found(self, places: Sequence[Place]) -> None:
        """Show what was found by its name."""
        if places or self._found:
            self.altered.emit()
        self._found = tuple(places)

    def lift(self, cards: Sequence[Card], marked: Sequence[Annotation]) -> Lift:
        """Lift cards, notes and groups off the sheet, to move them."""
        self.sheet.lift([card.key for card in cards], [(one.kind, one.index) for one in marked])
        self.lifted = Lift(self, cards, marked)
        self.altered.emit()
        return self.lifted

    def put_down(self) -> None:
        """Draw what was lifted where it stands."""
        if self.lifted is not None:
            self.lifted = None
            self.sheet.lift((), ())
            self.altered.emit()

    def set_counts(self, rows: Mapping[str, tuple[int, bool]]) -> None:
        """Show rows per table: how many, and whether that is exact; and on parents' edges, rows per row."""
        for card in self._cards.values():
            if (count := rows.get(card.table.id)) is not None and card.set_count(rows_word(*count)):
                self.sheet.spoil(card.bounds)
        for drawn in self.sheet.edges:
            source, target = self.card(drawn.source.table), self.card(drawn.target.table)
            if drawn.edge.kind == "parent" and source and target and _decides(source.table, target.table):
                label = _fanout(rows.get(source.table.id), rows.get(target.table.id))
                if label != drawn.label:
                    drawn.label = label
                    self.sheet.spoil(drawn.bounds)
        self.altered.emit()

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
            if card.set_problems(len(here), worst(problem for _, problem in here), columns):
                self.sheet.spoil(card.bounds)
        self.altered.emit()

    def set_sparklines(self, shapes: Mapping[Place, Sequence[float]]) -> None:
        """Show the shape of columns' values on their rows.

        Parameters
        ----------
        shapes
            For each column the heights of some bars, the highest of them 1; a dozen or two are enough. Columns
            that are not named show none.
        """
        by_table: defaultdict[int, dict[int, Sequence[float]]] = defaultdict(dict)
        for place, heights in shapes.items():
            if place.table is not None and place.column is not None:
                by_table[place.table][place.column] = tuple(heights)
        for key, card in self._cards.items():
            if card.set_sparks(by_table.get(key, {})):
                self.sheet.spoil(card.bounds)
        self.altered.emit()


def _by_table(places: Iterable[Place]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for place in places:
        if place.table is not None:
            found.setdefault(place.table, []).append(place)
    return found


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
