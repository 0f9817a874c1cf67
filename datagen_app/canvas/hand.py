"""The hand on the canvas: which gesture a press begins, what a key does, what can be taken hold of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen

from datagen_app.canvas.card import Card
from datagen_app.canvas.editor import Editor
from datagen_app.canvas.gestures.band import Band
from datagen_app.canvas.gestures.child import ChildDrag
from datagen_app.canvas.gestures.gesture import Gesture, Pointer
from datagen_app.canvas.gestures.move import Move
from datagen_app.canvas.gestures.press import Press
from datagen_app.canvas.gestures.reference import ReferenceDrag
from datagen_app.canvas.gestures.resize import Resize
from datagen_app.canvas.hits import HANDLE, Hit, Target, handle_points, hit, plus_point, port_points
from datagen_app.canvas.margins import frame_of
from datagen_app.document.open_document import Busy
from datagen_app.document.place import Place

__all__ = ["EditingHand"]

_CURSORS: dict[Target, Qt.CursorShape] = {
    "port": Qt.CursorShape.CrossCursor,
    "handle": Qt.CursorShape.CrossCursor,
    "plus": Qt.CursorShape.PointingHandCursor,
    "corner": Qt.CursorShape.SizeFDiagCursor,
    "group": Qt.CursorShape.SizeAllCursor,
}
_SHOWN_FROM = 0.3
"""The zoom below which handles would cover what they belong to."""
_LARGE = 10
"""Steps of the grid that an arrow moves with Shift."""


class EditingHand:
    """Change the diagram by mouse and keyboard.

    Parameters
    ----------
    editor
        What changes it.
    menu
        Opens the menu of what is at a point of the diagram, at a point of the screen.
    """

    def __init__(self, editor: Editor, menu: Callable[[Hit, QPointF, QPoint], object]) -> None:
        self._editor, self._menu = editor, menu
        self._hovered = Hit("ground")

    @property
    def hovered(self) -> Hit:
        """What is under the pointer."""
        return self._hovered

    def hit(self, point: QPointF) -> Hit:
        """Return what is at a point of the diagram."""
        canvas = self._editor.canvas
        return hit(self._editor.scene, point, canvas.zoom, canvas.transform().m11(), self._hovered.card)

    # The mouse

    def press(self, at: Pointer) -> Gesture | None:
        """Begin what a press of the left button begins."""
        editor, found = self._editor, self.hit(at.scene)
        if editor.session.document is None:
            return None
        click = partial(self._click, found, at)
        card, column = found.card, found.column
        match found.target:
            case "port" if card is not None and column is not None:
                return Press(at, click, self._beginning(partial(ReferenceDrag, editor, at, card, column)))
            case "handle" if card is not None:
                return Press(at, click, self._beginning(partial(ChildDrag, editor, at, card)))
            case "corner" if found.annotation is not None:
                return Press(at, click, self._beginning(partial(Resize, editor, at, found.annotation)))
            case "plus":
                return Press(at, click, _nothing)
            case "ground":
                return Press(at, click, partial(Band, editor, at))
            case _:
                return Press(at, click, self._beginning(partial(self._move, found, at)))

    def _beginning(self, begin: Callable[[], Gesture | None]) -> Callable[[], Gesture | None]:
        """Return what begins a gesture, or says that another one is going on."""

        def begun() -> Gesture | None:
            try:
                return begin()
            except (Busy, LookupError) as error:
                self._editor.session.troubled.emit(f"This cannot be dragged now: {error}.")
                return None

        return begun

    def double_click(self, at: Pointer) -> None:
        """Name what is there, open a collapsed card, or add a table on the ground."""
        editor, found = self._editor, self.hit(at.scene)
        if editor.session.document is None:
            return
        if found.card is not None and found.card.collapsed and found.target == "header":
            inside = at.scene.y() - found.card.y
            if inside > found.card.height / 2:
                editor.choose([Place(found.card.key)])
                editor.collapse(False)
                return
        if found.annotation is not None:
            editor.choose([], [found.annotation])
            editor.naming.emit(found.annotation)
        elif found.card is not None and found.target != "plus":
            place = self._place(found)
            editor.choose([place])
            editor.naming.emit(place)
        elif found.target == "ground":
            editor.add_table("entity", at.scene)

    def hover(self, at: Pointer | None) -> Qt.CursorShape | None:
        """Show what can be taken hold of under the pointer."""
        found = self.hit(at.scene) if at is not None else Hit("ground")
        if found != self._hovered:
            self._hovered = found
            self._editor.canvas.viewport().update()
        return _CURSORS.get(found.target)

    def menu(self, at: Pointer, where: QPoint) -> None:
        """Open the menu of what is at a point; what it is about is selected first."""
        found = self.hit(at.scene)
        editor = self._editor
        if found.annotation is not None:
            if found.annotation not in editor.scene.marked:
                editor.choose([], [found.annotation])
        elif found.card is not None:
            chosen = editor.selection.places
            if self._place(found) not in chosen and Place(found.card.key) not in chosen:
                editor.choose([self._place(found)])
        else:
            editor.select_nothing()
        self._menu(found, at.scene, where)

    def _click(self, found: Hit, at: Pointer) -> None:
        editor = self._editor
        if found.target == "plus" and found.card is not None:
            editor.choose([Place(found.card.key)])
            editor.adding_column.emit(found.card.key)
        elif found.annotation is not None:
            marked = [one for one in editor.scene.marked if one != found.annotation]
            if not at.adds:
                editor.choose([], [found.annotation])
            elif found.annotation in editor.scene.marked:
                editor.choose(editor.selection.places, marked)
            else:
                editor.choose(editor.selection.places, [*marked, found.annotation])
        elif found.card is None:
            if not at.adds:
                editor.select_nothing()
        elif at.adds:
            editor.selection.toggle(self._place(found))
        else:
            editor.choose([self._place(found)])

    def _move(self, found: Hit, at: Pointer) -> Gesture | None:
        """Take hold of what is selected, if this is; otherwise of this alone, which is selected then."""
        editor, scene = self._editor, self._editor.scene
        if found.annotation is not None:
            before = tuple(scene.marked)
            if found.annotation not in scene.marked:
                editor.show_choice([], [found.annotation])
            marked = [found.annotation, *(one for one in scene.marked if one != found.annotation)]
            cards = list(scene.selected_cards)
            for group in [one for one in marked if one.kind == "group"]:
                inside, notes = editor.inside(group)
                cards += [card for card in inside if card not in cards]
                marked += [note for note in notes if note not in marked]
            return Move(editor, at, cards, marked, held=frame_of(found.annotation), before=before)
        if found.card is None:
            return None
        before = tuple(scene.marked)
        if not found.card.selected:
            places = [*editor.selection.places, Place(found.card.key)] if at.adds else [Place(found.card.key)]
            editor.show_choice(places, scene.marked if at.adds else ())
        return Move(editor, at, editor.moved_with(found.card), scene.marked, before=before)

    def _place(self, found: Hit) -> Place:
        if found.card is None:
            return Place()
        return Place(found.card.key, found.column.key if found.column is not None else None)

    # The keyboard

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key does; return whether it does anything."""
        editor = self._editor
        if editor.session.document is None:
            return False
        some = bool(editor.scene.selected_cards or editor.scene.marked)
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _ARROWS and some and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            across, down = _ARROWS[key]
            steps = _LARGE if shift else 1
            editor.move_by(across * steps, down * steps)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and editor.scene.marked:
            editor.remove_marked()
        elif key == Qt.Key.Key_F2 and some:
            editor.rename_selected()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Insert) and editor.selection.place:
            editor.add_column_to_selected()
        elif key == Qt.Key.Key_Escape and some:
            editor.select_nothing()
        else:
            return False
        return True

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key means something here that elsewhere in the window means something else."""
        editor = self._editor
        deletes = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        return deletes and bool(editor.scene.marked) and not editor.scene.selected_cards

    # What can be taken hold of

    def paint(self, painter: QPainter) -> None:
        """Show the handles of the card under the pointer."""
        found, canvas = self._hovered, self._editor.canvas
        ink = self._editor.scene.ink
        if (found.card is None and found.annotation is None) or canvas.zoom < _SHOWN_FROM:
            return
        accent = ink.colour("accent")
        radius = HANDLE * canvas.transform().m11()
        if found.annotation is not None:
            corner = canvas.from_scene(frame_of(found.annotation).bottomRight())
            painter.setPen(QPen(accent, 2))
            painter.drawLine(corner + QPointF(-9, -1), corner + QPointF(-1, -1))
            painter.drawLine(corner + QPointF(-1, -9), corner + QPointF(-1, -1))
        if found.card is None:
            return
        card: Card = found.card
        painter.setPen(QPen(accent, 1.5))
        if found.column is not None and not card.collapsed:
            painter.setBrush(ink.colour("surface") if found.target != "port" else accent)
            for point in port_points(card, found.column):
                painter.drawEllipse(canvas.from_scene(point), radius * 0.75, radius * 0.75)
        plus_on = found.target == "plus"
        for point, outward in zip(handle_points(card), (-1, 1), strict=True):
            self._handle(painter, canvas.from_scene(point), radius, outward, filled=found.target == "handle")
        if not card.collapsed:
            self._handle(painter, canvas.from_scene(plus_point(card)), radius, 0, filled=plus_on)

    def _handle(
        self, painter: QPainter, middle: QPointF, radius: float, outward: int, *, filled: bool
    ) -> None:
        """Paint a handle: a fork that opens outward draws a child, a plus adds a column."""
        ink = self._editor.scene.ink
        painter.setPen(QPen(ink.colour("accent"), 1.5))
        painter.setBrush(ink.colour("accent" if filled else "surface"))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(ink.colour("on_accent" if filled else "accent"), 1.5))
        arm = radius * 0.5
        if outward:
            root = middle - QPointF(arm * outward, 0)
            for side in (-arm, 0.0, arm):
                painter.drawLine(root, middle + QPointF(arm * outward, side))
        else:
            painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))


def _nothing() -> None:
    """Begin no gesture."""
    return


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
