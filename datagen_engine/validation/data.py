"""The data to be judged: a folder with a Parquet file, a folder of them, or a CSV file for each table.

The folder may come from anyone. Nothing outside of it is ever opened, only regular files are, and what
cannot be read is a fault of that one table, told in words.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from datagen_engine.errors import UsageError
from datagen_engine.lazy import pa, pq
from datagen_engine.validation.arrow_values import accepts
from datagen_engine.validation.csv_files import BadTexts, staged
from datagen_engine.validation.faults import CannotJudge, DataFault, NotYet
from datagen_engine.write.manifest import MANIFEST, Manifest

if TYPE_CHECKING:
    from datagen_engine.schema.document import Node, Schema

__all__ = ["BATCH", "DataFile", "DataFolder", "Span", "TableData", "paths_of", "read_manifest"]

BATCH = 131_072
"""Rows that are looked at together: the row group of our own files."""

_MOST_MANIFEST = 64 << 20
_MOST_CHUNK = 8 << 30
"""Bytes that one column of a row group may unpack to; a file that says more is not opened further."""

_CSV = (".csv", ".csv.gz", ".csv.zst")

_SIDE_FILES = ("_", ".")
"""How the names of files begin that engines put beside the parts of a table: _SUCCESS, .part-0.crc …"""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a table, with the rows of each of its row groups."""

    path: Path
    groups: tuple[int, ...]
    schema: pa.Schema
    metadata: pq.FileMetaData
    coded: frozenset[str]
    """The columns that are stored by dictionary."""

    @property
    def rows(self) -> int:
        """Return the rows of the file."""
        return sum(self.groups)


@dataclass(frozen=True, slots=True)
class Span:
    """Name rows of one row group: `begin` to `end` within it, the first being row `start` of the table."""

    file: DataFile
    group: int
    begin: int
    end: int
    start: int


