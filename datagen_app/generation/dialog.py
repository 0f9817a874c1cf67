"""The dialog of a run: its profile, where to, how much, how far it is, and how it ended."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.step import Step
from datagen_app.document.words import approximately, counted
from datagen_app.generation.estimator import Estimator
from datagen_app.generation.fields import ScaleField, SeedField
from datagen_app.generation.job import Job, Outcome, Run
from datagen_app.generation.profile import FULL, Profile, keep_profile, profile_names, remove_profile
from datagen_app.generation.runs import Runs, command_line
from datagen_app.generation.tables import RunTables
from datagen_app.preview.client import Client
from datagen_app.preview.select import Select
from datagen_app.shell.fonts import figures, monospace, secondary, strong
from datagen_app.shell.question import ask
from datagen_app.shell.signs import Sign, sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["GenerateDialog", "duration", "file_size", "new_folder", "numbered_folder"]

_REFRESH = 50
"""Milliseconds between two looks at a run's progress."""
_SETTLING = 150
"""Milliseconds after the last change until it is asked how large the run would be."""
_ROOM = 1.1
"""How much more than the estimate must be free."""
_RATE = 2e6
"""Rows a second, where no earlier run tells."""

_FORMATS = ("parquet", "csv", "jsonl", "arrow", "duckdb", "sqlite")
_COMPRESSIONS: dict[str, tuple[str, ...]] = {
    "parquet": ("zstd", "lz4", "snappy", "gzip", "none"),
    "arrow": ("zstd", "lz4", "none"),
    "csv": ("none", "gzip", "zstd"),
    "jsonl": ("none", "gzip", "zstd"),
}
"""By format, its compressions, the usual one first."""


