"""New, open, save and close, with the questions that go with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from datagen_app.document.open_document import OpenDocument
from datagen_app.document.saving import Trouble, save_text
from datagen_app.shell.question import ask, ask_to_save
from datagen_app.shell.session import Session

__all__ = ["FILTER", "Filing"]

FILTER = "Schemas (*.json);;All files (*)"

_UNTITLED = Path("untitled.json")
_EMPTY = """\
{
  "version": "1.0",
  "metadata": {"name": "Untitled"},
  "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
  "nodes": [],
  "constraints": {}
}
"""


class Filing(QObject):
    """Keep the open document and its file together.

    Parameters
    ----------
    session
        The open document.
    window
        What questions stand before.

    Signals
    -------
    saved
        The document is what its file holds.
    """

    saved = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    @property
    def opened(self) -> OpenDocument | None:
        """The open document."""
        return self._session.open_document

    @property
    def modified(self) -> bool:
        """Whether something would be lost by closing."""
        return self.opened is not None and self.opened.modified

    def can_save(self) -> bool:
        """Whether there is something to save."""
        return self.opened is not None and (self.opened.modified or self.opened.file is None)

    def has_file(self) -> bool:
        """Whether the document has a file to be read again."""
        return self.opened is not None and self.opened.file is not None

    # Opening

    def new(self) -> None:
        """Begin an empty schema."""
        self.leave(lambda: self._session.begin(_UNTITLED, _EMPTY))

    def open(self, path: Path) -> None:
        """Open a schema."""
        self.leave(lambda: self._session.open(path.absolute()))

    def open_copy(self, path: Path) -> None:
        """Open a copy of an example: it has no file until it is saved."""
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._session.troubled.emit(f"{path.name} could not be opened: {error}.")
            return
        self.leave(lambda: self._session.begin(path, text))

    def choose(self, then: Callable[[str], object]) -> None:
        """Let the user choose a schema, by its name."""
        chooser = QFileDialog(self._window, "Open a schema", self._folder(), FILTER)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(then)
        chooser.open()

    def revert(self) -> None:
        """Read the file again; what was changed since can be had back by undo."""
        if not self.modified:
            self._session.reload()
            return
        question = f"Go back to what {self._name()} holds?"
        reason = "The steps since the last save are taken back as one; Undo brings them again."
        ask(self._window, question, reason, "Go back", "Keep editing", self._session.reload)

    def close(self) -> None:
        """Close the document."""
        self.leave(self._session.close)

    def leave(self, then: Callable[[], object]) -> None:
        """Do something that closes the document, asking first whether to save it."""
        if not self.modified:
            then()
            return
        ask_to_save(self._window, self._name(), lambda: self.save(then), then)

    # Saving

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save the document, into a file to be chosen if it has none yet; then do something."""
        if self.opened is None:
            return
        if self.opened.file is None:
            self.save_as(then)
        elif self._write(self.opened.file) and then is not None:
            then()

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Save the document into another file, which is its own from then on; then do something."""
        if self.opened is None:
            return
        chooser = QFileDialog(self._window, "Save the schema as", self._folder(), FILTER)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("json")
        chooser.selectFile(self._name())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(_Save(self, then))
        chooser.open()

    def save_to(self, path: Path) -> bool:
        """Save the document into a file; return whether that was possible."""
        return self._write(path.absolute())

    def _write(self, path: Path) -> bool:
        if self.opened is None:
            return False
        text = self.opened.now.text
        try:
            save_text(path, text)
        except Trouble as error:
            self._session.troubled.emit(str(error))
            return False
        self.opened.mark_saved(text, path)
        self.saved.emit()
        return True

    def _name(self) -> str:
        return self.opened.now.path.name if self.opened else ""

    def _folder(self) -> str:
        file = self.opened.file if self.opened else None
        return str(file.parent) if file else ""


class _Save:
    """Save under a name that was chosen."""

    def __init__(self, filing: Filing, then: Callable[[], object] | None) -> None:
        self._filing, self._then = filing, then

    def __call__(self, name: str) -> None:
        if self._filing.save_to(Path(name)) and self._then is not None:
            self._then()
