"""Rows by their number: any stretch of a table, however long it is, from its files or from a temporary one."""

from __future__ import annotations

import mmap
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from datagen_engine import UsageError
from datagen_engine.lazy import np, pa, pq

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["ArrowRows", "ParquetRows", "Rows", "spooled"]

_KEPT = 128 * 1024 * 1024
"""Bytes of row groups that are kept at hand."""

_ROOM = 64 * 1024 * 1024
"""Bytes of the disk that a temporary file leaves free."""


class Rows(Protocol):
    """Rows that are had by their number."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def schema(self) -> pyarrow.Schema:
        """Their columns."""

    def slice(self, start: int, count: int) -> pyarrow.Table:
        """Return a stretch of them."""

    def take(self, numbers: numpy.ndarray[Any, Any]) -> pyarrow.Table:
        """Return those with these numbers, in that order."""


class ParquetRows:
    """The rows of Parquet files, one after the other; a few row groups are kept at hand."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Open the files; raises UsageError where one cannot be read."""
        self._files = []
        self._groups: list[tuple[int, int]] = []
        starts = [0]
        for number, path in enumerate(files):
            try:
                file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
            except (OSError, pa.ArrowException) as error:
                raise UsageError(f"{path.name} cannot be read: {_said(error)}") from None
            self._files.append(file)
            for group in range(file.metadata.num_row_groups):
                self._groups.append((number, group))
                starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
        self._starts = np.array(starts, dtype=np.int64)
        self._kept: OrderedDict[int, pyarrow.Table] = OrderedDict()
        self.names = [path.name for path in files]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self._starts[-1])

    @property
    def schema(self) -> pyarrow.Schema:
        """Their columns, as the first file has them."""
        return self._files[0].schema_arrow if self._files else pa.schema([])

    def file_starts(self) -> list[int]:
        """Return the number of the first row of each file."""
        starts, at = [], 0
        for file in self._files:
            starts.append(at)
            at += file.metadata.num_rows
        return starts

    def slice(self, start: int, count: int) -> pyarrow.Table:
        """Return a stretch of them."""
        start, end = max(0, start), min(self.count, start + count)
        if start >= end:
            return self.schema.empty_table()
        first = int(np.searchsorted(self._starts, start, side="right")) - 1
        pieces, at = [], start
        while at < end:
            low, high = int(self._starts[first]), int(self._starts[first + 1])
            if high > at:
                pieces.append(self._group(first).slice(at - low, min(end, high) - at))
                at = min(end, high)
            first += 1
        return pa.concat_tables(pieces)

    def take(self, numbers: numpy.ndarray[Any, Any]) -> pyarrow.Table:
        """Return those with these numbers, in that order."""
        if not len(numbers):
            return self.schema.empty_table()
        order = np.argsort(numbers, kind="stable")
        sorted_ = numbers[order]
        groups = np.searchsorted(self._starts, sorted_, side="right") - 1
        pieces = []
        for group in np.unique(groups):
            wanted = sorted_[groups == group] - self._starts[group]
            pieces.append(self._group(int(group)).take(pa.array(wanted)))
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return pa.concat_tables(pieces).take(pa.array(back))

    def _group(self, number: int) -> pyarrow.Table:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        file, group = self._groups[number]
        try:
            # One thread: a page is small, and a pool of threads keeps memory of its own.
            table = self._files[file].read_row_group(group, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"{self.names[file]} is damaged: {_said(error)}") from None
        self._kept[number] = table
        while len(self._kept) > 1 and sum(kept.nbytes for kept in self._kept.values()) > _KEPT:
            self._kept.popitem(last=False)
        return table


class ArrowRows:
    """The rows of an Arrow table: in memory, or a file that is mapped into it."""

    def __init__(self, table: pyarrow.Table) -> None:
        """Serve a table."""
        self.table = table

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    @property
    def schema(self) -> pyarrow.Schema:
        """Their columns."""
        return self.table.schema

    def slice(self, start: int, count: int) -> pyarrow.Table:
        """Return a stretch of them."""
        return self.table.slice(max(0, start), count)

    def take(self, numbers: numpy.ndarray[Any, Any]) -> pyarrow.Table:
        """Return those with these numbers, in that order."""
        return self.table.take(pa.array(numbers))


def spooled(
    schema: pyarrow.Schema,
    batches: Iterable[pyarrow.RecordBatch],
    folder: Path,
    expected: int,
    went: Callable[[int], None] | None = None,
) -> ArrowRows:
    """Write batches into a temporary file that has no name, and map it.

    Nothing is left of it once it is let go of, however the process ends.

    Parameters
    ----------
    schema, batches
        What to write.
    folder
        Whose disk it is written to.
    expected
        Bytes that it will need, about.
    went
        Called with the rows that are written, after every batch; may raise, to stop.

    Raises
    ------
    UsageError
        There is no room for it.
    """
    free = shutil.disk_usage(folder).free
    if expected + _ROOM > free:
        raise UsageError(
            f"this needs about {expected / 1e6:,.0f} MB of temporary space, and {folder} has {free / 1e6:,.0f} MB; "
            "free some, or filter first"
        )
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            rows = 0
            with pa.ipc.new_file(file, schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
                    rows += batch.num_rows
                    if went is not None:
                        went(rows)
            file.flush()
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # keeps the file for itself
    except OSError as error:
        raise UsageError(f"the temporary file could not be written: {error.strerror or error}") from None
    return ArrowRows(pa.ipc.open_file(pa.py_buffer(mapped)).read_all())


def _said(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
