"""The modifiers of a column, one after the other: to add, remove, reorder, switch off, and see at work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.document.words import describe_modifier
from datagen_app.inspector.carry import carried_body
from datagen_app.inspector.desk import MIXED, Desk
from datagen_app.inspector.editors.spark import Spark
from datagen_app.inspector.edits import found
from datagen_app.inspector.fields.containers import cross
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.make import make_field
from datagen_app.inspector.fields.picker import Choice, Picker
from datagen_app.inspector.parts import choices_of
from datagen_app.inspector.row import Row
from datagen_app.inspector.section import quiet
from datagen_app.inspector.shape import ABSENT, FAMILIES, Shape, new_part, word_of
from datagen_app.inspector.stack import Link, chain_edits, chain_of
from datagen_app.shell.fonts import secondary, strong

__all__ = ["ChainField"]

_FAMILY = FAMILIES["modifier"]
_ROWS = 1000
"""So many rows the sparklines are drawn from."""
_PAUSE = 250
"""Milliseconds after an edit before they are asked for: what is dragged has the worker to itself."""


class _Grip(QWidget):
    """The handle by which a modifier is dragged."""

    def __init__(self, card: _Card) -> None:
        super().__init__(card)
        self._card = card
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip("Drag to reorder, or Alt and the arrow keys")
        self.setAccessibleName(f"Reorder {card.title}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(QSize(14, 22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint six dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._card.chain.desk.theme
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("secondary"))
        for across in (4.5, 9.5):
            for down in (6.0, 11.0, 16.0):
                painter.drawEllipse(QPointF(across, down), 1.2, 1.2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the modifier."""
        self.setFocus()
        self._card.chain.take_hold(self._card)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry it."""
        self._card.chain.carry(self.mapTo(self._card.chain, event.position().toPoint()).y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put it down."""
        self._card.chain.drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc put it back."""
        if event.key() == Qt.Key.Key_Escape and self._card.chain.carrying:
            self._card.chain.put_back()
            return
        super().keyPressEvent(event)


class _Card(QFrame):
    """One modifier."""

    def __init__(self, chain: ChainField, link: Link, number: int) -> None:
        super().__init__(chain)
        self.chain, self.link, self.number = chain, link, number
        word = word_of(_FAMILY, link.modifier, chain.known)
        part = chain.known.get(word)
        self.title = part.title if part is not None else word or "Modifier"
        self.setProperty("class", "framed")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body: Field | None = None
        self._row: Row | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 4, 6)
        layout.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        self.grip = _Grip(self)
        head.addWidget(self.grip)
        self.fold = _Title(self.title, chain.desk, self)
        self.fold.clicked.connect(self._toggle)
        head.addWidget(self.fold, 1)
        self.switch = _Switch(chain.desk, f"{self.title} is on", self)
        self.switch.setChecked(link.on)
        self.switch.clicked.connect(self._switch)
        head.addWidget(self.switch)
        remove = cross(f"Remove {self.title.lower()}", self)
        remove.clicked.connect(self._remove)
        head.addWidget(remove)
        layout.addLayout(head)
        self.spark = Spark(chain.desk.theme, f"Values before and after {self.title.lower()}", self)
        self.spark.hide()
        layout.addWidget(self.spark)
        for child in (self.grip, self.fold, self.switch, remove):
            child.installEventFilter(self)

    def refresh(self, link: Link) -> None:
        """Show the modifier as it is now."""
        self.link = link
        label, text = describe_modifier(link.modifier)
        self.fold.show_text(text if text and text != label else "")
        self.switch.setChecked(link.on)
        self.fold.set_off(not link.on)
        opened = self.chain.is_open(self.number)
        self.fold.setChecked(opened)
        if opened and self.body is None:
            self._build()
        if self._row is not None:
            self._row.setVisible(opened)
        if self.body is not None and opened:
            self.body.refresh()

    def _build(self) -> None:
        word = word_of(_FAMILY, self.link.modifier, self.chain.known)
        shape = self.chain.shape.language.body("modifier", word)
        if shape is None:
            shape = Shape({"title": "Modifier"}, self.chain.shape.language)
            self.body = make_field(self.chain.desk, shape, self.link.way)
        else:
            self.body = make_field(self.chain.desk, shape, (*self.link.way, "args"))
        self.body.labelled = False
        self._row = Row(self.chain.desk, self.body, self)
        self._row.setContentsMargins(8, 2, 6, 4)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addWidget(self._row)

    @property
    def row(self) -> Row | None:
        """The row of its form, once it has been opened."""
        return self._row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move with Alt and the arrow keys, remove with Delete."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            word = word_of(_FAMILY, self.link.modifier, self.chain.known)
            part = self.chain.known.get(word)
            if part is not None:
                self.chain.desk.pointed.emit(part.title, part.help)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if alt and by is not None:
                self.chain.reorder(self.number, self.number + by)
                return True
            if event.key() == Qt.Key.Key_Delete and watched in (self.grip, self.fold):
                self._remove()
                return True
        return False

    def _toggle(self) -> None:
        self.chain.set_open(self.number, self.fold.isChecked())
        self.refresh(self.link)
        self.chain.reshaped.emit()

    def _switch(self) -> None:
        self.chain.switch(self.number, self.switch.isChecked())

    def _remove(self) -> None:
        self.chain.remove_link(self.number)


class _Title(QToolButton):
    """The name of a modifier and what it does, which unfolds its form."""

    def __init__(self, title: str, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._text, self._off, self._desk = title, "", False, desk
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(self.fontMetrics().height() + 8)
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Show what it does."""
        self._text = " ".join(text.split())
        self.setAccessibleName(f"{self._title}, {self._text}" if self._text else self._title)
        self.setToolTip(self._text)
        self.update()

    def set_off(self, off: bool) -> None:
        """Show that it is switched off."""
        self._off = off
        self.setAccessibleDescription("switched off" if off else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name, and behind it as much of the rest as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._desk.theme
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        font = strong(self.font())
        font.setStrikeOut(self._off)
        painter.setFont(font)
        painter.setPen(theme.colour("secondary" if self._off else "text"))
        rect = self.rect().adjusted(4, 0, -4, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, flags, self._title)
        used = painter.fontMetrics().horizontalAdvance(self._title) + 8
        painter.setFont(secondary(self.font()))
        painter.setPen(theme.colour("secondary"))
        room = rect.width() - used
        if room > 24:
            text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(rect.adjusted(used, 0, 0, 0), flags, text)


class _Switch(QToolButton):
    """A switch: on or off, told by where its knob is, not by colour alone."""

    def __init__(self, desk: Desk, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip("Switch it on or off")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(QSize(34, 22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track and the knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._desk.theme
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        track = QRectF(5, 5, 24, 12)
        on = self.isChecked()
        painter.setPen(QPen(theme.colour("accent" if on else "control_border"), 1))
        painter.setBrush(theme.colour("accent" if on else "surface"))
        painter.drawRoundedRect(track, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_accent" if on else "control_border"))
        painter.drawEllipse(QPointF(track.right() - 6 if on else track.left() + 6, track.center().y()), 4, 4)


class ChainField(Field):
    """The chain of modifiers.

    Signals
    -------
    reshaped
        A form in it was folded or unfolded.
    """

    wide = True
    labelled = False
    reshaped = Signal()

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.known = shape.language.parts.get("modifier", {})
        self._links: list[Link] = []
        self._cards: list[_Card] = []
        self._opened: dict[tuple[Path, int], bool] = {}
        self._built: object = None
        self._grabbed: _Card | None = None
        self._target: int | None = None
        self._asked: object = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._ask)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.differs = quiet("The modifiers of these columns differ. One that is added goes to each.", self)
        self._layout.addWidget(self.differs)
        self.add = _Adder(desk.theme, "Add a modifier", self)
        self.add.offer(self._offered)
        self.add.picked.connect(self.append)
        self.add.wide = round(22 * self.fontMetrics().height())
        self._layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add)

    # Showing

    def refresh(self) -> None:
        """Show the chain."""
        mixed = self.desk.value(self.way) is MIXED or self.desk.value((*self.way[:-1], "x-off")) is MIXED
        self.differs.setVisible(mixed)
        owner = self.desk.first(self.way[:-1])
        self._links = [] if mixed else chain_of(owner, str(self.way[-1]))
        marks = (
            self.desk.roots[0],
            [(link.way, word_of(_FAMILY, link.modifier, self.known)) for link in self._links],
        )
        if marks != self._built:
            self._built = marks
            self._asked = None
            self._build()
        for card, link in zip(self._cards, self._links, strict=True):
            card.refresh(link)
        self._soon.start()

    def value(self) -> Any:
        """Return the modifiers that act, as the forms say them."""
        acting = self.desk.first(self.way)
        if not isinstance(acting, list):
            return acting
        made = list(acting)
        for card in self._cards:
            if card.link.on and card.body is not None:
                at = int(card.link.way[-1])
                body = card.body.value()
                modifier = made[at]
                if isinstance(modifier, dict) and ("args" in modifier or body not in ({}, ABSENT)):
                    made[at] = {**modifier, "args": body}
        return made

    def inner(self) -> Iterator[Field]:
        """Yield the forms that are open."""
        for card in self._cards:
            if card.body is not None:
                yield card.body

    def commit(self) -> None:
        """Take what is typed in any of them."""
        for field in self.inner():
            field.commit()

    def is_open(self, number: int) -> bool:
        """Whether the form of a modifier is unfolded; of a chain of one or two it is."""
        key = (self.desk.roots[0], number)
        return self._opened.get(key, len(self._links) <= 2)

    def set_open(self, number: int, opened: bool) -> None:
        """Fold or unfold the form of a modifier."""
        self._opened[(self.desk.roots[0], number)] = opened

    def open_at(self, way: Path) -> None:
        """Unfold the form that a way leads into."""
        for card in self._cards:
            if way[: len(card.link.way)] == card.link.way:
                self.set_open(card.number, True)
                card.refresh(card.link)

    @property
    def cards(self) -> Sequence[_Card]:
        """The cards of the modifiers."""
        return self._cards

    # Changing

    def append(self, word: str) -> None:
        """Add a modifier at the end."""
        part = self.known[word]
        body = carried_body(_FAMILY, word, part.samples[0] if part.samples else {}, ABSENT, self.desk)
        modifier = new_part(_FAMILY, word, body)
        edits: list[datagen.Edit] = []
        for root in self.desk.roots:
            chain = chain_of(self._owner(root), str(self.way[-1]))
            edits += chain_edits(
                self.desk.tree, root + self.way[:-1], [*chain, Link(modifier, True, ())], str(self.way[-1])
            )
        self.set_open(len(self._links), True)
        self.desk.do(f"Add {part.title.lower()} to {self.desk.name}", edits)

    def reorder(self, source: int, target: int) -> None:
        """Move a modifier to another place in the chain."""
        if not 0 <= target < len(self._links) or source == target:
            return
        chain = list(self._links)
        chain.insert(target, chain.pop(source))
        states = [self.is_open(at) for at in range(len(chain))]
        states.insert(target, states.pop(source))
        for at, opened in enumerate(states):
            self.set_open(at, opened)
        title = self._cards[source].title
        self._do(f"Move {title.lower()} of {self.desk.name}", chain)
        self._cards[target].grip.setFocus()
        self._announce(self._cards[target].grip, f"{title}, {target + 1} of {len(chain)}")

    def switch(self, number: int, on: bool) -> None:
        """Switch a modifier on or off; off, it is kept."""
        chain = list(self._links)
        chain[number] = replace(chain[number], on=on, way=())
        self._do(
            f"Switch {'on' if on else 'off'} {self._cards[number].title.lower()} of {self.desk.name}", chain
        )
        self._cards[number].switch.setFocus()

    def remove_link(self, number: int) -> None:
        """Take a modifier away."""
        title = self._cards[number].title
        chain = [link for at, link in enumerate(self._links) if at != number]
        self._do(f"Remove {title.lower()} of {self.desk.name}", chain)
        rest: QWidget = self._cards[min(number, len(self._cards) - 1)].grip if self._cards else self.add
        rest.setFocus()

    def _do(self, title: str, chain: Sequence[Link]) -> None:
        edits: list[datagen.Edit] = []
        for root in self.desk.roots:
            edits += chain_edits(self.desk.tree, root + self.way[:-1], chain, str(self.way[-1]))
        self.desk.do(title, edits)

    def _owner(self, root: Path) -> Any:
        return found(self.desk.tree, root + self.way[:-1])

    def _offered(self) -> Sequence[Choice]:
        return choices_of("modifier", self.known.values(), self.desk)

    def _build(self) -> None:
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = [_Card(self, link, at) for at, link in enumerate(self._links)]
        for at, card in enumerate(self._cards):
            self._layout.insertWidget(at + 1, card)

    # Dragging

    @property
    def carrying(self) -> bool:
        """Whether a modifier is being dragged."""
        return self._grabbed is not None

    def take_hold(self, card: _Card) -> None:
        """Take hold of a modifier."""
        self._grabbed, self._target = card, None

    def carry(self, y: int) -> None:
        """Carry it to a height."""
        if self._grabbed is None:
            return
        source = self._grabbed.number
        others = [card for card in self._cards if card is not self._grabbed]
        target = sum(card.geometry().center().y() < y for card in others)
        self._target = None if target == source else target
        self.update()

    def drop(self) -> None:
        """Put it down where it is."""
        card, target = self._grabbed, self._target
        self.put_back()
        if card is not None and target is not None:
            self.reorder(card.number, target)

    def put_back(self) -> None:
        """Leave everything as it was."""
        self._grabbed = self._target = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark where the modifier that is dragged would go."""
        if self._grabbed is None or self._target is None:
            return
        others = [card for card in self._cards if card is not self._grabbed]
        if self._target < len(others):
            y = others[self._target].geometry().top() - 4
        else:
            y = others[-1].geometry().bottom() + 4
        painter = QPainter(self)
        painter.setPen(QPen(self.desk.theme.colour("accent"), 2))
        painter.drawLine(0, y, self.width(), y)

    def _announce(self, widget: QWidget, text: str) -> None:
        widget.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.DescriptionChanged))

    # Before and after

    def _ask(self) -> None:
        asker, column, table = self.desk.asker, self.desk.column.get("name"), self.desk.table.get("id")
        if asker is None or not any(link.on for link in self._links) or len(self.desk.roots) > 1:
            return
        document = self.desk.document
        now = (table, column, document.revision if document is not None else 0)
        if isinstance(column, str) and isinstance(table, str) and now != self._asked:
            self._asked = now
            asker.ask(self, "stages", self._hear, table=table, column=column, n=_ROWS)

    def _hear(self, answer: dict[str, Any]) -> None:
        pairs = answer.get("pairs")
        acting = [card for card in self._cards if card.link.on]
        if not isinstance(pairs, list):
            return  # a schema with errors is not drawn: what was seen last stays
        for card in self._cards:
            card.spark.setVisible(False)
        for card, pair in zip(acting, pairs, strict=False):
            card.spark.show_pair(pair)
            card.spark.setVisible(bool(pair))


class _Adder(Picker):
    """A picker that looks like a link: what it picks is added."""

    def __init__(self, theme: Any, name: str, parent: QWidget) -> None:
        super().__init__(theme, name, parent)
        self.setProperty("class", "link")
        self.setText("+ Add modifier")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.steps = False

    def sizeHint(self) -> QSize:
        """Be as large as a link."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 8, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a link."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        font = self.font()
        font.setUnderline(self.underMouse())
        painter.setFont(font)
        painter.setPen(self._theme.colour("accent"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _take(self, key: str) -> None:
        self.picked.emit(key)
