"""The first page: files that were open, a file to open, and examples drawn as little graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
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
    browse
        The user wants to look for one.
    """

    chosen = Signal(Path)
    browse = Signal()

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
        self.open = QPushButton("Open a schema…")
        self.open.setProperty("class", "primary")
        self.open.clicked.connect(self.browse)
        self.recent = QVBoxLayout()
        self.recent.setSpacing(2)
        self.recent_title = _heading("Recent")
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(title)
        left.addWidget(motto)
        left.addSpacing(16)
        left.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        left.addSpacing(24)
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
            entry = QPushButton(path.name.replace("&", "&&"))
            entry.setProperty("class", "link")
            entry.setCursor(Qt.CursorShape.PointingHandCursor)
            entry.setToolTip(str(path))
            entry.setAccessibleName(f"Open {path}")
            entry.clicked.connect(_Chosen(self, path))
            self.recent.addWidget(entry, 0, Qt.AlignmentFlag.AlignLeft)

    def show_examples(self, examples: Sequence[Mapping[str, Any]]) -> None:
        """Show what the worker says of the examples."""
        self._examples = examples
        _clear(self.templates)
        for example in examples:
            template = Template(example, self._theme)
            template.clicked.connect(_Chosen(self, template.path))
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


class _Chosen:
    """Say that a file was chosen when called."""

    def __init__(self, page: StartPage, path: Path) -> None:
        self._page, self._path = page, path

    def __call__(self) -> None:
        self._page.chosen.emit(self._path)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(strong(label.font()))
    return label


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
