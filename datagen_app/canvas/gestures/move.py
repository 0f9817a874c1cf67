"""Move cards, notes and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from datagen_app.canvas.annotations import Annotation
from datagen_app.canvas.card import Card
from datagen_app.canvas.gestures.gesture import Pointer
from datagen_app.canvas.guides import Guide, Guides
from datagen_app.canvas.margins import frame_of
from datagen_app.document.steps.layout import snapped

if TYPE_CHECKING:
    from datagen_app.canvas.editor import Editor

__all__ = ["Move"]

_REACH = 8.0
"""Pixels from which a thing is drawn into line with another."""
_NEAR = 400
"""So many cards in view are aligned with at most; among more, guides would be everywhere."""


class Move:
    """Move what is selected: drawn over the sheet while it goes on, one step when it ends.

    Positions lie on the grid and are drawn into line with other cards; with Alt on the grid alone.

    Parameters
    ----------
    editor
        What it is done with.
    start
        Where it was taken hold of.
    cards, marked
        What is moved.
    before
        The notes and groups that were selected before.
    held
        The frame of what was taken hold of, which stands on the grid; the first card's if none is given.
    """

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(
        self,
        editor: Editor,
        start: Pointer,
        cards: Sequence[Card],
        marked: Sequence[Annotation] = (),
        held: QRectF | None = None,
        before: Sequence[Annotation] = (),
    ) -> None:
        self._editor, self._start = editor, start
        self._cards, self._marked = list(cards), list(marked)
        held = held or (cards[0].frame if cards else frame_of(marked[0]))
        self._held = (held.left(), held.top(), held.right(), held.bottom())
        scene = editor.scene
        keys = {card.key for card in cards}
        seen = editor.canvas.seen()
        near = [card.frame for card in scene.cards if card.key not in keys and card.frame.intersects(seen)]
        self._guides = Guides(
            [(f.left(), f.top(), f.right(), f.bottom()) for f in near] if len(near) <= _NEAR else []
        )
        self._lines: list[Guide] = []
        self._before = before
        self._edit = editor.begin("Move")
        self._lifted = scene.lift(cards, marked)

    def move(self, to: Pointer) -> None:
        """Stand where the pointer is, as near as the grid and the guides allow."""
        wanted = to.scene - self._start.scene
        left, top, right, bottom = self._held
        across, down = wanted.x(), wanted.y()
        shift_x = shift_y = 0.0
        if not to.free:
            frame = (left + across, top + down, right + across, bottom + down)
            shift_x, shift_y, _ = self._guides.snap(frame, _REACH / self._editor.canvas.transform().m11())
        across = across + shift_x if shift_x else snapped(left + across) - left
        down = down + shift_y if shift_y else snapped(top + down) - top
        placed = (left + across, top + down, right + across, bottom + down)
        self._lines = [] if to.free else self._guides.lines(placed)
        self._lifted.move(QPointF(across, down))

    def end(self) -> None:
        """Keep them where they are."""
        editor, offset = self._editor, self._lifted.offset
        chosen, marked = editor.scene.places, editor.scene.marked
        editor.scene.put_down()
        editor.keep_moved(self._edit, self._cards, self._marked, offset)
        editor.choose(chosen, marked)

    def cancel(self) -> None:
        """Put them back; what was taken hold of is not selected by that."""
        self._editor.scene.put_down()
        self._edit.cancel()
        self._editor.show_choice(self._editor.selection.places, self._before)

    def paint(self, painter: QPainter) -> None:
        """Show the lines that the thing stands in."""
        canvas = self._editor.canvas
        painter.setPen(QPen(self._editor.scene.ink.colour("accent"), 1, Qt.PenStyle.DashLine))
        lines = []
        for guide in self._lines:
            ends = (
                (QPointF(guide.at, guide.low), QPointF(guide.at, guide.high))
                if guide.vertical
                else (QPointF(guide.low, guide.at), QPointF(guide.high, guide.at))
            )
            lines.append(QLineF(*(canvas.from_scene(end) for end in ends)))
        if lines:
            painter.drawLines(lines)
