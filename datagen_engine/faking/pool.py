"""Pools: values that faker was asked for once, for methods of which no grammar could be learned.

A pool is a list of faker's, as if it had come with one: it depends on the method, its arguments, the
locale, the time that is taken for now and faker's version, not on the seed of a run, nor on how many rows
are drawn. The seed decides which of its values a row gets. So a pool is made once a machine, and is found
again by every run.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

__all__ = ["SIZE", "cache_folder", "pooled"]

SIZE = 4_096
"""Values of a pool: two seconds of faker's slowest methods, and shares within 0.8 % of its own."""

_VERSION = 1


def cache_folder() -> Path:
    """Return the folder in which pools are kept: that of the user's other caches."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "datagen-studio" / "faker"


def pooled(
    identity: Sequence[Any], draw: Callable[[random.Random, int], list[Any]]
) -> tuple[list[Any], list[int]]:
    """Return the different values of a pool and how often each was drawn.

    Parameters
    ----------
    identity
        What the values depend on: JSON, the same text for the same pool.
    draw
        Makes some values (text, number, bool or None) from a source of randomness.

    Returns
    -------
    tuple
        Values in the order in which they were first drawn; counts that add up to `SIZE`.
    """
    name = json.dumps([_VERSION, SIZE, *identity], ensure_ascii=True, sort_keys=True)
    key = blake2b(name.encode(), digest_size=16).hexdigest()
    path = cache_folder() / f"{key}.json"
    found = _read(path, name)
    if found is None:
        source = random.Random(int(key, 16))
        counts = Counter((type(value).__name__, value) for value in draw(source, SIZE))
        found = [value for _, value in counts], list(counts.values())
        _write(path, {"pool": name, "values": found[0], "counts": found[1]})
    return found


def _read(path: Path, name: str) -> tuple[list[Any], list[int]] | None:
    """Read a pool; None where there is none, or none that is whole."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        values, counts = held["values"], held["counts"]
        right = (
            held["pool"] == name
            and all(value is None or isinstance(value, str | int | float) for value in values)
            and all(type(count) is int and count > 0 for count in counts)
            and len(values) == len(counts)
            and sum(counts) == SIZE
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (values, counts) if right else None


def _write(path: Path, held: dict[str, Any]) -> None:
    """Keep a pool for the next run; where that cannot be, it is made again."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=path.stem, suffix=".tmp", delete=False
        ) as file:
            temporary = Path(file.name)
            json.dump(held, file, ensure_ascii=True)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
