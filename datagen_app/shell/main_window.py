"""The main window: the start page, or the outline, the canvas, the facts and the problems of a schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QEvent, QFileSystemWatcher, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from datagen_app.canvas.ink import Ink
from datagen_app.canvas.scene import Scene
from datagen_app.canvas.view import Canvas
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.generation.dialog import GenerateDialog, new_folder
from datagen_app.generation.job import Outcome
from datagen_app.inspector.facts import sheet
from datagen_app.inspector.panel import FactsPanel
from datagen_app.preview.client import Client
from datagen_app.shell.command_palette import CommandPalette, Entry
from datagen_app.shell.commands import Registry
from datagen_app.shell.icons import application_icon
from datagen_app.shell.notice import Notice
from datagen_app.shell.outline import Outline
from datagen_app.shell.problems import ProblemsPanel
from datagen_app.shell.question import ask
from datagen_app.shell.session import Diagram, Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.start_page import StartPage
from datagen_app.shell.status import StatusLine
from datagen_app.shell.theme import Choice, Theme
from datagen_app.shell.toolbar import Rail, Toolbar
from datagen_app.shell.window_commands import window_commands
from datagen_engine.version import __version__

__all__ = ["NARROW", "MainWindow"]

NARROW = 1440
"""Logical pixels; in a narrower window one side panel is open at a time, chosen on a rail."""

_SETTLING = 120
"""Milliseconds after which a file that was changed is taken to be written."""

Side = Literal["outline", "information"]


class MainWindow(QMainWindow):
    """Show a schema.

    Parameters
    ----------
    theme
        Colours.
    settings
        What is remembered.
    client
        The worker.
    """

    def __init__(self, theme: Theme, settings: Settings, client: Client) -> None:
        super().__init__()
        self.theme, self.settings = theme, settings
        self.session = Session(client, self)
        self.dialog: GenerateDialog | None = None
        self._fresh = True
        self._narrow = False
        self._side: Side | None = "outline"
        self._leaving = False
        self._shown: Path | None = None
        self._again = False
        self._watcher: QFileSystemWatcher | None = None
        self._changed = QTimer(self)
        self._changed.setSingleShot(True)
        self._changed.setInterval(_SETTLING)
        self._changed.timeout.connect(self._reload_changed)
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self._build_panels()
        self.commands = Registry(theme, self)
        self.commands.add(*window_commands(self))
        self._build_bars()
        self._arrange()
        self._connect()
        self._show_document(None)
        self.session.ask_for_examples()

    # Building

    def _build_panels(self) -> None:
        theme, selection = self.theme, self.session.selection
        self.scene = Scene(Ink(theme.palette, self.font()), self)
        self.canvas = Canvas(self.scene)
        self.nothing = QLabel(self.canvas)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("class", "secondary")
        self.nothing.setWordWrap(True)
        self.notice = Notice(theme)
        self.outline = Outline(theme, selection)
        self.facts = FactsPanel(theme, selection)
        self.problems = ProblemsPanel(theme, selection)
        self.below = QTabWidget()
        self.below.setDocumentMode(True)
        self.below.setAccessibleName("Below the diagram")
        self.below.tabBar().setAccessibleName("Lists below the diagram")
        self.below.tabBar().setDrawBase(False)
        self.below.addTab(self.problems, "Problems")
        self.start = StartPage(theme)
        self.command_palette = CommandPalette(theme, self)

    def _build_bars(self) -> None:
        menus = self.menuBar()
        self.commands.fill(menus)
        self.recent_menu = self.commands.menu("File/Open recent", menus)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.examples_menu = self.commands.menu("File/Open example", menus)
        for submenu in (self.recent_menu, self.examples_menu):
            self.commands.menu("File", menus).insertMenu(self.commands.action("file.reload"), submenu)
        self.toolbar = Toolbar(self.commands, self.session.profile)
        self.addToolBar(self.toolbar)
        self.rail = Rail(self.commands)
        self.status = StatusLine(self.theme)
        self.setStatusBar(self.status)

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.addWidget(self.canvas)
        self.rows.addWidget(self.below)
        self.rows.setStretchFactor(0, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        for panel in (self.outline, self.rows, self.facts):
            self.columns.addWidget(panel)
        self.columns.setStretchFactor(1, 1)
        for splitter in (self.rows, self.columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.outline.setMinimumWidth(10 * line)
        self.facts.setMinimumWidth(14 * line)
        self.canvas.setMinimumSize(16 * line, 8 * line)
        self.below.setMinimumHeight(5 * line)
        self.design = QWidget()
        side_by_side = QHBoxLayout(self.design)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(0)
        side_by_side.addWidget(self.rail)
        side_by_side.addWidget(self.columns, 1)
        self.pages = QStackedWidget()
        for page in (self.start, self.design):
            self.pages.addWidget(page)
        centre = QWidget()
        below_one_another = QVBoxLayout(centre)
        below_one_another.setContentsMargins(0, 0, 0, 0)
        below_one_another.setSpacing(0)
        below_one_another.addWidget(self.notice)
        below_one_another.addWidget(self.pages, 1)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        session, selection = self.session, self.session.selection
        session.opened.connect(self._show_document)
        session.drawn.connect(self._show_diagram)
        session.counted.connect(self._show_counts)
        session.checked.connect(self._show_problems)
        session.settled.connect(self._settle)
        session.troubled.connect(self.notice.say)
        session.examined.connect(self._show_examples)
        selection.changed.connect(self._show_selection)
        selection.revealed.connect(self.canvas.reveal)
        self.canvas.picked.connect(selection.select)
        self.canvas.zoomed.connect(self.status.show_zoom)
        self.outline.opened.connect(self.canvas.fit_place)
        self.start.chosen.connect(self.open)
        self.start.browse.connect(self.choose_file)
        self.status.asked_for_problems.connect(self.commands.action("view.problems").trigger)
        self.status.asked_for_full_size.connect(self.canvas.zoom_to_full_size)
        self.theme.changed.connect(self._take_ink)

    # Opening

    def open(self, path: Path) -> None:
        """Open a schema."""
        self.notice.hide()
        self.session.open(path.absolute())

    def choose_file(self) -> None:
        """Let the user choose a schema."""
        document = self.session.document
        folder = str(document.path.parent) if document else ""
        chooser = QFileDialog(self, "Open a schema", folder, "Schemas (*.json);;All files (*)")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._open_named)
        chooser.open()

    def _open_named(self, name: str) -> None:
        self.open(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that is dragged over the window."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a file that is dropped."""
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            event.acceptProposedAction()
            self.open(Path(local[0]))

    def _watch(self, document: Document | None) -> None:
        """Notice when the open file changes."""
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(self._changed.start)
        if watched := self._watcher.files():
            self._watcher.removePaths(watched)
        if document is not None:
            self._watcher.addPath(str(document.path))

    def _reload_changed(self) -> None:
        document = self.session.document
        if document is not None and document.path.exists():
            self.session.reload()

    # Showing

    def _show_document(self, document: Document | None) -> None:
        # A file that was read again stays in view as it was until its new diagram is there.
        self._again = document is not None and document.path == self._shown
        self._shown = document.path if document else None
        if not self._again:
            self._clear_diagram()
        self._inform_dialog(document)
        self.nothing.hide()
        self.outline.set_document(document)
        self._watch(document)
        self.pages.setCurrentWidget(self.start if document is None else self.design)
        self.setWindowTitle(f"{document.path.name} – Datagen Studio" if document else "Datagen Studio")
        self.toolbar.show_file(document.path if document else None)
        self.toolbar.setVisible(document is not None)
        self.status.setVisible(document is not None)
        if document is None:
            self.start.show_recent([path for path in self.settings.recent if path.exists()])
            self.setFocus()
        else:
            self.settings.add_recent(document.path)
            self._say_nothing_to_draw(document)
        self.commands.refresh()
        self._show_facts()
        self._show_size()

    def _clear_diagram(self) -> None:
        self.scene.clear_document()
        self.canvas.show_cards()

    def _inform_dialog(self, document: Document | None) -> None:
        if self.dialog is None:
            return
        if document is not None and document.path == self.dialog.path:
            self.dialog.show_document(document)
        elif not self.dialog.running:
            self.dialog.close()

    def _say_nothing_to_draw(self, document: Document) -> None:
        if document.tables:
            return
        self.nothing.setText(
            "This file is no JSON, so there is nothing to draw. The problems say where it goes wrong."
            if document.tree is None
            else "This schema has no tables."
        )
        self.nothing.setGeometry(self.canvas.rect().adjusted(48, 48, -48, -48))
        self.nothing.show()

    def _show_diagram(self, diagram: Diagram | None) -> None:
        document = self.session.document
        if document is None or diagram is None:
            self._clear_diagram()
            return
        self.scene.show_document(document, diagram.places, diagram.edges, diagram.routes)
        self.scene.set_selected(self.session.selection.place)
        self.canvas.show_cards()
        if not self._again:
            self.canvas.fit()
            self.canvas.setFocus()
        self._mark_problems()
        self._show_counts()

    def _show_counts(self) -> None:
        counts = self.session.knowledge.counts
        self.scene.set_counts(counts)
        self.outline.model.set_counts(counts)
        if self.dialog is not None and self.has_document_of(self.dialog.path):
            self.dialog.set_counts(counts)
        self._show_facts()
        self._show_size()

    def _show_problems(self) -> None:
        found, verdict = self.session.knowledge.problems, self.session.verdict
        self.problems.set_problems(found, verdict)
        self.below.setTabText(0, f"Problems  {len(found)}" if found else "Problems")
        # Unless the user chose, the list is there when there is something to list.
        if verdict != "checking":
            self.below.setVisible(self.settings.flag("problems", bool(found)))
        self.status.show_problems([problem for _, problem in found], verdict)
        self._mark_problems()
        self.commands.refresh()
        self._show_facts()

    def _mark_problems(self) -> None:
        self.scene.set_problems(self.session.knowledge.problems)
        self.outline.model.set_signs(self.session.signs())

    def _settle(self) -> None:
        self._show_size()
        if self.session.verdict == "unchecked":
            self._show_problems()

    def _show_selection(self, place: Place) -> None:
        self.scene.set_selected(place)
        self._show_facts()
        self.commands.refresh()

    def _show_facts(self) -> None:
        if (document := self.session.document) is not None:
            self.facts.show_sheet(sheet(document, self.session.selection.place, self.session.knowledge))

    def _show_size(self) -> None:
        if (document := self.session.document) is not None:
            known = self.session.knowledge
            self.status.show_size(document, len(known.links), known.counts, busy=self.session.busy)

    def _show_examples(self, examples: Sequence[dict[str, Any]]) -> None:
        self.start.show_examples(examples)
        self.examples_menu.clear()
        for example in examples:
            action = self.examples_menu.addAction(str(example["name"]).replace("&", "&&"))
            action.triggered.connect(_Open(self, Path(str(example["path"]))))

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        recent = [path for path in self.settings.recent if path.exists()]
        for path in recent:
            action = self.recent_menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(_Open(self, path))
        if recent:
            self.recent_menu.addSeparator()
            self.recent_menu.addAction("Clear this list").triggered.connect(self._forget_recent)
        else:
            self.recent_menu.addAction("None yet").setEnabled(False)

    def _forget_recent(self) -> None:
        self.settings.forget_recent()
        self.start.show_recent([])

    def _take_ink(self) -> None:
        self.scene.set_ink(Ink(self.theme.palette, self.font()))
        self.canvas.show_cards()

    # What commands ask and do

    def has_document(self) -> bool:
        """Whether a document is open."""
        return self.session.document is not None

    def has_document_of(self, path: Path) -> bool:
        """Whether the open document is that of a file."""
        return self.session.document is not None and self.session.document.path == path

    def has_selection(self) -> bool:
        """Whether a table or column is selected."""
        return bool(self.session.selection.place)

    def has_problems(self) -> bool:
        """Whether problems are listed."""
        return self.problems.model.rowCount() > 0

    def shows_outline(self) -> bool:
        """Whether the outline is open."""
        return self.outline.isVisibleTo(self.design)

    def shows_information(self) -> bool:
        """Whether the facts are open."""
        return self.facts.isVisibleTo(self.design)

    def shows_problems(self) -> bool:
        """Whether the list of problems is open."""
        return self.below.isVisibleTo(self.design)

    def shows_minimap(self) -> bool:
        """Whether the map is wanted."""
        return self.canvas.minimap.wanted

    def show_outline(self, shown: bool) -> None:
        """Show or hide the outline."""
        self._show_side("outline", shown)

    def show_information(self, shown: bool) -> None:
        """Show or hide the facts."""
        self._show_side("information", shown)

    def show_problems(self, shown: bool) -> None:
        """Show or hide the list of problems."""
        self.settings.set_flag("problems", shown)
        self.below.setVisible(shown)
        self.commands.refresh()

    def show_minimap(self, shown: bool) -> None:
        """Show or hide the map."""
        self.settings.set_flag("minimap", shown)
        self.canvas.minimap.want(shown)
        self.commands.refresh()

    def choose_theme(self, choice: Choice) -> None:
        """Change the colours."""
        self.settings.theme = choice
        self.theme.choose(choice)
        self.commands.refresh()

    def fit_selection(self) -> None:
        """Show the selected table or column as large as is readable."""
        self.canvas.fit_place(self.session.selection.place)

    def find_in_outline(self) -> None:
        """Go to the filter of the outline."""
        self.show_outline(True)
        self.outline.go_to_filter()

    def next_problem(self) -> None:
        """Go to the next problem."""
        self._step_problem(1)

    def previous_problem(self) -> None:
        """Go to the problem before."""
        self._step_problem(-1)

    def _step_problem(self, step: int) -> None:
        self.show_problems(True)
        self.problems.step(step)

    def show_command_palette(self) -> None:
        """Let the user choose among everything that can be done."""
        self.commands.refresh()
        entries = []
        for command in self.commands.commands:
            action = self.commands.action(command.id)
            if action.isEnabled() and command.id != "help.commands":
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                menu = command.menu.replace("/", " › ")
                entries.append(Entry(command.title.rstrip("…"), menu, action.trigger, keys))
        document = self.session.document
        for table in document.tables if document else ():
            entries.append(Entry(table.id, "table", _Go(self, Place(table.key))))
            for column in table.columns:
                go = _Go(self, Place(table.key, column.key))
                entries.append(Entry(f"{table.id}.{column.name}", "column", go))
        self.command_palette.ask(entries)

    def generate(self) -> None:
        """Ask where to write the tables, and write them."""
        document, session = self.session.document, self.session
        if self.dialog is None and document is not None:
            own = document.path in {example.path for example in self.start.examples}
            folder = new_folder(document.path, own=own)
            dialog = GenerateDialog(
                document, session.profile, session.client, self.theme, folder, parent=self
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.destroyed.connect(self._forget_dialog)
            dialog.finished_run.connect(self._run_ended)
            dialog.set_counts(session.knowledge.counts)
            self.dialog = dialog
        if self.dialog is not None:
            self.dialog.show()
            self.dialog.raise_()
            self.dialog.activateWindow()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _run_ended(self, outcome: Outcome) -> None:
        QApplication.alert(self)
        if self._leaving:
            self.close()

    def about(self) -> None:
        """Say what this is."""
        title = f"Datagen Studio {__version__}"
        box = QMessageBox(QMessageBox.Icon.NoIcon, "About Datagen Studio", title, parent=self)
        box.setInformativeText(
            "Believable, connected tables from a schema.\n\nUnder the Apache License 2.0. "
            "Pictures are lettered in Inter, under the SIL Open Font License 1.1."
        )
        box.setIconPixmap(application_icon().pixmap(64, 64))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # The window itself

    def _show_side(self, side: Side, shown: bool) -> None:
        if self._narrow:
            self._side = side if shown else None
        else:
            self.settings.set_flag(side, shown)
        self._show_panels()

    def _show_panels(self) -> None:
        """Show the panels that there is room for."""
        self._narrow = self.width() < NARROW
        self.rail.setVisible(self._narrow)
        for side, panel in (("outline", self.outline), ("information", self.facts)):
            panel.setVisible(self._side == side if self._narrow else self.settings.flag(side, True))
        self.commands.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Take up the shape that the window had last time."""
        if self._fresh:
            self._fresh = False
            line = self.fontMetrics().height()
            self.canvas.minimap.want(self.settings.flag("minimap", True))
            self.below.setVisible(self.settings.flag("problems", False))
            self._show_panels()
            if not self.columns.restoreState(self.settings.state("columns")):
                self.columns.setSizes([13 * line, 60 * line, 20 * line])
            if not self.rows.restoreState(self.settings.state("rows")):
                self.rows.setSizes([40 * line, 10 * line])
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the panels that there is room for."""
        super().resizeEvent(event)
        if not self._fresh and (self.width() < NARROW) != self._narrow:
            self._show_panels()
        self.nothing.setGeometry(self.canvas.rect().adjusted(48, 48, -48, -48))

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and not self._fresh:
            self._take_ink()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the program; ask first while a run is going on."""
        if self.dialog is not None and self.dialog.running:
            event.ignore()
            if not self._leaving:
                reason = "A run is still going on; what it has written so far is not a whole result."
                ask(
                    self,
                    "Stop the run and quit?",
                    reason,
                    "Stop and quit",
                    "Keep running",
                    self._stop_and_leave,
                )
            return
        self.settings.set_state("columns", self.columns.saveState())
        self.settings.set_state("rows", self.rows.saveState())
        self.settings.set_state("window", self.saveGeometry())
        self.session.client.close()
        event.accept()

    def _stop_and_leave(self) -> None:
        self._leaving = True
        if self.dialog is not None and self.dialog.running:
            self.dialog.stop()
        else:
            self.close()


class _Open:
    """Open a file when called."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        self._window, self._path = window, path

    def __call__(self, checked: bool = False) -> None:
        self._window.open(self._path)


class _Go:
    """Reveal a place when called."""

    def __init__(self, window: MainWindow, place: Place) -> None:
        self._window, self._place = window, place

    def __call__(self) -> None:
        self._window.session.selection.reveal(self._place)