class GenerateDialog(QDialog):
    """Ask where to write a dataset, write it in the background, and say how it went.

    Parameters
    ----------
    document
        The schema to draw.
    profile
        Seed and scale, shared with the toolbar.
    client
        The worker, which looks at the folder.
    theme
        Colours.
    folder
        The folder to propose.
    start
        How to start a run, where there is no list of runs.
    runs
        The list of runs: it starts the run, keeps what comes of it, and judges it.
    do
        Does a step of the document: profiles are kept in the schema.
    modified
        Says whether the schema has changes that its file has not.
    save
        Saves the schema.
    estimator
        Says how large the run would be.

    Signals
    -------
    finished_run
        The outcome of a run.
    """

    finished_run = Signal(object)

    def __init__(
        self,
        document: Document,
        profile: Profile,
        client: Client,
        theme: Theme,
        folder: Path,
        start: Callable[[Run], Job] = Job,
        parent: QWidget | None = None,
        *,
        runs: Runs | None = None,
        do: Callable[[Step], bool] | None = None,
        modified: Callable[[], bool] | None = None,
        save: Callable[[], object] | None = None,
        estimator: Estimator | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._profile, self._client, self._theme = document, profile, client, theme
        self._start_job, self._runs, self._do, self._modified, self._save = start, runs, do, modified, save
        self._estimator = estimator
        self._estimate: Mapping[str, Any] = {}
        self._filling = False
        self._proposed = str(folder)
        self._job: Job | None = None
        self._closing = False
        self._trouble = ""
        self._entries = 0
        self._counts: Mapping[str, tuple[int, bool]] = {}
        self._outcome: Outcome | None = None
        self.setWindowTitle(f"Generate {document.name}")
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(_REFRESH)
        self._refresh.timeout.connect(self._show_progress)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLING)
        self._settle.timeout.connect(self._ask_for_estimate)
        self._build()
        client.answered.connect(self._hear)
        theme.changed.connect(self._show_sign)
        profile.settled.connect(self._show_profile)
        if estimator is not None:
            estimator.setParent(self)
            estimator.estimated.connect(self._take_estimate)
        self.tables.rows.edited.connect(self._take_tables)
        self.folder.setText(profile.settings.folder or str(folder))
        self.generate.setFocus()
        self._show_profile()
        self._update()

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self._job is not None

    @property
    def outcome(self) -> Outcome | None:
        """How the last run ended."""
        return self._outcome

    @property
    def path(self) -> Path:
        """The file of the schema."""
        return self._document.path

    def show_document(self, document: Document) -> None:
        """Take over the schema as it now is."""
        if self._job is None:
            self._document, self._counts = document, {}
            self.tables.rows.set_document(document)
            self._show_profile()
            self._update()

    def set_counts(self, counts: Mapping[str, tuple[int, bool]]) -> None:
        """Show the rows that each table will have: how many, and whether that is exact."""
        # Where there is an estimator its counts are those of the profile, with the rows that it chooses.
        if self._job is None and "rows" not in self._estimate:
            self._counts = counts
            self.tables.rows.set_counts(counts)
            self._update()

    def start(self) -> None:
        """Start the run that the fields describe."""
        if self._job is not None or not self.generate.isEnabled():
            return
        self._outcome = None
        try:
            job = self._begin(self.run_now())
        except OSError as error:
            self._end(Outcome("failed", f"The engine could not be started: {error}."))
            return
        self._job = job
        job.setParent(self)
        job.progressed.connect(self._refresh.start)
        job.finished.connect(self._end)
        self.tables.rows.set_running(True)
        self._update()
        self.cancel.setFocus()

    def _begin(self, run: Run) -> Job:
        if self._runs is None:
            return self._start_job(run)
        return self._runs.start(
            run,
            text=self._document.text,
            dataset=self._document.name,
            profile=self._profile.name,
            validate=self.judge.isChecked(),
        )

    def run_now(self) -> Run:
        """Return the run that the fields describe."""
        said = self._profile.settings
        return Run(
            self._document.path,
            Path(self.folder.text().strip()).expanduser().absolute(),
            said.seed,
            said.scale,
            self.overwrite.isChecked(),
            dict(said.rows),
            said.tables,
            said.compression or "zstd",
            said.format,
        )

    def stop(self) -> None:
        """Stop the run."""
        if self._job is not None:
            self._job.stop()
            self._update()

    def abandon(self) -> None:
        """Stop the run at once, because the program ends."""
        if self._job is not None:
            self._job.abandon()

    def reject(self) -> None:
        """Close the dialog; ask first while a run is going on."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close; while a run is going on, only when the user says so."""
        if self._job is None:
            if self._estimator is not None:
                self._estimator.close()
            event.accept()
            return
        event.ignore()
        self._ask_to_stop()

    # What it looks like

    def _build(self) -> None:
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Folder")
        self.folder.textChanged.connect(self._look_at_folder)
        self.choose = QPushButton("Choose…")
        self.choose.clicked.connect(self._choose_folder)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        self.hint = QLabel()
        self.hint.setFont(secondary(self.font()))
        self.hint.setProperty("class", "secondary")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.overwrite = QCheckBox("Replace what is in it")
        self.overwrite.toggled.connect(self._update)
        self.profiles = Select(self._theme, "Profile")
        self.profiles.setToolTip("Settings that the schema keeps: datagen generate --profile takes them too.")
        self.profiles.activated.connect(self._choose_profile)
        self.keep, self.drop = QPushButton("Save as…"), QPushButton("Remove")
        self.keep.setToolTip("Keep these settings in the schema, under a name.")
        self.keep.clicked.connect(self._ask_for_name)
        self.drop.clicked.connect(self._remove_profile)
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self.profiles, 1)
        names.addWidget(self.keep)
        names.addWidget(self.drop)
        self.format, self.compression = Select(self._theme, "Format"), Select(self._theme, "Compression")
        self.format.addItems(list(_FORMATS))
        self.format.activated.connect(self._choose_format)
        self.compression.activated.connect(self._choose_compression)
        forms = QHBoxLayout()
        forms.setSpacing(8)
        forms.addWidget(self.format, 1)
        packed = QLabel("Compression")
        packed.setBuddy(self.compression)
        forms.addSpacing(8)
        forms.addWidget(packed)
        forms.addWidget(self.compression, 1)
        self.seed, self.scale = SeedField(self._profile), ScaleField(self._profile)
        numbers = QHBoxLayout()
        numbers.setSpacing(8)
        numbers.addWidget(self.seed, 1)
        label = QLabel("Scale")
        label.setBuddy(self.scale)
        numbers.addSpacing(8)
        numbers.addWidget(label)
        numbers.addWidget(self.scale, 1)
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        lines = (
            (0, "Profile", self.profiles, names),
            (1, "Folder", self.folder, row),
            (4, "Seed", self.seed, numbers),
            (5, "Format", self.format, forms),
        )
        for at, text, buddy, fields in lines:
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addWidget(label, at, 0)
            form.addLayout(fields, at, 1)
        form.addWidget(self.hint, 2, 1)
        form.addWidget(self.overwrite, 3, 1, Qt.AlignmentFlag.AlignLeft)
        form.setColumnStretch(1, 1)
        self.tables = RunTables(self._theme)
        self.tables.rows.set_document(self._document)
        self.sum = QLabel()
        self.sum.setFont(figures(strong(self.font())))
        self.judge = QCheckBox("Validate afterwards")
        self.judge.setChecked(True)
        self.judge.setToolTip("Judge the data against the schema, in the background.")
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setFont(monospace(self.font()))
        self.command.setAccessibleName("The same run as a command line")
        self.copy_command = QPushButton("Copy")
        self.copy_command.setToolTip("Copy the command line that does the same.")
        self.copy_command.clicked.connect(self._copy_command)
        typed = QHBoxLayout()
        typed.setSpacing(8)
        typed.addWidget(self.command, 1)
        typed.addWidget(self.copy_command)
        self.unsaved = QWidget()
        warned = QHBoxLayout(self.unsaved)
        warned.setContentsMargins(0, 0, 0, 0)
        warned.setSpacing(8)
        warning = QLabel("The file has not your latest changes, and the command line reads the file.")
        warning.setFont(secondary(self.font()))
        warning.setProperty("class", "secondary")
        warning.setWordWrap(True)
        self.save_file = QPushButton("Save")
        self.save_file.clicked.connect(self._save_document)
        warned.addWidget(warning, 1)
        warned.addWidget(self.save_file)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("Progress of the whole run")
        self.sign = QLabel()
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.state, 1)
        self.open_folder = QPushButton("Open folder")
        self.open_folder.clicked.connect(self._open_folder)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.stop)
        self.dismiss = QPushButton("Close")
        self.dismiss.clicked.connect(self.close)
        self.generate = QPushButton("Generate")
        self.generate.setProperty("class", "primary")
        self.generate.setDefault(True)
        self.generate.clicked.connect(self.start)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.judge)
        buttons.addStretch(1)
        for button in (self.open_folder, self.cancel, self.dismiss, self.generate):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(self.tables, 1)
        layout.addWidget(self.sum)
        layout.addLayout(typed)
        layout.addWidget(self.unsaved)
        layout.addWidget(self.bar)
        layout.addLayout(said)
        layout.addLayout(buttons)
        line = self.fontMetrics().height()
        shown = min(12, max(4, len(self._document.tables)))
        self.resize(38 * line, (26 + round(shown * 1.7)) * line)

    def _update(self) -> None:
        """Show what can be done now."""
        running, outcome = self._job is not None, self._outcome
        fields = (self.folder, self.choose, self.overwrite, self.seed, self.scale, self.profiles, self.format)
        for field in (*fields, self.compression, self.judge, self.keep):
            field.setEnabled(not running)
        kept = self._profile.name in datagen.profiles_of(self._document.tree)
        self.keep.setVisible(self._do is not None)
        self.drop.setVisible(self._do is not None and kept)
        self.drop.setEnabled(not running)
        self.judge.setVisible(self._runs is not None)
        self.unsaved.setVisible(not running and self._modified is not None and self._modified())
        self.save_file.setVisible(self._save is not None)
        self.command.setText(command_line(self.run_now()))
        self.command.setCursorPosition(0)
        self.hint.setText(self._hint())
        self.hint.setVisible(bool(self.hint.text()))
        self.overwrite.setVisible(self._entries > 0 and not self._trouble)
        may = bool(self.folder.text().strip()) and not self._trouble and not self._refusal()
        self.generate.setEnabled(may and (self._entries == 0 or self.overwrite.isChecked()))
        self.generate.setVisible(not running)
        self.generate.setText("Generate again" if outcome else "Generate")
        self.dismiss.setVisible(not running)
        self.cancel.setVisible(running)
        self.cancel.setEnabled(self._job is not None and not self._job.stopping)
        self.cancel.setText("Stopping…" if self._job is not None and self._job.stopping else "Cancel")
        self.open_folder.setVisible(outcome is not None and outcome.state == "done")
        self.bar.setVisible(running)
        self._show_sum()
        self._show_sign()

    def _refusal(self) -> str:
        """Say why the run cannot be made as it stands; nothing where it can."""
        known = self._estimate
        if known.get("may") is False:
            return "Nothing can be written there; choose another folder."
        if "bytes" in known and known["bytes"] * _ROOM > known["free"]:
            wanted, free = file_size(round(known["bytes"])), file_size(int(known["free"]))
            return f"It would take about {wanted}, and {free} are free there. Choose another folder, or fewer rows."
        return ""

    def _hint(self) -> str:
        if self._trouble:
            return self._trouble
        if refusal := self._refusal():
            return refusal
        if self._entries:
            return f"It holds {counted(self._entries, 'entry', 'entries')} already."
        return str(self._estimate.get("trouble") or "")

    def _show_sum(self) -> None:
        if not self._counts:
            self.sum.setText("Counting rows…")
            return
        wanted = self._profile.settings.tables
        written = {table: one for table, one in self._counts.items() if not wanted or table in wanted}
        rows = sum(count for count, _ in written.values())
        exact = all(sure for _, sure in written.values())
        said = counted(rows, "row") if exact else f"≈ {approximately(rows)} rows"
        words = f"{said} in {counted(len(written), 'table')}"
        if "bytes" in self._estimate:
            time_ = duration(max(0.1, rows / self._rate()))
            words += f" · about {file_size(int(self._estimate['bytes']))} · about {time_}"
        self.sum.setText(words)

    def _rate(self) -> float:
        """Return the rows a second of the latest run of this schema; a usual one, where there is none."""
        path = str(self._document.path)
        records = self._runs.records if self._runs is not None else []
        rates = (
            r.rows / r.seconds for r in records if r.schema == path and r.state == "done" and r.seconds > 0.2
        )
        return max(1.0, next(rates, _RATE))

    def _show_sign(self) -> None:
        outcome = self._outcome
        if outcome is None:
            self.sign.hide()
            self.state.setVisible(self._job is not None)
            return
        signs: dict[str, Sign] = {"done": "ok", "failed": "error", "stopped": "warning"}
        side = self.fontMetrics().height()
        picture = sign_pixmap(signs[outcome.state], self._theme.palette, side, self.devicePixelRatioF())
        self.sign.setPixmap(picture)
        self.sign.show()
        self.state.show()

    def _show_progress(self) -> None:
        if self._job is None:
            return
        progress = self._job.progress
        self.tables.rows.set_written(progress.tables)
        if progress.total:
            self.bar.setValue(round(1000 * progress.done / progress.total))
        left = progress.seconds_left
        rate = f"{approximately(progress.rate)} rows/s" if progress.rate else "starting"
        self.state.setText(
            f"{progress.done:,} of {progress.total:,} rows · {rate}"
            + ("" if left is None else f" · {duration(left)} left")
        )

    # The profile

    def _show_profile(self) -> None:
        """Show the settings as they are now."""
        said, tree = self._profile.settings, self._document.tree
        names = profile_names(self._document)
        if self._profile.name not in names:
            names.append(self._profile.name)
        self._filling = True
        self.profiles.clear()
        self.profiles.addItems(names)
        at = names.index(self._profile.name)
        self.profiles.setCurrentIndex(at)
        if self._profile.differs(tree):
            self.profiles.setItemText(at, f"{self._profile.name}, changed")
        self.format.setCurrentText(said.format)
        kinds = _COMPRESSIONS.get(said.format, ())
        self.compression.clear()
        self.compression.addItems(list(kinds))
        self.compression.setCurrentText(said.compression or (kinds[0] if kinds else ""))
        self.compression.setVisible(bool(kinds))
        self.tables.rows.set_chosen(said.rows, said.tables)
        self._filling = False
        self._settle.start()
        self._update()

    def _choose_profile(self, at: int) -> None:
        name = profile_names(self._document)[at] if at < len(profile_names(self._document)) else FULL
        if why := self._profile.choose(name, self._document.tree):
            self._trouble = why
            self._update()
            return
        own = self._profile.settings.folder
        if own or self.folder.text() == self._proposed:
            schema = self._document.path
            parent = Path(self._proposed).parent
            self._proposed = own or str(numbered_folder(parent, schema.stem, name))
            self.folder.setText(self._proposed)

    def _ask_for_name(self) -> None:
        box = QInputDialog(self)
        box.setWindowTitle("Save profile")
        box.setLabelText("Keep these settings in the schema as")
        box.setTextValue("" if self._profile.name == FULL else self._profile.name)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.textValueSelected.connect(self.keep_as)
        box.open()

    def keep_as(self, name: str) -> None:
        """Keep the settings in the schema under a name."""
        name = name.strip()
        if not name or self._do is None:
            return
        settings = self._profile.settings
        if self._do(keep_profile(self._document, name, settings)):
            self._profile.set(settings, name)

    def _remove_profile(self) -> None:
        if self._do is not None and self._do(remove_profile(self._document, self._profile.name)):
            self._profile.choose(FULL, {})

    def _choose_format(self, at: int) -> None:
        self._profile.set(replace(self._profile.settings, format=_FORMATS[at], compression=""))

    def _choose_compression(self, at: int) -> None:
        kinds = _COMPRESSIONS.get(self._profile.settings.format, ())
        if at < len(kinds):
            chosen = "" if at == 0 else kinds[at]
            self._profile.set(replace(self._profile.settings, compression=chosen))

    def _take_tables(self) -> None:
        if not self._filling:
            rows = self.tables.rows
            self._profile.set(replace(self._profile.settings, rows=rows.chosen, tables=rows.wanted))

    def _ask_for_estimate(self) -> None:
        if self._estimator is None or self._job is not None:
            return
        said = self._profile.settings
        self._estimator.ask(
            text=self._document.text,
            seed=said.seed,
            scale=said.scale,
            rows=dict(said.rows),
            tables=list(said.tables),
            format=said.format,
            folder=self.folder.text().strip(),
        )

    def _take_estimate(self, known: Mapping[str, Any]) -> None:
        if self._job is not None:
            return
        self._estimate = known
        if "rows" in known:
            self._counts = {table: (int(rows), True) for table, rows in known["rows"].items()}
            self.tables.rows.set_counts(self._counts)
        self._update()

    def _copy_command(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())

    def _save_document(self) -> None:
        if self._save is not None:
            self._save()
        self._update()

    # What happens

    def _look_at_folder(self, text: str) -> None:
        self._client.ask("folder", path=text.strip())
        self._settle.start()
        self.command.setText(command_line(self.run_now()))
        self.command.setCursorPosition(0)

    def _hear(self, what: str, revision: int, answer: Mapping[str, Any]) -> None:
        if what == "folder" and answer.get("path") == self.folder.text().strip():
            self._trouble, self._entries = str(answer["trouble"]), int(answer["entries"])
            self._update()

    def _choose_folder(self) -> None:
        chooser = QFileDialog(self, "Folder for the data", self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

    def _open_folder(self) -> None:
        if self._outcome is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._outcome.folder))

    def _ask_to_stop(self) -> None:
        reason = "What it has written so far is not a whole result."
        ask(self, "Stop the run?", reason, "Stop the run", "Keep running", self._stop_and_close)

    def _stop_and_close(self) -> None:
        self._closing = True
        self.stop()
        if self._job is None:
            self.close()

    def _end(self, outcome: Outcome) -> None:
        self._refresh.stop()
        if self._job is not None:
            self._show_progress()
            self._job.deleteLater()
            self._job = None
        self._outcome = outcome
        if outcome.state == "done":
            rows, size = f"{outcome.rows:,}", file_size(outcome.bytes)
            self.state.setText(f"{rows} rows written, {size}, in {duration(outcome.seconds)}.")
        else:
            self.tables.rows.set_running(False)
            self.state.setText(outcome.message)
        self._look_at_folder(self.folder.text())
        self._update()
        self.finished_run.emit(outcome)
        if self._closing or (outcome.state == "done" and self._runs is not None):
            self.close()  # what was written is shown where runs are browsed
        elif outcome.state == "done":
            self.open_folder.setFocus()


