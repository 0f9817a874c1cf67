"""What a plan keeps: things made once, and whole columns that others look up at random."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, pa

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["MAPPED_ABOVE", "Store", "resident_bytes"]

T = TypeVar("T")

MAPPED_ABOVE = 64 * 1024 * 1024
"""Bytes above which a kept column lies in a memory-mapped file instead of in memory."""


class Store:
    """Make things once, whoever asks first, from any thread."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._made: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.RLock] = {}
        self._guard = threading.Lock()
        self._folder: Path | None = None

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` made for this key, making it the first time; others wait for it."""
        if key in self._made:
            return cast("T", self._made[key])
        with self._guard:
            lock = self._locks.setdefault(key, threading.RLock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
        return cast("T", self._made[key])

    def has(self, key: Hashable) -> bool:
        """Say whether something is there for this key already."""
        return key in self._made

    def keep(self, values: Values) -> Values:
        """Return the same values, in a memory-mapped file where they are large."""
        if values.type == "string" and values.words is None:
            return self._map_text(values) if values.data.nbytes > MAPPED_ABOVE else values
        if values.data.nbytes <= MAPPED_ABOVE:
            return values
        return Values(values.type, self._map(values.data), values.valid, values.words)

    def close(self) -> None:
        """Forget everything, and remove the memory-mapped files."""
        self._made.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __del__(self) -> None:
        """Remove the memory-mapped files with the plan."""
        if shutil is not None:  # at the end of the interpreter modules may be gone already
            self.close()

    def _file(self) -> Path:
        with self._guard:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="datagen-"))
            handle, name = tempfile.mkstemp(dir=self._folder)
        import os

        os.close(handle)
        return Path(name)

    def _map(self, data: Array) -> Array:
        path = self._file()
        data.tofile(path)
        return np.memmap(path, dtype=data.dtype, mode="r", shape=data.shape)

    def _map_text(self, values: Values) -> Values:
        path = self._file()
        batch = pa.record_batch([values.data], names=["text"])
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
        with pa.memory_map(str(path)) as source:
            mapped = pa.ipc.open_file(source).get_batch(0).column(0)
        return Values("string", mapped, values.valid)


def resident_bytes(type: str, rows: float, *, coded: bool) -> float:
    """Return the memory that a kept column of so many rows takes, 0 where it would be memory-mapped."""
    size = rows * (4 if coded else 24 if type == "string" else 1 if type == "bool" else 8)
    return 0.0 if size > MAPPED_ABOVE else size
