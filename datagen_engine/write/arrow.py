"""Arrow's own format of files (also known as Feather 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from datagen_engine.lazy import pa
from datagen_engine.write.format import BatchWriter, Compression, FileFormat
from datagen_engine.write.plain import PlainWriter, plain_schema

__all__ = ["Arrow"]


class Arrow(FileFormat):
    """Arrow IPC files; coded text is written out, since such a file holds one dictionary a column only."""

    key: ClassVar[str] = "arrow"
    compressions: ClassVar[tuple[Compression, ...]] = ("zstd", "lz4", "none")
    suffix = "arrow"

    @contextmanager
    def writer(self, sink: Any, schema: pa.Schema, metadata: Mapping[str, str]) -> Iterator[BatchWriter]:
        """Give a writer of batches."""
        plain = plain_schema(schema).with_metadata(
            {f"datagen.{key}": value for key, value in metadata.items()}
        )
        options = pa.ipc.IpcWriteOptions(
            compression=None if self.compression == "none" else self.compression, use_threads=False
        )
        with pa.ipc.new_file(sink, plain, options=options) as writer:
            yield PlainWriter(writer, plain)
