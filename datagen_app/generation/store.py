"""What is kept of every run across starts: a folder each in the program's data, beside the user's own files.

Manifest, schema and report are copies, so that runs can be compared when their data is gone. Plain Python, without Qt.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from datagen_app.whole_file import written_whole

__all__ = ["RunRecord", "RunStore", "State"]

State = Literal["running", "done", "stopped", "failed"]

_RECORD = "run.json"
_COPIES = {"_manifest.json": "manifest.json", "_schema.json": "schema.json"}


@dataclass(frozen=True)
class RunRecord:
    """What a list says of a run.

    Attributes
    ----------
    id
        The name of its folder in the store.
    schema
        The file of the schema that it was drawn from.
    arguments
        Of its command line: to run it again.
    process
        The program that carries it out, while it is running.
    made
        Whether the run made its folder: then nothing else lies in there.
    """

    id: str
    folder: str
    schema: str
    seed: int = 42
    scale: float = 1.0
    profile: str = ""
    dataset: str = ""
    started: str = ""
    state: State = "running"
    message: str = ""
    rows: int = 0
    total: int = 0
    bytes: int = 0
    seconds: float = 0.0
    quality: float | None = None
    integrity: float | None = None
    behaviour: float | None = None
    judged: bool = False
    schema_hash: str = ""
    process: int = 0
    made: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a list calls it: as its folder is called."""
        return Path(self.folder).name

    @property
    def there(self) -> bool:
        """Whether its folder is still there."""
        return Path(self.folder).is_dir()


class RunStore:
    """Keep the runs.

    Parameters
    ----------
    root
        The folder that holds them; made when there is something to keep.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = RunStore(Path(folder))
    ...     kept = store.add(Path("/data/shop-full-1"), Path("shop.json"), seed=7)
    ...     store.all() == [kept], kept.name
    (True, 'shop-full-1')
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, folder: Path, schema: Path, **facts: Any) -> RunRecord:
        """Keep a new run; raises OSError where nothing can be written."""
        now = datetime.now(UTC)
        id_ = f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        started = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        record = RunRecord(id_, str(folder), str(schema), started=started, process=os.getpid(), **facts)
        self.place(record).mkdir(parents=True)
        self.save(record)
        return record

    def save(self, record: RunRecord) -> None:
        """Write what is known of a run, whole or not at all; raises OSError where that cannot be."""
        path = self.place(record) / _RECORD
        text = json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n"
        with written_whole(path) as made:
            made.write_text(text, encoding="utf-8")

    def all(self) -> list[RunRecord]:
        """Return every run, the latest first; of one whose program has gone, that it was broken off."""
        with suppress(OSError):
            found = [self._read(place) for place in self.root.iterdir()]
            return sorted((record for record in found if record is not None), key=_latest, reverse=True)
        return []

    def get(self, id_: str) -> RunRecord | None:
        """Return a run."""
        return self._read(self.root / id_)

    def place(self, record: RunRecord) -> Path:
        """Return the folder that holds what is kept of a run."""
        return self.root / record.id

    def copy_files(self, record: RunRecord) -> RunRecord:
        """Keep copies of the manifest and the schema that the run wrote; what is not there is left out."""
        for source, copy in _COPIES.items():
            with suppress(OSError):
                shutil.copyfile(Path(record.folder) / source, self.place(record) / copy)
        said = self.manifest(record)
        return replace(record, schema_hash=str(said.get("schema_hash", ""))) if said else record

    def manifest(self, record: RunRecord) -> Mapping[str, Any]:
        """Return the manifest of a run; nothing where there is none."""
        with suppress(OSError, ValueError, RecursionError):
            said = json.loads((self.place(record) / "manifest.json").read_text(encoding="utf-8"))
            return said if isinstance(said, dict) else {}
        return {}

    def report_path(self, record: RunRecord) -> Path:
        """Return where the report on a run is kept."""
        return self.place(record) / "report.json"

    def remove(self, record: RunRecord) -> None:
        """Forget a run; its data stays."""
        shutil.rmtree(self.place(record), ignore_errors=True)

    def _read(self, place: Path) -> RunRecord | None:
        known = {one.name for one in fields(RunRecord)}
        try:
            said = json.loads((place / _RECORD).read_text(encoding="utf-8"))
            record = RunRecord(**{key: value for key, value in said.items() if key in known})
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return None
        if record.id != place.name or record.state not in ("running", "done", "stopped", "failed"):
            return None
        if record.state == "running" and not _alive(record.process):
            return replace(record, state="stopped", message="The program ended while it was running.")
        return record


def _latest(record: RunRecord) -> tuple[str, str]:
    return record.started, record.id


def _alive(process: int) -> bool:
    """Whether a program is running; on Windows none but this one is taken to be."""
    if process == os.getpid():
        return True
    if sys.platform == "win32" or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
