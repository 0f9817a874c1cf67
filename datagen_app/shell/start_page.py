"""The first page: files that were open, a file to open, and examples drawn as little graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from datagen_app.canvas.geometry import WIDTH, card_height
from datagen_app.canvas.shapes import card_outline
from datagen_app.document.words import approximately, counted
from datagen_app.shell.fonts import secondary, strong
from datagen_app.shell.theme import Theme

__all__ = ["StartPage", "Template"]

_RECENT = 8


class Template(QAbstractButton):
    """An example, as a card with the graph of its tables.

    Parameters
    ----------
    example
        What the worker says of it.
    theme
        Colours.
    """

    def __init__(self, example: Mapping[str, Any], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._example, self._theme = example, theme
        self.path = Path(str(example["path"]))
        self._size = (
            f"{counted(len(example['cards']), 'table')} · ≈ {approximately(int(example['rows']))} rows"
        )
        self.setAccessibleName(f"Open the example {example['name']}")
        self.setAccessibleDescription(f"{self._size}. {example['description']}")
        self.setToolTip(str(example["description"]))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return a card with a picture above three lines."""
        line = self.fontMetrics().height()
        return QSize(15 * line, 13 * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        focus = self.hasFocus()
        painter.setPen(QPen(theme.colour("accent" if focus else "border"), 2 if focus else 1))
        painter.setBrush(theme.colour("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(frame, 6, 6)
        line = self.fontMetrics().height()
        text = frame.adjusted(16, 0, -16, -12)
        text.setTop(text.bottom() - 4 * line)
        self._graph(painter, QRectF(16, 16, frame.width() - 30, text.top() - 28))
        painter.setPen(theme.colour("text"))
        painter.setFont(strong(self.font()))
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, str(self._example["name"]))
        painter.setFont(secondary(self.font()))
        painter.setPen(theme.colour("secondary"))
        below = text.adjusted(0, line * 1.25, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignTop, self._size)
        about = below.adjusted(0, line * 1.05, 0, 0)
        metrics = painter.fontMetrics()
        words = metrics.elidedText(
            str(self._example["description"]), Qt.TextElideMode.ElideRight, round(about.width() * 1.8)
        )
        painter.drawText(about, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, words)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def _graph(self, painter: QPainter, area: QRectF) -> None:
        cards = [
            (str(kind), QRectF(x, y, WIDTH, card_height(columns)))
            for (kind, columns), (x, y) in zip(self._example["cards"], self._example["places"], strict=True)
        ]
        whole = QRectF()
        for _, frame in cards:
            whole |= frame
        if whole.isEmpty():
            return
        scale = min(area.width() / whole.width(), area.height() / whole.height(), 0.22)
        corner = area.center() - whole.center() * scale

        def place(frame: QRectF) -> QRectF:
            return QRectF(frame.topLeft() * scale + corner, frame.size() * scale)

        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("control_border"), 1))
        for source, target in self._example["edges"]:
            start, end = place(cards[source][1]), place(cards[target][1])
            if end.left() >= start.right():
                one = QPointF(start.right(), start.center().y())
                other = QPointF(end.left(), end.center().y())
                path = QPainterPath(one)
                middle = (one.x() + other.x()) / 2
                path.cubicTo(QPointF(middle, one.y()), QPointF(middle, other.y()), other)
                painter.drawPath(path)
        for kind, frame in cards:
            outline = card_outline(kind, place(frame), scale, far=True)
            painter.fillPath(outline, self._theme.colour(kind or "secondary"))


