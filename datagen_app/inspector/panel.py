"""The panel beside the canvas: what there is to know about the selected table or column."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from datagen_app.canvas.shapes import emblem
from datagen_app.document.place import Place
from datagen_app.document.selection import Selection
from datagen_app.inspector.facts import Fact, Section, Sheet
from datagen_app.shell.fonts import monospace, secondary, strong
from datagen_app.shell.signs import Sign, sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["FactsPanel"]

_MARGIN = 16


class Emblem(QWidget):
    """The sign of a kind of table."""

    def __init__(self, kind: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._theme = kind, theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(kind)

    def sizeHint(self) -> QSize:
        """Return a square as high as capital letters, and a bit."""
        side = round(self.fontMetrics().height() * 0.8)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        where = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillPath(emblem(self._kind, where), self._theme.colour(self._kind or "secondary"))


class FactsPanel(QScrollArea):
    """Show a sheet of facts; its links reveal what they name."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._selection = theme, selection
        self._sheet: Sheet | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Information")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self._build)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show what there is to know; keep what is shown where nothing of it is new."""
        if sheet != self._sheet:
            moved = sheet is None or self._sheet is None or sheet.title != self._sheet.title
            self._sheet = sheet
            self._build()
            if moved:
                self.verticalScrollBar().setValue(0)

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._build()

    def _build(self) -> None:
        content = QWidget()
        content.setProperty("class", "surface")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, _MARGIN, 0, _MARGIN)
        layout.setSpacing(12)
        if self._sheet is not None:
            layout.addLayout(self._heading(self._sheet))
            for section in self._sheet.sections:
                layout.addWidget(_rule())
                layout.addLayout(self._section(section))
        layout.addStretch(1)
        self.setWidget(content)  # the one before is deleted with all that is in it

    def _heading(self, sheet: Sheet) -> QVBoxLayout:
        heading = QVBoxLayout()
        heading.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        heading.setSpacing(4)
        title = QHBoxLayout()
        title.setSpacing(8)
        if sheet.kind:
            title.addWidget(Emblem(sheet.kind, self._theme))
        name = _label(sheet.title)
        font = strong(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.15)
        name.setFont(font)
        title.addWidget(name, 1)
        heading.addLayout(title)
        heading.addWidget(self._quiet(sheet.subtitle))
        if sheet.comment:
            heading.addSpacing(4)
            heading.addWidget(_label(sheet.comment))
        return heading

    def _section(self, section: Section) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        title = self._quiet(section.title)
        title.setFont(strong(secondary(self.font())))
        grid.addWidget(title, 0, 0, 1, 2)
        labels = 0
        for number, fact in enumerate(section.facts, start=1):
            if not fact.label:
                grid.addWidget(self._value(fact), number, 0, 1, 2)
                continue
            repeated = number > 1 and section.facts[number - 2].label == fact.label
            label = self._quiet("" if repeated else fact.label)
            label.setFont(self.font())
            label.setWordWrap(True)
            labels = max(labels, label.fontMetrics().horizontalAdvance(fact.label))
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            value = self._value(fact)
            if fact.to is None:
                grid.addWidget(value, number, 1)
            else:
                grid.addWidget(value, number, 1, Qt.AlignmentFlag.AlignLeft)
        line = self.fontMetrics().height()
        grid.setColumnMinimumWidth(0, min(max(labels, 5 * line), 7 * line))
        grid.setColumnStretch(1, 1)
        return grid

    def _value(self, fact: Fact) -> QWidget:
        if fact.to is not None:
            return self._link(fact.text, fact.to)
        value = _label(fact.text)
        if fact.code:
            value.setFont(monospace(self.font()))
        if not fact.severity:
            return value
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        sign = QLabel()
        severity: Sign = "error" if fact.severity == "error" else "warning"
        side = round(self.fontMetrics().height() * 0.9)
        sign.setPixmap(sign_pixmap(severity, self._theme.palette, side, self.devicePixelRatioF()))
        sign.setAccessibleName(severity)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(value, 1)
        return row

    def _link(self, text: str, to: Place) -> QPushButton:
        link = QPushButton(text.replace("&", "&&"))
        link.setProperty("class", "link")
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.setAutoDefault(False)
        link.setToolTip(f"Show {text}")
        link.clicked.connect(_Reveal(self._selection, to))
        return link

    def _quiet(self, text: str) -> QLabel:
        label = _label(text)
        label.setFont(secondary(self.font()))
        label.setProperty("class", "secondary")
        return label


class _Reveal:
    """Reveal a place when called."""

    def __init__(self, selection: Selection, place: Place) -> None:
        self._selection, self._place = selection, place

    def __call__(self) -> None:
        self._selection.reveal(self._place)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # what a schema says is shown, never obeyed
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("class", "rule")
    rule.setFixedHeight(1)
    return rule
