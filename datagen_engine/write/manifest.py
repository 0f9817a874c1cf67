"""The manifest of a run: what was drawn, from what, and with what."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.errors import UsageError
from datagen_engine.schema.spec import is_remark
from datagen_engine.version import __version__

__all__ = ["MANIFEST", "SCHEMA", "USERS_OWN_KEYS", "FileEntry", "Manifest", "TableEntry", "schema_hash"]

MANIFEST = "_manifest.json"
SCHEMA = "_schema.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a table: its path within the folder, rows, bytes, and the hash of its bytes."""

    path: str
    rows: int
    bytes: int
    hash: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of a run."""

    rows: int
    files: tuple[FileEntry, ...]

    @property
    def bytes(self) -> int:
        """Return the bytes of all its files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a whole run says of itself; written last, it is the mark that the run is whole."""

    name: str
    schema_hash: str
    seed: int
    scale: float
    rows: dict[str, int]
    compression: str
    tables: dict[str, TableEntry]
    stream_version: int = STREAM_VERSION
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    format: str = "parquet"
    options: dict[str, Any] = field(default_factory=dict)
    """What else decides the bytes: the dialect of CSV, the columns that tables are partitioned by."""

    def to_json(self, indent: int | None = 2) -> str:
        """Return the manifest as JSON text."""
        return json.dumps(asdict(self), indent=indent, ensure_ascii=False) + "\n"

    def with_files(self, files: Mapping[str, Iterable[FileEntry]]) -> Manifest:
        """Return the manifest with these files of its tables."""
        tables = {
            table: replace(entry, files=tuple(files.get(table, ()))) for table, entry in self.tables.items()
        }
        return replace(self, tables=tables)

    def differences(self, other: Manifest) -> list[str]:
        """Say why files of another run would not be, byte for byte, those of this one; empty: they would be.

        Tells what is there (in the other) and what is asked for (in this one).
        """
        pairs: dict[str, tuple[Any, Any]] = {
            name: (getattr(other, key), getattr(self, key))
            for key, name in {
                "schema_hash": "the schema",
                "seed": "the seed",
                "scale": "the scale",
                "rows": "the rows asked for",
                "format": "the format",
                "compression": "the compression",
                "options": "the options of the format",
                "stream_version": "the version of the streams",
            }.items()
        }
        pairs["the tables"] = (sorted(other.tables), sorted(self.tables))
        for group, title in (("versions", "the version of"), ("machine", "the processor's")):
            there, here = getattr(other, group), getattr(self, group)
            for key in sorted({**there, **here}):
                pairs[f"{title} {key}"] = (there.get(key), here.get(key))
        return [
            f"{name} is another"
            if name == "the schema"
            else f"{name}: {_told(there)} there, {_told(here)} here"
            for name, (there, here) in pairs.items()
            if there != here
        ]

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read the text of a manifest; raises ValueError where it is none."""
        try:
            raw = json.loads(text)
            tables = {
                table: TableEntry(entry["rows"], tuple(FileEntry(**file) for file in entry["files"]))
                for table, entry in raw.pop("tables").items()
            }
            return cls(tables=tables, **raw)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError(str(error)) from None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a run; raises UsageError where the folder holds no whole run."""
        path = folder / MANIFEST
        try:
            return cls.parse(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UsageError(f"{folder} holds no whole run: there is no {MANIFEST}") from None
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read as a manifest: {error}") from None


def _told(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def schema_hash(tree: Any) -> str:
    """Return the hash of what a schema means: canonical JSON without metadata, remarks and `x-` keys.

    >>> schema_hash({"nodes": [], "metadata": {"name": "a"}}) == schema_hash({"nodes": []})
    True
    """
    meant = (
        {key: value for key, value in tree.items() if key != "metadata"} if isinstance(tree, dict) else tree
    )
    text = json.dumps(_meant(meant), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


USERS_OWN_KEYS = {
    "mapping",
    "behaviors",
    "segments",
    "segment_variation",
    "age_based_multipliers",
    "on",
    "params",
}


def _meant(value: Any, own_keys: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            key: _meant(item, key in USERS_OWN_KEYS)
            for key, item in value.items()
            if own_keys or (item is not None and not is_remark(key))
        }
    if isinstance(value, list):
        return [_meant(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)  # 2.0 and 2 are one number, whichever way it is spelled
    return value


def this_machine() -> dict[str, Any]:
    """Return what may change the last bits of floats: architecture and processor features in use."""
    from datagen_engine.run.processor import features

    return {"architecture": platform.machine(), "features": features()}


def these_versions() -> dict[str, str]:
    """Return the versions of what drew and wrote the data."""
    import faker
    import numpy
    import pyarrow

    return {
        "datagen": __version__,
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "pyarrow": pyarrow.__version__,
        "faker": faker.VERSION,
    }
