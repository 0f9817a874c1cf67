"""The run that a window asks for: its dialog, and what is to be asked before it is given up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from datagen_app.document.document import Document
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme

if TYPE_CHECKING:
    from datagen_app.generation.dialog import GenerateDialog
    from datagen_app.generation.runs import Runs
    from datagen_app.generation.store import RunRecord

__all__ = ["Running"]


class Running(QObject):
    """Keep the dialog of a run.

    Parameters
    ----------
    session
        The open document.
    theme
        Colours.
    runs_folder
        Where what is kept of runs lies.
    window
        What the dialog stands before.
    save
        Saves the schema.

    Signals
    -------
    ended
        A run is over: what is kept of it.
    """

    ended = Signal(object)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        runs_folder: Path,
        window: QWidget,
        save: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(window)
        self._session, self._theme, self._window, self._save = session, theme, window, save
        self._folder = runs_folder
        self._runs: Runs | None = None
        self.dialog: GenerateDialog | None = None
        session.opened.connect(self._show_document)
        session.counted.connect(self._show_counts)

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._runs is not None and self._runs.busy

    @property
    def runs(self) -> Runs:
        """The runs, as the dialog and the Data workspace share them; brought in when they are first wanted."""
        if self._runs is None:
            from datagen_app.generation.runs import Runs
            from datagen_app.generation.store import RunStore

            self._runs = Runs(RunStore(self._folder), parent=self)
            self._runs.ended.connect(self._end)
        return self._runs

    def ask(self, *, own: bool) -> None:
        """Ask where to write the tables, and write them.

        Parameters
        ----------
        own
            Whether the schema is one of ours, beside which nothing may be written.
        """
        from datagen_app.generation.dialog import GenerateDialog, new_folder
        from datagen_app.generation.estimator import Estimator

        document, session = self._session.document, self._session
        if self.dialog is None and document is not None:
            dialog = GenerateDialog(
                document,
                session.profile,
                session.client,
                self._theme,
                new_folder(document.path, own=own),
                parent=self._window,
                runs=self.runs,
                do=session.do,
                modified=self._is_unsaved,
                save=self._save,
                estimator=Estimator(parent=self),
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.destroyed.connect(self._forget)
            dialog.set_counts(session.knowledge.counts)
            self.dialog = dialog
        if self.dialog is not None:
            self.dialog.show()
            self.dialog.raise_()
            self.dialog.activateWindow()

    def _is_unsaved(self) -> bool:
        opened = self._session.open_document
        return opened is not None and opened.modified

    def stop(self) -> None:
        """Stop the run that is going on."""
        self.runs.stop()

    def _show_document(self, document: Document | None) -> None:
        if self.dialog is None:
            return
        if document is not None and document.path == self.dialog.path:
            self.dialog.show_document(document)
        elif not self.dialog.running:
            self.dialog.close()

    def _show_counts(self) -> None:
        if self.dialog is not None and self._has(self.dialog.path):
            self.dialog.set_counts(self._session.knowledge.counts)

    def _has(self, path: Path) -> bool:
        document = self._session.document
        return document is not None and document.path == path

    def _forget(self) -> None:
        self.dialog = None

    def _is_modified(self) -> bool:
        opened = self._session.open_document
        return opened is not None and opened.modified

    def _end(self, record: RunRecord) -> None:
        QApplication.alert(self._window)
        self.ended.emit(record)
