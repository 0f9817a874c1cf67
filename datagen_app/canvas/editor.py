"""Change the diagram: what gestures, keys and commands of the canvas do to the open document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from datagen_app.canvas.annotating import (
    add_annotation,
    place_annotations,
    remove_annotations,
    set_frame,
    set_text,
)
from datagen_app.canvas.annotations import Annotation, AnnotationKind
from datagen_app.canvas.arranging import Axis, Side, align, distribute
from datagen_app.canvas.card import Card
from datagen_app.canvas.geometry import GRID, HEADER, WIDTH, card_height
from datagen_app.canvas.margins import TITLE, frame_of
from datagen_app.canvas.placement import free_place, is_collapsed
from datagen_app.canvas.scene import Scene
from datagen_app.canvas.view import Canvas
from datagen_app.document.change import Change
from datagen_app.document.document import Document
from datagen_app.document.open_document import GestureEdit
from datagen_app.document.place import Place
from datagen_app.document.selection import Selection
from datagen_app.document.step import Step
from datagen_app.document.steps.columns import add_reference
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.steps.layout import LAYOUT, place_cards, snapped
from datagen_app.document.steps.tables import TableKind, add_child, add_table, link_child
from datagen_app.shell.session import Session

__all__ = ["Editor"]

NEW = -1
"""The index of a note or group that is not in the document yet."""

_NOWHERE = Path()
_AROUND = 3 * GRID
"""Units between a group's frame and the cards in it."""


