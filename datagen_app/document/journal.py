"""The journal: what was done since the last save, kept on the disk in case the program does not live.

One file a document. Its first line holds the text that the steps begin with, and its hash; every line after
it a step with its number, or how many steps are done after an undo or redo. A thread writes the lines and
brings them to the disk, so that nothing older than a second is ever lost. Every save begins it anew.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from datagen_app.document.change import Change
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.wire import path_at, pointer, unpack

__all__ = ["Journal", "Record", "read_record", "records", "replay"]

VERSION = 1
SUFFIX = ".journal"


@dataclass(frozen=True)
class Record:
    """What a journal holds of a document that was not closed.

    Attributes
    ----------
    journal
        The journal's file.
    file
        The document's; None of one that was never saved.
    name
        What the document is called.
    base
        The text that the steps begin with.
    lines
        The steps, and how many are done.
    written
        When the journal was written last, in seconds since 1970.
    """

    journal: Path
    file: Path | None
    name: str
    base: str
    lines: tuple[dict[str, Any], ...]
    written: float

    @property
    def key(self) -> str:
        """The name of the document's files."""
        return self.journal.name.removesuffix(SUFFIX)

    def forget(self) -> None:
        """Remove the journal."""
        with suppress(OSError):
            self.journal.unlink(missing_ok=True)


class Journal:
    """Write a document's journal.

    Parameters
    ----------
    folder
        Where the journals stand; it is made if need be.
    key
        The name of the document's files.
    file
        The document's file, if it has one.
    """

    def __init__(self, folder: Path, key: str, file: Path | None) -> None:
        self.path = folder / f"{key}{SUFFIX}"
        self._file = file
        self._number = 0
        self._from = 0
        self._waiting: SimpleQueue[_Message] = SimpleQueue()
        self._trouble = ""
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str:
        """Why it cannot be written; nothing as long as it can."""
        return self._trouble

    def begin(self, opened: OpenDocument, name: str) -> None:
        """Begin anew with the present text: when a document is opened, and each time it is saved."""
        text = opened.now.text
        self._from = opened.position
        self._number = 0
        head = {
            "journal": VERSION,
            "file": str(self._file) if self._file else None,
            "name": name,
            "text": text,
        }
        self._waiting.put(_Message("begin", head))

    def note(self, change: Change, opened: OpenDocument, name: str) -> None:
        """Write a change down."""
        if change.kind in ("show", "cancel"):
            return
        if change.kind == "load" or opened.position < self._from or change.step is None:
            self.begin(opened, name)  # it leads to before the first line
            return
        self._number += 1
        line: dict[str, Any] = {"id": self._number}
        if change.kind in ("undo", "redo"):
            line["done"] = opened.position - self._from
        else:
            line["merge" if change.kind == "merge" else "do"] = _packed(change.step)
        self._waiting.put(_Message("line", line))

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until all is on the disk; False if that takes longer."""
        done = threading.Event()
        self._waiting.put(_Message("flush", done))
        return done.wait(seconds)

    def end(self, *, forget: bool) -> None:
        """Write what waits, and stop; `forget` removes the file: nothing is left to restore."""
        self._waiting.put(_Message("end", forget))
        self._thread.join(5.0)

    # In a thread of its own

    def _write(self) -> None:
        file: Any = None
        try:
            while True:
                messages = [self._waiting.get(), *_rest(self._waiting)]
                for message in messages:
                    try:
                        file = self._take(message, file)
                    except (OSError, ValueError) as error:  # or the file could not be begun
                        self._trouble = getattr(error, "strerror", None) or str(error)
                if file is not None and not file.closed:
                    try:
                        file.flush()
                        os.fsync(file.fileno())
                    except (OSError, ValueError) as error:  # or the file could not be begun
                        self._trouble = getattr(error, "strerror", None) or str(error)
                for message in messages:
                    if message.what == "flush":
                        message.body.set()
                if messages[-1].what == "end":
                    return
        finally:
            if file is not None:
                file.close()

    def _take(self, message: _Message, file: Any) -> Any:
        match message.what:
            case "begin":
                if file is not None:
                    file.close()
                self.path.parent.mkdir(parents=True, exist_ok=True)
                fresh = self.path.with_suffix(".part")
                with fresh.open("wb") as new:
                    new.write(_line({**message.body, "hash": _hash(message.body["text"])}))
                    new.flush()
                    os.fsync(new.fileno())
                fresh.replace(self.path)
                self._trouble = ""
                return self.path.open("ab")
            case "line" if file is not None:
                file.write(_line(message.body))
            case "end":
                if file is not None:
                    file.close()
                if message.body:
                    self.path.unlink(missing_ok=True)
        return file


@dataclass(frozen=True, slots=True)
class _Message:
    what: str
    body: Any


def _rest(waiting: SimpleQueue[_Message]) -> Iterator[_Message]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _packed(step: Step) -> dict[str, Any]:
    edits = [{**edit.to_json(), "path": pointer(edit.path)} for edit in step.edits]
    return {"title": step.title, "edits": edits, "focus": step.focus}


# -------------------------------------------------------------------------------------------- restoring


def records(folder: Path) -> list[Record]:
    """Return what the journals of a folder hold, the latest first; whoever lives yet keeps their own."""
    from datagen_app.document.lock import is_alive

    paths = folder.glob(f"*{SUFFIX}") if folder.is_dir() else ()
    left = (path for path in paths if not is_alive(folder, path.name.removesuffix(SUFFIX)))
    found = [record for path in left if (record := read_record(path)) is not None]
    return sorted(found, key=lambda record: -record.written)


def read_record(path: Path) -> Record | None:
    """Return what a journal holds, as far as it was written; None where that is not even its first line."""
    try:
        data = path.read_bytes()
        written = path.stat().st_mtime
    except OSError:
        return None
    lines = []
    for raw in data.split(b"\n")[:-1]:  # what no line end follows was not written whole
        try:
            line = json.loads(raw)
        except ValueError:
            break
        if not isinstance(line, dict):
            break
        lines.append(line)
    head = lines[0] if lines else {}
    text = head.get("text")
    if head.get("journal") != VERSION or not isinstance(text, str) or head.get("hash") != _hash(text):
        return None
    numbered = []
    for number, line in enumerate(lines[1:], start=1):
        if line.get("id") != number:
            break
        numbered.append(line)
    file = head.get("file")
    return Record(
        path,
        Path(file) if isinstance(file, str) else None,
        str(head.get("name", "")),
        text,
        tuple(numbered),
        written,
    )


def replay(record: Record, opened: OpenDocument) -> int:
    """Do again what a journal holds, on a document that holds its base; return how many lines applied.

    What does not apply, and all after it, is left out: the journal of another version, say.
    """
    for number, line in enumerate(record.lines):
        try:
            _again(line, opened)
        except (LookupError, TypeError, ValueError, AttributeError):
            return number
    return len(record.lines)


def _again(line: dict[str, Any], opened: OpenDocument) -> None:
    if "done" in line:
        opened.go_to(line["done"])
        return
    said = line.get("do") or line["merge"]
    if "merge" in line:
        opened.undo()
    draft = Draft(opened.now.tree)
    for packed in said["edits"]:
        draft.edit(*unpack([{**packed, "path": path_at(packed["path"], draft.tree)}]))
    opened.do(Step(said["title"], draft.step("").edits))
