"""The worker: a warm child process that does for the window what takes longer than a frame.

It keeps the schema that the window shows and answers one question after the other, one JSON object a line:

    {"id": 7, "revision": 3, "ask": "check", "seed": 42}
    {"id": 7, "revision": 3, "answer": {"problems": […]}}

and `"failed": "why"` in the place of an answer it cannot give. It ends when its standard input closes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from types import ModuleType
from typing import IO, Any, NoReturn

from datagen_app.canvas.diagram import edges
from datagen_app.canvas.placement import diagram
from datagen_app.document.document import Document
from datagen_app.document.journal import read_record
from datagen_app.document.recovery import recover
from datagen_app.document.wire import pack, unpack
from datagen_app.inspector.answers import Answers
from datagen_app.preview.looks import Looks

__all__ = ["Worker", "main"]

Answer = dict[str, Any]

_IDLE = 0.15
"""Seconds without a question after which the worker looks ahead."""


class Worker:
    """Answer questions about one schema.

    Parameters
    ----------
    engine
        The engine's public interface.
    """

    def __init__(self, engine: ModuleType) -> None:
        self._engine = engine
        self._loaded: Any = engine.load(b"{}")
        self._document = Document(Path())
        self._questions: dict[str, Callable[..., Answer]] = {
            "open": self.open,
            "step": self.step,
            "recover": self.recover,
            "diagram": self.diagram,
            "layout": self.layout,
            "check": self.check,
            "counts": self.counts,
            "examples": self.examples,
            "folder": folder,
        }
        self.looks = Looks(engine, lambda: self._loaded)
        self._questions.update(self.looks.questions)
        self._questions.update(Answers(engine, lambda: self._loaded).questions)

    def reply(self, line: bytes) -> bytes:
        """Return the line that answers a line."""
        question: dict[str, Any] = json.loads(line)
        about = {"id": question.pop("id"), "revision": question.pop("revision")}
        try:
            answer = self._questions[question.pop("ask")](**question)
            return _encoded({**about, "answer": answer})
        except self._engine.DatagenError as error:
            return _encoded({**about, "failed": str(error)})
        except Exception as error:  # whatever it is, the window is told and the next question is answered
            traceback.print_exc()
            return _encoded({**about, "failed": f"{type(error).__name__}: {error}"})

    def open(self, path: str, text: str | None = None) -> Answer:
        """Read a schema, from its file or from the text given: its text and its tree."""
        self._loaded = self._engine.load(path if text is None else text.encode("utf-8", "surrogatepass"))
        self._document = Document(Path(path), self._loaded.tree)
        faults = [{"code": fault.code, "message": fault.message} for fault in self._loaded.text.faults]
        return {"text": self._loaded.source, "tree": self._loaded.tree, "faults": faults}

    def step(self, edits: list[dict[str, Any]]) -> Answer:
        """Follow the document that the window shows."""
        self._loaded = self._loaded.edited(unpack(edits))
        self._document = Document(self._document.path, self._loaded.tree)
        return {}

    def recover(self, journal: str) -> Answer:
        """Say what a journal would bring back; nothing where it is gone, or no journal."""
        record = read_record(Path(journal))
        if record is None:
            return {}
        return recover(record, self._engine.load(record.base.encode("utf-8", "surrogatepass")).tree)

    def diagram(self, kept: dict[str, tuple[float, float]] | None = None) -> Answer:
        """Find the references, place the cards and route the edges.

        Cards of `kept` tables stay where they stand, unless the schema says where that is.
        """
        drawn = edges(self._document, self._engine.references(self._loaded))
        return {**diagram(self._document, drawn, kept), "edges": [edge.to_json() for edge in drawn]}

    def layout(self) -> Answer:
        """Place the cards anew, wherever they stand."""
        drawn = edges(self._document, self._engine.references(self._loaded))
        return {"places": diagram(self._document, drawn, anew=True)["places"]}

    def check(self, seed: int) -> Answer:
        """Find every problem."""
        return {"problems": [_problem(found) for found in self._engine.check(self._loaded, seed=seed)]}

    def counts(self, scale: float, seed: int, exact: bool) -> Answer:
        """Count the rows of every table: by their formulas, or as they will be drawn.

        Of a table that cannot be drawn the formula is all there is.
        """
        expected = self._engine.counts(self._loaded, scale=scale, seed=seed)
        rows = {table: [count.rows, count.exact] for table, count in expected.items()}
        if exact:
            drawn = self.looks.counts(seed, scale)
            rows |= {table: [count, True] for table, count in drawn.items() if count is not None}
        return {"rows": rows}

    def examples(self) -> Answer:
        """Describe the examples: what they are called, how large they are, and the graph of their tables."""
        found = [self._example(path) for path in self._engine.examples().values()]
        # The smallest first: it is the one to learn from.
        return {"examples": sorted(found, key=lambda example: (len(example["cards"]), example["rows"]))}

    def _example(self, path: Path) -> Answer:
        loaded = self._engine.load(path)
        document = Document(path, loaded.tree)
        drawn = edges(document, self._engine.references(loaded))
        metadata = document.root.get("metadata")
        description = metadata.get("description") if isinstance(metadata, dict) else None
        return {
            "path": str(path),
            "name": document.name,
            "description": description if isinstance(description, str) else "",
            "rows": sum(count.rows for count in self._engine.counts(loaded).values()),
            "cards": [[table.kind, len(table.places)] for table in document.tables],
            "edges": [[_number(document, edge.source), _number(document, edge.target)] for edge in drawn],
            "places": diagram(document, drawn)["places"],
        }


def folder(path: str) -> Answer:
    """Say what stands in the way of writing into a folder, and how much is in it already."""
    if not path:
        return {"path": path, "trouble": "Choose a folder.", "entries": 0}
    place = Path(path).expanduser()
    trouble, entries = "", 0
    existing = next(parent for parent in (place, *place.absolute().parents) if parent.exists())
    if not existing.is_dir():
        trouble = f"{existing} is a file; choose a folder."
    elif not os.access(existing, os.W_OK | os.X_OK):
        trouble = f"You may not write into {existing}; choose another folder."
    elif existing == place:
        entries = sum(1 for _ in place.iterdir())
    return {"path": path, "trouble": trouble, "entries": entries}


def _number(document: Document, index: int) -> int:
    return next(at for at, table in enumerate(document.tables) if table.index == index)


def _problem(problem: Any) -> Answer:
    # The path as its steps: a pointer alone does not tell the key "3" from the index.
    fix = getattr(problem, "fix", None)
    return {
        **problem.to_json(),
        "path": list(problem.path),
        "fix": {"title": fix.title, "edits": pack(fix.edits)} if fix else None,
    }


def _encoded(reply: Answer) -> bytes:
    return json.dumps(reply, separators=(",", ":")).encode()


def main() -> NoReturn:
    """Answer the questions of standard input until it closes."""
    # Whatever prints goes to standard error; only answers go to the window.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
    try:
        from datagen_engine.run.processor import pin_kernels

        pin_kernels()  # before numpy: rows are counted as a run counts them
        import datagen_engine as engine

        worker = Worker(engine)
        _write(answers, b'{"ready":true}')
        while True:
            try:
                line = questions.get(timeout=_IDLE)
            except Empty:
                # Nobody asks for anything: prepare what may be looked at next.
                line = questions.get() if not worker.looks.warm() else b""
            if line:
                _write(answers, worker.reply(line))
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # at once: the thread that listens cannot be ended any other way


def _listen(stream: IO[bytes], questions: SimpleQueue[bytes]) -> None:
    for line in stream:
        questions.put(line)
    # The window is gone. Whatever is being computed is for nobody, so do not wait for it.
    os._exit(0)


def _write(answers: IO[bytes], line: bytes) -> None:
    answers.write(line + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