class Editor(QObject):
    """Change the diagram of a session's document.

    Parameters
    ----------
    session
        Whose document is changed.
    canvas
        Where it is shown.

    Signals
    -------
    naming
        A place, or an annotation, that is to be named by typing, where it stands.
    adding_column
        The session key of a table that a column is to be typed into.
    """

    naming = Signal(object)
    adding_column = Signal(int)

    def __init__(self, session: Session, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.canvas = session, canvas
        self._laying_out = False
        session.changed.connect(self._follow)
        session.drawn.connect(self._keep)
        session.opened.connect(self._begin)
        session.client.answered.connect(self._hear)
        self.scene.reshaped.connect(self._keep)

    @property
    def scene(self) -> Scene:
        """The diagram."""
        return self.canvas.diagram

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self.session.selection

    @property
    def document(self) -> Document:
        """The document as it is now; an empty one while none is open."""
        return self.session.document or Document(_NOWHERE)

    # The document has changed

    def _begin(self, document: Document | None) -> None:
        self._laying_out = False
        self.canvas.cancel()

    def _follow(self, change: Change) -> None:
        self.scene.follow(change.after)

    def _keep(self) -> None:
        """Tell the worker where cards stand that the schema gives no place: that is where they stay."""
        self.session.kept = self.scene.kept

    # What is selected

    def choose(self, places: Iterable[Place], marked: Iterable[Annotation] = ()) -> None:
        """Select tables and columns, and notes and groups."""
        self.scene.mark(marked)
        self.selection.select_all(places)

    def show_choice(self, places: Collection[Place], marked: Iterable[Annotation] = ()) -> None:
        """Show on the canvas what would be selected, while a gesture goes on: forms and previews follow later."""
        self.scene.mark(marked)
        self.scene.set_selected(places)

    def select_all(self) -> None:
        """Select every table."""
        self.choose([Place(card.key) for card in self.scene.cards])

    def select_nothing(self) -> None:
        """Select the document itself."""
        self.choose([])

    def moved_with(self, card: Card) -> list[Card]:
        """Return the cards that move with one: all that are selected if it is; itself first."""
        chosen = self.scene.selected_cards
        return [card, *(other for other in chosen if other is not card)] if card in chosen else [card]

    def inside(self, group: Annotation) -> tuple[list[Card], list[Annotation]]:
        """Return what is in a group: the cards and the notes whose middles are."""
        cards = [
            card for card in self.scene.cards if group.holds(card.frame.center().x(), card.frame.center().y())
        ]
        notes = [
            one
            for one in self.scene.annotations
            if one.kind == "note" and group.holds(one.x + one.width / 2, one.y + one.height / 2)
        ]
        return cards, notes

    # Doing

    def begin(self, title: str) -> GestureEdit:
        """Begin a gesture: until it ends nothing else changes the document.

        Raises
        ------
        LookupError
            No document is open.
        """
        opened = self.session.open_document
        if opened is None:
            raise LookupError("no document is open")
        return opened.gesture(title)

    def do(self, step: Step) -> bool:
        """Do a step; return whether it was done."""
        return self.session.do(step)

    def attempt(self, make: Callable[[], Step]) -> bool:
        """Do the step that is made; where it cannot be, say why."""
        try:
            step = make()
        except (LookupError, ValueError) as error:
            self.session.troubled.emit(f"{error}".strip("'\""))
            return False
        return self.do(step)

    # Where things stand

    def keep_moved(
        self, edit: GestureEdit, cards: Sequence[Card], marked: Sequence[Annotation], offset: QPointF
    ) -> None:
        """Keep what was moved by an offset, as one step."""
        edit.cancel()  # the cards showed it; the document has not changed
        if not offset.isNull():
            places = {card.key: (card.x + offset.x(), card.y + offset.y()) for card in cards}
            beside = {one: (one.x + offset.x(), one.y + offset.y()) for one in marked}
            self.place(places, _moving(cards, marked), beside)

    def place(
        self,
        places: Mapping[int, tuple[float, float]],
        title: str,
        marked: Mapping[Annotation, tuple[float, float]] | None = None,
    ) -> bool:
        """Put cards somewhere, by the session keys of their tables, as one step."""
        draft = Draft(self.document.tree)
        self._place(draft, places)
        place_annotations(draft, marked or {})
        return self.do(draft.step(title))

    def move_by(self, across: int, down: int) -> None:
        """Move what is selected by so many steps of the grid."""
        cards, marked = self.scene.selected_cards, self.scene.marked
        offset = QPointF(across * GRID, down * GRID)
        places = {card.key: (snapped(card.x) + offset.x(), snapped(card.y) + offset.y()) for card in cards}
        beside = {one: (one.x + offset.x(), one.y + offset.y()) for one in marked}
        if places or beside:
            self.place(places, _moving(cards, marked), beside)

    def align(self, side: Side) -> None:
        """Bring the selected cards into line."""
        self._arrange(align(self._frames(), side), "Align")

    def distribute(self, axis: Axis) -> None:
        """Leave the same gap between the selected cards."""
        self._arrange(distribute(self._frames(), axis), "Distribute")

    def lay_out(self) -> None:
        """Lay out every card anew; the worker computes it."""
        if self.session.document is not None and self.document.tables:
            self._laying_out = True
            self.session.client.ask("layout", self.document.revision)

    def _frames(self) -> list[tuple[float, float, float, float]]:
        return [(card.x, card.y, WIDTH, card.height) for card in self.scene.selected_cards]

    def _arrange(self, points: Sequence[tuple[float, float]], verb: str) -> None:
        cards = self.scene.selected_cards
        places = {card.key: point for card, point in zip(cards, points, strict=True)}
        self.place(places, f"{verb} {len(cards)} tables")

    def _hear(self, what: str, revision: int, answer: Mapping[str, Sequence[tuple[float, float]]]) -> None:
        if what != "layout" or not self._laying_out or self.session.document is None:
            return
        if revision != self.document.revision:
            self.lay_out()  # the tables have changed meanwhile
            return
        self._laying_out = False
        tables = self.document.tables
        places = {table.key: (x, y) for table, (x, y) in zip(tables, answer["places"], strict=True)}
        if self.place(places, "Lay out tables"):
            self.canvas.fit()

    def _place(self, draft: Draft, places: Mapping[int, tuple[float, float]]) -> None:
        """Add to a draft where cards stand: those that are placed, and all that the schema gives no place yet.

        A schema that places some tables only would be laid out around them the next time, and look other
        than it does now.
        """
        known = draft.find(LAYOUT)
        cards = self.scene.cards
        wanted = {
            card.table.id: places.get(card.key, (card.x, card.y))
            for card in cards
            if card.key in places or not isinstance(known, dict) or card.table.id not in known
        }
        place_cards(draft, wanted)

    # Tables, and what is between them

    def add_table(self, kind: TableKind, at: QPointF | None = None) -> None:
        """Add a table, at a point or in the middle of the view, and let it be named."""
        point = (at.x(), at.y()) if at is not None else self._free(self._middle(), card_height(1))
        before = {table.key for table in self.document.tables}
        if self.attempt(lambda: self._with_places(add_table(self.document, kind, point))):
            self._name_new(before)

    def describe_child(self, parent: Card, over: Place) -> str:
        """Say what would come of dropping a parent's handle somewhere; nothing, if nothing would."""
        if not over:
            return f"New child table of {parent.table.id}"
        child = self.document.table(over.table) if over.table is not None else None
        if child is None or child.key == parent.key:
            return ""
        parents = child.value.get("parents")
        if isinstance(parents, list) and parent.table.id in parents:
            return ""
        return f"{child.id} becomes a child of {parent.table.id}"

    def keep_child(self, edit: GestureEdit, parent: Card, over: Place, at: QPointF) -> None:
        """Make the child that was drawn, as one step."""
        edit.cancel()
        if not self.describe_child(parent, over):
            return
        if over.table is not None:
            child = over.table
            if self.attempt(lambda: link_child(self.document, child, parent.key)):
                self.choose([over])
            return
        point = (float(snapped(at.x())), float(snapped(at.y() - HEADER / 2)))
        before = {table.key for table in self.document.tables}
        if self.attempt(lambda: self._with_places(add_child(self.document, parent.key, point))):
            self._name_new(before)

    def add_child(self) -> None:
        """Add a child of the selected table, beside it."""
        card = self.scene.card(self.selection.place.table)
        if card is None:
            return
        point = self._free((card.frame.right() + 96.0, card.y), card_height(2))
        before = {table.key for table in self.document.tables}
        if self.attempt(lambda: self._with_places(add_child(self.document, card.key, point))):
            self._name_new(before)

    def reference_of(self, origin: Place, over: Place) -> tuple[Place, Place] | None:
        """Return which column would give and which would take values; nothing, if none can.

        A key gives: to the column that it is dropped on, or to a new one. Any other column takes: from the
        column that it is dropped on, or from that table's key.
        """
        document = self.document
        table, column = document.resolve(origin)
        other, target = document.resolve(over)
        if table is None or column is None or other is None or target is column:
            return None
        if column.name == table.key_column:
            return None if other is table and target is None else (origin, over)
        if target is None:
            key = other.named(other.key_column) if other.key_column else None
            if key is None or (other is table and key is column):
                return None
            return Place(other.key, key.key), origin
        return over, origin

    def describe_reference(self, origin: Place, over: Place) -> str:
        """Say what would come of dropping a column's port somewhere; nothing, if nothing would."""
        found = self.reference_of(origin, over)
        if found is None:
            return ""
        giver, column = self.document.resolve(found[0])
        taker, into = self.document.resolve(found[1])
        if giver is None or column is None or taker is None:
            return ""
        source = f"{giver.id}.{column.name}"
        if into is None:
            return f"New column in {taker.id} that looks up {source}"
        return f"{taker.id}.{into.name} looks up {source}"

    def keep_reference(self, edit: GestureEdit, origin: Place, over: Place) -> None:
        """Make the reference that was drawn, as one step."""
        edit.cancel()
        found = self.reference_of(origin, over)
        if found is None or not over:
            return
        source, target = found
        before = self._columns_of(target)
        if self.attempt(lambda: add_reference(self.document, source, target)):
            new = [key for key in self._columns_of(target) if key not in before]
            self.choose([Place(target.table, new[0]) if new else target])

    def rename_selected(self) -> None:
        """Let what is selected be named, where it stands."""
        if self.selection.place:
            self.naming.emit(self.selection.place)
        elif self.scene.marked:
            self.naming.emit(self.scene.marked[-1])

    def add_column_to_selected(self) -> None:
        """Let a column be typed into the selected table."""
        if self.selection.place.table is not None:
            self.adding_column.emit(self.selection.place.table)

    def collapse(self, collapsed: bool | None = None) -> None:
        """Show the headers of the selected cards only, or all of them again; by default the other way round."""
        tables = [card.table for card in self.scene.selected_cards]
        if not tables:
            return
        if collapsed is None:
            collapsed = not all(is_collapsed(table) for table in tables)
        draft = Draft(self.document.tree)
        for table in tables:
            path = ("nodes", table.index, "x-collapsed")
            if collapsed:
                draft.put(path, True, after=("id", "kind"))
            else:
                draft.remove(path)
        names = tables[0].id if len(tables) == 1 else f"{len(tables)} tables"
        self.do(draft.step(f"{'Collapse' if collapsed else 'Expand'} {names}"))

    # Notes and groups

    def add_note(self, at: QPointF | None = None) -> None:
        """Let a note be written, at a point or in the middle of the view; what is written becomes one."""
        where = (at.x(), at.y()) if at is not None else self._free(self._middle(), 2 * HEADER)
        self.naming.emit(Annotation("note", NEW, "", *where, WIDTH, 2 * HEADER))

    def add_group(self) -> None:
        """Add a group around what is selected, or in the middle of the view, and let it be named."""
        area = QRectF()
        for card in self.scene.selected_cards:
            area |= card.frame
        for one in self.scene.marked:
            area |= frame_of(one)
        if area.isEmpty():
            centre = self.canvas.seen().center()
            area = QRectF(centre.x() - WIDTH, centre.y() - WIDTH / 2, 2 * WIDTH, WIDTH)
        area = area.adjusted(-_AROUND, -_AROUND - TITLE, _AROUND, _AROUND)
        left, top = snapped(area.left()), snapped(area.top())
        width, height = snapped(area.right()) - left, snapped(area.bottom()) - top
        if (made := self._annotate(Annotation("group", NEW, "Group", left, top, width, height))) is not None:
            self.naming.emit(made)

    def write(self, annotation: Annotation, text: str) -> None:
        """Change what a note says, or what a group is called; a note that says nothing is gone."""
        if annotation.index == NEW:
            if text.strip():
                self._annotate(replace(annotation, text=text))
        elif annotation.kind == "note" and not text.strip():
            self.remove_marked([annotation])
        else:
            self.do(set_text(self.document, annotation, text))

    def resize(self, edit: GestureEdit, annotation: Annotation, width: float, height: float) -> None:
        """Keep the size that a note or group was given, as one step."""
        edit.cancel()
        self.do(set_frame(self.document, annotation, width, height))

    def remove_marked(self, marked: Sequence[Annotation] | None = None) -> None:
        """Remove notes and groups; what is in a group stays."""
        gone = self.scene.marked if marked is None else marked
        if gone:
            draft = Draft(self.document.tree)
            remove_annotations(draft, gone)
            self.do(draft.step(f"Delete {_said([], gone)}"))

    def _annotate(self, annotation: Annotation) -> Annotation | None:
        if not self.do(add_annotation(self.document, annotation)):
            return None
        made = [one for one in self.scene.annotations if one.kind == annotation.kind][-1]
        self.choose([], [made])
        return made

    # How it is done

    def _with_places(self, step: Step) -> Step:
        """Return a step that also writes down where the other cards stand, if that is not written yet."""
        draft = Draft(self.document.tree)
        draft.edit(*step.edits)
        self._place(draft, {})
        return draft.step(step.title)

    def _middle(self) -> tuple[float, float]:
        """Return where a card stands in the middle of the view."""
        centre = self.canvas.seen().center()
        return centre.x() - WIDTH / 2, centre.y() - HEADER

    def _free(self, near: tuple[float, float], height: float) -> tuple[float, float]:
        taken = [(card.x, card.y, WIDTH, card.height) for card in self.scene.cards]
        return free_place(taken, near, height)

    def _columns_of(self, place: Place) -> list[int]:
        table = self.document.table(place.table) if place.table is not None else None
        return [column.key for column in table.columns] if table is not None else []

    def _name_new(self, before: set[int]) -> None:
        """Select the table that has come, and let it be named."""
        new = [Place(table.key) for table in self.document.tables if table.key not in before]
        if new:
            self.choose(new)
            self.naming.emit(new[-1])


def _moving(cards: Sequence[Card], marked: Sequence[Annotation]) -> str:
    return f"Move {_said(cards, marked)}"


def _said(cards: Sequence[Card], marked: Sequence[Annotation]) -> str:
    counts: dict[AnnotationKind | str, int] = {"table": len(cards)}
    for one in marked:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    if len(cards) == 1 and not marked:
        return f"table {cards[0].table.id}"
    parts = [f"{count} {word}s" if count > 1 else word for word, count in counts.items() if count]
    return " and ".join(parts)
