"""The main window: the start page, or the workspaces of the open schema."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from datagen_app.document.document import Document
from datagen_app.document.place import Place
from datagen_app.document.saving import read_text
from datagen_app.document.steps.tables import TableKind
from datagen_app.generation.profile_button import ProfileButton
from datagen_app.preview.client import Client
from datagen_app.shell.command_palette import CommandPalette
from datagen_app.shell.commands import Registry
from datagen_app.shell.design import Design
from datagen_app.shell.edit_commands import CONTEXT, SCHEMA
from datagen_app.shell.editing import Editing
from datagen_app.shell.filing import Filing
from datagen_app.shell.icons import application_icon
from datagen_app.shell.keeping import Keeping
from datagen_app.shell.notice import Notice
from datagen_app.shell.opening import FileMenus, FileWatch
from datagen_app.shell.palette_entries import command_entries, modifier_entries, place_entries
from datagen_app.shell.question import ask
from datagen_app.shell.running import Running
from datagen_app.shell.session import Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.start_page import StartPage
from datagen_app.shell.status import StatusLine
from datagen_app.shell.theme import Choice, Theme
from datagen_app.shell.toolbar import Toolbar
from datagen_app.shell.trail import Trail, Visit
from datagen_app.shell.window_commands import PROBLEM_CONTEXT, window_commands
from datagen_app.shell.windows import open_window, raise_window_of

if TYPE_CHECKING:
    from datagen_app.generation.dialog import GenerateDialog
    from datagen_app.generation.store import RunRecord
    from datagen_app.results.workspace import DataWorkspace

__all__ = ["MainWindow"]


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

    Signals
    -------
    closed
        The window is closed.
    """

    closed = Signal()

    def __init__(self, theme: Theme, settings: Settings, client: Client) -> None:
        super().__init__()
        self.theme, self.settings = theme, settings
        self.session = Session(client, self)
        self._leaving = False
        self._given_up = False
        self.trail = Trail(self._is_there)
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self._build()
        self.commands = Registry(theme, self, settings.shortcuts)
        self.commands.add(*window_commands(self))
        self._build_bars()
        self._connect()
        self._show_document(None)
        self.session.ask_for_examples()

    # Building

    def _build(self) -> None:
        self.notice = Notice(self.theme)
        self.start = StartPage(self.theme)
        self.editing = Editing(self.session, self)
        self.filing = Filing(self.session, self)
        self.keeping = Keeping(self.session, self.settings.open_folder, self)
        self.design = Design(self.session, self.editing, self.theme, self.settings)
        self.canvas, self.scene = self.design.canvas, self.design.scene
        self.running = Running(self.session, self.theme, self.settings.runs_folder, self, self.filing.save)
        self.watch = FileWatch(self)
        self.command_palette = CommandPalette(self.theme, self)
        self.data: DataWorkspace | None = None
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

    def _build_bars(self) -> None:
        menus = self.menuBar()
        self.commands.fill(menus)
        recent = self.commands.menu("File/Open recent", menus)
        examples = self.commands.menu("File/Open example", menus)
        for submenu in (recent, examples):
            self.commands.menu("File", menus).insertMenu(self.commands.action("file.save"), submenu)
        self.commands.give(SCHEMA, self.design.outline.tree, self.canvas)
        self.commands.give("canvas", self.canvas)
        self.design.board.offer(self.commands)
        self.file_menus = FileMenus(recent, examples, self.settings, self)
        self.toolbar = Toolbar(self.commands, self.session.profile)
        self.profile = ProfileButton(self.session.profile, lambda: self.session.document, self)
        self.toolbar.offer_profiles(self.profile)
        self.addToolBar(self.toolbar)
        self.design.add_rail(self.commands)
        self.status = StatusLine(self.session, self.theme)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self._show_document)
        session.changed.connect(self._show_state)
        session.checked.connect(self.profile.show_profile)
        self.profile.troubled.connect(self.notice.say)
        session.checked.connect(self.commands.refresh)
        session.troubled.connect(self.notice.say)
        session.examined.connect(self._show_examples)
        session.selection.changed.connect(self._visit)
        self.design.outline.asked_for_menu.connect(self._open_menu)
        self.design.problems.moved.connect(self.commands.refresh)
        self.design.problems.asked_for_menu.connect(self._open_problem_menu)
        self.design.arranged.connect(self.commands.refresh)
        self.canvas.zoomed.connect(self.status.show_zoom)
        self.filing.saved.connect(self.keeping.saved)
        self.filing.saved.connect(self._show_saved)
        self.keeping.refused.connect(self._say_refused, Qt.ConnectionType.QueuedConnection)
        self.keeping.regained.connect(self.notice.hide)
        self.keeping.regained.connect(self._show_state)
        self.keeping.troubled.connect(self.notice.say, Qt.ConnectionType.QueuedConnection)
        self.keeping.left.connect(self._offer_to_restore)
        self.start.looked.connect(self._look_at_left)
        self.start.chosen.connect(self.open)
        self.start.copied.connect(self.filing.open_copy)
        self.start.browse.connect(self.choose_file)
        self.start.begin.connect(self.filing.new)
        self.file_menus.chosen.connect(self.open)
        self.file_menus.copied.connect(self.filing.open_copy)
        self.file_menus.forgotten.connect(self._forget_recent)
        self.watch.changed.connect(self._reload_changed)
        self.running.ended.connect(self._end_run)
        self.status.asked_for_problems.connect(self.commands.action("view.problems").trigger)
        self.status.asked_for_full_size.connect(self.canvas.zoom_to_full_size)

    # Opening

    def open(self, path: Path) -> None:
        """Open a schema."""
        self.notice.hide()
        if not raise_window_of(path, but=self):
            self.filing.open(path)

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

    def _reload_changed(self) -> None:
        """Read a file that changed on disk again, unless there are changes here too."""
        opened = self.session.open_document
        if opened is None or opened.file is None:
            return
        if not opened.file.exists():
            opened.mark_unsaved()
            self._show_state()
            self.notice.say(f"{opened.file.name} is gone from the disk. Save writes it anew.")
            return
        if read_text(opened.file) in (None, opened.now.text):
            return
        if not opened.modified:
            self.session.reload()
        else:
            self.notice.say(
                f"{opened.file.name} was changed by another program, and you have changes here.",
                actions=(("Take theirs", self.session.reload),),
            )

    def _say_refused(self, why: str) -> None:
        """Say that somebody else has the document, and how to have it here."""
        self._show_state()
        self.notice.say(why, actions=(("Take over", self.keeping.take_over),))

    def _offer_to_restore(self, found: dict[str, Any]) -> None:
        """Offer what was not saved when the program ended: on the start page, and to whoever is past it."""
        self.start.offer(found)
        if self.session.document is not None:
            look = partial(self._look_at_left, found)
            said = f"{found['name']} was not closed properly; what was not saved can be restored."
            self.notice.say(said, actions=(("Restore…", look),))

    def _look_at_left(self, found: dict[str, Any]) -> None:
        from datagen_app.shell.restore import RestoreDialog

        dialog = RestoreDialog(found, self)
        dialog.restore.connect(self._restore)
        dialog.forget.connect(self._forget_left)
        dialog.open()

    def _restore(self, journal: Path) -> None:
        self.start.withdraw(journal)
        self.filing.leave(partial(self.keeping.restore, journal))

    def _forget_left(self, journal: Path) -> None:
        self.start.withdraw(journal)
        self.keeping.forget(journal)

    # Showing

    def _show_document(self, document: Document | None) -> None:
        opened = self.session.open_document
        self.trail.clear()
        self.notice.hide()
        if document is None:
            self.pages.setCurrentWidget(self.start)
            self.start.show_recent(self.settings.recent)
            self.setFocus()
        else:
            self.go_to_workspace("design")
        self.toolbar.setVisible(document is not None)
        self.status.setVisible(document is not None)
        if opened is not None and opened.file is not None:
            self.settings.add_recent(opened.file)
        self._show_name()

    def _show_saved(self) -> None:
        opened = self.session.open_document
        if opened is not None and opened.file is not None:
            self.settings.add_recent(opened.file)
        self._show_name()

    def _show_name(self) -> None:
        """Show what the document is called, and whether it is saved."""
        opened = self.session.open_document
        self.watch.look_at(opened.file if opened else None)
        self.setWindowTitle(f"{opened.now.path.name}[*] – Datagen Studio" if opened else "Datagen Studio")
        self._show_state()

    def _show_state(self) -> None:
        opened = self.session.open_document
        modified = opened is not None and opened.modified
        state = "edited" if modified else "not saved yet" if opened and opened.file is None else ""
        if opened is not None and opened.refusal:
            state = "read-only"
        self.setWindowModified(modified)
        self.toolbar.show_file(opened.now.path if opened else None, state)
        self.commands.refresh()

    def _show_examples(self, examples: Sequence[dict[str, Any]]) -> None:
        self.start.show_examples(examples)
        self.file_menus.show_examples(examples)

    def _forget_recent(self) -> None:
        self.start.show_recent([])

    # What commands ask and do

    @property
    def dialog(self) -> GenerateDialog | None:
        """The dialog of a run, while there is one."""
        return self.running.dialog

    def has_document(self) -> bool:
        """Whether a document is open."""
        return self.session.document is not None

    def has_selection(self) -> bool:
        """Whether a table or column is selected."""
        return bool(self.session.selection.place)

    @property
    def workspace(self) -> str:
        """The workspace that is in view."""
        return "data" if self.data is not None and self.pages.currentWidget() is self.data else "design"

    def in_design(self) -> bool:
        """Whether the Design workspace is in view."""
        return self.pages.currentWidget() is self.design

    def in_data(self) -> bool:
        """Whether the Data workspace is in view."""
        return self.workspace == "data"

    def go_to_workspace(self, name: str) -> None:
        """Bring a workspace into view."""
        self._show_workspace(name)
        self._visit()

    def _show_workspace(self, name: str) -> None:
        self.pages.setCurrentWidget(self._data_workspace() if name == "data" else self.design)

    def _data_workspace(self) -> DataWorkspace:
        """Return the Data workspace, which is brought in when it is first wanted."""
        if self.data is None:
            from datagen_app.results.workspace import DataWorkspace

            self.data = DataWorkspace(self.session, self.theme, self.settings, self.running.runs)
            self.data.wants_design.connect(partial(self.go_to_workspace, "design"))
            self.data.wants_data.connect(partial(self.go_to_workspace, "data"))
            self.data.troubled.connect(self.notice.say)
            self.data.said.connect(self.status.say)
            self.pages.addWidget(self.data)
        return self.data

    def can_go_back(self) -> bool:
        """Whether there is a place visited before."""
        return self.trail.can_go(-1)

    def can_go_forward(self) -> bool:
        """Whether there is a place that one came back from."""
        return self.trail.can_go(1)

    def go_back(self) -> None:
        """Go to the place visited before."""
        self._go_along(self.trail.back())

    def go_forward(self) -> None:
        """Go to the place that one came back from."""
        self._go_along(self.trail.forward())

    def _go_along(self, visit: Visit | None) -> None:
        if visit is not None:
            self._show_workspace(visit.workspace)
            self.session.selection.reveal(visit.place)
            self.commands.refresh()

    def _visit(self) -> None:
        if self.session.document is not None:
            self.trail.visit(Visit(self.workspace, self.session.selection.place))
        self.commands.refresh()

    def _is_there(self, visit: Visit) -> bool:
        document = self.session.document
        if document is None or not visit.place:
            return document is not None
        table, column = document.resolve(visit.place)
        return table is not None and (visit.place.column is None or column is not None)

    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self.session.open_document is not None and self.session.open_document.can_undo

    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self.session.open_document is not None and self.session.open_document.can_redo

    def undo_label(self) -> str:
        """Return what undo is called now."""
        title = self.session.open_document.undo_title if self.session.open_document else ""
        return f"Undo: {_menu_text(title)}" if title else "Undo"

    def redo_label(self) -> str:
        """Return what redo is called now."""
        title = self.session.open_document.redo_title if self.session.open_document else ""
        return f"Redo: {_menu_text(title)}" if title else "Redo"

    def add_table(self, kind: TableKind) -> None:
        """Add a table, to be named where the user is: in the outline, or else on the canvas."""
        if self.design.outline.is_used():
            self.design.outline.begin_table(kind)
        else:
            self.design.board.editor.add_table(kind)

    def add_column(self) -> None:
        """Add a column to the selected table, to be named where the user is."""
        table = self.editing.table()
        if table is not None and self.design.outline.is_used():
            self.design.outline.begin_column(Place(table.key))
        else:
            self.design.board.editor.add_column_to_selected()

    def rename(self) -> None:
        """Let the selected table or column be given another name, where the user is."""
        if self.design.outline.is_used():
            self.design.outline.rename(self.session.selection.place)
        else:
            self.design.board.editor.rename_selected()

    def add_modifier(self) -> None:
        """Let the user choose a modifier for what is selected."""
        self.command_palette.ask(modifier_entries(self.editing))

    def delete(self) -> None:
        """Delete what is selected: tables and columns, or notes and groups."""
        editor = self.design.board.editor
        if editor.scene.marked:
            editor.remove_marked()
        self.editing.delete()

    def can_delete(self) -> bool:
        """Whether something is selected."""
        return self.editing.has_places() or bool(self.scene.marked)

    def has_problems(self) -> bool:
        """Whether there are problems."""
        return bool(self.session.knowledge.problems)

    def choose_theme(self, choice: Choice) -> None:
        """Change the colours."""
        self.settings.theme = choice
        self.theme.choose(choice)
        self.commands.refresh()

    def shows_minimap(self) -> bool:
        """Whether the map is wanted."""
        return self.canvas.minimap.wanted

    def show_minimap(self, shown: bool) -> None:
        """Show or hide the map."""
        self.settings.set_flag("minimap", shown)
        self.canvas.minimap.want(shown)
        self.commands.refresh()

    def go_to_place(self) -> None:
        """Let the user choose a table or column to go to."""
        self.command_palette.ask(list(place_entries(self.session.document, self.session.selection)))

    def show_command_palette(self) -> None:
        """Let the user choose among everything that can be done."""
        places = place_entries(self.session.document, self.session.selection)
        self.command_palette.ask([*command_entries(self.commands, "help.commands"), *places])

    def generate(self) -> None:
        """Ask where to write the tables, and write them."""
        document = self.session.document
        own = document is not None and document.path in {example.path for example in self.start.examples}
        self.running.ask(own=own)

    def choose_file(self) -> None:
        """Let the user choose a schema."""
        self.filing.choose(self._open_named)

    def _open_named(self, name: str) -> None:
        self.open(Path(name))

    def new_window(self) -> None:
        """Open another window, with a document and a worker of its own."""
        open_window(self)

    def open_in_new_window(self) -> None:
        """Let the user choose a schema for a window of its own."""
        self.filing.choose(self._open_elsewhere)

    def _open_elsewhere(self, name: str) -> None:
        if not raise_window_of(Path(name), but=self):
            open_window(self, Path(name))

    def show_shortcuts(self) -> None:
        """Show all keys on one page."""
        from datagen_app.shell.cheat_sheet import CheatSheet

        CheatSheet(self.commands, self).open()

    def change_shortcuts(self) -> None:
        """Let commands be given other keys."""
        from datagen_app.shell.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self.commands, self).open()

    def about(self) -> None:
        """Say what this is."""
        from datagen_app.shell.about import show_about

        show_about(self)

    def _open_menu(self, at: QPoint) -> None:
        self.commands.open_menu(CONTEXT, at)

    def _open_problem_menu(self, at: QPoint) -> None:
        self.commands.open_menu(PROBLEM_CONTEXT, at)

    # The window itself

    def _end_run(self, record: RunRecord) -> None:
        if self._leaving:
            self.close()
        elif record.state == "done":
            self._data_workspace().show_run(record)
            self.go_to_workspace("data")
            self.status.say(f"{record.name}: {record.rows:,} rows written.")

    def showEvent(self, event: QShowEvent) -> None:
        """Know from the start what can be done."""
        self.commands.refresh()
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the window; ask first while a run is going on, and where something is not saved."""
        if self.running.busy:
            event.ignore()
            if not self._leaving:
                reason = "A run is still going on; what it has written so far is not a whole result."
                question = "Stop the run and quit?"
                ask(self, question, reason, "Stop and quit", "Keep running", self._stop_and_leave)
            return
        if self.filing.modified and not self._given_up:
            event.ignore()
            self._leaving = False
            self.filing.leave(self.abandon)
            return
        self.design.keep()
        if self.data is not None:
            self.data.end()
        self.settings.set_state("window", self.saveGeometry())
        self.keeping.close()
        self.session.client.close()
        event.accept()
        self.closed.emit()

    def abandon(self) -> None:
        """Close the window without asking; what was not saved is lost."""
        self._given_up = True
        self.close()

    def _stop_and_leave(self) -> None:
        self._leaving = True
        if self.running.busy:
            self.running.stop()
        else:
            self.close()


def _menu_text(title: str) -> str:
    """Return a title as a menu takes it: an ampersand is one, and a long one is cut."""
    return (title if len(title) <= 60 else f"{title[:59]}…").replace("&", "&&")
