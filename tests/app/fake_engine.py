"""The shape of the engine's public interface, with no more behind it than the window's tests need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datagen_engine import Edit, apply

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class DatagenError(Exception):
    pass


class SchemaError(DatagenError):
    pass


@dataclass(frozen=True)
class Problem:
    code: str
    path: tuple[str | int, ...]
    message: str
    severity: str = "error"

    def to_json(self) -> dict[str, Any]:
        pointer = "".join(f"/{step}" for step in self.path)
        return {"code": self.code, "path": pointer, "message": self.message, "severity": self.severity}


@dataclass(frozen=True)
class Text:
    faults: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Document:
    source: str
    tree: Any
    problems: tuple[Problem, ...]
    text: Text = Text()

    def edited(self, edits: Iterable[Edit]) -> Document:
        tree = self.tree
        for edit in edits:
            tree = apply(tree, edit)
        return Document("", tree, ())


@dataclass(frozen=True)
class Reference:
    path: tuple[str | int, ...]
    kind: str
    table: str
    column: str | None
    source_table: str | None
    source_column: str | None


@dataclass(frozen=True)
class Count:
    rows: int
    exact: bool


def load(source: bytes | str | Path) -> Document:
    try:
        text = (source if isinstance(source, bytes) else Path(source).read_bytes()).decode()
    except OSError as error:
        raise DatagenError(f"{error.filename} cannot be read: {error.strerror}") from None
    try:
        return Document(text, json.loads(text), ())
    except ValueError as error:
        return Document(text, None, (Problem("syntax", (), f"this is no JSON: {error}"),))


def check(document: Document, *, seed: int = 42) -> list[Problem]:
    """Complain of whatever a node or column lists under `x-problems`: a severity and a message each."""
    found = list(document.problems)
    for at, node in _nodes(document):
        found += _complaints(node, ("nodes", at))
        for number, column in enumerate(node.get("columns", [])):
            found += _complaints(column, ("nodes", at, "columns", number))
    return found


def counts(
    document: Document, *, scale: float = 1.0, seed: int = 42, exact: bool = False
) -> dict[str, Count]:
    if exact and any(problem.severity == "error" for problem in check(document)):
        raise SchemaError
    found: dict[str, Count] = {}
    for _, node in _nodes(document):
        parents = node.get("parents")
        if parents and parents[0] in found:
            rows = round(found[parents[0]].rows * node.get("fanout", {}).get("lambda", 1))
            found[node["id"]] = Count(rows + exact, exact)  # exact counts are others than the expected ones
        else:
            found[node["id"]] = Count(round(node.get("rows", 1000) * scale), True)
    return found


def references(document: Document) -> list[Reference]:
    return list(_references(document))


def examples() -> dict[str, Path]:
    return {path.stem: path for path in sorted(EXAMPLES.glob("*.json"))[:3]}


def _nodes(document: Document) -> Iterator[tuple[int, dict[str, Any]]]:
    tree = document.tree
    nodes = tree.get("nodes", []) if isinstance(tree, dict) else []
    return ((at, node) for at, node in enumerate(nodes) if isinstance(node, dict) and "id" in node)


def _complaints(owner: dict[str, Any], path: tuple[str | int, ...]) -> Sequence[Problem]:
    return [
        Problem("x-problem", path, message, severity) for severity, message in owner.get("x-problems", [])
    ]


def _references(document: Document) -> Iterator[Reference]:
    for at, node in _nodes(document):
        for number, parent in enumerate(node.get("parents") or []):
            yield Reference(("nodes", at, "parents", number), "parent", parent, None, node["id"], None)
        for number, column in enumerate(node.get("columns", [])):
            source = column.get("generator", {}).get("lookup", {}).get("from")
            if source is not None:
                table, name = source.split(".")
                path = ("nodes", at, "columns", number, "generator", "lookup", "from")
                yield Reference(path, "lookup", table, name, node["id"], column["name"])


class Cells(list[Any]):
    def to_pylist(self) -> list[Any]:
        return list(self)


@dataclass(frozen=True)
class HeadColumn:
    name: str
    values: Cells
    error: str = ""
    target: str = ""
    rows: None = None


@dataclass(frozen=True)
class Head:
    table: str
    start: int
    rows: int
    columns: tuple[HeadColumn, ...]
    error: str = ""


class Workbench:
    """Draws the number of its row into every cell; explains and plots nothing."""

    def show(self, document: Document, *, seed: int = 42, scale: float = 1.0) -> None:
        self._document, self._run = document, {"seed": seed, "scale": scale}

    def counts(self) -> dict[str, int | None]:
        try:
            found = counts(self._document, **self._run, exact=True)  # type: ignore[arg-type]  # seed and scale
        except SchemaError:
            return {}
        return {table: count.rows for table, count in found.items()}

    def head(self, table: str, n: int = 100, start: int = 0) -> Head:
        node = next((node for _, node in _nodes(self._document) if node["id"] == table), None)
        if node is None:
            raise DatagenError(f"there is no table {table!r}")
        rows = range(start, start + n)
        columns = [column["name"] for column in node.get("columns", []) if "name" in column]
        return Head(table, start, n, tuple(HeadColumn(name, Cells(rows)) for name in columns))

    def sparkline(self, table: str, column: str) -> None:
        return None