@dataclass(eq=False)
class TableData:
    """What the folder holds for one table.

    `missing` says why there is nothing, `unreadable` why what there is cannot be read. `names` are the columns
    that there are, whether the schema knows them or not, `bad_texts` the values of a CSV file that are none of
    their column's type.
    """

    node: Node
    source: str = ""
    missing: str | None = None
    unreadable: str | None = None
    files: tuple[DataFile, ...] = ()
    names: list[str] = field(default_factory=list)
    bad_texts: dict[str, BadTexts] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    """By column, what the files hold, in words."""
    coming: int | None = None
    """The rows of a table that a run is still writing; None once it is there."""
    begun: bool = True
    """Whether the run has come to it."""

    @property
    def id(self) -> str:
        """Return the id of the table."""
        return self.node.id

    @cached_property
    def rows(self) -> int:
        """Return the rows of all files."""
        return sum(file.rows for file in self.files) if self.coming is None else self.coming

    @property
    def there(self) -> bool:
        """Say whether there is something to look at."""
        return self.missing is None and self.unreadable is None

    @cached_property
    def others(self) -> list[str]:
        """Return the columns of the files that the schema does not know."""
        return [name for name in self.names if name not in self.node.by_name]

    def lacks(self, column: str) -> bool:
        """Say whether a column is missing in any file."""
        return any(column not in file.schema.names for file in self.files)

    def mistyped(self, column: str) -> bool:
        """Say whether a column that is there has values of another type."""
        if column in self.bad_texts:
            return True
        type = self.node.by_name[column].type
        return any(
            not accepts(type, file.schema.field(column).type)
            for file in self.files
            if column in file.schema.names
        )

    def why_not(self, column: str = "") -> CannotJudge | None:
        """Return why a column (or the table) cannot be looked at, None where it can; raises NotYet."""
        if not self.begun:
            raise NotYet
        if self.missing is not None:
            return CannotJudge(f"the table {self.id} is missing", f"present:{self.id}")
        if self.unreadable is not None:
            return CannotJudge(f"the table {self.id} cannot be read", f"readable:{self.id}")
        if column and (column not in self.node.by_name or self.lacks(column)):
            return CannotJudge(f"the column {self.id}.{column} is missing", f"present:{self.id}.{column}")
        if column and self.mistyped(column):
            return CannotJudge(f"the column {self.id}.{column} has another type", f"type:{self.id}.{column}")
        return None

    def spans(self, begin: int = 0, end: int | None = None) -> Iterator[Span]:
        """Yield the row groups that hold the rows from `begin` up to, not including, `end`; raises NotYet."""
        if self.coming is not None:
            raise NotYet
        stop = self.rows if end is None else end
        start = 0
        for file in self.files:
            for group, rows in enumerate(file.groups):
                low, high = max(begin - start, 0), min(stop - start, rows)
                if low < high:
                    yield Span(file, group, low, high, start + low)
                start += rows

    def read(self, span: Span, columns: Sequence[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield the number of the first row, and the rows, of each batch of a span; raises DataFault.

        No more of a row group is in memory than a batch and what the file unpacks at once.
        """
        if not columns:
            for begin in range(span.begin, span.end, BATCH):
                rows = min(BATCH, span.end - begin)
                yield (
                    span.start + begin - span.begin,
                    pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([]))),
                )
            return
        place = 0
        try:
            with pq.ParquetFile(
                span.file.path,
                metadata=span.file.metadata,
                read_dictionary=[name for name in columns if name in span.file.coded],
                page_checksum_verification=True,
            ) as file:
                for batch in file.iter_batches(
                    BATCH, row_groups=[span.group], columns=list(columns), use_threads=False
                ):
                    low, high = max(span.begin - place, 0), min(span.end - place, batch.num_rows)
                    if low < high:
                        yield span.start + place + low - span.begin, batch.slice(low, high - low)
                    place += batch.num_rows
                    if place >= span.end:
                        break
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise DataFault(
                f"{span.file.path.name}: row group {span.group + 1} cannot be read: {_said(error)}"
            ) from None
        if place < span.end:
            raise DataFault(
                f"{span.file.path.name}: row group {span.group + 1} ends after {place:,} rows; its footer says "
                f"{span.file.groups[span.group]:,}"
            )


class DataFolder:
    """Hold the data of a schema's tables in a folder, and a private folder for what is worked out from it.

    Parameters
    ----------
    path
        The folder. Its files are only read.
    schema
        Says which tables and columns to look for.
    cancelled
        Asked while CSV files are read whether to stop.
    coming
        By table that a run is about to write here, its rows; `begin` and `arrived` tell how far it is.

    Raises
    ------
    UsageError
        There is no such folder.
    """

    def __init__(
        self,
        path: Path,
        schema: Schema,
        cancelled: Callable[[], bool] | None = None,
        coming: Mapping[str, int] | None = None,
    ) -> None:
        """Look at what is there; only CSV files are read whole."""
        if not path.is_dir():
            what = "is a file; the data of a schema is a folder" if path.exists() else "does not exist"
            raise UsageError(f"{path} {what}")
        self.path = path
        self._cancelled = cancelled or (lambda: False)
        self._private: Path | None = None
        self._rows_before: dict[str, int] = {}
        try:
            self.tables = {
                node.id: TableData(node, coming=coming[node.id], begun=False)
                if coming is not None and node.id in coming
                else self._open(node)
                for node in schema.nodes
            }
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Hold the folder."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        self.close()

    @property
    def private(self) -> Path:
        """Return a folder of our own, gone when this is closed."""
        if self._private is None:
            self._private = Path(tempfile.mkdtemp(prefix="datagen-"))
        return self._private

    def close(self) -> None:
        """Remove what was worked out."""
        if self._private is not None:
            shutil.rmtree(self._private, ignore_errors=True)
            self._private = None

    # -- a run that is going on ---------------------------------------------------------------------------

    def begin(self, table: str) -> None:
        """Hear that the rows of a table are coming now."""
        self.tables[table].begun = True

    def arrived(self, table: str) -> None:
        """Hear that all files of a table are there."""
        self.tables[table] = self._open(self.tables[table].node)

    # -- looking ------------------------------------------------------------------------------------------

    def _open(self, node: Node) -> TableData:
        table = TableData(node)
        try:
            paths = paths_of(self.path, node.id)
            if not paths:
                table.missing = (
                    f"there is no {node.id}.parquet, no folder {node.id} of Parquet files, no {node.id}.csv"
                )
                return table
            table.source = (
                str(paths[0].relative_to(self.path)) if len(paths) == 1 else f"{paths[0].parent.name}/"
            )
            if paths[0].name.endswith(_CSV):
                paths = [self._staged(path, table) for path in paths]
            table.files = tuple(_opened(path) for path in paths)
            table.names = table.names or list(
                dict.fromkeys(n for file in table.files for n in file.schema.names)
            )
        except DataFault as fault:
            table.unreadable = str(fault)
        table.types = {name: _type_in_words(table, name) for name in node.by_name if not table.lacks(name)}
        return table

    def _staged(self, path: Path, table: TableData) -> Path:
        """Read a CSV file into a Parquet file of our own."""
        place = self.private / f"{len(list(self.private.iterdir()))}.parquet"
        names, bad = staged(path, table.node, place, self._cancelled)
        before = self._rows_before.get(table.id, 0)
        table.names += [name for name in names if name not in table.names]
        for column, texts in bad.items():
            found = table.bad_texts.setdefault(column, BadTexts())
            found.count += texts.count
            found.first += [(before + row, text) for row, text in texts.first[: 5 - len(found.first)]]
        self._rows_before[table.id] = before + pq.read_metadata(place).num_rows
        return place


def read_manifest(folder: Path) -> Manifest | None:
    """Return what the run in a folder says of itself; None where there is nothing that makes sense."""
    path = folder / MANIFEST
    try:
        if _regular(path, folder.resolve()).stat().st_size > _MOST_MANIFEST:
            return None
        found = Manifest.read(folder)
    except (DataFault, UsageError, OSError, ValueError, RecursionError):
        return None
    return found if _makes_sense(found) else None


def _makes_sense(found: Any) -> bool:
    """Say whether the facts of a manifest that are used are of their types: anybody may have written it."""
    if not all(isinstance(facts, dict) for facts in (found.rows, found.machine, found.versions)):
        return False
    counts = [*found.rows.values(), *(entry.rows for entry in found.tables.values())]
    if not (isinstance(found.format, str) and isinstance(found.options, dict)):
        return False
    whole = all(isinstance(count, int) for count in (found.seed, found.stream_version, *counts))
    return whole and isinstance(found.scale, int | float)


def paths_of(folder: Path, table: str) -> list[Path]:
    """Return the files of a table: one, its parts in their order, or none.

    Raises
    ------
    DataFault
        They cannot be told, lead out of the folder, or are no regular files.
    """
    root = folder.resolve()
    found = [
        folder / name
        for name in (f"{table}.parquet", table, *(f"{table}{ending}" for ending in _CSV))
        if (folder / name).is_symlink() or (folder / name).exists()
    ]
    if len(found) > 1:  # none of them is the right one
        raise DataFault(f"{' and '.join(path.name for path in found)} both hold the table; keep one of them")
    if not found:
        return []
    (path,) = found
    if not _inside(path, root).is_dir():
        return (
            [] if path.name == table else [_regular(path, root)]
        )  # a file without an ending is nobody's table
    if path.name not in (table, f"{table}.parquet"):
        raise DataFault(f"{path.name} is a folder; a table as CSV is one file")
    parts = sorted(part for part in path.iterdir() if not part.name.startswith(_SIDE_FILES))
    for endings in ((".parquet",), _CSV):
        found = [part for part in parts if part.name.endswith(endings)]
        if found:
            return [_regular(part, root) for part in found]
    raise DataFault(f"the folder {path.name} holds no Parquet file, and no CSV file")


def _inside(path: Path, root: Path) -> Path:
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # a link to nowhere, or to itself
        raise DataFault(
            f"{path.name} cannot be opened: {getattr(error, 'strerror', None) or error}"
        ) from None
    if not place.is_relative_to(root):
        raise DataFault(f"{path.name} is a link that leads out of the folder")
    return place


def _regular(path: Path, root: Path) -> Path:
    if not stat.S_ISREG(_inside(path, root).stat().st_mode):
        raise DataFault(f"{path.name} is no regular file")
    return path


def _opened(path: Path) -> DataFile:
    """Read the footer of a Parquet file; raises DataFault."""
    try:
        with pq.ParquetFile(
            path, thrift_string_size_limit=64 << 20, thrift_container_size_limit=1 << 20
        ) as file:
            schema, metadata = file.schema_arrow, file.metadata
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise DataFault(f"{path.name} is no whole Parquet file: {_said(error)}") from None
    twice = {name for name in schema.names if schema.names.count(name) > 1}
    if twice:
        raise DataFault(f"{path.name} has more than one column {min(twice)!r}")
    groups = []
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        groups.append(group.num_rows)
        if group.num_rows < 0 or any(
            not 0 <= group.column(place).total_uncompressed_size <= _MOST_CHUNK
            for place in range(group.num_columns)
        ):
            raise DataFault(
                f"{path.name}: row group {number + 1} says that it is larger than can be read safely"
            )
    coded = frozenset[str]()
    if groups:
        chunks = [metadata.row_group(0).column(place) for place in range(metadata.num_columns)]
        coded = frozenset(chunk.path_in_schema for chunk in chunks if chunk.has_dictionary_page)
    return DataFile(path, tuple(groups), schema, metadata, coded)


def _type_in_words(table: TableData, column: str) -> str:
    if column in table.bad_texts:
        return "text"
    found = (file.schema.field(column).type for file in table.files)
    return ", ".join(
        dict.fromkeys(
            f"{one.value_type} by dictionary" if pa.types.is_dictionary(one) else str(one) for one in found
        )
    )


def _said(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0][:300].rstrip(".") if lines else type(error).__name__
