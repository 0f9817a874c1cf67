"""What keeps an open document from being lost or written twice: its lock, its journal, what a crash left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from datagen_app.document.change import Change
from datagen_app.document.document import Document
from datagen_app.document.journal import SUFFIX, Journal, Record, read_record, records
from datagen_app.document.lock import Lock, clear, key_of
from datagen_app.document.open_document import OpenDocument
from datagen_app.shell.session import Session

__all__ = ["Keeping"]


class Keeping(QObject):
    """Hold the lock of the open document, write its journal, and find what a crash has left.

    Parameters
    ----------
    session
        The open document.
    folder
        Where locks and journals stand.

    Signals
    -------
    refused
        Somebody else has the document, so it may only be read here: why, in a sentence.
    regained
        It may be changed again.
    left
        What there is to restore, as the worker tells it: `Worker.recover`.
    troubled
        What is not kept, and why.
    """

    refused = Signal(str)
    regained = Signal()
    left = Signal(object)
    troubled = Signal(str)

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._folder = session, folder
        self._opened: OpenDocument | None = None
        self._lock: Lock | None = None
        self._journal: Journal | None = None
        self._said = ""
        self._restoring: Record | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._look)
        session.opened.connect(self._open)
        session.changed.connect(self._note)
        session.client.answered.connect(self._hear)

    @property
    def locked_out(self) -> bool:
        """Whether somebody else has the document."""
        return self._opened is not None and self._lock is not None and not self._lock.held

    def look_for_left(self) -> None:
        """Look for what a crash has left of any document."""
        for record in records(self._folder):
            self._session.client.ask("recover", 0, journal=str(record.journal))

    def restore(self, journal: Path) -> None:
        """Open what a journal holds as a new document, with its history."""
        record = read_record(journal)
        if record is None:
            self.troubled.emit("There is nothing left to restore.")
            return
        self._restoring = record
        name = Path(record.name or "schema.json")
        self._session.begin(name.with_name(f"{name.stem} (restored).json"), record.base, record)

    def forget(self, journal: Path) -> None:
        """Remove what a crash has left."""
        journal.unlink(missing_ok=True)
        clear(self._folder, journal.stem)

    def take_over(self) -> None:
        """Take the document from whoever else has it; it can be changed here then, and there no more."""
        opened, lock = self._opened, self._lock
        if opened is None or lock is None or opened.file is None:
            return
        try:
            lock.take_over()
        except OSError as error:
            self.troubled.emit(f"{opened.file.name} could not be taken over: {error.strerror or error}.")
            return
        opened.refusal = ""
        self._watch(lock)
        key = key_of(opened.file)
        journal = self._folder / f"{key}{SUFFIX}"
        if journal.exists():  # theirs; they will notice, and write another
            journal.replace(self._taken(key))
        self._keep_journal(opened, key)
        self._session.reload()  # the other may have saved it meanwhile
        self.regained.emit()

    def saved(self) -> None:
        """Begin the journal anew: the document is what its file holds, which may be another than before."""
        opened = self._opened
        if opened is None or opened.file is None:
            return
        key = key_of(opened.file)
        if self._lock is None or self._lock.alive.stem != key or self.locked_out:
            self._leave()
            opened.refusal = ""
            self._open_under(opened, key)
        elif self._journal is not None:
            self._journal.begin(opened, opened.now.path.name)

    def close(self) -> None:
        """Let the document go: it was saved, or the user gave up what was not."""
        self._leave()
        self._opened = None

    # Opening and leaving

    def _open(self, document: Document | None) -> None:
        self._leave()
        self._opened = opened = self._session.open_document
        if opened is None or opened.refusal:
            return
        self._open_under(opened, key_of(opened.file) if opened.file is not None else uuid4().hex)
        restored, self._restoring = self._restoring, None
        if restored is not None and self._journal is not None and self._journal.flush():
            restored.forget()

    def _open_under(self, opened: OpenDocument, key: str) -> None:
        name = opened.now.path.name
        try:
            self._lock = Lock(self._folder, key)
            ours = self._lock.take()
        except OSError as error:
            self._lock = None
            self.troubled.emit(f"{name} is not kept safe from a crash: {error.strerror or error}.")
            return
        if not ours:
            self._refuse(f"{name} is open in another window of Datagen Studio, so it can only be read here.")
            return
        self._watch(self._lock)
        self._keep_journal(opened, key)

    def _keep_journal(self, opened: OpenDocument, key: str) -> None:
        path = self._folder / f"{key}{SUFFIX}"
        if path.exists():  # whoever wrote it was not closed: it is kept under another name, and offered
            other = path.with_name(f"{uuid4().hex}{SUFFIX}")
            path.replace(other)
            self._session.client.ask("recover", 0, journal=str(other))
        self._journal = Journal(self._folder, key, opened.file)
        self._journal.begin(opened, opened.now.path.name)

    def _taken(self, key: str) -> Path:
        """Return where the journal goes of whoever is taken over from."""
        return self._folder / f"{key}-taken{SUFFIX}"

    def _leave(self) -> None:
        if self._journal is not None:
            self._journal.end(forget=True)
            self._journal = None
        if watched := self._watcher.files():
            self._watcher.removePaths(watched)
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        self._said = ""

    def _refuse(self, why: str) -> None:
        if self._opened is not None:
            self._opened.refusal = why
        self.refused.emit(why)

    def _watch(self, lock: Lock) -> None:
        if watched := self._watcher.files():
            self._watcher.removePaths(watched)
        self._watcher.addPath(str(lock.owner))

    def _look(self) -> None:
        """Notice that somebody has taken over; what is not saved here stays here, with a journal of its own."""
        lock, opened = self._lock, self._opened
        if lock is None or opened is None or lock.held or opened.refusal:
            return
        lock.yield_to_other()
        if self._journal is not None:
            self._journal.end(forget=False)
            self._journal = Journal(self._folder, uuid4().hex, None)
            self._journal.begin(opened, opened.now.path.name)
            if self._journal.flush():
                self._taken(lock.alive.stem).unlink(missing_ok=True)
        name = opened.now.path.name
        self._refuse(f"Another window has taken over {name}: here it can only be read, or saved elsewhere.")

    # Writing down

    def _note(self, change: Change) -> None:
        if self._journal is None or self._opened is None:
            return
        self._journal.note(change, self._opened, self._opened.now.path.name)
        if self._journal.trouble and self._journal.trouble != self._said:
            self._said = self._journal.trouble
            self.troubled.emit(f"What you do is not kept safe from a crash: {self._said}. Save now and then.")

    def _hear(self, what: str, revision: int, answer: Mapping[str, Any]) -> None:
        if what != "recover" or not answer:
            return
        if answer["difference"]:
            self.left.emit(answer)
        else:  # the file holds it all
            self.forget(Path(answer["journal"]))
