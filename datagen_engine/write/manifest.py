"""The manifest of a run: what was drawn, from what, and with what."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.errors import UsageError
from datagen_engine.schema.spec import is_remark
from datagen_engine.version import __version__

__all__ = ["MANIFEST", "SCHEMA", "FileEntry", "Manifest", "TableEntry", "schema_hash"]

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

    def to_json(self) -> str:
        """Return the manifest as JSON text."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a run; raises UsageError where the folder holds no whole run."""
        path = folder / MANIFEST
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            tables = {
                table: TableEntry(entry["rows"], tuple(FileEntry(**file) for file in entry["files"]))
                for table, entry in raw.pop("tables").items()
            }
            return cls(tables=tables, **raw)
        except FileNotFoundError:
            raise UsageError(f"{folder} holds no whole run: there is no {MANIFEST}") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise UsageError(f"{path} cannot be read as a manifest: {error}") from None


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


_USERS_OWN_KEYS = {
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
            key: _meant(item, key in _USERS_OWN_KEYS)
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
