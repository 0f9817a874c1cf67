"""The window onto the diagram: what part of it is in view, and how large."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
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
from datagen_app.canvas.geometry import ROW
from datagen_app.canvas.gestures import Gesture, Pan
from datagen_app.canvas.minimap import Minimap
from datagen_app.canvas.scene import Scene
from datagen_app.document.place import Place

__all__ = ["Canvas"]

CLOSEST, FARTHEST = 4.0, 0.02
STEP = 1.2
"""A notch of the wheel, or one press of a key, makes it so many times larger."""

_MARGIN = 24.0
"""Units at 100 % that are left around what is fitted into the view."""
_READABLE = 0.5
"""The zoom from which a column's name can be read."""
_SKETCHED = 0.2
_ROWS = 2_000
"""So many rows are written at once; more are sketched."""
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class Canvas(QGraphicsView):
    """Show the diagram.

    Signals
    -------
    zoomed
        The zoom has changed: 1 is the size of the system's font.
    picked
        The place that was clicked.
    """

    zoomed = Signal(float)
    picked = Signal(object)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene = scene
        self._zoom = 1.0
        self._gesture: Gesture | None = None
        self._space = False
        self._by_keyboard = False
        self._fitted = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._refresh)
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
        self._transform()

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
        held = self.mapToScene(at.toPoint()) + (at - QPointF(at.toPoint())) / self.transform().m11()
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

    def reveal(self, place: Place) -> None:
        """Bring a table or column into view, at a size at which it can be read."""
        frame = self._scene.frame_of(place)
        if frame.isEmpty():
            return
        if self._zoom < _READABLE:
            self._zoom = 1.0
            self._transform()
            self.zoomed.emit(self._zoom)
        margin = ROW
        if not self.seen().contains(frame.adjusted(-margin, -margin, margin, margin)):
            self._put(frame.center(), QPointF(self.viewport().rect().center()))

    def look_at(self, point: QPointF) -> None:
        """Bring a point of the diagram into the middle."""
        self._put(point, QPointF(self.viewport().rect().center()))

    def seen(self) -> QRectF:
        """Return the part of the diagram that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def show_cards(self) -> None:
        """Take over what the diagram has become: other cards, other colours, or a font of another size."""
        self.minimap.show_cards(
            [(card.frame, card.table.kind) for card in self._scene.cards], self._scene.ink
        )
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
        self._fitted = False
        self.minimap.show_view(self.seen())

    # Painting

    def detail(self) -> Detail:
        """Return how much of the cards is drawn: as much as can be read, and drawn in time."""
        if self._zoom < _SKETCHED:
            return Detail.SILHOUETTE
        seen = self.seen()
        rows = sum(len(card.table.places) for card in self._scene.cards if card.frame.intersects(seen))
        return Detail.FULL if self._zoom >= _READABLE and rows <= _ROWS else Detail.SKETCH

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view; what is not ready in time follows in the next frames."""
        pictures = self._scene.pictures
        pictures.begin(self.detail(), self._zoom, self.devicePixelRatioF())
        super().paintEvent(event)
        if self._by_keyboard and self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self._scene.ink.colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.end()
        if pictures.unfinished or self._scene.ground.unfinished:
            self._again.start(0)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the ground and the edges."""
        view = QRectF(self.viewport().rect())
        self._scene.ground.paint(painter, view, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all tables in view if they were."""
        fitted = self._fitted
        held = self.mapToScene(0, 0)
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

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom with two fingers."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_to(self._zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture, or pick what is under the pointer."""
        self._by_keyboard = False
        pans = event.button() == Qt.MouseButton.MiddleButton or (
            self._space and event.button() == Qt.MouseButton.LeftButton
        )
        if self._gesture is None and pans:
            self._begin(Pan(self, event.position()))
        elif self._gesture is None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self._scene.place_at(self.mapToScene(event.position().toPoint())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a gesture."""
        if self._gesture is not None:
            self._gesture.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a gesture."""
        if self._gesture is not None and event.buttons() == Qt.MouseButton.NoButton:
            self._gesture.end()
            self._finish()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pick again: two quick clicks are two clicks."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take hold with Space, take back with Esc, move with the arrows."""
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and self._gesture is None:
                self._space = True
                self._point()
        elif event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self._gesture.cancel()
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.picked.emit(Place())
        elif arrow is not None and self._gesture is None:
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
        if self._gesture is not None:
            self._gesture.cancel()
            self._finish()
        self._space = False
        self._point()
        super().focusOutEvent(event)

    def _begin(self, gesture: Gesture) -> None:
        self._gesture = gesture
        self._point()

    def _finish(self) -> None:
        self._gesture = None
        self._point()

    def _point(self) -> None:
        """Show by the pointer what the mouse does."""
        if self._gesture is not None:
            self.viewport().setCursor(self._gesture.cursor)
        elif self._space:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.viewport().unsetCursor()


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
