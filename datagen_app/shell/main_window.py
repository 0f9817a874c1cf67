"""The main window: the start page, or the outline, the canvas, the facts and the problems of a schema."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QFileSystemWatcher, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.canvas.ink import Ink
from datagen_app.canvas.scene import Scene
from datagen_app.canvas.view import Canvas
from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.words import approximately, counted
from datagen_app.generation.dialog import GenerateDialog
from datagen_app.generation.fields import ScaleField, SeedField
from datagen_app.generation.job import Outcome
from datagen_app.inspector.facts import sheet
from datagen_app.inspector.panel import FactsPanel
from datagen_app.preview.client import Client
from datagen_app.shell.command_palette import CommandPalette, Entry
from datagen_app.shell.commands import Command, Registry
from datagen_app.shell.fonts import secondary, strong
from datagen_app.shell.icons import application_icon
from datagen_app.shell.notice import Notice
from datagen_app.shell.outline import Outline
from datagen_app.shell.problems import ProblemsPanel
from datagen_app.shell.session import Diagram, Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.signs import SEVERITIES, sign_icon
from datagen_app.shell.start_page import StartPage
from datagen_app.shell.theme import CHOICES, Choice, Theme
from datagen_engine.version import __version__

__all__ = ["NARROW", "MainWindow"]

NARROW = 1440
"""Logical pixels; in a narrower window one side panel is open at a time, chosen on a rail."""

_SETTLING = 120
"""Milliseconds after which a file that was changed is taken to be written."""


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
        self._fresh = True
        self._side = "outline"
        self._narrow = False
        self._dialog: GenerateDialog | None = None
        self._leaving = False
        self._watcher: QFileSystemWatcher | None = None
        self._changed = QTimer(self)
        self._changed.setSingleShot(True)
        self._changed.setInterval(_SETTLING)
        self._changed.timeout.connect(self._reload_changed)
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.commands = Registry(theme, self)
        self._build()
        self._add_commands()
        self._build_bars()
        self._connect()
        self._show_document(None)
        self.session.ask_for_examples()

    # Building

    def _build(self) -> None:
        theme, session = self.theme, self.session
        self.scene = Scene(Ink(theme.palette, self.font()), self)
        self.canvas = Canvas(self.scene)
        self.empty = QLabel(self.canvas)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("class", "secondary")
        self.empty.setWordWrap(True)
        self.notice = Notice(theme)
        self.outline = Outline(theme, session.selection)
        self.facts = FactsPanel(theme, session.selection)
        self.problems = ProblemsPanel(theme, session.selection)
        self.below = QTabWidget()
        self.below.setDocumentMode(True)
        self.below.tabBar().setDrawBase(False)
        self.below.addTab(self.problems, "Problems")
        self.start = StartPage(theme)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.addWidget(middle)
        self.rows.addWidget(self.below)
        self.rows.setStretchFactor(0, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        for panel in (self.outline, self.rows, self.facts):
            self.columns.addWidget(panel)
        self.columns.setStretchFactor(1, 1)
        for splitter in (self.rows, self.columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        line = self.fontMetrics().height()
        self.outline.setMinimumWidth(10 * line)
        self.facts.setMinimumWidth(14 * line)
        self.canvas.setMinimumSize(16 * line, 8 * line)
        self.below.setMinimumHeight(5 * line)
        self.rail = QWidget()
        self.rail.setProperty("class", "rail")
        self.rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.design = QWidget()
        row = QHBoxLayout(self.design)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.columns, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.design)
        centre = QWidget()
        whole = QVBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self.pages, 1)
        self.setCentralWidget(centre)
        self.palette_ = CommandPalette(theme, self)

    def _add_commands(self) -> None:
        canvas, session = self.canvas, self.session

        def opened() -> bool:
            return session.document is not None

        def placed() -> bool:
            return bool(session.selection.place)

        def troubled() -> bool:
            return self.problems.model.rowCount() > 0

        self.commands.add(
            Command("file.open", "Open…", "File", self.choose_file, "Open a schema.", ("Ctrl+O",), "open"),
            Command("file.reload", "Read again", "File", session.reload, "Read the file again, as it is now.",
                    ("F5",), "reload", opened),
            Command("file.close", "Close", "File", session.close, "Go back to the start page.",
                    ("Ctrl+W",), "close", opened),
            Command("file.quit", "Quit", "File", self.close, "", ("Ctrl+Q",), separated=True),
            Command("view.fit", "Fit all tables", "View", canvas.fit, "Show every table.",
                    ("Ctrl+0",), "fit", opened),
            Command("view.fit_selection", "Zoom to selection", "View", self.fit_selection,
                    "Show the selected table as large as is readable.", ("Ctrl+Shift+0",), "", placed),
            Command("view.zoom_in", "Zoom in", "View", canvas.zoom_in, "Ctrl and the wheel do it too.",
                    ("Ctrl+=", "Ctrl++"), "zoom-in", opened),
            Command("view.zoom_out", "Zoom out", "View", canvas.zoom_out, "Ctrl and the wheel do it too.",
                    ("Ctrl+-",), "zoom-out", opened),
            Command("view.actual_size", "Zoom to 100 %", "View", canvas.zoom_to_size,
                    "Letters as large as everywhere else.", ("Ctrl+Alt+0",), "", opened),
            Command("view.outline", "Outline", "View", self.show_outline, "Tables and columns as a tree.",
                    ("Ctrl+Shift+O",), "outline", opened, lambda: self.outline.isVisibleTo(self.design),
                    separated=True),
            Command("view.information", "Information", "View", self.show_information,
                    "What there is to know of the selected table or column.", ("Ctrl+Shift+I",),
                    "information", opened, lambda: self.facts.isVisibleTo(self.design)),
            Command("view.problems", "Problems", "View", self.show_problems, "What is wrong, and where.",
                    ("Ctrl+Shift+M",), "problems", opened, lambda: self.below.isVisibleTo(self.design)),
            Command("view.minimap", "Map", "View", self.show_minimap,
                    "A small map of the diagram, while not all of it is in view.", (), "minimap", opened,
                    lambda: canvas.minimap.wanted),
            *(
                Command(f"theme.{choice}", title, "View/Theme", _Choose(self, choice), "", (), "", None,
                        _Chosen(self.theme, choice), "theme")
                for choice, title in zip(CHOICES, ("As the system", "Light", "Dark"), strict=True)
            ),
            Command("go.find", "Find table or column", "Go", self.find, "", ("Ctrl+F",), "search", opened),
            Command("go.next_problem", "Next problem", "Go", self.next_problem, "", ("F8",), "", troubled),
            Command("go.previous_problem", "Previous problem", "Go", self.previous_problem, "",
                    ("Shift+F8",), "", troubled),
            Command("run.generate", "Generate…", "Run", self.generate, "Write the tables into a folder.",
                    ("Ctrl+Return",), "generate", opened),
            Command("help.commands", "All commands…", "Help", self.show_palette,
                    "Everything that can be done, with its keys.", ("Ctrl+K",), "command"),
            Command("help.about", "About Datagen Studio", "Help", self.about),
        )

    def _build_bars(self) -> None:
        menus = self.menuBar()
        self.commands.fill(menus)
        self.recent_menu = self.commands.menu("File/Open recent", menus)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.examples_menu = self.commands.menu("File/Open example", menus)
        file_menu = self.commands.menu("File", menus)
        for submenu in (self.recent_menu, self.examples_menu):
            file_menu.insertMenu(self.commands.action("file.reload"), submenu)
        bar = QToolBar("Toolbar")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        side = round(self.fontMetrics().height() * 1.25)
        bar.setIconSize(QSize(side, side))
        bar.addAction(self.commands.action("file.open"))
        bar.addSeparator()
        for id_ in ("view.fit", "view.zoom_out", "view.zoom_in"):
            bar.addAction(self.commands.action(id_))
        bar.addSeparator()
        self.title = QLabel()
        self.title.setFont(strong(self.font()))
        self.title.setContentsMargins(8, 0, 8, 0)
        bar.addWidget(self.title)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spring)
        bar.addWidget(self._run_box())
        gap = QWidget()
        gap.setFixedWidth(8)
        bar.addWidget(gap)
        self.generate_button = QToolButton()
        self.generate_button.setDefaultAction(self.commands.action("run.generate"))
        self.generate_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.generate_button.setProperty("class", "primary")
        bar.addWidget(self.generate_button)
        for child in bar.findChildren(QToolButton):
            child.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.addToolBar(bar)
        self.bar = bar
        rail = QVBoxLayout(self.rail)
        rail.setContentsMargins(4, 8, 4, 8)
        rail.setSpacing(4)
        for id_ in ("view.outline", "view.information", "view.problems"):
            button = QToolButton()
            button.setDefaultAction(self.commands.action(id_))
            button.setIconSize(QSize(side, side))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            rail.addWidget(button)
        rail.addStretch(1)
        self._build_status()

    def _run_box(self) -> QWidget:
        box = QWidget()
        box.setProperty("class", "box")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(box)
        row.setContentsMargins(10, 1, 4, 1)
        row.setSpacing(4)
        character = self.fontMetrics().averageCharWidth()
        self.seed, self.scale = SeedField(self.session.profile), ScaleField(self.session.profile)
        for name, field, characters in (("seed", self.seed, 11), ("scale", self.scale, 9)):
            label = QLabel(name)
            label.setFont(secondary(self.font()))
            label.setProperty("class", "secondary")
            label.setBuddy(field)
            field.setFixedWidth(characters * character)
            row.addWidget(label)
            row.addWidget(field)
        return box

    def _build_status(self) -> None:
        status = self.statusBar()
        status.setSizeGripEnabled(False)
        self.size_label, self.parts_label = QLabel(), QLabel()
        self.problems_button, self.zoom_button = QToolButton(), QToolButton()
        small = secondary(self.font())
        for label in (self.size_label, self.parts_label):
            label.setProperty("class", "secondary")
            label.setContentsMargins(12, 0, 8, 0)
        for widget in (self.size_label, self.parts_label, self.problems_button, self.zoom_button):
            widget.setFont(small)
        self.problems_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems_button.setToolTip("Show or hide the list of problems")
        self.problems_button.clicked.connect(self._toggle_problems)
        self.zoom_button.setToolTip("Zoom to 100 %")
        self.zoom_button.clicked.connect(self.canvas.zoom_to_size)
        status.addWidget(self.size_label)
        status.addWidget(self.parts_label)
        status.addPermanentWidget(self.problems_button)
        status.addPermanentWidget(self.zoom_button)

    def _connect(self) -> None:
        session, selection = self.session, self.session.selection
        session.opened.connect(self._show_document)
        session.drawn.connect(self._show_diagram)
        session.counted.connect(self._show_counts)
        session.checked.connect(self._show_problems)
        session.settled.connect(self._show_size)
        session.troubled.connect(self.notice.say)
        session.examined.connect(self._show_examples)
        selection.changed.connect(self._show_selection)
        selection.revealed.connect(self.canvas.reveal)
        self.canvas.picked.connect(selection.select)
        self.canvas.zoomed.connect(self._show_zoom)
        self.outline.opened.connect(self.canvas.fit_place)
        self.start.chosen.connect(self.open)
        self.start.browse.connect(self.choose_file)
        self.theme.changed.connect(self._take_colours)

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
        self.scene.clear_document()
        self.canvas.measure()
        self.empty.hide()
        self.canvas.minimap.show_cards([], self.scene.ink)
        self.outline.set_document(document)
        self._watch(document)
        self.pages.setCurrentWidget(self.start if document is None else self.design)
        self.setWindowTitle(f"{document.path.name} – Datagen Studio" if document else "Datagen Studio")
        self.title.setText(document.path.name if document else "")
        self.title.setToolTip(str(document.path) if document else "")
        self.statusBar().setVisible(document is not None)
        self.bar.setVisible(document is not None)
        if document is None:
            self.start.show_recent([path for path in self.settings.recent if path.exists()])
            self.setFocus()
        else:
            self.settings.add_recent(document.path)
            if not document.tables:
                self._say_empty(document)
        self.commands.refresh()
        self._show_facts()
        self._show_size()

    def _say_empty(self, document: Document) -> None:
        wrong = document.tree is None
        self.empty.setText(
            "This file is no JSON, so there is nothing to draw. The problems say where it goes wrong."
            if wrong
            else "This schema has no tables."
        )
        self.empty.setGeometry(self.canvas.rect().adjusted(48, 48, -48, -48))
        self.empty.show()

    def _show_diagram(self, diagram: Diagram) -> None:
        document = self.session.document
        if document is None:
            return
        self.scene.show_document(document, diagram.places, diagram.edges, diagram.routes)
        self.canvas.minimap.show_cards(
            [(card.frame, card.table.kind) for card in self.scene.cards], self.scene.ink
        )
        self.canvas.measure()
        self.canvas.fit()
        self.canvas.setFocus()
        self._show_counts()
        self._mark_problems()
        self._show_facts()
        self._show_size()

    def _show_counts(self) -> None:
        counts = self.session.knowledge.counts
        self.scene.set_counts(counts)
        self.outline.model.set_counts(counts)
        if self._dialog is not None:
            self._dialog.set_counts(counts)
        self._show_facts()
        self._show_size()

    def _show_problems(self) -> None:
        found = self.session.knowledge.problems
        self.problems.set_problems(found, checked=self.session.complete)
        self.below.setTabText(0, f"Problems  {len(found)}" if found else "Problems")
        # Unless the user chose, the list is there when there is something to list.
        self.below.setVisible(self.settings.flag("problems", bool(found)))
        self._mark_problems()
        self._show_status_of_problems()
        self.commands.refresh()
        self._show_facts()

    def _mark_problems(self) -> None:
        self.scene.set_problems(self.session.knowledge.problems)
        self.outline.model.set_signs(self.session.signs())

    def _show_status_of_problems(self) -> None:
        problems = self.session.knowledge.problems
        by_severity = {
            severity: sum(problem.severity == severity for _, problem in problems) for severity in SEVERITIES
        }
        worst = next((severity for severity in SEVERITIES if by_severity[severity]), None)
        said = [counted(count, severity) for severity, count in by_severity.items() if count]
        self.problems_button.setText(" · ".join(said) or ("No problems" if self.session.complete else "Checking…"))
        shown = worst or ("ok" if self.session.complete else None)
        self.problems_button.setIcon(sign_icon(shown, self.theme.palette) if shown else application_icon())

    def _show_selection(self, place: Place) -> None:
        self.scene.set_selected(place)
        self._show_facts()
        self.commands.refresh()

    def _show_facts(self) -> None:
        document = self.session.document
        if document is not None:
            self.facts.show_sheet(sheet(document, self.session.selection.place, self.session.knowledge))

    def _show_size(self) -> None:
        document, known = self.session.document, self.session.knowledge
        if document is None:
            return
        parts = [counted(len(document.tables), "table")]
        parts.append(counted(sum(len(table.columns) for table in document.tables), "column"))
        parts.append(counted(len(known.links), "reference"))
        self.parts_label.setText(" · ".join(parts))
        if not known.counts:
            self.size_label.setText("counting rows…" if self.session.busy else "")
            return
        rows = sum(count for count, _ in known.counts.values())
        exact = all(sure for _, sure in known.counts.values())
        self.size_label.setText(f"{rows:,} rows" if exact else f"≈ {approximately(rows)} rows")

    def _show_zoom(self, zoom: float) -> None:
        self.zoom_button.setText(f"{100 * zoom:.0f} %")
        self.zoom_button.setAccessibleName(f"Zoom, {100 * zoom:.0f} %")

    def _show_examples(self, examples: list[dict[str, object]]) -> None:
        self.start.show_examples(examples)
        self.examples_menu.clear()
        for example in examples:
            action = self.examples_menu.addAction(str(example["name"]))
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

    def _take_colours(self) -> None:
        self.scene.set_ink(Ink(self.theme.palette, self.font()))
        self.canvas.minimap.show_cards(
            [(card.frame, card.table.kind) for card in self.scene.cards], self.scene.ink
        )
        self.canvas.viewport().update()
        self._show_status_of_problems()

    # Commands

    def fit_selection(self) -> None:
        """Show the selected table or column as large as is readable."""
        self.canvas.fit_place(self.session.selection.place)

    def find(self) -> None:
        """Go to the filter of the outline."""
        self.show_outline(True)
        self.outline.find()

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

    def _toggle_problems(self) -> None:
        self.show_problems(not self.below.isVisibleTo(self.design))

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

    def next_problem(self) -> None:
        """Go to the next problem."""
        self._step_problem(1)

    def previous_problem(self) -> None:
        """Go to the problem before."""
        self._step_problem(-1)

    def _step_problem(self, step: int) -> None:
        self.show_problems(True)
        view, count = self.problems.view, self.problems.model.rowCount()
        current = view.currentIndex()
        row = (current.row() + step) % count if current.isValid() else (0 if step > 0 else count - 1)
        index = self.problems.model.index(row, 0)
        view.setCurrentIndex(index)
        view.scrollTo(index)
        place = self.problems.model.place(row)
        if place:
            self.session.selection.reveal(place)

    def show_palette(self) -> None:
        """Let the user choose among everything that can be done."""
        self.commands.refresh()
        entries = [
            Entry(
                command.title.rstrip("…"),
                command.menu.replace("/", " › "),
                self.commands.action(command.id).trigger,
                self.commands.action(command.id).shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            )
            for command in self.commands.commands
            if self.commands.action(command.id).isEnabled() and command.id != "help.commands"
        ]
        document = self.session.document
        for table in document.tables if document else ():
            entries.append(Entry(table.id, "table", _Go(self, Place(table.key))))
            entries += [
                Entry(f"{table.id}.{column.name}", "column", _Go(self, Place(table.key, column.key)))
                for column in table.columns
            ]
        self.palette_.ask(entries)

    def generate(self) -> None:
        """Ask where to write the tables, and write them."""
        document = self.session.document
        if self._dialog is None and document is not None:
            dialog = GenerateDialog(document, self.session.profile, self.session.client, self.theme, parent=self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.destroyed.connect(self._forget_dialog)
            dialog.finished_run.connect(self._run_ended)
            dialog.set_counts(self.session.knowledge.counts)
            self._dialog = dialog
        if self._dialog is not None:
            self._dialog.show()
            self._dialog.raise_()
            self._dialog.activateWindow()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _run_ended(self, outcome: Outcome) -> None:
        QApplication.alert(self)
        if self._leaving:
            self.close()

    def about(self) -> None:
        """Say what this is."""
        box = QMessageBox(
            QMessageBox.Icon.NoIcon, "About Datagen Studio", f"Datagen Studio {__version__}", parent=self
        )
        box.setInformativeText(
            "Believable, connected tables from a schema.\n\nApache License 2.0. Pictures are lettered in Inter, "
            "under the SIL Open Font License 1.1."
        )
        box.setIconPixmap(application_icon().pixmap(64, 64))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # The window itself

    def _show_side(self, side: str, shown: bool) -> None:
        self._side = side if shown else ("" if self._side == side else self._side)
        if not self._narrow:
            self.settings.set_flag(side, shown)
        self._lay_out()

    def _lay_out(self) -> None:
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
            self.below.setVisible(self.settings.flag("problems", False))
            self.canvas.minimap.want(self.settings.flag("minimap", True))
            self._lay_out()
            line = self.fontMetrics().height()
            if not self.columns.restoreState(self.settings.state("columns")):
                self.columns.setSizes([13 * line, 60 * line, 20 * line])
            if not self.rows.restoreState(self.settings.state("rows")):
                self.rows.setSizes([40 * line, 10 * line])
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the panels that there is room for."""
        super().resizeEvent(event)
        if not self._fresh and (self.width() < NARROW) != self._narrow:
            self._lay_out()
        if self.empty.isVisible():
            self.empty.setGeometry(self.canvas.rect().adjusted(48, 48, -48, -48))

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and not self._fresh:
            self._take_colours()
            self.canvas.measure()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the program; ask first while a run is going on."""
        if self._dialog is not None and self._dialog.running:
            event.ignore()
            if not self._leaving:
                self._ask_to_leave()
            return
        self.settings.set_state("columns", self.columns.saveState())
        self.settings.set_state("rows", self.rows.saveState())
        self.settings.set_state("window", self.saveGeometry())
        self.session.client.close()
        event.accept()

    def _ask_to_leave(self) -> None:
        question = QMessageBox(
            QMessageBox.Icon.NoIcon, "Stop the run and quit?", "A run is still going on.", parent=self
        )
        question.setInformativeText("What it has written so far is not a whole result.")
        stop = question.addButton("Stop and quit", QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton("Keep running", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stop.clicked.connect(self._stop_and_leave)
        question.open()

    def _stop_and_leave(self) -> None:
        self._leaving = True
        if self._dialog is not None and self._dialog.running:
            self._dialog.stop()
        else:
            self.close()


class _Choose:
    """Choose a theme when called."""

    def __init__(self, window: MainWindow, choice: Choice) -> None:
        self._window, self._choice = window, choice

    def __call__(self, checked: bool = True) -> None:
        self._window.choose_theme(self._choice)


class _Chosen:
    """Say whether a theme is chosen."""

    def __init__(self, theme: Theme, choice: Choice) -> None:
        self._theme, self._choice = theme, choice

    def __call__(self) -> bool:
        return self._theme.choice == self._choice


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
