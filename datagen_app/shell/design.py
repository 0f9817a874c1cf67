"""The Design workspace: the outline, the canvas, what is known of the selection, and the lists below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QTabWidget, QWidget

from datagen_app.canvas.board import Board
from datagen_app.canvas.ink import Ink
from datagen_app.canvas.scene import Scene
from datagen_app.canvas.view import Canvas
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.shell.commands import Registry
from datagen_app.shell.editing import Editing
from datagen_app.shell.history import HistoryPanel
from datagen_app.shell.outline import Outline
from datagen_app.shell.problems import ProblemsPanel
from datagen_app.shell.session import Diagram, Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme
from datagen_app.shell.toolbar import Rail

if TYPE_CHECKING:
    from datagen_app.inspector.inspector import Inspector

__all__ = ["NARROW", "Design", "Panel", "Tab"]

NARROW = 1440
"""Logical pixels; in a narrower window one side panel is open at a time, chosen on a rail."""

_NO_JSON = "This file is no JSON, so there is nothing to draw. The problems say where it goes wrong."
_NO_TABLES = "No tables yet. Double-click here to add one, or press Ctrl+K to see all that can be done."

Panel = Literal["outline", "inspector", "below"]
Tab = Literal["preview", "plots", "problems", "history"]
_SIDES: tuple[Panel, Panel] = ("outline", "inspector")


class Design(QWidget):
    """Show a schema, with panels that can be hidden, resized and put back.

    Parameters
    ----------
    session
        The open document.
    editing
        What can be done to what is selected.
    theme
        Colours.
    settings
        Which panels are open, and how large they are.

    Signals
    -------
    arranged
        Other panels are open than before.
    furnished
        The rooms are there that are brought in after the first diagram.
    """

    arranged = Signal()
    furnished = Signal()

    def __init__(
        self,
        session: Session,
        editing: Editing,
        theme: Theme,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._editing, self._theme, self._settings = session, editing, theme, settings
        self._fresh = True
        self._narrow = False
        self._side: Panel | None = "outline"
        self._new = False
        self._furnishing = QTimer(self)
        self._furnishing.setSingleShot(True)
        self._furnishing.setInterval(0)
        self._furnishing.timeout.connect(self._furnish)
        self._build()
        self._arrange()
        self._connect()

    def _build(self) -> None:
        theme = self._theme
        self.scene = Scene(Ink(theme.palette, self.font()), self)
        self.canvas = Canvas(self.scene)
        self.board = Board(self._session, self.canvas, theme)
        self.nothing = QLabel(self.canvas)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("class", "secondary")
        self.nothing.setWordWrap(True)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.nothing.hide()
        self.canvas.installEventFilter(self)
        self.outline = Outline(self._session, self._editing, theme)
        self.side = QStackedWidget()
        self.inspector: Inspector | None = None
        self.problems = ProblemsPanel(self._session, theme)
        self.below = QTabWidget()
        self.below.setDocumentMode(True)
        self.below.setAccessibleName("Below the diagram")
        self.below.tabBar().setAccessibleName("Lists below the diagram")
        self.below.tabBar().setDrawBase(False)
        self.history = HistoryPanel(self._session, theme)
        self._tabs: dict[Tab, QWidget] = {"problems": self.problems, "history": self.history}
        self.below.addTab(self.problems, "Problems")
        self.below.addTab(self.history, "History")

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.addWidget(self.canvas)
        self.rows.addWidget(self.below)
        self.rows.setStretchFactor(0, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        for panel in (self.outline, self.rows, self.side):
            self.columns.addWidget(panel)
        self.columns.setStretchFactor(1, 1)
        for splitter in (self.rows, self.columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.outline.setMinimumWidth(10 * line)
        self.side.setMinimumWidth(14 * line)
        self.canvas.setMinimumSize(16 * line, 8 * line)
        self.below.setMinimumHeight(5 * line)
        self.rail = Rail()
        side_by_side = QHBoxLayout(self)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(0)
        side_by_side.addWidget(self.rail)
        side_by_side.addWidget(self.columns, 1)

    def _connect(self) -> None:
        session, selection = self._session, self._session.selection
        session.opened.connect(self._show_document)
        session.changed.connect(self._show_change)
        session.drawn.connect(self._show_diagram)
        session.counted.connect(self._show_counts)
        session.checked.connect(self._show_problems)
        session.settled.connect(self._settle)
        selection.changed.connect(self._show_selection)
        selection.revealed.connect(self.canvas.reveal)
        self.canvas.picked.connect(selection.select)
        self.outline.opened.connect(self.canvas.fit_place)
        self._theme.changed.connect(self._take_ink)

    # What is shown

    def _show_document(self, document: Document | None) -> None:
        self._new = True
        self._clear_diagram()
        self._show_change()

    def _show_change(self) -> None:
        if (document := self._session.document) is not None:
            self._say_nothing_to_draw(document)

    def _clear_diagram(self) -> None:
        self.scene.clear_document()
        self.canvas.show_cards()

    def _say_nothing_to_draw(self, document: Document) -> None:
        self.nothing.setText(_NO_JSON if document.tree is None else _NO_TABLES)
        self._put_nothing()
        self.nothing.setVisible(not document.tables)

    def _show_diagram(self, diagram: Diagram | None) -> None:
        document = self._session.document
        if document is None or diagram is None:
            if document is None or self._new:
                self._clear_diagram()
            return  # what an edit leads to is shown as far as it is known
        self.scene.show_document(document, diagram.places, diagram.edges, diagram.routes)
        self.scene.set_selected(self._session.selection.places)
        self.canvas.show_cards()
        if self._new:
            self._new = False
            self.canvas.fit()
            self.canvas.setFocus()
            self._furnishing.start()
        self._mark_problems()
        self._show_counts()

    def _show_counts(self) -> None:
        self.scene.set_counts(self._session.knowledge.counts)

    def _show_problems(self) -> None:
        found = self._session.knowledge.problems
        at = self.below.indexOf(self.problems)
        self.below.setTabText(at, f"Problems  {len(found)}" if found else "Problems")
        self._mark_problems()

    def _mark_problems(self) -> None:
        self.scene.set_problems(self._session.knowledge.problems)

    def _settle(self) -> None:
        if self._session.verdict == "unchecked":
            self._show_problems()

    def _show_selection(self) -> None:
        self.scene.set_selected(self._session.selection.places)

    def _take_ink(self) -> None:
        self.scene.set_ink(Ink(self._theme.palette, self.font()))
        self.canvas.show_cards()

    def _furnish(self) -> None:
        """Bring in the rooms that take a while to load, once the first diagram is there to look at."""
        if self.inspector is not None:
            return
        from datagen_app.inspector.inspector import Inspector
        from datagen_app.preview.plots_panel import PlotsPanel
        from datagen_app.preview.preview_panel import PreviewPanel
        from datagen_app.preview.sparklines import Sparklines

        session, theme = self._session, self._theme
        chosen = self._settings.word("tab") or "preview"
        self.inspector = Inspector(session, theme)
        self.side.addWidget(self.inspector)
        self.sparklines = Sparklines(session, self)
        self.sparklines.changed.connect(self._show_sparklines)
        self._tabs["preview"] = self.preview = PreviewPanel(session, theme, self.sparklines)
        self._tabs["plots"] = self.plots = PlotsPanel(session, theme)
        self.preview.door.connect(self.inspector.reveal)
        self.preview.lit.connect(self.scene.mark_found)
        self.below.insertTab(0, self.preview, "Preview")
        self.below.insertTab(1, self.plots, "Plots")
        self.below.setCurrentWidget(self._tabs.get(cast("Tab", chosen), self.preview))
        self.preview.lit.connect(self._light)
        self._show_sparklines()
        self.below.currentChanged.connect(self._keep_tab)
        self.furnished.emit()

    def _show_sparklines(self) -> None:
        self.scene.set_sparklines(self.sparklines.shapes)

    def _light(self, places: Iterable[Place]) -> None:
        """Light up on the canvas what is behind a value; nothing leaves what is selected."""
        self.scene.sheet.set_selected(tuple(places) or self._session.selection.places)
        self.canvas.viewport().update()

    def _keep_tab(self) -> None:
        current = self.below.currentWidget()
        name = next((name for name, tab in self._tabs.items() if tab is current), "preview")
        self._settings.set_word("tab", name)
        self.arranged.emit()

    # Going somewhere

    def fit_selection(self) -> None:
        """Show the selected table or column as large as is readable."""
        self.board.fit_selection()

    def find_in_outline(self) -> None:
        """Go to the filter of the outline."""
        self.show_panel("outline", True)
        self.outline.go_to_filter()

    def step_problem(self, by: int) -> None:
        """Go to the next problem, or with -1 to the one before."""
        self.show_tab("problems", True)
        self.problems.step(by)

    # The panels

    def shows(self, panel: Panel) -> bool:
        """Whether a panel is open."""
        return self._widget(panel).isVisibleTo(self)

    def show_panel(self, panel: Panel, shown: bool) -> None:
        """Open or close a panel."""
        if self._narrow and panel in _SIDES:
            self._side = panel if shown else None
        else:
            self._settings.set_flag(panel, shown)
        self._show_panels()

    def shows_tab(self, tab: Tab) -> bool:
        """Whether one of the lists below is in view."""
        return self.shows("below") and self.below.currentWidget() is self._tabs.get(tab)

    def show_tab(self, tab: Tab, shown: bool) -> None:
        """Bring one of the lists below into view, or close the panel that it is in."""
        if shown:
            if tab not in self._tabs:
                self._furnish()
            self.below.setCurrentWidget(self._tabs[tab])
        self.show_panel("below", shown)

    def put_back(self) -> None:
        """Open every panel, as large as at first."""
        for panel in (*_SIDES, "below"):
            self._settings.set_flag(panel, True)
        self._side = "outline"
        self._show_panels()
        self._size_panels()

    def add_rail(self, commands: Registry) -> None:
        """Offer the commands by which panels are opened where there is room for one at a time."""
        self.rail.offer(commands, ("view.outline", "view.inspector", "view.below"))

    def keep(self) -> None:
        """Remember how large the panels are."""
        if not self._fresh:
            self._settings.set_state("columns", self.columns.saveState())
            self._settings.set_state("rows", self.rows.saveState())

    def _widget(self, panel: Panel) -> QWidget:
        return {"outline": self.outline, "inspector": self.side, "below": self.below}[panel]

    def _show_panels(self) -> None:
        """Show the panels that there is room for."""
        self._narrow = self.width() < NARROW
        self.rail.setVisible(self._narrow)
        for side in _SIDES:
            shown = self._side == side if self._narrow else self._settings.flag(side, True)
            self._widget(side).setVisible(shown)
        self.below.setVisible(self._settings.flag("below", True))
        self.arranged.emit()

    def _size_panels(self) -> None:
        line = self.fontMetrics().height()
        self.columns.setSizes([13 * line, 60 * line, 20 * line])
        self.rows.setSizes([38 * line, 14 * line])

    def showEvent(self, event: QShowEvent) -> None:
        """Take up the shape that the workspace had last time."""
        if self._fresh:
            self._fresh = False
            self.canvas.minimap.want(self._settings.flag("minimap", True))
            self._show_panels()
            self._size_panels()
            self.columns.restoreState(self._settings.state("columns"))
            self.rows.restoreState(self._settings.state("rows"))
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the panels that there is room for."""
        super().resizeEvent(event)
        if not self._fresh and (self.width() < NARROW) != self._narrow:
            self._show_panels()

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and not self._fresh:
            self._take_ink()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep what is said in the middle of the canvas."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._put_nothing()
        return super().eventFilter(watched, event)

    def _put_nothing(self) -> None:
        self.nothing.setGeometry(self.canvas.rect().adjusted(48, 48, -48, -48))
