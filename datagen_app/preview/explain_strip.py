"""Explain this value: its stages from left to right, each with its small distribution and a door to its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.preview.stage_card import StageCard
from datagen_app.shell.fonts import figures, secondary, strong
from datagen_app.shell.icons import icon
from datagen_app.shell.theme import Theme

__all__ = ["ExplainStrip"]

_MOST_ORIGINS = 6
_ROLES = {
    "parent": "its parent",
    "pick": "picked",
    "match": "matched",
    "effect": "effect",
    "reference": "chosen from",
}


class ExplainStrip(QFrame):
    """Show why a value is what it is.

    Signals
    -------
    door
        The path in the document of a stage that was pressed.
    row_wanted
        The table and the row of a value behind it that was pressed.
    lit
        The places on the way to the value: what the canvas shows while the strip is open; empty when it closes.
    closed
        It was closed.
    """

    door = Signal(object)
    row_wanted = Signal(str, int)
    lit = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trace: Mapping[str, Any] = {}
        self._cards: list[StageCard] = []
        self._current = -1
        self.setObjectName("explain")
        self.setAccessibleName("Explain this value")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._build()
        theme.changed.connect(self._colour)
        self._colour()
        self.hide()

    @property
    def trace(self) -> Mapping[str, Any]:
        """What is explained; empty where nothing is."""
        return self._trace

    @property
    def cards(self) -> Sequence[StageCard]:
        """The stages, from left to right."""
        return self._cards

    # -- showing ------------------------------------------------------------------------------------------

    def show_trace(self, trace: Mapping[str, Any], document: Document | None) -> None:
        """Show an explanation; the stage that had the focus keeps it.

        Parameters
        ----------
        trace
            As the worker tells it.
        document
            The open document, in which the places to light are looked up.
        """
        same = all(trace.get(key) == self._trace.get(key) for key in ("table", "row", "column"))
        self._trace = trace
        self.of.setText(f"{trace['column']} of {trace['table']} {trace['row']}")
        self.value.setText(str(trace["text"]))
        self.setAccessibleDescription(f"{self.of.text()} is {trace['text']}")
        stages = trace["stages"]
        self._fit_cards(stages)
        if not same or self._current >= len(stages):
            self._current = -1
        self._show_words()
        self.trouble.hide()
        self.body.show()
        self.show()
        self.lit.emit(self._places(document))

    def show_trouble(self, why: str) -> None:
        """Say why there is no explanation."""
        self.trouble.setText(why)
        self.trouble.show()
        self.body.hide()
        self.show()

    def close_strip(self) -> None:
        """Close, and let the canvas go dark."""
        if self.isVisible() or self._trace:
            self._trace = {}
            self.hide()
            self.lit.emit([])
            self.closed.emit()

    def focus_stage(self, at: int) -> None:
        """Move the focus to a stage."""
        if self._cards:
            self._cards[max(0, min(at, len(self._cards) - 1))].setFocus(Qt.FocusReason.OtherFocusReason)

    # -- building -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.of = QLabel()
        self.of.setProperty("class", "secondary")
        self.of.setTextFormat(Qt.TextFormat.PlainText)
        self.value = QLabel()
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        named = QVBoxLayout()
        named.setSpacing(0)
        named.addStretch(1)
        named.addWidget(self.of)
        named.addWidget(self.value)
        named.addStretch(1)
        self.row = QWidget()
        self._stages = QHBoxLayout(self.row)
        self._stages.setContentsMargins(0, 0, 0, 0)
        self._stages.setSpacing(0)
        self._stages.addStretch(1)
        self.holder = QScrollArea()
        self.holder.setWidgetResizable(True)
        self.holder.setWidget(self.row)
        self.holder.setFrameShape(QFrame.Shape.NoFrame)
        self.holder.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.holder.viewport().setAutoFillBackground(False)
        self.row.setAutoFillBackground(False)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("class", "secondary")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.origins = QHBoxLayout()
        self.origins.setSpacing(12)
        beneath = QHBoxLayout()
        beneath.setContentsMargins(0, 0, 0, 0)
        beneath.setSpacing(12)
        beneath.addWidget(self.words, 1)
        beneath.addLayout(self.origins)
        self.body = QWidget()
        along = QHBoxLayout()
        along.setContentsMargins(0, 0, 0, 0)
        along.setSpacing(4)
        along.addLayout(named)
        self.equals = QLabel("=")
        self.equals.setProperty("class", "secondary")
        self.equals.setContentsMargins(8, 0, 2, 0)
        along.addWidget(self.equals)
        along.addWidget(self.holder, 1)
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        inside.addLayout(along)
        inside.addLayout(beneath)
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.hide()
        self.dismiss = QToolButton()
        self.dismiss.setAccessibleName("Close the explanation")
        self.dismiss.setToolTip("Close the explanation (Esc)")
        self.dismiss.clicked.connect(self.close_strip)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 6, 8)
        layout.setSpacing(8)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.trouble, 1)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)

    def _fit_cards(self, stages: Sequence[Mapping[str, Any]]) -> None:
        while len(self._cards) > len(stages):
            card = self._cards.pop()
            for widget in filter(None, (card, card.property("arrow"))):
                self._stages.removeWidget(widget)
                widget.deleteLater()
        while len(self._cards) < len(stages):
            card = StageCard(self._theme, self.row)
            card.clicked.connect(partial(self._press, len(self._cards)))
            card.installEventFilter(self)
            if self._cards:
                arrow = _Arrow(self._theme, self.row)
                card.setProperty("arrow", arrow)
                self._stages.insertWidget(self._stages.count() - 1, arrow)
            self._stages.insertWidget(self._stages.count() - 1, card)
            self._cards.append(card)
        for card, stage in zip(self._cards, stages, strict=True):
            card.show_stage(stage)
            card.show()
        bar = self.holder.horizontalScrollBar().sizeHint().height()
        self.holder.setFixedHeight(self._cards[0].sizeHint().height() + bar if self._cards else 0)

    def _colour(self) -> None:
        palette = self._theme.palette
        self.setStyleSheet(
            f"#explain {{ background: {palette.hover}; border: 1px solid {palette.border}; border-radius: 6px; }}"
            "#explain QScrollArea, #explain QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        self.of.setFont(secondary(self.font()))
        self.words.setFont(secondary(self.font()))
        heavy = figures(strong(self.font()))
        heavy.setPointSizeF(self.font().pointSizeF() * 1.25)
        self.value.setFont(heavy)
        self.dismiss.setIcon(icon("close", palette, "secondary"))
        self.update()

    # -- what is said below -------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the words of the stage that has the focus, or is under the pointer."""
        if isinstance(watched, StageCard) and event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            self._current = self._cards.index(watched)
            self._show_words()
            if event.type() == QEvent.Type.FocusIn:
                self.holder.ensureWidgetVisible(watched, 16, 0)
        return super().eventFilter(watched, event)

    def _show_words(self) -> None:
        stages = self._trace.get("stages") or []
        told = stages[self._current] if 0 <= self._current < len(stages) else None
        self.words.setText(str(told["words"]) if told else self._summary())
        self.words.setToolTip(self.words.text())
        while self.origins.count():
            item = self.origins.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        every = (
            [origin for stage in stages for origin in stage["origins"]] if told is None else told["origins"]
        )
        seen: dict[tuple[str, int], Mapping[str, Any]] = {}
        for origin in every:
            if origin["role"] != "own":
                seen.setdefault((origin["table"], origin["row"]), origin)
        for origin in list(seen.values())[:_MOST_ORIGINS]:
            self.origins.addWidget(self._link(origin, _ROLES.get(origin["role"], "")))

    def _summary(self) -> str:
        line = self._trace.get("line") or []
        first, last = self._trace.get("sample") or (0, 0)
        ways = "".join(f" of {above['table']} {above['value'] or above['row']}" for above in line)
        child = f"A child{ways}. " if line else ""
        return f"{child}The bars are of rows {first:,} to {last - 1:,}."

    def _link(self, origin: Mapping[str, Any], role: str) -> QToolButton:
        button = QToolButton()
        said = f"{origin['table']} {origin['row']}"
        if origin["column"] and origin["value"]:
            said += f" · {origin['column']} {origin['value']}"
        button.setText(said)
        button.setProperty("class", "link")
        button.setFont(secondary(self.font()))
        button.setToolTip(f"{role}: row {origin['row']} of {origin['table']}. Click to see it.".strip(": "))
        button.setAccessibleName(f"Show row {origin['row']} of {origin['table']}, {role}")
        button.clicked.connect(partial(self.row_wanted.emit, origin["table"], int(origin["row"])))
        return button

    # -- doors --------------------------------------------------------------------------------------------

    def _press(self, at: int, _checked: bool = False) -> None:
        stages = self._trace.get("stages") or []
        if at < len(stages):
            self.door.emit(tuple(stages[at]["path"]))

    def _places(self, document: Document | None) -> list[Place]:
        """Return the places on the way to the value: its own, and those that it hangs on."""
        if document is None:
            return []
        named = [(self._trace["table"], self._trace["column"])]
        for stage in self._trace["stages"]:
            named += [(origin["table"], origin["column"] or None) for origin in stage["origins"]]
        found = (document.place_of(table, column) for table, column in named)
        return list(dict.fromkeys(place for place in found if place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the stages; Esc closes."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_Escape:
            self.close_strip()
        elif (step := steps.get(Qt.Key(event.key()))) is not None and self._cards:
            focused = next((at for at, card in enumerate(self._cards) if card.hasFocus()), self._current)
            self.focus_stage(focused + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press(self._current)
        else:
            super().keyPressEvent(event)


class _Arrow(QWidget):
    """The arrow from one stage to the next."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Be as wide as an arrow."""
        return QSize(18, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("secondary"), 1.4))
        y, right = self.height() // 2, self.width() - 3
        painter.drawLine(3, y, right, y)
        painter.drawLine(right - 4, y - 4, right, y)
        painter.drawLine(right - 4, y + 4, right, y)