def new_folder(schema: Path, *, own: bool, profile: str = FULL) -> Path:
    """Return a folder that is not there yet: `<name>-<profile>-<n>`.

    Parameters
    ----------
    schema
        The file of the schema; the folder is called after it.
    own
        Whether the schema came with the program. Its data does not belong beside it, so the folder is at
        home; as it is where one may not write beside the schema.
    profile
        The name of the profile.
    """
    beside = schema.absolute().parent
    parent = Path.home() if own or not os.access(beside, os.W_OK) else beside
    return numbered_folder(parent, schema.stem, profile)


def numbered_folder(parent: Path, name: str, profile: str) -> Path:
    """Return a folder that is not there yet, with the first number that is free."""
    safe = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in profile)
    names = (f"{name}-{safe}-{number}" for number in range(1, 10_000))
    return next((parent / each for each in names if not (parent / each).exists()), parent)


def duration(seconds: float) -> str:
    """Return a time as a person says it.

    Examples
    --------
    >>> duration(0.62), duration(14.2), duration(135)
    ('0.6 s', '14 s', '2 min 15 s')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def file_size(size: int) -> str:
    """Return a number of bytes in the largest fitting unit.

    Examples
    --------
    >>> file_size(900), file_size(31_400_000)
    ('900 bytes', '31.4 MB')
    """
    for power, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if size >= 10**power:
            return f"{size / 10**power:.3g} {unit}"
    return counted(size, "byte")
