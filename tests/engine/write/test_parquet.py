from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datagen_engine.write.atomic import HashedFile
from datagen_engine.write.format import COMPRESSIONS, ROW_GROUP, Compression
from datagen_engine.write.parquet import Parquet

SCHEMA = pa.schema(
    [
        pa.field("n", pa.int64(), nullable=False),
        pa.field("x", pa.float64()),
        pa.field("on", pa.date32()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("flag", pa.bool_()),
        pa.field("word", pa.dictionary(pa.int32(), pa.string())),
        pa.field("text", pa.string()),
    ]
)


def batch(rows: int, shift: int = 0) -> pa.RecordBatch:
    n = np.arange(rows) + shift
    words = pa.DictionaryArray.from_arrays(pa.array((n % 3).astype(np.int32)), pa.array(["a", "b", "c"]))
    arrays = [
        pa.array(n),
        pa.array(n / 7, mask=n % 5 == 0),
        pa.array((n % 20_000).astype(np.int32), pa.date32()),
        pa.array(n * 1_000_003, pa.timestamp("us", tz="UTC")),
        pa.array(n % 2 == 0),
        words,
        pa.array([f"text {i}" if i % 4 else None for i in n]),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def write(path: Path, *batches: pa.RecordBatch, compression: Compression = "zstd") -> pq.FileMetaData:
    with path.open("wb") as sink, Parquet(compression).writer(sink, SCHEMA, {"table": "t"}) as writer:
        for one in batches:
            writer.write_batch(one)
    return pq.read_metadata(path)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_what_is_written_is_read_again(tmp_path: Path, compression: Compression) -> None:
    batches = [batch(1000), batch(77, 1000)]
    metadata = write(tmp_path / "t.parquet", *batches, compression=compression)
    found = pq.read_table(tmp_path / "t.parquet")
    assert found.schema.equals(SCHEMA)
    assert found.equals(pa.Table.from_batches(batches))
    names = {"zstd": "ZSTD", "lz4": "LZ4", "snappy": "SNAPPY", "gzip": "GZIP", "none": "UNCOMPRESSED"}
    columns = [metadata.row_group(0).column(i) for i in range(len(SCHEMA))]
    assert {column.compression for column in columns} == {names[compression]}


def test_each_batch_is_a_row_group(tmp_path: Path) -> None:
    metadata = write(tmp_path / "t.parquet", batch(ROW_GROUP), batch(5))
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [ROW_GROUP, 5]


def test_only_columns_of_few_values_have_a_dictionary(tmp_path: Path) -> None:
    group = write(tmp_path / "t.parquet", batch(5000)).row_group(0)
    having = {
        group.column(i).path_in_schema
        for i in range(group.num_columns)
        if group.column(i).has_dictionary_page or "DICTIONARY" in str(group.column(i).encodings)
    }
    assert having == {"word"}
    assert all(group.column(i).is_stats_set for i in range(group.num_columns))


def test_the_metadata_stands_in_the_file(tmp_path: Path) -> None:
    metadata = write(tmp_path / "t.parquet", batch(5)).metadata
    assert metadata[b"datagen.table"] == b"t"


def test_an_empty_table_has_its_schema(tmp_path: Path) -> None:
    metadata = write(tmp_path / "t.parquet")
    assert (metadata.num_rows, metadata.num_row_groups) == (0, 0)
    assert pq.read_schema(tmp_path / "t.parquet").equals(SCHEMA)


class Full(HashedFile):
    """A file on a disk with room for a few bytes."""

    room = 20_000

    def write(self, data: Any) -> int:
        if self.size + len(memoryview(data).cast("B")) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 3, 20_000, 100_000])
def test_a_full_disk_is_told_as_such(tmp_path: Path, room: int) -> None:
    """At the first bytes, in a row group, or in the footer; and the writer says nothing more afterwards."""
    sink = Full(tmp_path / "t.parquet")
    sink.room = room
    with (
        pytest.raises(OSError, match="No space left") as told,
        Parquet("none").writer(sink, SCHEMA, {}) as writer,
    ):
        while True:
            writer.write_batch(batch(1000))
    assert told.value.errno == errno.ENOSPC
    sink.close()


def test_a_footer_that_finds_no_room_is_told_as_such(tmp_path: Path) -> None:
    sink = Full(tmp_path / "t.parquet")
    with pytest.raises(OSError, match="No space left"), Parquet("none").writer(sink, SCHEMA, {}) as writer:
        writer.write_batch(batch(10))
        sink.room = sink.size
    sink.close()


def test_the_first_error_is_the_one_that_is_told(tmp_path: Path) -> None:
    sink = Full(tmp_path / "t.parquet")
    with pytest.raises(ValueError, match="mine"), Parquet("none").writer(sink, SCHEMA, {}) as writer:
        writer.write_batch(batch(10))
        sink.room = 0  # the footer would find no room either
        raise ValueError("mine")
    sink.close()
