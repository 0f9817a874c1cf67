"""The dialog of a run: where to, how much, how far it is, and how it ended."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.document import Document
from datagen_app.document.words import approximately, counted
from datagen_app.generation.fields import ScaleField, SeedField
from datagen_app.generation.job import Job, Outcome, Run
from datagen_app.generation.profile import Profile
from datagen_app.generation.tables import RunTables
from datagen_app.preview.client import Client
from datagen_app.shell.fonts import figures, secondary, strong
from datagen_app.shell.question import ask
from datagen_app.shell.signs import Sign, sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["GenerateDialog", "duration", "file_size", "new_folder"]

_REFRESH = 50
"""Milliseconds between two looks at a run's progress."""


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
        How to start a run.

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
    ) -> None:
        super().__init__(parent)
        self._document, self._profile, self._client, self._theme = document, profile, client, theme
        self._start_job = start
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
        self._build()
        client.answered.connect(self._hear)
        theme.changed.connect(self._show_sign)
        self.folder.setText(str(folder))
        self.generate.setFocus()
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
            self._update()

    def set_counts(self, counts: Mapping[str, tuple[int, bool]]) -> None:
        """Show the rows that each table will have: how many, and whether that is exact."""
        if self._job is None:
            self._counts = counts
            self.tables.rows.set_counts(counts)
            self._update()

    def start(self) -> None:
        """Start the run that the fields describe."""
        if self._job is not None or not self.generate.isEnabled():
            return
        run = Run(
            self._document.path,
            Path(self.folder.text().strip()).expanduser().absolute(),
            self._profile.seed,
            self._profile.scale,
            self.overwrite.isChecked(),
        )
        self._outcome = None
        try:
            job = self._start_job(run)
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
        for at, (text, buddy, fields) in enumerate(
            (("Folder", self.folder, row), ("Seed", self.seed, numbers))
        ):
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addWidget(label, 3 * at, 0)
            form.addLayout(fields, 3 * at, 1)
        form.addWidget(self.hint, 1, 1)
        form.addWidget(self.overwrite, 2, 1, Qt.AlignmentFlag.AlignLeft)
        form.setColumnStretch(1, 1)
        self.tables = RunTables(self._theme)
        self.tables.rows.set_document(self._document)
        self.sum = QLabel()
        self.sum.setFont(figures(strong(self.font())))
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
        buttons.addWidget(self.sum, 1)
        for button in (self.open_folder, self.cancel, self.dismiss, self.generate):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(self.tables, 1)
        layout.addWidget(self.bar)
        layout.addLayout(said)
        layout.addLayout(buttons)
        line = self.fontMetrics().height()
        shown = min(12, max(4, len(self._document.tables)))
        self.resize(36 * line, (18 + round(shown * 1.7)) * line)

    def _update(self) -> None:
        """Show what can be done now."""
        running, outcome = self._job is not None, self._outcome
        for field in (self.folder, self.choose, self.overwrite, self.seed, self.scale):
            field.setEnabled(not running)
        self.hint.setText(self._hint())
        self.hint.setVisible(bool(self.hint.text()))
        self.overwrite.setVisible(self._entries > 0 and not self._trouble)
        may = bool(self.folder.text().strip()) and not self._trouble
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

    def _hint(self) -> str:
        if self._trouble:
            return self._trouble
        if self._entries:
            return f"It holds {counted(self._entries, 'entry', 'entries')} already."
        return ""

    def _show_sum(self) -> None:
        if not self._counts:
            self.sum.setText("Counting rows…")
            return
        rows = sum(count for count, _ in self._counts.values())
        exact = all(sure for _, sure in self._counts.values())
        said = counted(rows, "row") if exact else f"≈ {approximately(rows)} rows"
        self.sum.setText(f"{said} in {counted(len(self._counts), 'table')}")

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

    # What happens

    def _look_at_folder(self, text: str) -> None:
        self._client.ask("folder", path=text.strip())

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
        if self._closing:
            self.close()
        elif outcome.state == "done":
            self.open_folder.setFocus()


def new_folder(schema: Path, *, own: bool) -> Path:
    """Return a folder that is not there yet.

    Parameters
    ----------
    schema
        The file of the schema; the folder is called after it.
    own
        Whether the schema came with the program. Its data does not belong beside it, so the folder is at
        home; as it is where one may not write beside the schema.
    """
    beside = schema.absolute().parent
    parent = Path.home() if own or not os.access(beside, os.W_OK) else beside
    names = (f"{schema.stem}-data{'' if number == 1 else f'-{number}'}" for number in range(1, 1000))
    return next((parent / name for name in names if not (parent / name).exists()), parent)


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
