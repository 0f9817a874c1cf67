"""Parquet as we write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from datagen_engine.lazy import pa, pq
from datagen_engine.write.format import Compression, FileFormat

__all__ = ["Parquet"]


class Parquet(FileFormat):
    """Apache Parquet, one row group a batch.

    Only columns that the schema says hold few values are written by dictionary: elsewhere it costs three
    times as much and saves nothing. Whole numbers and days are written as differences packed to the bits they
    need, which takes two thirds of the time and of the space; times on a fine grid gain nothing from it.
    """

    key: ClassVar[str] = "parquet"
    compressions: ClassVar[tuple[Compression, ...]] = ("zstd", "lz4", "snappy", "gzip", "none")
    suffix = "parquet"

    @contextmanager
    def writer(self, sink: Any, schema: pa.Schema, metadata: Mapping[str, str]) -> Iterator[pq.ParquetWriter]:
        """Give a writer of record batches into `sink`."""
        few = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        packed = [
            field.name for field in schema if pa.types.is_int64(field.type) or pa.types.is_date32(field.type)
        ]
        writer = pq.ParquetWriter(
            sink,
            schema.with_metadata({f"datagen.{key}": value for key, value in metadata.items()}),
            compression=self.compression,
            compression_level=1 if self.compression == "zstd" else None,
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