class StartPage(QScrollArea):
    """Where the program begins without a file.

    Signals
    -------
    chosen
        A file to open.
    copied
        An example to open a copy of.
    begin
        The user wants an empty schema.
    browse
        The user wants to look for a file.
    looked
        What a crash has left, to be looked at.
    """

    chosen = Signal(Path)
    copied = Signal(Path)
    begin = Signal()
    browse = Signal()
    looked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._examples: Sequence[Mapping[str, Any]] = ()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setProperty("class", "window")
        title = QLabel("Datagen Studio")
        font = strong(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.9)
        title.setFont(font)
        motto = QLabel("Believable, connected tables from a schema.")
        motto.setProperty("class", "secondary")
        self.new = QPushButton("New schema")
        self.new.setProperty("class", "primary")
        self.new.clicked.connect(self.begin)
        self.open = QPushButton("Open…")
        self.open.clicked.connect(self.browse)
        self.restore = QVBoxLayout()
        self.restore.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.new)
        buttons.addWidget(self.open)
        buttons.addStretch(1)
        self.recent = QVBoxLayout()
        self.recent.setSpacing(2)
        self.recent_title = _heading("Recent")
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(title)
        left.addWidget(motto)
        left.addSpacing(16)
        left.addLayout(buttons)
        left.addSpacing(24)
        left.addLayout(self.restore)
        left.addWidget(self.recent_title)
        left.addLayout(self.recent)
        left.addStretch(1)
        self.templates = QGridLayout()
        self.templates.setSpacing(16)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(_heading("Examples"))
        right.addLayout(self.templates)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(48)
        line = self.fontMetrics().height()
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(18 * line)
        left.setContentsMargins(0, 0, 0, 0)
        columns.addWidget(side)
        columns.addLayout(right, 1)
        content = QWidget()
        content.setLayout(columns)
        content.setMaximumWidth(76 * line)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(48, 48, 48, 48)
        outer.addStretch(1)
        outer.addWidget(content, 100)
        outer.addStretch(1)
        self.setWidget(page)
        self.show_recent([])
        theme.changed.connect(page.update)

    @property
    def examples(self) -> Sequence[Template]:
        """The templates that are shown."""
        found = (self.templates.itemAt(at) for at in range(self.templates.count()))
        widgets = [item.widget() for item in found if item is not None]
        return [widget for widget in widgets if isinstance(widget, Template)]

    def show_recent(self, files: Sequence[Path]) -> None:
        """List files that were open."""
        _clear(self.recent)
        self.recent_title.setVisible(bool(files))
        for path in files[:_RECENT]:
            self.recent.addWidget(_Recent(path, self))

    def offer(self, found: Mapping[str, Any]) -> None:
        """Offer a document that was not closed to be restored: what the worker says of it."""
        from datagen_app.shell.restore import RestoreCard

        card = RestoreCard(found)
        card.looked.connect(self.looked)
        self.restore.addWidget(card)

    def withdraw(self, journal: Path) -> None:
        """Offer a document no more."""
        for at in range(self.restore.count()):
            item = self.restore.itemAt(at)
            card = item.widget() if item is not None else None
            if card is not None and Path(str(card.property("journal"))) == journal:
                self.restore.removeWidget(card)
                card.hide()
                card.deleteLater()
                return

    def show_examples(self, examples: Sequence[Mapping[str, Any]]) -> None:
        """Show what the worker says of the examples."""
        self._examples = examples
        _clear(self.templates)
        for example in examples:
            template = Template(example, self._theme)
            template.clicked.connect(_Send(self.copied, template.path))
            self.templates.addWidget(template)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many templates into a row as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        across = max(1, min(3, (self.viewport().width() - 26 * line) // (16 * line)))
        for at, template in enumerate(self.examples):
            self.templates.addWidget(template, at // across, at % across)
        for column in range(3):
            self.templates.setColumnStretch(column, 1 if column < across else 0)


class _Recent(QWidget):
    """A file that was open, with the folder that it is in; one that is gone is said to be."""

    def __init__(self, path: Path, page: StartPage) -> None:
        super().__init__()
        missing = not path.exists()
        name = QPushButton(path.name.replace("&", "&&"))
        name.setProperty("class", "link")
        name.setCursor(Qt.CursorShape.PointingHandCursor)
        name.setToolTip(str(path))
        name.setAccessibleName(f"{path} is missing" if missing else f"Open {path}")
        name.setEnabled(not missing)
        name.clicked.connect(_Send(page.chosen, path))
        where = QLabel("missing" if missing else _folder(path))
        where.setFont(secondary(self.font()))
        where.setProperty("class", "secondary")
        where.setTextFormat(Qt.TextFormat.PlainText)
        room = 16 * self.fontMetrics().height()
        fits = where.fontMetrics().elidedText(where.text(), Qt.TextElideMode.ElideMiddle, room)
        where.setText(fits)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 4)
        layout.setSpacing(1)
        layout.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(where)


class _Send:
    """Send a file with a signal when called."""

    def __init__(self, signal: SignalInstance, path: Path) -> None:
        self._signal, self._path = signal, path

    def __call__(self) -> None:
        self._signal.emit(self._path)


def _folder(path: Path) -> str:
    """Return the folder of a file, as people say it: from their own folder on."""
    folder = path.parent
    return (
        f"~/{folder.relative_to(Path.home()).as_posix()}"
        if folder.is_relative_to(Path.home())
        else str(folder)
    )


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(strong(label.font()))
    return label


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
