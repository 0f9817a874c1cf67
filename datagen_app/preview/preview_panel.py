"""The preview: the first rows of the selected table, the very ones that a run writes, again after every edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.change import Change
from datagen_app.document.document import Document, Table
from datagen_app.document.place import Place
from datagen_app.document.words import rows_word
from datagen_app.preview.explain_strip import ExplainStrip
from datagen_app.preview.requests import Requests
from datagen_app.preview.rows_cells import RowsCells, door
from datagen_app.preview.rows_header import RowsHeader
from datagen_app.preview.rows_model import TARGET, RowsModel
from datagen_app.preview.select import Select
from datagen_app.preview.sparklines import Sparklines
from datagen_app.shell.fonts import figures
from datagen_app.shell.session import Session
from datagen_app.shell.signs import sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["FADING", "NUMBERS", "PreviewPanel"]

NUMBERS = (20, 100, 300, 1_000)
"""Rows that may be shown."""

FADING = 900
"""Milliseconds for which changed cells are lit."""

_LEAST_ROWS = 3
"""Rows that stay in view below an explanation."""

_WIDEST = 34
_AROUND = 3


class PreviewPanel(QWidget):
    """Show the first rows of the selected table, and explain any value of them.

    Parameters
    ----------
    session
        The open document, its selection and its worker.
    theme
        Colours.
    sparklines
        The shapes of the columns; without them the header has none.

    Signals
    -------
    lit
        The places behind the value that is explained; empty when it is no more.
    door
        The path in the document of a stage that was pressed: its form is wanted.
    """

    lit = Signal(object)
    door = Signal(object)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        sparklines: Sparklines | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._place = Place()
        self._start = 0
        self._mark_row: int | None = None
        self._cell: tuple[str, int, str] | None = None
        self._fresh = True
        self._borrowed = 0
        self.rows = RowsModel(self)
        self.requests = Requests(session.client, "preview", self._wanted, self)
        self.traces = Requests(session.client, "trace", self._wanted_trace, self)
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        self._fading = QVariantAnimation(self)
        self._fading.setDuration(FADING)
        self._fading.setStartValue(1.0)
        self._fading.setEndValue(0.0)
        self._fading.setEasingCurve(QEasingCurve.Type.InQuad)
        self._fading.valueChanged.connect(self._glow)
        self._connect()
        if sparklines is not None:
            sparklines.changed.connect(self.header.show_shapes)
            self.header.show_shapes(sparklines.shapes)
        self._colour()
        self._open(session.document)

    # -- building -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.about = QLabel()
        self.about.setProperty("class", "secondary")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.home = QToolButton()
        self.home.setText("First rows")
        self.home.setProperty("class", "link")
        self.home.setToolTip("Back to the first rows of the table")
        self.home.hide()
        self.sign = QLabel()
        self.fault = QToolButton()
        self.fault.setProperty("class", "link")
        self.fault.setToolTip("Go to the column")
        self.number = Select(self._theme, "Rows that are shown")
        for number in NUMBERS:
            self.number.addItem(f"{number:,} rows", number)
        self.number.setCurrentIndex(NUMBERS.index(100))
        self.live = QCheckBox("Live")
        self.live.setChecked(True)
        self.live.setToolTip("Draw the rows again after every edit")
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 12, 4)
        bar.setSpacing(10)
        for widget in (self.title, self.about, self.home):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.sign)
        bar.addWidget(self.fault)
        bar.addStretch(1)
        bar.addWidget(self.number)
        bar.addWidget(self.live)
        self.strip = ExplainStrip(self._theme)
        held = QHBoxLayout()
        held.setContentsMargins(10, 0, 10, 6)
        held.addWidget(self.strip)
        self.table = QTableView()
        self.cells = RowsCells(self._theme, self)
        self.header = RowsHeader(self._theme, self.rows, self.table)
        self.table.setHorizontalHeader(self.header)
        self.table.setModel(self.rows)
        self.table.setItemDelegate(self.cells)
        self.table.setFont(figures(self.font()))
        self.table.setAccessibleName("First rows of the table")
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setCornerButtonEnabled(False)
        self.table.setMouseTracking(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setHighlightSections(False)
        self.header.setMinimumSectionSize(3 * self.fontMetrics().height())
        self.nothing = QLabel()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("class", "secondary")
        self.nothing.setWordWrap(True)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(held)
        layout.addWidget(self.pages, 1)
        self._measure()

    def _connect(self) -> None:
        session = self._session
        session.opened.connect(self._open)
        session.changed.connect(self._follow)
        session.counted.connect(self._tell)
        session.checked.connect(self._show_signs)
        session.settled.connect(self.requests.settle)
        session.settled.connect(self.traces.settle)
        session.profile.changed.connect(self._again)
        session.selection.changed.connect(self._select)
        self.requests.arrived.connect(self._take)
        self.requests.missed.connect(self._miss)
        self.requests.updating.connect(self._tell)
        self.traces.arrived.connect(self._take_trace)
        self.traces.missed.connect(self.strip.show_trouble)
        self.number.currentIndexChanged.connect(self.requests.ask)
        self.live.toggled.connect(self._switch)
        self.home.clicked.connect(self.go_home)
        self.fault.clicked.connect(self._go_to_fault)
        self.header.sectionClicked.connect(self._choose_column)
        self.table.viewport().installEventFilter(self)
        self.table.installEventFilter(self)
        self.strip.door.connect(self._through_door)
        self.strip.row_wanted.connect(self.show_row)
        self.strip.lit.connect(self.lit)
        self.strip.closed.connect(self._leave_strip)
        self._theme.changed.connect(self._colour)

    # -- asking -------------------------------------------------------------------------------------------

    @property
    def shown_table(self) -> Table | None:
        """The table whose rows are shown."""
        document = self._session.document
        return document.table(self._place.table) if document and self._place.table is not None else None

    def _wanted(self) -> tuple[int, dict[str, Any]] | None:
        document, table = self._session.document, self.shown_table
        if document is None or table is None or not self.isVisible():
            return None
        details = {
            "table": table.id,
            "rows": int(self.number.currentData()),
            "start": self._start,
            "seed": self._session.profile.seed,
            "scale": self._session.profile.scale,
        }
        return document.revision, details

    def _wanted_trace(self) -> tuple[int, dict[str, Any]] | None:
        document = self._session.document
        if document is None or self._cell is None or not self.isVisible():
            return None
        table, row, column = self._cell
        profile = self._session.profile
        details = {"table": table, "row": row, "column": column, "seed": profile.seed, "scale": profile.scale}
        return document.revision, details

    def _open(self, document: Document | None) -> None:
        self.requests.forget()
        self.traces.forget()
        self.rows.clear()
        self.explain(None)
        self._place, self._start, self._mark_row, self._fresh = Place(), 0, None, True
        if document is not None:
            self._select(self._session.selection.place)
        self._tell()

    def _select(self, place: Place) -> None:
        """Show the selected table; without one the first that has something to show."""
        document = self._session.document
        if document is None:
            return
        if place.table is None:
            place = self._place if self.shown_table is not None else _first(document)
        if place.table == self._place.table:
            self._place = place
            self._scroll_to(place)
            return
        self._place, self._start, self._mark_row, self._fresh = place, 0, None, True
        self.requests.ask()
        self._tell()

    def _follow(self, change: Change) -> None:
        if change.paths and all(path[:1] == ("metadata",) for path in change.paths):
            return  # nothing that is drawn has changed
        if self.shown_table is None:
            self._place = Place()
            self._select(self._session.selection.place)
        if not self.live.isChecked():
            self._tell()
            return
        self.requests.follow(change)
        if self._cell is not None:
            self.traces.follow(change)

    def _again(self) -> None:
        if self.live.isChecked():
            self.requests.ask()
            self.traces.ask()

    def _switch(self, on: bool) -> None:
        if on:
            self._again()
        self._tell()

    # -- showing ------------------------------------------------------------------------------------------

    def _take(self, answer: Mapping[str, Any]) -> None:
        table = self.shown_table
        if table is None:
            return
        self._milliseconds = float(answer.get("milliseconds", 0.0))
        fresh, self._fresh = self._fresh, False
        self._trouble = str(answer.get("error") or "")
        if self._trouble and not fresh and self.rows.rowCount():
            self._tell()  # the last good rows stay
            return
        self.rows.take(table, answer)
        if fresh:
            self.rows.forget_changes()
            self._fit_columns()
            self._scroll_to(self._place)
        self._show_changes()
        if self._mark_row is not None:
            self._go_to_row(self._mark_row)
            self._mark_row = None
        self._tell()

    _milliseconds = 0.0
    _trouble = ""

    def _miss(self, why: str) -> None:
        self._trouble = why
        self._tell()

    def _tell(self) -> None:
        """Say what is shown, and what is wrong with it."""
        table = self.shown_table
        self.title.setText(table.id if table else "")
        shown = self.rows.rowCount()
        self.pages.setCurrentWidget(self.table if table and (shown or self.rows.columns) else self.nothing)
        self.nothing.setText(self._why_nothing(table))
        self.about.setText(self._said(table, shown))
        self.home.setVisible(self._start > 0)
        column = next((column for column in self.rows.columns if column.error), None)
        fault = f"{column.name}: {column.error}" if column else self._trouble
        self.sign.setVisible(bool(fault))
        self.fault.setVisible(bool(fault))
        wide = max(160, self.width() // 2)
        self.fault.setText(self.fontMetrics().elidedText(fault, Qt.TextElideMode.ElideRight, wide))
        self.fault.setToolTip(fault)
        self.fault.setAccessibleName(f"Error: {fault}" if fault else "")

    def _why_nothing(self, table: Table | None) -> str:
        if table is None:
            return "Select a table to see its first rows."
        if self._trouble:
            return self._trouble
        return "Drawing…" if self.requests.late else f"{table.id} has no rows."

    def _said(self, table: Table | None, shown: int) -> str:
        if table is None or not shown:
            return ""
        counted = self._session.knowledge.counts.get(table.id)
        of = f" of {rows_word(*counted)}" if counted else ""
        which = (
            f"first {shown:,} rows"
            if not self.rows.first
            else f"rows {self.rows.first:,} to {self.rows.first + shown - 1:,}"
        )
        if not self.live.isChecked():
            return f"{which}{of} · not live"
        return (
            f"{which}{of} · updating" if self.requests.late else f"{which}{of} · {self._milliseconds:.0f} ms"
        )

    def _fit_columns(self) -> None:
        metrics = self.table.fontMetrics()
        widest = _WIDEST * metrics.averageCharWidth()
        for at, column in enumerate(self.rows.columns):
            texts = [cell[:60] for cell in column.cells[:40] if cell]
            cells = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 30
            self.table.setColumnWidth(at, max(self.header.wanted_width(column), min(cells, widest)))

    def _scroll_to(self, place: Place) -> None:
        """Bring the selected column into view."""
        if place.column is None:
            return
        at = next((at for at, column in enumerate(self.rows.columns) if column.place == place), None)
        if at is not None and self.rows.rowCount():
            row = max(self.table.currentIndex().row(), self.table.rowAt(0), 0)
            self.table.scrollTo(self.rows.index(row, at), QAbstractItemView.ScrollHint.EnsureVisible)

    # -- changes ------------------------------------------------------------------------------------------

    def set_reduced_motion(self, reduced: bool) -> None:
        """Mark changed cells in their margin, instead of lighting them for a moment."""
        self.cells.marked = reduced
        self.table.viewport().update()

    def _show_changes(self) -> None:
        if self.rows.changed and not self.cells.marked:
            self._fading.stop()
            self._fading.start()

    def _glow(self, strength: float) -> None:
        self.cells.glow = strength
        self.table.viewport().update()

    # -- rows of other tables -----------------------------------------------------------------------------

    def show_row(self, table: str, row: int) -> None:
        """Show any row of any table, with the rows around it."""
        document = self._session.document
        place = document.place_of(table) if document else Place()
        if not place:
            return
        self.explain(None)
        self._start = max(0, row - _AROUND)
        self._mark_row = row
        self._fresh = True
        if place.table != self._place.table:
            self._place = place
            self._session.selection.select(place)
        self.requests.ask()
        self._tell()

    def go_home(self) -> None:
        """Show the first rows again."""
        self._start, self._mark_row, self._fresh = 0, 0, True
        self.requests.ask()

    def _go_to_row(self, row: int) -> None:
        at = row - self.rows.first
        if 0 <= at < self.rows.rowCount():
            index = self.rows.index(at, max(0, self.table.currentIndex().column()))
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    def _follow_reference(self, index: QModelIndex) -> bool:
        target = index.data(TARGET)
        if target is None:
            return False
        self.show_row(*target)
        return True

    # -- explaining ---------------------------------------------------------------------------------------

    def explain(self, index: QModelIndex | None) -> None:
        """Explain the value of a cell; None closes the explanation."""
        table = self.shown_table
        if index is None or not index.isValid() or table is None:
            self._cell, self.cells.explained = None, None
            self.strip.close_strip()
            return
        self.cells.explained = QPoint(index.row(), index.column())
        column = self.rows.columns[index.column()]
        self.explain_value(table.id, self.rows.first + index.row(), column.name)

    def explain_value(self, table: str, row: int, column: str) -> None:
        """Explain any value of the open document's data, such as one of a result or of a failing check."""
        self._cell = (table, row, column)
        self.traces.ask()

    def _take_trace(self, trace: Mapping[str, Any]) -> None:
        if self._cell is None:
            return
        opening = not self.strip.isVisible()
        self.strip.show_trace(trace, self._session.document)
        if opening:
            self._make_room()
            if self.table.currentIndex().isValid():
                self.table.scrollTo(self.table.currentIndex())

    def _make_room(self) -> None:
        """Be high enough for the explanation and some rows below it, as far as whoever shares the height can spare."""
        splitter, child = _divider(self)
        rows = _LEAST_ROWS * self.table.verticalHeader().defaultSectionSize()
        missing = rows - self.table.viewport().height() + self.strip.sizeHint().height()
        if splitter is None or missing <= 0 or self._borrowed:
            return
        sizes = splitter.sizes()
        own = splitter.indexOf(child)
        other = max((at for at in range(len(sizes)) if at != own), key=sizes.__getitem__, default=own)
        neighbour = splitter.widget(other)
        least = max(neighbour.minimumHeight(), neighbour.minimumSizeHint().height()) if neighbour else 0
        self._borrowed = max(0, min(missing, sizes[other] - least)) if other != own else 0
        sizes[own] += self._borrowed
        sizes[other] -= self._borrowed
        splitter.setSizes(sizes)

    def _give_back(self) -> None:
        """Be as high again as before the explanation."""
        splitter, child = _divider(self)
        if splitter is not None and self._borrowed:
            sizes = splitter.sizes()
            own = splitter.indexOf(child)
            other = max((at for at in range(len(sizes)) if at != own), key=sizes.__getitem__, default=own)
            sizes[own] -= self._borrowed
            sizes[other] += self._borrowed
            splitter.setSizes(sizes)
        self._borrowed = 0

    def _leave_strip(self) -> None:
        self._cell, self.cells.explained = None, None
        self._give_back()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _through_door(self, path: tuple[str | int, ...]) -> None:
        document = self._session.document
        if document is not None and (place := document.place_at(path)):
            self._session.selection.reveal(place)
        self.door.emit(path)

    def _show_signs(self) -> None:
        self.header.show_signs(self._session.signs())

    def _choose_column(self, at: int) -> None:
        if 0 <= at < len(self.rows.columns) and (place := self.rows.columns[at].place):
            self._session.selection.select(place)

    def _go_to_fault(self) -> None:
        column = next((column for column in self.rows.columns if column.error), None)
        place = column.place if column else self._place
        if place:
            self._session.selection.reveal(place)

    # -- hands --------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Explain what is clicked, follow the arrow of a reference, and take the keys of the grid."""
        kind = event.type()
        if watched is self.table.viewport():
            if kind == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
                return self._click(event)
            if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
                self._hover(event.position().toPoint())
            elif kind == QEvent.Type.Leave:
                self._hover(None)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _click(self, event: QMouseEvent) -> bool:
        index = self.table.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return False
        inside = door(self.table.visualRect(index)).contains(event.position().toPoint())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if (inside or control) and self._follow_reference(index):
            return True
        self.explain(index)
        return False

    def _hover(self, at: QPoint | None) -> None:
        index = self.table.indexAt(at) if at is not None else QModelIndex()
        cell = QPoint(index.row(), index.column()) if index.isValid() else None
        if cell != self.cells.hovered:
            self.cells.hovered = cell
            self.table.viewport().update()
        inside = at is not None and index.isValid() and index.data(TARGET) is not None
        over = inside and at is not None and door(self.table.visualRect(index)).contains(at)
        self.table.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        )

    def _press(self, event: QKeyEvent) -> bool:
        index = self.table.currentIndex()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if control:
                return self._follow_reference(index)
            self.explain(index)
            return True
        if event.key() == Qt.Key.Key_Escape and self.strip.isVisible():
            self.strip.close_strip()
            return True
        if (
            event.key() == Qt.Key.Key_Down
            and self.strip.isVisible()
            and event.modifiers() == Qt.KeyboardModifier.AltModifier
        ):
            self.strip.focus_stage(0)
            return True
        if event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            column = self.rows.columns[index.column()]
            cell = column.cells[index.row()] if index.row() < len(column.cells) else None
            QGuiApplication.clipboard().setText(cell or "")
            return True
        return False

    # -- looks --------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what was not asked while nobody looked."""
        super().showEvent(event)
        self.requests.ask()
        self.traces.ask()

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "table"):
            self._measure()

    def _measure(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)

    def _colour(self) -> None:
        side = round(self.fontMetrics().height() * 0.95)
        self.sign.setPixmap(sign_pixmap("error", self._theme.palette, side, self.devicePixelRatioF()))
        self.table.viewport().update()


def _divider(widget: QWidget) -> tuple[QSplitter | None, QWidget]:
    """Return what shares the height between a widget and others, and the one of its widgets that holds it."""
    child, parent = widget, widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QSplitter) and parent.orientation() == Qt.Orientation.Vertical:
            return parent, child
        child, parent = parent, parent.parentWidget()
    return None, child


def _first(document: Document) -> Place:
    table = next(iter(document.tables), None)
    return Place(table.key) if table else Place()
