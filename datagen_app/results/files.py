"""The files of a run, or of any folder of tables: which there are, and what lies in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datagen_engine import UsageError

__all__ = ["FORMATS", "RunFiles", "TableFiles", "read_json"]

FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".jsonl": "json",
    ".jsonl.gz": "json",
    ".ndjson": "json",
    ".arrow": "arrow",
    ".feather": "arrow",
}

_LARGEST_JSON = 512 * 1024 * 1024


@dataclass(frozen=True)
class TableFiles:
    """The files of one table, in the order of its rows."""

    name: str
    format: str
    files: tuple[Path, ...]
    kind: str = ""
    """entity, fact, vocab; or nothing where no schema says."""


@dataclass(frozen=True)
class RunFiles:
    """What lies in the folder of a run.

    Attributes
    ----------
    folder
        Where it lies.
    tables
        By name.
    schema
        The schema that it was drawn from; an empty object where none lies there.
    manifest
        What the run says of itself; an empty object where the folder holds no whole run.
    missing
        Files that the manifest names, and that are not there.
    """

    folder: Path
    tables: Mapping[str, TableFiles]
    schema: Mapping[str, Any] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path, record: Path | None = None) -> RunFiles:
        """Look into a folder.

        Parameters
        ----------
        folder
            The folder.
        record
            Where copies of a run's manifest and schema are kept, for what the folder has no longer.

        Raises
        ------
        UsageError
            There is no such folder, and nothing is recorded of it.
        """
        homes = [home for home in (folder, record) if home is not None]
        manifest = _first(homes, "_manifest.json", "manifest.json")
        schema = _first(homes, "_schema.json", "schema.json")
        if not folder.is_dir() and not manifest:
            raise UsageError(f"{folder} is not there any more")
        kinds = _kinds(schema)
        found = _of_folder(folder, kinds) if folder.is_dir() else {}
        named = manifest.get("tables")
        missing: list[str] = []
        if isinstance(named, dict):
            for entry in named.values():
                missing += [name for name in _file_names(entry) if not (folder / name).is_file()]
        order = {name: at for at, name in enumerate(kinds)}
        ordered = dict(sorted(found.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))
        return cls(folder, ordered, schema, manifest, tuple(missing))

    @property
    def paths(self) -> list[Path]:
        """Every file of every table."""
        return [path for table in self.tables.values() for path in table.files]


def read_json(path: Path) -> Any:
    """Return what a file of JSON says; None where there is none, or it cannot be read."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _first(homes: list[Path], *names: str) -> Mapping[str, Any]:
    for home in homes:
        for name in names:
            if isinstance(said := read_json(home / name), dict):
                return said
    return {}


def _kinds(schema: Mapping[str, Any]) -> dict[str, str]:
    nodes = schema.get("nodes")
    return {
        str(node["id"]): str(node.get("kind", ""))
        for node in (nodes if isinstance(nodes, list) else [])
        if isinstance(node, dict) and "id" in node
    }


def _file_names(entry: Any) -> list[str]:
    files = entry.get("files") if isinstance(entry, dict) else None
    named = [
        file.get("path") for file in (files if isinstance(files, list) else []) if isinstance(file, dict)
    ]
    return [name for name in named if isinstance(name, str)]


def _format(path: Path) -> str | None:
    name = path.name.lower()
    return next((form for ending, form in FORMATS.items() if name.endswith(ending)), None)


def _stem(path: Path) -> str:
    name = path.name
    ending = max((end for end in FORMATS if name.lower().endswith(end)), key=len, default="")
    return name[: len(name) - len(ending)]


def _of_folder(folder: Path, kinds: Mapping[str, str]) -> dict[str, TableFiles]:
    """Return the tables of a folder: `<table>.<format>`, or a folder of parts. Links out of it are left alone."""
    found: dict[str, TableFiles] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "_")) or entry.is_symlink():
            continue
        if entry.is_file() and (form := _format(entry)) is not None:
            name = _stem(entry)
            found.setdefault(name, TableFiles(name, form, (entry,), kinds.get(name, "")))
        elif entry.is_dir():
            parts = [
                part
                for part in sorted(entry.iterdir())
                if part.is_file() and not part.is_symlink() and not part.name.startswith((".", "_"))
            ]
            forms = {_format(part) for part in parts}
            if len(forms) == 1 and (form := forms.pop()) is not None:
                found[entry.name] = TableFiles(entry.name, form, tuple(parts), kinds.get(entry.name, ""))
    return found
