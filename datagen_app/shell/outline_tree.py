"""The outline's tree as it looks, and the field in it where names are given."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from datagen_app.canvas.shapes import emblem
from datagen_app.shell.fonts import figures, secondary
from datagen_app.shell.outline_model import ASIDE, KIND, SIGN
from datagen_app.shell.signs import paint_sign
from datagen_app.shell.theme import Theme

__all__ = ["Lines", "NameField", "Tree"]

Index = QModelIndex | QPersistentModelIndex

_ENDING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)

Judge = Callable[[Index, str], tuple[str, str]]
"""Says of a name for a node why it cannot be, and else what would come of it."""


class Tree(QTreeView):
    """The tree, whose selected line reaches from edge to edge."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIndentation(round(self.fontMetrics().height() * 1.1))
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)  # by the command that renames
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAutoExpandDelay(600)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground of a line before what is on it."""
        whole = QRect(0, option.rect.top(), self.viewport().width(), option.rect.height())
        current = index == self.currentIndex()
        if self.selectionModel().isSelected(index):
            painter.fillRect(whole, self._theme.colour("selected"))
        super().drawRow(painter, option, index)
        if current and self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(whole).adjusted(1, 1, -1, -1))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Paint the arrow of a node that can be opened."""
        if not self.model().hasChildren(index):
            return
        reach = self.fontMetrics().height() * 0.22
        centre = QPointF(rect.right() - self.indentation() / 2, rect.center().y() + 0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(centre)
        if self.isExpanded(index):
            painter.rotate(90)
        pen = QPen(self._theme.colour("secondary"), 1.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(-reach / 2, -reach), QPointF(reach / 2, 0), QPointF(-reach / 2, reach)])
        painter.restore()


class NameField(QLineEdit):
    """Take a name; below it stands why it cannot be, or what would come of it."""

    def __init__(self, judge: Callable[[str], tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._judge, self._above = judge, parent
        self.setAccessibleName("Name")
        self.bubble = QLabel(parent)
        self.bubble.setProperty("class", "bubble")
        self.bubble.setWordWrap(True)
        self.bubble.setTextFormat(Qt.TextFormat.PlainText)
        self.bubble.setFont(secondary(self.font()))
        self.bubble.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.bubble.hide()
        self.textEdited.connect(self._show)
        self.destroyed.connect(self.bubble.deleteLater)

    @property
    def refusal(self) -> str:
        """Why the name cannot be; nothing if it can."""
        return self._judge(self.text())[0]

    def say(self, text: str, *, wrong: bool) -> None:
        """Say something below the field."""
        self.bubble.setText(text)
        self.bubble.setProperty("wrong", wrong)
        self.bubble.style().polish(self.bubble)
        self.setAccessibleDescription(text)
        self.bubble.setVisible(bool(text))
        if text:
            self._put()

    def event(self, event: QEvent) -> bool:
        """Keep every key while a name is given, also those of commands."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the words away with the field."""
        self.bubble.hide()
        super().hideEvent(event)

    def _show(self, text: str) -> None:
        refusal, hint = self._judge(text)
        self.say(refusal or hint, wrong=bool(refusal))

    def _put(self) -> None:
        above = self._above
        width = above.width() - 16
        height = (
            self.bubble.heightForWidth(width) if self.bubble.hasHeightForWidth() else self.bubble.height()
        )
        height = max(height, self.bubble.sizeHint().height())
        top = self.geometry().bottom() + 3
        if top + height > above.height():
            top = self.geometry().top() - height - 3
        self.bubble.setGeometry(8, top, width, height)
        self.bubble.raise_()


class Lines(QStyledItemDelegate):
    """Paint a node: emblem, name, and on the right what there is to say beside it; and edit its name.

    Parameters
    ----------
    theme
        Colours.
    judge
        Says which names can be.
    tree
        Where they are painted.

    Signals
    -------
    refused
        A name was left that cannot be, and why; the node keeps the one that it has.
    """

    refused = Signal(str)

    def __init__(self, theme: Theme, judge: Judge, tree: Tree) -> None:
        super().__init__(tree)
        self._theme, self._judge, self._tree = theme, judge, tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line with some room."""
        return QSize(80, option.fontMetrics.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a node."""
        theme, area = self._theme, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kind, sign = index.data(KIND), index.data(SIGN)
        left, right = area.left(), area.right() - 12
        if kind is not None:
            side = round(option.fontMetrics.height() * 0.7)
            where = QRectF(left + 2, area.center().y() - side / 2, side, side)
            painter.fillPath(emblem(kind, where), theme.colour(kind or "secondary"))
        left += _indent(option, index)
        aside = str(index.data(ASIDE) or "")
        quiet = figures(secondary(option.font))
        painter.setFont(quiet)
        name = option.fontMetrics.horizontalAdvance(str(index.data()))
        if sign:
            side = round(option.fontMetrics.height() * 0.8)
            right -= side
            paint_sign(painter, sign, QRectF(right, area.center().y() - side / 2, side, side), theme.palette)
            right -= 6
        room = right - left - name - 12
        if aside and room > 3 * option.fontMetrics.averageCharWidth():
            painter.setPen(theme.colour("secondary"))
            where = QRectF(right - room, area.top(), room, area.height())
            fits = painter.fontMetrics().elidedText(aside, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fits)
        painter.setFont(option.font)
        painter.setPen(theme.colour("text" if kind is not None else "secondary"))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.colour("text"))
        fits = option.fontMetrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, max(0, int(right - left))
        )
        painter.drawText(
            QRectF(left, area.top(), right - left, area.height()), Qt.AlignmentFlag.AlignVCenter, fits
        )
        painter.restore()

    # Names

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a field for the name of a node."""
        kept = QPersistentModelIndex(index)
        field = NameField(lambda text: self._judge(kept, text), parent)
        new = not index.data()
        field.setPlaceholderText("Name of the column" if index.data(KIND) is None else "Name of the table")
        field.setAccessibleName(field.placeholderText() if new else f"Name of {index.data()}")
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Put the present name into the field, once: what is typed stays whatever happens elsewhere."""
        if isinstance(editor, NameField) and not editor.isModified() and not editor.text():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Give the name, where it is another one and can be."""
        if not isinstance(editor, NameField):
            return
        name = editor.text().strip()
        if name and name != index.data(Qt.ItemDataRole.EditRole):
            if refusal := editor.refusal:
                self.refused.emit(refusal)
            else:
                model.setData(index, name)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the field where the name is."""
        area = QRect(option.rect)
        area.setLeft(area.left() + _indent(option, index) - 9)
        area.setRight(self._tree.viewport().width() - 8)
        editor.setGeometry(area.adjusted(0, -1, 0, 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the field open while its name cannot be and the user stays there."""
        pressed = event.type() == QEvent.Type.KeyPress
        ends = pressed and isinstance(event, QKeyEvent) and event.key() in _ENDING
        if isinstance(watched, NameField) and ends:
            if watched.text().strip() and (refusal := watched.refusal):
                watched.say(refusal, wrong=True)
            else:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QStyledItemDelegate.EndEditHint.NoHint)
            return True
        return super().eventFilter(watched, event)


def _indent(option: QStyleOptionViewItem, index: Index) -> int:
    """Return how far to the right of its line a name begins."""
    if index.data(KIND) is not None:
        return round(option.fontMetrics.height() * 0.7) + 10
    return 4 if not index.parent().parent().isValid() else 0
