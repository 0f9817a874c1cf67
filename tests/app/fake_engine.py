"""The shape of the engine's public interface, with no more behind it than the window's tests need."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
class Document:
    source: str
    tree: Any
    problems: tuple[Problem, ...]


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
