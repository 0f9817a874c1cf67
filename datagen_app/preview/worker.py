"""The worker: a warm child process that does for the window what takes longer than a frame.

It keeps the schema that the window shows and answers one question after the other, one JSON object a line:

    {"id": 7, "revision": 3, "ask": "check", "seed": 42}
    {"id": 7, "revision": 3, "answer": {"problems": […]}}

and `"failed": "why"` in the place of an answer it cannot give. It ends when its standard input closes.
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType
from typing import IO, Any, NoReturn

from datagen_app.canvas.diagram import Edge, edges
from datagen_app.canvas.geometry import card_height, row_centre
from datagen_app.canvas.layout import Link, arrange
from datagen_app.canvas.routes import Line, Route, routes
from datagen_app.document.document import Document

__all__ = ["Worker", "main"]

Answer = dict[str, Any]

FAR = 1_000_000.0
"""Units; a position further out is taken for a mistake."""


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
            "diagram": self.diagram,
            "check": self.check,
            "counts": self.counts,
            "examples": self.examples,
            "folder": folder,
        }

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
        return {"text": self._loaded.source, "tree": self._loaded.tree}

    def diagram(self) -> Answer:
        """Find the references, place the cards and route the edges."""
        drawn = edges(self._document, self._engine.references(self._loaded))
        return {**_placed(self._document, drawn), "edges": [edge.to_json() for edge in drawn]}

    def check(self, seed: int) -> Answer:
        """Find every problem."""
        return {"problems": [_problem(found) for found in self._engine.check(self._loaded, seed=seed)]}

    def counts(self, scale: float, seed: int, exact: bool) -> Answer:
        """Count the rows of every table: by their formulas, or as they will be drawn.

        With errors in it a schema draws nothing; then the formulas are all there is.
        """
        about = {"scale": scale, "seed": seed}
        try:
            counted = self._engine.counts(self._loaded, **about, exact=exact)
        except self._engine.SchemaError:
            counted = self._engine.counts(self._loaded, **about)
        return {"rows": {table: [count.rows, count.exact] for table, count in counted.items()}}

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
            "places": _placed(document, drawn)["places"],
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


def _placed(document: Document, drawn: list[Edge]) -> Answer:
    """Return a place for every card and a route for every edge, both in the order of the text."""
    number = {table.index: at for at, table in enumerate(document.tables)}
    heights = [card_height(len(table.places)) for table in document.tables]
    row = [{column.index: at for at, column in enumerate(table.columns)} for table in document.tables]

    def port(card: int, column: int | None) -> float:
        return row_centre(None if column is None else row[card][column])

    lines = []
    for edge in drawn:
        source, target = number[edge.source], number[edge.target]
        lines.append(Line(source, target, port(source, edge.source_column), port(target, edge.target_column)))
    links = [Link(line.source, line.target, line.leaves, line.arrives) for line in lines]
    places = arrange(heights, links, _given(document))
    return {"places": places, "routes": [_way(route) for route in routes(places, heights, lines)]}


def _way(route: Route) -> tuple[tuple[float, ...], Route]:
    """Return a route with the rectangle around it: left, top, width and height."""
    across, down = [x for x, _ in route], [y for _, y in route]
    left, top = min(across), min(down)
    box = (left, top, max(across) - left, max(down) - top)
    return box, [(round(x, 1), round(y, 1)) for x, y in route]


def _given(document: Document) -> dict[int, tuple[float, float]]:
    """Return the places that the schema says itself, as far as they can be used."""
    metadata = document.root.get("metadata")
    layout = metadata.get("x-layout") if isinstance(metadata, dict) else None
    if not isinstance(layout, dict):
        return {}
    given = {}
    for at, table in enumerate(document.tables):
        match layout.get(table.id):
            case [int() | float() as x, int() | float() as y] if _near(x) and _near(y):
                given[at] = (float(x), float(y))
    return given


def _near(length: float) -> bool:
    return not isinstance(length, bool) and math.isfinite(length) and abs(length) <= FAR


def _number(document: Document, index: int) -> int:
    return next(at for at, table in enumerate(document.tables) if table.index == index)


def _problem(problem: Any) -> Answer:
    # The path as its steps: a pointer alone does not tell the key "3" from the index.
    return {**problem.to_json(), "path": list(problem.path)}


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
            _write(answers, worker.reply(questions.get()))
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
