"""The window onto the diagram: what part of it is in view, and how large."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QWidget

from datagen_app.canvas.face import Detail
from datagen_app.canvas.geometry import HEADER, ROW
from datagen_app.canvas.gestures import Gesture, Pan, Pointer
from datagen_app.canvas.margins import frame_of
from datagen_app.canvas.minimap import Minimap
from datagen_app.canvas.scene import Scene
from datagen_app.canvas.shapes import card_outline
from datagen_app.document.place import Place

__all__ = ["Canvas", "Hand"]

CLOSEST, FARTHEST = 4.0, 0.02
STEP = 1.2
"""A notch of the wheel, or one press of a key, makes it so many times larger."""

_MARGIN = 24.0
"""Units at 100 % that are left around what is fitted into the view."""
_READABLE = 0.5
"""The zoom from which a column's name can be read."""
_SKETCHED = 0.2
_STILL = 3
"""After so many frames in which nothing moved, nobody is moving anything."""
_FOUND = 0.22
"""How much of a colour lies over what was found."""
_RING = 3.0
"""Pixels between a selected card and its ring."""
_EDGE = 24
"""Pixels from the side of the view within which a drag moves the diagram along."""
_DRIFT = 16
"""Milliseconds from one step of that to the next."""
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class Hand(Protocol):
    """Who changes the diagram by mouse and keyboard; without one it can only be looked at."""

    def press(self, at: Pointer) -> Gesture | None:
        """Begin what a press of the left button begins."""

    def double_click(self, at: Pointer) -> None:
        """Do what two quick clicks do."""

    def hover(self, at: Pointer | None) -> Qt.CursorShape | None:
        """Notice where the pointer is, or that it is gone; return what it looks like there."""

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key does; return whether it does anything."""

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key means something here that elsewhere in the window means something else."""

    def menu(self, at: Pointer, where: QPoint) -> None:
        """Open the menu of what is at a point, at a point of the screen."""

    def paint(self, painter: QPainter) -> None:
        """Show what can be taken hold of; the painter draws in pixels of the view."""


