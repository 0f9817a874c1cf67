"""Streams of text that are compressed on their way, for formats that have no compression of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from datagen_engine.lazy import pa
from datagen_engine.write.format import Compression

__all__ = ["COMPRESSIONS", "SUFFIXES", "compressed"]

COMPRESSIONS: tuple[Compression, ...] = ("none", "gzip", "zstd")
SUFFIXES = {"none": "", "gzip": ".gz", "zstd": ".zst"}


@contextmanager
def compressed(sink: Any, compression: Compression) -> Iterator[Any]:
    """Give a stream whose bytes go into `sink`, compressed."""
    if compression == "none":
        yield sink
        return
    with pa.CompressedOutputStream(pa.PythonFile(sink, mode="w"), compression) as stream:
        yield stream
