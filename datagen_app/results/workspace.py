"""The Data workspace: runs and their tables, rows, questions and the report, and what there is to one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.problem import Problem
from datagen_app.document.steps.fixes import apply_fix
from datagen_app.document.words import counted
from datagen_app.generation.runs import Runs
from datagen_app.generation.store import RunRecord
from datagen_app.preview.explain_strip import ExplainStrip
from datagen_app.process import Launched
from datagen_app.report.check_panel import CheckPanel
from datagen_app.report.report_panel import ReportPanel
from datagen_app.results.client import Answer, Results, start_results
from datagen_app.results.column_panel import ColumnPanel
from datagen_app.results.compare_panel import ComparePanel
from datagen_app.results.elsewhere import ElsewhereDialog
from datagen_app.results.pointer import pointer_of, steps_of
from datagen_app.results.rows_panel import RowsPanel, Shown
from datagen_app.results.runs_panel import RunsPanel
from datagen_app.results.sql_panel import SqlPanel
from datagen_app.shell.fonts import secondary
from datagen_app.shell.icons import icon
from datagen_app.shell.question import ask
from datagen_app.shell.session import Session
from datagen_app.shell.settings import Settings
from datagen_app.shell.theme import Theme

__all__ = ["DataWorkspace"]


def _now() -> datetime:
    return datetime.now().astimezone()


class DataWorkspace(QWidget):
    """Browse and judge what runs have written.

    Parameters
    ----------
    session
        The open document: where a check's place in the schema is shown.
    theme, settings
        Colours, and what is remembered.
    runs
        The runs; by default those of this user.
    start
        Starts a results job over a folder and what is recorded of its run.
    clock
        Tells the time.

    Signals
    -------
    wants_design
        A place in the schema is selected: the Design workspace is to come to the front.
    wants_data
        This one is.
    troubled
        What went wrong, in a sentence.
    said
        What was done, in a sentence.
    """

    wants_design = Signal()
    wants_data = Signal()
    troubled = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        settings: Settings,
        runs: Runs | None = None,
        start: Callable[[Path, Path | None], Launched] = start_results,
        clock: Callable[[], datetime] = _now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._theme, self._settings, self._start = session, theme, settings, start
        self.runs = Runs(parent=self) if runs is None else runs
        self.results: Results | None = None
        self._record: RunRecord | None = None
        self._tables: Sequence[Mapping[str, Any]] = ()
        self._keys: Sequence[Sequence[str]] = ()
        self._trail: list[Shown] = []
        self._number = -1
        self._fresh = True
        self._build(clock)
        self._connect()

    # Building

    def _build(self, clock: Callable[[], datetime]) -> None:
        theme = self._theme
        self.panel = RunsPanel(self.runs, theme, clock)
        self.rows, self.sql, self.report = RowsPanel(theme), SqlPanel(theme), ReportPanel(theme)
        self.comparison = ComparePanel(theme)
        self.column, self.check = ColumnPanel(theme), CheckPanel(theme)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setProperty("class", "surface")
        self.tabs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("What is shown of the run")
        self.strip = ExplainStrip(theme)
        rows_page = QWidget()
        one_below_the_other = QVBoxLayout(rows_page)
        one_below_the_other.setContentsMargins(0, 0, 0, 0)
        one_below_the_other.setSpacing(0)
        one_below_the_other.addWidget(self.rows, 1)
        one_below_the_other.addWidget(self.strip)
        self.rows_page = rows_page
        for page, name in ((rows_page, "Rows"), (self.sql, "SQL"), (self.report, "Report")):
            self.tabs.addTab(page, name)
        self.back = QToolButton()
        self.back.setToolTip("Back to the rows before")
        self.back.setAccessibleName("Back to the rows before")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.setIcon(icon("back", theme.palette, "secondary"))
        self.where = QLabel()
        self.where.setFont(secondary(self.font()))
        self.where.setProperty("class", "secondary")
        corner = QWidget()
        corner.setProperty("class", "surface")
        corner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(corner)
        row.setContentsMargins(8, 2, 12, 2)
        row.setSpacing(8)
        row.addWidget(self.where)
        row.addWidget(self.back)
        self.tabs.setCornerWidget(corner)
        self.side = QStackedWidget()
        for panel in (self.column, self.check):
            self.side.addWidget(panel)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(1)
        self.parts.setChildrenCollapsible(False)
        for part in (self.panel, self.tabs, self.side):
            self.parts.addWidget(part)
        self.parts.setStretchFactor(1, 1)
        line = self.fontMetrics().height()
        self.panel.setMinimumWidth(11 * line)
        self.side.setMinimumWidth(14 * line)
        self.tabs.setMinimumWidth(20 * line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.parts)
        self._show_back()

    def _connect(self) -> None:
        panel, runs = self.panel, self.runs
        panel.run_chosen.connect(self.open_run)
        panel.table_chosen.connect(self._choose_table)
        panel.asked.connect(self._ask_about_run)
        panel.open_folder.connect(self.choose_folder)
        panel.compare.connect(self._offer_comparison)
        panel.elsewhere.connect(self.use_elsewhere)
        runs.judged.connect(self._end_validation)
        runs.progressed.connect(self._show_validation)
        runs.changed.connect(self._show_validation)
        runs.troubled.connect(self.troubled)
        self.rows.entered.connect(self._enter)
        self.rows.opened.connect(self.panel.mark_table)
        self.rows.moved.connect(self._note)
        self.rows.explained.connect(self.explain)
        for rows in (self.rows, self.sql.answer):
            rows.said.connect(self.said)
        self.back.clicked.connect(self.go_back)
        self.strip.door.connect(self._show_stage)
        self.strip.row_wanted.connect(self._show_row)
        self.report.chosen.connect(self._choose_check)
        self.report.validate.connect(self.validate)
        self.report.stop.connect(self._stop_validation)
        self.report.save.connect(self.choose_report_file)
        self.check.show_rows.connect(self.show_failing)
        self.check.show_in_schema.connect(self.show_in_schema)
        self.check.run_again.connect(self.run_again)
        self.check.mend.connect(self._mend)
        self.tabs.currentChanged.connect(self._turn)
        self._theme.changed.connect(self._colour)

    def showEvent(self, event: QShowEvent) -> None:
        """Take up the shape of last time, and open the latest run."""
        if self._fresh:
            self._fresh = False
            line = self.fontMetrics().height()
            if not self.parts.restoreState(self._settings.state("data")):
                self.parts.setSizes([14 * line, 60 * line, 20 * line])
        if self._record is None:
            latest = next((record for record in self.runs.records if record.state == "done"), None)
            if latest is not None:
                self.panel.choose(latest.id)
        super().showEvent(event)
        self.rows.grid.setFocus()

    def close_run(self) -> None:
        """Let go of the run that is open."""
        if self.results is not None:
            self.results.close()
            self.results = None
        self._record = None
        self._tables, self._keys, self._trail = (), (), []
        self.strip.close_strip()
        self.rows.clear()
        self.sql.set_run(None, ())
        self.report.show_report(None)
        self.column.clear()
        self.check.clear()
        self.panel.show_tables([], "")
        self._show_back()

    def end(self) -> None:
        """Remember the shape, and let go of everything: the program ends."""
        self._settings.set_state("data", self.parts.saveState())
        results = self.results
        self.close_run()
        if results is not None:
            results.finish()

    # Runs

    @property
    def record(self) -> RunRecord | None:
        """The run that is open."""
        return self._record

    def open_run(self, id_: str) -> None:
        """Open a run."""
        record = self.runs.store.get(id_)
        if record is None or (self._record is not None and self._record.id == id_):
            return
        self.close_run()
        self._record = record
        if record.state == "running":
            self.rows.clear("This run is still going on. Its rows are here when it is done.")
            return
        self._open_results(record)

    def _open_results(self, record: RunRecord) -> None:
        try:
            launched = self._start(Path(record.folder), self.runs.store.place(record))
        except OSError as error:
            self.troubled.emit(f"The results could not be opened: {error}.")
            return
        self.results = Results(launched, self)
        self.results.failed.connect(self.troubled)
        self.results.ended.connect(self._lose)
        self.results.ask("open", self._take_run, self._miss_run)
        self._ask_for_report()

    def _take_run(self, answer: Answer) -> None:
        assert self.results is not None  # who answered
        assert self._record is not None  # whose results these are
        self._tables, self._keys = answer["tables"], answer["keys"]
        self.panel.show_tables(self._tables, self._record.name)
        self.sql.set_run(self.results, self._tables)
        if missing := answer["missing"]:
            words = (
                f"{counted(len(missing), 'file')} of {self._record.name} are not there any more: {missing[0]}"
            )
            self.troubled.emit(words if len(missing) == 1 else f"{words} and others")
        if not self._tables:
            gone = "The files of this run are gone. What is kept of it can still be compared."
            self.rows.clear("There are no tables in this folder." if answer["there"] else gone)
            return
        largest = max(self._tables, key=lambda table: table["rows"] or 0)
        self.panel.choose_table(str(largest["name"]))

    def _miss_run(self, why: str) -> None:
        self.rows.clear(f"{why[:1].upper()}{why[1:]}.".replace("..", "."))

    def _lose(self, why: str) -> None:
        """Start the job again; what was shown is shown again by whoever asks."""
        self.troubled.emit(why)
        record = self._record
        if self.results is not None:
            self.results.deleteLater()
            self.results = None
        self.rows.clear(f"{why} Choose the run again to open it again.")
        self._record = None
        self._tables = ()
        self.panel.show_tables([], "")
        if record is not None:
            self.panel.runs_list.setCurrentIndex(self.panel.runs_list.rootIndex())

    def show_run(self, record: RunRecord) -> None:
        """Show a run that has just ended."""
        if self._record is not None and self._record.id == record.id:
            self._record = None  # what was shown of it was that it was going on
        self.panel.refresh()
        self.panel.choose(record.id)
        self.open_run(record.id)

    def run_again(self) -> None:
        """Run what is open again, into a new folder beside it."""
        if self._record is not None:
            self.runs.start_again(self._record)

    def choose_folder(self) -> None:
        """Let the user choose a folder of data."""
        chooser = QFileDialog(self, "Open a folder of data")
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.open_folder)
        chooser.open()

    def open_folder(self, name: str) -> None:
        """Take up a folder of data: an earlier run, or any folder of tables."""
        document = self._session.document
        record = self.runs.open_folder(Path(name), document.path if document else Path())
        if record is not None:
            self.panel.choose(record.id)

    def _ask_about_run(self, id_: str, where: QPoint) -> None:
        record = self.runs.store.get(id_)
        if record is not None:
            self.run_menu(record).popup(where)

    def run_menu(self, record: RunRecord) -> QMenu:
        """Return what can be done with a run."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        running = record.state == "running"
        add = partial(_add, menu)
        if running:
            add("Stop", self.runs.stop)
            return menu
        add("Open", partial(self.panel.choose, record.id))
        add("Run again", partial(self.runs.start_again, record), self.runs.running is None)
        broken = record.state in ("stopped", "failed")
        if broken and record.there:
            add("Resume", partial(self.runs.start_again, record, resume=True), self.runs.running is None)
            add("Discard what it wrote…", partial(self._ask_to_discard, record))
        else:
            add(
                "Validate", partial(self.runs.validate, record), record.there and self.runs.validation is None
            )
        others = [other for other in self.runs.records if other.id != record.id and other.state == "done"]
        if others:
            beside = menu.addMenu("Compare with")
            for other in others[:12]:
                _add(beside, other.name, partial(self.compare, other, record))
        menu.addSeparator()
        add("Show in file manager", partial(_show_folder, record), record.there)
        add("Take off this list…", partial(self._ask_to_forget, record))
        if not broken and record.there:
            add("Delete its files…", partial(self._ask_to_discard, record))
        return menu

    def _ask_to_discard(self, record: RunRecord) -> None:
        rest = "Other files in the folder stay." if not record.made else "The folder goes with them."
        reason = f"{record.folder}\n\nWhat the run wrote is deleted, and cannot be had back. {rest}"
        ask(
            self,
            f"Delete the files of {record.name}?",
            reason,
            "Delete",
            "Keep them",
            partial(self._discard, record),
        )

    def _ask_to_forget(self, record: RunRecord) -> None:
        reason = "Its report and what was kept for comparing go; its files stay where they are."
        ask(
            self,
            f"Take {record.name} off the list?",
            reason,
            "Take off",
            "Keep it",
            partial(self._forget, record),
        )

    def _discard(self, record: RunRecord, checked: bool = False) -> None:
        self._let_go_of(record)
        self.runs.discard(record)

    def _forget(self, record: RunRecord, checked: bool = False) -> None:
        self._let_go_of(record)
        self.runs.forget(record)

    def _let_go_of(self, record: RunRecord) -> None:
        if self._record is not None and self._record.id == record.id:
            self.close_run()

    # Rows

    def _choose_table(self, name: str) -> None:
        self.show_rows(Shown(name))

    def show_rows(self, shown: Shown, *, note: bool = False) -> None:
        """Show rows of a table of the run."""
        if self.results is None:
            return
        trouble = next((str(table["trouble"]) for table in self._tables if table["name"] == shown.table), "")
        if trouble:
            self.rows.clear(f"{shown.table} cannot be shown: {trouble}.")
            self.tabs.setCurrentWidget(self.rows_page)
            return
        if note and self.rows.shown.table:
            self._note(self.rows.shown)
        if shown.table != self.rows.shown.table or self.rows.borrowed or shown.filters or shown.row:
            self.rows.show_table(self.results, self._keys, shown)
        self.tabs.setCurrentWidget(self.rows_page)
        self.where.setText("")

    def _note(self, shown: Shown) -> None:
        self._trail.append(shown)
        del self._trail[:-100]
        self._show_back()

    def can_go_back(self) -> bool:
        """Whether rows were shown before."""
        return bool(self._trail)

    def go_back(self) -> None:
        """Show the rows that were shown before a key was followed."""
        if self._trail and self.results is not None:
            shown = self._trail.pop()
            self.rows.show_table(self.results, self._keys, shown)
            self.tabs.setCurrentWidget(self.rows_page)
            self.where.setText("")
        self._show_back()

    def _show_back(self) -> None:
        self.back.setVisible(bool(self._trail))

    def _enter(self, view: int, column: str) -> None:
        if self.results is not None and self.tabs.currentWidget() is self.rows_page:
            self.column.look_at(self.results, view, column)

    def explain(self, table: str, number: int, column: str) -> None:
        """Explain a value of the run."""
        if self.results is not None:
            self.results.ask(
                "explain", self._show_trace, self.strip.show_trouble, table=table, row=number, column=column
            )

    def _show_trace(self, answer: Answer) -> None:
        self.strip.show_trace(answer["trace"], self._session.document)

    def _show_stage(self, path: tuple[str | int, ...]) -> None:
        self.show_in_schema(pointer_of(path))

    def _show_row(self, table: str, row: int) -> None:
        self.show_rows(Shown(table, row=row), note=True)

    # The report

    def validate(self) -> None:
        """Judge the run that is open."""
        if self._record is not None:
            self.runs.validate(self._record)

    def _stop_validation(self) -> None:
        if self.runs.validation is not None:
            self.runs.validation.stop()

    def _show_validation(self) -> None:
        job, record = self.runs.validation, self.runs.judging
        if job is None or record is None or self._record is None or record.id != self._record.id:
            if self.report.halt.isVisibleTo(self.report):
                self.report.show_busy(None)
            return
        at = job.progress
        share = f", {100 * at.done / at.total:.0f} %" if at.total else ""
        self.report.show_busy("Stopping…" if job.stopping else f"Validating{share}")

    def _end_validation(self, record: RunRecord) -> None:
        self.report.show_busy(None)
        if self._record is not None and record.id == self._record.id:
            self._record = record
            self._ask_for_report()

    def _ask_for_report(self) -> None:
        if self.results is not None and self._record is not None:
            self.results.ask("report", self._take_report)

    def _take_report(self, answer: Answer) -> None:
        report = answer["report"]
        earlier = self._earlier()
        before = {"name": earlier.name, "quality": earlier.quality} if earlier is not None else None
        self.report.show_report(report, [str(table["name"]) for table in self._tables], before)
        needy = sum(line.needs_a_look for line in self.report.checks.lines)
        self.tabs.setTabText(self.tabs.indexOf(self.report), f"Report  {needy}" if needy else "Report")
        self._show_validation()

    def _earlier(self) -> RunRecord | None:
        """Return the latest run of the same schema before the one that is open."""
        now = self._record
        if now is None:
            return None
        found = (
            r
            for r in self.runs.records
            if r.started < now.started and r.schema == now.schema and r.state == "done"
        )
        return next(found, None)

    def _choose_check(self, number: int) -> None:
        self._number = number
        if number < 0 or self.results is None:
            self.check.clear()
            return
        self.results.ask("check", partial(self._take_check, number), number=number)

    def _take_check(self, number: int, answer: Answer) -> None:
        if number == self._number:
            check = answer["check"]
            self.check.show_check(check, rows=answer["rows"], every=answer["every"], fixes=self._fixes(check))

    def _fixes(self, check: Mapping[str, Any]) -> list[tuple[str, object]]:
        """Return the fixes of problems that stand at the place in the schema that the check speaks of."""
        path = str(check.get("path") or "")
        if not path or self._session.document is None or check.get("status") == "pass":
            return []
        known = (problem for _, problem in self._session.knowledge.problems)
        return [
            (problem.fix.title, problem)
            for problem in known
            if problem.fix is not None and problem.pointer.startswith(path)
        ]

    def _mend(self, problem: object) -> None:
        document = self._session.document
        if not isinstance(problem, Problem) or document is None:
            return
        try:
            step = apply_fix(document, problem)
        except LookupError as error:
            self.troubled.emit(f"This fix is not possible any more: {error}.")
            return
        if self._session.do(step):
            self.said.emit(f"{step.title}: done. Run again to see what it changes.")

    def show_failing(self) -> None:
        """Show the rows that the check rejects."""
        if self.results is not None and self._number >= 0:
            number = self._number
            view = self.rows.new_view()
            self.results.ask("failing", partial(self._take_failing, number), number=number, view=view)

    def _take_failing(self, number: int, answer: Answer) -> None:
        assert self.results is not None  # who answered
        table = str(answer["table"])
        if self.rows.shown.table:
            self._note(self.rows.shown)
        self.tabs.setCurrentWidget(self.rows_page)
        self.rows.show_view(self.results, answer, table, self._keys)
        self.panel.mark_table(table)
        line = self.report.checks.lines[number]
        which = "Rows" if answer["every"] else "Some of the rows"
        self.where.setText(f"{which} that fail: {line.title} of {line.table}")

    def show_in_schema(self, path: str) -> None:
        """Show the place in the schema that a check speaks of."""
        document = self._session.document
        if document is None:
            self.troubled.emit("No schema is open: open the one that this run was drawn from.")
            return
        place = document.place_at(steps_of(path))
        if place:
            self._session.selection.reveal(place)
        self.wants_design.emit()

    def choose_report_file(self) -> None:
        """Ask where the report is to be saved."""
        if self._record is None:
            return
        kinds = "Page (*.html);;JSON (*.json);;CSV (*.csv)"
        chooser = QFileDialog(self, "Save the report", f"{self._record.name}-report.html", kinds)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("html")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.save_report)
        chooser.open()

    def save_report(self, name: str) -> None:
        """Save the report, as a page, as JSON or as CSV, by the file's ending."""
        if self.results is not None:
            self.results.ask("save_report", self._saved, path=name)

    def _saved(self, answer: Answer) -> None:
        self.said.emit(f"The report is saved as {answer['path']}.")

    # Beside each other, and elsewhere

    def _offer_comparison(self) -> None:
        now = self._record
        others = [other for other in self.runs.records if now is not None and other.id != now.id]
        if now is None or not others:
            self.said.emit("There is no other run to compare with.")
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for other in others[:20]:
            _add(menu, other.name, partial(self.compare, other, now))
        link = self.panel.compare_link
        menu.popup(link.mapToGlobal(link.rect().bottomLeft()))

    def compare(self, before: RunRecord, after: RunRecord) -> None:
        """Show what differs between two runs."""
        if self.results is None:
            self.troubled.emit("Open a run first.")
            return
        runs = [[record.name, str(self.runs.store.place(record))] for record in (before, after)]
        self.results.ask("compare", self._show_comparison, runs=runs)

    def _show_comparison(self, answer: Answer) -> None:
        if self.tabs.indexOf(self.comparison) < 0:
            self.tabs.addTab(self.comparison, "Comparison")
        self.comparison.show_comparison(answer)
        self.tabs.setCurrentWidget(self.comparison)

    def use_elsewhere(self) -> None:
        """Show how other programs read the run."""
        if self.results is not None:
            dialog = ElsewhereDialog(self.results, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.said.connect(self.said)
            dialog.open()

    def _turn(self, at: int) -> None:
        page = self.tabs.widget(at)
        self.side.setCurrentWidget(self.check if page is self.report else self.column)
        self.side.setVisible(page is not self.comparison)
        self.where.setVisible(page is self.rows_page)

    def _colour(self) -> None:
        self.back.setIcon(icon("back", self._theme.palette, "secondary"))


class _Do:
    """Call a function that takes nothing, whatever the signal brings."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function

    def __call__(self, checked: bool = False) -> None:
        self._function()


def _add(menu: QMenu, words: str, do: Callable[[], object], enabled: bool = True) -> None:
    action = menu.addAction(words.replace("&", "&&"))
    action.setEnabled(enabled)
    action.triggered.connect(_Do(do))


def _show_folder(record: RunRecord) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(record.folder))
