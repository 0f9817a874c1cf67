"""The runs of a window: the one that is going on, those that were, and what is done with them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

from datagen_app.generation.job import Job, Order, Outcome, Run, Validation
from datagen_app.generation.store import RunRecord, RunStore

__all__ = ["Runs", "command_line", "data_folder"]


def data_folder() -> Path:
    """Return where the program keeps what it knows of runs."""
    where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(where) / "datagen-studio" / "runs"


def command_line(run: Run) -> str:
    """Return a run as one types it into a terminal.

    Examples
    --------
    >>> command_line(Run(Path("my shop.json"), Path("out")))
    "datagen generate 'my shop.json' -o out --seed 42 --scale 1.0"
    """
    return shlex.join(["datagen", *run.arguments()])


class Runs(QObject):
    """Carry out runs and validations, one of each at a time, and keep what came of them.

    Parameters
    ----------
    store
        Where runs are kept.
    start
        Starts a job.

    Signals
    -------
    changed
        The list of runs, or something about one of them, is another.
    progressed
        The run, or the validation, has come further.
    ended
        A run has ended: its record.
    judged
        A validation has ended: the record of its run, with scores where there are any.
    troubled
        What went wrong, in a sentence.
    """

    changed = Signal()
    progressed = Signal()
    ended = Signal(object)
    judged = Signal(object)
    troubled = Signal(str)

    def __init__(
        self,
        store: RunStore | None = None,
        start: Callable[[Order], Job] = Job,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = RunStore(data_folder()) if store is None else store
        self.launch = start
        self.job: Job | None = None
        self.validation: Job | None = None
        self._running: RunRecord | None = None
        self._judging: RunRecord | None = None
        self._discarding: list[Job] = []
        self._records: list[RunRecord] | None = None
        self._validate = True

    @property
    def records(self) -> list[RunRecord]:
        """Every run, the latest first."""
        if self._records is None:
            self._records = self.store.all()
        return self._records

    @property
    def busy(self) -> bool:
        """Whether a run is going on, or what one has written is being taken away."""
        return self.job is not None or bool(self._discarding)

    @property
    def running(self) -> RunRecord | None:
        """The run that is going on."""
        return self._running

    @property
    def judging(self) -> RunRecord | None:
        """The run that is being validated."""
        return self._judging

    def look_again(self) -> None:
        """Look which runs there are now: another window may have made some."""
        self._records = None
        self.changed.emit()

    def start(
        self,
        run: Run,
        *,
        text: str | None = None,
        dataset: str = "",
        profile: str = "",
        validate: bool = True,
    ) -> Job:
        """Start a run.

        Parameters
        ----------
        run
            What is to be drawn.
        text
            The schema as it stands in the window; what is changed after that does not touch the run.
        dataset, profile
            What the dataset and its profile are called.
        validate
            Whether it is judged when it is done.

        Raises
        ------
        OSError
            It could not be started, or nothing can be kept of it.
        """
        facts = _settings(run)
        record = self.store.add(
            run.folder,
            run.schema,
            seed=run.seed,
            scale=run.scale,
            dataset=dataset,
            profile=profile,
            made=not run.folder.exists(),
            settings=facts,
        )
        try:
            if text is not None:
                own = self.store.place(record) / "schema.json"
                own.write_text(text, encoding="utf-8")
                run = replace(run, schema=own)
            job = self.launch(run)
        except OSError:
            self.store.remove(record)
            raise
        self._validate = validate
        return self._carry_out(job, record)

    def start_again(self, record: RunRecord, *, resume: bool = False) -> None:
        """Run what was run before: into a new folder beside the first, or, to resume, into the same."""
        folder = Path(record.folder) if resume else _beside(Path(record.folder))
        own = self.store.place(record) / "schema.json"
        schema = own if own.is_file() else Path(record.schema)
        said = record.settings
        run = Run(
            schema,
            folder,
            record.seed,
            record.scale,
            rows=dict(said.get("rows") or {}),
            tables=tuple(said.get("tables") or ()),
            compression=str(said.get("compression", "zstd")),
            format=str(said.get("format", "parquet")),
            resume=resume,
        )
        try:
            if resume:
                self._validate = True
                self._carry_out(self.launch(run), replace(record, state="running", message=""))
            else:
                text = schema.read_text(encoding="utf-8")
                again = replace(run, schema=Path(record.schema))
                self.start(again, text=text, dataset=record.dataset, profile=record.profile)
        except (OSError, UnicodeDecodeError) as error:
            self.troubled.emit(f"{record.name} could not be run again: {error}.")

    def stop(self) -> None:
        """Stop what is going on."""
        for job in (self.job, self.validation):
            if job is not None:
                job.stop()

    def abandon(self) -> None:
        """Stop it at once, because the program ends."""
        for job in (self.job, self.validation, *self._discarding):
            if job is not None:
                job.abandon()

    def validate(self, record: RunRecord, schema: Path | None = None) -> None:
        """Judge a run in the background."""
        if self.validation is not None:
            self.troubled.emit("One validation at a time: stop the one that is going on, or wait for it.")
            return
        own = self.store.place(record) / "schema.json"
        against = schema or (own if own.is_file() else Path(record.schema))
        try:
            job = self.launch(Validation(against, Path(record.folder), self.store.report_path(record)))
        except OSError as error:
            self.troubled.emit(f"The validation could not be started: {error}.")
            return
        job.setParent(self)
        self.validation, self._judging = job, record
        job.progressed.connect(self.progressed)
        job.finished.connect(self._end_validation)
        self.changed.emit()

    def open_folder(self, folder: Path, schema: Path) -> RunRecord | None:
        """Take up a folder that holds a run, or any tables, so that it can be browsed and judged."""
        known = next((record for record in self.records if Path(record.folder) == folder), None)
        if known is not None:
            return known
        try:
            record = self.store.add(folder, schema, state="done", made=False)
            record = self.store.copy_files(record)
            said = self.store.manifest(record)
            tables = said.get("tables")
            rows = [e.get("rows", 0) for e in tables.values()] if isinstance(tables, dict) else []
            record = replace(
                record, seed=int(said.get("seed", 42)), scale=float(said.get("scale", 1.0)), rows=sum(rows)
            )
            self.store.save(record)
        except (OSError, TypeError, ValueError, AttributeError) as error:
            self.troubled.emit(f"{folder.name} could not be opened: {error}.")
            return None
        self.look_again()
        return record

    def forget(self, record: RunRecord) -> None:
        """Take a run off the list; its data stays."""
        self.store.remove(record)
        self.look_again()

    def discard(self, record: RunRecord) -> None:
        """Take away what a run has written, and the run off the list."""
        if not record.there:
            self.forget(record)
            return
        try:
            job = self.launch(_Discard(Path(record.folder)))
        except OSError as error:
            self.troubled.emit(f"{record.name} could not be discarded: {error}.")
            return
        job.setParent(self)
        self._discarding.append(job)
        job.finished.connect(_Discarded(self, job, record))

    def end_discard(self, job: Job, record: RunRecord, outcome: Outcome) -> None:
        """Take note that a run's files are gone, or why they are not."""
        self._discarding.remove(job)
        job.deleteLater()
        if outcome.state == "done":
            self.forget(record)
        else:
            self.troubled.emit(f"{record.name} could not be discarded: {outcome.message}")

    def _carry_out(self, job: Job, record: RunRecord) -> Job:
        self.job, self._running = job, record
        self._records = None
        job.progressed.connect(self.progressed)
        job.finished.connect(self._end)
        self.changed.emit()
        return job

    def _end(self, outcome: Outcome) -> None:
        record, job = self._running, self.job
        self.job = self._running = None
        if record is None or job is None:
            return
        record = replace(
            record,
            state=outcome.state,
            message=outcome.message,
            rows=outcome.rows,
            total=job.progress.total,
            bytes=outcome.bytes,
            seconds=outcome.seconds or job.progress.seconds,
        )
        self._keep(record)
        self.ended.emit(record)
        if outcome.state == "done" and self._validate and self.validation is None:
            self.validate(self.store.get(record.id) or record)

    def _keep(self, record: RunRecord) -> RunRecord:
        try:
            record = self.store.copy_files(record)
            self.store.save(record)
        except OSError as error:
            self.troubled.emit(f"Nothing could be kept of {record.name}: {error}.")
        self._records = None
        self.changed.emit()
        return record

    def _end_validation(self, outcome: Outcome) -> None:
        record, job = self._judging, self.validation
        self.validation = self._judging = None
        if record is None or job is None:
            return
        job.deleteLater()
        if outcome.state == "done":
            said = outcome.result
            record = replace(
                self.store.get(record.id) or record,
                quality=_number(said.get("quality_score")),
                integrity=_number(said.get("integrity")),
                behaviour=_number(said.get("behaviour")),
                judged=True,
            )
            record = self._keep(record)
        elif outcome.state == "failed":
            self.troubled.emit(f"{record.name} could not be validated: {outcome.message}")
        self.changed.emit()
        self.judged.emit(record)


class _Discard:
    """Take away what a run has written."""

    good = (0,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arguments(self) -> list[str]:
        """Return the arguments of the command line that does it."""
        return ["discard", str(self.folder)]


class _Discarded:
    """Note how a discard ended."""

    def __init__(self, runs: Runs, job: Job, record: RunRecord) -> None:
        self._runs, self._job, self._record = runs, job, record

    def __call__(self, outcome: Outcome) -> None:
        self._runs.end_discard(self._job, self._record, outcome)


def _settings(run: Run) -> Mapping[str, Any]:
    return {
        "rows": dict(run.rows),
        "tables": list(run.tables),
        "compression": run.compression,
        "format": run.format,
    }


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _beside(folder: Path) -> Path:
    """Return a folder that is not there yet, with the next number.

    >>> _beside(Path("/nowhere/shop-full-3")).name
    'shop-full-4'
    """
    stem, dash, number = folder.name.rpartition("-")
    at = int(number) if dash and number.isdigit() and len(number) < 6 else 1
    stem = stem if dash and number.isdigit() else folder.name
    for next_ in range(at + 1, at + 10_000):
        if not (made := folder.with_name(f"{stem}-{next_}")).exists():
            return made
    return folder