class Canvas(QGraphicsView):
    """Show the diagram.

    Signals
    -------
    moved
        Another part of the diagram is in view, or it is larger or smaller.
    zoomed
        The zoom has changed: 1 is the size of the system's font.
    picked
        The place that was clicked.
    """

    moved = Signal()
    zoomed = Signal(float)
    picked = Signal(object)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene = scene
        self._zoom = 1.0
        self._gesture: Gesture | None = None
        self._hand: Hand | None = None
        self._pointer = QPointF()
        self._space = False
        self._still = 0
        self._by_keyboard = False
        self._fitted = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._refresh)
        self._drift = QTimer(self)
        self._drift.setInterval(_DRIFT)
        self._drift.timeout.connect(self._go_along)
        self.setAccessibleName("Diagram")
        self.setAccessibleDescription("The tables as cards. The outline lists the same, for the keyboard.")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # The minimap lies over the view, so moving pixels saves nothing; telling which changed costs.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setMouseTracking(True)
        self.minimap = Minimap(self)
        self.horizontalScrollBar().valueChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        scene.altered.connect(self._refresh)
        scene.reshaped.connect(self._reshape)
        self._transform()

    def set_hand(self, hand: Hand) -> None:
        """Let somebody change the diagram."""
        self._hand = hand

    @property
    def diagram(self) -> Scene:
        """What it shows."""
        return self._scene

    @property
    def gesture(self) -> Gesture | None:
        """What is going on between a press and a release of the mouse."""
        return self._gesture

    def from_scene(self, point: QPointF) -> QPointF:
        """Return where a point of the diagram is in the view, to fractions of a pixel."""
        pixels = self.transform().m11()
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(point.x() * pixels - across, point.y() * pixels - down)

    def to_scene(self, point: QPointF) -> QPointF:
        """Return what point of the diagram is at a point of the view."""
        pixels = self.transform().m11()
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF((point.x() + across) / pixels, (point.y() + down) / pixels)

    def rect_from_scene(self, area: QRectF) -> QRectF:
        """Return where a part of the diagram is in the view."""
        return QRectF(self.from_scene(area.topLeft()), self.from_scene(area.bottomRight()))

    # What is in view

    @property
    def zoom(self) -> float:
        """How large the diagram is drawn: 1 is the size of the system's font."""
        return self._zoom

    def zoom_to(self, zoom: float, fixed: QPointF | None = None) -> None:
        """Zoom so that a point of the view stays where it is: by default its middle."""
        zoom = min(max(zoom, FARTHEST), CLOSEST)
        if abs(zoom - 1) < 0.02:
            zoom = 1.0  # near enough to be what was meant
        at = fixed or QPointF(self.viewport().rect().center())
        held = self.to_scene(at)
        self._zoom = zoom
        self._transform()
        self._put(held, at)
        self.zoomed.emit(zoom)

    def zoom_in(self) -> None:
        """Show it larger."""
        self.zoom_to(self._zoom * STEP)

    def zoom_out(self) -> None:
        """Show more of it."""
        self.zoom_to(self._zoom / STEP)

    def zoom_to_full_size(self) -> None:
        """Show it at the size of the system's font."""
        self.zoom_to(1.0)

    def fit(self) -> None:
        """Show all tables, no larger than at 100 %."""
        self._fit(self._scene.content(), most=1.0)
        self._fitted = True

    def fit_place(self, place: Place) -> None:
        """Show a table or column as large as is readable."""
        frame = self._scene.frame_of(place)
        if not frame.isEmpty():
            self._fit(frame, most=1.5)

    def fit_area(self, area: QRectF) -> None:
        """Show a part of the diagram, no larger than is comfortable to read."""
        self._fit(area, most=1.5)

    def reveal(self, place: Place) -> None:
        """Bring a table or column into view, at a size at which it can be read."""
        self.reveal_readably(place, _READABLE)

    def reveal_readably(self, place: Place, least: float) -> None:
        """Bring a table or column into view, at 100 % if the zoom is less than `least`."""
        frame = self._scene.frame_of(place)
        if frame.isEmpty():
            return
        if self._zoom < least:
            self._zoom = 1.0
            self._transform()
            self.zoomed.emit(self._zoom)
        self.bring(frame)

    def bring(self, area: QRectF) -> None:
        """Bring a part of the diagram into view, moving no further than needed; from far off, into the middle."""
        wanted, seen = area.adjusted(-ROW, -ROW, ROW, ROW), self.seen()
        if not seen.intersects(wanted):
            self._put(area.center(), QPointF(self.viewport().rect().center()))
        elif not seen.contains(wanted):
            # Of what is too large the beginning shows.
            across = min(max(0.0, wanted.right() - seen.right()), max(0.0, wanted.left() - seen.left()))
            down = min(max(0.0, wanted.bottom() - seen.bottom()), max(0.0, wanted.top() - seen.top()))
            across += min(0.0, wanted.left() - seen.left())
            down += min(0.0, wanted.top() - seen.top())
            self._put(seen.topLeft() + QPointF(across, down), QPointF())

    def look_at(self, point: QPointF) -> None:
        """Bring a point of the diagram into the middle."""
        self._put(point, QPointF(self.viewport().rect().center()))

    def seen(self) -> QRectF:
        """Return the part of the diagram that is in view."""
        size = QRectF(self.viewport().rect())
        return QRectF(self.to_scene(size.topLeft()), self.to_scene(size.bottomRight()))

    def show_cards(self) -> None:
        """Take over what the diagram has become: other cards, other colours, or a font of another size."""
        self.minimap.show_cards([(card.frame, card.kind) for card in self._scene.cards], self._scene.ink)
        self._transform()
        self._moved()
        self.viewport().update()

    def _fit(self, content: QRectF, most: float) -> None:
        if content.isEmpty():
            return
        unit = self._scene.ink.unit
        across = max(1.0, self.viewport().width() - 2 * _MARGIN * unit)
        down = max(1.0, self.viewport().height() - 2 * _MARGIN * unit)
        zoom = min(across / content.width(), down / content.height()) / unit
        self._zoom = min(max(zoom, FARTHEST), most)
        self._transform()
        self._put(content.center(), QPointF(self.viewport().rect().center()))
        self.zoomed.emit(self._zoom)

    def _transform(self) -> None:
        pixels = self._zoom * self._scene.ink.unit
        self.setTransform(QTransform.fromScale(pixels, pixels))
        # Whatever the zoom, the diagram can be moved until it is just out of view.
        across, down = self.viewport().width() / pixels, self.viewport().height() / pixels
        self.setSceneRect(self._scene.content().adjusted(-across, -down, across, down))

    def _put(self, point: QPointF, at: QPointF) -> None:
        """Scroll until a point of the diagram is at a point of the view."""
        pixels = self.transform().m11()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(round(point.x() * pixels - at.x()))
        down.setValue(round(point.y() * pixels - at.y()))
        self._moved()

    def _moved(self) -> None:
        self._fitted, self._still = False, 0
        seen = self.seen()
        self._scene.home = seen.center()
        self.minimap.show_view(seen)
        self.moved.emit()

    def _reshape(self) -> None:
        """Take over where cards stand now; what is in view stays there."""
        self.minimap.show_cards([(card.frame, card.kind) for card in self._scene.cards], self._scene.ink)
        held = self.to_scene(QPointF())
        fitted = self._fitted
        self._transform()
        self._put(held, QPointF())
        self._fitted = fitted

    # Painting

    def detail(self) -> Detail:
        """Return how much of the cards is drawn: as much as can be read."""
        if self._zoom < _SKETCHED:
            return Detail.SILHOUETTE
        return Detail.FULL if self._zoom >= _READABLE else Detail.SKETCH

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view; what is not ready in time follows in the next frames."""
        scene, screen = self._scene, self.devicePixelRatioF()
        # Frames that only go on with what there was no time for follow one another once everybody is still.
        scene.pictures.leisure = scene.sheet.leisure = (
            self._still >= _STILL and self._gesture is None and scene.lifted is None
        )
        self._still += 1
        scene.pictures.begin(self.detail(), self._zoom, screen)
        painter = QPainter(self.viewport())
        try:
            self._paint(painter, screen)
        finally:
            painter.end()  # Qt does not survive one that is still at work
        if scene.pictures.unfinished or scene.sheet.unfinished:
            self._again.start(0)

    def _paint(self, painter: QPainter, screen: float) -> None:
        scene = self._scene
        painter.setWorldTransform(self.viewportTransform())
        scene.sheet.paint(painter, QRectF(self.viewport().rect()), screen)
        if scene.lifted is not None:
            scene.lifted.paint(painter, self.seen())
        painter.resetTransform()
        self._paint_found(painter)
        self._paint_rings(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._gesture is not None:
            self._gesture.paint(painter)
        elif self._hand is not None:
            self._hand.paint(painter)
        if self._by_keyboard and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(scene.ink.colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def _paint_found(self, painter: QPainter) -> None:
        """Paint a frame around what was found, so that all of it is seen at once."""
        scene = self._scene
        if not scene.found:
            return
        colour, seen = scene.ink.colour("accent"), self.seen()
        painter.setPen(QPen(colour, 1))
        colour.setAlphaF(_FOUND)
        painter.setBrush(colour)
        for place in scene.found:
            frame = scene.frame_of(place)
            if place.column is None:
                frame.setHeight(min(frame.height(), HEADER))
            if frame.intersects(seen):
                painter.drawRect(self.rect_from_scene(frame).adjusted(1, 1, -1, -1))

    def _paint_rings(self, painter: QPainter) -> None:
        """Paint a ring around what is selected."""
        scene = self._scene
        pixels, seen = self.transform().m11(), self.seen()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.ink.colour("accent"), 2))
        lifted = scene.lifted
        for card in scene.selected_cards:
            frame = card.frame
            if lifted is not None and card in lifted.cards:
                frame.translate(lifted.offset)
            if frame.intersects(seen):
                ring = self.rect_from_scene(frame).adjusted(-_RING, -_RING, _RING, _RING)
                painter.drawPath(card_outline(card.kind, ring, pixels))
        for annotation in scene.marked:
            frame = frame_of(annotation)
            if lifted is not None and annotation in lifted.marked:
                frame.translate(lifted.offset)
            painter.drawRoundedRect(self.rect_from_scene(frame).adjusted(-_RING, -_RING, _RING, _RING), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all tables in view if they were."""
        fitted = self._fitted
        held = self.to_scene(QPointF())
        super().resizeEvent(event)
        self.minimap.put_in_corner()
        self._transform()
        if fitted:
            self.fit()
        else:
            self._put(held, QPointF(0, 0))

    def _refresh(self) -> None:
        self.viewport().update()

    # Mouse, wheel and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move with the wheel; with Ctrl, zoom at the pointer."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_to(self._zoom * STEP ** (turned.y() / 120), event.position())
        else:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else turned / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and moved.x() == 0:
                moved = moved.transposed()
            across, down = self.horizontalScrollBar(), self.verticalScrollBar()
            across.setValue(across.value() - moved.x())
            down.setValue(down.value() - moved.y())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Claim keys that mean something else elsewhere."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            goes_on = self._gesture is not None and event.key() == Qt.Key.Key_Escape
            if goes_on or (self._hand is not None and self._hand.claims(event)):
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom with two fingers."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_to(self._zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def pointer(self, at: QPointF, modifiers: Qt.KeyboardModifier = _NO_KEYS) -> Pointer:
        """Return a point of the view as a gesture takes it."""
        return Pointer(at, self.to_scene(at), modifiers)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture, or pick what is under the pointer."""
        self._by_keyboard = False
        at = self.pointer(event.position(), event.modifiers())
        pans = event.button() == Qt.MouseButton.MiddleButton or (
            self._space and event.button() == Qt.MouseButton.LeftButton
        )
        if self._gesture is not None:
            return
        if pans:
            self.begin(Pan(self, event.position()))
        elif event.button() == Qt.MouseButton.LeftButton and self._hand is not None:
            if (gesture := self._hand.press(at)) is not None:
                self.begin(gesture)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self._scene.place_at(at.scene))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a gesture, or show what could be begun here."""
        self._pointer = event.position()
        at = self.pointer(event.position(), event.modifiers())
        if self._gesture is not None:
            self._gesture.move(at)
            self._point()
            self._drift_along()
            self.viewport().update()
        elif self._hand is not None:
            self._point(self._hand.hover(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a gesture."""
        if self._gesture is not None and event.buttons() == Qt.MouseButton.NoButton:
            gesture = self._gesture
            self._finish()
            gesture.end()
            self._look(event.position())

    def _look(self, at: QPointF) -> None:
        """Show what could be begun under the pointer."""
        if self._hand is not None and self._gesture is None:
            self._point(self._hand.hover(self.pointer(at)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do what two quick clicks do; without a hand they are two clicks."""
        if self._hand is not None and event.button() == Qt.MouseButton.LeftButton and not self._space:
            self._hand.double_click(self.pointer(event.position(), event.modifiers()))
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of what is under the pointer; of what is selected, if a key asked for it."""
        if self._hand is not None and self._gesture is None:
            at = QPointF(event.pos())
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                frames = [card.frame for card in self._scene.selected_cards]
                at = (
                    self.from_scene(frames[-1].center())
                    if frames
                    else QPointF(self.viewport().rect().center())
                )
            where = self.viewport().mapToGlobal(at.toPoint())
            self._hand.menu(self.pointer(at), where)

    def leaveEvent(self, event: QEvent) -> None:
        """Take away what was shown under the pointer."""
        if self._hand is not None and self._gesture is None:
            self._point(self._hand.hover(None))
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take hold with Space, take back with Esc, move with the arrows."""
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and self._gesture is None:
                self._space = True
                self._point()
        elif event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self.cancel()
        elif self._gesture is not None:
            event.ignore()  # what goes on is ended or taken back first
        elif self._hand is not None and self._hand.key(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.picked.emit(Place())
        elif arrow is not None:
            across, down = self.horizontalScrollBar(), self.verticalScrollBar()
            step = round(2 * ROW * self.transform().m11())
            across.setValue(across.value() + arrow[0] * step)
            down.setValue(down.value() + arrow[1] * step)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go with Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._point()
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to whoever came by the keyboard."""
        self._by_keyboard = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take back a gesture that nobody can end any more."""
        self.cancel()
        self._space = False
        self._point()
        super().focusOutEvent(event)

    def begin(self, gesture: Gesture) -> None:
        """Begin a gesture."""
        self._gesture = gesture
        self._point()
        self.viewport().update()

    def cancel(self) -> None:
        """Take back a gesture that goes on."""
        if self._gesture is not None:
            gesture = self._gesture
            self._finish()
            gesture.cancel()

    def _finish(self) -> None:
        self._gesture = None
        self._drift.stop()
        self._point()
        self.viewport().update()

    def _drift_along(self) -> None:
        """Move the diagram along while something is dragged at the side of the view."""
        if isinstance(self._gesture, Pan) or self._drifting().isNull():
            self._drift.stop()
        elif not self._drift.isActive():
            self._drift.start()

    def _drifting(self) -> QPoint:
        inner = self.viewport().rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        at = self._pointer.toPoint()
        nearest = QPoint(
            min(max(at.x(), inner.left()), inner.right()), min(max(at.y(), inner.top()), inner.bottom())
        )
        return (at - nearest) / 2

    def _go_along(self) -> None:
        by = self._drifting()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + by.x())
        down.setValue(down.value() + by.y())
        if self._gesture is not None:
            self._gesture.move(self.pointer(self._pointer, QGuiApplication.keyboardModifiers()))

    def _point(self, hovered: Qt.CursorShape | None = None) -> None:
        """Show by the pointer what the mouse does."""
        if self._gesture is not None:
            self.viewport().setCursor(self._gesture.cursor)
        elif self._space:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif hovered is not None:
            self.viewport().setCursor(hovered)
        else:
            self.viewport().unsetCursor()


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
