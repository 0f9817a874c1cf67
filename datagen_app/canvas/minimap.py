"""The small map in the corner: where the view is, when it does not show everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from datagen_app.canvas.ink import Ink

if TYPE_CHECKING:
    from datagen_app.canvas.view import Canvas

__all__ = ["Minimap"]

_MARGIN = 12
_PADDING = 6.0
_WIDE, _HIGH = 11.0, 7.0
"""The most it takes, in lines of text."""


class Minimap(QWidget):
    """Show every card as a rectangle, and the view as a frame; a press looks there.

    Signals
    -------
    pointed
        A point of the diagram that is to be looked at.
    """

    pointed = Signal(QPointF)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._cards: list[tuple[QRectF, str]] = []
        self._content = QRectF()
        self._seen = QRectF()
        self._ink: Ink | None = None
        self._picture: QPixmap | None = None
        self._wanted = True
        self.setAccessibleName("Map of the diagram")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pointed.connect(canvas.look_at)
        self.hide()

    @property
    def wanted(self) -> bool:
        """Whether it is shown when there is something to show."""
        return self._wanted

    def want(self, wanted: bool) -> None:
        """Show it, or never."""
        self._wanted = wanted
        self._appear()

    def show_cards(self, cards: Sequence[tuple[QRectF, str]], ink: Ink) -> None:
        """Show these cards, each with its kind."""
        self._cards, self._ink, self._picture = list(cards), ink, None
        self._content = QRectF()
        for frame, _ in self._cards:
            self._content |= frame
        self.put_in_corner()
        self._appear()
        self.update()

    def show_view(self, seen: QRectF) -> None:
        """Show which part of the diagram is in view."""
        if seen != self._seen:
            self._seen = seen
            self._appear()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size that suits the diagram's proportions."""
        if self._ink is None or self._content.isEmpty():
            return QSize(0, 0)
        line = 16 * self._ink.unit
        scale = min(_WIDE * line / self._content.width(), _HIGH * line / self._content.height())
        size = self._content.size() * scale
        return QSize(round(size.width() + 2 * _PADDING), round(size.height() + 2 * _PADDING))

    def put_in_corner(self) -> None:
        """Stand in the lower right corner."""
        size = self.sizeHint()
        around = self._canvas.rect()
        self.setGeometry(
            around.right() - size.width() - _MARGIN,
            around.bottom() - size.height() - _MARGIN,
            size.width(),
            size.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint rectangles, never the scene a second time."""
        if self._ink is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._ink.colour("border"), 1))
        painter.setBrush(self._ink.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        scale, corner = self._scale(), self._content.topLeft()
        painter.drawPixmap(0, 0, self._drawn_cards(self._ink))
        seen = QRectF((self._seen.topLeft() - corner) * scale, self._seen.size() * scale)
        seen = seen.translated(_PADDING, _PADDING) & QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = QColor(self._ink.colour("accent"))
        fill.setAlphaF(0.1)
        painter.setBrush(fill)
        painter.setPen(QPen(self._ink.colour("accent"), 1.5))
        painter.drawRect(seen)

    def _drawn_cards(self, ink: Ink) -> QPixmap:
        """Return the cards as a picture, drawn once: hundreds of rectangles take part of every frame."""
        screen = self.devicePixelRatioF()
        if self._picture is None or self._picture.deviceIndependentSize() != QSizeF(self.size()):
            self._picture = QPixmap(self.size() * screen)
            self._picture.setDevicePixelRatio(screen)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            scale, corner = self._scale(), self._content.topLeft()
            for frame, kind in self._cards:
                where = QRectF((frame.topLeft() - corner) * scale, frame.size() * scale)
                painter.fillRect(where.translated(_PADDING, _PADDING), ink.kind(kind))
            painter.end()
        return self._picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at the point that was pressed."""
        self._point(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is pressed."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event)

    def _point(self, event: QMouseEvent) -> None:
        place = (event.position() - QPointF(_PADDING, _PADDING)) / max(self._scale(), 1e-9)
        self.pointed.emit(place + self._content.topLeft())

    def _scale(self) -> float:
        return (self.width() - 2 * _PADDING) / max(self._content.width(), 1.0)

    def _appear(self) -> None:
        hidden = self._content.isEmpty() or self._seen.contains(self._content)
        self.setVisible(self._wanted and not hidden)
