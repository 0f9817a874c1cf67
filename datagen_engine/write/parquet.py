"""Parquet as we write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Literal

from datagen_engine.lazy import pa, pq

__all__ = ["COMPRESSIONS", "ROW_GROUP", "Compression", "parquet_writer"]

Compression = Literal["zstd", "lz4", "snappy", "none"]
COMPRESSIONS: tuple[Compression, ...] = ("zstd", "lz4", "snappy", "none")

ROW_GROUP = 131_072
"""Rows of a row group: what the designer pages through; 158 ms a page at a million, 8 to 12 ms at this."""


@contextmanager
def parquet_writer(
    sink: Any, schema: pa.Schema, metadata: Mapping[str, str], compression: Compression
) -> Iterator[pq.ParquetWriter]:
    """Give a writer of record batches into `sink`; each batch becomes one row group.

    Only columns that the schema says hold few values are written by dictionary: elsewhere it costs three
    times as much and saves nothing. Whole numbers and days are written as differences packed to the bits they
    need, which takes two thirds of the time and of the space; times on a fine grid gain nothing from it.
    """
    few = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    packed = [
        field.name for field in schema if pa.types.is_int64(field.type) or pa.types.is_date32(field.type)
    ]
    writer = pq.ParquetWriter(
        sink,
        schema.with_metadata({f"datagen.{key}": value for key, value in metadata.items()}),
        compression=compression,
        compression_level=1 if compression == "zstd" else None,
        use_dictionary=few or False,
        column_encoding=dict.fromkeys(packed, "DELTA_BINARY_PACKED") or None,
        write_statistics=True,
        version="2.6",
    )
    try:
        yield writer
    except BaseException:
        with suppress(Exception):  # the file is given up; the first error says why
            writer.close()
        raise
    writer.close()
