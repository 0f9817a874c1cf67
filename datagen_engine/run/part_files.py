"""The files of a part: one, or one for each value of the column that its table is partitioned by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from datagen_engine.errors import RunError
from datagen_engine.lazy import np, pa, pc
from datagen_engine.run.parts import Part
from datagen_engine.write.format import ROW_GROUP, BatchWriter, FileFormat
from datagen_engine.write.manifest import FileEntry
from datagen_engine.write.place import Place

if TYPE_CHECKING:
    from datagen_engine.write.atomic import HashedFile

__all__ = ["NULL_VALUE", "PartFiles", "part_files"]

NULL_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, Spark, pandas and pyarrow call the folder of null."""

_MOST_VALUES = 1_000
_WAITING = 8 * ROW_GROUP
"""Rows that wait for a row group of their value to be full; then the largest one is written as it is."""


class PartFiles(Protocol):
    """Take the batches of a part; know the files once the part is done."""

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """Return the files, when the part is done."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch."""


@contextmanager
def part_files(
    place: Place,
    run: str,
    part: Part,
    format: FileFormat,
    schema: pa.Schema,
    metadata: Mapping[str, str],
    column: str | None = None,
) -> Iterator[PartFiles]:
    """Give the files of a part: there when the block ends well, gone when it does not.

    Parameters
    ----------
    place, run
        Where to, and a word that tells one run's unfinished files from another's.
    part, format, schema, metadata
        What is written, and how.
    column
        The column that the table is partitioned by, if it is.
    """
    with ExitStack() as stack:
        files: _OneFile | _ValueFiles
        if column is None:
            files = _OneFile(place, run, f"{part.name}.{format.suffix}", format, schema, metadata)
        else:
            files = _ValueFiles(place, run, part, format, schema, metadata, column)
        stack.enter_context(files)
        yield files


class _OneFile:
    def __init__(
        self,
        place: Place,
        run: str,
        path: str,
        format: FileFormat,
        schema: pa.Schema,
        metadata: Mapping[str, str],
    ) -> None:
        self.place, self.run, self.path = place, run, path
        self.format, self.schema, self.metadata = format, schema, metadata
        self.rows = 0

    def __enter__(self) -> _OneFile:
        with ExitStack() as stack:
            self.sink: HashedFile = stack.enter_context(self.place.replacing(self.path, self.run))
            self.into: BatchWriter = stack.enter_context(
                self.format.writer(self.sink, self.schema, self.metadata)
            )
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]  # the three that every __exit__ gets

    @property
    def files(self) -> tuple[FileEntry, ...]:
        return (FileEntry(self.path, self.rows, self.sink.size, self.sink.digest),)

    def write(self, batch: pa.RecordBatch) -> None:
        self.into.write_batch(batch)
        self.rows += batch.num_rows


class _ValueFiles:
    """Write the rows of each value of a column into a folder of its own: `table/column=value/part-00000.parquet`."""

    def __init__(
        self,
        place: Place,
        run: str,
        part: Part,
        format: FileFormat,
        schema: pa.Schema,
        metadata: Mapping[str, str],
        column: str,
    ) -> None:
        self.place, self.run, self.part, self.format = place, run, part, format
        self.column, self.metadata = column, metadata
        self.schema = schema.remove(schema.get_field_index(column))
        self._open: dict[str, _OneFile] = {}
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self._rows: dict[str, int] = {}
        self._stack = ExitStack()

    def __enter__(self) -> _ValueFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            try:
                for value in list(self._waiting):
                    self._flush(value)
            except BaseException as raised:
                self._stack.__exit__(type(raised), raised, raised.__traceback__)
                raise
        self._stack.__exit__(kind, error, trace)  # type: ignore[arg-type]  # the three that every __exit__ gets

    @property
    def files(self) -> tuple[FileEntry, ...]:
        return tuple(entry for value in sorted(self._open) for entry in self._open[value].files)

    def write(self, batch: pa.RecordBatch) -> None:
        for value, rows in self._split(batch):
            self._waiting.setdefault(value, []).append(rows)
            self._rows[value] = self._rows.get(value, 0) + rows.num_rows
            if self._rows[value] >= ROW_GROUP:
                self._flush(value)
        while sum(self._rows.values()) > _WAITING:
            self._flush(max(self._rows, key=lambda value: self._rows[value]))

    def _split(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
        values = batch.column(self.column)
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        codes = np.asarray(pc.fill_null(values.indices, -1))
        names = (
            [_folder_name(word) for word in values.dictionary.to_pylist()] if len(values.dictionary) else []
        )
        rest = batch.drop_columns([self.column])
        order = np.argsort(codes, kind="stable")
        present, starts = np.unique(codes[order], return_index=True)
        sorted_rows = rest.take(pa.array(order))
        for code, start, stop in zip(
            present.tolist(), starts.tolist(), [*starts.tolist()[1:], len(order)], strict=True
        ):
            yield (NULL_VALUE if code < 0 else names[code]), sorted_rows.slice(start, stop - start)

    def _flush(self, value: str) -> None:
        rows = self._waiting.pop(value)
        del self._rows[value]
        if value not in self._open:
            if len(self._open) == _MOST_VALUES:
                raise RunError(
                    f"{self.part.table}.{self.column} has more than {_MOST_VALUES:,} values, and each would be a "
                    "folder; partition by a column with fewer"
                )
            folder = f"{self.part.table}/{quote(self.column, safe='')}={value}"
            path = f"{folder}/part-{self.part.number:05d}.{self.format.suffix}"
            file = _OneFile(self.place, self.run, path, self.format, self.schema, self.metadata)
            self._open[value] = self._stack.enter_context(file)
        for batch in _joined(rows):
            self._open[value].write(batch)


def _joined(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return table.to_batches(max_chunksize=ROW_GROUP)


def _folder_name(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return quote(str(value), safe="") or NULL_VALUE
