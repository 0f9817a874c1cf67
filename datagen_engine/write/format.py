"""What every format of files is to a run: a suffix, and a writer of batches into a stream of bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from datagen_engine.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COMPRESSIONS", "ROW_GROUP", "BatchWriter", "Compression", "FileFormat", "Format"]

Compression = Literal["zstd", "lz4", "snappy", "gzip", "none"]
COMPRESSIONS: tuple[Compression, ...] = ("zstd", "lz4", "snappy", "gzip", "none")

ROW_GROUP = 131_072
"""Rows of a batch, and of a row group: the designer pages through them, at 8 to 12 ms a page (158 ms at a million)."""


class BatchWriter(Protocol):
    """Take record batches, one after the other."""

    def write_batch(self, batch: pa.RecordBatch, /) -> Any:
        """Write a batch."""


class Format(ABC):
    """Know how tables are written. A format travels to other processes, and says in the manifest what it is."""

    key: ClassVar[str]
    """The word that users write: `--format parquet`."""

    compressions: ClassVar[tuple[Compression, ...]] = ("none",)
    """What the format can be compressed with; the first is the default."""

    def __init__(self, compression: Compression | None = None) -> None:
        """Take the compression, or the format's default; raises UsageError for one that it does not have."""
        if compression is not None and compression not in self.compressions:
            raise UsageError(
                f"{self.key} has no compression {compression!r}; choose one of {', '.join(self.compressions)}"
            )
        self.compression: Compression = compression or self.compressions[0]

    def options(self) -> dict[str, Any]:
        """Return what else decides the bytes, for the manifest."""
        return {}


class FileFormat(Format):
    """Write each part of a table as a file of its own."""

    @property
    @abstractmethod
    def suffix(self) -> str:
        """Return the end of a file's name, without the dot."""

    @abstractmethod
    def writer(
        self, sink: Any, schema: pa.Schema, metadata: Mapping[str, str]
    ) -> AbstractContextManager[BatchWriter]:
        """Give a writer of batches of `schema` into a stream; `metadata` is kept where the format has room for it."""
