"""How large a run would be: its rows, exactly; its bytes, about. A process of its own, without Qt.

It reads one JSON object a line (`id`, `text`, `seed`, `scale`, `rows`, `tables`, `format`, `folder`) and writes one
for each: `id` and either `trouble`, in words, or `rows` by table, `bytes`, and of the folder how many bytes are
`free` there and whether one `may` write. It ends when its standard input closes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["estimate", "main"]

_LARGER = {"parquet": 1.0, "arrow": 2.0, "csv": 4.0, "jsonl": 7.0, "duckdb": 2.0, "sqlite": 4.0}
"""By format, how many times the bytes of Parquet its files have, about."""


def estimate(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return how large a run would be, as this module's head says."""
    import datagen_engine as datagen

    rows = {str(table): int(count) for table, count in asked["rows"].items()}
    settings: dict[str, Any] = {"seed": asked["seed"], "scale": asked["scale"], "rows": rows}
    try:
        document = datagen.load(str(asked["text"]).encode())
        outline = datagen.plan(document, **settings).outline()
        counts = datagen.counts(document, exact=True, **settings)
    except datagen.SchemaError:
        return {"trouble": "The schema has errors. Mend them first: the list of problems says where."}
    except datagen.DatagenError as error:
        return {"trouble": str(error)}
    wanted = asked["tables"] or list(counts)
    sizes = {entry["table"]: (entry["rows"], entry["bytes"]) for entry in outline["tables"]}
    total = 0.0
    for table in wanted:
        if table in counts and table in sizes:
            expected, bytes_ = sizes[table]
            total += bytes_ * (counts[table].rows / expected if expected else 1.0)
    return {
        "rows": {table: count.rows for table, count in counts.items()},
        "bytes": round(total * _LARGER.get(str(asked["format"]), 1.0)),
        **_disk(Path(str(asked["folder"]))),
    }


def _disk(folder: Path) -> dict[str, Any]:
    try:
        place = folder.expanduser().absolute()
        while not place.exists():
            place = place.parent
        return {"free": shutil.disk_usage(place).free, "may": os.access(place, os.W_OK | os.X_OK)}
    except OSError as error:
        return {"free": 0, "may": False, "why": error.strerror or str(error)}


def main() -> int:
    """Answer until standard input closes."""
    for line in sys.stdin.buffer:
        id_ = None
        try:
            asked = json.loads(line)
            id_ = asked["id"]
            said = estimate(asked)
        except (ValueError, TypeError, KeyError, RecursionError, MemoryError) as error:
            said = {"trouble": f"It cannot be told how large this would be: {error}."}
        try:
            sys.stdout.buffer.write(json.dumps({"id": id_, **said}).encode() + b"\n")
            sys.stdout.buffer.flush()
        except OSError:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
