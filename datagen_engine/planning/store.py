"""What a plan keeps: things made once, and whole columns that others look up at random."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from datagen_engine.draw.values import Values
from datagen_engine.errors import RunError
from datagen_engine.lazy import np, pa, pc

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

    def collect(self, parts: Iterator[Values], rows: int) -> Values:
        """Put values of one column one after the other.

        Where they are large they go into a file as they come, so that only one part is in memory at a time;
        text that is not coded is the exception.

        Parameters
        ----------
        parts
            At least one; made as they are asked for.
        rows
            How many values there are in all.
        """
        first = next(parts)
        plain = first.type == "string" and first.words is None
        if plain or rows * first.data.itemsize <= MAPPED_ABOVE:
            return self.keep(Values.join([first, *parts]))
        words, whole = first.words, True
        with self._spilling(), self._file().open("wb") as data, self._file().open("wb") as masks:
            for part in chain((first,), parts):
                codes = part.data
                if words is not None and part.words is not words:
                    words, codes = _recoded(words, part)
                _append(data, codes)
                _append(masks, part.mask())
                whole = whole and part.valid is None
        valid = None if whole else _mapped(Path(masks.name), np.dtype(bool))
        if whole:
            Path(masks.name).unlink()
        return Values(first.type, _mapped(Path(data.name), first.data.dtype), valid, words)

    def keep(self, values: Values) -> Values:
        """Return the same values, in a memory-mapped file where they are large."""
        if values.type == "string" and values.words is None:
            return self._map_text(values) if values.data.nbytes > MAPPED_ABOVE else values
        if values.data.nbytes <= MAPPED_ABOVE:
            return values
        return Values(values.type, self._map(values.data), values.valid, values.words)

    def take_over(self, earlier: Store, holds: Callable[[Hashable], object]) -> None:
        """Keep what another store has made, as far as `holds` says of its key; the other loses all of it.

        The files of what is not kept are removed; where the system lets go of them, whoever still reads one may go on.
        """
        self._folder, earlier._folder = earlier._folder, self._folder
        for key, made in earlier._made.items():
            if holds(key):
                self._made[key] = made
            elif isinstance(made, Values) and isinstance(made.data, np.memmap):
                with suppress(OSError):
                    Path(str(made.data.filename)).unlink()
        earlier._made = {}

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
        os.close(handle)
        return Path(name)

    @contextmanager
    def _spilling(self) -> Iterator[None]:
        """Say in words where the disk of the temporary files refuses."""
        try:
            yield
        except OSError as error:
            raise RunError(
                f"columns that others read at random are kept in {tempfile.gettempdir()}, which fails: "
                f"{error.strerror or error}; set TMPDIR to a folder with more space"
            ) from None

    def _map(self, data: Array) -> Array:
        with self._spilling(), self._file().open("wb") as file:
            _append(file, data)
        return _mapped(Path(file.name), data.dtype)

    def _map_text(self, values: Values) -> Values:
        batch = pa.record_batch([values.data], names=["text"])
        with self._spilling():
            path = str(self._file())
            with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
                writer.write_batch(batch)
        with pa.memory_map(path) as source:
            mapped = pa.ipc.open_file(source).get_batch(0).column(0)
        return Values("string", mapped, values.valid)


def _append(file: IO[bytes], data: Array) -> None:
    # Not `tofile`, whose error does not say that the disk is full; nor a map that is written to, which kills.
    file.write(np.ascontiguousarray(data).view(np.uint8).data)


def _mapped(path: Path, type: np.dtype[Any]) -> Array:
    return np.memmap(path, dtype=type, mode="r")


def _recoded(words: pa.Array, part: Values) -> tuple[pa.Array, Array]:
    """Return words to which those of a part are added at the end, and the codes of the part among them."""
    coded = part.encode()
    assert coded.words is not None
    fresh = coded.words.filter(pc.invert(pc.is_in(coded.words, value_set=words))).unique()
    words = pa.concat_arrays([words, fresh]) if len(fresh) else words
    places = np.asarray(pc.index_in(coded.words, value_set=words), dtype=np.int32)
    return words, places[coded.data] if len(places) else coded.data


def resident_bytes(type: str, rows: float, *, coded: bool) -> float:
    """Return the memory that a kept column of so many rows takes, 0 where it would be memory-mapped."""
    size = rows * (4 if coded else 24 if type == "string" else 1 if type == "bool" else 8)
    return 0.0 if size > MAPPED_ABOVE else size
